"""How many pixels of a picture are an inch on paper: what its file says, if that makes sense.

Source: Exif 2.32, tags 282, 283, 296; JFIF 1.02, units.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from PIL import ExifTags, Image

Dpi = tuple[float, float]
"""Pixels an inch, across and down."""

_LEAST, _MOST = 1, 100_000
_PER_INCH = {2: 1.0, 3: 2.54}  # by Exif's unit: what a value in it is multiplied by


def sensible_dpi(value: Any) -> Dpi | None:
    """Return a resolution as two floats if it is two numbers from 1 to 100,000, else None."""
    match value:
        case [int() | float() as across, int() | float() as down]:
            if _LEAST <= across <= _MOST and _LEAST <= down <= _MOST:
                return float(across), float(down)
    return None


def read_dpi(image: Image.Image, orientation: int) -> Dpi | None:
    """Read the resolution of a loaded picture as it is seen: turned by 90°, across and down change places."""
    dpi = _told(image)
    return dpi[::-1] if dpi and orientation >= 5 else dpi


def _told(image: Image.Image) -> Dpi | None:
    # Where a JPEG has none but has EXIF data, Pillow tells that down is as across, or guesses 72.
    guessed = image.format in ("JPEG", "MPO") and image.info.get("jfif_unit") not in (1, 2)
    told = None if guessed else image.info.get("dpi")
    with suppress(Exception):  # Pillow's rationals may divide by 0; damaged EXIF data does no harm
        if told is None:
            return _of_exif(image.getexif())
        across, down = told
        return sensible_dpi((float(across), float(down)))
    return None


def _of_exif(exif: Mapping[int, Any]) -> Dpi | None:
    base = ExifTags.Base
    scale = _PER_INCH[exif.get(base.ResolutionUnit, 2)]
    return sensible_dpi(tuple(scale * float(exif[tag]) for tag in (base.XResolution, base.YResolution)))
