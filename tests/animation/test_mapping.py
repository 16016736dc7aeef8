"""One palette for all frames, and what stands still in the source stands still in the result."""

import numpy as np
import pytest

from quantize import Animation, QuantizeError, Settings, quantize_animation, quantize_image
from quantize.dithering.dither import DITHERS
from tests.animation.made import hostile, still_part

STILL = np.random.default_rng(5)


def moving(n=4, height=20, width=24):
    return Animation.from_frames(still_part(np.random.default_rng(2), n, height, width), 50)


def slow_flicker(animation, animated):
    stood = changed = 0
    for at in range(1, animation.n_frames):
        a, b = animated.frame(at - 1), animated.frame(at)
        for y in range(animation.size[1]):
            for x in range(animation.size[0]):
                same = (animation.pixels[at - 1, y, x] == animation.pixels[at, y, x]).all()
                if same and a[y, x, 3] and b[y, x, 3]:
                    stood += 1
                    changed += bool((a[y, x] != b[y, x]).any())
    return changed / stood if stood else 0.0


def test_the_palette_is_that_of_all_frames_stacked():
    animation = moving()
    for choices in ({"n_colors": 9}, {"n_colors": 9, "space": "Oklab"}, {"preset": "looks", "n_colors": 6}):
        stacked = quantize_image(animation.pixels.reshape(-1, 24, 3), **choices)
        animated = quantize_animation(animation, **choices)
        assert len(animated.palettes) == 1
        np.testing.assert_array_equal(animated.palettes[0], stacked.palette)


@pytest.mark.parametrize("dither", tuple(DITHERS))
def test_what_stands_still_does_not_flicker_with_any_dithering(dither):
    animation = moving(height=12, width=12)
    animated = quantize_animation(animation, n_colors=5, dither=dither)
    assert animated.flicker == slow_flicker(animation, animated) == 0
    first = quantize_animation(Animation.from_frames(animation.pixels[:1], 50), n_colors=5, dither=dither)
    assert first.mse > 0


