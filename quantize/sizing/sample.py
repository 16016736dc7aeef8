"""A part of a large picture on which lengths and looks of its files are estimated.

Tiles from all over it, drawn from all tiles sorted by how much happens in them, at even steps, and put
together to a smaller picture. Which share of a file's bytes they have is found by packing part and whole
quickly: green deflated for what is deflated, a JPEG for what is coded in blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.colors.opacity import is_visible
from quantize.decoding.picture import Picture
from quantize.rendering.deflating import deflate_quickly
from quantize.sizing.kinds import KINDS

WHOLE_PIXELS = 160_000
"""A picture of no more pixels is its own sample."""

_TILE, _ACROSS, _COUNT = 96, 4, 16
_JPEG_QUALITY = 75


@dataclass(frozen=True, eq=False)
class Sample:
    """What stands for a picture.

    Attributes
    ----------
    picture : Picture
        The part; the picture itself if it is small.
    size : (int, int)
        Width and height of the whole.
    packed, coded : float
        Its share of the bytes of files that are deflated, and of those coded in blocks, 0–1.
    """

    picture: Picture
    size: tuple[int, int]
    packed: float = 1.0
    coded: float = 1.0

    @property
    def exact(self) -> bool:
        """Whether it is all of the picture."""
        return self.picture.size == self.size


def take_sample(picture: Picture) -> Sample:
    """Take the sample of a picture with at least one visible pixel."""
    if picture.pixels.shape[0] * picture.pixels.shape[1] <= WHOLE_PIXELS:
        return Sample(picture, picture.size)
    places = _find_tiles(picture)
    pixels = _put_together(picture.pixels, places)
    alpha = None if picture.alpha is None else _put_together(picture.alpha, places)
    if alpha is not None and not is_visible(alpha).any():
        return Sample(picture, picture.size)
    part = Picture.from_pixels(pixels, alpha)
    return Sample(part, picture.size, _packed(part) / _packed(picture), _coded(part) / _coded(picture))


def _find_tiles(picture: Picture) -> list[tuple[slice, slice]]:
    height, width = picture.pixels.shape[:2]
    tall = min(_TILE, height)
    wide = min(_TILE * _TILE // tall, width)
    tall = min(_TILE * _TILE // wide, height)
    places = [
        (slice(top, top + tall), slice(left, left + wide))
        for top in _starts(height, tall)
        for left in _starts(width, wide)
    ]
    if picture.alpha is not None:
        alpha = picture.alpha
        places = [place for place in places if is_visible(alpha[place]).any()] or places
    order = np.argsort([_business(picture.pixels[place]) for place in places], kind="stable")
    steps = ((np.arange(_COUNT) + 0.5) * len(places) / _COUNT).astype(int)
    return [places[number] for number in np.sort(order[steps]).tolist()]


def _starts(length: int, tile: int) -> list[int]:
    return (np.arange(length // tile) * tile + length % tile // 2).tolist()


def _business(tile: NDArray[np.uint8]) -> float:
    """Tell how much neighbours differ, in green, of every fourth row."""
    green = tile[::4, :, 1].astype(np.int16)
    return float(np.abs(np.diff(green, axis=1)).mean()) if green.shape[1] > 1 else 0.0


def _put_together(array: NDArray[np.uint8], places: list[tuple[slice, slice]]) -> NDArray[np.uint8]:
    rows = [places[first : first + _ACROSS] for first in range(0, len(places), _ACROSS)]
    return np.ascontiguousarray(
        np.concatenate([np.concatenate([array[place] for place in row], axis=1) for row in rows], axis=0)
    )


def _packed(picture: Picture) -> int:
    green = picture.pixels[..., 1] >> np.uint8(2)
    if picture.alpha is not None:
        green = green * is_visible(picture.alpha)
    return len(deflate_quickly(np.ascontiguousarray(green)))


def _coded(picture: Picture) -> int:
    longest, file = KINDS["jpeg"].longest, BytesIO()
    pixels = np.ascontiguousarray(picture.pixels[:longest, :longest])
    Image.fromarray(pixels).save(file, "JPEG", quality=_JPEG_QUALITY)
    return file.tell()
