"""Files that commands write: whole or not at all, and never over the picture that was read."""

import contextlib
import os
import tempfile
from pathlib import Path

from quantize.errors import QuantizeError


def write_whole(path: Path, content: bytes, picture: Path) -> None:
    """Write a file so that there is either the whole of it or what was there before.

    Parameters
    ----------
    path : Path
        An older file there is replaced.
    content : bytes
        All of it.
    picture : Path
        The file that was read; it is left alone.

    Raises
    ------
    QuantizeError
        If ``path`` is the picture itself or cannot be written.
    """
    check_output(path, picture)
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.chmod(temporary, 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise QuantizeError(f"could not write {path}: {reason}; name another file with -o") from None


def check_output(path: Path, picture: Path) -> None:
    """Refuse to write over the picture that was read.

    Raises
    ------
    QuantizeError
        If both are one file.
    """
    if path.exists() and path.samefile(picture):
        raise QuantizeError(f"output must not be the picture itself, got {path}; name another file with -o")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
