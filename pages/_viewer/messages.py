"""What a browser says, and whether it may be believed: a message is used only if it has the right form."""

import re
from dataclasses import dataclass

Part = tuple[int, int, int, int]

MAX_PART_PIXELS = 24_000_000
_HEX = re.compile("#[0-9a-f]{6}")


@dataclass(frozen=True)
class Pick:
    """A pixel that was clicked.

    Parameters
    ----------
    x, y : int
        The place in the picture, from its top left corner.
    pane : int
        The pane whose entry is meant; for a click on the original, that of the pane beside it.
    original, color : str or None
        "#rrggbb" in the first pane and in that pane; None where the picture is transparent.
    entry : int or None
        Index in that pane's palette. None where it has none, and when the selection was taken back.
    """

    x: int
    y: int
    pane: int
    original: str | None
    color: str | None
    entry: int | None


def read_pick(value: object) -> Pick | None:
    """Believe a browser only what has the right form."""
    if not isinstance(value, dict) or value.keys() != Pick.__dataclass_fields__.keys():
        return None
    numbers = [value["x"], value["y"], value["pane"]] + [value["entry"]] * (value["entry"] is not None)
    words = [word for word in (value["original"], value["color"]) if word is not None]
    if not all(type(number) is int and number >= 0 for number in numbers):
        return None
    if not all(isinstance(word, str) and _HEX.fullmatch(word) for word in words):
        return None
    return Pick(**value)


def read_part(value: object, size: tuple[int, int]) -> Part | None:
    """Believe a browser only a part that lies in the picture and that a screen can hold."""
    if not isinstance(value, list) or len(value) != 4 or any(type(edge) is not int for edge in value):
        return None
    left, top, right, bottom = value
    inside = 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]
    small = (right - left) * (bottom - top) <= MAX_PART_PIXELS
    return (left, top, right, bottom) if inside and small else None
