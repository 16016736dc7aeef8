"""A palette as somebody says it on the command line: a table's name, a file, codes, or another picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quantize.commands.output import printable
from quantize.decoding.formats import picture_format
from quantize.decoding.picture import Picture, load_picture
from quantize.errors import QuantizeError
from quantize.limits import MAX_PALETTE_BYTES
from quantize.palettes.palette import Palette, limit_entries
from quantize.palettes.tables import read_tables
from quantize.pipeline import quantize_image
from quantize.swatches.formats import read_palette
from quantize.swatches.pasted import parse_colors
from quantize.swatches.pictures import is_png

MOST = 256
"""Entries of an indexed PNG."""


@dataclass(frozen=True, eq=False)
class Given:
    """A palette, with what it is called, and the file that it was read from, if any."""

    palette: Palette
    name: str
    path: Path | None = None


def read_given(said: str, most: int = MOST) -> Given:
    """Read a palette by what a person wrote.

    Parameters
    ----------
    said : str
        The key of a built-in table; or a palette file, or a picture, whose colours are meant; or codes such
        as "#c00000,#fff". What is a table's key is no file: that is written ./pico-8.
    most : int
        Colours that it may have. A picture with more is reduced to 256 of its own, with a note.

    Raises
    ------
    QuantizeError
        If it is nothing of that, cannot be read, or has too many colours.
    """
    if table := read_tables().get(said):
        return Given(limit_entries(table.palette, most), said)
    path = Path(said)
    try:
        is_file = bool(said) and path.exists()
    except (OSError, ValueError):  # as long as no path may be
        is_file = False
    if is_file:
        return Given(limit_entries(_read_file(path, most), most), path.stem, path)
    return Given(limit_entries(_read_codes(said), most), "colours")


def _read_codes(said: str) -> Palette:
    try:
        return parse_colors(said)
    except QuantizeError:
        if Path(said).suffix:
            raise QuantizeError(f"could not read {printable(said)}: No such file or directory") from None
        got = printable(said) or '""'
        raise QuantizeError(
            "palette must be a file that is there, a built-in palette's name (quantize map --tables lists "
            f'them) or codes like "#c00000,#fff", got {got}'
        ) from None


def _read_file(path: Path, most: int) -> Palette:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PALETTE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise QuantizeError(f"could not read {printable(path)}: {reason}") from None
    if not picture_format(data):
        return read_palette(data, path.name)
    found = _read_strip(data, path)
    return found if found and len(set(found.hexes)) <= most else _take_colors(path)


def _read_strip(data: bytes, path: Path) -> Palette | None:
    """Read a picture as a palette file, in its own order; None if it is too large or colourful for one."""
    if not is_png(data):
        return None
    try:
        return read_palette(data, path.name)
    except QuantizeError:
        return None


def _take_colors(path: Path) -> Palette:
    """Take the colours of a picture, from dark to light: all of them if there are no more than 256."""
    picture = load_picture(path)
    if not picture.opacity.n_visible:
        raise QuantizeError(f"palette must have a visible colour, got only transparency in {printable(path)}")
    taken = quantize_image(picture, n_colors=MOST, space="Oklab")
    return Palette(taken.palette, notes=_reduced(picture, path))


def _reduced(picture: Picture, path: Path) -> tuple[str, ...]:
    if picture.n_colors <= MOST:
        return ()
    return (f"{printable(path.name)} has {picture.n_colors:,} colours: 256 that stand for them were taken",)
