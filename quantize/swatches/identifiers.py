"""Names as identifiers, for formats that are code, and keys that are all different."""

from __future__ import annotations

import unicodedata

from quantize.palettes.palette import Palette


def identifiers(palette: Palette, *, ascii_only: bool = False) -> list[str]:
    """Give every entry an identifier of its own: its name's letters and digits, or its number.

    Lower case, words joined by "-". Letters of any script stay, as CSS allows them, unless
    ``ascii_only``: then accents go and letters of other scripts are left out.
    """
    return unique_keys([_identifier(name, ascii_only) for name in palette.names or [""] * len(palette)])


def unique_keys(keys: list[str]) -> list[str]:
    """Make keys different: of equal ones the second becomes "…-2" and so on; "" becomes its number."""
    taken = {str(number) for number, key in enumerate(keys, 1) if not key}
    found = []
    for number, key in enumerate(keys, 1):
        free, turn = key or str(number), 2
        while key and free in taken:
            free, turn = f"{key}-{turn}", turn + 1
        taken.add(free)
        found.append(free)
    return found


def _identifier(name: str, ascii_only: bool) -> str:
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower())
    if ascii_only:
        apart = unicodedata.normalize("NFKD", lower)
        lower = "".join(char for char in apart if char.isascii() or not unicodedata.combining(char))
        lower = lower.encode("ascii", "replace").decode()
    kept = "".join(char if _is_word(char) else " " for char in lower)
    return "-".join(kept.split())


def _is_word(char: str) -> bool:
    """Find the letters, digits and marks that CSS Syntax 3 allows in an identifier."""
    allowed = char.isascii() or (char >= "\xc0" and not "\u2190" <= char <= "\u2bff")
    return allowed and unicodedata.category(char)[0] in "LMN"
