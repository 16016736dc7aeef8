"""Goals of colours that no mix gives: against every mix of few entries; and dark things on white stay."""

from itertools import combinations

import cv2
import numpy as np
import pytest

from quantize.colors.eye import Axes
from quantize.colors.spaces import SPACES
from quantize.dithering.canvas import Canvas, find_skipped
from quantize.dithering.dither import dither_pixels
from quantize.dithering.goals import _is_within, aim_canvas
from quantize.dithering.kernels_goals import aim
from quantize.dithering.light import find_light
from quantize.dithering.search import AXES
from tests.degenerate import alphas, pictures
from tests.pictures import noise, smooth

NOTHING = np.zeros((0, 0), np.bool_)
PALETTES = {
    "game boy": "0f380f 306230 8bac0f 9bbc0f",
    "grey paper": "202020 c8c8c8",
    "four greys": "202020 606060 a0a0a0 d8d8d8",
    "six inks": "1f1829 a8b4b6 b4ad00 711813 24468b 32543c",
    "sepia": "3b2a1a e8d8b0",
    "one colour": "777777",
    "red and yellow": "780f05 c8b400",
}


def colors_of(codes: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(codes), np.uint8).reshape(-1, 3)


def canvas_of(pixels: np.ndarray, palette: np.ndarray, light: str, hidden: np.ndarray = NOTHING) -> Canvas:
    skipped = find_skipped(pixels, hidden, palette)
    indices = np.zeros(pixels.shape[:2], np.uint8)
    return Canvas(pixels, skipped, hidden, palette, find_light(light), 1.0, 0.0, None, indices, None)


def aimed(pixels: np.ndarray, palette: np.ndarray, light: str) -> tuple[np.ndarray, np.ndarray]:
    """Where pixels are to be, float32 (h, w, 3), and which are skipped, bool (h, w)."""
    axes = AXES[light]
    canvas, goals = aim_canvas(canvas_of(pixels, palette, light), axes)
    seen = axes.place(pixels.reshape(-1, 3))
    aim(pixels.reshape(-1, 3), goals, seen)
    skipped = canvas.skipped if canvas.skipped.size else np.zeros(pixels.shape[:2], np.bool_)
    return seen.reshape(pixels.shape), skipped


