"""Regions of a picture: masks, areas, cut-outs, and a poster of them as SVG."""

from functools import partial

import streamlit as st

from pages import Frame, _acts, _cache, _coming, _faint, _state, _widgets, _words, ensure_frame
from pages._references import PictureRef
from pages._segments import controls, files, html, results
from pages._segments.results import Wish
from pages._viewer import Pane, palette_bar, viewer
from pages._viewer.news import tell
from quantize import QuantizeError
from quantize.colors.hexadecimal import hex_colors
from quantize.regions.segments import Segments

# Pixels from which on it takes long enough for a word.
LARGE = 12_500_000

# Pixels of a viewer's buttons and labels and of the palette below, on a phone.
WITH_PALETTE = 158


def show_pictures(picture: PictureRef, wish: Wish, segments: Segments) -> None:
    """Show the original and its regions, and their colours under them."""
    label = "1 region" if len(segments) == 1 else f"{len(segments):,} regions"
    panes = [
        Pane("Original", _cache.original_preview(picture)),
        Pane(label, results.preview(wish, segments), palette=segments.hexes),
    ]
    viewer(
        panes, key="segments_viewer", size=picture.size, crop=partial(results.part, wish, segments),
        on_pick=partial(_acts.follow_pick, "segments_viewer"), **_acts.looking("segments_viewer"),
    )  # fmt: skip
    palette_bar(segments.hexes, segments.shares.tolist(), key="segments_bar", viewer="segments_viewer")


def main(frame: Frame) -> None:
    """Draw the page; what takes longest comes last."""
    picture, record = frame.picture, _state.choices()
    _faint.stop_if_gone(picture, can_be_soft=False)
    controls.pick_smallest(picture)
    pictures = st.container(key="pictures")
    line = st.container(key="figures").empty()
    if picture.size[0] * picture.size[1] > LARGE:
        line.html(_widgets.figures([("", "Finding regions …")]))
    try:
        with _coming.beside(picture, ["Regions"], pictures, room=WITH_PALETTE):
            settings = results.plain_settings(record)
            result = _cache.quantized(picture, settings, _state.checkpoint()).result
            wish = results.make_wish(picture, result, record)
            segments = results.find(wish, _state.checkpoint())
    except QuantizeError as error:
        line.error(_words.sentence(str(error)))
        st.stop()
    colors = hex_colors(result.palette)
    with pictures:
        show_pictures(picture, wish, segments)
        tell(f"{len(segments)} regions in {int(segments.n_parts.sum())} parts")
    line.html(_widgets.figures(controls.describe(segments)))
    _faint.tell_without(picture)
    controls.say_where(segments, colors, record.dither != "none")
    files.draw_files(frame, wish, len(segments), colors)
    controls.pick_merged(segments, colors, results.active_groups(record, colors))
    st.markdown("## Areas", help="Of the visible pixels. A part is a connected piece of a region.")
    st.html(html.draw_areas(segments, colors))


main(ensure_frame())
