"""numba loops for CIE L*a*b* and the CIEDE2000 difference.

Eight colours at a time: no branch, no call of a mathematical library, only additions, products, quotients and
square roots of float32, each rounded as IEEE 754 says; so a colour's numbers depend neither on its place in
the array nor on the machine. Of greys a* and b* are exactly 0. CIEDE2000 is written without angles: sums and
multiples of hues are products of their sines and cosines; only the distance of the mean hue from 275°, where
blue turns, is an angle. Of two million pairs none was farther from the formula in float64 than 0.0005.

Where two hues oppose each other the formula jumps, and float32 cannot tell the sides apart: such pairs get a
negative number instead, and their caller asks ``ciede2000.py``.

Sources: IEC 61966-2-1 (sRGB's primaries and its white, D65); CIE 15 (L*a*b*); G. Sharma, W. Wu, E. N. Dalal,
"The CIEDE2000 color-difference formula: implementation notes, supplementary test data, and mathematical
observations", Color Research and Application 30 (2005), doi 10.1002/col.20070. Numbers beside the lines are
those of its equations.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from quantize.compiling import loop

_F = np.float32
# Rows at a time: copied apart by axis, so that eight of each are loaded at once.
_BLOCK = 512

# x, y of red, green, blue, and of white.
_PRIMARIES = np.array([[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]])
_WHITE = np.array([0.3127, 0.3290])


def _xyz_matrix() -> NDArray[np.float64]:
    """Work out the matrix from linear sRGB to X, Y, Z, each over that of white: its rows add up to 1."""
    columns = np.stack([_PRIMARIES[:, 0], _PRIMARIES[:, 1], 1 - _PRIMARIES.sum(axis=1)]) / _PRIMARIES[:, 1]
    white = np.array([_WHITE[0], _WHITE[1], 1 - _WHITE.sum()]) / _WHITE[1]
    return columns * np.linalg.solve(columns, white) / white[:, None]


XYZ = _xyz_matrix()
# X, Y and Z are green's light, and so much of what red and blue have more: equal for greys, to the last bit.
_MORE_RED, _MORE_BLUE = XYZ[:, 0].astype(np.float32), XYZ[:, 2].astype(np.float32)
# Up to here f(x) is a line: slope and offset.
EDGE, SLOPE, OFFSET = 216 / 24389, 24389 / 27 / 116, 16 / 116
_EDGE, _SLOPE, _OFFSET = _F(EDGE), _F(SLOPE), _F(OFFSET)
# Bits of a float32, divided by three, and this make its cube root within 4 %.
_ROOT_SEED = np.int32(709_921_077)
_THIRD = _F(1 / 3)


@loop
def lab_rows(linear: Any, out: Any) -> None:
    """Work out CIE L*a*b* of linear sRGB 0–1, float32 (n, 3) both."""
    light, lab = np.empty((3, _BLOCK), np.float32), np.empty((3, _BLOCK), np.float32)
    for start in range(0, len(linear), _BLOCK):
        n = min(_BLOCK, len(linear) - start)
        for i in range(n):
            _mix(linear[start + i, 0], linear[start + i, 1], linear[start + i, 2], light, i)
        _finish_lab(light, lab, n)
        for i in range(n):
            for k in range(3):
                out[start + i, k] = lab[k, i]


@loop
def difference_rows(first: Any, second: Any, out: Any) -> None:
    """Work out CIEDE2000 of each pair of rows of CIE L*a*b*, float32 (n, 3) → ``out`` float32 (n,); -1 in
    doubt.
    """
    a, b = np.empty((3, _BLOCK), np.float32), np.empty((3, _BLOCK), np.float32)
    for start in range(0, len(first), _BLOCK):
        n = min(_BLOCK, len(first) - start)
        for i in range(n):
            for k in range(3):
                a[k, i], b[k, i] = first[start + i, k], second[start + i, k]
        _compare(a, b, out[start : start + n])


@loop
def difference_mapped(colors: Any, linear: Any, entries: Any, table: Any, out: Any) -> None:
    """Work out CIEDE2000 of each colour uint8 (n, 3) to its entry: ``entries`` float32 (k, 3) are in CIE
    L*a*b*.

    ``linear`` float32 (256,) is the light of each 8-bit value, ``table`` uint8 (n,) has each colour's entry;
    ``out`` float32 (n,), -1 in doubt.
    """
    light = np.empty((3, _BLOCK), np.float32)
    a, b = np.empty((3, _BLOCK), np.float32), np.empty((3, _BLOCK), np.float32)
    for start in range(0, len(colors), _BLOCK):
        n = min(_BLOCK, len(colors) - start)
        for i in range(n):
            r, g, blue = colors[start + i, 0], colors[start + i, 1], colors[start + i, 2]
            _mix(linear[r], linear[g], linear[blue], light, i)
            for k in range(3):
                b[k, i] = entries[table[start + i], k]
        _finish_lab(light, a, n)
        _compare(a, b, out[start : start + n])


@njit(inline="always")
def _mix(r: Any, g: Any, b: Any, light: Any, i: Any) -> None:
    more_red, more_blue = r - g, b - g
    for k in range(3):
        light[k, i] = g + (_MORE_RED[k] * more_red + _MORE_BLUE[k] * more_blue)


@njit(error_model="numpy")
def _finish_lab(light: Any, lab: Any, n: Any) -> None:
    """Work out CIE L*a*b* of X, Y, Z over those of white, float32 (3, at least n) both."""
    light_bits, lab_bits = light.view(np.int32), lab.view(np.int32)
    for k in range(3):
        for i in range(n):
            lab_bits[k, i] = np.int32(_F(light_bits[k, i]) * _THIRD) + _ROOT_SEED
        for i in range(n):
            x, y = light[k, i], lab[k, i]
            for _ in range(2):  # Halley's steps: 4 % → 0.001 % → float32
                cube = y * y * y
                y = y * (cube + x + x) / (cube + cube + x)
            lab[k, i] = y if x > _EDGE else _SLOPE * x + _OFFSET
    for i in range(n):
        x, y, z = lab[0, i], lab[1, i], lab[2, i]
        lab[0, i] = _F(116) * y - _F(16)
        lab[1, i] = _F(500) * (x - y)
        lab[2, i] = _F(200) * (y - z)


@njit(error_model="numpy")
def _compare(a: Any, b: Any, out: Any) -> None:
    for i in range(len(out)):
        out[i] = _difference(a[0, i], a[1, i], a[2, i], b[0, i], b[1, i], b[2, i])


_NONE, _ONE, _TWO, _HALF = _F(0), _F(1), _F(2), _F(0.5)
_COS, _SIN = (
    {angle: _F(turn(math.radians(angle))) for angle in (6, 30, 63, 275)} for turn in (math.cos, math.sin)
)
_COS6, _COS30, _COS63, _COS275 = _COS.values()
_SIN6, _SIN30, _SIN63, _SIN275 = _SIN.values()
# Twice an arc tangent in radians → degrees over 25, as the formula wants it.
_OVER_25 = _F(2 * math.degrees(1) / 25)
_SIXTY = _F(math.radians(60))
# Twice as far as a* or b* of any 8-bit colour is off, stretched by up to 1.5, times the two chromas that
# make the mean one.
_OFF = _F(1e-3)


@njit(inline="always")
def _share(chroma: Any) -> Any:
    """Take the root of c⁷ / (c⁷ + 25⁷)."""
    square = chroma * chroma
    seventh = square * square * square * chroma
    return np.sqrt(seventh / (seventh + _F(25.0**7)))


@njit(inline="always")
def _arc_tangent(x: Any) -> Any:
    """Work out the arc tangent of -1 to 1: least squares at Chebyshev's points, within 1e-7."""
    s = x * x
    high = _F(0.09653094) + s * (_F(-0.05601197) + s * (_F(0.02190789) + s * _F(-0.00406209)))
    return x * (
        _F(0.99999946) + s * (_F(-0.33330134) + s * (_F(0.19948497) + s * (_F(-0.13914974) + s * high)))
    )


