"""Axes along which dithering and palettes for looks measure: lightness in full, chroma by a factor.

``PALETTE_AXES`` is Oklab with chroma × 1.3: a missing hue in a flat area is what people notice.
``GRAIN_AXES`` is Oklab with chroma × 0.7: of fine grain the eye sees lightness first. ``SEARCH_AXES`` has
chroma × 0.5, as a search loses less of it. ``LIGHT_AXES`` counts light itself: Y, (R - G) / 2 and
(R + G) / 4 - B / 2 in linear sRGB. The factors were found by trial, by SSIMULACRA2 on a few photos.

Sources: B. Ottosson, "A perceptual color space for image processing", 2020 (Oklab); IEC 61966-2-1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.kernels_eye import see_rows
from quantize.colors.spaces import LINEAR, OKLAB_MATRICES, SPACES, Floats, Space, encode_srgb

_CONES, _LAB = (matrix.astype(np.float32) for matrix in OKLAB_MATRICES)
_SAME = np.eye(3, dtype=np.float32)
_OPPONENT = np.array([[0.2126, 0.7152, 0.0722], [0.5, -0.5, 0], [0.25, 0.25, -0.5]], np.float32)


@dataclass(frozen=True, eq=False)
class Axes:
    """Three axes, as numbers for ``kernels_eye``.

    Attributes
    ----------
    mix : float32, shape (3, 3)
        From linear sRGB 0–1.
    root : bool
        Whether what was mixed is replaced by its cube root.
    turn : float32, shape (3, 3)
        From there to the axes.
    sigma : float
        Pixels over which an eye is taken to blur along these axes.
    pointwise : float
        How much single pixels count beside what is blurred.
    """

    mix: NDArray[np.float32]
    root: bool
    turn: NDArray[np.float32]
    sigma: float
    pointwise: float

    def place(self, colors: NDArray[np.uint8]) -> Floats:
        """Find where colours lie: uint8 (n, 3) sRGB → float32 (n, 3), whatever else is in the array."""
        out = np.empty(colors.shape, np.float32)
        rows = np.ascontiguousarray(colors).view()
        rows.flags.writeable = False  # to numba an array that may be written to is another type
        see_rows(rows, LINEAR, self.mix, self.root, self.turn, out)
        return out

    def colors(self, places: NDArray) -> NDArray[np.float64]:
        """Find the colours that lie there: (n, 3) on the axes → float64 (n, 3) sRGB 0–255, clipped."""
        mixed = np.asarray(places, np.float64) @ np.linalg.inv(self.turn.astype(np.float64)).T
        mixed = mixed**3 if self.root else mixed
        return np.clip(encode_srgb(mixed @ np.linalg.inv(self.mix.astype(np.float64)).T), 0, 255)

    @property
    def box(self) -> tuple[Floats, Floats]:
        """Lowest and highest coordinates of the corners of sRGB, float32 (3,) each."""
        corners = np.array([[r, g, b] for r in (0, 255) for g in (0, 255) for b in (0, 255)], np.uint8)
        places = self.place(corners)
        return places.min(axis=0), places.max(axis=0)


def _chroma(factor: float) -> NDArray[np.float32]:
    return np.array([1, factor, factor], np.float32)


GRAIN_AXES = Axes(_CONES, True, _LAB * _chroma(0.7)[:, None], sigma=1.0, pointwise=1.9)
SEARCH_AXES = Axes(_CONES, True, _LAB * _chroma(0.5)[:, None], sigma=1.0, pointwise=1.9)
LIGHT_AXES = Axes(_OPPONENT, False, _SAME, sigma=1.5, pointwise=0.1)


def _stretched(factor: float) -> Space:
    oklab, by = SPACES["Oklab"], _chroma(factor)
    return Space(
        f"Oklab, chroma × {factor:g}",
        oklab.axes,
        oklab.step,
        lambda colors: oklab.to_working(colors) * by,
        lambda working: oklab.to_srgb(working / by),
    )


PALETTE_AXES = _stretched(1.3)
