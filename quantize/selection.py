"""From a picture and a person's choices to the palette: before any pixel is assigned."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quantize.colors.counted import Colored
from quantize.colors.nearest import Mapped
from quantize.colors.opacity import Opacity
from quantize.colors.spaces import find_space
from quantize.errors import QuantizeError
from quantize.methods.rounding import distinct_palette
from quantize.methods.settling import settle_palette
from quantize.methods.table import find_method
from quantize.methods.task import Hooks, Task
from quantize.settings import Settings

ONE_LESS = "255 colours and one entry for transparent pixels"


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
    """

    palette: NDArray[np.uint8]
    mapped: Mapped
    iterations: int | None
    notes: tuple[str, ...]


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
    require_visible(picture)
    n_colors, notes = _room(picture, settings)
    palette, iterations, more = _find(picture, settings, n_colors, Hooks.of(checkpoint, progress))
    palette, mapped = settle_palette(
        picture.color_set, palette, settings.kept, find_space(settings.space).mapping
    )
    return Selected(palette, mapped, iterations, notes + more)


def _find(
    picture: Colored, settings: Settings, n_colors: int, hooks: Hooks
) -> tuple[NDArray[np.uint8], int | None, tuple[str, ...]]:
    """Find the palette uint8 (k, 3), rounds, notes."""
    everything = _fitting(picture, settings, n_colors)
    if everything is not None:
        return everything, 0, ()
    space, kept, cells = find_space(settings.space), settings.kept, picture.cells
    task = Task(picture, space, n_colors, kept, settings.rare, settings.search, hooks)
    found = find_method(settings.method).find(task)
    centers = space.to_srgb(found.centers)
    centers[: len(kept)] = kept
    # A method may find fewer than asked; doubles are then moved to the colours that are served worst.
    missing = np.repeat(centers[:1], n_colors - len(centers), axis=0)
    centers = np.concatenate([centers, missing])
    palette = distinct_palette(centers, cells.colors, cells.counts, n_kept=len(kept))
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


def require_visible(picture: _WithOpacity) -> None:
    """Refuse a picture in which there is nothing to quantize.

    Raises
    ------
    QuantizeError
        If no pixel is visible.
    """
    if not picture.opacity.n_visible:
        faint = bool(picture.opacity.n_faint)
        got = "less than half opaque" if faint else "fully transparent"
        soft = ", or alpha soft on the command line or in a program" if faint else ""
        raise QuantizeError(
            f"every pixel of the picture is {got}: choose one with at least one visible pixel{soft}"
        )


def _room(picture: Colored, settings: Settings) -> tuple[int, tuple[str, ...]]:
    """Tell how many opaque colours the result may have, and a note if that is fewer than asked."""
    if settings.n_colors < 256 or not picture.opacity.n_hidden:
        return settings.n_colors, ()
    if len(settings.kept) == 256:
        name = "palette" if settings.palette else "keep"
        raise QuantizeError(
            f"{name} must leave one of 256 entries to transparent pixels: at most 255 colours, got 256"
        )
    return 255, (ONE_LESS,)


def _fitting(picture: Colored, settings: Settings, n_colors: int) -> NDArray[np.uint8] | None:
    """Return the palette if there is nothing to choose: all colours fit, or those that stay fill it."""
    cells, kept = picture.cells, settings.kept
    if settings.palette:
        return kept
    if cells.exact:
        everything = np.unique(np.concatenate([kept, cells.colors.astype(np.uint8)]), axis=0)
        if len(everything) <= n_colors:
            return everything
    return kept if len(kept) == n_colors else None
