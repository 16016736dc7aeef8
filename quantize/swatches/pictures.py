"""Palettes as pictures: a PNG strip, and an SVG whose squares bear their names.

Reading either gives each colour once, in the order in which it first appears from top left, row by row
(in an SVG: in the order of its elements): a picture does not say where one swatch ends.

Source: SVG 2 and XML 1.0. An SVG is never parsed as XML, so no entity is expanded and nothing is fetched:
elements, ``fill`` and ``<title>`` are picked out of its text.
"""

from __future__ import annotations

import html
import re
import struct
from io import BytesIO

import numpy as np
from PIL import Image

from quantize.decoding.picture import load_picture
from quantize.errors import QuantizeError
from quantize.palettes.palette import MAX_ENTRIES, Palette, clean_name
from quantize.swatches.reading import Entries, decode_text, is_text, parse_color, unreadable

_SIDE = 32
_PER_ROW = 16
_MAX_PIXELS = 2**22  # just what the longest strip written here has
_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_ELEMENT = re.compile(
    r"<([A-Za-z][\w:.-]*)((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>(?:\s{0,99}<title[^<>]*>([^<]*)</title)?"
)
_ATTRIBUTE = re.compile(r"\b(fill|stop-color|style)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
_STYLE = re.compile(r"(?:^|;)\s{0,9}(?:fill|stop-color)\s{0,9}:([^;]*)")


def write_png(palette: Palette) -> bytes:
    """Write a strip of squares, 32 pixels each, from left to right."""
    strip = np.repeat(np.repeat(palette.colors[None], _SIDE, axis=1), _SIDE, axis=0)
    file = BytesIO()
    Image.fromarray(strip).save(file, "PNG", optimize=True)
    return file.getvalue()


def is_png(data: bytes) -> bool:
    """Tell whether it is a PNG."""
    return data.startswith(_SIGNATURE)


def read_png(data: bytes) -> Palette:
    """Read the colours of a small picture; fully transparent pixels do not count."""
    if not is_png(data) or len(data) < 24:
        raise unreadable("PNG", "it is no whole PNG")
    width, height = struct.unpack_from(">2I", data, 16)
    if width * height > _MAX_PIXELS:
        raise QuantizeError(
            f"PNG palette must have at most {_MAX_PIXELS:,} pixels, got {width:,}×{height:,}: "
            "open it as a picture and quantize it instead"
        )
    picture = load_picture(data)
    pixels = picture.pixels.reshape(-1, 3)
    if picture.alpha is not None:
        pixels = pixels[picture.alpha.ravel() > 0]
    codes = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    found, first = np.unique(codes, return_index=True)
    if len(found) > MAX_ENTRIES:
        raise QuantizeError(
            f"PNG palette must hold at most {MAX_ENTRIES:,} colours, got {len(found):,}: "
            "open it as a picture and quantize it instead"
        )
    entries = Entries("PNG")
    for row in np.sort(first):
        entries.add(pixels[row].tolist(), "", *picture.notes)
    return entries.palette()


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
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return is_text(data) and start.startswith(b"<") and b"<svg" in start


def read_svg(data: bytes) -> Palette:
    """Read the fills (also gradients' stops) of an SVG, with the titles that follow."""
    text = re.sub(r"<!--.*?(?:-->|\Z)", " ", decode_text(data, "SVG"), flags=re.S)
    if "<svg" not in text:
        raise unreadable("SVG", "it has no <svg> element")
    entries, seen = Entries("SVG"), set()
    for _, attributes, title in _ELEMENT.findall(text):
        name = clean_name(html.unescape(title))
        for paint in _paints(attributes):
            found = parse_color(paint)
            if found and (key := (tuple(map(round, found[0])), name)) not in seen:
                seen.add(key)
                entries.add(found[0], name, *found[1])
    return entries.palette()


def _paints(attributes: str) -> list[str]:
    paints: list[str] = []
    for attribute, quoted, apostrophed in _ATTRIBUTE.findall(attributes):
        value = html.unescape(quoted or apostrophed)
        paints += _STYLE.findall(value) if attribute == "style" else [value]
    return paints
