"""Colours of a palette file that bring a colour profile, converted to sRGB as those of pictures are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from quantize.decoding.profiles import conversion_to_srgb

Converted = tuple[list[tuple[float, ...]], str | None]


def convert(mode: str, icc: bytes | None, rows: Sequence[Sequence[float]]) -> Converted:
    """Convert colours, 0–1 a channel, with a profile to R, G, B 0–255, and say in a note what was done."""
    values = np.clip(np.nan_to_num(np.asarray(rows, np.float64)), 0, 1)
    levels = np.rint(255 * values).astype(np.uint8)
    image = Image.frombytes(mode, (len(levels), 1), levels.tobytes())
    conversion = conversion_to_srgb(mode, icc)
    converted = np.asarray(conversion.apply(image)).reshape(-1, 3)
    return [tuple(row) for row in converted.tolist()], conversion.note
