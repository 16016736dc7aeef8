"""Load, or compile, every kernel before somebody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from quantize import ahead
from quantize.ahead import ALL, FIRST
from quantize.compiling import tell_compiling
from quantize.later_steps import STEPS

# About how many loops of ours are compiled before there is a first result.
FIRST_LOOPS = 19

_lock = threading.Lock()
_done = threading.Event()


def warm(report: Callable[[float], object] | None = None) -> None:
    """Run every kernel once on a tiny picture; does nothing the second time. Safe from any thread.

    What must be compiled is compiled on all processors, by other processes (``ahead.py``).

    Parameters
    ----------
    report : callable, optional
        Told how far all is that a first result needs, from 0 to 1: exactly 1 when it is there, and never
        before. The rest goes on after that.
    """
    report = report or (lambda done: None)
    with _lock:
        if not _done.is_set():
            try:
                _warm(report)
            finally:
                ahead.end()
            _done.set()
    report(1.0)


def _warm(report: Callable[[float], object]) -> None:
    begun, ready, helpers = 0, False, ahead.begin_early()

    def count(step: str = FIRST[0]) -> None:
        nonlocal begun
        if not ready and step in FIRST:
            report(min(begun / FIRST_LOOPS, 0.99))
            begun += 1

    def begin() -> None:
        nonlocal helpers
        # Not awaited here, where nobody else can load a loop.
        if helpers is None:
            helpers = ahead.begin()
            helpers.tell(count)
        count()

    def run(steps: Iterable[str]) -> None:
        for step in steps:
            if helpers:
                helpers.wait([step])
            STEPS[step]()
            if helpers:
                helpers.note(step)

    if helpers:
        helpers.tell(count)
    with tell_compiling(begin):
        # The last is the smallest: it tells whether loops have to be compiled.
        run(FIRST if helpers else FIRST[::-1])
        ready = True
        report(1.0)
        run(ALL[len(FIRST) :])
