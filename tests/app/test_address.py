"""Choices in an address and back, for every value there is and for any garbage."""

from dataclasses import fields, replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.runtime.state.query_params import sanitize_query_string

from pages._address import MAX_PARTS, MAX_QUERY, MAX_SAID, from_query, to_query
from pages._address_parts import (
    ARRANGEMENTS,
    ARTS,
    BLENDS,
    CHARTS,
    ERRORS,
    FITTED_KINDS,
    GOALS,
    LUTS,
    OWN_MACHINE,
    PARTS,
    SCALES,
    SMALLEST,
    TASKS,
    TONES,
    TRIES,
    VIEWS,
)
from pages._choices import MOST_CLUSTERS, MOST_COMPARED, Choices, start_of
from pages._color_names import fit_names
from pages._server import queries
from pages._viewer import MAX_PANES
from quantize import Settings
from quantize.colors.opacity import ALPHAS
from quantize.colors.spaces import SPACES
from quantize.decoding.samples import OTHERS, SAMPLES
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.numbers.layout import (
    LARGEST_BRUSH,
    LEAST_BRUSH,
    NUMERALS,
    ORIENTATIONS,
    OUTLINES,
    PAPERS,
)
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.palettes.order import ORDERS
from quantize.panels.fitting import FITS
from quantize.panels.showing import TURNS
from quantize.panels.table import PANELS
from quantize.pixelart.choices import PICKS
from quantize.settings import LIMITS
from quantize.sizing.recipe import COMPARED
from quantize.swatches.formats import FORMATS
from quantize.teaching.mistakes import MISTAKES
from quantize.teaching.starts import STARTS
from quantize.tiles.machines import MACHINES

K = LIMITS["n_colors"]
COUNTS = st.integers(int(K.low), int(K.high))
COLORS = st.integers(0, 2**24 - 1).map("#{:06x}".format)
PINS = st.lists(COLORS, unique=True, max_size=40).map(tuple)
ROWS = st.lists(st.integers(0, 20), unique=True, max_size=8).map(tuple)
ARRANGED = st.sampled_from([None, *ARRANGEMENTS])


def number(name: str) -> st.SearchStrategy:
    limit = LIMITS[name]
    if limit.whole:
        return st.integers(int(limit.low), int(limit.high))
    return st.floats(limit.low, limit.high).map(abs)  # -0.0 is 0


