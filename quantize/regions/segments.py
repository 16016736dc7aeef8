"""A picture in regions: entries of a palette, some of them merged, without specks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import hex_colors
from quantize.colors.opacity import is_visible
from quantize.errors import QuantizeError, shown
from quantize.pipeline import Quantized
from quantize.regions.parts import CLEAR, Parts, find_parts
from quantize.regions.specks import merge_specks

_SPECKS = 20_000
"""A part that is smaller than one in so many pixels of a picture is a speck, where nothing else is said."""


@dataclass(frozen=True, eq=False)
class Segments:
    """The regions of a picture.

    Attributes
    ----------
    labels : uint8, shape (h, w)
        The region of every pixel, ``CLEAR`` where nothing is visible.
    palette : uint8, shape (n, 3)
        sRGB colour of every region, dark to light, all different.
    members : tuple of tuple of int
        Entries of the result that each region was made of; its own colour is that of the first.
    areas, n_parts : int64, shape (n,)
        Pixels and connected parts of every region, at least one of each.
    smallest : int
        Pixels that a part has at least; less only where nothing but clear pixels is around it.
    n_moved : int
        Pixels that were in specks, and are in another region than their entry's now.
    gone : tuple of int
        Entries all of whose pixels were in specks.
    """

    labels: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    members: tuple[tuple[int, ...], ...]
    areas: NDArray[np.int64]
    n_parts: NDArray[np.int64]
    smallest: int
    n_moved: int
    gone: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.palette)

    @property
    def hexes(self) -> list[str]:
        """The colours as "#rrggbb"."""
        return hex_colors(self.palette)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Shares of the visible pixels, 0–1, float64 (n,)."""
        return self.areas / self.areas.sum()

    @property
    def clear(self) -> NDArray[np.bool_] | None:
        """Where nothing is visible, bool (h, w); None if that is nowhere."""
        clear = self.labels == CLEAR
        return clear if len(self) <= CLEAR and clear.any() else None

    @property
    def indices(self) -> NDArray[np.uint8]:
        """The region of every pixel for an indexed file, uint8 (h, w): the first one for what is clear."""
        clear = self.clear
        return self.labels if clear is None else np.where(clear, np.uint8(0), self.labels)

    @property
    def alpha(self) -> NDArray[np.uint8] | None:
        """Opacity for an indexed file, 0 or 255, uint8 (h, w); None if everything is visible."""
        clear = self.clear
        return None if clear is None else np.where(clear, np.uint8(0), np.uint8(255))

    @property
    def parts(self) -> Parts:
        """The connected parts, found anew at each call."""
        return find_parts(self.labels)


def suggest_smallest(n_pixels: int) -> int:
    """Suggest how many pixels a part should have at least, for a picture of so many; 1 for small ones."""
    return max(1, round(n_pixels / _SPECKS))


def find_segments(
    result: Quantized,
    *,
    smallest: int | None = None,
    groups: Sequence[Sequence[int]] = (),
    checkpoint: Callable[[], None] | None = None,
) -> Segments:
    """Find the regions of a quantized picture.

    Parameters
    ----------
    result : Quantized
        Its entries must be opaque.
    smallest : int, optional
        Pixels: parts that have less are merged into the neighbour that they border most. 1 keeps all;
        without it ``suggest_smallest`` says.
    groups : sequence of sequences of int
        Entries of the palette that are one region, from 0. Groups that share an entry are one group.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.

    Returns
    -------
    Segments
        The same on any number of threads.

    Raises
    ------
    QuantizeError
        If entries may be partly transparent, nothing is visible, a group names an entry that there is not,
        ``smallest`` is less than 1, or there are 256 regions beside clear pixels.
    """
    if result.opacities is not None:
        raise QuantizeError("regions need opaque entries, got soft ones: choose alpha hard")
    if not result.counts.any():
        raise QuantizeError("regions need a visible pixel, got none")
    checkpoint = checkpoint or (lambda: None)
    smallest = suggest_smallest(result.indices.size) if smallest is None else smallest
    regions = [one for one in merge_entries(result.counts, groups) if result.counts[one[0]]]
    hidden = None if result.alpha is None else ~is_visible(result.alpha)
    has_clear = hidden is not None and bool(hidden.any())
    if has_clear and len(regions) > CLEAR:
        raise QuantizeError(
            f"regions must be at most {CLEAR} beside transparency, got 256: merge two of them"
        )
    numbers, places = np.zeros(256, np.uint8), np.zeros(len(regions), np.intp)
    for number, members in enumerate(regions):
        numbers[list(members)] = number
        places[number] = members[0]
    labels = numbers[result.indices]
    if has_clear:
        labels[hidden] = CLEAR
    parts = find_parts(labels, checkpoint)
    clear = CLEAR if has_clear else None
    merged = merge_specks(parts, smallest, result.palette[places], clear=clear, checkpoint=checkpoint)
    areas, n_parts = np.zeros(256, np.int64), np.bincount(merged.labels, minlength=256)
    np.add.at(areas, merged.labels, merged.areas)
    used = [number for number in range(len(regions)) if areas[number]]
    again = np.full(256, CLEAR, np.uint8)
    again[used] = np.arange(len(used))
    moved = 0 if merged is parts else int((merged.map != labels).sum())
    gone = [entry for number, members in enumerate(regions) if not areas[number] for entry in members]
    return Segments(
        again[merged.labels][merged.numbers],
        result.palette[places[used]],
        tuple(regions[number] for number in used),
        areas[used],
        n_parts[used].astype(np.int64),
        int(smallest),
        moved,
        tuple(entry for entry in gone if result.counts[entry]),
    )


def merge_entries(counts: NDArray[np.int64], groups: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Merge entries by groups to regions.

    Parameters
    ----------
    counts : int64, shape (k,)
        Pixels of every entry.
    groups : sequence of sequences of int
        Entries that belong together, from 0.

    Returns
    -------
    list of tuple of int
        Every entry is in one region. First of each stands the one with most pixels, whose colour the region
        has; regions are sorted by that entry.

    Raises
    ------
    QuantizeError
        If a group names an entry that there is not.
    """
    owners = np.arange(len(counts))
    for group in groups:
        for entry in group:
            if (
                isinstance(entry, bool)
                or not isinstance(entry, int | np.integer)
                or not 0 <= entry < len(counts)
            ):
                raise QuantizeError(
                    f"merged entries must be whole numbers from 0 to {len(counts) - 1}, got {shown(entry)}"
                )
        if len(group):
            touched = owners[list(group)]
            owners[np.isin(owners, touched)] = touched.min()
    regions = [np.flatnonzero(owners == owner) for owner in np.unique(owners)]
    ordered = [tuple(region[np.argsort(-counts[region], kind="stable")].tolist()) for region in regions]
    return sorted(ordered)
