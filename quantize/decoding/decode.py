"""Untrusted bytes to upright 8-bit sRGB pixels, by Pillow's decoders.

The decoded picture is read out in strips of rows: each is converted, brought to sRGB and written to
its upright place while it is in the cache. That is faster than one ``numpy.asarray`` and needs no
second copy of the whole picture at any step, whatever has to be done to it.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from quantize.decoding import transparency
from quantize.decoding.boxes import has_gain_map
from quantize.decoding.colors_said import AnyConversion, find_conversion
from quantize.decoding.formats import picture_format
from quantize.decoding.frames import frames_note
from quantize.decoding.narrow import Narrow, narrowing
from quantize.decoding.openers import Opened, open_header, open_picture
from quantize.decoding.parts import too_large_by
from quantize.decoding.quiet import quiet_pillow
from quantize.decoding.resolution import Dpi, read_dpi
from quantize.decoding.salvage import Mask, load_what_is_there, missing_note
from quantize.decoding.sniff import damaged, too_hungry, unreadable
from quantize.errors import QuantizeError

_Made = TypeVar("_Made")
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
_GAIN_MAP_NOTE = "the HDR version (gain map) left out, the standard one is shown"
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
        For everything that is no picture of one of PICTURE_FORMATS, of which at least a part can be shown,
        within MAX_PIXELS. Nothing else is raised and nothing is warned of, whatever ``data`` holds.
    """
    return guarded(data, lambda data: _read(open_picture(data)))


def measure(data: bytes) -> int:
    """Find out how many pixels ``decode`` would have to read, before it reads any.

    Raises
    ------
    QuantizeError
        As ``decode``, of files that cannot even be opened.
    """
    return guarded(data, lambda data: prod(open_header(data).size))


def guarded(data: bytes, make: Callable[[bytes], _Made]) -> _Made:
    """Make something of a file, and raise only QuantizeError whatever decoders raise."""
    with quiet_pillow():
        try:
            return make(data)
        except QuantizeError:
            raise
        except UnidentifiedImageError as error:
            raise unreadable(data) from error
        except Image.DecompressionBombError as error:  # raised before the size can be asked for
            raise too_large_by(str(error)) from error
        except MemoryError as error:
            raise too_hungry(picture_format(data) or "this") from error
        except Exception as error:  # decoders fail in any way on hostile bytes
            raise unreadable(data) from error


def _read(opened: Opened) -> Decoded:
    image, kind = opened.image, opened.kind
    frames = frames_note(opened)
    if kind.key in ("WebP", "AVIF"):
        image._decoder = _LastUse(image._decoder)
    outside = transparency.prepare(opened)
    mode, raw_modes = image.mode, str(getattr(image, "tile", ""))
    orientation = _orientation(opened)
    missing = load_what_is_there(opened)
    if mode == "P" and image.palette is None:  # a PNG of numbers without colours would be black
        raise damaged(kind.key)
    hidden = _any_of(outside, missing, transparency.find_hidden(opened))
    transparency.drop_empty_alpha(opened)
    conversion = find_conversion(opened, mode)
    narrow, depth = narrowing(image, raw_modes)
    # A whole TIFF is turned upright by loading.
    turn = 1 if kind.key == "TIFF" and missing is None else orientation
    pixels, alpha = _upright(opened, turn, hidden, narrow, conversion)
    notes = (
        frames,
        _TURN_NOTES.get(orientation),
        conversion.note,
        depth,
        opened.note,
        _GAIN_MAP_NOTE if _has_gain_map(opened) else None,
        None if missing is None else missing_note(opened, missing),
    )
    return Decoded(
        pixels, alpha, opened.name, mode, tuple(filter(None, notes)), read_dpi(opened.image, orientation)
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


def _orientation(opened: Opened) -> int:
    """Read the EXIF orientation; 1 where the decoder turns the picture. XMP is for other programs."""
    image = opened.image
    if opened.kind.key == "HEIC" or (opened.kind.key == "JPEG XL" and not getattr(image, "jpeg", False)):
        return 1
    exif = Image.Exif()
    with suppress(Exception):  # damaged EXIF data does no harm to the picture
        if opened.kind.key == "TIFF":
            exif = image.getexif()
        else:
            exif.load(image.info.get("exif", b""))
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    return orientation if orientation in _STORED_IN_UPRIGHT else 1


def _has_gain_map(opened: Opened) -> bool:
    if opened.kind.key in ("AVIF", "HEIC"):
        return has_gain_map(opened.data)
    return bool(opened.jpeg and opened.jpeg.gain_map)


def _any_of(*masks: Mask | None) -> Mask | None:
    there = [mask for mask in masks if mask is not None]
    return reduce(np.logical_or, there) if there else None


def _upright(
    opened: Opened, orientation: int, hidden: Mask | None, narrow: Narrow, conversion: AnyConversion
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    image = opened.image
    width, height = image.size if orientation < 5 else image.size[::-1]
    has_alpha = image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info
    pixels = np.empty((height, width, 3), np.uint8)
    alpha = np.empty((height, width), np.uint8) if has_alpha or hidden is not None else None
    place = _STORED_IN_UPRIGHT[orientation]
    # Seen as items of three bytes, pixels move whole: several times faster than byte by byte.
    stored_pixels = place(pixels.view("V3")[..., 0])
    stored_alpha = None if alpha is None else place(alpha)
    for rows, strip in _strips(image):
        strip = narrow(strip)
        if stored_alpha is not None and has_alpha:
            strip = strip if strip.mode == "RGBA" else strip.convert("RGBA")
            stored_alpha[rows] = np.asarray(strip.getchannel("A"))
        elif stored_alpha is not None:
            stored_alpha[rows] = 255
        stored_pixels[rows] = np.asarray(conversion.apply(strip)).view("V3")[..., 0]
    if stored_alpha is not None and hidden is not None:
        stored_alpha[hidden] = 0
    return pixels, alpha


def _strips(image: Image.Image) -> Iterator[tuple[slice, Image.Image]]:
    width, height = image.size
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        yield slice(top, bottom), image.crop((0, top, width, bottom))
