"""What a session remembers, and the address: the only module that touches either.

All that a visitor chose is one record (``_choices.py``). Controls show it, and callbacks tell what was done
with them; the address is read when a session starts, and written from the record in every run. No control
is bound to the address by itself, as Streamlit forgets such a value a page after the control was last drawn.

A callback reads and changes only what ``remembered`` and ``_said`` give: Streamlit ends a callback that
touches the session state while the next change waits, and does not call it again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._address import believe, from_query, is_list, to_query
from pages._choices import COMPARED, FEW_COLORS, MOST_COMPARED, QUICK_PICKS, Choices, clip
from pages._compared import Brought, bring
from pages._remembered import Query, Remembered, UsedBefore
from pages._shared import Linked, Shared
from pages._store.store import Receipt
from pages._viewer.messages import Look, read_look, read_pick
from pages._visit import Upload, Visit
from quantize.decoding.samples import FIRST, SAMPLES, TELLING
from quantize.settings import LIMITS

_MISSING = object()


def choices() -> Choices:
    """Return what the visitor chose, up to what was just done."""
    visit = _visit()
    if visit.heard:
        visit.settle(_is_new_page())
    return visit.choices


def remembered() -> Remembered:
    """Return what this session remembers; ends no run and no callback."""
    context = get_script_run_ctx(suppress_warning=True)
    state = context.session_state if context else None
    known = None if state is None else _remembered.get(state)
    found = known or st.session_state.to_dict().get("remembered")
    if found is None:
        record, refused = _read_address()
        found = Remembered(Visit(record, refused), written=_query())
        found.shared.delete_key = st.query_params.get("delete", "")
        st.session_state["remembered"] = found
    if state is not None:
        _remembered[state] = found
    return found


# By Streamlit's view of a session, which is another one for each of its runs that overlap.
_remembered: WeakKeyDictionary[Any, Remembered] = WeakKeyDictionary()


@contextmanager
def whole_run() -> Iterator[None]:
    """Around a whole run: the next one tells the browser again what it may not have heard of a run cut short.

    Streamlit throws away what a run has said and a browser has not got yet, when the next run begins.
    """
    known = remembered()
    known.runs += 1
    number, known.catches_up, known.is_cut = known.runs, known.is_cut, True
    yield
    if number == known.runs:
        known.is_cut = False


def _visit() -> Visit:
    known = remembered()
    if _came_back(known):
        _start_over(known)
    return known.visit


def _said(widget: str) -> Any:
    """What a browser says of a widget, for callbacks."""
    return st.session_state.to_dict().get(widget)


def change(**values: Any) -> None:
    """Choose this, in a callback or in a run; controls that were drawn show it in the next run."""
    update(lambda record: replace(record, **values))


def update(how: Callable[[Choices], Choices]) -> None:
    """Change what was chosen by what it is then."""
    _visit().hear(None, None, how)


def _follow(**values: Any) -> None:
    """Choose what follows from what is shown: nobody asked for it."""
    _visit().hear(None, None, lambda record: replace(record, **values), asked=False)


def notice() -> None:
    """Callback for what changes no choice: its message was not sent for nothing."""
    update(lambda record: record)


def notice_file(widget: str) -> None:
    """Callback of a file widget: the same for a new file. One that was taken goes, and calls this, too."""
    file = _said(widget)
    if file is not None and not is_seen(widget, file.file_id):
        notice()


def control(field: str, key: str | None = None, among: Sequence[Any] = ()) -> dict[str, Any]:
    """Let a widget show a choice and change it.

    Parameters
    ----------
    field : str
        Of the record.
    key : str, optional
        Of the widget, where it is not the field's name. ``_WORDS`` tells what its value means there.
    among : sequence
        What is offered, if that may leave out what was chosen: then the first one is shown.

    Returns
    -------
    dict
        Arguments for the widget, which is to be drawn at once, without a value of its own.
    """
    key, record = key or field, choices()
    value = _SHOWN[key](record) if key in _SHOWN else getattr(record, field)
    if among and value not in among:
        value = among[0]
    _show(key, list(value) if is_list(field) else value)
    return {"key": key, "on_change": _hear, "args": (key, field)}


def _show(key: str, value: Any) -> None:
    """Set a widget to a value, unless it has it: a browser takes what is set over what it was just told."""
    has = st.session_state.get(key, _MISSING)
    if has is _MISSING or _visit().must_set(key, value, has) or remembered().catches_up:
        st.session_state[key] = value


def _hear(key: str, field: str) -> None:
    """Callback of every control."""
    value, visit = _said(key), _visit()
    how = _WORDS.get(key, partial(_take, field))
    visit.hear(key, value, lambda record: how(visit, record, value))


def _take(field: str, visit: Visit, record: Choices, value: Any) -> Choices:
    believed, refused = believe(field, value)
    visit.refused += refused
    return replace(record, **{field: believed})


def _take_number(visit: Visit, record: Choices, number: int | None) -> Choices:
    return record if number is None else replace(record, k=number)


def _take_reach(visit: Visit, record: Choices, many: bool) -> Choices:
    """A slider that reaches less far keeps the number of colours as far as it can."""
    return replace(record, many=many, n=record.n if many else min(record.n, FEW_COLORS))


def _take_sample(visit: Visit, record: Choices, key: str | None) -> Choices:
    """A sample takes the place of an upload and of a shared picture."""
    if key is None:
        return record
    visit.upload = None
    return replace(record, sample=key, share="")


def _shown_sample(record: Choices) -> str | None:
    return None if upload() or linked() else record.sample


# What some controls mean by their values, and show of the record; all others mean the field's value.
_WORDS: Mapping[str, Callable[[Visit, Choices, Any], Choices]] = {
    "quick_pick": _take_number,
    "many": _take_reach,
    "sample": _take_sample,
    "telling": _take_sample,
}
_SHOWN: Mapping[str, Callable[[Choices], Any]] = {
    "quick_pick": lambda record: record.k if record.k in QUICK_PICKS else None,
    "sample": _shown_sample,
    "pair": lambda record: " and ".join(record.pair or ()),
    "telling": lambda record: _shown_sample(record) if record.sample in TELLING else None,
    "add_color": lambda record: record.picked or "#808080",
}


def _read_address() -> tuple[Choices, tuple[str, ...]]:
    return from_query(urlencode(_query(), doseq=True))


def _start_over(known: Remembered) -> None:
    """Begin again with what the address says; an upload stays, as no address brings it back."""
    record, refused = _read_address()
    own = known.visit.upload
    if own:
        record = replace(record, sample=FIRST, share=record.share if receipt_of(record.share) else "")
    known.visit = Visit(record, refused, upload=own)
    known.written = _query()
    known.reads += 1
    known.picture = ""  # what the address says to be looked at is in its own picture
    known.shared.delete_key = st.query_params.get("delete", "")


def _query() -> Query:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _came_back(known: Remembered) -> bool:
    """Whether the visitor went through their browser's history, to an address that is not the record's.

    When a page is chosen, Streamlit leaves an entry in the history that holds none of ours: that one is none.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not context.is_history_navigation or _query() == known.written:
        return False
    return bool(_query()) or context.page_script_hash not in known.entered


