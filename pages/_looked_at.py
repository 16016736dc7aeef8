"""Which picture a visitor looks at (their own, one behind a link, a sample), and what becomes of it."""

from dataclasses import replace
from time import monotonic
from typing import Any

from pages import _state
from pages._choices import Choices, clip
from pages._shared import Linked, Shared
from pages._store.format import Receipt
from pages._tray import Tray, Upload
from pages._visit import Visit
from quantize.decoding.samples import FIRST, OTHERS, SAMPLES

NOT_KEPT = (
    "The picture that was here is gone, as an upload stays only while its page is open: choose it again, "
    "or next time share it, which keeps it. Here is a sample, with your choices."
)


def shown_sample(record: Choices) -> str | None:
    """Return the key of the sample that is shown with these choices, None if it is another picture."""
    return None if upload() or linked() else record.sample


def upload() -> Upload | None:
    """Return the visitor's own picture, or None while a sample is shown."""
    _state.choices()  # whose last change may have put a sample in its place
    return _state.visit().upload


def tray() -> Tray:
    """Return the visitor's own pictures."""
    return _state.visit().tray


def shows_tray() -> bool:
    """Whether there is more to choose from than the picture that is shown."""
    known = tray().pictures
    return len(known) > 1 or (len(known) == 1 and upload() is not known[0])


def show_upload(picture: Upload) -> None:
    """Put an upload into the tray and make it the current picture."""
    record, visit = _state.choices(), _state.visit()
    shared().problem, shared().news = "", None
    _state.follow(**_turn_to(visit, record, visit.tray.add(picture)))


def choose_upload(key: str) -> None:
    """Callback: the picture of this key becomes the current one."""
    visit = _state.visit()

    def how(record: Choices) -> Choices:
        picture = visit.tray.find(key)
        if picture is None or picture is visit.upload:
            return record
        return replace(record, **_turn_to(visit, record, picture))

    _state.update(how)


def take_out(key: str) -> None:
    """Callback: the picture of this key goes; if it was shown, its neighbour is."""
    visit = _state.visit()

    def how(record: Choices) -> Choices:
        picture = visit.tray.find(key)
        if picture is None:
            return record
        neighbour = visit.tray.take_out(picture)
        if picture is not visit.upload:
            return record
        visit.upload = None
        if neighbour is None:
            return replace(record, sample=FIRST, share="", own=False)
        return replace(record, **_turn_to(visit, record, neighbour))

    _state.update(how)


def _turn_to(visit: Visit, record: Choices, picture: Upload) -> dict[str, Any]:
    """Show a picture as it was left, and note how the one before was; return what changes in the record."""
    before = visit.upload
    if before is picture:
        return {"sample": FIRST, "own": not record.share}
    if before is not None:
        visit.tray.leave(before, record.at, record.share)
    visit.upload, left = picture, visit.tray.back_to(picture)
    _state.remembered().picture = ""  # what the record says to be looked at is in this one
    share = left.share if receipt_of(left.share) else ""
    return {
        "sample": FIRST,
        "share": share,
        "own": not share,
        "at": left.at,
        "selected": None,
        "picked": None,
        "film_frame": 0,
    }


def note_picture(digest: str, size: tuple[int, int]) -> None:
    """Remember which picture is looked at: what was looked at in another one is forgotten."""
    known = _state.remembered()
    before, known.picture = known.picture or digest, digest
    if before != digest:
        _state.follow(at=None, selected=None, picked=None, point="", film_frame=0)
    elif _state.choices().at != clip(_state.choices().at, size):
        _state.follow(at=clip(_state.choices().at, size))


def is_current(key: tuple[str, str]) -> bool:
    """Whether this is the visitor's own picture, or the one behind their link, and it is shown."""
    own, link = upload(), linked()
    shown = ("picture", own.digest) if own else ("shared", link.id) if link else None
    return key == shown


def lose_picture(key: tuple[str, str], news: str) -> None:
    """Show a sample in place of this picture, and say so; takes effect in the next run."""
    _state.remembered().lost = key, news


def settle_picture() -> None:
    """Put the sample in place of a lost picture; before anything is drawn."""
    known = _state.remembered()
    record = _state.choices()
    missing = record.own and not record.share and not _state.visit().upload
    if missing and tray().pictures:  # a visitor who went back to it from a sample
        _state.follow(**_turn_to(_state.visit(), record, tray().last))
        missing = False
    if missing and not known.lost_news:
        known.lost_news = NOT_KEPT
        _state.follow(at=None, selected=None, picked=None, point="", film_frame=0)
    elif known.lost_news == NOT_KEPT and not missing:
        known.lost_news = None
    if known.lost and is_current(known.lost[0]):
        visit = _state.visit()
        if visit.upload:
            visit.tray.take_out(visit.upload)
        visit.upload = None
        _state.follow(sample=FIRST, share="", own=False)
        known.lost_news = known.lost[1]
    known.lost = None


def lost_news() -> str | None:
    """Return what is to be said of a picture that was lost, until its visitor takes another one."""
    if upload() or linked() or sample() != FIRST:
        _state.remembered().lost_news = None
    return _state.remembered().lost_news


def shared() -> Shared:
    """Return what this session knows of shared pictures."""
    return _state.remembered().shared


def share_id() -> str:
    """Id of the shared picture that the address names, "" if none; unproven, as anybody can write there."""
    return _state.choices().share


def linked() -> Linked | None:
    """Return the shared picture to show, if the address names one that is there."""
    return shared().behind(share_id())


def shows_name() -> bool:
    """Whether a picture's name shall be shared with it."""
    return bool(_state.said("share_name"))


def wish_to_share() -> None:
    """Callback: the picture that is looked at shall be shared."""
    shared().wish = _state.remembered().picture


def set_receipt(receipt: Receipt) -> None:
    """Remember that the current picture was shared; its id stands in the address from now on."""
    shared().receipt, shared().problem = receipt, ""
    shared().checked = monotonic()
    _state.change(share=receipt.id, own=False)


def receipt() -> Receipt | None:
    """Return what this visitor got for sharing the current picture, if they did."""
    return receipt_of(share_id())


def receipt_of(id: str) -> Receipt | None:
    """Return what this visitor got for sharing the picture of this id."""
    return shared().receipt_of(id)


def drop_share() -> None:
    """Forget the shared copy of an upload: it is gone."""
    _state.follow(share="", own=upload() is not None)


def forget_shared() -> None:
    """Callback after a shared picture was deleted: nothing names it any more."""
    _state.change(share="", own=_state.visit().upload is not None)
    forget_delete_key()


def forget_delete_key() -> None:
    """Callback: nothing shall be deleted."""
    shared().delete_key = ""


def sample() -> str:
    """Key of the sample to show while there is no upload."""
    return _state.choices().sample


def offered_samples() -> list[str]:
    """Keys of the samples to offer everywhere, and of another one that is shown, if any."""
    return [*SAMPLES, *([_state.choices().sample] if shown_sample(_state.choices()) in OTHERS else [])]
