"""Numbers of inks as the bytes that a driver sends: rows from the top, the left pixel in the highest bits.

A row begins with a new byte; what is left over of its last byte is 0. Panels with planes get one after the
other, that of the higher bit first, each packed by itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError
from quantize.panels.inks import Inks


def pack_numbers(numbers: NDArray[np.uint8], inks: Inks) -> bytes:
    """Pack the number of every pixel's ink, uint8 (h, w), each below ``2 ** inks.bits``."""
    bits = _bits(numbers, inks.bits)
    if inks.planes:
        return b"".join(np.packbits(bits[..., plane], axis=1).tobytes() for plane in range(inks.bits))
    return np.packbits(bits.reshape(len(bits), -1), axis=1).tobytes()


def unpack_numbers(data: bytes, inks: Inks, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Take packed numbers apart again: uint8 (h, w) for a size of width and height.

    Raises
    ------
    QuantizeError
        If there are more or fewer bytes than the size has.
    """
    width, height = size
    planes, depth = (inks.bits, 1) if inks.planes else (1, inks.bits)
    length = -(-width * depth // 8)
    if len(data) != planes * height * length:
        raise QuantizeError(
            f"{width}×{height} pixels of {inks.title} must be {planes * height * length:,} bytes, "
            f"got {len(data):,}: give the size that they were packed with"
        )
    packed = np.frombuffer(data, np.uint8).reshape(planes, height, length)
    bits: NDArray[np.uint8] = np.unpackbits(packed, axis=2)[..., : width * depth].reshape(
        (planes, height, width, depth)
    )
    numbers: NDArray[np.uint8] = np.zeros((height, width), np.uint8)
    for bit in np.moveaxis(bits, 3, 1).reshape(inks.bits, height, width):
        np.bitwise_or(numbers << np.uint8(1), bit, out=numbers)
    return numbers


def _bits(numbers: NDArray[np.uint8], depth: int) -> NDArray[np.uint8]:
    """Take numbers apart, the highest bit first: uint8 (h, w, depth), each 0 or 1."""
    places = np.arange(depth - 1, -1, -1, dtype=np.uint8)
    bits: NDArray[np.uint8] = np.bitwise_and(numbers[..., None] >> places, np.uint8(1))
    return bits
