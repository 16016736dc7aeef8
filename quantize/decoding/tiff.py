"""What a TIFF's directory says of its samples that Pillow passes over.

Source: TIFF 6.0, section 8 (baseline field reference: PlanarConfiguration).
"""

from __future__ import annotations

from PIL import ImageFile

_BITS, _SAMPLES, _PLANAR = 258, 277, 284
_PLANES = "RGBA"
_SEPARATE = 2


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
