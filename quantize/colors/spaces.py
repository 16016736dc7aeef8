"""Colour spaces as records: where k-means measures distance.

The hub is sRGB as people store it: R, G, B order, 0–255. A space is a record with two functions,
``to_working`` and ``to_srgb``; distance in it is plain Euclidean, so a space decides what "near"
means. ``step`` is the length in that space that corresponds to one 8-bit step, so that a stopping
rule of "1 step" means about the same everywhere.

BGR and RGB give the same clusters (the distance does not care about the order of the axes), so
there is one entry, under the name OpenCV's users know. HSV's hue is an angle: 359° and 1° are
neighbours. So HSV clusters on its cone, (C·cos h, C·sin h, V) with chroma C = V·S.

Sources: ``kernels_lab.py`` (CIE L*a*b*, D65, true units); B. Ottosson, "A perceptual color space for image
processing", 2020 (Oklab); OpenCV's conversions, A. R. Smith, "Color gamut transform pairs", 1978 (HSV).
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize.colors.kernels_lab import EDGE, OFFSET, SLOPE, XYZ, lab_rows
from quantize.records import Records

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Space:
    """One colour space.

    Attributes
    ----------
    key : str
        Its name, in settings and on screen.
    axes : tuple of str
        What the three working coordinates are.
    step : float
        Length in working units of about one 8-bit step.
    to_working : callable
        uint8 or float32 (n, 3) sRGB 0–255 → float32 (n, 3) in working units. ``n`` may be 0.
    to_srgb : callable
        The way back, float32 (n, 3) clipped to 0–255; not rounded.
    is_srgb : bool
        Whether working units are those of sRGB itself, so that nothing needs to be converted.
    """

    key: str
    axes: tuple[str, str, str]
    step: float
    to_working: Callable[[NDArray], Floats]
    to_srgb: Callable[[Floats], Floats]
    is_srgb: bool = False

    @property
    def mapping(self) -> Callable[[NDArray], Floats] | None:
        """``to_working`` as ``nearest`` takes it: None, which is quicker, where nothing needs converting."""
        return None if self.is_srgb else self.to_working


def _as_floats(colors: NDArray) -> Floats:
    return np.ascontiguousarray(colors, dtype=np.float32)


def _clip(srgb: NDArray) -> Floats:
    return np.clip(srgb, 0, 255).astype(np.float32, copy=False)


def _convert(colors: Floats, code: int) -> Floats:
    """Use OpenCV's conversion of (n, 3) rows, which wants a picture and refuses an empty one."""
    if not len(colors):
        return np.empty((0, 3), np.float32)
    return cv2.cvtColor(colors.reshape(-1, 1, 3), code).reshape(-1, 3).astype(np.float32, copy=False)