def over_noise(seed, n, height, width, side):
    """A rectangle of its own colours moves over noise of nearly as many colours as pixels."""
    frames = np.random.default_rng(seed).integers(0, 256, (1, height, width, 3), np.uint8).repeat(n, axis=0)
    for at, frame in enumerate(frames):
        left = at * side // 5
        part = frame[height // 4 : height // 2, left : left + side]
        part[:] = part[:, ::-1] // 2
    return Animation.from_frames(frames, 40)


# As many colours are needed to find a mask's mix that depends on a frame's other colours: 1 pixel in 158,400.
@pytest.mark.parametrize("n_colors", [64, 256])
@pytest.mark.parametrize("dither", ["bayer-2", "bayer-16", "blue-noise"])
@pytest.mark.parametrize("seed", range(2))
def test_what_stands_still_does_not_flicker_under_a_mask_with_many_colours(seed, dither, n_colors):
    animation = over_noise(seed, 6, 90, 160, 40)
    assert quantize_animation(animation, n_colors=n_colors, dither=dither, seed=1).flicker == 0


@pytest.mark.parametrize("n_colors", [7])
@pytest.mark.parametrize("dither", tuple(DITHERS))
def test_what_stands_still_does_not_flicker_whatever_moves(dither, n_colors):
    for name, animation, _ in hostile(n_colors):
        made = quantize_animation(animation, n_colors=n_colors, dither=dither)
        assert made.flicker == slow_flicker(animation, made) == 0, name


def test_without_it_error_diffusion_crawls():
    animation = moving()
    made = quantize_animation(animation, n_colors=5, dither="floyd-steinberg", still=False)
    assert made.flicker == slow_flicker(animation, made) > 0.01


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_those_of_the_frames(seed):
    for name, animation, choices in hostile(seed):
        made = quantize_animation(animation, **choices)
        assert made.flicker == slow_flicker(animation, made), name
        if made.settings.n_colors and choices.get("one_palette", True):
            assert made.flicker == 0, name
        sse = visible = 0
        for at in range(animation.n_frames):
            frame = made.frame(at)
            seen = frame[..., 3] > 0
            away = animation.pixels[at].astype(int) - frame[..., :3]
            sse, visible = sse + int((away[seen] ** 2).sum()), visible + int(seen.sum())
            assert len(np.unique(frame[seen], axis=0)) <= made.settings.n_colors, name
        assert made.sse == sse, name
        assert made.mse == pytest.approx(sse / visible), name


@pytest.mark.parametrize("dither", ["none", "floyd-steinberg", "bayer-8", "riemersma", "looks"])
def test_few_colours_come_back_unchanged(dither):
    palette = np.array([[0, 0, 0], [9, 9, 9], [255, 0, 0], [4, 200, 7]], np.uint8)
    frames = palette[STILL.integers(0, 4, (3, 9, 11))]
    animation = Animation.from_frames(frames, [1, 2, 3], 5)
    made = quantize_animation(animation, n_colors=4, dither=dither)
    assert made.sse == 0
    assert (made.durations, made.loops) == ((1, 2, 3), 5)
    for at in range(3):
        np.testing.assert_array_equal(made.frame(at)[..., :3], frames[at])


def test_threads_change_nothing(monkeypatch):
    animation = moving(3, 40, 30)
    made = []
    for count in ("1", "2", "5"):
        monkeypatch.setenv("QUANTIZE_THREADS", count)
        made.append(quantize_animation(animation, n_colors=6, dither="floyd-steinberg"))
    for other in made[1:]:
        np.testing.assert_array_equal(other.indices, made[0].indices)


def test_a_frame_without_a_visible_pixel_is_no_reason_to_fail():
    alpha = np.full((3, 4, 4), 255, np.uint8)
    alpha[1] = 0
    animation = Animation.from_frames(STILL.integers(0, 256, (3, 4, 4, 3), np.uint8), 10, alpha=alpha)
    for choices in ({}, {"one_palette": False}, {"dither": "floyd-steinberg"}):
        made = quantize_animation(animation, n_colors=4, **choices)
        assert not made.frame(1).any()
        assert made.frame(2)[..., 3].all()
    nothing = Animation.from_frames(animation.pixels, 10, alpha=np.zeros_like(alpha))
    with pytest.raises(QuantizeError, match="every pixel of the picture is fully transparent"):
        quantize_animation(nothing)


def test_soft_edges_are_cut_and_that_is_said():
    alpha = np.full((2, 4, 4), 200, np.uint8)
    animation = Animation.from_frames(STILL.integers(0, 256, (2, 4, 4, 3), np.uint8), 10, alpha=alpha)
    made = quantize_animation(animation, n_colors=4, alpha="soft")
    assert made.notes[0] == "soft edges are not kept in animations: pixels are opaque or transparent"
    assert made.frame(0)[..., 3].min() == 255


def test_long_work_can_be_ended_and_says_how_far_it_is():
    animation, told = moving(), []
    quantize_animation(animation, n_colors=5, dither="atkinson", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1

    class Enough(Exception):
        pass

    def end():
        raise Enough

    for choices in ({}, {"one_palette": False}, {"dither": "floyd-steinberg"}):
        with pytest.raises(Enough):
            quantize_animation(animation, checkpoint=end, **choices)


def test_wrong_arguments_are_refused():
    with pytest.raises(QuantizeError, match="must be an Animation, got ndarray: use load_animation"):
        quantize_animation(np.zeros((1, 1, 1, 3), np.uint8))
    with pytest.raises(QuantizeError, match="n_colors must be"):
        quantize_animation(moving(), n_colors=0)
    with pytest.raises(QuantizeError, match="frame must be a number from 0 to 3"):
        quantize_animation(moving(), Settings(n_colors=3)).palette_of(4)
