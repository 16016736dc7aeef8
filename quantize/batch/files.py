"""Results on the disk: whole files only, whenever a run ends, and one run at a time in a folder."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from quantize.errors import QuantizeError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_LOCK = ".quantize-batch.lock"
_PART = re.compile(r"\.quantize-[0-9a-f]{16}\.part")
_FATAL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS))


class StoppedError(QuantizeError):
    """What would fail for all further files, too: a full disk."""


def put_whole(path: Path, content: bytes) -> None:
    """Write a file so that there is either the whole of it or what was there before.

    Folders above it are made. An older file is replaced and gives its mode; of a link, what it names.

    Raises
    ------
    StoppedError
        If there is no room left, or nothing can be written on this disk.
    QuantizeError
        If this file cannot be written.
    """
    target = Path(os.path.realpath(path))
    # Another name each time: of two machines one may only seem to have died, and both write one result.
    part = target.with_name(f".quantize-{secrets.token_hex(8)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = _mode(target)
        try:
            with part.open("xb") as file:
                file.write(content)
            if mode is not None:
                part.chmod(mode)
            os.replace(part, target)
        finally:
            with suppress(OSError):
                part.unlink()
    except OSError as error:
        raise explain_unwritten(error) from error


def _mode(target: Path) -> int | None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise QuantizeError(
            f"could not be written: {'a folder' if stat.S_ISDIR(mode) else 'no file'} is there"
        )
    if not mode & 0o222:
        raise QuantizeError("could not be written: the file there is write-protected")
    return stat.S_IMODE(mode)


def explain_unwritten(error: OSError) -> QuantizeError:
    """Explain why a file could not be written: a StoppedError if no other can be, either."""
    reason = error.strerror or type(error).__name__
    if error.errno in _FATAL:
        return StoppedError(
            f"stopped, results cannot be written: {reason}; make room and go on with --resume"
        )
    return QuantizeError(f"could not be written: {reason}")


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Make the folder of results, and keep other runs out of it meanwhile, where the system can.

    Raises
    ------
    QuantizeError
        If it cannot be made, or another run is at work in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o666)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise QuantizeError(f"output must be a folder to write to, got {str(folder)!r}: {reason}") from None
    try:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise QuantizeError(
                    "output must be a folder of one run at a time, got one in which another is at work: wait "
                    "for it, or name another folder"
                ) from None
            except OSError:  # a file system that knows no locks
                pass
        yield
    finally:
        os.close(lock)


def sweep_parts(folders: Iterable[Path]) -> None:
    """Remove what a run that was killed left half written; only while the folder is held."""
    for folder in folders:
        with suppress(OSError):
            for name in os.listdir(folder):
                if _PART.fullmatch(name):
                    with suppress(OSError):
                        (folder / name).unlink()
