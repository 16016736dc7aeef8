"""The pixels of a GIF's frame, packed in several ways of which the shortest is taken."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from quantize.animation.kernels_lzw import mark_runs, pack_lzw
from quantize.threads import run_all

_NEVER = 2**30


@dataclass(frozen=True)
class _Way:
    """How long a run of pixels must be to be rather transparent; patience and look as in the kernel."""

    run: int
    patience: int
    look: int


# Measured on the animations of benchmarks/animation.py: each is the shortest somewhere.
_SOLID = (_Way(_NEVER, 500, 0), _Way(_NEVER, 0, 0))
_FREE = (_Way(1, 500, 2), _Way(1, 0, 0), _Way(16, 500, 0))


def pack_pixels(
    indices: NDArray[np.uint8], free: NDArray[np.bool_], entry: int | None, *, thorough: bool = True
) -> tuple[bytes, bool]:
    """Pack the indices of a frame as a GIF holds them: code size, then blocks behind their lengths.

    Parameters
    ----------
    indices : uint8, shape (h, w)
    free : bool, shape (h, w)
        Pixels that the transparent entry shows as well.
    entry : int or None
        The transparent entry, if there is one.
    thorough : bool
        Whether to try all ways, not one of each kind.

    Returns
    -------
    packed : bytes
    uses : bool
        Whether the transparent entry was written in place of others.
    """
    flat, may = np.ascontiguousarray(indices).reshape(-1), np.ascontiguousarray(free).reshape(-1)
    none, cut = np.zeros_like(may), None if thorough else 1
    jobs = [partial(_pack, flat, none, 0, way) for way in _SOLID[:cut]]
    if entry is not None and may.any():
        apart = may & (flat != entry)
        jobs += [partial(_pack, flat, apart, entry, way) for way in _FREE[:cut]]
    made = run_all(jobs)
    best = min(range(len(made)), key=lambda number: len(made[number]))
    return made[best], best >= len(_SOLID[:cut])


def _pack(flat: NDArray[np.uint8], free: NDArray[np.bool_], entry: int, way: _Way) -> bytes:
    bits = max(2, int(max(flat.max(), entry)).bit_length())
    room, prefer = np.empty(2 * flat.size + 64, np.uint8), np.empty_like(free)
    mark_runs(free, way.run, prefer)
    length = pack_lzw(flat, free, prefer, np.uint8(entry), bits, way.patience, way.look, room)
    codes = room[:length].tobytes()
    blocks = (codes[at : at + 255] for at in range(0, length, 255))
    return bytes([bits]) + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"
