"""What a visitor can choose, as the parts of an address: name, form and default of each, in one table."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from pages._choices import (
    DEFAULTS,
    MANY_COLORS,
    MAX_MERGE,
    MOST_CLUSTERS,
    MOST_COMPARED,
    MOST_ROWS,
    OWN_TABLE,
    start_of,
)
from pages._color_names import read_name, write_name
from pages._tables import USED
from quantize.colors.hexadecimal import parse_hex, to_hex
from quantize.colors.opacity import ALPHAS
from quantize.colors.spaces import SPACES
from quantize.decoding.samples import OTHERS, SAMPLES
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.numbers.layout import LARGEST_BRUSH, LEAST_BRUSH, NUMERALS, ORIENTATIONS, OUTLINES, PAPERS
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.palettes.order import ORDERS
from quantize.palettes.palette import MAX_ENTRIES
from quantize.palettes.tables import read_tables
from quantize.panels.fitting import FITS, MOST_SIDE
from quantize.panels.showing import TURNS
from quantize.panels.table import PANELS
from quantize.patterns.cells import MOST_CELLS
from quantize.pixelart.choices import PICKS, parse_cell
from quantize.settings import LIMITS
from quantize.sizing.kinds import KINDS
from quantize.sizing.recipe import COMPARED
from quantize.swatches.formats import FORMATS
from quantize.teaching.mistakes import MISTAKES
from quantize.teaching.starts import STARTS
from quantize.tiles.cutting import LARGEST
from quantize.tiles.machines import MACHINES

MAX_SIDE = 1_000_000
MOST_DRAWS, MOST_STEPS = 9999, 999
EPSILONS, MOST_UNTIL = (0.0001, 1600.0), 40
"""Criteria that a chart of a run can show: the least and the most ``epsilon``, the most ``max_iter``."""
TRIES = (1, 3, 10)
TASKS = 6
FITTED_KINDS = tuple(key for key, kind in KINDS.items() if kind.indexed or kind.lossy)
"""Kinds of files that can be made smaller and smaller."""
LUTS = ("cube-17", "cube-33", "cube-65", "hald-64")
BLENDS = ("nearest", "smooth", "lightness")
SMALLEST = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Pixels that a part of a region may have at least; 0 is what suits the picture."""
CHARTS = ("beads", "mini-beads", "bricks", "stitch-14")
GOALS = ("size", "looks")
MOST_KB, MOST_LEAST = 100_000, 95
ERRORS = ("ΔE00", "MSE")
VIEWS = ("3-D", "a*–b*", "Hue–chroma")
ARRANGEMENTS = ("side", "wipe")
TONES = ("auto", "curve", "as-is")
ARTS = ("size", "tiles")
OWN_MACHINE = "own"
SCALES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16)
"""Pixels of a cell in the file of pixel art."""
MOST_INKS = 7
MOST_FRAMES = 99_999
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


def _whole(name: str, low: int, high: int) -> Part:
    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError
        return int(text)

    return Part(name, f"a whole number from {low} to {high}", read)


def _number(name: str, low: float, high: float) -> Part:
    def read(text: str) -> float:
        value = float(text) if re.fullmatch("[0-9.e-]{1,40}", text) else math.nan
        if not low <= value <= high:
            raise ValueError
        return value

    return Part(
        name, f"a number from {low:g} to {high:g}", read, lambda number: repr(number).removesuffix(".0")
    )


def _limited(name: str, limit: str | None = None) -> Part:
    found = LIMITS[limit or name]
    return (_whole if found.whole else _number)(name, int(found.low), int(found.high))


def _key(name: str, table: Mapping[str, Any] | Sequence[str], most: int | None = None) -> Part:
    """A key of a table; its title does as well, as addresses once said that."""
    known = {_title(table, key): key for key in table} | {key.casefold(): key for key in table}

    def read(text: str) -> str:
        if text.casefold() not in known:
            raise ValueError
        return known[text.casefold()]

    return Part(name, f"one of {', '.join(table)}", read, most=most)


def _title(table: Mapping[str, Any] | Sequence[str], key: str) -> str:
    record = table[key] if isinstance(table, Mapping) else None
    return str(getattr(record, "title", key)).casefold()


def _flag(name: str) -> Part:
    known = {"true": True, "false": False}

    def read(text: str) -> bool:
        if text.lower() not in known:
            raise ValueError
        return known[text.lower()]

    return Part(name, "true or false", read, lambda value: str(value).lower())


