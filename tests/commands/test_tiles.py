"""The command line's ``tiles``: picture, map and palette, machines, and what cannot be."""

import json

import numpy as np
import pytest
from PIL import Image

from quantize import read_palette
from quantize.colors.hexadecimal import hex_colors
from tests.commands.test_main import run
from tests.pictures import noise, smooth


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(smooth(48, 64)).save("in.png")
    return tmp_path


def test_picture_map_and_palette_say_the_same(capsys, folder):
    code, out, err = run(
        capsys, "tiles", "in.png", "-o", "x.png", "--palettes", "3", "-k", "5", "--map", "m.json",
        "--pal", "p.pal", "--json",
    )  # fmt: skip
    assert (code, err) == (0, "")
    made = json.loads((folder / "m.json").read_text())
    assert (made["tile"], np.shape(made["map"])) == ([8, 8], (6, 8))
    with Image.open("x.png") as file:
        assert file.mode == "P"
        colors = np.array(file.getpalette("RGB"), np.uint8).reshape(-1, 3)[:15]
        indices = np.asarray(file)
    entries = read_palette((folder / "p.pal").read_bytes(), "p.pal").colors
    np.testing.assert_array_equal(entries, colors)
    for row, column in np.ndindex(6, 8):
        tile = indices[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8]
        number = made["map"][row][column]
        assert set(tile.ravel().tolist()) <= set(made["entries"][number])
    said = [hex_colors(colors[row]) for row in made["entries"]]
    assert made["palettes"] == said == json.loads(out)["palettes"]


def test_a_machine_and_what_is_said_besides(capsys):
    code, out, _ = run(capsys, "tiles", "in.png", "--machine", "nes", "--palettes", "2", "--json")
    figures = json.loads(out)
    assert (code, figures["tile"], figures["n_palettes"], figures["n_colors"]) == (0, [16, 16], 2, 4)
    assert len({row[0] for row in figures["palettes"]}) == 1
    code, out, _ = run(capsys, "tiles", "in.png", "--machine", "c64-hires")
    assert code == 0
    assert out.splitlines()[1].startswith("8×6 tiles of 8×8 pixels, ")


@pytest.mark.parametrize("of_table", [False, True])
def test_transparent_pixels_have_the_first_entry_of_their_palette_in_all_files(capsys, folder, of_table):
    pixels = np.dstack([noise(24, 24), np.full((24, 24), 255, np.uint8)])
    pixels[:, :3, 3] = 0
    Image.fromarray(pixels).save("clear.png")
    own = ["--palettes", "own", "--palette", "pico-8"] if of_table else ["--palettes", "3"]
    words = ["-o", "x.png", "-k", "3", "--map", "m.json", "--pal", "p.pal", *own]
    assert run(capsys, "tiles", "clear.png", *words)[0] == 0
    made = json.loads((folder / "m.json").read_text())
    assert [row[0] for row in made["palettes"]] == [None] * len(made["palettes"])
    with Image.open("x.png") as file:
        colors, indices = np.array(file.getpalette("RGB"), np.uint8).reshape(-1, 3), np.asarray(file)
        alpha = np.asarray(file.convert("RGBA"))[..., 3]
    np.testing.assert_array_equal(alpha, pixels[..., 3])
    listed = read_palette((folder / "p.pal").read_bytes(), "p.pal").colors
    np.testing.assert_array_equal(listed, colors[: len(listed)])
    for row, column in np.ndindex(3, 3):
        place = np.s_[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8]
        entries = made["entries"][made["map"][row][column]]
        assert set(indices[place].ravel().tolist()) <= set(entries)
        assert (indices[place][alpha[place] == 0] == entries[0]).all()
        assert made["palettes"][made["map"][row][column]][1:] == hex_colors(colors[entries[1:]])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["in.png", "--machine", "amiga"], "machine must be one of nes, gbc"),
        (["in.png", "--palettes", "many"], "palettes must be a whole number or \"own\", got 'many'"),
        (["in.png", "--palettes", "own"], "must be of a table (palette) of all colours"),
        (
            ["in.png", "--machine", "nes", "--levels", "8"],
            "levels has no effect with a palette of all colours",
        ),
        (["in.png", "--tile", "big"], "tile must be width x height in pixels"),
        (["in.png", "-o", "x.gif"], "output must end in .png"),
        (["in.png", "-o", "x.png", "--map", "x.png"], "--map must name another file than -o, got x.png"),
        (["in.png", "--map", "in.png"], "output must not be the picture itself"),
        (["in.png", "--palettes", "200", "-k", "2"], "must be at most 256, the entries of an indexed file"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(capsys, folder, arguments, said):
    before = sorted(folder.iterdir())
    code, out, err = run(capsys, "tiles", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert sorted(folder.iterdir()) == before
