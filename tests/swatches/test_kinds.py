"""Palette files of every kind that people bring, made here as their programs write them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize.errors import QuantizeError
from quantize.palettes.palette import Palette
from quantize.swatches.codes import FIRST_NOTE, LAST_NOTE
from quantize.swatches.formats import FORMATS, READERS, read_endings, read_palette, write_palette
from quantize.swatches.reading import ALPHA_NOTE, CMYK_NOTE, LAB_NOTE
from quantize.swatches.tables import VGA_NOTE
from tests.palette_files import VGA, archive, krita, procreate, riff
from tests.profiles import adobe_rgb, cmyk_profile
from tests.swatch_files import COLORS, palette_of, palettes

KINDS = [
    ("x.pal", riff(b"\xff\0\0", b"\0\xff\0"), "#ff0000 #00ff00", None, ()),
    ("x.pal", b'"Black"  0 0 0 100\r\n"Red" 0   100 100 0\r\n\x1a', "#000000 #ff0000", ("Black", "Red"),
     (CMYK_NOTE,)),
    ("x.txt", b";paint.net Palette File\n;Colors: 2\nFF10121c\n802c1e31\n", "#10121c #2c1e31", None,
     (ALPHA_NOTE,)),
    ("x.hex", b"0xff0000\n0x00ff00\n", "#ff0000 #00ff00", None, ()),
    ("x.hex", b"#f00\n#0f0\n", "#ff0000 #00ff00", None, ()),
    ("x.hex", b"ff0000ff\n00ff00ff\n", "#ff0000 #00ff00", None, (LAST_NOTE,)),
    ("x.hex", b"ff0000ff\n00ff0080\n", "#ff0000 #00ff00", None, (LAST_NOTE, ALPHA_NOTE)),
    ("x.hex", b"ff102030\nff00ff00\n", "#102030 #00ff00", None, (FIRST_NOTE,)),
    ("x.hex", b"; mine\n102030 Night sky\n#405060\nwhat\n", "#102030 #405060", ("Night sky", ""),
     ("1 colour was passed over: what stands there is no hexadecimal code",)),
    ("x.scss", b"$theme: (\n 'primary': #0d6efd,\n \"dan-ger\": #dc3545\n);", "#0d6efd #dc3545",
     ("primary", "dan-ger"), ()),
    ("x.scss", b"$c: (blue: (100: #00f, 200: #00a), red: red) !default;", "#0000ff #0000aa #ff0000",
     ("blue-100", "blue-200", "red"), ()),
    ("x.scss", b"$p: #100, #200;\n@include x($a: #300); // don't\n$q: darken(#400, 5%);", "#110000 #220000",
     ("p", ""), ("2 colours were passed over: no variable names them",
      "1 colour was passed over: functions calculate them, or their notation is not known")),
    ("x.css", b"--a: #0d1b2aff;\n--a: hsla(211, 53%, 11%, 1);\n$a: #0d1b2aff;\n"
     b"$g: linear-gradient(0deg, #0d1b2aff, #fff);", "#0d1b2a", ("a",),
     ("1 colour was passed over: no variable names them",)),
    ("x.css", b":root{--a:#fff} .dark{--a:#000;--b: transparent}", "#ffffff #000000", ("a", "a"), ()),
    ("x.css", b".a{color:#ff0000;background:#00ff00;fill:rgb(0,255,0)}\na:hover #fff{color:RED}",
     "#ff0000 #00ff00", None, ()),
    ("x.css", b'[data-x="#fff"] { border: 1px solid rgb(1, 2, 3) } /* #123 */ a{b:url(#456)}', "#010203",
     None, ()),
    ("x.css", b":root {\n --background: 0 0% 100%;\n --radius: 1 2 3; --hot-rgb: 255, 0, 16;\n}",
     "#ffffff #ff0010", ("background", "hot-rgb"), ()),
    ("x.less", b"@ink: #123;\n@map: { a: #456; b: red }\n@media (min-width: 3px) { p { color: #789 } }",
     "#112233 #445566 #ff0000", ("ink", "a", "b"), ("1 colour was passed over: no variable names them",)),
    ("tailwind.config.js", b"module.exports = { theme: { extend: { colors: { brand: '#ff0044', "
     b"ink: { 50: \"#123\" }, list: ['#456', '#789'] } } }, content: ['./a.html'] }",
     "#ff0044 #112233 #445566 #778899", ("brand", "ink-50", "", ""), ()),
    ("x.ts", b"export const brick = '#c00000'\nexport const sky = `#08f`", "#c00000 #0088ff",
     ("brick", "sky"), ()),
    ("x.json", b'{"color":{"brand":{"type":"color","value":{"r":1,"g":0,"b":0.27,"a":1}}}}', "#ff0045",
     ("brand",), ()),
    ("x.json", b'{"a":{"r":255,"g":0,"b":1},"b":{"r":1,"g":1,"b":1,"a":0.5}}', "#ff0001 #010101", ("a", "b"),
     (ALPHA_NOTE,)),
    ("x.sketchpalette", b'{"colors":[{"name":"a","red":0.1,"green":0.5,"blue":0.9,"alpha":1}]}', "#1a80e6",
     ("a",), ()),
    ("x.json", b'{"brick":"c00000","list":[[1,2,3],[4,5,6]]}', "#c00000 #010203 #040506",
     ("brick", "list", "list"), ()),
    ("x.json", b'{"a":"#123456","b":{"$type":"color","$value":"moon"},"c":{"$type":"color","$value":"{a}"}}',
     "#123456", ("a",), ("1 colour was passed over: their notation is not known",)),
    ("x.json", b'{"a":"#123456","b":"hsl(1e999 100% 50%)","c":{"value":"lighten({a}, 5%)"},"d":"(none)"}',
     "#123456", ("a",), ("2 colours were passed over: their notation is not known",)),
    ("x.json", b'{"a":[1,2,3],"b":{"$type":"color","$value":"moon"}}', "#010203", ("a",),
     ("1 colour was passed over: their notation is not known",)),
    ("x.soc", b'<?xml version="1.0"?><ooo:color-table xmlns:draw="urn:d" xmlns:ooo="urn:o">'
     b'<draw:color draw:name="Bl&#252;" draw:color="#0000ff"/></ooo:color-table>', "#0000ff", ("Blü",), ()),
    ("x.xml", b'<SCRIBUSCOLORS><COLOR NAME="A" RGB="#102030"/><COLOR NAME="B" CMYK="#ff000000"/>'
     b"</SCRIBUSCOLORS>",
     "#102030 #00ffff", ("A", "B"), (CMYK_NOTE,)),
    ("x.xml", b'<SCRIBUSCOLORS Name="s"><COLOR NAME="A" SPACE="RGB" R="255" G="0" B="51.2"/>'
     b'<COLOR NAME="B" SPACE="CMYK" C="100" M="0" Y="0" K="50"/>'
     b'<COLOR NAME="C" SPACE="Lab" L="54.29" A="80.8" B="69.89"/><COLOR NAME="D" SPACE="HSV" H="1"/>'
     b'<COLOR NAME="E" SPACE="RGB" R="1" G="x" B="2"/><COLOR NAME="F" SPACE="CMYK" C="1" M="2" Y="3"/>'
     b"</SCRIBUSCOLORS>",
     "#ff0033 #008080 #ff0000", ("A", "B", "C"),
     (CMYK_NOTE, LAB_NOTE, "2 colours were passed over: their codes are none",
      "1 colour was passed over: their colour models are none of RGB, CMYK and Lab")),
    ("x.xml", b'<palette><colors><page><color cs="RGB" tints="1,0,0.2" name="R"/>'
     b'<color cs="HSB" tints="1,1,1"/></page></colors></palette>', "#ff0033", ("R",),
     ("1 colour was passed over: their colour models are neither RGB nor CMYK",)),
    ("colors.xml", b'<resources><color name="a">#80102030</color><color name="b">@color/a</color>'
     b"</resources>",
     "#102030", ("a",), (ALPHA_NOTE, "1 colour was passed over: they refer to others")),
    ("x.svg", b'<!DOCTYPE svg [<!ENTITY n "urn:n">]><svg xmlns="&n;"><style>.a{fill:#123}</style>'
     b'<path class="a"/><rect fill="#456"><title>R</title></rect></svg>', "#112233 #445566", ("", "R"), ()),
    ("x.svg", b'<svg><path fill="#123"/><path fill="#123"/><path fill="#456"></svg>', "#112233 #445566", None,
     ("what stands behind a fault in line 1 was left out",)),
    ("x.svg", b'<svg><rect width="1" fill="#123"/><rect width="1" fill="#123"/></svg>', "#112233 #112233",
     None, ()),
    ("x.txt", b"Brick: #c00000, teal; rgb(1 2 3)\n", "#c00000 #008080 #010203", ("Brick", "teal", ""), ()),
    ("x.gpl", "GIMP Palette\r\n192 0 0\tBrick\r\n".encode("utf-16"), "#c00000", ("Brick",), ()),
]  # fmt: skip


@pytest.mark.parametrize(("filename", "data", "codes", "names", "notes"), KINDS)
def test_kinds_of_files(filename, data, codes, names, notes):
    for name in (filename, "PALETTE.bin", None):
        palette = read_palette(data, name)
        assert " ".join(palette.hexes) == codes
        assert palette.names == names
        assert set(palette.notes) == set(notes)


CALCULATED = (
    "rgba(#f00, .5)", "lighten(red, 10%)", "fade(@a, 50%)", "color-mix(in srgb, red, blue 20%)",
    "rgb(from red r g b)", "rgb(var(--x) / 50%)", "rgba($x, .5)", "color.adjust($x, $lightness: 5%)",
    "mix(lighten($x, 5%), rgba(@a, .5))", "saturate($x, 10%)", "HSL(1e999 100% 50%)", "rgb(1 2)",
)  # fmt: skip
KNOWN = ("1px", "var(--x)", "saturate(180%)", "rgb(1 2 3)", "$x", "@a", "calc(1px + (2px))", "colorful(1)")


@given(
    values=st.lists(st.sampled_from(CALCULATED + KNOWN), max_size=12),
    sign=st.sampled_from([("x.css", "--v"), ("x.scss", "$v"), ("x.less", "@v")]),
)
def test_functions_that_calculate_a_color_are_counted(values, sign):
    filename, prefix = sign
    sheet = "".join(f"{prefix}{number}: {value};\n" for number, value in enumerate([*values, "#123456"]))
    notes = [note for note in read_palette(sheet.encode(), filename).notes if "functions calculate" in note]
    expected = sum(value in CALCULATED for value in values)
    assert [int(note.split()[0]) for note in notes] == [expected] * (expected > 0)


def test_functions_are_counted_in_scripts_and_not_where_they_are_defined():
    script = b"module.exports = { colors: { a: 'rgb(var(--x) / <alpha-value>)', b: '#123456' } }"
    assert read_palette(script, "x.js").notes[0].startswith("1 colour was passed over: functions calculate")
    sheet = (
        b"@function tint($c) { @return $c } @mixin fade($t) { top: $t } p { @include fade(1s) } $a: #123456;"
    )
    assert read_palette(sheet, "x.scss").notes == ()
    with pytest.raises(QuantizeError, match="functions calculate them"):
        read_palette(b"$a: lighten($b, 10%);", "x.scss")


def test_a_table_of_a_vga_is_as_bright_as_it_was():
    for name in ("game.pal", None):
        palette = read_palette(VGA, name)
        assert palette.hexes[:2] == ["#ff0000", "#008204"]
        assert (len(palette), palette.notes) == (256, (VGA_NOTE,))
    assert read_palette(VGA, "x.act").hexes[0] == "#3f0000"  # a colour table of Photoshop may be so dark


@pytest.mark.parametrize("count", [64, 512])
def test_tables_of_consoles(count):
    colors = bytes(range(3, 195)) * (count // 64)
    assert read_palette(colors, "nes.pal").hexes[0] == "#030405"
    assert len(read_palette(colors, "nes.pal")) == count


def test_kritas_color_models():
    data = krita('<RGB r="1" g="0.5" b="0"/>', '<CMYK c="0" m="1" y="1" k="0"/>', '<Gray g="0.5"/>',
                 '<Lab L="54.29" a="80.8" b="69.89"/>', '<YCbCr Y="1"/>')  # fmt: skip
    palette = read_palette(data, "x.kpl")
    assert palette.hexes == ["#ff8000", "#ff0000", "#808080", "#ff0000"]
    assert palette.names == ("n0", "n1", "n2", "n3")
    assert palette.notes[:2] == (CMYK_NOTE, LAB_NOTE)
    assert palette.notes[2].startswith("1 colour was passed over: their colour model")
    old = krita('<Lab L="0.5429" a="0.8156" b="0.773"/>')
    assert np.abs(read_palette(old).colors[0].astype(int) - [255, 0, 0]).max() <= 2


def test_kritas_entries_come_row_by_row():
    places = [(1, 0), (0, 1), (0, 0), (10, 0)]
    rows = [
        f'<RGB r="0" g="0" b="{i / 255}"/><Position row="{r}" column="{c}"/>'
        for i, (r, c) in enumerate(places)
    ]
    assert read_palette(krita(*rows)).colors[:, 2].tolist() == [2, 1, 0, 3]


def test_profiles_of_krita_and_procreate_are_converted():
    green = (1 / 3, 1.0, 1.0)
    for data in (krita('<RGB r="0.5" g="0.75" b="0.5" space="theirs"/>', profile=adobe_rgb()),
                 procreate(adobe_rgb(), (1 / 3, 1 / 3, 0.75))):  # fmt: skip
        palette = read_palette(data)
        assert palette.notes == ("Adobe RGB (1998) converted to sRGB",)
        red, level, blue = palette.colors[0].tolist()
        assert red < 100 < 185 < level < 200
        assert 115 < blue < 130
    assert read_palette(procreate(b"no profile", green)).notes == (
        "unusable colour profile left out, colours taken as sRGB",
    )
    inks = {key: (255 - 15 * key, 128, 128) for key in range(16)}
    palette = read_palette(krita('<CMYK c="0" m="0" y="0" k="0" space="theirs"/>',
                                 profile=cmyk_profile("Ours", inks)))  # fmt: skip
    assert palette.hexes == ["#ffffff"]
    assert palette.notes == ("Ours converted to sRGB",)


@given(colors=COLORS, names=st.data())
def test_every_format_keeps_names_of_every_other(colors, names):
    words = names.draw(st.lists(st.sampled_from(["Brick", "sky", "Deep Sea", ""]), min_size=len(colors),
                                max_size=len(colors)))  # fmt: skip
    palette = Palette(colors, names=tuple(words))
    kept = [key for key, format_ in FORMATS.items() if format_.names == "kept"]
    for key in kept:
        palette = read_palette(write_palette(palette, key), f"x{FORMATS[key].extension}")
    assert list(palette.names or [""] * len(colors)) == words
    assert np.array_equal(palette.colors, colors)


@pytest.mark.parametrize("key", [key for key, format_ in FORMATS.items() if format_.names != "lost"])
def test_names_reach_every_format_that_has_some(key):
    palette = palette_of("c00000", "0080ff", names=("Brick", "Sky"))
    assert "brick" in write_palette(palette, key).replace(b"\0", b"").decode("latin-1").lower()
    back = read_palette(write_palette(palette, key), f"x{FORMATS[key].extension}")
    assert [name.lower() for name in back.names] == ["brick", "sky"]


@given(palette=palettes())
def test_riff_and_raw_tables_keep_order_and_copies(palette):
    assert read_palette(riff(*(bytes(color) for color in palette.colors))).hexes == palette.hexes


def test_endings_of_what_is_read():
    assert {"pal", "kpl", "soc", "less", "txt", "ase", "swatches"} <= set(read_endings())
    assert len({reader.key for reader in READERS}) == len(READERS)


@pytest.mark.parametrize(
    ("filename", "data", "message"),
    [
        ("x.pal", b"RIFF\0\0\0\0PAL data\x04\0\0\0\0\3\2\0", "it ends after 0 of 2 colours"),
        ("x.pal", b'"A" 0 0 0 101\n', "line 1 must be a quoted name and four numbers to 100"),
        ("x.kpl", archive(other_xml=b"colorset.xml"), "it holds no colorset.xml"),
        ("x.kpl", krita("<YCbCr/>"), "its colours cannot be known"),
        ("x.kpl", archive(colorset_xml=b" " * 2_000_000), "it unpacks to more than 1 MB"),
        ("x.soc", b"<office><a>", "its XML has a fault in line 1"),
        ("x.soc", b"<office/>", "it holds no colour"),
        ("x.txt", b";paint\nzz\n", "palette file must be one of"),
    ],
)
def test_what_holds_no_palette(filename, data, message):
    with pytest.raises(QuantizeError, match=message):
        read_palette(data, filename)
