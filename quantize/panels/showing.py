"""The whole of it: a picture in, what a panel shows and what its driver gets out.

picture → size of the panel → preparation → dithering in shown colours → inks → numbers
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import SPACES
from quantize.decoding.picture import Picture
from quantize.dithering.dither import dither_pixels, find_dither
from quantize.dithering.light import find_light
from quantize.errors import QuantizeError, shown
from quantize.panels.fitting import check_fit, fit_picture
from quantize.panels.preparing import Preparation, prepare_pixels, suggest_preparation
from quantize.panels.reach import find_reach
from quantize.panels.table import Panel

DITHER = "search"
"""The dithering that suits few inks best, in linear light."""

TURNS = (0, 90, 180, 270)


@dataclass(frozen=True, eq=False)
class OnPanel:
    """A picture on a panel.

    Attributes
    ----------
    panel : Panel
    indices : uint8, shape (h, w)
        Ink of every pixel as one sees it.
    rotate : int
        By how many degrees the panel's own rows are turned against that, clockwise.
    preparation : Preparation or None
        What was done before dithering; None if nothing was.
    cut : float
        Share of the picture that was cut off, 0–1.
    """

    panel: Panel
    indices: NDArray[np.uint8]
    rotate: int
    preparation: Preparation | None
    cut: float

    @property
    def preview(self) -> NDArray[np.uint8]:
        """What one sees, uint8 (h, w, 3) sRGB."""
        return self.panel.colors[self.indices]

    @property
    def numbers(self) -> NDArray[np.uint8]:
        """The driver's number of every pixel, uint8 (h, w) as the panel's own rows go."""
        turned = np.rot90(self.indices, -(self.rotate // 90))
        return np.array(self.panel.inks.numbers, np.uint8)[turned]

    @property
    def counts(self) -> NDArray[np.int64]:
        """Pixels of every ink, int64 (k,)."""
        return np.bincount(self.indices.ravel(), minlength=len(self.panel.inks))


def show_on_panel(
    picture: Picture,
    panel: Panel,
    size: tuple[int, int],
    *,
    fit: str = "crop",
    rotate: int = 0,
    prepare: bool = True,
    curve: float | None = None,
    dither: str = DITHER,
    strength: float = 1.0,
    light: str = "linear",
    checkpoint: Callable[[], None] | None = None,
) -> OnPanel:
    """Make of a picture what a panel can show.

    Parameters
    ----------
    picture : Picture
        Where it is transparent, white is seen.
    size : (int, int)
        Width and height of the panel as its driver counts.
    fit : str
        "crop", the panel is filled and what is over is cut off on both sides; "fit", all of the picture is
        there, with white margins.
    rotate : int
        0, 90, 180 or 270: by how many degrees the picture is turned clockwise, for a panel that hangs turned.
    prepare : bool
        Whether tones and colours are brought to the panel's first, as ``suggest_preparation`` chooses.
    curve : float, optional
        0–1, another S-curve than what it chooses. Only with ``prepare``.
    dither, strength, light
        As for ``dither_pixels``.

    Returns
    -------
    OnPanel
        In a prepared drawing, a pixel in an ink's pure device colour has that ink.

    Raises
    ------
    QuantizeError
        If a choice is unknown or out of its limits.
    """
    check_fit(size, fit)
    find_dither(dither)
    find_light(light)
    if rotate not in TURNS:
        raise QuantizeError(f"rotate must be one of {', '.join(map(str, TURNS))}, got {shown(rotate)}")
    if curve is not None:
        if not prepare:
            raise QuantizeError("curve has no effect without preparation: leave it out")
        Preparation(curve=curve)
    width, height = size
    fitted = fit_picture(picture, (height, width) if rotate % 180 else size, fit)
    content, preparation = fitted.content, None
    if prepare:
        preparation = suggest_preparation(content, panel, curve)
        content = prepare_pixels(content, panel, preparation)
    solid = find_dither(dither).fill is None or strength == 0
    indices = dither_pixels(
        fitted.on_ground(content, panel.colors[1]), panel.colors, dither, strength=strength, light=light,
        to_working=find_reach(panel.colors).place if solid else SPACES["LAB"].to_working,
        checkpoint=checkpoint,
    ).indices  # fmt: skip
    return OnPanel(panel, indices, rotate, preparation, fitted.cut)
