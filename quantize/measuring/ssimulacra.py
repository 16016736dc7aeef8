"""SSIMULACRA2: how alike two pictures look to people, learned from what people said of compressed pictures.

About 90: nobody sees a difference; 70: hard to see; 50: seen; 30: bothers; below 0: bad. Structure lost and
edges gained or lost, on six scales, in JPEG XL's perceptual space XYB. In float32, on OpenCV's filters,
within 0.01 of PyPI ``ssimulacra2`` and many times as fast; some 0.3 µs a pixel. Pictures above two megapixels
are judged on 32 tiles, as in ``similarity``. Pixels that are not visible are middle grey in both and add
nothing. The original judges no side under 8 pixels: such pictures are mirrored at their edges first.

Source: J. Sneyers, Cloudinary, "SSIMULACRA 2", https://github.com/cloudinary/ssimulacra2, 2023 (version 2.1),
as ``ssimulacra2`` 0.3.0 of PyPI renders it, down to the sides beyond which it takes black.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize.bands import deal
from quantize.colors.spaces import LINEAR
from quantize.decoding.picture import Picture
from quantize.measuring.similarity import Cut, check_pair, tiles_of

if TYPE_CHECKING:
    from quantize.pipeline import Quantized

Planes = NDArray[np.float32]

_SCALES, _SMALLEST = 6, 8
_SIGMA, _WINDOW = 1.5, 11
_C2 = np.float32(0.0009)
# Linear sRGB → opsin absorbance, its bias, and its cube root (libjxl's opsin_params.h).
_OPSIN = np.array(
    [
        [0.30, 0.622, 0.078],
        [0.23, 0.692, 0.078],
        [0.24342268924547819, 0.20476744424496821, 0.5518098665095536],
    ]
)
_BIAS = 0.0037930732552754493
_ROOT = np.float32(np.cbrt(_BIAS))
# Roots → X, Y, B - Y, each scaled and moved so that it is positive.
_TO_XYB = np.array([[7.0, -7.0, 0.0, 0.42], [0.5, 0.5, 0.0, 0.01], [-0.5, -0.5, 1.0, 0.55]], np.float32)

# By channel and scale: mean of structure lost, edges gained, edges lost; then the same of their 4-norms.
_WEIGHTS = np.array(
    [
        [
            [0, 0.000737660671, 0, 0, 0.000779348168, 0],
            [0, 0.000437115573, 0, 1.10417264, 0.000662848341, 0.000152316328],
            [0, 0.00164064375, 0, 1.84224555, 11.4411726, 0],
            [0.000798910944, 0.000176816438, 0, 1.8787595, 10.9490699, 0],
            [0.000728934699, 0.967793708, 0, 0.000140034243, 0.998176698, 0.000319497559],
            [0.000455099211, 0, 0, 0.00136487662, 0, 0],
        ],
        [
            [0, 0, 0, 7.46689033, 0, 17.445834],
            [0.000623560163, 0, 0, 6.68367815, 0.00037724408, 1.02788994],
            [225.205153, 0, 0, 19.2132382, 0.00114015246, 0.00123775564],
            [176.393176, 0, 0, 24.43301, 0.285208026, 0.000448543692],
            [0, 0, 0, 34.7790634, 44.8356253, 0],
            [0, 0, 0, 0, 0, 0],
        ],
        [
            [0, 0.000868055657, 0, 0, 0, 0],
            [0, 0.000531319187, 0, 0.000165338142, 0, 0],
            [0, 0, 0, 0.00041791718, 0.00172908282, 0],
            [0.00208270058, 0, 0, 8.82698276, 23.1924334, 0],
            [95.1080499, 0.986397803, 0.983438279, 0.0012286405, 171.266726, 0.980785887],
            [0, 0, 0, 0.000513006459, 0, 0.000108540579],
        ],
    ]
)


def ssimulacra2(
    before: NDArray[np.uint8], after: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None
) -> float:
    """Work out SSIMULACRA2.

    Parameters
    ----------
    before, after : uint8, shape (h, w, 3)
        sRGB.
    alpha : uint8, shape (h, w), optional
        Pixels that are not visible (see ``colors/opacity.py``) are left out.

    Returns
    -------
    float
        100 if they are equal, without a lower bound; NaN if no pixel is visible.

    Raises
    ------
    QuantizeError
        If an array has another dtype or shape, or their shapes differ.
    """
    check_pair(before, after, alpha)
    return _score(before, lambda *place: after[place], alpha)


def ssimulacra2_of(picture: Picture, result: Quantized) -> float:
    """Work out ``ssimulacra2`` of a picture and a result of it, without making all of the result's pixels."""
    return _score(picture.pixels, result.pixels_at, picture.alpha)


