"""Colours in a text that somebody pasted: codes, CSS functions and names, with anything between them.

A name before ":" or "=" becomes its colour's name, and so do the words behind a code on a line of its own; a
colour that is said by its CSS name bears that. Words that are no colour are told.
"""

from __future__ import annotations

import re

from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette, clean_name
from quantize.swatches.reading import Entries, Found, css_colors, decode_text, is_text, parse_color, parse_hex

MAX_TEXT = 100_000
"""Characters of a pasted text."""

_TITLE = "pasted"
_TOLD = 5  # words of what was not understood
_MAX_WORD = 30

_PIECE = re.compile(
    r"""
    (?P<function> (?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([^()\n]{0,100}+\) )
  | (?P<end> [,;]++ | [\n\r]++ )
  | (?P<names> [:=] )
  | (?P<edge> [\s"'`()\[\]{}]++ )
  | (?P<word> [^\s,;:="'`()\[\]{}]++ )
    """,
    re.X | re.I,
)
_CODE = re.compile(r"(?:(?:\#|0x)([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})|([0-9a-f]{8}|[0-9a-f]{6}))", re.I)
_NAMES = (":", "=")


def parse_colors(text: str) -> Palette:
    """Take a pasted list of colours apart.

    Parameters
    ----------
    text : str
        At most 100,000 characters: "#abc", "AABBCC", "0xaabbcc", CSS functions such as "rgb(1 2 3)" and
        "oklch(70% 0.1 200)", and CSS names, separated by anything.

    Returns
    -------
    Palette
        The colours in their order, also those that come twice. ``notes`` tell the first words that were not
        understood.

    Raises
    ------
    QuantizeError
        If there is no colour, or more than 4,096, or the text is too long.
    """
    if len(text) > MAX_TEXT:
        raise QuantizeError(
            f"pasted text must have at most {MAX_TEXT:,} characters, got {len(text):,}: paste fewer colours"
        )
    entries, strange = _take_apart(text)
    if not entries.colors:
        raise QuantizeError(
            f"pasted text must hold colours such as #c00000, rgb(192 0 0) or teal, got {_told(strange)}: "
            "paste a list of them"
        )
    if strange:
        entries.notes[f"not understood: {_told(strange)}"] = None
    return entries.palette()


def _told(words: list[str]) -> str:
    cut = [word if len(word) <= _MAX_WORD else f"{word[:_MAX_WORD]}…" for word in words[:_TOLD]]
    more = " …" if len(words) > _TOLD else ""
    plain = "".join(char if char.isprintable() else " " for char in " ".join(cut))
    return f"“{clean_name(plain)}{more}”" if words else "nothing"


def is_list(data: bytes) -> bool:
    """Tell whether it is a text that begins with colours, and less else."""
    if not is_text(data) or data.lstrip()[:1] in (b"<", b"{"):
        return False
    entries, strange = _take_apart(decode_text(data[:1000].rpartition(b"\n")[0] or data[:1000]))
    return len(entries.colors) > len(strange)


def read_list(data: bytes) -> Palette:
    """Read a text file as ``parse_colors`` reads what was pasted."""
    return parse_colors(decode_text(data, "text"))


def _take_apart(text: str) -> tuple[Entries, list[str]]:
    """Find the colours of a text, and the words that are none."""
    entries, strange, item = Entries(_TITLE), list[str](), list[str]()
    for piece in _PIECE.finditer(text):
        if piece.lastgroup == "end":
            strange += _read_item(item, piece[0][0] in "\n\r", entries)
            item = []
        elif piece.lastgroup != "edge":
            item.append(piece[0])
    return entries, strange + _read_item(item, True, entries)


def _read_item(pieces: list[str], ends_line: bool, entries: Entries) -> list[str]:
    """Add the colours between two separators; returns the words that were not understood."""
    if not pieces:
        return []
    if named := css_colors().get("".join(pieces[:4]).lower()) if len(pieces) < 5 else None:
        entries.add(named, " ".join(pieces))
        return []
    words, strange, name, first = list[str](), list[str](), "", len(entries.colors)
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        if piece in _NAMES:
            name, words = " ".join(words).lstrip("-$@"), []
        elif following in _NAMES or not (found := _colors(piece)):
            words.append(piece)
        else:
            strange += words
            name = "" if piece.startswith("//") else name  # "https" names no colour
            for color, notes in found:
                entries.add(color, name or _css_name(piece), *notes)
            name, words = "", []
    is_named = len(entries.colors) == first + 1 and words and words[0][0].isalpha()
    if ends_line and is_named and not (strange or entries.names[-1]):
        entries.names[-1] = " ".join(words)
        return []
    return [*strange, *name.split(), *words]


def _colors(piece: str) -> list[Found]:
    """Read the colour that a piece is; or several, as addresses of palettes on the web have them."""
    if found := _CODE.fullmatch(piece.rstrip(".")):
        return [parse_hex(found[1] or found[2])]
    if color := parse_color(piece):
        return [color]
    codes = [_CODE.fullmatch(part) for part in piece.rpartition("/")[2].split("-")]
    return [parse_hex(code[2]) for code in codes if code and code[2]] if len(codes) > 1 and all(codes) else []


def _css_name(piece: str) -> str:
    return piece if piece.lower() in css_colors() else ""
