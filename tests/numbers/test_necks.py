"""Regions at whose necks outlines meet: every closed area of the sheet that is drawn has its number."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from quantize import Picture, quantize_image
from quantize.decoding.samples import load_sample
from quantize.numbers.flat import PER_MM, draw_sheet_flat
from quantize.numbers.layout import Choices
from quantize.numbers.necks import find_lobes, split_lobes
from quantize.numbers.numbered import Numbered, number_picture
from quantize.numbers.outlines import draw_lines
from quantize.numbers.room import measure_distances
from quantize.palettes.palette import Palette
from quantize.regions.borders import trace_borders
from quantize.regions.parts import CLEAR, find_parts


def dumbbell(neck: int) -> np.ndarray:
    """Two squares of 20 pixels, and a neck between them."""
    labels = np.zeros((40, 70), np.uint8)
    labels[10:30, 5:25] = labels[10:30, 45:65] = labels[20 : 20 + neck, 25:45] = 1
    return labels


def split(labels: np.ndarray, narrow: float = 1.0, radius: float = 5.0, kept=(), least: float = 1.0):
    parts = find_parts(labels)
    lobes = find_lobes(parts, measure_distances(labels), narrow, radius, np.isin(parts.labels, kept), least)
    return parts, split_lobes(parts, lobes, lambda: None)


@pytest.mark.parametrize(("neck", "pieces"), [(1, 2), (2, 2), (3, 1), (8, 1)])
def test_a_narrow_neck_parts_and_a_wide_one_does_not(neck, pieces):
    parts, found = split(dumbbell(neck))
    assert (found.labels == 1).sum() == pieces
    assert (found is parts) == (pieces == 1)
    assert split(dumbbell(neck), narrow=9.0)[1].areas[1:].max() < 1000 or pieces == 1


def test_pieces_without_room_for_a_brush_are_none_but_protected_ones():
    labels = dumbbell(1)
    labels[10:30, 49:65] = 0  # four pixels wide
    parts, found = split(labels)
    assert found is parts
    assert split(labels, kept=[1], least=1000)[1].labels.tolist().count(1) == 1
    assert split(dumbbell(1), radius=50.0, kept=[1])[1].labels.tolist().count(1) == 2


@pytest.mark.parametrize("seed", range(6))
def test_pieces_hang_together_and_are_numbered_as_parts_are(seed):
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random((60, 90)).astype(np.float32), (0, 0), 3)
    labels = np.digitize(noise, np.quantile(noise, [0.3, 0.6, 0.9])).astype(np.uint8)
    labels[labels == 3] = CLEAR
    parts, found = split(labels, narrow=2.0, radius=2.0, kept=[1])
    assert len(found) > len(parts)
    np.testing.assert_array_equal(found.map, labels)
    first = [int(np.flatnonzero(found.numbers == part)[0]) for part in range(len(found))]
    assert first == sorted(first)
    for part in range(len(found)):
        mask = (found.numbers == part).astype(np.uint8)
        assert cv2.connectedComponents(mask, connectivity=4)[0] == 2
        assert mask.sum() == found.areas[part]
        assert len(np.unique(parts.numbers[mask == 1])) == 1
    assert (found.labels == CLEAR).sum() == (parts.labels == CLEAR).sum()


def room_without_number(made: Numbered) -> float:
    """mm of the largest disc in an area of the drawn sheet that is closed and has no number."""
    drawn = draw_lines(made)
    sheet = draw_sheet_flat(made, replace(drawn, numerals=()))
    free = (sheet[..., 0] > 250).view(np.uint8)
    n, areas = cv2.connectedComponents(free, connectivity=4)
    has, scale = np.zeros(n, bool), made.layout.step * PER_MM
    for middle, pole, beside in zip(made.places.middles, made.places.poles, made.places.beside, strict=True):
        x, y = ((pole if beside else middle) * scale).astype(int)
        has[areas[y, x]] = True
    clear = (made.parts.map == CLEAR).view(np.uint8)
    clear = cv2.resize(clear, areas.shape[::-1], interpolation=cv2.INTER_NEAREST)
    has[np.unique(areas[clear == 1])] = True
    room = cv2.distanceTransform(free, cv2.DIST_L2, 5)
    return 2 * float(room[~has[areas] & (free == 1)].max(initial=0)) / PER_MM


@pytest.mark.parametrize(
    ("name", "protect"), [("astronaut", ()), ("astronaut", (0,)), ("cat", ()), ("coffee", ())]
)
def test_every_closed_area_into_which_the_brush_fits_has_a_number(name, protect):
    picture = load_sample(name)
    palette = Palette(quantize_image(picture, n_colors=16).palette)
    choices = Choices(protect=tuple(palette.hexes[place] for place in protect))
    made = number_picture(picture, palette, choices, own=False)
    assert room_without_number(made) < choices.brush


def test_pieces_are_closed_and_no_area_has_two_numbers_of_one_region():
    """What was parted is drawn apart: each number inside stands in a closed area of its own."""
    parts, found = split(dumbbell(2))
    assert len(trace_borders(found)) > len(trace_borders(parts))
    picture = load_sample("astronaut")
    palette = Palette(quantize_image(picture, n_colors=16).palette)
    made = number_picture(picture, palette, own=False)
    assert len(made.painted) < len(made.parts)
    borders = trace_borders(made.parts)
    apart = np.zeros(len(made.parts), bool)
    apart[borders.sides[(made.parts.labels[borders.sides] == made.parts.labels[borders.sides][:, ::-1]).all(1)
                        & (borders.sides >= 0).all(1)]] = True  # fmt: skip
    same = made.painted.numbers
    several = {int(one) for one in np.unique(same) if len(np.unique(made.parts.numbers[same == one])) > 1}
    assert several
    for one in several:
        assert apart[np.unique(made.parts.numbers[same == one])].all()


def test_drawings_have_no_closed_area_without_a_number():
    rng = np.random.default_rng(5)
    for _ in range(3):
        pixels = np.full((120, 160, 3), 255, np.uint8)
        for _ in range(14):
            color = tuple(int(value) for value in rng.choice([0, 90, 200], 3))
            x, y, size = (int(value) for value in rng.integers((0, 0, 4), (160, 120, 30)))
            cv2.rectangle(pixels, (x, y), (x + size, y + size), color, -1)
        palette = Palette(np.unique(pixels.reshape(-1, 3), axis=0))
        made = number_picture(Picture.from_pixels(pixels), palette, own=False)
        assert room_without_number(made) < 2.5
