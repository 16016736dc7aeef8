"""Objects as files in a folder of this machine, or of another one that it mounts.

A file is written under a temporary name, flushed to the disk, renamed, and the folder flushed too: what was
confirmed survives a power failure, and nobody sees half a file. Temporary files of killed writers go after
an hour.
"""

import errno
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pages._store.storage import StoredObject, explained

STALE_SECONDS = 3600
"""Age from which a temporary file belongs to no living writer."""

_PART = ".part"
# Some mounted file systems flush no folders; a folder above the store may be closed to reading.
_CANNOT_FLUSH = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM}


class Folder:
    """A folder of this machine or of one that it mounts. It is made when the first object is written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, head: bytes, body: bytes) -> None:
        """Store an object that survives a power failure once this returns."""
        part, whole = self._path / f".{name}.{secrets.token_hex(4)}{_PART}", self._path / name
        with explained("write"):
            _make_folder(self._path)
            try:
                _write_flushed(part, head, body)
                os.replace(part, whole)
                _flush_names(self._path)
            except BaseException:
                for file in (part, whole):
                    with suppress(OSError):
                        file.unlink()
                raise

    def read(self, name: str, n_bytes: int | None = None) -> bytes:
        """Read an object, or its beginning."""
        with explained("read"), open(self._path / name, "rb") as file:
            return file.read(-1 if n_bytes is None else n_bytes)

    def delete(self, name: str) -> None:
        """Delete an object."""
        with explained("delete"):
            (self._path / name).unlink()

    def delete_all(self, names: Sequence[str]) -> None:
        """Delete objects, of which others may have deleted some at the same time."""
        for name in names:
            with suppress(FileNotFoundError):
                self.delete(name)

    def objects(self) -> list[StoredObject]:
        """List all files but those being written; none before the first was stored."""
        return [StoredObject(file.name, status.st_size) for file, status in self._files(parts=False)]

    def tidy(self, now: float) -> None:
        """Delete what writers left that were killed. Far in the future is old too: the clock was set back."""
        for file, status in self._files(parts=True):
            if abs(now - status.st_mtime) > STALE_SECONDS:
                with suppress(FileNotFoundError), explained("delete"):
                    os.unlink(file.path)

    def _files(self, *, parts: bool) -> list[tuple[os.DirEntry[str], os.stat_result]]:
        files = []
        with suppress(FileNotFoundError), explained("list"), os.scandir(self._path) as listing:
            for file in listing:
                with suppress(FileNotFoundError):  # another server was quicker
                    if file.name.endswith(_PART) == parts and file.is_file(follow_symlinks=False):
                        files.append((file, file.stat(follow_symlinks=False)))
        return files


def _make_folder(path: Path) -> None:
    if not path.is_dir():
        _make_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        _flush_names(path.parent)


def _write_flushed(path: Path, head: bytes, body: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with open(descriptor, "wb", buffering=0) as file:
        for chunk in (head, body):
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) :]
        os.fsync(file.fileno())


def _flush_names(folder: Path) -> None:
    """Make sure that the names in a folder survive a power failure, where that can be asked for."""
    if os.name == "nt":  # where folders cannot be opened, and names are written with the files
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise
