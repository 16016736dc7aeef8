"""Palette and indices to the bytes of a PNG, and how large PNGs of a picture are, original or indexed.

How the rows of an indexed file become short is in ``png_rows.py``.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.colors.opacity import is_visible
from quantize.decoding.resolution import Dpi
from quantize.errors import QuantizeError
from quantize.rendering.png_file import indexed_file
from quantize.rendering.png_rows import (
    bits_for,
    deflate_in_every_way,
    deflate_quickly,
    deflate_well,
    pack_rows,
)

# Level 9 takes ten times as long as level 6 for 3 % less: 0.8 s at this size, 10 s at 24 megapixels.
_THOROUGH_PIXELS = 2_000_000
_BAND_ROWS = 16
_MEASURED_PIXELS = 2_000_000
_ESTIMATE_OFF = 0.1


def encode_png(
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None = None,
    *,
    optimize: bool,
    dpi: Dpi | None = None,
    aim: int | None = None,
) -> bytes:
    """Write an indexed PNG with 1, 2, 4 or 8 bits per pixel, the least that hold the palette.

    Entries keep their numbers. Pixels that are not visible (see ``colors/opacity.py``) share one
    transparent entry behind the palette, which repeats the colour of entry 0 so that a program that ignores
    transparency meets no new colour. Behind 256 there is no room: then the last entry without a pixel is it.

    Parameters
    ----------
    palette : uint8, shape (k, 3), 1 <= k <= 256
        sRGB. Of 256 one must be without a pixel if any pixel becomes transparent.
    indices : uint8, shape (h, w)
        Numbers below k; under transparent pixels any.
    alpha : uint8, shape (h, w), or None
        None is opaque everywhere.
    optimize : bool
        True for a file to keep. False for a preview: up to fifty times as quick, up to a third longer.
    dpi : (float, float) or None
        Resolution in pixels an inch, across and down.
    aim : int or None
        Bytes that an optimised file should not exceed, as the original with the same pixels does not: if it
        would, and has at most two megapixels, it is packed once more in every way there is.

    Raises
    ------
    QuantizeError
        If the arrays do not fit together, or 256 entries in use leave no room for the transparent one.
    """
    _check(palette, indices, alpha)
    rows = _rows(palette, indices, alpha)
    if not optimize:
        return rows.file(deflate_quickly(rows.packed, rows.bits), dpi)
    thorough = indices.size <= _THOROUGH_PIXELS
    file = rows.file(deflate_well(rows.packed, rows.bits, 9 if thorough else 6), dpi)
    if thorough and aim is not None and len(file) > aim:
        return min(file, rows.file(deflate_in_every_way(rows.packed), dpi), key=len)
    return file


@dataclass(frozen=True, eq=False)
class _Rows:
    """What is in a file: entries, which of them is transparent, and the rows of their numbers, packed."""

    palette: NDArray[np.uint8]
    transparent: int | None
    size: tuple[int, int]
    bits: int
    packed: NDArray[np.uint8]

    def file(self, stream: bytes, dpi: Dpi | None) -> bytes:
        """Write the file, with the rows deflated to ``stream``."""
        return indexed_file(self.palette, self.transparent, self.size, self.bits, stream, dpi)


def _rows(palette: NDArray[np.uint8], indices: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> _Rows:
    transparent = None
    if alpha is not None and (hidden := ~is_visible(alpha)).any():
        transparent = len(palette)
        if transparent == 256:
            transparent = _last_idle(indices[~hidden])
        else:
            palette = np.concatenate([palette, palette[:1]])
        indices = np.where(hidden, np.uint8(transparent), indices)
    if indices.max() >= len(palette):
        raise QuantizeError(
            f"indices must be below {len(palette)}, the palette's length, got {indices.max()}"
        )
    bits = bits_for(len(palette))
    return _Rows(palette, transparent, indices.shape[::-1], bits, pack_rows(indices, bits))


def _last_idle(shown: NDArray[np.uint8]) -> int:
    """Find the last of 256 entries that no pixel shows."""
    idle = np.flatnonzero(np.bincount(shown.ravel(), minlength=256) == 0)
    if not len(idle):
        raise QuantizeError(
            "palette must hold at most 255 colours beside transparency, got 256: choose 255 or fewer"
        )
    return int(idle[-1])


def encode_rgba_png(
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    alpha: NDArray[np.uint8],
    *,
    dpi: Dpi | None = None,
) -> bytes:
    """Write the palette's colours with their transparency kept pixel by pixel, as an ordinary RGBA PNG.

    Longer than the indexed file, which knows only opaque and transparent.

    Parameters
    ----------
    palette, indices, alpha, dpi
        As for ``encode_png``.
    """
    _check(palette, indices, alpha)
    image = Image.fromarray(palette[indices])
    image.putalpha(Image.fromarray(alpha))
    file = BytesIO()
    image.save(file, "PNG", compress_level=6, dpi=dpi)
    return file.getvalue()


def _check(palette: NDArray[np.uint8], indices: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> None:
    if palette.dtype != np.uint8 or palette.ndim != 2 or palette.shape[1] != 3:
        raise QuantizeError(f"palette must be uint8 (k, 3), got {palette.dtype} {palette.shape}")
    if not 1 <= len(palette) <= 256:
        raise QuantizeError(f"palette must hold 1 to 256 colours, got {len(palette)}")
    if indices.dtype != np.uint8 or indices.ndim != 2 or not indices.size:
        raise QuantizeError(f"indices must be uint8 (h, w), not empty, got {indices.dtype} {indices.shape}")
    if alpha is not None and (alpha.dtype != np.uint8 or alpha.shape != indices.shape):
        raise QuantizeError(
            f"alpha must be uint8 and of the indices' shape {indices.shape}, got {alpha.dtype} {alpha.shape}"
        )


def _bands(array: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Cut out ``count`` bands of rows, evenly spread; all rows if they are not more than that."""
    height = len(array)
    if height <= count * _BAND_ROWS:
        return array
    tops = np.linspace(0, height - _BAND_ROWS, count).round().astype(int)
    return np.concatenate([array[top : top + _BAND_ROWS] for top in tops])


@dataclass(frozen=True)
class FileSize:
    """A length in bytes, and whether it was measured in full or estimated from a part."""

    n_bytes: int
    estimated: bool


def png_size(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> FileSize:
    """Tell how long the picture is as an ordinary PNG, not indexed, at zlib's usual level 6.

    Large pictures would take seconds, so of those above two megapixels only bands of rows that make up as
    much are packed, and the length is scaled up: 0.2 to 0.4 s at any size, and within 2 % of the truth on
    photographs and a screenshot of 12 to 24 megapixels.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB.
    alpha : uint8, shape (h, w), or None
        Stored as a fourth channel if given.
    """
    part = row_bands(pixels, _MEASURED_PIXELS)
    image = Image.fromarray(part)
    if alpha is not None:
        image.putalpha(Image.fromarray(row_bands(alpha, _MEASURED_PIXELS)))
    file = BytesIO()
    image.save(file, "PNG", compress_level=6)
    n_bytes = round(file.tell() * len(pixels) / len(part))
    return FileSize(n_bytes, estimated=len(part) < len(pixels))


class Filed(Protocol):
    """A ``Picture``, or no more than what is known of its file: see there."""

    @property
    def file_digest(self) -> str | None:
        """None if there was no file."""

    @property
    def format(self) -> str:
        """Of the file."""

    @property
    def n_bytes(self) -> int:
        """Length of the file."""


def aim_for(picture: Filed, sse: float) -> int | None:
    """Choose ``aim`` for a result with this error: the length of the picture's file if every colour fits."""
    return None if sse or picture.file_digest is None else picture.n_bytes


def longer_notes(picture: Filed, sse: float, n_entries: int, size: FileSize) -> tuple[str, ...]:
    """Say so if the file is longer than the picture's was, which nobody expects; else say nothing.

    Of pictures that were packed with loss, as JPEG, that is said only if all colours fit.

    Parameters
    ----------
    picture : Picture, or what is known of its file
        The original.
    sse : float
        Error of the result: 0 if every colour fits.
    n_entries : int
        Of its palette.
    size : FileSize
        Of its file. An estimate must be longer by more than it may be off.
    """
    aim = aim_for(picture, sse) if not sse else picture.n_bytes if picture.format == "PNG" else None
    if aim is None or size.n_bytes <= aim * (1 + size.estimated * _ESTIMATE_OFF):
        return ()
    more, about = size.n_bytes - aim, "about " if size.estimated else ""
    if more <= 12 + 3 * n_entries:
        why = "an indexed PNG holds its palette"
    elif sse:
        why = "fewer colours can be harder to pack, above all dithered or in place of an even gradient"
    else:
        why = "it was packed better than this writer can"
    fits = "" if sse else "every colour fits, but "
    return (f"{fits}the file is {about}{more:,} bytes longer than the original: {why}",)


def indexed_png_size(
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None = None,
    *,
    dpi: Dpi | None = None,
    aim: int | None = None,
) -> FileSize:
    """Tell how long the optimised file of ``encode_png`` will be: exactly up to two megapixels.

    Above that, bands of rows that make up as much are packed and their length is scaled up, in some 50 ms
    instead of up to a second: within 5 % on photographs of 17 and 24 megapixels, 11 % at 2 colours.

    Parameters
    ----------
    palette, indices, alpha, dpi, aim
        As for ``encode_png``.
    """
    part = row_bands(indices, _MEASURED_PIXELS)
    if len(part) == len(indices):
        file = encode_png(palette, indices, alpha, optimize=True, dpi=dpi, aim=aim)
        return FileSize(len(file), estimated=False)
    hidden = None if alpha is None else row_bands(alpha, _MEASURED_PIXELS)
    return FileSize(scaled_png_size(palette, part, hidden, len(indices), dpi=dpi), estimated=True)


def scaled_png_size(
    palette: NDArray[np.uint8],
    part: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    height: int,
    *,
    dpi: Dpi | None = None,
) -> int:
    """Estimate how many bytes the optimised PNG has, of whose ``height`` rows only ``part`` is given."""
    rows = _rows(palette, part, alpha)
    stream = len(deflate_well(rows.packed, rows.bits, 6))
    return len(rows.file(b"", dpi)) + round(stream * height / len(part))


def row_bands(array: NDArray[np.uint8], n_pixels: int) -> NDArray[np.uint8]:
    """Cut bands of rows out of a picture, evenly spread, that make up about so many pixels, or all of it."""
    return _bands(array, max(1, n_pixels // (array.shape[1] * _BAND_ROWS)))
