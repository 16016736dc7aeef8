"""Hexadecimal codes, one a line: HEX (Lospec) and Paint.NET's text palettes.

Eight digits are a code with alpha. Paint.NET puts alpha first, CSS last; in a HEX file it is first if every
code begins with "ff" and not every code ends so, as it would in a palette of opaque colours.

Sources: Lospec, "Palette file formats"; getpaint.net, "Working with palettes".
"""

from __future__ import annotations

import re

from quantize.palettes.palette import Palette
from quantize.swatches.lines import split_lines
from quantize.swatches.reading import Entries, is_text, parse_hex, unreadable

FIRST_NOTE = "the first two of eight digits were taken as alpha, which a palette does not have"
LAST_NOTE = "the last two of eight digits were taken as alpha, which a palette does not have"

_CODE = re.compile(r"(?:(?:#|0x|\$)([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})|([0-9a-f]{8}|[0-9a-f]{6}))", re.I)
_COMMENT = re.compile(r";|//|#(?![0-9a-f]{3})", re.I)
_PAINT_NET = re.compile(r"[0-9a-f]{6}(?:[0-9a-f]{2})?", re.I)
_NO_CODE = "what stands there is no hexadecimal code"
_EDGES = " \t,;\"'"


def _code(word: str) -> str | None:
    """Find the digits of a word that is a code."""
    found = _CODE.fullmatch(word.strip(_EDGES))
    return (found[1] or found[2]) if found else None


def write_hex(palette: Palette) -> bytes:
    """Write one rrggbb a line; it has no names."""
    return "".join(f"{code[1:]}\n" for code in palette.hexes).encode()


def is_hex(data: bytes) -> bool:
    """Tell whether the first word that is no comment is a code."""
    if not is_text(data) or is_paint_net(data):
        return False
    lines = data[:1024].removeprefix(b"\xef\xbb\xbf").decode("latin-1").splitlines()
    rows = [line.strip() for line in lines if line.strip()]
    first = next((row for row in rows if not _COMMENT.match(row)), "")
    return bool(first) and _code(first.split()[0]) is not None


def read_hex(data: bytes) -> Palette:
    """Read codes of 3 to 8 digits, one or more a line; a single one may have a name behind it."""
    rows, bad = list[tuple[str, str]](), 0
    for line in split_lines(data, "HEX"):
        words = line.split()
        if not words or _COMMENT.match(line.strip()):
            continue
        codes = [_code(word) for word in words]
        if codes[0] is None:
            bad += 1
        elif len(codes) > 1 and codes[1] is None:
            rows.append((codes[0], line.strip().partition(words[0])[2]))
        else:
            rows += [(code, "") for code in codes if code is not None]
            bad += codes.count(None)
    if not rows:
        raise unreadable("HEX", "it must have lines of six hexadecimal digits")
    entries = _entries("HEX", rows, _alpha_is_first([code for code, _ in rows]))
    entries.pass_over(_NO_CODE, bad)
    return entries.palette()


def _alpha_is_first(codes: list[str]) -> bool:
    long = [code.lower() for code in codes if len(code) == 8]
    return all(code.startswith("ff") for code in long) and not all(code.endswith("ff") for code in long)


def _entries(title: str, rows: list[tuple[str, str]], alpha_first: bool) -> Entries:
    entries = Entries(title)
    for code, name in rows:
        with_alpha = len(code) == 8
        (color, notes) = parse_hex(code[2:] + code[:2] if with_alpha and alpha_first else code)
        said = ((FIRST_NOTE if alpha_first else LAST_NOTE),) if with_alpha and not notes else notes
        entries.add(color, name, *said)
    return entries


def is_paint_net(data: bytes) -> bool:
    """Tell whether it begins with a comment and has a code in Paint.NET's way."""
    if not is_text(data) or not data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b";"):
        return False
    rows = (row.strip() for row in data[:4096].decode("latin-1").splitlines())
    first = next((row for row in rows if row and not row.startswith(";")), "")
    return bool(_PAINT_NET.fullmatch(first))


def read_paint_net(data: bytes) -> Palette:
    """Read aarrggbb, one a line, with comments behind ";"."""
    rows, bad = list[tuple[str, str]](), 0
    for line in split_lines(data, "Paint.NET"):
        code = line.partition(";")[0].strip()
        if _PAINT_NET.fullmatch(code):
            rows.append((code, ""))
        elif code:
            bad += 1
    if not rows:
        raise unreadable("Paint.NET", "it must have lines of eight hexadecimal digits")
    entries = Entries("Paint.NET")
    for code, name in rows:
        color, notes = parse_hex(code[2:] + code[:2] if len(code) == 8 else code)
        entries.add(color, name, *notes)
    entries.pass_over(_NO_CODE, bad)
    return entries.palette()
