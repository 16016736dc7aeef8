"""From a picture and a person's choices to the palette: before any pixel is assigned."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError
from quantize.kmeans import distinct_palette
from quantize.methods import find_method
from quantize.picture import Picture
from quantize.settings import Settings
from quantize.spaces import find_space
from quantize.task import Hooks, Task


@dataclass(frozen=True, eq=False)
class Selected:
    """A palette uint8 (k, 3) from dark to light, the rounds it took (None if unknown), and notes."""

    palette: NDArray[np.uint8]
    iterations: int | None
    notes: tuple[str, ...]


def select_palette(
    picture: Picture,
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
    everything = _fitting(picture, settings, n_colors)
    if everything is not None:
        return Selected(dark_to_light(everything), 0, notes)
    hooks = Hooks(checkpoint or Hooks.checkpoint, progress or Hooks.progress)
    space, kept, cells = find_space(settings.space), settings.kept, picture.cells
    task = Task(picture, space, n_colors, kept, settings.rare, settings.search, hooks)
    found = find_method(settings.method).find(task)
    centers = space.to_srgb(found.centers)
    centers[: len(kept)] = kept
    # A method may find fewer than asked; doubles are then moved to the colours that are served worst.
    missing = np.repeat(centers[:1], n_colors - len(centers), axis=0)
    centers = np.concatenate([centers, missing])
    palette = distinct_palette(centers, cells.colors, cells.counts, n_kept=len(kept))
    return Selected(dark_to_light(palette), found.iterations, notes + found.notes)


def require_visible(picture: Picture) -> None:
    """Refuse a picture in which there is nothing to quantize.

    Raises
    ------
    QuantizeError
        If no pixel is visible.
    """
    if not len(picture.cells.counts):
        raise QuantizeError("the picture is fully transparent: choose one with at least one visible pixel")


def _room(picture: Picture, settings: Settings) -> tuple[int, tuple[str, ...]]:
    """How many opaque colours the result may have, and a note if that is fewer than asked."""
    if settings.n_colors < 256 or picture.alpha is None or picture.alpha.min() >= 128:
        return settings.n_colors, ()
    if len(settings.keep) == 256:
        raise QuantizeError(
            "keep must leave one of 256 entries to transparent pixels: at most 255 colours, got 256"
        )
    return 255, ("255 colours and one entry for transparent pixels",)


def _fitting(picture: Picture, settings: Settings, n_colors: int) -> NDArray[np.uint8] | None:
    """The palette if there is nothing to choose: all colours fit, or the kept ones fill it."""
    cells, kept = picture.cells, settings.kept
    if cells.exact:
        everything = np.unique(np.concatenate([kept, cells.colors.astype(np.uint8)]), axis=0)
        if len(everything) <= n_colors:
            return everything
    return kept if len(kept) == n_colors else None


def dark_to_light(palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Sort a palette, uint8 (k, 3), by luma (Rec. 709 weights on encoded values), then by R, G, B.

    Neighbouring entries look alike then, which also makes the indices compress better.
    """
    red, green, blue = palette.astype(np.int64).T
    luma = 2126 * red + 7152 * green + 722 * blue
    return palette[np.lexsort((blue, green, red, luma))]
