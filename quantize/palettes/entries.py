"""In which order the entries of a picture's palette are written: records in a table.

A result's palette goes from dark to light, which compresses best. Whoever draws for a device or an engine
wants the numbers of their own palette file instead: its order, with the entries that the picture does not use
and those that stand twice, so that every number means what it means there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import hex_colors, parse_hex
from quantize.errors import QuantizeError
from quantize.records import Records

MOST = 256
"""Entries of an indexed PNG."""

Colors = NDArray[np.uint8]


@dataclass(frozen=True)
class EntryOrder:
    """One order.

    Attributes
    ----------
    key, title : str
        Its name in code and on the command line, and on screen.
    arrange : callable
        Palette uint8 (k, 3), its pixels (k,), "#rrggbb" as they were given → uint8 (n, 3).
    """

    key: str
    title: str
    arrange: Callable[[Colors, NDArray[np.int64], Sequence[str]], Colors]


def _as_given(palette: Colors, counts: NDArray[np.int64], given: Sequence[str]) -> Colors:
    there = hex_colors(palette)
    first = [code for code in given if code in set(there)]
    rest = [code for code in there if code not in set(first)]
    if len(first) + len(rest) > MOST:  # no room for those that stand twice
        first = list(dict.fromkeys(first))
    return np.array([parse_hex(code) for code in first + rest], np.uint8).reshape(-1, 3)


# fmt: off
_TABLE = (
    EntryOrder("dark", "Dark to light", lambda palette, counts, given: palette),
    EntryOrder("file", "As in the file", _as_given),
    EntryOrder("use", "By use", lambda palette, counts, given: palette[np.argsort(-counts, kind="stable")]),
)
# fmt: on
ENTRY_ORDERS = Records("order", _TABLE)


def arrange_entries(palette: Colors, counts: NDArray[np.int64], given: Sequence[str], order: str) -> Colors:
    """Arrange the entries of a palette.

    Parameters
    ----------
    palette : uint8, shape (k, 3) or (k, 4), 1 <= k <= 256
        sRGB, all different, from dark to light; with the opacity of every entry, the opaque ones last.
    counts : int64, shape (k,)
        Pixels of every entry.
    given : sequence of str
        Colours that were fixed or kept, "#rrggbb", as they came; those that stand twice among them.
    order : str
        A key of ENTRY_ORDERS. "dark": as they are. "file": the given ones as they came, unused and doubled
        ones too, then the others as they are; doubled ones go if there are more than 256 in all. "use": what
        has most pixels first, equal ones as they are. What is not opaque stays before what is, so that a
        file's list of opacities is short, and what is fully transparent is the first of all.

    Returns
    -------
    uint8, shape (n, 3) or (n, 4), k <= n <= 256

    Raises
    ------
    QuantizeError
        If there is no such order.
    """
    arrange = ENTRY_ORDERS.find(order).arrange
    if palette.shape[1] == 3:
        return arrange(palette, counts, given)
    solid = palette[:, 3] == 255
    opaque = arrange(palette[solid, :3], counts[solid], given)
    soft = palette[~solid]
    if order == "use":
        soft = soft[np.lexsort((-counts[~solid], soft[:, 3] > 0))]
    return np.concatenate([soft, np.insert(opaque, 3, 255, axis=1)])


def renumber(palette: Colors, indices: NDArray[np.uint8], arranged: Colors) -> NDArray[np.uint8]:
    """Give pixels the numbers that their entries have in another palette; of equal entries, the first.

    Parameters
    ----------
    palette : uint8, shape (k, 3) or (k, 4)
    indices : uint8, any shape
        Numbers below k.
    arranged : uint8, shape (n, 3) or (n, 4), 1 <= n <= 256
        Holds every entry of ``palette``.

    Returns
    -------
    uint8, of the indices' shape
        ``indices`` themselves if no number changes.

    Raises
    ------
    QuantizeError
        If a colour is missing.
    """
    places: dict[str, int] = {}
    for place, code in enumerate(hex_colors(arranged)):
        places.setdefault(code, place)
    try:
        table = np.array([places[code] for code in hex_colors(palette)], np.uint8)
    except KeyError as error:
        raise QuantizeError(
            f"arranged must hold every colour of the palette, got none like {error.args[0]}: add it"
        ) from None
    return indices if np.array_equal(table, np.arange(len(table))) else table[indices]


def with_opacities(palette: Colors, opacities: NDArray[np.uint8] | None) -> Colors:
    """Put colours, uint8 (k, 3), beside their opacities, uint8 (k,): uint8 (k, 4); colours alone if None."""
    return palette if opacities is None else np.concatenate([palette, opacities[:, None]], axis=1)
