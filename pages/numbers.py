"""A picture to paint by numbers: the sheet, its solution, the paints, and files to print."""

from functools import partial

import streamlit as st

from pages import Frame, _cache, _faint, _state, _widgets, _words, ensure_frame
from pages._numbers import controls, files, html, results
from pages._numbers.results import Wish
from pages._viewer import Pane, palette_bar, viewer
from pages._viewer.news import tell
from quantize import QuantizeError
from quantize.numbers.files import say_notes
from quantize.numbers.flat import measure_flat
from quantize.numbers.numbered import Numbered


def show_pictures(wish: Wish, numbered: Numbered) -> None:
    """Show sheet and solution as they are printed, and the paints under them."""
    sheet, solution = results.previews(wish, numbered)
    codes = [paint.hex for paint in numbered.paints]
    viewer(
        [Pane("To paint", sheet), Pane("Solution", solution, palette=codes)],
        key="numbers_viewer", size=measure_flat(numbered), crop=partial(results.part, wish, numbered),
        compares=False,
    )  # fmt: skip
    shares = [paint.share for paint in numbered.paints]
    palette_bar(codes, shares, key="numbers_bar", viewer="numbers_viewer")


def main(frame: Frame) -> None:
    """Draw the page; what takes longest comes last."""
    picture, record = frame.picture, _state.choices()
    _faint.stop_if_gone(picture, can_be_soft=False)
    end = controls.pick_sheet()
    pictures = st.container(key="pictures")
    line = st.container(key="sheet_figures").empty()
    line.html(_widgets.figures([("", "Finding regions …")]))
    try:
        settings = results.plain_settings(record)
        result = _cache.quantized(picture, settings, _state.checkpoint()).result
        wish = results.make_wish(picture, result, record)
        numbered = results.find(wish, _state.checkpoint())
    except QuantizeError as error:
        line.error(_words.sentence(str(error)))
        st.stop()
    with end:
        files.offer_pdf(frame, wish)
    with pictures:
        show_pictures(wish, numbered)
        tell(f"{numbered.n_regions} regions in {len(numbered.paints)} paints")
    line.html(_widgets.figures(controls.describe(numbered)))
    _faint.tell_without(picture)
    controls.say_what_is_not_heeded()
    controls.say_if_fine(numbered)
    for note in say_notes(numbered):
        st.caption(_words.sentence(note))
    files.draw_files(frame, wish)
    controls.pick_protected(wish, numbered)
    st.markdown(
        "## Paints",
        help="Numbers are places in the palette: of one that all pages use, those of its file; of found "
        "colours, from dark to light.",
    )
    st.html(html.draw_paints(numbered))


main(ensure_frame())
