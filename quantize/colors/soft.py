"""Colours that are partly transparent: how far two of them are apart, and which ones a picture has.

What such a pixel looks like depends on what lies behind it. Here that is black or white, with equal chance.
Composited on a ground g, a colour c of opacity α (0–1) is αc + (1 − α)g; so in a space with Euclidean
distance the mean over both grounds of the squared distance of two pixels is

    |Δ(α (c − m))|² + (σ Δα)²    with m = (black + white) / 2 and σ = |white − black| / 2,

which is a squared distance again, in four dimensions: in sRGB exactly, as browsers composite encoded values,
in other spaces as far as mixing there is mixing. Between opaque colours it is the distance of the space.
Everything that is fully transparent is one value, (0, 0, 0, 0), whatever colour lies under it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.colors.kernels_soft import find_values, pack_values
from quantize.colors.nearest import ToWorking
from quantize.colors.spaces import Space, find_space
from quantize.threads import run_all, slices

Rgba = NDArray[np.uint8]
Places = NDArray[np.float64]
"""(n, 4): where values lie among others."""

_SMALLEST_SLICE = 65_536
_ENDS = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)


@dataclass(frozen=True, eq=False)
class SoftAxes:
    """The four dimensions of a space.

    Parameters
    ----------
    to_working : callable
        From uint8 (n, 3) sRGB to float32 (n, 3) of the space.
    to_srgb : callable or None
        The way back; None if nobody needs it.
    """

    to_working: ToWorking
    to_srgb: Callable[[NDArray[np.float32]], NDArray[np.float32]] | None = None

    @classmethod
    def of(cls, space: Space) -> SoftAxes:
        """Take those of a colour space."""
        return cls(space.to_working, space.to_srgb)

    @property
    def middle(self) -> NDArray[np.float64]:
        """Half way between black and white, float64 (3,)."""
        middle: NDArray[np.float64] = self.to_working(_ENDS).astype(np.float64).mean(axis=0)
        return middle

    @property
    def reach(self) -> float:
        """How far an opaque value is from a fully transparent one, along the last axis."""
        black, white = self.to_working(_ENDS).astype(np.float64)
        return float(np.sqrt(np.square(white - black).sum())) / 2

    def places(self, values: Rgba) -> Places:
        """Find where values, uint8 (n, 4), R, G, B, alpha, not premultiplied, lie: float64 (n, 4)."""
        share = values[:, 3:] / 255
        colors = self.to_working(np.ascontiguousarray(values[:, :3])).astype(np.float64)
        return np.concatenate([share * (colors - self.middle), self.reach * share], axis=1)

    def values(self, places: Places, opaque: NDArray[np.bool_] | None = None) -> Rgba:
        """Find the 8-bit values nearest to some places, uint8 (n, 4); none of them is fully transparent.

        Where ``opaque`` bool (n,) is set, of fully opaque ones.
        """
        assert self.to_srgb is not None
        alpha = np.clip(np.rint(255 * places[:, 3:] / self.reach), 1, 255)
        if opaque is not None:
            alpha[opaque] = 255
        # Of the opacity as it was rounded, this is the colour that is off least.
        colors = self.to_srgb((places[:, :3] / (alpha / 255) + self.middle).astype(np.float32))
        return np.concatenate([np.clip(np.rint(colors), 0, 255), alpha], axis=1).astype(np.uint8)


SRGB_AXES = SoftAxes.of(find_space("BGR"))
"""In which errors are told: squared 8-bit steps, R + G + B, in the mean over black and white."""


@dataclass(frozen=True, eq=False)
class SoftSet:
    """The distinct values of a picture, what is fully transparent as one, each with a count.

    Attributes
    ----------
    values : uint8, shape (n, 4)
        R, G, B, alpha, sorted by alpha; (0, 0, 0, 0), if any, is the first.
    counts : int64, shape (n,)
        Pixels of each.
    """

    values: Rgba
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> SoftSet:
        """Collect and count the values of a picture, uint8 (h, w, 3) and (h, w)."""
        codes, counts = np.unique(_codes(pixels, alpha), return_counts=True)
        return cls(_split(codes), counts.astype(np.int64))

    @property
    def n_clear(self) -> int:
        """Fully transparent pixels."""
        return 0 if self.values[0, 3] else int(self.counts[0])

    def positions(self, pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint32]:
        """Find which of the values every pixel of the picture has, uint32 (h, w)."""
        codes, known = _codes(pixels, alpha), pack(self.values)
        first = np.searchsorted(known >> 16, np.arange((1 << 16) + 1)).astype(np.int64)
        out = np.empty(codes.shape, np.uint32)
        run_all(
            partial(find_values, codes[cut], known, first, out[cut])
            for cut in slices(codes.size, _SMALLEST_SLICE)
        )
        return out.reshape(alpha.shape)


def pack(values: Rgba) -> NDArray[np.uint32]:
    """Pack values, uint8 (n, 4), into a number each: alpha in its highest bits, then R, G, B."""
    return _codes(values[:, :3], values[:, 3])


def _codes(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint32]:
    rows, opacities = np.ascontiguousarray(pixels).reshape(-1, 3), np.ascontiguousarray(alpha).reshape(-1)
    codes = np.empty(len(rows), np.uint32)
    run_all(
        partial(pack_values, rows[cut], opacities[cut], codes[cut])
        for cut in slices(len(rows), _SMALLEST_SLICE)
    )
    return codes


def _split(codes: NDArray[np.uint32]) -> Rgba:
    return np.stack([codes >> shift & 255 for shift in (16, 8, 0, 24)], axis=1).astype(np.uint8)
