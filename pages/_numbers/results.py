"""What the page about paint by numbers works out of a picture: through the cache, and in turns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pages import _cache
from pages._cache import Checkpoint, Work
from pages._choices import Choices
from pages._color_names import look_up
from pages._numbers import protected
from pages._references import PictureRef, ResultRef
from pages._tables import to_colors
from quantize import Palette, Settings
from quantize.colors.hexadecimal import hex_colors
from quantize.numbers import flat
from quantize.numbers.layout import Choices as Sheet
from quantize.numbers.mapped import MOST_PAINTS
from quantize.numbers.numbered import Numbered, number_picture
from quantize.numbers.outlines import Drawn, draw_lines
from quantize.rendering.previews import grid

MOST_SHOWN = _cache.PREVIEW_SIDE


@dataclass(frozen=True)
class Wish:
    """What is to be painted: a picture, the paints by number, and the sheet; what names it in the cache.

    Attributes
    ----------
    picture : PictureRef
    colors, names : tuple of str
        "#rrggbb" of the paints in the order of their numbers, and as many names.
    space : str
    sheet : Sheet
    own : bool
        Whether numbers are places in a palette of the visitor's own.
    """

    picture: PictureRef
    colors: tuple[str, ...]
    names: tuple[str, ...]
    space: str
    sheet: Sheet
    own: bool

    @property
    def key(self) -> tuple[object, ...]:
        """Tells it from others."""
        return self.picture.digest, self.colors, self.names, self.space, self.sheet, self.own


def plain_settings(record: Choices) -> Settings:
    """The settings of a visitor's choices without dithering, for as many colours as a sheet has paints."""
    return replace(record, dither="none", k=min(record.k, MOST_PAINTS)).settings()


def make_wish(picture: PictureRef, result: ResultRef, record: Choices) -> Wish:
    """Put together what is wanted: a fixed palette's own numbers, or those of the colours that were found."""
    colors = record.palette or tuple(hex_colors(result.palette))
    given = look_up(record.names, colors)
    return Wish(picture, colors, tuple(given.get(code, "") for code in colors), record.space, Sheet(
        record.paper, record.orientation, record.brush, outline=record.outline, numerals=record.numerals,
        protect=protect_paints(record, colors),
    ), own=bool(record.palette))  # fmt: skip


def protect_paints(record: Choices, colors: tuple[str, ...]) -> tuple[str, ...]:
    """Find the paints that are protected, each once."""
    found = protected.match(record.protect, colors).values()
    return tuple(dict.fromkeys(code for code in found if code is not None))


def name_options(wish: Wish) -> dict[str, Any]:
    """Name what is wanted as options of the command line."""
    sheet = wish.sheet
    return {
        "--palette": ",".join(wish.colors), "--renumber": not wish.own, "--space": wish.space,
        "--paper": sheet.paper, "--orientation": sheet.orientation, "--brush": f"{sheet.brush:g}",
        "--outline": sheet.outline, "--numerals": sheet.numerals, "--protect": sheet.protect,
    }  # fmt: skip


def find(wish: Wish, checkpoint: Checkpoint) -> Numbered:
    """Find regions and places of numbers.

    Raises
    ------
    QuantizeError
        If that cannot be, or takes longer than a visitor's work may.
    """

    def make(timed: Checkpoint) -> Numbered:
        palette = Palette(to_colors(wish.colors), names=wish.names)
        opened = _cache.open_picture(wish.picture)
        return number_picture(opened, palette, wish.sheet, space=wish.space, own=wish.own, checkpoint=timed)

    return _cache.kept_of_steps(("numbers", *wish.key), make, checkpoint)


def _lines(wish: Wish, numbered: Numbered) -> Drawn:
    return _cache.kept(("numbers lines", *wish.key), lambda: draw_lines(numbered))


def _sheet(wish: Wish, numbered: Numbered) -> NDArray[np.uint8]:
    drawn = _lines(wish, numbered)
    return _cache.kept(("numbers sheet", *wish.key), lambda: flat.draw_sheet_flat(numbered, drawn))


def _solution(wish: Wish, numbered: Numbered) -> NDArray[np.uint8]:
    return _cache.kept(("numbers solution", *wish.key), lambda: flat.draw_solution_flat(numbered))


def previews(wish: Wish, numbered: Numbered) -> tuple[bytes, bytes]:
    """Sheet and solution as PNG at preview size."""
    sheet, solution = _sheet(wish, numbered), _solution(wish, numbered)

    def make() -> tuple[bytes, bytes]:
        small = solution[grid(solution.shape, MOST_SHOWN)]
        size = small.shape[1], small.shape[0]
        return flat.encode_sheet(sheet, size), flat.encode_solution(small, numbered)

    return _cache.kept(("numbers previews", *wish.key), make)


def part(wish: Wish, numbered: Numbered, left: int, top: int, right: int, bottom: int, pane: int) -> bytes:
    """A part of the sheet (pane 0) or of the solution, as fine as they are drawn."""
    box = slice(top, bottom), slice(left, right)
    if pane == 0:
        return flat.encode_sheet(_sheet(wish, numbered)[box])
    return flat.encode_solution(_solution(wish, numbered)[box], numbered)


def write(kind: str, wish: Wish, how: Callable[[Numbered], bytes]) -> bytes:
    """Write a file, in a turn; called by a download, in a thread of no visitor."""
    numbered = find(wish, _cache.nothing)
    return _cache.kept((kind, *wish.key), lambda: how(numbered), Work.LONG)
