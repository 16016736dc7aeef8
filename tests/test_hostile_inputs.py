"""Every function of the engine that a picture goes through, on pictures that it would rather not meet.

One pixel, one colour, two colours, greys, a ramp, a lattice: each with few entries and with about as many as
it has colours. Each test says something true of the answer, not only that there is one.
"""

from dataclasses import replace
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from quantize import Metrics, Palette, Picture, Quantized, Settings, measure, quantize_image
from quantize.colors.colorset import ColorSet
from quantize.colors.difference import delta_e_00
from quantize.colors.histogram import list_colors
from quantize.colors.nearest import assign
from quantize.colors.spaces import SPACES
from quantize.curve import error_curve
from quantize.dithering.cube import empty_cube
from quantize.dithering.dither import DITHERS, dither_pixels
from quantize.dithering.kernels_cube import fill_cell
from quantize.measuring.cloud import entries_of, hue_and_chroma, sample_cloud
from quantize.measuring.comparison import delta_e_00_table, difference_map, find_regions, match_palettes
from quantize.measuring.families import FAMILIES, find_families
from quantize.measuring.metrics import delta_e_map
from quantize.measuring.pairs import map_pairs
from quantize.measuring.similarity import delta_e_blurred, ssim
from quantize.measuring.verdicts import find_gain, lightness_error, sample_errors
from quantize.methods.rarity import rare_weights
from quantize.methods.table import METHODS
from quantize.methods.task import Hooks, Search, Task
from quantize.methods.wu import wu_centers
from quantize.outline import outline_result
from quantize.palettes.facts import contrast_ratios, oklch_css
from quantize.palettes.pairs import delta_e_00_pairs, merge_similar
from quantize.palettes.vision import ALIKE_BELOW, CLEAR_FROM, VISIONS, find_look_alikes, simulate_vision
from quantize.rendering.encode import (
    encode_rgba_png,
    estimate_png_size,
    indexed_png_size,
    png_size,
)
from quantize.rendering.previews import encode_original, encode_thumbnail
from quantize.rendering.row_bands import find_bands
from tests.clouds import Cloud
from tests.degenerate import KINDS

NAMES = ("one pixel", "one colour", "two tones", "greys", "ramp of blue", "lattice")


@cache
def picture_of(name: str) -> Picture:
    (kind,) = (kind for kind in KINDS if kind.name == name)
    return Picture.from_pixels(kind.make(np.random.default_rng(21)))


def distinct(picture: Picture) -> np.ndarray:
    """Its colours, uint8 (n, 3), at most 256 of them."""
    return np.unique(picture.pixels.reshape(-1, 3), axis=0)[:256]


