"""Built-in tables: each is whole, says where it is from, and agrees with what else is known of it."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import ImageColor
from plotly.colors import colorbrewer
from pygments.styles import solarized

from quantize import QuantizeError
from quantize.palettes.palette import MAX_ENTRIES
from quantize.palettes.tables import find_table, read_tables
from quantize.swatches.formats import FORMATS, read_palette, write_palette
from tests.house import ROOT

SETS = ROOT / "quantize" / "palettes" / "sets"
COUNTS = {
    "1-bit": 2, "grey-4": 4, "grey-16": 16, "web-safe": 216, "zx-spectrum": 15, "c64-pepto": 16,
    "c64-colodore": 16, "gameboy": 4, "nes": 64, "pico-8": 16, "pico-8-secret": 16, "pico-8-32": 32,
    "cga": 16, "cga-0-low": 4, "cga-0-high": 4, "cga-1-low": 4, "cga-1-high": 4, "cga-5-low": 4,
    "cga-5-high": 4, "ega": 64, "sweetie-16": 16, "db16": 16, "db32": 32, "solarized": 16,
    "tailwind": 244, "css": 139, "x11": 503, "brewer-accent": 8, "brewer-dark2": 8, "brewer-paired": 12,
    "brewer-pastel1": 9, "brewer-pastel2": 8, "brewer-set1": 9, "brewer-set2": 8, "brewer-set3": 12,
    "hama": 92, "perler": 103, "artkal-s": 199,
}  # fmt: skip
DOUBLED = {"nes", "tailwind"}


def hexes(key: str) -> list[str]:
    return [code[1:] for code in find_table(key).palette.hexes]


def named(key: str) -> dict[str, str]:
    palette = find_table(key).palette
    return dict(zip(palette.names, (code[1:] for code in palette.hexes), strict=True))


def test_all_are_there_with_all_of_their_entries():
    assert {key: len(table) for key, table in read_tables().items()} == COUNTS
    assert {path.stem for path in SETS.glob("*.txt")} == {table.family for table in read_tables().values()}


@pytest.mark.parametrize("key", COUNTS)
def test_each_is_whole_and_says_where_it_is_from(key):
    table = find_table(key)
    assert table.key == key
    assert table.title
    assert len(table.source) > 8
    assert table.licence
    assert len(table.palette) == len(table) <= MAX_ENTRIES
    for row in table.rows:
        code, _, name = row.partition(" ")
        assert code == code.lower()
        assert len(code) == 6
        assert name == name.strip()
    assert (len(set(hexes(key))) < len(table)) == (key in DOUBLED) or table.family == "beads"


@pytest.mark.parametrize("key", COUNTS)
def test_each_can_be_written_and_read_again(key):
    palette = find_table(key).palette
    for format_ in ("gpl", "ase", "hex"):
        again = read_palette(write_palette(palette, format_), f"x{FORMATS[format_].extension}")
        assert again.hexes == palette.hexes
        if FORMATS[format_].names == "kept":
            assert again.names == palette.names


def test_an_unknown_one_is_told_with_those_there_are():
    with pytest.raises(QuantizeError, match=r"table must be one of 1-bit, grey-4, .*, got 'pico8'"):
        find_table("pico8")


def test_cubes_and_bits():
    steps = ["00", "33", "66", "99", "cc", "ff"]
    assert hexes("web-safe") == [red + green + blue for red in steps for green in steps for blue in steps]
    two_bits = {(0, 0): "00", (0, 1): "55", (1, 0): "aa", (1, 1): "ff"}  # the strong one, the weak one
    bits = [format(number, "06b") for number in range(64)]
    assert hexes("ega") == [
        "".join(two_bits[int(strong), int(weak)] for strong, weak in zip(word[3:], word[:3], strict=True))
        for word in bits
    ]
    assert hexes("grey-16") == [digit * 6 for digit in "0123456789abcdef"]


def test_cga_is_part_of_ega_and_its_modes_of_it():
    # Number 6, brown, is EGA's 20; the bright ones have all three weak bits.
    cga, ega = hexes("cga"), hexes("ega")
    assert cga == [ega[20 if number == 6 else number] for number in range(8)] + ega[56:]
    for key in ("cga-0", "cga-1", "cga-5"):
        low, high = hexes(f"{key}-low"), hexes(f"{key}-high")
        assert low[0] == high[0] == "000000"
        assert [cga.index(code) + 8 for code in low[1:]] == [cga.index(code) for code in high[1:]]


def test_spectrum_numbers_are_blue_red_green():
    dark, bright = hexes("zx-spectrum")[:8], ["000000", *hexes("zx-spectrum")[8:]]
    for number in range(8):
        blue, red, green = (number >> bit & 1 for bit in range(3))
        assert dark[number] == "".join("d7" if on else "00" for on in (red, green, blue))
        assert bright[number] == "".join("ff" if on else "00" for on in (red, green, blue))


def test_pico_8_has_two_halves():
    assert hexes("pico-8") + hexes("pico-8-secret") == hexes("pico-8-32")


def test_css_names_are_those_that_pillow_has():
    """Coloraide has two of them, mediumpurple and palevioletred, as CSS had them before level 3."""
    known = {name: bytes(ImageColor.getrgb(name)).hex() for name in ImageColor.colormap}
    ours = named("css")
    assert ours.items() <= known.items()
    assert set(ours.values()) == set(known.values())


# In floats as whoever made the table had it: 2.55 times 50 is a little less than 127.5.
def test_x11_has_all_greys_and_css_but_where_both_differ():
    x11, css = named("x11"), named("css")
    greys = {f"{int(2.55 * number + 0.5):02x}" * 3 for number in range(101)}
    assert greys <= set(x11.values())
    lower = {name.lower(): code for name, code in x11.items()}
    differ = {name for name in lower.keys() & css.keys() if lower[name] != css[name]}
    assert differ == {"gray", "green", "maroon", "purple"}


@pytest.mark.parametrize("key", [key for key in COUNTS if key.startswith("brewer-")])
def test_schemes_are_those_that_plotly_has(key):
    theirs = getattr(colorbrewer, find_table(key).title.split()[1])
    assert hexes(key) == [
        "".join(f"{int(value):02x}" for value in color[4:-1].split(",")) for color in theirs
    ]


def test_solarized_is_what_pygments_has():
    theirs = {code.lower().removeprefix("#") for code in solarized.DARK_COLORS.values()}
    assert set(hexes("solarized")) == theirs


def test_nothing_is_read_before_it_is_asked_for():
    program = (
        "import sys; sys.addaudithook(lambda event, words: event == 'open' and '/sets/' in str(words[0]) "
        "and print(words[0])); import quantize.__main__, quantize.palettes.tables"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == ""


def test_entries_are_arrays_of_their_rows():
    palette = find_table("gameboy").palette
    np.testing.assert_array_equal(palette.colors[0], (0x0F, 0x38, 0x0F))
    assert palette.names == ("darkest", "dark", "light", "lightest")
