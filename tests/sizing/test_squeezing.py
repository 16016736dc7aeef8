"""The shortest indexed PNG: same pixels, sound files, never longer than without it."""

import shutil
import subprocess
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from quantize import quantize_image
from quantize.colors.opacity import is_visible
from quantize.rendering.encode import encode_png
from quantize.sizing import squeezing
from quantize.sizing.ordering import PALETTE_ORDERS, count_neighbors, order_by_light, order_by_neighbors
from quantize.sizing.squeezing import squeeze_indexed, squeeze_png
from tests.degenerate import alphas, pictures
from tests.pictures import noise, smooth


def shown(data):
    with Image.open(BytesIO(data)) as file:
        return np.asarray(file.convert("RGBA"))


def check(data, tmp_path):
    """Refuse what pngcheck does."""
    if shutil.which("pngcheck"):
        (tmp_path / "x.png").write_bytes(data)
        subprocess.run(["pngcheck", "-q", str(tmp_path / "x.png")], check=True)


@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=9))
def test_pixels_are_the_same(name, pixels, tmp_path):
    result = quantize_image(pixels, n_colors=17)
    plain = encode_png(result.palette, result.indices, optimize=True)
    for last in (False, True):
        data = squeeze_indexed(result.palette, result.indices, last=last)
        np.testing.assert_array_equal(shown(data)[..., :3], result.pixels)
        check(data, tmp_path)
    assert len(data) <= len(plain) * 1.02 + 8


@pytest.mark.parametrize(("name", "alpha"), alphas((30, 40)))
def test_what_is_clear_stays_clear(name, alpha, tmp_path):
    pixels = smooth(30, 40)
    palette, indices = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    palette, indices = palette[:200].copy(), (indices % min(200, len(palette))).astype(np.uint8)
    data = squeeze_indexed(palette, indices.reshape(30, 40), alpha)
    found, visible = shown(data), is_visible(alpha)
    np.testing.assert_array_equal(found[..., 3] == 255, visible)
    np.testing.assert_array_equal(found[visible][:, :3], palette[indices.reshape(30, 40)][visible])
    check(data, tmp_path)


@pytest.mark.parametrize("order", PALETTE_ORDERS)
@pytest.mark.parametrize("count", [1, 2, 3, 40, 256])
def test_orders_are_permutations(order, count):
    palette, indices = noise(1, count)[0], (noise(20, 30)[..., 0].astype(int) % count)
    places = PALETTE_ORDERS[order](palette, indices.astype(np.uint8))
    assert sorted(places.tolist()) == list(range(count))


def test_light_goes_up_and_neighbours_lie_side_by_side():
    palette = noise(1, 50)[0]
    light = palette[order_by_light(palette, np.zeros((1, 1), np.uint8))] @ np.array([299, 587, 114])
    assert (np.diff(light) >= 0).all()
    # A chain of entries, each only beside the next one, in any numbering.
    chain = np.random.default_rng(2).permutation(12)
    row = np.concatenate([np.repeat(chain[at : at + 2], 2) for at in range(11)]).astype(np.uint8)
    places = order_by_neighbors(noise(1, 12)[0], np.tile(row, (4, 1)))
    assert places.tolist() in (chain.tolist(), chain[::-1].tolist())


def test_neighbours_are_counted_both_ways():
    beside = count_neighbors(np.array([[0, 1, 1, 2], [2, 2, 0, 1]], np.uint8), 3)
    np.testing.assert_array_equal(beside, [[0, 2, 1], [2, 0, 1], [1, 1, 0]])


def test_without_oxipng_files_are_as_they_were(monkeypatch):
    data = encode_png(noise(1, 9)[0].copy(), noise(20, 20)[..., 0] % np.uint8(9), optimize=True)
    assert len(squeeze_png(data, 400)) <= len(data)
    assert squeeze_png(data, 1 << 30) is data
    monkeypatch.setattr(squeezing, "_find_oxipng", lambda: None)
    assert squeeze_png(data, 400) is data


def test_same_bytes_again():
    result = quantize_image(smooth(60, 80), n_colors=64)
    first, second = (squeeze_indexed(result.palette, result.indices, dpi=(300.0, 300.0)) for _ in range(2))
    assert first == second
    with Image.open(BytesIO(first)) as file:
        assert file.info["dpi"] == pytest.approx((300, 300), abs=0.1)
