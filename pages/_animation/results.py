"""What the page about animations makes of one: through the cache, and in turns."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages import _cache
from pages._cache import Checkpoint, Work
from pages._choices import Choices
from pages._references import PictureRef
from pages._viewer.reel import Sheets, lay_out
from quantize import Animated, Animation, Settings, quantize_animation, write_animation
from quantize.animation.writing import ANIMATION_KINDS, writing_notes
from quantize.colors.hexadecimal import hex_colors
from quantize.rendering.encode import encode_png
from quantize.rendering.previews import encode_original
from quantize.teaching.command import name_options

MOST_SHOWN = 25_000_000
"""Pixels of all frames together that a browser gets of original and result each; of more, every nth."""
MOST_SIDE, MOST_SHEET = 4096, 4_200_000
"""Of a sheet: its longer side, and all of its pixels."""
MOST_MEASURED = 12_000_000
"""Pixels of all frames together up to which files are written to tell how long they are."""


@dataclass(frozen=True, eq=False)
class Film:
    """What pages hold of an animation; its pixels are opened in turns.

    Attributes
    ----------
    source : PictureRef
    name : str
        Names it among all others.
    size, durations, loops, format, n_bytes, notes
        As in ``Animation``.
    step : int
        Every how manyth pixel is shown.
    sheets : Sheets
        Its frames as they are shown.
    """

    source: PictureRef
    name: str
    size: tuple[int, int]
    durations: tuple[int, ...]
    loops: int
    format: str
    n_bytes: int
    notes: tuple[str, ...]
    step: int
    sheets: Sheets

    @property
    def n_pixels(self) -> int:
        """Pixels of all frames together."""
        return len(self.durations) * self.size[0] * self.size[1]


@dataclass(frozen=True, eq=False)
class Wish:
    """What is to be made of which animation."""

    film: Film
    settings: Settings
    each_frame: bool
    still: bool

    @property
    def key(self) -> tuple[object, ...]:
        """Tells it from others."""
        return self.film.name, self.settings, self.each_frame, self.still


@dataclass(frozen=True, eq=False)
class Made:
    """What was made.

    Attributes
    ----------
    n_colors, mse, flicker, dithered, notes
        As of the engine's ``Animated``.
    sheets : Sheets
        Its frames as they are shown.
    lost : tuple of (kind, note)
        What files cannot hold of it.
    palette : tuple of (color, share)
        The one palette, as "#rrggbb", and the part of all visible pixels that each entry has; none if every
        frame has its own.
    """

    n_colors: int
    mse: float
    flicker: float
    dithered: bool
    notes: tuple[str, ...]
    sheets: Sheets
    lost: tuple[tuple[str, str], ...]
    palette: tuple[tuple[str, float], ...]

    @property
    def psnr_db(self) -> float:
        """As for pictures, of all frames together."""
        return math.inf if self.mse == 0 else 10 * math.log10(3 * 255**2 / self.mse)


def open_film(picture: PictureRef) -> Film:
    """Open the animation of a picture's file.

    Raises
    ------
    QuantizeError
        If its frames cannot be read.
    """

    def make() -> Film:
        found = _cache.open_animation(picture)
        step = find_step(found.n_frames, found.size)
        names = ("size", "durations", "loops", "format", "n_bytes", "notes")
        known = {name: getattr(found, name) for name in names}
        return Film(picture, found.digest, step=step, sheets=_show_original(found, step), **known)

    return _cache.kept(("film", *picture.source.key), make, Work.LONG)


def make_wish(film: Film, record: Choices) -> Wish:
    """Put together what was chosen; what has no effect is left out."""
    settings = record.settings().resolved()
    each_frame = record.each_frame and not settings.palette
    return Wish(film, settings, each_frame, record.still or each_frame or not settings.dithered)


def find(wish: Wish, checkpoint: Checkpoint, progress: Callable[[float], None]) -> Made:
    """Give an animation its colours.

    Raises
    ------
    QuantizeError
        If that cannot be, or takes longer than a visitor's work may.
    """

    def make(timed: Checkpoint) -> Made:
        made = _quantize(wish, timed, progress)
        return Made(
            made.n_colors, made.mse, made.flicker, made.settings.dithered, made.notes,
            _show_result(made, wish.film.step),
            tuple((kind, note) for kind in ANIMATION_KINDS for note in writing_notes(made, kind)),
            _share_out(made),
        )  # fmt: skip

    return _cache.kept_of_steps(("film made", *wish.key), make, checkpoint)


def _share_out(made: Animated) -> tuple[tuple[str, float], ...]:
    if len(made.palettes) > 1:
        return ()
    palette = made.palettes[0]
    counts = np.zeros(len(palette), np.int64)
    for number in range(made.n_frames):
        counts += np.bincount(made.indices[number][made.visible(number)], minlength=len(palette))
    shares = counts / max(1, counts.sum())
    return tuple(zip(hex_colors(palette), shares.tolist(), strict=True))


def write(wish: Wish, kind: str, checkpoint: Checkpoint = _cache.nothing) -> bytes:
    """Write a file, in a turn.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """

    def make(timed: Checkpoint) -> bytes:
        return write_animation(_quantize(wish, timed), kind, checkpoint=timed)

    return _cache.kept_of_steps(("film file", kind, *wish.key), make, checkpoint)


def list_options(wish: Wish) -> dict[str, Any]:
    """Name what was chosen as options of the command line."""
    return {**name_options(wish.settings), "--palette-each": wish.each_frame, "--no-still": not wish.still}


def _quantize(
    wish: Wish, checkpoint: Checkpoint, progress: Callable[[float], None] | None = None
) -> Animated:
    """Within a turn: what was made is kept, too, if there is room."""

    def make() -> Animated:
        opened = _cache.open_animation(wish.film.source)
        return quantize_animation(
            opened, wish.settings, one_palette=not wish.each_frame, still=wish.still, checkpoint=checkpoint,
            progress=progress,
        )  # fmt: skip

    return _cache.kept(("film indices", *wish.key), make)


def find_step(n_frames: int, size: tuple[int, int]) -> int:
    """Choose every how manyth pixel of a frame is shown, so that a browser can hold all frames."""
    width, height = size
    step = max(1, -(-max(size) // _cache.PREVIEW_SIDE))
    while n_frames * -(-width // step) * -(-height // step) > MOST_SHOWN:
        step += 1
    return step


def _show_original(found: Animation, step: int) -> Sheets:
    pixels, alpha = _thin(found.pixels, step), None if found.alpha is None else _thin(found.alpha, step)

    def encode(part: slice, columns: int) -> bytes:
        whole = _tile(pixels[part], columns)
        return encode_original(whole, None if alpha is None else _tile(alpha[part], columns))[0]

    return _sheets(pixels, encode)


def _show_result(made: Animated, step: int) -> Sheets:
    """Indexed where a palette holds all entries of a sheet, else its very colours."""
    indices, alpha = _thin(made.indices, step), None if made.alpha is None else _thin(made.alpha, step)

    def encode(part: slice, columns: int) -> bytes:
        clear = (
            None if alpha is None else _tile(np.where(alpha[part] < 128, 0, 255).astype(np.uint8), columns)
        )
        if len(made.palettes) == 1 and (clear is None or len(made.palettes[0]) < 256):
            return encode_png(made.palettes[0], _tile(indices[part], columns), clear, optimize=False)
        numbers = range(*part.indices(len(indices)))
        colors = np.stack([made.palette_of(number)[indices[number]] for number in numbers])
        return encode_original(_tile(colors, columns), clear)[0]

    return _sheets(indices, encode)


def _thin(frames: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Every nth row and column, as previews of pictures have them."""
    if step == 1:
        return frames
    shape = frames.shape[1:3]
    rows, columns = (slice(min(step, side) // 2, side, step) for side in shape)
    return np.ascontiguousarray(frames[:, rows, columns])


def _sheets(frames: NDArray[np.uint8], encode: Callable[[slice, int], bytes]) -> Sheets:
    n_frames, height, width = frames.shape[:3]
    columns, rows = lay_out(n_frames, (width, height), MOST_SIDE, MOST_SHEET)
    each = columns * rows
    files = tuple(encode(slice(at, min(at + each, n_frames)), columns) for at in range(0, n_frames, each))
    return Sheets(files, columns, rows, (width, height))


def _tile(frames: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """Lay frames row by row; places behind the last one are 0."""
    n_frames, height, width, *rest = frames.shape
    rows = -(-n_frames // columns)
    full = np.zeros((rows * columns, height, width, *rest), np.uint8)
    full[:n_frames] = frames
    laid = full.reshape(rows, columns, height, width, *rest).swapaxes(1, 2)
    return np.ascontiguousarray(laid.reshape(rows * height, columns * width, *rest))
