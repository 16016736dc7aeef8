"""Pixel art at its true size, and tiles with small palettes of their own."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import (
    Frame,
    _acts,
    _cache,
    _code,
    _coming,
    _downloads,
    _faint,
    _state,
    _widgets,
    _words,
    ensure_frame,
)
from pages._names import stem as stem_of
from pages._pixels import controls, results, tiled
from pages._pixels.html import MOST_SETS, draw_sets
from pages._references import PictureRef
from pages._viewer import Pane, viewer
from quantize import QuantizeError
from quantize.colors.hexadecimal import hex_colors
from quantize.pixelart.restoring import Restored
from quantize.tiles.tiled import Tiled

Crop = Callable[[int, int, int, int, int], bytes]

VIEWER = "art_viewer"
NO_GRID = (
    "No grid was found: no cells of one colour come back evenly. If you see cells, say in Cell how large "
    "they are."
)


def show_pictures(picture: PictureRef, made: Pane, cut: Crop) -> None:
    """Show original and result; ``cut`` gives parts of both in full resolution."""
    panes = [Pane("Original", _cache.original_preview(picture)), made]
    viewer(panes, key=VIEWER, size=picture.size, crop=cut, **_acts.looking(VIEWER))


def show_original(picture: PictureRef) -> None:
    """Show the original alone."""
    panes, cut = [Pane("Original", _cache.original_preview(picture))], partial(_cache.part, picture, [])
    viewer(panes, key=VIEWER, size=picture.size, crop=cut, **_acts.looking(VIEWER))


def offer_sample(said: str) -> None:
    """Say that there is no grid, and what to do."""
    st.markdown(_widgets.plain(said), width="content")
    if not results.is_the_sample():
        st.button(
            "Try it on a sample", icon=":material/grid_on:", key="try_pixels", on_click=results.use_sample,
            help="Pixel art in 24 colours that was made 8½ times as large, and packed as a JPEG.",
        )  # fmt: skip


def describe(picture: PictureRef, restored: Restored) -> list[tuple[str, str]]:
    """Tell in figures what was found, as (label, value) pairs."""
    across, down = restored.grid.period
    width, height = restored.grid.size
    return [
        ("Cells", f"{width:,} × {height:,}"),
        ("Each", f"{across:.4g} × {down:.4g} pixels"),
        ("Colours", f"{picture.n_colors:,} → {len(restored.result.palette):,}"),
    ]


def draw_size(frame: Frame) -> None:
    """Draw the part that brings pixel art back to its true size."""
    picture = frame.picture
    controls.pick_size(picture)
    said = st.container(horizontal=True, vertical_alignment="center", key="no_grid")
    pictures, line = st.container(key="pictures"), st.container(key="made").empty()
    record = _state.choices()
    found = results.find(picture, record, partial(line.caption, "Working: looking for cells that come back."))
    if isinstance(found, str):
        line.empty()
        with said:
            offer_sample(_words.to_sentence(found) if record.cell else NO_GRID)
        with pictures:
            show_original(picture)
        _faint.tell_without(picture)
        return
    try:
        restored, key = results.restore(picture, record, found)
        png = results.draw(picture, restored, key)
    except QuantizeError as error:
        line.warning(_words.sentence(str(error)), icon=":material/error:")
        return
    codes = hex_colors(restored.result.palette)
    with pictures:
        pane = Pane(_size_in_words(restored), png, palette=codes)
        show_pictures(picture, pane, partial(results.cut, picture, restored))
    _faint.tell_without(picture)
    line.html(_widgets.figures(describe(picture, restored)))
    found_none = results.is_true_size(found)
    if found_none:
        with said:
            offer_sample(_words.to_sentence(restored.notes[0]))
    for note in restored.notes[found_none:]:
        st.caption(_words.sentence(note))
    draw_art_download(frame, restored, key)


def _size_in_words(restored: Restored) -> str:
    return "{:,} × {:,} cells".format(*restored.grid.size)


def draw_art_download(frame: Frame, restored: Restored, key: results.Key) -> None:
    """Offer the file, at its true size or a multiple."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="art_files"):
        scale = controls.pick_scale()
        width, height = (side * scale for side in restored.grid.size)
        stem, most = stem_of(frame.name), "" if scale == 1 else f"-{scale}x"
        _downloads.offer(
            "Download PNG", partial(results.write, restored, key, scale), f"{stem}-pixels{most}.png",
            "image/png", icon=":material/download:", key="export_art",
            help=f"Indexed PNG, {width:,}×{height:,} pixels.",
        )  # fmt: skip
        _code.offer_command(frame, "pixelart", results.name_options(_state.choices()) | {"--scale": scale})


