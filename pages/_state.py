"""What a visitor has chosen: the only module that touches session state and the URL.

Widgets carry their own keys and bind themselves to the URL; the names are here, so that every page
and every callback means the same one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._compared import Brought, bring
from pages._store import Receipt
from pages._viewer import MAX_PANES
from pages._viewer.messages import read_pick
from quantize.samples import FIRST, SAMPLES, TELLING

QUICK_PICKS = (4, 8, 16, 32, 64, 128, 256)
COMPARED = (4, 8, 16, 32, 64)
FEW_COLORS, MANY_COLORS = 24, 256


@dataclass(frozen=True, eq=False)
class Upload:
    """A file that a visitor gave us and that proved to be a picture."""

    name: str
    data: bytes
    digest: str


def upload() -> Upload | None:
    """Return the visitor's own picture, or None while a sample is shown."""
    return st.session_state.get("upload")


def show_upload(picture: Upload) -> None:
    """Make an upload the current picture; before the samples and the address of a shared one are drawn."""
    st.session_state["upload"] = picture
    st.session_state["sample"] = None
    st.session_state["share"] = ""
    st.session_state["share_problem"] = ""
    st.session_state["picked"] = None


def show_sample() -> None:
    """Callback of the samples: the one just chosen takes the place of an upload."""
    if st.session_state.get("sample") is not None:
        st.session_state["upload"] = None
        st.session_state["share"] = ""
        st.session_state["picked"] = None


def is_current(key: tuple[str, str]) -> bool:
    """Whether this is the visitor's own picture, or the one behind their link, and it is shown."""
    own, link = upload(), linked()
    shown = ("picture", own.digest) if own else ("shared", link.id) if link else None
    return key == shown


def lose_picture(key: tuple[str, str], news: str) -> None:
    """Show a sample in place of this picture, and say so; takes effect in the next run."""
    st.session_state["lost"] = key, news


def settle_picture() -> None:
    """Put the sample in place of a lost picture; before anything is drawn."""
    key, news = st.session_state.pop("lost", (("", ""), ""))
    if is_current(key):
        st.session_state["upload"] = st.session_state["picked"] = None
        st.session_state["share"], st.session_state["sample"] = "", FIRST
        st.session_state["lost_news"] = news


def lost_news() -> str | None:
    """Return what is to be said of a picture that was lost, until its visitor takes another one."""
    if upload() or linked() or sample() != FIRST:
        st.session_state["lost_news"] = None
    return st.session_state.get("lost_news")


@dataclass(frozen=True)
class Linked:
    """A shared picture that the address names: its id, the name to show, when it expires (UTC)."""

    id: str
    name: str
    until: datetime


def share_id() -> str:
    """Id of the shared picture that the address names, "" if none; unproven, as anybody can write there."""
    return st.session_state.get("share") or ""


def set_linked(id: str, linked: Linked | None) -> None:
    """Remember what is behind an id: a picture, or None if there is none to show."""
    st.session_state["linked"] = id, linked


def is_looked_up(id: str) -> bool:
    """Whether it is known what is behind this id."""
    return st.session_state.get("linked", ("", None))[0] == id


def linked() -> Linked | None:
    """Return the shared picture to show, if the address names one that is there."""
    known = st.session_state.get("linked", ("", None))[1]
    return known if known and known.id == share_id() else None


def show_linked() -> None:
    """Light no sample while a shared picture is shown; before the samples are drawn."""
    st.session_state["sample"] = None


def shows_name() -> bool:
    """Whether a picture's name shall be shared with it."""
    return bool(st.session_state.get("share_name"))


def set_receipt(receipt: Receipt) -> None:
    """Callback: the current picture was shared; its id stands in the address from now on."""
    st.session_state["receipt"] = receipt
    st.session_state["share"] = receipt.id
    st.session_state["share_problem"] = ""


def set_share_problem(message: str) -> None:
    """Remember why a picture could not be shared."""
    st.session_state["share_problem"] = message


