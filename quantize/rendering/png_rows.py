"""Rows of palette entries, packed and deflated for an indexed PNG in the way that comes out shortest.

Two things are open to the writer. PNG's filters predict a byte from its neighbours: that disturbs the
numbers of palette entries in most photos, but in greys and gradients, whose entries lie from dark to light,
it saves up to half. And zlib may search the last 32 KB for matches, or match runs of one byte only, which is
many times faster and better where little repeats. No rule tells beforehand which is best, so they are tried:
small pictures in every way, larger ones on a part.

Pillow filters rows of 8-bit grey and leaves those of 8-bit palette entries alone. To PNG the bytes of both
are the same, however many pixels share one; so it packs rows either way here, and only its stream is used.

Source: PNG, W3C Recommendation, third edition, sections 9 and 12.7; Pillow's PNG options.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# zlib's strategies, as Pillow's PNG writer takes them
_DEFAULT, _FILTERED, _RUNS = 0, 1, 3
# So small a picture is packed in every way: some 30 ms together at level 9.
_TRIED_WHOLE = 1 << 15
# Others are judged by tiles of so many rows and bytes, that make up an eighth, or so many bytes: for a file
# to keep, and for a preview.
_TILE_ROWS, _TILE_BYTES = 16, 1024
_TRIED_PART, _TRIED_QUICKLY = 1 << 17, 1 << 15
# Ways that come so near to the shortest in the trial are tried on the whole.
_NEAR = 1.03
# The slow way is tried where the quick one like it comes so near, and used where it leaves no more than this.
_SLOW_NEAR, _SLOW_WORTH = 1.1, 0.98
# There, and where pixels share bytes, the last level takes twice as long as the one before, for 1 to 2 %.
_LAST_BUT_ONE = 8
# In a preview, filters must be worth their time.
_PREVIEW_WORTH = 0.9


@dataclass(frozen=True)
class Way:
    """How rows are deflated.

    Attributes
    ----------
    filtered : bool
        Whether Pillow chooses a filter for each row, or none is used.
    strategy : int
        zlib's.
    average : bool
        Whether the filter that takes the mean of two neighbours may be chosen: good for smooth greys only.
    """

    filtered: bool
    strategy: int
    average: bool = False


_PLAIN, _PLAIN_RUNS = Way(False, _DEFAULT), Way(False, _RUNS)
_QUICK, _QUICK_MEAN, _SLOW = Way(True, _RUNS), Way(True, _RUNS, average=True), Way(True, _FILTERED)
_EVERY_WAY = (
    *(_PLAIN, _PLAIN_RUNS),
    *(Way(True, strategy, average) for strategy in (_RUNS, _FILTERED, _DEFAULT) for average in (False, True)),
)


def bits_for(n_entries: int) -> int:
    """Return the least bits per pixel that PNG has for so many palette entries: 1, 2, 4 or 8."""
    return next(bits for bits in (1, 2, 4, 8) if n_entries <= 1 << bits)


def pack_rows(indices: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """Put pixels together, the first in a byte's highest bits: uint8 (h, w) → uint8 (h, ceil(w·bits/8))."""
    if bits == 8:
        return np.ascontiguousarray(indices)
    if bits == 1:
        return np.packbits(indices, axis=1)
    height, width = indices.shape
    packed = np.zeros((height, -(-width * bits // 8)), np.uint8)
    for place in range(8 // bits):
        part = indices[:, place :: 8 // bits]
        packed[:, : part.shape[1]] |= part << np.uint8(8 - bits * (place + 1))
    return packed


def deflate_quickly(rows: NDArray[np.uint8], bits: int) -> bytes:
    """Deflate rows to a zlib stream, for a preview. Parameters as for ``deflate_well``."""
    sizes = _sizes(_tiles(rows, _TRIED_QUICKLY), _quick_ways(bits), 1)
    filtered = sizes.pop(_QUICK)
    best = min(sizes, key=sizes.__getitem__)
    return _deflate(rows, _QUICK if filtered < _PREVIEW_WORTH * sizes[best] else best, 1)


def deflate_well(rows: NDArray[np.uint8], bits: int, level: int) -> bytes:
    """Deflate rows to a zlib stream, in the way that is shortest for all of them or for a part.

    Parameters
    ----------
    rows : uint8, shape (h, bytes of a row)
        From ``pack_rows``.
    bits : int
        Of a pixel.
    level : int
        zlib's, 1–9.
    """
    if rows.size <= _TRIED_WHOLE:
        return deflate_in_every_way(rows, level)
    level = min(level, _LAST_BUT_ONE) if bits < 8 else level
    ways = _promising(_tiles(rows, _TRIED_PART), bits, level)
    level = min(level, _LAST_BUT_ONE) if _SLOW in ways else level
    return min((_deflate(rows, way, level) for way in ways), key=len)


def deflate_in_every_way(rows: NDArray[np.uint8], level: int = 9) -> bytes:
    """Deflate rows to the shortest zlib stream there is here. Parameters as for ``deflate_well``."""
    return min((_deflate(rows, way, level) for way in _EVERY_WAY), key=len)


def _quick_ways(bits: int) -> list[Way]:
    # Bytes that are single pixels hardly come in runs.
    return [_PLAIN, _QUICK] if bits == 8 else [_PLAIN, _PLAIN_RUNS, _QUICK]


def _promising(part: NDArray[np.uint8], bits: int, level: int) -> list[Way]:
    sizes = _sizes(part, _quick_ways(bits), level)
    least = min(sizes.values())
    if sizes[_QUICK] <= _SLOW_NEAR * least:
        slow = _sizes(part, [_SLOW], min(level, _LAST_BUT_ONE))
        sizes |= slow if slow[_SLOW] < _SLOW_WORTH * least else {}
        mean = _sizes(part, [_QUICK_MEAN], level)
        if mean[_QUICK_MEAN] < sizes[_QUICK]:
            del sizes[_QUICK]
            sizes |= mean
    return [way for way, size in sizes.items() if size <= _NEAR * min(sizes.values())]


def _sizes(rows: NDArray[np.uint8], ways: Iterable[Way], level: int) -> dict[Way, int]:
    return {way: len(_deflate(rows, way, level)) for way in ways}


def _tiles(rows: NDArray[np.uint8], most: int) -> NDArray[np.uint8]:
    """Take tiles from all over the picture, one under the other, that make up an eighth or ``most`` bytes."""
    height, width = rows.shape
    tall, wide = min(height, _TILE_ROWS), min(width, _TILE_BYTES)
    count = max(1, min(most, rows.size // 8) // (tall * wide))
    tops = np.linspace(0, height - tall, count).round().astype(int)
    # Steps of the golden ratio, so that tiles that follow each other are not of one column.
    lefts = (np.arange(1, count + 1) * 0.618 % 1 * (width - wide)).round().astype(int)
    return np.concatenate(
        [rows[top : top + tall, left : left + wide] for top, left in zip(tops, lefts, strict=True)]
    )


def _deflate(rows: NDArray[np.uint8], way: Way, level: int) -> bytes:
    image = Image.fromarray(np.ascontiguousarray(rows))
    if not way.filtered:
        image.putpalette(bytes(768))
    file = BytesIO()
    # To Pillow "optimize" means that filter, and level 9.
    image.save(file, "PNG", compress_level=level, compress_type=way.strategy, optimize=way.average)
    return b"".join(_stream(file.getbuffer()))


def _stream(png: memoryview) -> Iterable[memoryview]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            yield png[at + 8 : at + 8 + length]
        at += 12 + length
