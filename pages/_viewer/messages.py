"""What a browser says, and whether it may be believed: a message is used only if it has the right form."""

import re
from dataclasses import dataclass

Part = tuple[int, int, int, int]

MAX_PANES = 9
MAX_SIDE = 1_000_000
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


@dataclass(frozen=True)
class Look:
    """What is looked at in a viewer, and how.

    Parameters
    ----------
    origin : str
        Names the picture and where the look came from: a viewer that knows it goes its own way.
    at : (int, int, int, int), optional
        Left, top, width, height of the part that is seen, in pixels of the picture; None is all of it.
    mode : {"side", "wipe"}, optional
        As the person chose; None is the viewer's own.
    sides : (int, int), optional
        Panes left and right of the wipe; None is the first and the last.
    wipe : int
        Where the line of the wipe is, 0–100 from the left.
    heat : bool
        Whether the map of errors lies on the pictures.
    selected : str, optional
        The palette entry whose pixels stay while all others fade, "#rrggbb".
    """

    origin: str
    at: tuple[int, int, int, int] | None = None
    mode: str | None = None
    sides: tuple[int, int] | None = None
    wipe: int = 50
    heat: bool = False
    selected: str | None = None


def read_look(value: object) -> Look | None:
    """Believe a browser only what has the right form."""
    if not isinstance(value, dict) or not value.keys() >= Look.__dataclass_fields__.keys():
        return None
    at, sides, color = value["at"], value["sides"], value["selected"]
    good = (
        isinstance(value["origin"], str)
        and (at is None or (_are_whole(at, 4) and min(at[2:]) > 0))
        and value["mode"] in (None, "side", "wipe")
        and (sides is None or (_are_whole(sides, 2) and sides[0] != sides[1] and max(sides) < MAX_PANES))
        and type(value["wipe"]) is int
        and 0 <= value["wipe"] <= 100
        and type(value["heat"]) is bool
        and (color is None or (isinstance(color, str) and _HEX.fullmatch(color)))
    )
    if not good:
        return None
    parts = tuple(at) if at else None, tuple(sides) if sides else None
    return Look(value["origin"], parts[0], value["mode"], parts[1], value["wipe"], value["heat"], color)


def _are_whole(value: object, count: int) -> bool:
    """Whether that is a list of so many whole numbers, as large as sides of a picture are."""
    if not isinstance(value, list) or len(value) != count:
        return False
    return all(type(number) is int and 0 <= number < MAX_SIDE for number in value)


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
