"""Places of numbers: boxes that lie in their part, or beside it without touching another number."""

import numpy as np
import pytest

from quantize.numbers.digits import measure_numeral
from quantize.numbers.places import place_numbers
from quantize.regions.parts import CLEAR, find_parts
from tests.regions.maps import HOSTILE, blobs, rings

STEP = 0.25


def box_of(places, number, place) -> tuple[slice, slice]:
    """Pixels that the box of a numeral touches."""
    (x, y), height = places.middles[place].tolist(), float(places.heights[place])
    wide = measure_numeral(number) * height
    left, right, top, bottom = x - wide / 2, x + wide / 2, y - height / 2, y + height / 2
    assert min(left, top) >= 0
    return slice(int(top), int(np.ceil(bottom))), slice(int(left), int(np.ceil(right)))


def placed(labels, first=1, heights=(1.2, 4.0), far=True):
    parts = find_parts(labels)
    numbers = parts.labels.astype(np.int64) + first
    found = place_numbers(parts, numbers, heights, STEP, np.full(len(parts), far))
    return parts, numbers, found


MAPS = {
    **HOSTILE,
    "patches": blobs(200, 240, 6, cell=24),
    "small patches": blobs(200, 240, 9, cell=9),
    "wide rings": rings(120).repeat(3, axis=0).repeat(3, axis=1),
    "stripes": np.repeat(np.arange(40) % 3, 7).astype(np.uint8)[None].repeat(150, axis=0),
    "rows": np.repeat(np.arange(40) % 3, 7).astype(np.uint8)[:, None].repeat(200, axis=1),
}


@pytest.mark.parametrize("first", [1, 10, 100])
@pytest.mark.parametrize("name", MAPS)
def test_every_box_lies_in_its_part_or_beside_it_in_one_other(name, first):
    parts, numbers, found = placed(MAPS[name], first)
    assert len(found.parts) + len(found.lost) == (parts.labels != CLEAR).sum()
    taken = np.zeros(parts.numbers.shape, np.int64)
    for place, part in enumerate(found.parts.tolist()):
        box = box_of(found, numbers[part], place)
        inside = np.unique(parts.numbers[box])
        assert len(inside) == 1
        assert (inside[0] == part) != bool(found.beside[place])
        x, y = (found.poles[place] - 0.5).astype(int)
        assert parts.numbers[y, x] == part
        taken[box] += 1
    assert taken.max(initial=0) <= 1


def test_a_number_is_in_the_middle_of_a_square_and_as_large_as_it_may_be():
    _, _, found = placed(np.zeros((101, 101), np.uint8))
    np.testing.assert_allclose(found.middles, [[50.5, 50.5]], atol=4)
    np.testing.assert_allclose(found.heights * STEP, [4.0])


def test_numbers_are_smaller_where_there_is_less_room_but_not_too_small():
    labels = np.zeros((200, 200), np.uint8)
    labels[20:34, 20:34] = 1
    labels[100:110, 20:30] = 2
    _, _, found = placed(labels)
    heights = dict(zip(found.parts.tolist(), (found.heights * STEP).round(3).tolist(), strict=True))
    assert heights[0] == 4.0
    assert 1.2 <= heights[2] < heights[1] < 4.0


def test_a_ring_has_its_number_on_it():
    y, x = np.mgrid[:200, :200]
    away = np.hypot(x - 100, y - 100)
    _, _, found = placed(((away < 80) & (away > 55)).astype(np.uint8), 12)
    assert not found.beside.any()


def test_what_has_no_room_gets_a_line_and_far_ones_only_where_they_may():
    labels = np.zeros((200, 200), np.uint8)
    labels[100:102, 100:102] = 1
    _, _, found = placed(labels)
    assert found.beside.tolist() == [False, True]
    assert np.hypot(*(found.middles[1] - found.poles[1])) * STEP < 4
    y, x = np.mgrid[:300, :300]
    crowded = np.where(np.hypot(x - 150, y - 150) < 60, x % 2, 2).astype(np.uint8)
    crowded[150, 150] = 9
    parts = find_parts(crowded)
    dot, numbers = np.flatnonzero(parts.labels == 9), parts.labels.astype(np.int64)
    assert dot in place_numbers(parts, numbers, (1.2, 4), STEP, np.zeros(len(parts), bool)).lost
    assert dot not in place_numbers(parts, numbers, (1.2, 4), STEP, parts.labels == 9).lost


def test_clear_parts_get_none():
    labels = np.full((100, 100), CLEAR, np.uint8)
    labels[:, :50] = 0
    parts, _, found = placed(labels)
    assert found.parts.tolist() == [0]
    assert len(parts) == 2
