"""What visitors read while their work waits for a place, at the top of every page."""

from contextvars import ContextVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_line: ContextVar[DeltaGenerator | None] = ContextVar("_line", default=None)


def place() -> None:
    """Keep a line free; without it, as in threads of no visitor, nothing is said."""
    with st.container(key="waiting"):
        _line.set(st.empty())


def show(before: int) -> None:
    """Say how many are before this visitor."""
    line = _line.get()
    if line is not None:
        others = "1 other is" if before == 1 else f"{before} others are"
        whose = f"{others} before you" if before else "you are next"
        line.caption(f"Waiting: {whose}. This server is busy with other pictures.")


def clear() -> None:
    """Take back what was said."""
    line = _line.get()
    if line is not None:
        line.empty()
