"""A palette: colours in an order, with the share of the picture that each covers and names, if known.

Colours are 8-bit sRGB. What can be said of them is in ``facts`` (names, contrast) and ``vision`` (colour
vision), orders in ``order``; files are in ``swatches``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import hex_colors
from quantize.errors import QuantizeError

MAX_ENTRIES = 4096
"""Most entries of a palette; a file with more is refused."""

MAX_PAIRED = 256
"""Most entries for what compares every pair."""

MAX_NAME = 200
"""Characters of a name that are kept."""


@dataclass(frozen=True, eq=False)
class Palette:
    """Colours in an order.

    Parameters
    ----------
    colors : uint8, shape (k, 3), 1 <= k <= 4096
        sRGB, R, G, B order. Equal colours are allowed. Kept as a read-only copy.
    shares : float64, shape (k,), or None
        Share of the picture that each entry covers, 0–1, summing to 1. None if not known.
    names : tuple of str, or None
        A name for every entry, "" where it has none. Line breaks, control characters and the like
        become spaces, and names are cut after 200 characters: any name kept fits on one line of a file.
        A name that only repeats its colour's code is none. None if no entry has a name.
    notes : tuple of str
        What a person should know about this palette, for example how a file's colours were converted.

    Raises
    ------
    QuantizeError
        If the arrays are not of these shapes and ranges.
    """

    colors: NDArray[np.uint8]
    shares: NDArray[np.float64] | None = None
    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "colors", _check_colors(self.colors))
        object.__setattr__(self, "shares", _check_shares(self.shares, len(self.colors)))
        object.__setattr__(self, "names", _check_names(self.names, self.hexes))

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.colors)

    @classmethod
    def from_counts(cls, colors: NDArray[np.uint8], counts: NDArray[np.integer]) -> Palette:
        """Build a palette from a quantized picture's colours, uint8 (k, 3), and their pixels, (k,).

        Raises
        ------
        QuantizeError
            If the arrays do not fit together or no pixel is counted.
        """
        total = int(np.sum(counts))
        if total <= 0:
            raise QuantizeError(f"counts must sum to at least 1 pixel, got {total}: choose a visible picture")
        return cls(colors, np.asarray(counts, np.float64) / total)

    def _repr_html_(self) -> str:
        """Draw it for a notebook: a block for each entry, with its code, name and share."""
        names: Sequence[str] = self.names or [""] * len(self)
        shares = [None] * len(self) if self.shares is None else self.shares.tolist()
        blocks = "".join(map(_draw_block, self.hexes, names, shares))
        return f'<div style="display:flex;flex-wrap:wrap;gap:8px">{blocks}</div>'

    @property
    def hexes(self) -> list[str]:
        """The colours as "#rrggbb"."""
        return hex_colors(self.colors)

    def take(self, order: Sequence[int] | NDArray[np.integer]) -> Palette:
        """Return the same palette with these of its entries, in this order; shares must still sum to 1."""
        rows = np.asarray(order, np.intp)
        shares = None if self.shares is None else self.shares[rows]
        names = None if self.names is None else tuple(self.names[row] for row in rows)
        return replace(self, colors=self.colors[rows], shares=shares, names=names)


def limit_entries(palette: Palette, most: int = 256) -> Palette:
    """Drop entries that stand twice where there are more than a picture's palette can hold.

    Returns
    -------
    Palette
        The same if it has at most ``most`` entries; else each colour once, with a note.

    Raises
    ------
    QuantizeError
        If it has more different colours.
    """
    if len(palette) <= most:
        return palette
    rows = list({code: row for row, code in reversed([*enumerate(palette.hexes)])}.values())[::-1]
    if len(rows) > most:
        raise QuantizeError(
            f"palette must hold at most {most} different colours, got {len(rows):,}: choose some of them"
        )
    left = len(palette) - len(rows)
    entries = "1 entry that stands twice was" if left == 1 else f"{left:,} entries that stand twice were"
    note = f"{entries} left out, as there are more than {most}"
    shown = replace(palette, shares=None).take(sorted(rows))
    return replace(shown, notes=(*palette.notes, note))


def clean_name(name: str) -> str:
    """Make a name that any file can hold on one line: no control characters, at most 200 characters.

    White space of any kind and line separators become single spaces; surrogates and noncharacters,
    which UTF-8 or XML cannot hold, are dropped, and so is what is not seen but steers the text around it.
    """
    cleaned = _cleaned(name)
    # A cut may leave a part of a flag, or a joiner at the end.
    return cleaned if len(cleaned) <= MAX_NAME else _cleaned(cleaned[:MAX_NAME])


def _cleaned(name: str) -> str:
    parts, end = list[str](), 0
    for flag in _FLAG.finditer(name):
        parts += _readable(name[end : flag.start()]), flag[0]
        end = flag.end()
    kept = "".join([*parts, _readable(name[end:])])
    return " ".join(_LOOSE_JOINER.sub("", kept).split())


# They join signs or keep letters apart, and are nothing at an end, beside a blank or after one of their kind.
_LOOSE_JOINER = re.compile(r"(?<!\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\S)|(?<=[\u200c\u200d])[\u200c\u200d]+")
# Flags of parts of countries are a black one, tags that nobody sees, and an end.
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")
# Signs of Arabic and others that are seen, though Unicode counts them among what is not.
_SEEN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
# Letters and signs of no width or no ink.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


# Control characters, line separators, paragraph separators
_BREAKS = ("Cc", "Zl", "Zp")


def _readable(text: str) -> str:
    return "".join(" " if unicodedata.category(char) in _BREAKS else char for char in text if _writable(char))


def _writable(char: str) -> bool:
    code = ord(char)
    if unicodedata.category(char) == "Cf":
        return char in "\u200c\u200d" or bool(_SEEN.match(char))
    if char in _BLANK:
        return False
    return not (0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE)


def check_paired(palette: Palette | NDArray[np.uint8]) -> None:
    """Refuse a palette that is too large for comparing every pair.

    Raises
    ------
    QuantizeError
        If it has more than MAX_PAIRED entries.
    """
    if len(palette) > MAX_PAIRED:
        raise QuantizeError(
            f"palette must hold at most {MAX_PAIRED} colours for comparing every pair, "
            f"got {len(palette):,}: choose fewer"
        )


def _draw_block(code: str, name: str, share: float | None) -> str:
    said = [f"<code>{code}</code>", escape(name), "" if share is None else f"{share:.1%}"]
    return (
        f'<div style="width:7em"><div style="height:3em;background:{code};border:1px solid #8888"></div>'
        f"{'<br>'.join(filter(None, said))}</div>"
    )


def _check_colors(colors: NDArray[np.uint8]) -> NDArray[np.uint8]:
    array = np.array(colors)
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] != 3:
        raise QuantizeError(
            f"colors must be uint8 of shape (k, 3), got {array.dtype} of shape {array.shape}: "
            "pass sRGB 0–255, one colour a row"
        )
    if not 1 <= len(array) <= MAX_ENTRIES:
        raise QuantizeError(
            f"palette must hold 1 to {MAX_ENTRIES:,} colours, got {len(array):,}: choose some of them"
        )
    array.setflags(write=False)
    return array


def _check_shares(shares: Iterable[float] | None, k: int) -> NDArray[np.float64] | None:
    if shares is None:
        return None
    array = np.array(shares, np.float64)
    if array.shape != (k,) or not (array >= 0).all() or not abs(array.sum() - 1) < 1e-6:
        raise QuantizeError(
            f"shares must be {k} numbers from 0 that sum to 1, got {array.size} that sum to "
            f"{array.sum():g}: divide by their sum"
        )
    array.setflags(write=False)
    return array


def _check_names(names: Iterable[str] | None, codes: list[str]) -> tuple[str, ...] | None:
    if names is None:
        return None
    cleaned = [clean_name(name) for name in names]
    if len(cleaned) != len(codes):
        raise QuantizeError(
            f"names must be one for each of {len(codes)} colours, got {len(cleaned)}: use '' for none"
        )
    pairs = zip(cleaned, codes, strict=True)
    said = tuple("" if name.lower() in (code, code[1:]) else name for name, code in pairs)
    return said if any(said) else None
