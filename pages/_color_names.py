"""Names of colours as choices, and how many of them an address can hold: pure.

A name belongs to a colour, wherever it stands, and to its nearest neighbour where that very colour is gone: a
pin moves all other colours a little. An address that grows too long is not read to its end, so that
names are cut, and where that is not enough are left out: never a colour.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote_plus

import numpy as np

from quantize.colors.difference import delta_e_00
from quantize.colors.hexadecimal import parse_hex
from quantize.palettes.palette import clean_name

Names = tuple[tuple[str, str], ...]
"""("#rrggbb", name) pairs, each colour once."""

LONGEST = 60
"""Characters of a name that an address holds."""

MOST = 256
"""Colours that can have a name: as many as a palette has."""

MOST_WRITTEN = 8_000
"""Characters of an address that all names may take, percent-encoded."""

NEAR = 3.0
"""ΔE00 up to which a colour takes on the name of one that is gone."""

# What stands between values of a list, and what stands for it.
_SIGNS = {"~": "~0", "-": "~1", ",": "~2"}
_LETTERS = {mark: sign for sign, mark in _SIGNS.items()}
_SHORTER = (LONGEST, 40, 28, 20, 14, 10)


def write_name(pair: tuple[str, str]) -> str:
    """Write a colour and its name as a value of a list; ``read_name`` gives the same again."""
    code, name = pair
    return f"{code.removeprefix('#')}.{''.join(_SIGNS.get(letter, letter) for letter in name)}"


def read_name(text: str) -> tuple[str, str]:
    """Read a colour and its name.

    Raises
    ------
    ValueError
        If it is no colour with a name.
    """
    found = re.fullmatch(r"([0-9a-fA-F]{6})\.(.{1,400})", text, re.DOTALL)
    name = _clean(re.sub("~[012]", lambda mark: _LETTERS[mark[0]], found[2])) if found else ""
    if found is None or not name:
        raise ValueError("no colour with a name")
    return f"#{found[1].lower()}", name


def fit_names(pairs: Iterable[tuple[str, str]]) -> tuple[Names, int]:
    """Clean names, and cut what does not fit into an address.

    Parameters
    ----------
    pairs : iterable of (str, str)
        "#rrggbb" and a name, the most important first. Of a colour that comes twice the first name counts;
        an empty name is none. The first 256 colours that have one count.

    Returns
    -------
    tuple of (str, str)
        What fits.
    int
        How many names were cut or left out.
    """
    given = dict[str, str]()
    for code, name in pairs:
        given.setdefault(code, clean_name(name))
    given = dict([(code, name) for code, name in given.items() if name][:MOST])
    for longest in _SHORTER:
        names = tuple((code, _clean(name, longest)) for code, name in given.items())
        if sum(map(_length, names)) <= MOST_WRITTEN:
            break
    else:
        names = _first_that_fit(names)
    return names, sum(dict(names).get(code) != name for code, name in given.items())


def rename(names: Names, code: str, name: str) -> tuple[Names, int]:
    """Give a colour another name, "" for none; the same as ``fit_names`` gives."""
    return fit_names([(code, name), *names])


def find_named(names: Names, codes: Sequence[str]) -> dict[str, str]:
    """Find which of these colours have a name.

    Parameters
    ----------
    names : tuple of (str, str)
        "#rrggbb" and a name.
    codes : sequence of str
        "#rrggbb".

    Returns
    -------
    dict
        By colour, the one that was named: itself, or one that is none of ``codes`` and within ``NEAR``. That
        lends its name once, to the nearest.
    """
    named, there = [code for code, _ in names], dict.fromkeys(codes)
    found = {code: code for code in named if code in there}
    gone, free = [code for code in named if code not in there], [code for code in there if code not in found]
    if not gone or not free:
        return found
    one, other = (np.array([parse_hex(code) for code in some], np.uint8) for some in (gone, free))
    far = delta_e_00(np.repeat(one, len(other), axis=0), np.tile(other, (len(one), 1)))
    for pair in np.argsort(far, kind="stable")[: int((far <= NEAR).sum())].tolist():
        lender, code = gone[pair // len(free)], free[pair % len(free)]
        if code not in found and lender not in found.values():
            found[code] = lender
    return found


def look_up(names: Names, codes: Sequence[str]) -> dict[str, str]:
    """Look up names of these colours by "#rrggbb"; those without one are left out (``find_named``)."""
    known = dict(names)
    return {code: known[named] for code, named in find_named(names, codes).items()}


def _clean(name: str, longest: int = LONGEST) -> str:
    return clean_name(clean_name(name)[:longest])


def _first_that_fit(names: Names) -> Names:
    total, fitting = 0, []
    for pair in names:
        total += _length(pair)
        if total <= MOST_WRITTEN:
            fitting.append(pair)
    return tuple(fitting)


def _length(pair: tuple[str, str]) -> int:
    return len(quote_plus(write_name(pair))) + 1
