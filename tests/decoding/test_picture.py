"""Picture and load_picture: what a picture holds and promises, from a file or from arrays."""

import hashlib
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize.decoding.decode import decode
from quantize.decoding.picture import Picture, load_picture
from quantize.errors import QuantizeError
from tests.pictures import chunk, noise, png, saved

PIXELS = noise(70, 90)
ALPHA = noise(70, 90, 1, seed=1)[..., 0]
RGBA = np.dstack([PIXELS, ALPHA])


def test_an_ordinary_png_comes_as_it_is(tmp_path):
    data = png(PIXELS)
    (tmp_path / "a.png").write_bytes(data)
    picture = load_picture(tmp_path / "a.png")
    assert np.array_equal(picture.pixels, PIXELS)
    assert (picture.alpha, picture.notes) == (None, ())
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (90, 70))
    assert (picture.n_bytes, picture.digest) == (len(data), hashlib.sha256(data).hexdigest())


def test_path_text_and_bytes_give_the_same(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(PIXELS))
    pictures = [load_picture(source) for source in (path, str(path), path.read_bytes())]
    assert len({picture.digest for picture in pictures}) == 1
    assert all(np.array_equal(picture.pixels, PIXELS) for picture in pictures)


def test_60_megapixels_are_read():
    picture = load_picture(saved(Image.new("RGB", (10_000, 6_000), (0, 90, 200)), "JPEG"))
    assert picture.size == (10_000, 6_000)


def test_arrays_are_read_only_and_shared_with_nobody():
    picture = load_picture(png(RGBA))
    for array in (picture.pixels, picture.alpha):
        assert array.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_colours_are_counted_among_visible_pixels():
    pixels = np.array([[[1, 2, 3], [1, 2, 3], [9, 9, 9], [0, 0, 0]]], np.uint8)
    picture = Picture.from_pixels(pixels, np.array([[255, 128, 254, 127]], np.uint8))
    assert picture.n_colors == 2
    assert picture.colors.counts.tolist() == [2, 1]
    assert picture.cells.n_pixels == 3
    assert picture.cells is picture.cells


def test_from_pixels_copies_only_what_could_change():
    own = PIXELS.copy()
    picture = Picture.from_pixels(own)
    own[:] = 0
    assert np.array_equal(picture.pixels, PIXELS)
    assert Picture.from_pixels(picture.pixels).pixels is picture.pixels
    assert Picture.from_pixels(PIXELS[:, ::-1]).pixels.flags.c_contiguous
    assert (picture.format, picture.mode, picture.size) == ("array", "RGB", (90, 70))
    assert picture.n_bytes == PIXELS.size
    assert Picture.from_pixels(PIXELS, ALPHA).n_bytes == PIXELS.size + ALPHA.size


def test_digest_of_arrays_tells_content_shape_and_alpha_apart():
    flat = np.zeros((4, 6, 3), np.uint8)
    changed = flat.copy()
    changed[3, 5, 2] = 1
    clear = np.zeros((4, 6), np.uint8)
    half = clear + 128
    digests = {
        Picture.from_pixels(pixels, alpha).digest
        for pixels, alpha in (
            (flat, None),
            (flat.reshape(6, 4, 3), None),
            (changed, None),
            (flat, clear),
            (flat, half),
        )
    }
    assert len(digests) == 5
    assert Picture.from_pixels(flat.copy()).digest in digests
    assert Picture.from_pixels(flat, clear + 255).digest in digests  # opaque is no alpha


@pytest.mark.parametrize(
    ("pixels", "alpha", "message"),
    [
        (PIXELS.astype(np.float32), None, r"pixels must be a uint8 array .* got float32"),
        (PIXELS[..., 0], None, r"got uint8 of shape \(70, 90\)"),
        (RGBA, None, r"got uint8 of shape \(70, 90, 4\)"),
        (PIXELS[:0], None, "at least one pixel"),
        ([[1, 2, 3]], None, "got list"),
        (PIXELS, ALPHA[1:], r"alpha must have the shape of the picture \(70, 90\), got \(69, 90\)"),
        (PIXELS, ALPHA > 9, r"alpha must be a uint8 array of shape \(height, width\), got bool"),
    ],
)
def test_from_pixels_refuses_other_arrays(pixels, alpha, message):
    with pytest.raises(QuantizeError, match=message):
        Picture.from_pixels(pixels, alpha)


def test_other_threads_keep_their_warnings():
    """While threads decode, a warning of anybody else still becomes the error this test run makes it."""
    data = png(PIXELS, before=chunk(b"eXIf", b"MM\0*garbage"))
    threads = [threading.Thread(target=lambda: [decode(data) for _ in range(50)]) for _ in range(4)]
    before = list(warnings.filters)
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        with pytest.raises(UserWarning, match="mine"):
            warnings.warn("mine", stacklevel=1)
    assert warnings.filters == before


def test_samples_of_real_photos_agree_with_pillow():
    import skimage

    for path in sorted((Path(skimage.__file__).parent / "data").glob("*.png")):
        with Image.open(path) as image:
            if image.info.get("icc_profile") is None:
                assert np.array_equal(load_picture(path).pixels, np.asarray(image.convert("RGB"))), path.name
