"""Forty picture files that say what their colours are in forty ways, made by our own code.

Every file holds the same smooth picture of many colours. Browsers are the reference for what it looks like.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.pictures import chunk, exif, jxl, png, png_header, saved
from tests.profiles import ADOBE_GAMMA, ADOBE_PRIMARIES, SRGB_PRIMARIES, adobe_rgb, gray_profile, rgb_profile

_D65, _D50 = (0.3127, 0.3290), (0.3457, 0.3585)
P3_PRIMARIES = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))


def picture(height: int = 48, width: int = 64) -> NDArray[np.uint8]:
    """Hues across, light to dark down, in three bands of less and less colour."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    phase = 2 * np.pi * (x[..., None] + np.array([0, 1 / 3, 2 / 3]))
    color = 0.5 + 0.5 * np.cos(phase) * (1 - np.floor(3 * y)[..., None] / 4)
    return np.rint(255 * color * (0.15 + 0.85 * (1 - (3 * y % 1)[..., None]))).astype(np.uint8)


PIXELS = picture()
_SHADES = np.dstack([PIXELS, np.linspace(64, 255, PIXELS[..., 0].size).reshape(48, 64).astype(np.uint8)])


def cicp(primaries: int, transfer: int, matrix: int = 0, full: int = 1) -> bytes:
    """A PNG's chunk of H.273's numbers."""
    return chunk(b"cICP", bytes((primaries, transfer, matrix, full)))


def gama(value: int) -> bytes:
    """A PNG's chunk of the exponent, in 1/100,000."""
    return chunk(b"gAMA", struct.pack(">I", value))


def chrm(primaries: Any, white: tuple[float, float] = _D65) -> bytes:
    """A PNG's chunk of white and primaries."""
    return chunk(
        b"cHRM", struct.pack(">8I", *(round(v * 100_000) for point in (white, *primaries) for v in point))
    )


def iccp(profile: bytes) -> bytes:
    """A PNG's chunk of an ICC profile."""
    return chunk(b"iCCP", b"p\0\0" + zlib.compress(profile))


SRGB_CHUNK = chunk(b"sRGB", b"\0")


def avif(primaries: int, transfer: int, **options: Any) -> bytes:
    """An AVIF whose colours are said by H.273's numbers."""
    data = bytearray(saved(PIXELS, "AVIF", quality=100, subsampling="4:4:4", **options))
    at = data.index(b"nclx") + 4
    data[at : at + 4] = struct.pack(">HH", primaries, transfer)
    return bytes(data)


