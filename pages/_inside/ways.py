"""Other ways to as many colours, on the page that shows k-means at work: result, error and time of each."""

from collections.abc import Mapping

import streamlit as st

from pages import _cache, _controls, _state, _widgets, _words
from pages._inside.results import Run
from pages._references import PictureRef
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


def draw_ways(picture: PictureRef, run: Run) -> None:
    """Draw whether they are wanted, and then all of them."""
    st.header("Other ways", anchor=False)
    wanted = st.toggle(
        "Show other ways to as many colours", **_controls.show("ways"),
        help="Median cut, octree, Wu, our k-means and OpenCV's, in BGR and without dithering.",
    )  # fmt: skip
    if not wanted:
        return
    k = max(run.clusters, int(LIMITS["n_colors"].low))
    panes, said = [Pane("Original", _cache.original_preview(picture))], []
    try:
        for key, about in ABOUT.items():
            made = _cache.quantized(picture, Settings(k, method=key), _state.checkpoint())
            mse, result = _cache.metrics(made.result).mse, made.result
            took = "" if made.seconds is None else f", {_widgets.time_in_words(made.seconds)}"
            title = METHODS[key].title
            panes.append(
                Pane(
                    title,
                    _cache.result_preview(result),
                    f"error {mse:,.1f}{took}",
                    hex_colors(result.palette),
                )
            )
            said.append(f"- **{title}**, error {mse:,.1f}{took}. {about}")
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        return
    viewer(panes, key="ways_viewer", size=picture.size)
    st.markdown("\n".join(said))
