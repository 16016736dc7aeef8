"""Presets: what each is, how they meet other choices, and that they keep what is promised of every result."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize import Picture, QuantizeError, Settings, quantize_image
from quantize.colors.spaces import SPACES
from quantize.dithering.dither import DITHERS
from quantize.methods.table import METHODS, SEARCH_CHOICES
from quantize.presets import PRESETS
from quantize.settings import LIMITS, choose, preset_of
from tests.degenerate import alphas, counts_near, pictures
from tests.pictures import noise, smooth

QUICK = {"lesson": {"attempts": 1, "max_iter": 2}}


@pytest.mark.parametrize("key", PRESETS)
def test_each_says_what_it_does_in_a_sentence(key):
    preset = PRESETS[key]
    assert preset.key == key
    assert preset.title
    assert re.fullmatch(r"[A-Zc][^.]*( [^.]*|\.[^. ][^.]*)\.", preset.does)
    assert choose(preset=key) == Settings(**preset.choices)


def test_numbers_is_what_happens_without_a_preset():
    assert choose(preset="numbers").resolved() == Settings().resolved()


def test_single_choices_go_before_a_preset_and_a_preset_before_settings():
    given = Settings(n_colors=5, space="LAB", dither="stucki", strength=0.3, effort="best", keep=("#010203",))
    chosen = choose(given, preset="looks", space="HSV")
    assert (chosen.space, chosen.method, chosen.dither) == ("HSV", "looks", "looks")
    assert (chosen.n_colors, chosen.keep, chosen.strength, chosen.effort) == (5, ("#010203",), None, None)
    assert choose(preset="flat").n_colors == 8
    assert choose(preset="flat", n_colors=3).n_colors == 3
    assert choose(given, preset="looks", strength=0.5).strength == 0.5


def test_pixel_art_keeps_the_colors_of_a_few_pixels():
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, :, 0], pixels[:, :, 1] = 60 + np.arange(64)[:, None] // 4 * 2, 120  # sixteen greens
    pixels[30, 30:33], pixels[10, 40] = (230, 30, 40), (250, 250, 240)
    result = quantize_image(pixels, n_colors=6, preset="pixel-art")
    np.testing.assert_array_equal(result.pixels[30, 30:33], pixels[30, 30:33])
    np.testing.assert_array_equal(result.pixels[10, 40], pixels[10, 40])
    assert quantize_image(pixels, n_colors=32, preset="pixel-art").sse == 0


def test_unknown_preset_is_refused():
    names = "numbers, looks, best-looks, small, flat, pixel-art, lesson"
    with pytest.raises(QuantizeError, match=f"preset must be one of {names}, got 'nice'"):
        quantize_image(noise(4, 4), preset="nice")


@pytest.mark.parametrize("key", PRESETS)
def test_promises_hold(key):
    for number, (name, pixels) in enumerate(pictures(1, seed=21)):
        ways = [None, *(alpha for _, alpha in alphas(pixels.shape[:2]))]
        picture = Picture.from_pixels(pixels, ways[number % len(ways)])
        own = "#{:02x}{:02x}{:02x}".format(*pixels[-1, -1].tolist())
        near = counts_near(picture.n_colors, 2)
        n_colors = near[number % len(near)]
        result = quantize_image(
            picture, n_colors=n_colors, preset=key, keep=[own][: number % 2], **QUICK.get(key, {})
        )
        palette, kept = result.palette, result.settings.kept
        there = np.unique(np.concatenate([picture.colors.colors, kept]), axis=0)
        assert len(np.unique(palette, axis=0)) == len(palette) == min(n_colors, len(there)), name
        visible = slice(None) if picture.alpha is None else picture.alpha >= 128
        code = np.array([1 << 16, 1 << 8, 1])
        known = np.isin(pixels[visible] @ code, palette @ code)
        np.testing.assert_array_equal(result.pixels[visible][known], pixels[visible][known])
        if len(there) <= n_colors:
            assert result.sse == 0


@pytest.mark.parametrize("key", PRESETS)
def test_same_bytes_on_any_number_of_threads(key, monkeypatch):
    pixels = np.tile((smooth(300, 90) * 0.8 + noise(300, 90) * 0.1).astype(np.uint8), (4, 1, 1))
    found = set()
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        result = quantize_image(pixels, n_colors=24, preset=key, **QUICK.get(key, {}))
        found.add((result.palette.tobytes(), result.indices.tobytes()))
    assert len(found) == 1


@pytest.mark.parametrize("key", ["looks", "best-looks", "small"])
def test_work_can_be_abandoned_at_every_step(key, monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "1")  # on more it is asked for as often as this thread has turns
    pixels, calls = (smooth(200, 90) * 0.8 + noise(200, 90) * 0.1).astype(np.uint8), []
    quantize_image(pixels, n_colors=8, preset=key, checkpoint=lambda: calls.append(None))
    for step in {1, len(calls) // 2, len(calls)}:
        left = iter(range(step - 1))

        def stop(left=left) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            quantize_image(pixels, n_colors=8, preset=key, checkpoint=stop)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(
    "choice", [*({"dither": key} for key in DITHERS), *({"method": key} for key in METHODS)]
)
def test_what_somebody_chooses_goes_before_a_preset(preset, choice):
    """And takes along what has no effect beside it; nobody is refused for what they did not choose."""
    (name, value), settings = *choice.items(), choose(preset=preset, **choice)
    assert getattr(settings, name) == value


@pytest.mark.parametrize(
    "palette", [np.array(["#000000", "#ffffff"]), iter(["#000", "#fff"]), ("#000", "#fff")]
)
def test_a_palette_comes_in_any_iterable(palette):
    assert choose(preset="looks", palette=palette).palette == ("#000000", "#ffffff")


def test_no_palette_at_all_leaves_the_preset_as_it_is():
    assert choose(preset="looks", palette=iter(())).method == "looks"


COLORS = st.integers(0, 2**24 - 1).map("#{:06x}".format)
SETTINGS = st.builds(
    lambda k, keep, **choices: choose(n_colors=max(k, len(keep)), keep=keep, **choices),
    k=st.integers(1, 256), keep=st.lists(COLORS, unique=True, max_size=20),
    space=st.sampled_from(["BGR", "LAB", "Oklab"]), preset=st.sampled_from([None, *PRESETS]),
)  # fmt: skip
FIXED = st.builds(
    lambda palette, preset: choose(palette=palette, preset=preset),
    st.lists(COLORS, min_size=1, max_size=20), st.sampled_from([None, *PRESETS]),
)  # fmt: skip


@given(SETTINGS, st.sampled_from(list(PRESETS)))
def test_every_preset_is_told_again(settings, key):
    """Whatever came before, however many colours are kept; and what it leaves open may be anything."""
    chosen = choose(settings, preset=key)
    assert preset_of(chosen) == key
    assert preset_of(chosen.resolved()) == key
    assert chosen.keep == settings.keep
    other = replace(chosen, n_colors=256 if chosen.n_colors < 256 else 255)
    assert preset_of(other) == (None if "n_colors" in PRESETS[key].choices else key)


@given(SETTINGS | FIXED)
def test_what_is_told_means_what_was_chosen(settings):
    key = preset_of(settings)
    if key is not None:
        again = choose(settings, preset=key)
        assert (again.space, again.method, again.dither) == (settings.space, settings.method, settings.dither)
        assert (again.n_colors, again.palette) == (settings.n_colors, settings.palette)


@given(FIXED, st.sampled_from(list(PRESETS)))
def test_with_a_fixed_palette_the_first_that_means_the_same_is_told(settings, key):
    """Of one, K, method and rare colours do not matter."""
    same = {"lesson": "numbers", "pixel-art": "flat"}
    assert preset_of(choose(settings, preset=key)) == same.get(key, key)


SOFT = st.builds(
    partial(choose, alpha="soft"),
    n_colors=st.integers(1, 256), space=st.sampled_from(list(SPACES)), rare=st.sampled_from([0.0, 0.5]),
    dither=st.sampled_from([key for key, dither in DITHERS.items() if dither.soft]),
    effort=st.sampled_from(["fast", "best"]),
)  # fmt: skip


@given(SOFT, st.sampled_from(list(PRESETS)))
def test_soft_edges_stay_where_a_preset_can_have_them_and_are_no_part_of_it(settings, key):
    assert preset_of(settings) == preset_of(choose(settings, alpha="hard"))
    chosen = choose(settings, preset=key)
    able = METHODS[chosen.method].soft and DITHERS[chosen.dither].soft
    assert chosen.alpha == ("soft" if able else "hard")
    assert preset_of(chosen) == key


@pytest.mark.parametrize("dither", [key for key, dither in DITHERS.items() if dither.own_axes])
def test_axes_of_its_own_heed_no_space(dither):
    pixels = (smooth(30, 40) * 0.8 + noise(30, 40) * 0.1).astype(np.uint8)
    palette = [f"#{number:06x}" for number in (0x102030, 0xE0D0A0, 0x903020, 0x208050, 0xFFFFFF)]
    settings = choose(palette=palette, dither=dither)
    assert not settings.heeds_space
    found = {quantize_image(pixels, settings, space=space).indices.tobytes() for space in SPACES}
    assert len(found) == 1


CHANGES = {"space": "HSV", "dither": "stucki", "rare": 0.25, "strength": 0.5, "light": "linear", "runs": 3.0}
CHANGES |= {"max_iter": 7, "epsilon": 7.0, "init": "k-means++", "effort": "best", "method": "wu"}


def heeds(key: str, name: str) -> bool:
    """Whether a choice changes anything of a preset's result."""
    method, dither = METHODS[PRESETS[key].choices["method"]], DITHERS[PRESETS[key].choices["dither"]]
    if name in SEARCH_CHOICES:
        return name in method.choices
    able = {"strength": dither.fill, "light": dither.fill, "runs": dither.runs, "rare": method.weighted}
    return bool(able.get(name, True))


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key in PRESETS for name in CHANGES if heeds(key, name)]
)
def test_whatever_is_changed_makes_it_ones_own(key, name):
    assert preset_of(choose(preset=key, **{name: CHANGES[name]})) is None


