"""A worker process decodes just as this process does, for many callers at once."""

import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from quantize import limits
from quantize.decoding import worker, worker_process
from quantize.decoding.picture import load_picture
from quantize.decoding.worker import Workers, load_picture_apart
from quantize.errors import QuantizeError
from tests.decoding.test_bad_files import SEEDS
from tests.pictures import bomb, chunk, noise, png, png_header


@pytest.fixture(autouse=True, scope="module")
def _end_workers():
    yield
    worker.stop()


@pytest.fixture
def workers():
    made = Workers(2)
    yield made
    made.stop()


@pytest.mark.parametrize("kind", SEEDS)
def test_pictures_are_the_same_as_in_this_process(kind):
    here, apart = load_picture(SEEDS[kind]), load_picture_apart(SEEDS[kind])
    assert np.array_equal(apart.pixels, here.pixels)
    assert (apart.alpha is None) == (here.alpha is None)
    assert here.alpha is None or np.array_equal(apart.alpha, here.alpha)
    for name in ("file_digest", "format", "mode", "size", "n_bytes", "notes", "dpi"):
        assert getattr(apart, name) == getattr(here, name)
    assert not apart.pixels.flags.writeable


def test_a_large_picture_comes_whole():
    pixels = noise(1500, 2000)
    alpha = noise(1500, 2000, 1, seed=1)[..., 0]
    picture = load_picture_apart(png(np.dstack([pixels, alpha])))
    assert np.array_equal(picture.pixels, pixels)
    assert np.array_equal(picture.alpha, alpha)


@pytest.mark.parametrize(
    "data",
    [b"", b"words only", b"%PDF-1.7", bomb(), *(SEEDS[kind][:60] for kind in ("JPEG", "WebP", "AVIF"))],
    ids=["nothing", "text", "pdf", "bomb", "JPEG", "WebP", "AVIF"],
)
def test_refusals_are_the_same_as_in_this_process(data):
    with pytest.raises(QuantizeError) as here:
        load_picture(data)
    with pytest.raises(QuantizeError) as apart:
        load_picture_apart(data)
    assert str(apart.value) == str(here.value)


def test_bytes_are_limited():
    with pytest.raises(QuantizeError, match="must have at most 1 MB, got 2"):
        load_picture_apart(bytes(2 * 2**20), max_bytes=2**20)


def test_a_host_may_take_smaller_pictures_only():
    data = png_header(1025, 1024) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(QuantizeError, match="at most 1 megapixels, got 1,025 × 1,024"):
        load_picture_apart(data, max_pixels=2**20)
    with pytest.raises(QuantizeError, match="cannot be decoded"):
        load_picture_apart(data)


def test_one_process_serves_one_picture_after_the_other(workers):
    pids = set()
    for _ in range(5):
        workers.decode(SEEDS["PNG"])
        pids |= set(workers.pids)
    assert len(pids) == 1


def test_a_small_host_gets_by_with_one_process():
    workers = Workers(2)
    workers.limit(1)
    try:
        with ThreadPoolExecutor(4) as pool:
            pictures = list(pool.map(workers.decode, [png(noise(20, 20))] * 8))
        assert len(workers.pids) == 1
        assert all(np.array_equal(picture.pixels, noise(20, 20)) for picture in pictures)
    finally:
        workers.stop()


def test_processes_that_nobody_needed_for_a_while_give_their_memory_back(workers):
    data = png(noise(20, 20))
    with ThreadPoolExecutor(2) as pool:
        while len(workers.pids) < 2:
            list(pool.map(workers.decode, [data] * 8))
    before = workers.pids
    workers.rest(1000)
    assert workers.pids == before
    workers.rest(0)
    assert len(workers.pids) == 1
    assert workers.pids[0] not in before
    fresh = workers.pids
    workers.rest(0)  # it has decoded nothing: there is nothing to give back
    assert workers.pids == fresh
    assert np.array_equal(workers.decode(data).pixels, noise(20, 20))


def test_many_threads_get_each_its_own_picture(workers):
    pictures = [noise(60, 80, seed=seed) for seed in range(24)]
    with ThreadPoolExecutor(12) as pool:
        decoded = list(pool.map(lambda pixels: workers.decode(png(pixels)), pictures))
    for pixels, one in zip(pictures, decoded, strict=True):
        assert np.array_equal(one.pixels, pixels)
    assert 1 <= len(workers.pids) <= 2


def test_waiting_for_a_turn_has_an_end(workers, monkeypatch):
    monkeypatch.setattr(limits, "MAX_WAIT_SECONDS", 0.1)
    workers.start()
    with (
        workers._turn(),
        workers._turn(),
        pytest.raises(QuantizeError, match=r"had to wait longer than 0\.1 s"),
    ):
        workers.decode(SEEDS["PNG"])
    assert workers.decode(SEEDS["PNG"]).format == "PNG"


@pytest.mark.skipif(worker_process.fcntl is None, reason="Windows has no pipes of a size that one can set")
def test_pipes_that_stay_narrow_do_no_harm(workers, monkeypatch):
    def refuse(*_):
        raise PermissionError("over the limit of this user")

    monkeypatch.setattr(worker_process.fcntl, "fcntl", refuse)
    data = png(noise(300, 400))
    assert np.array_equal(workers.decode(data).pixels, load_picture(data).pixels)


def test_without_processes_pictures_are_decoded_here(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    workers = Workers()
    assert workers.decode(SEEDS["PNG"]).format == "PNG"
    assert workers.start() is False
    assert not workers.pids


def test_once_a_worker_has_run_there_is_no_way_around_one(workers, monkeypatch):
    workers.start()
    workers.stop()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(QuantizeError, match="another process, which cannot be started just now"):
        workers.decode(SEEDS["PNG"])
    monkeypatch.undo()
    assert workers.decode(SEEDS["PNG"]).format == "PNG"


def test_what_libraries_print_is_swallowed(capfd):
    data = bytearray(SEEDS["LZW TIFF"])
    data[8:200] = bytes(192)
    with pytest.raises(QuantizeError):
        load_picture_apart(bytes(data))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", SEEDS)
def test_a_picture_is_measured_before_it_is_decoded(kind):
    height, width = load_picture(SEEDS[kind]).pixels.shape[:2]
    assert worker.measure_apart(SEEDS[kind]) == height * width


@pytest.mark.parametrize(
    "data", [b"", b"words only", bomb(), SEEDS["PNG"][:20]], ids=["", "text", "bomb", "cut"]
)
def test_what_cannot_be_measured_counts_as_most_there_can_be(data):
    assert worker.measure_apart(data) == limits.MAX_PIXELS


def test_a_size_behind_a_text_or_said_twice_is_the_decoder_s():
    """A program that only looks at byte 16 is told 1 by 1."""
    whole = png(noise(30, 40))
    header = whole[8:33]
    text = b"\0\0\0\x04tEXtabcd" + zlib.crc32(b"tEXtabcd").to_bytes(4, "big")
    small = b"IHDR" + (1).to_bytes(4, "big") * 2 + header[16:21]
    twice = b"\0\0\0\x0d" + small + zlib.crc32(small).to_bytes(4, "big")
    for before in (text, twice):
        data = whole[:8] + before + whole[8:]
        try:
            decoded = load_picture(data).pixels[..., 0].size
        except QuantizeError:
            continue
        assert worker.measure_apart(data) == decoded
