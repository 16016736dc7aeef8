"""An animation as a GIF: of every frame only the rectangle that changes, and in it what may be transparent.

A GIF can only add to what is there, or clear a frame's rectangle when its time is over. So where something
becomes transparent the frame before is cleared, and drawn large enough for that. If anything in it is ever
transparent, every frame has a transparent entry: Pillow forgets opacity after a first frame without one, and
many programs clear to a colour after any such frame. Of 256 entries one is left for it, see ``selection.py``.

Source: Graphics Interchange Format, Version 89a, CompuServe 1990.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.animation.lzw import pack_pixels
from quantize.animation.mapping import Animated, Checkpoint
from quantize.animation.timeline import HIDDEN, Shown, Span, box, shown, spans

TICK = 10
_MOST_TICKS = 65_535
_MOST_LOOPS = 65_536
_KEEP, _CLEAR = 1, 2
_THOROUGH_PIXELS = 2**24  # of all frames; more are packed in fewer ways


@dataclass(frozen=True, eq=False)
class _Block:
    """A frame to write: its rectangle, which pixels must be drawn and which be hidden there."""

    span: Span
    place: tuple[slice, slice]
    drawn: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    clears: bool

    @property
    def hides(self) -> bool:
        """Whether something is transparent, now or when its time is over."""
        return self.clears or bool(self.hidden.any())


def write_gif(animated: Animated, checkpoint: Checkpoint = None) -> bytes:
    """Write a GIF that plays as ``animated`` does, in steps of 10 ms."""
    blocks = list(_blocks(animated))
    hides = any(block.hides for block in blocks)
    table = _order_entries(animated, blocks)
    width, height = animated.size
    background = 0 if table.free is None else table.free
    parts = [
        b"GIF89a",
        struct.pack("<HHBBB", width, height, 0xF0 | table.depth - 1, background, 0),
        table.padded,
        _loops(animated.loops),
    ]
    for block in blocks:
        if checkpoint:
            checkpoint()
        parts.append(_frame(animated, block, table, hides))
    return b"".join([*parts, b";"])


@dataclass(frozen=True, eq=False)
class _Table:
    """Entries of a file or a frame, the new number of each old one, and the one kept for transparency."""

    colors: NDArray[np.uint8]
    numbers: NDArray[np.uint8]
    free: int | None

    @property
    def depth(self) -> int:
        """Bits of an entry."""
        return max(1, (len(self.colors) - 1).bit_length())

    @property
    def padded(self) -> bytes:
        """All entries that there must be, black behind the last."""
        return self.colors.tobytes().ljust(3 << self.depth, b"\0")


def _order_entries(animated: Animated, blocks: list[_Block]) -> _Table:
    """Order the first palette so that what most frames use comes first, for codes of few bits.

    An entry is kept for what is transparent if one is needed: where something is hidden, or where a frame
    that could be shorter uses all others.
    """
    palette = animated.palettes[0]
    n = len(palette)
    if len(animated.palettes) > 1:
        return _Table(palette, np.arange(n, dtype=np.uint8), None)
    uses, needed = np.zeros(n, np.int64), False
    for block in blocks:
        own = np.bincount(animated.indices[block.span.number][block.place][block.drawn], minlength=n) > 0
        uses += own
        needed |= block.hides or (bool(own.all()) and not block.drawn.all())
    order = np.argsort(-uses, kind="stable")
    numbers = np.argsort(order).astype(np.uint8)
    if needed and n < 256:
        return _Table(np.concatenate([palette[order], palette[order[:1]]]), numbers, n)
    hides = any(block.hides for block in blocks)
    free = int(n - 1) if hides and not uses[order[-1]] else None
    return _Table(palette[order], numbers, free)


def _loops(loops: int) -> bytes:
    """Say how often it plays: nothing for once, else how often again, 0 for ever."""
    if loops == 1:
        return b""
    again = min(loops, _MOST_LOOPS) - 1 if loops else 0
    return b"!\xff\x0bNETSCAPE2.0\3\1" + struct.pack("<HB", again, 0)


def _blocks(animated: Animated) -> Iterator[_Block]:
    """Find the rectangle of every frame, and which of them are cleared when their time is over."""
    times = spans(animated, TICK, _MOST_TICKS)
    there: Shown = np.full(animated.indices.shape[1:], HIDDEN, np.int32)
    now = shown(animated, times[0].number)
    for at, span in enumerate(times):
        then = shown(animated, times[at + 1].number) if at + 1 < len(times) else now
        changed = now != there
        vanishing = (now != HIDDEN) & (then == HIDDEN)
        clears = bool(vanishing.any())
        place = box(changed | vanishing)
        if not at:
            place = slice(0, now.shape[0]), slice(0, now.shape[1])
        hidden = now[place] == HIDDEN
        yield _Block(span, place, changed[place] & ~hidden, hidden, clears)
        there = now.copy()
        if clears:
            there[place] = HIDDEN
        now = then


def _frame(animated: Animated, block: _Block, table: _Table, hides: bool) -> bytes:
    number = block.span.number
    own = animated.palette_of(number)
    local = len(animated.palettes) > 1
    if local:
        table = _Table(own, np.arange(len(own), dtype=np.uint8), None)
        if len(own) < 256:
            table = _Table(np.concatenate([own, own[:1]]), table.numbers, len(own))
    indices = table.numbers[animated.indices[number][block.place]]
    free = table.free
    if free is None or not block.hides:  # else the one that is the background, too
        free = _idle(indices[block.drawn], len(table.colors))
    if free is not None:
        indices = np.where(block.hidden, np.uint8(free), indices)
    thorough = animated.indices.size <= _THOROUGH_PIXELS
    packed, used = pack_pixels(indices, ~block.drawn & ~block.hidden, free, thorough=thorough)
    clear = free is not None and (used or hides)
    rows, columns = block.place
    flags = (_CLEAR if block.clears else _KEEP) << 2 | clear
    control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, flags, block.span.ticks, free if clear else 0, 0)
    image = struct.pack(
        "<BHHHHB", 0x2C, columns.start, rows.start, indices.shape[1], indices.shape[0],
        0x80 | table.depth - 1 if local else 0,
    )  # fmt: skip
    return control + image + (table.padded if local else b"") + packed


def _idle(drawn: NDArray[np.uint8], n_entries: int) -> int | None:
    """Find the first entry that none of these pixels has."""
    idle = np.flatnonzero(np.bincount(drawn, minlength=n_entries)[:n_entries] == 0)
    return int(idle[0]) if len(idle) else None
