"""A palette from the picture: swatches, pins, contrast, colour vision, palette files."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from pages import (
    Frame,
    _acts,
    _cache,
    _faint,
    _fixed,
    _palette_acts,
    _share,
    _state,
    _widgets,
    _words,
    ensure_frame,
)
from pages._color_names import look_up
from pages._palettes import controls, html
from pages._palettes.results import find_palette
from pages._references import PictureRef, ResultRef
from pages._viewer import Pane, viewer
from pages._viewer.swatches import Swatch, swatches
from quantize import Palette, QuantizeError
from quantize.colors.hexadecimal import hex_colors
from quantize.palettes.entries import arrange_entries
from quantize.palettes.order import sort_palette
from quantize.settings import LIMITS


def show_picture(picture: PictureRef, result: ResultRef) -> None:
    """Show original and result; a click makes its colour the one to add."""
    colors = hex_colors(result.palette)
    panes = [
        Pane("Original", _cache.original_preview(picture)),
        Pane(_widgets.colors_in_words(len(colors)), _cache.result_preview(result), palette=colors),
    ]
    viewer(
        panes, key="palette_viewer", mode="wipe", height=440,
        size=picture.size, on_pick=partial(_acts.follow_pick, "palette_viewer"),
        **_acts.looking("palette_viewer"),
    )  # fmt: skip


def show_swatches(palette: Palette, pins: Sequence[str], in_picture: Sequence[str]) -> None:
    """Show the palette's entries in its order; each can be pinned, edited and removed."""
    facts, names = _cache.color_facts(palette.colors), look_up(_state.choices().names, palette.hexes)
    shares = [] if palette.shares is None else palette.shares.tolist()
    entries = [
        Swatch(
            hex=code, rgb="rgb({} {} {})".format(*color), oklch=oklch, css=css, name=names.get(code, ""),
            share=html.share_in_words(share), pinned=code in pins,
        )
        for code, color, share, oklch, css in zip(
            palette.hexes, palette.colors.tolist(), shares, facts.oklch, facts.css_names, strict=True
        )
    ]  # fmt: skip
    least = int(LIMITS["n_colors"].low)
    swatches(
        entries, key="swatches", viewer="palette_viewer", palette=in_picture, least=least,
        on_act=partial(_palette_acts.follow_swatch, "swatches"),
    )  # fmt: skip


def name_colors(palette: Palette) -> Palette:
    """Give colours the names that were chosen for them."""
    known = look_up(_state.choices().names, palette.hexes)
    names = tuple(known.get(code, "") for code in palette.hexes)
    return replace(palette, names=names if any(names) else None)


def arrange(result: ResultRef, pins: Sequence[str], order: str) -> tuple[Palette, Palette]:
    """Bring a result's colours in order: for the swatches, and for files, where some may stand twice."""
    found = Palette.from_counts(result.palette, result.counts)
    if order != "file":
        palette = name_colors(sort_palette(found, order))
        return palette, palette
    entries = arrange_entries(result.palette, result.counts, pins, order)
    row_of = {code: row for row, code in enumerate(found.hexes)}
    rows = [row_of[code] for code in dict.fromkeys(hex_colors(entries))]
    return name_colors(found.take(rows)), name_colors(Palette(entries))


def show_contrast(palette: Palette) -> None:
    """Show the contrast of every pair."""
    facts = _cache.color_facts(palette.colors)
    st.markdown("## Contrast", help="WCAG 2.2: AA asks for 4.5 (text) or 3 (large text, icons), AAA for 7.")
    if len(palette) > 1:
        st.html(html.contrast_table(palette.hexes, facts.ratios))
    st.caption(html.contrast_in_words(facts.ratios))


def show_vision(palette: Palette) -> None:
    """Show the palette as other eyes see it, and what becomes alike."""
    facts = _cache.color_facts(palette.colors)
    st.markdown("## Colour vision", help="Simulated for eyes that lack one of the three kinds of cones.")
    st.html(html.vision_rows(palette.hexes, dict(facts.seen)))
    if len(palette) > 1:
        st.html(html.look_alikes(palette.hexes, facts.look_alikes))


def main(frame: Frame) -> None:
    """Draw the page."""
    st.html(html.STYLE)
    _faint.stop_if_gone(frame.picture, can_be_soft=False)
    _faint.tell_without(frame.picture)
    with st.container(key="columns"):
        left, right = st.columns(2, gap="large")
    pairs, rest = st.columns(2, gap="large")
    with left.container(key="beside"):
        pictures = st.container()
        with st.container(key="controls"):
            controls.pick_choices(partial(_share.draw, _share.frame_height(frame.picture.size, False)))
    with right:
        board = st.container()
        with st.container(key="adding"):
            adding = st.container()
            _widgets.pick_pins("pin")
    with rest:
        vision = st.container()
        st.markdown("## Files")
        exporting = st.container()
        controls.draw_import()
    choices, settings = _state.choices(), _state.choices().palette_settings()
    pins = choices.pin
    try:
        result = find_palette(frame.picture, settings, choices.merge, _state.checkpoint())
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        st.stop()
    palette, entries = arrange(result, pins, choices.order)
    with board:
        told = controls.draw_news(entries.hexes)
        show_swatches(palette, pins, hex_colors(result.palette))
        if _state.remembered().names_news:
            st.caption(_widgets.plain(_state.remembered().names_news))
    with pictures:
        show_picture(frame.picture, result)
    with adding, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        controls.draw_add(pins, palette.hexes)
        if not told:
            controls.draw_use(entries.hexes)
    if not told:
        with adding:
            _fixed.tell_fixed()
    with exporting:
        controls.draw_export(entries, frame, result)
    with pairs:
        show_contrast(palette)
    with vision:
        show_vision(palette)


main(ensure_frame())
