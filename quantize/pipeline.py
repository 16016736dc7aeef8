"""The whole story: a picture in, a palette and an index for every pixel out.

    picture → histogram → working colours → k-means → 8-bit palette → nearest entry for every pixel

Distances are measured in the chosen space, the result is sRGB. A picture that already fits is
returned unchanged. The same input and settings give the same bytes on any number of threads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError
from quantize.kmeans import distinct_palette
from quantize.methods import find_method
from quantize.nearest import remap
from quantize.picture import Picture
from quantize.settings import Settings, choose
from quantize.spaces import find_space
from quantize.task import Hooks, Task


@dataclass(frozen=True, eq=False)
class Quantized:
    """A quantized picture.

    Attributes
    ----------
    palette : uint8, shape (k, 3)
        sRGB, dark to light, all different; ``k`` ≤ ``settings.n_colors``.
    indices : uint8, shape (h, w)
        Palette entry of every pixel, also of fully transparent ones (where it means nothing).
    counts : int64, shape (k,)
        Visible pixels of every entry.
    settings : Settings
        The choices, nothing left open.
    sse : float
        Sum over visible pixels of the squared sRGB distance to the original, R + G + B.
    iterations : int or None
        Rounds the method ran; 0 if the picture already fitted, None if it does not say (``cv2.kmeans``).
    alpha : uint8, shape (h, w), or None
        The original's transparency, kept.
    notes : tuple of str
        What a person should know about this result.
    """

    palette: NDArray[np.uint8]
    indices: NDArray[np.uint8]
    counts: NDArray[np.int64]
    settings: Settings
    sse: float
    iterations: int | None
    alpha: NDArray[np.uint8] | None
    notes: tuple[str, ...]

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The result as uint8 (h, w, 3) sRGB, made anew at each call."""
        return self.palette[self.indices]

    @property
    def mse(self) -> float:
        """Squared sRGB distance to the original per visible pixel, R + G + B."""
        return self.sse / int(self.counts.sum())


def quantize_image(
    image: Picture | NDArray[np.uint8],
    settings: Settings | None = None,
    *,
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
    checkpoint : callable, optional
        Called often, on the calling thread, during long work; what it raises ends the work.
    progress : callable, optional
        Called now and then with the share that is done, 0–1.
    **choices
        Single choices over ``settings``: ``n_colors=16, space="LAB"``.

    Returns
    -------
    Quantized
        Exactly ``n_colors`` different colours wherever the picture has that many; the picture itself
        if it has no more. Every pixel has the entry nearest to it in the chosen space. Of 256
        colours, a picture with transparent pixels gets 255: an indexed file needs one for them.

    Raises
    ------
    QuantizeError
        If a choice is out of its limits, the array is not a picture, or no pixel is visible.
    """
    settings = choose(settings, **choices).resolved()
    picture = image if isinstance(image, Picture) else Picture.from_pixels(image)
    if not len(picture.cells.counts):
        raise QuantizeError("the picture is fully transparent: choose one with at least one visible pixel")
    n_colors, notes = _room(picture, settings.n_colors)
    hooks = Hooks(checkpoint or Hooks.checkpoint, progress or Hooks.progress)
    palette, iterations, more = _find_palette(picture, settings, n_colors, hooks)
    hooks.checkpoint()
    space = find_space(settings.space)
    mapped = remap(picture.pixels, palette, None if space.key == "BGR" else space.to_working, picture.alpha)
    return Quantized(
        palette, mapped.indices, mapped.counts, settings, mapped.sse, iterations, picture.alpha, notes + more
    )


def _room(picture: Picture, n_colors: int) -> tuple[int, tuple[str, ...]]:
    """How many opaque colours the result may have, and a note if that is fewer than asked."""
    if n_colors == 256 and picture.alpha is not None and picture.alpha.min() < 128:
        return 255, ("255 colours and one entry for transparent pixels",)
    return n_colors, ()


def _find_palette(
    picture: Picture, settings: Settings, n_colors: int, hooks: Hooks
) -> tuple[NDArray[np.uint8], int | None, tuple[str, ...]]:
    """Palette uint8 (k, 3) from dark to light, iterations, notes."""
    cells, kept, space = picture.cells, settings.kept, find_space(settings.space)
    if len(kept) > n_colors:
        raise QuantizeError(
            f"keep must leave one of 256 entries to transparent pixels: at most 255 colours, got {len(kept)}"
        )
    if cells.exact:
        everything = np.unique(np.concatenate([kept, cells.colors.astype(np.uint8)]), axis=0)
        if len(everything) <= n_colors:
            return dark_to_light(everything), 0, ()
    if len(kept) == n_colors:
        return dark_to_light(kept), 0, ()
    task = Task(picture, space, n_colors, kept, settings.rare, settings.search, hooks)
    found = find_method(settings.method).find(task)
    centers = space.to_srgb(found.centers)
    centers[: len(kept)] = kept
    # A method may find fewer than asked; doubles are then moved to the colours that are served worst.
    missing = np.repeat(centers[:1], n_colors - len(centers), axis=0)
    palette = distinct_palette(
        np.concatenate([centers, missing]), cells.colors, cells.counts, n_kept=len(kept)
    )
    return dark_to_light(palette), found.iterations, found.notes


def dark_to_light(palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Sort a palette, uint8 (k, 3), by luma (Rec. 709 weights on encoded values), then by R, G, B.

    Neighbouring entries look alike then, which also makes the indices compress better.
    """
    red, green, blue = palette.astype(np.int64).T
    luma = 2126 * red + 7152 * green + 722 * blue
    return palette[np.lexsort((blue, green, red, luma))]
