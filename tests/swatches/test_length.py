"""Time and memory in proportion to a file's length, whatever it repeats."""

import json
import subprocess
import sys
import tracemalloc

import pytest

from benchmarks.fuzz import lengths
from quantize.errors import QuantizeError
from quantize.limits import MAX_PALETTE_BYTES
from quantize.swatches.formats import read_palette
from quantize.swatches.pasted import parse_colors
from tests.house import ROOT
from tests.palette_files import SHORT_STARTS
from tests.palette_shapes import SHAPES

_LENGTH = 50_000
_REPEATED = 30_000  # at which a reader that starts anew at each token takes half a second, or minutes
_PATIENCE = 120  # seconds for all the tokens behind a start, which take some
_PROGRAM = """
import sys
from contextlib import suppress
from functools import partial
from benchmarks.fuzz import lengths
from quantize import QuantizeError, parse_colors, read_palette
from tests.palette_files import SHORT_STARTS, TOKENS, repeated

def read(data):
    with suppress(QuantizeError):
        parse_colors(data.decode(errors="replace"))
    read_palette(data)

lengths.read_palette = read
start, length = SHORT_STARTS[int(sys.argv[1])], int(sys.argv[2])
print([
    token for token in TOKENS
    if all(lengths.is_bad(*lengths.times(partial(repeated, start, token), length)) for _ in range(2))
])
"""


@pytest.mark.parametrize("start", range(len(SHORT_STARTS)), ids=map(repr, SHORT_STARTS))
def test_files_that_repeat_themselves_take_twice_as_long_at_double_length(start):
    command = [sys.executable, "-c", _PROGRAM, str(start), str(_REPEATED)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE)
    assert (result.stdout, result.returncode) == ("[]\n", 0), result.stderr[-500:]


@pytest.mark.parametrize("name", SHAPES)
def test_a_file_of_double_length_takes_about_twice_as_long(name):
    """By the processor's time, and only where there is enough of it to say so."""
    make, length = SHAPES[name], _LENGTH
    assert 0.3 * length <= len(make(length)) <= 1.1 * length or name.startswith(("krita", "procreate"))
    assert any(not lengths.is_bad(*lengths.times(make, length)) for _ in range(3))


def test_a_reader_that_starts_anew_at_each_entry_is_found(monkeypatch):
    def read(data: bytes) -> None:
        for at in range(len(data)):
            data[at:].count(b",")

    monkeypatch.setattr(lengths, "read_palette", read)
    assert lengths.is_bad(*lengths.times(SHAPES["json, many lists"], _LENGTH // 2))


@pytest.mark.parametrize(
    "content",
    [
        {"x" * 800_000: {f"t{number}": {"$value": "#fff"} for number in range(4000)}},
        {"a": {f"t{number}": {"$value": "#fff", "$description": "d" * 30_000} for number in range(30)}},
        {"a" * 400_000: {"b" * 400_000: {str(number): "#123456" for number in range(4000)}}},
        [["#fff"] * 3] * 1300,
    ],
    ids=["long group", "long descriptions", "long groups", "lists"],
)
def test_memory_is_no_more_than_ten_times_the_file(content):
    data = json.dumps(content).encode()
    assert len(data) <= MAX_PALETTE_BYTES
    read_palette(b'["#fff"]')  # what is loaded at first use does not count
    tracemalloc.start()
    try:
        palette = read_palette(data, "x.json")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(palette) >= 30
    assert peak <= 10 * max(len(data), 300_000)


def test_names_in_code_are_cut_where_they_are_collected():
    data = (
        b"$m: ("
        + b"x" * 500_000
        + b": ("
        + b"".join(b"k:#%06x," % (99 * one) for one in range(4000))
        + b"));"
    )
    tracemalloc.start()
    try:
        palette = read_palette(data, "x.scss")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(palette) > 3900  # some are near to others, and have the same name once it is cut
    assert peak <= 10 * len(data)


@pytest.mark.parametrize("unit", [b"--a%d:#%06x;", b".a%d{color:#%06x}", b'<rect id="%d" fill="#%06x"/>'])
def test_more_colors_than_a_palette_holds_are_refused(unit):
    start = b"<svg>" if unit.startswith(b"<") else b""
    data = start + b"".join(unit % (number, number) for number in range(4097))
    with pytest.raises(QuantizeError, match="must hold at most 4,096 colours, got more"):
        read_palette(data)


def test_more_is_not_pasted():
    with pytest.raises(QuantizeError, match="must hold at most 4,096 colours, got more"):
        parse_colors("#fff " * 4097)
    with pytest.raises(QuantizeError, match="at most 100,000 characters, got 100,005"):
        parse_colors("#fff " * 20_001)
