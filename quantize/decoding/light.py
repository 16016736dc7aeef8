"""Colours said by numbers instead of a profile: primaries and a curve, brought to sRGB.

Samples are taken to linear light by a curve, to sRGB's primaries by a matrix (Bradford's adaptation where
the white is another), clipped, and encoded again. HDR, in which 1 is the white of paper (203 cd/m²) and
lights are up to 1000 cd/m², is first brought into sRGB's range by the reference white tone mapping operator:
paper white goes to half of the screen's light, so that there is room above it; Chromium does the same.

Sources: ITU-T H.273 (2024), tables 2 and 3 (primaries and curves by number); ITU-R BT.2100-2 (PQ, HLG and its
system gamma of 1.2); BT.2408-7 (white of 203 cd/m²); BT.1886 (gamma 2.4 is what BT.709 and its kin are shown
with); SMPTE ST 2094-50, annex D (tone mapping; the quadratic Bézier curve itself, not its eight points);
B. Lindbloom, Chromatic Adaptation (Bradford's matrix).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]
Point = tuple[float, float]
Primaries = tuple[Point, Point, Point, Point]
"""x, y of red, green, blue and white."""

_D65, _C, _DCI = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351)
SRGB_PRIMARIES: Primaries = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), _D65)
_BT2020: Primaries = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65)
_SMPTE_170M: Primaries = ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65)
PRIMARIES: dict[int, tuple[str, Primaries]] = {
    1: ("BT.709", SRGB_PRIMARIES),
    4: ("BT.470 M", ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C)),
    5: ("BT.470 BG", ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65)),
    6: ("SMPTE 170M", _SMPTE_170M),
    7: ("SMPTE 240M", _SMPTE_170M),
    8: ("generic film", ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C)),
    9: ("BT.2020", _BT2020),
    10: ("XYZ", ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (1 / 3, 1 / 3))),
    11: ("DCI-P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _DCI)),
    12: ("Display P3", ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65)),
    22: ("EBU 3213", ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077), _D65)),
}
_UNSAID = 2
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
D50 = (0.9642, 1.0, 0.8249)
_WHITE, _PEAK = 203.0, 1000.0
_STEPS = 65536
_BLOCK = 2**15  # pixels whose light fits the cache


def _srgb(v: NDArray) -> NDArray:
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def _smpte_240m(v: NDArray) -> NDArray:
    return np.where(v <= 4 * 0.0228, v / 4, ((v + 0.1115) / 1.1115) ** (1 / 0.45))


def _pq(v: NDArray) -> NDArray:
    """Decode the perceptual quantizer, 1 = paper white. BT.2100-2, table 4."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = v ** (1 / m2)
    return 10000 / _WHITE * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)


def _hlg(v: NDArray) -> NDArray:
    """Decode hybrid log-gamma to light of the scene, 0 to 1. BT.2100-2, table 5."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(v <= 0.5, v * v / 3, (np.exp((v - c) / a) + b) / 12)


def gamma(power: float) -> Callable[[NDArray], NDArray]:
    """Make the curve that a bare exponent is."""
    return lambda v: v**power


CURVES: dict[int, Callable[[NDArray], NDArray]] = {
    **dict.fromkeys((1, 6, 11, 14, 15), gamma(2.4)),
    4: gamma(2.2),
    5: gamma(2.8),
    7: _smpte_240m,
    8: gamma(1),
    13: _srgb,
    16: _pq,
    17: lambda v: 52.37 / 48 * v**2.6,
    18: _hlg,
}
HDR = {16: "PQ", 18: "HLG"}


@dataclass(frozen=True, eq=False)
class LightConversion:
    """How to turn strips of a picture into sRGB; stands in for ``profiles.Conversion``."""

    curve: Callable[[NDArray], NDArray]
    primaries: Primaries
    hdr: str | None = None
    note: str | None = None
    mode: str = "RGB"

    @cached_property
    def table(self) -> Floats:
        """Linear light of the 256 levels."""
        return self.curve(np.arange(256) / 255).astype(np.float32)

    @cached_property
    def to_xyz(self) -> Floats:
        """From linear light in these primaries to XYZ."""
        return to_xyz(self.primaries).astype(np.float32)

    @cached_property
    def to_2020(self) -> Floats:
        """From linear light in these primaries to BT.2020's."""
        return (np.linalg.inv(to_xyz(_BT2020)) @ to_xyz(self.primaries)).astype(np.float32)

    @cached_property
    def to_srgb(self) -> Floats:
        """From linear light in these primaries to sRGB's."""
        return (np.linalg.inv(to_xyz(SRGB_PRIMARIES)) @ to_xyz(self.primaries)).astype(np.float32)

    def apply(self, image: Image.Image) -> Image.Image:
        """Convert an 8-bit image to mode RGB in sRGB, alpha left aside."""
        pixels = np.asarray(image if image.mode == "RGB" else image.convert("RGB")).reshape(-1, 3)
        shown = np.empty_like(pixels)
        for start in range(0, len(pixels), _BLOCK):
            block = slice(start, start + _BLOCK)
            self._convert(pixels[block], shown[block])
        return Image.fromarray(shown.reshape(image.height, image.width, 3))

    def _convert(self, pixels: NDArray[np.uint8], shown: NDArray[np.uint8]) -> None:
        light = [np.take(self.table, pixels[:, channel], mode="clip") for channel in range(3)]
        if self.hdr == "HLG":
            _display(light, self.to_xyz[1])
        if self.hdr:
            _tone_map(light, self.to_2020)
        for channel, row in enumerate(self.to_srgb):
            mixed = _mixed(light, row)
            np.clip(mixed, 0, 1, out=mixed)
            mixed *= _STEPS - 1
            mixed += 0.5
            shown[:, channel] = np.take(_ENCODED, mixed.astype(np.uint16), mode="clip")


