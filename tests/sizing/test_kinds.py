"""Kinds of files: what is written is what Pillow would write, whatever other threads do."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from quantize import QuantizeError
from quantize.decoding.picture import Picture
from quantize.sizing.kinds import KINDS
from quantize.sizing.recipe import Recipe
from quantize.sizing.writing import Writer
from tests.pictures import noise, smooth

SHAPES = [(1, 1), (1, 40), (40, 1), (17, 33), (60, 80)]


@pytest.mark.parametrize("dpi", [None, (300.0, 72.4), (0.001, 1e6)])
@pytest.mark.parametrize("whole", [False, True])
def test_a_jpeg_is_pillows_with_its_resolution(whole, dpi):
    for shape in SHAPES:
        for quality in (1, 50, 95, 100):
            pixels, file = smooth(*shape), io.BytesIO()
            sampling = "4:4:4" if whole else "4:2:0"
            told = {"dpi": (300, 72) if dpi == (300.0, 72.4) else (1, 65_535)} if dpi else {}
            Image.fromarray(pixels).save(
                file, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=sampling,
                **told,
            )  # fmt: skip
            assert KINDS["jpeg"].write(pixels, None, quality, dpi, whole) == file.getvalue(), (shape, quality)


def test_noise_of_few_pixels_across_is_written_in_silence(capfd):
    for shape in ((4000, 1), (1, 4000), (300, 7)):
        data = KINDS["jpeg"].write(noise(*shape), None, 100, None, True)
        with Image.open(io.BytesIO(data)) as file:
            assert file.size == shape[::-1]
    assert capfd.readouterr() == ("", "")


def test_a_side_that_is_too_long_is_said(capfd):
    with pytest.raises(QuantizeError, match="at most 65,500 pixels a side, got 65,501×1"):
        KINDS["jpeg"].write(np.zeros((1, 65_501, 3), np.uint8), None, 50, None, False)
    assert capfd.readouterr() == ("", "")


def test_a_png_is_the_same_while_jpegs_are_written():
    """Pillow's buffer, which cuts a PNG into chunks, is one for all threads."""
    pixels, large = noise(300, 300), noise(700, 700)
    png, jpeg = KINDS["png24"].write, KINDS["jpeg"].write
    alone = png(pixels, None, None, None, False)
    with ThreadPoolExecutor(3) as threads:
        jpegs = [threads.submit(jpeg, large, None, 100, None, True) for _ in range(20)]
        pngs = [threads.submit(png, pixels, None, None, None, False) for _ in range(20)]
        assert {one.result() for one in pngs} == {alone}
        assert len({one.result() for one in jpegs}) == 1


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.longest < 1_000_000])
def test_the_longest_side_that_a_kind_holds_is_read_again_and_a_longer_one_refused(kind):
    for shape in ((1, kind.longest), (kind.longest, 1)):
        recipe = Recipe(kind.key, 2 if kind.indexed else None, quality=50 if kind.lossy else None)
        pixels = np.zeros((*shape, 3), np.uint8)
        pixels[-1, -1] = 255
        data = Writer(Picture.from_pixels(pixels)).write(recipe, lambda: None).data
        with Image.open(io.BytesIO(data)) as file:
            file.load()
            assert file.size == shape[::-1]
        longer = np.concatenate([pixels, pixels[:1, :1]], axis=int(shape[1] > 1))
        with pytest.raises(QuantizeError, match=f"at most {kind.longest:,} pixels a side"):
            Writer(Picture.from_pixels(longer)).write(recipe, lambda: None)
