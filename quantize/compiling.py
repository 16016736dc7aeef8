"""How loops are compiled, which takes seconds once for each installation, and when."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FunctionType
from typing import Any

import numpy as np
from numba import njit
from numba.core import event
from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher

from quantize.ahead import is_missing

# Others go on meanwhile, without the lock. The rest spares code, and so a tenth of the time: a division by 0
# gives what it does in NumPy, without a branch that raises, and nobody calls these from C.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_PART: dict[str, Any] = {"no_cpython_wrapper": True, **_OPTIONS}


class _Kept(FunctionCache):
    """What was compiled, on the disk. Damaged files are made again; what cannot be written is not kept."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # whatever unpickling makes of half a file
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(OSError):  # a full disk, a folder that nobody may write to any more
            super().save_overload(sig, data)


def loop(function: Callable[..., Any]) -> Any:
    """Compile a loop that Python calls: once for each installation, or process if nothing can be kept."""
    compiled = njit(**_OPTIONS)(function)
    with suppress(RuntimeError):  # no folder to keep it in
        compiled._cache = _Kept(function)  # as cache=True does
    return compiled


part = njit(**_PART)
"""Compiles a part that only loops call; quicker than ``inline="always"`` where several do."""


def early(compiled: Any, step: str, **instead: Any) -> Callable[..., Any]:
    """Call a loop over few centers, or, while it is still being compiled, the same in Python.

    The numbers are the same, if no float32 meets a Python float in it. Python takes a thousand times longer:
    some milliseconds for a round with 16 centers, where a compiler takes a second.

    Parameters
    ----------
    compiled : Dispatcher
        What ``loop`` made.
    step : str
        In which it is compiled (``ahead``).
    instead
        What stands for intrinsics, by their names in the loop and what it calls.
    """
    plain = _plain(compiled, instead)

    def call(*words: Any) -> Any:
        if not is_missing(step):
            return compiled(*words)
        with np.errstate(all="ignore"):
            return plain(*words)

    return call


def _plain(compiled: Any, instead: dict[str, Any]) -> Callable[..., Any]:
    function = compiled.py_func
    known = {
        name: thing for name, thing in function.__globals__.items() if name in function.__code__.co_names
    }
    plain = {name: _plain(thing, instead) for name, thing in known.items() if isinstance(thing, Dispatcher)}
    return FunctionType(function.__code__, {**function.__globals__, **plain, **instead})


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
