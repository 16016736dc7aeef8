"""The key below a picture: a swatch and a number for each paint, its name and share if there is room."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from quantize.numbers.digits import measure_numeral
from quantize.numbers.layout import MARGIN
from quantize.numbers.numbered import Numbered, Paint
from quantize.patterns.drawing import is_whole
from quantize.regions.names import clean_text
from quantize.rendering.lettering import measure_line, write_on

SWATCH = 4.5
TEXT = 2.6
"""Size of the font of names, mm."""

_HIGH = 2.4
_MEASURED = 100
_MOST_SAID = 12


@dataclass(frozen=True)
class Cell:
    """An entry of the key: where its swatch begins, the middle and height of its number, and what it says.

    Name and share are two texts, so that a name that runs to the left turns nothing else around.
    """

    paint: Paint
    left: float
    top: float
    middle: tuple[float, float]
    height: float
    text: str
    text_left: float
    share: str
    share_left: float
    base: float


def round_share(share: float) -> float:
    """Round a share of the painted area, 0-1, to per cent as it is said everywhere."""
    return round(100 * share, 1)


def say_share(share: float) -> str:
    """Say a share of the painted area, 0-1, in per cent."""
    percent = round_share(share)
    return f"{percent:.1f} %" if percent else "<0.1 %"


def say_name(paint: Paint) -> str:
    """Say what a paint is called, as far as the font has its letters; by its colour if it has no name."""
    name = write_on(unicodedata.normalize("NFC", paint.name), _MEASURED, float("inf"))
    return name or paint.hex


def say_unused(numbers: tuple[int, ...]) -> str:
    """Say which numbers of a palette are not used: runs of three or more shortly, many only counted."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [word for run in runs for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run))]
    if len(said) > _MOST_SAID:
        return f"{len(numbers)} numbers are not used"
    several = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
    return f"{several} {'is' if len(numbers) == 1 else 'are'} not used"


def lacks_letters(paint: Paint) -> bool:
    """Tell whether the font lacks some of a name."""
    return not is_whole(clean_text(paint.name))


def plan_key(numbered: Numbered, whole: bool = False) -> list[Cell]:
    """Lay out the key, row by row; nothing if there is no room for one.

    Parameters
    ----------
    numbered : Numbered
    whole : bool
        Whether names have letters that the font lacks, too.
    """
    layout = numbered.layout
    if not layout.columns:
        return []
    wide = (layout.paper.width - 2 * MARGIN) / layout.columns
    digits = max(measure_numeral(paint.number) for paint in numbered.paints) * _HIGH
    cells = []
    for place, paint in enumerate(numbered.paints):
        left = MARGIN + place % layout.columns * wide
        top = layout.key_top + place // layout.columns * layout.key_row
        begin = left + SWATCH + 1.2
        middle = begin + measure_numeral(paint.number) * _HIGH / 2, top + SWATCH / 2
        after = begin + digits + 1.2
        text, share = _fit(paint, left + wide - 1.5 - after, whole) if layout.named else ("", "")
        base = top + SWATCH / 2 + 0.36 * TEXT
        cells.append(
            Cell(paint, left, top, middle, _HIGH, text, after, share, after + _measure(f"{text} "), base)
        )
    return cells


def _fit(paint: Paint, room: float, whole: bool) -> tuple[str, str]:
    """Fit name and share into a line; the name is cut if it must be."""
    share = f"· {say_share(paint.share)}"
    left = room - _measure(f" {share}")
    if whole and lacks_letters(paint):
        return _cut(unicodedata.normalize("NFC", clean_text(paint.name)), left), share
    return write_on(say_name(paint), _MEASURED, left / TEXT * _MEASURED), share


def _cut(name: str, room: float) -> str:
    """Cut a name at its end, whatever letters it has."""
    if _measure(name) <= room:
        return name
    while name and _measure(f"{name}…") > room:
        name = name[:-1]
    return f"{name}…"


def _measure(text: str) -> float:
    """Measure a line, mm; a letter that the font lacks is as wide as high, as Chinese ones are."""
    known = "".join(letter for letter in text if is_whole(letter))
    return (measure_line(known, _MEASURED) / _MEASURED + len(text) - len(known)) * TEXT
