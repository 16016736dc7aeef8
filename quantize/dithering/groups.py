"""The ways to dither in the order in which people meet them: by what they do, in few groups."""

from dataclasses import dataclass

from quantize.dithering.dither import DITHERS


@dataclass(frozen=True)
class Group:
    """Ways to dither that do alike.

    Attributes
    ----------
    title, short : str
        Its name for people, and the one that fits behind a way's own; "" where there is none.
    does : str
        What comes of it, as the rest of a sentence.
    keys : tuple of str
        Of ``DITHERS``.
    """

    title: str
    short: str
    does: str
    keys: tuple[str, ...]


def _of_kind(kind: str) -> tuple[str, ...]:
    return tuple(key for key, dither in DITHERS.items() if dither.kind == kind and not dither.runs)


GROUPS = (
    Group("none", "", "every pixel gets the colour nearest to it", _of_kind("none")),
    Group(
        "by eye",
        "by eye",
        "grain where eyes see it least; joint search looks best, and is slow; pixel search keeps the palette",
        tuple(key for key, dither in DITHERS.items() if dither.runs),
    ),
    Group(
        "error diffusion",
        "diffusion",
        "each pixel's error goes to its neighbours: fine, irregular grain",
        _of_kind("error diffusion"),
    ),
    Group(
        "pattern",
        "pattern",
        "a mask decides, the same everywhere: steady grain, regular with Bayer, irregular with blue noise",
        _of_kind("ordered"),
    ),
    Group("curve", "curve", "the error goes along a curve through the picture", _of_kind("curve")),
)
"""All of them, and in them every way once."""

_SHORT_OF = {key: group.short for group in GROUPS for key in group.keys}


def find_label(key: str) -> str:
    """Find how a way is called in a list of all: its title, and what kind it is."""
    title = DITHERS[key].title
    return f"{title[:1].upper()}{title[1:]}" + (f" · {_SHORT_OF[key]}" if _SHORT_OF[key] else "")


def list_keys() -> list[str]:
    """List the keys of all ways, group by group."""
    return [key for group in GROUPS for key in group.keys]


def list_in_words() -> str:
    """List the keys of all ways in a line, with the names of their groups."""
    none, *others = GROUPS
    return "; ".join([", ".join(none.keys), *(f"{group.title}: {', '.join(group.keys)}" for group in others)])
