"""A picture written by a recipe: the file itself, and what a program that opens it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.colors.opacity import is_visible
from quantize.colors.spaces import find_space
from quantize.decoding.picture import Picture
from quantize.decoding.resolution import Dpi
from quantize.dithering.dither import dither_pixels
from quantize.errors import QuantizeError
from quantize.pipeline import Quantized, quantize_image
from quantize.rendering.encode import encode_png
from quantize.sizing.following import follow_neighbors
from quantize.sizing.kinds import write_gif
from quantize.sizing.recipe import Recipe
from quantize.sizing.squeezing import squeeze_indexed

Checkpoint = Callable[[], None]

_LOOKS: dict[str, Any] = {"space": "Oklab", "method": "looks"}
_NUMBERS: dict[str, Any] = {"space": "BGR", "method": "kmeans"}


@dataclass(frozen=True, eq=False)
class Written:
    """A file, and its pixels.

    Attributes
    ----------
    recipe : Recipe
    data : bytes
        The whole file.
    pixels : uint8, shape (h, w, 3)
        What it shows, sRGB; of a scaled one in the size of the file.
    alpha : uint8, shape (h, w), or None
    result : Quantized or None
        Palette and indices where the kind holds a palette.
    """

    recipe: Recipe
    data: bytes
    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    result: Quantized | None = None


class Writer:
    """Writes one picture in many ways, and finds each palette once.

    Parameters
    ----------
    picture : Picture
        With at least one visible pixel where palettes are wanted.
    squeeze : bool
        Whether indexed PNGs are packed in every way there is (``squeezing.py``), which takes longer.
    """

    def __init__(self, picture: Picture, *, squeeze: bool = False) -> None:
        self._picture = picture
        self._squeeze = squeeze
        self._scaled: dict[float, Picture] = {1.0: picture}
        self._nearest: dict[tuple[int, float, bool], Quantized] = {}

    def write(
        self, recipe: Recipe, checkpoint: Checkpoint | None = None, *, estimated: bool = False
    ) -> Written:
        """Write the picture; where lengths are ``estimated`` indexed PNGs need no file, and get an empty one.

        Raises
        ------
        QuantizeError
            If the kind of file cannot hold it, or no pixel is visible and there must be a palette.
        """
        picture, kind = self.scaled(recipe.scale), recipe.of_kind
        check_fits(picture, recipe)
        if kind.indexed:
            result = self.index(recipe, checkpoint)
            if recipe.kind == "gif":
                data = write_gif(result.palette, result.indices, result.alpha)
            elif estimated:
                data = b""
            else:
                data = self._pack(result, picture.dpi)
            return Written(recipe, data, result.pixels, _hard(result.alpha), result)
        assert kind.write is not None
        data = kind.write(picture.pixels, picture.alpha, recipe.quality, picture.dpi, recipe.whole_color)
        if not kind.lossy:
            return Written(recipe, data, picture.pixels, picture.alpha)
        return Written(recipe, data, *_read(data))

    def _pack(self, result: Quantized, dpi: Dpi | None) -> bytes:
        if self._squeeze:
            return squeeze_indexed(result.palette, result.indices, result.alpha, dpi=dpi)
        return encode_png(result.palette, result.indices, result.alpha, optimize=True, dpi=dpi)

    def index(self, recipe: Recipe, checkpoint: Checkpoint | None = None) -> Quantized:
        """Find palette and indices of a recipe whose kind holds a palette, without idle entries."""
        picture = self.scaled(recipe.scale)
        found = self._find_nearest(recipe, checkpoint)
        if recipe.strength:
            made = dither_pixels(
                picture.pixels, found.palette, "looks", strength=recipe.strength, light="encoded",
                alpha=picture.alpha, runs=recipe.runs, to_working=find_space("Oklab").mapping,
                checkpoint=checkpoint,
            )  # fmt: skip
            found = replace(found, indices=made.indices, counts=made.counts, sse=made.sse)
        elif recipe.follow and found.sse:
            indices = follow_neighbors(
                picture.pixels, found.palette, found.indices, recipe.follow, checkpoint
            )  # fmt: skip
            found = replace(found, indices=indices)
        return drop_idle(found)

    def _find_nearest(self, recipe: Recipe, checkpoint: Checkpoint | None) -> Quantized:
        """Find the palette, and the nearest entry of every pixel."""
        key = recipe.n_colors or 256, recipe.scale, recipe.numbers
        if key not in self._nearest:
            self._nearest[key] = quantize_image(
                self.scaled(recipe.scale), n_colors=key[0], checkpoint=checkpoint,
                **_NUMBERS if recipe.numbers else _LOOKS,
            )  # fmt: skip
        return self._nearest[key]

    def scaled(self, scale: float) -> Picture:
        """Make the picture smaller, with softened edges between its pixels."""
        if scale not in self._scaled:
            self._scaled[scale] = scale_picture(self._picture, scale)
        return self._scaled[scale]


def check_fits(picture: Picture, recipe: Recipe) -> None:
    """Refuse what a kind of file cannot hold."""
    kind, longest = recipe.of_kind, max(picture.size)
    if longest > kind.longest:
        raise QuantizeError(f"{kind.title} holds at most {kind.longest:,} pixels a side, got {longest:,}")
    if not kind.clear and picture.alpha is not None:
        raise QuantizeError(f"{kind.title} cannot hold transparency: choose png, webp or avif")


def scale_picture(picture: Picture, scale: float) -> Picture:
    """Make a picture smaller: each side ``scale`` times as long, at least a pixel."""
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    pixels, alpha = resize(picture.pixels, picture.alpha, (size[0], size[1]))
    dpi = None if picture.dpi is None else (picture.dpi[0] * scale, picture.dpi[1] * scale)
    if dpi is not None and not all(1 <= side <= 100_000 for side in dpi):
        dpi = None
    return replace(Picture.from_pixels(pixels, alpha), dpi=dpi)


def resize(
    pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Bring pixels, uint8 (h, w, 3), and alpha to a width and height; clear colours do not bleed."""
    image = Image.fromarray(pixels)
    if alpha is not None:
        image.putalpha(Image.fromarray(alpha))
    array = np.asarray(image.resize(size, Image.Resampling.LANCZOS))
    return np.ascontiguousarray(array[..., :3]), None if alpha is None else np.ascontiguousarray(
        array[..., 3]
    )


def drop_idle(found: Quantized) -> Quantized:
    """Drop entries without a pixel from a result."""
    visible = slice(None) if found.alpha is None else is_visible(found.alpha)
    counts = np.bincount(found.indices[visible].ravel(), minlength=len(found.palette))
    used = counts > 0
    places = np.where(used, np.cumsum(used) - 1, 0).astype(np.uint8)
    return replace(
        found,
        palette=found.palette[used],
        indices=places[found.indices],
        counts=counts[used].astype(np.int64),
    )


def _hard(alpha: NDArray[np.uint8] | None) -> NDArray[np.uint8] | None:
    return None if alpha is None else np.where(is_visible(alpha), np.uint8(255), np.uint8(0))


def _read(data: bytes) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Read a file that was just written here."""
    with Image.open(BytesIO(data)) as image:
        array = np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    pixels = np.ascontiguousarray(array[..., :3])
    return pixels, np.ascontiguousarray(array[..., 3]) if array.shape[2] == 4 else None
