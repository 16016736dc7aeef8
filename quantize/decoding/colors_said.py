"""How a file says what its colours are, and which of several ways counts.

A PNG's chunks count in the order of its specification: cICP, iCCP, sRGB, gAMA with cHRM. Elsewhere an ICC
profile counts before numbers (nclx in AVIF and HEIC). What is said in a way that cannot
be used is passed over, and the next counts.

Source: Portable Network Graphics (Third Edition), W3C 2025, clause 4.3; what Chromium 156 paints.
"""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np

from quantize.decoding import bmp
from quantize.decoding.boxes import read_nclx
from quantize.decoding.light import (
    CURVES,
    PRIMARIES,
    SRGB_PRIMARIES,
    LightConversion,
    Primaries,
    conversion_of_numbers,
    gamma,
)
from quantize.decoding.openers import Opened
from quantize.decoding.png import Png, profile_of
from quantize.decoding.profiles import LEFT_OUT, UNUSABLE, Conversion, conversion_to_srgb

AnyConversion = Conversion | LightConversion
_VIDEO = (1, 6, 14, 15)  # what still pictures with these curves mean is sRGB's, for every browser
_NEAR = 0.05  # a gamma that is so near to 1/2.2 stands for sRGB's curve, as in libpng


def find_conversion(opened: Opened, mode: str) -> AnyConversion:
    """Choose the conversion to sRGB of an opened picture of Pillow's ``mode``."""
    if opened.png:
        return _of_png(opened.png, mode)
    icc = opened.image.info.get("icc_profile")
    numbers: AnyConversion | None = None
    match opened.kind.key:
        case "BMP":
            icc = bmp.embedded_profile(opened.data)
        case "AVIF" | "HEIC":
            numbers = _of_nclx(read_nclx(opened.data))
    return numbers if numbers and not icc else conversion_to_srgb(mode, icc)


def _of_png(png: Png, mode: str) -> AnyConversion:
    primaries, transfer, *rest = (*png.chunks.get(b"cICP", b""), 0, 0)
    if primaries in PRIMARIES and transfer in CURVES and rest[:2] == [0, 1]:  # RGB of full range
        return conversion_of_numbers(primaries, transfer) or Conversion()
    icc = profile_of(png)
    of_profile = Conversion() if icc is None else conversion_to_srgb(mode, icc)
    if b"sRGB" in png.chunks or not (icc is None or of_profile is LEFT_OUT):
        return of_profile
    said = _of_gamma(png.chunks.get(b"gAMA", b""), png.chunks.get(b"cHRM", b""))
    if said and of_profile is LEFT_OUT:
        return replace(said, note=f"{UNUSABLE}, {said.note}")
    return said or of_profile


def _of_gamma(gama: bytes, chrm: bytes) -> LightConversion | None:
    exponent = int.from_bytes(gama[:4], "big") / 100_000
    if not 0.1 < exponent < 10 or (chrm and len(chrm) < 32):
        return None
    if not chrm:
        return _unless_srgb(1 / exponent, SRGB_PRIMARIES)
    x_y = [value / 100_000 for value in struct.unpack(">8I", chrm[:32])]
    white, red, green, blue = zip(x_y[::2], x_y[1::2], strict=True)
    return _unless_srgb(1 / exponent, (red, green, blue, white))


def _unless_srgb(power: float, primaries: Primaries) -> LightConversion | None:
    """Choose the conversion for an exponent and primaries; None for sRGB's and those that make no sense."""
    same = np.abs(np.subtract(primaries, SRGB_PRIMARIES)).max() < 0.002
    if same and abs(2.2 / power - 1) < _NEAR:
        return None
    area = np.linalg.det(np.array([(*point, 1) for point in primaries[:3]]))
    if abs(area) < 0.01 or not all(0 < y < 1 for _, y in primaries):
        return None
    name = f"gamma {1 / power:.2f}" + ("" if same else " and the file's own primaries")
    return LightConversion(gamma(power), primaries, None, f"{name} converted to sRGB")


def _of_nclx(numbers: tuple[int, int] | None) -> LightConversion | None:
    if numbers is None:
        return None
    primaries, transfer = numbers
    return conversion_of_numbers(primaries, 13 if transfer in _VIDEO else transfer)
