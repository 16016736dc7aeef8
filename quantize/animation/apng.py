"""An animation as an indexed PNG: of every frame only the rectangle that changes.

A rectangle is put in the place of what is there, transparent pixels too, or laid over it, where pixels that
stay are transparent: whichever is shorter. FFmpeg draws rectangles of fewer than 8 bits a pixel wrongly (8.1,
2026), so with fewer bits every frame is whole, and a file of 8 bits is tried, too.

Source: Portable Network Graphics (Third Edition), W3C 2025, clauses 4.5 and 11.3.2.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.animation.mapping import Animated, Checkpoint
from quantize.animation.timeline import HIDDEN, Span, box, shown, spans
from quantize.decoding.png import END, SIGNATURE, write_chunk
from quantize.threads import run_all

MOST_TICKS = 65_535
_MOST_LOOPS = 2**31 - 1
REPLACE, _OVER = 0, 1
_WAYS = ((9, zlib.Z_DEFAULT_STRATEGY), (9, zlib.Z_FILTERED))
_QUICK_WAYS = ((6, zlib.Z_DEFAULT_STRATEGY),)
_THOROUGH_PIXELS = 2**23  # of all frames; more are packed in one way


def write_apng(animated: Animated, checkpoint: Checkpoint = None) -> bytes:
    """Write an animated PNG that plays as ``animated`` does, in milliseconds.

    Indexed with one palette, or several of at most 256 different colours together; else in full colour.
    """
    times = spans(animated, 1, MOST_TICKS)
    return min((_file(animated, times, form, checkpoint) for form in _forms(animated, times)), key=len)


def _forms(animated: Animated, times: list[Span]) -> list[_Form]:
    """List the forms to try; of very many pixels only one, guessed from two frames."""
    form = _Form(animated)
    if form.bits == 8:
        return [form]
    eight = _Form(animated, bits=8)
    if form.thorough:
        return [form, eight]
    looks = [shown(animated, span.number) for span in times[:2]]
    whole = len(looks) == 1 or box(looks[0] != looks[1]) == box(np.ones(looks[0].shape, np.bool_))
    return [form if whole else eight]


def _file(animated: Animated, times: list[Span], form: _Form, checkpoint: Checkpoint) -> bytes:
    parts = Parts(animated.size, (form.bits, form.kind), animated.loops, len(times), form.tables)
    for span, place, over, packed in _frames(animated, times, form):
        if checkpoint:
            checkpoint()
        parts.add(span.ticks, place, over, packed)
    return parts.join()


class Parts:
    """The chunks of an animated PNG, frame by frame.

    Parameters
    ----------
    size : (int, int)
        Width and height.
    form : (int, int)
        Bits of a sample and kind of colour, as IHDR has them.
    loops, n_frames : int
    tables : sequence of bytes
        Chunks before the first frame.
    """

    def __init__(
        self, size: tuple[int, int], form: tuple[int, int], loops: int, n_frames: int,
        tables: Sequence[bytes] = (),
    ) -> None:  # fmt: skip
        self._number = 0
        self._parts = [
            SIGNATURE,
            write_chunk(b"IHDR", struct.pack(">IIBBBBB", *size, *form, 0, 0, 0)),
            write_chunk(b"acTL", struct.pack(">II", n_frames, min(loops, _MOST_LOOPS))),
            *tables,
        ]

    def add(self, ticks: int, place: tuple[slice, slice], over: int, packed: bytes) -> None:
        """Add a frame: its milliseconds, where it is put or laid over what is there, its packed rows."""
        rows, columns = place
        control = struct.pack(
            ">IIIIIHHBB", self._number, columns.stop - columns.start, rows.stop - rows.start, columns.start,
            rows.start, ticks, 1000, 0, over,
        )  # fmt: skip
        self._parts.append(write_chunk(b"fcTL", control))
        if not self._number:
            self._parts.append(write_chunk(b"IDAT", packed))
            self._number = 1
            return
        self._parts.append(write_chunk(b"fdAT", struct.pack(">I", self._number + 1) + packed))
        self._number += 2

    def join(self) -> bytes:
        """Return the file."""
        return b"".join([*self._parts, END])


class _Form:
    """How pixels are stored: as entries of one table, or in full colour."""

    def __init__(self, animated: Animated, bits: int = 1) -> None:
        self.animated = animated
        self.thorough = animated.indices.size <= _THOROUGH_PIXELS
        every = np.unique(np.concatenate(animated.palettes), axis=0)
        self.one = len(animated.palettes) == 1
        table = animated.palettes[0] if self.one else every
        self.hides = animated.alpha is not None and any(
            not animated.visible(number).all() for number in range(animated.n_frames)
        )
        self.free: int | None = len(table) if len(table) < 256 else self._idle() if self.one else None
        self.tables: tuple[bytes, ...] = ()
        self.indexed = len(table) <= 256 and not (self.hides and self.free is None)
        self.table = table
        if not self.indexed:
            self.kind, self.bits = 6, 8
            return
        if self.free == len(table):
            table = np.concatenate([table, table[:1]])
        self.kind = 3
        self.bits = next(n for n in (1, 2, 4, 8) if n >= bits and len(table) <= 1 << n)
        opacities = np.full(0 if self.free is None else self.free + 1, 255, np.uint8)
        opacities[-1:] = 0
        self.tables = (
            write_chunk(b"PLTE", table.tobytes()),
            *([write_chunk(b"tRNS", opacities.tobytes())] if len(opacities) else []),
        )

    def _idle(self) -> int | None:
        used = np.zeros(256, np.bool_)
        for number in range(self.animated.n_frames):
            used[self.animated.indices[number][self.animated.visible(number)]] = True
        idle = np.flatnonzero(~used)
        return int(idle[-1]) if len(idle) else None

    @property
    def can_lie_over(self) -> bool:
        """Whether there is something transparent; FFmpeg draws such frames of fewer bits wrongly."""
        return not self.indexed or (self.free is not None and self.bits == 8)

    def pack(self, number: int, place: tuple[slice, slice], clear: NDArray[np.bool_]) -> bytes:
        """Pack a rectangle of a frame, transparent where ``clear``."""
        if not self.indexed:
            pixels = self.animated.frame(number)[place]
            pixels[clear] = 0
            return deflate(pixels.reshape(len(pixels), -1), 4, thorough=self.thorough)
        indices = self.animated.indices[number][place]
        if not self.one:
            indices = _renumbered(self.animated.palette_of(number), self.table)[indices]
        if clear.any():
            indices = np.where(clear, np.uint8(self.free or 0), indices)
        return deflate(_packed_bits(indices, self.bits), 0, thorough=self.thorough)


def _frames(
    animated: Animated, times: list[Span], form: _Form
) -> Iterator[tuple[Span, tuple[slice, slice], int, bytes]]:
    before = None
    for span in times:
        now = shown(animated, span.number)
        changed = np.ones(now.shape, np.bool_) if before is None else now != before
        place = box(changed if form.bits == 8 else np.ones(now.shape, np.bool_))
        hidden = now[place] == HIDDEN
        ways = [(form.pack(span.number, place, hidden), REPLACE)]
        if before is not None and form.can_lie_over and not (hidden & changed[place]).any():
            ways.append((form.pack(span.number, place, ~changed[place]), _OVER))
        packed, over = min(ways, key=lambda way: len(way[0]))
        yield span, place, over, packed
        before = now


def _renumbered(palette: NDArray[np.uint8], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Find the place of each colour of a palette in a table in which all of them are."""
    places = {color.tobytes(): place for place, color in enumerate(table)}
    return np.array([places[color.tobytes()] for color in palette], np.uint8)


