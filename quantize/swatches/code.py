"""Palettes as code: CSS variables, SCSS variables, a Tailwind 4 theme.

Names become identifiers (see ``identifiers``), so nothing in a name can end a rule or a file. Readers do
not parse the language: they take every variable whose value is a colour, in any CSS notation.

Sources: CSS Syntax 3 and CSS Custom Properties 1; sass-lang.com, "Variables"; tailwindcss.com, "Theme
variables".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from quantize.palettes.palette import Palette
from quantize.swatches.reading import Entries, decode_text, identifiers, is_text, parse_color

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_LINE_COMMENT = re.compile(r"(?<![:\w])//[^\n]*")
_VARIABLE = {
    "--": re.compile(r"(?<![\w-])--([^\s:;{}()\"',]+)\s*:([^;{}]*)"),
    "$": re.compile(r"(?<![\w$-])\$([^\s:;{}()\"',]+)\s*:([^;{}]*)"),
}
_THEME = re.compile(r"@theme\b")
_FLAGS = re.compile(r"!\s*(?:default|global|important)\s*", re.I)


def _declarations(palette: Palette, prefix: str, indent: str, *, ascii_only: bool = False) -> str:
    rows = zip(identifiers(palette, ascii_only=ascii_only), palette.hexes, strict=True)
    return "".join(f"{indent}{prefix}color-{key}: {code};\n" for key, code in rows)


def write_css(palette: Palette) -> bytes:
    """Write CSS variables on ``:root``."""
    return f":root {{\n{_declarations(palette, '--', '  ')}}}\n".encode()


def write_tailwind(palette: Palette) -> bytes:
    """Write a Tailwind 4 theme: each colour gives classes such as ``bg-brick``.

    Tailwind 4.3 makes no class from a name with letters beyond ASCII, so there are none.
    """
    return f"@theme {{\n{_declarations(palette, '--', '  ', ascii_only=True)}}}\n".encode()


def write_scss(palette: Palette) -> bytes:
    """Write SCSS variables."""
    return _declarations(palette, "$", "").encode()


def read_css(data: bytes) -> Palette:
    """Read the CSS variables whose values are colours; ``var(…)`` and everything else is passed over."""
    return _read(data, "CSS", "--")


def read_tailwind(data: bytes) -> Palette:
    """Read the variables of a Tailwind theme whose values are colours."""
    return _read(data, "Tailwind", "--")


def read_scss(data: bytes) -> Palette:
    """Read the SCSS variables whose values are colours."""
    return _read(data, "SCSS", "$")


def _read(data: bytes, title: str, sign: str) -> Palette:
    text = _COMMENT.sub(" ", decode_text(data, title))
    if sign == "$":
        text = _LINE_COMMENT.sub("", text)
    entries = Entries(title)
    for name, value in _VARIABLE[sign].findall(text):
        found = parse_color(_FLAGS.sub("", value))
        if found:
            color, notes = found
            name = name.removeprefix("color-")
            # An entry without a name is written by its number.
            entries.add(color, "" if name == str(len(entries.colors) + 1) else name, *notes)
    return entries.palette()


def _has(sign: str, theme: bool) -> Callable[[bytes], bool]:
    def recognises(data: bytes) -> bool:
        if not is_text(data) or b"\0" in data or data.lstrip()[:1] in (b"<", b"{", b"["):
            return False
        text = _COMMENT.sub(" ", decode_text(data))
        return bool(_VARIABLE[sign].search(text)) and bool(_THEME.search(text)) == theme

    return recognises


is_css, is_tailwind, is_scss = _has("--", theme=False), _has("--", theme=True), _has("$", theme=False)
