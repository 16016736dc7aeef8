"""What the first use of an installation does besides: compile loops, in time, and say so."""

import sys
from functools import cache

import click

from quantize import ahead
from quantize.ahead import FIGURES, FIRST, NEXT
from quantize.threads import thread_count

PROGRAM = "quantize"
"""What the command line is called."""

_STEPS = FIRST + FIGURES + NEXT


def begin_first_use() -> None:
    """Begin to compile if nothing is compiled yet: called before a picture is read, which takes a while."""
    if thread_count() > 1 and ahead.begin_early(_STEPS):
        _tell()


def end_first_use() -> None:
    """Wait until what was begun is far enough for a result and its figures."""
    ahead.wait(FIRST + FIGURES)


@cache
def compile_now() -> None:
    """Compile with helpers, once: called when a first loop is compiled all the same."""
    _tell()
    if thread_count() > 1:
        ahead.begin(_STEPS).wait(_STEPS)


@cache
def _tell() -> None:
    """Tell a person why it takes long."""
    if sys.stderr.isatty():
        click.echo(f"{PROGRAM}: compiling for the first use of this installation, some seconds …", err=True)
