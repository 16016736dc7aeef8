"""Names of colours in an address: whatever they are, what fits comes back, and sentences of pages."""

from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._address import MAX_QUERY, from_query, to_query
from pages._choices import Choices
from pages._color_names import (
    LONGEST,
    MOST_WRITTEN,
    NEAR,
    find_named,
    fit_names,
    look_up,
    read_name,
    rename,
    write_name,
)
from pages._words import sentence, to_sentence
from quantize import Palette, read_palette, write_palette
from quantize.colors.difference import delta_e_00
from quantize.colors.hexadecimal import parse_hex
from quantize.palettes.palette import clean_name
from quantize.swatches.formats import FORMATS
from tests.swatch_files import HOSTILE, colors_of

COLORS = st.integers(0, 2**24 - 1).map("#{:06x}".format)
MORE = ("~", "~0-1,2", "-,-", "שלום עולם", "\u202eevil", "🎨" * 300, "a.b", "&k=3#x")
NAMES = st.sampled_from([*HOSTILE, *MORE]) | st.text()
PAIRS = st.lists(st.tuples(COLORS, NAMES), max_size=200)


@given(PAIRS)
def test_what_fits_is_read_again(pairs):
    names, n_cut = fit_names(pairs)
    query = urlencode(to_query(Choices(names=names)))
    assert from_query(query) == (Choices(names=names), ())
    assert len(query) <= MOST_WRITTEN + len("names=") < MAX_QUERY
    first = {}
    for code, name in pairs:
        first.setdefault(code, clean_name(name))
    kept = dict(names)
    assert len(kept) == len(names)
    assert n_cut == sum(bool(name) and kept.get(code) != name for code, name in first.items())
    for code, name in kept.items():
        assert 0 < len(name) <= LONGEST
        assert first[code].startswith(name)
    assert fit_names(names) == (names, 0)


@given(COLORS, NAMES)
def test_a_name_alone_is_only_cut_after_60_characters(code, name):
    names, n_cut = fit_names([(code, name)])
    whole = clean_name(name)
    assert dict(names).get(code, "") == clean_name(whole[:LONGEST])
    assert n_cut == (len(whole) > LONGEST)
    assert all(read_name(write_name(pair)) == pair for pair in names)


@pytest.mark.parametrize(
    "text", ["", "c00000", "c00000.", "c0000.x", "c00000. \n", "#c00000.x", "c00000.\x00"]
)
def test_no_name(text):
    with pytest.raises(ValueError, match="no colour with a name"):
        read_name(text)


def test_a_new_name_takes_the_place_of_the_old_one():
    names = (("#c00000", "Brick"), ("#00c000", "Leaf"))
    assert rename(names, "#00c000", "Moss") == ((("#00c000", "Moss"), ("#c00000", "Brick")), 0)
    assert rename(names, "#c00000", " \n") == ((("#00c000", "Leaf"),), 0)


def test_256_named_colors_lose_letters_before_they_lose_names():
    colors = [f"#{number:06x}" for number in range(256)]
    names, n_cut = fit_names((code, "A rather long name of it") for code in colors)
    assert (len(names), n_cut) == (256, 256)
    assert {name for _, name in names} == {"A rather long name o"}
    assert len(fit_names((f"#{number:06x}", "x") for number in range(300))[0]) == 256


@pytest.mark.parametrize("key", [format_.key for format_ in FORMATS.values() if format_.names != "lost"])
@given(names=st.lists(NAMES, min_size=3, max_size=3))
def test_names_of_an_address_are_written_as_any_others(key, names):
    codes = ("#c00000", "#00c000", "#0000c0")
    kept = dict(fit_names(zip(codes, names, strict=True))[0])
    palette = Palette(colors_of(*codes), names=tuple(kept.get(code, "") for code in codes))
    back = read_palette(write_palette(palette, key), f"x{FORMATS[key].extension}")
    assert back.hexes == list(codes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed must be whole, got 1.5: leave it out", "Seed must be whole, not 1.5. Leave it out."),
        ("a must be b, got 'x: y; z': do", "A must be b, not 'x: y; z'. Do."),
        ("curve must have a point, got none", "Curve must have a point, but there is none."),
        ("n must be at least 3, got 2: 3 is used", "N must be at least 3, not 2. 3 is used."),
        ("ASE palette cannot be read, it is cut off: export it again",
         "ASE palette cannot be read, it is cut off: export it again."),
        ("255 colours and one entry", "255 colours and one entry."),
        ("Done.", "Done."),
    ],
)  # fmt: skip
def test_a_page_speaks_in_sentences(text, said):
    assert to_sentence(text) == said


@given(st.text(min_size=1))
def test_any_text_becomes_a_sentence(text):
    assert to_sentence(text).endswith((".", "!", "?", "…"))
    assert len(sentence(text)) <= 3 * len(text) + 30


# Few and near one another, so that they are often the same or nearly so.
NEAR_ONES = st.tuples(*[st.integers(100, 104)] * 3).map("#{0[0]:02x}{0[1]:02x}{0[2]:02x}".format)


def difference(one, other):
    colors = (np.array([parse_hex(code)], np.uint8) for code in (one, other))
    return float(delta_e_00(*colors)[0])


@given(st.dictionaries(NEAR_ONES, st.just("name"), max_size=9), st.lists(NEAR_ONES, max_size=9))
def test_a_name_is_its_colors_or_goes_to_the_nearest_of_those_that_took_its_place(given, codes):
    found = find_named(tuple(given.items()), codes)
    assert all(found[code] == code for code in codes if code in given)
    assert len(set(found.values())) == len(found)
    lent = {code: named for code, named in found.items() if code != named}
    assert not {*lent.values()} & {*codes}
    assert all(difference(*pair) <= NEAR for pair in lent.items())
    free = {*codes} - {*found}
    for named in {*given} - {*codes} - {*lent.values()}:  # which went nowhere: what is near has a nearer one
        for code in {*codes} & {*lent}:
            assert difference(code, named) >= difference(code, lent[code]) - 1e-6
        assert all(difference(code, named) > NEAR for code in free)


def test_names_stay_when_all_colors_move_a_little():
    names = (("#260d06", "Ink"), ("#d09768", "Sand"), ("#732813", "Rust"))
    moved = ["#250d06", "#d09668", "#702612", "#bb6833"]
    assert look_up(names, moved) == {"#250d06": "Ink", "#d09668": "Sand", "#702612": "Rust"}
    assert look_up(names, ["#2f5d06"]) == {}
