"""Palette files of one colour a line: GPL (GIMP, Inkscape, Krita), JASC PAL (PaintShop Pro), CorelDRAW PAL.

Sources: developer.gimp.org, "GIMP Palette Format Version 2"; R. Bernett, "JASC Palette File Format";
files of GIMP in the tests. Of CorelDRAW's text palettes (a quoted name, then per cents of cyan, magenta,
yellow and black) there is no published description; other readers take them so.
"""

from __future__ import annotations

import re

from quantize.palettes.palette import Palette
from quantize.swatches.reading import ALPHA_NOTE, CMYK_NOTE, Entries, decode_text, parse_cmyk, unreadable

_RGB = re.compile(r"[ \t]*+(\d{1,3})[ \t]++(\d{1,3})[ \t]++(\d{1,3})(?:[ \t]++(.*))?", re.A)
_NO_NAMES = ("Untitled",)  # what GIMP calls an entry without a name
_COREL = re.compile(r'\s*+"([^"]*+)"' + r"\s++(\d{1,3})" * 4 + r"\s*+", re.A)
_COREL_END = "\x1a"


def split_lines(data: bytes, title: str) -> list[str]:
    """Cut lines as programs do, at \\n, \\r\\n or \\r only: names may hold other separators."""
    return re.split(r"\r\n|\r|\n", decode_text(data, title))


def _rgb(line: str, number: int, title: str) -> tuple[list[int], str]:
    """Read R, G, B and what follows them."""
    found = _RGB.fullmatch(line)
    values = [int(value) for value in found.groups()[:3]] if found else [256]
    if found is None or max(values) > 255:
        raise unreadable(title, f"line {number} must begin with three numbers from 0 to 255")
    return values, found[4] or ""


def write_gpl(palette: Palette) -> bytes:
    """Write a GIMP palette; entries without a name are called by their code."""
    rows = zip(palette.colors.tolist(), palette.names or [""] * len(palette), palette.hexes, strict=True)
    lines = [f"{red:3d} {green:3d} {blue:3d}\t{name or code}" for (red, green, blue), name, code in rows]
    return "\n".join(["GIMP Palette", "Name: Palette", "Columns: 0", "#", *lines, ""]).encode()


def is_gpl(data: bytes) -> bool:
    """Tell whether the first line is that of a GIMP palette."""
    return data.removeprefix(b"\xef\xbb\xbf").startswith(b"GIMP Palette")


def read_gpl(data: bytes) -> Palette:
    """Read a GIMP palette, also of version 1, and Aseprite's variant with alpha as a fourth number."""
    lines = split_lines(data, "GPL")
    if not is_gpl(data):
        raise unreadable("GPL", 'its first line must be "GIMP Palette"')
    entries, has_alpha = Entries("GPL"), False
    for number, line in enumerate(lines[1:], 2):
        has_alpha |= line.strip() == "Channels: RGBA"
        if not line.strip() or line.startswith("#") or re.match(r"(Name|Columns|Channels):", line):
            continue
        color, name = _rgb(line, number, "GPL")
        alpha, name = _alpha_first(name) if has_alpha else (255, name)
        entries.add(color, "" if name in _NO_NAMES else name, *_dropped(alpha))
    return entries.palette()


def _alpha_first(text: str) -> tuple[int, str]:
    """Part an alpha from what follows it; 255 where there is none."""
    found = re.match(r"(\d{1,3})(?!\S)\s*", text, re.A)
    return (int(found[1]), text[found.end() :]) if found else (255, text)


def _dropped(alpha: int) -> tuple[str, ...]:
    return (ALPHA_NOTE,) if alpha < 255 else ()


def write_jasc(palette: Palette) -> bytes:
    """Write a JASC palette, with the line ends of Windows that its readers expect; it has no names."""
    rows = [f"{red} {green} {blue}" for red, green, blue in palette.colors.tolist()]
    return "\r\n".join(["JASC-PAL", "0100", str(len(rows)), *rows, ""]).encode()


def is_jasc(data: bytes) -> bool:
    """Tell whether the first line is that of a JASC palette."""
    return data.removeprefix(b"\xef\xbb\xbf").startswith(b"JASC-PAL")


def read_jasc(data: bytes) -> Palette:
    """Read a JASC palette: as many colours as it says."""
    lines = split_lines(data, "JASC")
    if not is_jasc(data):
        raise unreadable("JASC", 'its first line must be "JASC-PAL"')
    said = lines[2].strip() if len(lines) > 2 else ""
    if not re.fullmatch(r"\d{1,9}", said, re.A):
        raise unreadable("JASC", "its third line must be the number of colours")
    rows = [(number, line) for number, line in enumerate(lines[3:], 4) if line.strip()]
    if len(rows) < int(said):
        raise unreadable("JASC", f"it ends after {len(rows):,} of {int(said):,} colours")
    entries = Entries("JASC")
    for number, line in rows[: int(said)]:
        color, rest = _rgb(line, number, "JASC")
        entries.add(color, "", *_dropped(_alpha_first(rest)[0]))
    entries.pass_over("they stand behind as many as the file says it has", len(rows) - int(said))
    return entries.palette()


def is_corel(data: bytes) -> bool:
    """Tell whether the first line is a quoted name and four numbers."""
    first = data[:400].lstrip().partition(b"\n")[0]
    return data.lstrip()[:1] == b'"' and bool(_COREL.fullmatch(first.decode("latin-1")))


def read_corel(data: bytes) -> Palette:
    """Read a text palette of CorelDRAW, in per cents of ink."""
    entries = Entries("CorelDRAW")
    for number, line in enumerate(split_lines(data, "CorelDRAW"), 1):
        if line.startswith(_COREL_END):
            break
        if not line.strip():
            continue
        found = _COREL.fullmatch(line)
        inks = [int(ink) for ink in found.groups()[1:]] if found else [101]
        if found is None or max(inks) > 100:
            raise unreadable("CorelDRAW", f"line {number} must be a quoted name and four numbers to 100")
        entries.add(parse_cmyk(*(ink / 100 for ink in inks)), found[1], CMYK_NOTE)
    return entries.palette()
