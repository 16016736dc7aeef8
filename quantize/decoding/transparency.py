"""Transparency that Pillow does not tell: found before and after a picture is loaded.

Source: Portable Network Graphics (Third Edition), clause 11.3.1 (tRNS); GIF89a, section 20 (a frame may be
smaller than the screen, and what no frame covers is transparent in every browser);
Truevision TGA 2.0, field 5.6 (the bits of alpha).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize.decoding import bmp, formats, icon
from quantize.decoding.openers import Opened
from quantize.decoding.strips import strips

Mask = NDArray[np.bool_]
_TGA_DESCRIPTOR, _ALPHA_BITS = 17, 15


def prepare(opened: Opened) -> Mask | None:
    """Let transparency be read as it is stored; before a picture is loaded.

    Returns
    -------
    bool, shape (h, w), or None
        Pixels outside of a GIF's first frame, which are transparent whatever the decoder puts there.
    """
    image = opened.image
    if opened.png and opened.png.transparent and opened.png.depth in (2, 4):
        image.info["transparency"] = opened.png.transparent[0] * (255 // ((1 << opened.png.depth) - 1))
    elif opened.kind.key == "BMP":
        bmp.show_alpha(image, opened.data)
    elif opened.kind.key == "GIF" and image.tile and image.tile[0].extents != (0, 0, *image.size):
        left, top, right, bottom = image.tile[0].extents or (0, 0, *image.size)
        outside = np.ones(image.size[::-1], np.bool_)
        outside[top:bottom, left:right] = False
        return outside
    return None


def find_hidden(opened: Opened) -> Mask | None:
    """Find the one transparent colour of 16 bits in a loaded picture, which 8 bits would not tell."""
    image = opened.image
    if not opened.png or opened.png.depth != 16 or image.mode != "RGB" or not opened.png.transparent:
        return None
    key = opened.png.transparent
    image.info.pop("transparency", None)
    low = opened.open()
    low.tile = [tile._replace(args="RGB;16L") for tile in low.tile]
    low.load()
    hidden = _equals(image, [value >> 8 for value in key])
    hidden &= _equals(low, [value & 255 for value in key])
    return hidden


def drop_empty_alpha(opened: Opened) -> None:
    """Make a picture opaque whose alpha is 0 everywhere, where it was written by a program that knew none.

    These are BMPs, TGAs whose header counts no bits of alpha, and icons, which have a mask besides.
    """
    image = opened.image
    if image.mode != "RGBA" or not _may_know_no_alpha(opened) or image.getchannel("A").getextrema() != (0, 0):
        return
    image.putalpha((opened.kind is formats.ICO and icon.mask(opened.data, image.size)) or 255)


def _may_know_no_alpha(opened: Opened) -> bool:
    if opened.kind is formats.TGA:
        return not opened.data[_TGA_DESCRIPTOR] & _ALPHA_BITS
    return opened.kind.key == "BMP" or (opened.kind is formats.ICO and icon.is_of_32_bits(opened.data))


def _equals(image: Image.Image, key: list[int]) -> Mask:
    equal = np.empty(image.size[::-1], np.bool_)
    for rows, part in strips(image):
        equal[rows] = part[..., 0] == key[0]
        for channel in (1, 2):
            equal[rows] &= part[..., channel] == key[channel]
    return equal
