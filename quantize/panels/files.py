"""Files for a panel's driver: pure device colours under the driver's numbers, a record for each format.

BMP has no two bits a pixel that programs read, so four inks have four there. Its table of colours is full, as
readers on small devices expect, and its rows go from the bottom, as in nearly every BMP.

Source: Microsoft, "Bitmap Storage" and BITMAPINFOHEADER.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize.panels.inks import Inks
from quantize.panels.packing import pack_numbers
from quantize.records import Records
from quantize.rendering.encode import encode_png

_HEADERS = 14 + 40


@dataclass(frozen=True)
class PanelFormat:
    """One kind of file.

    Attributes
    ----------
    key, title : str
        Its ending, ".png", and what it is.
    write : callable
        From the number of every pixel's ink, uint8 (h, w), and the inks, to the bytes of a file.
    """

    key: str
    title: str
    write: Callable[[NDArray[np.uint8], Inks], bytes]


def _write_png(numbers: NDArray[np.uint8], inks: Inks) -> bytes:
    return encode_png(inks.device_palette, numbers, optimize=True)


def _write_bmp(numbers: NDArray[np.uint8], inks: Inks) -> bytes:
    return _encode_bmp(inks.device_palette, numbers)


def _encode_bmp(palette: NDArray[np.uint8], numbers: NDArray[np.uint8]) -> bytes:
    bits = 1 if len(palette) <= 2 else 4
    height, width = numbers.shape
    table = np.zeros((2**bits, 4), np.uint8)
    table[: len(palette), :3] = palette[:, ::-1]
    spread = (numbers[::-1, :, None] >> np.arange(bits - 1, -1, -1, dtype=np.uint8)) & 1
    rows = np.packbits(spread.reshape(height, -1), axis=1)
    rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
    start = _HEADERS + table.size
    head = struct.pack("<2sIHHI", b"BM", start + rows.size, 0, 0, start)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, rows.size, 0, 0, 2**bits, 0)
    return head + info + table.tobytes() + rows.tobytes()


_TABLE = (
    PanelFormat(".png", "indexed PNG", _write_png),
    PanelFormat(".bmp", "indexed BMP", _write_bmp),
    PanelFormat(".bin", "packed as the driver counts", pack_numbers),
)
PANEL_FORMATS = Records("ending", _TABLE)


@dataclass(frozen=True)
class PreviewFormat:
    """One kind of picture of what a panel shows.

    Attributes
    ----------
    key : str
        Its ending, ".png".
    write : callable
        From colours, uint8 (k, 3), and indices, uint8 (h, w), to the bytes of a file.
    """

    key: str
    write: Callable[[NDArray[np.uint8], NDArray[np.uint8]], bytes]


def _encode_preview(palette: NDArray[np.uint8], indices: NDArray[np.uint8]) -> bytes:
    return encode_png(palette, indices, optimize=True)


PREVIEW_FORMATS = Records(
    "ending of the preview", (PreviewFormat(".png", _encode_preview), PreviewFormat(".bmp", _encode_bmp))
)
