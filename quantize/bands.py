"""Work in pieces that do not depend on the number of threads, dealt out as threads become free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from quantize.threads import run_all, thread_count

State = TypeVar("State")


def deal(
    n_pieces: int,
    begin: Callable[[], State],
    work: Callable[[State, int], None],
    checkpoint: Callable[[], None] | None = None,
) -> None:
    """Do ``work(state, piece)`` for every piece, on all threads.

    Parameters
    ----------
    n_pieces : int
        Pieces are numbered from 0.
    begin : callable
        Makes what one thread keeps from piece to piece; no result may depend on it.
    work : callable
        Releases the interpreter's lock, or nothing is gained.
    checkpoint : callable, optional
        Called between pieces, on the calling thread only; if it raises, the others stop after their piece.
    """
    pieces = iter(range(n_pieces))
    others = [partial(_take, pieces, begin, work, None) for _ in range(min(thread_count(), n_pieces) - 1)]
    run_all([partial(_take, pieces, begin, work, checkpoint), *others])


def _take(
    pieces: Iterator[int],
    begin: Callable[[], State],
    work: Callable[[State, int], None],
    checkpoint: Callable[[], None] | None,
) -> None:
    state = begin()
    try:
        for piece in pieces:
            if checkpoint is not None:
                checkpoint()
            work(state, piece)
    finally:
        for _ in pieces:  # after an error nobody need go on
            pass
