"""The greatest value of a PGM's or PPM's samples, which Pillow does not pass on.

Source: Netpbm, pgm(5) and ppm(5).
"""

from __future__ import annotations

from PIL import ImageFile

MAXVAL = "maxval"
"""Under this name the value is in an image's ``info``."""

_WIDEST = 65535


def note_maxval(image: ImageFile.ImageFile) -> None:
    """Note the greatest value of an opened picture that is not loaded yet, if its samples take two bytes."""
    args = image.tile[0].args
    maxval = _WIDEST if args == "I;16B" else args[-1] if isinstance(args, tuple) else 0
    if image.mode in ("I", "RGB") and isinstance(maxval, int) and maxval > 255:
        image.info[MAXVAL] = maxval
