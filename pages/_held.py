"""How many bytes of visitors' files this server holds, and whom it had to turn away.

The web server asks before it takes another file; pages say what became of it.
"""

import threading
from typing import Protocol
from weakref import WeakSet


class File(Protocol):
    """What a visitor gave, and a session keeps."""

    @property
    def data(self) -> bytes: ...


_files: "WeakSet[File]" = WeakSet()
_turned_away: dict[str, str] = {}
_lock = threading.Lock()

MAX_TURNED_AWAY = 1000
"""Visitors who were not told yet: their pages may be gone."""


def note(file: File) -> None:
    """Count a file for as long as somebody keeps it."""
    with _lock:
        _files.add(file)


def data_held() -> list[bytes]:
    """What all files hold that are kept."""
    with _lock:
        return [file.data for file in _files]


def turn_away(visitor: str, sentence: str) -> None:
    """Note what this visitor is to be told."""
    with _lock:
        _turned_away[visitor] = sentence
        while len(_turned_away) > MAX_TURNED_AWAY:
            del _turned_away[next(iter(_turned_away))]


def find_refusal(visitor: str | None) -> str | None:
    """What this visitor is to be told, once."""
    with _lock:
        return _turned_away.pop(visitor, None) if visitor else None
