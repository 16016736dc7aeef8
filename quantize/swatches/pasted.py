"""Colours in a text that somebody pasted: codes, CSS functions and names, with anything between them.

A name before ":" or "=" becomes its colour's name, and so do the words behind a code on a line of its own; a
colour that is said by its CSS name bears that. Words that are no colour are told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette, clean_name
from quantize.swatches.reading import Entries, Found, css_colors, decode_text, is_text, parse_color, parse_hex

MAX_TEXT = 100_000
"""Characters of a pasted text."""

_TITLE = "pasted"
_TOLD = 5  # words of what was not understood
_MAX_QUOTED = 40  # characters of words in a row
_MARK = "\ufeff"  # before texts that programs of Windows write

_PIECE = re.compile(
    r"""
    (?P<function> (?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([^()\n]{0,100}+\) )
  | (?P<end> [,;]++ | [\n\r]++ )
  | (?P<names> [:=] )
  | (?P<edge> [\s"'`“”„‟‘’‚‛«»‹›()\[\]{}]++ )
  | (?P<word> [^\s,;:="'`“”„‟‘’‚‛«»‹›()\[\]{}]++ )
    """,
    re.X | re.I,
)
_CODE = re.compile(r"(?:(?:\#|0x)([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})|([0-9a-f]{8}|[0-9a-f]{6}))", re.I)
_NAMES = (":", "=")


class _Piece(NamedTuple):
    """A word, a function or a sign behind a name, and where it stands."""

    text: str
    start: int
    end: int
    number: int  # of the words up to it


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
    told = _told(text, strange)
    if not entries.colors:
        raise QuantizeError(
            f"pasted text must hold colours such as #c00000, rgb(192 0 0) or teal, got {told}: "
            "paste a list of them"
        )
    if strange:
        entries.notes[f"not understood: {told}"] = None
    return entries.palette()


def _told(text: str, strange: list[_Piece]) -> str:
    """Show the first words as they stand, those in a row together."""
    rows = list[list[_Piece]]()
    for piece in strange[:_TOLD]:
        if rows and rows[-1][-1].number + 1 == piece.number:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    quoted = [_cut(text[row[0].start : row[-1].end]) for row in rows]
    if len(strange) > _TOLD and not quoted[-1].endswith("…"):
        quoted[-1] += " …"
    return ", ".join(f"“{one}”" for one in quoted) or "nothing"


def _cut(text: str) -> str:
    plain = clean_name("".join(char if char.isprintable() else " " for char in text[: 10 * _MAX_QUOTED]))
    return plain if len(plain) <= _MAX_QUOTED else f"{plain[:_MAX_QUOTED].rstrip()}…"


def is_list(data: bytes) -> bool:
    """Tell whether it is a text that begins with colours, and less else."""
    if not is_text(data) or data.lstrip()[:1] in (b"<", b"{"):
        return False
    entries, strange = _take_apart(decode_text(data[:1000].rpartition(b"\n")[0] or data[:1000]))
    return len(entries.colors) > len(strange)


def read_list(data: bytes) -> Palette:
    """Read a text file as ``parse_colors`` reads what was pasted."""
    return parse_colors(decode_text(data, "text"))


def _take_apart(text: str) -> tuple[Entries, list[_Piece]]:
    """Find the colours of a text, and the words that are none."""
    entries, strange, item, count = Entries(_TITLE), list[_Piece](), list[_Piece](), 0
    for piece in _PIECE.finditer(text, int(text.startswith(_MARK))):
        if piece.lastgroup == "end":
            strange += _read_item(item, piece[0][0] in "\n\r", entries)
            item = []
        elif piece.lastgroup != "edge":
            count += piece.lastgroup != "names"
            item.append(_Piece(piece[0], piece.start(), piece.end(), count))
    return entries, strange + _read_item(item, True, entries)


def _read_item(pieces: list[_Piece], ends_line: bool, entries: Entries) -> list[_Piece]:
    """Add the colours between two separators; returns the words that were not understood."""
    if not pieces:
        return []
    if len(pieces) < 5 and (named := css_colors().get(_joined(pieces, "").lower())):
        entries.add(named, _joined(pieces))
        return []
    words, strange, name, first = list[_Piece](), list[_Piece](), list[_Piece](), len(entries.colors)
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        if piece.text in _NAMES:
            if words:
                strange += name
                name, words = words, []
        elif (following and following.text in _NAMES) or not (found := _colors(piece.text)):
            words.append(piece)
        else:
            strange += words
            # "https" names no colour
            title = "" if piece.text.startswith("//") else _joined(name).lstrip("-$@")
            for color, notes in found:
                entries.add(color, title or _css_name(piece.text), *notes)
            name, words = [], []
    is_named = len(entries.colors) == first + 1 and words and words[0].text[0].isalpha()
    if ends_line and is_named and not (strange or entries.names[-1]):
        entries.names[-1] = _joined(words)
        return []
    return [*strange, *name, *words]


def _joined(pieces: Sequence[_Piece], between: str = " ") -> str:
    return between.join(piece.text for piece in pieces)


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
