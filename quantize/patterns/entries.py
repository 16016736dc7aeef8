"""Entries of a palette as a chart calls them: by number, code and name.

Number and code are the palette's own, so that "H05" or 5 means the same on every chart of these beads,
whatever the picture. A code is the first word of a name, if it has a digit: "H05 Red", "80-15179 Evergreen",
"310 Black". It is in ASCII, as other letters may look alike or not be in the font, and begins with no #, as
places of entries do. A palette in which few names have one, or in which one code stands for two colours, goes
by the places of its entries instead, from 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.palettes.palette import Palette

_LONGEST_CODE = 12


@dataclass(frozen=True)
class Entry:
    """One entry.

    Attributes
    ----------
    number : int
        Its place in the palette, from 1.
    color : (int, int, int)
        sRGB, 0–255.
    hex : str
        The same, "#rrggbb".
    code, name : str
        Its code, or its number; what its name says besides, perhaps nothing.
    """

    number: int
    color: tuple[int, int, int]
    hex: str
    code: str
    name: str


def read_entries(palette: Palette) -> tuple[Entry, ...]:
    """Read what the entries of a palette are called, in their order."""
    names = palette.names or ("",) * len(palette)
    parted = [_part_code(name) for name in names]
    if not _are_codes([code for code, _ in parted], palette.hexes):
        parted = [(f"{place + 1}", name) for place, name in enumerate(names)]
    rows = zip(palette.colors.tolist(), palette.hexes, parted, strict=True)
    return tuple(
        Entry(place + 1, tuple(color), code, own or f"#{place + 1}", name)
        for place, (color, code, (own, name)) in enumerate(rows)
    )


def _part_code(name: str) -> tuple[str, str]:
    """Part a name; a code is in letters, digits and signs that every printer has, as others look alike."""
    first, _, rest = name.partition(" ")
    is_code = len(first) <= _LONGEST_CODE and first.isascii() and first.isprintable() and first[:1] != "#"
    return (first, rest) if is_code and any(letter.isdecimal() for letter in first) else ("", name)


def _are_codes(codes: list[str], hexes: list[str]) -> bool:
    """Tell whether more than half of the entries have a code, and none means two colours."""
    pairs = {(code, color) for code, color in zip(codes, hexes, strict=True) if code}
    return 2 * sum(map(bool, codes)) > len(codes) and len(pairs) == len({code for code, _ in pairs})


def color_rows(entries: tuple[Entry, ...]) -> NDArray[np.uint8]:
    """List the colours of entries, uint8 (k, 3)."""
    return np.array([entry.color for entry in entries], np.uint8).reshape(-1, 3)
