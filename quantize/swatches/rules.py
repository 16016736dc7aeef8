"""Colours in style sheets and their relatives: CSS, SCSS, LESS, and JavaScript that configures Tailwind.

The languages are not parsed: a text is taken apart into words, strings, colours and brackets, once from its
beginning to its end, and what stands before ":" or "=" is the name of what follows. Named are variables
(``--x``, ``$x``, ``@x``), entries of maps and strings with a key; every other colour is loose.

Sources: CSS Syntax 3; sass-lang.com, "Maps"; lesscss.org, "Maps".
"""

from __future__ import annotations

import re
from collections.abc import Sized
from dataclasses import dataclass, field

from quantize.errors import QuantizeError
from quantize.palettes.palette import MAX_ENTRIES, MAX_NAME
from quantize.swatches.functions import gives_color, is_function
from quantize.swatches.reading import Found, css_colors, parse_color

# Each alternative takes all that it began: none of them is tried again from a later place.
_TOKEN = re.compile(
    r"""
    (?P<comment> /\*.*?(?:\*/|\Z) | //[^\n]*+ )
  | (?P<url> url\((?!["'\s])[^)]*+\)? )
  | (?P<string> "(?:[^"\\\n]|\\.)*+"? | '(?:[^'\\\n]|\\.)*+'? | `[^`]*+`? )
  | (?P<color> \#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])
             | (?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([^(){};]{0,100}+\) )
  | (?P<call> [.@$]?+(?:[\w-]|[^\x00-\x7f])++\( | color\.[a-z]{1,20}+\( )
  | (?P<word> [$@!.%]?+(?:[\w.%-]|\\.|[^\x00-\x7f])++ )
  | (?P<mark> [:=;,(){}\[\]] )
  | (?P<space> \s++ )
  | (?P<rest> . )
    """,
    re.X | re.S | re.I,
)
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?%?", re.A)
_PAINTED = re.compile(r"color|background|border|fill|stroke|outline|shadow|stop", re.I)
_GROUPS = ("theme", "extend", "color", "colors", "colour", "colours", "palette")
_DECLARE = ("export", "const", "let", "var")
_SIGILS = ("--", "$", "@")
_MAX_KEY = 2 * MAX_NAME
_MAX_PARTS = 64
_MAX_DEPTH = 64
_MAX_TRIED = 4 * MAX_ENTRIES
_DEFINE = ("@function", "@mixin", "@include")
_NEAR = 3  # levels by which the same colour in another notation may differ: hsl() in whole per cents


@dataclass
class Rules:
    """Colours of a style sheet: named ones, each with its name, and all others, once each."""

    named: list[tuple[str, Found]] = field(default_factory=list)
    loose: dict[tuple[int, ...], Found] = field(default_factory=dict)  # by what they are rounded to
    calculated: int = 0  # functions whose colour cannot be known


@dataclass
class _Block:
    """An open bracket, and what its text was doing when it opened."""

    bracket: str
    path: tuple[str, ...] = ()
    is_map: bool = False
    is_call: bool = False
    is_calculated: bool = False  # inside a function whose colour cannot be known
    key: str | None = None
    is_variable: bool = False
    is_list: bool = False
    parts: list[tuple[str, str]] = field(default_factory=list)


def read_rules(text: str, title: str) -> Rules:
    """Find the colours of a text.

    A name that comes again with nearly the same colour, as in files that give each colour in several
    notations, counts once; with another colour, as in a dark theme, it is another entry.

    Raises
    ------
    QuantizeError
        If there are more than 4,096 named or loose colours, or very many more of what seems to be some.
    """
    return _Reader(title).read(text)


