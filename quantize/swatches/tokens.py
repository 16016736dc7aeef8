"""Palettes as JSON: design tokens, as Style Dictionary, Figma's plug-ins and Penpot exchange them.

Written as the Design Tokens Format Module 2025.10 says: colours are objects of colour space, components and
a hex code for older tools. Read are also older drafts, where a colour is "#rrggbb", tokens without "$", plain
lists and tables of codes, and colours of a number for each channel (Figma, Sketch). References to other
tokens are passed over: what they refer to is in the file itself.

Source: Design Tokens Community Group, "Design Tokens Format Module 2025.10" and "Color Module 2025.10".
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from quantize.errors import QuantizeError
from quantize.palettes.palette import MAX_ENTRIES, MAX_NAME, Palette
from quantize.swatches.functions import is_function
from quantize.swatches.identifiers import unique_keys
from quantize.swatches.reading import (
    ALPHA_NOTE,
    Entries,
    Found,
    decode_text,
    is_text,
    parse_color,
    unreadable,
)

_TITLE = "JSON"
_MAX_DEPTH = 32
# A list begins with a value; a style sheet's "[data-theme]" does not.
_START = re.compile(rb'\s*+(?:\{|\[\s*+(?:["{\[\]\d-]|true|false|null|\Z))')
_BARE = re.compile(r"[0-9a-fA-F]{6}")

_CHANNELS = (("r", "g", "b"), ("red", "green", "blue"), ("R", "G", "B"))

# Colour spaces of the Color Module, and how CSS writes a colour in them
_FUNCTIONS = {
    **dict.fromkeys(("lab", "lch", "oklab", "oklch"), "{space}({0:.9g} {1:.9g} {2:.9g})"),
    **dict.fromkeys(("hsl", "hwb"), "{space}({0:.9g} {1:.9g}% {2:.9g}%)"),
    **dict.fromkeys(
        ("srgb", "srgb-linear", "display-p3", "a98-rgb", "prophoto-rgb", "rec2020", "xyz-d50", "xyz-d65"),
        "color({space} {0:.9g} {1:.9g} {2:.9g})",
    ),
}


def write_json(palette: Palette) -> bytes:
    """Write design tokens in one group, ``color``.

    A token's name may not hold ".", "{" or "}", begin with "$" or occur twice; where that changes a
    name, the name itself becomes the token's description. Entries without a name bear their number.
    """
    group: dict[str, Any] = {"$type": "color"}
    names = palette.names or ("",) * len(palette)
    keys = unique_keys([_key(name) for name in names])
    rows = zip(keys, names, palette.colors.tolist(), palette.hexes, strict=True)
    for number, (key, name, color, code) in enumerate(rows, 1):
        components = [round(value / 255, 6) for value in color]
        group[key] = {"$value": {"colorSpace": "srgb", "components": components, "hex": code}}
        if name and (key != name or name == str(number)):
            group[key]["$description"] = name
    return json.dumps({"color": group}, ensure_ascii=False, indent=2).encode() + b"\n"


def _key(name: str) -> str:
    return name.translate(str.maketrans(".{}", "---")).lstrip("$ ").rstrip()


def is_json(data: bytes) -> bool:
    """Tell whether it is a text that begins as a JSON object or list does."""
    return is_text(data) and bool(_START.match(data[:1024].removeprefix(b"\xef\xbb\xbf")))


def load_json(data: bytes, title: str) -> Any:
    """Parse JSON from anyone.

    Raises
    ------
    QuantizeError
        If it is no JSON, or nested too deeply.
    """
    try:
        return json.loads(decode_text(data, title))
    except (ValueError, RecursionError):  # ValueError also of numbers with too many digits
        raise unreadable(title, "it is no JSON") from None


def read_json(data: bytes) -> Palette:
    """Read every colour of a design tokens file or of any other JSON, in its order.

    Where nothing says what is a colour, six digits and lists of three whole numbers are taken as some.
    """
    content = load_json(data, _TITLE)
    entries = Entries(_TITLE)
    rows = _Walk(entries, lenient=False).rows_of(content) or _Walk(entries, lenient=True).rows_of(content)
    # Programs write channels from 0 to 1 or to 255; one colour of black and primaries does not tell.
    scale = 255 if all(max(row.color) <= 1 for row in rows if row.is_raw) else 1
    for row in rows:
        color = tuple(scale * value for value in row.color) if row.is_raw else row.color
        entries.add(color, row.name, *row.notes)
    return entries.palette()


@dataclass(frozen=True)
class _Row:
    """A colour, R, G, B 0–255, or in whatever its channels are counted if it is raw."""

    color: tuple[float, ...]
    name: str
    notes: tuple[str, ...] = ()
    is_raw: bool = False


class _Walk:
    """Goes through a document and collects what is a colour."""

    def __init__(self, entries: Entries, *, lenient: bool) -> None:
        self._entries, self._lenient = entries, lenient
        self._rows: list[_Row] = []

    def rows_of(self, content: Any) -> list[_Row]:
        self._visit(content, ())
        return self._rows

    def _visit(self, node: Any, path: tuple[str, ...]) -> None:
        if len(path) > _MAX_DEPTH:
            raise unreadable(_TITLE, f"it is nested deeper than {_MAX_DEPTH} levels")
        value = _token_value(node)
        if value is node and isinstance(node, str):
            value = self._plain_code(node, path)
        found = _color(value)
        raw = None if found else self._channels(value)
        if found or raw:
            color, notes = found or raw or ((), ())
            self._add(_Row(color, _name(node, path, str(len(self._rows) + 1)), notes, raw is not None))
        elif isinstance(node, dict) and value is node:
            for key, child in node.items():
                if not key.startswith("$") or key == "$root":
                    # Cut, as every colour below would bear it.
                    self._visit(child, (*path, key[: 2 * MAX_NAME]))
        elif isinstance(node, list):
            for child in node:
                self._visit(child, (*path, ""))
        elif not self._lenient and _is_unknown(node, value):  # counted once, however often it is gone through
            self._entries.pass_over("their notation is not known")

    def _add(self, row: _Row) -> None:
        self._rows.append(row)
        if len(self._rows) > MAX_ENTRIES:
            raise QuantizeError(
                f"{_TITLE} palette must hold at most {MAX_ENTRIES:,} colours, got more: export fewer"
            )

    def _plain_code(self, text: str, path: tuple[str, ...]) -> str:
        """Find the colour of a text that no key marks as one: a word such as "Red" may be someone's name."""
        if (self._lenient or path[-1:] == ("",)) and _BARE.fullmatch(text):  # as Lospec lists them
            return f"#{text}"
        return text if text.startswith("#") or text.endswith(")") else ""

    def _channels(self, value: Any) -> _RawColor | None:
        """Read channels of a table with a number for each, or, where nothing else was found, of a list."""
        if isinstance(value, dict):
            for keys in _CHANNELS:
                if all(key in value for key in keys):
                    return _raw([value[key] for key in keys], value.get("a", value.get("alpha", 1)))
        elif self._lenient and isinstance(value, list) and len(value) in (3, 4):
            whole = all(isinstance(one, int) and not isinstance(one, bool) for one in value)
            return _raw(value[:3], 255) if whole else None
        return None


