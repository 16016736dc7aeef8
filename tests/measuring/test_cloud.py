"""The cloud of a picture's colours: few points, the frequent ones, the same every time."""

import numpy as np

from quantize import Picture, quantize_image
from quantize.colors.spaces import SPACES
from quantize.decoding.samples import load_sample
from quantize.measuring.cloud import entries_of, hue_and_chroma, sample_cloud
from tests.pictures import noise


def test_few_colors_are_all_there():
    picture = Picture.from_pixels(noise(20, 30))
    cloud = sample_cloud(picture)
    np.testing.assert_array_equal(cloud.colors, picture.colors.colors)
    assert cloud.counts.sum() == 600


def test_many_colors_become_at_most_so_many_the_same_ones_every_time():
    picture = load_sample("coffee")
    cloud, again = sample_cloud(picture), sample_cloud(picture)
    assert picture.n_colors > 20_000 >= len(cloud.colors) > 10_000
    np.testing.assert_array_equal(cloud.colors, again.colors)


def test_every_color_that_is_frequent_enough_is_in_the_sample():
    pixels = noise(100, 100)
    pixels[:10] = (1, 2, 3)
    cloud = sample_cloud(Picture.from_pixels(pixels), max_points=50)
    assert len(cloud.colors) <= 50
    assert [1, 2, 3] in cloud.colors.tolist()
    assert cloud.counts[cloud.colors.tolist().index([1, 2, 3])] >= 1000
    known = {tuple(color) for color in pixels.reshape(-1, 3).tolist()}
    assert {tuple(color) for color in cloud.colors.tolist()} <= known


def test_entries_are_those_of_the_picture():
    picture = Picture.from_pixels(noise(20, 30))
    result = quantize_image(picture, n_colors=7, space="LAB")
    cloud = sample_cloud(picture)
    entries = entries_of(cloud, result.palette, SPACES["LAB"])
    by_color = dict(zip(map(tuple, cloud.colors.tolist()), entries.tolist(), strict=True))
    seen = zip(map(tuple, picture.pixels.reshape(-1, 3).tolist()), result.indices.reshape(-1), strict=True)
    assert all(by_color[color] == entry for color, entry in seen)


def test_hue_and_chroma_of_known_colors():
    hue, chroma = hue_and_chroma(np.array([[255, 0, 0], [0, 0, 255], [90, 90, 90]], np.uint8))
    np.testing.assert_allclose(hue[:2], [40.0, 306.3], atol=0.2)
    np.testing.assert_allclose(chroma, [104.5, 133.8, 0], atol=0.3)