def nearest_mix(place: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The point of the hull of ``at`` (k, 3) nearest to a place, by trying every one to four of them."""
    found, least = at[0], np.inf
    for n in range(1, 5):
        for some in combinations(range(len(at)), n):
            first, others = at[some[0]], at[list(some[1:])] - at[some[0]]
            weights = np.linalg.lstsq(others.T, place - first, rcond=None)[0] if n > 1 else np.zeros(0)
            if (weights < -1e-9).any() or weights.sum() > 1 + 1e-9:
                continue
            mix = first + weights @ others
            away = np.square(mix - place).sum()
            if away < least:
                found, least = mix, away
    return found


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_seen_goals_are_the_nearest_mixes(k):
    palette, pixels, axes = noise(1, k, seed=k)[0], noise(5, 6, seed=9), AXES["encoded"]
    found, _ = aimed(pixels, palette, "encoded")
    at = axes.place(palette).astype(np.float64)
    for place, goal in zip(axes.place(pixels.reshape(-1, 3)), found.reshape(-1, 3), strict=True):
        np.testing.assert_allclose(goal, nearest_mix(place.astype(np.float64), at), atol=2e-3)


@pytest.mark.parametrize("light", AXES)
@pytest.mark.parametrize("name", PALETTES)
def test_goals_are_mixes_as_light_as_can_be(name, light):
    """Lightness is what an eye misses first."""
    palette, pixels, axes = colors_of(PALETTES[name]), noise(5, 8, seed=3), AXES[light]
    found = aimed(pixels, palette, light)[0].reshape(-1, 3)
    at = axes.place(palette).astype(np.float64)
    mixes = np.array([nearest_mix(goal, at) for goal in found.astype(np.float64)])
    assert np.abs(mixes - found).max() < 3e-4
    goals = np.rint(axes.colors(found)).astype(np.uint8)
    of, made, ends = (
        SPACES["LAB"].to_working(rows)[:, 0] for rows in (pixels.reshape(-1, 3), goals, palette)
    )
    assert np.abs(made - of.clip(ends.min(), ends.max())).max() < 8


@pytest.mark.parametrize("light", AXES)
def test_what_can_be_mixed_keeps_its_own_place(light):
    palette = np.array([(r, g, b) for r in (0, 255) for g in (0, 255) for b in (0, 255)], np.uint8)
    for name, pixels in pictures(1, seed=8):
        own = AXES[light].place(pixels.reshape(-1, 3)).reshape(pixels.shape)
        # Along the eye's axes the cube is not convex, and a face may lie a little within the hull or outside.
        assert np.abs(aimed(pixels, palette, light)[0] - own).max() < (1e-3 if light == "linear" else 0.08), (
            name
        )


def test_more_colors_than_can_be_told_apart_share_goals():
    values = np.arange(0, 256, 2)
    red, green, blue = np.meshgrid(values, values, values, indexing="ij")
    pixels = np.stack([red, green, blue], axis=-1).reshape(-1, 1024, 3).astype(np.uint8)
    palette = colors_of(PALETTES["grey paper"])
    found = aimed(pixels, palette, "linear")[0]
    some = np.random.default_rng(0).integers(0, 1024, (40, 2))
    few = np.ascontiguousarray(pixels[some[:, 0], some[:, 1]][None])
    assert np.abs(found[some[:, 0], some[:, 1]] - aimed(few, palette, "linear")[0][0]).max() < 0.02


@pytest.mark.parametrize("light", AXES)
def test_what_is_not_visible_has_no_say(light):
    palette = colors_of(PALETTES["game boy"])
    for _, alpha in alphas((24, 20)):
        found = []
        for seed in (1, 2):
            pixels = np.where(alpha[..., None] >= 128, smooth(24, 20), noise(24, 20, seed=seed))
            made = dither_pixels(pixels, palette, "search", light=light, alpha=alpha)
            found.append(made.indices[alpha >= 128].tolist())
        assert found[0] == found[1]


def writing(grey: int, ground: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Strokes one to three pixels wide, as of letters, and where they are: uint8 (h, w, 3), bool (h, w)."""
    rng, is_ink = np.random.default_rng(seed), np.zeros((96, 128), np.uint8)
    for _ in range(40):
        start, length = rng.integers((2, 2), (120, 90)), rng.integers(-9, 10, 2)
        end = tuple((start + length).tolist())
        cv2.line(is_ink, tuple(start.tolist()), end, 1, int(rng.integers(1, 4)))
    pixels = np.where(is_ink[..., None] > 0, grey, ground).astype(np.uint8).repeat(3, axis=2)
    return pixels, is_ink > 0


def blurred(lightness: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(np.ascontiguousarray(lightness, np.float32), (0, 0), 1.0)


@pytest.mark.parametrize("light", AXES)
@pytest.mark.parametrize("name", PALETTES)
def test_dark_things_stay_on_a_white_out_of_reach(name, light):
    """From afar letters are as dark beside their ground as the palette lets them be."""
    palette = colors_of(PALETTES[name])
    for seed, grey in enumerate((0, 0, 30, 60, 90, 120)):
        pixels, is_ink = writing(grey, 255, seed)
        made = AXES[light].place(palette)[dither_pixels(pixels, palette, "search", light=light).indices]
        seen, wanted = (blurred(of[..., 0]) for of in (made, aimed(pixels, palette, light)[0]))
        depth = wanted[~is_ink].mean() - wanted[is_ink].mean()
        assert seen[~is_ink].mean() - seen[is_ink].mean() > 0.8 * depth - 0.005, grey
        assert abs(seen[is_ink].mean() - wanted[is_ink].mean()) < 0.2 * depth + 0.01, grey


@pytest.mark.parametrize("light", AXES)
@pytest.mark.parametrize("name", PALETTES)
def test_paper_out_of_reach_is_solid(name, light):
    palette = colors_of(PALETTES[name])
    for ground in (255, 252):
        pixels, _ = writing(0, ground, 4)
        paper = cv2.erode((pixels[..., 0] == ground).astype(np.uint8), np.ones((9, 9))) > 0
        made = dither_pixels(pixels, palette, "search", light=light).indices
        assert len(np.unique(made[paper])) == (1 if palette.max() < 240 else 2)


def ramp_error(key: str, axes: Axes) -> float:
    tones = np.rint(np.linspace(0, 255, 160)).astype(np.uint8)
    pixels = np.ascontiguousarray(np.broadcast_to(tones[None, :, None], (128, 160, 3)))
    palette = np.array([(0, 0, 0), (255, 255, 255)], np.uint8)
    made = palette[dither_pixels(pixels, palette, key).indices]
    one, other = (axes.place(of.reshape(-1, 3))[:, 0].reshape(128, 160) for of in (pixels, made))
    return float(np.sqrt(np.square(cv2.GaussianBlur(one - other, (0, 0), 2.0)).mean()))


def test_blocks_draw_no_edges():
    assert ramp_error("search", AXES["encoded"]) < ramp_error("looks", AXES["encoded"])


@pytest.mark.parametrize("light", AXES)
def test_white_is_the_lightest_grey_though_a_yellow_is_lighter(light):
    greys = np.arange(256, dtype=np.uint8).repeat(3).reshape(1, 256, 3)
    for codes in ("080808 a1a4a5 d0be47", "101010 d9f2ff ffff44 ef792c", "1f1829 a8b4b6 c4bd00 05409e"):
        palette = colors_of(codes)
        made = dither_pixels(np.tile(greys[:, 250:], (20, 8, 1)), palette, "search", light=light).indices
        assert (made == 1).all(), codes
        made = dither_pixels(np.tile(greys[:, :4], (20, 8, 1)), palette, "search", light=light).indices
        assert (made == 0).all(), codes


def test_white_is_mixed_where_that_is_lighter():
    palette = colors_of("000000 808080 00ffff ff00ff ffff00")
    made = palette[
        dither_pixels(np.full((32, 32, 3), 255, np.uint8), palette, "search", light="linear").indices
    ]
    assert made.mean() > 160
    palette = colors_of("ffffff 0000c0 c00000")
    made = palette[dither_pixels(np.zeros((32, 32, 3), np.uint8), palette, "search", light="linear").indices]
    assert made.mean() < 70


@pytest.mark.parametrize("light", AXES)
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 8, 16])
def test_a_quick_look_takes_nothing_in_that_lies_outside(k, light):
    """Of palettes in one plane, of doubled colours and of any; what it does not know is mixed."""
    axes, places = AXES[light], AXES[light].place(noise(1, 60, seed=k)[0])
    lattice = np.array([(r, g, 128) for r in (0, 85, 170, 255) for g in (0, 85, 170, 255)], np.uint8)
    for palette in (
        noise(1, k, seed=k + 40)[0],
        lattice[:k],
        lattice[:1].repeat(k, axis=0),
        noise(1, 2, seed=k)[0],
    ):
        at = axes.place(palette).astype(np.float64)
        for place, is_within in zip(places, _is_within(places, at.astype(np.float32)), strict=True):
            if k <= 8 and is_within:
                assert np.abs(nearest_mix(place.astype(np.float64), at) - place).max() < 1e-4
    corners = np.array([(r, g, b) for r in (0, 255) for g in (0, 255) for b in (0, 255)], np.uint8)
    inner = AXES["linear"].place((noise(1, 60, seed=k)[0] // 2 + 60).astype(np.uint8))
    assert _is_within(inner, AXES["linear"].place(corners)).all()
