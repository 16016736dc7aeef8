"""A picture whose entries may be partly transparent: colour and opacity are chosen together.

    picture → its values (colour and alpha) → k-means in four dimensions (``colors/soft.py``) → 8-bit entries
            → nearest entry of every value, or error diffusion → entry of every pixel

What is fully transparent gets an entry of its own, beside the K that show something; what is nearer to that
than to any other gets it, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.histogram import Histogram
from quantize.colors.soft import Places, Rgba, SoftAxes, SoftSet, pack
from quantize.colors.spaces import find_space
from quantize.decoding.picture import Picture
from quantize.dithering.soft import diffuse_soft
from quantize.errors import QuantizeError
from quantize.measuring.soft import SoftPairs
from quantize.methods.rarity import rare_weights
from quantize.methods.settling import dark_to_light
from quantize.methods.soft import fit_soft, nearest_centers
from quantize.methods.task import Hooks
from quantize.selection import ONE_LESS
from quantize.settings import Settings

_CLEAR = np.zeros((1, 4), np.uint8)
# More values are merged for the search: those that are one at 8 bits, premultiplied, or at fewer.
_MOST_PLACES = 65_536
_OPAQUE = 254.5 / 255


@dataclass(frozen=True, eq=False)
class Softened:
    """A result with partly transparent entries.

    Attributes
    ----------
    entries : uint8, shape (k, 4)
        R, G, B, alpha, all different: what is fully transparent, if anything is, then what is partly, then
        what is opaque, from dark to light.
    indices : uint8, shape (h, w)
    counts : int64, shape (k,)
        Pixels of every entry that are not fully transparent in the original.
    sse : float
        Sum over these pixels of the squared sRGB distance, R + G + B, in the mean over black and white.
    iterations : int
    notes : tuple of str
    """

    entries: Rgba
    indices: NDArray[np.uint8]
    counts: NDArray[np.int64]
    sse: float
    iterations: int
    notes: tuple[str, ...]


def soften(
    picture: Picture,
    settings: Settings,
    *,
    checkpoint: Callable[[], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Softened:
    """Find entries for a picture with partly transparent pixels, and one for every pixel.

    Parameters
    ----------
    picture : Picture
        ``picture.opacity.is_partial``.
    settings : Settings
        With ``alpha`` "soft", nothing left open.
    checkpoint, progress : callable, optional
        As for ``quantize_image``.

    Raises
    ------
    QuantizeError
        If pinned colours leave no entry to transparent pixels.
    """
    assert picture.alpha is not None
    hooks = Hooks.of(checkpoint, progress)
    hooks.checkpoint()
    found = SoftSet.of(picture.pixels, picture.alpha)
    kept, room, notes = _room(found, settings)
    axes = SoftAxes.of(find_space(settings.space))
    entries, iterations = _find(found, settings, kept, room, axes, hooks)
    entries, labels = settle_entries(found, entries, len(kept), axes)
    positions = found.positions(picture.pixels, picture.alpha)
    indices = labels.astype(np.uint8)[positions]
    if settings.dithered:
        hooks.checkpoint()
        indices = diffuse_soft(
            found, positions, entries, settings.dither, strength=settings.strength or 0,
            light=settings.light or "encoded", checkpoint=checkpoint,
        )  # fmt: skip
    pairs = SoftPairs.of(found, positions, indices)
    notes += _notes(entries, settings, pairs.sse(entries))
    return Softened(entries, indices, pairs.uses(len(entries)), pairs.sse(entries), iterations, notes)


def _room(found: SoftSet, settings: Settings) -> tuple[Rgba, int, tuple[str, ...]]:
    """Find the entries that stay, how many there may be in all, and a note if these are fewer than asked."""
    pinned = np.insert(settings.kept, 3, 255, axis=1)
    if not found.n_clear:
        return pinned, settings.n_colors, ()
    kept = np.concatenate([_CLEAR, pinned])
    if settings.n_colors < 256:
        return kept, settings.n_colors + 1, ()
    if len(kept) > 256:
        raise QuantizeError(
            "keep must leave one of 256 entries to transparent pixels: at most 255 colours, got 256"
        )
    return kept, 256, (ONE_LESS,)


def _find(
    found: SoftSet, settings: Settings, kept: Rgba, room: int, axes: SoftAxes, hooks: Hooks
) -> tuple[Rgba, int]:
    """Find entries, uint8 (k, 4), those that stay first, and the passes that took."""
    known = np.isin(pack(found.values), pack(kept))
    if len(kept) + int((~known).sum()) <= room:
        return np.concatenate([kept, found.values[~known]]), 0
    if len(kept) == room:
        return kept, 0
    seen = found.values[:, 3] > 0
    values, counts = found.values[seen], found.counts[seen]
    weights = rare_weights(Histogram(values[:, :3].astype(np.float32), counts, False), settings.rare)
    places, weights = merge_places(values, axes.places(values), weights)
    step = find_space(settings.space).step
    centers, passes = fit_soft(places, weights, room, axes.places(kept), settings.search, step, hooks)
    entries = axes.values(centers, _mostly_opaque(places, weights, centers, axes))
    entries[: len(kept)] = kept
    # Where values are too few for as many centers, what is served worst gets the others.
    missing = np.repeat(entries[:1], room - len(entries), axis=0)
    return np.concatenate([entries, missing]), passes


def _mostly_opaque(
    places: Places, weights: NDArray[np.float64], centers: Places, axes: SoftAxes
) -> NDArray[np.bool_]:
    """Tell which centers have more opaque weight than other: few soft pixels make no area transparent."""
    labels, _ = nearest_centers(places, centers)
    opaque = places[:, 3] > axes.reach * _OPAQUE
    whole, all_ = (np.bincount(labels, some, len(centers)) for some in (weights * opaque, weights))
    return whole > all_ / 2


def merge_places(
    values: Rgba, places: Places, weights: NDArray[np.float64]
) -> tuple[Places, NDArray[np.float64]]:
    """Merge values for a search if they are many: rows float64 (m, 4), their means, and weights (m,)."""
    premultiplied = np.rint(values[:, :3] * (values[:, 3:] / 255)).astype(np.uint8)
    rounded = np.concatenate([premultiplied, values[:, 3:]], axis=1)
    for shift in range(8):
        if len(places) <= _MOST_PLACES:
            break
        codes = (rounded >> shift).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1, 1 << 24], np.uint32)
        unique, rows = np.unique(codes, return_inverse=True)
        if len(unique) <= _MOST_PLACES:
            total = np.bincount(rows, weights).astype(np.float64)
            sums = [np.bincount(rows, weights * axis) for axis in places.T]
            return np.stack(sums, axis=1) / total[:, None], total
    return places, weights


def settle_entries(
    found: SoftSet, entries: Rgba, n_kept: int, axes: SoftAxes
) -> tuple[Rgba, NDArray[np.int64]]:
    """Sort entries, see that all differ and that each is nearest to some value; map the values to them.

    Parameters
    ----------
    found : SoftSet
        With at least as many values that are no kept entry as there are others.
    entries : uint8, shape (k, 4)
    n_kept : int
        So many, at the beginning, stay, used or not.
    axes : SoftAxes
        In which "nearest" is meant.

    Returns
    -------
    entries : uint8, shape (k, 4)
    labels : int64, shape (n,)
        Entry of every value; of equally near ones the first.
    """
    places, kept = axes.places(found.values), pack(entries[:n_kept])
    while True:
        codes = pack(entries)
        _, first = np.unique(codes, return_index=True)
        lasting = _sorted(entries[np.sort(first)])
        labels, errors = nearest_centers(places, axes.places(lasting))
        used = np.bincount(labels, minlength=len(lasting)) > 0
        good = used | np.isin(pack(lasting), kept)
        if good.all() and len(lasting) == len(entries):
            return lasting, labels
        # A value that becomes an entry is nearest to it, and stays so: with each round there are more.
        worst = np.argsort(-errors * found.counts, kind="stable")[: len(entries) - int(good.sum())]
        entries = np.concatenate([lasting[good], found.values[worst]])


def _sorted(entries: Rgba) -> Rgba:
    """Sort entries: what is transparent first, so that a file's list of opacities is short."""
    alpha = entries[:, 3]
    groups = [entries[alpha == 0], entries[(alpha > 0) & (alpha < 255)], entries[alpha == 255]]
    opaque = np.insert(dark_to_light(groups[2][:, :3]), 3, 255, axis=1)
    return np.concatenate([groups[0], _by_cover(groups[1]), opaque])


def _by_cover(entries: Rgba) -> Rgba:
    """Sort partly transparent entries by opacity, then by luma and R, G, B."""
    red, green, blue, alpha = entries.astype(np.int64).T
    luma = 2126 * red + 7152 * green + 722 * blue
    return entries[np.lexsort((blue, green, red, luma, alpha))]


def _notes(entries: Rgba, settings: Settings, sse: float) -> tuple[str, ...]:
    partly = int(((entries[:, 3] > 0) & (entries[:, 3] < 255)).sum())
    shown = int((entries[:, 3] > 0).sum())
    are = "entry is" if partly == 1 else "entries are"
    notes = [f"{partly} of {shown} {are} partly transparent; figures are means over black and over white"]
    if settings.dithered and sse == 0:
        notes.insert(0, "nothing to dither: every colour of the picture is in the palette")
    return tuple(notes)
