"""Compile loops in processes of their own, before somebody waits for them.

numba compiles one loop at a time and holds the interpreter's lock meanwhile: 9 s in a row, in which a server
hardly answers. Helpers share the work (``steps.py``) and leave what they made in numba's cache on the disk,
where whoever needs it finds it. Where they cannot start or end early, loops are compiled as they are called.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from quantize.threads import thread_count

DONE = "done"
"""The line that a helper writes after a step; before it, an empty one for each loop that it compiles."""

# -P: nothing is imported from the current folder.
_PROGRAM = ("-P", "-m", "quantize.steps")
# A helper takes about 200 MB, and the steps of a first result are too few for more.
_MOST_HELPERS = 4


class Ahead:
    """Helpers at work on ``steps``, in their order; none on a machine with one processor.

    Parameters
    ----------
    steps : sequence of str
        Keys of ``steps.STEPS``.
    told : callable
        Called for each loop that is about to be compiled, by one thread at a time.
    """

    def __init__(self, steps: Sequence[str], told: Callable[[], object]) -> None:
        self._left = list(steps)
        self._open = dict.fromkeys(steps)
        self._changed = threading.Condition()
        self._told = told
        n_helpers = min(thread_count(), _MOST_HELPERS, len(steps))
        self._helping = n_helpers if n_helpers > 1 else 0
        for _ in range(self._helping):
            threading.Thread(target=self._help, name="compiling", daemon=True).start()

    def wait(self, steps: Iterable[str]) -> None:
        """Wait until these steps are done, or nobody is left to do them."""
        with self._changed:
            self._changed.wait_for(lambda: not self._helping or self._open.keys().isdisjoint(steps))

    def _help(self) -> None:
        try:
            with suppress(OSError), _start() as helper:
                while step := self._next():
                    self._see_through(helper, step)
        finally:
            with self._changed:
                self._helping -= 1
                self._changed.notify_all()

    def _next(self) -> str:
        with self._changed:
            return self._left.pop(0) if self._left else ""

    def _see_through(self, helper: subprocess.Popen[str], step: str) -> None:
        assert helper.stdin
        assert helper.stdout
        try:
            print(step, file=helper.stdin, flush=True)
            for line in helper.stdout:
                if line.strip() == DONE:
                    return
                with self._changed:
                    self._told()
            raise OSError("a helper has ended early")
        finally:
            with self._changed:
                del self._open[step]  # done, or nobody will
                self._changed.notify_all()


def _start() -> subprocess.Popen[str]:
    if not sys.executable:
        raise OSError("Python does not know its own program")
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, *_PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # an interrupt at the terminal reaches helpers too
        text=True,
        env=os.environ | {"PYTHONPATH": path, "QUANTIZE_THREADS": "1"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
