"""The frames of an animation as they are, in one animated PNG with nothing else of its file: to be kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.animation.animation import Animation
from quantize.animation.apng import MOST_TICKS, REPLACE, Parts, deflate
from quantize.animation.mapping import Checkpoint
from quantize.animation.timeline import box, cut_long

_RGB, _RGBA = (8, 2), (8, 6)


def encode_frames(animation: Animation, checkpoint: Checkpoint = None) -> bytes:
    """Write all frames of an animation, lossless, without any metadata.

    A frame that stays longer than an animated PNG can say, 65.5 s, is said several times.

    Parameters
    ----------
    animation : Animation
    checkpoint : callable, optional
        Called before every frame; what it raises ends the work.

    Returns
    -------
    bytes
        An animated PNG in full colour, with alpha if the animation has some.
    """
    times = cut_long(enumerate(animation.durations), MOST_TICKS)
    form = _RGB if animation.alpha is None else _RGBA
    parts = Parts(animation.size, form, animation.loops, len(times))
    before = None
    for span in times:
        if checkpoint:
            checkpoint()
        now = _whole(animation, span.number)
        place = box(np.ones(now.shape[:2], np.bool_) if before is None else (now != before).any(axis=2))
        rows = np.ascontiguousarray(now[place])
        packed = deflate(rows.reshape(len(rows), -1), now.shape[2], thorough=False)
        parts.add(span.ticks, place, REPLACE, packed)
        before = now
    return parts.join()


def _whole(animation: Animation, number: int) -> NDArray[np.uint8]:
    """Return colours of a frame, with alpha where there is some."""
    pixels = animation.pixels[number]
    if animation.alpha is None:
        return pixels
    return np.concatenate([pixels, animation.alpha[number][..., None]], axis=2)
