"""The whole story: promises of `quantize_image`, first on pictures small enough to check by hand."""

import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from quantize import Picture, QuantizeError, Settings, quantize_image
from quantize.colors.histogram import Histogram
from quantize.colors.spaces import SPACES
from quantize.decoding.samples import load_sample
from quantize.dithering.dither import DITHERS, dither_pixels
from quantize.methods.kmeans import EFFORTS
from quantize.methods.rarity import rare_weights
from quantize.methods.settling import dark_to_light
from quantize.methods.table import METHODS
from quantize.rendering.encode import encode_png
from quantize.selection import select_palette
from tests.pictures import noise

EVERY_WAY = [(method, space) for method in METHODS for space in SPACES]


def quick(method: str, attempts: int = 2) -> dict[str, int]:
    """Few attempts, where a method makes attempts."""
    return {"attempts": attempts} if METHODS[method].choices else {}


def ramp(height: int = 60, width: int = 80) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    return np.stack(
        [x * 255 // (width - 1), y * 255 // (height - 1), 255 - x * 255 // (width - 1)], -1
    ).astype(np.uint8)


def n_distinct(pixels: np.ndarray) -> int:
    return len(np.unique(pixels.reshape(-1, 3), axis=0))


def test_two_groups_by_hand():
    pixels = np.array([[[0, 0, 0], [2, 0, 0], [250, 0, 0], [255, 0, 0], [251, 0, 0]]], np.uint8)
    result = quantize_image(pixels, n_colors=2)
    np.testing.assert_array_equal(result.palette, [[1, 0, 0], [252, 0, 0]])
    np.testing.assert_array_equal(result.indices, [[0, 0, 1, 1, 1]])
    np.testing.assert_array_equal(result.counts, [2, 3])
    assert result.sse == 1 + 1 + 4 + 9 + 1
    assert result.mse == result.sse / 5
    np.testing.assert_array_equal(result.pixels[0, :, 0], [1, 1, 252, 252, 252])


@pytest.mark.parametrize(("method", "space"), EVERY_WAY)
@pytest.mark.parametrize("n_colors", [2, 7, 64, 256])
def test_exactly_k_distinct_colors(method, space, n_colors):
    result = quantize_image(ramp(), n_colors=n_colors, method=method, space=space, **quick(method))
    assert result.palette.shape == (n_colors, 3)
    assert n_distinct(result.palette) == n_colors
    assert result.palette.dtype == result.indices.dtype == np.uint8
    assert result.counts.sum() == result.indices.size


@pytest.mark.parametrize(("method", "space"), EVERY_WAY)
def test_every_pixel_has_its_nearest_entry(method, space):
    pixels = noise(20, 30, seed=1)
    result = quantize_image(pixels, n_colors=9, method=method, space=space, **quick(method))
    to_working = SPACES[space].to_working
    colors, palette = (
        to_working(pixels.reshape(-1, 3)).astype(float),
        to_working(result.palette).astype(float),
    )
    distances = ((colors[:, None] - palette) ** 2).sum(-1)
    chosen = distances[np.arange(len(colors)), result.indices.ravel()]
    np.testing.assert_allclose(chosen, distances.min(1), rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize(("method", "space"), EVERY_WAY)
@pytest.mark.parametrize("n_colors", [16, 200, 256])
def test_picture_that_fits_comes_back_unchanged(method, space, n_colors):
    pixels = noise(16, 16) % 2 * 255
    result = quantize_image(pixels, n_colors=n_colors, method=method, space=space)
    np.testing.assert_array_equal(result.pixels, pixels)
    assert (result.sse, result.iterations, len(result.palette)) == (0, 0, n_distinct(pixels))


def test_exactly_as_many_colors_as_asked_is_unchanged_and_one_fewer_is_not():
    pixels = np.arange(17, dtype=np.uint8).repeat(3).reshape(1, 17, 3)
    assert quantize_image(pixels, n_colors=17).sse == 0
    assert quantize_image(pixels, n_colors=16).sse > 0


@given(
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    n_colors=st.integers(1, 256),
    levels=st.sampled_from([1, 2, 3, 256]),
    seed=st.integers(0, 99),
    way=st.sampled_from(EVERY_WAY),
)
@settings(deadline=None, max_examples=60)
def test_any_small_picture(height, width, n_colors, levels, seed, way):
    pixels = (noise(height, width, seed=seed) % np.uint16(levels)).astype(np.uint8)
    result = quantize_image(pixels, n_colors=n_colors, method=way[0], space=way[1], **quick(way[0], 1))
    assert len(result.palette) == min(n_colors, n_distinct(pixels))
    assert n_distinct(result.palette) == len(result.palette)
    direct = ((pixels.astype(int) - result.pixels.astype(int)) ** 2).sum()
    assert result.sse == direct


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 500, 3), (500, 1, 3)])
def test_odd_shapes(shape):
    pixels = noise(*shape[:2])
    assert quantize_image(pixels, n_colors=4).indices.shape == shape[:2]


