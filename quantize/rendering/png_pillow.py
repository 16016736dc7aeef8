"""Rows of an indexed PNG as Pillow packs them: now and then shorter than by libdeflate, if filtered.

Pillow filters rows of 8-bit grey and leaves those of 8-bit palette entries alone. To PNG the bytes of both
are the same, however many pixels share one; so it packs rows either way here, and only its stream is used.

Source: Pillow's PNG options.
"""

import struct
from collections.abc import Iterable
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# zlib's strategies: all matches, those of filtered rows, runs of one byte only
_STRATEGIES = 0, 1, 3


def deflate_in_every_way(rows: NDArray[np.uint8], level: int) -> bytes:
    """Deflate rows, uint8 (h, bytes of a row), filtered or not, to the shortest zlib stream of Pillow's.

    ``level`` is zlib's, 1 to 9.
    """
    plain = [_deflate(rows, level, filtered=False, strategy=strategy) for strategy in _STRATEGIES[::2]]
    return min(
        *plain,
        *(
            _deflate(rows, level, filtered=True, strategy=strategy, optimize=mean)
            for strategy in _STRATEGIES
            # To Pillow "optimize" means level 9, and the filter that takes the mean of two neighbours.
            for mean in (False, True)
        ),
        key=len,
    )


def _deflate(
    rows: NDArray[np.uint8], level: int, *, filtered: bool, strategy: int, optimize: bool = False
) -> bytes:
    image = Image.fromarray(np.ascontiguousarray(rows))
    if not filtered:
        image.putpalette(bytes(768))
    file = BytesIO()
    image.save(file, "PNG", compress_level=level, compress_type=strategy, optimize=optimize)
    return b"".join(_stream(file.getbuffer()))


def _stream(png: memoryview) -> Iterable[memoryview]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if bytes(png[at + 4 : at + 8]) == b"IDAT":
            yield png[at + 8 : at + 8 + length]
        at += 12 + length
