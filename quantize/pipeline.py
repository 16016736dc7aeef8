"""The whole story: a picture in, a palette and an index for every pixel out.

    picture → set of colours → histogram → working colours → k-means → 8-bit palette
            → nearest entry of every colour → entry of every pixel

The palette is the work of ``selection``. Without dithering a pixel's entry depends on its colour alone, so
the whole result is an outline (``outline``) whose entries are looked up for the pixels. With it, pixels are
looked at one by one. Where entries may be partly transparent, all that is ``softened``'s.

Distances are measured in the chosen space, the result is sRGB. A picture that already fits is
returned unchanged. The same input and settings give the same bytes on any number of threads.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.nearest import look_up_pixels
from quantize.colors.opacity import is_visible
from quantize.colors.spaces import find_space
from quantize.decoding.picture import SHOWN_SIDE, Picture
from quantize.dithered import plan_dithering
from quantize.outline import Outline, outline_result
from quantize.palettes.entries import arrange_entries, renumber, with_opacities
from quantize.rendering.encode import encode_png
from quantize.rendering.previews import grid
from quantize.selection import idle_notes
from quantize.settings import Settings, choose
from quantize.softened import soften


@dataclass(frozen=True, eq=False)
class Quantized:
    """A quantized picture.

    Attributes
    ----------
    palette : uint8, shape (k, 3)
        sRGB, dark to light, all different; ``k`` ≤ ``settings.n_colors``. Another order, with entries that
        stand twice, if ``in_order`` made it. With ``opacities`` colour and opacity together are different.
    indices : uint8, shape (h, w)
        Palette entry of every pixel, also of those that are not visible (see ``colors/opacity.py``).
    counts : int64, shape (k,)
        Visible pixels of every entry.
    settings : Settings
        The choices, nothing left open.
    sse : float
        Sum over visible pixels of the squared sRGB distance to the original, R + G + B.
    iterations : int or None
        Rounds the method ran; 0 if there was nothing to search, None if it does not say (``cv2.kmeans``).
    alpha : uint8, shape (h, w), or None
        The original's transparency, kept.
    notes : tuple of str
        What a person should know about this result.
    opacities : uint8, shape (k,), or None
        Alpha of every entry, if some may be partly transparent (``settings.alpha`` "soft"): these come first.
        If the picture has fully transparent pixels, entry 0 is for them and no colour, besides
        ``settings.n_colors`` others. Then ``sse`` and ``mse`` are means over black and over white, and
        ``counts`` are of all pixels that were not fully transparent. None if every entry is opaque.
    """

    palette: NDArray[np.uint8]
    indices: NDArray[np.uint8]
    counts: NDArray[np.int64]
    settings: Settings
    sse: float
    iterations: int | None
    alpha: NDArray[np.uint8] | None
    notes: tuple[str, ...]
    opacities: NDArray[np.uint8] | None = None

    @property
    def entries(self) -> NDArray[np.uint8]:
        """The palette, uint8 (k, 3), or (k, 4) with the opacity of every entry where some may be soft."""
        return with_opacities(self.palette, self.opacities)

    @property
    def rgba(self) -> NDArray[np.uint8]:
        """What an indexed file shows, uint8 (h, w, 4): fully transparent pixels are (0, 0, 0, 0)."""
        if self.opacities is not None:
            return self.entries[self.indices]
        made = np.full((*self.shape, 4), 255, np.uint8)
        made[..., :3] = self.pixels
        if self.alpha is not None:
            made[~is_visible(self.alpha)] = 0
        return made

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.indices.shape
        return height, width

    def entries_at(self, rows: slice, columns: slice) -> NDArray[np.uint8]:
        """Find the palette entries of some rows and columns, uint8 (h', w'); slices may have steps."""
        return self.indices[rows, columns]

    def pixels_at(self, rows: slice, columns: slice) -> NDArray[np.uint8]:
        """Return the same as colours, uint8 (h', w', 3) sRGB."""
        return self.palette[self.entries_at(rows, columns)]

    def _repr_png_(self) -> bytes:
        """Draw it for a notebook, thinned to a screen's size: an indexed PNG of the very entries."""
        rows, columns = grid(self.shape, SHOWN_SIDE)
        alpha = None if self.alpha is None else np.ascontiguousarray(self.alpha[rows, columns])
        indices = np.ascontiguousarray(self.indices[rows, columns])
        return encode_png(self.entries, indices, alpha, optimize=False)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The result as uint8 (h, w, 3) sRGB, made anew at each call."""
        return self.palette[self.indices]

    def in_order(self, order: str) -> "Quantized":
        """Return the same pixels with the entries in another order: a key of ``ENTRY_ORDERS``.

        "dark": dark to light, as they are. "file": those of ``settings.palette`` or ``keep`` as they were
        given, unused ones and ones that stand twice too, so that numbers mean what they mean there; others
        behind them. "use": what has most pixels first. Partly transparent entries stay before the others.

        Raises
        ------
        QuantizeError
            If there is no such order.
        """
        arranged = arrange_entries(self.entries, self.counts, self.settings.ordered, order)
        return self.with_entries(arranged)

    def with_entries(self, arranged: NDArray[np.uint8]) -> "Quantized":
        """Return the same pixels with these entries, shaped as ``entries``, among which all of them are.

        Raises
        ------
        QuantizeError
            If one is missing.
        """
        places = renumber(self.entries, np.arange(len(self.palette), dtype=np.uint8), arranged)
        counts = np.zeros(len(arranged), np.int64)
        counts[places] = self.counts
        made = replace(self, palette=arranged[:, :3], indices=places[self.indices], counts=counts)
        return made if self.opacities is None else replace(made, opacities=arranged[:, 3])

    @property
    def mse(self) -> float:
        """Squared sRGB distance to the original per visible pixel, R + G + B."""
        return self.sse / int(self.counts.sum())


def quantize_image(
    image: Picture | NDArray[np.uint8],
    settings: Settings | None = None,
    *,
    preset: str | None = None,
    checkpoint: Callable[[], None] | None = None,
    progress: Callable[[float], None] | None = None,
    **choices: Any,
) -> Quantized:
    """Reduce a picture to at most ``n_colors`` colours.

    Parameters
    ----------
    image : Picture, or uint8 of shape (h, w, 3)
        sRGB, R, G, B order. (From ``cv2.imread``, which gives B, G, R: pass ``image[..., ::-1]``.)
    settings : Settings, optional
        The choices; defaults where left out.
    preset : str, optional
        A key of ``presets.PRESETS``: choices that belong together, over ``settings``.
    checkpoint : callable, optional
        Called often, on the calling thread, during long work; what it raises ends the work.
    progress : callable, optional
        Called now and then with the share that is done, 0–1.
    **choices
        Single choices over both: ``n_colors=16, space="LAB"``.

    Returns
    -------
    Quantized
        Exactly ``n_colors`` different colours wherever the picture has that many; the picture itself
        if it has no more. With a fixed ``palette`` exactly its colours, used or not. Every pixel has the
        entry nearest to it in the chosen space; with a dither, one near it, and then an entry may end up
        with no pixel. Of 256 colours, a picture with transparent pixels gets 255: an indexed file needs one
        for them; of a fixed palette one is without a pixel then. With ``alpha`` "soft" the same holds of
        colour and opacity together; fully transparent pixels get an entry of their own, and at 256 there are
        255 others.

    Raises
    ------
    QuantizeError
        If a choice is out of its limits, the array is not a picture, or no pixel is visible.
    """
    settings = choose(settings, preset=preset, **choices).resolved()
    picture = image if isinstance(image, Picture) else Picture.from_pixels(image)
    settings = settings.beside(picture.opacity)
    if settings.alpha == "soft":
        return _softened(picture, settings, checkpoint, progress)
    if settings.dithered:
        return _dithered(picture, settings, checkpoint, progress)
    outline = outline_result(picture, settings, checkpoint=checkpoint, progress=progress)
    if checkpoint:
        checkpoint()
    return _filled(picture, outline)


def _filled(picture: Picture, outline: Outline) -> Quantized:
    """Fill an outline with the entries of all pixels."""
    to_working = find_space(outline.settings.space).mapping
    indices, _ = look_up_pixels(
        picture.pixels, picture.alpha, picture.color_set, outline.table, outline.palette, to_working
    )
    return Quantized(
        palette=outline.palette,
        indices=indices,
        counts=outline.counts,
        settings=outline.settings,
        sse=outline.sse,
        iterations=outline.iterations,
        alpha=picture.alpha,
        notes=outline.notes,
    )


def _softened(
    picture: Picture,
    settings: Settings,
    checkpoint: Callable[[], None] | None,
    progress: Callable[[float], None] | None,
) -> Quantized:
    made = soften(picture, settings, checkpoint=checkpoint, progress=progress)
    return Quantized(
        palette=np.ascontiguousarray(made.entries[:, :3]),
        indices=made.indices,
        counts=made.counts,
        settings=settings,
        sse=made.sse,
        iterations=made.iterations,
        alpha=picture.alpha,
        notes=made.notes,
        opacities=np.ascontiguousarray(made.entries[:, 3]),
    )


def _dithered(
    picture: Picture,
    settings: Settings,
    checkpoint: Callable[[], None] | None,
    progress: Callable[[float], None] | None,
) -> Quantized:
    plan = plan_dithering(picture, settings, checkpoint=checkpoint, progress=progress)
    remapped = plan.dither(picture.pixels, picture.alpha, checkpoint)
    needless = ("nothing to dither: every colour of the picture is in the palette",)
    return Quantized(
        palette=plan.palette,
        indices=remapped.indices,
        counts=remapped.counts,
        settings=settings,
        sse=remapped.sse,
        iterations=plan.selected.iterations,
        alpha=picture.alpha,
        notes=plan.selected.notes
        + needless * (remapped.sse == 0)
        + idle_notes(settings, remapped.counts)
        + picture.opacity.notes,
    )
