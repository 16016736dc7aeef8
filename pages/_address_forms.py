"""Forms of what stands in an address: how each kind of value is read and written, for the table of parts."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from pages._choices import (
    DEFAULTS,
    MANY_COLORS,
    MOST_ROWS,
    OWN_TABLE,
)
from quantize.colors.hexadecimal import parse_hex, to_hex
from quantize.colors.spaces import SPACES
from quantize.palettes.palette import MAX_ENTRIES
from quantize.palettes.tables import read_tables
from quantize.pixelart.choices import parse_cell
from quantize.settings import LIMITS
from quantize.sizing.recipe import COMPARED
from quantize.swatches.formats import FORMATS

MAX_SIDE = 1_000_000
BETWEEN = re.compile("[-,]")
"""Between the values of a list: a hyphen as we write it, a comma as people do."""


@dataclass(frozen=True)
class Part:
    """One choice in an address.

    Attributes
    ----------
    name : str
        Of the choice, in the address and in ``Choices``.
    expected : str
        What its value must be, to be said after "must be".
    read : callable
        Text → value; ValueError if it is none.
    write : callable
        Value → text.
    most : int, optional
        Of a list, as how long it may be: values with a hyphen between them, or the same name again and again.
    said : str
        What sentences call it, if not by its name.
    instead : str
        What they say is done instead, if not which default is used.
    doubles : bool
        Of a list, whether a value may stand in it twice.
    """

    name: str
    expected: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    most: int | None = None
    said: str = ""
    instead: str = ""
    doubles: bool = False

    @property
    def default(self) -> Any:
        """What holds where the address says nothing."""
        return DEFAULTS[self.name]


def whole(name: str, low: int, high: int) -> Part:
    """Make a part that is a whole number within these limits."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError
        return int(text)

    return Part(name, f"a whole number from {low} to {high}", read)


def number(name: str, low: float, high: float) -> Part:
    """Make a part that is a number within these limits."""

    def read(text: str) -> float:
        value = float(text) if re.fullmatch("[0-9.e-]{1,40}", text) else math.nan
        if not low <= value <= high:
            raise ValueError
        return value

    return Part(
        name, f"a number from {low:g} to {high:g}", read, lambda number: repr(number).removesuffix(".0")
    )


def limited(name: str, limit: str | None = None) -> Part:
    """Make a part with the limits of a setting of the engine, of the same name if not said."""
    found = LIMITS[limit or name]
    return (whole if found.whole else number)(name, int(found.low), int(found.high))


def key(name: str, table: Mapping[str, Any] | Sequence[str], most: int | None = None) -> Part:
    """Make a part that is a key of a table; its title does as well, as addresses once said that."""
    known = {_title(table, key): key for key in table} | {key.casefold(): key for key in table}

    def read(text: str) -> str:
        if text.casefold() not in known:
            raise ValueError
        return known[text.casefold()]

    return Part(name, f"one of {', '.join(table)}", read, most=most)


def _title(table: Mapping[str, Any] | Sequence[str], key: str) -> str:
    record = table[key] if isinstance(table, Mapping) else None
    return str(getattr(record, "title", key)).casefold()


def flag(name: str) -> Part:
    """Make a part that is true or false."""
    known = {"true": True, "false": False}

    def read(text: str) -> bool:
        if text.lower() not in known:
            raise ValueError
        return known[text.lower()]

    return Part(name, "true or false", read, lambda value: str(value).lower())


def color(name: str, most: int | None = None, said: str = "") -> Part:
    """Make a part that is a colour, or a list of up to ``most``."""

    def read(text: str) -> str:
        return to_hex(parse_hex(text))

    return Part(name, "a colour like #c00000", read, lambda color: color.removeprefix("#"), most, said)


def numbers(name: str, expected: str, count: int, sound: Callable[..., bool]) -> Part:
    """Make a part of so many whole numbers with hyphens between them, of which ``sound`` holds."""

    def read(text: str) -> tuple[int, ...]:
        found = BETWEEN.split(text)
        if len(found) != count or not all(re.fullmatch("[0-9]{1,7}", number) for number in found):
            raise ValueError
        values = tuple(map(int, found))
        if not sound(*values):
            raise ValueError
        return values

    return Part(name, expected, read, lambda values: "-".join(map(str, values)))


