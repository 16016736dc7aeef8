"""Palette and indices to the bytes of a PNG, and how large PNGs of a picture are, original or indexed.

How the rows of an indexed file become short is in ``png_rows.py``.
"""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.colors.opacity import is_visible
from quantize.decoding.resolution import Dpi
from quantize.errors import QuantizeError
from quantize.rendering.deflating import BEST, USUAL, deflate_quickly
from quantize.rendering.png_file import indexed_file
from quantize.rendering.png_filters import unfiltered
from quantize.rendering.png_rows import (
    Deflated,
    measure_packed,
    pack_in_every_way,
    pack_quickly,
    pack_well,
    scale_packed,
)
from quantize.rendering.rivals import ESTIMATE_OFF, FileSize
from quantize.rendering.row_bands import find_bands

# The best level takes some eight times as long as the usual one for 6 % less: 0.3 s at this size.
_THOROUGH_PIXELS = 2_000_000
# Some 10 ms at the best level.
_EXACT_PIXELS = 1 << 16
_MEASURED_PIXELS = 2_000_000
# Above two megapixels, some 60 ms at the level that is used there; these are packed quickly.
_AT_ONCE_BYTES = 1_000_000


def encode_png(
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None = None,
    *,
    optimize: bool,
    dpi: Dpi | None = None,
    aim: int | None = None,
    as_listed: bool = False,
) -> bytes:
    """Write an indexed PNG with 1, 2, 4 or 8 bits per pixel.

    Bits are the least that hold the palette, or 8 where that makes the file shorter.

    Entries keep their numbers. Pixels that are not visible (see ``colors/opacity.py``) share one
    transparent entry behind the palette, which repeats the colour of entry 0 so that a program that ignores
    transparency meets no new colour. Behind 256 there is no room: then the last entry without a pixel is it.
    Of entries with an opacity those that are not opaque come first, as they do in results, unless they stay
    ``as_listed``: the file lists opacities as far as the last of them.

    Parameters
    ----------
    palette : uint8, shape (k, 3) or (k, 4), 1 <= k <= 256
        sRGB. Of 256 one must be without a pixel if any pixel becomes transparent. Or with the opacity of
        every entry, R, G, B, alpha: then they alone say what is transparent.
    indices : uint8, shape (h, w)
        Numbers below k; under transparent pixels any.
    alpha : uint8, shape (h, w), or None
        None is opaque everywhere. Of no effect where entries have opacities.
    optimize : bool
        True for a file to keep. False for a preview: up to fifty times as quick, up to a third longer, and
        of the least bits.
    dpi : (float, float) or None
        Resolution in pixels an inch, across and down.
    aim : int or None
        Bytes that an optimised file should not exceed, as the original with the same pixels does not: if it
        would, and has at most two megapixels, it is packed once more in every way there is.
    as_listed : bool
        Whether entries with an opacity keep their numbers, too, where these mean something.

    Raises
    ------
    QuantizeError
        If the arrays do not fit together, or 256 entries in use leave no room for the transparent one.
    """
    _check(palette, indices, alpha)
    shown = _shown(palette, indices, alpha, as_listed)
    if not optimize:
        return shown.file(pack_quickly(shown.indices, len(shown.palette)), dpi)
    level = _level(indices.size)
    file = shown.file(pack_well(shown.indices, len(shown.palette), level), dpi)
    if level == BEST and aim is not None and len(file) > aim:
        return min(file, shown.file(pack_in_every_way(shown.indices, len(shown.palette)), dpi), key=len)
    return file


def _level(n_pixels: int) -> int:
    return BEST if n_pixels <= _THOROUGH_PIXELS else USUAL


@dataclass(frozen=True, eq=False)
class _Shown:
    """What is in a file: entries, their alpha unless all are opaque, and the entry of every pixel."""

    palette: NDArray[np.uint8]
    opacities: NDArray[np.uint8] | None
    indices: NDArray[np.uint8]

    def file(self, packed: Deflated, dpi: Dpi | None) -> bytes:
        """Write the file around its packed pixels."""
        size = self.indices.shape[::-1]
        return indexed_file(self.palette, self.opacities, size, packed.bits, packed.stream, dpi)


def _shown(
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    as_listed: bool = False,
) -> _Shown:
    if palette.shape[1] == 4:
        order = np.argsort(np.logical_and(palette[:, 3] == 255, not as_listed), kind="stable")
        indices, palette = np.argsort(order).astype(np.uint8)[_below(len(palette), indices)], palette[order]
        return _Shown(np.ascontiguousarray(palette[:, :3]), np.ascontiguousarray(palette[:, 3]), indices)
    opacities = None
    if alpha is not None and (hidden := ~is_visible(alpha)).any():
        transparent = len(palette)
        if transparent == 256:
            transparent = _last_idle(indices[~hidden])
        else:
            palette = np.concatenate([palette, palette[:1]])
        indices = np.where(hidden, np.uint8(transparent), indices)
        opacities = np.full(len(palette), 255, np.uint8)
        opacities[transparent] = 0
    return _Shown(palette, opacities, _below(len(palette), indices))


