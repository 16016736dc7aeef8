"""Palette files as other people and programs write them: colour models, variants, encodings."""

import struct
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.GimpPaletteFile import GimpPaletteFile
from PIL.PngImagePlugin import PngInfo

from quantize import parse_colors
from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.swatches.formats import read_palette, write_palette
from quantize.swatches.reading import ALPHA_NOTE, CMYK_NOTE, LAB_NOTE, WIDE_NOTE, parse_color
from tests.pictures import noise


def ase_of(*colors: tuple[bytes, tuple[float, ...]]) -> bytes:
    blocks = [
        struct.pack(">H", 1) + b"\0\0" + model + struct.pack(f">{len(values)}fH", *values, 0)
        for model, values in colors
    ]
    packed = b"".join(struct.pack(">HI", 1, len(block)) + block for block in blocks)
    return b"ASEF" + struct.pack(">HHI", 1, 0, len(blocks)) + packed


def ase(model: bytes, *values: float) -> bytes:
    return ase_of((model, values))


def aco(space: int, *words: int) -> bytes:
    return struct.pack(">2H5H", 1, 1, space, *(word % 65536 for word in words), *[0] * (4 - len(words)))


@pytest.mark.parametrize(
    ("data", "code", "notes"),
    [
        (ase(b"RGB ", 1, 0.5, 0), "#ff8000", ()),
        (ase(b"RGB ", 1.5, 0.5, -0.1), "#ff8000", (WIDE_NOTE,)),
        (ase(b"RGB ", 1.0001, 0.5, -0.0001), "#ff8000", ()),
        (ase(b"CMYK", 0, 1, 1, 0.5), "#800000", (CMYK_NOTE,)),
        (ase(b"Gray", 0.5), "#808080", ()),
        (ase(b"GRAY", 1), "#ffffff", ()),
        # CSS Color 4's sample code: red is lab(54.29% 80.80 69.89), blue lab(29.57% 68.30 -112.03).
        (ase(b"LAB ", 1, 0, 0), "#ffffff", (LAB_NOTE,)),
        (ase(b"LAB ", 0.54290541, 80.80493, 69.89099), "#ff0000", (LAB_NOTE,)),
        (aco(0, 65535, 32896, 0), "#ff8000", ()),
        (aco(1, 0, 65535, 65535), "#ff0000", ()),
        (aco(1, 21845, 65535, 65535), "#00ff00", ()),
        (aco(2, 0, 65535, 65535, 65535), "#00ffff", (CMYK_NOTE,)),  # pure cyan, by Adobe's own example
        (aco(7, 10000, 0, 0), "#ffffff", (LAB_NOTE,)),
        (aco(7, 5429, 8080, 6989), "#ff0000", (LAB_NOTE,)),
        (aco(7, 2957, 6830, -11203), "#0000ff", (LAB_NOTE,)),
        (aco(8, 0), "#ffffff", ()),
        (aco(8, 10000), "#000000", ()),
        (aco(9, 0, 10000, 10000, 10000), "#00ffff", (CMYK_NOTE,)),
    ],
)
def test_other_color_models_are_converted_and_said(data, code, notes):
    palette = read_palette(data)
    assert palette.hexes == [code]
    assert palette.notes == notes


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (ase(b"HSB ", 0, 0, 0), "their colour models are none of RGB, CMYK, LAB and Gray"),
        (ase(b"RGB ", float("nan"), 0, 0), "its colours cannot be known .they are no numbers"),
        (ase(b"LAB ", float("inf"), 0, 0), "its colours cannot be known .they are no numbers"),
        (ase(b"CMYK", float("inf"), 0, 0, 1), "its colours cannot be known .they are no numbers"),
        (aco(3, 1, 2, 3), "their colour spaces are a maker's own"),
    ],
)
def test_colors_that_cannot_be_known(data, message):
    with pytest.raises(QuantizeError, match=message):
        read_palette(data)


NUMBERS = st.sampled_from([0.0, 0.25, 1.0, float("nan"), float("inf"), float("-inf")])


