"""Dithering as the eye weighs it: a slow oracle, nearest that is nearest, averages, and runs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize import Picture, QuantizeError, quantize_image
from quantize.colors.eye import GRAIN_AXES, LIGHT_AXES, PALETTE_AXES
from quantize.colors.spaces import SPACES, decode_srgb
from quantize.dithering.dither import DITHERS, dither_pixels
from quantize.dithering.seen import AXES, find_places
from quantize.methods.looks import calm_colors
from tests.degenerate import KINDS, alphas, pictures
from tests.pictures import noise, smooth

BLACK_AND_WHITE = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)
SEEN = [key for key, dither in DITHERS.items() if dither.runs]


def palette_of(k: int, seed: int = 0) -> np.ndarray:
    return np.unique(noise(1, k, seed=seed + 100)[0], axis=0)


def slow_diffusion(pixels, palette, axes, strength=1.0, hidden=None):
    """Floyd–Steinberg in serpentine rows on axes, one push after the other, in float64."""
    place = AXES[axes].place
    at, palette_at = place(pixels.reshape(-1, 3)).reshape(pixels.shape).astype(float), place(palette)
    height, width, _ = pixels.shape
    more, out = np.zeros(pixels.shape), np.zeros((height, width), np.uint8)
    for y in range(height):
        step = -1 if y % 2 else 1
        for x in range(width)[::step]:
            away = (hidden is not None and hidden[y, x]) or (palette == pixels[y, x]).all(axis=1).any()
            wanted = at[y, x] + (0 if away else more[y, x])
            out[y, x] = entry = int(np.square(palette_at - wanted).sum(axis=1).argmin())
            if away:
                continue
            error = strength * (0.8 if axes == "encoded" else 1) * (wanted - palette_at[entry])
            for down, right, share in ((0, 1, 7), (1, -1, 3), (1, 0, 5), (1, 1, 1)):
                to_y, to_x = y + down, x + step * right
                if to_y < height and 0 <= to_x < width:
                    more[to_y, to_x] += error * share / 16
    return out


@pytest.mark.parametrize("light", AXES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (14, 23)])
def test_diffusion_does_what_the_oracle_does(light, shape):
    for k, strength in ((1, 1.0), (2, 1.0), (7, 0.6), (200, 1.0)):
        palette, pixels = palette_of(k), noise(*shape, seed=k)
        pixels[::3, ::2] = palette[0]
        alpha = np.where(noise(*shape, 1)[..., 0] < 60, 127, 128).astype(np.uint8)
        slow = slow_diffusion(pixels, palette, light, strength, alpha < 128)
        quick = dither_pixels(pixels, palette, "looks", strength=strength, light=light, alpha=alpha)
        visible = alpha >= 128
        assert (quick.indices == slow)[visible].mean() > 0.97  # what float32 decides otherwise is rare


@given(k=st.integers(1, 256), seed=st.integers(0, 99), light=st.sampled_from(sorted(AXES)))
@settings(deadline=None, max_examples=40)
def test_with_no_strength_to_speak_of_the_entry_is_the_nearest_one(k, seed, light):
    pixels, palette = noise(12, 13, seed=seed), palette_of(k, seed)
    found = dither_pixels(pixels, palette, "looks", strength=1e-9, light=light).indices
    place = AXES[light].place
    away = place(pixels.reshape(-1, 3)).astype(float)[:, None] - place(palette).astype(float)
    distances = np.square(away).sum(axis=2)
    chosen = distances[np.arange(len(distances)), found.ravel()]
    np.testing.assert_allclose(chosen, distances.min(axis=1), rtol=1e-5, atol=1e-12)


def test_axes_are_what_they_say():
    colors = np.concatenate([noise(1, 500)[0], [[0, 0, 0], [255, 255, 255], [1, 0, 0]]]).astype(np.uint8)
    oklab = SPACES["Oklab"].to_working(colors) * np.array([1, 0.7, 0.7])
    np.testing.assert_allclose(GRAIN_AXES.place(colors), oklab, atol=2e-5)
    r, g, b = decode_srgb(colors).T
    expected = np.stack([0.2126 * r + 0.7152 * g + 0.0722 * b, (r - g) / 2, (r + g) / 4 - b / 2], axis=1)
    np.testing.assert_allclose(LIGHT_AXES.place(colors), expected, atol=1e-6)
    for number in (1, 7, 100):  # not by their place in the array
        np.testing.assert_array_equal(GRAIN_AXES.place(colors[:number]), GRAIN_AXES.place(colors)[:number])


def test_entries_list_the_others_from_near_to_far():
    palette = palette_of(40)
    places = find_places(palette, GRAIN_AXES)
    assert places.order[:, 0].tolist() == list(range(len(palette)))
    assert (np.diff(places.gaps, axis=1) >= 0).all()
    assert all(sorted(row) == list(range(len(palette))) for row in places.order.tolist())


@pytest.mark.parametrize("grey", [9, 60, 128, 200, 250])
def test_a_flat_grey_keeps_its_average_of_light(grey):
    flat = np.full((128, 128, 3), grey, np.uint8)
    share = dither_pixels(flat, BLACK_AND_WHITE, "looks", light="linear").indices.mean()
    assert share == pytest.approx(AXES["linear"].place(flat[0, :1])[0, 0], abs=0.005)


@pytest.mark.parametrize("grey", [60, 128, 200])
def test_a_flat_grey_nearly_keeps_its_average(grey):
    flat = np.full((128, 128, 3), grey, np.uint8)
    for light, axes in AXES.items():
        share = dither_pixels(flat, BLACK_AND_WHITE, "looks", light=light).indices.mean()
        assert share == pytest.approx(axes.place(flat[0, :1])[0, 0], abs=0.06)


def n_changes(indices) -> int:
    return int((indices[:, 1:] != indices[:, :-1]).sum())


@pytest.mark.parametrize("key", SEEN)
def test_runs_grow_longer(key):
    pixels, palette = smooth(80, 90) // 2 + noise(80, 90) // 20, palette_of(32)
    changes = [
        n_changes(dither_pixels(pixels, palette, key, runs=runs).indices) for runs in (0, 0.3, 1.0, 2.0)
    ]
    assert changes == sorted(changes, reverse=True)
    assert changes[-1] < 0.9 * changes[0]


def test_runs_are_refused_where_they_have_no_effect():
    pixels, palette = noise(4, 4), palette_of(4)
    with pytest.raises(QuantizeError, match=r"runs must be a number from 0 to 8 with looks, got 8\.5"):
        dither_pixels(pixels, palette, "looks", runs=8.5)
    with pytest.raises(QuantizeError, match="runs must be a number from 0 to 0 with stucki, got 1"):
        dither_pixels(pixels, palette, "stucki", runs=1)
    with pytest.raises(QuantizeError, match="runs works with dither looks, joint, search, got none: leave"):
        quantize_image(pixels, runs=1)


def slow_calm(pixels, alpha=None) -> dict[tuple[int, ...], float]:
    """Weight of each colour by the formula, in float64."""
    grey = np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    lightness = SPACES["Oklab"].to_working(grey)[:, 0].astype(float)
    light = lightness[(pixels.astype(int) @ np.array([54, 183, 19])) >> 8]
    window = np.array([1, 8, 28, 56, 70, 56, 28, 8, 1]) / 256

    def blurred(values):
        for axis in range(2):
            wide = np.pad(values, [(4, 4) if a == axis else (0, 0) for a in range(2)], "edge")
            values = sum(
                share * np.take(wide, range(step, step + values.shape[axis]), axis)
                for step, share in enumerate(window)
            )
        return values

    seen = np.ones(light.shape) if alpha is None else (alpha >= 128).astype(float)
    mass = np.maximum(blurred(seen), 1e-12)
    spread = np.sqrt(np.maximum(blurred(seen * light**2) / mass - (blurred(seen * light) / mass) ** 2, 0))
    sums: dict[tuple[int, ...], float] = {}
    for place in np.ndindex(pixels.shape[:2]):
        if alpha is None or alpha[place] >= 128:
            color = tuple(pixels[place].tolist())
            sums[color] = sums.get(color, 0) + 64 / (1 + 30 * spread[place])
    return sums


@pytest.mark.parametrize("number", range(6))
def test_colors_weigh_what_the_formula_says(number):
    pixels = [smooth(30, 41), noise(9, 13), np.full((70, 3, 3), 7, np.uint8)][number % 3]
    pixels = np.repeat(pixels // 32 * 32, 3, axis=0)
    alpha = alphas(pixels.shape[:2])[3][1] if number > 2 else None
    found = calm_colors(Picture.from_pixels(pixels, alpha))
    expected = slow_calm(pixels, alpha)
    for color, weight in zip(found.colors.tolist(), found.counts.tolist(), strict=True):
        assert weight == pytest.approx(expected[tuple(color)], rel=0.08, abs=2)


def test_one_color_is_the_mean_by_these_weights():
    pixels = np.repeat(smooth(40, 50) // 8 * 8, 2, axis=0)
    pixels[:20] = noise(20, 50)
    weights = slow_calm(pixels)
    places = PALETTE_AXES.to_working(np.array(list(weights), np.uint8)).astype(float)
    mean = np.average(places, axis=0, weights=list(weights.values()))
    expected = PALETTE_AXES.to_srgb(mean[None].astype(np.float32))
    for space in SPACES:
        found = quantize_image(pixels, n_colors=1, method="looks", space=space).palette
        assert np.abs(found - expected).max() < 2


def test_even_areas_get_more_colors_than_busy_ones():
    # Left a gentle ramp, right the same number of pixels of coarse noise.
    ramp = np.broadcast_to(np.linspace(40, 220, 64)[None, :, None], (64, 64, 3)).astype(np.uint8)
    pixels = np.concatenate([ramp, noise(64, 64)], axis=1)
    entries = {}
    for method in ("kmeans", "looks"):
        result = quantize_image(pixels, n_colors=16, method=method, space="Oklab")
        entries[method] = len(np.unique(result.indices[:, :64]))
    assert entries["looks"] > entries["kmeans"]


@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=3, kinds=KINDS))
def test_looks_on_hostile_pictures(name, pixels):
    colors = np.unique(pixels.reshape(-1, 3), axis=0)
    for number, n_colors in enumerate((1, 2, 3, 16, 255)):
        keep = ["#102030"][: number % 2]
        for key in SEEN:
            result = quantize_image(pixels, n_colors=n_colors, method="looks", dither=key, keep=keep)
            kept = {(16, 32, 48)} if keep else set()
            there = len(kept | set(map(tuple, colors.tolist())))
            palette = set(map(tuple, result.palette.tolist()))
            assert len(palette) == len(result.palette) == min(n_colors, there)
            assert kept <= palette


@given(seed=st.integers(0, 999), preset=st.sampled_from(["looks", "best-looks", "small"]))
@settings(max_examples=20)
def test_colors_that_nobody_sees_have_no_say(seed, preset):
    pixels, other = smooth(13, 17) // 2 + noise(13, 17, seed=seed) // 9, noise(13, 17, seed=seed + 1)
    alpha = np.where(noise(13, 17, seed=seed + 2)[..., 0] < 90, 127, 128).astype(np.uint8)
    changed = np.where(alpha[..., None] < 128, other, pixels)
    one, two = (
        quantize_image(Picture.from_pixels(given, alpha), n_colors=5, preset=preset)
        for given in (pixels, changed)
    )
    assert one.palette.tolist() == two.palette.tolist()
    assert (one.indices == two.indices)[alpha >= 128].all()
