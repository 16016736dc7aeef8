"""Other ways to as many colours, on the page that shows k-means at work: result, error and time of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import streamlit as st

from pages import _cache, _controls, _state, _widgets, _words
from pages._inside import results
from pages._inside.results import Run
from pages._references import PictureRef, ResultRef
from pages._viewer import Pane, viewer
from quantize import QuantizeError, Settings
from quantize.colors.hexadecimal import hex_colors
from quantize.methods.table import METHODS
from quantize.settings import LIMITS

ABOUT: Mapping[str, str] = {
    "median cut": "Cuts the box of all colours in two where half of the pixels lie on each side, and goes on "
    "with the box that has most. Quick, and fair to frequent colours; small vivid things are lost.",
    "octree": "Puts colours into a tree of cubes within cubes and merges neighbours until K are left, "
    "those of least error first. Where cubes end is chance, and so in part are its colours.",
    "wu": "Cuts boxes where the error falls most, by sums that are known for every box. No colour moves any "
    "more once it is cut off.",
    "kmeans": "Starts by splitting and lets centres move, as above, then moves those that are little missed "
    "to where the error is largest. Each colour counts as often as it occurs, so pixels need not be"
    " looked at.",
    "opencv": "The tutorial's call: on pixels, ten attempts, ten iterations each. What it finds depends on "
    "luck, less with more attempts, and each of them looks at every pixel in every iteration.",
}
"""What each does, and what it is good and bad at; in the order of its age."""

_SHIFT = (
    "Lets every colour climb to the nearest peak of the blurred histogram. How many peaks there are is the "
    "picture's affair: the blur is as narrow as leaves no more than K{found}. Good at telling apart what is "
    "apart; slow changes, like a sky's, have one peak and become one colour."
)


@dataclass(frozen=True)
class _Made:
    """What one of them made."""

    title: str
    result: ResultRef
    seconds: float | None
    about: str


def _make_all(picture: PictureRef, k: int) -> Iterator[_Made]:
    for key, about in ABOUT.items():
        made = _cache.quantized(picture, Settings(k, method=key), _state.checkpoint())
        yield _Made(METHODS[key].title, made.result, made.seconds, about)
    modes, seconds = results.modes(picture, k)
    count = len(modes.centers)
    found = "" if count == k else f" (here {count})"
    result = results.in_colors(picture, modes.centers)
    yield _Made("mean shift", result, seconds, _SHIFT.format(found=found))


def draw_ways(picture: PictureRef, run: Run) -> None:
    """Draw whether they are wanted, and then all of them."""
    st.header("Other ways", anchor=False)
    wanted = st.toggle(
        "Show other ways to as many colours", **_controls.show("ways"),
        help="Median cut, octree, Wu, our k-means, OpenCV's and mean shift, in BGR and without dithering.",
    )  # fmt: skip
    if not wanted:
        return
    k = max(run.clusters, int(LIMITS["n_colors"].low))
    panes, said = [Pane("Original", _cache.original_preview(picture))], []
    try:
        for made in _make_all(picture, k):
            mse = _cache.metrics(made.result).mse
            took = "" if made.seconds is None else f", {_widgets.time_in_words(made.seconds)}"
            panes.append(
                Pane(
                    made.title,
                    _cache.result_preview(made.result),
                    f"error {mse:,.1f}{took}",
                    hex_colors(made.result.palette),
                )
            )
            said.append(f"- **{made.title}**: {made.about}")
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        return
    viewer(panes, key="ways_viewer", size=picture.size)
    st.markdown("\n".join(said))
