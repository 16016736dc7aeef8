"""What is seen of a picture: drawings and photos are told apart, and skies are not stretched to white."""

import cv2
import numpy as np
import pytest
from skimage import data

from quantize.colors.difference import delta_e_00
from quantize.colors.spaces import SPACES
from quantize.panels.preparing import prepare_pixels, suggest_preparation
from quantize.panels.reach import find_reach
from quantize.panels.seeing import look_at
from quantize.panels.table import find_panel
from tests.degenerate import pictures
from tests.pictures import noise

SEEDS = pytest.mark.parametrize("seed", range(4))


def chart(seed: int, width: int = 320, height: int = 240) -> np.ndarray:
    """Bars, discs and lines of a few inks with soft edges, on a light ground."""
    rng = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), rng.integers(225, 256), np.uint8)
    for number in range(24):
        at = tuple(int(side) for side in rng.integers((0, 0), (width, height)))
        ink = tuple(int(level) for level in rng.choice([0, 40, 128, 200, 255], 3))
        if number % 3 == 0:
            cv2.rectangle(pixels, at, (at[0] + 30, at[1] + 60), ink, -1)
        elif number % 3 == 1:
            cv2.circle(pixels, at, int(rng.integers(4, 30)), ink, -1, cv2.LINE_AA)
        else:
            cv2.line(pixels, at, (width // 2, height // 2), ink, 1, cv2.LINE_AA)
    return pixels


def letters(seed: int) -> np.ndarray:
    """Soft letters in vivid inks on white."""
    rng = np.random.default_rng(seed)
    pixels = np.full((240, 320, 3), 255, np.uint8)
    inks = rng.choice([0, 30, 200, 255], (4, 3))
    for row in range(12):
        at, ink = (5, 18 + 19 * row), tuple(int(level) for level in inks[row % 4])
        cv2.putText(pixels, "The quick brown fox", at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, ink, 1, cv2.LINE_AA)
    return pixels


def scene(seed: int, light: float, chroma: float, width: int = 320, height: int = 240) -> np.ndarray:
    """A sky of some lightness and chroma above dark, grainy ground, with a camera's noise."""
    rng, lab = np.random.default_rng(seed), np.zeros((height, width, 3), np.float32)
    hue = np.deg2rad(rng.uniform(230, 280))
    lab[..., 0] = np.linspace(light - 12, light, height)[:, None]
    lab[..., 1:] = chroma * np.array([np.cos(hue), np.sin(hue)])
    ground = slice(2 * height // 3, None)
    lab[ground] = rng.normal((35, -6, 14), (9, 4, 4), lab[ground].shape)
    lab += rng.normal(0, 1, lab.shape)
    made = SPACES["LAB"].to_srgb(lab.reshape(-1, 3)).reshape(lab.shape)
    return np.clip(np.rint(made), 0, 255).astype(np.uint8)


@SEEDS
def test_drawings_and_photos_are_told_apart(seed):
    photo = scene(seed, 85, 20)
    grey = photo[..., 1:2].repeat(3, axis=2)
    goods = np.full((240, 320, 3), 255, np.uint8)
    goods[60:180, 80:240] = scene(seed + 9, 70, 30, 160, 120)
    burnt = photo.copy()
    burnt[:80] = np.where(noise(80, 320, 1, seed) < 128, np.uint8(255), np.uint8([255, 0, 0]))
    burnt[:80] -= noise(80, 320, seed=seed) // 40
    for name, pixels in {"photo": photo, "grey": grey, "goods on white": goods, "burnt": burnt}.items():
        assert not look_at(pixels).drawn, name
    for pixels in (chart(seed), letters(seed), cv2.resize(chart(seed, 640, 480), (320, 240))):
        seen = look_at(pixels)
        assert seen.drawn
        assert (seen.black, seen.white, seen.curve) == (0, 100, 0)
        assert seen.said.startswith("a drawing")


@SEEDS
def test_skies_keep_their_color(seed):
    """As chroma falls, a light sky is less and less one that should be white; it never loses what it has."""
    panel = find_panel("spectra6")
    reach, whites = find_reach(panel.colors), []
    for chroma in (0, 4, 8, 12, 16, 20, 30):
        pixels = scene(seed, 80, chroma)
        preparation = suggest_preparation(pixels, panel)
        whites.append(round(preparation.white / 2))
        sky = prepare_pixels(pixels, panel, preparation)[:160].reshape(-1, 3)
        lab = SPACES["LAB"].to_working(sky).astype(float).mean(axis=0)
        left = np.hypot(*(lab[1:] - reach.grey_at(lab[:1])[0]))
        if chroma >= 8:
            assert left > 0.35 * min(chroma, 20)
    assert whites[0] < 42
    assert whites == sorted(whites)
    assert whites[-2:] == [50, 50]


def test_any_picture_is_seen():
    for name, pixels in pictures(2, seed=4):
        seen = look_at(pixels)
        assert 0 <= seen.black < seen.white <= 100, name
        assert seen.counts.sum() > 0
        assert seen.said


@SEEDS
def test_pure_device_colors_are_solid_in_drawings_only(seed):
    panel = find_panel("spectra6")
    drawn, photo = chart(seed), scene(seed, 85, 20)
    for pixels, solid in ((drawn, True), (photo, False)):
        pixels[20:60, 20:60] = (255, 0, 0)
        pixels[20:60, 24:60:9] = (254, 6, 3)
        made = prepare_pixels(pixels, panel, suggest_preparation(pixels, panel))
        away = delta_e_00(made[30, 30:31], panel.colors[3:4])[0]
        assert (away == 0) == solid
        assert solid or delta_e_00(made[30, 30:31], made[30, 33:34])[0] < 6


@pytest.mark.parametrize("photo", [data.coffee, data.astronaut, data.chelsea, data.rocket])
def test_a_photo_is_one_however_dark_or_light_it_is(photo):
    """Of few levels all come back, and neighbours are often equal."""
    pixels = photo().astype(float)
    for factor in (1, 0.5, 0.25, 0.12):
        for changed in (pixels * factor, 255 - (255 - pixels) * factor):
            assert not look_at(changed.astype(np.uint8)).drawn, factor
