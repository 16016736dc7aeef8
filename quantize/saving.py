"""A result as the file that the command line writes and the page offers: an indexed PNG."""

import numpy as np
from numpy.typing import NDArray

from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.pipeline import Quantized
from quantize.rendering.encode import encode_png, encode_rgba_png
from quantize.rendering.rivals import aim_for


def encode_result(
    picture: Picture | NDArray[np.uint8], result: Quantized, *, order: str = "dark", rgba: bool = False
) -> bytes:
    """Write a result as PNG, as short as can reasonably be.

    Parameters
    ----------
    picture : Picture, or uint8 of shape (h, w, 3)
        What was quantized: its resolution goes into the file.
    result : Quantized
    order : str
        A key of ``ENTRY_ORDERS``, see ``Quantized.in_order``.
    rgba : bool
        Whether to keep partial transparency in an RGBA file, which is longer, if the result has any.

    Returns
    -------
    bytes
        A PNG with 1, 2, 4 or 8 bits a pixel; the same for the same input, with the same libraries.

    Raises
    ------
    QuantizeError
        If there is no such order, or picture and result are of different sizes.
    """
    original = picture if isinstance(picture, Picture) else Picture.from_pixels(picture)
    (width, height), (rows, columns) = original.size, result.shape
    if (width, height) != (columns, rows):
        raise QuantizeError(
            f"result must be of this picture of {width}×{height} pixels, got {columns}×{rows}"
        )
    if rgba and result.alpha is not None:
        return encode_rgba_png(result.palette, result.indices, result.alpha, dpi=original.dpi)
    written = result.in_order(order)
    return encode_png(
        written.entries, written.indices, written.alpha, optimize=True, dpi=original.dpi,
        aim=aim_for(original, result.sse),
    )  # fmt: skip