def _color(name: str, most: int | None = None, said: str = "") -> Part:
    def read(text: str) -> str:
        return to_hex(parse_hex(text))

    return Part(name, "a colour like #c00000", read, lambda color: color.removeprefix("#"), most, said)


def _numbers(name: str, expected: str, count: int, sound: Callable[..., bool]) -> Part:
    """So many whole numbers with hyphens between them, of which ``sound`` holds."""

    def read(text: str) -> tuple[int, ...]:
        found = BETWEEN.split(text)
        if len(found) != count or not all(re.fullmatch("[0-9]{1,7}", number) for number in found):
            raise ValueError
        values = tuple(map(int, found))
        if not sound(*values):
            raise ValueError
        return values

    return Part(name, expected, read, lambda values: "-".join(map(str, values)))


def _table(name: str) -> Part:
    def read(text: str) -> str:
        key = text.casefold()
        if key != OWN_TABLE and key not in read_tables():
            raise ValueError
        return key

    return Part(name, f"a built-in palette's name, like pico-8, or {OWN_TABLE}", read)


def _any_table(name: str, others: Sequence[str] = ()) -> Part:
    """The name of a table that a file can hold, or nothing."""

    def read(text: str) -> str:
        key = text.casefold()
        table = read_tables().get(key)
        if key not in others and (table is None or len(table) > MAX_ENTRIES):
            raise ValueError
        return key

    return Part(name, "a built-in palette's name, like pico-8", read)


def _one_of(name: str, numbers: Sequence[int]) -> Part:
    def read(text: str) -> int:
        if text not in map(str, numbers):
            raise ValueError
        return int(text)

    return Part(name, f"one of {', '.join(map(str, numbers))}", read)


def _cell(name: str) -> Part:
    def read(text: str) -> str:
        across, down = parse_cell(text[:40])
        if not 1 <= min(across, down) <= max(across, down) <= MAX_SIDE:
            raise ValueError
        return f"{across:.6g}x{down:.6g}"

    return Part(name, "pixels of a cell, across and down, like 8x8 or 3.7x3.7", read)


def _size(name: str, most: int) -> Part:
    expected = f"width and height, 1 to {most:,} each, like 8-8 or 8x8"
    part = _numbers(name, expected, 2, lambda width, height: 0 < width <= most >= height > 0)
    return replace(part, read=lambda text: part.read(re.sub("(?<=[0-9])[x×](?=[0-9])", "-", text.casefold())))


def _point(name: str) -> Part:
    def read(text: str) -> str:
        key = text.casefold()
        if key not in COMPARED:
            raise ValueError
        return key

    return Part(name, "a file of the chart, like png-64 or jpeg-80", read)


def _rows(name: str, said: str) -> Part:
    return replace(_whole(name, 0, MAX_ENTRIES - 1), most=MOST_ROWS, said=said)


def _sizes(name: str) -> Part:
    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,5}", text) or int(text) not in SMALLEST:
            raise ValueError
        return int(text)

    return Part(name, f"one of {', '.join(map(str, SMALLEST))}", read)


