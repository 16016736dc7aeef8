"""Rows of an indexed PNG: no longer than Pillow makes them, and the same pixels to every decoder."""

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from itertools import product

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quantize import quantize_image
from quantize.decoding.picture import Picture, load_picture
from quantize.decoding.samples import load_sample
from quantize.rendering import deflating, png_filters, png_rows
from quantize.rendering.deflating import BEST, USUAL
from quantize.rendering.encode import encode_png
from quantize.rendering.png_filters import filtered, unfiltered
from quantize.rendering.png_rows import Way, bits_for, pack_quickly, pack_rows, pack_well
from quantize.rendering.rivals import FileSize, aim_for, longer_notes
from tests.degenerate import pictures
from tests.pictures import noise, saved

# How much longer a file may be than the best way would have made it, where only a part was tried.
TRIAL_OFF = 1.03
COUNTS = (1, 2, 3, 4, 5, 16, 17, 255, 256)


def slowly_packed(indices: np.ndarray, bits: int) -> list[bytes]:
    """Each row's bits written out one after the other, filled up with zeros: the oracle."""
    rows = []
    for row in indices:
        text = "".join(f"{value:0{bits}b}" for value in row)
        text += "0" * (-len(text) % 8)
        rows.append(bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8)))
    return rows


@given(
    bits=st.sampled_from([1, 2, 4, 8]), height=st.integers(1, 5), width=st.integers(1, 40),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_pixels_are_packed_bit_by_bit(bits, height, width, seed):
    indices = np.random.default_rng(seed).integers(0, 1 << bits, (height, width), np.uint8)
    assert [row.tobytes() for row in pack_rows(indices, bits)] == slowly_packed(indices, bits)


@pytest.mark.parametrize(
    ("n_entries", "bits"),
    [(1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (255, 8), (256, 8)],
)
def test_pixels_have_no_more_bits_than_they_need(n_entries, bits):
    assert bits_for(n_entries) == bits


def greys(n: int) -> np.ndarray:
    return np.repeat(np.linspace(0, 255, n).round().astype(np.uint8)[:, None], 3, axis=1)


def patterns(k: int) -> Iterator[tuple[str, np.ndarray]]:
    """Name and indices below ``k`` of what filters and matches like and dislike."""
    y, x = np.mgrid[:90, :131]
    rng = np.random.default_rng(k)
    slow = (np.sin(x / 40) + np.cos(y / 30) + rng.normal(0, 0.02, x.shape) + 2.2) / 4.5
    found = {
        "across": x * k // 131, "down": y * k // 90, "both ways": (x + y) * k // 221, "smooth": slow * k,
        "noise": rng.integers(0, k, x.shape), "lattice": (x // 7 + 3 * (y // 5)) % k,
        "two tones": (rng.random(x.shape) < 0.3) * (k - 1), "even": 0 * x,
    }  # fmt: skip
    return ((name, indices.astype(np.uint8)) for name, indices in found.items())


def by_pillow(palette: np.ndarray, indices: np.ndarray) -> list[bytes]:
    """The picture as Pillow optimises it: indexed, in colour, and in grey where that is of the same depth."""
    indexed = Image.fromarray(indices)
    indexed.putpalette(palette.tobytes())
    images = [indexed, indexed.convert("RGB")]
    if len(palette) > 16 and (palette == palette[:, :1]).all():
        images.append(indexed.convert("L"))
    return [saved(image, "PNG", optimize=True) for image in images]


def slowly_unfiltered(rows: np.ndarray) -> np.ndarray:
    """Undo filters byte by byte, as the standard has it: the oracle."""
    out = np.zeros((len(rows) + 1, rows.shape[1]), int)  # a row and a column of zeros before all
    for y, (number, *row) in enumerate(rows.tolist(), 1):
        for x, byte in enumerate(row, 1):
            a, b, c = out[y, x - 1], out[y - 1, x], out[y - 1, x - 1]
            nearest = min((a, b, c), key=lambda each, p=a + b - c: abs(p - each))
            out[y, x] = (byte + (0, a, b, (a + b) // 2, nearest)[number]) % 256
    return out[1:, 1:]


@given(
    height=st.integers(1, 7), width=st.integers(1, 9), seed=st.integers(0, 99), mean=st.booleans(),
    at_once=st.sampled_from([1, 20, 1 << 16]),
)  # fmt: skip
def test_filters_can_be_undone_by_the_standard(height, width, seed, mean, at_once):
    rows = (np.cumsum(noise(height, width, 1, seed)[..., 0] // 64, axis=seed % 2)).astype(np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(png_filters, "_AT_ONCE", at_once)
        found = filtered(rows, mean)
    np.testing.assert_array_equal(slowly_unfiltered(found), rows)
    assert mean or not (found[:, 0] == 3).any()
    np.testing.assert_array_equal(slowly_unfiltered(unfiltered(rows)), rows)


def test_every_filter_is_chosen_where_it_suits():
    y, x = np.mgrid[:40, :50]
    soft = np.rint(np.sin(x / 9) * 40 + np.cos(y / 7) * 40 + 90).astype(np.uint8)
    jumps = noise(40, 1, 1)[:, :, 0] + x.astype(np.uint8)
    flat = np.full((8, 50), 200, np.uint8) // np.array([[1], [2]] * 4, np.uint8)
    none = np.tile(np.array([0, 255], np.uint8), (1, 25))
    rows = np.concatenate([none, jumps, flat, soft + noise(40, 50, 1)[..., 0] // 40])
    assert set(filtered(rows, True)[:, 0]) == {0, 1, 2, 3, 4}


LIBRARIES = ("_isal", "_libdeflate")


@pytest.mark.parametrize("missing", [(), LIBRARIES[:1], LIBRARIES[1:], LIBRARIES])
def test_pixels_are_the_same_without_the_libraries(missing, monkeypatch):
    for name in missing:
        monkeypatch.setattr(deflating, name, None)
    for k in COUNTS:
        for name, indices in patterns(k):
            for optimize in (True, False):
                with Image.open(BytesIO(encode_png(greys(256)[:k], indices, optimize=optimize))) as image:
                    np.testing.assert_array_equal(np.asarray(image), indices, name)


@pytest.mark.parametrize("missing", [(), LIBRARIES])
@pytest.mark.parametrize("k", COUNTS)
@pytest.mark.parametrize("colored", [False, True])
def test_no_small_file_is_longer_than_pillows(k, colored, missing, monkeypatch):
    for name in missing:
        monkeypatch.setattr(deflating, name, None)
    palette = greys(k)
    if colored:
        palette = np.stack([palette[:, 0], palette[::-1, 0], np.arange(k)], axis=1).astype(np.uint8)
    for name, indices in patterns(k):
        ours = len(encode_png(palette, indices, optimize=True))
        for theirs in by_pillow(palette, indices):
            # A file without palette may be shorter by no more than the palette and its chunk.
            spared = 0 if Image.open(BytesIO(theirs)).mode == "P" else 12 + 3 * k
            assert ours <= len(theirs) + spared, name


@pytest.mark.parametrize("level", [USUAL, BEST])
def test_a_part_tells_which_way_is_best(level):
    """Also of large pictures no way would have been much shorter, in any depth."""
    photo = load_sample("coffee").pixels[:200]
    grey = photo[..., 0]
    drawing = np.tile(grey[100:140, 200:240] // 16, (10, 15))
    for indices in (grey, grey // 4, grey // 16, grey // 64, grey // 128, drawing):
        n_entries = int(indices.max()) + 1
        ways = [
            Way(bits, *filters)
            for bits in {bits_for(n_entries), 8}
            for filters in ((False, False), (True, False), (True, True))
        ]
        best = min(len(deflating.deflate_well(way.lay_out(indices), level)) for way in ways)
        assert len(pack_well(indices, n_entries, level).stream) <= TRIAL_OFF * best


def test_previews_of_greys_are_filtered_too():
    grey = load_sample("coffee").pixels[..., 0]
    plain = len(deflating.deflate_quickly(Way(8).lay_out(grey)))
    assert len(pack_quickly(grey, 256).stream) < 0.9 * plain


@pytest.mark.parametrize(
    ("shape"), [(1, 1), (1, 9), (9, 1), (3, 8), (5, 13), (200, 1), (1, 3000), (260, 255)]
)
@pytest.mark.parametrize("optimize", [True, False])
def test_every_decoder_sees_the_same(shape, optimize):
    for k in COUNTS:
        palette = np.random.default_rng(k).permutation(greys(256))[:k]
        indices = np.random.default_rng(k).integers(0, k, shape, np.uint8)
        data = encode_png(palette, indices, optimize=optimize)
        with Image.open(BytesIO(data)) as image:
            np.testing.assert_array_equal(np.asarray(image.convert("RGB")), palette[indices])
        seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        np.testing.assert_array_equal(seen[..., ::-1], palette[indices])


@pytest.mark.parametrize("optimize", [True, False])
def test_every_decoder_sees_the_same_holes(optimize):
    for k in (1, 3, 15, 16, 255):
        alpha = noise(41, 53, 1, seed=k)[..., 0]
        palette, indices = greys(k), np.random.default_rng(k).integers(0, k, (41, 53), np.uint8)
        data = encode_png(palette, indices, alpha, optimize=optimize)
        expected = np.where((alpha >= 128)[..., None], np.dstack([palette[indices], alpha * 0 + 255]), 0)
        seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)[..., [2, 1, 0, 3]]
        with Image.open(BytesIO(data)) as image:
            for shown in (np.asarray(image.convert("RGBA")), seen):
                np.testing.assert_array_equal(np.where(shown[..., 3:] > 0, shown, 0), expected)


def test_hostile_pictures_come_back_and_are_not_longer_than_indexed_ones():
    for name, pixels in pictures(3, seed=5):
        picture = Picture.from_pixels(pixels)
        result = quantize_image(picture, n_colors=256)
        data = encode_png(result.palette, result.indices, optimize=True)
        with Image.open(BytesIO(data)) as image:
            assert image.mode == "P"
            np.testing.assert_array_equal(np.asarray(image.convert("RGB")), result.pixels)
        if pixels.size // 3 <= png_rows._TRIED_WHOLE:
            theirs = by_pillow(result.palette, result.indices)[0]
            assert len(data) <= len(theirs), name


@pytest.mark.skipif(not shutil.which("pngcheck"), reason="needs pngcheck on the path")
def test_pngcheck_has_no_complaint(tmp_path):
    files = []
    for k, optimize in product(COUNTS, (True, False)):
        alpha = noise(19, 21, 1, seed=k)[..., 0] if k < 256 else None
        indices = np.random.default_rng(k).integers(0, k, (19, 21), np.uint8)
        file = tmp_path / f"{k}-{optimize}.png"
        file.write_bytes(encode_png(greys(k), indices, alpha, optimize=optimize, dpi=(300.0, 72.0)))
        files.append(file)
    done = subprocess.run(["pngcheck", "-q", *files], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("sample", ["coffee", "astronaut", "cat", "tissue", "galaxies"])
@pytest.mark.parametrize("step", [1, 2, 8, 32])
def test_grey_photos_that_fit_come_back_no_longer(sample, step):
    """As Pillow's tightest grey file, whose rows are filtered, too; but for the palette, which is said."""
    grey = load_sample(sample).pixels[..., 1] // step * step
    given = saved(grey, "PNG", optimize=True)
    picture = load_picture(given)
    result = quantize_image(picture, n_colors=256)
    ours = encode_png(result.palette, result.indices, optimize=True, aim=aim_for(picture, result.sse))
    with Image.open(BytesIO(ours)) as image:
        np.testing.assert_array_equal(np.asarray(image.convert("L")), grey)
    longer = len(ours) - len(given)
    assert longer <= 12 + 3 * len(result.palette)
    notes = longer_notes(picture, result.sse, len(result.palette), FileSize(len(ours), estimated=False))
    assert [f"{longer:,} bytes longer" in note for note in notes] == [True] * (longer > 0)
