"""The command line's ``pixelart``: true size, multiples, colours, and what cannot be."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize import QuantizeError
from quantize.pixelart.choices import parse_cell
from tests.commands.test_main import run
from tests.pixelart.made import draw_art, nearest


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(nearest(8)(draw_art(32, 24), None)).save("large.png")


def opened(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def test_the_true_size_is_written_and_told(capsys):
    code, out, err = run(capsys, "pixelart", "large.png")
    assert (code, err) == (0, "")
    np.testing.assert_array_equal(opened("large-pixels.png"), draw_art(32, 24))
    assert out.splitlines()[0] == "large.png → large-pixels.png"
    assert out.splitlines()[1].startswith("32×24 cells of 8×8 pixels, ")


def test_multiples_and_few_colors(capsys):
    code, out, _ = run(capsys, "pixelart", "large.png", "-o", "x.png", "--scale", "3", "-k", "4", "--json")
    figures = json.loads(out)
    assert (code, figures["width"], figures["height"], figures["n_colors"]) == (0, 96, 72, 4)
    large = opened("x.png")
    np.testing.assert_array_equal(large, large[::3, ::3].repeat(3, axis=0).repeat(3, axis=1))
    assert large.shape == (72, 96, 3)


def test_exactly_the_colors_of_a_palette(capsys):
    code, _, err = run(capsys, "pixelart", "large.png", "-o", "x.png", "--palette", "#102030,#f0f0e0")
    assert (code, err) == (0, "")
    colors = np.unique(opened("x.png").reshape(-1, 3), axis=0)
    assert colors.tolist() == [[16, 32, 48], [240, 240, 224]]


@pytest.mark.parametrize(
    ("said", "size"), [("8x8", (8, 8)), ("3.7x2", (3.7, 2)), ("8", (8, 8)), (" 8 × 9 ", (8, 9))]
)
def test_a_cell_is_read(said, size):
    assert parse_cell(said) == size


@pytest.mark.parametrize("said", ["", "x", "8x", "8x8x8", "nanx8", "wide"])
def test_what_is_no_cell_is_refused(said):
    with pytest.raises(QuantizeError, match="cell must be width x height in pixels"):
        parse_cell(said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["large.png", "--cell", "0x8"], "cell must be from 1 pixel to the picture's 256, got 0.0"),
        (["large.png", "-k", "0"], "k must be a whole number from 1 to 256, got 0"),
        (["large.png", "-k", "4", "--palette", "pico-8"], "k has no effect with a palette"),
        (["large.png", "--palette", "large.png", "-o", "large.png"], "output must not be the picture itself"),
        (["large.png", "--pick", "mean"], "pick must be one of mode, median, got 'mean'"),
        (["large.png", "--scale", "0"], "scale must be a whole number of at least 1, got 0"),
        (["large.png", "-o", "large.png"], "output must not be the picture itself"),
        (["noise.png"], "picture must be made of cells of one colour each"),
        (["none.png"], "picture must be an existing file"),
    ],
)
def test_what_cannot_be_is_a_line(capsys, arguments, said):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save("noise.png")
    code, out, err = run(capsys, "pixelart", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"quantize: {said}")
    assert err.count("\n") == 1
    assert not Path("x.png").exists()


def test_a_scale_is_refused_before_the_grid_is_looked_for(capsys, tmp_path):
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 40, 3), np.uint8)).save(
        tmp_path / "in.png"
    )
    code, _, err = run(capsys, "pixelart", tmp_path / "in.png", "--scale", "0")
    assert (code, err) == (2, "quantize: scale must be a whole number of at least 1, got 0\n")
