"""GIF and APNG files written block by block, with what no encoder would write."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from quantize.animation.lzw import pack_pixels
from quantize.decoding.png import END, SIGNATURE, write_chunk

TABLE = np.array([[10, 20, 30], [200, 0, 0], [0, 200, 0], [0, 0, 200]], np.uint8)


def gif_frame(indices, at=(0, 0), delay=5, disposal=0, transparent=None, table=None, interlaced=False):
    indices = np.asarray(indices, np.uint8)
    height, width = indices.shape
    if interlaced:
        rows = [*range(0, height, 8), *range(4, height, 8), *range(2, height, 4), *range(1, height, 2)]
        indices = indices[rows]
    flags = disposal << 2 | (transparent is not None)
    control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, flags, delay, transparent or 0, 0)
    local = (0x81 if table is not None else 0) | (0x40 if interlaced else 0)
    image = struct.pack("<BHHHHB", 0x2C, *at, width, height, local)
    colors = b"" if table is None else np.asarray(table, np.uint8).tobytes()
    indices = np.ascontiguousarray(indices)
    return control + image + colors + pack_pixels(indices, np.zeros_like(indices, np.bool_), None)[0]


def gif_file(size, frames, again=None, background=0):
    head = b"GIF89a" + struct.pack("<HHBBB", *size, 0xF1, background, 0) + TABLE.tobytes()
    loop = b"" if again is None else b"!\xff\x0bNETSCAPE2.0\3\1" + struct.pack("<HB", again, 0)
    return head + loop + b"".join(frames) + b";"


def apng_control(size, at=(0, 0), delay=(1, 20), after=0, over=0, number=0):
    return write_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *size, *at, *delay, after, over))


def rgba_rows(pixels):
    pixels = np.asarray(pixels, np.uint8)
    return zlib.compress(np.pad(pixels.reshape(len(pixels), -1), ((0, 0), (1, 0))).tobytes())


def apng_file(size, chunks, n_frames, plays=0):
    head = write_chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 6, 0, 0, 0))
    return b"".join(
        [SIGNATURE, head, write_chunk(b"acTL", struct.pack(">II", n_frames, plays)), *chunks, END]
    )


def first_data(pixels):
    return write_chunk(b"IDAT", rgba_rows(pixels))


def more_data(pixels, number=9):
    return write_chunk(b"fdAT", struct.pack(">I", number) + rgba_rows(pixels))
