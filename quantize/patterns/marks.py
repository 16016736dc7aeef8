"""What stands in a cell: a symbol or a code, placed in its middle, as large as it can be.

Lengths are in mm. Shapes of letters are measured in the font that charts are written in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from quantize.errors import QuantizeError
from quantize.patterns.entries import Entry
from quantize.patterns.symbols import SYMBOLS
from quantize.rendering.lettering import find_font

POINT = 25.4 / 72
"""Of a printer, mm."""

LEAST_CODE = 3.0
"""Points below which a code cannot be read in print."""

_EM = 500
_WIDE, _HIGH, _LARGEST = 0.68, 0.68, 0.84  # of a cell: the most that a symbol takes, and its font's size
_CODE_WIDE, _CODE_LARGEST = 0.86, 0.5


@dataclass(frozen=True)
class Mark:
    """One mark.

    Attributes
    ----------
    text : str
        What is written.
    size : float
        Of the font, mm, in a cell of the size it was made for.
    x, y : float
        From the middle of the cell to where writing begins, on its base line; y grows downwards.
    """

    text: str
    size: float
    x: float
    y: float

    def scaled(self, factor: float) -> Mark:
        """Make the same mark for a cell of another size."""
        return Mark(self.text, self.size * factor, self.x * factor, self.y * factor)


def make_symbols(n: int, cell: float) -> list[Mark]:
    """Make ``n`` different symbols, at most 256, for cells of ``cell`` mm."""
    return [_place(symbol, _symbol_size(symbol) * cell) for symbol in SYMBOLS[:n]]


def make_codes(entries: Sequence[Entry], cell: float) -> list[Mark]:
    """Make a mark of every entry's code for cells of ``cell`` mm, all of one size.

    What all codes begin with up to a hyphen is left out ("80-15179" is 15179).

    Raises
    ------
    QuantizeError
        If they would be too small to be read.
    """
    codes = shorten_codes([entry.code for entry in entries])
    widest = max(_measure(code)[2] - _measure(code)[0] for code in codes)
    size = min(_CODE_WIDE / widest, _CODE_LARGEST) * cell
    if size < LEAST_CODE * POINT:
        longest = max(codes, key=len)
        raise QuantizeError(
            f"codes must be at least {LEAST_CODE:g} points high, got {size / POINT:.1f} for {longest} in "
            f"cells of {cell:g} mm: take symbols or a larger cell"
        )
    top = _measure("0")[1]
    return [Mark(code, size, _place(code, size).x, -top / 2 * size) for code in codes]


def shorten_codes(codes: Sequence[str]) -> list[str]:
    """Drop what all codes begin with, up to their last common hyphen."""
    # The first and the last in alphabetical order have in common what all have.
    pairs = zip(min(codes), max(codes), strict=False)
    shared = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    shorter = [code[shared.rfind("-") + 1 :] for code in codes]
    return shorter if len(codes) > 1 and all(shorter) else list(codes)


def _place(text: str, size: float) -> Mark:
    left, top, right, bottom = _measure(text)
    return Mark(text, size, -(left + right) / 2 * size, -(top + bottom) / 2 * size)


def _symbol_size(symbol: str) -> float:
    left, top, right, bottom = _measure(symbol)
    return min(_WIDE / (right - left), _HIGH / (bottom - top), _LARGEST)


@cache
def _measure(text: str) -> tuple[float, float, float, float]:
    """Measure the box of the ink, from where writing begins, in sizes of the font; y grows downwards."""
    mask, (x, y) = find_font(_EM).getmask2(text, mode="L", anchor="ls")
    left, top, right, bottom = mask.getbbox() or (0, 0, 1, 1)
    return (x + left) / _EM, (y + top) / _EM, (x + right) / _EM, (y + bottom) / _EM
