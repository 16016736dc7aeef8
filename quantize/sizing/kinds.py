"""Kinds of files that a picture can become, a record each.

Codecs are Pillow's and OpenCV's, each with one fixed way of its own: what is compared are qualities, not
efforts. Their effort is what 12 megapixels allow within some seconds; AVIF's is less of larger pictures, in
a third of the time and some 2 % longer.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from struct import pack
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.colors.opacity import is_visible
from quantize.decoding.resolution import Dpi
from quantize.errors import QuantizeError
from quantize.limits import MAX_PIXELS
from quantize.records import Records

# Pixels from which AVIF is written with the least effort.
_LARGE = 2**24

Pixels = NDArray[np.uint8]
Write = Callable[[Pixels, Pixels | None, int | None, Dpi | None, bool], bytes]


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    key, title : str
        Its name in choices, and for people.
    extension, mime : str
        Of its files.
    indexed : bool
        Whether it holds a palette of at most 256 colours.
    clear : bool
        Whether it can hold transparency.
    longest : int
        Pixels that a side may have.
    quick_to : int
        Pixels up to which writing one should take some ten seconds of a processor at most, judged by what 12
        megapixels of noise take. It is one call that nothing ends, so a server should write no larger ones.
    write : callable or None
        Pixels uint8 (h, w, 3), alpha uint8 (h, w) or None, quality 1 to 100 or None, resolution, whether
        colour is whole (4:4:4) → the file. None where the palette is what is written.
    qualities : tuple of int
        That are shown beside other kinds, the third one as the usual; () where nothing is lost.
    halved : bool
        Whether colour usually has half of light's resolution (4:2:0), and may have the whole (4:4:4).
    """

    key: str
    title: str
    extension: str
    mime: str
    indexed: bool = False
    clear: bool = True
    longest: int = 1_000_000
    quick_to: int = MAX_PIXELS
    write: Write | None = None
    qualities: tuple[int, ...] = ()
    halved: bool = False

    @property
    def noun(self) -> str:
        """Its name within a sentence."""
        return " ".join(reversed(self.title.split(", "))).replace("Indexed", "indexed")

    @property
    def lossy(self) -> bool:
        """Whether it has qualities."""
        return bool(self.qualities)


# WebP's best effort, for pictures that are smaller than a sample of a large one; and what larger ones get.
_WEBP_METHOD, _WEBP_LESS, _SMALL = 6, 3, 1 << 17
# Where a JPEG tells its resolution, behind what every JFIF begins with.
_DENSITY = 13
_LONGEST_JPEG = 65_500


def _saved(
    pixels: Pixels, alpha: Pixels | None, chosen: int | None, dpi: Dpi | None, whole: bool = False,
    *, format: str, **options: Any,
) -> bytes:  # fmt: skip
    image = Image.fromarray(pixels)
    if alpha is not None:
        image.putalpha(Image.fromarray(alpha))
    if chosen is not None:
        options["quality"] = chosen
    if dpi is not None and format == "PNG":
        options["dpi"] = dpi
    file = BytesIO()
    try:
        image.save(file, format, **options)
    except (OSError, ValueError) as error:
        width, height = image.size
        raise QuantizeError(f"{format} cannot hold {width}×{height} pixels: {error}") from None
    return file.getvalue()


def _write_jpeg(
    pixels: Pixels, alpha: Pixels | None, quality: int | None, dpi: Dpi | None, whole: bool = False
) -> bytes:
    """Write a progressive JPEG.

    By OpenCV, whose bytes are Pillow's: that one has libjpeg write into a buffer that it guesses, too short
    for noise and for few pixels across, and whose length is a setting of all threads.
    """
    height, width = pixels.shape[:2]
    if max(height, width) > _LONGEST_JPEG:
        raise QuantizeError(
            f"JPEG must have at most {_LONGEST_JPEG:,} pixels a side, got {width:,}×{height:,}"
        )
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444 if whole else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    options = (
        cv2.IMWRITE_JPEG_QUALITY, quality or 0, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling,
        cv2.IMWRITE_JPEG_PROGRESSIVE, 1, cv2.IMWRITE_JPEG_OPTIMIZE, 1,
    )  # fmt: skip
    _, made = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    data = made.tobytes()
    if dpi is None:
        return data
    return data[:_DENSITY] + pack(">BHH", 1, *map(_as_density, dpi)) + data[_DENSITY + 5 :]


