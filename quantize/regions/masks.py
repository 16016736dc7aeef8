"""Masks and cut-outs: a PNG for every region, white where it is, or the picture there alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
from PIL import Image

from quantize.decoding.picture import Picture
from quantize.regions.segments import Segments
from quantize.threads import run_all

_AT_ONCE = 2
"""Files that are written side by side: a cut-out of 12 megapixels takes 48 MB meanwhile."""

Files = Iterator[tuple[str, bytes]]


def name_region(segments: Segments, number: int) -> str:
    """Name a region for a file: its number from 1, with zeros before it, and its colour."""
    wide = len(str(len(segments)))
    return f"{number + 1:0{wide}}-{segments.hexes[number].removeprefix('#')}"


def write_mask(segments: Segments, number: int) -> bytes:
    """Write the mask of a region as a PNG of one bit a pixel: white where the region is."""
    return _write(Image.fromarray(segments.labels == number), level=6)


def write_cutout(picture: Picture, segments: Segments, number: int) -> bytes:
    """Write the picture where a region is, with its own opacity, as RGBA; black and clear elsewhere."""
    made = np.zeros((*segments.labels.shape, 4), np.uint8)
    mask = segments.labels == number
    made[mask, :3] = picture.pixels[mask]
    made[mask, 3] = 255 if picture.alpha is None else picture.alpha[mask]
    return _write(Image.fromarray(made), level=6, dpi=picture.dpi)


def write_masks(segments: Segments, checkpoint: Callable[[], None] | None = None) -> bytes:
    """Write the masks of all regions as a ZIP."""
    return pack_files(_each(segments, "mask", lambda n: write_mask(segments, n), checkpoint))


def write_cutouts(
    picture: Picture, segments: Segments, checkpoint: Callable[[], None] | None = None
) -> bytes:
    """Write the cut-outs of all regions as a ZIP."""
    return pack_files(_each(segments, "cutout", lambda n: write_cutout(picture, segments, n), checkpoint))


def pack_files(files: Files) -> bytes:
    """Pack names and contents into a ZIP, without deflating them again: the same bytes each time."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(ZipInfo(name), data)
    return packed.getvalue()


def _each(
    segments: Segments, kind: str, write: Callable[[int], bytes], checkpoint: Callable[[], None] | None
) -> Files:
    """Write the file of every region, two at once, and give them in order."""
    for first in range(0, len(segments), _AT_ONCE):
        if checkpoint:
            checkpoint()
        numbers = range(first, min(first + _AT_ONCE, len(segments)))
        for number, data in zip(numbers, run_all(partial(write, number) for number in numbers), strict=True):
            yield f"{kind}-{name_region(segments, number)}.png", data


def _write(image: Image.Image, level: int, dpi: tuple[float, float] | None = None) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", compress_level=level, dpi=dpi)
    return file.getvalue()
