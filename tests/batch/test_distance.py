"""How far apart palettes look: a slow oracle, and what must hold of any distance of this kind."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantize.batch.distance import Pair, nearest_pairs, palette_distance
from quantize.colors.difference import delta_e_00
from tests.pictures import noise


def palette(size: int, seed: int) -> np.ndarray:
    return noise(size, 1, seed=seed)[:, 0]


def slowly(one: np.ndarray, other: np.ndarray) -> float:
    """The published words, colour by colour."""

    def mean_of_least(first, second):
        return np.mean([min(float(delta_e_00(a[None], b[None])[0]) for b in second) for a in first])

    return (mean_of_least(one, other) + mean_of_least(other, one)) / 2


@settings(max_examples=20)
@given(k=st.integers(1, 6), m=st.integers(1, 6), seed=st.integers(0, 10**6))
def test_it_is_the_published_one_both_ways_round(k, m, seed):
    one, other = palette(k, seed), palette(m, seed + 1)
    assert palette_distance(one, other) == pytest.approx(slowly(one, other), abs=1e-5)
    assert palette_distance(one, other) == pytest.approx(palette_distance(other, one), abs=1e-9)
    assert palette_distance(one, one[::-1]) == 0
    assert palette_distance(one, np.repeat(one, 2, axis=0)) == 0, "numbers of entries count for nothing"


def test_by_hand():
    black, white = np.array([[0, 0, 0]], np.uint8), np.array([[255, 255, 255]], np.uint8)
    assert palette_distance(black, white) == pytest.approx(100, abs=0.01)
    assert palette_distance(black, np.concatenate([black, white])) == pytest.approx((0 + 50) / 2, abs=0.01)


def test_nearest_pairs_are_those_of_all_pairs():
    palettes = [palette(1 + seed % 7, seed) for seed in range(20)]
    palettes[13] = palettes[4][::-1]
    pairs = [
        Pair(palette_distance(palettes[a], palettes[b]), a, b) for a in range(20) for b in range(a + 1, 20)
    ]
    for most in (0, 1, 7, 500):
        found, expected = nearest_pairs(palettes, most), sorted(pairs)[:most]
        assert [(pair.first, pair.second) for pair in found] == [
            (pair.first, pair.second) for pair in expected
        ]
        np.testing.assert_allclose(
            [pair.distance for pair in found], [pair.distance for pair in expected], atol=1e-6
        )
    assert nearest_pairs(palettes, 1)[0] == Pair(0.0, 4, 13)


def test_few_palettes_have_few_pairs():
    assert nearest_pairs([], 5) == nearest_pairs([palette(3, 0)], 5) == []


def test_the_work_can_be_abandoned():
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nearest_pairs([palette(3, 0)] * 3, 1, stop)
