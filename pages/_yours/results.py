"""What the page about one's own palette works out of a picture: through the cache, and in turns."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pages import _cache, _state
from pages._choices import Choices
from pages._references import PictureRef
from pages._tables import MOST, Shown, to_colors
from quantize import Settings
from quantize.measuring.far import find_far_colors, share_far
from quantize.palettes.best import choose_entries

FROM_PICTURE = Settings(256, "Oklab")
"""How the colours of a picture that has more than 256 are reduced to a table."""


@dataclass(frozen=True, eq=False)
class Far:
    """Colours of a picture that no entry comes near.

    Attributes
    ----------
    n_colors : int
        How many there are.
    share : float
        Of the pixels, 0–1.
    found : bool, shape (n_colors of the picture,)
        Which they are.
    """

    n_colors: int
    share: float
    found: NDArray[np.bool_]


def choose_rows(picture: PictureRef, record: Choices, shown: Shown) -> list[int]:
    """Rows of a table that are used: all that are on, or the best of them for a picture.

    As many best ones as are wanted and at least those that are locked; 256 of a table that has more.
    """
    rows = shown.on
    colors = tuple(shown.colors[row] for row in rows)
    locked = tuple(place for place, row in enumerate(rows) if row in shown.locked)[:MOST]
    n = max(min(record.best or MOST, MOST), len({colors[place] for place in locked}))
    if n >= len(rows):
        return rows

    def make() -> tuple[int, ...]:
        cells = _cache.open_colors(picture).cells
        found = choose_entries(cells, to_colors(colors), n, space=record.space, locked=locked)
        return tuple(found.tolist())

    key = "best", picture.digest, colors, locked, n, record.space
    return [rows[place] for place in _cache.kept(key, make)]


def find_settings(picture: PictureRef, record: Choices, shown: Shown) -> Settings:
    """The settings with which a picture gets what is used of a table."""
    return record.mapping(tuple(shown.colors[row] for row in choose_rows(picture, record, shown)))


def find_far(picture: PictureRef, colors: list[str]) -> Far:
    """Find what no entry comes near.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """

    def make(checkpoint: Callable[[], None]) -> Far:
        color_set = _cache.open_colors(picture).color_set
        found = find_far_colors(color_set, to_colors(colors), checkpoint=checkpoint)
        return Far(int(found.sum()), share_far(color_set, found), found)

    key = "far", picture.digest, *sorted(set(colors))
    return _cache.kept_of_steps(key, make, _state.checkpoint())


def show_far(picture: PictureRef, colors: list[str]) -> bytes:
    """Where those pixels are, for the viewer."""
    return _cache.mask(picture, ("far", *sorted(set(colors))), lambda: find_far(picture, colors).found)


def colors_of(picture: PictureRef) -> NDArray[np.uint8]:
    """The colours of a picture, at most 256, from dark to light: uint8 (n, 3)."""
    return _cache.quantized(picture, FROM_PICTURE, _cache.nothing).result.palette
