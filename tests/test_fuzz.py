"""The fuzzer's own parts, and a small share of what ``python -m benchmarks.fuzz`` does at length."""

import zlib
from io import BytesIO

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from benchmarks.fuzz import __main__ as command
from benchmarks.fuzz import target
from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.seeds import PALETTES, PICTURES, seeds
from benchmarks.fuzz.structure import structure
from quantize.decoding.decode import decode
from quantize.decoding.openers import open_picture
from quantize.decoding.picture import Picture, load_picture
from quantize.decoding.worker import load_picture_apart, stop
from quantize.errors import QuantizeError
from quantize.limits import MAX_PIXELS
from quantize.palettes.palette import Palette

NUMBERS = st.integers(0, 2**40)


@pytest.mark.parametrize("key", [*PICTURES, *PALETTES])
def test_seeds_are_whole_files(key):
    read = target.reader(key)
    assert all(isinstance(read(data), Picture | Palette) for data in seeds(key))


def test_the_interlaced_seed_is_right():
    files = [data for data in seeds("PNG") if data[28] == 1]
    plain = [data for data in seeds("PNG") if data[24:29] == b"\x08\x02\0\0\0"]
    assert len(files) == 1
    with Image.open(BytesIO(files[0])) as image:
        assert image.info["interlace"] == 1
    assert np.array_equal(decode(files[0]).pixels[5, 7], np.asarray(Image.open(BytesIO(plain[0])))[5, 7])


def outcome(read, data: bytes) -> Picture | Palette | str:
    """What comes of a file; the sentence of a refusal."""
    try:
        return read(data)
    except QuantizeError as error:
        return str(error)


@pytest.mark.parametrize("key", [*PICTURES, *PALETTES])
@settings(max_examples=60, derandomize=True)
@given(number=NUMBERS)
def test_mutated_files_are_read_or_refused_in_one_sentence(key, number):
    result = outcome(target.reader(key), mutated(key, number))
    if isinstance(result, str):
        assert 20 < len(result) < 300
        assert "\n" not in result
    elif isinstance(result, Picture):
        assert result.size[0] * result.size[1] <= MAX_PIXELS


@pytest.mark.parametrize("key", PICTURES)
def test_a_worker_says_of_mutated_files_what_this_process_says(key):
    try:
        for number in range(40):
            data = mutated(key, number)
            apart, here = outcome(load_picture_apart, data), outcome(load_picture, data)
            if isinstance(here, str):
                assert apart == here
            else:
                assert np.array_equal(apart.pixels, here.pixels)
    finally:
        stop()


@pytest.mark.parametrize("key", [*PICTURES, *PALETTES])
def test_the_same_number_is_the_same_file(key, monkeypatch):
    files = [mutated(key, number) for number in range(50)]
    monkeypatch.setattr("time.time", lambda: 1e9)  # formats that write their time down are told apart by it
    assert files == [mutated(key, number) for number in range(50)]
    assert len(set(files)) > 40


def test_checksums_of_a_png_are_made_right():
    data = bytearray(seeds("PNG")[0])
    data[20] ^= 1
    repaired = structure("PNG").repaired(bytes(data))
    assert repaired[20] == data[20]
    assert int.from_bytes(repaired[29:33], "big") == zlib.crc32(repaired[12:29])


@pytest.mark.parametrize("key", PICTURES)
def test_cuts_lie_inside_the_file(key):
    for data in seeds(key):
        assert all(0 <= at <= len(data) for at in structure(key).cuts(data))


@pytest.mark.parametrize("key", ["JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF", "AVIF"])
def test_sizes_are_found_where_the_decoder_finds_them(key):
    found = 0
    for data in seeds(key):
        size = open_picture(data).image.size
        for (width_at, kind), (height_at, _) in structure(key).sizes(data)[:1]:
            length = {"B": 1, "H": 2, "I": 4}[kind[-1]]
            order = "big" if kind[0] == ">" else "little"
            read = [int.from_bytes(data[at : at + length], order) for at in (width_at, height_at)]
            found += tuple(read) in (size, (size[0] - 1, size[1] - 1))  # VP8X stores one less
    assert found


def test_whatever_else_is_raised_is_told(monkeypatch):
    def read(data):
        raise KeyError("x") if len(data) % 2 else QuantizeError("no")

    monkeypatch.setattr(target, "reader", lambda key: read)
    begun = []
    tally = target.run("PNG", 0, 0, 40, begun.append)
    assert tally.refused + len(tally.others) == len(begun) == 40
    assert 0 < tally.refused < 40
    assert tally.others[0][1] == "KeyError: 'x'"


def test_a_crash_and_a_hang_are_counted_and_the_rest_goes_on(monkeypatch, tmp_path):
    program = tmp_path / "target.py"
    program.write_text(
        "import os, sys, time\n"
        "from benchmarks.fuzz import target\n"
        "def read(data):\n"
        "    calls.append(1)\n"
        "    number = int(sys.argv[3]) + len(calls) - 1\n"
        "    if number == 3: os.abort()\n"
        "    if number == 6: time.sleep(60)\n"
        "calls = []\n"
        "target.reader = lambda key: read\n"
        "target.main()\n"
    )
    monkeypatch.setattr(command, "_TARGET", (str(program),))
    monkeypatch.setattr(command, "_PATIENCE_SECONDS", 3)
    monkeypatch.setenv("PYTHONPATH", ".")
    row = command.fuzz("hex", 0, 9)
    assert (row.crashes, row.hangs) == ([3], [6])
    assert row.accepted == 7
    assert "| 9 | 7 | 0 |" in str(row)
    assert str(row).endswith("| 1 | 1 | 0 |")


def test_the_command_prints_a_table_and_keeps_files(tmp_path):
    result = CliRunner().invoke(command.main, ["--format", "hex", "--count", "20", "--keep", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "| hex | 20 |" in result.output
    assert 1 <= len(list(tmp_path.iterdir())) <= 2
