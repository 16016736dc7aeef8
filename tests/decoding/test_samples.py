"""Sample pictures: they are there, they load as uploads do, and they say whose they are."""

import subprocess
import sys

import numpy as np
import pytest

from quantize.decoding import samples
from quantize.decoding.picture import load_picture
from quantize.decoding.samples import SAMPLES, draw_shapes, load_sample
from quantize.errors import QuantizeError


@pytest.mark.parametrize("key", SAMPLES)
def test_every_sample_loads_as_its_file_would(key):
    sample, picture = SAMPLES[key], load_sample(key)
    again = load_picture(sample.read())
    assert (picture.digest, picture.notes) == (again.digest, again.notes)
    assert picture.format in ("PNG", "JPEG")
    assert picture.n_colors > 256
    assert min(picture.size) >= 300
    assert sample.title
    assert sample.credit.endswith(".")


def test_samples_are_all_different():
    assert len({load_sample(key).digest for key in SAMPLES}) == len(SAMPLES)
    assert len({sample.title for sample in SAMPLES.values()}) == len(SAMPLES)


def test_the_shapes_are_the_textbooks():
    pixels = load_sample("shapes").pixels.astype(int)
    assert pixels.shape == (300, 400, 3)
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.tolist() == [[255, 0, 0], [0, 0, 255], [255, 255, 0], [0, 255, 255]]
    edge = pixels[0]
    assert (np.diff(edge[:, 0]) <= 0).all()  # red falls to the right
    assert (np.diff(edge[:, 2]) >= 0).all()  # blue rises
    assert (np.diff(pixels[:, 0, 1]) >= 0).all()  # green rises downwards


def test_circle_rectangle_and_ellipse_stand_out():
    pixels = load_sample("shapes").pixels
    background = pixels[0, :, 2].astype(int)
    drawn = pixels[..., 2] != background[None]
    for color, width, height in (
        ((255, 255, 96), 101, 101),
        ((255, 255, 255), 121, 81),
        ((0, 0, 0), 181, 81),
    ):
        rows, columns = np.nonzero((pixels == color).all(axis=-1))
        assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (width, height)
        drawn[rows, columns] = False
    assert not drawn.any()


def test_the_shapes_are_the_same_bytes_every_time():
    assert draw_shapes() == draw_shapes()


def test_unknown_sample_is_refused_with_those_there_are():
    with pytest.raises(QuantizeError, match=r"sample must be one of shapes, astronaut, .*, got 'lena'"):
        load_sample("lena")


@pytest.mark.parametrize("spec", [None, samples.find_spec("json")])
def test_a_missing_file_is_said_in_one_sentence(spec, monkeypatch):
    monkeypatch.setattr(samples, "find_spec", lambda _: spec)
    with pytest.raises(QuantizeError, match=r"sample coffee\.png must come with scikit-image"):
        load_sample("coffee")


def test_loading_a_sample_does_not_import_scikit_image():
    code = (
        "import sys; from quantize.decoding.samples import load_sample; load_sample('cat'); "
        "print('skimage' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
