"""Procreate's palettes: a ZIP with Swatches.json, hue, saturation and brightness from 0 to 1.

A swatch may name one of the file's colour profiles, for example Display P3: it is then converted with it.
Procreate publishes no specification; the layout is that of the npm package procreate-swatches (MIT), whose
files are in the tests, and of files of Procreate 5. A palette there holds 30 colours, without names.
"""

from __future__ import annotations

import base64
import binascii
import colorsys
import json
import zipfile
from collections import defaultdict
from io import BytesIO
from typing import Any

from quantize.errors import QuantizeError
from quantize.palettes.palette import MAX_ENTRIES, Palette
from quantize.swatches.archive import MAGIC, open_archive
from quantize.swatches.profiles import convert
from quantize.swatches.reading import Entries, parse_hsb, unreadable
from quantize.swatches.tokens import load_json

_TITLE = "Procreate"
_MAX_COLORS = 30
_MEMBER = "Swatches.json"


def write_procreate(palette: Palette) -> bytes:
    """Write a .swatches file; the same palette gives the same bytes."""
    if len(palette) > _MAX_COLORS:
        raise QuantizeError(
            f"Procreate palettes hold at most {_MAX_COLORS} colours, got {len(palette):,}: choose fewer"
        )
    swatches = []
    for color in palette.colors.tolist():
        hue, saturation, brightness = colorsys.rgb_to_hsv(*(value / 255 for value in color))
        swatches.append(
            {"hue": hue, "saturation": saturation, "brightness": brightness, "alpha": 1, "colorSpace": 0}
        )
    text = json.dumps([{"name": "Palette", "swatches": swatches}])
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(_MEMBER, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def is_procreate(data: bytes) -> bool:
    """Tell whether it is a ZIP archive with Procreate's member, or too damaged to tell what is in it."""
    return data.startswith(MAGIC) and (_MEMBER.encode() in data or b"PK\5\6" not in data)


def read_procreate(data: bytes) -> Palette:
    """Read a .swatches file; empty places are passed over, several palettes follow one another."""
    with open_archive(data, _TITLE) as archive:
        content = load_json(archive.read(archive.find(_MEMBER) or _MEMBER), _TITLE)
    entries = Entries(_TITLE)
    for palette in content if isinstance(content, list) else [content]:
        swatches = palette.get("swatches") if isinstance(palette, dict) else None
        if not isinstance(swatches, list):
            raise unreadable(_TITLE, 'it has no list "swatches"')
        _add_swatches([one for one in swatches if one is not None], _profiles(palette), entries)
    return entries.palette()


def _profiles(palette: dict[str, Any]) -> dict[str, bytes]:
    """Find the ICC profiles of a palette by their hashes, as swatches name them."""
    listed = palette.get("colorProfiles")
    found: dict[str, bytes] = {}
    for one in listed if isinstance(listed, list) else []:
        name, text = (one.get("hash"), one.get("iccData")) if isinstance(one, dict) else (None, None)
        if isinstance(name, str) and isinstance(text, str):
            try:
                found[name] = base64.b64decode(text)
            except (binascii.Error, ValueError):
                found[name] = b"damaged"  # colours are then taken as sRGB, with a note
    return found


def _add_swatches(swatches: list[Any], profiles: dict[str, bytes], entries: Entries) -> None:
    if len(swatches) > MAX_ENTRIES:
        raise unreadable(_TITLE, f"it holds more than {MAX_ENTRIES:,} colours")
    colors = [_color(swatch) for swatch in swatches]
    notes: list[str | None] = [None] * len(colors)
    same = defaultdict[str, list[int]](list)
    for number, swatch in enumerate(swatches):
        if isinstance(name := swatch.get("colorProfile"), str) and name in profiles:
            same[name].append(number)
    for name, numbers in same.items():
        units = [[value / 255 for value in colors[number]] for number in numbers]
        converted, note = convert("RGB", profiles[name], units)
        if note:  # else it is sRGB, and more exact as it is
            for number, color in zip(numbers, converted, strict=True):
                colors[number], notes[number] = color, note
    for color, note in zip(colors, notes, strict=True):
        entries.add(color, "", *([note] if note else []))


def _color(swatch: Any) -> tuple[float, ...]:
    parts = [
        swatch.get(key) if isinstance(swatch, dict) else None for key in ("hue", "saturation", "brightness")
    ]
    numbers = [float(part) for part in parts if isinstance(part, int | float) and abs(part) < 1e6]
    if len(numbers) < 3:
        raise unreadable(_TITLE, "a colour lacks hue, saturation or brightness")
    return parse_hsb(*numbers)
