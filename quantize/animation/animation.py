"""A decoded animation: fully drawn frames, how long each is seen, and how often it plays.

All frames stacked are one picture, ``whole``, whose histogram is the sum of the frames': a palette for it is
the best one for all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize import limits
from quantize.decoding.picture import Picture, Source, read_source
from quantize.decoding.worker import decode_frames_apart
from quantize.errors import QuantizeError, shown


@dataclass(frozen=True, eq=False)
class Animation:
    """Some pictures of one size, one after the other; never changed.

    Attributes
    ----------
    pixels : uint8, shape (n, h, w, 3)
        sRGB, R, G, B, of every frame as it is seen; read-only.
    alpha : uint8, shape (n, h, w), or None
        None when every pixel is opaque.
    durations : tuple of int
        Milliseconds of every frame, as the file says them, from 0. (Browsers show GIF frames of 0 and 10 ms
        for 100.)
    loops : int
        How often it plays; 0 for ever.
    format : str
        What the file was: "GIF", "APNG", "WebP", "AVIF", "MP4", "WebM", a still picture's, or "array".
    n_bytes : int
        Length of the file.
    file_digest : str or None
        SHA-256 of the file's bytes, in hexadecimal; None if there was no file.
    notes : tuple of str
        What was changed or left out, for the user.
    """

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    durations: tuple[int, ...]
    loops: int
    format: str
    n_bytes: int
    file_digest: str | None
    notes: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The identity for caches, SHA-256 in hexadecimal: of all that is here."""
        content = hashlib.sha256(repr((self.pixels.shape, self.durations, self.loops)).encode())
        if self.file_digest is not None:  # with the numbers above, as few frames may have been read
            content.update(self.file_digest.encode())
            return content.hexdigest()
        content.update(self.pixels.data)
        if self.alpha is not None:
            content.update(self.alpha.data)
        return content.hexdigest()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.pixels.shape[2], self.pixels.shape[1]

    @property
    def n_frames(self) -> int:
        """How many frames there are, at least one."""
        return len(self.pixels)

    @property
    def duration(self) -> int:
        """Milliseconds of all frames together."""
        return sum(self.durations)

    @cached_property
    def whole(self) -> Picture:
        """All frames, one under the other, as one picture of n · h rows."""
        width = self.size[0]
        alpha = None if self.alpha is None else self.alpha.reshape(-1, width)
        return self._picture("whole", self.pixels.reshape(-1, width, 3), alpha)

    def frame(self, number: int) -> Picture:
        """Return one frame, from 0, as a picture.

        Raises
        ------
        QuantizeError
            If there is no such frame.
        """
        check_frame(number, self.n_frames)
        alpha = None if self.alpha is None else self.alpha[number]
        if alpha is not None and alpha.min() == 255:
            alpha = None
        return self._picture(str(number), self.pixels[number], alpha)

    def _picture(self, part: str, pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> Picture:
        height, width, _ = pixels.shape
        return Picture(
            pixels=pixels,
            alpha=alpha,
            # Not the file's own, which is that of the picture that programs without animation see.
            file_digest=hashlib.sha256(f"{self.digest} {part}".encode()).hexdigest(),
            format=self.format,
            mode="RGB" if alpha is None else "RGBA",
            size=(width, height),
            n_bytes=self.n_bytes,
        )

    @classmethod
    def from_frames(
        cls,
        pixels: NDArray[np.uint8] | Sequence[NDArray[np.uint8]],
        durations: int | Sequence[int],
        loops: int = 0,
        alpha: NDArray[np.uint8] | Sequence[NDArray[np.uint8]] | None = None,
    ) -> Animation:
        """Make an animation of arrays that a program already has.

        Parameters
        ----------
        pixels : uint8, shape (n, h, w, 3), or n arrays of shape (h, w, 3)
            sRGB. Copied, unless read-only and contiguous.
        durations : int, or n of them
            Milliseconds of every frame, from 0.
        loops : int
            How often it plays; 0 for ever.
        alpha : uint8, shape (n, h, w), or n arrays, or None

        Raises
        ------
        QuantizeError
            If an array has another dtype or shape, or a number is out of range.
        """
        stacked = _stacked("pixels", pixels, (3,))
        stacked_alpha = None if alpha is None else _stacked("alpha", alpha, ())
        if stacked_alpha is not None and stacked_alpha.shape != stacked.shape[:3]:
            raise QuantizeError(
                f"alpha must have the shape of the frames {stacked.shape[:3]}, got {stacked_alpha.shape}"
            )
        if stacked_alpha is not None and stacked_alpha.min() == 255:
            stacked_alpha = None
        times = _checked_durations(durations, len(stacked))
        if not isinstance(loops, Integral) or not 0 <= loops < 2**32:
            raise QuantizeError(f"loops must be a whole number from 0, got {shown(loops)}")
        return cls(stacked, stacked_alpha, times, int(loops), "array", stacked.nbytes, None)


def load_animation(
    source: Source, *, max_bytes: int = limits.MAX_BYTES, max_pixels: int = limits.MAX_PIXELS
) -> Animation:
    """Decode an animation that nobody vouches for, in a worker process; a still picture is one frame.

    GIF, animated PNG, WebP and AVIF are read, and MP4 and WebM where PyAV is installed. Frames are drawn as
    browsers do it, with what files say of their place, transparency and disposal.

    Parameters
    ----------
    source : str, path or bytes
        Name of the file, or its content.
    max_bytes : int
        Longest file accepted.
    max_pixels : int
        Pixels of all frames together, up to MAX_PIXELS. Frames that are more, or more than MAX_FRAMES, are
        left out, with a note.

    Raises
    ------
    QuantizeError
        For anything that cannot be read or exceeds a limit, in one sentence for the user.
    """
    data = read_source(source, max_bytes)
    frames = decode_frames_apart(data, max_pixels=max_pixels)
    return Animation(
        pixels=_frozen(np.asarray(frames.pixels)),
        alpha=None if frames.alpha is None else _frozen(np.asarray(frames.alpha)),
        durations=frames.durations,
        loops=frames.loops,
        format=frames.format,
        n_bytes=len(data),
        file_digest=hashlib.sha256(data).hexdigest(),
        notes=frames.notes,
    )


def check_frame(number: int, n_frames: int) -> None:
    """Refuse the number of a frame that is not there.

    Raises
    ------
    QuantizeError
    """
    if not isinstance(number, Integral) or not 0 <= number < n_frames:
        raise QuantizeError(f"frame must be a number from 0 to {n_frames - 1}, got {shown(number)}")


def _stacked(name: str, frames: object, channels: tuple[int, ...]) -> NDArray[np.uint8]:
    expected = f"{name} must be uint8 of shape (frames, height, width{', 3' if channels else ''})"
    try:
        array = np.asarray(frames)
    except ValueError as error:
        raise QuantizeError(f"{expected}, got frames of different sizes") from error
    if array.dtype != np.uint8 or array.ndim != 3 + len(channels) or array.shape[3:] != channels:
        raise QuantizeError(f"{expected}, got {array.dtype} of shape {array.shape}: convert it first")
    if not array.size:
        raise QuantizeError(f"{name} must hold at least one pixel, got shape {array.shape}")
    if array.flags.c_contiguous and not array.flags.writeable:
        return array
    return _frozen(array.copy() if array is frames or array.base is not None else array)


def _checked_durations(durations: object, n_frames: int) -> tuple[int, ...]:
    times: Any = (durations,) * n_frames if isinstance(durations, Integral) else durations
    try:
        numbers: tuple[Any, ...] = tuple(times)
    except TypeError:
        raise QuantizeError(f"durations must be milliseconds, got {shown(durations)}") from None
    if len(numbers) != n_frames:
        raise QuantizeError(f"durations must be one a frame, {n_frames:,}, got {len(numbers):,}")
    for number in numbers:
        if not isinstance(number, Integral) or not 0 <= int(number) < 2**32:
            raise QuantizeError(f"durations must be whole milliseconds from 0, got {shown(number)}")
    return tuple(map(int, numbers))


def _frozen(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
