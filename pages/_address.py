"""A visitor's choices as the query of an address, and back: pure, for pages and web server alike.

Anybody can write an address. Each value is taken or refused by itself, and what is refused is said in a
sentence; nothing that stands there raises. The table of all choices is in ``_address_parts.py``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from pages._address_forms import BETWEEN, Part
from pages._address_parts import BY_NAME, PARTS
from pages._choices import Choices
from quantize import QuantizeError

MAX_QUERY, MAX_PARTS = 24_000, 500
"""Characters and parts of a query that are read; the longest of ours has 20,000 characters, and a part for
each choice.
"""

MAX_SAID, MAX_SHOWN = 5, 30


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
    said, news = _as_written_today(split_query(query)), _say_cut(query)
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
            news.append(
                f"{_named(part)} must hold at most {part.most}, got {len(values)}: the first are used"
            )
    choices = Choices(**found)
    return choices, _few([*news, *_say_raised(found, choices)])


def is_list(name: str) -> bool:
    """Whether a choice is a list, of any length up to its most."""
    return BY_NAME[name].most is not None


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
    part = BY_NAME[name]
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


def _say_cut(query: str) -> list[str]:
    """A sentence if there is more of a query than is read."""
    if query.count("&") >= MAX_PARTS:
        return [f"the address has more than {MAX_PARTS:,} parts: only the first are used"]
    if len(query) > MAX_QUERY:
        return [f"the address has more than {MAX_QUERY:,} characters: only the first are used"]
    return []


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
    texts = BETWEEN.split(value)
    return texts if all(texts) else [value]


def _read(part: Part, texts: Iterable[str]) -> tuple[list[Any], list[str]]:
    """Values, different ones if the part wants that, and the texts that are none."""
    values, refused = [], []
    for text in texts:
        try:
            value = part.read(text)
        except (ValueError, QuantizeError):
            refused.append(text)
        else:
            if part.doubles or value not in values:
                values.append(value)
    return values, refused


def _refusal(part: Part, text: str) -> str:
    if part.instead:
        instead = part.instead
    elif part.most or part.default is None or part.default == "":
        instead = "it is left out"
    else:
        instead = f"{part.write(part.default)} is used"
    return f"{_named(part)} must be {part.expected}, got {_shown(text)}: {instead}"


def _named(part: Part) -> str:
    """What a sentence begins with that is about a part."""
    return part.said or f"in the address, {part.name}"


def _shown(text: str) -> str:
    """A text that anybody wrote: short, in quotes, on one line."""
    return repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")


def _say_raised(found: Mapping[str, Any], choices: Choices) -> list[str]:
    """Sentences for numbers of colours that gave way to pinned ones."""
    return [
        f"{_named(BY_NAME[name])} must be at least the number of pinned colours, "
        f"{len(set(getattr(choices, pins)))}, got {found[name]}: {getattr(choices, name)} is used"
        for name, pins in (("k", "keep"), ("n", "pin"))
        if name in found and found[name] != getattr(choices, name)
    ]


def _few(news: Sequence[str]) -> tuple[str, ...]:
    rest = len(news) - MAX_SAID
    return tuple(news) if rest <= 0 else (*news[:MAX_SAID], f"{rest} more values were refused")
