"""How many pixels are enough, on the page that shows k-means at work."""

import streamlit as st

from pages import _controls, _widgets, _words
from pages._inside import charts, results
from pages._inside.results import Run
from pages._references import PictureRef
from quantize import QuantizeError
from quantize.teaching.samples import find_enough


def draw_samples(picture: PictureRef, run: Run) -> None:
    """Draw whether that is wanted, and then what samples of the picture came to."""
    st.header("A sample first", anchor=False)
    wanted = st.toggle(
        "Try samples of the picture", **_controls.show("samples"),
        help="Every nth pixel of every nth row is clustered, and the centres are given to the whole picture. "
        "All start by splitting, so that luck has no part in it.",
    )  # fmt: skip
    if not wanted:
        return
    try:
        found = results.samples(picture, run)
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        return
    whole, enough = found[-1], find_enough(found)
    if len(found) == 1:
        st.markdown("The picture is too small for samples.")
        return
    took = _widgets.time_in_words
    st.markdown(
        f"From **{enough.n_pixels:,} pixels** on the error is within 1 % of the whole picture's: "
        f"{enough.error:,.1f} after {took(enough.seconds)}, with all {whole.n_pixels:,} pixels "
        f"{whole.error:,.1f} after {took(whole.seconds)}."
    )
    drawn = {"errors": charts.draw_errors(found, enough), "times": charts.draw_times(found, enough)}
    for side, (name, figure) in zip(st.columns(2), drawn.items(), strict=True):
        side.plotly_chart(figure, key=f"samples_{name}", config={"displayModeBar": False})
    st.caption(
        "The dashed line is where samples are enough. Times are this server's, for counting the colours and "
        "clustering them; of quick ones the middle one of three."
    )