def _as_density(dots: float) -> int:
    """Round dots for an inch to what a JPEG holds."""
    return min(max(round(dots), 1), 65_535)


def _write_avif(
    pixels: Pixels, alpha: Pixels | None, quality: int | None, dpi: Dpi | None, whole: bool = False
) -> bytes:
    """Write an AVIF whose alpha is exact, as a WebP's is, where the encoder is one that can (libaom)."""
    speed, color = 8 if pixels.size // 3 < _LARGE else 10, "4:4:4" if whole else "4:2:0"
    options: dict[str, Any] = {"format": "AVIF", "speed": speed, "subsampling": color}
    if alpha is not None:
        with suppress(QuantizeError):
            return _saved(pixels, alpha, quality, dpi, advanced={"alpha:lossless": "1"}, **options)
    return _saved(pixels, alpha, quality, dpi, **options)


def _write_webp(
    pixels: Pixels, alpha: Pixels | None, quality: int | None, dpi: Dpi | None, whole: bool = False
) -> bytes:
    """Write a WebP, with all the effort there is where that takes no time."""
    method = _WEBP_METHOD if pixels.size // 3 <= _SMALL else _WEBP_LESS
    return _saved(pixels, alpha, quality, dpi, format="WEBP", method=method)


def _write(format: str, **options: Any) -> Write:
    return partial(_saved, format=format, **options)


_TABLE = (
    Kind("png", "Indexed PNG", ".png", "image/png", indexed=True),
    Kind("gif", "GIF", ".gif", "image/gif", indexed=True, longest=65_535),
    Kind("png24", "PNG-24", ".png", "image/png", quick_to=3 * 2**24,
         write=_write("PNG", compress_level=6)),
    Kind("webp-lossless", "WebP, lossless", ".webp", "image/webp", longest=16_383, quick_to=2**25,
         write=_write("WEBP", lossless=True, quality=40, method=3)),
    Kind("webp", "WebP", ".webp", "image/webp", longest=16_383, quick_to=2**25,
         write=_write_webp, qualities=(30, 60, 80, 92)),
    Kind("avif", "AVIF", ".avif", "image/avif", longest=32_768, quick_to=3 * 2**24,
         write=_write_avif, qualities=(30, 50, 70, 85, 93), halved=True),
    Kind("jpeg", "JPEG", ".jpg", "image/jpeg", clear=False, longest=_LONGEST_JPEG,
         write=_write_jpeg, qualities=(40, 65, 80, 92), halved=True),
)  # fmt: skip
KINDS = Records("kind", _TABLE)
find_kind = KINDS.find


def write_gif(palette: Pixels, indices: Pixels, alpha: Pixels | None) -> bytes:
    """Write a GIF of one frame.

    Parameters
    ----------
    palette : uint8, shape (k, 3)
        At most 255 entries where a pixel is not visible.
    indices : uint8, shape (h, w)
    alpha : uint8, shape (h, w), or None
        Pixels that are not visible become transparent.
    """
    options: dict[str, Any] = {}
    if alpha is not None and (hidden := ~is_visible(alpha)).any():
        clear = len(palette)
        if clear > 255:
            raise QuantizeError("palette must hold at most 255 colours beside transparency, got 256")
        indices = np.where(hidden, np.uint8(clear), indices)
        palette = np.concatenate([palette, palette[:1]])
        options["transparency"] = clear
    image = Image.fromarray(indices)
    image.putpalette(palette.tobytes())
    file = BytesIO()
    image.save(file, "GIF", optimize=False, **options)
    return file.getvalue()
