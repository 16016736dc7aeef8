"""What code is written about: a picture's file, the choices, and what of the picture matters to the code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from quantize.colors.opacity import Opacity
from quantize.settings import Settings

RESULT = "result.png"
"""The file that code writes beside the picture."""


# Of these OpenCV reads what this project does; "array" is of a sample, which is saved as PNG.
_READ_BY_ALL = ("PNG", "JPEG", "BMP", "WEBP", "array")


class Known(Protocol):
    """A ``Picture``, or no more than what is known of it: see there."""

    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def n_colors(self) -> int: ...
    @property
    def opacity(self) -> Opacity: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def format(self) -> str: ...


@dataclass(frozen=True)
class Varied:
    """A choice of which code goes through several values.

    Attributes
    ----------
    name : str
        A field of ``Settings``: "n_colors" or "space".
    values : tuple
        At least one.
    """

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Subject:
    """What code is about.

    Attributes
    ----------
    name : str
        Of the picture's file, in the folder where the code runs.
    settings : Settings
    size : (int, int)
        Width and height of the picture.
    n_colors : int
        Colours of the picture.
    plain : bool
        Whether every pixel is opaque and nothing was converted, so that OpenCV reads the same pixels.
    order : str
        In which the entries are written, a key of ``ENTRY_ORDERS``.
    varied : Varied or None
        What is tried in turn; None for a single result.
    """

    name: str
    settings: Settings
    size: tuple[int, int]
    n_colors: int
    plain: bool
    order: str = "dark"
    varied: Varied | None = None

    @classmethod
    def of(
        cls, picture: Known, name: str, settings: Settings, order: str = "dark", varied: Varied | None = None
    ) -> Subject:
        """Describe a picture that is at hand."""
        opacity = picture.opacity
        clear = opacity.n_hidden or opacity.is_partial
        plain = not clear and not picture.notes and picture.format in _READ_BY_ALL
        return cls(name, settings, picture.size, picture.n_colors, plain, order, varied)

    def result_for(self, value: str) -> str:
        """Name the file of one of the values that are tried; ``value`` as code writes it into a name."""
        return RESULT.replace(".", f"-{value}.") if self.varied else RESULT


def list_in_lines(items: Sequence[str], indent: str, width: int = 88) -> list[str]:
    """Arrange items, each with what parts it from the next, into indented lines."""
    lines = [indent]
    for item in items:
        if len(lines[-1]) + len(item) > width and lines[-1] != indent:
            lines[-1] = lines[-1].rstrip()
            lines.append(indent)
        lines[-1] += item
    return [line.rstrip() for line in lines]
