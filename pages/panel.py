"""A picture for an e-paper panel: how it will look there, and the file that its driver takes."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import Frame, _acts, _code, _downloads, _faint, _state, _widgets, _words, ensure_frame
from pages._names import stem as stem_of
from pages._panels import controls, results
from pages._panels.html import draw_inks
from pages._references import PictureRef
from pages._viewer import Pane, viewer
from quantize import QuantizeError
from quantize.colors.hexadecimal import hex_colors
from quantize.panels.packing import pack_numbers
from quantize.panels.showing import OnPanel


def show_pictures(wanted: results.Wanted, made: OnPanel) -> None:
    """Show the picture as it was cut and what one will see, pixel for pixel."""
    panes = [
        Pane("Original", results.draw_original(wanted), "cut to its shape" if made.cut >= 0.005 else ""),
        Pane("On the panel", results.draw_preview(wanted), palette=hex_colors(made.panel.colors)),
    ]
    shape = "-{}x{}-{}".format(*wanted.seen_size, dict(wanted.how)["fit"])
    viewer(panes, key="panel_viewer", **_acts.looking("panel_viewer", apart=shape))


def describe(wanted: results.Wanted, made: OnPanel) -> list[tuple[str, str]]:
    """Tell in figures what the file holds, as (label, value) pairs."""
    width, height = wanted.size
    inks = made.panel.inks
    packed = f"{len(pack_numbers(made.numbers, inks)):,} bytes"
    how = f"{inks.bits} planes of 1 bit" if inks.planes else f"{inks.bits} bit{'s' * (inks.bits > 1)} a pixel"
    much = "over 99" if made.cut > 0.99 else f"{100 * made.cut:.0f}"
    cut = [("Cut off", f"{much} %")] if made.cut >= 0.005 else []
    return [("Panel", f"{width:,}×{height:,} pixels"), ("Packed", f"{packed}, {how}"), *cut]


def draw_downloads(frame: Frame, wanted: results.Wanted) -> None:
    """Offer the files."""
    stem = f"{stem_of(frame.name)}-{wanted.panel.key}"
    with st.container(horizontal=True, key="panel_files"):
        for label, kind, make, ending, mime in results.offered(wanted):
            _downloads.offer(
                label, make, f"{stem}{ending}", mime, icon=":material/download:", key=f"export{ending}",
                help=f"{kind[:1].upper()}{kind[1:]}.",
            )  # fmt: skip
        _code.offer_command(frame, "panel", results.name_options(wanted))


def show_inks(made: OnPanel) -> None:
    """Show the inks, and who measured them."""
    panel = made.panel
    st.markdown(
        "## Inks",
        help="Large: what the panel shows. In the corner: the pure colour that stands for the ink in files. "
        "The number is the driver's.",
    )
    st.html(f'<div class="cq-inks" role="list" aria-label="Inks">{draw_inks(made)}</div>')
    licence = f" Licence: {_widgets.plain(panel.licence)}." if panel.licence else ""
    how = "Measured" if panel.measured else "Not measured, an estimate"
    st.caption(f"{how}. Source: {_widgets.plain(panel.source)}.{licence}")


def make(picture: PictureRef, line: DeltaGenerator) -> tuple[results.Wanted, OnPanel]:
    """Make what was chosen, or say in a sentence why that cannot be."""
    try:
        wanted = results.read_wanted(picture, _state.choices())
        width, height = wanted.size
        told = partial(line.caption, f"Working: inks are mixed for {width * height:,} pixels.")
        return wanted, results.make(wanted, told)
    except QuantizeError as error:
        line.warning(_words.sentence(str(error)), icon=":material/error:")
        st.stop()


def main(frame: Frame) -> None:
    """Draw the page."""
    picture = frame.picture
    _faint.stop_if_gone(picture, can_be_soft=False)
    controls.pick_panel(_state.choices().panel_size)
    controls.pick_ways()
    pictures, line = st.container(key="pictures"), st.container(key="made").empty()
    wanted, made = make(picture, line)
    with pictures:
        show_pictures(wanted, made)
    _faint.tell_without(picture, "here they lie on white")
    line.html(_widgets.figures(describe(wanted, made)))
    if made.preparation:
        st.caption(_words.sentence(made.preparation.why))
    draw_downloads(frame, wanted)
    show_inks(made)


main(ensure_frame())
