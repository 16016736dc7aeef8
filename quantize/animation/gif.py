"""An animation as a GIF: of every frame only the rectangle that changes, and in it what may be transparent.

A GIF can only add to what is there, or clear a frame's rectangle when its time is over. So where something
becomes transparent the frame before is cleared, and drawn large enough for that.

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
    """A frame to write: its rectangle, and what must be seen of it."""

    span: Span
    place: tuple[slice, slice]
    changed: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    clears: bool


def write_gif(animated: Animated, checkpoint: Checkpoint = None) -> bytes:
    """Write a GIF that plays as ``animated`` does, in steps of 10 ms."""
    table, free = _table(animated)
    width, height = animated.size
    depth = max(1, (len(table) - 1).bit_length())
    background = 0 if free is None else free
    parts = [
        b"GIF89a",
        struct.pack("<HHBBB", width, height, 0xF0 | depth - 1, background, 0),
        _padded(table, depth),
        _loops(animated.loops),
    ]
    for block in _blocks(animated):
        if checkpoint:
            checkpoint()
        parts.append(_frame(animated, block, table, free))
    return b"".join([*parts, b";"])


def _table(animated: Animated) -> tuple[NDArray[np.uint8], int | None]:
    """Return the first palette and the number of an entry for what is transparent, if there is room."""
    table = animated.palettes[0]
    if len(table) == 256:
        used = np.zeros(256, np.bool_)
        if len(animated.palettes) == 1:
            for number in range(animated.n_frames):
                used[animated.indices[number][animated.visible(number)]] = True
            idle = np.flatnonzero(~used)
            return table, int(idle[-1]) if len(idle) else None
        return table, None
    return np.concatenate([table, table[:1]]), len(table)


def _padded(table: NDArray[np.uint8], depth: int) -> bytes:
    return table.tobytes().ljust(3 << depth, b"\0")


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
        yield _Block(span, place, changed[place], now[place] == HIDDEN, clears)
        there = now.copy()
        if clears:
            there[place] = HIDDEN
        now = then


def _frame(animated: Animated, block: _Block, table: NDArray[np.uint8], free: int | None) -> bytes:
    own = animated.palette_of(block.span.number)
    local = len(animated.palettes) > 1 and not np.array_equal(own, table[: len(own)])
    if local:
        table, free = (own, None) if len(own) == 256 else (np.concatenate([own, own[:1]]), len(own))
    depth = max(1, (len(table) - 1).bit_length())
    indices = np.ascontiguousarray(animated.indices[block.span.number][block.place])
    may = ~block.changed & ~block.hidden
    packed, transparent = _pack(
        indices,
        block.hidden,
        may,
        free,
        depth,
        clears=block.clears,
        thorough=animated.indices.size <= _THOROUGH_PIXELS,
    )
    rows, columns = block.place
    height, width = indices.shape
    flags = (_CLEAR if block.clears else _KEEP) << 2 | (transparent is not None)
    control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, flags, block.span.ticks, transparent or 0, 0)
    image = struct.pack(
        "<BHHHHB", 0x2C, columns.start, rows.start, width, height, 0x80 | depth - 1 if local else 0
    )
    return control + image + (_padded(table, depth) if local else b"") + packed


def _pack(
    indices: NDArray[np.uint8],
    hidden: NDArray[np.bool_],
    may: NDArray[np.bool_],
    free: int | None,
    depth: int,
    *,
    clears: bool,
    thorough: bool,
) -> tuple[bytes, int | None]:
    """Pack a frame; return that and its transparent entry, if it has one."""
    entry = _idle(indices[~hidden & ~may], 1 << depth) if free is None else free
    if entry is not None:
        indices = np.where(hidden, np.uint8(entry), indices)
    packed, used = pack_pixels(indices, may, entry, thorough=thorough)
    # Some decoders clear to transparent only if the frame has such an entry.
    return packed, entry if used or clears or hidden.any() else None


def _idle(shown_indices: NDArray[np.uint8], n_entries: int) -> int | None:
    """Find an entry that none of these pixels has."""
    idle = np.flatnonzero(np.bincount(shown_indices, minlength=n_entries)[:n_entries] == 0)
    return int(idle[-1]) if len(idle) else None
