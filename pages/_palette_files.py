"""Palette files that visitors give, wherever they drop them: told from pictures, and pinned."""

from pages import _palette_acts, _state, _table_acts
from pages._choices import MANY_COLORS
from pages._names import shorten
from quantize import QuantizeError
from quantize.decoding.formats import SVG, TGA, find_refused, picture_format
from quantize.decoding.worker import read_palette_apart
from quantize.limits import MAX_PALETTE_BYTES
from quantize.palettes.palette import Palette, limit_entries
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


def read(name: str, data: bytes) -> Palette:
    """Read a palette file.

    Raises
    ------
    QuantizeError
        If it is none, or holds more colours than an address.
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
    return limit_entries(palette, MANY_COLORS)


def pin(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Pin the colours of a palette file on the palette page; return a sentence about it, and its entries.

    Raises
    ------
    QuantizeError
        As for ``read``; everything stays as it is.
    """
    palette = read(name, data)
    _state.remembered().import_news = None, tuple(palette.notes)
    _palette_acts.pin_file(shorten(name), palette)
    number = len(set(palette.hexes))
    colors = "one colour" if number == 1 else f"{number} colours"
    said = f"{shorten(name)} is a palette of {colors}, no picture: it is on the page Palette now."
    return said, tuple(palette.hexes)


def lay_out(name: str, data: bytes) -> str:
    """Make a palette file the table of the page about one's own palette; return a sentence about it.

    Raises
    ------
    QuantizeError
        As for ``read``; everything stays as it is.
    """
    palette = read(name, data)
    _table_acts.put_in(shorten(name), palette)
    number = len(palette)
    entries = "its one entry is" if number == 1 else f"its {number} entries are"
    return f"{shorten(name)} is a palette: {entries} the table now."
