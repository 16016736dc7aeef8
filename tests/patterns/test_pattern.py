"""Patterns: entries, their codes, counts, and single cells."""

import csv
from io import StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize import Palette, Picture, QuantizeError, find_table
from quantize.patterns.entries import read_entries
from quantize.patterns.pattern import make_pattern, write_counts
from quantize.patterns.strays import EMPTY, remove_strays
from tests.degenerate import KINDS

HAMA = find_table("hama").palette


def random_colors(n, seed=0):
    codes = np.random.default_rng(seed).choice(2**24, n, replace=False)
    return (codes[:, None] >> np.array([16, 8, 0]) & 255).astype(np.uint8)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("soft", [False, True], ids=["opaque", "transparent"])
def test_counts_sum_to_the_visible_cells_and_entries_are_used(kind, soft):
    rng = np.random.default_rng(5)
    pixels = kind.make(rng)[:60, :60]
    alpha = rng.integers(0, 256, pixels.shape[:2], dtype=np.uint8) if soft else None
    if soft:
        alpha[0, 0] = 255
    pattern = make_pattern(Picture.from_pixels(pixels, alpha), HAMA, without_strays=soft)
    visible = np.ones(pixels.shape[:2], bool) if alpha is None else alpha >= 128
    np.testing.assert_array_equal(pattern.indices != EMPTY, visible)
    assert pattern.counts.sum() == visible.sum()
    assert (pattern.counts > 0).all()
    assert [entry.number for entry in pattern.entries] == sorted({entry.number for entry in pattern.entries})


def test_a_picture_of_the_palettes_colors_keeps_them_and_their_codes():
    rows = np.random.default_rng(1).integers(0, len(HAMA), (30, 40))
    entries = read_entries(HAMA)
    pattern = make_pattern(Picture.from_pixels(HAMA.colors[rows]), HAMA)
    for row, place in zip(rows.flat, pattern.indices.flat, strict=True):
        assert pattern.entries[place].hex == entries[row].hex
        assert pattern.entries[place].code == HAMA.names[HAMA.hexes.index(entries[row].hex)].split()[0]


@pytest.mark.parametrize("soft", [False, True], ids=["opaque", "transparent"])
def test_256_entries_have_room_beside_empty_cells(soft):
    colors = random_colors(256)
    pixels = np.resize(colors, (20, 20, 3))
    alpha = np.full((20, 20), 255, np.uint8)
    alpha[-1] = 0 if soft else 255
    pattern = make_pattern(Picture.from_pixels(pixels, alpha), Palette(colors))
    assert [entry.code for entry in pattern.entries] == [str(n + 1) for n in range(256)]
    np.testing.assert_array_equal(pattern.indices[:-1].ravel(), np.arange(380) % 256)
    assert (pattern.indices[-1] == EMPTY).all() == soft


def test_numbers_are_the_palettes_whatever_is_used_or_stands_twice():
    palette = Palette(np.array([[9, 9, 9], [200, 0, 0], [200, 0, 0], [0, 0, 200]], np.uint8))
    picture = Picture.from_pixels(palette.colors[None, 1:])
    assert [entry.code for entry in make_pattern(picture, palette).entries] == ["2", "4"]
    assert [entry.code for entry in make_pattern(picture, palette, [3, 0]).entries] == ["1", "4"]
    many = Palette(np.concatenate([np.repeat(palette.colors, 200, axis=0)]))
    assert [entry.code for entry in make_pattern(picture, many).entries] == ["201", "601"]


