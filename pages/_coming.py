"""What stands at the place of pictures until they are made: on a busy server that may take a while."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from streamlit.delta_generator import DeltaGenerator

from pages import _cache, _state
from pages._references import PictureRef
from pages._viewer import Pane, viewer


@contextmanager
def beside(
    picture: PictureRef, labels: Sequence[str], place: DeltaGenerator, side: int = _cache.PREVIEW_SIDE
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
    """
    coming = place.empty()
    if not _state.is_drawn():
        panes = [
            Pane("Original", _cache.original_preview(picture, side)),
            *(Pane(label, _cache.blank(picture), "working …") for label in labels),
        ]
        with coming.container():
            viewer(panes, key="coming", size=picture.size)
    try:
        yield
    finally:
        coming.empty()
