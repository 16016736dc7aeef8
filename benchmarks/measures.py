"""What a quantized picture is judged by, beside its time."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab

# ΔE00 needs some hundred bytes a pixel: larger pictures are sampled evenly.
MOST_PIXELS = 500_000


def mse(pixels: NDArray[np.uint8], quantized: NDArray[np.uint8]) -> float:
    """Squared Euclidean sRGB distance per pixel, summed over the channels, as in the literature."""
    rows, others = pixels.reshape(-1, 3), quantized.reshape(-1, 3)
    total = 0
    for start in range(0, len(rows), 1 << 20):
        cut = slice(start, start + (1 << 20))
        total += int(np.square(rows[cut].astype(np.int32) - others[cut]).sum(dtype=np.int64))
    return total / len(rows)


def delta_e_00(pixels: NDArray[np.uint8], quantized: NDArray[np.uint8]) -> float:
    """Mean CIEDE2000 difference."""
    step = max(1, pixels.size // 3 // MOST_PIXELS)
    ours, theirs = (array.reshape(-1, 3)[::step] for array in (pixels, quantized))
    return float(deltaE_ciede2000(rgb2lab(ours), rgb2lab(theirs)).mean())


def ssimulacra2(pixels: NDArray[np.uint8], quantized: NDArray[np.uint8]) -> float:
    """SSIMULACRA2 score, 100 for equal pictures; nan where the package is missing."""
    try:
        from ssimulacra2 import compute_ssimulacra2
    except ImportError:
        return float("nan")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("before.png", "after.png")]
        for file, array in zip(files, (pixels, quantized), strict=True):
            Image.fromarray(array).save(file)
        return float(compute_ssimulacra2(*map(str, files)))
