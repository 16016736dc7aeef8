"""Borders as a graph, and curves along them: every side of a pixel once, every edge for both of its sides."""

import itertools

import numpy as np
import pytest
from hypothesis import given

from quantize.errors import QuantizeError
from quantize.regions import curves as curves_module
from quantize.regions.borders import Borders, Outlines, chain_edges, trace_borders
from quantize.regions.curves import Curves, fit_curves
from quantize.regions.parts import Parts, find_parts
from tests.regions.maps import HOSTILE, blobs, rings
from tests.regions.test_parts import some_maps

STEPS = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])


def corners(borders: Borders, edge: int) -> np.ndarray:
    """The corners along an edge, int (n + 1, 2), x and y."""
    steps = STEPS[borders.steps[borders.starts[edge] : borders.starts[edge + 1]]]
    return borders.origins[edge] + np.concatenate([np.zeros((1, 2), int), np.cumsum(steps, axis=0)])


def sides_of(parts: Parts, here: np.ndarray, there: np.ndarray) -> tuple[int, int]:
    """The parts left and right of a step between two corners, -1 outside."""
    middle, (across, down) = (here + there) / 2, there - here
    padded = np.pad(parts.numbers, 1, constant_values=-1)

    def at(x: float, y: float) -> int:
        return int(padded[int(np.floor(y)) + 1, int(np.floor(x)) + 1])

    # Where y goes down, left of (across, down) is (down, -across).
    left = at(middle[0] + down / 2, middle[1] - across / 2)
    return left, at(middle[0] - down / 2, middle[1] + across / 2)


def check_borders(labels: np.ndarray) -> None:
    parts = find_parts(labels)
    borders = trace_borders(parts)
    seen: dict[tuple, int] = {}
    for edge in range(len(borders)):
        path = corners(borders, edge)
        assert tuple(path[-1]) == tuple(borders.ends[edge])
        assert (edge >= borders.n_open) <= (tuple(path[0]) == tuple(path[-1]))
        for here, there in itertools.pairwise(path):
            side = tuple(sorted([tuple(here.tolist()), tuple(there.tolist())]))
            seen[side] = seen.get(side, 0) + 1
            assert sides_of(parts, here, there) == tuple(borders.sides[edge].tolist())
    padded = np.pad(parts.numbers, 1, constant_values=-1)
    n_sides = (padded[1:] != padded[:-1]).sum() + (padded[:, 1:] != padded[:, :-1]).sum()
    assert set(seen.values()) == {1}
    assert len(seen) == n_sides
    check_outlines(parts, borders, chain_edges(borders))


def check_outlines(parts: Parts, borders: Borders, outlines: Outlines) -> None:
    """Every edge is used once for either side, ways are closed, and what they enclose is their part."""
    used = np.bincount(outlines.halves, minlength=2 * len(borders))
    np.testing.assert_array_equal(used, (borders.sides.reshape(-1) >= 0).astype(int))
    crossings = np.zeros((len(parts), *parts.numbers.shape), int)
    for way, number in enumerate(outlines.parts):
        halves = outlines.halves[outlines.starts[way] : outlines.starts[way + 1]].tolist()
        paths = [corners(borders, half >> 1)[:: -1 if half & 1 else 1] for half in halves]
        for one, other in zip(paths, [*paths[1:], paths[0]], strict=True):
            assert tuple(one[-1]) == tuple(other[0])
        for path in paths:
            for here, there in itertools.pairwise(path):
                if here[0] == there[0]:  # a side that goes down or up: all pixels to its right cross it
                    crossings[number, min(here[1], there[1]), here[0] :] += 1
    inside = crossings % 2 == 1
    np.testing.assert_array_equal(inside, parts.numbers == np.arange(len(parts))[:, None, None])
    assert set(outlines.parts.tolist()) == set(range(len(parts)))


@pytest.mark.parametrize("name", HOSTILE)
def test_every_side_is_in_one_edge_and_every_edge_in_two_outlines(name):
    check_borders(HOSTILE[name])


@given(some_maps)
def test_the_same_on_any_map(labels):
    check_borders(labels)


def test_one_colour_has_its_frame_and_an_island_a_ring():
    alone = trace_borders(find_parts(np.zeros((3, 5), np.uint8)))
    assert (len(alone), alone.n_open, sorted(alone.lengths.tolist())) == (4, 4, [3, 3, 5, 5])
    labels = np.zeros((5, 5), np.uint8)
    labels[2, 2] = 1
    island = trace_borders(find_parts(labels))
    assert (len(island), island.n_open, island.lengths[4]) == (5, 4, 4)


def points_of(curves: Curves, edge: int, n: int = 24) -> np.ndarray:
    """Points along an edge's curves, float (m, 2)."""
    made, here = [], curves.begins[edge].astype(float)
    u = np.linspace(0, 1, n)[:, None]
    for curve in range(curves.starts[edge], curves.starts[edge + 1]):
        a, b, c = curves.controls[curve].astype(float)
        if curves.straight[curve]:
            made.append(here + (c - here) * u)
        else:
            made.append((1 - u) ** 3 * here + 3 * u * (1 - u) ** 2 * a + 3 * u**2 * (1 - u) * b + u**3 * c)
        here = c
    return np.concatenate(made)


