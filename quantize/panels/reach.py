"""What the inks of a panel reach: its greys, and the mix that comes nearest to a colour.

Pixels side by side add up light, so mixes of inks are the points of a convex hull in linear light. The greys
of a panel, as an eye that has got used to it sees them, lie on the line from the black ink to the white one.
Any other colour's nearest mix is found as ``dithering.mixes`` finds it, along an eye's axes; it moves little
where the colour does, so that gradients stay gradients, and two or three inks need no rule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import SPACES, decode_srgb, encode_srgb
from quantize.dithering.mixes import find_nearest_mixes

Floats = NDArray[np.float64]

_GREYS = 1024
# Chroma up to which an ink is a grey; how much more than needed chroma counts, and at most.
_GREY, _SURELY, _MOST = 5.0, 1.05, 8.0
_STEPS = 201


@dataclass(frozen=True, eq=False)
class Reach:
    """What some inks mix.

    Attributes
    ----------
    colors : uint8, shape (k, 3)
        sRGB of the inks; the first is black and the second white.
    greys : float64, shape (n, 3)
        LAB of the mixes of both, dark to light.
    vivid : float
        Chroma of the coloured inks around the grey of their lightness, on average; 0 if there are none.
    chroma : float
        How much more chroma must count for no grey to be nearer to a coloured ink than to black or white.
    """

    colors: NDArray[np.uint8]
    greys: Floats
    vivid: float
    chroma: float

    @property
    def low(self) -> float:
        """Lightness of the black ink."""
        return float(self.greys[0, 0])

    @property
    def high(self) -> float:
        """Lightness of the white ink."""
        return float(self.greys[-1, 0])

    def grey_at(self, lightness: Floats) -> Floats:
        """Find a* and b* of the grey of some lightness, float64 (n, 2)."""
        at, a, b = self.greys.T
        return np.stack([np.interp(lightness, at, a), np.interp(lightness, at, b)], axis=1)

    def place(self, rows: NDArray) -> NDArray[np.float32]:
        """Place colours, (n, 3) sRGB 0–255, so that greys have a grey for the nearest ink: float32 (n, 3)."""
        lab = SPACES["LAB"].to_working(rows).astype(np.float64)
        way = (lab[:, 1:] - self.grey_at(lab[:, 0])) * self.chroma
        return np.column_stack([lab[:, 0], way]).astype(np.float32)

    def nearest_mixes(self, rows: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Find the mixes nearest to colours, uint8 (n, 3) sRGB → float32 (n, 3) encoded 0–255."""
        mixes = find_nearest_mixes(rows, self.colors, "linear")
        light = (decode_srgb(self.colors)[mixes.entries] * mixes.shares[..., None]).sum(axis=1)
        return encode_srgb(light).astype(np.float32)


def find_reach(colors: NDArray[np.uint8]) -> Reach:
    """Work out what inks mix.

    Parameters
    ----------
    colors : uint8, shape (k, 3), k >= 2
        sRGB; the first is black and the second white, which is lighter.
    """
    return _found(colors.tobytes())


@lru_cache(maxsize=16)
def _found(code: bytes) -> Reach:
    colors = np.frombuffer(code, np.uint8).reshape(-1, 3)
    black, white = decode_srgb(colors[:2])
    shares = np.linspace(0, 1, _GREYS)[:, None]
    greys = SPACES["LAB"].to_working(encode_srgb(black * (1 - shares) + white * shares)).astype(np.float64)
    bare = Reach(colors, greys, 0.0, 1.0)
    lab = SPACES["LAB"].to_working(colors[2:]).astype(np.float64)
    chroma = np.hypot(*(lab[:, 1:] - bare.grey_at(lab[:, 0])).T)
    if not len(chroma):
        return bare
    return Reach(colors, greys, float(chroma.mean()), _chroma_for_greys(bare, lab[chroma >= _GREY]))


def _chroma_for_greys(reach: Reach, inks: Floats) -> float:
    """Find ``Reach.chroma`` for coloured inks, LAB float64 (n, 3): by greys of the panel, and true ones."""
    greys = np.linspace(0, 100, _STEPS)
    away = np.minimum(np.abs(greys - reach.low), np.abs(greys - reach.high))[:, None]
    room = np.maximum(away**2 - np.square(greys[:, None] - inks[:, 0]), 0)
    way = inks[:, 1:] - reach.grey_at(inks[:, 0])
    tint = -reach.grey_at(greys)[:, None]
    needed = [room / np.maximum(np.square(way - by).sum(axis=2) - np.square(by).sum(axis=2), 1)
              for by in (0 * tint, tint)]  # fmt: skip
    return float(np.clip(_SURELY * np.sqrt(np.max(needed, initial=0)), 1, _MOST))
