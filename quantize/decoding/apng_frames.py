"""The frames of an animated PNG: each is made a PNG of its own, decoded like any, and drawn over the others.

So 16 bits, profiles and transparency are what they are in a still picture. A picture before the first frame
that is none of the animation, for programs that know no APNG, is left out and said in a note.

Source: Portable Network Graphics (Third Edition), W3C 2025, clauses 11.3.2 and 4.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from quantize.decoding.clip import Clip
from quantize.decoding.decode import Decoded, decode
from quantize.decoding.frame_canvas import CLEAR, KEEP, RESTORE, Frame, FrameCanvas
from quantize.decoding.parts import check_size
from quantize.decoding.png import END, SIGNATURE, read_png, walk_chunks, write_chunk
from quantize.decoding.salvage import says_missing
from quantize.errors import QuantizeError

_AFTER = {1: CLEAR, 2: RESTORE}
_SHARED = (b"PLTE", b"tRNS", b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM")
_CONTROL = struct.Struct(">IIIIIHHBB")
_LEFT_OUT = "a picture before the animation, which is none of its frames, was left out"


@dataclass
class _Image:
    """A frame as it is stored: what its control chunk says, and its packed pixels."""

    size: tuple[int, int]
    at: tuple[int, int]
    duration: int
    after: int
    over: bool
    parts: list[bytes] = field(default_factory=list)


def open_apng(data: bytes) -> Clip | None:
    """Open an animated PNG; None for a still one."""
    png = read_png(data)
    control = png.chunks.get(b"acTL", b"") if png else b""
    if png is None or len(control) < 8:
        return None
    n_frames, loops = struct.unpack(">II", control[:8])
    images, left_out, whole = _read_images(data)
    if not images:
        return None
    size = struct.unpack(">II", data[16:24])
    check_size(size)
    images = images[:n_frames] if n_frames else images
    clip = Clip("APNG", size, loops, iter(()), len(images))
    clip.notes += [_LEFT_OUT] * left_out
    shared = [write_chunk(kind, png.chunks[kind]) for kind in _SHARED if kind in png.chunks]
    order = sorted(shared, key=lambda chunk: chunk[4:8] in (b"PLTE", b"tRNS"))  # colours are said before
    clip.frames = _draw(images, data[24:29], b"".join(order), clip, whole and len(images) >= n_frames)
    return clip


def _draw(images: list[_Image], kind: bytes, shared: bytes, clip: Clip, whole: bool) -> Iterator[Frame]:
    canvas = FrameCanvas(*clip.size)
    for number, image in enumerate(images):
        decoded = _decode(image, kind, shared)
        if decoded is None:
            clip.cut_off = True
            return
        if not number:
            clip.notes += [note for note in decoded.notes if note not in clip.notes]
        alpha = decoded.alpha
        if alpha is None:
            alpha = np.full(decoded.pixels.shape[:2], 255, np.uint8)
        yield canvas.draw(
            decoded.pixels, alpha, image.at, over=image.over, after=image.after, duration=image.duration
        )
    clip.cut_off = not whole


def _decode(image: _Image, kind: bytes, shared: bytes) -> Decoded | None:
    header = write_chunk(b"IHDR", struct.pack(">II", *image.size) + kind)
    check_size(image.size)
    pixels = write_chunk(b"IDAT", b"".join(image.parts))
    try:
        decoded = decode(b"".join((SIGNATURE, header, shared, pixels, END)))
    except QuantizeError:
        return None
    return None if any(map(says_missing, decoded.notes)) else decoded


def _read_images(data: bytes) -> tuple[list[_Image], bool, bool]:
    """List the frames, whether a still picture was before them, and whether the file is whole."""
    images, left_out = list[_Image](), False
    end = 0
    for kind, start, end in walk_chunks(data):
        chunk = data[start:end]
        if kind == b"fcTL" and len(chunk) >= 26:
            images.append(_read_control(chunk, not images))
        elif kind == b"IDAT" and not images:
            left_out = True
        elif kind in (b"IDAT", b"fdAT") and images and not (kind == b"IDAT" and left_out):
            images[-1].parts.append(chunk if kind == b"IDAT" else chunk[4:])
    return images, left_out, data[end + 4 + 4 : end + 4 + 8] == b"IEND"


def _read_control(chunk: bytes, first: bool) -> _Image:
    _, width, height, left, top, number, over, after, blend = _CONTROL.unpack(chunk[:26])
    after = _AFTER.get(after, KEEP)
    return _Image(
        (width, height),
        (left, top),
        round(1000 * number / (over or 100)),
        CLEAR if first and after == RESTORE else after,
        blend == 1,
    )
