"""Which pixels of a picture are visible: one answer for all that counts, fits, measures and writes.

An indexed file shows a pixel or does not. Those that are at least half opaque are shown, and so count as
fully opaque; the others vanish, and shape neither palette nor figures. Unless somebody wants partly
transparent entries (``Alpha``): then all pixels count that are not fully transparent (``soft.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError
from quantize.records import Records

OPAQUE_FROM = 128
"""Alpha from which a pixel is visible."""


@dataclass(frozen=True)
class Alpha:
    """What becomes of partly transparent pixels.

    Attributes
    ----------
    key, title : str
        Its name in settings, and for people.
    """

    key: str
    title: str


ALPHAS = Records("alpha", (Alpha("hard", "Cut"), Alpha("soft", "Keep")))
find_alpha = ALPHAS.find


def is_visible(alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell of each pixel whether it is visible, bool of the shape of ``alpha``."""
    return alpha >= OPAQUE_FROM


def visible_rows(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """List a picture's visible pixels as rows uint8 (n, 3), C-contiguous; a view where possible.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape.
    """
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.shape[-1:] != (3,):
        raise QuantizeError(f"pixels must be uint8 in an array of shape (..., 3), got {_describe(pixels)}")
    rows = np.ascontiguousarray(pixels).reshape(-1, 3)
    if alpha is None:
        return rows
    visible = ~hidden_rows(pixels, alpha)
    return rows if visible.all() else rows[visible]


def hidden_rows(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which rows of ``pixels.reshape(-1, 3)`` are not visible."""
    if not isinstance(alpha, np.ndarray) or alpha.dtype != np.uint8 or alpha.shape != pixels.shape[:-1]:
        raise QuantizeError(f"alpha must be uint8 of shape {pixels.shape[:-1]}, got {_describe(alpha)}")
    return ~is_visible(alpha.reshape(-1))


def _describe(array: Any) -> str:
    if isinstance(array, np.ndarray):
        return f"{array.dtype} {array.shape}"
    return type(array).__name__


@dataclass(frozen=True)
class Opacity:
    """How many pixels of a picture are visible, and how many of what an indexed file cannot hold.

    Attributes
    ----------
    n_pixels : int
        All of them.
    n_hidden : int
        Those that are not visible, whatever their alpha.
    n_faint : int
        Of these, those that are not fully transparent.
    n_soft : int
        Visible ones that are not fully opaque.
    """

    n_pixels: int
    n_hidden: int = 0
    n_faint: int = 0
    n_soft: int = 0

    @classmethod
    def of(cls, alpha: NDArray[np.uint8]) -> Opacity:
        """Count the pixels of each kind."""
        n_hidden = alpha.size - int(np.count_nonzero(is_visible(alpha)))
        n_clear = alpha.size - int(np.count_nonzero(alpha))
        n_solid = int(np.count_nonzero(alpha == 255))
        return cls(alpha.size, n_hidden, n_hidden - n_clear, alpha.size - n_hidden - n_solid)

    @property
    def n_visible(self) -> int:
        """How many pixels are visible."""
        return self.n_pixels - self.n_hidden

    @property
    def is_partial(self) -> bool:
        """Whether any pixel is neither opaque nor fully transparent, which an indexed PNG cannot hold."""
        return self.n_faint + self.n_soft > 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What an indexed file makes of partly transparent pixels: one sentence for the user, or none."""
        parts = []
        if self.n_faint:
            parts.append(f"{self._share(self.n_faint)} less than half opaque and become transparent")
        if self.n_soft:
            parts.append(f"{self._share(self.n_soft)} partly transparent and become opaque")
        return ("; ".join(parts),) if parts else ()

    def _share(self, count: int) -> str:
        share = 100 * count / self.n_pixels
        return f"{share:.1f} % of the pixels are" if share >= 0.05 else "less than 0.1 % of the pixels are"
