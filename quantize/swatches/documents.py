"""Palettes as XML of other programs: LibreOffice .soc, Scribus, CorelDRAW, Android's resources.

What they share is an element for each colour, with a name and either a code as an attribute or text, or
inks, or a number for each channel, as Scribus writes them since 1.5.

Sources: OpenDocument 1.3, ``draw:color``; wiki.scribus.net, "Colour palettes"; files of CorelDRAW X4 and
later; developer.android.com, "More resource types", Color.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from quantize.palettes.palette import Palette, clean_name
from quantize.swatches.markup import Attributes, finished, has_tag, is_markup, read_markup
from quantize.swatches.reading import CMYK_NOTE, LAB_NOTE, Entries, parse_cmyk, parse_color, parse_lab

_TITLE = "XML"
_SWATCHES = ("color", "colour")
_CODES = ("color", "colour", "rgb", "value", "hex")
_LONGEST_NAME = 400

# Colour models of Scribus: the attributes of their channels, how to convert them, and what is said of that.
_SPACES: dict[str, tuple[str, Callable[..., Sequence[float]], tuple[str, ...]]] = {
    "rgb": ("rgb", lambda *levels: levels, ()),
    "cmyk": ("cmyk", lambda *inks: parse_cmyk(*(ink / 100 for ink in inks)), (CMYK_NOTE,)),
    "lab": ("lab", parse_lab, (LAB_NOTE,)),
}


@dataclass
class _Reader:
    """The colours so far, and the one whose text is still to come."""

    entries: Entries = field(default_factory=lambda: Entries(_TITLE))
    waiting: str | None = None  # name of a colour whose code is its text

    def start(self, name: str, attributes: Attributes) -> None:
        self.waiting = None
        if name.lower() not in _SWATCHES:
            return
        said = {key.lower(): value for key, value in attributes.items()}
        title = clean_name(said.get("name", "")[:_LONGEST_NAME])
        code = next((said[key] for key in _CODES if key in said), None)
        if "cs" in said and "tints" in said:
            self._add_tints(said["cs"].upper(), said["tints"], title)
        elif "space" in said and code is None:
            self._add_channels(said, title)
        elif code is not None:
            self._add_code(code, title)
        elif len(said.get("cmyk", "")) == 9:
            self._add_inks(said["cmyk"][1:], title)
        else:
            self.waiting = title

    def end(self, name: str, text: str) -> None:
        if self.waiting is not None and name.lower() in _SWATCHES:
            code = text.strip()
            if code.startswith("#") and len(code) in (5, 9):  # Android puts alpha first
                step = (len(code) - 1) // 4
                code = f"#{code[1 + step :]}{code[1 : 1 + step]}"
            if code.startswith(("@", "?")):
                self.entries.pass_over("they refer to others")
            elif code or self.waiting:
                self._add_code(code, self.waiting)
        self.waiting = None

    def _add_code(self, code: str, title: str) -> None:
        found = parse_color(code)
        if found is None:
            self.entries.pass_over("their codes are none")
        else:
            self.entries.add(found[0], title, *found[1])

    def _add_inks(self, digits: str, title: str) -> None:
        try:
            inks = bytes.fromhex(digits)
        except ValueError:
            self.entries.pass_over("their codes are none")
            return
        self.entries.add(parse_cmyk(*(ink / 255 for ink in inks)), title, CMYK_NOTE)

    def _add_channels(self, said: Attributes, title: str) -> None:
        keys, convert, notes = _SPACES.get(said["space"].strip().lower(), ("", None, ()))
        if convert is None:
            self.entries.pass_over("their colour models are none of RGB, CMYK and Lab")
            return
        values = [_number(said.get(key, "")) for key in keys]
        if all(map(math.isfinite, values)):
            self.entries.add(convert(*values), title, *notes)
        else:
            self.entries.pass_over("their codes are none")

    def _add_tints(self, model: str, tints: str, title: str) -> None:
        values = _numbers(tints)
        if model.startswith("RGB") and len(values) == 3:
            self.entries.add([255 * value for value in values], title)
        elif model.startswith("CMYK") and len(values) == 4:
            self.entries.add(parse_cmyk(*values), title, CMYK_NOTE)
        else:
            self.entries.pass_over("their colour models are neither RGB nor CMYK")


def is_document(data: bytes) -> bool:
    """Tell whether it is XML, and no drawing."""
    return is_markup(data) and not has_tag(data, b"svg", b"svg:svg", b"html", b"!DOCTYPE html")


def read_document(data: bytes) -> Palette:
    """Read the colours of an XML file, with their names."""
    reader = _Reader()
    return finished(reader.entries, read_markup(data, _TITLE, reader.start, reader.end))


def _number(text: str) -> float:
    """Read a number, which is not finite where there is none."""
    try:
        return float(text[:40])
    except ValueError:
        return math.nan


def _numbers(text: str) -> list[float]:
    """Read numbers from 0 to 1, separated by commas; none if they are others."""
    try:
        values = [float(part) for part in text[:200].split(",")]
    except ValueError:
        return []
    return values if all(0 <= value <= 1 for value in values) else []