def bmp(kind: int, bits: int = 24, size: int = 124, profile: bytes = b"") -> bytes:
    """A BMP of the fourth or fifth header, bottom up; ``kind`` is its colour space."""
    rows = (PIXELS if bits == 24 else _SHADES)[::-1][..., [2, 1, 0, 3][: bits // 8]].tobytes()
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000 if bits == 32 else 0)
    header = struct.pack("<IiiHHIIiiII", size, 64, 48, 1, bits, 0, len(rows), 2835, 2835, 0, 0)
    header += struct.pack("<4II", *masks, kind)
    header += struct.pack("<9i", *(round(v * 2**30) for x, y in ADOBE_PRIMARIES for v in (x, y, 1 - x - y)))
    header += struct.pack("<3I", *[round(ADOBE_GAMMA * 65536)] * 3)
    if size == 124:
        header += struct.pack("<4I", 4, size + len(rows), len(profile), 0)
    start = 14 + len(header)
    body = header + rows + profile
    return struct.pack("<2sIHHI", b"BM", 14 + len(body), 0, 0, start) + body


def gray_png(depth: int, key: int | None = None) -> bytes:
    """A grey PNG of few bits, with a transparent grey if asked for."""
    levels = (np.arange(64)[None] // 4 + np.arange(48)[:, None] // 8) % (1 << depth)
    bits = np.unpackbits(levels.astype(np.uint8)[..., None], axis=-1)[..., 8 - depth :]
    rows = b"".join(b"\0" + np.packbits(row.reshape(-1)).tobytes() for row in bits)
    extra = b"" if key is None else chunk(b"tRNS", struct.pack(">H", key))
    return png_header(64, 48, depth, 0) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def rgb16_with_key() -> bytes:
    """16-bit colour; one of two colours that are alike in 8 bits is transparent."""
    samples = PIXELS.astype(np.uint16) * 257
    samples[:8, :8], samples[:8, 8:16] = 0x1234, 0x1235
    return png(samples, before=chunk(b"tRNS", struct.pack(">3H", 0x1234, 0x1234, 0x1234)))


def small_gif() -> bytes:
    """A GIF whose first frame covers a part of the canvas."""
    whole = bytearray(saved(Image.fromarray(PIXELS).quantize(64), "GIF"))
    whole[6:10] = struct.pack("<HH", 80, 60)
    at = whole.index(b"\x2c\0\0\0\0\x40\0\x30\0")
    whole[at + 1 : at + 5] = struct.pack("<HH", 9, 5)
    return bytes(whole)


_P3, _ADOBE = rgb_profile("P3", P3_PRIMARIES, 2.2), adobe_rgb()
FILES: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: png(PIXELS),
    "PNG of 16 bits": lambda: png(PIXELS.astype(np.uint16) * 257 ^ 0x93),
    "PNG, Adobe's profile": lambda: png(PIXELS, before=iccp(_ADOBE)),
    "PNG, P3 by cICP": lambda: png(PIXELS, before=cicp(12, 13)),
    "PNG, BT.2020 by cICP": lambda: png(PIXELS, before=cicp(9, 1)),
    "PNG, gamma 2.2 by cICP": lambda: png(PIXELS, before=cicp(1, 4)),
    "PNG, linear by cICP": lambda: png(PIXELS, before=cicp(1, 8)),
    "PNG, PQ": lambda: png(PIXELS, before=cicp(9, 16)),
    "PNG, HLG": lambda: png(PIXELS, before=cicp(9, 18)),
    "PNG, PQ in P3": lambda: png(PIXELS, before=cicp(12, 16)),
    "PNG of 16 bits, PQ": lambda: png(PIXELS.astype(np.uint16) * 257, before=cicp(9, 16)),
    "PNG, cICP before profile": lambda: png(PIXELS, before=cicp(12, 13) + iccp(_ADOBE)),
    "PNG, narrow cICP is none": lambda: png(PIXELS, before=cicp(12, 13, 0, 0) + gama(100_000)),
    "PNG, unsaid cICP is none": lambda: png(PIXELS, before=cicp(2, 2) + gama(100_000)),
    "PNG, profile before sRGB": lambda: png(PIXELS, before=iccp(_P3) + SRGB_CHUNK),
    "PNG, sRGB before gAMA": lambda: png(PIXELS, before=SRGB_CHUNK + gama(100_000) + chrm(ADOBE_PRIMARIES)),
    "PNG, gAMA 1/2.2": lambda: png(PIXELS, before=gama(45_455)),
    "PNG, gAMA 1": lambda: png(PIXELS, before=gama(100_000)),
    "PNG, gAMA 1/1.8": lambda: png(PIXELS, before=gama(55_556)),
    "PNG, gAMA and cHRM": lambda: png(PIXELS, before=gama(45_455) + chrm(ADOBE_PRIMARIES)),
    "PNG, cHRM of D50": lambda: png(PIXELS, before=gama(55_556) + chrm(SRGB_PRIMARIES, _D50)),
    "PNG, cHRM alone": lambda: png(PIXELS, before=chrm(ADOBE_PRIMARIES)),
    "grey PNG, profile": lambda: png(PIXELS[..., :1], before=iccp(gray_profile("G", 1.8))),
    "grey PNG, gAMA 1": lambda: png(PIXELS[..., :1], before=gama(100_000)),
    "PNG, alpha and P3": lambda: png(_SHADES, before=cicp(12, 13)),
    "PNG of 1 bit, tRNS": lambda: gray_png(1, 1),
    "PNG of 2 bits, tRNS": lambda: gray_png(2, 3),
    "PNG of 4 bits, tRNS": lambda: gray_png(4, 5),
    "PNG of 8 bits, tRNS": lambda: gray_png(8, 7),
    "PNG of 16 bits, tRNS": rgb16_with_key,
    "JPEG, Adobe's profile": lambda: saved(PIXELS, "JPEG", quality=95, subsampling=0, icc_profile=_ADOBE),
    "JPEG, turned by EXIF": lambda: saved(PIXELS, "JPEG", quality=95, exif=b"Exif\0\0" + exif(6)),
    "WebP, P3": lambda: saved(PIXELS, "WEBP", lossless=True, icc_profile=_P3),
    "GIF smaller than its canvas": small_gif,
    "AVIF, sRGB": lambda: avif(1, 13),
    "AVIF, BT.709": lambda: avif(1, 1),
    "AVIF, P3": lambda: avif(12, 13),
    "AVIF, PQ": lambda: avif(9, 16),
    "AVIF, HLG": lambda: avif(9, 18),
    "AVIF, profile": lambda: saved(PIXELS, "AVIF", quality=100, subsampling="4:4:4", icc_profile=_ADOBE),
    "BMP, alpha of its fifth header": lambda: bmp(0x73524742, 32),
    "BMP, alpha of its fourth header": lambda: bmp(0x73524742, 32, 108),
    "BMP, calibration passed over": lambda: bmp(0),
    "BMP, profile inside": lambda: bmp(0x4D424544, profile=_ADOBE),
    "JPEG XL": lambda: jxl(PIXELS),
    "ICO": lambda: saved(PIXELS, "ICO", sizes=[(64, 48)]),
}
