"""The store behind all pages: bounded, shared, and never wrong about what it holds."""

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from pages import _cache
from pages._cache import binding
from pages._cache.cache import Cache, Visits
from pages._cache.pictures import KINDS, Pictures
from pages._cache.queue import Queue, Work
from pages._cache.results import Results
from pages._cache.store import Store, size_of
from pages._references import PictureRef, ResultRef, Source
from quantize import Picture, Settings, load_picture, measure, quantize_image
from quantize.decoding import worker
from quantize.rendering.previews import preview
from tests.app.references import opened, opened_result, referred
from tests.pictures import noise, png, smooth


def decoded_png(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


def test_one_changed_pixel_is_another_picture():
    pixels = noise(1000, 1000)
    first = referred(pixels)
    pixels[500, 501] ^= 1
    second = referred(pixels)
    shown = [_cache.original_preview(picture) for picture in (first, second)]
    assert shown[0] != shown[1]


def test_settings_that_mean_the_same_share_a_result():
    picture = referred(noise(20, 20))
    first = _cache.quantized(picture, Settings(n_colors=4), lambda: None)
    assert _cache.quantized(picture, Settings(n_colors=4, init="split"), lambda: None) is first


@pytest.mark.parametrize("transparent", [False, True])
def test_a_part_is_the_full_resolution(transparent):
    pixels, alpha = noise(60, 70), np.full((60, 70), 255, np.uint8)
    if transparent:
        alpha[:20] = 0
    picture = referred(pixels, alpha if transparent else None)
    result = _cache.quantized(picture, Settings(n_colors=7), lambda: None).result
    for pane, whole in enumerate((pixels, opened_result(result).pixels)):
        shown = decoded_png(_cache.part(picture, [result], 5, 10, 45, 50, pane))
        visible = alpha[10:50, 5:45] >= 128
        np.testing.assert_array_equal(shown[visible][:, :3], whole[10:50, 5:45][visible])
        assert (shown.shape[2] == 4) == transparent


def test_previews_of_original_and_result_are_the_same_pixels():
    pixels = noise(30, 5000)
    picture = referred(pixels)
    result = _cache.quantized(picture, Settings(n_colors=9), lambda: None).result
    np.testing.assert_array_equal(
        decoded_png(_cache.original_preview(picture)), preview(pixels, _cache.PREVIEW_SIDE)
    )
    np.testing.assert_array_equal(
        decoded_png(_cache.result_preview(result)), preview(opened_result(result).pixels, _cache.PREVIEW_SIDE)
    )


KINDS_OF_RESULTS = {
    "plain": Settings(n_colors=7),
    "dithered": Settings(n_colors=7, dither="floyd-steinberg"),
    "pixels clustered": Settings(n_colors=7, method="opencv"),
}


@pytest.mark.parametrize("settings", KINDS_OF_RESULTS.values(), ids=KINDS_OF_RESULTS)
@pytest.mark.parametrize("forgotten", [False, True], ids=["kept", "made again"])
def test_behind_a_reference_is_what_the_engine_makes(settings, forgotten):
    alpha = np.full((50, 40), 255, np.uint8)
    alpha[:7], alpha[7:11] = 0, 90
    ref = referred(smooth(50, 40) + noise(50, 40) % 9, alpha)
    result = _cache.quantized(ref, settings, lambda: None).result
    if forgotten:
        for kind in KINDS:
            _cache.binding.bound().cache.forget((kind, ref.source.key))
        for kind in ("entries", "metrics"):
            _cache.binding.bound().cache.forget((kind, ref.digest, result.settings))
    picture = opened(ref)
    assert (picture.digest, picture.opacity, picture.n_colors) == (ref.digest, ref.opacity, ref.n_colors)
    whole, again = quantize_image(picture, settings), opened_result(result)
    for name in ("palette", "indices", "counts", "alpha"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))
    for name in ("settings", "sse", "iterations", "notes"):
        assert getattr(result, name) == getattr(again, name) == getattr(whole, name)
    assert _cache.metrics(result) == measure(picture, whole)


