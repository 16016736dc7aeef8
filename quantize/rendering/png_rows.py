"""Rows of palette entries, packed and deflated for an indexed PNG in the way that comes out shortest.

Two things are open to the writer. PNG's filters predict a byte from its neighbours: that disturbs the
numbers of palette entries in most photos, but in greys and gradients, whose entries lie from dark to light,
it saves up to half. And entries of 2 or 4 bits may take a byte each: a pixel of its own is found again at
any column, which outweighs that there are more of them in most photos of 5 to 16 colours. No rule tells
beforehand which is best, so they are tried: small pictures in every way, larger ones on a part.

Source: PNG, W3C Recommendation, third edition, sections 9 and 12.7.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.rendering.deflating import (
    BEST,
    FIRST,
    USUAL,
    ZLIB_BEST,
    deflate_quickly,
    deflate_well,
)
from quantize.rendering.png_filters import filtered, unfiltered
from quantize.rendering.png_pillow import deflate_in_every_way

Indices = NDArray[np.uint8]

# So small a picture is packed in every way: some 20 ms together at the best level.
_TRIED_WHOLE = 1 << 14
# Others are judged by tiles of so many rows and columns, that make up an eighth, or so many pixels: the first
# to choose a way, the second to tell a length.
_TILE_ROWS, _TILE_COLUMNS = 16, 1024
_TRIED_PART, _MEASURED_PART = 1 << 15, 1 << 16
# Ways that come so near to the shortest when they are packed quickly are packed well, too.
_NEAR = 1.1
# Rows of so many bytes are packed to tell their length, which takes some 15 ms at the best level.
_SURE = 1 << 16
# Two guesses of a logarithm agree if they are no farther apart; then the one from a part counts for so much.
_AGREED, _TRUSTED = 0.04, 0.7
# Little repeats in rows that the usual level leaves longer than so much of them.
_GRAINY = 0.15
# In a preview, filters must be worth their time.
_PREVIEW_WORTH = 0.9


@dataclass(frozen=True)
class Way:
    """How rows are laid out before they are deflated.

    Attributes
    ----------
    bits : int
        Of a pixel.
    filtered : bool
        Whether a filter is chosen for each row, or none is used.
    mean : bool
        Whether it may be the one that takes the mean of two neighbours.
    """

    bits: int
    filtered: bool = False
    mean: bool = False

    def lay_out(self, indices: Indices) -> NDArray[np.uint8]:
        """Pack and filter pixels: uint8 (h, w) → uint8 (h, 1 + bytes of a row)."""
        rows = pack_rows(indices, self.bits)
        return filtered(rows, self.mean) if self.filtered else unfiltered(rows)


@dataclass(frozen=True)
class Deflated:
    """Bits of a pixel, and the rows as a zlib stream."""

    bits: int
    stream: bytes


@dataclass(frozen=True)
class Length:
    """About how many bytes a stream has, and which share that is of what the usual level would make."""

    n_bytes: int
    ahead: float | None


def bits_for(n_entries: int) -> int:
    """Return the least bits per pixel that PNG has for so many palette entries: 1, 2, 4 or 8."""
    return next(bits for bits in (1, 2, 4, 8) if n_entries <= 1 << bits)


def pack_rows(indices: Indices, bits: int) -> NDArray[np.uint8]:
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


def pack_quickly(indices: Indices, n_entries: int) -> Deflated:
    """Pack pixels for a preview. Parameters as for ``pack_well``."""
    bits = bits_for(n_entries)
    plain, filters = Way(bits), Way(bits, filtered=True)
    sizes = _quick_sizes(_tiles(indices), (plain, filters))
    way = filters if sizes[filters] < _PREVIEW_WORTH * sizes[plain] else plain
    return Deflated(bits, deflate_quickly(way.lay_out(indices)))


def pack_well(indices: Indices, n_entries: int, level: int) -> Deflated:
    """Pack pixels for a file, in the way that is shortest for all of them or for a part.

    Parameters
    ----------
    indices : uint8, shape (h, w)
        Palette entries.
    n_entries : int
        Length of the palette.
    level : int
        Of ``deflating.deflate_well``.
    """
    if indices.size <= _TRIED_WHOLE:
        return pack_in_every_way(indices, n_entries, level)
    way = _best_way(_tiles(indices), n_entries, level)
    return Deflated(way.bits, deflate_well(way.lay_out(indices), level))


def pack_in_every_way(indices: Indices, n_entries: int, level: int = BEST) -> Deflated:
    """Pack pixels to the shortest stream there is here. Parameters as for ``pack_well``."""
    filters, packed = ((False, False), (True, False), (True, True)), []
    for plain in _unfiltered_ways(n_entries):
        laid_out = (Way(plain.bits, *each).lay_out(indices) for each in filters)
        streams = [deflate_well(rows, level) for rows in laid_out]
        streams.append(deflate_in_every_way(pack_rows(indices, plain.bits), min(level, ZLIB_BEST)))
        packed.append(Deflated(plain.bits, min(streams, key=len)))
    return min(packed, key=lambda one: len(one.stream))


def measure_packed(indices: Indices, n_entries: int, level: int) -> Length:
    """Tell about how many bytes ``pack_well`` would make, mostly in a quarter of its time at the best level.

    How much the best level is ahead of the usual one is guessed in two ways: from how short the rows became
    at the usual one and at the first, and from a part that is packed at both. On photos the mean is within
    3 % where they agree; where little repeats the part alone is within 5 %. Elsewhere, and where it takes
    little time, all is packed. Parameters as there.
    """
    if level <= USUAL or indices.size <= _TRIED_WHOLE:
        return Length(len(pack_well(indices, n_entries, level).stream), None)
    way = _best_way(_tiles(indices), n_entries, level)
    rows = way.lay_out(indices)
    usual = len(deflate_well(rows, USUAL))
    ahead = _guess(rows, way, usual, way.lay_out(_tiles(indices, _MEASURED_PART)), level)
    if ahead is not None:
        return Length(round(usual * math.exp(ahead)), math.exp(ahead))
    best = len(deflate_well(rows, level))
    return Length(best, best / usual)


def scale_packed(indices: Indices, n_entries: int, ahead: float) -> int:
    """Tell the same in a fifth of the time: ``ahead`` is how much the best level was with similar palettes.

    Filtered rows and those of single bits differ from others: there a part tells of it, too.
    """
    way = _best_way(_tiles(indices), n_entries, BEST)
    usual = len(deflate_well(way.lay_out(indices), USUAL))
    if way.filtered or way.bits == 1:
        part = way.lay_out(_tiles(indices, _MEASURED_PART))
        ahead = math.sqrt(ahead * math.exp(_ahead(part, BEST)))
    return round(usual * ahead)


def _guess(rows: Indices, way: Way, usual: int, part: Indices, level: int) -> float | None:
    """Tell about how much a level is ahead of the usual one, as a logarithm; None where that may be off."""
    # On rows of single bits the guesses agree and are off.
    if rows.size <= _SURE or way.bits == 1:
        return None
    is_grainy = usual > _GRAINY * rows.size
    if way.filtered:
        return _ahead(part, level) if is_grainy else None
    of_part = _ahead(part, level)
    of_all = _guess_ahead(len(deflate_well(rows, FIRST)), usual, rows.size)
    if abs(of_part - of_all) < _AGREED:
        return of_all + _TRUSTED * (of_part - of_all)
    return of_part if is_grainy else None


def _ahead(part: NDArray[np.uint8], level: int) -> float:
    """Take the logarithm of a part's length at a level, as a share of that at the usual level."""
    return math.log(len(deflate_well(part, level)) / len(deflate_well(part, USUAL)))


