"""What has been done, beside the results, so that a run can go on where an earlier one ended.

A line of JSON for every result: of which content and choices it was made (``key``), and its own digest. Dates
and names say nothing: a result counts as done if its file is there, unchanged, and would come out the same.
Lines are added as results are put in place; the last line of a name counts, and half a line, which a killed
run may leave, does not.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from quantize.batch.lines import NAME, find_lines
from quantize.batch.remote import Place, read_place
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES

__all__ = ["NAME", "Entry", "Record", "describe_program", "digest_of", "is_valid", "make_key"]

_MOST = 16 * MAX_BYTES  # of a result

_LIBRARIES = ("numpy", "numba", "opencv-python-headless", "pillow", "pi-heif", "deflate", "isal", "pyoxipng")


@dataclass(frozen=True)
class Entry:
    """What is known of one result.

    Attributes
    ----------
    name : str
        Below the folder, with "/".
    key, digest : str
        ``make_key`` of what it was made of, SHA-256 of its file.
    row : mapping
        What was said of it, for a report.
    """

    name: str
    key: str
    digest: str
    row: Mapping[str, Any] = field(default_factory=dict)


class Record:
    """The record of a folder; safe for any number of threads.

    Parameters
    ----------
    folder : Path or Remote
        Where results go; it may be empty, or not there yet.
    """

    def __init__(self, folder: Place) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._lines = find_lines(folder)
        self._entries = {entry.name: entry for entry in self._read()}

    @property
    def names(self) -> frozenset[str]:
        """Of all results."""
        return frozenset(self._entries)

    def get(self, name: str) -> Entry | None:
        """Give what was noted of a result, whether it is still so or not."""
        return self._entries.get(name)

    def find(self, name: str, key: str) -> Entry | None:
        """Find what is known of a result that is there and would come out the same; None if it is not."""
        entry = self._entries.get(name)
        return entry if entry and is_valid(entry, key, self._folder / name) else None

    def add(self, entry: Entry) -> None:
        """Note a result that is in its place.

        Raises
        ------
        QuantizeError
            If the record cannot be written.
        """
        line = json.dumps(asdict(entry)) + "\n"
        with self._lock:
            self._lines.add(line)
            self._entries[entry.name] = entry

    def tidy(self) -> None:
        """Write it anew with one line for each name, sorted, if it has grown otherwise."""
        with self._lock:
            lines = [json.dumps(asdict(self._entries[name])) + "\n" for name in sorted(self._entries)]
            self._lines.rewrite("".join(lines).encode("ascii"))

    def _read(self) -> list[Entry]:
        return [entry for line in self._lines.read().split(b"\n") if (entry := _read_line(line))]


def _read_line(line: bytes) -> Entry | None:
    try:
        said = json.loads(line)
        entry = Entry(said["name"], said["key"], said["digest"], said["row"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    texts = (entry.name, entry.key, entry.digest)
    return entry if all(isinstance(text, str) for text in texts) and isinstance(entry.row, dict) else None


def is_valid(entry: Entry, key: str, output: Place) -> bool:
    """Tell whether a result is there as it was noted, and would come out the same."""
    try:
        return entry.key == key and digest_of(read_place(output, _MOST)) == entry.digest
    except QuantizeError:
        return False


def digest_of(content: bytes) -> str:
    """Work out SHA-256, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def make_key(*parts: Any) -> str:
    """Make one word of what a result depends on: what is given, and this program as it is."""
    return digest_of(json.dumps([describe_program(), *parts], default=str).encode())


@cache
def describe_program() -> str:
    """Work out a digest of this program and the versions of libraries that read, fit and pack."""
    root, summed = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(root.rglob("*.py"), key=lambda path: path.as_posix()):
        summed.update(os.fsencode(path.relative_to(root).as_posix()))
        summed.update(path.read_bytes())
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            summed.update(f"{name} {version(name)}\n".encode())
    return summed.hexdigest()
