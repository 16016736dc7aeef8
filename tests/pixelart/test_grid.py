"""Made pixel art comes back cell by cell, whatever became of it; photos are refused."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from quantize import Picture, QuantizeError
from quantize.pixelart.choices import PICKS
from quantize.pixelart.files import enlarge_art
from quantize.pixelart.grid import find_grid
from quantize.pixelart.restoring import restore_art
from tests import degenerate
from tests.pixelart.made import (
    CASES,
    Case,
    as_jpeg,
    count_right,
    draw_art,
    draw_coarse,
    enlarge,
    jittered,
    nearest,
)


def restored(pixels, **choices):
    return restore_art(np.ascontiguousarray(pixels), **choices)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cells_come_back(case):
    art, picture = case.build(seed=0)
    found = restored(picture)
    assert found.picture.pixels.shape == art.shape
    assert count_right(found.picture.pixels, art) >= 0.99


@pytest.mark.parametrize("pick", PICKS)
@pytest.mark.parametrize("scale", [(2, 2), (3.7, 3.7), (9, 9), (8, 5)])
def test_what_was_enlarged_without_blending_comes_back_exactly(pick, scale):
    art = draw_art(64, 48, seed=5)
    found = restored(nearest(*scale)(art, None), pick=pick)
    np.testing.assert_array_equal(found.picture.pixels, art)
    np.testing.assert_array_equal(found.result.pixels, art)


@pytest.mark.parametrize("shift", range(6))
def test_a_phase_is_found_wherever_it_is(shift):
    art = draw_art(64, 48, seed=6)
    large = nearest(6)(art, None)[:, shift:]
    found = restored(large)
    kept = art[:, 1 if shift > 3 else 0 :]
    np.testing.assert_array_equal(found.picture.pixels, kept)
    assert found.grid.period == (6, 6)
    assert (found.grid.columns[1:] + shift).tolist() == [6 * k for k in range(65 - kept.shape[1], 65)]


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee"])
@pytest.mark.parametrize("quality", [None, 75, 30, 10])
def test_photos_have_no_grid(name, quality):
    from skimage import data

    photo = getattr(data, name)()
    if quality:
        photo = as_jpeg(lambda art, _: art, quality)(photo, None)
    with pytest.raises(QuantizeError, match="picture must be made of cells of one colour each"):
        find_grid(Picture.from_pixels(photo))


@pytest.mark.parametrize("art", [draw_art(64, 48, 1), draw_coarse(64, 48, 1), draw_art(200, 150, 2)])
def test_true_size_stays(art):
    found = restored(art)
    assert found.grid.is_true_size
    np.testing.assert_array_equal(found.result.pixels, art)
    assert any("true size" in note for note in found.notes)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2), (50, 60)])
def test_small_and_plain_pictures_stay(shape):
    pixels = np.full((*shape, 3), 7, np.uint8)
    np.testing.assert_array_equal(restored(pixels).result.pixels, pixels)


@pytest.mark.parametrize("kind", degenerate.KINDS, ids=lambda kind: kind.name)
def test_hostile_pictures_end_with_cells_or_a_sentence(kind):
    pixels = kind.make(np.random.default_rng(3))
    try:
        found = restored(pixels)
    except QuantizeError:
        return
    width, height = found.grid.size
    assert found.result.indices.shape == (height, width)
    for lines, length in ((found.grid.columns, pixels.shape[1]), (found.grid.rows, pixels.shape[0])):
        assert (np.diff(lines) > 0).all()
        assert lines[0] >= 0
        assert lines[-1] <= length


def test_stripes_take_their_cells_from_the_other_axis():
    art = draw_art(64, 48, seed=3)[20:21].repeat(8, axis=0)
    found = restored(nearest(5)(art, None))
    np.testing.assert_array_equal(found.picture.pixels, art)


def test_alpha_becomes_hard_and_hidden_colors_do_not_count():
    art = draw_art(40, 30, seed=4)
    shown = np.random.default_rng(0).random((30, 40)) < 0.7
    alpha = np.where(shown, 255, 0).astype(np.uint8)
    large = np.dstack([art, alpha]).repeat(8, axis=0).repeat(8, axis=1)
    large[::8, :, 3] //= 2  # soft on top of each cell
    large[large[..., 3] == 0] = [255, 0, 255, 0]
    found = restore_art(Picture.from_pixels(large[..., :3].copy(), large[..., 3].copy()))
    np.testing.assert_array_equal(found.picture.alpha, alpha)
    np.testing.assert_array_equal(found.result.pixels[shown], art[shown])


def test_it_is_the_same_each_time():
    _, picture = Case("", jittered(10, 0.15, noise=5, soft=1)).build(1)
    one, other = restored(picture), restored(picture)
    np.testing.assert_array_equal(one.result.pixels, other.result.pixels)
    np.testing.assert_array_equal(one.grid.columns, other.grid.columns)


def test_a_given_cell_needs_no_evidence():
    from skimage import data

    found = restored(data.astronaut(), cell=(8, 4))
    assert found.grid.size in {(64, 128), (63, 128), (64, 127), (63, 127)}
    assert found.grid.period == (8, 4)


def test_a_given_cell_finds_the_phase():
    art = draw_art(64, 48, seed=8)
    found = restored(nearest(8)(art, None)[3:, 2:], cell=(8, 8))
    np.testing.assert_array_equal(found.picture.pixels, art)


@pytest.mark.parametrize("cell", [(0.5, 8), (8, 49), (float("nan"), 8)])
def test_a_cell_out_of_its_limits_is_refused(cell):
    with pytest.raises(QuantizeError, match="cell must be from 1 pixel to the picture's 48"):
        find_grid(Picture.from_pixels(np.zeros((48, 48, 3), np.uint8)), cell)


def test_k_colors_are_chosen_over_the_cells():
    _, picture = CASES[-1].build(0)
    found = restored(picture, n_colors=5)
    assert len(found.result.palette) == 5
    few = restored(picture)
    assert len(few.result.palette) == 256
    assert any("the most that a palette holds" in note for note in few.notes)


@pytest.mark.parametrize("share", [0.56, 0.58])
def test_a_grid_that_is_hardly_there_is_said_to_be_a_guess(share, monkeypatch):
    _, picture = CASES[-1].build(0)
    grid = replace(find_grid(Picture.from_pixels(picture)), share=share)
    monkeypatch.setattr("quantize.pixelart.restoring.find_grid", lambda picture, cell: grid)
    for cell in (None, grid.period):  # who gave the size knows
        notes = restored(picture, cell=cell).notes
        assert any("these cells are a guess" in note for note in notes) == (share > 0.57 and cell is None)


def test_an_unknown_pick_is_refused():
    with pytest.raises(QuantizeError, match="pick must be one of mode, median"):
        restored(np.zeros((4, 4, 3), np.uint8), pick="mean")


@pytest.mark.parametrize("scale", [0, 1.5, True])
def test_a_scale_is_a_whole_number(scale):
    with pytest.raises(QuantizeError, match="scale must be a whole number of at least 1"):
        enlarge_art(np.zeros((2, 2), np.uint8), scale)


def test_a_scale_has_an_end():
    with pytest.raises(QuantizeError, match="scale must be at most 1024"):
        enlarge_art(np.zeros((10, 10), np.uint8), 2000)
    assert (
        enlarge_art(np.arange(4).reshape(2, 2), 2).tolist()
        == np.kron(np.arange(4).reshape(2, 2), np.ones((2, 2), int)).tolist()
    )


def test_a_noisy_picture_of_few_colors_is_no_art_at_its_true_size():
    art, picture = Case("", jittered(10, 0.1, noise=4, soft=1)).build(2)
    indexed = np.asarray(Image.fromarray(picture).quantize(200).convert("RGB"))
    found = restored(indexed)
    assert count_right(found.picture.pixels, art) >= 0.99


def test_dithering_within_the_art_is_kept():
    art = np.indices((40, 40)).sum(axis=0) % 2 * 255
    art = np.repeat(art[:, :, None], 3, axis=2).astype(np.uint8)
    art[10:30, 10:30] = [200, 30, 30]
    found = restored(enlarge(art, (7, 7), Image.Resampling.NEAREST))
    np.testing.assert_array_equal(found.picture.pixels, art)


@pytest.mark.parametrize("radius", [5, 8.2, 12.5, 15.3, 20.9, 26])
@pytest.mark.parametrize("inner", [0, 0.6])
def test_discs_and_rings_at_their_true_size_stay(radius, inner):
    """Their edges have steps of two pixels and three: no cells."""
    side = int(2 * radius) + 5
    down, across = np.mgrid[:side, :side] - (side - 1) / 2
    distance = np.hypot(down, across)
    drawn = np.full((side, side, 3), 255, np.uint8)
    drawn[(distance <= radius) & (distance >= inner * radius)] = (220, 40, 40)
    np.testing.assert_array_equal(restored(drawn).picture.pixels, drawn)


@pytest.mark.parametrize("seed", range(12))
def test_where_nothing_changes_along_one_axis_cells_are_square(seed):
    rng = np.random.default_rng(seed)
    side, length = int(rng.integers(2, 13)), int(rng.integers(1, 300))
    row = np.arange(0, 256, rng.integers(1, 4), dtype=np.uint8)[:, None].repeat(3, axis=1)
    row = row.repeat(side, axis=0)
    pixels = row[None].repeat(length, axis=0)
    for turned in (pixels, np.ascontiguousarray(pixels.transpose(1, 0, 2))):
        grid = find_grid(Picture.from_pixels(turned))
        assert grid.period[0] == pytest.approx(grid.period[1])
        assert side in (1, round(grid.period[0]))
