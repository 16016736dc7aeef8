"""Palettes as JSON: design tokens, as Style Dictionary, Figma's plug-ins and Penpot exchange them.

Written as the Design Tokens Format Module 2025.10 says: colours are objects of colour space, components and
a hex code for older tools. Read are also older drafts, where a colour is "#rrggbb", tokens without "$", and
plain lists and tables of codes. References to other tokens are passed over: what they refer to is
in the file itself.

Source: Design Tokens Community Group, "Design Tokens Format Module 2025.10" and "Color Module 2025.10".
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from quantize.palettes.palette import Palette
from quantize.swatches.reading import Entries, decode_text, is_text, parse_color, unique_keys, unreadable

_TITLE = "JSON"
_MAX_DEPTH = 32
_BARE = re.compile(r"[0-9a-fA-F]{6}")

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
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return is_text(data) and start in (b"{", b"[")


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
    """Read every colour of a design tokens file, in its order."""
    entries = Entries(_TITLE)
    _walk(load_json(data, _TITLE), (), entries)
    return entries.palette()


def _walk(node: Any, path: tuple[str, ...], entries: Entries) -> None:
    if len(path) > _MAX_DEPTH:
        raise unreadable(_TITLE, f"it is nested deeper than {_MAX_DEPTH} levels")
    value = _token_value(node)
    if value is node and isinstance(node, str):
        value = _plain_code(node, in_list=path[-1:] == ("",))
    if color := _color(value):
        entries.add(color[0], _name(node, path, str(len(entries.colors) + 1)), *color[1])
    elif isinstance(node, dict) and value is node:
        for key, child in node.items():
            if not key.startswith("$") or key == "$root":
                _walk(child, (*path, key), entries)
    elif isinstance(node, list):
        for child in node:
            _walk(child, (*path, ""), entries)


def _plain_code(text: str, in_list: bool) -> str:
    """Find the colour of a text that no key marks as one: a word such as "Red" may be someone's name."""
    if in_list and _BARE.fullmatch(text):  # as Lospec lists them
        return f"#{text}"
    return text if text.startswith("#") or text.endswith(")") else ""


def _token_value(node: Any) -> Any:
    """Read the value of a token; a node that is none is its own."""
    if isinstance(node, dict):
        for key in ("$value", "value", "hex"):
            if key in node and "components" not in node:
                return node[key]
    return node


def _color(value: Any) -> tuple[tuple[float, ...], tuple[str, ...]] | None:
    """Read R, G, B 0–255 and notes of a token's value, or None if it is no colour."""
    if isinstance(value, str):
        return parse_color(value)
    if not isinstance(value, dict) or not isinstance(value.get("components"), list):
        return None
    space, numbers = value.get("colorSpace"), [_number(one) for one in value["components"]]
    if space in _FUNCTIONS and len(numbers) == 3 and all(map(math.isfinite, numbers)):
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
        return described
    steps = [step for step in path if step not in ("", "$root")]
    if steps and steps[0].lower() in ("color", "colors", "palette"):
        steps = steps[1:]
    name = "-".join(steps)
    return "" if name == number else name


def _is_key_of(key: str, name: str) -> bool:
    """Tell whether ``write_json`` may have made the key from the name; a description elsewhere is prose."""
    base = re.escape(_key(name)) or r"\d+"
    return re.fullmatch(rf"{base}(-\d+)?", key) is not None
