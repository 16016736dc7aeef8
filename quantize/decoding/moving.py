"""All frames of an animation, fully drawn, from the bytes of a file that nobody vouches for.

A table of kinds, each with a function that opens a file as a ``Clip``. Frames are taken from it as far as
limits allow; what was left out is said in a note. What is no animation is one frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize import limits
from quantize.decoding.apng_frames import open_apng
from quantize.decoding.clip import Clip
from quantize.decoding.decode import decode, guarded
from quantize.decoding.formats import picture_format
from quantize.decoding.frame_canvas import Frame
from quantize.decoding.frames import lost_frames
from quantize.decoding.gif_frames import open_gif
from quantize.decoding.parts import most_pixels
from quantize.decoding.pillow_frames import open_with_pillow
from quantize.decoding.video_frames import is_video, open_video

Arrays = list[NDArray[np.uint8]] | NDArray[np.uint8]

_OPENERS: dict[str | None, Callable[[bytes], Clip | None]] = {
    "GIF": open_gif,
    "PNG": open_apng,
    "WebP": open_with_pillow,
    "AVIF": open_with_pillow,
}


@dataclass(frozen=True, eq=False)
class Frames:
    """Frames that were read.

    Attributes
    ----------
    pixels : one array of uint8 (h, w, 3) a frame
    alpha : one array of uint8 (h, w) a frame, or None
        None if every pixel of all is opaque.
    durations : tuple of int
        Milliseconds.
    loops : int
        How often it plays; 0 for ever.
    format : str
    notes : tuple of str
    """

    pixels: Arrays
    alpha: Arrays | None
    durations: tuple[int, ...]
    loops: int
    format: str
    notes: tuple[str, ...]

    @property
    def n_bytes(self) -> int:
        """Bytes of all pixels."""
        return sum(frame.nbytes for frame in self.pixels)


def decode_frames(data: bytes) -> Frames:
    """Decode all frames of an animation that fit into the limits, or the one of a still picture.

    Raises
    ------
    QuantizeError
        As ``decode.decode``. Nothing else is raised, whatever ``data`` holds.
    """
    return guarded(data, _read)


def _read(data: bytes) -> Frames:
    opener = open_video if is_video(data) else _OPENERS.get(picture_format(data))
    clip = opener(data) if opener else None
    if clip is not None:
        frames, note = _take(clip)
        if frames:
            return _gather(clip, frames, note)
    return _still(data)


def _take(clip: Clip) -> tuple[list[Frame], str | None]:
    """Take the frames that fit, and say so if these are not all."""
    width, height = clip.size
    most = max(1, min(limits.MAX_FRAMES, most_pixels() // (width * height)))
    frames = list[Frame]()
    for frame in clip.frames:
        if len(frames) == most:
            total = f"{clip.n_frames:,}" if clip.n_frames else "more"
            why = (
                f"more than {most:,} are not read"
                if most == limits.MAX_FRAMES
                else f"together they may have {most_pixels() / 2**20:,.0f} megapixels"
            )
            return frames, f"the first {most:,} of {total} frames were read: {why}"
        frames.append(frame)
    return frames, None


def _gather(clip: Clip, frames: list[Frame], note: str | None) -> Frames:
    notes = [*clip.notes, *([note] if note else [])]
    if clip.cut_off and note is None:
        of = f" of {clip.n_frames:,}" if clip.n_frames and clip.n_frames > len(frames) else ""
        count = f"the first{of} is" if len(frames) == 1 else f"the first {len(frames):,}{of} are"
        notes.append(f"the file is cut off or damaged: of its frames {count} there")
    solid = all(frame.alpha.min() == 255 for frame in frames)
    return Frames(
        [frame.pixels for frame in frames],
        None if solid else [frame.alpha for frame in frames],
        tuple(frame.duration for frame in frames),
        clip.loops,
        clip.format,
        tuple(notes),
    )


def _still(data: bytes) -> Frames:
    """Decode a still picture as one frame that stays."""
    decoded = decode(data)
    alpha = None if decoded.alpha is None else [decoded.alpha]
    notes = tuple(note for note in decoded.notes if not lost_frames([note]))
    return Frames([decoded.pixels], alpha, (0,), 1, decoded.format, notes)
