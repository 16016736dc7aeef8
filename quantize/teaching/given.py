"""What callers give to a run: numbers of the right form and size, or a sentence that says what is wrong."""

from __future__ import annotations

from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from quantize.errors import QuantizeError, shown

MOST_ITERATIONS = 10_000


def read_points(colors: ArrayLike) -> NDArray[np.float64]:
    """Read colours as coordinates, float64 (3, n), n >= 1."""
    rows = read_rows(colors, "colors")
    if not len(rows):
        raise QuantizeError("colors must hold at least one colour, got none: no pixel is visible")
    return np.ascontiguousarray(rows.T)


def read_weights(counts: ArrayLike) -> NDArray[np.float64]:
    """Read counts as float64 (n,), each 1 to 10¹²."""
    found = _numbers(counts, "counts")
    if found.ndim != 1:
        raise QuantizeError(f"counts must have shape (n,), got {found.shape}")
    if len(found) and not (found.min() >= 1 and found.max() <= 1e12):
        raise QuantizeError(f"counts must be from 1 to 10¹², got {found.min():g} to {found.max():g}")
    return found


def read_rows(array: ArrayLike, name: str) -> NDArray[np.float64]:
    """Read colours as float64 (n, 3), a copy."""
    found = _numbers(array, name)
    if found.ndim != 2 or found.shape[1] != 3:
        raise QuantizeError(f"{name} must have shape (rows, 3), got {found.shape}")
    if found.size and np.abs(found).max() > 1e9:
        raise QuantizeError(f"{name} must lie within ±10⁹, got {np.abs(found).max():g}")
    return found


def _numbers(array: ArrayLike, name: str) -> NDArray[np.float64]:
    """Copy an array as float64."""
    try:
        given = np.asarray(array)
    except ValueError:
        raise QuantizeError(f"{name} must be an array of numbers, got rows of several lengths") from None
    if given.dtype.kind not in "uif":
        raise QuantizeError(f"{name} must be an array of real numbers, got {given.dtype}")
    found = np.array(given, np.float64, order="C")
    if not np.isfinite(found).all():
        raise QuantizeError(f"{name} must be finite numbers, got infinite ones or NaN")
    return found


def refuse_criteria(max_iter: int, epsilon: float) -> None:
    """Refuse what cannot end a run."""
    whole = isinstance(max_iter, Integral) and not isinstance(max_iter, bool)
    if not (whole and 1 <= max_iter <= MOST_ITERATIONS):
        raise QuantizeError(
            f"max_iter must be a whole number from 1 to {MOST_ITERATIONS}, got {shown(max_iter)}"
        )
    if not (isinstance(epsilon, Real) and 0 <= epsilon < float("inf")):
        raise QuantizeError(f"epsilon must be a number of at least 0, got {shown(epsilon)}")