class _Reader:
    def __init__(self, title: str) -> None:
        self.title = title
        self.found = Rules()
        self.blocks = [_Block("{")]
        self.hidden = 0  # open brackets beyond _MAX_DEPTH
        self.known: dict[str, list[Found]] = {}
        self.tried: dict[str, Found | None] = {}

    def read(self, text: str) -> Rules:
        for token in _TOKEN.finditer(text):
            kind, piece = token.lastgroup, token[0]
            if kind == "mark":
                _MARKS[piece](self, piece)
            elif kind == "call":
                is_calculated = self._calculates(piece, text[token.end() : token.end() + 1])
                self._push("word", piece)
                self._open("(", is_call=True, is_calculated=is_calculated)
            elif kind in ("string", "color", "word", "rest"):
                self._count_unknown(kind, piece)
                self._push(kind, piece)
        while self.blocks:
            self._settle()
            self.blocks.pop()
        return self.found

    def _push(self, kind: str, piece: str) -> None:
        block = self.blocks[-1]
        if kind == "word" and piece[0] == "!":
            return  # !default, !important
        block.parts.append((kind, piece))
        if len(block.parts) > _MAX_PARTS:
            block.key = None
            self._settle()

    def _calculates(self, call: str, following: str) -> bool:
        """Tell whether a call gives a colour, and count it if it is in none that does."""
        block, gives = self.blocks[-1], gives_color(call[:-1], following)
        if block.parts and block.parts[-1][1] in _DEFINE:
            return False
        if gives and not (block.is_calculated or self.hidden):
            self.found.calculated += 1
        return gives

    def _count_unknown(self, kind: str | None, piece: str) -> None:
        """Count a function that is written as a colour and is none."""
        text = piece.strip("\"'`") if kind == "string" else piece
        if is_function(text) and not self.blocks[-1].is_calculated and self._parse(text) is None:
            self.found.calculated += 1

    def _name(self, sign: str) -> None:
        """Take the part before ":" or "=" for a name; what stands before that was a value."""
        block = self.blocks[-1]
        last = block.parts.pop() if block.parts else ("", "")
        while block.parts and block.parts[-1][1] in _DECLARE:
            block.parts.pop()
        self._settle()
        block.is_list = False
        if sign == "=" and block.bracket == "[":
            block.bracket = "[="  # a selector of attributes: what it asks for is no colour of the file
        elif last[0] in ("word", "string"):
            block.key = last[1].strip("\"'`")[:_MAX_KEY]
            block.is_variable = sign == "=" or block.key.startswith(_SIGILS)

    def _separate(self, piece: str) -> None:
        block = self.blocks[-1]
        if piece == "," and block.parts and all(_NUMBER.fullmatch(text) for _, text in block.parts[:4]):
            return  # 13, 110, 253 is one value
        key = block.key
        self._settle()
        # What follows a variable's first colour after a comma are further ones.
        block.is_list = piece == "," and (block.is_list or (key is not None and key.startswith(_SIGILS)))

    def _open(self, bracket: str, *, is_call: bool = False, is_calculated: bool = False) -> None:
        if len(self.blocks) > _MAX_DEPTH:
            self.hidden += 1
            return
        block = self.blocks[-1]
        inner = _Block(bracket, is_call=is_call, is_calculated=block.is_calculated or is_calculated)
        if block.key is not None and not block.parts:
            inner.is_map = block.is_map or block.is_variable
            inner.path = () if block.is_variable else (*block.path, block.key)
        elif bracket == "(":
            inner.is_map, inner.path = block.is_map, block.path
        elif bracket == "{":
            block.parts.clear()  # a selector: what looks like a colour there is an id
        self.blocks.append(inner)

    def _close(self, bracket: str) -> None:
        if self.hidden:
            self.hidden -= 1
            return
        self._settle()
        if len(self.blocks) > 1:
            self.blocks.pop()
        block = self.blocks[-1]
        if bracket == "}":
            block.key = None
            block.parts.clear()
        else:
            self._push("rest", bracket)

    def _settle(self) -> None:
        """Take the colours of the value that ends here."""
        block = self.blocks[-1]
        if block.parts:
            found = self._whole(block)
            name = self._named(block) if found else None
            if found and name is not None:
                self._add(name, found)
            else:
                self._add_loose(block)
            block.parts = []
        block.key = None

    def _whole(self, block: _Block) -> Found | None:
        """Find the colour that a value is, if it is nothing else."""
        if len(block.parts) == 1:
            ((kind, text),) = block.parts
            return None if kind == "rest" else self._parse(text.strip("\"'`") if kind == "string" else text)
        if block.key is None or not all(_NUMBER.fullmatch(text) for _, text in block.parts[:4]):
            return None
        return _triple(block.key, [text for _, text in block.parts])

    def _named(self, block: _Block) -> str | None:
        """Find the name of a colour, "" where it has none, or None if it is loose."""
        kind, key = block.parts[0][0], block.key
        if key is None:
            return "" if block.is_list or (block.bracket == "[" and kind == "string") else None
        if key.startswith(_SIGILS):
            return None if block.is_call else _without_sigil(key)
        if kind == "string":
            return None if key == "content" else _joined((*block.path, key))
        in_map = block.is_map or (block.bracket == "(" and not block.is_call)
        return _joined((*block.path, key)) if in_map and kind in ("color", "word") else None

    def _add(self, name: str, found: Found) -> None:
        base = name.removesuffix("-rgb")
        name = base if base in self.known else name
        before = self.known.setdefault(name, [])
        if name and any(_near(found, other) for other in before[:9]):
            return
        before.append(found)
        self.found.named.append((name, found))
        self._check(self.found.named)

    def _add_loose(self, block: _Block) -> None:
        kinds = ("color", "word") if block.key and _PAINTED.search(block.key) else ("color",)
        for kind, text in block.parts:
            if kind in kinds and (found := self._parse(text)):
                self.found.loose.setdefault(tuple(map(round, found[0])), found)
                self._check(self.found.loose)

    def _parse(self, text: str) -> Found | None:
        if not (text.startswith("#") or "(" in text):
            named = css_colors().get(text.lower())
            return (named, ()) if named else None
        if text not in self.tried:
            self.tried[text] = parse_color(text)
            self._check(())
        return self.tried[text]

    def _check(self, found: Sized) -> None:
        if len(found) > MAX_ENTRIES or len(self.tried) > _MAX_TRIED:
            raise QuantizeError(
                f"{self.title} palette must hold at most {MAX_ENTRIES:,} colours, got more: export fewer"
            )


