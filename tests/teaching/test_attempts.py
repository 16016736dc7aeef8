"""Several starts beside each other: each is the run that it says it is."""

import numpy as np
import pytest

from quantize import Picture, QuantizeError
from quantize.teaching.attempts import run_attempts
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import trace_run
from tests.degenerate import pictures
from tests.pictures import noise, smooth


def test_each_attempt_is_a_run_of_its_own():
    cells = Picture.from_pixels(smooth(40, 50)).cells
    found = run_attempts(cells, 6, 3, seed=5, max_iter=9)
    named = [(one.init, one.seed) for one in found]
    assert named == [(key, seed) for key in ("random", "k-means++") for seed in (5, 6, 7)] + [("split", 0)]
    for one in found:
        start = choose_start(cells, 6, one.init, one.seed)
        trace = trace_run(cells.colors, cells.counts, start, max_iter=9)
        np.testing.assert_array_equal(one.centers, trace.centers)
        assert one.error == trace.sse / cells.n_pixels == one.errors[-1]
        assert len(one.errors) == trace.iterations
        assert list(one.errors) == sorted(one.errors, reverse=True)


def test_hostile_pictures_have_attempts():
    for name, pixels in pictures(1):
        cells = Picture.from_pixels(pixels).cells
        for k in (1, 3, 9):
            found = run_attempts(cells, k, 2, max_iter=3)
            assert len(found) == 5, name
            assert all(one.centers.shape == (k, 3) and np.isfinite(one.errors).all() for one in found)


def test_the_checkpoint_ends_the_work():
    calls = []

    def stop():
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_attempts(Picture.from_pixels(noise(30, 30)).cells, 8, 10, checkpoint=stop)
    assert len(calls) == 5


@pytest.mark.parametrize("attempts", [0, 101, 1.5, "3"])
def test_a_number_of_attempts_that_cannot_be_is_refused(attempts):
    with pytest.raises(QuantizeError, match="attempts must be a whole number from 1 to 100"):
        run_attempts(Picture.from_pixels(noise(3, 3)).cells, 2, attempts)


def test_an_unknown_start_is_refused():
    with pytest.raises(QuantizeError, match=r"init must be one of random, .*, got 'luck'"):
        run_attempts(Picture.from_pixels(noise(3, 3)).cells, 2, 1, inits=("luck",))
