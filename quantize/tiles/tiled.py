"""A picture with several small palettes, one for each tile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantize.colors.opacity import is_visible
from quantize.colors.spaces import find_space
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError, shown
from quantize.palettes.palette import Palette
from quantize.selection import require_visible
from quantize.tiles.choosing import Allowed, Sets, choose_few, choose_own
from quantize.tiles.cutting import Cut, check_tile, cut_tiles
from quantize.tiles.fitting import Points, assign_points

MOST = 256
"""Entries of all small palettes together, as many as an indexed PNG has."""


@dataclass(frozen=True, eq=False)
class Tiled:
    """A picture, each of whose tiles has the colours of one small palette.

    Attributes
    ----------
    palette : uint8, shape (k, 3)
        sRGB: all entries, small palette after small palette; or the table that all of them are of.
    sets : intp, shape (p, c)
        The entries of each small palette. One that has fewer colours repeats its last.
    chosen : intp, shape (down, across)
        The small palette of every tile.
    indices : uint8, shape (h, w)
        Entry of every pixel, also of those that are not visible.
    tile : (int, int)
        Pixels of a tile, across and down.
    sse : float
        Sum over visible pixels of the squared sRGB distance to the original, R + G + B.
    clear : bool
        Whether the first entry of every small palette is for transparent pixels, and no colour.
    notes : tuple of str
    """

    palette: NDArray[np.uint8]
    sets: NDArray[np.intp]
    chosen: NDArray[np.intp]
    indices: NDArray[np.uint8]
    tile: tuple[int, int]
    sse: float
    clear: bool
    notes: tuple[str, ...] = ()

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The result as uint8 (h, w, 3) sRGB, made anew at each call."""
        return self.palette[self.indices]

    @property
    def entries(self) -> NDArray[np.uint8]:
        """The palette as a file lists it, uint8 (k, 3), or (k, 4) with opacities if some are transparent."""
        if not self.clear:
            return self.palette
        opacities = np.full((len(self.palette), 1), 255, np.uint8)
        opacities[self.sets[:, 0]] = 0
        return np.concatenate([self.palette, opacities], axis=1)


def tile_picture(
    picture: Picture | NDArray[np.uint8],
    *,
    tile: tuple[int, int] = (8, 8),
    n_palettes: int | None = 4,
    n_colors: int = 4,
    shared: bool = False,
    levels: int = 256,
    table: Palette | NDArray[np.uint8] | None = None,
    space: str = "BGR",
    checkpoint: Callable[[], None] | None = None,
    progress: Callable[[float], object] | None = None,
) -> Tiled:
    """Give every tile of a picture one of a few small palettes, with as little squared error as can be found.

    Parameters
    ----------
    picture : Picture, or uint8 of shape (h, w, 3)
        sRGB. If pixels are transparent, the first entry of every small palette is for them.
    tile : (int, int)
        Pixels of a tile across and down, 1 to 256; tiles begin in the upper left corner.
    n_palettes : int or None
        Small palettes, 1 to 256, together of at most 256 entries. None gives every tile its own, of a
        ``table``.
    n_colors : int
        Entries of a small palette, 1 to 256; at least 2 if pixels are transparent or one is shared.
    shared : bool
        Whether the first entry is the same colour in all, where it is not for transparent pixels.
    levels : int
        Values that red, green and blue may have, 2 to 256, evenly from 0 to 255.
    table : Palette or uint8 of shape (m, 3), optional
        All colours that there are, at most 256, or 255 if pixels are transparent; instead of ``levels``.
    space : str
        Where distance is measured: a key of ``SPACES``.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.
    progress : callable, optional
        Told there how much of it is done, about, 0 to 1.

    Returns
    -------
    Tiled
        The same each time, on any number of threads. There may be fewer palettes, where more would
        serve no tile better. Where the tiles have more than a million colours, each for itself, some of them
        decide on the palettes, and all take what serves them best.

    Raises
    ------
    QuantizeError
        If a choice is out of its limits, or nothing is visible.
    """
    picture = picture if isinstance(picture, Picture) else Picture.from_pixels(picture)
    require_visible(picture, hard=True)
    check_tile(tile)
    clear = picture.alpha is not None and not bool(is_visible(picture.alpha).all())
    shared = shared and not clear
    _check("n_colors", n_colors, 1 + clear + shared)
    _check("levels", levels, 2)
    everything = _checked(table, clear)
    firsts = np.sort(np.unique(everything, axis=0, return_index=True)[1])
    unlike = None if table is None else everything[firsts]
    allowed = Allowed(n_colors - clear, shared, levels, unlike, find_space(space))
    check, tell = checkpoint or _nothing, progress or _nothing
    if n_palettes is None:
        if table is None:
            raise QuantizeError(
                "palettes of every tile's own must be of a table (palette) of all colours, got none: name one"
            )
        cut = cut_tiles(picture, tile, check)
        own = choose_own(cut, allowed, check, tell)
        sets = replace(own, palette=everything, members=firsts[own.members])
    else:
        _check("n_palettes", n_palettes, 1)
        if n_palettes * n_colors > MOST:
            raise QuantizeError(
                f"palettes × colours must be at most {MOST}, the entries of an indexed file, got "
                f"{n_palettes} × {n_colors}: choose fewer"
            )
        cut = cut_tiles(picture, tile, check)
        sets = choose_few(cut, n_palettes, allowed, check, tell)
    return _paint(picture, cut, sets, allowed, tile, clear)


