"""Figures that look at surroundings: against slow definitions, then what a person would expect of them."""

import math

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import structural_similarity

from quantize import QuantizeError
from quantize.colors.spaces import decode_srgb, encode_srgb
from quantize.dithering.dither import dither_pixels
from quantize.measuring import similarity as module
from quantize.measuring.similarity import delta_e_blurred, ssim
from tests.pictures import noise, smooth

BOTH = pytest.mark.parametrize(("figure", "best"), [(ssim, 1), (delta_e_blurred, 0)])


def slow_blurred(before, after) -> np.ndarray:
    """ΔE00 of every pixel after SciPy's blur."""
    labs = [
        rgb2lab(encode_srgb(gaussian_filter(decode_srgb(p), (1, 1, 0), mode="reflect")) / 255)
        for p in (before, after)
    ]
    return deltaE_ciede2000(*labs)


def slow_ssim(before, after) -> np.ndarray:
    """Similarity of every pixel, by Wang's formula."""
    x, y = (p.astype(float) @ [0.2126, 0.7152, 0.0722] for p in (before, after))

    def mean(values):
        return gaussian_filter(values, 1.5, mode="reflect", truncate=3.5)

    mx, my = mean(x), mean(y)
    vx, vy, vxy = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    a, b = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return (2 * mx * my + a) * (2 * vxy + b) / ((mx * mx + my * my + a) * (vx + vy + b))


def test_both_are_what_their_definitions_say():
    before, after = smooth(40, 50), noise(40, 50) // 8 + smooth(40, 50) // 2
    assert ssim(before, after) == pytest.approx(slow_ssim(before, after).mean(), abs=1e-4)
    assert delta_e_blurred(before, after) == pytest.approx(slow_blurred(before, after).mean(), abs=0.01)


def test_similarity_is_the_librarys_away_from_the_border():
    before, after = noise(60, 60), noise(60, 60, seed=1) // 2
    luma = [p @ np.array([0.2126, 0.7152, 0.0722]) for p in (before, after)]
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "full": True}
    _, full = structural_similarity(*luma, data_range=255, **options)
    assert ssim(before, after) == pytest.approx(full.mean(), abs=1e-4)


def test_tiles_see_beyond_their_edges(monkeypatch):
    # Tiles that together cover everything must give the figure of the whole.
    before, after = smooth(32, 64), noise(32, 64) // 8 + smooth(32, 64) // 2
    whole = ssim(before, after), delta_e_blurred(before, after)
    cores = [(top, top + 16, left, left + 16) for top in (0, 16) for left in (0, 16, 32, 48)]
    monkeypatch.setattr(module, "_cores", lambda height, width: iter(cores))
    assert ssim(before, after) == pytest.approx(whole[0], abs=1e-5)
    assert delta_e_blurred(before, after) == pytest.approx(whole[1], abs=1e-3)


@pytest.mark.parametrize("shape", [(3000, 2000), (100, 90_000), (90_000, 100), (1, 3_000_000), (2049, 1024)])
def test_large_pictures_are_looked_at_on_even_tiles(shape):
    cores = list(module._cores(*shape))
    pixels = sum((bottom - top) * (right - left) for top, bottom, left, right in cores)
    assert 1_000_000 <= pixels <= 2**21
    assert min(core[0] for core in cores) == min(core[2] for core in cores) == 0
    assert all(0 <= top < bottom <= shape[0] for top, bottom, _, _ in cores)
    assert all(0 <= left < right <= shape[1] for _, _, left, right in cores)
    if len({core[0] for core in cores}) > 1:
        assert max(core[1] for core in cores) == shape[0]
    if len({core[2] for core in cores}) > 1:
        assert max(core[3] for core in cores) == shape[1]


@BOTH
@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (10, 11), (300, 3)])
def test_equal_pictures_of_any_shape(figure, best, shape):
    assert figure(noise(*shape), noise(*shape)) == pytest.approx(best, abs=1e-6)


@BOTH
def test_transparent_pixels_count_nothing(figure, best):
    before, after = smooth(30, 30), smooth(30, 30)
    after[:10] = 0
    alpha = np.full((30, 30), 128, np.uint8)
    assert abs(figure(before, after) - best) > 0.01
    alpha[:10] = 127
    assert figure(before, after, alpha) == pytest.approx(best, abs=1e-6)
    assert math.isnan(figure(before, after, np.zeros_like(alpha)))


def test_after_a_blur_dithering_is_nearer():
    pixels = smooth(100, 100)
    palette = np.array([[r, g, b] for r in (60, 180) for g in (80, 170) for b in (90, 200)], np.uint8)
    plain, dithered = (
        palette[dither_pixels(pixels, palette, key).indices] for key in ("none", "floyd-steinberg")
    )
    assert delta_e_blurred(pixels, dithered) < 0.8 * delta_e_blurred(pixels, plain)


@BOTH
def test_what_is_no_pair_of_pictures_is_refused(figure, best):
    with pytest.raises(
        QuantizeError, match=r"before must be uint8 \(h, w, 3\), not empty, got uint8 \(0, 3, 3\)"
    ):
        figure(noise(0, 3), noise(0, 3))
    with pytest.raises(QuantizeError, match=r"after must be uint8 \(3, 3, 3\), got uint8 \(3, 4, 3\)"):
        figure(noise(3, 3), noise(3, 4))
    with pytest.raises(QuantizeError, match=r"alpha must be uint8 \(3, 3\), got uint8 \(2, 3\)"):
        figure(noise(3, 3), noise(3, 3), noise(2, 3, 1)[..., 0])
