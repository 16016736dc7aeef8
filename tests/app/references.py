"""References to pictures that a test has as arrays, and what is behind a reference."""

import hashlib

import numpy as np
from PIL import Image

from pages import _cache
from pages._references import PictureRef, ResultRef
from quantize import Picture, Quantized
from tests.pictures import saved


def referred(pixels: np.ndarray, alpha: np.ndarray | None = None) -> PictureRef:
    """An upload of these pixels."""
    image = Image.fromarray(pixels)
    if alpha is not None:
        image.putalpha(Image.fromarray(alpha))
    data = saved(image, "PNG")
    return _cache.picture(data, hashlib.sha256(data).hexdigest())


def opened(ref: PictureRef) -> Picture:
    """The picture behind a reference."""
    with _cache.binding.bound().cache.turn():
        return _cache.open_picture(ref)


def opened_result(ref: ResultRef) -> Quantized:
    """The whole result behind a reference."""
    with _cache.binding.bound().cache.turn():
        picture = _cache.open_picture(ref.source)
        return _cache.open_result(ref, picture).whole(picture)
