"""Krita's palettes: a ZIP with colorset.xml, and the profiles that its colours are of.

Entries come as Krita shows them: group by group, row by row. Krita wrote Lab from 0 to 1 in older versions
and in CIE's units in newer ones; a file in which no number is beyond 1 is taken as one of the older.

Source: docs.krita.org, "The Krita Palette format KPL"; Krita's LabColorSpace.cpp for Lab.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

from quantize.palettes.palette import MAX_ENTRIES, Palette
from quantize.swatches.archive import MAGIC, Archive, open_archive
from quantize.swatches.markup import Attributes, finished, read_markup
from quantize.swatches.profiles import convert
from quantize.swatches.reading import (
    CMYK_NOTE,
    LAB_NOTE,
    Entries,
    parse_cmyk,
    parse_lab,
    parse_xyz,
    unreadable,
)

_TITLE = "Krita"
_MEMBER = "colorset.xml"
_CHANNELS = {"RGB": "rgb", "sRGB": "rgb", "CMYK": "cmyk", "Gray": "g", "Lab": "Lab", "XYZ": "xyz"}
_MODES = {"RGB": "RGB", "CMYK": "CMYK", "Gray": "L"}


@dataclass
class _Swatch:
    name: str
    place: tuple[int, int, int]  # group, row, column
    model: str = ""
    values: tuple[float, ...] = ()
    profile: str = ""


@dataclass
class _Collector:
    """Swatches as the XML tells of them."""

    swatches: list[_Swatch] = field(default_factory=list)
    group: int = 0
    profiles: dict[str, str] = field(default_factory=dict)  # name → file

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Group":
            self.group += 1
        elif name == "ColorSetEntry":
            place = (self.group, 0, 0)
            self.swatches.append(_Swatch(attributes.get("name", ""), place))
        elif name == "Profile":
            self.profiles[attributes.get("name", "")] = attributes.get("filename", "")
        elif self.swatches and name == "Position":
            row, column = (_whole(attributes.get(key, "")) for key in ("row", "column"))
            self.swatches[-1].place = (self.swatches[-1].place[0], row, column)
        elif self.swatches and name in _CHANNELS and not self.swatches[-1].model:
            swatch = self.swatches[-1]
            swatch.values = tuple(_number(attributes.get(key, "")) for key in _CHANNELS[name])
            swatch.model, swatch.profile = name, attributes.get("space", "")

    def end(self, name: str, text: str) -> None:
        """Do nothing: nothing is told by what an element's end says."""


def is_krita(data: bytes) -> bool:
    """Tell whether it is a ZIP with Krita's member in it."""
    return data.startswith(MAGIC) and _MEMBER.encode() in data


def read_krita(data: bytes) -> Palette:
    """Read a .kpl file; colours with a profile are converted with it."""
    found, entries = _Collector(), Entries(_TITLE)
    with open_archive(data, _TITLE) as archive:
        fault = read_markup(archive.read(_MEMBER), _TITLE, found.start, found.end)
        swatches = sorted(found.swatches, key=lambda swatch: swatch.place)
        if len(swatches) > MAX_ENTRIES:
            raise unreadable(_TITLE, f"it holds more than {MAX_ENTRIES:,} colours")
        profiles = _read_profiles(archive, found)
    colors = _converted(swatches, profiles)
    lab_is_unit = all(max(map(abs, one.values)) <= 1 for one in swatches if one.model == "Lab")
    for number, swatch in enumerate(swatches):
        if number in colors:
            color, note = colors[number]
        elif not swatch.model or not all(map(math.isfinite, swatch.values)):
            entries.pass_over("their colour model is none of RGB, CMYK, Gray, Lab and XYZ")
            continue
        else:
            color, note = _plain(swatch, lab_is_unit)
        entries.add(color, swatch.name, *([note] if note else []))
    return finished(entries, fault)


def _read_profiles(archive: Archive, found: _Collector) -> dict[str, bytes]:
    """Read the profiles that the archive holds, by the names that swatches know them by."""
    wanted = {swatch.profile for swatch in found.swatches if swatch.model in _MODES}
    if archive.find("profiles.xml"):
        read_markup(archive.read("profiles.xml"), _TITLE, found.start, found.end)
    files = {name: file for name, file in found.profiles.items() if name in wanted and archive.find(file)}
    return {name: archive.read(file) for name, file in files.items() if archive.find(file) == file}


_Note = str | None


def _converted(
    swatches: list[_Swatch], profiles: dict[str, bytes]
) -> dict[int, tuple[tuple[float, ...], _Note]]:
    """Convert the colours of those swatches whose profile is there, by their number."""
    same = defaultdict[tuple[str, str], list[int]](list)
    for number, swatch in enumerate(swatches):
        usable = swatch.model in _MODES and swatch.profile in profiles
        if usable and all(map(math.isfinite, swatch.values)):
            same[swatch.model, swatch.profile].append(number)
    colors: dict[int, tuple[tuple[float, ...], _Note]] = {}
    for (model, profile), numbers in same.items():
        rows, note = convert(_MODES[model], profiles[profile], [swatches[one].values for one in numbers])
        colors.update((number, (row, note)) for number, row in zip(numbers, rows, strict=True))
    return colors


def _plain(swatch: _Swatch, lab_is_unit: bool) -> tuple[tuple[float, ...], _Note]:
    values = swatch.values
    if swatch.model == "CMYK":
        return parse_cmyk(*values), CMYK_NOTE
    if swatch.model == "Lab":
        lightness, a, b = values
        if lab_is_unit:
            lightness, a, b = 100 * lightness, 256 * a - 128, 256 * b - 128
        return parse_lab(lightness, a, b), LAB_NOTE
    if swatch.model == "XYZ":
        return parse_xyz(*values), None
    return tuple(255 * value for value in (values * 3)[:3]), None


def _number(text: str) -> float:
    try:
        return float(text) if len(text) < 40 else math.nan
    except ValueError:
        return math.nan


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
