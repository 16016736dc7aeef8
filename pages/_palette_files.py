"""Palette files that visitors give, wherever they drop them: told from pictures, and pinned."""

from pages import _palette_acts, _state
from pages._choices import MANY_COLORS
from pages._names import shorten
from quantize import QuantizeError
from quantize.decoding.formats import SVG, TGA, find_refused, picture_format
from quantize.decoding.worker import read_palette_apart
from quantize.limits import MAX_PALETTE_BYTES
from quantize.palettes.palette import limit_entries
from quantize.swatches.formats import is_palette, is_recognised


def is_palette_file(data: bytes, name: str) -> bool:
    """Tell whether a file is a palette rather than a picture, by its content before its name.

    A drawing (SVG) is none: who drops one here wants it as a picture, and is told what to do.
    """
    if picture_format(data) or not data or name.lower().endswith((*TGA.endings, *SVG.endings)):
        return False
    if len(data) <= MAX_PALETTE_BYTES and is_recognised(data, "png", "svg"):
        return True
    return not find_refused(data) and is_palette(data[:MAX_PALETTE_BYTES], name)


def pin(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Pin the colours of a palette file on the palette page; return a sentence about it, and its entries.

    Raises
    ------
    QuantizeError
        If it is none, or holds more colours than can be pinned; everything stays as it is.
    """
    try:
        palette = read_palette_apart(data, name)
    except QuantizeError as error:
        kind = picture_format(data)
        if kind is None:
            raise
        raise QuantizeError(
            f"palette file must hold a palette, got a {kind} picture: drop it under Your picture"
        ) from error
    palette = limit_entries(palette, MANY_COLORS)
    _state.remembered().import_news = None, tuple(palette.notes)
    _palette_acts.pin_file(shorten(name), palette)
    number = len(set(palette.hexes))
    count = "1 colour is" if number == 1 else f"{number} colours are"
    return f"{shorten(name)} is a palette: its {count} pinned on the Palette page", tuple(palette.hexes)