_RawColor = tuple[tuple[float, ...], tuple[str, ...]]


def _raw(values: list[Any], alpha: Any) -> _RawColor | None:
    numbers = tuple(_number(value) for value in values)
    if not all(0 <= number <= 255 for number in numbers):
        return None
    return numbers, ((ALPHA_NOTE,) if _number(alpha) < 1 else ())


def _token_value(node: Any) -> Any:
    """Find the value of a token; a node that is none is its own."""
    if isinstance(node, dict) and "components" not in node:
        for key in ("$value", "value", "hex"):
            # A token may itself be called "value" or "hex".
            if key in node and not _is_token(node[key]):
                return node[key]
        if isinstance(node.get("name"), str):
            for key in ("color", "rgb"):
                if key in node:
                    return node[key]
    return node


def _is_token(node: Any) -> bool:
    return isinstance(node, dict) and ("$value" in node or "value" in node)


def _says_color(node: Any) -> bool:
    return isinstance(node, dict) and "color" in (node.get("$type"), node.get("type"))


def _is_unknown(node: Any, value: Any) -> bool:
    """Tell whether it is meant to be a colour: because it says so, or is written as one."""
    says_so = value is not node and _says_color(node) and not _is_reference(value)
    return says_so or any(isinstance(one, str) and is_function(one) for one in (node, value))


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("{")


def _color(value: Any) -> Found | None:
    """Read R, G, B 0–255 and notes of a token's value, or None if it is no colour."""
    if isinstance(value, str):
        return parse_color(value)
    if not isinstance(value, dict) or not isinstance(value.get("components"), list):
        return None
    space, numbers = value.get("colorSpace"), [_number(one) for one in value["components"][:4]]
    if (
        isinstance(space, str)
        and space in _FUNCTIONS
        and len(numbers) == 3
        and all(map(math.isfinite, numbers))
    ):
        css = _FUNCTIONS[space].format(*numbers, space=space)
        alpha = _number(value.get("alpha", 1))
        return parse_color(f"{css[:-1]} / {alpha:.9g})" if alpha < 1 else css)
    return parse_color(value["hex"]) if isinstance(value.get("hex"), str) else None


def _number(value: Any) -> float:
    """Read the number of a component, 0 for "none"; what is no number is not finite."""
    if value == "none":
        return 0.0
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
    return float(value) if is_number else math.nan


def _name(node: Any, path: tuple[str, ...], number: str) -> str:
    """Read the name that ``write_json`` was given, else those of the groups and the token, but no number."""
    described = node.get("$description", node.get("name")) if isinstance(node, dict) else None
    last = path[-1] if path else ""
    if isinstance(described, str) and (not last or _is_key_of(last, described)):
        return described[: 2 * MAX_NAME]
    steps = [step for step in path if step not in ("", "$root")]
    if steps and steps[0].lower() in ("color", "colors", "palette"):
        steps = steps[1:]
    name = "-".join(steps)[: 2 * MAX_NAME]
    return "" if name == number else name


def _is_key_of(key: str, name: str) -> bool:
    """Tell whether ``write_json`` may have made the key from the name; a description elsewhere is prose."""
    base = _key(name) if len(name) <= MAX_NAME else name
    stem, _, turn = key.rpartition("-")
    stems = (key, stem) if turn.isdecimal() else (key,)
    return any(one == base or (not base and one.isdecimal()) for one in stems)
