"""SSIMULACRA2 beside the package that has the original's figures, and what must hold of any such measure."""

import math

import numpy as np
import pytest
from PIL import Image

from quantize import Picture, QuantizeError, measure, quantize_image, ssimulacra2
from quantize.measuring import similarity
from quantize.measuring.ssimulacra import ssimulacra2_of
from tests.degenerate import pictures
from tests.pictures import noise, smooth

package = pytest.importorskip("ssimulacra2", reason="PyPI ssimulacra2 is not installed")


def theirs(before, after, folder) -> float:
    """The package's figure, which takes files."""
    files = folder / "before.png", folder / "after.png"
    for file, pixels in zip(files, (before, after), strict=True):
        Image.fromarray(pixels).save(file)
    return float(package.compute_ssimulacra2(*map(str, files)))


def pairs():
    wide, odd = smooth(64, 90), (smooth(77, 131) * 0.7 + noise(77, 131) * 0.2).astype(np.uint8)
    for shape in ((8, 8), (9, 30), (31, 8), (100, 17)):
        yield noise(*shape), noise(*shape, seed=1)
    for pixels in (wide, odd, noise(50, 60)):
        for k in (2, 16, 256):
            yield pixels, quantize_image(pixels, n_colors=k, dither="floyd-steinberg").pixels
        yield pixels, 255 - pixels
    yield np.zeros((40, 40, 3), np.uint8), np.full((40, 40, 3), 255, np.uint8)


def test_figures_are_those_of_the_package(tmp_path):
    for before, after in pairs():
        assert ssimulacra2(before, after) == pytest.approx(theirs(before, after, tmp_path), abs=0.01)


@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=7))
def test_equal_pictures_have_100_and_others_a_number(name, pixels):
    assert ssimulacra2(pixels, pixels) == 100
    assert math.isfinite(ssimulacra2(pixels, 255 - pixels))


@pytest.mark.parametrize("shape", [(7, 40), (40, 7), (1, 700), (700, 1), (7, 7), (3, 5), (1, 2), (1, 1)])
def test_small_sides_are_judged_too(shape):
    pixels = noise(*shape)
    assert ssimulacra2(pixels, pixels) == 100
    assert ssimulacra2(pixels, pixels ^ 128) < (90 if max(shape) > 1 else 99)
    alpha = np.full(shape, 255, np.uint8)
    assert ssimulacra2(pixels, pixels ^ 128, alpha) == ssimulacra2(pixels, pixels ^ 128)
    picture = Picture.from_pixels(pixels)
    for k in (2, 8):
        result = quantize_image(picture, n_colors=k)
        worse = (result.pixels != pixels).any()
        assert measure(picture, result, looks=True).ssimulacra2 == ssimulacra2(pixels, result.pixels)
        assert (ssimulacra2(pixels, result.pixels) < 95) == worse


def test_a_picture_of_small_side_is_judged_as_its_mirrored_one():
    before, after = noise(4, 30), noise(4, 30, seed=1)
    whole = [np.concatenate([pixels, pixels[::-1]]) for pixels in (before, after)]
    assert ssimulacra2(before, after) == ssimulacra2(*whole) < 90


def test_more_colors_look_better():
    pixels = (smooth(90, 120) * 0.8 + noise(90, 120) * 0.1).astype(np.uint8)
    picture = Picture.from_pixels(pixels)
    results = [quantize_image(picture, n_colors=k, preset="looks") for k in (4, 16, 64)]
    found = [measure(picture, result, looks=True).ssimulacra2 for result in results]
    assert found == sorted(found)
    assert found[-1] == ssimulacra2(pixels, results[-1].pixels)
    assert measure(picture, results[0]).ssimulacra2 is measure(picture, results[0]).delta_e_blurred is None


def test_hidden_pixels_add_nothing():
    pixels, alpha = smooth(60, 60), np.full((60, 60), 255, np.uint8)
    alpha[:30] = 0
    found = []
    for seed in (1, 2):
        under = pixels.copy()
        under[:30] = noise(30, 60, seed=seed)
        picture = Picture.from_pixels(under, alpha)
        found.append(ssimulacra2(under, np.where(alpha[..., None] > 0, under // 16 * 16, under), alpha))
        assert ssimulacra2_of(picture, quantize_image(picture, n_colors=4, space="LAB")) < 100
    assert found[0] == found[1] < 100
    assert math.isnan(ssimulacra2(pixels, pixels, np.zeros((60, 60), np.uint8)))


def test_large_pictures_are_judged_on_tiles(monkeypatch):
    pixels = (smooth(300, 300) * 0.8 + noise(300, 300) * 0.1).astype(np.uint8)
    after = quantize_image(pixels, n_colors=16, preset="looks").pixels
    whole = ssimulacra2(pixels, after)
    monkeypatch.setattr(similarity, "_TILE", 32)
    assert ssimulacra2(pixels, after) == pytest.approx(whole, abs=12)
    assert ssimulacra2(pixels, pixels) == 100


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(QuantizeError, match=r"after must be uint8 \(9, 9, 3\), got uint8 \(8, 8, 3\)"):
        ssimulacra2(noise(9, 9), noise(8, 8))
