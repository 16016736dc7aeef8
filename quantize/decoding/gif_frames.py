"""The frames of a GIF: its blocks walked here, each frame's pixels decoded by Pillow, and drawn by us.

Pillow's own way from frame to frame depends on tables and transparency of frames before. Here a frame is
handed to it as a GIF of its own, for its indices alone. As browsers do, a background colour counts for
nothing, and a first frame that is larger than the screen makes the screen larger.

Source: Graphics Interchange Format, Version 89a, CompuServe 1990.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.decoding.clip import Clip
from quantize.decoding.frame_canvas import CLEAR, KEEP, RESTORE, Frame, FrameCanvas
from quantize.decoding.parts import check_size

_AFTER = {2: CLEAR, 3: RESTORE, 4: RESTORE}  # 4 is written by some programs for 3
# A table that is no ramp of greys, which Pillow would take for a picture without a palette.
_ANY_TABLE = bytes(value for index in range(256) for value in (index, 255 - index, index // 2))
_TRAILER, _IMAGE, _EXTENSION = 0x3B, 0x2C, 0x21
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


@dataclass
class _Image:
    """A frame as it is stored, and what the control block before it says."""

    place: tuple[int, int, int, int]
    flags: int
    table: bytes
    data: bytes
    duration: int = 0
    after: int = KEEP
    transparent: int | None = None


@dataclass
class _Gif:
    size: tuple[int, int]
    table: bytes
    images: list[_Image] = field(default_factory=list)
    loops: int = 1
    cut: bool = False


def open_gif(data: bytes) -> Clip | None:
    """Open a GIF of more than no frames; None if there is none in it."""
    gif = _read_blocks(data)
    if not gif.images:
        return None
    left, top, width, height = gif.images[0].place
    size = max(gif.size[0], left + width), max(gif.size[1], top + height)
    if not all(size):
        return None
    check_size(size)
    clip = Clip("GIF", size, gif.loops, iter(()), len(gif.images))
    clip.frames = _draw(gif, clip)
    return clip


def _draw(gif: _Gif, clip: Clip) -> Iterator[Frame]:
    canvas = FrameCanvas(*clip.size)
    for image in gif.images:
        indices = _decode(image, clip.size)
        if indices is None:
            clip.cut_off = True
            return
        table = _colors(image.table or gif.table)
        alpha = np.full(indices.shape, 255, np.uint8)
        if image.transparent is not None:
            alpha[indices == image.transparent] = 0
        yield canvas.draw(
            table[indices], alpha, image.place[:2], over=True, after=image.after, duration=image.duration
        )
    clip.cut_off = gif.cut


def _decode(image: _Image, canvas: tuple[int, int]) -> NDArray[np.uint8] | None:
    """Decode the indices, uint8 (h, w); None if they are not all there."""
    left, top, width, height = image.place
    if left >= canvas[0] or top >= canvas[1] or not width or not height:
        return np.zeros((0, 0), np.uint8)
    check_size((width, height))
    file = b"".join((
        b"GIF89a", struct.pack("<HHBBB", width, height, 0xF7, 0, 0), _ANY_TABLE,
        struct.pack("<BHHHHB", _IMAGE, 0, 0, width, height, image.flags & 0x40), image.data,
        bytes([_TRAILER]),
    ))  # fmt: skip
    try:
        with Image.open(BytesIO(file), formats=["GIF"]) as opened:
            return np.asarray(opened)
    except MemoryError:
        raise
    except Exception:  # Pillow's many ways to say that data is damaged
        return None


def _colors(table: bytes) -> NDArray[np.uint8]:
    """Return a table of 256 colours, black behind its own."""
    colors = np.zeros((256, 3), np.uint8)
    colors[: len(table) // 3] = np.frombuffer(table, np.uint8).reshape(-1, 3)
    return colors


def _read_blocks(data: bytes) -> _Gif:
    """Read all blocks up to the end, or as far as they are there."""
    width, height, flags = struct.unpack("<HHB", data[6:11])
    try:
        table, at = _table(data, 13, flags)
    except IndexError:
        return _Gif((width, height), b"", cut=True)
    gif = _Gif((width, height), table)
    control = _Image((0, 0, 0, 0), 0, b"", b"")
    try:
        while data[at] != _TRAILER:
            if data[at] == _EXTENSION:
                at = _read_extension(data, at, gif, control)
            elif data[at] == _IMAGE:
                at = _read_image(data, at, gif, control)
                control = _Image((0, 0, 0, 0), 0, b"", b"")
            else:
                at += 1  # some programs leave a zero too many
    except IndexError:
        gif.cut = True
    return gif


def _read_extension(data: bytes, at: int, gif: _Gif, control: _Image) -> int:
    label, start = data[at + 1], at + 2
    end = _skip_blocks(data, start)
    if label == 0xF9 and data[start] >= 4:
        flags, delay, transparent = struct.unpack("<BHB", data[start + 1 : start + 5])
        control.duration, control.after = 10 * delay, _AFTER.get(flags >> 2 & 7, KEEP)
        control.transparent = transparent if flags & 1 else None
    elif label == 0xFF and data[start + 1 : start + 12] in _LOOPS:
        block = data[start + 12 : end]
        if block[:2] == b"\3\1" and len(block) >= 4:
            count = int.from_bytes(block[2:4], "little")
            gif.loops = count + 1 if count else 0
    return end


def _read_image(data: bytes, at: int, gif: _Gif, control: _Image) -> int:
    if at + 10 > len(data):
        raise IndexError
    *place, flags = struct.unpack("<HHHHB", data[at + 1 : at + 10])
    table, start = _table(data, at + 10, flags)
    end = _skip_blocks(data, start + 1)
    left, top, width, height = place
    gif.images.append(
        _Image((left, top, width, height), flags, table, data[start:end], control.duration,
               control.after, control.transparent)
    )  # fmt: skip
    return end


def _table(data: bytes, at: int, flags: int) -> tuple[bytes, int]:
    length = 3 << ((flags & 7) + 1) if flags & 0x80 else 0
    if at + length > len(data):
        raise IndexError
    return data[at : at + length], at + length


def _skip_blocks(data: bytes, at: int) -> int:
    """Find the end of sub-blocks, each behind its length."""
    while data[at]:
        at += 1 + data[at]
    return at + 1