@given(st.lists(st.tuples(*[NUMBERS] * 3), min_size=1, max_size=20))
def test_colors_that_are_no_numbers_are_counted_and_the_others_kept(rows):
    kept = [row for row in rows if np.isfinite(row).all()]
    data = ase_of(*((b"RGB ", row) for row in rows))
    if not kept:
        with pytest.raises(QuantizeError, match="they are no numbers"):
            read_palette(data)
        return
    palette = read_palette(data)
    assert palette.colors.tolist() == [[round(255 * value) for value in row] for row in kept]
    assert sum(int(note.split()[0]) for note in palette.notes) == len(rows) - len(kept)


# Texts that other people write


@pytest.mark.parametrize(
    ("filename", "text", "codes", "names"),
    [
        ("a.gpl", "GIMP Palette\n 1 2 3\n255 255 255\tUntitled\n", "#010203 #ffffff", None),
        ("a.gpl", "GIMP Palette\r\nName: x\r\n#\r\n1 2 3 Two Words \r\n", "#010203", ("Two Words",)),
        ("a.gpl", "GIMP Palette\nChannels: RGBA\n#\n1 2 3 255 Sky\n4 5 6 0\n", "#010203 #040506",
         ("Sky", "")),
        ("a.pal", "JASC-PAL\n0100\n2\n1 2 3\n4 5 6 255\n\n", "#010203 #040506", None),
        ("a.pal", "JASC-PAL\r\n0100\r\n1\r\n1 2 3\r\n4 5 6\r\n", "#010203", None),
        ("a.hex", "\ufeff#A0B0C0\r\n\r\nffffff", "#a0b0c0 #ffffff", None),
        ("a.css", ":root{--a:red;--b: RGB(0 128 255)}/* --c: #fff; */", "#ff0000 #0080ff", ("a", "b")),
        ("a.css", "a{--x:oklch(62.796% 0.25768 29.234);--y:var(--x);--z:1px}", "#ff0000", ("x",)),
        ("a.css", ".dark { --color-ink: #abc !important; --w: hsl(120deg 100% 50%) }", "#aabbcc #00ff00",
         ("ink", "w")),
        ("a.scss", "$ink: #0a0b0c !default; // $no: #fff;\n$map: (a: #fff);\n", "#0a0b0c #ffffff",
         ("ink", "a")),
        ("a.css", '@import "tailwindcss";\n@theme {--color-*: initial;\n--color-sea: #0080ff;--p: 1px}',
         "#0080ff", ("sea",)),
        ("a.json", '{"a":{"$type":"color","$value":"#ff0000"},"b":{"c":{"value":"#00f"}}}', "#ff0000 #0000ff",
         ("a", "b-c")),
        ("a.json", '["#ff0000", "00ff00", "Red", 3]', "#ff0000 #00ff00", None),
        ("a.json", '{"name":"Red","author":"Tan","colors":["1a1c2c","5d275d"]}', "#1a1c2c #5d275d", None),
        ("a.json", '{"name":"facade","colors":["1a1c2c"]}', "#1a1c2c", None),
        ("a.json", '[{"name":"Deep","hex":"#000080"}]', "#000080", ("Deep",)),
        ("a.json", '{"colors":[{"name":"Deep","hex":"#000080"}]}', "#000080", ("Deep",)),
        ("a.json", '{"color":{"x":{"$value":{"colorSpace":"oklch","components":[0.62796,0.25768,29.234]}}}}',
         "#ff0000", ("x",)),
        ("a.json", '{"x":{"$value":{"colorSpace":"hsl","components":["none",0,50]},"$description":"A grey"}}',
         "#808080", ("x",)),
        ("a.json", '{"x":{"$value":{"colorSpace":"ours","components":[1],"hex":"#123456"}}}', "#123456",
         ("x",)),
        ("a.json", '{"a":{"$value":"#fff"},"b":{"$value":"{a}"},"c":{"$value":"1px"}}', "#ffffff", ("a",)),
        ("a.svg", '<?xml version="1.0"?><svg><rect fill="#f00"/><path style="fill:#00ff00;x:y"/></svg>',
         "#ff0000 #00ff00", None),
        ("a.svg", "<svg><g fill='none'><rect fill='blue'><title>A &lt; B</title></rect></g>"
         "<!-- <rect fill='red'/> --><stop stop-color='#fff'/><rect fill='url(#x)'/></svg>",
         "#0000ff #ffffff", ("A < B", "")),
    ],
)  # fmt: skip
def test_texts_of_others(filename, text, codes, names):
    palette = read_palette(text.encode(), filename)
    assert " ".join(palette.hexes) == codes
    assert palette.names == names