@cache
def results_of(name: str) -> tuple[Quantized, Quantized]:
    """With a third of the colours, and with one colour fewer than there are."""
    n = picture_of(name).n_colors
    some, most = (quantize_image(picture_of(name), n_colors=min(256, max(2, k))) for k in (n // 3, n - 1))
    return some, most


every = pytest.mark.parametrize("name", NAMES)
each_space = pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)


def read(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@every
@pytest.mark.parametrize("method", METHODS)
@each_space
def test_finders_give_the_kept_and_no_more_than_is_asked(method, space, name):
    picture, kept = picture_of(name), np.array([[255, 0, 99], [3, 2, 1]], np.uint8)
    search = Search(attempts=1, max_iter=5, epsilon=0.05, init="random", seed=0)
    for n_colors in {3, max(3, picture.n_colors // 2), min(256, picture.n_colors + 2)}:
        found = METHODS[method].find(Task(picture, space, n_colors, kept, 0.0, search, Hooks()))
        assert 2 <= len(found.centers) <= n_colors
        assert found.centers.dtype == np.float32
        np.testing.assert_allclose(found.centers[:2], space.to_working(kept), atol=1e-4)
        free = found.centers[2:]
        points = space.to_working(picture.cells.colors)
        low, high = points.min(axis=0), points.max(axis=0)
        slack = 0.01 * (high - low).max() + 1e-3  # some know whole numbers only
        assert ((free >= low - slack) & (free <= high + slack)).all()


@every
@pytest.mark.parametrize("rare", [0.0, 0.3, 1.0])
def test_rare_weights_sum_to_the_pixels(name, rare):
    cells = picture_of(name).cells
    weights = rare_weights(cells, rare)
    assert weights.shape == cells.counts.shape
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(cells.n_pixels)


@every
@each_space
def test_wu_parts_what_differs(name, space):
    cells = picture_of(name).cells
    points = space.to_working(cells.colors)
    cloud = Cloud(points, cells.counts.astype(np.float32))
    errors = []
    for k in (1, 2, max(3, len(points) - 1), len(points) + 5):
        centers = wu_centers(points, cells.counts, k)
        assert 1 <= len(centers) <= min(k, len(points))
        assert np.isfinite(centers).all()
        errors.append(cloud.error(centers))
    mean = np.average(points.astype(float), axis=0, weights=cells.counts)
    np.testing.assert_allclose(wu_centers(points, cells.counts, 1)[0], mean, rtol=1e-4, atol=1e-5)
    assert (np.diff(errors) <= 1e-3 * errors[0] + 1e-9).all()


@every
def test_counts_are_those_of_the_pixels(name):
    picture = picture_of(name)
    colors, counts = np.unique(picture.pixels.reshape(-1, 3), axis=0, return_counts=True)
    found = list_colors(ColorSet.of(picture.pixels))
    np.testing.assert_array_equal(found.colors, colors)
    np.testing.assert_array_equal(found.counts, counts)
    made = ColorSet.of(picture.pixels.reshape(-1, 3))
    again = ColorSet.listed(made.colors, made.counts)
    assert (again.n_colors, again.n_pixels) == (len(colors), picture.pixels[..., 0].size)
    np.testing.assert_array_equal(again.words, made.words)
    numbers = np.arange(made.n_colors).astype(np.uint8)
    rows = np.concatenate([made.colors, 255 - made.colors[:1]])
    for one in (made, again):
        places, strangers = one.look_up(rows, numbers)
        np.testing.assert_array_equal(places[:-1], numbers)
        assert strangers == (not (colors == rows[-1]).all(axis=1).any())


@every
def test_clouds_hold_each_colour_and_its_pixels(name):
    picture = picture_of(name)
    whole = sample_cloud(picture)
    assert len(whole.colors) == picture.n_colors
    assert whole.counts.sum() == picture.cells.n_pixels
    for most in (1, 2, 9):
        few = sample_cloud(picture, most)
        assert 1 <= len(few.colors) <= most
        frequent = whole.colors[whole.counts * most >= whole.counts.sum()]
        assert {tuple(row) for row in frequent.tolist()} <= {tuple(row) for row in few.colors.tolist()}
    for result in results_of(name):
        for space in SPACES.values():
            entries = entries_of(whole, result.palette, space)
            nearest = assign(space.to_working(whole.colors), space.to_working(result.palette))[0]
            np.testing.assert_array_equal(entries, nearest)
    hue, chroma = hue_and_chroma(whole.colors)
    assert ((hue >= 0) & (hue < 360.001)).all()
    assert (chroma >= 0).all()
    if name == "greys":
        assert chroma.max() < 0.1


@every
def test_families_and_gains(name):
    picture = picture_of(name)
    colors, (some, most) = distinct(picture), results_of(name)
    families = find_families(colors)
    assert ((families >= 0) & (families < len(FAMILIES))).all()
    if name == "greys":
        assert all("greys" in FAMILIES[family] for family in families)
    sampled = sample_errors(picture, most)
    assert sampled.before.shape == sampled.after.shape
    assert {tuple(row) for row in sampled.before.tolist()} <= {tuple(row) for row in colors.tolist()}
    for key in ("mse", "delta_e_00"):
        assert find_gain(key, picture, most, most) is None
        gain = find_gain(key, picture, most, some)
        if gain is not None:
            assert gain.winner < gain.loser
            assert 0 < gain.share <= 1
    exact = quantize_image(picture, n_colors=256)
    if picture.n_colors <= 256:
        assert lightness_error(picture, exact) == 0
    assert 0 <= lightness_error(picture, most) <= 100


@every
def test_figures_are_zero_for_equal_pictures_and_alike_both_ways(name):
    picture = picture_of(name)
    pixels, (some, most) = picture.pixels, results_of(name)
    assert ssim(pixels, pixels) == pytest.approx(1, abs=1e-6)
    assert delta_e_blurred(pixels, pixels) == 0
    assert not delta_e_map(pixels, pixels).any()
    for result in (some, most):
        after = result.pixels
        apart = delta_e_map(pixels, after)
        assert apart.shape == pixels.shape[:2]
        np.testing.assert_array_equal(apart == 0, (pixels == after).all(axis=2))
        np.testing.assert_allclose(delta_e_map(after, pixels), apart, atol=1e-4)
        assert ssim(after, pixels) == pytest.approx(ssim(pixels, after), abs=1e-5)
        assert -1 <= ssim(pixels, after) <= 1 + 1e-6
        assert 0 <= delta_e_blurred(pixels, after) <= max(apart.max() + 0.1, 0.1)
        metrics = measure(picture, result)
        assert metrics.delta_e_00 == pytest.approx(float(apart.mean(dtype=float)), abs=1e-3)
        squares = np.square(pixels.astype(int) - after).sum(axis=2)
        assert metrics.mse == pytest.approx(float(squares.mean()))
        assert metrics.delta_e_00_p95 in apart
        assert (metrics.colors_before, metrics.colors_after) == (picture.n_colors, len(result.palette))
    assert isinstance(measure(picture, some), Metrics)
    assert measure(picture, most).mse <= measure(picture, some).mse


@every
def test_pairs_are_worked_out_for_each_pixel(name):
    rows = picture_of(name).pixels.reshape(-1, 3)
    after = np.ascontiguousarray(rows[::-1])
    found = map_pairs(
        np.ascontiguousarray(rows),
        after,
        lambda one, other: (one[:, 0] * 2.0 - other[:, 2]).astype(np.float32),
    )
    np.testing.assert_array_equal(found, rows[:, 0] * 2.0 - after[:, 2])


@every
def test_two_results_beside_each_other(name):
    some, most = results_of(name)
    table = delta_e_00_table(some.palette, most.palette)
    assert table.shape == (len(some.palette), len(most.palette))
    np.testing.assert_allclose(table, delta_e_00_table(most.palette, some.palette).T, atol=1e-4)
    assert not delta_e_00_table(most.palette, most.palette).diagonal().any()
    pairs = match_palettes(some.palette, most.palette)
    assert len({pair.first for pair in pairs}) == len({pair.second for pair in pairs}) == len(some.palette)
    assert all(pair.delta_e_00 == table[pair.first, pair.second] for pair in pairs)
    assert all(pair.delta_e_00 == 0 for pair in match_palettes(most.palette, most.palette))
    assert find_regions(difference_map(most, most, 320), (most.shape[1], most.shape[0])) == ()
    difference = difference_map(some, most, 320)
    regions = find_regions(difference, (some.shape[1], some.shape[0]))
    assert bool(regions) == bool(difference.any())
    for region in regions:
        assert region.delta_e_00 > 0
        assert 0 <= region.x < region.x + region.width <= some.shape[1]
        assert 0 <= region.y < region.y + region.height <= some.shape[0]


@every
def test_facts_of_a_palette(name):
    colors = distinct(picture_of(name))
    ratios = contrast_ratios(colors)
    assert ratios.shape == (len(colors),) * 2
    assert ((ratios >= 1) & (ratios <= 21.0001)).all()
    np.testing.assert_array_equal(ratios, ratios.T)
    assert (ratios.diagonal() == 1).all()
    apart = delta_e_00_pairs(colors)
    np.testing.assert_array_equal(apart, apart.T)
    assert not apart.diagonal().any()
    assert (apart + np.eye(len(colors)) > 0).all()
    rows, columns = np.triu_indices(len(colors))
    np.testing.assert_allclose(apart[rows, columns], delta_e_00(colors[rows], colors[columns]), atol=1e-4)


@every
def test_oklch_gives_the_colour_again(name):
    from coloraide import Color

    colors = distinct(picture_of(name))[:40]
    for text, color in zip(oklch_css(colors), colors.tolist(), strict=True):
        shown = [round(255 * min(max(value, 0), 1)) for value in Color(text).convert("srgb").coords()]
        assert shown == color


@every
def test_other_visions(name):
    colors = distinct(picture_of(name))[:64]
    for key in VISIONS:
        seen = simulate_vision(colors, key)
        assert (seen.shape, seen.dtype) == (colors.shape, np.uint8)
        if name == "greys":  # who lacks a cone sees greys as they are
            assert np.abs(seen.astype(int) - colors).max() <= 2
    normal = delta_e_00_pairs(colors)
    for pair in find_look_alikes(colors):
        assert pair.first < pair.second
        assert pair.normal == normal[pair.first, pair.second] >= CLEAR_FROM
        seen = simulate_vision(colors[[pair.first, pair.second]], pair.vision)
        assert pair.seen == pytest.approx(delta_e_00_pairs(seen)[0, 1])
        assert pair.seen < ALIKE_BELOW
    if name == "greys":
        assert find_look_alikes(colors) == []


@every
@pytest.mark.parametrize("threshold", [0, 5, 100])
def test_what_is_merged_is_no_longer_alike(name, threshold):
    colors = distinct(picture_of(name))[:64]
    palette = Palette(colors)
    merged = merge_similar(palette, threshold)
    assert 1 <= len(merged) <= len(palette)
    apart = delta_e_00_pairs(merged.colors) + 1000 * np.eye(len(merged))
    assert apart.min() > threshold
    if threshold == 100:
        assert len(merged) == 1
    if threshold == 0:
        assert len(merged) == len(palette)
    first = "#{:02x}{:02x}{:02x}".format(*colors[0])
    kept = merge_similar(palette, threshold, [first])
    assert (kept.colors == colors[0]).all(axis=1).sum() == 1


@every
@pytest.mark.parametrize("alpha", [None, 0, 255])
def test_files_hold_what_they_were_given(name, alpha):
    picture = picture_of(name)
    shape = picture.pixels.shape[:2]
    hidden = None if alpha is None else np.full(shape, alpha, np.uint8)
    data, kind = encode_original(picture.pixels, hidden)
    assert kind == "image/webp"
    np.testing.assert_array_equal(np.asarray(read(data).convert("RGBA"))[..., :3], picture.pixels)
    small = read(encode_thumbnail(picture.pixels, hidden, 16)[0])
    assert max(small.size) <= 16
    assert min(small.size) >= 1
    size = png_size(picture.pixels, hidden)
    assert not size.estimated
    image = Image.fromarray(picture.pixels)
    if hidden is not None:
        image.putalpha(Image.fromarray(hidden))
    file = BytesIO()
    image.save(file, "PNG", compress_level=6)
    assert size.n_bytes == len(file.getvalue())


@every
def test_indexed_files_and_their_sizes(name):
    for result in results_of(name):
        alpha = np.full(result.shape, 255, np.uint8)
        alpha[0, 0] = 0
        rgba = np.asarray(read(encode_rgba_png(result.palette, result.indices, alpha)))
        np.testing.assert_array_equal(rgba[..., :3], result.pixels)
        np.testing.assert_array_equal(rgba[..., 3], alpha)
        size = indexed_png_size(result.palette, result.indices)
        assert not size.estimated
        height = len(result.indices)
        whole = estimate_png_size(result.palette, result.indices, None, height).n_bytes
        assert 60 < size.n_bytes <= whole * 1.3 + 60
        # Only what holds pixels grows with the rows, and by as much for each.
        two, ten = (
            estimate_png_size(result.palette, result.indices, None, n * height).n_bytes for n in (2, 10)
        )
        assert whole < two < ten < 10 * whole
        assert ten - two == pytest.approx(8 * (two - whole), abs=5)
        bands = result.indices[find_bands(result.indices, 1)]
        assert 1 <= len(bands) <= height
        assert {row.tobytes() for row in bands} <= {row.tobytes() for row in result.indices}
        np.testing.assert_array_equal(result.indices[find_bands(result.indices, 10**9)], result.indices)


@every
@pytest.mark.parametrize("keep", [(), ("#ff0063",)])
def test_an_outline_is_the_result_but_for_the_pixels(name, keep):
    picture = picture_of(name)
    for n_colors in {2, min(256, max(2, picture.n_colors - 1))}:
        settings = Settings(n_colors=n_colors, keep=keep)
        outline, result = outline_result(picture, settings), quantize_image(picture, settings)
        np.testing.assert_array_equal(outline.palette, result.palette)
        np.testing.assert_array_equal(outline.counts, result.counts)
        assert (outline.sse, outline.iterations, outline.notes) == (
            result.sse,
            result.iterations,
            result.notes,
        )
        indices, strangers = picture.color_set.look_up(picture.pixels.reshape(-1, 3), outline.table)
        assert strangers == 0
        np.testing.assert_array_equal(indices, result.indices.reshape(-1))


@every
@pytest.mark.parametrize("space", ["BGR", "LAB"])
def test_curves_fall_and_end_where_nothing_is_lost(name, space):
    picture = picture_of(name)
    n = picture.n_colors
    wanted = sorted(
        {2, 3, max(2, n // 3), max(2, n // 2), max(2, n - 1), max(2, n), 256} & set(range(2, 257))
    )
    points = error_curve(picture, Settings(space=space), wanted)
    assert [point.n_colors for point in points] == wanted[: len(points)]
    errors = [point.mse for point in points]
    assert np.isfinite([[point.mse, point.delta_e_00, point.n_bytes] for point in points]).all()
    assert (np.diff(errors) <= 0.02 * np.array(errors[:-1])).all()
    assert all(point.n_bytes > 60 for point in points)
    if n <= 256:
        assert errors[-1] == 0
        assert points[-1].psnr_db == np.inf
        assert (np.array(errors[:-1]) > 0).all()


@every
@each_space
def test_a_cube_finds_each_entry_by_its_own_colour(name, space):
    for result in results_of(name):
        cube = empty_cube(result.palette, space.to_working)
        assert np.isfinite(cube.entries).all()
        r, g, b = result.palette.astype(np.int64).T
        slots = (r >> 2 << 12 | g >> 2 << 6 | b >> 2) << 6 | (r & 3) << 4 | (g & 3) << 2 | b & 3
        for slot in slots:
            fill_cell(cube, np.uint64(slot))
        assert cube.table[slots].tolist() == list(range(len(result.palette)))


@every
@pytest.mark.parametrize("key", [key for key, dither in DITHERS.items() if dither.fill is not None])
def test_dithering_uses_the_palette_and_keeps_what_it_holds(name, key):
    picture = picture_of(name)
    for result in results_of(name):
        found = dither_pixels(picture.pixels, result.palette, key)
        assert found.indices.shape == result.shape
        assert found.counts.sum() == result.indices.size
        np.testing.assert_array_equal(
            found.counts, np.bincount(found.indices.reshape(-1), minlength=len(result.palette))
        )
        squares = np.square(picture.pixels.astype(int) - result.palette[found.indices]).sum()
        assert found.sse == squares
        assert found.sse >= result.sse
    everything = distinct(picture)
    if picture.n_colors <= 256:
        exact = dither_pixels(picture.pixels, everything, key)
        np.testing.assert_array_equal(everything[exact.indices], picture.pixels)


@every
def test_a_transparent_picture_has_no_cells_and_the_rest_counts(name):
    picture = picture_of(name)
    alpha = np.zeros(picture.pixels.shape[:2], np.uint8)
    assert Picture.from_pixels(picture.pixels, alpha).cells.n_pixels == 0
    alpha[-1, -1] = 255
    one = Picture.from_pixels(picture.pixels, alpha)
    result = quantize_image(one, n_colors=4)
    assert result.counts.tolist() == [1]
    assert result.palette.tolist() == [picture.pixels[-1, -1].tolist()]
    assert measure(one, result).mse == measure(one, replace(result, notes=())).mse == 0


@pytest.mark.parametrize("method", METHODS)
def test_visible_pixels_that_a_smaller_copy_mostly_misses(method):
    """Methods that look at a smaller copy see one pixel of three there, or none."""
    rng = np.random.default_rng(0)
    for _ in range(6):
        pixels, alpha = rng.integers(0, 256, (600, 600, 3), np.uint8), np.zeros((600, 600), np.uint8)
        alpha[tuple(rng.integers(0, 600, (2, 3)))] = 255
        result = quantize_image(Picture.from_pixels(pixels, alpha), n_colors=2, method=method)
        assert len(result.palette) == 2
        assert result.counts.sum() == 3
        assert (result.counts > 0).all()
