"""The pages of the app, and the guard that every page file begins with.

Streamlit finds a folder named ``pages`` by itself, and until ``st.navigation`` was called once in a
process it runs a page file without ``app.py`` around it: no frame, no picture. That hits the first
visitor after a start who opens a deep link. ``ensure_frame`` notices, names the pages, and starts over.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True)
class Screen:
    """One page: its file, its name in the navigation, and what it is for."""

    file: str
    title: str
    icon: str
    help: str
    default: bool = False


SCREENS = (Screen("studio", "Studio", ":material/palette:", "Reduce a picture to K colours.", default=True),)

_framed: ContextVar[bool] = ContextVar("_framed", default=False)


def find_pages() -> list[Any]:
    """Build what ``st.navigation`` takes; Streamlit wants new objects for each run."""
    return [
        st.Page(
            f"pages/{screen.file}.py",
            title=screen.title,
            icon=screen.icon,
            help=screen.help,
            default=screen.default,
        )
        for screen in SCREENS
    ]


def run_framed(page: Any) -> None:
    """Run the chosen page inside ``app.py``'s frame."""
    token = _framed.set(True)
    try:
        page.run()
    finally:
        _framed.reset(token)


def ensure_frame() -> None:
    """Start over with ``app.py`` if this page was run without it."""
    if not _framed.get():
        st.navigation(find_pages())
        st.rerun()