def test_more_blocks_are_announced_than_there_are():
    data = ase(b"RGB ", 1, 0, 0)
    assert read_palette(data[:8] + struct.pack(">I", 9) + data[12:]).hexes == ["#ff0000"]


@pytest.mark.parametrize(("said", "count"), [(0, 256), (1, 1), (256, 256), (257, 256)])
def test_length_of_a_color_table(said, count):
    assert len(read_palette(bytes(768) + struct.pack(">2H", said, 0xFFFF))) == count


@pytest.mark.parametrize("start", [b"\0\1\0\1", b"\0\2\0\0"])
def test_color_table_that_begins_like_swatches(start):
    assert len(read_palette(start + b"\x01" * 764)) == 256


def test_codes_as_long_as_a_color_table():
    assert len(read_palette(b"0080ff\r\n" * 96)) == 96


def test_older_encodings():
    text = "GIMP Palette\n1 2 3\tMüll\n"
    for encoding in ("cp1252", "utf-8", "utf-8-sig"):
        assert read_palette(text.encode(encoding)).names == ("Müll",)


def test_what_was_changed_is_said():
    css = "--a: #ff000080; --b: color(display-p3 1 0 0); --c: rgb(0 0 0 / 50%); --d: #abcd; --e: #abcf"
    palette = read_palette(css.encode(), "x.css")
    assert palette.hexes == ["#ff0000", "#ff0000", "#000000", "#aabbcc", "#aabbcc"]
    assert palette.notes == (ALPHA_NOTE, WIDE_NOTE)
    tokens = '{"a":{"$value":{"colorSpace":"srgb","components":[1,0,0],"alpha":0.5}}}'
    assert read_palette(tokens.encode()).notes == (ALPHA_NOTE,)


def test_colors_of_numbers_too_large_are_refused():
    for code in ("hsl(1e999 100% 50%)", "rgb(1e999 0 0)", "oklch(50% 0.1 1e999)", "color(srgb 0 -1e999 0)"):
        assert parse_color(code) is None
        assert parse_colors(f"#123, {code}").notes[0].startswith("not understood: “")
    assert parse_color("hsl(none 100% 50%)") == ((255, 0, 0), ())
    assert parse_color("hsl(360 100% 50%)") == ((255, 0, 0), ())