def table(name: str) -> Part:
    """Make a part that names a built-in table, or one of the visitor's own."""

    def read(text: str) -> str:
        key = text.casefold()
        if key != OWN_TABLE and key not in read_tables():
            raise ValueError
        return key

    return Part(name, f"a built-in palette's name, like pico-8, or {OWN_TABLE}", read)


def any_table(name: str, others: Sequence[str] = ()) -> Part:
    """Make a part that names a table that a file can hold."""

    def read(text: str) -> str:
        key = text.casefold()
        table = read_tables().get(key)
        if key not in others and (table is None or len(table) > MAX_ENTRIES):
            raise ValueError
        return key

    return Part(name, "a built-in palette's name, like pico-8", read)


def one_of(name: str, numbers: Sequence[int]) -> Part:
    """Make a part that is one of these numbers."""

    def read(text: str) -> int:
        if text not in map(str, numbers):
            raise ValueError
        return int(text)

    return Part(name, f"one of {', '.join(map(str, numbers))}", read)


def cell(name: str) -> Part:
    """Make a part that is the size of a cell of pixel art."""

    def read(text: str) -> str:
        across, down = parse_cell(text[:40])
        if not 1 <= min(across, down) <= max(across, down) <= MAX_SIDE:
            raise ValueError
        return f"{across:.6g}x{down:.6g}"

    return Part(name, "pixels of a cell, across and down, like 8x8 or 3.7x3.7", read)


def size(name: str, most: int) -> Part:
    """Make a part that is a width and a height."""
    expected = f"width and height, 1 to {most:,} each, like 8-8 or 8x8"
    part = numbers(name, expected, 2, lambda width, height: 0 < width <= most >= height > 0)
    return replace(part, read=lambda text: part.read(re.sub("(?<=[0-9])[x×](?=[0-9])", "-", text.casefold())))


def point(name: str) -> Part:
    """Make a part that names a file of the chart of Smaller files."""

    def read(text: str) -> str:
        key = text.casefold()
        if key not in COMPARED:
            raise ValueError
        return key

    return Part(name, "a file of the chart, like png-64 or jpeg-80", read)


def rows(name: str, said: str) -> Part:
    """Make a part that lists rows of a table."""
    return replace(whole(name, 0, MAX_ENTRIES - 1), most=MOST_ROWS, said=said)


def groups(name: str) -> Part:
    """Make a part that lists groups of colours, two or more in each, with dots between them."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(to_hex(parse_hex(code)) for code in text.split(".")))
        if not 2 <= len(found) <= MANY_COLORS:
            raise ValueError
        return found

    def write(group: tuple[str, ...]) -> str:
        return ".".join(color.removeprefix("#") for color in group)

    return Part(name, "colours like c00000.3d6ea8", read, write, MANY_COLORS // 2, "a merged region")


def pair(name: str) -> Part:
    """Make a part that is two different spaces, in the order of the table."""
    pairs = {f"{first}-{second}".casefold(): (first, second) for first, second in combinations(SPACES, 2)}

    def read(text: str) -> tuple[str, str]:
        named = text.replace(" and ", "-").casefold()
        found = pairs.get(named) or pairs.get("-".join(reversed(named.split("-"))))
        if found is None:
            raise ValueError
        return found

    def write(pair: tuple[str, str] | str) -> str:
        return pair if isinstance(pair, str) else "-".join(pair)

    return Part(name, "two different spaces, like BGR-LAB", read, write)


_FORMATS = {format_.key: f"{format_.title} ({format_.extension})" for format_ in FORMATS.values()}


def format_(name: str) -> Part:
    """Make a part that is the format of a palette file."""
    by_title = {title.casefold(): key for key, title in _FORMATS.items()}
    by_title["tailwind 4 theme (.css)"] = "tailwind"  # as links said it once
    by_key = key(name, FORMATS)
    return Part(name, by_key.expected, lambda text: by_title.get(text.casefold()) or by_key.read(text))
