"""Code that makes what is on a page again, for those who want to take it along."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from pages import Frame, _cache, _downloads, _names, _state, _widgets
from quantize import Settings
from quantize.teaching.command import write_job
from quantize.teaching.subject import RESULT, Subject, Varied
from quantize.teaching.watched import RUN_WAYS, Watched, write_run_notebook
from quantize.teaching.ways import WAYS, Way

_NEEDS = {
    "python": "Needs this project: its folder in `PYTHONPATH`, its `requirements.txt` installed.",
    "opencv": "Needs `opencv-python` and `numpy`, nothing of this project.",
    "command": "Needs this project: its folder in `PYTHONPATH`, its `requirements.txt` installed.",
    "notebook": "For Jupyter; needs the same as Python.",
}

_RUN_NEEDS = {
    "opencv": "The lesson's lines, from the same start to the same end. Needs `opencv-python` and `numpy`. "
    "OpenCV adds up in float32, so its centres may differ a little.",
    "numpy": "The five steps, written out. Needs `numpy` and `pillow`, nothing of this project.",
    "python": _NEEDS["python"],
}

Said = tuple[Way[Any], str, str]
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


def offer_run(frame: Frame, watch: Callable[[str], Watched]) -> None:
    """Draw it for a run that is watched, of a picture whose file has the name that is given to ``watch``."""

    def say(name: str) -> list[Said]:
        watched = watch(name)
        reasons = [(way, way.why_not(watched)) for way in RUN_WAYS.values()]
        return [(way, "" if reason else way.write(watched), reason) for way, reason in reasons]

    _offer(frame, say, RESULT, "it prints the run and writes {} there", _RUN_NEEDS, write_run_notebook)


def _offer(
    frame: Frame,
    say: Callable[[str], list[Said]],
    result: str,
    does: str = "it writes {} there, of the very same pixels",
    needs: Mapping[str, str] = _NEEDS,
    write_book: Callable[[str], str] | None = None,
) -> None:
    st.button(
        "Code", icon=":material/code:", key="code", on_click=_ask,
        help="What makes this again, to read, to copy and to run elsewhere.",
    )  # fmt: skip
    known = _state.remembered()
    if known.code_on and known.code_on == known.page:
        name = file_name(frame)
        _show(frame, name, say(name), does.format(result), needs, write_book)


def _ask() -> None:
    """Callback: the code shall be shown, on the page that is."""
    _state.remembered().code_on = _state.remembered().page
    _state.notice()


def _close() -> None:
    """Callback: it shall not any more."""
    _state.remembered().code_on = None


@st.dialog("Code for this", width="large", on_dismiss=_close)
def _show(
    frame: Frame,
    name: str,
    said: list[Said],
    does: str,
    needs: Mapping[str, str],
    write_book: Callable[[str], str] | None,
) -> None:
    """Show the code in every way, and where it can be run."""
    st.markdown(f"Run it where “{_widgets.plain(name)}” is: {does}.")
    # Where OpenCV can do all of it, that is what people came for.
    first = next((way.title for way, text, _ in said if way.key == "opencv" and text), None)
    for tab, (way, text, reason) in zip(
        st.tabs([way.title for way, _, _ in said], default=first), said, strict=True
    ):
        with tab:
            if reason:
                st.caption(reason)
            else:
                _draw(name, way, text, needs[way.key], write_book)
    if frame.picture.source.key[0] != "picture":
        _downloads.offer(
            f"Download {name}", partial(_cache.source_file, frame.picture), name, "image/png",
            icon=":material/download:", key="code_picture", help="The picture itself, in full resolution.",
        )  # fmt: skip


def _draw(name: str, way: Way[Any], text: str, needs: str, write_book: Callable[[str], str] | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_file(name, way.ending, way.mime, text, f"code_{way.key}")
        if write_book:
            book = WAYS["notebook"]
            _offer_file(name, book.ending, book.mime, write_book(text), f"code_{way.key}_notebook")
        st.caption(needs)
    if way.key != "notebook":
        st.code(text, language=way.language)


def _offer_file(name: str, ending: str, mime: str, text: str, key: str) -> None:
    _downloads.offer_made(
        f"Download {ending}", text.encode("utf-8", "backslashreplace"),
        f"{_names.safe_stem(name)}{ending}", mime, key=key,
    )  # fmt: skip


def file_name(frame: Frame) -> str:
    """Name the picture's file: that of an upload, or as it can be downloaded here."""
    if frame.picture.source.key[0] == "picture":
        return frame.name
    return f"{_names.safe_stem(frame.name).lower()}.png"
