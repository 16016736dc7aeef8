"""What the page about pixel art makes of a picture: through the cache, and in turns."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from pages import _cache, _controls, _looked_at, _state
from pages._choices import Choices
from pages._references import PictureRef
from pages._tables import art_palette
from quantize import QuantizeError
from quantize.palettes.tables import read_tables
from quantize.pixelart.choices import parse_cell
from quantize.pixelart.files import lay_over, write_art
from quantize.pixelart.restoring import Cells, Restored, color_cells, find_cells
from quantize.rendering.previews import grid

SAMPLE = "pixels"
Key = tuple[Any, ...]


def find(picture: PictureRef, record: Choices, tell: Callable[[], object]) -> Cells | str:
    """Find the cells, or say in a sentence why there are none; ``tell`` is called before it takes time."""
    key = "cells", picture.digest, record.cell, record.art_pick

    def make() -> Cells | str:
        tell()
        cell = parse_cell(record.cell) if record.cell else None
        try:
            return find_cells(_cache.open_picture(picture), cell=cell, pick=record.art_pick)
        except QuantizeError as error:
            return str(error)

    return _cache.kept(key, make, _cache.Work.LONG)


def restore(picture: PictureRef, record: Choices, cells: Cells) -> tuple[Restored, Key]:
    """Choose colours for cells; also the name of what comes of it.

    Raises
    ------
    QuantizeError
        If that cannot be.
    """
    palette = art_palette(record)
    how: dict[str, Any] = {"space": record.space}
    how |= {"palette": palette} if palette else {"n_colors": record.art_k}
    key = "art", picture.digest, record.cell, record.art_pick, *how.items()
    return _cache.kept(key, partial(color_cells, cells, **how)), key


def name_options(record: Choices) -> dict[str, Any]:
    """Name what was chosen as options of the command line, with their values."""
    palette = art_palette(record)
    colors = {"--palette": record.art_table if record.art_table in read_tables() else ",".join(palette)}
    return {
        "--cell": record.cell or None, **(colors if palette else {"-k": record.art_k}),
        "--space": record.space, "--pick": record.art_pick,
    }  # fmt: skip


def draw(picture: PictureRef, restored: Restored, key: Key) -> bytes:
    """Draw every cell where it lies in the picture, thinned as that is shown."""

    def make() -> bytes:
        width, height = picture.size
        return lay_over(restored, picture.size, *grid((height, width), _cache.PREVIEW_SIDE))

    return _cache.kept(("art shown", *key), make)


def cut(
    picture: PictureRef, restored: Restored, left: int, top: int, right: int, bottom: int, pane: int
) -> bytes:
    """Cut a part out of the original or the result, in full resolution."""
    if pane == 0:
        return _cache.part(picture, [], left, top, right, bottom, 0)
    return lay_over(restored, picture.size, slice(top, bottom), slice(left, right))


def write(restored: Restored, key: Key, scale: int) -> bytes:
    """Write the file."""
    return _cache.kept(("art file", scale, *key), partial(write_art, restored, scale))


def is_true_size(found: Cells | str) -> bool:
    """Tell whether nothing larger than a pixel was found."""
    return not isinstance(found, str) and found.looked and found.grid.is_true_size


def is_the_sample() -> bool:
    """Tell whether the picture that is looked at is the one in which there is a grid."""
    return _looked_at.shown_sample(_state.choices()) == SAMPLE


def use_sample() -> None:
    """Look at that picture, and for its grid: for a callback."""
    _state.update(lambda record: replace(_controls.take_sample(_state.visit(), record, SAMPLE), cell=""))
