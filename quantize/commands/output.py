"""Files that commands write: whole or not at all, and never over the picture that was read."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from quantize.errors import QuantizeError

_LONGEST_NAME = 255
"""Bytes of a file's name on common systems."""


def default_output(picture: Path, ending: str) -> Path:
    """Name a file after a picture, in the current folder; a long name is cut so that the ending fits."""
    stem = picture.stem
    while len(os.fsencode(stem + ending)) > _LONGEST_NAME:
        stem = stem[:-1]
    return Path(stem + ending)


def printable(text: str | os.PathLike[str]) -> str:
    """Return a text for a terminal: what would steer it, or is no character, is written as an escape."""
    given = os.fspath(text)
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in given)


def write_whole(path: Path, content: bytes, picture: Path) -> None:
    """Write a file so that there is either the whole of it or what was there before.

    Parameters
    ----------
    path : Path
        An older file there is replaced and gives the new one its mode; of a link, the file that it names.
        Into a pipe or a character device the content is written as it is.
    content : bytes
        All of it.
    picture : Path
        The file that was read; it is left alone.

    Raises
    ------
    QuantizeError
        If ``path`` is the picture itself, is write-protected or cannot be written.
    """
    check_output(path, picture)
    try:
        target = Path(os.path.realpath(path))
        mode = _mode(target)
        if mode is not None and (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
            target.write_bytes(content)
        else:
            _replace(target, content, (0o666 & ~_umask()) if mode is None else stat.S_IMODE(mode))
    except OSError as error:
        raise _refusal(path, error.strerror or type(error).__name__) from None


def check_output(path: Path, picture: Path, what: str = "picture") -> None:
    """Refuse to write over the picture that was read, or where no file can be.

    Parameters
    ----------
    path, picture : Path
        To write, and read.
    what : str
        What was read, if no picture.

    Raises
    ------
    QuantizeError
        If both are one file, or ``path`` is a folder, a device of blocks or write-protected.
    """
    try:
        mode = _mode(path)
        same = mode is not None and path.samefile(picture)
    except (OSError, ValueError) as error:
        raise _refusal(path, getattr(error, "strerror", None) or str(error)) from None
    if same:
        raise QuantizeError(
            f"output must not be the {what} itself, got {printable(path)}; name another file with -o"
        )
    if mode is None:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        raise _refusal(path, "a folder is there" if stat.S_ISDIR(mode) else "no place for a file")
    if stat.S_ISREG(mode) and not mode & 0o222:
        raise _refusal(path, "the file there is write-protected")


def _refusal(path: Path, reason: str) -> QuantizeError:
    shown = printable(path)
    shown = shown if len(shown) <= 120 else f"…{shown[-100:]}"
    return QuantizeError(f"could not write {shown}: {reason}; name another file with -o")


def _mode(path: Path) -> int | None:
    """Find the kind and mode of what is there, links followed; None if nothing is."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _replace(path: Path, content: bytes, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".quantize-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