def share_problem() -> str:
    """Return why the current picture could not be shared, "" if nobody tried or it could."""
    return st.session_state.get("share_problem", "")


def receipt() -> Receipt | None:
    """Return what this visitor got for sharing the current picture, if they did."""
    kept = st.session_state.get("receipt")
    return kept if kept and kept.id == share_id() else None


def delete_key() -> str:
    """Key in a link that asks to delete a shared picture, "" if there is none."""
    return st.query_params.get("delete", "")


def forget_shared() -> None:
    """Callback after a shared picture was deleted: nothing names it any more."""
    st.session_state["share"] = ""
    st.session_state["sample"] = None if upload() else FIRST
    forget_delete_key()


def forget_delete_key() -> None:
    """Callback: nothing shall be deleted."""
    st.query_params.pop("delete", None)


def set_link_news(text: str | None) -> None:
    """Remember what is to be said of the link that was opened."""
    st.session_state["link_news"] = text


def link_news() -> str | None:
    """Return what is to be said of the link that was opened."""
    return st.session_state.get("link_news")


def address(**more: str) -> str:
    """Address of what is on the page, as its visitor reaches it, with further parts; never a delete key."""
    parts = {key: st.query_params.get_all(key) for key in st.query_params if key != "delete"}
    if share_id():
        parts.pop("sample", None)
    query = urlencode({**parts, **{key: [value] for key, value in more.items()}}, doseq=True)
    page = st.context.url or ""
    return f"{page}{'' if '/' in page.partition('//')[2] else '/'}{'?' if query else ''}{query}"


def is_embedded() -> bool:
    """Whether the page stands in a frame of another site, which wants the viewer alone."""
    return bool(st.context.is_embedded)


def sample() -> str:
    """Key of the sample to show while there is no upload."""
    chosen = st.session_state.get("sample")
    return chosen if chosen in SAMPLES or chosen in TELLING else FIRST


def offered_samples() -> list[str]:
    """Keys of the samples to offer everywhere, and of the telling one that is shown, if any."""
    linked = next((key for key in TELLING if TELLING[key].title == st.query_params.get("sample")), None)
    chosen = st.session_state.get("sample", linked)
    return [*SAMPLES, *([chosen] if chosen in TELLING else [])]


def follow_telling() -> None:
    """Callback of the telling samples: the one just chosen becomes the current picture."""
    st.session_state["sample"] = st.session_state["telling"] or st.session_state.get("sample")
    show_sample()


def mark_telling() -> None:
    """Light the telling sample that is shown, if any; before they are drawn."""
    shown = None if upload() else sample()
    st.session_state["telling"] = shown if shown in TELLING else None


def is_seen(widget: str, file_id: str) -> bool:
    """Whether this file of a file widget was marked as seen."""
    return st.session_state.get(f"seen_{widget}") == file_id


def mark_seen(widget: str, file_id: str) -> None:
    """Remember that all was done with this file of a file widget."""
    st.session_state[f"seen_{widget}"] = file_id


def set_problem(message: str | None) -> None:
    """Remember what was wrong with the last file, until the next one."""
    st.session_state["problem"] = message


def problem() -> str | None:
    """Return what was wrong with the last file."""
    return st.session_state.get("problem")


def follow_quick_pick() -> None:
    """Callback of the quick picks: the slider moves there.

    A browser that has not yet heard that a pick went out says it anew beside the slider's next move; that is
    no click, and must not take the slider back.
    """
    slider_moved = st.session_state["k"] != st.session_state.get("marked_k")
    if st.session_state["quick_pick"] is not None and not slider_moved:
        st.session_state["k"] = st.session_state["quick_pick"]


def mark_quick_pick(n_colors: int) -> None:
    """Light the quick pick that the slider stands on, if any; before the quick picks are drawn."""
    st.session_state["marked_k"] = n_colors
    st.session_state["quick_pick"] = n_colors if n_colors in QUICK_PICKS else None


