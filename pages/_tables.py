"""The table of colours that the page about one's own palette shows: which it is, and what of it is on. Pure.

It is a built-in table, or the visitor's own: a file's colours, pasted ones, a picture's, or a table that they
changed. As long as neither was chosen it is the palette that all pages use, or else a built-in one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pages._choices import OWN_TABLE, Choices
from quantize import Palette
from quantize.colors.hexadecimal import parse_hex
from quantize.palettes.tables import Table, read_tables

FIRST = "pico-8"
USED = "used"
"""What the control of tables shows for the palette that all pages use."""

MOST = 256
"""Entries of an indexed PNG, and rows of a table that can be changed."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A table as it stands on the page.

    Attributes
    ----------
    key : str
        Of the built-in table, or OWN_TABLE, or USED.
    colors : tuple of str
        "#rrggbb" in its order, some perhaps twice.
    names : tuple of str
        As many, "" for none.
    off, locked : frozenset of int
        Numbers of rows that are not used, and that are among the best whatever the picture.
    """

    key: str
    colors: tuple[str, ...]
    names: tuple[str, ...]
    off: frozenset[int]
    locked: frozenset[int]

    @property
    def on(self) -> list[int]:
        """Numbers of the rows that are on."""
        return [row for row in range(len(self.colors)) if row not in self.off]

    @property
    def can_change(self) -> bool:
        """Whether an address could hold it after a change."""
        return len(self.colors) <= MOST


def shown_key(record: Choices) -> str:
    """Which table is shown: the chosen one, unless nothing is in it or nobody knows it."""
    chosen = record.mine if record.table == OWN_TABLE else built_in_table(record.table)
    return record.table if chosen else USED if record.palette else FIRST


def shown_table(record: Choices) -> Shown:
    """The table that is shown, with the names that its colours were given or have by themselves."""
    key = shown_key(record)
    built_in = built_in_table(key)
    if built_in:
        colors, own = tuple(built_in.palette.hexes), built_in.palette.names or ()
    else:
        colors, own = record.mine if key == OWN_TABLE else record.palette, ()
    given = dict(record.names)
    names = [given.get(code, "") for code in colors]
    names = [name or other for name, other in zip(names, own or names, strict=True)]
    rows = frozenset(range(len(colors)))
    off = rows & {*record.off}
    off = frozenset() if off == rows else off  # an address may say that, and a palette has a colour
    return Shown(key, colors, tuple(names), off, (rows - off) & {*record.lock})


def built_in_table(key: str) -> Table | None:
    """The built-in table of this key, if there is one."""
    return read_tables().get(key)


def settle_table(record: Choices) -> Choices:
    """The same, and the shown table is chosen by name: what is done to its rows stays with it."""
    key = shown_key(record)
    if key == USED:
        return replace(record, table=OWN_TABLE, mine=record.palette, off=(), lock=())
    return replace(record, table=key)


def art_palette(record: Choices) -> tuple[str, ...]:
    """Return the colours that pixel art is to have, "#rrggbb"; none if they are to be found."""
    table = built_in_table(record.art_table)
    return record.palette if record.art_table == USED else tuple(table.palette.hexes) if table else ()


def take_rows(shown: Shown, rows: Sequence[int]) -> Palette:
    """Some rows as a palette, with their names."""
    return Palette(
        to_colors([shown.colors[row] for row in rows]), names=tuple(shown.names[row] for row in rows)
    )


def to_colors(codes: Sequence[str]) -> NDArray[np.uint8]:
    """Colours of "#rrggbb", uint8 (n, 3)."""
    return np.array([parse_hex(code) for code in codes], np.uint8).reshape(-1, 3)