def _times(matrix: NDArray[np.float64], colors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply a 3×3 matrix with each row. Not ``@``: for thin arrays BLAS wakes threads that wait more than
    work.
    """
    if not len(colors):
        return colors
    out: NDArray = cv2.transform(np.ascontiguousarray(colors).reshape(-1, 1, 3), matrix)
    return out.reshape(-1, 3)


def decode_srgb(colors: NDArray) -> NDArray[np.float64]:
    """Convert encoded sRGB 0–255 → linear light 0–1 (IEC 61966-2-1), float64 of the same shape."""
    u = np.asarray(colors, np.float64) / 255
    return np.where(u <= 0.04045, u / 12.92, ((u + 0.055) / 1.055) ** 2.4)


def encode_srgb(linear: NDArray) -> NDArray[np.float64]:
    """Convert linear light → encoded sRGB 0–255 (IEC 61966-2-1), float64, negative light clipped to 0."""
    u = np.maximum(np.asarray(linear, np.float64), 0)
    return 255 * np.where(u <= 0.0031308, 12.92 * u, 1.055 * u ** (1 / 2.4) - 0.055)


# 256 values answer for every 8-bit colour.
_LINEAR = decode_srgb(np.arange(256))


LINEAR = _LINEAR.astype(np.float32)
"""Light 0–1 of each 8-bit value."""


def _decode(colors: NDArray) -> NDArray[np.float64]:
    return _LINEAR[colors] if colors.dtype == np.uint8 else decode_srgb(colors)


def _srgb_to_lab(colors: NDArray) -> Floats:
    # OpenCV's COLOR_RGB2LAB reads its gamma from a coarse table, even for floats: up to 0.43 off in a*, and
    # one colour in fifty does not come back. Its conversion from linear light takes ten times as long, which
    # is half of the time that a picture of many colours takes in this space, and its matrix has six digits.
    if colors.dtype == np.uint8:
        linear = cv2.LUT(colors.reshape(-1, 1, 3), LINEAR).reshape(-1, 3) if len(colors) else colors
    else:
        linear = decode_srgb(colors)
    out = np.empty((len(colors), 3), np.float32)
    lab_rows(linear.astype(np.float32, copy=False), out)
    return out


_XYZ_INVERSE = np.linalg.inv(XYZ).astype(np.float64)


def _lab_to_srgb(lab: Floats) -> Floats:
    lightness, a, b = np.asarray(lab, np.float64).T
    y = (lightness + 16) / 116
    roots = np.stack([y + a / 500, y, y - b / 200], axis=1)
    over_white = np.where(roots > EDGE ** (1 / 3), roots * roots * roots, (roots - OFFSET) / SLOPE)
    return _clip(encode_srgb(_times(_XYZ_INVERSE, over_white)))


# Ottosson's two matrices: linear sRGB → cone responses (M1), their cube roots → L, a, b (M2).
_M1 = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_M2 = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
OKLAB_MATRICES = _M1, _M2
"""From linear sRGB to cone responses; from their cube roots to L, a, b."""
_M1_INVERSE = np.linalg.inv(_M1)
_M2_INVERSE = np.linalg.inv(_M2)


def _srgb_to_oklab(colors: NDArray) -> Floats:
    return _times(_M2, np.cbrt(_times(_M1, _decode(colors)))).astype(np.float32)


def _oklab_to_srgb(oklab: Floats) -> Floats:
    cones = _times(_M2_INVERSE, oklab.astype(np.float64)) ** 3
    return _clip(encode_srgb(_times(_M1_INVERSE, cones)))


def _srgb_to_cone(colors: NDArray) -> Floats:
    hsv = _convert(_as_floats(colors) / np.float32(255), cv2.COLOR_RGB2HSV)
    angle, chroma = np.deg2rad(hsv[:, 0]), hsv[:, 1] * hsv[:, 2]
    return np.stack([chroma * np.cos(angle), chroma * np.sin(angle), hsv[:, 2]], axis=1)


def _cone_to_srgb(cone: Floats) -> Floats:
    x, y, value = _as_floats(cone).T
    saturation = np.hypot(x, y) / np.maximum(value, np.float32(1e-6))
    hue = np.rad2deg(np.arctan2(y, x)) % 360
    hsv = np.stack([hue, np.clip(saturation, 0, 1), np.clip(value, 0, 1)], axis=1)
    return _clip(_convert(_as_floats(hsv), cv2.COLOR_HSV2RGB) * np.float32(255))


_LAB_AXES = ("lightness", "green–red", "blue–yellow")

_TABLE = (
    Space("BGR", ("blue", "green", "red"), 1.0, _as_floats, _clip, is_srgb=True),
    Space("LAB", _LAB_AXES, 100 / 255, _srgb_to_lab, _lab_to_srgb),
    Space("HSV", ("chroma · cos hue", "chroma · sin hue", "value"), 1 / 255, _srgb_to_cone, _cone_to_srgb),
    Space("Oklab", _LAB_AXES, 1 / 255, _srgb_to_oklab, _oklab_to_srgb),
)
SPACES = Records("space", _TABLE)
find_space = SPACES.find