def _below(n_entries: int, indices: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give indices back if all are of an entry."""
    if indices.max() >= n_entries:
        raise QuantizeError(f"indices must be below {n_entries}, the palette's length, got {indices.max()}")
    return indices


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
    if palette.dtype != np.uint8 or palette.ndim != 2 or palette.shape[1] not in (3, 4):
        raise QuantizeError(f"palette must be uint8 (k, 3) or (k, 4), got {palette.dtype} {palette.shape}")
    if not 1 <= len(palette) <= 256:
        raise QuantizeError(f"palette must hold 1 to 256 colours, got {len(palette)}")
    if indices.dtype != np.uint8 or indices.ndim != 2 or not indices.size:
        raise QuantizeError(f"indices must be uint8 (h, w), not empty, got {indices.dtype} {indices.shape}")
    if alpha is not None and (alpha.dtype != np.uint8 or alpha.shape != indices.shape):
        raise QuantizeError(
            f"alpha must be uint8 and of the indices' shape {indices.shape}, got {alpha.dtype} {alpha.shape}"
        )


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
    rows = find_bands(pixels, _MEASURED_PIXELS)
    part = pixels[rows]
    image = Image.fromarray(part)
    if alpha is not None:
        image.putalpha(Image.fromarray(alpha[rows]))
    file = BytesIO()
    image.save(file, "PNG", compress_level=6)
    n_bytes = round(file.tell() * len(pixels) / len(part))
    return FileSize(n_bytes, estimated=len(part) < len(pixels))


def indexed_png_size(
    palette: NDArray[np.uint8],
    indices: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None = None,
    *,
    dpi: Dpi | None = None,
    aim: int | None = None,
    rival: int | None = None,
) -> FileSize:
    """Tell how long the optimised file of ``encode_png`` will be: exactly where that does not take long.

    Otherwise about, within 8 %, mostly within 3.

    Parameters
    ----------
    palette, indices, alpha, dpi, aim
        As for ``encode_png``.
    rival : int or None
        Bytes of a file that this one is compared with: if it has at most two megapixels and comes near to
        that, its length is told exactly, whatever that takes.
    """
    size = indices.size
    about = None
    if size > _THOROUGH_PIXELS:
        about = _scaled_by_share(palette, indices, alpha, dpi)
    elif size > _EXACT_PIXELS:
        about = estimate_png_size(palette, indices, alpha, len(indices), dpi=dpi)
        near = rival is not None and abs(about.n_bytes - rival) <= ESTIMATE_OFF * rival
        if near or (aim is not None and about.n_bytes > aim):
            about = None
    if about is not None:
        return about
    file = encode_png(palette, indices, alpha, optimize=True, dpi=dpi, aim=aim)
    return FileSize(len(file), estimated=False)


def _scaled_by_share(
    palette: NDArray[np.uint8], indices: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, dpi: Dpi | None
) -> FileSize | None:
    """Estimate a length from rows and from what they are of the whole; None where the whole packs at once.

    Packing all quickly (3 ms a megapixel) tells both. Most bytes of a screenshot may lie in a few rows.
    """
    shown = np.ascontiguousarray(_shown(palette, indices, alpha).indices)
    whole = len(deflate_quickly(shown))
    if whole <= _AT_ONCE_BYTES:
        return None
    rows = find_bands(indices, _MEASURED_PIXELS)
    share = len(deflate_quickly(shown[rows])) / whole
    return estimate_png_size(
        palette, indices[rows], None if alpha is None else alpha[rows], len(indices), dpi=dpi, share=share
    )


def estimate_png_size(
    palette: NDArray[np.uint8],
    part: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    height: int,
    *,
    dpi: Dpi | None = None,
    share: float | None = None,
    ahead: float | None = None,
    of_quick: float | None = None,
) -> FileSize:
    """Estimate how many bytes the optimised PNG has, of whose ``height`` rows only ``part`` is given.

    Within 5 % where ``part`` is all of it; within 8 % where ``find_bands`` chose a megapixel of it, but for
    contrived pictures and screenshots, most of whose bytes may lie in a few rows.

    Parameters
    ----------
    palette, dpi
        As for ``encode_png``.
    part, alpha : uint8, shape (h', w)
        Rows of its indices and alpha.
    height : int
        Rows of the whole.
    share : float or None
        Which part of the whole's bytes these rows have; by their number if it is None.
    ahead : float or None
        What estimates for about as many colours said of this picture: takes a fifth of the time.
    of_quick : float or None
        The same, where fewer and more colours say alike: takes a tenth.
    """
    shown, level = _shown(palette, part, alpha), _level(height * part.shape[1])
    share = len(part) / height if share is None else share
    around = len(shown.file(Deflated(8, b""), dpi))
    quick = len(deflate_quickly(unfiltered(shown.indices)))
    if of_quick is not None:
        return FileSize(around + round(quick * of_quick / share), estimated=True)
    if ahead is not None and level > USUAL:
        stream = scale_packed(shown.indices, len(shown.palette), ahead)
    else:
        found = measure_packed(shown.indices, len(shown.palette), level)
        stream, ahead = found.n_bytes, found.ahead
    n_bytes = around + round(stream / share)
    return FileSize(n_bytes, estimated=True, ahead=ahead, of_quick=stream / quick)
