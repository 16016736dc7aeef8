"""Damaged, hostile and oversize palette files: a palette or one sentence, nothing else, and quickly."""

import struct
import time
import zipfile
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.swatches.formats import FORMATS, read_palette, write_palette
from tests.pictures import bomb, noise
from tests.swatch_files import palette_of


def assert_palette_or_sentence(read, data: bytes) -> None:
    """Whatever else comes out is a crash in front of a user."""
    try:
        outcome = read(data)
    except QuantizeError as error:
        outcome = str(error)
    if not isinstance(outcome, Palette):
        assert 20 < len(outcome) < 300
        assert "\n" not in outcome


def samples() -> list[tuple[str, bytes]]:
    palette = palette_of("c00000", "0080ff", "102030", names=("Brick", "", "x" * 20))
    return [(key, write_palette(palette, key)) for key in FORMATS]


@pytest.mark.parametrize(("key", "data"), samples(), ids=list(FORMATS))
@settings(max_examples=200)
@given(seed=st.integers(0, 2**32 - 1), n_changes=st.integers(1, 8), cut=st.booleans())
def test_mutated_files_give_a_palette_or_one_sentence(key, data, seed, n_changes, cut):
    rng = np.random.default_rng(seed)
    changed = bytearray(data)
    for _ in range(n_changes):
        at = int(rng.integers(0, len(changed)))
        kind = int(rng.integers(0, 4))
        if kind == 0:
            changed[at] = int(rng.integers(0, 256))
        elif kind == 1:
            changed[at] = int(rng.choice([0, 255, 128, 127, 34, 60]))
        elif kind == 2:
            changed[at:at] = changed[at : at + int(rng.integers(1, 9))]
        else:
            del changed[at : at + 2]
            changed = changed or bytearray(b"x")
    if cut:
        changed = changed[: int(rng.integers(1, len(changed) + 1))]
    assert_palette_or_sentence(FORMATS[key].read, bytes(changed))
    assert_palette_or_sentence(lambda one: read_palette(one, f"x{FORMATS[key].extension}"), bytes(changed))


@pytest.mark.parametrize("key", FORMATS)
@given(data=st.binary(min_size=1, max_size=900))
def test_any_bytes_give_a_palette_or_one_sentence(key, data):
    assert_palette_or_sentence(FORMATS[key].read, data)


@pytest.mark.parametrize("key", FORMATS)
def test_cut_off_anywhere(key):
    data = dict(samples())[key]
    for end in range(1, len(data)):
        assert_palette_or_sentence(FORMATS[key].read, data[:end])