@pytest.mark.parametrize(
    ("names", "codes", "left"),
    [
        (["H1 Red", "H2 Dark red", "H3"], ["H1", "H2", "H3"], ["Red", "Dark red", ""]),
        (["310 Black", "White", "80-15 Sky blue"], ["310", "#2", "80-15"], ["Black", "White", "Sky blue"]),
        (["Red", "H2 Blue", "Sky"], ["1", "2", "3"], ["Red", "H2 Blue", "Sky"]),
        (["1 Red", "1 Blue", "2 Sky"], ["1", "2", "3"], ["1 Red", "1 Blue", "2 Sky"]),
        (["٣ أحمر", "漢4 赤", "5 🔴"], ["1", "2", "3"], ["٣ أحمر", "漢4 赤", "5 🔴"]),
        (["A1 Red", "A\u200d1 Blue", "#3 Sky"], ["1", "2", "3"], ["A1 Red", "A\u200d1 Blue", "#3 Sky"]),
        (["B1 Red", "B2 Blue", "#1 Sky"], ["B1", "B2", "#3"], ["Red", "Blue", "#1 Sky"]),
        (["a-very-long-word-with-1", "b2", ""], ["1", "2", "3"], ["a-very-long-word-with-1", "b2", ""]),
    ],
)  # fmt: skip
def test_codes_are_first_words_with_a_digit_or_else_places(names, codes, left):
    entries = read_entries(Palette(random_colors(3), names=names))
    assert [entry.code for entry in entries] == codes
    assert [entry.name for entry in entries] == left


def test_built_in_beads_have_their_makers_codes():
    for key, code in (("hama", "H01"), ("perler", "80-15179"), ("artkal-s", "S01")):
        entries = read_entries(find_table(key).palette)
        assert entries[0].code == code
        assert not any(entry.code.startswith("#") for entry in entries)


@given(
    cells=st.integers(1, 8).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(-1, 3), min_size=width, max_size=width), min_size=1, max_size=8
        )
    )
)
def test_no_stray_is_left_and_nothing_else_changes(cells):
    before, colors = np.array(cells, np.int16), random_colors(4)
    after = remove_strays(before, colors)

    def around(grid, row, column):
        window = np.pad(grid, 1, constant_values=EMPTY)[row : row + 3, column : column + 3].ravel().tolist()
        window.pop(4)
        return [cell for cell in window if cell != EMPTY]

    np.testing.assert_array_equal(after == EMPTY, before == EMPTY)
    for row, column in np.argwhere(before != EMPTY).tolist():
        near = around(after, row, column)
        assert after[row, column] in near or not near
        if before[row, column] in around(before, row, column):
            assert after[row, column] == before[row, column]
    np.testing.assert_array_equal(remove_strays(after, colors), after)


def test_a_speck_takes_what_most_neighbours_have_and_of_equal_ones_the_nearest():
    colors = np.array([[0, 0, 0], [255, 255, 255], [40, 40, 40]], np.uint8)
    specked = np.array([[0, 0, 1], [0, 2, 1], [0, 1, 1]], np.int16)
    assert remove_strays(specked, colors)[1, 1] == 0
    colors[2] = 240
    assert remove_strays(specked, colors)[1, 1] == 1


def test_the_table_of_counts_holds_names_whole_and_no_formula():
    names = ["=1+1", '赤い 🔴, "dark"', "שמש", "-5 " + "long " * 30]
    colors = random_colors(4)
    cells = Picture.from_pixels(np.repeat(colors, [1, 2, 3, 4], axis=0)[None])
    pattern = make_pattern(cells, Palette(colors, names=names))
    data = write_counts(pattern)
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["code", "name", "hex", "count"]
    assert [row[1] for row in rows[1:]] == ["'=1+1", names[1], names[2], "'" + names[3].strip()]
    assert [int(row[3]) for row in rows[1:]] == [1, 2, 3, 4]
    assert [row[2] for row in rows[1:]] == Palette(colors).hexes


def test_what_cannot_be_a_pattern_is_a_sentence():
    dot = Picture.from_pixels(np.zeros((1, 1, 3), np.uint8))
    with pytest.raises(QuantizeError, match="1 to 256 different colours for a chart, got 257: choose"):
        make_pattern(dot, Palette(random_colors(257)))
    with pytest.raises(QuantizeError, match="cells must be at most 500 × 500, got 501 × 1"):
        make_pattern(Picture.from_pixels(np.zeros((1, 501, 3), np.uint8)), HAMA)
    nothing = Picture.from_pixels(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.uint8))
    with pytest.raises(QuantizeError, match="visible"):
        make_pattern(nothing, HAMA)
