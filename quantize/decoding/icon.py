"""The mask of an icon of 32 bits, which counts where its alpha says nothing.

Source: Microsoft, Icons (Windows resource format): a bitmap of twice the height, its lower half the mask.
"""

from __future__ import annotations

import struct

from PIL import Image

_BITMAP = 22  # in an icon file of one picture
_PLAIN = 0


def is_of_32_bits(data: bytes) -> bool:
    """Tell whether an icon file of one picture holds a plain bitmap of 32 bits."""
    head = data[_BITMAP : _BITMAP + 20]
    return len(head) == 20 and struct.unpack("<HI", head[14:]) == (32, _PLAIN)


def mask(data: bytes, size: tuple[int, int]) -> Image.Image | None:
    """Read which pixels are seen, mode L of 0 and 255; None if the mask is missing or cut off."""
    width, height = size
    row = -(-width // 32) * 4
    at = _BITMAP + int.from_bytes(data[_BITMAP : _BITMAP + 4], "little") + 4 * width * height
    bits = data[at : at + row * height]
    if len(bits) < row * height:
        return None
    return Image.frombytes("1", size, bits, "raw", "1;I", row, -1).convert("L")
