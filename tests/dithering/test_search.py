"""Joint search: against slow sums over all pairs of pixels, what it promises, and what it gains."""

import numpy as np
import pytest

from quantize import Picture, delta_e_blurred, quantize_image
from quantize.colors.eye import Axes
from quantize.colors.spaces import decode_srgb, encode_srgb
from quantize.dithering import search as search_module
from quantize.dithering.dither import dither_pixels, fit_palette
from quantize.dithering.kernels_search import solve
from quantize.dithering.search import AXES
from tests.degenerate import alphas, pictures
from tests.dithering.test_goals import aimed
from tests.pictures import noise, smooth

NOTHING = np.zeros((0, 3), np.uint8)


def palette_of(k: int, seed: int = 0) -> np.ndarray:
    return np.unique(noise(1, k, seed=seed + 100)[0], axis=0)


def photo(height: int = 70, width: int = 80) -> np.ndarray:
    return (smooth(height, width) * 0.8 + noise(height, width) * 0.1).astype(np.uint8)


def kernel(axes: Axes, strength: float) -> tuple[np.ndarray, int]:
    """h of the two-dimensional offset, float64 (n, n), and how far it reaches."""
    reach = 3 if axes.sigma == 1 else 4
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    bell = np.exp(-(down**2 + right**2) / (4 * axes.sigma**2)) * strength / (1 + axes.pointwise)
    bell[reach, reach] = 1
    return bell, reach


def gathered(errors: np.ndarray, axes: Axes, strength: float) -> np.ndarray:
    """Sum of all errors around each pixel times h, float64 (h, w, 3)."""
    bell, reach = kernel(axes, strength)
    wide = np.pad(errors, [(reach, reach), (reach, reach), (0, 0)])
    height, width, _ = errors.shape
    parts = (bell[y, x] * wide[y : y + height, x : x + width] for y, x in np.ndindex(bell.shape))
    return sum(parts, np.zeros(errors.shape))


def errors_of(pixels, palette, indices, axes, alpha=None) -> np.ndarray:
    seen = axes.place(pixels.reshape(-1, 3)).reshape(pixels.shape).astype(float)
    errors = axes.place(palette)[indices] - seen
    return errors if alpha is None else errors * (alpha >= 128)[..., None]


def cost(pixels, palette, indices, axes, strength=1.0, alpha=None) -> float:
    """What the search makes small."""
    errors = errors_of(pixels, palette, indices, axes, alpha)
    return float((errors * gathered(errors, axes, strength)).sum())


@pytest.mark.parametrize("light", AXES)
@pytest.mark.parametrize("k", [2, 9, 100])
def test_the_cost_falls_and_no_single_change_helps_in_the_end(light, k, monkeypatch):
    monkeypatch.setattr(search_module, "_PASSES", 60)
    pixels, palette, axes = photo(20, 24), palette_of(k), AXES[light]
    start = dither_pixels(pixels, palette, "looks", light=light).indices
    found = dither_pixels(pixels, palette, "joint", light=light).indices
    assert cost(pixels, palette, found, axes) < cost(pixels, palette, start, axes)
    around = gathered(errors_of(pixels, palette, found, axes), axes, 1.0)
    changes = axes.place(palette)[None, None] - axes.place(palette)[found][:, :, None]
    price = np.square(changes).sum(axis=-1) + 2 * (changes * around[:, :, None]).sum(axis=-1)
    assert price.min() > -1e-5


@pytest.mark.parametrize("light", AXES)
@pytest.mark.parametrize("k", [2, 9])
def test_no_single_change_helps_where_means_of_blocks_count(light, k, monkeypatch):
    monkeypatch.setattr(search_module, "_PATIENT_PASSES", 60)
    pixels, palette, axes, wide = photo(40, 70), palette_of(k), AXES[light], search_module._WIDE[light]
    found = dither_pixels(pixels, palette, "search", light=light).indices
    goals, solid = aimed(pixels, palette, light)
    errors = axes.place(palette)[found] - goals.astype(float)
    around = gathered(errors, axes, 1.0)
    for rows, columns in np.ndindex(2, 3):
        block = np.s_[32 * rows : 32 * rows + 32, 32 * columns : 32 * columns + 32]
        around[block] += wide * errors[block].sum(axis=(0, 1))
    changes = axes.place(palette)[None, None] - axes.place(palette)[found][:, :, None]
    price = (1 + wide) * np.square(changes).sum(axis=-1) + 2 * (changes * around[:, :, None]).sum(axis=-1)
    assert price[~solid].min() > -1e-4


@pytest.mark.parametrize(
    ("light", "share"),
    [("linear", share) for share in (0.01, 0.02, 0.05, 0.98, 0.99)]
    + [("encoded", share) for share in (0.01, 0.02, 0.05, 0.8)],
)
def test_tones_next_to_an_entry_do_not_vanish(light, share):
    palette = np.array([(5, 5, 5), (200, 200, 200), (120, 15, 5)], np.uint8)
    black, white = decode_srgb(palette[:2])
    tone = np.rint(encode_srgb(black + (white - black) * share)).astype(np.uint8)
    pixels = np.full((128, 128, 3), tone)
    black, white, goal = AXES[light].place(np.array([*palette[:2], tone]))[:, 0].astype(float)
    made = AXES[light].place(palette)[dither_pixels(pixels, palette, "search", light=light).indices, 0]
    found, wanted = ((of - black) / (white - black) for of in (float(made.mean(dtype=float)), goal))
    assert abs(found - wanted) < 0.3 * min(wanted, 1 - wanted)


