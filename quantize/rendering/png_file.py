"""The chunks of an indexed PNG around its deflated rows.

Source: PNG, W3C Recommendation, third edition, sections 5 and 11.
"""

import struct

import numpy as np
from numpy.typing import NDArray

from quantize.decoding.png import write_chunk
from quantize.decoding.resolution import Dpi

_INDEXED = 3  # the colour type
_INCH = 0.0254  # metres


def indexed_file(
    palette: NDArray[np.uint8],
    transparent: int | None,
    size: tuple[int, int],
    bits: int,
    stream: bytes,
    dpi: Dpi | None,
) -> bytes:
    """Put an indexed PNG together.

    Parameters
    ----------
    palette : uint8, shape (k, 3)
        sRGB, its transparent entry among them.
    transparent : int or None
        Number of the one entry that is fully transparent.
    size : (int, int)
        Width and height.
    bits : int
        Of a pixel.
    stream : bytes
        Rows, deflated.
    dpi : (float, float) or None
        Resolution; PNG rounds it to whole pixels a metre.
    """
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", *size, bits, _INDEXED, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
    ]
    if transparent is not None:
        chunks.append((b"tRNS", b"\xff" * transparent + b"\0"))
    if dpi is not None:
        chunks.append((b"pHYs", struct.pack(">IIB", *(round(side / _INCH) for side in dpi), 1)))
    chunks += [(b"IDAT", stream), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(write_chunk(*chunk) for chunk in chunks)
