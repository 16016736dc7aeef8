"""Palettes as SVG: squares that bear their names.

Of a drawing each colour is read once, by the order of its elements. If all that is painted are rectangles of
one size, it is a table of swatches, and every one of them is an entry.

Source: SVG 2.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field

from quantize.palettes.palette import Palette, clean_name
from quantize.swatches.code import loose_colors
from quantize.swatches.markup import Attributes, finished, has_tag, read_markup
from quantize.swatches.reading import Entries, Found, parse_color, unreadable

_SIDE = 32
_PER_ROW = 16
_PAINTS = ("fill", "stop-color")


def write_svg(palette: Palette) -> bytes:
    """Write squares, 16 in a row, each with its name (or else its code) as its title."""
    columns, rows = min(len(palette), _PER_ROW), -(-len(palette) // _PER_ROW)
    named = zip(palette.hexes, palette.names or [""] * len(palette), strict=True)
    squares = [
        f'<rect x="{number % _PER_ROW * _SIDE}" y="{number // _PER_ROW * _SIDE}" width="{_SIDE}" '
        f'height="{_SIDE}" fill="{code}"><title>{html.escape(name or code)}</title></rect>\n'
        for number, (code, name) in enumerate(named)
    ]
    size = f'width="{columns * _SIDE}" height="{rows * _SIDE}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n{"".join(squares)}</svg>\n'.encode()


def is_svg(data: bytes) -> bool:
    """Tell whether it is a text that begins with a tag and soon has ``<svg``."""
    return has_tag(data, b"svg", b"svg:svg")


def read_svg(data: bytes) -> Palette:
    """Read the fills (also gradients' stops and style sheets) of an SVG, with their elements' titles."""
    drawing = _Drawing()
    fault = read_markup(data, "SVG", drawing.start, drawing.end)
    if not drawing.has_svg:
        raise unreadable("SVG", "it has no <svg> element")
    entries = Entries("SVG")
    for (color, notes), name in drawing.swatches():
        entries.add(color, name, *notes)
    return finished(entries, fault)


@dataclass
class _Drawing:
    """What was painted so far: colours, and the titles of their elements."""

    paints: list[Found] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)
    open: list[range] = field(default_factory=list)  # which paints each open element has
    shapes: set[tuple[str, str, str]] = field(default_factory=set)
    has_svg: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        self.has_svg |= name == "svg"
        before = len(self.paints)
        self.paints += (color for paint in _paints(attributes) if (color := parse_color(paint)))
        self.open.append(range(before, len(self.paints)))
        if self.open[-1]:
            self.shapes.add((name, attributes.get("width", ""), attributes.get("height", "")))

    def end(self, name: str, text: str) -> None:
        self.open.pop()
        if name == "title" and self.open:
            self.titles.update(dict.fromkeys(self.open[-1], clean_name(text)))
        elif name == "style" and (found := loose_colors(text, "SVG")):
            self.paints += found
            self.shapes.add((name, "", ""))

    def swatches(self) -> Iterable[tuple[Found, str]]:
        rows = [(paint, self.titles.get(number, "")) for number, paint in enumerate(self.paints)]
        is_table = len(self.shapes) == 1 and next(iter(self.shapes))[0] == "rect"
        return rows if is_table else dict.fromkeys(rows)


def _paints(attributes: Attributes) -> list[str]:
    paints = [attributes[key] for key in _PAINTS if key in attributes]
    if "style" in attributes:
        rules = (rule.partition(":") for rule in attributes["style"].split(";"))
        paints += [value for key, _, value in rules if key.strip().lower() in _PAINTS]
    return paints
