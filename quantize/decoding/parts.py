"""Pictures that take far more to decode than their pixels should: known by what they are made of.

A progressive JPEG goes over all its pixels once for every scan, and nothing bounds the number of scans: a
file of 20 MB can ask for hours. A TIFF may put every row or every few pixels into a piece of its own, each of
which costs as much as thousands of pixels. A run-length encoded BMP is decoded by Pillow in plain Python,
pixel by pixel.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from PIL import ImageFile

from quantize.decoding.jpeg import Jpeg
from quantize.errors import QuantizeError
from quantize.limits import (
    MAX_PIECES,
    MAX_PIXELS,
    MAX_PYTHON_PIXELS,
    MAX_RUN_LENGTH_PIXELS,
    MAX_SCANNED_PIXELS,
)

# Decoders that Pillow has in plain Python only.
_IN_PYTHON = {
    "bmp_rle": ("BMP picture with run-length encoding", MAX_RUN_LENGTH_PIXELS),
    "qoi": ("QOI picture", MAX_PYTHON_PIXELS),
    "ppm": ("PPM picture of another depth than 8 bits", MAX_PYTHON_PIXELS),
    "ppm_plain": ("PPM picture in plain text", MAX_PYTHON_PIXELS),
}


_most: ContextVar[int] = ContextVar("_most", default=MAX_PIXELS)


@contextmanager
def at_most(n_pixels: int) -> Iterator[None]:
    """Refuse pictures of more pixels than these meanwhile."""
    token = _most.set(n_pixels)
    try:
        yield
    finally:
        _most.reset(token)


def most_pixels() -> int:
    """Tell how many pixels ``at_most`` allows."""
    return _most.get()


def check_size(size: tuple[int, int]) -> None:
    """Refuse a picture of more pixels than MAX_PIXELS, or than ``at_most`` allows.

    Raises
    ------
    QuantizeError
        If there are more.
    """
    width, height = size
    if width * height > _most.get():
        raise _too_large(f"{width:,} × {height:,} ({width * height / 1e6:,.0f} megapixels)")


def too_large_by(message: str) -> QuantizeError:
    """Explain what Pillow says of a picture that is far too large."""
    pixels = re.search(r"\d+", message)
    return _too_large(f"{int(pixels[0]) / 1e6:,.0f} megapixels" if pixels else "many more")


def _too_large(got: str) -> QuantizeError:
    return QuantizeError(
        f"picture must have at most {_most.get() / 2**20:.0f} megapixels, got {got}: scale it down first"
    )


def check_parts(image: ImageFile.ImageFile, jpeg: Jpeg | None) -> None:
    """Refuse a picture, opened and not yet decoded, that would take long for the number of its parts.

    Raises
    ------
    QuantizeError
        If there are more scans of a JPEG, pieces of a TIFF or pixels of a run-length encoded BMP than the
        limits allow.
    """
    width, height = image.size
    if jpeg:
        _check("JPEG", "scans", jpeg.scans, max(20, MAX_SCANNED_PIXELS // (width * height)))
    elif image.format == "TIFF":
        _check("TIFF", "strips or tiles", len(image.tile), MAX_PIECES)
    for tile in image.tile[:1]:
        name, most = _IN_PYTHON.get(tile.codec_name, ("", MAX_PIXELS))
        if width * height > most:
            raise QuantizeError(
                f"{name} must have at most {most / 2**20:.0f} megapixels, got {width:,} × {height:,}: "
                "save it as PNG"
            )


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Find the width and height that a WebP's header tells; None for other files.

    libwebp takes the memory for two canvases as soon as it opens a file, so this must be known before.
    Source: RFC 9649, sections 2.5 to 2.7.
    """
    if not data.startswith(b"RIFF") or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8X":
            return _number(data[24:27]) + 1, _number(data[27:30]) + 1
        case b"VP8L":
            bits = _number(data[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _number(data[26:28]) & 0x3FFF, _number(data[28:30]) & 0x3FFF
    return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _check(name: str, parts: str, got: int, most: int) -> None:
    if got > most:
        raise QuantizeError(
            f"{name} picture of this size must have at most {most:,} {parts}, got {got:,}: "
            "export it again as an ordinary JPEG or PNG"
        )
