"""A picture as large as it will be on paper, in the nearest paints: as it is, and from farther away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import hex_colors
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.numbers.layout import Choices, Layout
from quantize.pipeline import quantize_image
from quantize.regions.parts import CLEAR

MOST_PAINTS = 255

_FLAT = 256
"""Colours of a picture up to which it is enlarged without new ones."""
_VISIBLE = 128


@dataclass(frozen=True, eq=False)
class Maps:
    """Labels of a picture, uint8 (h, w): as it is, without fine noise, and from afar; and their colours."""

    plain: NDArray[np.uint8]
    sharp: NDArray[np.uint8]
    soft: NDArray[np.uint8]
    codes: list[str]


def map_colors(
    picture: Picture, layout: Layout, choices: Choices, codes: Sequence[str], space: str,
    checkpoint: Callable[[], None],
) -> Maps:  # fmt: skip
    """Give the picture, at its size on paper, the nearest of the palette's colours."""
    pixels, alpha = _resize(picture, layout.size)
    checkpoint()
    radius = choices.brush / 2 / layout.step
    side = 2 * max(1, round(radius / 2)) + 1
    versions = [pixels, cv2.medianBlur(pixels, side), cv2.GaussianBlur(pixels, (0, 0), radius)]
    results = []
    for version in versions:
        checkpoint()
        made = Picture.from_pixels(np.ascontiguousarray(version), alpha)
        results.append(quantize_image(made, palette=tuple(codes), space=space, checkpoint=checkpoint))
    visible = np.ones(pixels.shape[:2], bool) if alpha is None else alpha >= _VISIBLE
    used = np.unique(np.concatenate([np.unique(one.indices[visible]) for one in results]))
    if len(used) > MOST_PAINTS:
        raise QuantizeError(f"paints must be at most {MOST_PAINTS}, got {len(used)}: choose fewer colours")
    table = np.full(256, CLEAR, np.uint8)
    table[used] = np.arange(len(used))
    plain, sharp, soft = (np.where(visible, table[one.indices], np.uint8(CLEAR)) for one in results)
    return Maps(plain, sharp, soft, hex_colors(results[0].palette[used]))


def _resize(picture: Picture, size: tuple[int, int]) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Make a picture as large as it will be; what is clear lends no colour to what is not."""
    smaller = size[0] < picture.size[0]
    flat = not smaller and picture.n_colors <= _FLAT
    how = cv2.INTER_AREA if smaller else cv2.INTER_NEAREST if flat else cv2.INTER_LINEAR
    if picture.alpha is None:
        return np.asarray(cv2.resize(picture.pixels, size, interpolation=how), np.uint8), None
    visible = (picture.alpha >= _VISIBLE).astype(np.float32)
    weights = cv2.resize(visible, size, interpolation=how)
    sums = cv2.resize(picture.pixels * visible[..., None], size, interpolation=how)
    pixels = np.rint(sums / np.maximum(weights, 1e-6)[..., None]).clip(0, 255).astype(np.uint8)
    if weights.max() < 0.5:
        raise QuantizeError(
            "picture must have visible parts that can be painted, got only fine lines and dots"
        )
    return pixels, np.where(weights >= 0.5, 255, 0).astype(np.uint8)
