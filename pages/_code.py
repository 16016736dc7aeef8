"""Code that makes what is on a page again, for those who want to take it along."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from pages import Frame, _cache, _downloads, _names, _state, _widgets
from quantize import Settings
from quantize.teaching.command import write_job
from quantize.teaching.subject import RESULT, Subject, Varied
from quantize.teaching.ways import WAYS, Way

_NEEDS = {
    "python": "Needs this project: its folder in `PYTHONPATH`, its `requirements.txt` installed.",
    "opencv": "Needs `opencv-python` and `numpy`, nothing of this project.",
    "command": "Needs this project: its folder in `PYTHONPATH`, its `requirements.txt` installed.",
    "notebook": "For Jupyter; needs the same as Python.",
}

Said = tuple[Way, str, str]
"""A way, the code in it and, if there is none, why not."""


def offer(
    frame: Frame, settings: Settings, order: str = "dark", varied: Varied | None = None, explain: bool = False
) -> None:
    """Draw the button that opens the code of a result; it is written when somebody asks for it.

    Ways in which the result cannot be said are left out, or with ``explain`` it is said why.
    """

    def say(name: str) -> list[Said]:
        settled = settings.beside(frame.picture.opacity)
        subject = Subject.of(frame.picture, name, settled, order, varied)
        found = [(way, way.why_not(subject)) for way in WAYS.values()]
        return [
            (way, "" if reason else way.write(subject), reason)
            for way, reason in found
            if explain or not reason
        ]

    _offer(frame, say, "a result for each" if varied else RESULT)


def offer_command(frame: Frame, job: str, options: Mapping[str, Any], output: str = RESULT) -> None:
    """Draw it for another job of the command line, which writes ``output``."""

    def say(name: str) -> list[Said]:
        return [(WAYS["command"], write_job(name, job, options, output), "")]

    _offer(frame, say, output)


def offer_program(frame: Frame, write: Callable[[str], str]) -> None:
    """Draw it for a program in Python that is written for a file's name, and prints what it does."""
    _offer(frame, lambda name: [(WAYS["python"], write(name), "")], "")


def _offer(frame: Frame, say: Callable[[str], list[Said]], result: str) -> None:
    st.button(
        "Code", icon=":material/code:", key="code", on_click=_ask,
        help="What makes this again, to read, to copy and to run elsewhere.",
    )  # fmt: skip
    known = _state.remembered()
    if known.code_on and known.code_on == known.page:
        name = file_name(frame)
        _show(frame, name, say(name), result)


def _ask() -> None:
    """Callback: the code shall be shown, on the page that is."""
    _state.remembered().code_on = _state.remembered().page
    _state.notice()


def _close() -> None:
    """Callback: it shall not any more."""
    _state.remembered().code_on = None


@st.dialog("Code for this", width="large", on_dismiss=_close)
def _show(frame: Frame, name: str, said: list[Said], result: str) -> None:
    """Show the code in every way, and where it can be run."""
    does = f"it writes {result} there, of the very same pixels" if result else "it prints every step"
    st.markdown(f"Run where {_widgets.plain(name)} is, {does}.")
    # Where OpenCV can do all of it, that is what people came for.
    first = next((way.title for way, text, _ in said if way.key == "opencv" and text), None)
    for tab, one in zip(st.tabs([way.title for way, _, _ in said], default=first), said, strict=True):
        with tab:
            _draw(name, *one)
    if frame.picture.source.key[0] != "picture":
        _downloads.offer(
            f"Download {name}", partial(_cache.source_png, frame.picture), name, "image/png",
            icon=":material/download:", key="code_picture", help="The picture itself, in full resolution.",
        )  # fmt: skip


def _draw(name: str, way: Way, text: str, reason: str) -> None:
    if reason:
        st.caption(reason)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        _downloads.offer_made(
            f"Download {way.ending}", text.encode("utf-8", "backslashreplace"),
            f"{_names.safe_stem(name)}{way.ending}", way.mime, key=f"code_{way.key}",
        )  # fmt: skip
        st.caption(_NEEDS[way.key])
    if way.key != "notebook":
        st.code(text, language=way.language)


def file_name(frame: Frame) -> str:
    """Name the picture's file: that of an upload, or as it can be downloaded here."""
    if frame.picture.source.key[0] == "picture":
        return frame.name
    return f"{_names.safe_stem(frame.name).lower()}.png"
