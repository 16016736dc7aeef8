"""Connected parts, and small ones merged: against a slow flood, and rules over hostile and generated maps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from quantize.errors import QuantizeError
from quantize.regions import parts as parts_module
from quantize.regions.parts import CLEAR, Parts, find_parts
from quantize.regions.specks import merge_specks
from tests.regions.maps import HOSTILE, Labels, blobs, flood

some_maps = st.integers(1, 4).flatmap(
    lambda n: arrays(
        np.uint8,
        array_shapes(min_dims=2, max_dims=2, max_side=14),
        elements=st.sampled_from([*range(n), CLEAR]),
    )
)


def check_parts(labels: Labels, parts: Parts) -> None:
    expected = np.full(labels.shape, -1)
    of_parts, areas = [], []
    for number, (label, pixels) in enumerate(flood(labels)):
        expected[tuple(np.array(pixels).T)] = number
        of_parts.append(label)
        areas.append(len(pixels))
    np.testing.assert_array_equal(parts.numbers, expected)
    assert (parts.labels.tolist(), parts.areas.tolist()) == (of_parts, areas)
    np.testing.assert_array_equal(parts.map, labels)


@pytest.mark.parametrize("name", HOSTILE)
def test_parts_are_what_a_flood_finds(name):
    check_parts(HOSTILE[name], find_parts(HOSTILE[name]))


@given(some_maps)
def test_parts_are_what_a_flood_finds_on_any_map(labels):
    check_parts(labels, find_parts(labels))


@pytest.mark.parametrize("threads", ["1", "2", "3"])
def test_bands_and_threads_change_nothing(monkeypatch, threads):
    monkeypatch.setattr(parts_module, "_BAND", 51 * 4)
    monkeypatch.setenv("QUANTIZE_THREADS", threads)
    for labels in (*HOSTILE.values(), blobs(200, 51, 3, cell=9)):
        check_parts(labels, find_parts(labels))


def test_parts_of_a_large_map_are_as_many_as_scipy_finds():
    labels = blobs(700, 900, 5, cell=7)
    parts = find_parts(labels)
    assert len(parts) == sum(ndimage.label(labels == label)[1] for label in range(5))
    assert parts.areas.sum() == labels.size


def test_a_read_only_map_and_one_with_steps_are_fine():
    labels = blobs(20, 30, 4)
    labels.flags.writeable = False
    check_parts(labels, find_parts(labels))
    check_parts(labels[::2, ::3], find_parts(labels[::2, ::3]))


@pytest.mark.parametrize(
    "labels", [np.zeros((0, 3), np.uint8), np.zeros((3, 3), np.int32), np.zeros(4, np.uint8), [[1]]]
)
def test_what_is_no_label_map_is_refused(labels):
    with pytest.raises(QuantizeError, match=r"labels must be uint8 of shape \(h, w\)"):
        find_parts(labels)


def neighbours(parts: Parts) -> set[tuple[int, int]]:
    """Pairs of parts that touch, clear ones aside."""
    numbers, found = parts.numbers, set()
    for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])):
        apart = one != other
        found |= set(zip(one[apart].tolist(), other[apart].tolist(), strict=True))
    clear = {int(number) for number in np.flatnonzero(parts.labels == CLEAR)}
    return {pair for one, other in found for pair in ((one, other), (other, one)) if not {one, other} & clear}


def check_merged(labels: Labels, smallest: int) -> None:
    before = find_parts(labels)
    merged = merge_specks(before, smallest)
    check_parts(merged.map, merged)  # the record says what its own map does
    np.testing.assert_array_equal(merged.map == CLEAR, labels == CLEAR)
    assert set(np.unique(merged.map)) <= set(np.unique(labels))
    touched = {one for one, _ in neighbours(merged)}
    for number in np.flatnonzero(merged.areas < smallest).tolist():
        assert merged.labels[number] == CLEAR or number not in touched
    # Parts that are large enough keep their pixels.
    for number in np.flatnonzero(before.areas >= smallest):
        assert (merged.map[before.numbers == number] == before.labels[number]).all()
    # A part changes as one.
    for number in range(len(before)):
        assert len(set(merged.numbers[before.numbers == number].tolist())) == 1
    again = merge_specks(merged, smallest)
    np.testing.assert_array_equal(again.map, merged.map)


@pytest.mark.parametrize("smallest", [1, 2, 3, 7, 50, 10_000])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_part_under_the_smallest_size_is_left(name, smallest):
    check_merged(HOSTILE[name], smallest)


@given(some_maps, st.integers(1, 40))
def test_no_part_under_the_smallest_size_is_left_on_any_map(labels, smallest):
    check_merged(labels, smallest)


def test_a_speck_joins_what_it_borders_most():
    labels = np.array([[0, 0, 0, 0, 0], [0, 2, 2, 2, 0], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1]], np.uint8)
    merged = merge_specks(find_parts(labels), 4)  # five sides are 0's, three are 1's
    assert (merged.map[1] == 0).all()


def test_sides_of_all_parts_of_one_label_count_together_and_these_become_one():
    labels = np.array([[0, 0, 1, 0, 0], [0, 0, 2, 0, 0], [1, 1, 1, 1, 1]], np.uint8)
    # The pixel of 2 has 0 left and right, in two parts, 1 above and below: equal, so the first label.
    merged = merge_specks(find_parts(labels), 2)
    assert merged.map[1, 2] == 0
    assert merged.areas.tolist() == [10, 5]  # and the single 1 on top has gone as well


def test_of_equal_borders_the_nearer_colour_is_taken():
    labels = np.array([[0, 0, 0], [1, 2, 0], [1, 1, 1]], np.uint8)
    palette = np.array([[0, 0, 0], [200, 200, 200], [180, 180, 180]], np.uint8)
    assert merge_specks(find_parts(labels), 2).map[1, 1] == 0
    assert merge_specks(find_parts(labels), 2, palette).map[1, 1] == 1


def test_the_smallest_goes_first():
    labels = np.array([[0, 0, 0, 0, 0], [3, 2, 2, 0, 0], [0, 0, 0, 0, 0]], np.uint8)
    # The single 3 has one side with 2 and two with 0: it goes to 0 before the pair of 2 is looked at.
    merged = merge_specks(find_parts(labels), 3)
    assert (merged.map == 0).all()


def test_steps_and_looks_in_between_change_nothing(monkeypatch):
    labels, looks = blobs(60, 70, 5, seed=4, cell=3), []
    whole = merge_specks(find_parts(labels), 30)
    monkeypatch.setattr("quantize.regions.specks._AT_ONCE", 10)
    cut = merge_specks(find_parts(labels), 30, checkpoint=lambda: looks.append(1))
    np.testing.assert_array_equal(cut.map, whole.map)
    assert len(looks) > 20


def test_the_work_ends_when_the_checkpoint_says_so():
    def stop() -> None:
        raise KeyboardInterrupt

    parts = find_parts(blobs(60, 70, 5))
    with pytest.raises(KeyboardInterrupt):
        merge_specks(parts, 30, checkpoint=stop)
    with pytest.raises(KeyboardInterrupt):
        find_parts(blobs(60, 70, 5), checkpoint=stop)


@pytest.mark.parametrize("smallest", [0, -3, 2.5, True, "many"])
def test_a_size_that_is_none_is_refused(smallest):
    with pytest.raises(QuantizeError, match="smallest must be a whole number of pixels of at least 1, got"):
        merge_specks(find_parts(HOSTILE["dots"]), smallest)
