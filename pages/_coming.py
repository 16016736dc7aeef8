"""What stands at the place of pictures until they are made: on a busy server that may take a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.delta_generator import DeltaGenerator

from pages import _cache, _state
from pages._references import PictureRef
from pages._viewer import Pane, viewer


@contextmanager
def beside(picture: PictureRef, label: str, place: DeltaGenerator) -> Iterator[None]:
    """Show the original and an empty place beside it meanwhile, unless older pictures stand there.

    Parameters
    ----------
    picture : PictureRef
    label : str
        Of what is being made.
    place : DeltaGenerator
        A container in which the pictures will stand.
    """
    coming = place.empty()
    if not _state.is_drawn():
        panes = [
            Pane("Original", _cache.original_preview(picture)),
            Pane(label, _cache.blank(picture), "working …"),
        ]
        with coming.container():
            viewer(panes, key="coming", size=picture.size)
    try:
        yield
    finally:
        coming.empty()
