"""The canvas of an animation, on which files draw their frames one over the other.

A file says of every frame where it stands, whether it covers what is there or is laid over it, and what
becomes of its place afterwards ("disposal"). What is never drawn on is transparent: browsers ignore the
background colour that a GIF or WebP may name.

Sources: Graphics Interchange Format, Version 89a, section 23; Portable Network Graphics (Third Edition), W3C
2025, clause 11.3.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

KEEP, CLEAR, RESTORE = 0, 1, 2
"""What becomes of a frame's place: it stays, becomes transparent, or what it was before."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What is seen for a while: pixels uint8 (h, w, 3), alpha uint8 (h, w), and milliseconds."""

    pixels: Image
    alpha: Image
    duration: int


class FrameCanvas:
    """A canvas of ``width`` and ``height``, transparent at first."""

    def __init__(self, width: int, height: int) -> None:
        self.pixels = np.zeros((height, width, 3), np.uint8)
        self.alpha = np.zeros((height, width), np.uint8)

    def draw(
        self, pixels: Image, alpha: Image, at: tuple[int, int], *, over: bool, after: int, duration: int
    ) -> Frame:
        """Draw a frame, copy what is seen then, and make room for the next frame.

        Parameters
        ----------
        pixels, alpha : uint8, shape (h', w', 3) and (h', w')
        at : (int, int)
            Left and top; what lies outside the canvas is left out.
        over : bool
            Whether it is laid over what is there, not put in its place.
        after : int
            ``KEEP``, ``CLEAR`` or ``RESTORE``.
        duration : int
            Milliseconds.
        """
        left, top = at
        height, width = alpha.shape
        place = slice(top, top + height), slice(left, left + width)
        there, there_alpha = self.pixels[place], self.alpha[place]
        cut = slice(there.shape[0]), slice(there.shape[1])
        before = (there.copy(), there_alpha.copy()) if after == RESTORE else None
        _lay(there, there_alpha, pixels[cut], alpha[cut], over)
        seen = Frame(self.pixels.copy(), self.alpha.copy(), duration)
        if after == CLEAR:
            there[:], there_alpha[:] = 0, 0
        elif before:
            there[:], there_alpha[:] = before
        return seen


def _lay(there: Image, there_alpha: Image, pixels: Image, alpha: Image, over: bool) -> None:
    """Lay pixels over others, or put them in their place."""
    if not over or alpha.size == 0 or alpha.min() == 255:
        there[:], there_alpha[:] = pixels, alpha
        return
    solid = (alpha == 255) | ((there_alpha == 0) & (alpha > 0))
    there[solid], there_alpha[solid] = pixels[solid], alpha[solid]
    mixed = (alpha > 0) & ~solid
    if mixed.any():
        there[mixed], there_alpha[mixed] = _mix(there[mixed], there_alpha[mixed], pixels[mixed], alpha[mixed])


def _mix(under: Image, under_alpha: Image, pixels: Image, alpha: Image) -> tuple[Image, Image]:
    """Merge rows of pixels with those under them (Porter, Duff: "over"), in whole numbers."""
    share = alpha.astype(np.int64) * 255
    rest = under_alpha.astype(np.int64) * (255 - alpha.astype(np.int64))
    total = share + rest
    mixed = pixels * share[:, None] + under * rest[:, None]
    return (
        ((mixed + total[:, None] // 2) // total[:, None]).astype(np.uint8),
        ((total + 127) // 255).astype(np.uint8),
    )
