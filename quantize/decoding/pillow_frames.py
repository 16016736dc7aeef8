"""The frames of an animated WebP or AVIF, drawn by their own libraries, through Pillow.

A WebP that is cut off is made whole first, of the chunks that are: libwebp reads no others.

Source: RFC 9649, sections 2.3 to 2.7.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from quantize.decoding.clip import Clip
from quantize.decoding.frame_canvas import Frame
from quantize.decoding.openers import Opened, open_picture


def open_with_pillow(data: bytes) -> Clip | None:
    """Open an animated WebP or AVIF; None for a still one."""
    whole = _whole_webp(data) if data[8:12] == b"WEBP" else data
    opened = open_picture(whole)
    image = opened.image
    n_frames = getattr(image, "n_frames", 1)
    if n_frames < 2 and b"ANIM" not in whole[:64]:
        return None
    loops = image.info.get("loop", 0) if opened.kind.key == "WebP" else 0
    clip = Clip(opened.kind.key, image.size, loops, iter(()), n_frames)
    clip.frames = _draw(opened, clip, cut=whole is not data)
    return clip


def _draw(opened: Opened, clip: Clip, cut: bool) -> Iterator[Frame]:
    image, ended = opened.image, 0
    for number in range(clip.n_frames or 0):
        try:
            image.seek(number)
            image.load()
        except MemoryError:
            raise
        except Exception:  # a decoder's many ways to say that data is damaged
            clip.cut_off = True
            return
        drawn = np.asarray(image.convert("RGBA"))
        begun = image.info.get("timestamp", ended)
        ended = begun + image.info.get("duration", 0)
        yield Frame(
            np.ascontiguousarray(drawn[..., :3]), np.ascontiguousarray(drawn[..., 3]), int(ended - begun)
        )
    clip.cut_off = cut


def _whole_webp(data: bytes) -> bytes:
    """Drop the chunk that is cut off, if one is; the same object if none is."""
    length = 8 + int.from_bytes(data[4:8], "little")
    if length <= len(data):
        return data
    at = 12
    while at + 8 <= len(data):
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little") + (data[at + 4] & 1)
        if end > len(data):
            break
        at = end
    return data[:4] + struct.pack("<I", at - 8) + data[8:at]
