"""From a picture and a person's choices to the palette: before any pixel is assigned."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quantize.colors.colorset import ColorSet
from quantize.colors.counted import Colored
from quantize.colors.hexadecimal import hex_colors
from quantize.colors.nearest import Mapped, ToWorking, map_colors
from quantize.colors.opacity import Opacity
from quantize.colors.spaces import find_space
from quantize.errors import QuantizeError
from quantize.methods.rounding import distinct_palette
from quantize.methods.settling import settle_palette
from quantize.methods.table import find_method
from quantize.methods.task import Hooks, Task
from quantize.settings import Settings

ONE_LESS = "255 colours and one entry for transparent pixels"
IDLE_ONE = "transparent pixels have one of the palette's 256 entries that is not used otherwise"


@dataclass(frozen=True, eq=False)
class Selected:
    """A palette, and which of its entries each colour of the picture gets when nothing is dithered.

    Attributes
    ----------
    palette : uint8, shape (k, 3)
        From dark to light, all different. Every entry is nearest to some colour, or one that stays.
    mapped : Mapped
        Entries of the picture's colours.
    iterations : int or None
        Rounds that the method took; None if it does not say.
    notes : tuple of str
    free : int or None
        The entry that no pixel may have, of 256 that stay, so that transparent pixels can have it in a file.
    """

    palette: NDArray[np.uint8]
    mapped: Mapped
    iterations: int | None
    notes: tuple[str, ...]
    free: int | None = None


def select_palette(
    picture: Colored,
    settings: Settings,
    *,
    checkpoint: Callable[[], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Selected:
    """Find the palette that ``quantize_image`` would use, without assigning pixels to it.

    Parameters, errors and promises are those of ``quantize_image``.
    """
    require_visible(picture, hard=bool(settings.palette))
    n_colors, notes = _room(picture, settings)
    palette, iterations, more = _find(picture, settings, n_colors, Hooks.of(checkpoint, progress))
    palette, mapped = settle_palette(
        picture.color_set, palette, settings.kept, find_space(settings.space).mapping
    )
    if len(palette) < 256 or not picture.opacity.n_hidden:
        return Selected(palette, mapped, iterations, notes + more)
    free, mapped, said = _set_free(picture.color_set, palette, mapped, find_space(settings.space).mapping)
    return Selected(palette, mapped, iterations, notes + more + said, free)


def _set_free(
    color_set: ColorSet, palette: NDArray[np.uint8], mapped: Mapped, to_working: ToWorking | None
) -> tuple[int, Mapped, tuple[str, ...]]:
    """Find one of 256 entries for transparent pixels: one that is idle, else the one that is missed least.

    Returns its number, the entries of all colours without it, and a note.
    """
    idle = np.flatnonzero(mapped.counts == 0)
    if len(idle):
        return int(idle[-1]), mapped, (IDLE_ONE,)
    colors = palette.astype(np.int64)
    away = np.square(colors[:, None] - colors).sum(axis=2)
    np.fill_diagonal(away, away.max())
    free = int(np.argmin(away.min(axis=1) * mapped.counts))
    note = (
        f"{hex_colors(palette[free : free + 1])[0]}, of the palette's 256 colours the one that is missed "
        "least, makes room for transparent pixels"
    )
    return free, map_without(color_set, palette, free, to_working), (note,)


def map_without(
    color_set: ColorSet, palette: NDArray[np.uint8], free: int, to_working: ToWorking | None
) -> Mapped:
    """Give every colour of a picture its nearest entry other than ``free``."""
    found = map_colors(color_set, np.delete(palette, free, axis=0), to_working)
    return Mapped(*with_gap(found.table, found.counts, free), found.sse)


def with_gap(
    indices: NDArray[np.uint8], counts: NDArray[np.int64], free: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Turn numbers of entries without ``free`` into those with it, and their pixels likewise."""
    return indices + (indices >= free).astype(np.uint8), np.insert(counts, free, 0)


def _find(
    picture: Colored, settings: Settings, n_colors: int, hooks: Hooks
) -> tuple[NDArray[np.uint8], int | None, tuple[str, ...]]:
    """Find the palette uint8 (k, 3), rounds, notes."""
    everything = _fitting(picture, settings, n_colors)
    if everything is not None:
        return everything, 0, ()
    space, kept, exact = find_space(settings.space), settings.kept, picture.color_set
    task = Task(picture, space, n_colors, kept, settings.rare, settings.search, hooks)
    found = find_method(settings.method).find(task)
    centers = space.to_srgb(found.centers)
    centers[: len(kept)] = kept
    # A method may find fewer than asked; doubles are then moved to the colours that are served worst.
    missing = np.repeat(centers[:1], n_colors - len(centers), axis=0)
    centers = np.concatenate([centers, missing])
    palette = distinct_palette(centers, exact.colors, exact.counts, n_kept=len(kept))
    return palette, found.iterations, found.notes


def idle_notes(settings: Settings, counts: NDArray[np.int64]) -> tuple[str, ...]:
    """Say so if a picture leaves colours of a fixed palette unused; ``counts`` are pixels of entries."""
    used = int((counts > 0).sum())
    if not settings.palette or used == len(counts):
        return ()
    return (f"the picture uses {used} of the palette's {len(counts)} colours",)


class _WithOpacity(Protocol):
    @property
    def opacity(self) -> Opacity: ...


def require_visible(picture: _WithOpacity, *, soft: bool = False, hard: bool = False) -> None:
    """Refuse a picture in which there is nothing to quantize.

    Parameters
    ----------
    picture : Picture, or whatever tells its opacity
    soft : bool
        Whether soft edges may be kept: then pixels that are less than half opaque are something, too.
    hard : bool
        Whether soft edges are no choice, as with a fixed palette: then they are not named as a way out.

    Raises
    ------
    QuantizeError
        If no pixel is visible.
    """
    faint = picture.opacity.n_faint > 0
    if not picture.opacity.n_visible and not (soft and faint):
        got = "no pixel of the picture is half opaque or more"
        if not faint:
            got = "every pixel of the picture is fully transparent"
        soft_way = ", or soft edges (alpha soft)" if faint and not hard else ""
        raise QuantizeError(f"{got}: choose one with at least one visible pixel{soft_way}")


def _room(picture: Colored, settings: Settings) -> tuple[int, tuple[str, ...]]:
    """Tell how many opaque colours the result may have, and a note if that is fewer than asked."""
    if settings.n_colors < 256 or settings.palette or not picture.opacity.n_hidden:
        return settings.n_colors, ()
    if len(settings.kept) == 256:
        raise QuantizeError(
            "keep must leave one of 256 entries to transparent pixels: at most 255 colours, got 256"
        )
    return 255, (ONE_LESS,)


def _fitting(picture: Colored, settings: Settings, n_colors: int) -> NDArray[np.uint8] | None:
    """Return the palette if there is nothing to choose: all colours fit, or those that stay fill it."""
    cells, kept = picture.cells, settings.kept
    if settings.palette:
        return kept
    if cells.exact and len(cells.colors) <= n_colors:  # sorting many takes longer than the search
        everything = np.unique(np.concatenate([kept, cells.colors.astype(np.uint8)]), axis=0)
        if len(everything) <= n_colors:
            return everything
    return kept if len(kept) == n_colors else None