def _guess_ahead(first: int, usual: int, raw: int) -> float:
    """Estimate the same of all from its lengths at the first and the usual level, and not packed at all."""
    # Fitted to twelve photos at five K, dithered and not, at libdeflate's best level.
    return 0.080 * math.log(usual / first) + 0.063 * math.log(usual / raw)


def _unfiltered_ways(n_entries: int) -> list[Way]:
    bits = bits_for(n_entries)
    # Bytes of single pixels of 1 bit were longer in all photos.
    return [Way(bits), Way(8)] if bits in (2, 4) else [Way(bits)]


def _best_way(part: Indices, n_entries: int, level: int) -> Way:
    plain = _unfiltered_ways(n_entries)
    sizes = _quick_sizes(part, (*plain, Way(plain[0].bits, filtered=True)))
    if min(sizes, key=sizes.__getitem__).filtered:
        sizes |= _quick_sizes(part, (Way(plain[0].bits, filtered=True, mean=True),))
    near = [way for way, size in sizes.items() if size <= _NEAR * min(sizes.values())]
    return (
        near[0] if len(near) == 1 else min(near, key=lambda way: len(deflate_well(way.lay_out(part), level)))
    )


def _quick_sizes(part: Indices, ways: Iterable[Way]) -> dict[Way, int]:
    return {way: len(deflate_quickly(way.lay_out(part))) for way in ways}


def _tiles(indices: Indices, most: int = _TRIED_PART) -> Indices:
    """Take tiles from all over the picture, one under the other, ``most`` pixels in all."""
    height, width = indices.shape
    tall, wide = min(height, _TILE_ROWS), min(width, _TILE_COLUMNS)
    count = max(1, min(most, indices.size // 8) // (tall * wide))
    tops = np.linspace(0, height - tall, count).round().astype(int)
    # Steps of the golden ratio, so that tiles that follow each other are not of one column. Where pixels
    # share bytes, they do so in a tile as in the picture.
    lefts = (np.arange(1, count + 1) * 0.618 % 1 * (width - wide)).astype(int) // 8 * 8
    return np.concatenate(
        [indices[top : top + tall, left : left + wide] for top, left in zip(tops, lefts, strict=True)]
    )
