"""Python with this project: what is on the screen, in some lines."""

from __future__ import annotations

import json
from typing import Any

from quantize.settings import choose
from quantize.teaching.choices import list_choices
from quantize.teaching.subject import RESULT, Subject, list_in_lines

_IMPORTS = """from pathlib import Path

from quantize import encode_result, load_picture, quantize_image
"""


def write_python(subject: Subject) -> str:
    """Write a program that makes the result again, and ``result.png`` beside the picture."""
    return f"{_IMPORTS}\n{open_picture(subject)}\n{make_result(subject)}\n{write_file(subject)}"


def open_picture(subject: Subject) -> str:
    """Write the line that reads the picture."""
    return f"picture = load_picture({literal(subject.name)})"


def make_result(subject: Subject) -> str:
    """Write the call that makes the result, in a loop if several are made."""
    if subject.varied is None:
        return f"result = {_call(list_choices(subject.settings))}"
    name, values = subject.varied.name, subject.varied.values
    said = list_choices(choose(subject.settings, **{name: values[0]}), presets=False)
    loop = f"for {name} in {_tuple(values)}:"
    return f"{loop}\n    result = {_call({**said, name: Variable(name)}, '    ')}"


def write_file(subject: Subject) -> str:
    """Write the line that writes the file."""
    order = f", order={literal(subject.order)}" if subject.order != "dark" else ""
    encode = f"encode_result(picture, result{order})"
    if subject.varied is None:
        return f"Path({literal(RESULT)}).write_bytes({encode})\n"
    path = literal(subject.result_for(f"{{{subject.varied.name}}}"))
    return f"    Path(f{path}).write_bytes({encode})\n"


class Variable(str):
    """A name in code, not a text."""

    __slots__ = ()


def literal(value: Any) -> str:
    """Write a text, a number or a name as Python does."""
    if isinstance(value, Variable):
        return str(value)
    if isinstance(value, str):
        plain = value.isprintable() and value.encode("utf-8", "ignore").decode() == value
        return json.dumps(value, ensure_ascii=not plain)
    return repr(value)


def _tuple(values: tuple[Any, ...]) -> str:
    return f"({', '.join(map(literal, values))}{',' * (len(values) == 1)})"


def _call(choices: dict[str, Any], indent: str = "") -> str:
    given = [f"{name}={_argument(value, indent)}" for name, value in choices.items()]
    line = f"quantize_image(picture, {', '.join(given)})"
    if len(line) + len("result = ") + len(indent) <= 88 and "\n" not in line:
        return line
    lines = [f"{indent}    {argument}," for argument in ("picture", *given)]
    return "\n".join(["quantize_image(", *lines, f"{indent})"])


def _argument(value: Any, indent: str) -> str:
    if not isinstance(value, list):
        return literal(value)
    items = [literal(color) for color in value]
    if len(items) <= 6:
        return f"[{', '.join(items)}]"
    lines = list_in_lines([f"{item}, " for item in items], f"{indent}        ")
    return "\n".join(["[", *lines, f"{indent}    ]"])
