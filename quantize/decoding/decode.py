"""Untrusted bytes to upright 8-bit sRGB pixels, by Pillow's decoders.

The decoded picture is read out in strips of rows: each is converted, brought to sRGB and written to
its upright place while it is in the cache. That is faster than one ``numpy.asarray`` and needs no
second copy of the whole picture at any step, whatever has to be done to it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile

from quantize.decoding.formats import PICTURE_FORMATS, format_named, picture_format
from quantize.decoding.frames import frames_note
from quantize.decoding.narrow import Narrow, narrowing
from quantize.decoding.parts import check_parts, webp_size
from quantize.decoding.profiles import Conversion, conversion_to_srgb
from quantize.decoding.quiet import quiet_pillow
from quantize.decoding.resolution import Dpi, read_dpi
from quantize.decoding.sniff import damaged, too_hungry, unreadable
from quantize.errors import QuantizeError
from quantize.limits import MAX_PIXELS

_PILLOW_NAMES = tuple(format_.pillow for format_ in PICTURE_FORMATS.values())
for _format in PICTURE_FORMATS.values():
    # Pillow would otherwise import its plugins for fifty other formats to find the one for WebP.
    for _plugin in _format.plugins:
        import_module(f"PIL.{_plugin}ImagePlugin")
_STRIP_PIXELS = 2**19  # 2 MB as Pillow holds them: fits the cache, and few strips

# Where the stored row y, column x of the picture is in the upright one, by EXIF orientation.
_STORED_IN_UPRIGHT: dict[int, Callable[[NDArray], NDArray]] = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: lambda upright: upright[:, ::-1].swapaxes(0, 1),
    7: lambda upright: upright[::-1, ::-1].swapaxes(0, 1),
    8: lambda upright: upright[::-1].swapaxes(0, 1),
}
_TURN_NOTES = {turn: "mirrored upright" if turn in (2, 4) else "rotated upright" for turn in range(2, 9)}


@dataclass(frozen=True, eq=False)
class Decoded:
    """Pixels uint8 (h, w, 3), alpha uint8 (h, w) or None, what the file was, what was changed, resolution."""

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    format: str
    mode: str
    notes: tuple[str, ...]
    dpi: Dpi | None = None


def decode(data: bytes) -> Decoded:
    """Decode the bytes of a picture file.

    Raises
    ------
    QuantizeError
        For everything that is not a whole picture of one of PICTURE_FORMATS within MAX_PIXELS. Nothing
        else is raised and nothing is warned of, whatever ``data`` holds.
    """
    with quiet_pillow():
        try:
            _check_size(webp_size(data) or (0, 0))
            with Image.open(BytesIO(data), formats=_PILLOW_NAMES) as image:
                _check_size(image.size)
                check_parts(image, data)
                return _read(image, data)
        except QuantizeError:
            raise
        except (Image.DecompressionBombError, Image.UnidentifiedImageError) as error:
            raise _refusal(error, data) from error
        except MemoryError as error:
            raise too_hungry(picture_format(data) or "this") from error
        except Exception as error:  # decoders fail in any way on hostile bytes
            raise damaged(picture_format(data) or "this") from error


def _read(image: ImageFile.ImageFile, data: bytes) -> Decoded:
    frames = frames_note(image, data)
    if hasattr(image, "_decoder"):  # of WebP and AVIF
        image._decoder = _LastUse(image._decoder)
    mode, raw_modes = image.mode, str(image.tile)
    orientation = _loaded_orientation(image)
    conversion = conversion_to_srgb(mode, image.info.get("icc_profile"))
    narrow, depth = narrowing(image, raw_modes)
    pixels, alpha = _upright(image, orientation if image.format != "TIFF" else 1, narrow, conversion)
    notes = (frames, _TURN_NOTES.get(orientation), conversion.note, depth)
    dpi = read_dpi(image, orientation)
    return Decoded(
        pixels, alpha, format_named(image.format), mode, tuple(note for note in notes if note), dpi
    )


class _LastUse:
    """A decoder that is let go when it has given its picture.

    Pillow would keep it, for further frames, and libwebp's two canvases with it: 0.5 GB at 64 megapixels,
    beside Pillow's own two copies.
    """

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder

    def __getattr__(self, name: str) -> Any:
        decoder, self._decoder = self._decoder, None
        return getattr(decoder, name)


def _loaded_orientation(image: Image.Image) -> int:
    """Load the picture and tell its EXIF orientation; a TIFF is turned upright by loading."""
    if image.format != "TIFF":  # a PNG may hold EXIF data behind its pixels
        image.load()
    orientation = 1
    with suppress(Exception):  # damaged EXIF data does no harm to the picture
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    image.load()
    return orientation if orientation in _STORED_IN_UPRIGHT else 1


def _upright(
    image: Image.Image, orientation: int, narrow: Narrow, conversion: Conversion
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    width, height = image.size if orientation < 5 else image.size[::-1]
    has_alpha = image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info
    pixels = np.empty((height, width, 3), np.uint8)
    alpha = np.empty((height, width), np.uint8) if has_alpha else None
    place = _STORED_IN_UPRIGHT[orientation]
    # Seen as items of three bytes, pixels move whole: several times faster than byte by byte.
    stored_pixels = place(pixels.view("V3")[..., 0])
    stored_alpha = None if alpha is None else place(alpha)
    for rows, strip in _strips(image):
        strip = narrow(strip)
        if stored_alpha is not None:
            strip = strip if strip.mode == "RGBA" else strip.convert("RGBA")
            stored_alpha[rows] = np.asarray(strip.getchannel("A"))
        stored_pixels[rows] = np.asarray(conversion.apply(strip)).view("V3")[..., 0]
    return pixels, alpha


def _strips(image: Image.Image) -> Iterator[tuple[slice, Image.Image]]:
    width, height = image.size
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        yield slice(top, bottom), image.crop((0, top, width, bottom))


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise _too_large(f"{width:,} × {height:,} ({width * height / 1e6:,.0f} megapixels)")


def _refusal(error: Exception, data: bytes) -> QuantizeError:
    if isinstance(error, Image.DecompressionBombError):  # raised before the size can be asked for
        pixels = re.search(r"\d+", str(error))
        return _too_large(f"{int(pixels[0]) / 1e6:,.0f} megapixels" if pixels else "many more")
    return unreadable(data)


def _too_large(got: str) -> QuantizeError:
    return QuantizeError(
        f"picture must have at most {MAX_PIXELS / 2**20:.0f} megapixels, got {got}: scale it down first"
    )
