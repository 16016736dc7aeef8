"""What stands at the place of pictures until they are made: on a busy server that may take a while."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import _cache, _state
from pages._references import PictureRef
from pages._viewer import Pane, viewer

TOOLS = 74
"""Pixels of a viewer's buttons and labels, on a phone."""


@contextmanager
def beside(
    picture: PictureRef,
    labels: Sequence[str],
    place: DeltaGenerator,
    side: int = _cache.PREVIEW_SIDE,
    room: int = TOOLS,
) -> Iterator[None]:
    """Show the original and empty places beside it meanwhile, unless older pictures stand there.

    Parameters
    ----------
    picture : PictureRef
    labels : sequence of str
        Of what is being made.
    place : DeltaGenerator
        A container in which the pictures will stand.
    side : int
        Most pixels of a side of the original.
    room : int
        Pixels of the page that stand around a pair of pictures. On a phone, where controls follow them, these
        would jump up and down between the one viewer and the other.
    """
    coming = place.empty()
    if not _state.is_drawn():
        panes = [
            Pane("Original", _cache.original_preview(picture, side)),
            *(Pane(label, _cache.blank(picture), "working …") for label in labels),
        ]
        if len(labels) == 1 and _state.choices().arrange != "side":
            width, height = picture.size
            high = f"calc(min((100vw - 2rem) * {height / width:.5f}, 70vh) + {room}px)"
            st.html(
                f"<style>@media (max-width: 640px) {{ .st-key-pictures {{ min-height: {high} }} }}</style>"
            )
        with coming.container():
            viewer(panes, key="coming", size=picture.size)
    try:
        yield
    finally:
        coming.empty()