def check_curves(labels: np.ndarray, near: float) -> None:
    borders = trace_borders(find_parts(labels))
    curves = fit_curves(borders, near)
    assert np.isfinite(curves.controls).all()
    assert (np.diff(curves.starts) > 0).all()
    assert len(curves.straight) == len(curves.controls) == curves.starts[-1]
    for edge in range(len(borders)):
        path, points = corners(borders, edge).astype(float), points_of(curves, edge)
        if edge < borders.n_open:
            assert tuple(points[0]) == tuple(path[0])
            assert tuple(points[-1]) == tuple(path[-1])
        else:
            assert tuple(points[0]) == tuple(points[-1])
        middles = (path[1:] + path[:-1]) / 2
        away = np.sqrt(np.square(middles[:, None] - points).sum(axis=2)).min(axis=1)
        assert away.max() <= near + 0.75
        back = np.sqrt(np.square(points[:, None] - np.concatenate([middles, path])).sum(axis=2)).min(axis=1)
        assert back.max() <= near + 1


@pytest.mark.parametrize("near", [0.01, 0.05, 0.5])
@pytest.mark.parametrize("name", HOSTILE)
def test_curves_keep_junctions_and_come_near_the_middle_of_every_side(name, near):
    check_curves(HOSTILE[name], near)


@given(some_maps)
def test_curves_come_near_on_any_map(labels):
    check_curves(labels, 0.05)


@pytest.mark.parametrize("name", HOSTILE)
def test_without_room_the_sides_of_pixels_stay(name):
    borders = trace_borders(find_parts(HOSTILE[name]))
    curves = fit_curves(borders, 0)
    assert curves.straight.all()
    for edge in range(len(borders)):
        path = corners(borders, edge)
        kept = {
            tuple(point)
            for point in curves.controls[curves.starts[edge] : curves.starts[edge + 1], 2].tolist()
        }
        turns = [
            tuple(map(float, path[i]))
            for i in range(1, len(path) - 1)
            if tuple(path[i + 1] - path[i]) != tuple(path[i] - path[i - 1])
        ]
        assert kept == {*turns, tuple(map(float, path[-1]))}


def test_squares_keep_their_corners():
    borders = trace_borders(find_parts(rings(40)))
    curves = fit_curves(borders)
    for ring in np.flatnonzero(borders.lengths[borders.n_open :] >= 24) + borders.n_open:
        made = slice(curves.starts[ring], curves.starts[ring + 1])
        assert curves.straight[made].tolist() == [True] * 4
        low, high = borders.origins[ring, 0], 40 - borders.origins[ring, 0]
        ends = {tuple(point) for point in curves.controls[made, 2].tolist()}
        assert ends == {(low, low), (high, low), (high, high), (low, high)}


def share_inside(labels: np.ndarray, near: float) -> float:
    """The share of pixels whose middles lie within the curves around their part."""
    parts = find_parts(labels)
    borders = trace_borders(parts)
    curves, outlines = fit_curves(borders, near), chain_edges(borders)
    x, y = np.arange(labels.shape[1]) + 0.5, np.arange(labels.shape[0]) + 0.5
    crossings = np.zeros((len(parts), *labels.shape), int)
    for way, number in enumerate(outlines.parts):
        for half in outlines.halves[outlines.starts[way] : outlines.starts[way + 1]].tolist():
            points = points_of(curves, half >> 1).astype(float)
            for here, there in itertools.pairwise(points):
                top, bottom = sorted((here[1], there[1]))
                for row in np.flatnonzero((y >= top) & (y < bottom)):
                    cut = here[0] + (there[0] - here[0]) * (y[row] - here[1]) / (there[1] - here[1])
                    crossings[number, row] += x > cut
    inside = crossings % 2 == 1
    return float(np.take_along_axis(inside, parts.numbers[None], axis=0).mean())


def disc(radius: int) -> np.ndarray:
    y, x = np.mgrid[: 2 * radius + 9, : 2 * radius + 9] - radius - 4
    return (x**2 + y**2 < radius**2).astype(np.uint8)


@pytest.mark.parametrize("near", [0, 0.05])
@pytest.mark.parametrize("labels", [disc(30), disc(9), rings(23), blobs(50, 60, 3, cell=10)])
def test_nearly_all_pixels_lie_within_the_curves_of_their_part(labels, near):
    assert share_inside(labels, near) >= (0.985 if near else 1)


def test_a_disc_is_round_and_has_fewer_curves_than_sides():
    labels = disc(40)
    borders = trace_borders(find_parts(labels))
    curves = fit_curves(borders)
    ring = borders.n_open
    assert curves.starts[ring + 1] - curves.starts[ring] < borders.lengths[ring] / 4
    radii = np.hypot(*(points_of(curves, ring) - 44.5).T)
    assert np.abs(radii - 40).max() < 0.7


