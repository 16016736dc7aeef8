"""The store behind all pages: bounded, shared, and never wrong about what it holds."""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from pages import _cache
from pages._cache.lent import KINDS
from pages._cache.queue import Work
from quantize import Picture, Quantized, Settings, quantize_image
from quantize.decoding import worker
from quantize.rendering.previews import preview
from tests.pictures import noise, png


def opened(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


def test_one_changed_pixel_is_another_picture():
    pixels = noise(1000, 1000)
    first = Picture.from_pixels(pixels)
    pixels[500, 501] ^= 1
    second = Picture.from_pixels(pixels)
    shown = [_cache.original_preview(picture) for picture in (first, second)]
    assert shown[0] != shown[1]


def test_settings_that_mean_the_same_share_a_result():
    picture = Picture.from_pixels(noise(20, 20))
    first = _cache.quantized(picture, Settings(n_colors=4), lambda: None)
    assert _cache.quantized(picture, Settings(n_colors=4, init="split"), lambda: None) is first


@pytest.mark.parametrize("transparent", [False, True])
def test_a_part_is_the_full_resolution(transparent):
    pixels, alpha = noise(60, 70), np.full((60, 70), 255, np.uint8)
    if transparent:
        alpha[:20] = 0
    picture = Picture.from_pixels(pixels, alpha if transparent else None)
    result = quantize_image(picture, n_colors=7)
    for pane, whole in enumerate((pixels, result.pixels)):
        shown = opened(_cache.part(picture, [result], 5, 10, 45, 50, pane))
        visible = alpha[10:50, 5:45] >= 128
        np.testing.assert_array_equal(shown[visible][:, :3], whole[10:50, 5:45][visible])
        assert (shown.shape[2] == 4) == transparent


def test_previews_of_original_and_result_are_the_same_pixels():
    picture = Picture.from_pixels(noise(30, 5000))
    result = quantize_image(picture, n_colors=9)
    np.testing.assert_array_equal(
        opened(_cache.original_preview(picture)), preview(picture.pixels, _cache.PREVIEW_SIDE)
    )
    np.testing.assert_array_equal(
        opened(_cache.result_preview(picture, result)), preview(result.pixels, _cache.PREVIEW_SIDE)
    )


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Work, ...]]:
    """For every picture that is decoded, the turns that are held then, the outermost first."""
    turns: list[Work] = []
    found: list[tuple[Work, ...]] = []
    queue, decode = _cache._keeper()._queue, worker._workers.decode
    take_turn = queue.turn

    @contextmanager
    def turn(checkpoint: Callable[[], None], report: Callable[[int], None], work: Work) -> Iterator[None]:
        with take_turn(checkpoint, report, work):
            turns.append(work)
            yield
            turns.pop()

    def watched(data: bytes) -> object:
        found.append(tuple(turns))
        return decode(data)

    monkeypatch.setattr(queue, "turn", turn)
    monkeypatch.setattr(worker._workers, "decode", watched)
    return found


SHOWN: dict[str, Callable[[Picture, Quantized], object]] = {
    "original": lambda picture, _: _cache.original_preview(picture),
    "small original": lambda picture, _: _cache.original_preview(picture, _cache.TILE_SIDE),
    "result": _cache.result_preview,
    "blank": lambda picture, _: _cache.blank(picture),
    "another result": lambda picture, _: _cache.quantized(picture, Settings(n_colors=6), lambda: None),
}


@pytest.mark.parametrize("shape", [(20, 30), (20, 2000)], ids=["small", "large"])
@pytest.mark.parametrize("name", SHOWN)
def test_what_was_pushed_out_is_decoded_in_a_heavy_turn_never_within_a_quick_one(decoded, shape, name):
    """Quick turns are many: as many pictures would be decoded at once."""
    data = png(noise(*shape, seed=len(name)))
    digest = hashlib.sha256(data).hexdigest()
    picture = _cache.picture(data, digest)
    result = _cache.quantized(picture, Settings(n_colors=5), lambda: None).result
    for kind in KINDS:
        _cache._keeper().forget((kind, ("picture", digest)))
    for side in (_cache.PREVIEW_SIDE, _cache.TILE_SIDE):
        _cache._keeper().forget((f"thinned {side}", picture.digest))
    decoded.clear()
    SHOWN[name](picture, result)
    assert decoded
    for turns in decoded:
        assert turns
        assert Work.QUICK not in turns
