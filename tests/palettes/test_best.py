"""The best N of a palette: beside all choices on small cases, and what holds of large ones."""

import itertools

import numpy as np
import pytest

from quantize import Picture, QuantizeError, find_table
from quantize.colors.histogram import Histogram
from quantize.colors.spaces import SPACES, find_space
from quantize.palettes.best import FEW_ENTRIES, MOST_POINTS, choose_entries
from tests.degenerate import pictures
from tests.pictures import noise, smooth

PICTURES = [(name, pixels) for name, pixels in pictures(1, seed=9)]
X11 = find_table("x11").palette.colors


def cost_of(histogram: Histogram, colors, space: str = "BGR") -> float:
    """Squared error when every colour takes the nearest of ``colors``, in float64, all pairs."""
    convert = find_space(space).to_working
    points, entries = (convert(rows).astype(np.float64) for rows in (histogram.colors, colors))
    away = np.square(points[:, None] - entries).sum(axis=-1).min(axis=1)
    return float((away * histogram.counts).sum())


def cases(n_cases: int, seed: int):
    """Small palettes and histograms: anywhere, on the grey axis, around the entries, on a lattice."""
    for number in range(n_cases):
        rng = np.random.default_rng([seed, number])
        m, n_points = int(rng.integers(2, 11)), int(rng.integers(1, 50))
        palette = rng.integers(0, 256, (m, 3))
        points = rng.integers(0, 256, (n_points, 3))
        if number % 4 == 1:
            palette[:], points[:] = palette[:, :1], points[:, :1]
        if number % 4 == 2:
            points = (palette[rng.integers(0, m, n_points)] + rng.normal(0, 20, points.shape)).clip(0, 255)
        if number % 4 == 3:
            palette, points = palette // 64 * 64, points // 64 * 64
        counts = np.maximum(1, rng.pareto(0.7, n_points) * 3).astype(np.int64)
        yield palette.astype(np.uint8), Histogram(points.astype(np.float32), counts, True)


@pytest.mark.parametrize("space", ["BGR", "LAB"])
def test_small_cases_are_as_good_as_the_best_of_all_choices(space):
    for palette, histogram in cases(160, seed=2):
        for n in range(1, len(palette)):
            rows = choose_entries(histogram, palette, n, space=space)
            assert (np.diff(rows) > 0).all()
            least = min(
                cost_of(histogram, palette[list(some)], space)
                for some in itertools.combinations(range(len(palette)), len(rows))
            )
            assert cost_of(histogram, palette[rows], space) <= least * (1 + 1e-5) + 1e-6


@pytest.mark.parametrize(("name", "pixels"), PICTURES, ids=[name for name, _ in PICTURES])
def test_no_swap_improves_a_choice_and_more_entries_are_no_worse(name, pixels):
    cells = Picture.from_pixels(pixels).cells
    if len(cells.colors) > 900:
        cells = Histogram(cells.colors[::7].copy(), cells.counts[::7].copy(), True)
    palette, last = X11[::8], np.inf
    assert len(palette) > FEW_ENTRIES
    for n in (1, 2, 5, 12):
        rows = choose_entries(cells, palette, n)
        now = cost_of(cells, palette[rows])
        assert now <= last * (1 + 1e-6)
        last = now
        for out, other in itertools.product(range(n), range(len(palette))):
            if other not in rows:
                swapped = [*np.delete(rows, out), other]
                assert cost_of(cells, palette[swapped]) >= now * (1 - 1e-5) - 1e-6


def test_locked_entries_are_among_them():
    for palette, histogram in cases(60, seed=5):
        different = np.unique(palette, axis=0)
        for n in range(1, len(different)):
            locked = np.arange(n)[::2]
            rows = choose_entries(histogram, different, n, locked=locked)
            assert set(locked) <= set(rows.tolist())
            others = [row for row in range(len(different)) if row not in locked]
            least = min(
                cost_of(histogram, different[[*locked, *some]])
                for some in itertools.combinations(others, n - len(locked))
            )
            assert cost_of(histogram, different[rows]) <= least * (1 + 1e-5) + 1e-6


def test_what_stands_twice_is_chosen_once_unless_all_fit():
    palette = np.array([(9, 9, 9), (200, 0, 0), (9, 9, 9), (0, 0, 200)], np.uint8)
    histogram = Histogram(palette.astype(np.float32), np.array([5, 1, 5, 1]), True)
    assert choose_entries(histogram, palette, 1).tolist() == [0]
    assert choose_entries(histogram, palette, 3).tolist() == [0, 1, 3]
    assert choose_entries(histogram, palette, 4).tolist() == [0, 1, 2, 3]
    assert choose_entries(histogram, palette, 2, locked=(2, 3)).tolist() == [0, 3]
    with pytest.raises(QuantizeError, match="locked must be at most n = 1 colours, got 2: unlock some"):
        choose_entries(histogram, palette, 1, locked=(0, 1, 2))


@pytest.mark.parametrize("space", SPACES)
def test_many_colors_are_judged_by_cells_nearly_as_well(space):
    """Cells against the same colours thinned: the cost of both choices, on all colours."""
    picture = Picture.from_pixels(smooth(200, 300))
    cells = picture.cells
    assert len(cells.colors) > MOST_POINTS
    chosen = choose_entries(cells, X11[:400], 24, space=space)
    thin = Histogram(cells.colors[::5].copy(), cells.counts[::5].copy(), cells.exact)
    other = choose_entries(thin, X11[:400], 24, space=space)
    costs = [cost_of(cells, X11[rows], space) for rows in (chosen, other)]
    assert len(chosen) == 24
    assert costs[0] <= costs[1] * 1.02


def test_a_picture_of_n_of_them_gets_these():
    for number in range(30):
        rng = np.random.default_rng(number)
        n = int(rng.integers(1, 60))
        own = np.sort(rng.choice(len(X11), n, replace=False))
        pixels = rng.permutation(np.concatenate([X11[own], X11[rng.choice(own, 900)]]))[None]
        cells = Picture.from_pixels(pixels).cells
        assert choose_entries(cells, X11, n).tolist() == own.tolist()
        assert set(own) <= set(choose_entries(cells, X11, n + 5).tolist())


def test_nothing_visible_is_no_reason_to_fail():
    hidden = Picture.from_pixels(noise(3, 3), np.zeros((3, 3), np.uint8)).cells
    assert len(choose_entries(hidden, X11, 7)) == 7


def test_threads_change_nothing(monkeypatch):
    cells = Picture.from_pixels(noise(60, 60)).cells
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        found.append(choose_entries(cells, X11, 16, space="Oklab"))
    np.testing.assert_array_equal(*found)


def test_the_largest_palette_takes_fewer_points():
    palette = np.random.default_rng(0).integers(0, 256, (4096, 3)).astype(np.uint8)
    rows = choose_entries(Picture.from_pixels(noise(90, 90)).cells, palette, 40)
    assert len(set(rows.tolist())) == 40


@pytest.mark.parametrize("n", [0, -1, 1.5, True, "3"])
def test_a_number_that_is_none_is_refused(n):
    histogram = Histogram(np.zeros((1, 3), np.float32), np.ones(1, np.int64), True)
    with pytest.raises(QuantizeError, match="n must be a whole number of at least 1, got"):
        choose_entries(histogram, X11[:9], n)
    with pytest.raises(QuantizeError, match="palette must hold 1 to 4,096 entries, got 0"):
        choose_entries(histogram, X11[:0], 2)
