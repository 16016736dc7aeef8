"""Ways to say how a result is made again, as records: a new one is one more record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from quantize.errors import QuantizeError
from quantize.records import Records
from quantize.teaching import opencv
from quantize.teaching.command import write_command
from quantize.teaching.notebook import write_notebook
from quantize.teaching.opencv import write_opencv
from quantize.teaching.python import write_python
from quantize.teaching.subject import Subject

S = TypeVar("S")


def _always(_: Any) -> str:
    return ""


@dataclass(frozen=True)
class Way(Generic[S]):
    """One way to write about subjects of a kind.

    Attributes
    ----------
    key, title : str
        Its name in a program, and for people.
    ending, mime, language : str
        Of its file; in what a page colours it.
    write : callable
        Subject → text.
    why_not : callable
        Subject → why it cannot be said so, in a sentence; "" if it can.
    """

    key: str
    title: str
    ending: str
    mime: str
    language: str
    write: Callable[[S], str]
    why_not: Callable[[S], str] = _always


WAYS: Records[Way[Subject]] = Records(
    "way",
    (
        Way("python", "Python", ".py", "text/x-python", "python", write_python),
        Way("opencv", "OpenCV", ".py", "text/x-python", "python", write_opencv, opencv.why_not),
        Way("command", "Command line", ".sh", "application/x-sh", "bash", write_command),
        Way("notebook", "Notebook", ".ipynb", "application/x-ipynb+json", "json", write_notebook),
    ),
)


def write_code(subject: Subject, way: str) -> str:
    """Write how a result is made again.

    Parameters
    ----------
    subject : Subject
    way : str
        A key of ``WAYS``.

    Returns
    -------
    str
        A text that ends with a line break. Run in a folder with the picture's file, it writes ``result.png``
        there, of the same pixels; where several values are tried, ``result-VALUE.png`` each.

    Raises
    ------
    QuantizeError
        If there is no such way, or the result cannot be said in it.
    """
    found = WAYS.find(way)
    if reason := found.why_not(subject).removesuffix("."):
        raise QuantizeError(f"code must be something that {found.title} can do: {reason}")
    return found.write(subject)
