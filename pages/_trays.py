"""The row of a visitor's own pictures, where there are several."""

from functools import partial

import streamlit as st

from pages import _looked_at, _state
from pages._viewer.tray import Thumbnail, read_key, tray

KEY = "own"


def draw() -> None:
    """Show all pictures of which one can be chosen; nothing where there is no choice."""
    if not _looked_at.shows_tray():
        return
    current = _looked_at.upload()
    thumbnails = [Thumbnail(one.key, one.name, one.icon) for one in _looked_at.tray().pictures]
    with st.container(key="tray"):
        tray(
            thumbnails, current.key if current else None, key=KEY,
            on_show=partial(_follow, "show"), on_out=partial(_follow, "out"),
        )  # fmt: skip


def _follow(event: str) -> None:
    """Callback of the tray: show the picture that was clicked, or take it out."""
    key = read_key((_state.said(KEY) or {}).get(event))
    if event == "show":
        _looked_at.choose_upload(key)
    else:
        _looked_at.take_out(key)