def test_references_are_opened_within_turns_only():
    ref = referred(noise(5, 6))
    result = _cache.quantized(ref, Settings(n_colors=3), lambda: None).result
    ways = (_cache.open_picture, _cache.open_pixels, _cache.open_colors)
    for way in (*(lambda way=way: way(ref) for way in ways), lambda: _cache.open_result(result)):
        with pytest.raises(RuntimeError, match="within a turn"):
            way()
        _cache.kept(("test", id(way)), way)


def test_references_hold_no_pixels():
    large = referred(smooth(300, 400))
    settings = Settings(n_colors=5, dither="bayer-4")
    result = _cache.quantized(large, settings, lambda: None).result
    assert size_of(result) < 10_000


WHOLE_JOBS: dict[str, Callable[[PictureRef], object]] = {
    "version": lambda ref: _cache.version(ref, Settings(n_colors=3), lambda: None),
    "dithered version": lambda ref: _cache.version(ref, Settings(n_colors=3, dither="bayer-2"), lambda: None),
    "curve": lambda ref: _cache.curve(ref, Settings(), lambda: None),
}


@pytest.mark.parametrize("job", WHOLE_JOBS)
def test_what_no_store_can_hold_is_decoded_once_for_a_job(job, monkeypatch):
    cache = Cache(Store(5_900_000), Store(60_000), Queue(1, 60), Visits())
    pictures = Pictures(cache)
    monkeypatch.setattr(binding, "bound", lambda: binding.Bound(cache, pictures, Results(cache, pictures)))
    loads: list[int] = []
    data = png(smooth(1000, 2000))

    def load() -> Picture:
        loads.append(1)
        return load_picture(data)

    ref = pictures.refer(Source(("picture", job), load))
    assert loads == [1]
    assert not cache.has(("pixels", ref.source.key))
    WHOLE_JOBS[job](ref)
    assert len(loads) == 2


def test_pictures_that_take_seconds_leave_a_place_to_others(monkeypatch):
    """Six who bring 1 by 64,000,000 pixels, and one with an ordinary picture, who is served meanwhile."""
    cache = Cache(Store(2**28), Store(2**28), Queue(2, 60), Visits())
    pictures = Pictures(cache)
    go, begun, data = threading.Event(), threading.Event(), png(smooth(20, 30))

    def load() -> Picture:
        begun.set()
        go.wait(60)
        return load_picture(data)

    large = [Source(("picture", f"{number}"), load, weigh=lambda: 64_000_000) for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        coming = [pool.submit(pictures.refer, one) for one in large]
        assert begun.wait(60)
        small = Source(("picture", "small"), lambda: load_picture(data), weigh=lambda: 600)
        assert pictures.refer(small).size == (30, 20)
        assert not any(one.done() for one in coming)
        go.set()
        assert all(one.result(60).size == (30, 20) for one in coming)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Work, ...]]:
    """For every picture that is decoded, the turns that are held then, the outermost first."""
    turns: list[Work] = []
    found: list[tuple[Work, ...]] = []
    queue, decode = _cache.binding.bound().cache._queue, worker._workers.decode
    take_turn = queue.turn

    @contextmanager
    def turn(
        checkpoint: Callable[[], None], report: Callable[[int], None], work: Work, visitor: str | None
    ) -> Iterator[None]:
        with take_turn(checkpoint, report, work, visitor):
            turns.append(work)
            yield
            turns.pop()

    def watched(data: bytes, max_pixels: int) -> object:
        found.append(tuple(turns))
        return decode(data, max_pixels)

    monkeypatch.setattr(queue, "turn", turn)
    monkeypatch.setattr(worker._workers, "decode", watched)
    return found


SHOWN: dict[str, Callable[[PictureRef, ResultRef], object]] = {
    "original": lambda picture, _: _cache.original_preview(picture),
    "small original": lambda picture, _: _cache.original_preview(picture, _cache.TILE_SIDE),
    "result": lambda _, result: _cache.result_preview(result),
    "blank": lambda picture, _: _cache.blank(picture),
    "metrics": lambda _, result: _cache.metrics(result),
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
        _cache.binding.bound().cache.forget((kind, ("picture", digest)))
    for side in (_cache.PREVIEW_SIDE, _cache.TILE_SIDE):
        _cache.binding.bound().cache.forget((f"thinned {side}", picture.digest))
    decoded.clear()
    SHOWN[name](picture, result)
    assert decoded
    for turns in decoded:
        assert turns
        assert Work.QUICK not in turns