def zip_of(name: str, content: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def lying_bomb() -> bytes:
    """A member of 5 MB that its headers say is 10 bytes long."""
    data = zip_of("Swatches.json", b"[" + b" " * 5_000_000)
    return data.replace(struct.pack("<I", 5_000_001), struct.pack("<I", 10))


def bad_files() -> list[tuple[bytes, str, str]]:
    return [
        (b"", "x.ase", "palette file must hold a palette, got an empty file"),
        (b"x" * 1_000_001, "x.gpl", r"palette file must be at most 1 MB, got 1.1 MB"),
        (b"\x7fELF\1\2\3", "x.bin", r"palette file must be one of .ase, .aco, .act, .gpl, .pal, .hex, .json"),
        (b"just words", "x.txt", "palette file must be one of"),
        (b"just words", None, "palette file must be one of"),
        (b"just words", "x.ase", 'ASE palette cannot be read, it does not begin with "ASEF"'),
        (b"ASEF\0\1\0\0\0\0\0\3", "x.ase", "ASE palette cannot be read, it is cut off"),
        (b"ASEF\0\1\0\0\0\0\0\0", "x.ase", "ASE palette cannot be read, it holds no colour"),
        (b"\0\5\0\1" + bytes(10), "x.aco", "ACO palette cannot be read, its version must be 1 or 2 and is 5"),
        (b"\0\1\xff\xff" + bytes(10), "x.aco", "ACO palette cannot be read, it is cut off"),
        (b"\0" * 100, "x.act", "ACT palette cannot be read, it must be 768 or 772 bytes long and is 100"),
        (b"1 2 3", "x.gpl", "GPL palette cannot be read, its first line must be"),
        (b"GIMP Palette\n1 2 256\n", "x.gpl", "line 2 must begin with three numbers from 0 to 255"),
        (b"GIMP Palette\n1 2\n", "x.gpl", "line 2 must begin with three numbers"),
        (b"GIMP Palette\n", "x.gpl", "GPL palette cannot be read, it holds no colour"),
        (b"GIMP Palette\n" + b"1 2 3\n" * 4097, "x.gpl", "GPL palette must hold at most 4,096 colours, got"),
        (b"1 2 3", "x.pal", "its first line must be"),
        (b"JASC-PAL\n0100\nmany\n", "x.pal", "its third line must be the number of colours"),
        (b"JASC-PAL\n0100\n3\n1 2 3\n", "x.pal", "it ends after 1 of 3 colours"),
        (b"zz\n", "x.hex", "HEX palette cannot be read, it must have lines of six hexadecimal digits"),
        (b"{", "x.json", "JSON palette cannot be read, it is no JSON"),
        (b"[" * 100_000, "x.json", "it is no JSON|nested deeper"),
        (b"[" * 50 + b"]" * 50, "x.json", "it is nested deeper than 32 levels"),
        (b'{"a": ' + b"9" * 5000 + b"}", "x.json", "it is no JSON"),
        (b'{"a": 1}', "x.json", "JSON palette cannot be read, it holds no colour"),
        (b"a { width: 1px }", "x.css", "CSS palette cannot be read, it holds no colour"),
        (b"\x89PNG\r\n\x1a\n", "x.png", "it is no whole PNG"),
        (bomb(), "x.png", "PNG palette must have at most 4,194,304 pixels, got many more"),
        (bomb(3000, 3000), "x.png", "PNG palette must have at most 4,194,304 pixels, got 3,000×3,000"),
        (b"<svg></svg>", "x.svg", "SVG palette cannot be read, it holds no colour"),
        (b"<html></html>", "x.svg", "it has no <svg> element"),
        (b"PK\3\4", "x.swatches", "its ZIP archive is damaged"),
        (zip_of("other.json", b"[]"), "x.swatches", "it holds no Swatches.json"),
        (zip_of("Swatches.json", b"[" + b" " * 2_000_000), "x.swatches", "unpacks to more than 1 MB"),
        (lying_bomb(), "x.swatches", "Procreate palette cannot be read"),
        (zip_of("Swatches.json", b"{"), "x.swatches", "it is no JSON"),
        (zip_of("Swatches.json", b"[3]"), "x.swatches", 'it has no list "swatches"'),
        (zip_of("Swatches.json", b'{"swatches":[{"hue":0}]}'), "x.swatches", "lacks hue, saturation or"),
        (zip_of("Swatches.json", b'{"swatches":[{"hue":NaN,"saturation":0,"brightness":0}]}'), "x.swatches",
         "lacks hue"),
    ]  # fmt: skip


@pytest.mark.parametrize(("data", "filename", "message"), bad_files())
def test_damage_is_one_clear_sentence(data, filename, message):
    with pytest.raises(QuantizeError, match=message) as error:
        read_palette(data, filename)
    assert "\n" not in str(error.value)


def test_photo_is_no_palette():
    file = BytesIO()
    Image.fromarray(noise(200, 200)).save(file, "PNG")
    with pytest.raises(QuantizeError, match="PNG palette must hold at most 4,096 colours, got"):
        read_palette(file.getvalue(), "photo.png")


def test_entities_are_not_expanded():
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
    svg = (
        f'<!DOCTYPE svg [<!ENTITY a0 "ha">{laughs}]><svg><rect fill="#f00"><title>&a19;</title></rect></svg>'
    )
    palette = read_palette(svg.encode())
    assert palette.hexes == ["#ff0000"]
    assert palette.names == ("&a19;",)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg>" + b"<a " * 300_000,
        b"<svg " + b'"' * 900_000,
        b"<svg " + b"a='" * 300_000,
        b"<svg><rect " + b"style " * 150_000 + b"/>",
        b"<svg>" + b"<!--" * 200_000,
        b"--a" + b" " * 900_000,
        b"--a:" * 200_000,
        b"--" * 450_000,
        b"/* " * 300_000 + b"--a:red",
        b"$a" * 450_000 + b"$a:red",
        b"$a:" + b"rgb(" * 200_000,
        b"--a:rgb(" + b"1 " * 40 + b");",
        b"GIMP Palette\n" + b"1 " * 400_000,
        b"JASC-PAL\n0100\n999999999\n" + b"1 2 3\n" * 100_000,
        b'{"a":"' + b"#" * 900_000 + b'"}',
    ],
)
def test_long_files_take_no_longer_than_their_length(data):
    started = time.process_time()
    assert_palette_or_sentence(read_palette, data)
    assert time.process_time() - started < 3
