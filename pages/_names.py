"""Names of files: as people read them in a sentence, and as every system can unpack them."""

import re
import unicodedata
from collections.abc import Iterable

MOST_SHOWN = 60
MOST_BYTES = 120
"""Of a file's name without its ending, in UTF-8: most systems take 255 with all that is put behind it."""

# Windows takes none of these, and Unix no slash; what cannot be seen only misleads.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.I)


def shorten(name: str) -> str:
    """Cut a long name in its middle, so that its beginning and its ending can be read."""
    half = MOST_SHOWN // 2
    return name if len(name) <= MOST_SHOWN else f"{name[: half - 1]}…{name[-half:]}"


def readable(name: str) -> str:
    """Name of a file as people read it: without what cannot be seen, or turns the direction of writing."""
    spaced = (" " if char.isspace() else char for char in name)
    seen = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    return " ".join(seen.split()) or "file"


def stem(name: str) -> str:
    """A picture's name without its ending."""
    return name.rpartition(".")[0] or name


def of_palette(stem: str, n_colors: int, extension: str) -> str:
    """Name of a palette file; one that is a picture is told from the picture in the palette's colours."""
    return f"{stem}-{n_colors}{'-palette' * (extension == '.png')}{extension}"


def safe_stem(name: str) -> str:
    """Name of a file without folders and ending, that every system takes; "picture" if nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(char for char in stem(last) if unicodedata.category(char)[0] != "C")
    text = _FORBIDDEN.sub("_", seen).encode(errors="ignore")[:MOST_BYTES].decode(errors="ignore")
    text = text.strip(". ")
    return f"_{text}" if _DEVICES.fullmatch(text) else text or "picture"


def unique(names: Iterable[str]) -> list[str]:
    """Number names that are equal to one before, also to a system that takes capitals for small letters."""
    taken: set[str] = set()
    found = []
    for name in names:
        free, number = name, 1
        while free.casefold() in taken:
            number += 1
            free = f"{name} ({number})"
        taken.add(free.casefold())
        found.append(free)
    return found
