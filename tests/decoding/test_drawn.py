"""The drawn samples show what they are for: by ΔE00, LAB is plainly nearer than BGR."""

import numpy as np
import pytest

from quantize import measure, quantize_image
from quantize.decoding.samples import SAMPLES, TELLING, load_sample
from quantize.measuring.comparison import difference_map


@pytest.mark.parametrize("key", TELLING)
def test_spaces_differ_plainly_on_it(key):
    picture = load_sample(key)
    bgr, lab = (quantize_image(picture, n_colors=16, space=space) for space in ("BGR", "LAB"))
    before, after = measure(picture, bgr), measure(picture, lab)
    assert after.delta_e_00 < 0.96 * before.delta_e_00
    assert after.delta_e_00_p95 < 0.95 * before.delta_e_00_p95
    assert before.mse < after.mse
    assert np.quantile(difference_map(bgr, lab, 480), 0.95) > 5


@pytest.mark.parametrize("key", TELLING)
def test_it_is_the_same_file_every_time_and_its_own(key):
    sample, picture = TELLING[key], load_sample(key)
    assert sample.read() == sample.read()
    assert key not in SAMPLES
    assert sample.title not in {other.title for other in SAMPLES.values()}
    assert picture.n_colors > 1000
    assert picture.size == (480, 360)
