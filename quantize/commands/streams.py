"""Pipes in place of files: ``-`` as a picture is standard input, ``-o -`` is standard output.

What comes out of a command is then the file's bytes and nothing else; figures and notes go to standard error.
A picture that came without a name leaves the same way if no output is named.
"""

import errno
import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from quantize.commands.output import check_output, default_output, printable, write_whole
from quantize.decoding.formats import PICTURE_FORMATS
from quantize.decoding.picture import read_at_most
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES

STANDARD = Path("-")
"""Standard input where something is read, standard output where it is written."""


def read_place(said: str) -> Path:
    """Read what a person named; ./- is a file of that name."""
    path = Path(said)
    return path.absolute() if path == STANDARD and said != "-" else path


class FileOrPipe(click.Path):
    """A file's name on the command line, or - for a pipe."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Convert what was typed to a path."""
        return read_place(str(super().convert(value, param, ctx)))


FILE_OR_PIPE = FileOrPipe()


def is_pipe(path: Path | None) -> bool:
    """Tell whether standard input or output is meant."""
    return path == STANDARD


def shown_input(picture: Path | str) -> str:
    """Name for a person what is read."""
    return "standard input" if str(picture) == "-" else printable(picture)


def shown_way(picture: Path, output: Path) -> str:
    """Name for a person what is read and what is written."""
    return f"{shown_input(picture)} → {'standard output' if is_pipe(output) else printable(output)}"


def read_input(picture: Path) -> Path | bytes:
    """Return what ``load_picture`` takes: a path as it is, or all of standard input, up to a picture's limit.

    Raises
    ------
    QuantizeError
        If standard input is a terminal, closed or cannot be read.
    """
    if not is_pipe(picture):
        return picture
    try:
        if sys.stdin is None or sys.stdin.closed:
            raise QuantizeError("standard input must be open, got it closed: name a file instead of -")
        if sys.stdin.isatty():
            raise QuantizeError(
                "standard input must be a pipe or a file, got a terminal: name a picture instead of -, or "
                "write < photo.jpg"
            )
        return read_at_most(sys.stdin.buffer, 0, MAX_BYTES + 1)
    except OSError as error:
        raise QuantizeError(f"could not read standard input: {error.strerror or error}") from None


def place_output(output: Path | None, picture: Path, ending: str) -> Path:
    """Return where to write: as said, or a pipe for what came from one, or a file in the current folder."""
    if output is not None:
        return output
    return STANDARD if is_pipe(picture) else default_output(picture, ending)


def check_is_png(path: Path) -> None:
    """Refuse the name of another kind of picture for what will be a PNG; any other name is a person's wish.

    Raises
    ------
    QuantizeError
        If the name ends like a JPEG, a GIF and so on.
    """
    ending = path.suffix.lower()
    if ending != ".png" and any(ending in one.endings for one in PICTURE_FORMATS.values()):
        raise QuantizeError(
            f"output must end in .png, got {printable(path)}: name it so, or let compress write other kinds"
        )


def check_place(path: Path, picture: Path | None, what: str = "picture") -> None:
    """Refuse what ``check_output`` does, and to write a file to a terminal.

    Raises
    ------
    QuantizeError
        If nothing can be written there.
    """
    if not is_pipe(path):
        check_output(path, None if is_pipe(picture) else picture, what)
    elif _stream().isatty():
        raise QuantizeError("output must be a file or a pipe, got a terminal: name a file with -o")


def write_place(path: Path, content: bytes, picture: Path) -> None:
    """Write a file whole, or all of it into standard output.

    Raises
    ------
    QuantizeError
        If it cannot be written. A pipe that somebody closed is no bad input: BrokenPipeError.
    """
    if not is_pipe(path):
        write_whole(path, content, None if is_pipe(picture) else picture)
        return
    try:
        stream = _stream()
        stream.write(content)
        stream.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise QuantizeError(f"could not write standard output: {error.strerror or error}") from None


def tell(text: str, *outputs: Path | None) -> None:
    """Say a text to a person, on standard error if standard output has a file."""
    click.echo(text, err=any(map(is_pipe, outputs)))


def _stream() -> BinaryIO:
    if sys.stdout is None or sys.stdout.closed:
        raise QuantizeError("standard output must be open, got it closed: name a file with -o")
    return sys.stdout.buffer
