"""The command line's ``lut``: both kinds of file, and what cannot be."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize import find_table, write_palette
from tests.commands.test_main import run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_cube_says_its_size_and_title(capsys):
    code, out, err = run(capsys, "lut", "--palette", "pico-8", "-o", "x.cube", "--size", "17")
    assert (code, err) == (0, "")
    lines = Path("x.cube").read_text().splitlines()
    assert lines[:2] == ['TITLE "pico-8"', "LUT_3D_SIZE 17"]
    assert len(lines) == 2 + 17**3
    size = Path("x.cube").stat().st_size
    first, second, third = out.splitlines()
    assert first == "pico-8 → x.cube"
    assert second == f"Cube LUT, 17 × 17 × 17 nodes, {size:,} bytes"
    assert third.startswith("note: programs blend between nodes")


def test_a_hald_picture_has_the_palettes_colors(capsys):
    Path("mine.gpl").write_bytes(write_palette(find_table("gameboy").palette, "gpl"))
    assert run(capsys, "lut", "--palette", "mine.gpl", "-o", "x.png")[0] == 0
    with Image.open("x.png") as picture:
        assert picture.size == (512, 512)
        found = np.unique(np.asarray(picture).reshape(-1, 3), axis=0)
    np.testing.assert_array_equal(found, np.unique(find_table("gameboy").palette.colors, axis=0))


def test_smooth_has_more_colors_and_no_note(capsys):
    _, out, _ = run(capsys, "lut", "--palette", "gameboy", "-o", "x.png", "--smooth", "--keep-lightness")
    assert "note" not in out
    with Image.open("x.png") as picture:
        assert len(picture.getcolors(1 << 20)) > 100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "x.txt"], "output must end in .cube or .png, got x.txt"),
        (["-o", "x.png", "--size", "33"], "size of a Hald CLUT must be one of 4, 9, 16"),
        (["-o", "x.cube", "--size", "1"], "size of a Cube LUT must be from 2 to 129, got 1"),
        (["-o", "x.cube", "--keep-lightness"], "keep_lightness has no effect without smooth"),
        (["-o", "x.cube", "--space", "XYZ"], "space must be one of BGR, LAB, HSV, Oklab, got 'XYZ'"),
        (["-o", "none/x.cube"], "could not write none/x.cube"),
        ([], "Missing option '-o' / '--output'"),
    ],
)
def test_what_cannot_be_is_a_line(capsys, arguments, said):
    code, out, err = run(capsys, "lut", "--palette", "gameboy", *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert said in err


def test_the_palette_is_not_written_over(capsys):
    Image.fromarray(find_table("gameboy").palette.colors[None]).save("mine.png")
    code, _, err = run(capsys, "lut", "--palette", "mine.png", "-o", "mine.png")
    assert code == 2
    assert "output must not be the palette itself, got mine.png" in err


def test_a_smooth_table_knows_no_space(capsys):
    _, _, err = run(capsys, "lut", "--palette", "pico-8", "-o", "x.cube", "--smooth", "--space", "LAB")
    assert err == "quantize: space has no effect with smooth: leave it out\n"
