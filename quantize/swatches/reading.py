"""What the readers of palette files share: limits, text, colours in other models, names that say nothing.

A file comes from anyone. Every reader goes through ``Entries``, which stops at the limit, and raises only
QuantizeError.
"""

from __future__ import annotations

import colorsys
import math
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from quantize.errors import QuantizeError
from quantize.palettes.palette import MAX_ENTRIES, Palette

if TYPE_CHECKING:
    from coloraide import Color

MAX_FILE_BYTES = 1_000_000
"""Bytes of a palette file, and of what is packed inside one. 4,096 named colours take a tenth of it."""

CMYK_NOTE = "CMYK colours were converted without a colour profile; in print they look different"
LAB_NOTE = "Lab colours were converted to sRGB; those outside it were clipped"
ALPHA_NOTE = "transparency was dropped: a palette's colours are opaque"
WIDE_NOTE = "colours outside sRGB were clipped"

# Longest text that is tried as a colour
_MAX_COLOR_TEXT = 100
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.I | re.A)


def unreadable(title: str, why: str) -> QuantizeError:
    """Explain that a file of a known format cannot be read, in one sentence."""
    return QuantizeError(f"{title} palette cannot be read, {why}: export it again")


class Entries:
    """Colours, names and notes as a reader finds them."""

    def __init__(self, title: str) -> None:
        """Begin with nothing; ``title`` names the format in messages."""
        self.title = title
        self.colors: list[tuple[int, int, int]] = []
        self.names: list[str] = []
        self.notes: dict[str, None] = {}

    def add(self, color: Sequence[float], name: str = "", *notes: str) -> None:
        """Add a colour of R, G, B 0–255, which is rounded and clipped.

        Raises
        ------
        QuantizeError
            If it is not three finite numbers, or there are more than 4,096.
        """
        if not all(math.isfinite(value) for value in color):
            raise unreadable(self.title, f"colour {len(self.colors) + 1} is not a number")
        if len(self.colors) == MAX_ENTRIES:
            raise QuantizeError(
                f"{self.title} palette must hold at most {MAX_ENTRIES:,} colours, got more: export fewer"
            )
        red, green, blue = (min(255, max(0, round(value))) for value in color)
        self.colors.append((red, green, blue))
        self.names.append(name)
        self.notes.update(dict.fromkeys(notes))

    def palette(self) -> Palette:
        """Return what was found.

        Raises
        ------
        QuantizeError
            If there is no colour.
        """
        if not self.colors:
            raise unreadable(self.title, "it holds no colour")
        return Palette(np.array(self.colors, np.uint8), names=tuple(self.names), notes=tuple(self.notes))


def decode_text(data: bytes, title: str = "text") -> str:
    """Decode UTF-8, or else Windows-1252, in which older programs write.

    Raises
    ------
    QuantizeError
        If it is binary: if it holds a zero.
    """
    if b"\0" in data:
        raise unreadable(title, "it is no text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def is_text(data: bytes) -> bool:
    """Tell whether ``data`` looks like a text: its beginning has no control characters but white space."""
    return not any(byte < 9 or 13 < byte < 32 for byte in data[:1024])


def parse_color(text: str) -> tuple[tuple[float, ...], tuple[str, ...]] | None:
    """Read a CSS colour of any notation: R, G, B 0–255 and notes, or None if it is none."""
    text = text.strip()
    if _HEX.fullmatch(text):
        digits = text[1:] if len(text) > 5 else "".join(2 * digit for digit in text[1:])
        red, green, blue, *alpha = bytes.fromhex(digits)
        return (red, green, blue), ((ALPHA_NOTE,) if alpha and alpha[0] < 255 else ())
    if len(text) > _MAX_COLOR_TEXT or not text[:1].isalpha():
        return None
    # Loaded at first use, so that `import quantize` stays quick.
    from coloraide import Color

    found = Color.match(text, fullmatch=True)
    return None if found is None else _in_srgb(found.color.convert("srgb"))


def parse_lab(lightness: float, a: float, b: float) -> tuple[float, ...]:
    """Convert CIE L*a*b* under D50, as Adobe's programs use it, to R, G, B 0–255, clipped."""
    from coloraide import Color

    return tuple(255 * value for value in Color("lab", [lightness, a, b]).convert("srgb").clip()[:-1])


def _in_srgb(color: Color) -> tuple[tuple[float, ...], tuple[str, ...]] | None:
    values = color.coords(nans=False)
    if not all(map(math.isfinite, values)):
        return None
    notes = () if color.in_gamut(tolerance=1e-4) else (WIDE_NOTE,)
    if color.alpha(nans=False) < 1:
        notes = (*notes, ALPHA_NOTE)
    return tuple(255 * min(1.0, max(0.0, value)) for value in values), notes


def parse_cmyk(cyan: float, magenta: float, yellow: float, black: float) -> tuple[float, ...]:
    """Convert shares of ink, 0–1, to R, G, B 0–255, without a profile: ink takes light away in proportion."""
    return tuple(255 * (1 - ink) * (1 - black) for ink in (cyan, magenta, yellow))


def parse_hsb(hue: float, saturation: float, brightness: float) -> tuple[float, ...]:
    """Convert hue (1 is once round), saturation and brightness, 0–1, to R, G, B 0–255."""
    if not math.isfinite(hue):
        return (math.nan,) * 3
    return tuple(255 * value for value in colorsys.hsv_to_rgb(hue % 1, saturation, brightness))


def identifiers(palette: Palette, *, ascii_only: bool = False) -> list[str]:
    """Give every entry an identifier of its own: its name's letters and digits, or its number.

    Lower case, words joined by "-". Letters of any script stay, as CSS allows them, unless
    ``ascii_only``: then accents go and letters of other scripts are left out.
    """
    return unique_keys([_identifier(name, ascii_only) for name in palette.names or [""] * len(palette)])


def unique_keys(keys: list[str]) -> list[str]:
    """Make keys different: of equal ones the second becomes "…-2" and so on; "" becomes its number."""
    taken = {str(number) for number, key in enumerate(keys, 1) if not key}
    found = []
    for number, key in enumerate(keys, 1):
        free, turn = key or str(number), 2
        while key and free in taken:
            free, turn = f"{key}-{turn}", turn + 1
        taken.add(free)
        found.append(free)
    return found


def _identifier(name: str, ascii_only: bool) -> str:
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower())
    if ascii_only:
        apart = unicodedata.normalize("NFKD", lower)
        lower = "".join(char for char in apart if char.isascii() or not unicodedata.combining(char))
        lower = lower.encode("ascii", "replace").decode()
    kept = "".join(char if _is_word(char) else " " for char in lower)
    return "-".join(kept.split())


def _is_word(char: str) -> bool:
    """Find the letters, digits and marks that CSS Syntax 3 allows in an identifier."""
    allowed = char.isascii() or (char >= "\xc0" and not "\u2190" <= char <= "\u2bff")
    return allowed and unicodedata.category(char)[0] in "LMN"
