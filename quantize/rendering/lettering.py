"""Text for pictures: in a font that comes along, so that it looks the same on every machine.

The font has Latin, Greek, Cyrillic, Hebrew and Arabic letters; what it lacks is left out instead of drawn as
an empty box. Text that runs from right to left is put in order by Pillow, where it was built with Raqm.
"""

import unicodedata
from functools import cache
from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

FONT_FILE = Path(__file__).with_name("fonts") / "DejaVuSans.ttf"
_LONGEST = 400
_NOWHERE = "\U0010ffff"


@cache
def find_font(size: int) -> FreeTypeFont:
    """Return the font at a size in pixels."""
    return ImageFont.truetype(FONT_FILE, size)


@cache
def _is_drawn(character: str) -> bool:
    """Tell whether the font has it; controls and marks of direction have nothing to draw."""
    if unicodedata.category(character)[0] == "C":
        return False
    font = find_font(16)
    if character.isspace():
        return True
    drawn, missing = font.getmask(character), font.getmask(_NOWHERE)
    return drawn.size != missing.size or bytes(drawn) != bytes(missing)


def write_on(text: str, size: int, width: float) -> str:
    """Tell what of a text can be drawn in one line: without what the font lacks, and with its middle left
    out.

    Parameters
    ----------
    text : str
        Anything.
    size : int
        Of the font, in pixels.
    width : float
        The most that the line may take, in pixels; with less than an ellipsis takes, that stands alone.
    """
    known = "".join(character if _is_drawn(character) else " " for character in text[:_LONGEST])
    line = " ".join(known.split())
    if measure_line(line, size) <= width:
        return line
    low, high = 0, len(line)  # so many characters are surely not too many; surely are
    while high - low > 1:
        middle = (low + high) // 2
        if measure_line(_shortened(line, middle), size) <= width:
            low = middle
        else:
            high = middle
    return _shortened(line, low)


def _shortened(line: str, n: int) -> str:
    """Return the first two thirds of so many characters and the last third: names of files differ at either
    end.
    """
    last = n // 3
    return f"{line[: n - last].rstrip()}…{line[len(line) - last :].lstrip()}"


def measure_line(line: str, size: int) -> float:
    """Measure the pixels that a line takes."""
    return find_font(size).getlength(line)
