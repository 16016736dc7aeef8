"""Tells when loops are compiled, which takes seconds once for each installation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event


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