def _groups(name: str) -> Part:
    """Groups of colours, two or more in each, with dots between them."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(to_hex(parse_hex(code)) for code in text.split(".")))
        if not 2 <= len(found) <= MANY_COLORS:
            raise ValueError
        return found

    def write(group: tuple[str, ...]) -> str:
        return ".".join(color.removeprefix("#") for color in group)

    return Part(name, "colours like c00000.3d6ea8", read, write, MANY_COLORS // 2, "a merged region")


def _is_region(left: int, top: int, width: int, height: int) -> bool:
    return min(width, height) > 0 and max(left + width, top + height) <= MAX_SIDE


def _pair(name: str) -> Part:
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


def _format(name: str) -> Part:
    by_title = {title.casefold(): key for key, title in _FORMATS.items()}
    by_title["tailwind 4 theme (.css)"] = "tailwind"  # as links said it once
    by_key = _key(name, FORMATS)
    return Part(name, by_key.expected, lambda text: by_title.get(text.casefold()) or by_key.read(text))


PARTS = (
    _limited("k", "n_colors"),
    _key("space", SPACES),
    _key("method", METHODS),
    *(_key(start_of(method.key), method.inits) for method in METHODS.values() if method.inits),
    _key("effort", EFFORTS),
    *(_limited(name) for name in ("attempts", "max_iter", "epsilon", "seed")),
    _key("dither", DITHERS),
    _limited("strength"),
    _key("light", LIGHTS),
    _limited("runs"),
    _color("keep", MANY_COLORS, "a pinned colour"),
    _limited("rare"),
    _key("alpha", ALPHAS),
    _key("sample", {**SAMPLES, **OTHERS}),
    Part("share", "the id of a shared picture", lambda text: text[:64].strip()),
    _flag("own"),
    replace(_color("palette", MANY_COLORS, "a colour of the palette"), doubles=True),
    _key("entries", ENTRY_ORDERS),
    _limited("n", "n_colors"),
    _flag("many"),
    _key("palette_space", SPACES),
    _limited("palette_rare", "rare"),
    _number("merge", 0, MAX_MERGE),
    replace(_color("pin", MANY_COLORS, "a pinned colour"), doubles=True),
    _key("order", ORDERS),
    _format("format"),
    _table("table"),
    replace(_color("mine", MANY_COLORS, "a colour of the table"), doubles=True),
    _rows("off", "the number of a row that is off"),
    _rows("lock", "the number of a locked row"),
    _whole("best", 0, MANY_COLORS),
    _flag("far"),
    _key("lut", LUTS),
    _key("blend", BLENDS),
    _key("chart", CHARTS),
    _whole("across", 1, MOST_CELLS),
    _flag("strays"),
    _sizes("smallest"),
    _flag("smooth"),
    _groups("joined"),
    _key("paper", PAPERS),
    _key("orientation", ORIENTATIONS),
    _number("brush", LEAST_BRUSH, LARGEST_BRUSH),
    _key("outline", OUTLINES),
    _key("numerals", NUMERALS),
    _color("protect", MANY_COLORS, "a protected colour"),
    _whole("clusters", 1, MOST_CLUSTERS),
    _key("start", STARTS),
    _whole("draw", 0, MOST_DRAWS),
    replace(_color("centers", MOST_CLUSTERS, "a centre"), doubles=True),
    _whole("step", 0, MOST_STEPS),
    _number("until_epsilon", *EPSILONS),
    _whole("until_max_iter", 1, MOST_UNTIL),
    _one_of("tries", (0, *TRIES)),
    _key("slip", MISTAKES),
    _whole("task", 0, TASKS),
    _flag("ways"),
    _flag("samples"),
    Part("names", "a colour and a name, like c00000.Brick", read_name, write_name, MANY_COLORS, "a name"),
    _key("panel", PANELS),
    _size("panel_size", MOST_SIDE),
    _key("panel_fit", FITS),
    _one_of("panel_turn", TURNS),
    _key("panel_dither", DITHERS),
    _limited("panel_strength", "strength"),
    _key("panel_light", LIGHTS),
    _key("tone", TONES),
    _number("curve", 0, 1),
    replace(_color("shown", MOST_INKS, "a colour that the panel shows"), doubles=True),
    _key("art", ARTS),
    _cell("cell"),
    _limited("art_k", "n_colors"),
    _any_table("art_table", [USED]),
    _key("art_pick", PICKS),
    _one_of("scale", SCALES),
    _key("machine", [*MACHINES, OWN_MACHINE]),
    _size("tile", LARGEST),
    _whole("tile_palettes", 0, MAX_ENTRIES),
    _whole("tile_k", 1, MAX_ENTRIES),
    _flag("tile_shared"),
    _whole("tile_levels", 2, 256),
    _any_table("tile_table"),
    _key("goal", GOALS),
    _whole("kb", 1, MOST_KB),
    _whole("least", 0, MOST_LEAST),
    _key("kind", FITTED_KINDS),
    _flag("squeeze"),
    _point("point"),
    _flag("each_frame"),
    _flag("still"),
    _whole("film_frame", 0, MOST_FRAMES),
    replace(_limited("ks", "n_colors"), most=MOST_COMPARED),
    _key("error", ERRORS),
    _key("spaces", SPACES, len(SPACES)),
    _pair("pair"),
    _key("view", VIEWS),
    _key("axes", SPACES),
    replace(
        _numbers("at", "left-top-width-height in pixels of the picture", 4, _is_region),
        said="at, the part to look at,", instead="the whole picture is shown",
    ),
    _key("arrange", ARRANGEMENTS),
    _key("arrange_many", ARRANGEMENTS),
    _numbers("sides", "two different pictures, like 0-2", 2, lambda left, right: left != right < 9 > left),
    _whole("wipe", 0, 100),
    _flag("heat"),
    _color("selected"),
    _color("picked"),
)  # fmt: skip
"""Every choice, in the order in which it is written."""

BY_NAME = {part.name: part for part in PARTS}
