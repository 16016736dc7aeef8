"""Histograms: nothing is lost, nothing is invented."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from quantize.colors import colorset
from quantize.colors.colorset import ColorSet
from quantize.colors.histogram import Histogram, list_colors, merge_colors
from quantize.errors import QuantizeError


@pytest.fixture(params=["once", "twice"], autouse=True, scope="module")
def _both_ways_of_counting(request):
    # Large pictures are counted in another way than small ones; here each way takes all.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(colorset, "MANY_PIXELS", 0 if request.param == "once" else 1 << 60)
        yield


pictures = arrays(np.uint8, st.tuples(st.integers(0, 12), st.integers(0, 12), st.just(3)))


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def count_cells(pixels: np.ndarray, alpha: np.ndarray | None = None) -> Histogram:
    return merge_colors(ColorSet.of(pixels, alpha))


def count_colors(pixels: np.ndarray, alpha: np.ndarray | None = None) -> Histogram:
    return list_colors(ColorSet.of(pixels, alpha))


def as_dict(histogram: Histogram) -> dict[tuple[float, ...], int]:
    rows = zip(histogram.colors.tolist(), histogram.counts.tolist(), strict=True)
    return {tuple(color): count for color, count in rows}


def same(one: Histogram, other: Histogram) -> bool:
    return (
        one.exact == other.exact
        and np.array_equal(one.colors, other.colors)
        and np.array_equal(one.counts, other.counts)
    )


def test_a_picture_counted_by_hand():
    pixels = np.array([[[9, 0, 0], [1, 2, 3]], [[9, 0, 0], [0, 0, 9]]], np.uint8)
    histogram = count_colors(pixels)
    assert histogram.colors.tolist() == [[0, 0, 9], [1, 2, 3], [9, 0, 0]]
    assert histogram.counts.tolist() == [1, 1, 2]
    assert histogram.exact
    assert histogram.n_pixels == 4


@given(pictures)
def test_every_color_is_listed_once_and_in_order(pixels):
    colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    histogram = count_colors(pixels)
    assert np.array_equal(histogram.colors, colors.astype(np.float32))
    assert np.array_equal(histogram.counts, counts)
    assert histogram.colors.dtype == np.float32
    assert histogram.counts.dtype == np.int64


@pytest.mark.parametrize("count", [254, 255, 256, 509, 510, 511, 512, 70_000, 200_000])
def test_a_color_may_occur_any_number_of_times(count):
    pixels = np.full((count + 3, 3), 77, np.uint8)
    pixels[[0, count // 2, -1]] = 78
    assert count_colors(pixels).counts.tolist() == [count, 3]


@given(pictures)
def test_few_colors_are_kept_as_they_are(pixels):
    cells = count_cells(pixels)
    assert cells.exact
    assert as_dict(cells) == as_dict(count_colors(pixels))


def test_cells_keep_their_mean():
    pixels = noise(300, 400)
    keys = (pixels.reshape(-1, 3) // 2).astype(int) @ [1 << 14, 1 << 7, 1]
    histogram = count_cells(pixels)
    assert not histogram.exact
    assert len(histogram.counts) == len(np.unique(keys))
    found = {
        tuple(row): mean for row, mean in zip((histogram.colors // 2).tolist(), histogram.colors, strict=True)
    }
    for key in np.unique(keys)[::997]:
        cell = (float(key >> 14), float(key >> 7 & 127), float(key & 127))
        mean = pixels.reshape(-1, 3)[keys == key].mean(axis=0)
        np.testing.assert_allclose(found[cell], mean, rtol=1e-6)


def test_cells_keep_the_mean_of_the_whole_picture():
    pixels = noise(300, 400) // 2 + 60
    histogram = count_cells(pixels)
    assert histogram.n_pixels == 120_000
    mean = np.average(histogram.colors.astype(float), axis=0, weights=histogram.counts)
    np.testing.assert_allclose(mean, pixels.reshape(-1, 3).mean(axis=0), rtol=1e-6)


def test_cells_grow_where_there_are_too_many():
    pixels = noise(900, 900)
    keys = (pixels.reshape(-1, 3) // 4).astype(int) @ [4096, 64, 1]
    assert len(count_cells(pixels).counts) == len(np.unique(keys))


def test_cells_of_one_color_return_that_color():
    # Too many to keep each, but no two in a cell: means must be whole numbers.
    pixels = np.repeat(noise(400, 400) & 0xFE, 3, axis=0)
    histogram = count_cells(pixels)
    assert not histogram.exact
    assert np.array_equal(histogram.colors, np.rint(histogram.colors))


@pytest.mark.parametrize("count", [count_cells, count_colors])
def test_any_number_of_threads_gives_the_same(count, monkeypatch):
    pixels = noise(700, 500)
    results = []
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        results.append(count(pixels))
    assert same(results[0], results[1])
    assert same(results[0], results[2])


@pytest.mark.parametrize("count", [count_cells, count_colors])
def test_transparent_pixels_weigh_nothing(count):
    pixels = noise(40, 50)
    alpha = np.full((40, 50), 255, np.uint8)
    alpha[:, 25:] = 0
    alpha[:, 30:] = 127
    alpha[0, 0] = 128
    assert same(count(pixels, alpha), count(pixels[:, :25]))


@pytest.mark.parametrize("count", [count_cells, count_colors])
@pytest.mark.parametrize("shape", [(0, 0, 3), (0, 7, 3), (1, 1, 3), (3,)])
def test_tiny_pictures(count, shape):
    histogram = count(np.full(shape, 7, np.uint8))
    assert histogram.n_pixels == np.prod(shape) // 3
    assert histogram.colors.shape == (min(1, histogram.n_pixels), 3)


@pytest.mark.parametrize("count", [count_cells, count_colors])
def test_all_transparent_is_empty(count):
    histogram = count(noise(4, 4), np.zeros((4, 4), np.uint8))
    assert histogram.colors.shape == (0, 3)
    assert histogram.exact


@pytest.mark.parametrize("count", [count_cells, count_colors])
def test_views_count_like_copies(count):
    pixels = noise(300, 400)
    view = pixels[::2, ::-1, ::-1]
    assert same(count(view), count(view.copy()))


@given(pictures, pictures)
def test_exact_histograms_add_up(one, other):
    both = np.concatenate([one.reshape(-1, 3), other.reshape(-1, 3)])
    assert same(count_colors(one) + count_colors(other), count_colors(both))


def test_cells_add_up():
    one, other = noise(300, 400, 1), noise(300, 400, 2)
    total = count_cells(one) + count_cells(other)
    whole = count_cells(np.concatenate([one, other]))
    assert not total.exact
    in_order = [np.lexsort((found.colors // 2).T[::-1]) for found in (total, whole)]
    assert np.array_equal(total.counts[in_order[0]], whole.counts[in_order[1]])
    np.testing.assert_allclose(total.colors[in_order[0]], whole.colors[in_order[1]], rtol=1e-6)


@pytest.mark.parametrize(
    ("pixels", "got"),
    [
        (np.zeros((2, 2, 4), np.uint8), "uint8 \\(2, 2, 4\\)"),
        (np.zeros((2, 2, 3)), "float64 \\(2, 2, 3\\)"),
        ([[0, 0, 0]], "list"),
    ],
)
def test_wrong_pixels_are_refused(pixels, got):
    with pytest.raises(QuantizeError, match=f"pixels must be uint8 .* got {got}"):
        count_cells(pixels)


def test_alpha_of_another_shape_is_refused():
    with pytest.raises(QuantizeError, match="alpha must be uint8 of shape \\(2, 2\\), got uint8 \\(4,\\)"):
        count_colors(noise(2, 2), np.zeros(4, np.uint8))


def test_what_is_made_of_a_histogram_is_kept_if_that_is_wanted():
    plain = merge_colors(ColorSet.of(noise(4, 4)))
    asked = []

    def make() -> str:
        asked.append(1)
        return "made"

    assert [plain.keep("key", make) for _ in range(2)] == ["made"] * 2
    keeping = plain.keeping()
    assert [keeping.keep("key", make) for _ in range(2)] == ["made"] * 2
    assert len(asked) == 3
    assert keeping.keeping() is keeping
    assert keeping.keeping(lambda key, make: key).keep("key", make) == "key"
