"""What the readers of palette files share: limits, text, colours in other models, what was passed over.

A file comes from anyone. Every reader goes through ``Entries``, which stops at the limit, and raises only
QuantizeError. Readers take time in proportion to a file's length: patterns here and in the readers either
have one way to match or are possessive, and none is made of a file's text.
"""

from __future__ import annotations

import colorsys
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from quantize.errors import QuantizeError
from quantize.palettes.palette import MAX_ENTRIES, Palette

if TYPE_CHECKING:
    from coloraide import Color

CMYK_NOTE = "CMYK colours were converted without a colour profile; in print they look different"
LAB_NOTE = "Lab colours were converted to sRGB; those outside it were clipped"
ALPHA_NOTE = "transparency was dropped: a palette's colours are opaque"
WIDE_NOTE = "colours outside sRGB were clipped"

_MAX_NOTES = 8  # of each kind

# Longest text that is tried as a colour
_MAX_COLOR_TEXT = 100
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.I | re.A)


Found = tuple[tuple[float, ...], tuple[str, ...]]
"""A colour that was read: R, G, B 0–255, and notes on what was changed."""


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
        self.passed_over: dict[str, int] = {}

    def add(self, color: Sequence[float], name: str = "", *notes: str) -> None:
        """Add a colour of R, G, B 0–255, which is rounded and clipped; one that is not finite is passed over.

        Raises
        ------
        QuantizeError
            If there are more than 4,096.
        """
        if not all(map(math.isfinite, color)):
            self.pass_over("they are no numbers")
            return
        if len(self.colors) == MAX_ENTRIES:
            raise QuantizeError(
                f"{self.title} palette must hold at most {MAX_ENTRIES:,} colours, got more: export fewer"
            )
        levels = [round(value) for value in color]
        red, green, blue = (min(255, max(0, level)) for level in levels)
        self.colors.append((red, green, blue))
        self.names.append(name)
        is_wide = levels != [red, green, blue]
        self.notes.update(dict.fromkeys((*notes, WIDE_NOTE) if is_wide else notes))

    def pass_over(self, why: str, count: int = 1) -> None:
        """Count colours that are in the file but cannot be entries; ``why`` is a short text of ours."""
        if count:
            self.passed_over[why] = self.passed_over.get(why, 0) + count

    def palette(self) -> Palette:
        """Return what was found.

        Raises
        ------
        QuantizeError
            If there is no colour.
        """
        if not self.colors:
            why = next(iter(self.passed_over), None)
            raise unreadable(
                self.title, f"its colours cannot be known ({why})" if why else "it holds no colour"
            )
        left = [_passed_over(count, why) for why, count in self.passed_over.items()]
        notes = (*list(self.notes)[:_MAX_NOTES], *left[:_MAX_NOTES])
        return Palette(np.array(self.colors, np.uint8), names=tuple(self.names), notes=notes)


def _passed_over(count: int, why: str) -> str:
    return f"{count:,} {'colour was' if count == 1 else 'colours were'} passed over: {why}"


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


_LARGEST = 1e6
"""Greatest number in a colour's notation that is taken for one."""


def parse_color(text: str) -> Found | None:
    """Read a CSS colour of any notation: R, G, B 0–255 and notes, or None if it is none."""
    text = text.strip()
    if _HEX.fullmatch(text):
        return parse_hex(text[1:])
    if len(text) > _MAX_COLOR_TEXT or not text[:1].isalpha():
        return None
    if "(" not in text:
        named = css_colors().get(text.lower())
        return None if named is None else (named, ())
    # Loaded at first use, so that `import quantize` stays quick.
    from coloraide import Color

    found = Color.match(text, fullmatch=True)
    # "none" is nan; of what no colour has the conversion would overflow.
    if found is None or any(abs(value) > _LARGEST for value in found.color[:]):
        return None
    return _in_srgb(found.color.convert("srgb"))


def parse_hex(digits: str) -> Found:
    """Read 3, 4, 6 or 8 hexadecimal digits, alpha last, as CSS counts them."""
    whole = digits if len(digits) > 4 else "".join(2 * digit for digit in digits)
    red, green, blue, *alpha = bytes.fromhex(whole)
    return (red, green, blue), ((ALPHA_NOTE,) if alpha and alpha[0] < 255 else ())


@cache
def css_colors() -> Mapping[str, tuple[float, ...]]:
    """List R, G, B 0–255 of CSS's named colours; "transparent" is none."""
    from coloraide.css.color_names import name2val_map

    return {name: tuple(value[:3]) for name, value in name2val_map.items() if name != "transparent"}


def parse_lab(lightness: float, a: float, b: float) -> tuple[float, ...]:
    """Convert CIE L*a*b* under D50, as Adobe's programs use it, to R, G, B 0–255, clipped."""
    # Beyond what any colour has, the conversion would overflow.
    return _clipped("lab", (lightness, a, b), (0, -200, -200), (100, 200, 200))


def parse_xyz(x: float, y: float, z: float) -> tuple[float, ...]:
    """Convert CIE XYZ under D50, white at Y = 1, to R, G, B 0–255, clipped."""
    return _clipped("xyz-d50", (x, y, z), (0, 0, 0), (2, 2, 2))


def _clipped(
    space: str, values: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> tuple[float, ...]:
    if not all(map(math.isfinite, values)):
        return (math.nan,) * 3
    from coloraide import Color

    inside = [min(most, max(least, value)) for value, least, most in zip(values, low, high, strict=True)]
    return tuple(255 * value for value in Color(space, inside).convert("srgb").clip()[:-1])


def _in_srgb(color: Color) -> Found | None:
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
