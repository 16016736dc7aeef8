"""Colours of a palette file that bring a colour profile, converted to sRGB as those of pictures are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from quantize.decoding.profiles import conversion_to_srgb

MODES = {"RGB": 3, "CMYK": 4, "L": 1}
"""Kinds of colours that a profile may be of, as Pillow calls them, and their channels."""


def convert(
    mode: str, icc: bytes | None, rows: Sequence[Sequence[float]]
) -> tuple[list[list[int]], str | None]:
    """Convert colours, 0–1 a channel, with a profile to R, G, B 0–255, and say in a note what was done."""
    values = np.clip(np.nan_to_num(np.asarray(rows, np.float64)), 0, 1)
    levels = np.rint(255 * values).astype(np.uint8)
    if mode == "CMYK":
        levels = np.ascontiguousarray(levels)
    image = Image.frombytes(mode, (len(levels), 1), levels.tobytes())
    conversion = conversion_to_srgb(mode, icc)
    converted = np.asarray(conversion.apply(image)).reshape(-1, 3)
    return converted.tolist(), conversion.note
