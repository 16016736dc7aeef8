"""A palette as it is seen with a colour vision deficiency, and the entries that become alike then.

Simulations of complete dichromacy in linear light, by coloraide's filters: for protan and deutan
vision those of Machado, Oliveira and Fernandes, severity 1; for tritan vision that of Brettel, Viénot and
Mollon, as Machado's model was fitted to protan and deutan vision and is a rough guess for tritan.
They show what is confused, not how it feels.

Sources: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for
simulation of color vision deficiency", IEEE TVCG 15 (2009), doi 10.1109/TVCG.2009.113; H. Brettel,
F. Viénot, J. D. Mollon, "Computerized simulation of color appearance for dichromats", JOSA A 14
(1997), doi 10.1364/JOSAA.14.002647.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from quantize.colors.spaces import decode_srgb, encode_srgb
from quantize.errors import QuantizeError
from quantize.palettes.pairs import delta_e_00_pairs

ALIKE_BELOW = 5.0
"""ΔE00 under which two entries count as alike to a vision: a legend's two swatches, apart from each
other, are taken for the same. (Side by side, an eye sees differences from about 1.)"""

CLEAR_FROM = 10.0
"""ΔE00 from which two entries count as clearly different to normal vision. Twice ALIKE_BELOW, so that
a pair that is close for everyone raises no warning about some."""


@dataclass(frozen=True)
class Vision:
    """One deficiency: its key, its name on screen, and the method of coloraide's filter of the same key."""

    key: str
    title: str
    method: str


_TABLE = (
    Vision("protan", "Protan (no red cones)", "machado"),
    Vision("deutan", "Deutan (no green cones)", "machado"),
    Vision("tritan", "Tritan (no blue cones)", "brettel"),
)
VISIONS: Mapping[str, Vision] = MappingProxyType({vision.key: vision for vision in _TABLE})


@dataclass(frozen=True)
class LookAlike:
    """Two entries that a vision takes for one.

    Attributes
    ----------
    vision : str
        A key of VISIONS.
    first, second : int
        Their numbers in the palette, ``first`` < ``second``.
    normal, seen : float
        ΔE00 between them to normal vision, and to this one.
    """

    vision: str
    first: int
    second: int
    normal: float
    seen: float


def simulate_vision(colors: NDArray[np.uint8], key: str) -> NDArray[np.uint8]:
    """Show colours as one of VISIONS sees them.

    Parameters
    ----------
    colors : uint8, shape (n, 3)
        sRGB.
    key : str
        "protan", "deutan" or "tritan".

    Returns
    -------
    uint8, shape (n, 3)
        sRGB; what falls outside it is clipped.

    Raises
    ------
    QuantizeError
        If there is no such vision.
    """
    if key not in VISIONS:
        raise QuantizeError(f"vision must be one of {', '.join(VISIONS)}, got {key!r}")
    # Loaded at first use, so that `import quantize` stays quick.
    from coloraide import Color

    method = VISIONS[key].method
    seen = [
        Color("srgb-linear", linear).filter(key, method=method).coords()
        for linear in decode_srgb(colors).tolist()
    ]
    return np.clip(np.rint(encode_srgb(np.reshape(seen, (-1, 3)))), 0, 255).astype(np.uint8)


def find_look_alikes(colors: NDArray[np.uint8]) -> list[LookAlike]:
    """List the pairs that differ clearly to normal vision but not to another.

    A pair is listed if its ΔE00 is at least CLEAR_FROM to normal vision and below ALIKE_BELOW to the other.

    Parameters
    ----------
    colors : uint8, shape (k, 3), k <= 256
        sRGB.

    Returns
    -------
    list of LookAlike
        In the order of VISIONS, then of the palette.

    Raises
    ------
    QuantizeError
        If there are more than 256 colours.
    """
    normal = delta_e_00_pairs(colors)
    found = []
    for key in VISIONS:
        seen = delta_e_00_pairs(simulate_vision(colors, key))
        pairs = np.argwhere(np.triu((normal >= CLEAR_FROM) & (seen < ALIKE_BELOW), 1)).tolist()
        found += [LookAlike(key, i, j, float(normal[i, j]), float(seen[i, j])) for i, j in pairs]
    return found