def _is_new_page() -> bool:
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.page_script_hash != remembered().page


def write_address() -> None:
    """Bring the address in line with the record, in every run."""
    known = remembered()
    wanted = {key: [value] for key, value in to_query(choices()).items()}
    if known.shared.delete_key:
        wanted["delete"] = [known.shared.delete_key]
    context, now = get_script_run_ctx(suppress_warning=True), _query()
    if context is not None and _is_new_page():
        if not now and known.page is not None:
            known.entered.add(context.page_script_hash)
        known.page = context.page_script_hash
    if now != wanted or known.catches_up:
        st.query_params.from_dict(wanted)
    known.written = wanted


def refused() -> tuple[str, ...]:
    """Sentences about what was refused of the address, or of the last control: until the next change."""
    return _visit().refused


def upload() -> Upload | None:
    """Return the visitor's own picture, or None while a sample is shown."""
    choices()  # whose last change may have put a sample in its place
    return _visit().upload


def show_upload(picture: Upload) -> None:
    """Make an upload the current picture."""
    choices()
    _visit().upload = picture
    shared().problem = ""
    _follow(sample=FIRST, share="")


def note_picture(digest: str, size: tuple[int, int]) -> None:
    """Remember which picture is looked at: what was looked at in another one is forgotten."""
    known = remembered()
    before, known.picture = known.picture or digest, digest
    if before != digest:
        _follow(at=None, selected=None, picked=None)
    elif choices().at != clip(choices().at, size):
        _follow(at=clip(choices().at, size))


