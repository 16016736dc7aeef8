"""A palette for a picture that will be dithered, apart from the dithering, which animations do by frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.nearest import Remapped
from quantize.colors.spaces import find_space
from quantize.decoding.picture import Picture
from quantize.dithering.dither import dither_pixels, fit_palette
from quantize.methods.settling import dark_to_light
from quantize.selection import Selected, select_palette, with_gap
from quantize.settings import Settings


@dataclass(frozen=True, eq=False)
class DitherPlan:
    """A palette that was found for a picture, and the way in which this or its parts are dithered."""

    selected: Selected
    palette: NDArray[np.uint8]
    settings: Settings

    def dither(
        self,
        pixels: NDArray[np.uint8],
        alpha: NDArray[np.uint8] | None,
        checkpoint: Callable[[], None] | None,
    ) -> Remapped:
        """Give every pixel an entry of ``palette``, with counts for all of it."""
        made = dither_pixels(
            pixels,
            self.palette
            if self.selected.free is None
            else np.delete(self.palette, self.selected.free, axis=0),
            self.settings.dither,
            runs=self.settings.runs or 0.0,
            to_working=find_space(self.settings.space).mapping,
            alpha=alpha,
            checkpoint=checkpoint,
            **_way(self.settings),
        )
        if self.selected.free is None:
            return made
        return Remapped(*with_gap(made.indices, made.counts, self.selected.free), made.sse)


def plan_dithering(
    picture: Picture,
    settings: Settings,
    *,
    checkpoint: Callable[[], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> DitherPlan:
    """Find the palette with which ``quantize_image`` would dither a picture, without doing it.

    Parameters, errors and promises are those of ``quantize_image``; the settings ask for dithering.
    """
    selected = select_palette(picture, settings, checkpoint=checkpoint, progress=progress)
    if checkpoint:
        checkpoint()
    palette = selected.palette
    if selected.free is None and selected.mapped.sse:
        palette = fit_palette(
            picture.pixels, palette, settings.dither, kept=settings.kept, alpha=picture.alpha,
            checkpoint=checkpoint, **_way(settings),
        )  # fmt: skip
        palette = dark_to_light(palette)
    return DitherPlan(selected, palette, settings)


def _way(settings: Settings) -> dict[str, Any]:
    return {"strength": settings.strength or 0, "light": settings.light or "encoded"}
