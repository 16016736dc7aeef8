"""Code that makes what is on a page again, for those who want to take it along."""

from functools import partial

import streamlit as st

from pages import Frame, _cache, _downloads, _names, _state, _widgets
from quantize import Settings
from quantize.teaching.subject import Subject, Varied
from quantize.teaching.ways import WAYS, Way

_NEEDS = {
    "python": "Needs this project: its folder in `PYTHONPATH`, its `requirements.txt` installed.",
    "opencv": "Needs `opencv-python` and `numpy`, nothing of this project.",
    "command": "Needs the same as Python.",
    "notebook": "For Jupyter; needs the same as Python.",
}


def offer(frame: Frame, settings: Settings, order: str = "dark", varied: Varied | None = None) -> None:
    """Draw the button that opens the code; it is written when somebody asks for it."""
    st.button(
        "Code", icon=":material/code:", key="code", on_click=_ask,
        help="What makes this again: Python, OpenCV alone, a command, a notebook.",
    )  # fmt: skip
    known = _state.remembered()
    if known.code_on and known.code_on == known.page:
        name = _file_name(frame)
        subject = Subject.of(frame.picture, name, settings.beside(frame.picture.opacity), order, varied)
        _show(frame, subject)


def _ask() -> None:
    """Callback: the code shall be shown, on the page that is."""
    _state.remembered().code_on = _state.remembered().page
    _state.notice()


def _close() -> None:
    """Callback: it shall not any more."""
    _state.remembered().code_on = None


@st.dialog("Code for this", width="large", on_dismiss=_close)
def _show(frame: Frame, subject: Subject) -> None:
    """Show the code in every way, and where it can be run."""
    name, result = subject.name, "a result for each" if subject.varied else "result.png"
    st.markdown(f"Run where {_widgets.plain(name)} is, it writes {result} there, of the very same pixels.")
    for tab, way in zip(st.tabs([way.title for way in WAYS.values()]), WAYS.values(), strict=True):
        with tab:
            _draw(way, subject)
    if frame.picture.source.key[0] != "picture":
        _downloads.offer(
            f"Download {name}", partial(_cache.source_png, frame.picture), name, "image/png",
            icon=":material/download:", key="code_picture", help="The picture itself, in full resolution.",
        )  # fmt: skip


def _draw(way: Way, subject: Subject) -> None:
    if reason := way.why_not(subject):
        st.caption(reason)
        return
    text, stem = way.write(subject), _names.safe_stem(subject.name)
    with st.container(horizontal=True, vertical_alignment="center"):
        _downloads.offer_made(
            f"Download {way.ending}", text.encode("utf-8", "backslashreplace"), f"{stem}{way.ending}",
            way.mime, key=f"code_{way.key}",
        )  # fmt: skip
        st.caption(_NEEDS[way.key])
    if way.key != "notebook":
        st.code(text, language=way.language)


def _file_name(frame: Frame) -> str:
    """Name the picture's file: that of an upload, or as it can be downloaded here."""
    if frame.picture.source.key[0] == "picture":
        return frame.name
    return f"{_names.safe_stem(frame.name).lower()}.png"
