"""A visitor's choices as the query of an address, and back: pure, for pages and web server alike.

Anybody can write an address. Each value is taken or refused by itself, and what is refused is said in a
sentence; nothing that stands there raises. One table tells name, form and default of every choice.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import Any
from urllib.parse import parse_qs

from pages._choices import MANY_COLORS, MAX_MERGE, MOST_COMPARED, Choices, start_of
from quantize import QuantizeError
from quantize.dither import DITHERS
from quantize.kmeans import EFFORTS
from quantize.light import LIGHTS
from quantize.methods import METHODS
from quantize.palette_order import ORDERS
from quantize.samples import SAMPLES, TELLING
from quantize.settings import LIMITS, parse_hex, to_hex
from quantize.spaces import SPACES
from quantize.swatches import FORMATS

MAX_QUERY, MAX_PARTS = 16_000, 1000
"""Characters and parts of a query that are read; the longest of ours has 5,000 characters."""

MAX_SAID, MAX_SHOWN = 5, 30
MAX_SIDE = 1_000_000
ERRORS = ("ΔE00", "MSE")
VIEWS = ("3-D", "a*–b*", "Hue–chroma")
ARRANGEMENTS = ("side", "wipe")
# Between the values of a list: a hyphen as we write it, a comma as people do.
_BETWEEN = re.compile("[-,]")


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
    """

    name: str
    expected: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    most: int | None = None
    said: str = ""

    @property
    def default(self) -> Any:
        """What holds where the address says nothing."""
        return _DEFAULTS[self.name]


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
        found = _BETWEEN.split(text)
        if len(found) != count or not all(re.fullmatch("[0-9]{1,7}", number) for number in found):
            raise ValueError
        values = tuple(map(int, found))
        if not sound(*values):
            raise ValueError
        return values

    return Part(name, expected, read, lambda values: "-".join(map(str, values)))


def _is_region(left: int, top: int, width: int, height: int) -> bool:
    return min(width, height) > 0 and max(left + width, top + height) <= MAX_SIDE


def _pair(name: str) -> Part:
    pairs = {f"{first}-{second}".casefold(): (first, second) for first, second in combinations(SPACES, 2)}

    def read(text: str) -> tuple[str, str]:
        found = pairs.get(text.replace(" and ", "-").casefold())
        if found is None:
            raise ValueError
        return found

    def write(pair: tuple[str, str] | str) -> str:
        return pair if isinstance(pair, str) else "-".join(pair)

    return Part(name, "two different spaces, like BGR-LAB", read, write)


_FORMATS = {format_.key: f"{format_.title} ({format_.extension})" for format_ in FORMATS.values()}


def _format(name: str) -> Part:
    by_title = {title.casefold(): key for key, title in _FORMATS.items()}
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
    _color("keep", MANY_COLORS, "a pinned colour"),
    _limited("rare"),
    _key("sample", {**SAMPLES, **TELLING}),
    Part("share", "the id of a shared picture", lambda text: text[:64]),
    _limited("n", "n_colors"),
    _flag("many"),
    _key("palette_space", SPACES),
    _limited("palette_rare", "rare"),
    _number("merge", 0, MAX_MERGE),
    _color("pin", MANY_COLORS, "a pinned colour"),
    _key("order", ORDERS),
    _format("format"),
    replace(_limited("ks", "n_colors"), most=MOST_COMPARED),
    _key("error", ERRORS),
    _key("spaces", SPACES, len(SPACES)),
    _pair("pair"),
    _key("view", VIEWS),
    _key("axes", SPACES),
    _numbers("at", "left-top-width-height in pixels of the picture", 4, _is_region),
    _key("arrange", ARRANGEMENTS),
    _key("arrange_many", ARRANGEMENTS),
    _numbers("sides", "two different pictures, like 0-2", 2, lambda left, right: left != right < 9 > left),
    _whole("wipe", 0, 100),
    _flag("heat"),
    _color("selected"),
    _color("picked"),
)  # fmt: skip
"""Every choice, in the order in which it is written."""

_BY_NAME = {part.name: part for part in PARTS}
_DEFAULTS = {field.name: field.default for field in fields(Choices)}


def to_query(choices: Choices) -> dict[str, str]:
    """Write choices as the parts of a query, defaults left out; ``from_query`` gives the same again."""
    said = {}
    for part in PARTS:
        value = getattr(choices, part.name)
        if value != part.default:
            said[part.name] = "-".join(map(part.write, value)) if part.most else part.write(value)
    return said


