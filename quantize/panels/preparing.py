"""A picture made ready for a panel: its tones and its chroma brought to what the inks can mix.

A panel's white is a light grey, its inks are dull. Dithered as it is, a photo would lose all lights and every
vivid colour to single inks, with errors that smear. So, in LAB:

1. Lightness is stretched, if wanted, and bent by an S-curve, x - s x (1 - x) (1 - 2x) of 0–1.
2. It is compressed to that of the inks; a* and b* get smaller by the same factor, so that hues stay, around
   the grey of the panel: black and white become those inks, and greys lie between the two.
3. Chroma above half of what inks have is squeezed, ever more, so that what differed still does, and what is
   then out of reach becomes the nearest mix of inks (``reach``).

What is all but white or black becomes it before, or paper would be speckled.

All of that depends on a pixel's colour alone, so it is a look-up table of 33 × 33 × 33 nodes; but greys,
which must not be tinted by their neighbours in it, and what is near white or black are worked out one by one.
In a drawing, a pixel in an ink's pure device colour gets what that ink shows, and so stays solid in any
dithering; in a photo such a colour was cut off, and is one of many around it.
``suggest_preparation`` looks at a picture (``seeing``) and chooses; it says what it saw.

Sources: J. Morovič, "Color Gamut Mapping", 2008, chapters 10 and 11 (lightness and chroma apart, a knee, then
clipping to the nearest). The factors are ours, found by looking at photos.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFilter import Color3DLUT

from quantize.colors.difference import delta_e_00
from quantize.colors.spaces import SPACES
from quantize.errors import QuantizeError, shown
from quantize.panels.reach import Floats, Reach, find_reach
from quantize.panels.seeing import look_at
from quantize.panels.table import Panel

# Along each axis of the look-up table.
_NODES = 33
# Where chroma begins to be squeezed, and where it ends, of what inks have on average.
_KNEE, _CEILING = 0.5, 1.25
# Levels within which all channels are near an end.
_END = 24
# LAB units from white and black within which a colour becomes it, and from which on it stays.
_SAME, _APART = 4.0, 10.0
# A mix is another colour from this ΔE00 on, and that matters from this share of pixels on.
_OTHER, _FEW = 3.0, 0.005


@dataclass(frozen=True)
class Preparation:
    """What is done to a picture before it is dithered.

    Attributes
    ----------
    black, white : float
        Lightness L*, 0–100, that becomes the panel's black and white; what is beyond is cut off.
    curve : float
        0–1: how strong the S-curve is.
    squeeze : bool
        Whether colours out of reach are brought to what the inks can mix.
    solid : bool
        Whether pixels in an ink's pure device colour get that ink.
    why : str
        What was seen and done, in a sentence; "" if somebody chose.

    Raises
    ------
    QuantizeError
        If a number is out of its range.
    """

    black: float = 0.0
    white: float = 100.0
    curve: float = 0.0
    squeeze: bool = True
    solid: bool = False
    why: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.black < self.white <= 100:
            raise QuantizeError(
                "black and white must be lightness from 0 to 100, black below white, "
                f"got {shown(self.black)} and {shown(self.white)}"
            )
        if not 0 <= self.curve <= 1:
            raise QuantizeError(f"curve must be a number from 0 to 1, got {shown(self.curve)}")


def prepare_pixels(pixels: NDArray[np.uint8], panel: Panel, preparation: Preparation) -> NDArray[np.uint8]:
    """Bring a picture to what a panel's inks can mix.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB, with at least one pixel.

    Returns
    -------
    uint8, shape (h, w, 3)
        sRGB, as the panel should show it.
    """
    reach, levels = find_reach(panel.colors), np.linspace(0, 255, _NODES)
    blue, green, red = np.meshgrid(levels, levels, levels, indexing="ij")  # red runs fastest in Pillow's
    nodes = np.stack([red, green, blue], axis=-1).reshape(-1, 3).astype(np.float32)
    table = Color3DLUT(_NODES, (_prepared(nodes, reach, preparation) / 255).ravel())
    made = np.array(Image.fromarray(np.ascontiguousarray(pixels)).filter(table))
    exact = (pixels == pixels[..., :1]).all(axis=2)
    exact |= (pixels <= _END).all(axis=2) | (pixels >= 255 - _END).all(axis=2)
    codes, inverse = np.unique(pixels[exact] @ np.array([1 << 16, 1 << 8, 1]), return_inverse=True)
    colors = (codes[:, None] >> np.array([16, 8, 0]) & 255).astype(np.uint8)
    made[exact] = np.rint(_prepared(colors, reach, preparation)).astype(np.uint8)[inverse]
    for device, ink in zip(panel.inks.device_colors, panel.colors, strict=True):
        if preparation.solid:
            made[(pixels == device).all(axis=2)] = ink
    return made


def suggest_preparation(pixels: NDArray[np.uint8], panel: Panel, curve: float | None = None) -> Preparation:
    """Choose a preparation for a picture and say why.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB, with at least one pixel.
    curve : float, optional
        An S-curve that is wanted, 0–1, instead of the one that would be chosen.
    """
    reach = find_reach(panel.colors)
    seen = look_at(pixels)
    colors, counts = seen.colors, seen.counts
    tones, said = Preparation(seen.black, seen.white, seen.curve, solid=seen.drawn), seen.said
    if curve is None and tones.curve:
        said += f", an S-curve of {tones.curve:g} for tones that are close together"
    elif curve is not None:
        tones, said = replace(tones, curve=curve), f"{said}, an S-curve of {curve:g} as wanted"
    toned = _to_srgb(_toned(colors, reach, tones))
    far = delta_e_00(toned, np.rint(reach.nearest_mixes(toned)).astype(np.uint8)) > _OTHER
    share = float(counts[far].sum() / counts.sum())
    range_ = f"{reach.low:.0f} to {reach.high:.0f}"
    why = f"{said}, brought to the {range_} that the panel shows; {_say(share, reach)}"
    return replace(tones, squeeze=share > _FEW or not reach.vivid, why=why)


def _say(share: float, reach: Reach) -> str:
    if not reach.vivid:
        return "its colours became greys"
    if share <= _FEW:
        return "nearly all of its colours can be mixed of the inks and were kept"
    much = f"{100 * share:.0f} %" if share >= 0.01 else "less than 1 %"
    return f"{much} has colours that the inks cannot mix: chroma was squeezed"


def _prepared(rows: NDArray, reach: Reach, preparation: Preparation) -> NDArray[np.float32]:
    """Prepare colours, (n, 3) sRGB 0–255 → float32 (n, 3) sRGB 0–255."""
    lab = _toned(rows, reach, preparation)
    if not preparation.squeeze:
        return SPACES["LAB"].to_srgb(lab.astype(np.float32))
    return reach.nearest_mixes(_to_srgb(_squeezed(lab, reach)))


def _to_srgb(lab: Floats) -> NDArray[np.uint8]:
    return np.rint(SPACES["LAB"].to_srgb(lab.astype(np.float32))).astype(np.uint8)


def _toned(rows: NDArray, reach: Reach, preparation: Preparation) -> Floats:
    """Find the LAB colours, float64 (n, 3), that colours get when tones are brought to the panel's."""
    lab = SPACES["LAB"].to_working(rows).astype(np.float64)
    x = np.clip((lab[:, 0] - preparation.black) / (preparation.white - preparation.black), 0, 1)
    x -= preparation.curve * x * (1 - x) * (1 - 2 * x)
    x, around = _cleaned(100 * x, lab[:, 1:])
    lightness = reach.low + (reach.high - reach.low) * x / 100
    around *= (reach.high - reach.low) / 100
    return np.column_stack([lightness, reach.grey_at(lightness) + around])


def _cleaned(lightness: Floats, around: Floats) -> tuple[Floats, Floats]:
    """Bring LAB colours, (n,) and (n, 2), that are all but white or black there, and those around a part."""
    for end in (100, 0):
        away = np.hypot(lightness - end, np.hypot(*around.T))
        kept = np.clip((away - _SAME) / (1 - _SAME / _APART) / np.maximum(away, 1e-9), 0, 1)
        lightness, around = end + (lightness - end) * kept, around * kept[:, None]
    return lightness, around


def _squeezed(lab: Floats, reach: Reach) -> Floats:
    """Squeeze the chroma of LAB colours around grey: 0 to a knee stays, all above ends at a ceiling."""
    grey = reach.grey_at(lab[:, 0])
    way = lab[:, 1:] - grey
    far = np.hypot(*way.T)
    knee, room = _KNEE * reach.vivid, max((_CEILING - _KNEE) * reach.vivid, 1e-9)
    over = np.maximum(far - knee, 0) / room
    kept = np.minimum(far, knee) + room * over / np.sqrt(1 + over * over)
    return np.column_stack([lab[:, 0], grey + way * (kept / np.maximum(far, 1e-9))[:, None]])
