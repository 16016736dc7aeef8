"""Palette files: round trips with hostile names, the layout of every format, the table of formats."""

import json
import re
import struct
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.swatches.formats import FORMATS, find_format, format_of_name, read_palette, write_palette
from quantize.swatches.identifiers import identifiers
from tests.pictures import noise
from tests.swatch_files import HOSTILE, palette_of, palettes

# Round trips


@pytest.mark.parametrize("key", FORMATS)
@given(palette=palettes())
@example(palette=Palette(noise(30, 1).reshape(-1, 3), names=HOSTILE[:30]))
@example(palette=Palette(noise(30, 1).reshape(-1, 3), names=HOSTILE[-30:]))
@example(palette=Palette(np.zeros((30, 3), np.uint8), names=HOSTILE[:30]))
@example(palette=Palette(np.zeros((3, 3), np.uint8), names=("1", "", "2")))
def test_what_was_written_is_read(key, palette):
    format_ = FORMATS[key]
    back = read_palette(write_palette(palette, key), f"x{format_.extension}")
    codes, names = palette.hexes, list(palette.names or [""] * len(palette))
    assert back.hexes == codes
    assert back.notes == ()
    if format_.names == "kept":
        assert list(back.names or [""] * len(back)) == names
    elif format_.names == "lost":
        assert back.names is None


# Words that mean something in a format, with and without its signs
MEANT = (
    "value", "type", "root", "description", "extensions", "ref", "deprecated", "hex", "name", "color",
    "colors", "rgb", "components", "colorSpace", "alpha", "r", "g", "b", "red", "green", "blue", "palette",
    "0", "2", "title", "rect", "style", "Name:", "Columns:", "Channels: RGBA", "GIMP Palette", "none", "null",
)  # fmt: skip
ODD = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "$", "$$", "$ ", ".", "{", "-"]),
    st.sampled_from(MEANT),
    st.sampled_from(["", "-2", "$", "}"]),
)


@pytest.mark.parametrize("key", [key for key, format_ in FORMATS.items() if format_.names == "kept"])
@given(names=st.lists(ODD, min_size=1, max_size=12).map(tuple))
@example(names=("$value", "x"))
@example(names=("value", "hex"))
@example(names=("hex",))
@example(names=("r", "g", "b", "components", "$components"))
@example(names=tuple("$" + word for word in MEANT))
def test_names_that_mean_something_in_a_format_survive(key, names):
    palette = Palette(noise(len(names), 1).reshape(-1, 3), names=names)
    back = read_palette(write_palette(palette, key), f"x{FORMATS[key].extension}")
    assert (back.names, back.hexes, back.notes) == (palette.names, palette.hexes, ())


@pytest.mark.parametrize("key", [key for key, format_ in FORMATS.items() if format_.names == "identifiers"])
@given(palette=palettes())
def test_identifiers_are_read_and_written_again_the_same(key, palette):
    written = write_palette(palette, key)
    assert write_palette(read_palette(written), key) == written
    assert key != "tailwind" or written.isascii()


@given(palette=palettes())
def test_identifiers_are_different_and_harmless(palette):
    found = identifiers(palette)
    assert len(set(found)) == len(palette)
    for one in found:
        assert re.fullmatch(r"[\w-]+|(?:[\w-]|[^\x00-\xbf])+", one)
        assert one == one.lower()


def test_identifiers_by_hand():
    palette = palette_of(*["000000"] * 6, names=("Deep  Blue!", "deep-blue", "", "4*2", "Ünï 色", "①ª"))
    assert identifiers(palette) == ["deep-blue", "deep-blue-2", "3", "4-2", "ünï-色", "1a"]
    assert identifiers(palette, ascii_only=True) == ["deep-blue", "deep-blue-2", "3", "4-2", "uni", "1a"]


@pytest.mark.parametrize("key", FORMATS)
def test_content_alone_is_enough(key):
    # Colours whose bytes are no text, so that even a colour table is told from one.
    palette = palette_of("c00000", "00c101", "0102ff", names=("Brick", "Grass", "Sky"))
    for name in (None, "palette", "palette.dat", "folder.css/x"):
        assert read_palette(write_palette(palette, key), name).hexes == palette.hexes


@pytest.mark.parametrize("key", FORMATS)
def test_same_palette_same_bytes(key):
    palette = palette_of("c00000", "00c101", names=("Brick", "Grass"))
    assert write_palette(palette, key) == write_palette(palette, key)


@pytest.mark.parametrize("key", FORMATS)
def test_full_palette(key):
    palette = Palette(noise(256, 1).reshape(-1, 3))
    if key == "procreate":
        with pytest.raises(QuantizeError, match="at most 30 colours, got 256"):
            write_palette(palette, key)
    else:
        assert read_palette(write_palette(palette, key), f"x{FORMATS[key].extension}").hexes == palette.hexes


def test_more_than_a_color_table_holds():
    with pytest.raises(QuantizeError, match="ACT palettes hold at most 256 colours, got 257"):
        write_palette(Palette(noise(257, 1).reshape(-1, 3)), "act")


# The files as their programs expect them

BRICK = palette_of("c00000", "0080ff", names=("Brick & <Tile>", ""))