def looking(viewer: str, many: bool = False) -> dict[str, Any]:
    """Let a viewer of two pictures, or of many, begin with what is looked at, and tell what becomes of it.

    Parameters
    ----------
    viewer : str
        Its key.
    many : bool
        Whether it may show more than two: how those lie is a choice of its own.

    Returns
    -------
    dict
        Arguments for the viewer.
    """
    return {"look": _look(many), "on_look": partial(_follow_look, viewer, many)}


def _look(many: bool) -> Look:
    record = choices()
    mode, sides = (record.arrange_many, record.sides) if many else (record.arrange, None)
    return Look(_origin(), record.at, mode, sides, record.wipe, record.heat, record.selected)


def _origin() -> str:
    """Names the picture that is shown, and the address that was read last."""
    return f"{remembered().picture[:16]}-{remembered().reads}"


def _follow_look(viewer: str, many: bool) -> None:
    """Callback of a viewer; what it says of another picture than the one that is shown comes too late."""
    said = read_look((_said(viewer) or {}).get("look"))
    if said is not None and said.origin == _origin():
        arranged = {"arrange_many": said.mode, "sides": said.sides} if many else {"arrange": said.mode}
        change(at=said.at, wipe=said.wipe, heat=said.heat, selected=said.selected, **arranged)


def is_current(key: tuple[str, str]) -> bool:
    """Whether this is the visitor's own picture, or the one behind their link, and it is shown."""
    own, link = upload(), linked()
    shown = ("picture", own.digest) if own else ("shared", link.id) if link else None
    return key == shown


def lose_picture(key: tuple[str, str], news: str) -> None:
    """Show a sample in place of this picture, and say so; takes effect in the next run."""
    remembered().lost = key, news


def settle_picture() -> None:
    """Put the sample in place of a lost picture; before anything is drawn."""
    known = remembered()
    if known.lost and is_current(known.lost[0]):
        _visit().upload = None
        _follow(sample=FIRST, share="")
        known.lost_news = known.lost[1]
    known.lost = None


def lost_news() -> str | None:
    """Return what is to be said of a picture that was lost, until its visitor takes another one."""
    if upload() or linked() or sample() != FIRST:
        remembered().lost_news = None
    return remembered().lost_news


def shared() -> Shared:
    """Return what this session knows of shared pictures."""
    return remembered().shared


def share_id() -> str:
    """Id of the shared picture that the address names, "" if none; unproven, as anybody can write there."""
    return choices().share


def linked() -> Linked | None:
    """Return the shared picture to show, if the address names one that is there."""
    return shared().behind(share_id())


def shows_name() -> bool:
    """Whether a picture's name shall be shared with it."""
    return bool(_said("share_name"))


def wish_to_share() -> None:
    """Callback: the picture that is looked at shall be shared."""
    shared().wish = remembered().picture


def set_receipt(receipt: Receipt) -> None:
    """The current picture was shared; its id stands in the address from now on."""
    shared().receipt, shared().problem = receipt, ""
    change(share=receipt.id)


def receipt() -> Receipt | None:
    """Return what this visitor got for sharing the current picture, if they did."""
    return receipt_of(share_id())


def receipt_of(id: str) -> Receipt | None:
    """Return what this visitor got for sharing the picture of this id."""
    return shared().receipt_of(id)


def drop_share() -> None:
    """Forget the shared copy of an upload: it is gone."""
    _follow(share="")


def forget_shared() -> None:
    """Callback after a shared picture was deleted: nothing names it any more."""
    change(share="")
    forget_delete_key()


def forget_delete_key() -> None:
    """Callback: nothing shall be deleted."""
    shared().delete_key = ""


