"""Palettes as code: CSS variables, SCSS variables, a Tailwind 4 theme; LESS and JavaScript are read too.

Names become identifiers, so nothing in a name can end a rule or a file. Files without variables give every
colour that is in them, once each; otherwise what is no variable is passed over and counted.

Sources: CSS Syntax 3 and CSS Custom Properties 1; sass-lang.com, "Variables"; tailwindcss.com, "Theme
variables".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from quantize.palettes.palette import Palette
from quantize.swatches.identifiers import identifiers
from quantize.swatches.reading import Entries, Found, decode_text, is_text
from quantize.swatches.rules import read_rules
from quantize.swatches.tokens import is_json

_LETTER = r"(?:[\w-]|[^\x00-\x7f])"
# None begins behind a letter: what one took is not looked at again for another.
_VARIABLE = {
    sign: re.compile(rf"(?<!{_LETTER})(?<!{re.escape(sign[0])}){re.escape(sign)}{_LETTER}++\s*+:")
    for sign in ("--", "$", "@")
}
_RULE = re.compile(r"(?<![\w-])[\w-]++\s*+:")
_THEME = re.compile(r"@theme\b")
_SCRIPT = re.compile(r"\bmodule\.exports\b|\bexport\s{1,9}(?:default|const)\b")


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


def _reader(title: str) -> Callable[[bytes], Palette]:
    def read(data: bytes) -> Palette:
        found, entries = read_rules(decode_text(data, title), title), Entries(title)
        for name, (color, notes) in found.named:
            name = name.removeprefix("color-")
            # An entry without a name is written by its number.
            entries.add(color, "" if name == str(len(entries.colors) + 1) else name, *notes)
        if not found.named:
            for color, notes in found.loose.values():
                entries.add(color, "", *notes)
        else:
            colors = {tuple(map(round, color)) for _, (color, _) in found.named}
            entries.pass_over("no variable names them", len(found.loose.keys() - colors))
        entries.pass_over("functions calculate them, or their notation is not known", found.calculated)
        return entries.palette()

    return read


read_css, read_scss, read_less, read_tailwind = map(_reader, ("CSS", "SCSS", "LESS", "Tailwind"))


def loose_colors(text: str, title: str) -> list[Found]:
    """Find every colour of a style sheet inside another file, once each."""
    found = read_rules(text, title)
    return list(dict.fromkeys([*(color for _, color in found.named), *found.loose.values()]))


def _recognises(holds: Callable[[str], object]) -> Callable[[bytes], bool]:
    def recognises(data: bytes) -> bool:
        start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
        if not is_text(data) or b"\0" in data or start[:1] == b"<" or is_json(data):
            return False
        return bool(holds(decode_text(data)))

    return recognises


def _is_css(text: str) -> bool:
    if _VARIABLE["--"].search(text):
        return not _THEME.search(text)
    return "{" in text and bool(_RULE.search(text)) and not _SCRIPT.search(text)


is_css = _recognises(_is_css)
is_scss = _recognises(_VARIABLE["$"].search)
is_less = _recognises(_VARIABLE["@"].search)
is_tailwind = _recognises(
    lambda text: (_THEME.search(text) and _VARIABLE["--"].search(text)) or _SCRIPT.search(text)
)
