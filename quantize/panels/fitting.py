"""A picture at a panel's size: cut to its shape, or whole with white margins; transparency is white."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError, shown

FITS = ("crop", "fit")
MOST_SIDE = 4096
"""Pixels along a side of a panel."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A picture at a panel's size.

    Attributes
    ----------
    content : uint8, shape (h', w', 3)
        What is there of the picture.
    top, left : int
        Where it lies on the panel.
    size : (int, int)
        Width and height of the panel.
    cut : float
        Share of the picture that was cut off, 0–1.
    """

    content: NDArray[np.uint8]
    top: int
    left: int
    size: tuple[int, int]
    cut: float

    def on_ground(self, content: NDArray[np.uint8], color: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Put something of the content's shape where that lies, uint8 (h, w, 3), on one color, uint8 (3,)."""
        width, height = self.size
        out = np.full((height, width, 3), color, np.uint8)
        out[self.top : self.top + len(content), self.left : self.left + content.shape[1]] = content
        return out


def fit_picture(picture: Picture, size: tuple[int, int], fit: str) -> Fitted:
    """Bring a picture to a size of width and height, by Lanczos's filter; ``fit`` is one of ``FITS``.

    Raises
    ------
    QuantizeError
        If ``fit`` is another word, or a side is out of its limits.
    """
    check_fit(size, fit)
    image = Image.fromarray(_over_white(picture))
    scales = size[0] / image.width, size[1] / image.height
    if fit == "crop":
        sides = tuple(min(side, wanted / max(scales)) for side, wanted in zip(image.size, size, strict=True))
        # Whole pixels: half a one more would blur what is sharp.
        left, top = ((whole - side) // 2 for whole, side in zip(image.size, sides, strict=True))
        made = image.resize(size, Image.Resampling.LANCZOS, (left, top, left + sides[0], top + sides[1]))
        cut = 1 - sides[0] * sides[1] / (image.width * image.height)
        return Fitted(np.asarray(made), 0, 0, size, cut)
    width, height = (max(1, round(side * min(scales))) for side in image.size)
    made = image.resize((width, height), Image.Resampling.LANCZOS)
    return Fitted(np.asarray(made), (size[1] - height) // 2, (size[0] - width) // 2, size, 0.0)


def check_fit(size: tuple[int, int], fit: str) -> None:
    """Refuse a size or a fit that cannot be.

    Raises
    ------
    QuantizeError
    """
    if fit not in FITS:
        raise QuantizeError(f"fit must be one of {', '.join(FITS)}, got {shown(fit)}")
    if not all(1 <= side <= MOST_SIDE for side in size):
        raise QuantizeError(
            f"size must be 1 to {MOST_SIDE} pixels along each side, got {size[0]}×{size[1]}"
        )  # fmt: skip


def _over_white(picture: Picture) -> NDArray[np.uint8]:
    if picture.alpha is None:
        return picture.pixels
    share = picture.alpha[..., None] / np.float32(255)
    return np.rint(255 + (picture.pixels - np.float32(255)) * share).astype(np.uint8)