def address(**more: str) -> str:
    """Address of what is on the page, as its visitor reaches it, with further parts; never a delete key."""
    query = urlencode({**to_query(choices()), **more})
    page = st.context.url or ""
    return f"{page}{'' if '/' in page.partition('//')[2] else '/'}{'?' if query else ''}{query}"


def is_embedded() -> bool:
    """Whether the page stands in a frame of another site, which wants the viewer alone."""
    return bool(st.context.is_embedded)


def sample() -> str:
    """Key of the sample to show while there is no upload."""
    return choices().sample


def offered_samples() -> list[str]:
    """Keys of the samples to offer everywhere, and of the telling one that is shown, if any."""
    return [*SAMPLES, *([choices().sample] if _shown_sample(choices()) in TELLING else [])]


def is_first_time(what: str, name: str) -> bool:
    """Whether this was not asked with the same name before: for what is said once."""
    if is_seen(what, name):
        return False
    mark_seen(what, name)
    return True


def is_seen(widget: str, file_id: str) -> bool:
    """Whether this file of a file widget was marked as seen."""
    return remembered().seen.get(widget) == file_id


def mark_seen(widget: str, file_id: str) -> None:
    """Remember that all was done with this file of a file widget."""
    remembered().seen[widget] = file_id


def follow_pick(viewer: str) -> None:
    """Callback of a viewer: remember the colour of the original that was clicked."""
    pick = read_pick((_said(viewer) or {}).get("pick"))
    change(picked=pick and pick.original)


def picked_color() -> str | None:
    """Return the colour of this picture that was clicked last, unless it is kept already."""
    record = choices()
    return None if record.picked in record.keep else record.picked


def add_keep(color: str) -> None:
    """Callback: one more colour that must be in the palette."""
    update(lambda record: replace(record, keep=tuple(dict.fromkeys([*record.keep, color]))))


def use_everywhere(colors: Sequence[str]) -> None:
    """Callback: pin these colours on all pages, and choose no others."""

    def how(record: Choices) -> Choices:
        remembered().used_before = UsedBefore(record.keep, record.k, record.space)
        number = max(int(LIMITS["n_colors"].low), len(colors))
        # Where colours are measured decides who gets which: without that another picture would come of them.
        return replace(record, keep=tuple(colors), k=number, space=record.palette_space)

    update(how)


def use_no_more() -> None:
    """Callback: all pages have again what they had before a palette was used on them."""

    def how(record: Choices) -> Choices:
        known = remembered()
        before, known.used_before = known.used_before, None
        before = before or UsedBefore((), record.k, record.space)
        return replace(record, keep=before.keep, k=before.k, space=before.space)

    update(how)


def ask_n_colors(n_colors: int) -> None:
    """Make this K the current one."""
    change(k=n_colors)


def use_n_colors(n_colors: int) -> None:
    """Callback: this K becomes the current one, and is among those that are compared."""

    def how(record: Choices) -> Choices:
        compared, gone = bring(record.ks or COMPARED, n_colors, MOST_COMPARED)
        before = remembered().brought
        remembered().brought = Brought(n_colors, gone, before.number + 1 if before else 1)
        return replace(record, k=n_colors, ks=tuple(compared))

    update(how)


def follow_curve(numbers: Sequence[int]) -> None:
    """Callback of the curve: the K of a point that was clicked is used; what is no point of it is not."""
    said = _said("curve")
    for point in said.selection.points if said else ():
        if point.get("x") in numbers:
            use_n_colors(int(point["x"]))
            return
    notice()


def ask_palette(pins: Sequence[str], n_colors: int | None = None) -> None:
    """Pin these colours on the palette page, among so many."""
    pins = tuple(dict.fromkeys(pins))
    update(lambda record: replace(record, pin=pins, n=n_colors or record.n))


def checkpoint() -> Callable[[], None]:
    """Give long work something to call: it ends the run if the visitor has moved on (STREAMLIT's rerun)."""
    return lambda: st.session_state.get("remembered")


def visitor() -> str | None:
    """Identify the visitor that this thread works for, or None if it works for none: one tab, one visitor."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None