def from_query(query: str) -> tuple[Choices, tuple[str, ...]]:
    """Read the query of an address.

    Parameters
    ----------
    query : str
        What follows the question mark, percent-encoded; anything may stand there. Of a name that comes
        several times the last value counts, unless it is a list. What is no choice is passed over.

    Returns
    -------
    Choices
        What it says; the default where it says nothing, or nothing of sense.
    tuple of str
        A sentence for each value that was refused.
    """
    said, news = _as_written_today(split_query(query)), []
    found: dict[str, Any] = {}
    for part in PARTS:
        texts = _texts(part, said.get(part.name, []))
        if texts is None:
            continue
        values, refused = _read(part, texts)
        news += [_refusal(part, text) for text in refused]
        if values or not texts:
            found[part.name] = tuple(values[: part.most]) if part.most else values[0]
        if part.most and len(values) > part.most:
            news.append(f"{part.name} must hold at most {part.most}, got {len(values)}: the first are used")
    choices = Choices(**found)
    return choices, _few([*news, *_say_raised(found, choices)])


def is_list(name: str) -> bool:
    """Whether a choice is a list, of any length up to its most."""
    return _BY_NAME[name].most is not None


def believe(name: str, value: Any) -> tuple[Any, tuple[str, ...]]:
    """Take what a control says as if it stood in an address.

    Parameters
    ----------
    name : str
        Of the choice.
    value : object
        What came; of a list, any sequence. None is nothing chosen.

    Returns
    -------
    object
        The value; the default if there is none, and of a list what is good.
    tuple of str
        Sentences about the rest.
    """
    part = _BY_NAME[name]
    if value is None:
        return part.default, ()
    values, refused = _read(part, map(part.write, value if part.most else [value]))
    news = tuple(_refusal(part, text) for text in refused)
    if part.most:
        return tuple(values[: part.most]), news
    return (values[0] if values else part.default), news


def split_query(query: str) -> dict[str, list[str]]:
    """Take a query of any kind apart: values by name, at most MAX_PARTS of MAX_QUERY characters."""
    whole = query if len(query) <= MAX_QUERY else query[: MAX_QUERY + 1].rpartition("&")[0]
    return parse_qs("&".join(whole.split("&")[:MAX_PARTS]), keep_blank_values=True)


def _as_written_today(said: dict[str, list[str]]) -> dict[str, list[str]]:
    """Addresses once had a second name for the number of colours, where it may be more than 24."""
    more = said.get("many", [""])[-1].lower() == "true" and "n_many" in said
    return {**said, "n": said["n_many"]} if more else said


def _texts(part: Part, values: list[str]) -> list[str] | None:
    """Texts of a part's values; None if the address does not choose."""
    if part.most and values:
        return [text.strip() for value in values for text in _split(value)] if any(values) else []
    return [values[-1].strip()] if values and values[-1] else None


def _split(value: str) -> list[str]:
    """Values of a list; what cannot be one, like "-1", stays as it is, to be refused."""
    texts = _BETWEEN.split(value)
    return texts if all(texts) else [value]


def _read(part: Part, texts: Iterable[str]) -> tuple[list[Any], list[str]]:
    """Different values, and the texts that are none."""
    values, refused = [], []
    for text in texts:
        try:
            value = part.read(text)
        except (ValueError, QuantizeError):
            refused.append(text)
        else:
            if value not in values:
                values.append(value)
    return values, refused


def _refusal(part: Part, text: str) -> str:
    if part.most:
        instead = "it is left out"
    elif part.default is None or part.default == "":
        instead = "nothing is used"
    else:
        instead = f"{part.write(part.default)} is used"
    return f"{part.said or part.name} must be {part.expected}, got {_shown(text)}: {instead}"


def _shown(text: str) -> str:
    """A text that anybody wrote: short, in quotes, on one line."""
    return repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")


def _say_raised(found: Mapping[str, Any], choices: Choices) -> list[str]:
    """Sentences for numbers of colours that gave way to pinned ones."""
    return [
        f"{name} must be at least the number of pinned colours, {len(getattr(choices, pins))}, "
        f"got {found[name]}: {getattr(choices, name)} is used"
        for name, pins in (("k", "keep"), ("n", "pin"))
        if name in found and found[name] != getattr(choices, name)
    ]


def _few(news: Sequence[str]) -> tuple[str, ...]:
    rest = len(news) - MAX_SAID
    return tuple(news) if rest <= 0 else (*news[:MAX_SAID], f"{rest} more values were refused")
