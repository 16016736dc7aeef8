"""The command line: ``python -m quantize PICTURE -k 16``.

The main job needs no subcommand. Other jobs are subcommands, recognised by the first word; a
picture that bears such a name is written ``./palette``.
"""

import errno
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import Any

import click

from quantize.commands.animate import animate_command
from quantize.commands.app import app_command
from quantize.commands.batch import batch_command
from quantize.commands.chart import chart_command
from quantize.commands.code import code_command
from quantize.commands.completion import ASKED, complete, completion_command
from quantize.commands.compress import compress_command
from quantize.commands.first_use import PROGRAM, compile_now
from quantize.commands.lut import lut_command
from quantize.commands.map import map_command
from quantize.commands.numbers import numbers_command
from quantize.commands.output import printable
from quantize.commands.palette import palette_command
from quantize.commands.palettes import palettes_command
from quantize.commands.panel import panel_command
from quantize.commands.pixelart import pixelart_command
from quantize.commands.quantize import quantize_command
from quantize.commands.segments import segments_command
from quantize.commands.tiles import tiles_command
from quantize.compiling import tell_compiling
from quantize.errors import QuantizeError

SUBCOMMANDS = {
    "animate": animate_command,
    "app": app_command,
    "batch": batch_command,
    "chart": chart_command,
    "code": code_command,
    "completion": completion_command,
    "compress": compress_command,
    "lut": lut_command,
    "map": map_command,
    "palette": palette_command,
    "palettes": palettes_command,
    "panel": panel_command,
    "pixelart": pixelart_command,
    "segments": segments_command,
    "numbers": numbers_command,
    "tiles": tiles_command,
}


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 some of many failed, 2 bad input, 130 interrupted."""
    words = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no arrow is no reason to fail
    try:
        with tell_compiling(compile_now):
            sys.exit(_run(words))
    except click.ClickException as error:
        message = error.format_message()
    except QuantizeError as error:
        message = str(error)
    except click.Abort:
        sys.exit(130)
    except OSError as error:
        # Files say what is wrong with them (``output.py``). This is standard output, full or gone.
        if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        message = f"could not write standard output: {error.strerror or error}"
        _forget_output()
    click.echo(f"{PROGRAM}: {printable(_shortened(message))}", err=True)
    sys.exit(2)


def _run(words: list[str]) -> Any:
    if ASKED in os.environ:
        return complete(quantize_command, SUBCOMMANDS)
    if command := SUBCOMMANDS.get(words[0] if words else ""):
        name = f"{PROGRAM} {command.name}"
        return command.main(words[1:], prog_name=name, standalone_mode=False)
    return quantize_command.main(words, prog_name=PROGRAM, standalone_mode=False)


def _forget_output() -> None:
    """Let Python not try again to write, when it ends, what could not be written."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _shortened(message: str) -> str:
    """Return a message without the middle of what was typed, where that is longer than any line."""
    return message if len(message) <= 500 else f"{message[:300]} … {message[-100:]}"


if __name__ == "__main__":
    main()
