"""What goes wrong with ``cv2.kmeans``, done on purpose to a picture: what OpenCV says, and what comes of it.

Each mistake is a record; it takes pixels as a program has them, and gives back facts. Nothing here is how it
should be done: that stands beside it, as ``right``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from numbers import Integral
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError, shown

__all__ = ["MISTAKES", "MOST_LETTERS", "MOST_PIXELS", "Mistake", "Outcome", "make_mistake"]

Pixels = NDArray[np.uint8]

MOST_PIXELS = 160_000
"""So many take a tenth of a second with 8 centers."""
_CRITERIA = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
_FEW = 5
_DARKEST, _MANY = 2000, 128


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of it.

    Attributes
    ----------
    message : str
        What OpenCV said, if it refused.
    wrong, right : uint8, shape (h, w, 3), or None
        Pictures, sRGB in R, G, B order: what comes out, and what should have; None where there are none.
    numbers : dict
        Figures by name, for whoever writes a sentence about them.
    """

    message: str = ""
    wrong: Pixels | None = None
    right: Pixels | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mistake:
    """Something that goes wrong.

    Attributes
    ----------
    key : str
        Its name.
    wrong, right : str
        Code that makes it, and the same as it should be.
    make : callable
        Pixels uint8 (h, w, 3) in R, G, B order, number of centers → outcome.
    """

    key: str
    wrong: str
    right: str
    make: Callable[[Pixels, int], Outcome]


def make_mistake(key: str, pixels: Pixels, n_centers: int) -> Outcome:
    """Make a mistake with a picture.

    Parameters
    ----------
    key : str
        Of ``MISTAKES``.
    pixels : uint8, shape (h, w, 3)
        sRGB in R, G, B order, at most 160,000 pixels.
    n_centers : int, 1 to 64

    Raises
    ------
    QuantizeError
        If there is no such mistake, or pixels or the number cannot be used.
    """
    if key not in MISTAKES:
        raise QuantizeError(f"mistake must be one of {', '.join(MISTAKES)}, got {shown(key)}")
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise QuantizeError(
            f"pixels must be uint8 of shape (height, width, 3), got {pixels.dtype} of {pixels.shape}"
        )
    if pixels.size // 3 > MOST_PIXELS:
        raise QuantizeError(f"pixels must be at most {MOST_PIXELS:,}, got {pixels.size // 3:,}")
    if not (isinstance(n_centers, Integral) and 1 <= n_centers <= 64):
        raise QuantizeError(f"n_centers must be a whole number from 1 to 64, got {shown(n_centers)}")
    return MISTAKES[key].make(np.ascontiguousarray(pixels), int(n_centers))


