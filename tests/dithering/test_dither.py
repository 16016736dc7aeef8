"""Dithering: slow oracles for every kind, then averages, then what must stay as it is."""

import hashlib
import math
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from quantize import QuantizeError, quantize_image
from quantize.colors.nearest import remap
from quantize.colors.spaces import SPACES
from quantize.dithering import diffusion as diffusion_module
from quantize.dithering import riemersma as riemersma_module
from quantize.dithering.diffusion import KERNELS
from quantize.dithering.dither import DITHERS, dither_pixels, find_dither
from quantize.dithering.groups import GROUPS, find_label, list_in_words, list_keys
from quantize.dithering.light import LIGHTS
from quantize.dithering.masks import bayer, blue_noise
from quantize.dithering.mixes import mix_colors
from tests.degenerate import pictures
from tests.pictures import noise, smooth

WAYS = [key for key in DITHERS if key != "none"]
# Those that weigh as the eye does: what they keep is other averages.
SEEN = [key for key in WAYS if DITHERS[key].runs]
ORDERED = [key for key in WAYS if DITHERS[key].kind == "ordered"]
BLACK_AND_WHITE = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)
NOWHERE = np.zeros((0, 0), bool)


def palette_of(k: int, seed: int = 0) -> np.ndarray:
    return noise(1, k, seed=seed + 100)[0]


def with_some_of(palette, pixels):
    """The pixels, every third or so in a colour of the palette."""
    rng = np.random.default_rng(len(palette))
    some = rng.random(pixels.shape[:2]) < 0.3
    return np.where(some[..., None], palette[rng.integers(0, len(palette), some.shape)], pixels)


def nearest_of(color, palette) -> int:
    return int(((palette.astype(int) - np.array(color)) ** 2).sum(1).argmin())


def is_in(palette, color) -> bool:
    return bool((palette == color).all(axis=1).any())


def between_corners(codes: np.ndarray) -> np.ndarray:
    """Linear light of codes as look-ups see it: straight lines between every fourth level."""
    corners = np.arange(0, 257, 4)
    return np.interp(codes, corners, linear(corners))


def nearest_in(light: str, color, palette) -> int:
    if light == "encoded":
        return nearest_of(color, palette)
    return int(((between_corners(palette) - between_corners(np.array(color))) ** 2).sum(1).argmin())


def slow_diffusion(pixels, palette, rows, divisor, strength=1.0, light="encoded", hidden=NOWHERE, first=0):
    """Error diffusion, one push after the other, in Python's own whole numbers."""
    name, light = light, LIGHTS[light]
    to_light, top = light.to_light.tolist(), light.top
    height, width, _ = pixels.shape
    sums = [[[0, 0, 0] for _ in range(width)] for _ in range(height)]
    out = np.zeros((height, width), np.uint8)
    for y in range(first, height):
        step = -1 if y % 2 else 1
        for x in range(width)[::step]:
            own = [to_light[code] for code in pixels[y, x].tolist()]
            away = (hidden.size > 0 and bool(hidden[y, x])) or is_in(palette, pixels[y, x])
            sums_here = [0, 0, 0] if away else sums[y][x]
            value = [(own[c] * 2**15 + 2**14 + sums_here[c]) // 2**15 for c in range(3)]
            value = [min(max(v, 0), top) for v in value]
            entry = nearest_in(name, [int(light.to_code[top + v]) for v in value], palette)
            out[y, x] = entry
            if away:
                continue
            for c in range(3):
                error = value[c] - to_light[palette[entry, c]]
                for down, row in enumerate(rows):
                    for column, share in enumerate(row):
                        to_y, to_x = y + down, x + step * (column - 2)
                        if share and to_y < height and 0 <= to_x < width:
                            sums[to_y][to_x][c] += round(strength * 2**15 / divisor * share) * error
    return out


@pytest.mark.parametrize("key", KERNELS)
@pytest.mark.parametrize("light", LIGHTS)
def test_error_diffusion_does_what_the_oracle_does(key, light):
    kernel = KERNELS[key]
    for k, shape, strength in ((2, (9, 14), 1.0), (7, (6, 11), 0.6), (256, (5, 9), 1.0)):
        palette = palette_of(k)
        pixels = with_some_of(palette, noise(*shape, seed=k))
        slow = slow_diffusion(pixels, palette, kernel.rows, kernel.divisor, strength, light)
        quick = dither_pixels(pixels, palette, key, strength=strength, light=light)
        np.testing.assert_array_equal(quick.indices, slow)


@pytest.mark.parametrize("key", KERNELS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2), (3, 3)])
def test_smallest_pictures(key, shape):
    pixels, palette = smooth(*shape), palette_of(5)
    slow = slow_diffusion(pixels, palette, KERNELS[key].rows, KERNELS[key].divisor)
    np.testing.assert_array_equal(dither_pixels(pixels, palette, key).indices, slow)