def _nothing(*_: object) -> None:
    """Let it be, where nobody wants to be told."""


def _check(name: str, number: int, least: int) -> None:
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not least <= number <= MOST:
        raise QuantizeError(f"{name} must be a whole number from {least} to {MOST}, got {shown(number)}")


def _checked(table: Palette | NDArray[np.uint8] | None, clear: bool) -> NDArray[np.uint8]:
    if table is None:
        return np.zeros((0, 3), np.uint8)
    colors = table.colors if isinstance(table, Palette) else np.asarray(table)
    most = MOST - clear
    if colors.dtype != np.uint8 or colors.ndim != 2 or colors.shape[1] != 3 or not 1 <= len(colors) <= most:
        raise QuantizeError(
            f"table must be uint8 of shape (m, 3) with 1 to {most} colours, got {colors.dtype} of shape "
            f"{colors.shape}"
        )
    return colors


def _paint(
    picture: Picture, cut: Cut, sets: Sets, allowed: Allowed, tile: tuple[int, int], clear: bool
) -> Tiled:
    """Give every pixel the entry of its tile's palette that is nearest to it."""
    palette, members = sets.palette, sets.members
    centers = allowed.space.to_working(palette[members].reshape(-1, 3)).reshape(*members.shape, 3)
    entries, sse = np.empty(len(cut.colors), np.uint8), 0
    for part in cut.parts():
        some, chosen = cut.run(part), sets.chosen[part]
        points = Points(allowed.space.to_working(some.colors), some.counts.astype(np.float64), some.starts)
        owners = np.repeat(chosen, np.diff(some.starts))
        found = members[owners, assign_points(points, centers, chosen)]
        entries[cut.starts[part.start] : cut.starts[part.stop]] = found
        off = some.colors.astype(np.int64) - palette[found]
        sse += int((np.square(off).sum(axis=1) * some.counts).sum())
    if clear:
        palette, members, entries = _with_clear(sets, entries)
    across, down = cut.grid
    indices = entries[cut.rows]
    chosen = sets.chosen.reshape(down, across)
    if picture.alpha is not None and clear:
        height, width = indices.shape
        places = chosen[(np.arange(height) // tile[1])[:, None], np.arange(width) // tile[0]]
        indices = np.where(is_visible(picture.alpha), indices, members[places, 0].astype(np.uint8))
    return Tiled(palette, members, chosen, indices, tile, float(sse), clear, _notes(picture, tile))


def _with_clear(
    sets: Sets, entries: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.intp], NDArray[np.uint8]]:
    """Put an entry for transparent pixels before every small palette, or one before the table of all."""
    palette, (n, size) = sets.palette, sets.members.shape
    if not sets.of_table:
        black = np.zeros((n, 1, 3), np.uint8)
        palette = np.concatenate([black, palette.reshape(n, size, 3)], axis=1).reshape(-1, 3)
        moved = (entries + entries.astype(np.intp) // size + 1).astype(np.uint8)
        return palette, np.arange(len(palette)).reshape(n, size + 1), moved
    palette = np.concatenate([np.zeros((1, 3), np.uint8), palette])
    members = np.concatenate([np.zeros((n, 1), np.intp), sets.members + 1], axis=1)
    return palette, members, entries + 1


def _notes(picture: Picture, tile: tuple[int, int]) -> tuple[str, ...]:
    height, width = picture.pixels.shape[:2]
    if width % tile[0] or height % tile[1]:
        return (f"{width}×{height} pixels are no whole number of tiles: those at the edge are cut",)
    return ()
