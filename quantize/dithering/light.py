"""Light in whole numbers: what dithering adds, subtracts and passes on.

``encoded`` counts sRGB as it is stored; errors of equal size look about equally large, and nearly every
program dithers so. ``linear`` counts light itself: dithered areas then have the brightness of the original
when seen from afar, at the price of coarser grain in the shadows.

Source of the curve: IEC 61966-2-1, in ``spaces.decode_srgb``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import decode_srgb, encode_srgb
from quantize.records import Records


@dataclass(frozen=True, eq=False)
class Light:
    """One way to count light.

    Attributes
    ----------
    key, title : str
        Its name in settings, and for people.
    to_light : int32, shape (256,)
        Light of each 8-bit code, from 0 to ``top``.
    to_code : uint8, shape (3 * top + 1,)
        Nearest code of the lights from -top to 2 · top, as far as a sum with errors can go.
    to_working : callable or None
        Light as a working space: float32 (n, 3) sRGB → float32 (n, 3); None is sRGB itself.
    """

    key: str
    title: str
    to_light: NDArray[np.int32]
    to_code: NDArray[np.uint8]
    to_working: Callable[[NDArray], NDArray[np.float32]] | None

    @property
    def top(self) -> int:
        """Light of code 255."""
        return int(self.to_light[255])


def _decode(colors: NDArray) -> NDArray[np.float32]:
    return decode_srgb(colors).astype(np.float32)


def _codes(nearest: NDArray) -> NDArray[np.uint8]:
    """Add what is darker than black and lighter than white to the codes of 0 … top."""
    top = len(nearest) - 1
    return np.concatenate([np.zeros(top), np.rint(nearest), np.full(top, 255)]).astype(np.uint8)


# 14 bits: a sum of errors with 15 more bits for fractions stays within int32.
_FINE = 64
_TOP = 16383

_TABLE = (
    Light(
        "encoded",
        "encoded",
        (np.arange(256) * _FINE).astype(np.int32),
        _codes(np.arange(255 * _FINE + 1) / _FINE),
        None,
    ),
    Light(
        "linear",
        "linear",
        np.rint(decode_srgb(np.arange(256)) * _TOP).astype(np.int32),
        _codes(encode_srgb(np.arange(_TOP + 1) / _TOP)),
        _decode,
    ),
)
LIGHTS = Records("light", _TABLE)
find_light = LIGHTS.find