def draw_tiles(frame: Frame) -> None:
    """Draw the part that gives tiles small palettes."""
    picture = frame.picture
    controls.pick_machine(picture)
    pictures, line = st.container(key="pictures"), st.container(key="made").empty()
    record = _state.choices()
    wanted = tiled.Wanted(picture, tiled.read_machine(record), record.space)
    try:
        with _coming.beside(picture, ["Tiles"], pictures):
            made = tiled.make(wanted, partial(_show_progress, line))
    except QuantizeError as error:
        line.warning(_words.sentence(str(error)), icon=":material/error:")
        return
    n_palettes, n_colors = made.sets.shape
    codes = list(dict.fromkeys(hex_colors(made.palette)))
    said = "1 palette" if n_palettes == 1 else f"{n_palettes:,} palettes"
    with pictures:
        pane = Pane(f"{said} of {n_colors}", tiled.draw(wanted), palette=codes)
        show_pictures(picture, pane, partial(tiled.cut, wanted))
    _faint.tell_without(picture)
    across, down = made.chosen.shape[::-1]
    width, height = made.tile
    line.html(
        _widgets.figures(
            [
                ("Tiles", f"{across:,} × {down:,} of {width}×{height} pixels"),
                ("Palettes", f"{n_palettes:,} of {n_colors}"),
                ("MSE", f"{made.sse / picture.opacity.n_visible:,.1f}"),
            ]
        )
    )
    for note in made.notes:
        st.caption(_words.sentence(note))
    draw_tile_downloads(frame, wanted)
    show_sets(made)


def _show_progress(line: DeltaGenerator, done: float) -> None:
    line.progress(done, "Working: palettes for all tiles")


def draw_tile_downloads(frame: Frame, wanted: tiled.Wanted) -> None:
    """Offer picture, map and palette."""
    files = {
        "png": ("Download PNG", "image/png", "Indexed PNG, its entries palette after palette."),
        "json": ("Download map", "application/json", "JSON: the small palettes, and which tile has which."),
        "pal": ("Download palette", "text/plain", "JASC PAL: all entries in the order of the PNG."),
    }
    stem = f"{stem_of(frame.name)}-{wanted.machine.key}"
    with st.container(horizontal=True, key="tile_files"):
        for kind, (label, mime, help) in files.items():
            _downloads.offer(
                label, partial(tiled.write, wanted, kind), f"{stem}.{kind}", mime,
                icon=":material/download:", key=f"export_tiles_{kind}", help=help,
            )  # fmt: skip
        _code.offer_command(frame, "tiles", tiled.name_options(wanted))


def show_sets(made: Tiled) -> None:
    """Show the small palettes, and how many tiles have each."""
    many = f" The {MOST_SETS} that most tiles have." if len(made.sets) > MOST_SETS else ""
    st.markdown(
        "## Small palettes", help=f"Each with its number, its colours, and how many tiles have it.{many}"
    )
    st.html(draw_sets(made))


def main(frame: Frame) -> None:
    """Draw the page."""
    _faint.stop_if_gone(frame.picture, can_be_soft=False)
    part = draw_tiles if _state.choices().art == "tiles" else draw_size
    part(frame)


main(ensure_frame())
