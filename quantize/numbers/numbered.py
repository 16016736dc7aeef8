"""A picture as paint by numbers: regions that a brush can fill, each with the number of its paint.

The picture is made as large as it will be on paper, eight pixels to the brush, and gets the colours that were
chosen. What is finer than the brush goes (``brush.py``), numbers find their places (``places.py``), and the
rest is drawing. Numbers are places of colours in a palette of one's own, so that 7 is always the seventh pot;
colours that were found in the picture are counted from 1 without gaps, those that have regions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import parse_hex
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.numbers.brush import find_small, fit_brush, merge_parts
from quantize.numbers.guarded import keep_protected
from quantize.numbers.layout import Choices, Layout, lay_out
from quantize.numbers.mapped import map_colors
from quantize.numbers.necks import find_lobes, split_lobes
from quantize.numbers.places import Places, fits_inside, place_numbers
from quantize.numbers.room import measure_distances
from quantize.palettes.palette import Palette
from quantize.regions.parts import CLEAR, Parts, find_parts

Room = NDArray[np.float32]

_NECK, _TRESPASS = 0.6, 0.35
"""mm of a neck in which two outlines leave hardly any paper, and pixels that each may trespass."""
_LEAST_PIECE = 1.0
"""mm² within the outlines of a piece of a protected region."""


@dataclass(frozen=True)
class Paint:
    """A paint that a picture needs.

    Attributes
    ----------
    number : int
        Its place in the palette, from 1; of found colours, its place among those that have regions.
    hex, name : str
        Its colour, and its name, perhaps nothing.
    area : float
        mm² of all its regions.
    share : float
        Of the painted area, 0–1.
    n_regions : int
    """

    number: int
    hex: str
    name: str
    area: float
    share: float
    n_regions: int


@dataclass(frozen=True, eq=False)
class Numbered:
    """A picture as paint by numbers.

    Attributes
    ----------
    parts : Parts
        Its regions; labels are places in ``paints``, ``CLEAR`` where nothing is painted.
    paints : tuple of Paint
        By number.
    places : Places
        Of the numbers.
    layout : Layout
    choices : Choices
    smallest : float
        mm² of the smallest region.
    n_kept : int
        Regions of protected colours into which the brush does not fit.
    unused : tuple of int
        Numbers of a palette of one's own that no region has.
    n_left_out : int
        Dots of protected colours that are too small to be drawn.
    n_gone : int
        Colours that the picture has on paper, and no region has: the brush fits into none of theirs.
    """

    parts: Parts
    paints: tuple[Paint, ...]
    places: Places
    layout: Layout
    choices: Choices
    smallest: float
    n_kept: int
    unused: tuple[int, ...]
    n_left_out: int
    n_gone: int

    @property
    def colors(self) -> NDArray[np.uint8]:
        """The paints' colours, uint8 (n, 3)."""
        return np.array([parse_hex(paint.hex) for paint in self.paints], np.uint8).reshape(-1, 3)

    @cached_property
    def painted(self) -> Parts:
        """What hangs together once it is painted: regions that were parted at a neck are one again."""
        return find_parts(self.parts.map)

    @property
    def n_regions(self) -> int:
        """Regions that are painted."""
        return int((self.parts.labels != CLEAR).sum())


def number_picture(
    picture: Picture,
    palette: Palette,
    choices: Choices | None = None,
    *,
    space: str = "BGR",
    own: bool = True,
    checkpoint: Callable[[], None] | None = None,
) -> Numbered:
    """Make paint by numbers of a picture.

    Parameters
    ----------
    picture : Picture
    palette : Palette
        The paints, in the order of their numbers. Of equal ones the first is used.
    choices : Choices, optional
    space : str
        In which the nearest paint is meant.
    own : bool
        Whether the palette is somebody's own, whose numbers stay, and was not found in the picture.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.

    Returns
    -------
    Numbered
        The same on any number of threads. A disc of the brush lies in every region whose colour is not
        protected and that has others beside it.

    Raises
    ------
    QuantizeError
        If a protected colour is none of the palette's, nothing is visible, or it takes more than 255 paints.
    """
    choices, checkpoint = choices or Choices(), checkpoint or (lambda: None)
    places = {code: place for place, code in reversed(list(enumerate(palette.hexes)))}
    for code in choices.protect:
        if code not in places:
            raise QuantizeError(f"protect must be a colour of the palette, got {code}: add it there")
    layout = lay_out(picture.size, choices, len(places))
    checkpoint()
    maps = map_colors(picture, layout, choices, list(places), space, checkpoint)
    used = maps.codes
    radius = choices.brush / 2 / layout.step
    guarded = [label for label, code in enumerate(used) if code in choices.protect]
    plain, fixed, left_out = keep_protected(maps.plain, guarded, layout.step, checkpoint)
    parts = fit_brush(np.where(fixed, plain, maps.sharp), maps.soft, radius, fixed, checkpoint)
    pots = np.array([places[code] for code in used], np.int64)
    parts, numbers, found = _place(parts, pots, own, guarded, choices, layout, checkpoint)
    parts, paints = _count_paints(parts, used, places, numbers, palette, layout)
    painted = parts.labels != CLEAR
    small = find_small(parts, radius, np.zeros(parts.numbers.shape, bool))
    of_guarded = np.isin(parts.labels, [n for n, paint in enumerate(paints) if paint.hex in choices.protect])
    return Numbered(
        parts, paints, found, layout, choices,
        float(parts.areas[painted].min() * layout.step**2), int((small & of_guarded).sum()),
        _find_unused(paints, len(palette)) if own else (), left_out, len(used) - len(paints),
    )  # fmt: skip


