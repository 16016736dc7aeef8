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
    opacities: NDArray[np.uint8] | None,
    size: tuple[int, int],
    bits: int,
    stream: bytes,
    dpi: Dpi | None,
) -> bytes:
    """Put an indexed PNG together.

    Parameters
    ----------
    palette : uint8, shape (k, 3)
        sRGB, transparent entries among them.
    opacities : uint8, shape (k,), or None
        Alpha of every entry, written as far as the last that is not opaque; None if all are.
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
    alphas = b"" if opacities is None else opacities.tobytes().rstrip(b"\xff")
    if alphas:
        chunks.append((b"tRNS", alphas))
    if dpi is not None:
        chunks.append((b"pHYs", struct.pack(">IIB", *(round(side / _INCH) for side in dpi), 1)))
    chunks += [(b"IDAT", stream), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(write_chunk(*chunk) for chunk in chunks)