def _packed_bits(indices: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """Pack indices of 1, 2, 4 or 8 bits into the bytes of rows."""
    if bits == 8:
        return indices
    each = 8 // bits
    height, width = indices.shape
    padded = np.zeros((height, -(-width // each) * each), np.uint8)
    padded[:, :width] = indices
    shifts = np.arange(each - 1, -1, -1, dtype=np.uint8) * np.uint8(bits)
    return np.bitwise_or.reduce(padded.reshape(height, -1, each) << shifts, axis=2)


def deflate(rows: NDArray[np.uint8], step: int, *, thorough: bool) -> bytes:
    """Pack rows without a filter, or with that of the pixel to the left, ``step`` bytes away."""
    filtered = [np.pad(rows, ((0, 0), (1, 0))).tobytes()]
    if step:
        left = np.concatenate([rows[:, :step], rows[:, step:] - rows[:, :-step]], axis=1)
        filtered.append(np.pad(left, ((0, 0), (1, 0)), constant_values=1).tobytes())
    ways = _WAYS if thorough else _QUICK_WAYS
    return min(run_all(partial(_squeeze, rows, *way) for rows in filtered for way in ways), key=len)


def _squeeze(rows: bytes, level: int, strategy: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 15, 9, strategy)
    return packer.compress(rows) + packer.flush()