def test_cost_falls_over_strips_and_with_holes(monkeypatch):
    monkeypatch.setattr(search_module, "_STRIP_ROWS", 16)
    pixels, palette, axes = photo(100, 30), palette_of(20), AXES["encoded"]
    alpha = np.where(noise(100, 30, 1)[..., 0] < 80, 0, 255).astype(np.uint8)
    start = dither_pixels(pixels, palette, "looks", alpha=alpha).indices
    costs = [cost(pixels, palette, start, axes, alpha=alpha)]
    for passes in (1, 2, 8):
        monkeypatch.setattr(search_module, "_PASSES", passes)
        found = dither_pixels(pixels, palette, "joint", alpha=alpha).indices
        costs.append(cost(pixels, palette, found, axes, alpha=alpha))
    assert costs == sorted(costs, reverse=True)


def test_what_lies_under_transparent_pixels_does_not_matter():
    palette, alpha = palette_of(8), np.where(noise(30, 30, 1)[..., 0] < 90, 127, 128).astype(np.uint8)
    found = []
    for seed in (1, 2):
        pixels = np.where(alpha[..., None] >= 128, smooth(30, 30), noise(30, 30, seed=seed))
        fitted = fit_palette(pixels, palette, "joint", kept=NOTHING, alpha=alpha)
        ways = [("looks", 2.0), ("joint", 0.0), ("joint", 2.0)]
        results = [dither_pixels(pixels, fitted, key, runs=runs, alpha=alpha) for key, runs in ways]
        found.append((fitted.tolist(), [result.indices[alpha >= 128].tolist() for result in results]))
    assert found[0] == found[1]


def test_fitting_lowers_the_cost():
    pixels, axes = photo(), AXES["encoded"]
    palette = quantize_image(pixels, n_colors=12, method="looks", space="Oklab").palette
    fitted = fit_palette(pixels, palette, "joint", kept=NOTHING)
    before, after = (
        cost(pixels, given, dither_pixels(pixels, given, "joint").indices, axes)
        for given in (palette, fitted)
    )
    assert after < 0.97 * before


def test_large_pictures_are_fitted_on_strips(monkeypatch):
    pixels = np.tile(photo(96, 64), (4, 1, 1))
    palette = quantize_image(pixels, n_colors=8, method="looks").palette
    monkeypatch.setattr(search_module, "_FITTED", 4 * 64 * 64)
    fitted = fit_palette(pixels, palette, "joint", kept=NOTHING)
    before, after = (
        cost(pixels, given, dither_pixels(pixels, given, "joint").indices, AXES["encoded"])
        for given in (palette, fitted)
    )
    assert after < 0.98 * before


@pytest.mark.parametrize("top", range(0, 300, 37))
def test_a_thing_between_the_strips_keeps_its_color(monkeypatch, top):
    """Wherever it lies: a strip that does not cross it must not judge it."""
    monkeypatch.setattr(search_module, "_FITTED", 2 * 64 * 100)
    rng = np.random.default_rng(0)
    pixels = np.full((340, 100, 3), (70, 130, 40)) + rng.integers(-12, 13, (340, 100, 1))
    pixels[top : top + 40, 30:70] = np.array((200, 30, 30)) + rng.integers(-9, 10, (40, 40, 1))
    result = quantize_image(np.clip(pixels, 0, 255).astype(np.uint8), n_colors=5, preset="best-looks")
    assert np.abs(result.pixels[top : top + 40, 30:70].mean((0, 1)) - (200, 30, 30)).max() < 12


def test_kept_entries_and_those_meant_stay():
    pixels = photo()
    pixels[10:40, 10:40] = (9, 200, 77)
    keep = ["#ff0000", "#101010"]
    for seed in range(3):
        result = quantize_image(pixels, n_colors=6 + seed, preset="best-looks", keep=keep)
        palette = set(map(tuple, result.palette.tolist()))
        assert {(255, 0, 0), (16, 16, 16)} <= palette
        own = quantize_image(pixels, n_colors=6 + seed, preset="best-looks", keep=["#09c84d"])
        assert (own.pixels[10:40, 10:40] == (9, 200, 77)).all()


def test_a_palette_that_is_given_whole_stays():
    keep = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in palette_of(6).tolist()]
    result = quantize_image(photo(), n_colors=len(keep), preset="best-looks", keep=keep)
    assert sorted(map(tuple, result.palette.tolist())) == sorted(map(tuple, palette_of(6).tolist()))


@pytest.mark.parametrize("k", [2, 16, 200])
def test_fitted_palettes_have_as_many_different_colors(k):
    for number, (name, pixels) in enumerate(pictures(1, seed=5)):
        ways = [None, *(alpha for _, alpha in alphas(pixels.shape[:2]))]
        picture = Picture.from_pixels(pixels, ways[number % len(ways)])
        result = quantize_image(picture, n_colors=k, preset="best-looks")
        different = np.unique(result.palette, axis=0)
        assert len(different) == len(result.palette) == min(k, picture.n_colors), name


def test_it_looks_nearer():
    pixels = photo(120, 130)
    off = {
        preset: delta_e_blurred(pixels, quantize_image(pixels, n_colors=12, preset=preset).pixels)
        for preset in ("numbers", "looks", "best-looks")
    }
    assert off["best-looks"] < off["looks"] < off["numbers"]


def test_equations_are_solved():
    rng = np.random.default_rng(0)
    for n in (1, 2, 30):
        half = rng.normal(size=(n, n))
        matrix, sides = half @ half.T + np.eye(n), rng.normal(size=(n, 3))
        expected = np.linalg.solve(matrix, sides)
        solve(matrix, sides, np.zeros(n))
        np.testing.assert_allclose(sides, expected, rtol=1e-8)
    sides = np.ones((2, 3))
    solve(np.array([[4.0, 1.0], [1.0, 0.01]]), sides, np.array([1.0, 1.0]))
    assert sides.tolist() == [[0.25] * 3, [0.0] * 3]