@pytest.mark.parametrize("key", ["floyd-steinberg", "stucki"])
def test_transparent_pixels_neither_take_nor_give(key):
    pixels, palette = noise(8, 9), palette_of(4)
    alpha = np.where(noise(8, 9, 1)[..., 0] < 100, 127, 128).astype(np.uint8)
    slow = slow_diffusion(pixels, palette, KERNELS[key].rows, KERNELS[key].divisor, hidden=alpha < 128)
    quick = dither_pixels(pixels, palette, key, alpha=alpha)
    np.testing.assert_array_equal(quick.indices, slow)


def test_floyd_and_steinberg_by_hand():
    grey = np.full((2, 3, 3), 100, np.uint8)
    # 100 → 0; +43.75 = 143.75 → 255; its error -111.25 · 7/16 leaves 51.33 → 0. Row 2 starts at the right:
    # 100 + 5/16 · 51.33 - 1/16 · 111.25 = 109.09 → 0;
    # 100 + 7/16 · 109.09 + 3/16 · 51.33 - 5/16 · 111.25 + 1/16 · 100 = 128.83 → 255;
    # 100 - 7/16 · 126.17 - 3/16 · 111.25 + 5/16 · 100 = 55.19 → 0.
    assert dither_pixels(grey, BLACK_AND_WHITE, "floyd-steinberg").indices.tolist() == [[0, 1, 0], [0, 1, 0]]


@pytest.mark.parametrize("key", KERNELS)
def test_shares_add_up_and_point_forward(key):
    kernel = KERNELS[key]
    assert sum(map(sum, kernel.rows)) == (6 if key == "atkinson" else kernel.divisor)
    assert kernel.rows[0][:3] == (0, 0, 0)
    assert len(kernel.rows) <= 3


def test_bands_begin_early_and_keep_only_their_rows(monkeypatch):
    monkeypatch.setattr(diffusion_module, "BAND_ROWS", 8)
    monkeypatch.setattr(diffusion_module, "EARLY_ROWS", 3)
    pixels, palette = smooth(21, 12), palette_of(6)
    kernel = KERNELS["sierra"]
    quick = dither_pixels(pixels, palette, "sierra").indices
    for start, stop in ((0, 10), (10, 21)):
        slow = slow_diffusion(pixels[:stop], palette, kernel.rows, kernel.divisor, first=max(0, start - 3))
        np.testing.assert_array_equal(quick[start:stop], slow[start:])


@pytest.mark.parametrize("grey", [60, 100, 128])
def test_no_seam_between_bands(grey):
    flat = np.full((1024, 200, 3), grey, np.uint8)
    grain = dither_pixels(flat, BLACK_AND_WHITE, "floyd-steinberg").indices * 255.0 - grey
    rows = (gaussian_filter(grain, 1.5)[40:] ** 2).mean(axis=1) ** 0.5
    assert rows[512 - 40 - 2 : 512 - 40 + 2].max() < 3 * np.median(rows)


