"""Procreate's palettes: a ZIP with Swatches.json, hue, saturation and brightness from 0 to 1.

Procreate publishes no specification; the layout is that of the npm package procreate-swatches (MIT), whose
files are in the tests. A palette there holds 30 colours, without names.
"""

from __future__ import annotations

import colorsys
import json
import zipfile
import zlib
from io import BytesIO
from typing import Any

from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.swatches.reading import MAX_FILE_BYTES, Entries, parse_hsb, unreadable
from quantize.swatches.tokens import load_json

_TITLE = "Procreate"
_MAX_COLORS = 30
_MEMBER = "Swatches.json"
_ENCRYPTED = 1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


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
    """Tell whether it is a ZIP archive."""
    return data.startswith(b"PK\3\4")


def read_procreate(data: bytes) -> Palette:
    """Read a .swatches file; empty places are passed over, several palettes follow one another."""
    content = load_json(_unpack(data), _TITLE)
    entries = Entries(_TITLE)
    for palette in content if isinstance(content, list) else [content]:
        swatches = palette.get("swatches") if isinstance(palette, dict) else None
        if not isinstance(swatches, list):
            raise unreadable(_TITLE, 'it has no list "swatches"')
        for swatch in swatches:
            if swatch is not None:
                entries.add(_color(swatch))
    return entries.palette()


def _unpack(data: bytes) -> bytes:
    """Read the content of Swatches.json, never more than MAX_FILE_BYTES whatever the archive claims."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            member = next((one for one in archive.infolist() if one.filename.endswith(_MEMBER)), None)
            if member is None:
                raise unreadable(_TITLE, f"it holds no {_MEMBER}")
            if member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
                raise unreadable(_TITLE, "it is encrypted or packed in a rare way")
            with archive.open(member) as file:
                content = file.read(MAX_FILE_BYTES + 1)
    except QuantizeError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise unreadable(_TITLE, "its ZIP archive is damaged") from None
    if len(content) > MAX_FILE_BYTES:
        raise unreadable(_TITLE, f"{_MEMBER} unpacks to more than {MAX_FILE_BYTES // 1_000_000} MB")
    return content


def _color(swatch: Any) -> tuple[float, ...]:
    parts = [
        swatch.get(key) if isinstance(swatch, dict) else None for key in ("hue", "saturation", "brightness")
    ]
    numbers = [float(part) for part in parts if isinstance(part, int | float) and abs(part) < 1e6]
    if len(numbers) < 3:
        raise unreadable(_TITLE, "a colour lacks hue, saturation or brightness")
    return parse_hsb(*numbers)
