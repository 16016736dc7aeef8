"""TIFFs of planes of 16 bits, which Pillow misreads."""

import struct

import numpy as np
import pytest

from quantize.decoding.picture import load_picture
from tests.pictures import noise

PIXELS = noise(20, 30)


def planar_tiff(samples, order="<", rows=20, tile=0, extra=(), kind=2) -> bytes:
    """An uncompressed TIFF of uint16 planes (channels, h, w), each in strips of ``rows`` or square tiles."""
    channels, height, width = samples.shape
    parts = []
    for plane in samples.astype(f"{order}u2"):
        if tile:
            grown = np.pad(plane, ((0, -height % tile), (0, -width % tile)))
            blocks = grown.reshape(grown.shape[0] // tile, tile, -1, tile).swapaxes(1, 2)
            parts += [block.tobytes() for block in blocks.reshape(-1, tile, tile)]
        else:
            parts += [plane[top : top + rows].tobytes() for top in range(0, height, rows)]
    offsets = [8 + sum(map(len, parts[:i])) for i in range(len(parts))]
    at = 8 + sum(map(len, parts))
    lists = struct.pack(f"{order}{channels}H", *[16] * channels)
    bits = at if channels > 2 else 16 << (0 if order == "<" else 16)
    n, starts = len(parts), at + len(lists)
    lists += struct.pack(f"{order}{2 * n}I", *offsets, *map(len, parts))
    entries = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, channels, bits), (259, 4, 1, 1), (262, 4, 1, kind),
        (277, 4, 1, channels), (284, 4, 1, 2), *extra,
    ]  # fmt: skip
    if tile:
        entries += [(322, 4, 1, tile), (323, 4, 1, tile), (324, 4, n, starts), (325, 4, n, starts + 4 * n)]
    elif n == 1:
        entries += [(273, 4, 1, 8), (278, 4, 1, rows), (279, 4, 1, at - 8)]
    else:
        entries += [(273, 4, n, starts), (278, 4, 1, rows), (279, 4, n, starts + 4 * n)]
    directory = struct.pack(f"{order}H", len(entries))
    directory += b"".join(struct.pack(f"{order}HHII", *entry) for entry in sorted(entries))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", at + len(lists))
    return head + b"".join(parts) + lists + directory + bytes(4)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("rows", "tile"), [(20, 0), (7, 0), (1, 0), (20, 16)])
def test_planes_of_16_bits(order, rows, tile):
    samples = (np.moveaxis(PIXELS, -1, 0).astype(np.uint16) << 8) + np.arange(30, dtype=np.uint16)
    picture = load_picture(planar_tiff(samples, order, rows, tile))
    assert np.array_equal(picture.pixels, PIXELS)
    assert picture.notes == ("16 bits per channel reduced to 8",)


def test_planes_of_16_bits_with_alpha():
    samples = noise(20, 30, 4)
    data = planar_tiff(np.moveaxis(samples, -1, 0).astype(np.uint16) * 257, extra=((338, 4, 1, 2),))
    picture = load_picture(data)
    assert np.array_equal(picture.pixels, samples[..., :3])
    assert np.array_equal(picture.alpha, samples[..., 3])


def test_planes_that_are_cut_off_are_not_shown_wrong():
    samples = np.moveaxis(PIXELS, -1, 0).astype(np.uint16) * 257
    start = planar_tiff(samples)
    moved = bytearray(start)  # the blue plane is said to begin where the file ends after ten more rows
    at = start.index(struct.pack("<3I", 8, 8 + 1200, 8 + 2400)) + 8
    moved[at : at + 4] = struct.pack("<I", len(start))
    picture = load_picture(bytes(moved) + samples[2, :10].tobytes())
    assert np.array_equal(picture.pixels[:10], PIXELS[:10])
    assert not picture.alpha[10:].any()


@pytest.mark.parametrize("order", ["<", ">"])
def test_one_plane_of_16_bits_is_grey(order):
    samples = np.arange(600, dtype=np.uint16).reshape(1, 20, 30) * 100
    picture = load_picture(planar_tiff(samples, order, kind=1))
    assert np.array_equal(picture.pixels[..., 0], samples[0] >> 8)