VALUES = {
    "sample": st.sampled_from([*SAMPLES, *OTHERS]),
    "share": st.just("") | st.text("0123456789abcdef", min_size=44, max_size=44),
    "k": COUNTS,
    "n": COUNTS,
    "own": st.booleans(),
    "many": st.booleans(),
    "ks": st.lists(COUNTS, unique=True, max_size=MOST_COMPARED).map(tuple),
    "method": st.sampled_from(list(METHODS)),
    "dither": st.sampled_from(list(DITHERS)),
    "light": st.sampled_from(list(LIGHTS)),
    "effort": st.sampled_from(list(EFFORTS)),
    "palette": st.lists(COLORS, max_size=12).map(tuple),
    "entries": st.sampled_from(list(ENTRY_ORDERS)),
    "names": st.lists(st.tuples(COLORS, st.text(max_size=90))).map(lambda pairs: fit_names(pairs)[0]),
    "order": st.sampled_from(list(ORDERS)),
    "format": st.sampled_from(list(FORMATS)),
    "error": st.sampled_from(ERRORS),
    "view": st.sampled_from(VIEWS),
    "spaces": st.lists(st.sampled_from(list(SPACES)), unique=True).map(tuple),
    "pair": st.none() | st.sampled_from([("BGR", "LAB"), ("HSV", "Oklab")]),
    "keep": PINS,
    "pin": st.lists(COLORS, max_size=12).map(tuple),
    "table": st.sampled_from(["", "own", "pico-8", "nes", "x11"]),
    "mine": st.lists(COLORS, max_size=12).map(tuple),
    "off": ROWS,
    "lock": ROWS,
    "best": st.integers(0, 256),
    "far": st.booleans(),
    "lut": st.sampled_from(LUTS),
    "blend": st.sampled_from(BLENDS),
    "chart": st.sampled_from(CHARTS),
    "across": st.integers(1, 500),
    "strays": st.booleans(),
    "panel": st.sampled_from(list(PANELS)),
    "panel_size": st.tuples(*[st.integers(1, 4096)] * 2),
    "panel_fit": st.sampled_from(FITS),
    "panel_turn": st.sampled_from(TURNS),
    "panel_dither": st.sampled_from(list(DITHERS)),
    "panel_strength": number("strength"),
    "panel_light": st.sampled_from(list(LIGHTS)),
    "tone": st.sampled_from(TONES),
    "curve": st.floats(0, 1).map(abs),
    "shown": st.lists(COLORS, max_size=7).map(tuple),
    "art": st.sampled_from(ARTS),
    "cell": st.sampled_from(["", "8x8", "3.7x2.125", "1x1", "123456x1"]),
    "art_k": COUNTS,
    "art_table": st.sampled_from(["", "used", "pico-8", "nes"]),
    "art_pick": st.sampled_from(list(PICKS)),
    "scale": st.sampled_from(SCALES),
    "machine": st.sampled_from([*MACHINES, OWN_MACHINE]),
    "tile": st.tuples(*[st.integers(1, 256)] * 2),
    "tile_palettes": st.integers(0, 256),
    "tile_k": st.integers(1, 256),
    "tile_shared": st.booleans(),
    "tile_levels": st.integers(2, 256),
    "tile_table": st.sampled_from(["", "pico-8", "c64-colodore"]),
    "paper": st.sampled_from(list(PAPERS)),
    "orientation": st.sampled_from(ORIENTATIONS),
    "brush": st.floats(LEAST_BRUSH, LARGEST_BRUSH),
    "outline": st.sampled_from(OUTLINES),
    "numerals": st.sampled_from(NUMERALS),
    "protect": PINS,
    "smallest": st.sampled_from(SMALLEST),
    "smooth": st.booleans(),
    "joined": st.lists(
        st.lists(COLORS, unique=True, min_size=2, max_size=5).map(tuple), unique=True, max_size=4
    ).map(tuple),
    "clusters": st.integers(1, MOST_CLUSTERS),
    "start": st.sampled_from(list(STARTS)),
    "draw": st.integers(0, 9999),
    "centers": st.lists(COLORS, max_size=12).map(tuple),
    "step": st.integers(0, 999),
    "until_epsilon": st.floats(0.0001, 1600),
    "until_max_iter": st.integers(1, 40),
    "tries": st.sampled_from([0, *TRIES]),
    "slip": st.sampled_from(list(MISTAKES)),
    "task": st.integers(0, TASKS),
    **{name: st.booleans() for name in ("ways", "samples")},
    "goal": st.sampled_from(GOALS),
    "kb": st.integers(1, 100_000),
    "least": st.integers(0, 95),
    "kind": st.sampled_from(FITTED_KINDS),
    "squeeze": st.booleans(),
    "each_frame": st.booleans(),
    "still": st.booleans(),
    "film_frame": st.integers(0, 99_999),
    "point": st.just("") | st.sampled_from(list(COMPARED)),
    "merge": st.floats(0, 20).map(abs),
    "rare": number("rare"),
    "alpha": st.sampled_from(list(ALPHAS)),
    "palette_rare": number("rare"),
    "strength": number("strength"),
    "runs": number("runs"),
    "at": st.none() | st.tuples(*[st.integers(0, 9000)] * 2, *[st.integers(1, 9000)] * 2),
    "arrange": ARRANGED,
    "arrange_many": ARRANGED,
    "sides": st.none() | st.permutations(range(9)).map(lambda order: tuple(order[:2])),
    "wipe": st.integers(0, 100),
    "heat": st.booleans(),
    "selected": st.none() | COLORS,
    "picked": st.none() | COLORS,
    **{name: st.sampled_from(list(SPACES)) for name in ("space", "palette_space", "axes")},
    **{name: st.none() | number(name) for name in ("attempts", "max_iter", "epsilon", "seed")},
    **{start_of(key): st.sampled_from(m.inits) for key, m in METHODS.items() if m.inits},
}
CHOICES = st.fixed_dictionaries({}, optional=VALUES).map(lambda values: Choices(**values))
NONSENSE = ["", "x", "nan", "inf", "-1", "1.5.2", "9" * 400, "\x00\x1f", "%", "☃", "a b", "x" * 3000, "#"]


def query(choices: Choices) -> str:
    return urlencode(to_query(choices))


def test_every_choice_has_a_part_and_a_strategy():
    names = {field.name for field in fields(Choices)}
    assert {part.name for part in PARTS} == names
    assert set(VALUES) == names
    assert MOST_COMPARED == MAX_PANES - 1


@given(CHOICES)
def test_what_is_written_is_read_again(choices):
    assert from_query(query(choices)) == (choices, ())


def test_a_palette_of_256_on_every_page_still_fits():
    colors = tuple(f"#{number:06x}" for number in range(256))
    rows = tuple(range(600, 1112))
    choices = Choices(keep=colors, pin=colors, palette=colors, mine=colors, off=rows, lock=rows)
    assert len(query(choices)) < 2 * MAX_QUERY / 3
    names, n_cut = fit_names((color, "☃" * 300) for color in colors)
    assert n_cut == 256
    choices = replace(choices, names=names)
    assert len(query(choices)) < MAX_QUERY
    assert from_query(query(choices)) == (choices, ())


@given(CHOICES)
def test_defaults_are_left_out(choices):
    assert to_query(Choices()) == {}
    assert all(getattr(choices, name) != getattr(Choices(), name) for name in to_query(choices))


