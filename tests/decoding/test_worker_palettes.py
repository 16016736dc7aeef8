"""Palette files in a worker process: the same as here, within bounds, and nothing of a reply on trust."""

import json
import struct
import textwrap
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize import limits
from quantize.decoding import worker, worker_process
from quantize.decoding.worker import Workers, read_palette_apart
from quantize.decoding.worker_jobs import JOBS
from quantize.decoding.worker_wire import BrokenReplyError, receive_palette, send_reply
from quantize.errors import QuantizeError
from quantize.swatches.formats import FORMATS, read_palette, write_palette
from tests.palette_files import SAMPLES, repeated
from tests.pictures import bomb, noise, png
from tests.swatch_files import palette_of, palettes

ALL = [(f"x{format_.extension}", write_palette(palette_of("c00000", "0080ff", names=("Brick", "")), key))
       for key, format_ in FORMATS.items()]  # fmt: skip
ALL += [(f"x.{key}", data) for key, files in SAMPLES.items() for data in files]


@pytest.fixture(autouse=True, scope="module")
def _end_workers():
    yield
    worker.stop()


def test_palettes_are_the_same_as_in_this_process():
    for filename, data in ALL:
        here, apart = read_palette(data, filename), read_palette_apart(data, filename)
        assert (apart.hexes, apart.names, apart.notes) == (here.hexes, here.names, here.notes)


@pytest.mark.parametrize("data", [b"", b"just words", b"ASEF", bomb(), b"<svg>", bytes(1_000_001)])
@pytest.mark.parametrize("filename", ["x.css", "x." + "y" * 400, "\ud800.gpl", None])
def test_refusals_are_the_same_as_in_this_process(data, filename):
    with pytest.raises(QuantizeError) as here:
        read_palette(data, filename)
    with pytest.raises(QuantizeError) as apart:
        read_palette_apart(data, filename)
    assert str(apart.value) == str(here.value)


def test_pictures_and_palettes_share_a_process():
    workers = Workers(1)
    try:
        assert workers.read_palette(b"#c00000", "x.hex").hexes == ["#c00000"]
        pids = workers.pids
        assert workers.decode(png(noise(3, 4))).format == "PNG"
        assert workers.read_palette(b"#c00000", "x.hex").hexes == ["#c00000"]
        assert workers.pids == pids
    finally:
        workers.stop()


@pytest.mark.parametrize("start", [b"", b"<svg ", b"!"])
def test_files_that_once_took_hours(start):
    for token in (b"!--", b"a", b"!$"):
        with pytest.raises(QuantizeError):
            read_palette_apart(repeated(start, token, 24_000), "x.css")


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("os.abort()", "^palette file cannot be read, it is damaged"),
        ("os.kill(os.getpid(), 9)", "^palette file needs more memory to read"),
        ("bytearray(2**30)", r"^palette file needs more memory to read than it may have \(256 MB\)"),
        ("time.sleep(600)", "^palette file took longer than 1 s to read"),
    ],
)
def test_whatever_a_palette_does_to_its_worker_the_next_one_is_read(monkeypatch, what, sentence):
    program = f"""
        import os, time
        from quantize.decoding import worker_child
        worker_child.JOBS = dict(worker_child.JOBS, palette=lambda data, name: {what})
        worker_child.main()
    """
    monkeypatch.setattr(worker_process, "_PROGRAM", ("-P", "-c", textwrap.dedent(program)))
    monkeypatch.setattr(limits, "MAX_PALETTE_SECONDS", 1)
    workers = Workers(1)
    assert workers.start()
    with pytest.raises(QuantizeError, match=sentence):
        workers.read_palette(b"#c00000", "x.hex")
    monkeypatch.undo()
    workers.stop()
    assert workers.read_palette(b"#c00000", "x.hex").hexes == ["#c00000"]
    workers.stop()


def test_without_processes_palettes_are_read_here(monkeypatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    workers = Workers()
    assert workers.read_palette(b"#c00000").hexes == ["#c00000"]
    assert not workers.pids


@given(palette=palettes())
def test_a_palette_comes_through_the_pipe_as_it_is(palette):
    pipe = BytesIO()
    send_reply(pipe, palette)
    pipe.seek(0)
    back = receive_palette(pipe)
    assert (back.hexes, back.names, back.notes) == (palette.hexes, palette.names, palette.notes)


@given(
    header=st.dictionaries(
        st.sampled_from(["error", "colors", "names", "notes"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=9), st.just("c00000"), st.just(["a"]),
                  st.lists(st.integers(), max_size=2), st.just("00" * 20_000), st.just("x" * 501)),
    ),
)  # fmt: skip
def test_a_reply_is_a_palette_a_refusal_or_broken(header):
    text = json.dumps(header).encode()
    try:
        palette = receive_palette(BytesIO(struct.pack("<I", len(text)) + text))
    except (BrokenReplyError, QuantizeError):
        return
    assert palette.hexes == ["#c00000"]


def test_every_job_has_a_function():
    assert {key: JOBS[key](data, "").__class__.__name__ for key, data in
            {"picture": png(noise(2, 2)), "palette": b"#fff"}.items()} == {
        "picture": "Decoded", "palette": "Palette",
    }  # fmt: skip
