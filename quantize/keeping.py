"""What is made once and asked for again and again, perhaps by several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

Keep = Callable[[Hashable, Callable[[], Any]], Any]
"""Returns what is kept under a key, or makes it."""


def make_anew(key: Hashable, make: Callable[[], Any]) -> Any:
    """Make it: a ``Keep`` that keeps nothing."""
    return make()


class _Slot:
    """Place of one thing; empty until it is made."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.values: list[Any] = []


class Kept:
    """Keeps what was made under each key as long as itself; who asks while it is made waits for it."""

    def __init__(self) -> None:
        self._slots: dict[Hashable, _Slot] = {}

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what is kept under a key, or make it."""
        slot = self._slots.setdefault(key, _Slot())
        with slot.lock:
            if not slot.values:
                slot.values.append(make())
            return slot.values[0]
