"""What the boxes of AVIF and HEIC say, whatever is wrong with them."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize.decoding.boxes import has_gain_map, read_nclx
from quantize.decoding.picture import load_picture
from tests.color_files import PIXELS, avif
from tests.pictures import heic, saved


def box(kind: bytes, body: bytes, long: bool = False) -> bytes:
    if long:
        return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body
    return struct.pack(">I4s", 8 + len(body), kind) + body


def file_of(
    properties: list[bytes], links: list[int], wide: bool = False, version: int = 0, long: bool = False
) -> bytes:
    """Boxes of one item, number 7, which has the properties that are linked."""
    number = ">I" if version else ">H"
    pitm = box(b"pitm", bytes((version, 0, 0, 0)) + struct.pack(number, 7))
    link = ">H" if wide else ">B"
    other = struct.pack(number, 3) + b"\1" + struct.pack(link, 1)
    mine = (
        struct.pack(number, 7)
        + bytes([len(links)])
        + b"".join(struct.pack(link, n | 1 << 7 + 8 * wide) for n in links)
    )
    ipma = box(b"ipma", bytes((version, 0, 0, int(wide))) + struct.pack(">I", 2) + other + mine)
    iprp = box(b"iprp", box(b"ipco", b"".join(properties)) + ipma)
    return box(b"ftyp", b"avif") + box(b"mdat", bytes(9), long) + box(b"meta", bytes(4) + pitm + iprp, long)


NCLX = box(b"colr", b"nclx" + struct.pack(">HHHB", 12, 16, 0, 128))
OTHER = box(b"colr", b"nclx" + struct.pack(">HHHB", 1, 13, 0, 128))
SIZE = box(b"ispe", bytes(12))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("long", [False, True])
def test_the_main_pictures_numbers_are_read_and_no_others(wide, version, long):
    data = file_of([OTHER, SIZE, NCLX], [2, 3], wide, version, long)
    assert read_nclx(data) == (12, 16)
    assert read_nclx(file_of([NCLX, SIZE], [2], wide, version, long)) is None
    assert read_nclx(file_of([NCLX, SIZE], [9], wide, version, long)) is None


def test_numbers_of_files_that_encoders_wrote():
    assert read_nclx(avif(12, 16)) == (12, 16)
    assert read_nclx(saved(PIXELS, "AVIF")) == (1, 13)
    assert read_nclx(heic(PIXELS)) is not None
    assert read_nclx(saved(PIXELS, "PNG")) is None


@pytest.mark.parametrize("sign", [b"tmap", b"urn:com:apple:photo:2020:aux:hdrgainmap\0"])
@pytest.mark.parametrize("make", [heic, lambda pixels: saved(pixels, "AVIF")])
def test_a_gain_map_is_told_by_its_name_in_the_boxes(sign, make):
    plain = make(PIXELS)
    at = plain.index(b"meta") - 4
    length = int.from_bytes(plain[at : at + 4], "big")
    extra = box(b"free", sign)
    # Behind the last box inside; pixels are found by offsets from the file's start, so they move.
    data = plain[:at] + struct.pack(">I", length + len(extra)) + plain[at + 4 : at + length] + extra
    assert has_gain_map(data)
    assert not has_gain_map(plain)
    assert not has_gain_map(plain + sign)
    assert not load_picture(plain).notes


@given(data=st.binary(max_size=200), at=st.integers(0, 400), cut=st.integers(0, 400))
def test_whatever_is_wrong_the_answer_is_none_or_two_numbers(data, at, cut):
    whole = file_of([OTHER, SIZE, NCLX], [2, 3])
    for broken in (data, whole[:cut], whole[:at] + data + whole[at:], box(b"meta", data)):
        found = read_nclx(broken)
        assert found is None or len(found) == 2
        assert has_gain_map(broken) in (True, False)


def test_pixels_of_a_file_without_numbers_are_srgb():
    data = saved(PIXELS, "AVIF", quality=100, subsampling="4:4:4").replace(b"nclx", b"nclY")
    assert np.abs(load_picture(data).pixels.astype(int) - PIXELS).mean() < 2
