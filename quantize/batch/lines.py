"""Where the lines of a record are: in a file to which they are added, or in a store's objects, some in each.

An object cannot be added to. New lines wait until there are a thousand, or some seconds have passed, and
become an object of their own with the next number; a run that is killed loses those, which costs time only.
At the end all become one.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from quantize.batch.files import StoppedError, explain_unwritten, put_whole
from quantize.batch.remote import Place, Remote, list_below, put_place, read_place, remove_place
from quantize.errors import QuantizeError

NAME = ".quantize-batch.jsonl"
"""Of the record's file; of the folder of a store's objects."""

_MANY, _SECONDS = 1000, 10
_MOST = 2**31


class Lines(Protocol):
    """Lines of ASCII, kept; for one thread at a time."""

    def read(self) -> bytes:
        """Read them all; nothing if there are none, or they cannot be read."""

    def add(self, line: str) -> None:
        """Add a line, which ends with "\\n"; a QuantizeError says why not."""

    def rewrite(self, content: bytes) -> None:
        """Put others in their place."""


def find_lines(folder: Place) -> Lines:
    """Find those of a folder of results."""
    return _Objects(folder / NAME) if isinstance(folder, Remote) else _File(folder / NAME)


class _File:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole = True

    def read(self) -> bytes:
        try:
            content = self._path.read_bytes() if self._path.is_file() else b""  # a pipe has no end
        except (OSError, ValueError):
            return b""
        self._whole = content.endswith(b"\n") or not content
        return content

    def add(self, line: str) -> None:
        try:
            with self._path.open("a", encoding="ascii", newline="\n") as file:
                file.write(line if self._whole else "\n" + line)
        except OSError as error:
            self._whole = False
            unwritten = explain_unwritten(error)
            if not isinstance(unwritten, StoppedError):
                unwritten = QuantizeError(f"{NAME} {unwritten}")
            raise unwritten from error
        self._whole = True

    def rewrite(self, content: bytes) -> None:
        with suppress(OSError):
            if self._path.read_bytes() == content:
                return
        if content:
            with suppress(QuantizeError):  # it is right as it is
                put_whole(self._path, content)


class _Objects:
    def __init__(self, folder: Remote) -> None:
        self._folder = folder
        self._there: list[Remote] = []
        self._waiting: list[str] = []
        self._since = time.monotonic()

    def read(self) -> bytes:
        with suppress(QuantizeError):
            self._there = [file for name, file in list_below(self._folder) if _number(name)]
        parts = []
        for file in self._there:
            with suppress(QuantizeError):
                parts.append(read_place(file, _MOST))
        return b"\n".join(parts)

    def add(self, line: str) -> None:
        self._waiting.append(line)
        if len(self._waiting) >= _MANY or time.monotonic() - self._since > _SECONDS:
            self._put("".join(self._waiting).encode("ascii"))
            self._waiting = []

    def rewrite(self, content: bytes) -> None:
        if not content or (len(self._there) == 1 and not self._waiting):
            return
        with suppress(QuantizeError):
            older = list(self._there)
            self._put(content)
            self._waiting = []
            for file in older:
                remove_place(file)
            self._there = self._there[-1:]

    def _put(self, content: bytes) -> None:
        last = max((_number(file.name) for file in self._there), default=0)
        file = self._folder / f"{last + 1:09}.jsonl"
        put_place(file, content)
        self._there.append(file)
        self._since = time.monotonic()


def _number(name: str) -> int:
    """Tell the number of an object; 0 if it is none of these."""
    digits = name.removesuffix(".jsonl")
    return int(digits) if name.endswith(".jsonl") and digits.isascii() and digits.isdecimal() else 0
