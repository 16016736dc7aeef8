"""TIFFs of floats in three channels, which Pillow does not know: RGB, and Lab.

RGB that fills 0–1 is taken at that scale, any other is stretched from its least to its greatest value, as
with grey floats (``narrow``). Lab is L* 0–100, a* and b* under D50. Strips that are stored as they are or
deflated are read, of 16, 32 or 64 bits a sample, with or without the predictor for floats, upright only.

Source: TIFF 6.0; Adobe Photoshop TIFF Technical Note 3 (floating point predictor); CIE 15:2004 (Lab).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.decoding.light import D50, encode_srgb, from_d50
from quantize.decoding.parts import check_size
from quantize.errors import QuantizeError
from quantize.limits import MAX_PIECES

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _KIND, _OFFSETS, _SAMPLES, _ROWS, _LENGTHS = (
    256, 257, 258, 259, 262, 273, 277, 278, 279,
)  # fmt: skip
_ORIENTATION, _PLANAR, _PREDICTOR, _FORMAT = 274, 284, 317, 339
_RGB, _LAB = 2, 8
_STORED, _DEFLATED = 1, (8, 32946)
_TYPES = {1: "B", 3: "H", 4: "I"}
_ROWS_AT_ONCE = 128
_FLOAT_PREDICTOR = 3


@dataclass(frozen=True)
class FloatTiff:
    """What the first directory of such a file says."""

    order: str
    tags: dict[int, tuple[int, ...]]

    def one(self, tag: int, default: int = 0) -> int:
        """Return the first value of a tag."""
        return self.tags.get(tag, (default,))[0]


def read_float_tiff(data: bytes) -> FloatTiff | None:
    """Read the directory of a TIFF of three floats a pixel; None for files that cannot be read here."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return None
    try:
        tiff = FloatTiff(order, _directory(data, order))
    except struct.error:
        return None
    bits, formats = set(tiff.tags.get(_BITS, ())), set(tiff.tags.get(_FORMAT, ()))
    fits = formats == {3} and len(bits) == 1 and bits <= {16, 32, 64} and tiff.one(_SAMPLES) == 3
    known = tiff.one(_KIND) in (_RGB, _LAB) and tiff.one(_COMPRESSION, _STORED) in (_STORED, *_DEFLATED)
    plain = tiff.one(_PLANAR, 1) == 1 and tiff.one(_PREDICTOR, 1) in (1, _FLOAT_PREDICTOR)
    upright = tiff.one(_ORIENTATION, 1) == 1
    return tiff if fits and known and plain and upright and _OFFSETS in tiff.tags else None


def decode_float_tiff(data: bytes, tiff: FloatTiff) -> tuple[Image.Image, str]:
    """Decode the picture to sRGB, mode RGB, and say what was done.

    Raises
    ------
    QuantizeError
        If it is too large, or its values are not finite.
    ValueError
        If it is damaged.
    """
    width, height = tiff.one(_WIDTH), tiff.one(_HEIGHT)
    check_size((width, height))
    if not width or not height:
        raise ValueError("no pixels")
    with np.errstate(over="ignore", invalid="ignore"):
        samples = _samples(data, tiff, width, height)
    if not np.isfinite(samples).all():
        raise QuantizeError(
            "picture's values must be finite numbers, got infinite ones or NaN: replace them first"
        )
    bits = tiff.one(_BITS)
    if tiff.one(_KIND) == _LAB:
        return _in_parts(samples, _lab_to_srgb), "Lab colours converted to sRGB"
    low, high, note = 0.0, 1.0, f"{bits} bits per channel reduced to 8"
    if samples.min() < 0 or samples.max() > 1:
        low, high = float(samples.min()), float(samples.max())
        note = f"values {low:g} to {high:g} stretched to 0–255"
    span = high - low or 1
    return _in_parts(samples, lambda part: np.rint((part - low) / span * 255).astype(np.uint8)), note


def _directory(data: bytes, order: str) -> dict[int, tuple[int, ...]]:
    (at,) = struct.unpack(f"{order}I", data[4:8])
    (count,) = struct.unpack(f"{order}H", data[at : at + 2])
    tags = {}
    for start in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, length = struct.unpack(f"{order}HHI", data[start : start + 8])
        if kind in _TYPES and length <= MAX_PIECES:
            form = f"{order}{length}{_TYPES[kind]}"
            size = struct.calcsize(form)
            place = start + 8 if size <= 4 else struct.unpack(f"{order}I", data[start + 8 : start + 12])[0]
            tags[tag] = struct.unpack(form, data[place : place + size])
    return {tag: values for tag, values in tags.items() if values}


def _samples(data: bytes, tiff: FloatTiff, width: int, height: int) -> NDArray[np.floating]:
    item = tiff.one(_BITS) // 8
    row_bytes = 3 * width * item
    rows = min(tiff.one(_ROWS, height) or height, height)
    strips = -(-height // rows)
    places = [*zip(tiff.tags[_OFFSETS], tiff.tags.get(_LENGTHS, ()), strict=False)]
    if len(places) < strips:
        raise ValueError("strips are missing")
    samples = np.empty((height, width, 3), np.dtype(f"f{min(item, 4)}"))
    for number, (at, length) in enumerate(places[:strips]):
        top = number * rows
        count = min(rows, height - top)
        raw = _unpacked(data[at : at + length], tiff, count * row_bytes)
        samples[top : top + count] = _floats(raw, tiff, item, count, width)
    return samples


def _unpacked(strip: bytes, tiff: FloatTiff, size: int) -> bytes:
    raw = strip[:size]
    if tiff.one(_COMPRESSION, _STORED) != _STORED:
        raw = zlib.decompressobj().decompress(strip, size)
    if len(raw) < size:
        raise ValueError("a strip is cut off")
    return raw


def _floats(raw: bytes, tiff: FloatTiff, item: int, rows: int, width: int) -> NDArray[np.floating]:
    if tiff.one(_PREDICTOR, 1) != _FLOAT_PREDICTOR:
        return np.frombuffer(raw, np.dtype(f"{tiff.order}f{item}")).reshape(rows, width, 3)
    # Differences between bytes three apart; then all first bytes of a row's samples, all second ones, …
    steps = np.frombuffer(raw, np.uint8).reshape(rows, -1, 3)
    planes = np.cumsum(steps, axis=1, dtype=np.uint8).reshape(rows, item, 3 * width)
    return np.ascontiguousarray(planes.swapaxes(1, 2)).view(f">f{item}").reshape(rows, width, 3)


def _in_parts(
    samples: NDArray[np.floating], convert: Callable[[NDArray[np.float64]], NDArray[np.uint8]]
) -> Image.Image:
    pixels = np.empty(samples.shape, np.uint8)
    for top in range(0, len(samples), _ROWS_AT_ONCE):
        part = slice(top, top + _ROWS_AT_ONCE)
        pixels[part] = convert(samples[part].astype(np.float64))
    return Image.fromarray(pixels)


def _lab_to_srgb(lab: NDArray[np.float64]) -> NDArray[np.uint8]:
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * D50
    return encode_srgb(xyz @ from_d50().T)
