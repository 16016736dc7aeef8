"""How near a file looks to the picture that it was made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.decoding.picture import Picture
from quantize.measuring.similarity import delta_e_blurred, ssim
from quantize.measuring.ssimulacra import ssimulacra2
from quantize.sizing.writing import Written, resize


@dataclass(frozen=True)
class Scores:
    """Figures of looks: of large pictures on tiles, see ``measuring/similarity.py``.

    Attributes
    ----------
    ssimulacra2 : float
        Up to 100.
    delta_e_blurred : float
        Mean ΔE00 after a blur as an eye's.
    ssim : float
        Up to 1.
    """

    ssimulacra2: float
    delta_e_blurred: float
    ssim: float


def score(picture: Picture, written: Written) -> Scores:
    """Measure a file with its picture; a scaled one is enlarged again."""
    shown = _shown(picture, written)
    return Scores(
        ssimulacra2(picture.pixels, shown, picture.alpha),
        delta_e_blurred(picture.pixels, shown, picture.alpha),
        ssim(picture.pixels, shown, picture.alpha),
    )


def score_looks(picture: Picture, written: Written) -> float:
    """Work out SSIMULACRA2 alone."""
    return ssimulacra2(picture.pixels, _shown(picture, written), picture.alpha)


def _shown(picture: Picture, written: Written) -> NDArray[np.uint8]:
    if written.pixels.shape == picture.pixels.shape:
        return written.pixels
    return resize(written.pixels, None, picture.size)[0]