@njit(inline="always")
def _bell(x: Any) -> Any:
    """Work out exp(-x²) for |x| up to 4: the series of its 16th root, squared four times."""
    y = x * x * _F(1 / 16)
    low = y * (_F(1 / 24) - y * (_F(1 / 120) - y * (_F(1 / 720) - y * _F(1 / 5040))))
    root = _ONE - y * (_ONE - y * (_HALF - y * (_F(1 / 6) - low)))
    for _ in range(4):
        root = root * root
    return root


@njit(inline="always")
def _sine(x: Any) -> Any:
    """Work out the sine of 0 to 60°, in radians."""
    s = x * x
    return x * (_ONE + s * (_F(-1 / 6) + s * (_F(1 / 120) + s * (_F(-1 / 5040) + s * _F(1 / 362_880)))))


@njit(inline="always")
def _difference(l1: Any, a1: Any, b1: Any, l2: Any, a2: Any, b2: Any) -> Any:
    """Work the formula out, by the paper's names: ``a``, ``c``, ``h`` are those with a prime. -1 in doubt."""
    stretch = _ONE + _HALF * (  # 2–4
        _ONE - _share(_HALF * (np.sqrt(a1 * a1 + b1 * b1) + np.sqrt(a2 * a2 + b2 * b2)))
    )
    a1, a2 = a1 * stretch, a2 * stretch  # 5
    c1, c2 = np.sqrt(a1 * a1 + b1 * b1), np.sqrt(a2 * a2 + b2 * b2)  # 6
    dot, cross = a1 * a2 + b1 * b2, a1 * b2 - a2 * b1
    both, alike = c1 * c2, dot > _NONE
    # Hues (7) are not worked out. Two ways to each number, as one of them loses all digits when hues agree,
    # the other when they oppose.
    d_hue = cross * np.sqrt(_TWO / max(both + dot, _F(1e-12)))
    wide = np.sqrt(max(_TWO * (both - dot), _NONE))
    d_hue = d_hue if alike else (-wide if cross < _NONE else wide)  # 10, 11
    # The mean hue's direction (14): along the sum of both, or across their difference.
    along_a, along_b = a1 * c2 + a2 * c1, b1 * c2 + b2 * c1
    across_a, across_b = b2 * c1 - b1 * c2, a1 * c2 - a2 * c1
    turned = cross < _NONE
    mean_a = along_a if alike else (-across_a if turned else across_a)
    mean_b = along_b if alike else (-across_b if turned else across_b)
    length = np.sqrt(mean_a * mean_a + mean_b * mean_b)
    grey = length < _F(1e-12)
    over = _ONE / (_ONE if grey else length)
    cos, sin = (_ONE if grey else mean_a * over), mean_b * over
    cos2, sin2 = _TWO * cos * cos - _ONE, _TWO * sin * cos
    cos3, sin3 = cos * cos2 - sin * sin2, cos * sin2 + sin * cos2
    cos4, sin4 = _TWO * cos2 * cos2 - _ONE, _TWO * sin2 * cos2
    t = (
        _ONE
        - _F(0.17) * (cos * _COS30 + sin * _SIN30)
        + _F(0.24) * cos2
        + _F(0.32) * (cos3 * _COS6 - sin3 * _SIN6)
        - _F(0.20) * (cos4 * _COS63 + sin4 * _SIN63)
    )  # 15
    middle, mean_c = _HALF * (l1 + l2) - _F(50), _HALF * (c1 + c2)  # 12, 13
    middle *= middle
    lightness = (l2 - l1) / (_ONE + _F(0.015) * middle / np.sqrt(_F(20) + middle))  # 8, 18
    chroma = (c2 - c1) / (_ONE + _F(0.045) * mean_c)  # 9, 19
    hue = d_hue / (_ONE + _F(0.015) * mean_c * t)  # 20
    # From 90° on the bell is below 3e-6: nothing is turned there.
    cos_off, sin_off = cos * _COS275 + sin * _SIN275, sin * _COS275 - cos * _SIN275
    off = _arc_tangent(sin_off / (_ONE + max(cos_off, _NONE)))
    turn = -_TWO * _share(mean_c) * _sine(_SIXTY * _bell(_OVER_25 * off))  # 16, doubled; 17, 21
    turn = turn if cos_off > _NONE else _NONE
    square = lightness * lightness + chroma * chroma + hue * hue + turn * chroma * hue  # 22
    # Opposite within what float32 may be off, and not so grey that either mean hue gives the same.
    doubt = (dot < _NONE) & (abs(cross) <= _OFF * mean_c) & (both * mean_c * mean_c > _F(1e-4))
    return -_ONE if doubt else np.sqrt(max(square, _NONE))
