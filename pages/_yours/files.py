"""Files of one's own palette: of any palette format, and look-up tables."""

from functools import partial

import streamlit as st

from pages import _cache, _controls, _downloads, _state
from pages._address_parts import LUTS
from pages._names import of_palette
from quantize import Palette, write_palette
from quantize.palettes.lut import make_lut
from quantize.rendering.luts import LUT_FORMATS, write_lut
from quantize.swatches.formats import FORMATS

BLENDS = {"nearest": "Nearest", "smooth": "Smooth", "lightness": "Smooth, lightness kept"}
BLEND_HELP = (
    "Nearest: every colour becomes one of the table's; programs blend where two of them meet. Smooth: "
    "entries are blended, so that gradients stay. Lightness kept: only hue and chroma are the table's."
)


def draw_files(palette: Palette, stem: str) -> None:
    """Offer what is used as a palette file and as a look-up table."""
    key = st.selectbox(
        "Palette file", list(FORMATS), **_controls.show("format", "table_format"),
        format_func=lambda key: f"{FORMATS[key].title} ({FORMATS[key].extension})",
    )  # fmt: skip
    _downloads.offer(
        "Download palette", lambda: write_palette(palette, key),
        of_palette(stem, len(palette), FORMATS[key].extension), FORMATS[key].mime,
        icon=":material/download:", key="export_table",
    )  # fmt: skip
    lut = st.selectbox(
        "Look-up table", LUTS, **_controls.show("lut"), format_func=_lut_title,
        help="Gives any picture these colours in programs that grade pictures and films.",
    )  # fmt: skip
    blend = st.selectbox(
        "Between entries", list(BLENDS), **_controls.show("blend"), format_func=BLENDS.__getitem__,
        help=BLEND_HELP,
    )  # fmt: skip
    kind, size = _read_lut(lut)
    _downloads.offer(
        "Download LUT", partial(_make_lut, palette, lut, blend, _state.choices().space, stem),
        f"{stem}-lut-{size}{LUT_FORMATS[kind].extension}",
        "image/png" if kind == "hald" else "text/plain", icon=":material/download:", key="export_lut",
    )  # fmt: skip


def _read_lut(lut: str) -> tuple[str, int]:
    kind, _, size = lut.partition("-")
    return kind, int(size)


def _lut_title(lut: str) -> str:
    kind, size = _read_lut(lut)
    return f"{LUT_FORMATS[kind].title}, {size}³ ({LUT_FORMATS[kind].extension})"


def _make_lut(palette: Palette, lut: str, blend: str, space: str, title: str) -> bytes:
    """Make it in a turn, as any work of more than a moment."""
    key = "lut", *palette.hexes, lut, blend, space, title
    return _cache.kept(key, partial(_write_lut, palette, lut, blend, space, title))


def _write_lut(palette: Palette, lut: str, blend: str, space: str, title: str) -> bytes:
    kind, size = _read_lut(lut)
    made = make_lut(
        palette.colors, size, smooth=blend != "nearest", keep_lightness=blend == "lightness", space=space
    )  # fmt: skip
    return write_lut(made, kind, title)
