"""A decoded picture: what every later step starts from.

Colours are 8-bit sRGB in R, G, B order, upright, alpha apart from them. What had to be changed to
get there is in ``notes``, in words for the person whose picture it is.
"""

import hashlib
import os
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from numbers import Integral
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.colors.colorset import ColorSet
from quantize.colors.counted import Counted
from quantize.colors.histogram import Histogram, list_colors, merge_colors
from quantize.colors.opacity import Opacity
from quantize.decoding.decode import Decoded, decode
from quantize.decoding.resolution import Dpi
from quantize.errors import QuantizeError, shown, too_many_mb
from quantize.limits import MAX_BYTES

Source = str | os.PathLike[str] | bytes

SHOWN_SIDE = 1024
"""Pixels of the longer side of what notebooks show."""

_PART_BYTES = 2**20


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture, never changed: its arrays are read-only, so it can be shared between threads.

    Attributes
    ----------
    pixels : uint8, shape (h, w, 3)
        sRGB, R, G, B. Colours under transparent pixels are kept as they were stored.
    alpha : uint8, shape (h, w), or None
        0 transparent to 255 opaque; None when every pixel is opaque. ``colors/opacity.py`` says which are
        visible.
    file_digest : str or None
        SHA-256 of the file's bytes, in hexadecimal; None if there was no file.
    format, mode : str
        What the file was ("JPEG", "PNG", ...; "array" if there was none) and Pillow's name for its
        kind of pixels ("RGB", "CMYK", "I;16", ...).
    size : (int, int)
        Width and height as shown, after any rotation.
    n_bytes : int
        Length of the file.
    notes : tuple of str
        What was changed, for the user. They may quote a profile's name from the file, without any
        character that means something to HTML.
    dpi : (float, float) or None
        Resolution in pixels an inch, across and down, each 1 to 100,000; None if the file says none.
    known : Counted or None
        The colours of these very pixels, if they have been counted before.
    """

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    file_digest: str | None
    format: str
    mode: str
    size: tuple[int, int]
    n_bytes: int
    notes: tuple[str, ...] = ()
    dpi: Dpi | None = None
    known: Counted | None = field(default=None, repr=False)

    @cached_property
    def digest(self) -> str:
        """The picture's identity for caches, SHA-256 in hexadecimal: of the file, or of the arrays."""
        return self.file_digest or _content_digest(self.pixels, self.alpha)

    @cached_property
    def opacity(self) -> Opacity:
        """How many pixels are visible, and how many partly transparent."""
        height, width, _ = self.pixels.shape
        return Opacity(height * width) if self.alpha is None else Opacity.of(self.alpha)

    @cached_property
    def color_set(self) -> ColorSet:
        """The distinct colours of the visible pixels, each with a position and a count.

        Whatever else is said of colours is made of it.
        """
        return self.known.color_set if self.known else ColorSet.of(self.pixels, self.alpha)

    @cached_property
    def cells(self) -> Histogram:
        """Histogram for fits (``merge_colors``), made once however many fits use it."""
        return self.known.cells if self.known else merge_colors(self.color_set)

    @cached_property
    def colors(self) -> Histogram:
        """Every distinct colour of the visible pixels and how often it occurs (``list_colors``)."""
        return list_colors(self.color_set)

    @cached_property
    def n_colors(self) -> int:
        """Number of distinct colours of the visible pixels; 0 if none is."""
        return self.color_set.n_colors

    def _repr_png_(self) -> bytes:
        """Draw it for a notebook, thinned to a screen's size."""
        step = -(-max(self.size) // SHOWN_SIDE)
        pixels = Image.fromarray(np.ascontiguousarray(self.pixels[::step, ::step]))
        if self.alpha is not None:
            pixels.putalpha(Image.fromarray(np.ascontiguousarray(self.alpha[::step, ::step])))
        file = BytesIO()
        pixels.save(file, "PNG", compress_level=1)
        return file.getvalue()

    @classmethod
    def from_pixels(cls, pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> "Picture":
        """Make a picture of arrays that a program already has.

        Parameters
        ----------
        pixels : uint8, shape (h, w, 3)
            sRGB in R, G, B order. Copied, unless read-only and contiguous.
        alpha : uint8, shape (h, w), or None
            Likewise.

        Raises
        ------
        QuantizeError
            If an array has another dtype or shape, or no pixels.
        """
        _check_array("pixels", pixels, (3,))
        if alpha is not None:
            _check_array("alpha", alpha, ())
            if alpha.shape != pixels.shape[:2]:
                raise QuantizeError(
                    f"alpha must have the shape of the picture {pixels.shape[:2]}, got {alpha.shape}"
                )
        pixels, alpha = _frozen(pixels), None if alpha is None else _visible(_frozen(alpha))
        height, width, _ = pixels.shape
        return cls(
            pixels=pixels,
            alpha=alpha,
            file_digest=None,
            format="array",
            mode="RGB" if alpha is None else "RGBA",
            size=(width, height),
            n_bytes=pixels.nbytes + (0 if alpha is None else alpha.nbytes),
        )


def load_picture(source: Source, *, max_bytes: int = MAX_BYTES) -> Picture:
    """Decode a picture file that nobody vouches for.

    What ``decoding/formats.py`` lists is read, told by content and not by name, the first frame of
    animations. EXIF rotation is applied; colours are converted to sRGB however the file says them, HDR is
    tone-mapped; 16-bit, CMYK, Lab, grey, palette and 1-bit pictures become 8-bit sRGB. What is missing of
    a file that is cut off is transparent.

    Parameters
    ----------
    source : str, path or bytes
        Name of the file, or its content.
    max_bytes : int
        Longest file accepted.

    Raises
    ------
    QuantizeError
        For anything that cannot be read or exceeds a limit, in one sentence for the user. Nothing
        else is raised, and Pillow's warnings are not passed on.
    """
    data = read_source(source, max_bytes)
    return picture_of(data, decode(data))


def picture_of(data: bytes, decoded: Decoded, digest: str | None = None) -> Picture:
    """Make a picture of a file's bytes and of what was decoded from them, whose arrays it takes over.

    Who knows the SHA-256 of the bytes already may give it, in hexadecimal.
    """
    height, width, _ = decoded.pixels.shape
    alpha = _visible(decoded.alpha)
    return Picture(
        pixels=_frozen_in_place(decoded.pixels),
        alpha=None if alpha is None else _frozen_in_place(alpha),
        file_digest=digest or hashlib.sha256(data).hexdigest(),
        format=decoded.format,
        mode=decoded.mode,
        size=(width, height),
        n_bytes=len(data),
        notes=decoded.notes,
        dpi=decoded.dpi,
    )


def read_source(source: Source, max_bytes: int) -> bytes:
    """Read a picture file of at most ``max_bytes``; bytes are checked and returned.

    Raises
    ------
    QuantizeError
        If there is no such file, or it is empty or too long.
    """
    if not isinstance(max_bytes, Integral) or max_bytes < 0:
        raise QuantizeError(f"max_bytes must be a whole number from 0, got {shown(max_bytes)}")
    max_bytes = min(int(max_bytes), 2**62)  # as long as a file can be
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, str | os.PathLike):
        data = _read_file(os.fspath(source), max_bytes)
    else:
        raise QuantizeError(f"picture must be a path or the bytes of a file, got {type(source).__name__}")
    if not data:
        raise QuantizeError("picture file must not be empty, got 0 bytes: download or export it again")
    if len(data) > max_bytes:
        raise _too_long(len(data), max_bytes)
    return data


def read_at_most(file: BinaryIO, expected: int, most: int) -> bytes:
    """Read a file that seems so long, with memory for as much: a pipe says no length, and files grow.

    Parameters
    ----------
    file : binary file
    expected, most : int
        Bytes that it seems to have, and that are read of it at most.
    """
    data = file.read(expected + 1)
    if len(data) <= expected:
        return data
    parts, left = [data], most - len(data)
    while left > 0 and (part := file.read(min(left, _PART_BYTES))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _read_file(path: str, max_bytes: int) -> bytes:
    try:
        with open(path, "rb") as file:
            length = os.fstat(file.fileno()).st_size
            if length > max_bytes:
                raise _too_long(length, max_bytes)
            return read_at_most(file, length, max_bytes + 1)
    except FileNotFoundError:
        raise QuantizeError(
            f"picture must be an existing file, found none at {_shown(path)}: check the name"
        ) from None
    except IsADirectoryError:
        raise QuantizeError(
            f"picture must be a file, got the folder {_shown(path)}: name one file in it"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise QuantizeError(
            f"picture must be a readable file, but {_shown(path)} is not: {reason}"
        ) from error


def _shown(path: str) -> str:
    return repr(path if len(path) <= 120 else f"…{path[-100:]}")


def _too_long(length: int, max_bytes: int) -> QuantizeError:
    return QuantizeError(
        f"picture file must have at most {max_bytes / 2**20:,.0f} MB, got {too_many_mb(length)}: "
        "save it smaller, or as JPEG or WebP"
    )


def _check_array(name: str, array: NDArray[np.uint8], channels: tuple[int, ...]) -> None:
    expected = f"{name} must be a uint8 array of shape (height, width{', 3' if channels else ''})"
    if not isinstance(array, np.ndarray):
        raise QuantizeError(f"{expected}, got {type(array).__name__}")
    if array.dtype != np.uint8 or array.ndim != 2 + len(channels) or array.shape[2:] != channels:
        raise QuantizeError(f"{expected}, got {array.dtype} of shape {array.shape}: convert it first")
    if not array.size:
        raise QuantizeError(f"{name} must hold at least one pixel, got shape {array.shape}")


def _visible(alpha: NDArray[np.uint8] | None) -> NDArray[np.uint8] | None:
    return None if alpha is None or alpha.min() == 255 else alpha


def _frozen(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if array.flags.c_contiguous and not array.flags.writeable:
        return array
    return _frozen_in_place(array.copy())


def _frozen_in_place(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    array.flags.writeable = False
    return array


def _content_digest(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> str:
    content = hashlib.sha256(repr((pixels.shape, alpha is not None)).encode())
    content.update(pixels.data)
    if alpha is not None:
        content.update(alpha.data)
    return content.hexdigest()