def follow_pick(viewer: str) -> None:
    """Callback of a viewer: remember the colour of the original that was clicked."""
    pick = read_pick(st.session_state[viewer].get("pick"))
    st.session_state["picked"] = pick and pick.original


def picked_color() -> str | None:
    """Return the colour of this picture that was clicked last, unless it is kept already."""
    color = st.session_state.get("picked")
    return None if color in (st.session_state.get("keep") or []) else color


def add_keep(color: str) -> None:
    """Callback: one more colour that must be in the palette."""
    kept = st.session_state.get("keep") or []
    if color not in kept:
        st.session_state["keep"] = [*kept, color]


def ask_n_colors(n_colors: int) -> None:
    """Make this K the current one; takes effect in the next run, so the caller starts it."""
    st.session_state["next_k"] = n_colors


def use_n_colors(n_colors: int) -> None:
    """Callback: this K becomes the current one, and is among those that are compared."""
    compared, gone = bring(st.session_state.get("ks") or COMPARED, n_colors, MAX_PANES - 1)
    before = brought()
    st.session_state["k"], st.session_state["ks"] = n_colors, compared
    st.session_state["brought"] = Brought(n_colors, gone, before.number + 1 if before else 1)


def brought() -> Brought | None:
    """Return the K that was last brought into the comparison, if any was."""
    return st.session_state.get("brought")


def follow_curve(numbers: Sequence[int]) -> None:
    """Callback of the curve: the K of a point that was clicked is used; what is no point of it is not."""
    for point in st.session_state["curve"].selection.points:
        if point.get("x") in numbers:
            use_n_colors(int(point["x"]))
            return


def settle_n_colors() -> None:
    """Move the slider to a K that was asked for; before the slider is drawn."""
    if "next_k" in st.session_state:
        st.session_state["k"] = st.session_state.pop("next_k")


def ask_palette(pins: Sequence[str], n_colors: int | None = None) -> None:
    """Pin these colours on the palette page, among so many; takes effect in the next run."""
    st.session_state["next_palette"] = list(dict.fromkeys(pins)), n_colors


def settle_palette() -> None:
    """Take over pins and number of colours that were asked for; before their widgets are drawn."""
    if "next_palette" in st.session_state:
        pins, n_colors = st.session_state.pop("next_palette")
        st.session_state["pin"] = pins
        if n_colors is not None:
            st.session_state["many"] = st.session_state.get("many", False) or n_colors > FEW_COLORS
            st.session_state["n"] = min(n_colors, FEW_COLORS)
            st.session_state["n_many"] = n_colors


def offer_color(color: str) -> None:
    """Put a colour into the picker, ready to be added; before the picker is drawn."""
    st.session_state["add_color"] = color


def name_colors(names: dict[str, str]) -> None:
    """Remember what an imported palette calls its colours, by "#rrggbb"."""
    st.session_state["color_names"] = names


def color_names() -> dict[str, str]:
    """Return the names of imported colours, by "#rrggbb"."""
    return st.session_state.get("color_names", {})


def set_import_news(error: str | None, notes: Sequence[str] = ()) -> None:
    """Remember how the last import of a palette went, until the next one."""
    st.session_state["import_news"] = error, tuple(notes)


def import_news() -> tuple[str | None, tuple[str, ...]]:
    """Return what was wrong with the last palette file, and what else is to be said of it."""
    return st.session_state.get("import_news", (None, ()))


def follow_many() -> None:
    """Callback of "up to 256": keep the number of colours, as far as the other slider reaches."""
    if st.session_state["many"]:
        st.session_state["n_many"] = st.session_state["n"]
    else:
        st.session_state["n"] = min(st.session_state["n_many"], FEW_COLORS)


def checkpoint() -> Callable[[], None]:
    """Give long work something to call: it ends the run if the visitor has moved on (STREAMLIT's rerun)."""
    return lambda: st.session_state.get("k")


def visitor() -> str | None:
    """Identify the visitor that this thread works for, or None if it works for none: one tab, one visitor."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None