def _find_unused(paints: Sequence[Paint], n_colors: int) -> tuple[int, ...]:
    used = {paint.number for paint in paints}
    return tuple(number for number in range(1, n_colors + 1) if number not in used)


def _place(
    parts: Parts, pots: NDArray[np.int64], own: bool, guarded: list[int], choices: Choices, layout: Layout,
    checkpoint: Callable[[], None],
) -> tuple[Parts, NDArray[np.int64], Places]:  # fmt: skip
    """Place numbers; parts that have no room for theirs, nor any near them, are merged."""
    while True:
        numbers, room = _number_labels(parts, pots, own), measure_distances(parts.map)

        def place(some: Parts, room: Room = room, numbers: NDArray[np.int64] = numbers) -> Places:
            far = np.isin(some.labels, guarded)
            return place_numbers(
                some, numbers[some.labels], choices.numeral, layout.step, far, checkpoint, room
            )

        kept, split, found = np.isin(parts.labels, guarded), parts, place(parts)
        lost = np.isin(np.arange(len(parts)), found.lost)
        if not (lost & ~kept).any():
            split = _part_at_necks(parts, room, numbers, kept, choices, layout, checkpoint)
            found = found if split is parts else place(split)
            lost[parts.numbers[np.isin(split.numbers, found.lost)]] = True
        merged = merge_parts(parts, lost & ~kept, checkpoint)
        if merged is parts:
            return split, numbers, found
        parts = merged


def _part_at_necks(
    parts: Parts, room: Room, numbers: NDArray[np.int64], kept: NDArray[np.bool_], choices: Choices,
    layout: Layout, checkpoint: Callable[[], None],
) -> Parts:  # fmt: skip
    """Split regions that outlines would pinch into two, unless a piece has no room for its number."""
    narrow = max(1.0, _NECK / 2 / layout.step + _TRESPASS)
    radius, least = choices.brush / 2 / layout.step, _LEAST_PIECE / layout.step**2
    lobes = find_lobes(parts, room, narrow, radius, kept, least)
    split = split_lobes(parts, lobes, checkpoint)
    if split is parts:
        return parts
    inside = fits_inside(split, room, numbers[split.labels], choices.numeral[0], layout.step, checkpoint)
    outside = ~inside & ~np.isin(split.labels, [*np.unique(parts.labels[kept]), CLEAR])
    return split_lobes(parts, lobes.without(outside[split.numbers]), checkpoint)


def _number_labels(parts: Parts, pots: NDArray[np.int64], own: bool) -> NDArray[np.int64]:
    """Number labels by their places in the palette, int64 (256,): themselves, or their order among all."""
    numbers = np.zeros(CLEAR + 1, np.int64)
    if own:
        numbers[: len(pots)] = pots + 1
        return numbers
    left = np.unique(parts.labels[parts.labels != CLEAR])
    numbers[left[pots[left].argsort()]] = np.arange(1, len(left) + 1)
    return numbers


def _count_paints(
    parts: Parts, codes: list[str], places: dict[str, int], numbers: NDArray[np.int64], palette: Palette,
    layout: Layout,
) -> tuple[Parts, tuple[Paint, ...]]:  # fmt: skip
    """Sort labels by number, and count what each paint has."""
    left = [label for label in range(len(codes)) if (parts.labels == label).any()]
    left.sort(key=lambda label: places[codes[label]])
    again = np.full(256, CLEAR, np.uint8)
    again[left] = np.arange(len(left))
    sorted_parts = Parts(parts.numbers, again[parts.labels], parts.areas)
    total = int(parts.areas[parts.labels != CLEAR].sum())
    names: Any = palette.names or [""] * len(palette)
    paints = []
    for label in left:
        mine = parts.labels == label
        area, code = int(parts.areas[mine].sum()), codes[label]
        size, share = area * layout.step**2, area / total
        paints.append(Paint(int(numbers[label]), code, names[places[code]], size, share, int(mine.sum())))
    return sorted_parts, tuple(paints)
