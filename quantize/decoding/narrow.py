"""Samples wider than 8 bits, cut or stretched to 8.

Integers of 12 and 16 bits have a full scale, so they are cut to their upper 8 bits, as Pillow does
while it decodes 16-bit colour: an 8-bit picture that was stored with 16 bits comes back exactly.
A PGM or PPM names its greatest value, which becomes 255. 32-bit integers, floats and integers with
a sign have none that a file tells. Those that fill 0–255 (integers) or 0–1 (floats) are taken at that
scale; any others are stretched from their least to their greatest value, and the note says from where
to where. Where a TIFF says that 0 is white, the scale runs the other way.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.decoding.pnm import MAXVAL
from quantize.decoding.tiff import integers_of, is_negative
from quantize.errors import QuantizeError

_WIDE = 65535
_PART_PIXELS = 2**19  # as an array of its own, the whole would take 0.5 GB at 64 megapixels

Narrow = Callable[[Image.Image], Image.Image]
"""A strip of the picture as decoded → the same strip with 8 bits per sample."""


def narrowing(image: Image.Image, raw_modes: str) -> tuple[Narrow, str | None]:
    """Choose how strips of a loaded ``image`` come down to 8 bits, and what to tell the user.

    ``raw_modes`` is how Pillow described the samples in the file before it loaded them: afterwards
    16-bit colour, already cut, looks like any other.

    Raises
    ------
    QuantizeError
        If floats are not finite.
    """
    bits = _bits(image, raw_modes)
    note = f"{bits} bits per channel reduced to 8" if bits > 8 else None
    if image.mode == "I" and MAXVAL in image.info:
        return _scaling(image.info[MAXVAL]), note
    integers, negative = integers_of(image), is_negative(image)
    if integers or image.mode in ("I", "F"):
        return _stretching(image, integers, negative)
    if image.mode.startswith("I;16"):
        return _cutting(bits - 8, image.info.get("transparency"), negative), note
    if image.mode == "La":  # which converts to LA and to nothing else
        return lambda strip: strip.convert("LA"), None
    return lambda strip: strip, note


def _bits(image: Image.Image, raw_modes: str) -> int:
    if MAXVAL in image.info:
        return int(image.info[MAXVAL]).bit_length()
    if image.format not in ("PNG", "TIFF"):  # "BGR;16" of a BMP are 16 bits for all three channels
        return 8
    if "I;12" in raw_modes:
        return 12
    return 16 if ";16" in raw_modes else 8


def _scaling(maxval: int) -> Narrow:
    # Pillow has brought the values to 0–65535. Taken back first, none is rounded twice.
    values = np.rint(np.arange(_WIDE + 1) * (maxval / _WIDE))
    levels = np.rint(values * 255 / maxval).astype(np.uint8)
    return lambda strip: Image.fromarray(levels[np.asarray(strip)])


def _cutting(shift: int, key: int | None, negative: bool) -> Narrow:
    def cut(strip: Image.Image) -> Image.Image:
        samples = np.asarray(strip)
        levels = (samples >> shift).astype(np.uint8)
        gray = Image.fromarray(255 - levels if negative else levels)
        if key is None:
            return gray
        opaque = np.where(samples == key, 0, 255).astype(np.uint8)
        return Image.merge("LA", (gray, Image.fromarray(opaque)))

    return cut


def _stretching(image: Image.Image, integers: np.dtype | None, negative: bool) -> tuple[Narrow, str | None]:
    def values(strip: Image.Image) -> NDArray:
        samples = np.asarray(strip)
        return samples.view(integers) if integers else samples

    extrema = [(float(part.min()), float(part.max())) for part in map(values, _parts(image))]
    if not np.isfinite(extrema).all():
        raise QuantizeError(
            "picture's values must be finite numbers, got infinite ones or NaN: replace them first"
        )
    low, high = min(low for low, _ in extrema), max(high for _, high in extrema)
    low, high, note = _scale(image.mode, low, high, negative)

    def stretch(strip: Image.Image) -> Image.Image:
        share = (values(strip).astype(np.float64) - low) / (high - low)
        return Image.fromarray(np.rint((1 - share if negative else share) * 255).astype(np.uint8))

    return stretch, note


def _parts(image: Image.Image) -> Iterator[Image.Image]:
    width, height = image.size
    step = max(1, _PART_PIXELS // width)
    for top in range(0, height, step):
        yield image.crop((0, top, width, min(top + step, height)))


def _scale(mode: str, low: float, high: float, negative: bool) -> tuple[float, float, str | None]:
    full = 1 if mode == "F" else 255
    if low >= 0 and high <= full:
        return 0, full, None if mode == "L" else "32 bits per channel reduced to 8"
    digits = "g" if mode == "F" else ".0f"
    if low == high:
        return low, low + 1, f"the one value {low:{digits}} shown as {'white' if negative else 'black'}"
    ends = "255–0" if negative else "0–255"
    return low, high, f"values {low:{digits}} to {high:{digits}} stretched to {ends}"