def test_layout_of_ase():
    data = write_palette(BRICK, "ase")
    assert data[:12] == b"ASEF\0\1\0\0\0\0\0\2"
    kind, size, length = struct.unpack_from(">HIH", data, 12)
    assert (kind, length) == (1, len("Brick & <Tile>") + 1)
    assert size == 2 + 2 * length + 4 + 12 + 2
    assert data[20 : 20 + 2 * length] == "Brick & <Tile>\0".encode("utf-16-be")
    assert data[20 + 2 * length :][:16] == b"RGB " + struct.pack(">3f", 192 / 255, 0, 0)
    assert data.endswith(struct.pack(">H", 2))  # normal: neither spot nor global
    assert "#0080ff".encode("utf-16-be") in data  # a swatch without a name shows its code


def test_layout_of_aco():
    # The example of the reverse engineered description: red and green, "Swatch 1" and "Swatch 2".
    data = write_palette(palette_of("ff0000", "00ff00", names=("Swatch 1", "Swatch 2")), "aco")
    first = "0001 0002 0000 ffff 0000 0000 0000 0000 0000 ffff 0000 0000"
    second = "0002 0002 0000 ffff 0000 0000 0000 0000 0009 0053 0077 0061"
    assert data.startswith(bytes.fromhex(first + second))
    assert data.endswith("Swatch 2\0".encode("utf-16-be"))


def test_layout_of_act():
    data = write_palette(BRICK, "act")
    assert data == bytes.fromhex("c00000 0080ff") + bytes(762) + bytes.fromhex("0002 ffff")


def test_texts_as_they_are():
    assert write_palette(BRICK, "gpl").decode() == (
        "GIMP Palette\nName: Palette\nColumns: 0\n#\n192   0   0\tBrick & <Tile>\n  0 128 255\t#0080ff\n"
    )
    assert write_palette(BRICK, "jasc") == b"JASC-PAL\r\n0100\r\n2\r\n192 0 0\r\n0 128 255\r\n"
    assert write_palette(BRICK, "hex") == b"c00000\n0080ff\n"
    css = "  --color-brick-tile: #c00000;\n  --color-2: #0080ff;\n"
    assert write_palette(BRICK, "css").decode() == f":root {{\n{css}}}\n"
    assert write_palette(BRICK, "tailwind").decode() == f"@theme {{\n{css}}}\n"
    assert write_palette(BRICK, "scss") == b"$color-brick-tile: #c00000;\n$color-2: #0080ff;\n"


def test_tokens_are_of_the_format_module():
    palette = palette_of("ff8000", "ff8000", "000000", names=("Light.{x}", "$Light", ""))
    group = json.loads(write_palette(palette, "json"))["color"]
    assert group.pop("$type") == "color"
    assert list(group) == ["Light--x-", "Light", "3"]
    assert group["Light--x-"] == {
        "$value": {"colorSpace": "srgb", "components": [1.0, 0.501961, 0.0], "hex": "#ff8000"},
        "$description": "Light.{x}",
    }


@given(palette=palettes())
def test_svg_is_well_formed_and_holds_no_other_element(palette):
    root = ElementTree.fromstring(write_palette(palette, "svg"))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags == {"svg", "rect", "title"}
    titles = [element.text or "" for element in root.iter() if element.tag.endswith("title")]
    named = zip(palette.names or [""] * len(palette), palette.hexes, strict=True)
    assert titles == [name or code for name, code in named]


@given(palette=palettes())
def test_css_holds_one_declaration_a_line_and_nothing_else(palette):
    first, *rows, last = write_palette(palette, "css").decode().split("\n")[:-1]
    assert (first, last) == (":root {", "}")
    assert len(rows) == len(palette)
    for row, code in zip(rows, palette.hexes, strict=True):
        assert re.fullmatch(rf"  --color-[^\s:;{{}}/*\\\"'<>@$!]+: {code};", row)


def test_png_is_a_strip_of_squares():
    with Image.open(BytesIO(write_palette(BRICK, "png"))) as strip:
        assert strip.size == (64, 32)
        assert strip.getpixel((31, 31)) == (192, 0, 0)
        assert strip.getpixel((32, 0)) == (0, 128, 255)


def test_procreate_is_a_zip_with_hsb():
    with zipfile.ZipFile(BytesIO(write_palette(BRICK, "procreate"))) as archive:
        assert archive.namelist() == ["Swatches.json"]
        (palette,) = json.loads(archive.read("Swatches.json"))
    assert palette["swatches"][0] == {
        "hue": 0, "saturation": 1, "brightness": 192 / 255, "alpha": 1, "colorSpace": 0,
    }  # fmt: skip


# The table


def test_records_are_whole():
    for key, format_ in FORMATS.items():
        assert format_.key == key
        assert format_.extension.startswith(".")
        assert "/" in format_.mime
        assert format_.names in ("kept", "identifiers", "lost")
    assert len({format_.title for format_ in FORMATS.values()}) == len(FORMATS) == 13


def test_files_of_two_formats_never_have_one_name():
    assert len({format_.extension for format_ in FORMATS.values()}) == len(FORMATS)
    for format_ in FORMATS.values():
        assert format_of_name(f"Coffee-6{format_.extension}") is format_


def test_format_by_key_and_by_name():
    assert find_format("ase").title == "Adobe Swatch Exchange"
    assert format_of_name("dir.d/My.Palette.GPL").key == "gpl"
    assert format_of_name("x.tokens.json").key == format_of_name("x.json").key == "json"
    assert format_of_name("x.css").key == "css"
    assert format_of_name("x.xcf") is None
    for bad in ("ASE", "", None, []):
        with pytest.raises(
            QuantizeError, match="format must be one of ase, aco, act, gpl, jasc, hex, json, css"
        ):
            find_format(bad)
