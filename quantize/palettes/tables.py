"""Palettes that many know by name: machines, pixel art, screens, schemes, beads, each with its source.

They are data, in ``sets``, a text file a family. A head of "[key] title", "source:" and "licence:" begins a
table, then every line is an entry: six hexadecimal digits, and its name or the maker's code, if it has one.
Entries stand in the order in which their machine or author numbers them, and twice where they do there.
Files are read when a table is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from quantize.palettes.palette import Palette
from quantize.records import Records

_FOLDER = Path(__file__).with_name("sets")
_FAMILIES = ("basic", "computers", "consoles", "pc", "pixel-art", "screens", "colorbrewer", "beads")


@dataclass(frozen=True, eq=False)
class Table:
    """One palette.

    Attributes
    ----------
    key, title : str
        Its name in code and on the command line, and on screen.
    family : str
        The file that it is in.
    source, licence : str
        Who published it, where, and on what terms.
    rows : tuple of str
        Entries, "rrggbb" and a name.
    """

    key: str
    title: str
    family: str
    source: str
    licence: str
    rows: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.rows)

    @cached_property
    def palette(self) -> Palette:
        """Its entries with their names."""
        codes, names = zip(*(row.partition(" ")[::2] for row in self.rows), strict=True)
        colors = np.frombuffer(bytes.fromhex("".join(codes)), np.uint8).reshape(-1, 3)
        return Palette(colors, names=names)


@cache
def read_tables() -> Records[Table]:
    """Read all tables, by key, families together."""
    return Records("table", (table for family in _FAMILIES for table in _read_family(family)))


def find_table(key: str) -> Table:
    """Find a table by its key, such as "pico-8".

    Raises
    ------
    QuantizeError
        If there is none; the message lists those there are.
    """
    return read_tables().find(key)


def _read_family(family: str) -> Iterator[Table]:
    text = (_FOLDER / f"{family}.txt").read_text(encoding="utf-8")
    for part in text.split("\n[")[1:]:
        head, source, licence, *rows = part.strip().splitlines()
        key, _, title = head.partition("] ")
        source, licence = (line.partition(": ")[2] for line in (source, licence))
        yield Table(key, title, family, source, licence, tuple(rows))
