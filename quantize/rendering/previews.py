"""Pictures made smaller for the screen without a single new colour, and the original for showing.

Every pixel of a preview is a pixel of the picture: nothing is blended, so a preview of a quantized
picture stays within its palette.
"""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

THUMBNAIL_QUALITY, SHORT_THUMBNAIL = 85, 8000
_WEBP_MAX_SIDE = 16383
# Sprites, whose pixels are seen one by one.
_TINY_PIXELS = 96 * 64
_GROUND = (153, 153, 153, 255)


def preview(array: NDArray[np.uint8], max_side: int) -> NDArray[np.uint8]:
    """Take every nth pixel of every nth row, so that neither side is longer than ``max_side``.

    Parameters
    ----------
    array : uint8, shape (h, w) or (h, w, 3)
        Indices, alpha or pixels: all three of one size are thinned alike.
    max_side : int
        At least 1.

    Returns
    -------
    uint8, shape (h', w') or (h', w', 3)
        The pixels in the middle of n × n cells; ``array`` itself if it is small enough.
    """
    return (
        array
        if max(array.shape[:2]) <= max_side
        else np.ascontiguousarray(array[grid(array.shape, max_side)])
    )


def grid(shape: tuple[int, ...], max_side: int) -> tuple[slice, slice]:
    """Find the rows and columns of a picture of shape (h, w, ...) that ``preview`` takes."""
    step = -(-max(shape[:2]) // max_side)
    # A side shorter than a cell keeps its own middle.
    rows, columns = (slice(min(step, side) // 2, side, step) for side in shape[:2])
    return rows, columns


def encode_original(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> tuple[bytes, str]:
    """Write a picture exactly, in the form that is quickest and shortest for showing it.

    On photos of 1600 × 1200 lossless WebP at its least effort takes about as long as the quickest PNG
    and is a tenth to a quarter shorter; only beyond WebP's longest side is it a PNG.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB.
    alpha : uint8, shape (h, w), or None
        None is opaque everywhere.

    Returns
    -------
    bytes, str
        The file and its media type.
    """
    image = Image.fromarray(pixels)
    if alpha is not None:
        image.putalpha(Image.fromarray(alpha))
    if max(image.size) > _WEBP_MAX_SIDE:
        return _saved(image, "PNG", compress_level=1, compress_type=3), "image/png"
    return _saved(image, "WEBP", lossless=True, method=0, quality=0, exact=True), "image/webp"


def encode_thumbnail(
    pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, max_side: int
) -> tuple[bytes, str]:
    """Write a small, smooth picture of a picture, only to recognise it by: its colours are blended.

    A PNG where that is short, as of drawings; of photos a WebP with losses, a tenth as long.

    Parameters
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB.
    alpha : uint8, shape (h, w), or None
        None is opaque everywhere.
    max_side : int
        Longest side of the result; small pictures are not enlarged.

    Returns
    -------
    bytes, str
        The file and its media type.
    """
    image = _blended(pixels, alpha, max_side)
    webp = _saved(image, "WEBP", quality=THUMBNAIL_QUALITY, method=2)
    # Of a photo the PNG would take four times as long as the WebP, to be thrown away.
    if len(webp) <= 4 * SHORT_THUMBNAIL or image.getcolors(256):
        png = _saved(image, "PNG", compress_level=6)
        if len(png) <= SHORT_THUMBNAIL:
            return png, "image/png"
    return webp, "image/webp"


def encode_icon(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, max_side: int) -> bytes:
    """Write a tiny WebP of a picture, of some kB, for a row of many; of a tiny one an exact one.

    What is transparent lies on a grey on which neither black nor white is lost. Parameters as for thumbnails.
    """
    image, exact = _blended(pixels, alpha, max_side), pixels.size <= 3 * _TINY_PIXELS
    if alpha is not None:
        image = Image.alpha_composite(Image.new("RGBA", image.size, _GROUND), image)
    way = {"lossless": True, "quality": 60} if exact else {"quality": 75}
    return _saved(image.convert("RGB"), "WEBP", method=2, **way)


def _blended(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, max_side: int) -> Image.Image:
    # Thinned first: blending all of a 24-megapixel picture would take a quarter of a second.
    image = Image.fromarray(preview(pixels, 4 * max_side))
    if alpha is not None:
        image.putalpha(Image.fromarray(preview(alpha, 4 * max_side)))
    image.thumbnail((max_side, max_side))
    return image


def _saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()