def test_strip_of_another_size_and_order():
    pixels = np.array([[[9, 9, 9, 255], [1, 1, 1, 255], [9, 9, 9, 255], [5, 5, 5, 0]]], np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    assert read_palette(file.getvalue()).hexes == ["#090909", "#010101", "#090909"]


# Files that other programs made: see the README beside them

DATA = Path(__file__).parents[1] / "data" / "palettes"
THREE = "#c00000 #0080ff #102030"
SAME = ("Brick", "Sky & Sea", "Tinte 墨")
SLUGS = ("brick", "sky-sea", "tinte-墨")


@pytest.mark.parametrize(
    ("filename", "codes", "names", "notes"),
    [
        ("gimp.gpl", f"{THREE} #808080", (*SAME, ""), ()),
        ("ase-utils.ase", f"{THREE} #00ffff #ffffff #808080", (*SAME, "Cyan", "Paper", "Ash"),
         (CMYK_NOTE, LAB_NOTE)),
        ("adobe-color-swatch.aco", f"{THREE} #00ffff #00ff00 #808080", (*SAME, "Cyan", "Green", "Ash"),
         (CMYK_NOTE,)),
        ("procreate-swatches.swatches", THREE, None, ()),
        ("colourswatch.pal", THREE, None, ()),
        ("colourswatch.png", THREE, None, ()),
        ("colourswatch.svg", "#102030 #c00000 #0080ff", None, ()),  # the last colour is its background
        ("svgo.svg", THREE, SAME, ()),
        ("tailwindcss.css", "#c00000 #0080ff", SLUGS[:2], ()),
        ("sass.css", THREE, ("brick", "sky", "ink"), ()),
        ("style-dictionary.css", THREE, SLUGS, ()),
        ("style-dictionary.scss", THREE, SLUGS, ()),
        ("style-dictionary.json", THREE, SAME, ()),
    ],
)  # fmt: skip
def test_files_of_other_programs(filename, codes, names, notes):
    data = (DATA / filename).read_bytes()
    for name in (filename, None):
        palette = read_palette(data, name)
        assert " ".join(palette.hexes) == codes
        assert palette.names == names
        assert palette.notes == notes


def test_where_every_file_comes_from_is_written_down():
    described = (DATA / "README.md").read_text()
    for path in DATA.iterdir():
        assert path.name == "README.md" or f"`{path.stem}." in described


def test_pillow_reads_our_gimp_palette():
    palette = Palette(noise(200, 1).reshape(-1, 3))
    read, mode = GimpPaletteFile(BytesIO(write_palette(palette, "gpl"))).getpalette()
    assert mode == "RGB"
    assert read[:600] == palette.colors.tobytes()


@given(
    st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=16),
    st.lists(st.integers(0, 15), min_size=6, max_size=6),
)
def test_an_indexed_picture_gives_its_table(table, numbers):
    image = Image.new("P", (3, 2))
    image.putpalette([level for entry in table for level in entry])
    image.putdata([number % len(table) for number in numbers])
    file = BytesIO()
    image.save(file, "PNG")
    found = read_palette(file.getvalue(), "sprite.png")
    assert found.colors.tolist() == [list(entry) for entry in table]


def test_entries_that_are_transparent_are_counted():
    image = Image.new("P", (3, 2))
    image.putpalette([9, 9, 9, 255, 0, 0, 0, 255, 0])
    image.putdata([0, 1, 1, 1, 1, 0])
    file = BytesIO()
    image.save(file, "PNG", transparency=0)
    found = read_palette(file.getvalue(), "sprite.png")
    assert found.hexes == ["#ff0000", "#00ff00"]
    assert found.notes == ("1 colour was passed over: they are transparent",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.gpl", b"GIMP Palette\nChannels: RGBA\n#\n0 0 0 0 clear\n255 0 0 255\n"),
        ("a.pal", b"JASC-PAL\n0100\n2\n0 0 0 0\n255 0 0 255\n"),
    ],
)
def test_transparency_that_is_dropped_is_said(name, data):
    assert read_palette(data, name).notes == (ALPHA_NOTE,)


@pytest.mark.parametrize("used", [(0, 1), (0, 1, 2), (0, 1, 2, 3), (3, 2, 1, 0)])
def test_a_table_is_converted_whole_and_keeps_its_order(used):
    """Also what no pixel shows; and whatever happens to be the same in both spaces."""
    table = np.array([(0, 0, 0), (255, 255, 255), (128, 128, 128), (200, 50, 50)], np.uint8)
    image = Image.new("P", (5, 2))
    image.putpalette(table.ravel().tolist())
    image.putdata([used[number % len(used)] for number in range(10)])
    info = PngInfo()
    info.add(b"gAMA", struct.pack(">I", 100_000))
    file = BytesIO()
    image.save(file, "PNG", pnginfo=info)
    found = read_palette(file.getvalue(), "sprite.png")
    assert found.hexes == ["#000000", "#ffffff", "#bcbcbc", "#e57a7a"]
    assert found.notes == ("gamma 1.00 converted to sRGB",)


def test_an_entry_that_is_half_transparent_and_unused_is_said():
    image = Image.new("P", (3, 2))
    image.putpalette([9, 9, 9, 255, 0, 0, 0, 255, 0])
    file = BytesIO()
    image.save(file, "PNG", transparency=bytes([255, 255, 100]))
    assert read_palette(file.getvalue(), "sprite.png").notes == (ALPHA_NOTE,)
