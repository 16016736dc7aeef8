"""Several starts beside each other, on the page that shows k-means at work."""

from collections.abc import Sequence

import streamlit as st

from pages import _cache, _controls, _words
from pages._address_parts import TRIES
from pages._inside import charts, html, results
from pages._references import PictureRef
from pages._viewer import Pane, viewer
from quantize import QuantizeError
from quantize.colors.hexadecimal import hex_colors
from quantize.teaching.attempts import Attempt
from quantize.teaching.starts import STARTS


def draw_attempts(picture: PictureRef, run: results.Run) -> None:
    """Draw how many, and once that is chosen what came of them."""
    st.header("Attempts", anchor=False)
    tries = st.segmented_control(
        "Draws of each start", TRIES, **_controls.show("tries"),
        help="k-means ends where it can get no better by small steps, and that depends on where it starts. "
        "So it is run several times, and the run of least error is kept: these are cv2.kmeans' attempts.",
    )  # fmt: skip
    if not tries:
        st.caption("Choose how often to start anew, to see how much luck has to do with it.")
        return
    try:
        found = results.attempts(picture, run, tries)
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        return
    st.markdown(say_attempts(found))
    st.plotly_chart(charts.draw_attempts(found), key="attempts", config={"displayModeBar": False})
    _show_ends(picture, found)


def say_attempts(found: Sequence[Attempt]) -> str:
    """Say what each start came to, in error."""
    best, worst = min(found, key=_error), max(found, key=_error)
    apart = f"{100 * (worst.error / best.error - 1):,.1f} %" if best.error > 0 else "any amount"
    said = [f"The best run is **{charts.name_of(best)}** with error {best.error:,.1f}."]
    if best.error == worst.error:
        return f"All {len(found)} runs end with error {best.error:,.1f}: here the start does not matter."
    said.append(f"The worst is {charts.name_of(worst)}: {worst.error:,.1f}, {apart} more.")
    for key, start in STARTS.items():
        errors = [one.error for one in found if one.init == key]
        if start.drawn and len(errors) > 1:
            said.append(f"{start.title}: {min(errors):,.1f} to {max(errors):,.1f}.")
        elif not start.drawn:
            said.append(f"{start.title}, which needs no luck: {errors[0]:,.1f}.")
    return " ".join(said)


def _show_ends(picture: PictureRef, found: Sequence[Attempt]) -> None:
    best, worst = min(found, key=_error), max(found, key=_error)
    if best.error == worst.error:
        return
    made = [results.in_colors(picture, one.centers) for one in (best, worst)]
    panes = [Pane("Original", _cache.original_preview(picture))]
    for label, one, result in zip(("Best", "Worst"), (best, worst), made, strict=True):
        caption = f"{charts.name_of(one)}, error {one.error:,.1f}"
        panes.append(Pane(label, _cache.result_preview(result), caption, hex_colors(result.palette)))
    viewer(panes, key="attempts_viewer", size=picture.size, sides=(1, 2))
    st.caption("Each colour of the best over the one of the worst that belongs to it, with their ΔE00.")
    st.html(html.STYLE + html.draw_pairs(results.pairs(*made), made[0].palette, made[1].palette))


def _error(attempt: Attempt) -> float:
    return attempt.error
