"""From an animation to one palette, or one a frame, and an index for every pixel of every frame.

The palette is that of all frames stacked. Without dithering a pixel's entry depends on its colour alone, so
that nothing flickers. Error diffusion would crawl over a background that stands still, as every change
upstream changes all that follows; and the entries that a mask mixes are sought from those of a like colour
on, so that which of two equally good ones is found depends on the colours that a frame has. So a pixel whose
source is that of the frame before keeps its entry: it is shown to the dithering in that entry's own colour,
which it therefore keeps (see ``dithering/dither.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.animation.animation import Animation, check_frame
from quantize.colors.opacity import is_visible
from quantize.dithered import plan_dithering
from quantize.errors import QuantizeError
from quantize.pipeline import Quantized, quantize_image
from quantize.selection import require_visible
from quantize.settings import Settings, choose

Pixels = NDArray[np.uint8]
Checkpoint = Callable[[], None] | None

_HARD_NOTE = "soft edges are not kept in animations: pixels are opaque or transparent"


@dataclass(frozen=True, eq=False)
class Animated:
    """A quantized animation.

    Attributes
    ----------
    palettes : tuple of uint8, shape (k, 3)
        One for all frames, or one a frame; sRGB.
    indices : uint8, shape (n, h, w)
        Palette entry of every pixel, also of those that are not visible.
    alpha : uint8, shape (n, h, w), or None
        The original's; what is not at least half opaque is not visible.
    durations : tuple of int
        Milliseconds of every frame.
    loops : int
        How often it plays; 0 for ever.
    settings : Settings
        The choices, nothing left open.
    sse : float
        Sum over visible pixels of all frames of the squared sRGB distance to the original, R + G + B.
    mse : float
        The same per visible pixel.
    flicker : float
        Of all visible pixels whose source is that of the frame before, the share whose colour is not, 0–1.
    notes : tuple of str
    """

    palettes: tuple[Pixels, ...]
    indices: Pixels
    alpha: Pixels | None
    durations: tuple[int, ...]
    loops: int
    settings: Settings
    sse: float
    mse: float
    flicker: float
    notes: tuple[str, ...]

    @property
    def n_frames(self) -> int:
        """How many frames there are."""
        return len(self.indices)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.indices.shape[2], self.indices.shape[1]

    @cached_property
    def n_colors(self) -> int:
        """Colours of the largest palette."""
        return max(map(len, self.palettes))

    def palette_of(self, number: int) -> Pixels:
        """Return the palette of a frame, from 0, uint8 (k, 3)."""
        check_frame(number, self.n_frames)
        return self.palettes[number if len(self.palettes) > 1 else 0]

    def visible(self, number: int) -> NDArray[np.bool_]:
        """Tell which pixels of a frame, from 0, are visible, bool (h, w)."""
        if self.alpha is None:
            return np.ones(self.indices.shape[1:], np.bool_)
        return is_visible(self.alpha[number])

    def frame(self, number: int) -> Pixels:
        """Return a frame, from 0, as files show it, uint8 (h, w, 4): what is not visible is (0, 0, 0, 0).

        Raises
        ------
        QuantizeError
            If there is no such frame.
        """
        made = np.full((*self.indices.shape[1:], 4), 255, np.uint8)
        made[..., :3] = self.palette_of(number)[self.indices[number]]
        if self.alpha is not None:
            made[~self.visible(number)] = 0
        return made


def quantize_animation(
    animation: Animation,
    settings: Settings | None = None,
    *,
    one_palette: bool = True,
    still: bool = True,
    preset: str | None = None,
    checkpoint: Checkpoint = None,
    progress: Callable[[float], None] | None = None,
    **choices: Any,
) -> Animated:
    """Reduce an animation to at most ``n_colors`` colours.

    Parameters
    ----------
    animation : Animation
    settings, preset, **choices
        As for ``quantize_image``; ``alpha`` "soft" is taken as "hard", with a note.
    one_palette : bool
        Whether all frames share one palette: that of all of them stacked. Else each has its own, which may
        make what stands still flicker. A palette that is given is always shared.
    still : bool
        Whether pixels whose source does not change keep their entry, with one palette.
    checkpoint : callable, optional
        Called often, on the calling thread; what it raises ends the work.
    progress : callable, optional
        Called now and then with the share that is done, 0–1.

    Returns
    -------
    Animated
        An animation of at most ``n_colors`` colours in all frames comes back unchanged, but for 256 beside
        transparent pixels, for which files need an entry: then there are 255.

    Raises
    ------
    QuantizeError
        If a choice is out of its limits, or no pixel is visible.
    """
    if not isinstance(animation, Animation):
        raise QuantizeError(
            f"animation must be an Animation, got {type(animation).__name__}: use load_animation"
        )
    chosen = choose(settings, preset=preset, **choices).resolved()
    notes = (_HARD_NOTE,) * (chosen.alpha != "hard" and animation.whole.opacity.is_partial)
    chosen = replace(chosen, alpha="hard")
    require_visible(animation.whole, hard=True)
    together = one_palette or bool(chosen.palette) or animation.n_frames == 1
    work = _together if together else _apart
    found = work(animation, chosen, still, checkpoint, progress)
    return Animated(
        palettes=found.palettes,
        indices=found.indices,
        alpha=animation.alpha,
        durations=animation.durations,
        loops=animation.loops,
        settings=chosen,
        sse=found.sse,
        mse=found.sse / animation.whole.opacity.n_visible,
        flicker=_flicker(animation, found.palettes, found.indices),
        notes=notes + found.notes,
    )


@dataclass(frozen=True, eq=False)
class _Found:
    palettes: tuple[Pixels, ...]
    indices: Pixels
    sse: float
    notes: tuple[str, ...]


def _together(
    animation: Animation, settings: Settings, still: bool, checkpoint: Checkpoint, progress: Any
) -> _Found:
    """Give all frames entries of one palette."""
    if settings.dithered:
        return _dither_together(animation, settings, still, checkpoint, progress)
    made = quantize_image(animation.whole, settings, checkpoint=checkpoint, progress=progress)
    return _Found((made.palette,), made.indices.reshape(animation.pixels.shape[:3]), made.sse, made.notes)


def _dither_together(
    animation: Animation, settings: Settings, still: bool, checkpoint: Checkpoint, progress: Any
) -> _Found:
    tell = progress or (lambda _: None)
    plan = plan_dithering(
        animation.whole, settings, checkpoint=checkpoint, progress=lambda share: tell(share / 2)
    )
    indices, sse = np.empty(animation.pixels.shape[:3], np.uint8), 0.0
    for number in range(animation.n_frames):
        if checkpoint:
            checkpoint()
        picture = animation.frame(number)
        stays = unchanged(animation, number) if still and number else None
        pixels = picture.pixels
        if stays is not None:
            pixels = np.where(stays[..., None], plan.palette[indices[number - 1]], pixels)
        indices[number] = plan.dither(pixels, picture.alpha, checkpoint).indices
        if stays is not None:  # entries of the same colour have different numbers
            np.copyto(indices[number], indices[number - 1], where=stays)
        sse += _sse(picture.pixels, plan.palette[indices[number]], picture.alpha)
        tell(0.5 + (number + 1) / animation.n_frames / 2)
    return _Found((plan.palette,), indices, sse, plan.selected.notes + animation.whole.opacity.notes)


def _apart(
    animation: Animation, settings: Settings, still: bool, checkpoint: Checkpoint, progress: Any
) -> _Found:
    """Give every frame a palette of its own; one without a visible pixel has black."""
    hides = animation.whole.opacity.n_hidden > 0
    if hides and settings.n_colors == 256 and not settings.palette:
        settings = replace(settings, n_colors=255)  # writers need an entry for what is transparent
    palettes, indices, sse = list[Pixels](), np.zeros(animation.pixels.shape[:3], np.uint8), 0.0
    notes = dict[str, None]()
    for number in range(animation.n_frames):
        made = _map_alone(animation, number, settings, checkpoint)
        palettes.append(made.palette if made else np.zeros((1, 3), np.uint8))
        if made:
            indices[number] = made.indices
            sse += made.sse
            notes |= dict.fromkeys(made.notes) if animation.n_frames == 1 else {}
        if progress:
            progress((number + 1) / animation.n_frames)
    return _Found(tuple(palettes), indices, sse, (*notes, *animation.whole.opacity.notes))


def _map_alone(
    animation: Animation, number: int, settings: Settings, checkpoint: Checkpoint
) -> Quantized | None:
    picture = animation.frame(number)
    if not picture.opacity.n_visible:
        return None
    return quantize_image(picture, settings, checkpoint=checkpoint)


def unchanged(animation: Animation, number: int) -> NDArray[np.bool_]:
    """Tell which visible pixels of a frame have the source of the frame before, bool (h, w)."""
    same: NDArray[np.bool_] = (animation.pixels[number] == animation.pixels[number - 1]).all(axis=2)
    if animation.alpha is not None:
        same &= is_visible(animation.alpha[number]) & is_visible(animation.alpha[number - 1])
    return same


def _sse(pixels: Pixels, made: Pixels, alpha: Pixels | None) -> float:
    squares = np.square(pixels.astype(np.int32) - made).sum(axis=2)
    return float(squares.sum() if alpha is None else squares[is_visible(alpha)].sum())


def _flicker(animation: Animation, palettes: tuple[Pixels, ...], indices: Pixels) -> float:
    """Find the share of pixels whose source stands still and whose colour does not."""
    stood = moved = 0
    for number in range(1, len(indices)):
        before, now = (palettes[at if len(palettes) > 1 else 0][indices[at]] for at in (number - 1, number))
        same = unchanged(animation, number)
        stood += int(same.sum())
        moved += int((same & (before != now).any(axis=2)).sum())
    return moved / stood if stood else 0.0