def test_the_arrays_owner_may_go_on_using_it():
    pixels = noise(8, 8)
    before = pixels.copy()
    quantize_image(pixels, n_colors=3)
    np.testing.assert_array_equal(pixels, before)
    pixels[0, 0] = 0  # still writable


@pytest.mark.parametrize(("method", "space"), EVERY_WAY)
def test_same_input_same_bytes(method, space):
    runs = [quantize_image(noise(40, 50), n_colors=12, method=method, space=space) for _ in range(2)]
    assert runs[0].palette.tobytes() == runs[1].palette.tobytes()
    assert runs[0].indices.tobytes() == runs[1].indices.tobytes()


PROGRAM = """
import sys, hashlib, numpy as np, cv2
from quantize import quantize_image
cv2.setNumThreads(int(sys.argv[1]))
pixels = np.random.default_rng(3).integers(0, 256, (700, 600, 3), np.uint8)
pixels[::2] //= 3
for method in ("kmeans", "opencv", "wu", "median cut", "octree"):
    for space in ("BGR", "LAB"):
        choices = {"attempts": 2} if method == "opencv" else {}
        result = quantize_image(pixels, n_colors=24, method=method, space=space, **choices)
        print(hashlib.sha256(result.palette.tobytes() + result.indices.tobytes()).hexdigest())
"""


def test_same_bytes_on_any_number_of_threads():
    def run(threads: int) -> str:
        import os

        environment = {**os.environ, "QUANTIZE_THREADS": str(threads)}
        program = [sys.executable, "-c", PROGRAM, str(threads)]
        return subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout

    one, three = run(1), run(3)
    assert len(one.split()) == 10
    assert one == three


def test_seed_matters_only_where_chance_does():
    pixels = noise(40, 40)
    kmeans = [quantize_image(pixels, n_colors=20, seed=seed).palette.tobytes() for seed in (0, 1)]
    random = [
        quantize_image(pixels, n_colors=20, init="random", max_iter=2, seed=seed).palette.tobytes()
        for seed in (0, 1)
    ]
    assert kmeans[0] == kmeans[1]
    assert random[0] != random[1]


def test_more_effort_finds_less_error():
    picture = load_sample("coffee")
    fast, normal, best = (quantize_image(picture, n_colors=64, effort=effort).sse for effort in EFFORTS)
    assert best < normal < fast


def test_transparent_pixels_weigh_nothing():
    pixels = noise(30, 30) % 40
    alpha = np.full((30, 30), 255, np.uint8)
    alpha[:15] = 0
    pixels[:15] = (0, 255, 0)
    result = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=5)
    bottom = quantize_image(pixels[15:], n_colors=5)
    np.testing.assert_array_equal(result.palette, bottom.palette)
    np.testing.assert_array_equal(result.indices[15:], bottom.indices)
    assert result.counts.sum() == 15 * 30
    assert result.sse == bottom.sse
    np.testing.assert_array_equal(result.alpha, alpha)


@pytest.mark.parametrize(("least", "entries"), [(0, 255), (127, 255), (128, 256), (255, 256)])
def test_one_of_256_entries_is_for_pixels_that_the_file_makes_transparent(least, entries):
    pixels, alpha = noise(40, 40), np.full((40, 40), 255, np.uint8)
    alpha[0, 0] = least
    result = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=256)
    assert len(result.palette) == entries
    for optimize in (False, True):
        data = encode_png(result.palette, result.indices, result.alpha, optimize=optimize)
        shown = np.asarray(Image.open(BytesIO(data)).convert("RGBA"))
        np.testing.assert_array_equal(shown[..., 3], np.where(alpha >= 128, 255, 0))
        there = alpha >= 128
        np.testing.assert_array_equal(shown[there][:, :3], result.pixels[there])


