"""What commands for many pictures do alike: a bar with rate and time left, a line for each that failed.

The bar is click's own: it says all there is to say, and nothing more has to be installed or loaded for it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from quantize.commands.first_use import PROGRAM
from quantize.commands.output import printable
from quantize.decoding.salvage import says_missing

if TYPE_CHECKING:
    from quantize.batch.inputs import Found

Done = TypeVar("Done")
_CLEAR_LINE = "\r\033[K"
_LONGEST_NAME, _LONGEST_REASON = 300, 500


def tell_failed(path: str, reason: str) -> None:
    """Tell in one line what failed, above the bar if there is one."""
    clear = _CLEAR_LINE if sys.stderr.isatty() else ""
    name = path if len(path) <= _LONGEST_NAME else f"…{path[-_LONGEST_NAME:]}"
    click.echo(f"{clear}{PROGRAM}: {printable(name)}: {printable(reason[:_LONGEST_REASON])}", err=True)


def tell_missing(path: str, notes: Iterable[str]) -> None:
    """Tell in one line that a picture was read of which some is missing."""
    for note in filter(says_missing, notes):
        tell_failed(path, f"note: {note}")


def watch(label: str, length: int, made: Iterable[Done]) -> Iterator[Done]:
    """Give back what is made, one after the other, and show a bar meanwhile where a person looks at it."""
    with _bar(label, length) as step:
        for one in made:
            yield one
            step()


@contextmanager
def _bar(label: str, length: int) -> Iterator[Callable[[], None]]:
    if length < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    began, number = time.monotonic(), 0

    def say_rate(_: object) -> str:
        return f"{number / max(1e-9, time.monotonic() - began):,.1f} a second" if number else ""

    bar = click.progressbar(
        length=length, label=label, file=sys.stderr, show_pos=True, item_show_func=say_rate
    )
    with bar as shown:

        def step() -> None:
            nonlocal number
            number += 1
            shown.update(1)

        yield step


def ended(made: Iterator[Done]) -> closing[Any]:
    """End what is under way when the work on it is left."""
    return closing(made)


def say_found(found: Found) -> list[str]:
    """Say what was passed over."""
    passed = found.describe_skipped()
    return [f"note: left out: {passed}"] if passed else []
