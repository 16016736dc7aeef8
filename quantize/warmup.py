"""Load, or compile, every kernel before somebody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from quantize.ahead import Ahead
from quantize.compiling import tell_compiling
from quantize.later_steps import FIGURE_STEPS, STEPS
from quantize.steps import FIRST_STEPS

# About how many loops of ours are compiled before there is a first result.
FIRST_LOOPS = 35

_lock = threading.Lock()
_done = threading.Event()
_compiling = threading.Event()


def is_compiling() -> bool:
    """Tell whether ``warm`` is at work and had to compile: what is timed meanwhile took too long."""
    return _compiling.is_set()


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
                _compiling.clear()
            _done.set()
    report(1.0)


def compile_ahead() -> None:
    """Compile with helpers what a result and its figures need: to be called when a first loop is compiled."""
    steps = *FIRST_STEPS, *FIGURE_STEPS
    Ahead(steps, lambda: None).wait(steps)


def _warm(report: Callable[[float], object]) -> None:
    begun, ready, helpers = 0, False, None

    def count() -> None:
        nonlocal begun
        if not ready:
            report(min(begun / FIRST_LOOPS, 0.99))
            begun += 1

    def begin() -> None:
        nonlocal helpers
        # Not awaited here, where nobody else can load a loop.
        if helpers is None:
            _compiling.set()
            helpers = Ahead(tuple(STEPS), count)
        count()

    def run(steps: Iterable[str]) -> None:
        for step in steps:
            if helpers:
                helpers.wait(steps)
            STEPS[step]()

    with tell_compiling(begin):
        # The last is the smallest: it tells whether loops have to be compiled.
        run(tuple(FIRST_STEPS)[::-1])
        ready = True
        report(1.0)
        run(FIGURE_STEPS)
        run(STEPS)