@pytest.mark.parametrize("light", LIGHTS)
def test_every_code_comes_back_from_light(light):
    record = LIGHTS[light]
    np.testing.assert_array_equal(record.to_code[record.top + record.to_light], np.arange(256))
    assert (np.diff(record.to_light) > 0).all()
    assert (np.diff(record.to_code.astype(int)) >= 0).all()
    assert len(record.to_code) == 3 * record.top + 1


def linear(codes) -> np.ndarray:
    return np.where(
        np.asarray(codes) <= 10.31475,
        np.asarray(codes) / 3294.6,
        ((np.asarray(codes) / 255 + 0.055) / 1.055) ** 2.4,
    )


# Atkinson loses a quarter of each error, so it keeps an average only near the middle.
@pytest.mark.parametrize("key", [key for key in WAYS if key not in ("atkinson", *SEEN)])
@pytest.mark.parametrize("grey", [20, 96, 128, 200, 250])
def test_a_flat_grey_keeps_its_average(key, grey):
    flat = np.full((128, 128, 3), grey, np.uint8)
    levels = {"bayer-2": 4, "bayer-4": 16, "bayer-8": 64}.get(key, 250)
    encoded = dither_pixels(flat, BLACK_AND_WHITE, key).indices.mean()
    assert encoded == pytest.approx(grey / 255, abs=max(0.01, 0.51 / levels))
    light = dither_pixels(flat, BLACK_AND_WHITE, key, light="linear").indices.mean()
    assert light == pytest.approx(linear(grey), abs=max(0.01, 0.51 / levels))


def test_atkinson_keeps_the_average_of_the_middle():
    flat = np.full((128, 128, 3), 128, np.uint8)
    assert dither_pixels(flat, BLACK_AND_WHITE, "atkinson").indices.mean() == pytest.approx(0.5, abs=0.02)