def _cluster(rows: NDArray[np.float32], k: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Call ``cv2.kmeans`` as the tutorial does, once; one row more than once, which it takes for another."""
    rows = np.repeat(rows, 2, axis=0) if len(rows) == 1 else rows
    cv2.setRNGSeed(1)
    _, labels, centers = cv2.kmeans(rows, min(k, len(rows)), None, _CRITERIA, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    return labels.ravel(), centers


def _rows(pixels: Pixels) -> NDArray[np.float32]:
    return pixels.reshape(-1, 3).astype(np.float32)


def _in_colors(pixels: Pixels, k: int) -> Pixels:
    labels, centers = _cluster(_rows(pixels), k)
    return _spread(labels, np.rint(centers).clip(0, 255).astype(np.uint8), pixels)


def _spread(labels: NDArray[np.int32], palette: Pixels, pixels: Pixels) -> Pixels:
    return palette[labels[: pixels.size // 3]].reshape(pixels.shape)


def _mse(first: Pixels, second: Pixels) -> float:
    return float(np.square(first.astype(np.float64) - second).sum(axis=-1).mean())


def _count(rows: NDArray) -> int:
    return len(np.unique(rows.reshape(-1, 3), axis=0))


def _keep_bytes(pixels: Pixels, k: int) -> Outcome:
    try:
        cv2.kmeans(pixels.reshape(-1, 3), k, None, _CRITERIA, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    except cv2.error as error:
        return Outcome(str(error).strip())
    return Outcome()


def _forget_shape(pixels: Pixels, k: int) -> Outcome:
    made = _in_colors(pixels, k)
    # What a viewer makes of two dimensions: a grey picture, three pixels wide; the first rows of it.
    grey = made.reshape(-1, 3)[: max(12, pixels.shape[0] // 8)]
    return Outcome(
        wrong=np.repeat(grey[:, :, None], 3, axis=2), right=made, numbers={"rows": pixels.size // 3}
    )


def _cut_centers(pixels: Pixels, k: int) -> Outcome:
    """Cluster the picture, and its darkest pixels into many centers: there they lie closest."""
    labels, centers = _cluster(_rows(pixels), k)
    cut, rounded = (
        _mse(pixels, _spread(labels, made, pixels))
        for made in (centers.astype(np.uint8), np.rint(centers).clip(0, 255).astype(np.uint8))
    )
    rows = pixels.reshape(-1, 3)
    dark = rows[np.argsort(rows.sum(axis=1, dtype=np.int32), kind="stable")[:_DARKEST]]
    _, many = _cluster(dark.astype(np.float32), _MANY)
    numbers = {"cut": cut, "rounded": rounded, "dark": len(dark), "asked": len(many)}
    return Outcome(numbers={**numbers, "different": _count(many), "left": _count(many.astype(np.uint8))})


def _take_hue(pixels: Pixels, k: int) -> Outcome:
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV).astype(np.uint8, copy=False)
    labels, centers = _cluster(_rows(hsv), k)
    made = cv2.cvtColor(
        _spread(labels, np.rint(centers).clip(0, (179, 255, 255)).astype(np.uint8), hsv), cv2.COLOR_HSV2RGB
    )
    wrong, right = made.astype(np.uint8, copy=False), _in_colors(pixels, k)
    return Outcome(
        wrong=wrong, right=right, numbers={"wrong": _mse(pixels, wrong), "right": _mse(pixels, right)}
    )


def _swap_channels(pixels: Pixels, k: int) -> Outcome:
    right = _in_colors(pixels, k)
    return Outcome(wrong=np.ascontiguousarray(right[..., ::-1]), right=right)


def _want_too_many(pixels: Pixels, k: int) -> Outcome:
    """Cluster a picture of few colours, with more centers than it has."""
    few = _in_colors(pixels, min(k, _FEW))
    n_colors, asked = _count(few), max(k, _FEW + 3)
    labels, centers = _cluster(_rows(few), asked)
    rows = _rows(pixels)[:_FEW]
    try:
        cv2.kmeans(rows, len(rows) + 1, None, _CRITERIA, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
        message = ""
    except cv2.error as error:
        message = str(error).strip()
    numbers = {
        "colors": n_colors,
        "asked": len(centers),
        "different": _count(np.rint(centers)),
        "used": len(np.unique(labels)),
        "rows": len(rows),
    }
    return Outcome(message, right=few, numbers=numbers)


MOST_LETTERS = 34
"""Of a line of code here: so many fit beside each other on a telephone."""
_CALL = "flags = cv2.KMEANS_PP_CENTERS\ncv2.kmeans(\n    Z, K, None, criteria,\n    10, flags)"
_ROWS = "Z = image.reshape((-1, 3))"
_FLOATS = f"{_ROWS}\nZ = np.float32(Z)"
_ROUNDED = "centers = np.rint(centers)\ncenters = np.uint8(centers)"
_RESULT = f"{_ROUNDED}\nresult = centers[labels.flatten()]"

MISTAKES: Mapping[str, Mistake] = MappingProxyType(
    {
        one.key: one
        for one in (
            Mistake(
                "uint8", f"{_ROWS}\n{_CALL}", f"{_FLOATS}\n{_CALL}", _keep_bytes,
            ),
            Mistake(
                "shape", _RESULT, f"{_RESULT}\nresult = result.reshape(\n    image.shape)", _forget_shape,
            ),
            Mistake(
                "cut", "centers = np.uint8(centers)", _ROUNDED, _cut_centers,
            ),
            Mistake(
                "hue", f"image = cv2.cvtColor(\n    image, cv2.COLOR_BGR2HSV)\n{_FLOATS}", _FLOATS, _take_hue,
            ),
            Mistake(
                "bgr", "plt.imshow(result)", "plt.imshow(cv2.cvtColor(\n    result, cv2.COLOR_BGR2RGB))",
                _swap_channels,
            ),
            Mistake(
                "many", f"K = 8  # of a picture of 5 colours\n{_CALL}",
                f"colors = np.unique(Z, axis=0)\nK = min(K, len(colors))\n{_CALL}", _want_too_many,
            ),
        )
    }
)  # fmt: skip
"""By key."""