@given(CHOICES)
def test_choices_that_make_no_sense_together_never_stop_a_page(choices):
    assert isinstance(choices.settings(), Settings)
    assert isinstance(choices.palette_settings(), Settings)
    own = choices.own_settings()
    assert replace(own, alpha="hard") == choices.settings()
    assert own.alpha == (choices.alpha if choices.can_be_soft() else "hard")
    if choices.palette:
        assert choices.settings().n_colors == len(set(choices.palette))
        assert choices.settings().palette == choices.palette
    else:
        assert choices.settings().n_colors == choices.k >= len(choices.keep)
        assert set(choices.keep) == set(choices.settings().keep)
    assert choices.palette_settings().n_colors == choices.n >= len(set(choices.pin))


@given(CHOICES, st.sampled_from(PARTS), st.sampled_from(NONSENSE))
def test_one_value_is_refused_and_all_others_are_kept(choices, part, text):
    default = getattr(Choices(), part.name)
    kept = replace(choices, **{part.name: default})
    said = {**to_query(kept), part.name: text}
    read, news = from_query(urlencode(said))
    if part.name == "share":
        assert read.share == text[:64].strip()
    elif text:
        assert read == kept
        assert news[0].startswith(
            f"{part.said or f'in the address, {part.name}'} must be {part.expected}, got "
        )
        assert len(news[0]) < 300
        assert all(character.isprintable() for character in news[0])
    else:
        assert news == ()


@given(st.text() | st.text("k=&%-0123456789space", max_size=100))
def test_any_query_is_read(text):
    choices, news = from_query(text)
    assert from_query(query(choices))[0] == choices
    assert len(news) <= MAX_SAID + 1


@pytest.mark.parametrize(
    "text", ["k=%ff%00&k=%", "k=5;space=LAB", "&".join(["k=3"] * 2000), "k=" + "9" * 10**6]
)
def test_garbage_of_any_length_is_read(text):
    assert isinstance(from_query(text)[0], Choices)


def test_of_a_name_that_comes_twice_the_last_counts_and_a_long_query_ends_before_a_name():
    assert from_query("k=5&k=6")[0].k == 6
    assert from_query(f"k=5&x={'y' * (MAX_QUERY - 9)}&k=16&space=LAB")[0] == Choices(k=5)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("&x" * (MAX_PARTS - 1), ()),
        ("&x" * MAX_PARTS, (f"the address has more than {MAX_PARTS} parts: only the first are used",)),
        (
            f"&x={'y' * MAX_QUERY}",
            (f"the address has more than {MAX_QUERY:,} characters: only the first are used",),
        ),
    ],
)
def test_of_an_address_that_is_too_long_the_first_parts_count_and_it_is_said(rest, said):
    assert from_query(f"k=5{rest}") == (Choices(k=5), said)


@pytest.mark.parametrize("query", ["", "k=5", "k=5&" * 3000, "k=5" + "&x" * 3000, "k=5&x=" + "y" * 2**20])
def test_streamlit_takes_what_is_cut_of_any_query(query):
    known = queries.cut(query)
    assert query.startswith(known)
    assert sanitize_query_string(known) == known
    assert from_query(known)[0] == Choices(k=5 if query else 16)
    assert bool(from_query(known)[1]) == (query.count("&") >= 3000)


def test_names_and_values_that_addresses_once_had_still_work():
    choices, news = from_query(
        "k=12&space=Oklab&dither=Floyd%E2%80%93Steinberg&strength=0.5&sample=Blue+to+violet&embed=true"
        "&keep=%23c00000&keep=%230F0&ks=3&ks=5&spaces=HSV&spaces=LAB&pair=HSV+and+LAB&method=cv2.kmeans"
        "&n=10&n_many=30&many=true&order=Smooth+path&format=GIMP%2C+Inkscape%2C+Krita+%28.gpl%29&pin=abc"
    )
    assert news == ()
    assert choices.pair == ("LAB", "HSV")
    assert (choices.k, choices.space, choices.dither, choices.strength) == (
        12,
        "Oklab",
        "floyd-steinberg",
        0.5,
    )
    assert (choices.sample, choices.keep, choices.ks) == ("ramps", ("#c00000", "#00ff00"), (3, 5))
    assert (choices.spaces, choices.method, choices.n, choices.many) == (("HSV", "LAB"), "opencv", 30, True)
    assert (choices.order, choices.format, choices.pin) == ("path", "gpl", ("#aabbcc",))


def test_more_than_fit_are_cut_with_a_sentence():
    choices, news = from_query("ks=" + "-".join(map(str, range(10, 30))))
    assert choices.ks == tuple(range(10, 18))
    assert news == ("in the address, ks must hold at most 8, got 20: the first are used",)


def test_pinned_colors_raise_their_number_with_a_sentence():
    choices, news = from_query("k=2&keep=f00-0f0-00f")
    assert choices.k == 3
    assert news == ("in the address, k must be at least the number of pinned colours, 3, got 2: 3 is used",)


def test_sizes_are_read_as_the_command_line_writes_them():
    for said in ("5-5", "5x5", "5X5", "5×5"):
        record, problems = from_query(f"panel_size={said}")
        assert (record.panel_size, list(problems)) == ((5, 5), [])
