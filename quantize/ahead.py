"""Compile loops in processes of their own, before somebody waits for them.

numba compiles one loop at a time and holds the interpreter's lock meanwhile: 9 s in a row, in which a server
hardly answers. Helpers share the work (``steps.py``) and leave what they made in numba's cache on the disk,
where whoever needs it finds it. Where they cannot start or end early, loops are compiled as they are called.
Of the engine little is imported here, and not numba: a server begins with this.
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

FIRST = ("descend", "match", "group", "merge", "rank")
"""Steps of a first result (``steps.py``), the longest first; the last is the smallest."""
FIGURES = ("convert", "compare")
"""Steps of what is said of a result: it may come after it."""
NEXT = ("exchange", "count")
"""Steps without which a result takes longer, or a second use: Python and NumPy do without for a while."""
LATER = (
    "search",
    "remap",
    "few",
    "diffusion",
    "ordered",
    "curve",
    "pairs",
    "looks",
    "soft",
    "best",
    "grid",
    "tiles",
    "regions",
    "trace",
    "follow",
    "animate",
)
"""Steps of everything else (``later_steps.py``), last what is off at first, so that nobody waits for it."""
ALL = FIRST + FIGURES + NEXT + LATER

# -P: nothing is imported from the current folder.
_PROGRAM = ("-P", "-m", "quantize.steps")
# A helper takes about 300 MB, and the steps of a first result are too few for more.
_MOST_HELPERS = 4
# numba's list of what was compiled of a loop that is always needed.
_COMPILED = "kernels_count.rank_words-*.nbi"


class Ahead:
    """Helpers at work on ``steps``, in their order; none on a machine with one processor.

    Parameters
    ----------
    steps : sequence of str
        Keys of ``later_steps.STEPS``.
    """

    def __init__(self, steps: Sequence[str]) -> None:
        self._left = list(steps)
        self._open = dict.fromkeys(steps)
        self._changed = threading.Condition()
        self._loops: list[str] = []  # the step of each that was begun
        self._told: Callable[[str], object] = lambda step: None
        n_helpers = min(thread_count(), _MOST_HELPERS, len(steps))
        self._helping = n_helpers if n_helpers > 1 else 0
        for _ in range(self._helping):
            threading.Thread(target=self._help, name="compiling", daemon=True).start()

    def tell(self, told: Callable[[str], object]) -> None:
        """Call with its step for each loop that was or is about to be compiled, by one thread at a time."""
        with self._changed:
            self._told = told
            for step in self._loops:
                told(step)

    def wait(self, steps: Iterable[str]) -> None:
        """Wait until these steps are done, or nobody is left to do them."""
        with self._changed:
            self._changed.wait_for(lambda: not self._helping or self._open.keys().isdisjoint(steps))

    def note(self, step: str) -> None:
        """Note that a step is done, whoever did it."""
        with self._changed:
            self._open.pop(step, None)
            self._changed.notify_all()

    def lacks(self, step: str) -> bool:
        """Tell whether a step is not done yet."""
        return step in self._open

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
                    self._loops.append(step)
                    self._told(step)
            raise OSError("a helper has ended early")
        finally:
            self.note(step)  # done, or nobody will


_lock = threading.Lock()
_begun: Ahead | None = None
_at_work = threading.Event()


def begin(steps: Sequence[str] = ALL) -> Ahead:
    """Begin to compile these steps, once in a process: who comes later gets the same helpers."""
    global _begun
    with _lock:
        if _begun is None:
            _at_work.set()
            _begun = Ahead(steps)
        return _begun


def begin_early(steps: Sequence[str] = ALL) -> Ahead | None:
    """Begin if nothing seems to have been compiled yet; in doubt loops tell when they are called."""
    return begin(steps) if _begun or _is_first_use() else None


def end() -> None:
    """Tell that all is compiled."""
    _at_work.clear()


def is_compiling() -> bool:
    """Tell whether loops are not there yet: what is timed meanwhile takes too long."""
    return _at_work.is_set()


def is_missing(step: str) -> bool:
    """Tell whether the loops of a step are being compiled and not there yet."""
    return is_compiling() and _begun is not None and _begun.lacks(step)


def wait(steps: Iterable[str]) -> None:
    """Wait for helpers that have these steps before them, if there are any."""
    if _begun is not None:
        _begun.wait(steps)


def _is_first_use() -> bool:
    kept, root = os.environ.get("NUMBA_CACHE_DIR"), Path(__file__).parent
    if not kept and not os.access(root / "colors", os.W_OK):
        return False  # then it is kept elsewhere
    with suppress(OSError):
        return next(Path(kept or root / "colors").rglob(_COMPILED), None) is None
    return False


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