def hilbert(side, corner=(0.0, 0.0), down=(1.0, 0.0), right=(0.0, 1.0)):
    """Points (row, column) of the curve from the top left to the top right, by halving two vectors."""
    if side == 1:
        y, x = (corner[axis] + (down[axis] + right[axis]) / 2 for axis in range(2))
        return [(y, x)]
    (a, b), (c, d) = (down[0] / 2, down[1] / 2), (right[0] / 2, right[1] / 2)
    y, x = corner
    return [
        *hilbert(side // 2, (y, x), (c, d), (a, b)),
        *hilbert(side // 2, (y + a, x + b), (a, b), (c, d)),
        *hilbert(side // 2, (y + a + c, x + b + d), (a, b), (c, d)),
        *hilbert(side // 2, (y + a + 2 * c, x + b + 2 * d), (-c, -d), (-a, -b)),
    ]


def without_strays(pixels, palette, light):
    """What tells far entries: a function of a colour, the light looked for and the entry found."""
    to_light = LIGHTS[light].to_light.astype(float)
    colors = np.unique(pixels.reshape(-1, 3), axis=0)
    mixes = mix_colors(colors, palette, light)
    known = {tuple(c): i for i, c in enumerate(colors.tolist())}

    def checked(color, value, entry):
        i = known[tuple(color)]
        some, own, lights = mixes.entries[i], to_light[color], to_light[palette]
        away = np.square(lights - own).sum(axis=1)
        if entry in some or away[entry] <= 4 * (mixes.shares[i] @ away[some]):
            return entry
        return int(some[np.square(lights[some] - value).sum(axis=1).argmin()])

    return checked


def slow_riemersma(pixels, palette, strength, light, hidden, first=0):
    """Along the curve, with the last errors in a plain list."""
    name, light, side = light, LIGHTS[light], 16
    to_light, top = light.to_light.tolist(), light.top
    checked = without_strays(pixels, palette, name)
    while side < max(pixels.shape[:2]):
        side *= 2
    weights = [16 ** (-age / 15) for age in range(16)]
    queue, out = [[0, 0, 0]] * 16, np.zeros(pixels.shape[:2], np.uint8)
    for y, x in ((int(y * side), int(x * side)) for y, x in hilbert(side)[first:]):
        if y >= len(pixels) or x >= pixels.shape[1]:
            continue
        own = [to_light[code] for code in pixels[y, x].tolist()]
        away = (hidden.size > 0 and bool(hidden[y, x])) or is_in(palette, pixels[y, x])
        late = [sum(e[c] * w for e, w in zip(queue, weights, strict=True)) / sum(weights) for c in range(3)]
        value = own if away else [own[c] + math.floor(strength * late[c] + 0.5) for c in range(3)]
        value = [min(max(v, 0), top) for v in value]
        entry = nearest_in(name, [int(light.to_code[top + v]) for v in value], palette)
        out[y, x] = entry = entry if away else checked(pixels[y, x].tolist(), value, entry)
        error = [0 if away else value[c] - to_light[palette[entry, c]] for c in range(3)]
        queue = [error, *queue[:-1]]
    return out


@pytest.mark.parametrize("shape", [(16, 16), (40, 9), (7, 33), (1, 70), (64, 64)])
@pytest.mark.parametrize("light", LIGHTS)
def test_riemersma_does_what_the_oracle_does(shape, light):
    palette = palette_of(5)
    pixels = with_some_of(palette, noise(*shape))
    alpha = np.where(noise(*shape, 1)[..., 0] < 30, 127, 128).astype(np.uint8)
    slow = slow_riemersma(pixels, palette, 0.7, light, alpha < 128)
    quick = dither_pixels(pixels, palette, "riemersma", strength=0.7, light=light, alpha=alpha)
    np.testing.assert_array_equal(quick.indices, slow)


def test_pieces_of_the_curve_begin_one_block_early(monkeypatch):
    monkeypatch.setattr(riemersma_module, "_PIECE", 4)
    pixels, palette = noise(64, 64), palette_of(5)
    quick = dither_pixels(pixels, palette, "riemersma").indices
    # The second piece is the lower left quarter; the block before it is the last of the upper left.
    slow = slow_riemersma(pixels, palette, 1.0, "encoded", NOWHERE, first=3 * 256)
    np.testing.assert_array_equal(quick[32:, :32], slow[32:, :32])


def test_the_curve_sets_no_far_entries():
    red, greys = (200, 60, 60), np.array([[0] * 3, [118] * 3, [255] * 3], np.uint8)
    pixels = np.full((96, 96, 3), 122, np.uint8)
    pixels[20:50, 30:70] = pixels[70:73, :] = pixels[:, 5] = red
    palette = np.concatenate([greys, [[255, 0, 0]]]).astype(np.uint8)
    found = dither_pixels(pixels, palette, "riemersma").indices
    assert not (found == 3)[(pixels == 122).all(axis=2)].any()
    for number, (name, hostile) in enumerate(pictures(2, seed=41)):
        pixels, rng = hostile[:40, :40], np.random.default_rng(number)
        colors = np.unique(pixels.reshape(-1, 3), axis=0)
        palette = rng.permutation(colors)[: rng.integers(1, 1 + min(12, len(colors)))]
        light = list(LIGHTS)[number % 2]
        found, checked = (
            dither_pixels(pixels, palette, "riemersma", light=light).indices,
            without_strays(pixels, palette, light),
        )
        for color, entry in zip(pixels.reshape(-1, 3).tolist(), found.ravel().tolist(), strict=True):
            assert checked(color, np.full(3, -1e6), entry) == entry or is_in(palette, color), name


@pytest.mark.parametrize("size", [1, 2, 4, 8, 16])
def test_bayer_masks_hold_every_rank_once(size):
    assert sorted(bayer(size).ravel()) == list(range(size * size))


def test_bayer_by_hand():
    assert bayer(2).tolist() == [[0, 2], [3, 1]]
    assert bayer(4).tolist() == [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]


def test_blue_noise_holds_every_rank_once_and_has_no_coarse_grain():
    mask = blue_noise()
    assert sorted(mask.ravel()) == list(range(4096))
    for shown in (mask, *(mask < 4096 * share for share in (0.05, 0.25, 0.5, 0.75, 0.95))):
        power = np.abs(np.fft.fft2(shown - shown.mean())) ** 2
        wave = np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64)))
        assert power[wave < 0.1].mean() < 0.15 * power.mean()


def test_blue_noise_is_the_same_everywhere():
    assert hashlib.sha256(blue_noise().astype("<i4").tobytes()).hexdigest().startswith("87f88fbcb530f460")


@pytest.mark.parametrize("key", WAYS)
@pytest.mark.parametrize("space", SPACES)
def test_picture_that_fits_stays_as_it_is(key, space):
    palette = np.unique(
        np.concatenate([palette_of(60), noise(1, 60)[0] // 40, [[1, 1, 1], [1, 1, 2], [2, 1, 1]]]), axis=0
    )
    palette = palette.astype(np.uint8)
    pixels = palette[noise(30, 40)[..., 0] % len(palette)]
    found = dither_pixels(pixels, palette, key, to_working=SPACES[space].to_working)
    np.testing.assert_array_equal(palette[found.indices], pixels)
    assert found.sse == 0


def drawn_on(ground, palette):
    """A picture of flat areas, lines and specks of palette colours, with gradients and noise between them."""
    rng = np.random.default_rng(len(palette))
    pixels = ground.copy()
    height, width = pixels.shape[:2]
    for color in palette[rng.permutation(len(palette))[:12]]:
        y, x = rng.integers(0, height - 20), rng.integers(0, width - 20)
        pixels[y : y + rng.integers(1, 20), x : x + rng.integers(1, 20)] = color
        pixels[:, rng.integers(0, width)] = color
        pixels[rng.integers(0, height, 20), rng.integers(0, width, 20)] = color
    return pixels


def assert_solid(pixels, palette, indices):
    """Every pixel whose colour is an entry has that entry."""
    exact = (pixels[:, :, None] == palette).all(axis=-1).any(axis=-1)
    assert exact.any()
    np.testing.assert_array_equal(palette[indices][exact], pixels[exact])


@pytest.mark.parametrize("key", WAYS)
@pytest.mark.parametrize("space", SPACES)
def test_colors_of_the_palette_stay_solid(key, space):
    to_working = SPACES[space].to_working
    dark = np.array([[r, g, b] for r in (0, 1, 2, 5) for g in (0, 1, 3) for b in (0, 2, 4)], np.uint8)
    palettes = palette_of(3), palette_of(60), BLACK_AND_WHITE, dark, palette_of(256)
    for number, palette in enumerate(palettes):
        pixels = drawn_on(noise(40, 46) if number % 2 else smooth(40, 46), palette)
        for light, strength in ((light, strength) for light in LIGHTS for strength in (0.3, 1.0)):
            choices = {"light": light, "strength": strength, "to_working": to_working}
            once = dither_pixels(pixels, palette, key, **choices)
            assert_solid(pixels, palette, once.indices)
            again = dither_pixels(palette[once.indices], palette, key, **choices)
            np.testing.assert_array_equal(again.indices, once.indices)
            assert again.sse == 0


@pytest.mark.parametrize("key", WAYS)
def test_kept_and_found_colors_stay_solid(key):
    ink, paper = (0x20, 0x33, 0xCC), (0xF7, 0xF1, 0xE3)
    pixels = smooth(80, 90)
    pixels[10:40, 5:60] = paper
    pixels[15:35:4, 8:57:2] = ink
    for choices in ({"keep": ["#2033cc", "#f7f1e3"]}, {}):
        for light, strength in ((light, strength) for light in LIGHTS for strength in (0.3, 1.0)):
            result = quantize_image(pixels, n_colors=8, dither=key, light=light, strength=strength, **choices)
            assert_solid(pixels, result.palette, result.indices)
            again = quantize_image(result.pixels, n_colors=8, dither=key, light=light, strength=strength)
            np.testing.assert_array_equal(again.pixels, result.pixels)


@cache
def solid_parts():
    """Hostile pictures, two palettes of some colours of each, and where it has exactly those."""
    made = []
    for number, (name, whole) in enumerate(pictures(1)):
        pixels, colors = whole[:60, :200], np.unique(whole.reshape(-1, 3), axis=0)
        for seed, (space, light) in enumerate((("HSV", "linear"), ("Oklab", "encoded"))):
            rng = np.random.default_rng([number, seed])
            palette = rng.permutation(colors)[: rng.integers(1, 1 + min(256, len(colors)))]
            exact = (pixels[:, :, None] == palette).all(axis=-1).any(axis=-1)
            made.append((name, pixels, palette, exact, space, light))
    return made


@pytest.mark.parametrize("key", WAYS)
def test_colors_of_the_palette_stay_solid_on_hostile_pictures(key):
    for name, pixels, palette, exact, space, light in solid_parts():
        found = dither_pixels(pixels, palette, key, to_working=SPACES[space].to_working, light=light)
        assert (palette[found.indices][exact] == pixels[exact]).all(), (name, space)


@pytest.mark.parametrize("key", WAYS)
@pytest.mark.parametrize("space", SPACES)
def test_strength_0_is_no_dithering(key, space):
    pixels, palette, to_working = smooth(20, 30), palette_of(9), SPACES[space].to_working
    found, plain = (
        dither_pixels(pixels, palette, key, strength=0, to_working=to_working),
        remap(pixels, palette, to_working),
    )
    np.testing.assert_array_equal(found.indices, plain.indices)
    assert (found.counts.tolist(), found.sse) == (plain.counts.tolist(), plain.sse)


@pytest.mark.parametrize("key", [key for key in WAYS if key not in (*SEEN, *ORDERED)])
def test_a_little_strength_changes_little_in_srgb(key):
    # Also: every kind finds the exact nearest entry of an 8-bit colour.
    pixels, palette = noise(40, 50), palette_of(64)
    found = dither_pixels(pixels, palette, key, strength=1e-9)
    np.testing.assert_array_equal(found.indices, remap(pixels, palette).indices)


@given(
    height=st.integers(1, 40), width=st.integers(1, 40), k=st.integers(1, 256),
    key=st.sampled_from(WAYS), light=st.sampled_from(sorted(LIGHTS)), space=st.sampled_from(sorted(SPACES)),
    strength=st.floats(0, 1), holes=st.booleans(), seed=st.integers(0, 99),
)  # fmt: skip
@settings(deadline=None, max_examples=80)
def test_any_small_picture(height, width, k, key, light, space, strength, holes, seed):
    pixels, palette = noise(height, width, seed=seed), palette_of(k, seed)
    alpha = noise(height, width, 1, seed)[..., 0] if holes else None
    to_working = SPACES[space].to_working
    before = pixels.copy()
    found = dither_pixels(
        pixels, palette, key, strength=strength, light=light, to_working=to_working, alpha=alpha
    )
    np.testing.assert_array_equal(pixels, before)
    visible = np.ones((height, width), bool) if alpha is None else alpha >= 128
    assert (found.indices.dtype, found.indices.shape) == (np.uint8, (height, width))
    assert found.indices.max() < k
    np.testing.assert_array_equal(found.counts, np.bincount(found.indices[visible], minlength=k))
    assert found.sse == ((pixels.astype(int) - palette[found.indices])[visible] ** 2).sum()


@pytest.mark.parametrize("key", WAYS)
@pytest.mark.parametrize("light", LIGHTS)
def test_colors_under_transparent_pixels_do_not_matter(key, light):
    alpha = np.where(noise(30, 30, 1)[..., 0] < 90, 127, 128).astype(np.uint8)
    palette, results = palette_of(8), []
    for seed in (1, 2):
        pixels = np.where(alpha[..., None] > 0, smooth(30, 30), noise(30, 30, seed=seed))
        found = dither_pixels(pixels, palette, key, light=light, alpha=alpha)
        results.append((found.indices[alpha >= 128].tolist(), found.counts.tolist(), found.sse))
    assert results[0] == results[1]


PROGRAM = """
import hashlib
from quantize.dithering.dither import DITHERS, dither_pixels
from quantize.colors.spaces import SPACES
from tests.pictures import noise
pixels = noise(1300, 250) // 3 + 80
for key in DITHERS:
    for space in ("BGR", "Oklab"):
        found = dither_pixels(pixels, noise(1, 40, seed=1)[0], key, to_working=SPACES[space].to_working)
        print(key, space, found.sse, hashlib.sha256(found.indices.tobytes()).hexdigest())
"""


def test_same_bytes_on_any_number_of_threads():
    def run(threads: int) -> str:
        environment = {**os.environ, "QUANTIZE_THREADS": str(threads)}
        program = [sys.executable, "-c", PROGRAM]
        root = Path(__file__).parents[2]
        return subprocess.run(
            program, env=environment, cwd=root, capture_output=True, text=True, check=True
        ).stdout

    one, three = run(1), run(3)
    assert len(one.splitlines()) == 2 * len(DITHERS)
    assert one == three


@pytest.mark.parametrize("key", WAYS)
def test_work_can_be_abandoned(key):
    calls = []

    def stop() -> None:
        calls.append(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dither_pixels(noise(40, 40), palette_of(4), key, checkpoint=stop)
    assert len(calls) == 1


def test_what_cannot_work_is_refused():
    pixels, palette = noise(4, 4), palette_of(4)
    with pytest.raises(QuantizeError, match=r"dither must be one of none, floyd-steinberg, .*, got 'random'"):
        dither_pixels(pixels, palette, "random")
    with pytest.raises(QuantizeError, match="dither must be one of"):
        find_dither([])
    with pytest.raises(QuantizeError, match="light must be one of encoded, linear, got 'gamma'"):
        dither_pixels(pixels, palette, "stucki", light="gamma")
    for strength in (-0.1, 1.1, float("nan")):
        with pytest.raises(QuantizeError, match="strength must be a number from 0 to 1, got"):
            dither_pixels(pixels, palette, "stucki", strength=strength)
    with pytest.raises(QuantizeError, match=r"pixels must be uint8 \(h, w, 3\), got uint8 \(4, 4\)"):
        dither_pixels(pixels[..., 0], palette, "stucki")
    with pytest.raises(QuantizeError, match=r"palette must be uint8 \(k, 3\), got float64 \(4, 3\)"):
        dither_pixels(pixels, palette.astype(float), "stucki")
    with pytest.raises(QuantizeError, match="palette must hold 1 to 256 colours, got 257"):
        dither_pixels(pixels, palette_of(257), "stucki")
    with pytest.raises(QuantizeError, match=r"alpha must be uint8 \(4, 4\), got uint8 \(4, 5\)"):
        dither_pixels(pixels, palette, "stucki", alpha=np.ones((4, 5), np.uint8))


def test_records_are_complete():
    for key, dither in DITHERS.items():
        assert dither.key == key
        assert dither.title
        assert (dither.fill is None) == (key == "none") == (dither.source == "")


def test_every_dithering_is_in_one_group_and_has_a_label_of_its_own():
    assert sorted(list_keys()) == sorted(DITHERS)
    assert len({find_label(key) for key in DITHERS}) == len(DITHERS)
    for group in GROUPS:
        places = [list_keys().index(key) for key in group.keys]
        assert places == list(range(places[0], places[0] + len(places)))
        assert all(find_label(key).endswith(group.short) for key in group.keys)
        assert all(key in list_in_words() for key in group.keys)