def test_what_has_no_effect_leaves_it_a_preset():
    assert preset_of(Settings(seed=5, attempts=9)) == "numbers"
    assert preset_of(Settings(seed=5, attempts=9, init="random")) is None
    assert preset_of(Settings(n_colors=int(LIMITS["n_colors"].high), effort="normal")) == "numbers"


def test_a_preset_gives_way_to_kept_colors():
    keep = [f"#0000{number:02x}" for number in range(12)]
    assert choose(preset="flat", keep=keep).n_colors == 12
    assert choose(preset="flat", keep=iter(keep[:3])).n_colors == 8
    with pytest.raises(QuantizeError, match="keep must hold at most n_colors = 3 colours, got 12"):
        choose(preset="flat", keep=keep, n_colors=3)


@pytest.mark.parametrize("key", PRESETS)
@pytest.mark.parametrize("change", [{}, {"strength": 0.0}, {"palette": ["#000", "#c00", "#ddd"]}])
def test_a_space_is_heeded_or_changes_nothing(key, change):
    if "strength" in change and not heeds(key, "strength"):
        change = {}
    pixels = (smooth(40, 30) * 0.8 + noise(40, 30) * 0.1).astype(np.uint8)
    choices = {"n_colors": 5, "preset": key, **QUICK.get(key, {}), **change}
    if "palette" in change:
        choices = {"preset": key, **change}
    found = {
        quantize_image(pixels, space=space, **choices).pixels.tobytes() for space in ("BGR", "LAB", "HSV")
    }
    choices.pop("preset")
    heeded = choose(preset=key, **choices).heeds_space
    assert heeded or len(found) == 1
    assert heeded == (not heeds(key, "runs") or "strength" in change)
