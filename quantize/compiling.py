"""How loops are compiled, which takes seconds once for each installation, and when."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba import njit
from numba.core import event

# Others go on meanwhile, without the lock. The rest spares code, and so a tenth of the time: a division by 0
# gives what it does in NumPy, without a branch that raises, and nobody calls these from C.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_LOOP: dict[str, Any] = {"cache": True, **_OPTIONS}
_PART: dict[str, Any] = {"no_cpython_wrapper": True, **_OPTIONS}

loop = njit(**_LOOP)
"""Compiles a loop that Python calls, once for each installation."""

part = njit(**_PART)
"""Compiles a part that only loops call; quicker than ``inline="always"`` where several do."""


class _Compiling(event.Listener):
    def __init__(self, told: Callable[[], object]) -> None:
        self._told = told

    def on_start(self, event: Any) -> None:
        if event.data["dispatcher"].py_func.__module__.startswith(f"{__package__}."):
            self._told()

    def on_end(self, event: Any) -> None:
        pass


@contextmanager
def tell_compiling(told: Callable[[], object]) -> Iterator[None]:
    """Call back whenever a loop of ours is about to be compiled meanwhile, in any thread.

    Parameters
    ----------
    told : callable
        Takes no arguments. Loops that are loaded from the disk are not told.
    """
    with event.install_listener("numba:compile", _Compiling(told)):
        yield
