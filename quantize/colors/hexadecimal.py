"""Colours as people write them: "#rrggbb"."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError, shown


def parse_hex(color: str) -> tuple[int, int, int]:
    """Read "#rrggbb" or "#rgb", with or without "#".

    Raises
    ------
    QuantizeError
        If it is anything else.
    """
    digits = color.strip().removeprefix("#") if isinstance(color, str) else ""
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch("[0-9a-fA-F]{6}", digits):
        raise QuantizeError(f'a colour must look like "#c00000", got {shown(color)}')
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def to_hex(color: tuple[int, int, int]) -> str:
    """Write a colour as "#rrggbb"."""
    red, green, blue = color
    return f"#{red:02x}{green:02x}{blue:02x}"


def hex_colors(colors: NDArray[np.uint8]) -> list[str]:
    """Write colours, uint8 (n, 3), as "#rrggbb", or (n, 4) with alpha, as "#rrggbbaa" where not opaque."""
    return [to_hex(color[:3]) + "".join(f"{alpha:02x}" for alpha in color[3:] if alpha < 255)
            for color in colors.tolist()]  # fmt: skip