def _mixed(light: list[Floats], weights: Floats) -> Floats:
    """Weigh three channels into one of other primaries."""
    mixed = light[0] * weights[0]
    mixed += light[1] * weights[1]
    mixed += light[2] * weights[2]
    return mixed


def _encoding() -> NDArray[np.uint8]:
    light = np.arange(_STEPS) / (_STEPS - 1)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(255 * encoded).astype(np.uint8)


_ENCODED = _encoding()


def encode_srgb(light: NDArray) -> NDArray[np.uint8]:
    """Convert linear light in sRGB's primaries, clipped to 0–1, to 8 bits."""
    return _ENCODED[(np.clip(light, 0, 1) * (_STEPS - 1) + 0.5).astype(np.uint16)]


def from_d50() -> NDArray[np.float64]:
    """Return the matrix from XYZ under D50 to linear light in sRGB's primaries."""
    return np.linalg.inv(to_xyz(SRGB_PRIMARIES)) @ _adapted(np.array(D50))


def to_xyz(primaries: Primaries) -> NDArray[np.float64]:
    """Return the matrix from linear light of these primaries to XYZ under D65."""
    *colors, white = (np.array([x, y, 1 - x - y]) for x, y in primaries)
    columns = np.column_stack(colors)
    matrix = columns * np.linalg.solve(columns, white / white[1])
    return _adapted(white / white[1]) @ matrix


def _adapted(white: NDArray) -> NDArray[np.float64]:
    x, y = _D65
    ratio = (_BRADFORD @ np.array([x / y, 1, (1 - x - y) / y])) / (_BRADFORD @ white)
    return np.linalg.inv(_BRADFORD) @ np.diag(ratio) @ _BRADFORD


def _display(scene: list[Floats], to_luminance: Floats) -> None:
    """Turn light of the scene into a display's of 1000 cd/m², 1 = paper white. BT.2100-2, table 5."""
    gain = np.float32(_PEAK / _WHITE) * _mixed(scene, to_luminance) ** np.float32(0.2)
    for channel in scene:
        channel *= gain


def _tone_map(light: list[Floats], to_2020: Floats) -> None:
    """Scale every pixel so that its largest channel in BT.2020 comes to its place on the curve."""
    largest = np.maximum.reduce([_mixed(light, row) for row in to_2020])
    gain = _gain(largest)
    for channel in light:
        channel *= gain


def _gain(x: Floats) -> Floats:
    """Tell what light ``x`` is multiplied by: half up to paper white, then by a Bézier curve to the peak."""
    top, kappa, knee = _PEAK / _WHITE, 0.65, 0.5
    middle = 1 - kappa + kappa / knee
    # The curve's x(t) is a t² + b t + 1 and its y(t) c t² + d t + 0.5.
    a, b = 1 - 2 * middle + top, 2 * (middle - 1)
    y_middle = (1 - kappa) * knee + kappa
    c, d = knee - 2 * y_middle + 1, 2 * (y_middle - knee)
    inside = np.clip(x, 1, top)
    t = (np.sqrt(b * b + 4 * a * (inside - 1)) - b) / (2 * a)
    y = c * t * t + d * t + knee
    return np.where(x <= 1, knee, y / np.maximum(x, 1)).astype(np.float32)


def conversion_of_numbers(primaries: int, transfer: int) -> LightConversion | None:
    """Choose the conversion for H.273's numbers; None for sRGB itself and what is unsaid or unknown."""
    name, points = PRIMARIES.get(primaries, PRIMARIES[1])
    curve = CURVES.get(transfer, _srgb)
    if points == SRGB_PRIMARIES and curve is _srgb:
        return None
    if transfer in HDR:
        hdr = HDR[transfer]
        return LightConversion(curve, points, hdr, f"HDR ({hdr}) tone-mapped to sRGB, highlights are darker")
    return LightConversion(curve, points, None, f"{name} converted to sRGB")
