"""Whole files to start from, made by our own code: every format in the variants that readers treat apart."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image

from quantize.swatches import formats
from tests.palette_files import SAMPLES
from tests.pictures import chunk, exif, heic, jxl, noise, png, qoi, saved, smooth, tiff
from tests.profiles import adobe_rgb, gray_profile
from tests.swatch_files import palette_of

_RGB = smooth(40, 56)
_RGBA = np.dstack([_RGB, noise(40, 56, 1)])
_FRAMES = [Image.fromarray(noise(20, 24, seed=seed)).quantize(16) for seed in range(3)]
_EXIF = b"Exif\0\0" + exif(6)
_MORE = {"save_all": True, "append_images": _FRAMES[1:]}


def _jpeg() -> list[bytes]:
    return [
        saved(_RGB, "JPEG", icc_profile=adobe_rgb(), exif=_EXIF),
        saved(_RGB, "JPEG", progressive=True),
        saved(_RGB, "JPEG", subsampling=0, restart_marker_blocks=2),
        saved(_RGB[..., 0], "JPEG"),
        saved(Image.fromarray(_RGB).convert("CMYK"), "JPEG"),
        saved(_RGB, "MPO", save_all=True, append_images=[Image.fromarray(noise(40, 40))]),
    ]


def _png() -> list[bytes]:
    gray16 = noise(40, 56, 1).astype(np.uint16) * 257
    return [
        saved(_RGB, "PNG", icc_profile=adobe_rgb(), exif=_EXIF),
        png(_RGBA),
        png(gray16, before=chunk(b"tRNS", b"\0\1")),
        png(_RGB.astype(np.uint16) * 257, before=chunk(b"tRNS", bytes(6)), after=chunk(b"eXIf", exif(5))),
        saved(_FRAMES[0], "PNG", transparency=bytes(range(16))),
        saved(Image.fromarray(_RGB).convert("1"), "PNG"),
        saved(_FRAMES[0], "PNG", **_MORE),
        _interlaced(),
    ]


def _interlaced() -> bytes:
    """The picture in the seven passes of Adam7."""
    passes = (
        (0, 0, 8, 8),
        (0, 4, 8, 8),
        (4, 0, 8, 4),
        (0, 2, 4, 4),
        (2, 0, 4, 2),
        (0, 1, 2, 2),
        (1, 0, 2, 1),
    )
    rows = b"".join(
        b"\0" + row.tobytes() for top, left, down, across in passes for row in _RGB[top::down, left::across]
    )
    height, width, _ = _RGB.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def _webp() -> list[bytes]:
    return [
        saved(_RGB, "WEBP", icc_profile=adobe_rgb(), exif=_EXIF),
        saved(_RGB, "WEBP", quality=20),
        saved(_RGBA, "WEBP", quality=50),
        saved(_RGBA, "WEBP", lossless=True, exact=True),
        saved(_FRAMES[0], "WEBP", **_MORE),
    ]


def _gif() -> list[bytes]:
    return [
        saved(_FRAMES[0], "GIF"),
        saved(_FRAMES[0], "GIF", interlace=1, transparency=3, comment=b"words"),
        saved(_FRAMES[0], "GIF", **_MORE),
        saved(_FRAMES[0], "GIF", transparency=3, disposal=2, **_MORE),
    ]


def _bmp() -> list[bytes]:
    return [
        saved(_RGB, "BMP"),
        saved(_RGBA, "BMP"),
        saved(_FRAMES[0], "BMP"),
        saved(Image.fromarray(_RGB).convert("1"), "BMP"),
        _run_length_bmp(),
    ]


def _run_length_bmp() -> bytes:
    """8 bits a pixel, run-length encoded: 16×4 pixels of two runs each, a jump and the end."""
    rows = b"".join(bytes((8, row, 8, 255 - row, 0, 0)) for row in range(4))
    pixels = rows + bytes((0, 2, 1, 0, 0, 1))
    table = bytes(value for level in range(256) for value in (level, level, level, 0))
    info = struct.pack("<IiiHHIIiiII", 40, 16, 4, 1, 8, 1, len(pixels), 2835, 2835, 256, 0)
    start = 14 + len(info) + len(table)
    return struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start) + info + table + pixels


def _tiff() -> list[bytes]:
    floats = np.linspace(0, 1, 40 * 56, dtype=np.float32)
    return [
        saved(_RGB, "TIFF", compression="tiff_lzw", exif=exif(7)),
        saved(_RGBA, "TIFF", compression="tiff_adobe_deflate", icc_profile=adobe_rgb()),
        saved(_RGB[..., 0], "TIFF", compression="packbits", icc_profile=gray_profile("G", 1.8)),
        saved(_RGB, "TIFF", compression="jpeg"),
        saved(Image.fromarray(_RGB).convert("1"), "TIFF", compression="group4"),
        saved(_FRAMES[0], "TIFF", **_MORE),
        saved(_RGB, "TIFF", big_tiff=True),
        tiff(56, 40, floats.tobytes(), (32,), sample_format=3),
        tiff(56, 40, bytes(40 * 56 * 4), (8, 8, 8, 8), kind=5),
        tiff(56, 40, (floats * 4000).astype("<u2").tobytes(), (16,)),
        tiff(56, 40, _RGB.tobytes(), (8, 8, 8), kind=8),
    ]


def _avif() -> list[bytes]:
    return [
        saved(_RGB, "AVIF", icc_profile=adobe_rgb(), exif=_EXIF),
        saved(_RGBA, "AVIF", quality=40, speed=9),
        saved(_RGB[..., 0], "AVIF", speed=9),
        saved(_FRAMES[0], "AVIF", speed=10, **_MORE),
    ]


def _heic() -> list[bytes]:
    return [heic(_RGB, exif=_EXIF), heic(_RGBA), heic(_RGB[..., 0]), heic(_RGB, quality=40, chroma=420)]


def _jxl() -> list[bytes]:
    return [jxl(_RGB), jxl(_RGBA, use_container=True, exif=_EXIF[6:]), jxl(_RGB[..., 0], lossless=False)]


def _jpeg2000() -> list[bytes]:
    return [
        saved(_RGB, "JPEG2000"),
        saved(_RGBA, "JPEG2000", irreversible=True),
        saved(_RGB, "JPEG2000", no_jp2=True),
    ]


def _ico() -> list[bytes]:
    return [saved(_RGBA, "ICO", sizes=[(48, 34), (16, 11)], bitmap_format=kind) for kind in ("png", "bmp")]


def _ppm() -> list[bytes]:
    return [
        saved(_RGB, "PPM"),
        saved(Image.fromarray(_RGB).convert("1"), "PPM"),
        b"P3 4 3 100 " + b"7 99 0 " * 12,
        b"P5 8 4 4095 " + bytes(range(64)),
        b"Pf 4 4 -1.0\n" + np.linspace(0, 1, 16, dtype="<f4").tobytes(),
    ]


def _tga() -> list[bytes]:
    return [saved(_RGB, "TGA"), saved(_RGBA, "TGA", compression="tga_rle"), saved(_FRAMES[0], "TGA")]


_MAKERS: dict[str, Callable[[], list[bytes]]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WebP": _webp,
    "GIF": _gif,
    "BMP": _bmp,
    "TIFF": _tiff,
    "AVIF": _avif,
    "HEIC": _heic,
    "JPEG XL": _jxl,
    "JPEG 2000": _jpeg2000,
    "ICO": _ico,
    "QOI": lambda: [qoi(_RGB)],
    "PPM": _ppm,
    "TGA": _tga,
}
PICTURES = tuple(_MAKERS)
PALETTES = tuple(reader.key for reader in formats.READERS)


@cache
def seeds(key: str) -> tuple[bytes, ...]:
    """Whole files of a picture format (PNG) or a palette format (ase)."""
    return tuple(_MAKERS[key]()) if key in _MAKERS else tuple(_palette_files(key))


def _palette_files(key: str) -> list[bytes]:
    many = noise(30, 1).reshape(-1, 3)  # as many as Procreate holds
    palettes = (
        palette_of("c00000", "0080ff", "102030", names=("Brick", "", "x" * 20)),
        palette_of("000000"),
        palette_of(*("".join(f"{value:02x}" for value in color) for color in many)),
    )
    written = [formats.write_palette(palette, key) for palette in palettes] if key in formats.FORMATS else []
    return [*written, *SAMPLES.get(key, [])]
