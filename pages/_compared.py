"""The list of K that are compared, and how one more comes into it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Brought:
    """A K that was asked for, and what became of the list.

    Attributes
    ----------
    n_colors : int
        The K.
    instead_of : int or None
        The K that gave way to it, if the list was full.
    number : int
        Of this wish, among all of a visitor: the same K may be asked for again.
    """

    n_colors: int
    instead_of: int | None
    number: int


def bring(compared: Sequence[int], n_colors: int, most: int) -> tuple[list[int], int | None]:
    """Put a K into the list; from a full one, the K that is most like it goes.

    Parameters
    ----------
    compared : sequence of int
        The list, in any order.
    n_colors : int
        The K to be in it.
    most : int
        How many the list may hold.

    Returns
    -------
    list of int
        The list, sorted.
    int or None
        What went: of all K the one whose ratio to ``n_colors`` is nearest to 1, of two the greater.
    """
    kept = sorted(set(compared))
    if n_colors in kept:
        return kept, None
    gone = None
    if len(kept) >= most:
        gone = min(kept, key=lambda k: (max(k, n_colors) / min(k, n_colors), -k))
        kept.remove(gone)
    return sorted([*kept, n_colors]), gone
