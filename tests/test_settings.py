"""Settings: limits, names, defaults of the methods, and texts that a user can act on."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from quantize import QuantizeError, Settings, quantize_image
from quantize.errors import shown
from quantize.methods.table import METHODS
from quantize.settings import LIMITS, choose
from tests.pictures import noise


@pytest.mark.parametrize("name", LIMITS)
def test_limits_themselves_are_allowed(name):
    for value in (LIMITS[name].low, LIMITS[name].high):
        kind = int if LIMITS[name].whole else float
        assert getattr(Settings(dither="looks", **{name: kind(value)}), name) == value


NO_NUMBERS = [
    "8", "", [], (), {}, True, np.True_, b"8", object(), 1j, Decimal("0.5"), Decimal("NaN"), np.array([1, 2]),
    float("nan"), float("inf"), float("-inf"), np.float32("nan"), -1, -1e-9, -Fraction(1, 3), 2**31, 1e300,
    10**400, -(10**400), 10**5000, Fraction(10**400), Fraction(10**5000, 3), np.int64(-5), np.float64(1e308),
]  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: shown(value, 12))
def test_what_is_no_number_in_range_is_refused_in_a_short_sentence(name, value):
    with pytest.raises(QuantizeError, match=rf"^{name} must be a .*number from .* to .*, got ") as refused:
        Settings(dither="looks", **{name: value})
    assert len(str(refused.value)) < 160
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", [name for name, limit in LIMITS.items() if not limit.whole])
@pytest.mark.parametrize("value", [Fraction(1, 3), np.float32(0.25), np.float16(0.5), np.int8(1), 1, 0])
def test_any_kind_of_number_in_range_is_taken(name, value):
    taken = getattr(Settings(dither="looks", **{name: value}), name)
    assert (type(taken), taken) == (float, float(value))


@pytest.mark.parametrize(
    "choice", ["space", "method", "dither", "light", "init", "effort", "keep", "n_colors", "seed", "strength"]
)
@pytest.mark.parametrize(
    "value",
    [10**5000, "x" * 9999, ["x" * 9999], {}, [[]], 5.5, object, b"\xff"],
    ids=lambda value: shown(value, 12),
)
def test_nonsense_is_refused_in_a_short_sentence(choice, value):
    if choice == "keep" and value == {}:
        assert Settings(keep=value).keep == ()
        return
    with pytest.raises(QuantizeError) as refused:
        Settings(**{"dither": "looks", choice: value})
    assert len(str(refused.value)) < 400


CORNERS = [
    (method, {name: value})
    for method in METHODS.values()
    for name in (*method.choices, "rare", "n_colors")
    if name in LIMITS and (name != "rare" or method.weighted)
    for value in (LIMITS[name].low, LIMITS[name].high)
]


@pytest.mark.parametrize(("method", "choice"), CORNERS, ids=lambda part: getattr(part, "key", str(part)))
def test_every_method_works_at_the_limits(method, choice):
    pixels = noise(18, 18)
    whole = {name: int(value) if LIMITS[name].whole else value for name, value in choice.items()}
    choices = {"n_colors": 7, "method": method.key, **whole}
    for init in method.inits or (None,):
        palette = quantize_image(pixels, **choices, init=init).palette
        assert len(palette) == choices["n_colors"]


@pytest.mark.parametrize("method", ["kmeans", "opencv"])
def test_attempts_from_the_last_seed_go_on_with_the_first(method):
    last = LIMITS["seed"].high
    for seed in (last, last - 1):
        choices = {"method": method, "init": "random", "n_colors": 7, "attempts": 3}
        runs = [quantize_image(noise(18, 18), seed=int(seed), **choices).palette.tolist() for _ in range(2)]
        assert runs[0] == runs[1]


def test_message_says_rule_and_what_came():
    with pytest.raises(QuantizeError, match=r"^n_colors must be a whole number from 1 to 256, got 257$"):
        Settings(n_colors=257)


@pytest.mark.parametrize("n_colors", [None, 16.0, 0])
def test_number_of_colors_must_be_whole_and_there(n_colors):
    with pytest.raises(QuantizeError, match="n_colors must be"):
        Settings(n_colors=n_colors)


def test_numpy_numbers_become_plain_ones():
    settings = Settings(n_colors=np.int64(8), epsilon=np.float32(0.5))
    assert (type(settings.n_colors), type(settings.epsilon)) == (int, float)
    assert settings == Settings(n_colors=8, epsilon=0.5)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_left_open_is_the_methods_own(method):
    assert Settings(method=method).search == METHODS[method].search


@pytest.mark.parametrize("method", ["kmeans", "opencv"])
def test_what_is_given_goes_before_the_methods_own(method):
    assert Settings(method=method, seed=7).search.seed == 7


def test_textbook_defaults_of_opencv():
    search = Settings(method="opencv").search
    assert (search.attempts, search.max_iter, search.epsilon, search.init) == (10, 20, 1.0, "random")


@pytest.mark.parametrize("method", METHODS)
def test_spelling_the_defaults_out_changes_nothing(method):
    settings = Settings(method=method).resolved()
    assert settings.resolved() == settings
    assert all(getattr(settings, name) is not None for name in METHODS[method].choices)


def test_start_must_be_one_that_the_method_knows():
    with pytest.raises(
        QuantizeError, match=r"init must be one of random, k-means\+\+ with method opencv, got 'split'"
    ):
        Settings(method="opencv", init="split")


def test_unknown_choice_is_named():
    with pytest.raises(QuantizeError, match=r"choices are n_colors, space, .*; got 'colours'"):
        choose(colours=8)


def test_unknown_method_is_named():
    with pytest.raises(QuantizeError, match=r"method must be one of kmeans, opencv.*, got 'magic'"):
        Settings(method="magic")


def test_choices_go_over_given_settings():
    assert choose(Settings(n_colors=4, space="LAB"), n_colors=5) == Settings(n_colors=5, space="LAB")


@pytest.mark.parametrize("name", ["attempts", "max_iter", "epsilon", "init", "seed", "effort"])
def test_a_choice_without_effect_is_refused(name):
    value = {"init": "random", "effort": "best"}.get(name, 3)
    with pytest.raises(QuantizeError, match=f"{name} has no effect with method octree: leave it out"):
        Settings(method="octree", **{name: value})


def test_rare_needs_a_method_that_can_weigh():
    assert Settings(rare=1).rare == 1.0
    with pytest.raises(QuantizeError, match=r"rare works with method kmeans.*, got opencv"):
        Settings(method="opencv", rare=0.5)


@pytest.mark.parametrize("given", ["#CC0000", "cc0000", ["#c00"], ("#cc0000", " #C00 "), {"#cc0000": 1}])
def test_kept_colors_are_written_one_way(given):
    assert Settings(keep=given).keep == ("#cc0000",)


@pytest.mark.parametrize(
    "given", [["red"], ["#12345"], ["#gggggg"], [12], [None], ["#12345678"], ["＃123456"]]
)
def test_what_is_no_color_is_refused(given):
    with pytest.raises(QuantizeError, match='a colour must look like "#c00000", got '):
        Settings(keep=given)


def test_no_more_can_be_kept_than_there_are_colors():
    with pytest.raises(QuantizeError, match="keep must hold at most n_colors = 2 colours, got 3"):
        Settings(n_colors=2, keep=["#000", "#111", "#222"])


@pytest.mark.parametrize("choice", [{"strength": 0.5}, {"strength": 0}, {"light": "linear"}])
def test_what_only_dithering_uses_is_refused_without_it(choice):
    with pytest.raises(QuantizeError, match=r"(strength|light) has no effect with dither none: leave it out"):
        Settings(**choice)


def test_dithering_is_full_and_in_encoded_light_unless_chosen():
    settings = Settings(dither="burkes").resolved()
    assert (settings.strength, settings.light) == (1.0, "encoded")
    assert settings == settings.resolved()
    assert settings == Settings(dither="burkes", strength=1, light="encoded").resolved()
    assert Settings().resolved().strength is None
    assert Settings().resolved().light is None


def test_dithered_means_that_it_shows():
    assert Settings(dither="burkes").dithered
    assert not Settings(dither="burkes", strength=0).dithered
    assert not Settings().dithered


def test_unknown_dither_and_light_are_named():
    with pytest.raises(QuantizeError, match=r"dither must be one of none, floyd-steinberg, .*, got 'Floyd'"):
        Settings(dither="Floyd")
    with pytest.raises(QuantizeError, match=r"light must be one of encoded, linear, got 'bright'"):
        Settings(dither="stucki", light="bright")


def test_effort_is_one_of_three_and_only_ours():
    assert Settings(effort="best").search.effort == "best"
    with pytest.raises(QuantizeError, match="effort must be one of fast, normal, best, got 'huge'"):
        Settings(effort="huge")
    with pytest.raises(QuantizeError, match="effort has no effect with method opencv"):
        Settings(method="opencv", effort="best")


def test_a_value_in_a_message_is_cut_short():
    assert shown("small") == "'small'"
    assert shown("x" * 100) == "'" + "x" * 59 + "… (102 characters)"
    assert shown(10**400) == "1" + "0" * 59 + "… (401 characters)"
    assert shown(10**5000) == "one too long to write"
