"""Mistakes made on purpose: each goes wrong in its own way, on any picture."""

import ast

import numpy as np
import pytest

from quantize import QuantizeError
from quantize.decoding.samples import load_sample
from quantize.rendering.previews import preview
from quantize.teaching.mistakes import MISTAKES, MOST_LETTERS, make_mistake
from tests.degenerate import pictures
from tests.pictures import noise

COFFEE = preview(load_sample("coffee").pixels, 200)


@pytest.mark.parametrize("key", MISTAKES)
def test_hostile_pictures_can_be_mistaken(key):
    for name, pixels in [*pictures(1), ("one", noise(1, 1)), ("row", noise(1, 3)), ("column", noise(3, 1))]:
        small = preview(pixels, 60)
        for k in (1, 8, 64):
            made = make_mistake(key, small, k)
            for picture in (made.wrong, made.right):
                assert picture is None or (picture.dtype == np.uint8 and picture.shape[2] == 3), name
            if made.right is not None:
                assert made.right.shape == small.shape, name


@pytest.mark.parametrize("key", MISTAKES)
def test_code_is_python_in_lines_that_fit_on_a_telephone(key):
    for code in (MISTAKES[key].wrong, MISTAKES[key].right):
        ast.parse(code)
        assert max(map(len, code.splitlines())) <= MOST_LETTERS
    assert MISTAKES[key].wrong != MISTAKES[key].right


def test_opencv_refuses_bytes_and_says_which_type_it_wants():
    assert "CV_32F" in make_mistake("uint8", COFFEE, 8).message


def test_a_list_of_pixels_is_no_picture():
    made = make_mistake("shape", COFFEE, 8)
    assert made.numbers["rows"] == COFFEE.shape[0] * COFFEE.shape[1]
    np.testing.assert_array_equal(
        made.wrong[..., 0], made.right.reshape(-1, 3)[: len(made.wrong)], "its rows are the picture's pixels"
    )


def test_fractions_that_are_cut_off_make_it_worse_and_centers_equal():
    found = make_mistake("cut", COFFEE, 8).numbers
    assert found["cut"] > found["rounded"]
    close = np.random.default_rng(0).integers(10, 16, (40, 50, 3), np.uint8)
    found = make_mistake("cut", close, 8).numbers
    assert found["left"] < found["asked"]


def test_hue_as_a_number_is_worse_where_reds_lie_on_both_sides_of_zero():
    reds = np.array([[[200, 0, 10], [200, 10, 0], [190, 0, 20], [190, 20, 0], [0, 200, 0]]], np.uint8)
    found = make_mistake("hue", np.repeat(reds, 9, axis=0), 2).numbers
    assert found["wrong"] > 10 * found["right"]


def test_channels_the_wrong_way_round_come_back_when_turned_again():
    made = make_mistake("bgr", COFFEE, 8)
    np.testing.assert_array_equal(made.wrong[..., ::-1], made.right)
    assert (made.wrong != made.right).any()


def test_more_centers_than_colors_are_not_different():
    made = make_mistake("many", COFFEE, 12)
    assert made.numbers["colors"] == 5
    assert made.numbers["asked"] == 12
    assert made.numbers["different"] <= 5
    assert "more clusters than elements" in made.message


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ({"key": "typo"}, "mistake must be one of uint8"),
        ({"n_centers": 0}, "n_centers must be a whole number from 1 to 64"),
        ({"n_centers": 65}, "n_centers must be a whole number from 1 to 64"),
        ({"pixels": np.zeros((2, 2), np.uint8)}, "pixels must be uint8 of shape"),
        ({"pixels": np.zeros((2, 2, 3))}, "pixels must be uint8 of shape"),
        ({"pixels": np.zeros((0, 2, 3), np.uint8)}, "pixels must be uint8 of shape"),
        ({"pixels": np.zeros((401, 400, 3), np.uint8)}, "at most 160,000, got 160,400"),
    ],
)
def test_what_cannot_be_is_refused(words, match):
    with pytest.raises(QuantizeError, match=match):
        make_mistake(**{"key": "bgr", "pixels": COFFEE, "n_centers": 4, **words})
