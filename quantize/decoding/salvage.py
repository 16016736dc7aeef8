"""Pictures that are cut off: what is there is shown, and what is missing is transparent, as in browsers.

A decoder that meets the end too early has written its rows so far. Which pixels these are is found by
decoding once more onto another ground: what differs was never written.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from quantize.decoding.formats import TGA
from quantize.decoding.openers import Opened
from quantize.decoding.strips import strips

Mask = NDArray[np.bool_]
_GRAYS = (127, 128)  # what a JPEG decoder paints where it has nothing, seen in either sense of CMYK
_DAMAGE = (OSError, SyntaxError, EOFError, ValueError, IndexError)  # decoders have many ways to say it
_BLOCK = 8


def load_what_is_there(opened: Opened) -> Mask | None:
    """Load an opened picture; where it is cut off, tell which pixels, bool (h, w), as stored, are missing.

    Raises
    ------
    Exception
        What the decoder raised, if it can give no part of the picture or has written none.
    """
    image = opened.image
    if opened.kind is TGA:  # which any bytes may look like: a part of one is no sign of a picture
        image.load()
        return None
    if opened.jpeg and not opened.jpeg.ended:
        image.load()
        return _missing_of_jpeg(opened)
    try:
        image.load()
    except _DAMAGE:
        if not image.tile or not _is_begun(image):
            raise
        missing = _never_written(opened, image)
        if missing.all():
            raise
        return missing
    return None


def missing_note(opened: Opened, missing: Mask) -> str:
    """Say how much of a picture is missing."""
    share = missing.mean()
    if opened.jpeg and opened.jpeg.is_coarse:
        return "the file is cut off: all of the picture is there, perhaps without its finest details"
    if not share:
        return "the end of the file is missing, nothing of the picture is"
    percent = (
        "less than 1 %" if share < 0.01 else "more than 99 %" if share > 0.99 else f"{100 * share:.0f} %"
    )
    return f"the file is cut off or damaged: {percent} of the picture is missing and transparent"


def says_missing(note: str) -> bool:
    """Tell whether a picture's note is one of these."""
    return note.startswith(("the file is cut off", "the end of the file is missing"))


def _is_begun(image: ImageFile.ImageFile) -> bool:
    return image._im is not None and image._im.size == image.size


def _never_written(opened: Opened, image: ImageFile.ImageFile) -> Mask:
    image.tile = []
    other = opened.open()
    other._mode, other.tile = image._mode, [*other.tile]
    _decode_onto(other, 255)
    return _differs(image, other)


def _decode_onto(image: ImageFile.ImageFile, ground: int) -> None:
    """Decode what can be decoded onto one grey instead of black."""
    prepare = image.load_prepare

    def prepare_ground() -> None:
        prepare()
        image.im.paste(
            (ground,) * len(image.getbands()) if len(image.getbands()) > 1 else ground, (0, 0, *image.size)
        )

    image.load_prepare = prepare_ground  # type: ignore[method-assign]
    try:
        image.load()
    except _DAMAGE:
        image.tile = []
    finally:
        del image.load_prepare  # which holds on to the picture


def _differs(image: Image.Image, other: Image.Image) -> Mask:
    missing = np.empty(image.size[::-1], np.bool_)
    for (rows, part), (_, other_part) in zip(strips(image), strips(other), strict=True):
        differs = part != other_part
        missing[rows] = differs if differs.ndim == 2 else differs.any(axis=-1)
    return missing


def _missing_of_jpeg(opened: Opened) -> Mask:
    """Find gray blocks among what a decoder does not give before it sees the end that was put there."""
    image = opened.image
    if opened.jpeg and opened.jpeg.is_coarse:
        return np.zeros(image.size[::-1], np.bool_)
    whole, opened.data = opened.data, opened.data[:-2]
    try:
        patient = opened.open()
        _decode_onto(patient, 0)
    finally:
        opened.data = whole
    return _differs(image, patient) & _gray_blocks(image)


def _gray_blocks(image: Image.Image) -> Mask:
    """Find blocks of 8 × 8 pixels that are mostly a decoder's grey; colour may bleed in from above."""
    width, height = image.size
    gray = np.zeros((-(-height // _BLOCK) * _BLOCK, -(-width // _BLOCK) * _BLOCK), np.bool_)
    for rows, part in strips(image):
        is_gray = np.isin(part, _GRAYS)
        gray[rows, :width] = is_gray if is_gray.ndim == 2 else is_gray.all(axis=-1)
    gray[height:], gray[:, width:] = gray[height - 1], gray[:, width - 1 : width]
    blocks = gray.reshape(len(gray) // _BLOCK, _BLOCK, -1, _BLOCK).mean(axis=(1, 3)) > 0.5
    return blocks.repeat(_BLOCK, axis=0).repeat(_BLOCK, axis=1)[:height, :width]
