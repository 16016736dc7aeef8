"""Palettes: the record itself, orders, merging."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quantize.colors.difference import delta_e_00
from quantize.colors.spaces import SPACES
from quantize.errors import QuantizeError
from quantize.palettes.order import ORDERS, path_length, sort_palette
from quantize.palettes.pairs import delta_e_00_pairs, merge_similar
from quantize.palettes.palette import MAX_NAME, Palette, clean_name
from tests.swatch_files import colors_of, random_colors

ROWS = hnp.arrays(np.uint8, st.tuples(st.integers(1, 12), st.just(3)))


# The record


def test_what_is_given_is_kept_and_cannot_be_changed():
    colors = colors_of("#c00000", "#00c000")
    palette = Palette(colors, [0.75, 0.25], ("Brick", ""))
    colors[:] = 0
    assert palette.hexes == ["#c00000", "#00c000"]
    assert palette.shares.tolist() == [0.75, 0.25]
    assert palette.names == ("Brick", "")
    with pytest.raises(ValueError, match="read-only"):
        palette.colors[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        palette.shares[0] = 1


def test_names_that_are_all_empty_are_no_names():
    assert Palette(colors_of("#c00000"), names=(" \n",)).names is None
    assert Palette(colors_of("#c00000", "#00c000"), names=("#C00000", "00c000")).names is None


def test_shares_from_counts():
    assert Palette.from_counts(colors_of("#c00000", "#00c000"), np.array([1, 3])).shares.tolist() == [
        0.25,
        0.75,
    ]
    with pytest.raises(QuantizeError, match="counts must sum to at least 1 pixel, got 0"):
        Palette.from_counts(colors_of("#c00000"), np.array([0]))


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("  two\r\nlines ", "two lines"),
        ("tab\tand\x00zero\x1b", "tab and zero"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("half \ud800pair", "half pair"),
        ("not\ufffea\ufdd0char\U0001ffff", "notachar"),
        ("</svg>\"'\\*/;}{", "</svg>\"'\\*/;}{"),
        ("Ünï 色 👩‍🎨", "Ünï 色 👩‍🎨"),
        ("\u202ereversed\u2066 \u200bzero\u200c\ufeff\U000e0041\xad", "reversed zero"),
        ("\u200d a\u200d\u200db \u200d \u200dc\u202e\u200d", "a\u200db c"),
        ("x" * (MAX_NAME - 1) + "\u200dx", "x" * (MAX_NAME - 1)),
        ("x" * 500, "x" * MAX_NAME),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f \U000e0067", "\U0001f3f4\U000e0067\U000e0062\U000e007f"),
        ("x" * (MAX_NAME - 2) + "\U0001f3f4\U000e0067\U000e007f", "x" * (MAX_NAME - 2) + "\U0001f3f4"),
        ("\u06dd12 \u3164\u2800", "\u06dd12"),
        ("x" * (MAX_NAME - 1) + " y", "x" * (MAX_NAME - 1)),
    ],
)
def test_names_fit_on_one_line_of_any_file(name, cleaned):
    assert clean_name(name) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing_more(name):
    once = clean_name(name)
    assert clean_name(once) == once
    assert len(once.splitlines()) <= 1
    once.encode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"colors": np.zeros((2, 4), np.uint8)},
            r"colors must be uint8 of shape \(k, 3\), got uint8 of shape",
        ),
        ({"colors": np.zeros((2, 3))}, "got float64"),
        ({"colors": np.zeros((0, 3), np.uint8)}, "palette must hold 1 to 4,096 colours, got 0"),
        ({"colors": np.zeros((4097, 3), np.uint8)}, "got 4,097"),
        ({"shares": [1.0]}, "shares must be 2 numbers"),
        ({"shares": [0.5, 0.6]}, "that sum to 1.1"),
        ({"shares": [1.5, -0.5]}, "shares must be"),
        ({"shares": [np.nan, 1]}, "shares must be"),
        ({"names": ("one",)}, "names must be one for each of 2 colours, got 1"),
    ],
)
def test_bad_palette_is_refused(arguments, message):
    with pytest.raises(QuantizeError, match=message):
        Palette(**{"colors": np.zeros((2, 3), np.uint8), **arguments})


# Orders


def test_share_is_largest_first_and_stable():
    palette = Palette(random_colors(4), [0.2, 0.3, 0.2, 0.3], ("a", "b", "c", "d"))
    assert sort_palette(palette, "share").names == ("b", "d", "a", "c")
    assert sort_palette(palette, "share").shares.tolist() == [0.3, 0.3, 0.2, 0.2]


def test_hue_puts_greys_first_then_goes_round():
    rainbow = colors_of(
        "#000000", "#808080", "#ffffff", "#ff0000", "#ffa500", "#ffff00", "#00ff00", "#0000ff"
    )
    shuffled = Palette(rainbow[[5, 2, 7, 0, 3, 6, 1, 4]])
    np.testing.assert_array_equal(sort_palette(shuffled, "hue").colors, rainbow)


def test_lightness_is_dark_to_light():
    # Blue is darker than red is darker than green to the eye; a sort by R + G + B could not tell.
    palette = Palette(colors_of("#ffffff", "#00ff00", "#0000ff", "#000000", "#ff0000"))
    assert sort_palette(palette, "lightness").hexes == ["#000000", "#0000ff", "#ff0000", "#00ff00", "#ffffff"]


def steps_of(colors: np.ndarray) -> np.ndarray:
    oklab = SPACES["Oklab"].to_working(colors).astype(float)
    return np.linalg.norm(oklab[:, None] - oklab[None], axis=2)


@pytest.mark.parametrize("seed", range(20))
def test_path_is_nearly_the_shortest_there_is(seed):
    palette = Palette(random_colors(7, seed))
    steps = steps_of(palette.colors)
    shortest = min(path_length(np.array(rows), steps) for rows in itertools.permutations(range(7)))
    path = sort_palette(palette, "path")
    assert path_length(np.arange(7), steps_of(path.colors)) <= shortest * 1.02


def test_no_single_change_shortens_the_path():
    steps = steps_of(sort_palette(Palette(random_colors(40)), "path").colors)
    rows = list(range(40))
    length = path_length(np.array(rows), steps) - 1e-6
    for i, j in itertools.permutations(rows, 2):
        moved = [row for row in rows if row != i]
        moved.insert(j, i)
        assert path_length(np.array(moved), steps) > length or moved == rows
        if i < j:
            turned = rows[:i] + rows[i : j + 1][::-1] + rows[j + 1 :]
            assert path_length(np.array(turned), steps) > length


def test_path_along_a_ramp_is_the_ramp():
    ramp = np.repeat(np.arange(0, 256, 5, dtype=np.uint8)[:, None], 3, axis=1)
    shuffled = np.random.default_rng(1).permutation(ramp)
    np.testing.assert_array_equal(sort_palette(Palette(shuffled), "path").colors, ramp)


def test_path_of_a_full_palette_is_shorter_than_any_other_order():
    palette = Palette(random_colors(256))
    lengths = {
        key: path_length(np.arange(256), steps_of(sort_palette(palette, key).colors))
        for key in ("hue", "lightness", "path")
    }
    assert lengths["path"] < 0.5 * min(lengths["hue"], lengths["lightness"])


@pytest.mark.parametrize("key", ["hue", "lightness", "path"])
@given(colors=ROWS, seed=st.integers(0, 100))
def test_orders_do_not_depend_on_the_order_given(key, colors, seed):
    shuffled = np.random.default_rng(seed).permutation(colors)
    first, second = sort_palette(Palette(colors), key), sort_palette(Palette(shuffled), key)
    np.testing.assert_array_equal(first.colors, second.colors)


@pytest.mark.parametrize("key", ORDERS)
@given(colors=ROWS)
def test_sorting_only_moves_entries(key, colors):
    k = len(colors)
    palette = Palette(colors, np.arange(1, k + 1) / (k * (k + 1) / 2), tuple(map(str, range(k))))
    done = sort_palette(palette, key)
    rows = [int(name) for name in done.names]
    assert sorted(rows) == list(range(k))
    np.testing.assert_array_equal(done.colors, colors[rows])
    np.testing.assert_array_equal(done.shares, palette.shares[rows])


def test_orders_that_cannot_be_had():
    palette = Palette(random_colors(257))
    with pytest.raises(
        QuantizeError, match="sort must be one of share, hue, lightness, path, file, got 'size'"
    ):
        sort_palette(palette, "size")
    with pytest.raises(QuantizeError, match="palette must know its shares"):
        sort_palette(palette, "share")
    with pytest.raises(QuantizeError, match="at most 256 colours for comparing every pair, got 257"):
        sort_palette(palette, "path")


# Pairs and merging


def test_differences_of_pairs():
    colors = random_colors(9)
    table = delta_e_00_pairs(colors)
    for i, j in itertools.product(range(9), repeat=2):
        assert table[i, j] == pytest.approx(delta_e_00(colors[i : i + 1], colors[j : j + 1])[0], abs=1e-4)
    assert (np.diag(table) == 0).all()


def test_merging_weighs_by_share_and_keeps_the_heavier_name():
    palette = Palette(colors_of("#808080", "#ff0000", "#848484"), [0.2, 0.2, 0.6], ("light", "red", "heavy"))
    merged = merge_similar(palette, 2)
    assert merged.hexes == ["#ff0000", "#838383"]
    np.testing.assert_allclose(merged.shares, [0.2, 0.8])
    assert merged.names == ("red", "heavy")


def test_weights_add_up_as_entries_merge():
    # 80 and 82 first, to 81; then 0.8 of 81 and 0.2 of 86.
    shares = [0.4, 0.4, 0.2]
    assert merge_similar(Palette(colors_of("#808080", "#828282", "#868686"), shares), 4).hexes == ["#828282"]
    # Without shares every entry weighs as much: 2 of 81 and 1 of 86.
    assert merge_similar(Palette(colors_of("#808080", "#828282", "#868686")), 4).hexes == ["#838383"]


def test_what_was_near_to_a_part_may_be_far_from_the_whole():
    greys = colors_of("#808080", "#888888", "#8c8c8c")
    to_part, to_whole = delta_e_00_pairs(colors_of("#808080", "#888888", "#8a8a8a"))[0, 1:]
    merged = merge_similar(Palette(greys), float(to_part + to_whole) / 2)
    assert merged.hexes == ["#808080", "#8a8a8a"]


def test_merged_name_comes_from_another_if_the_heaviest_has_none():
    palette = Palette(colors_of("#808080", "#818181"), [0.9, 0.1], ("", "grey"))
    assert merge_similar(palette, 2).names == ("grey",)


def test_kept_entries_stay_and_take_others_in():
    shares = np.array([0.1, 0.5, 0.3, 0.1])
    palette = Palette(colors_of("#808080", "#818181", "#828282", "#ff0000"), shares)
    merged = merge_similar(palette, 2, keep=("#808080", "#828282"))
    assert merged.hexes == ["#808080", "#828282", "#ff0000"]
    assert merged.shares.sum() == pytest.approx(1)
    assert merge_similar(palette, 2, keep=("#808080",)).hexes == ["#808080", "#ff0000"]


def test_entries_of_no_share_merge_too():
    palette = Palette(colors_of("#808080", "#828282", "#ff0000"), [0, 0, 1])
    assert merge_similar(palette, 2).hexes == ["#818181", "#ff0000"]


@given(colors=ROWS, threshold=st.floats(0, 30))
def test_no_two_are_near_after_merging(colors, threshold):
    merged = merge_similar(Palette(colors, np.full(len(colors), 1 / len(colors))), threshold)
    table = delta_e_00_pairs(merged.colors)
    np.fill_diagonal(table, np.inf)
    assert table.min() > threshold - 1e-3
    assert merged.shares.sum() == pytest.approx(1)


@given(colors=ROWS)
def test_merging_at_zero_only_drops_repeats(colors):
    merged = merge_similar(Palette(colors), 0)
    assert sorted(merged.hexes) == sorted(set(Palette(colors).hexes))


@pytest.mark.parametrize("threshold", [-1, 101, np.nan])
def test_bad_threshold_is_refused(threshold):
    with pytest.raises(QuantizeError, match="merge must be a ΔE00 from 0 to 100, got"):
        merge_similar(Palette(random_colors(3)), threshold)
