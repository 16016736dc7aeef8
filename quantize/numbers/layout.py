"""Where a picture lies on paper, and how fine it is drawn there. Lengths are in mm."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor
from typing import Any

from quantize.errors import QuantizeError, shown
from quantize.patterns.layout import PAPERS as UPRIGHT
from quantize.patterns.layout import Paper
from quantize.records import Records

PAPERS = Records("paper", (UPRIGHT["a4"], Paper("a3", "A3", 297.0, 420.0), UPRIGHT["letter"]))
ORIENTATIONS = ("auto", "portrait", "landscape")
OUTLINES = ("grey", "color")
NUMERALS = ("font", "stroke")

MARGIN = 10.0
GAP = 4.0
"""Between the picture and the key below it."""
LEAST_BRUSH, LARGEST_BRUSH = 0.5, 20.0
LEAST_NUMERAL, LARGEST_NUMERAL = 0.8, 12.0

_FINEST = 0.25
_OF_BRUSH = 8
_MOST_PIXELS = 6_000_000
_KEY_ROW = 6.0
_FEW = 24
_NAMED_WIDTH, _BARE_WIDTH = 45.0, 13.0
_MOST_ROWS = 6


@dataclass(frozen=True)
class Choices:
    """What a person chooses of a sheet.

    Attributes
    ----------
    paper : str
        A key of ``PAPERS``.
    orientation : {"auto", "portrait", "landscape"}
        How it lies; "auto" as the picture does.
    brush : float
        Diameter, 0.5 to 20 mm: it fits into every region whose colour is not protected.
    numeral : (float, float)
        Least and most height of a numeral, mm.
    outline : {"grey", "color"}
        Whether outlines are grey and numbers nearly black, or both have the colour of a paint beside them,
        darker if it is pale.
    numerals : {"font", "stroke"}
        Whether numbers have the shapes of a font, or are single strokes as plotters draw them.
    protect : tuple of str
        "#rrggbb" of colours none of whose regions goes because it is small.
    """

    paper: str = "a4"
    orientation: str = "auto"
    brush: float = 2.5
    numeral: tuple[float, float] = (1.5, 4.0)
    outline: str = "grey"
    numerals: str = "font"
    protect: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        PAPERS.find(self.paper)
        _check_among("orientation", self.orientation, ORIENTATIONS)
        _check_among("outline", self.outline, OUTLINES)
        _check_among("numerals", self.numerals, NUMERALS)
        _check_length("brush", self.brush, LEAST_BRUSH, LARGEST_BRUSH)
        least, most = self.numeral
        for length in self.numeral:
            _check_length("numeral", length, LEAST_NUMERAL, LARGEST_NUMERAL)
        if least > most:
            raise QuantizeError(f"numeral must be the least and the most height, got {least:g} and {most:g}")


def _check_among(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise QuantizeError(f"{name} must be one of {', '.join(known)}, got {shown(value)}")


def _check_length(name: str, value: Any, low: float, high: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise QuantizeError(f"{name} must be {low:g} to {high:g} mm, got {shown(value)}")


@dataclass(frozen=True)
class Layout:
    """A sheet of paper with a picture on it.

    Attributes
    ----------
    paper : Paper
        As it lies.
    left, top : float
        Where the picture begins.
    step : float
        Length of a pixel.
    size : (int, int)
        Pixels across and down.
    columns, key_top : int, float
        How many entries the key has in a row, 0 if there is no room for a key, and where it begins.
    named : bool
        Whether names and shares stand there, too.
    """

    paper: Paper
    left: float
    top: float
    step: float
    size: tuple[int, int]
    columns: int
    key_top: float
    named: bool

    @property
    def width(self) -> float:
        """Of the picture."""
        return self.size[0] * self.step

    @property
    def height(self) -> float:
        """Of the picture."""
        return self.size[1] * self.step

    @property
    def key_row(self) -> float:
        """Height of a row of the key."""
        return _KEY_ROW


def lay_out(size: tuple[int, int], choices: Choices, n_paints: int) -> Layout:
    """Lay a picture out on paper, as large as it can be.

    Parameters
    ----------
    size : (int, int)
        Its pixels across and down.
    choices : Choices
    n_paints : int
        For which there is to be room in the key.

    Raises
    ------
    QuantizeError
        If the picture would be narrower than the brush.
    """
    paper = _turn(PAPERS[choices.paper], size, choices.orientation)
    across = paper.width - 2 * MARGIN
    columns, rows, named = _plan_key(n_paints, across)
    room = paper.height - 2 * MARGIN - (GAP + rows * _KEY_ROW if rows else 0.0)
    scale = min(across / size[0], room / size[1])
    width, height = size[0] * scale, size[1] * scale
    _require_room(width, height, choices)
    step = max(min(choices.brush / _OF_BRUSH, _FINEST), (width * height / _MOST_PIXELS) ** 0.5)
    pixels = max(1, round(width / step)), max(1, round(height / step))
    step = min(across / pixels[0], room / pixels[1])
    left = (paper.width - pixels[0] * step) / 2
    return Layout(paper, left, MARGIN, step, pixels, columns, MARGIN + pixels[1] * step + GAP, named)


def _require_room(width: float, height: float, choices: Choices) -> None:
    """Refuse a picture in which no disc of the brush lies."""
    length, way = min((width, "wide"), (height, "high"))
    if length < choices.brush:
        said = f"{floor(10 * length) / 10:g}" if length >= 0.1 else "under 0.1"
        raise QuantizeError(
            f"the picture would be {said} mm {way} on {PAPERS[choices.paper].title}, less than the brush of "
            f"{choices.brush:g} mm: choose a larger paper, a thinner brush or a picture that is less long"
        )


def _turn(paper: Paper, size: tuple[int, int], orientation: str) -> Paper:
    lies = size[0] > size[1] if orientation == "auto" else orientation == "landscape"
    return Paper(paper.key, paper.title, paper.height, paper.width) if lies else paper


def _plan_key(n_paints: int, across: float) -> tuple[int, int, bool]:
    """Find how many columns and rows a key takes, and whether it has names; none if it is too long."""
    named = n_paints <= _FEW
    columns = int(across / (_NAMED_WIDTH if named else _BARE_WIDTH))
    rows = -(-n_paints // columns)
    return (columns, rows, named) if rows <= _MOST_ROWS else (0, 0, False)