@pytest.mark.parametrize("seed", range(12))
def test_thin_strokes_keep_their_width_to_their_ends(seed):
    rng = np.random.default_rng(seed)
    labels, left, strokes = np.zeros((90, 120), np.uint8), 4, []
    labels[70:] = 1
    while left < 110:
        width, gap = rng.integers(1, 4, 2)
        top = int(rng.integers(5, 40))
        labels[top:70, left : left + width] = 1
        strokes.append((top, left, int(width)))
        left += int(width + gap)
    labels = labels.T.copy() if seed % 2 else labels
    borders = trace_borders(find_parts(labels))
    curves = fit_curves(borders)
    edges = [points_of(curves, one) for one in range(len(borders)) if -1 not in borders.sides[one]]
    points = np.concatenate(edges)[:, :: -1 if seed % 2 else 1]
    for top, left, width in strokes:
        for y in range(top + 4, 66):
            for side in (left, left + width):
                near = points[(np.abs(points[:, 1] - y) < 40) & (np.abs(points[:, 0] - side) < 0.5)]
                order = np.argsort(near[:, 1])
                assert abs(np.interp(y, near[order, 1], near[order, 0]) - side) < 0.32


def turns_of(curves: Curves, edge: int) -> np.ndarray:
    """By how many degrees the way turns where one curve meets the next."""
    here, ways = curves.begins[edge].astype(float), []
    for curve in range(curves.starts[edge], curves.starts[edge + 1]):
        a, b, c = curves.controls[curve].astype(float)
        ways.append((c - here, c - here) if curves.straight[curve] else (a - here, c - b))
        here = c
    came = np.array([last for _, last in ways])
    goes = np.roll([first for first, _ in ways], -1, axis=0)
    cross, dot = came[:, 0] * goes[:, 1] - came[:, 1] * goes[:, 0], (came * goes).sum(axis=1)
    turns = np.abs(np.degrees(np.arctan2(cross, dot)))
    return turns if tuple(curves.begins[edge]) == tuple(here) else turns[:-1]


@pytest.mark.parametrize("seed", range(25))
def test_a_round_border_is_round_and_turns_nowhere_much(seed):
    rng = np.random.default_rng(seed)
    radius, (x, y) = rng.uniform(8, 130), rng.uniform(140, 141, 2)
    rows, columns = np.mgrid[:281, :281] + 0.5
    borders = trace_borders(find_parts(((columns - x) ** 2 + (rows - y) ** 2 < radius**2).astype(np.uint8)))
    curves = fit_curves(borders)
    (ring,) = range(borders.n_open, len(borders))
    away = np.hypot(*(points_of(curves, ring) - [x, y]).T) - radius
    assert abs(away.mean()) < 0.05
    assert away.std() < 0.2
    assert turns_of(curves, ring).max() < 20


@pytest.mark.parametrize("seed", range(40))
def test_a_slanted_border_is_a_line(seed):
    rng = np.random.default_rng(seed)
    slant, (x, y) = rng.uniform(0.02, np.pi / 2 - 0.02), rng.uniform(80, 81, 2)
    rows, columns = np.mgrid[:161, :161] + 0.5
    labels = ((rows - y) * np.cos(slant) > (columns - x) * np.sin(slant)).astype(np.uint8)
    borders = trace_borders(find_parts(labels))
    curves = fit_curves(borders)
    (edge,) = [one for one in range(borders.n_open) if sorted(borders.sides[one].tolist()) == [0, 1]]
    points = points_of(curves, edge)
    away = (points[:, 1] - y) * np.cos(slant) - (points[:, 0] - x) * np.sin(slant)
    inner = away[(points > 3).all(axis=1) & (points < 158).all(axis=1)]
    assert inner.std() < 0.25
    assert turns_of(curves, edge)[1:-1].max(initial=0) < 20


@pytest.mark.parametrize("threads", ["1", "3"])
def test_pieces_and_threads_change_no_curve(monkeypatch, threads):
    borders = trace_borders(find_parts(blobs(60, 70, 5)))
    whole = fit_curves(borders)
    monkeypatch.setattr(curves_module, "_AT_ONCE", 50)
    monkeypatch.setenv("QUANTIZE_THREADS", threads)
    cut = fit_curves(borders)
    for name in ("begins", "starts", "controls", "straight"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(whole, name))


@pytest.mark.parametrize("near", [-1, 11, True, "near", float("nan")])
def test_a_distance_that_is_none_is_refused(near):
    borders = trace_borders(find_parts(rings(5)))
    with pytest.raises(QuantizeError, match="near must be a number of pixels from 0 to 10, got"):
        fit_curves(borders, near)


def test_parts_of_one_label_that_lie_beside_each_other_have_a_border():
    parts = find_parts(np.zeros((4, 6), np.uint8))
    halves = Parts(np.repeat(np.array([[0, 0, 0, 1, 1, 1]], np.int32), 4, axis=0), np.zeros(2, np.uint8),
                   np.array([12, 12], np.int32))  # fmt: skip
    labels = np.zeros((4, 6), np.uint8)
    labels[:, 3:] = 1
    expected, found = trace_borders(find_parts(labels)), trace_borders(halves)
    for name in ("origins", "ends", "starts", "steps", "sides"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert len(trace_borders(parts)) < len(found)