def test_256_colors_leave_one_for_transparency():
    pixels = noise(40, 40)
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[0, 0] = 0
    result = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=256)
    assert len(result.palette) == 255
    assert "transparent" in result.notes[0]
    assert len(quantize_image(pixels, n_colors=256).palette) == 256


def test_fully_transparent_picture_is_refused():
    picture = Picture.from_pixels(noise(4, 4), np.zeros((4, 4), np.uint8))
    with pytest.raises(QuantizeError, match="fully transparent: choose one with at least one visible pixel"):
        quantize_image(picture)


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3)),
        np.zeros((0, 4, 3), np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(bad):
    with pytest.raises(QuantizeError):
        quantize_image(bad)


@pytest.mark.parametrize("method", METHODS)
def test_work_can_be_abandoned(method):
    calls = []

    def stop_at_second() -> None:
        calls.append(1)
        if len(calls) == 1 + bool(METHODS[method].choices):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        quantize_image(noise(100, 100), n_colors=64, method=method, checkpoint=stop_at_second)


def test_opencv_reports_each_attempt():
    done: list[float] = []
    quantize_image(noise(30, 30), n_colors=4, method="opencv", attempts=4, progress=done.append)
    assert done == [0, 0.25, 0.5, 0.75]


def test_opencv_says_that_it_used_a_smaller_copy():
    result = quantize_image(noise(500, 800), n_colors=4, method="opencv", attempts=1)
    assert result.notes == ("clustered on a copy of 505×316 pixels",)
    assert result.indices.shape == (500, 800)


def test_settings_come_back_complete():
    result = quantize_image(noise(8, 8), Settings(n_colors=4), space="LAB")
    assert result.settings == Settings(n_colors=4, space="LAB").resolved()


def test_palette_runs_from_dark_to_light():
    np.testing.assert_array_equal(
        dark_to_light(np.array([[255, 255, 255], [0, 0, 255], [0, 255, 0], [0, 0, 0]], np.uint8)),
        [[0, 0, 0], [0, 0, 255], [0, 255, 0], [255, 255, 255]],
    )


@pytest.mark.parametrize(("method", "space"), EVERY_WAY)
def test_kept_colors_are_in_the_palette_as_they_are(method, space):
    keep = ["#ff00ff", "#010203", "#fefefe"]
    result = quantize_image(ramp(), n_colors=8, keep=keep, method=method, space=space, **quick(method))
    colors = {tuple(color) for color in result.palette.tolist()}
    assert {(255, 0, 255), (1, 2, 3), (254, 254, 254)} <= colors
    assert len(colors) == 8


@pytest.mark.parametrize("method", METHODS)
def test_nothing_but_kept_colors(method):
    result = quantize_image(ramp(), n_colors=2, keep=["#000", "#fff"], method=method)
    np.testing.assert_array_equal(result.palette, [[0, 0, 0], [255, 255, 255]])


def test_kept_colors_come_on_top_of_a_picture_that_fits():
    pixels = noise(4, 4) % 2 * 255
    result = quantize_image(pixels, n_colors=16, keep=["#123456"])
    assert len(result.palette) == n_distinct(pixels) + 1
    np.testing.assert_array_equal(result.pixels, pixels)
    assert result.counts[(result.palette == (0x12, 0x34, 0x56)).all(1)] == 0


def test_the_rest_is_chosen_around_what_is_kept():
    pixels = noise(40, 40)
    free = quantize_image(pixels, n_colors=6)
    kept = quantize_image(pixels, n_colors=6, keep=["#808080"])
    added = np.unique(np.concatenate([quantize_image(pixels, n_colors=5).palette, [[128] * 3]]), axis=0)
    distances = ((pixels.reshape(-1, 1, 3).astype(int) - added) ** 2).sum(-1).min(1)
    assert free.sse <= kept.sse <= distances.sum() * 1.01


def spotted(name: str) -> tuple[np.ndarray, np.ndarray]:
    """A photo with a red square of 0.1 % of its pixels, and where it is."""
    pixels = load_sample(name).pixels.copy()
    height, width = pixels.shape[:2]
    side = round((0.001 * height * width) ** 0.5)
    spot = np.zeros((height, width), bool)
    spot[height // 3 : height // 3 + side, width // 3 : width // 3 + side] = True
    pixels[spot] = (220, 20, 30)
    return pixels, spot


def test_a_small_red_region_survives_with_rare_and_goes_without():
    pixels, spot = spotted("cat")

    def error(rare: float) -> float:
        result = quantize_image(pixels, n_colors=8, rare=rare)
        return float(np.linalg.norm(result.pixels[spot].astype(float) - (220, 20, 30), axis=1).mean())

    assert error(0) > 60
    assert error(1) < 6


@pytest.mark.parametrize("rare", [0, 0.5, 1])
def test_rare_weights_are_positive_and_sum_to_the_pixels(rare):
    histogram = Picture.from_pixels(noise(60, 60)).cells
    weights = rare_weights(histogram, rare)
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(3600)
    if rare == 0:
        np.testing.assert_array_equal(weights, histogram.counts)


def test_weights_of_a_crowd_and_a_loner_by_hand():
    colors = np.array([[0, 0, 0], [255, 255, 255]], np.float32)
    weights = rare_weights(Histogram(colors, np.array([999, 1]), exact=True), 1)
    np.testing.assert_allclose(weights, [500, 500])


def test_selecting_alone_gives_the_same_palette():
    picture = Picture.from_pixels(ramp())
    settings = Settings(n_colors=12, space="LAB", keep=["#fff"])
    selected = select_palette(picture, settings)
    np.testing.assert_array_equal(selected.palette, quantize_image(picture, settings).palette)


def test_kept_colors_leave_room_for_transparency():
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[0] = 0
    picture = Picture.from_pixels(noise(40, 40), alpha)
    keep = [f"#0000{number:02x}" for number in range(256)]
    assert len(quantize_image(picture, n_colors=256, keep=keep[:255]).palette) == 255
    with pytest.raises(QuantizeError, match="at most 255 colours, got 256"):
        quantize_image(picture, n_colors=256, keep=keep)


# Those that fit the palette to themselves: see dithering/test_search.py.
@pytest.mark.parametrize("dither", [key for key in DITHERS if key != "none" and not DITHERS[key].refit])
def test_dithering_uses_the_same_palette_and_reaches_the_engine(dither):
    plain = quantize_image(ramp(), n_colors=6, space="LAB")
    result = quantize_image(ramp(), n_colors=6, space="LAB", dither=dither, strength=0.8, light="linear")
    np.testing.assert_array_equal(result.palette, plain.palette)
    direct = dither_pixels(
        ramp(), plain.palette, dither, strength=0.8, light="linear", to_working=SPACES["LAB"].to_working
    )
    np.testing.assert_array_equal(result.indices, direct.indices)
    assert (result.counts.tolist(), result.sse) == (direct.counts.tolist(), direct.sse)
    assert result.sse > plain.sse
    assert result.notes == ()


def test_strength_0_gives_the_bytes_of_no_dithering():
    plain = quantize_image(ramp(), n_colors=6)
    result = quantize_image(ramp(), n_colors=6, dither="sierra", strength=0)
    assert result.indices.tobytes() == plain.indices.tobytes()
    assert result.notes == plain.notes


def test_nothing_to_dither_is_said():
    pixels = noise(16, 16) % 2 * 255
    result = quantize_image(pixels, n_colors=8, dither="floyd-steinberg")
    np.testing.assert_array_equal(result.pixels, pixels)
    assert result.notes == ("nothing to dither: every colour of the picture is in the palette",)


def test_dithering_can_be_abandoned():
    calls: list[int] = []
    quantize_image(ramp(), n_colors=6, checkpoint=lambda: calls.append(1))
    before = len(calls)
    quantize_image(ramp(), n_colors=6, dither="stucki", checkpoint=lambda: calls.append(1))
    assert len(calls) == 2 * before + 1
