"""Names of colours as choices, and how many of them an address can hold: pure.

A name belongs to a colour, wherever it stands. An address that grows too long is not read to its end, so that
names are cut, and where that is not enough are left out: never a colour.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote_plus

from quantize.palettes.palette import clean_name

Names = tuple[tuple[str, str], ...]
"""("#rrggbb", name) pairs, each colour once."""

LONGEST = 60
"""Characters of a name that an address holds."""

MOST = 256
"""Colours that can have a name: as many as a palette has."""

MOST_WRITTEN = 8_000
"""Characters of an address that all names may take, percent-encoded."""

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
