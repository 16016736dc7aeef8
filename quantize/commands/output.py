"""Files that commands write: whole or not at all, and never over the picture that was read."""

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quantize.errors import QuantizeError

_LONGEST_NAME = 255
"""Bytes of a file's name on common systems."""


def stem_of(picture: Path) -> str:
    """Name a picture in titles and names of files, also one that came from standard input."""
    return "picture" if str(picture) == "-" else picture.stem


def default_output(picture: Path, ending: str) -> Path:
    """Name a file after a picture, in the current folder; a long name is cut so that the ending fits."""
    stem = stem_of(picture)
    while len(os.fsencode(stem + ending)) > _LONGEST_NAME:
        stem = stem[:-1]
    return Path(stem + ending)


def printable(text: str | os.PathLike[str]) -> str:
    """Return a text for a terminal: what would steer it, or is no character, is written as an escape."""
    given = os.fspath(text)
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in given)


def write_whole(path: Path, content: bytes, picture: Path | None) -> None:
    """Write a file so that there is either the whole of it or what was there before.

    Parameters
    ----------
    path : Path
        An older file there is replaced and gives the new one its mode; of a link, the file that it names.
        Into a pipe or a character device the content is written as it is.
    content : bytes
        All of it.
    picture : Path or None
        The file that was read, if one was; it is left alone.

    Raises
    ------
    QuantizeError
        If ``path`` is the picture itself, is write-protected or cannot be written.
    """
    check_output(path, picture)
    with _telling(path), _staged(path, content) as stage:
        stage.put()


@dataclass(frozen=True)
class Output:
    """A file that a command writes: where, by which option it is named, and what it holds."""

    path: Path
    content: bytes
    option: str = "-o"


def write_files(files: Sequence[Output], picture: Path | None) -> None:
    """Write several files as ``write_whole`` does, and none if one cannot be written.

    What went into a pipe or a device cannot be taken back: these come first, while nothing else is in place.
    """
    with contextlib.ExitStack() as stack:
        stages = []
        for file in files:
            check_output(file.path, picture, option=file.option)
            with _telling(file.path, file.option):
                stages.append((file, stack.enter_context(_staged(file.path, file.content))))
        stages.sort(key=lambda pair: pair[1].temporary is not None)
        for number, (file, stage) in enumerate(stages):
            try:
                with _telling(file.path, file.option):
                    stage.put(keep=len(files) > 1)
            except BaseException:
                for _, other in stages[:number]:
                    other.take_back()
                raise


def check_output(path: Path, picture: Path | None, what: str = "picture", option: str = "-o") -> None:
    """Refuse to write over the picture that was read, or where no file can be.

    Parameters
    ----------
    path, picture : Path
        To write, and read; None if nothing was read.
    what : str
        What was read, if no picture.
    option : str
        By which another file can be named.

    Raises
    ------
    QuantizeError
        If both are one file, or ``path`` is "-", a folder, a device of blocks or write-protected.
    """
    if str(path) == "-":
        raise QuantizeError(f"output must be a file, got -; name one with {option} (/dev/stdout is a pipe)")
    try:
        mode = _mode(path)
        read = None if picture is None or str(picture) == "-" else picture  # standard input is no file
        same = mode is not None and read is not None and _is_same(path, read)
    except (OSError, ValueError) as error:
        raise _refusal(path, getattr(error, "strerror", None) or str(error), option) from None
    if same:
        raise QuantizeError(
            f"output must not be the {what} itself, got {printable(path)}; name another file with {option}"
        )
    if mode is None:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        raise _refusal(path, "a folder is there" if stat.S_ISDIR(mode) else "no place for a file", option)
    if stat.S_ISREG(mode) and not mode & 0o222:
        raise _refusal(path, "the file there is write-protected", option)


def check_outputs(paths: Mapping[str, Path | None], picture: Path, palette: Path | None = None) -> None:
    """Refuse what ``check_output`` does, for the files of several options, and one file for two of them.

    Parameters
    ----------
    paths : mapping
        Options, and the file of each, if it was given.
    picture, palette : Path
        What was read; None if there was no palette file.

    Raises
    ------
    QuantizeError
        If a file cannot be written there, was read, or is named twice.
    """
    taken: dict[Path, str] = {}
    for option, path in paths.items():
        if path is None:
            continue
        check_output(path, picture, option=option)
        check_output(path, palette, "palette", option)
        mode = _mode(path)
        if mode is not None and not stat.S_ISREG(mode):
            continue  # into a device or a pipe any number can be written
        if (other := taken.setdefault(path.resolve(), option)) != option:
            raise QuantizeError(
                f"{option} must name another file than {other}, got {printable(path)} for both"
            )


def _refusal(path: Path, reason: str, option: str) -> QuantizeError:
    shown = printable(path)
    shown = shown if len(shown) <= 120 else f"…{shown[-100:]}"
    return QuantizeError(f"could not write {shown}: {reason}; name another file with {option}")


def _mode(path: Path) -> int | None:
    """Find the kind and mode of what is there, links followed; None if nothing is."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _is_same(path: Path, picture: Path) -> bool:
    """Tell whether both are one file; a picture that is not there is none, and whoever reads it says so."""
    try:
        read = picture.stat()
    except OSError:
        return False
    return os.path.samestat(path.stat(), read)


@contextlib.contextmanager
def _telling(path: Path, option: str = "-o") -> Iterator[None]:
    """Tell what cannot be written."""
    try:
        yield
    except OSError as error:
        raise _refusal(path, error.strerror or type(error).__name__, option) from None


@dataclass
class _Stage:
    """A file's content, ready to be put in its place, from where it can be taken back."""

    target: Path
    temporary: Path | None
    content: bytes
    older: Path | None = None

    def put(self, *, keep: bool = False) -> None:
        """Put it in its place; ``keep`` a copy of an older file, to which one can go back."""
        if self.temporary is None:
            self.target.write_bytes(self.content)
            return
        if keep and self.target.exists():
            self.older = _name_beside(self.target)
            shutil.copy2(self.target, self.older)
        os.replace(self.temporary, self.target)

    def take_back(self) -> None:
        """Bring back what stood there before it was put."""
        if self.temporary is None:
            return
        with contextlib.suppress(OSError):
            if self.older is not None:
                os.replace(self.older, self.target)
            else:
                os.unlink(self.target)


def _name_beside(target: Path) -> Path:
    """Make an empty file of a name of its own in the same folder."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".quantize-")
    os.close(descriptor)
    return Path(name)


@contextlib.contextmanager
def _staged(path: Path, content: bytes) -> Iterator[_Stage]:
    """Write a file's content beside it; what is not put when all ends goes, and so does an older file."""
    mode = _mode(path)
    if mode is not None and (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        yield _Stage(path, None, content)  # not by its real path: a pipe that somebody else opened has none
        return
    target = Path(os.path.realpath(path))
    stage = _Stage(target, _name_beside(target), content)
    assert stage.temporary is not None
    try:
        stage.temporary.write_bytes(content)
        os.chmod(stage.temporary, (0o666 & ~_umask()) if mode is None else stat.S_IMODE(mode))
        yield stage
    finally:
        for left in (stage.temporary, stage.older):
            with contextlib.suppress(OSError):
                if left is not None:
                    os.unlink(left)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