_MARKS = {
    **dict.fromkeys(":=", _Reader._name),
    **dict.fromkeys(",;", _Reader._separate),
    **dict.fromkeys("({[", _Reader._open),
    **dict.fromkeys(")}]", _Reader._close),
}


def _without_sigil(key: str) -> str:
    return next(key.removeprefix(sigil) for sigil in _SIGILS if key.startswith(sigil))


def _joined(path: tuple[str, ...]) -> str:
    """Return the name of an entry of a map, without groups that only say that there are colours in them."""
    steps = list(path)
    while len(steps) > 1 and steps[0].lower() in _GROUPS:
        del steps[0]
    return "-".join(steps)[:_MAX_KEY]


def _triple(key: str, numbers: list[str]) -> Found | None:
    """Read a colour given as three bare numbers: ``0 0% 100%`` is hsl, ``13, 110, 253`` rgb if it says so."""
    if len(numbers) != 3 or not key.startswith("--"):
        return None
    shares = [number.endswith("%") for number in numbers]
    if shares == [False, True, True]:
        return parse_color(f"hsl({' '.join(numbers)})")
    says_so = key.endswith("-rgb") or "color" in key
    if says_so and not any(shares) and all(number.isdigit() and int(number) < 256 for number in numbers):
        return tuple(map(float, numbers)), ()
    return None


def _near(one: Found, other: Found) -> bool:
    return max(abs(a - b) for a, b in zip(one[0], other[0], strict=True)) <= _NEAR
