"""The palette page's result, for the page and for the card of a link to it."""

from collections.abc import Callable

from pages import _cache
from pages._references import PictureRef, ResultRef
from quantize import Palette, Settings
from quantize.palettes.pairs import merge_similar
from quantize.settings import LIMITS, choose


def find_palette(
    picture: PictureRef, settings: Settings, merge: float, checkpoint: Callable[[], None]
) -> ResultRef:
    """Quantize around what is pinned; if colours are to be merged, once more with what is left of them.

    Raises
    ------
    QuantizeError
        As for ``_cache.quantized``.
    """
    result = _cache.quantized(picture, settings, checkpoint).result
    if not merge or settings.palette:
        return result
    found = Palette.from_counts(result.palette, result.counts)
    merged = merge_similar(found, merge, keep=settings.keep)
    if not LIMITS["n_colors"].low <= len(merged) < len(found):
        return result
    fewer = choose(settings, n_colors=len(merged), keep=tuple(merged.hexes))
    return _cache.quantized(picture, fewer, checkpoint).result
