"""What a TIFF's directory says of its samples that Pillow passes over.

Source: TIFF 6.0, section 8 (baseline field reference: PlanarConfiguration, PhotometricInterpretation) and
section 19 (SampleFormat).
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFile

_BITS, _KIND, _SAMPLES, _PLANAR, _FORMAT = 258, 262, 277, 284, 339
_PLANES = "RGBA"
_WHITE_IS_ZERO, _SEPARATE = 0, 2
_UNSIGNED, _SIGNED = 1, 2
_MISREAD: dict[tuple[str, int], np.dtype] = {
    ("I", _UNSIGNED): np.dtype(np.uint32),
    ("L", _SIGNED): np.dtype(np.int8),
}


def read_planes_whole(image: ImageFile.ImageFile) -> None:
    """Let planes of 16-bit samples be read as such: Pillow takes each byte of a plane for a sample."""
    tags = image.tag_v2  # type: ignore[attr-defined]
    if tags.get(_PLANAR) != _SEPARATE:
        return
    if tags.get(_SAMPLES, 1) == 1:  # one plane is the whole picture
        tags[_PLANAR] = 1
        image._setup()  # type: ignore[attr-defined]
        return
    if set(tags.get(_BITS, ())) != {16}:
        return
    order = "L" if tags.prefix == b"II" else "B"
    for place, tile in enumerate(image.tile):
        if tile.codec_name != "raw" or not isinstance(tile.args, tuple):
            continue
        plane, *more = tile.args
        if plane not in tuple(_PLANES):
            raise ValueError(f"planes of 16 bits of kind {plane}")
        image.tile[place] = tile._replace(args=(f"{plane};16{order}", *more))


def is_negative(image: Image.Image) -> bool:
    """Tell whether the least value of a grey TIFF is white."""
    return _tag(image, _KIND) == _WHITE_IS_ZERO


def integers_of(image: Image.Image) -> np.dtype | None:
    """Tell what a grey TIFF's integers are where Pillow takes them for others of the same size.

    Returns
    -------
    uint32 where Pillow reads int32, int8 where it reads uint8, None where it is right.
    """
    if image.format != "TIFF":
        return None
    said = _tag(image, _FORMAT)
    sign = said[0] if isinstance(said, tuple) and said else _UNSIGNED
    return _MISREAD.get((image.mode, sign))


def _tag(image: Image.Image, tag: int) -> object:
    return getattr(image, "tag_v2", {}).get(tag)