def _score(before: NDArray[np.uint8], after: Cut, alpha: NDArray[np.uint8] | None) -> float:
    tiles = list(tiles_of(before, after, alpha, 0))
    n_visible = sum(int(tile.counted.sum()) for tile in tiles)
    if not n_visible:
        return float("nan")
    found: list[list[tuple[NDArray[np.float64], int]]] = [[] for _ in tiles]

    def work(_: None, number: int) -> None:
        found[number] = _lost_by_scale(tiles[number].before, tiles[number].after)

    deal(len(tiles), lambda: None, work)
    sums: list[NDArray[np.float64]] = []
    n_pixels: list[int] = []
    for lost_by_scale in found:
        for scale, (lost, size) in enumerate(lost_by_scale):
            if scale == len(sums):
                sums.append(np.zeros((3, 6)))
                n_pixels.append(0)
            sums[scale] += lost
            n_pixels[scale] += size
    # What is hidden is equal and adds nothing, nor does it count.
    share = n_visible / sum(tile.counted.size for tile in tiles)
    means = np.array([each / (size * share) for each, size in zip(sums, n_pixels, strict=True)])
    return _judged(means.reshape(-1, 3, 6))


def _judged(means: NDArray[np.float64]) -> float:
    """Turn means by scale and channel, float64 (n, 3, 6), into a score; the last three are of 4th powers."""
    means = np.concatenate([means[..., :3], means[..., 3:] ** 0.25], axis=-1).transpose(1, 0, 2)
    # With fewer scales the weights move up, as in the original.
    lost = float(means.ravel() @ _WEIGHTS.ravel()[: means.size]) * 0.9562382616834844
    lost = lost * (2.326765642916932 + lost * (-0.020884521182843837 + lost * 6.248496625763138e-05))
    return 100.0 - 10.0 * lost**0.6276336467831387 if lost > 0 else 100.0


def _lost_by_scale(
    before: NDArray[np.uint8], after: NDArray[np.uint8]
) -> list[tuple[NDArray[np.float64], int]]:
    """Add up what is lost at each scale: float64 (3, 6) by channel, and over how many pixels."""
    lights, found = [LINEAR[_mirrored(pixels)] for pixels in (before, after)], []
    for scale in range(_SCALES):
        lights = [_halved(light) for light in lights] if scale else lights
        if min(lights[0].shape[:2]) < _SMALLEST:
            break
        found.append((_lost(*map(_xyb, lights)), lights[0].size // 3))
    return found


def _mirrored(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Fill up by the mirrored pixels below and to the right until no side is too short."""
    height, width = pixels.shape[:2]
    # Whole mirrors only, so that every pixel counts as much as any other.
    down, right = (-(-_SMALLEST // side) - 1 for side in (height, width))
    if not (down or right):
        return pixels
    return np.pad(pixels, ((0, down * height), (0, right * width), (0, 0)), "symmetric")


def _xyb(light: Planes) -> Planes:
    mixed = cv2.transform(light, np.column_stack([_OPSIN, np.full(3, _BIAS)]).astype(np.float32))
    roots = np.cbrt(np.maximum(mixed, 0)) - _ROOT
    return cv2.transform(roots, _TO_XYB).astype(np.float32, copy=False)


def _halved(light: Planes) -> Planes:
    """Make light half as wide and high by means of 2×2 pixels; at odd edges the last ones count twice."""
    height, width = light.shape[:2]
    padded = cv2.copyMakeBorder(light, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = padded.shape[1] // 2, padded.shape[0] // 2
    return cv2.resize(padded, size, interpolation=cv2.INTER_AREA).astype(np.float32, copy=False)


def _blurred(planes: Planes) -> Planes:
    reach = _WINDOW // 2
    # Black to the left and right, mirrored above and below: as the original has it.
    padded = cv2.copyMakeBorder(planes, 0, 0, reach, reach, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    blurred = cv2.GaussianBlur(padded, (_WINDOW, _WINDOW), _SIGMA, borderType=cv2.BORDER_REFLECT)
    return blurred[:, reach:-reach].astype(np.float32, copy=False)


def _lost(first: Planes, second: Planes) -> NDArray[np.float64]:
    """Add up structure lost, edges gained and lost, and their 4th powers: float64 (3, 6)."""
    mean_1, mean_2 = _blurred(first), _blurred(second)
    # Written by differences: exactly 0 where both are equal.
    apart = np.square(mean_1 - mean_2)
    differing = _blurred(np.square(first - second)) - apart
    variances = _blurred(first * first + second * second) - mean_1 * mean_1 - mean_2 * mean_2
    together = variances - differing + _C2
    structure = np.maximum((differing + apart * together) / (variances + _C2), 0)
    edges = (1 + np.abs(second - mean_2)) / (1 + np.abs(first - mean_1)) - 1
    maps = structure, np.maximum(edges, 0), np.maximum(-edges, 0)
    powers = (*maps, *(np.square(np.square(each)) for each in maps))
    return np.stack([each.sum(axis=(0, 1), dtype=np.float64) for each in powers], axis=1)
