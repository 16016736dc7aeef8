"""Presets: what each is, how they meet other choices, and that they keep what is promised of every result."""

import re

import numpy as np
import pytest

from quantize import Picture, QuantizeError, Settings, quantize_image
from quantize.dithering.dither import DITHERS
from quantize.methods.table import METHODS
from quantize.presets import PRESETS
from quantize.settings import choose
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
    names = "lesson, numbers, looks, best-looks, small, flat, pixel-art"
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
