"""Bytes to an opened picture, of which nothing is decoded yet: which decoder gets which bytes.

HEIC and JPEG XL come from packages of their own, which are loaded when the first such file is met.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from importlib import import_module
from io import BytesIO
from typing import Any

from PIL import Image, ImageFile

from quantize.decoding import formats
from quantize.decoding.float_tiff import decode_float_tiff, read_float_tiff
from quantize.decoding.formats import PictureFormat
from quantize.decoding.jpeg import Jpeg, walk_jpeg
from quantize.decoding.jxl import jxl_size
from quantize.decoding.parts import check_parts, check_size, webp_size
from quantize.decoding.png import Png, read_png
from quantize.decoding.pnm import note_maxval
from quantize.decoding.raw import is_camera_raw
from quantize.decoding.sniff import damaged, refused, unreadable
from quantize.decoding.tiff import read_planes_whole
from quantize.errors import QuantizeError

for _module in {module for kind in formats.PICTURE_FORMATS.values() for _, module in kind.plugins}:
    # Pillow would otherwise import its plugins for fifty other formats to find the one for WebP.
    import_module(f"PIL.{_module}ImagePlugin")

_JPEG_END = b"\xff\xd9"


@dataclass(eq=False)
class Opened:
    """A picture file with its header read: its kind, the bytes to decode, and what was found in them."""

    kind: PictureFormat
    data: bytes
    image: Any = field(init=False)
    png: Png | None = None
    jpeg: Jpeg | None = None
    within: PictureFormat | None = None
    note: str | None = None

    @property
    def name(self) -> str:
        """What the file is called: of an icon, not what is inside."""
        return (self.within or self.kind).key

    def open(self) -> ImageFile.ImageFile:
        """Open the bytes once more."""
        image = Image.open(BytesIO(self.data), formats=[name for name, _ in self.kind.plugins])
        assert isinstance(image, ImageFile.ImageFile)
        if image.format == "TIFF":
            read_planes_whole(image)
        elif image.format == "PPM":
            note_maxval(image)
        return image


def open_picture(data: bytes) -> Opened:
    """Open a picture file by its content and check its size before anything is decoded.

    Raises
    ------
    QuantizeError
        If it is of no kind that is read, too large, or of too many parts.
    Exception
        Whatever the decoder makes of damage in the header.
    """
    check_size(webp_size(data) or (0, 0))
    if is_camera_raw(data):
        raise refused(formats.RAW)
    kind = formats.find_format(data)
    if kind is None:
        if formats.find_refused(data):
            raise unreadable(data)
        kind = formats.TGA
    opened = _prepared(kind, data)
    if kind is formats.HEIC:
        opened.image = _open_heic(data)
    elif kind is formats.JPEG_XL:
        check_size(jxl_size(data) or (0, 0))
        opened.image = _open_jxl(data)
    elif kind.key == "TIFF" and (tiff := read_float_tiff(data)):
        opened.image, opened.note = decode_float_tiff(data, tiff)
        return opened
    else:
        opened.image = opened.open()
    check_size(opened.image.size)
    check_parts(opened.image, opened.jpeg)
    return opened


def open_header(data: bytes) -> ImageFile.ImageFile:
    """Open a picture file for its size alone, as its decoder reads it.

    Raises
    ------
    QuantizeError, Exception
        As ``open_picture``.
    """
    kind = formats.find_format(data)
    if kind and kind.key in ("JPEG", "TIFF"):  # which takes a while to open for good
        return Opened(kind, data).open()
    return open_picture(data).image


def _prepared(kind: PictureFormat, data: bytes) -> Opened:
    if kind.key == "PNG" and (png := read_png(data)):
        return Opened(kind, png.clean, png=png)
    if kind.key == "JPEG":
        jpeg = walk_jpeg(data)
        return Opened(kind, data if jpeg.ended else data + _JPEG_END, jpeg=jpeg)
    if kind is formats.ICO:
        inner = _largest_icon(data)
        found = formats.find_format(inner)
        prepared = _prepared(found, inner) if found and found.key == "PNG" else Opened(kind, inner)
        prepared.within = kind
        return prepared
    return Opened(kind, data)


def _largest_icon(data: bytes) -> bytes:
    """Find the largest picture of an icon file: a PNG, or an icon file of this picture alone."""
    count = int.from_bytes(data[4:6], "little")
    entries = [entry for at in range(6, 6 + 16 * count, 16) if len(entry := data[at : at + 16]) == 16]
    if not entries:
        raise damaged("ICO")
    entry = max(entries, key=lambda one: ((one[0] or 256) * (one[1] or 256), one[6:8][::-1]))
    length, at = struct.unpack("<II", entry[8:])
    inner = data[at : at + length]
    if inner.startswith(b"\x89PNG"):
        return inner
    if len(inner) < 16:
        raise damaged("ICO")
    width, height = struct.unpack("<ii", inner[4:12])
    check_size((abs(width), abs(height) // 2))
    return data[:4] + struct.pack("<H", 1) + entry[:12] + struct.pack("<I", 22) + inner


def _open_heic(data: bytes) -> ImageFile.ImageFile:
    try:
        plugin = import_module("pi_heif.as_plugin")
    except ImportError as error:
        raise _missing("HEIC", "pi-heif") from error
    return plugin.HeifImageFile(BytesIO(data))


def _open_jxl(data: bytes) -> ImageFile.ImageFile:
    try:
        plugin = import_module("pillow_jxl.JpegXLImagePlugin")
    except ImportError as error:
        raise _missing("JPEG XL", "pillow-jxl-plugin") from error
    return plugin.JXLImageFile(BytesIO(data))


def _missing(name: str, package: str) -> QuantizeError:
    return QuantizeError(
        f"picture must be of a kind that is read here, got {name}, which needs the package {package}: "
        "install it, or export the picture as PNG or JPEG"
    )
