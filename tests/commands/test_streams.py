"""Pipes in place of files: the same bytes, the same words, and nothing beside the file."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize.__main__ import main
from quantize.commands import streams

ROOT = Path(__file__).parents[2]
JOBS = {
    "quantize": ["-k", "3"],
    "map": ["--palette", "pico-8", "--dither", "bayer-4"],
    "palette": ["-k", "3", "--format", "ase"],
    "compress": ["--quick", "-k", "3"],
}


def saved(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def noise(height: int, width: int, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (height, width, channels), np.uint8)


PNG = saved(noise(20, 30))
CLEAR = noise(6, 5, 4) * np.array([1, 1, 1, 0], np.uint8)
INPUTS = {
    "photo": saved(np.sort(noise(20, 30), axis=1), "JPEG"),
    "noise": PNG,
    "one pixel": saved(noise(1, 1)),
    "one row": saved(noise(1, 300)),
    "soft": saved(noise(9, 9, 4)),
    "clear": saved(CLEAR),
    "grey": saved(np.arange(256, dtype=np.uint8)[None]),
    "empty": b"",
    "zeros": bytes(100),
    "text": b"no picture\n",
    "colours": b"#ff0000\n#00ff00\n#0000ff\n",
    "cut off": PNG[: len(PNG) // 2],
    "hardly begun": PNG[:40],
    "huge": PNG[:16] + b"\xff\xff\xff\xff" * 2 + PNG[24:],
    "long tail": PNG + bytes(5000),
}


def words_of(command: str, *words: str) -> list[str]:
    return [*([] if command == "quantize" else [command]), *words, *JOBS[command]]


@pytest.fixture
def run(tmp_path, monkeypatch, capsysbinary):
    """Run a command with these bytes in standard input: exit code, standard output and error."""
    monkeypatch.chdir(tmp_path)

    def start(words, given=b"") -> tuple[int, bytes, str]:
        stream = io.TextIOWrapper(io.BytesIO(given)) if isinstance(given, bytes) else given
        monkeypatch.setattr(sys, "stdin", stream)
        with pytest.raises(SystemExit) as exit_:
            main(words)
        out, err = capsysbinary.readouterr()
        return exit_.value.code or 0, out, err.decode()

    return start


def without_times(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.endswith(" s")][1:]


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("command", JOBS)
def test_a_pipe_is_as_good_as_a_file(run, command, name):
    data = INPUTS[name]
    Path("in").write_bytes(data)
    code, said, err = run(words_of(command, "in", "-o", "out"))
    piped, out, told = run(words_of(command, "-"), data)
    assert piped == code == (0 if Path("out").exists() else 2)
    if code:
        assert (out, told.replace("standard input", "in")) == (b"", err)
        assert told.count("\n") == 1
    else:
        assert out == Path("out").read_bytes()
        assert without_times(told) == without_times(said.decode())
        assert told.startswith("standard input → standard output\n")
    assert sorted(os.listdir()) == sorted({"in", *(["out"] if code == 0 else [])})


# What writes several files writes none to standard output.
FILES = {
    "tiles": [],
    "pixelart": ["--cell", "2"],
    "segments": ["-k", "4"],
    "numbers": ["-k", "4"],
    "panel": ["--panel", "bwr"],
    "chart": ["--palette", "pico-8"],
}


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("command", FILES)
def test_what_makes_files_reads_a_pipe_too(run, command, name):
    data = INPUTS[name]
    Path("picture.in").write_bytes(data)
    code, said, err = run([command, "picture.in", *FILES[command]])
    named = {path: Path(path).read_bytes() for path in os.listdir() if path != "picture.in"}
    for path in named:
        Path(path).unlink()
    piped, out, told = run([command, "-", *FILES[command]], data)
    assert piped == code == (0 if named else 2)
    assert told.replace("standard input", "picture.in") == err
    assert without_times(out.decode()) == without_times(said.decode())
    assert {path: Path(path).read_bytes() for path in os.listdir() if path != "picture.in"} == named
    assert os.listdir().count("-") == 0


def test_hostile_inputs_are_some_of_each_kind(run):
    codes = {name: run(words_of("quantize", "-"), data)[0] for name, data in INPUTS.items()}
    refused = {name for name, code in codes.items() if code}
    assert refused == {"empty", "zeros", "text", "colours", "hardly begun", "huge", "clear"}
    assert run(words_of("palette", "-")[:2], INPUTS["colours"])[0] == 0


@pytest.mark.parametrize("command", JOBS)
def test_what_cannot_be_is_no_crash(run, command):
    rng = np.random.default_rng(8)
    for _ in range(12):
        data = bytearray(PNG[: int(rng.integers(1, len(PNG)))])
        for at in rng.integers(0, len(data), 3):
            data[at] = int(rng.integers(256))
        code, out, err = run(words_of(command, "-"), bytes(data))
        assert (code, bool(out)) in {(0, True), (2, False)}
        assert err


@pytest.mark.parametrize("command", JOBS)
def test_a_file_into_a_pipe(run, command):
    Path("in.png").write_bytes(PNG)
    more = ["--json", "-o"]
    assert run([*words_of(command, "in.png"), *more, "out"])[0] == 0
    code, out, err = run([*words_of(command, "in.png"), *more, "-"])
    assert (code, out) == (0, Path("out").read_bytes())
    assert "notes" in json.loads(err)


def test_a_pipe_into_a_file(run):
    code, out, err = run(["-", "-k", "3", "-o", "out.png"], PNG)
    assert (code, err, out.decode().splitlines()[0]) == (0, "", "standard input → out.png")
    assert run(["palette", "-", "-k", "3"], PNG)[1].count(b"\n") == 3
    table = run(["compress", "-", "--table"], PNG)[1].decode()
    assert table.startswith(f"standard input: {len(PNG):,} bytes")


def test_a_file_may_be_called_a_dash(run):
    Path("-").write_bytes(PNG)
    assert run(["./-", "-k", "3", "-o", "out.png"])[0] == 0
    assert run(["-", "-k", "3", "-o", "piped.png"], PNG)[0] == 0
    assert Path("out.png").read_bytes() == Path("piped.png").read_bytes()
    code, out, _ = run(["compress", "out.png", "-o", "./-"])
    assert (code, b"-\n" in out) == (0, True)
    assert Path("-").read_bytes() != PNG


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-", "-"], "unexpected extra argument"),
        (["compress", "-", "-"], "must have names, got - for one"),
        (["compress", "a.png", "-"], "must have names, got - for one"),
        (["compress", "-", "-o", "folder"], "must have names, got - for one"),
        (["compress", "-", "-", "--table"], "must be read once, got - twice"),
        (["compress", "a.png", "b.png", "-o", "-"], "must be a folder that is there, got -"),
        (["map", "-", "--palette", "-"], "palette must be a file that is there"),
        (["palette", "-", "-o", "-"], "output must end like a palette file, got -"),
        (["lut", "--palette", "pico-8", "-o", "-"], "output must end in .cube or .png, got -"),
        (["code", "a.png", "-o", "-"], "output must be a file, got -"),
    ],
)
def test_dashes_that_mean_nothing_are_refused(run, words, said):
    Path("folder").mkdir()
    Path("a.png").write_bytes(PNG)
    code, out, err = run(words, PNG)
    assert (code, out, err.count("\n")) == (2, b"", 1)
    assert said in err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
def test_a_terminal_gives_no_picture_and_takes_none(run, monkeypatch):
    ends = os.openpty()
    with os.fdopen(ends[0], "rb", buffering=0), os.fdopen(ends[1], "r") as terminal:
        code, _, err = run(["-", "-k", "3"], terminal)
        assert code == 2
        assert "must be a pipe or a file, got a terminal" in err
    ends = os.openpty()
    with os.fdopen(ends[0], "rb", buffering=0), os.fdopen(ends[1], "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        code, _, err = run(["-", "-k", "3"], PNG)
        assert code == 2
        assert "output must be a file or a pipe, got a terminal: name a file with -o" in err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
def test_no_terminal_gets_colours(run, monkeypatch):
    Path("in.png").write_bytes(PNG)
    ends = os.openpty()
    with os.fdopen(ends[0], "rb", buffering=0) as shown, os.fdopen(ends[1], "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setattr(sys, "stderr", terminal)
        for words in (["in.png", "-k", "3"], ["none.png"], ["in.png", "--no-such"], ["palette", "in.png"]):
            run(words)
            terminal.flush()
            text = shown.read(4000)
            assert text.endswith(b"\r\n")
            assert b"\x1b" not in text


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_closed_streams_are_a_line(run, monkeypatch, stream):
    if stream == "stdout":
        monkeypatch.setattr(sys, "stdout", None)
    code, _, err = run(["-", "-k", "3"], PNG if stream == "stdout" else None)
    assert code == 2
    assert f"standard {stream.removeprefix('std')}put must be open, got it closed" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_behind_a_pipe_is_a_line(run, monkeypatch):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        code, _, err = run(["-", "-k", "3"], PNG)
        assert (code, err) == (2, "quantize: could not write standard output: No space left on device\n")
        monkeypatch.undo()
        with pytest.raises(OSError, match="No space"):
            full.flush()  # it has them still
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


def test_who_reads_no_further_ends_it_without_a_word(run, monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    monkeypatch.setattr(sys, "stdout", stream)
    code, _, err = run(["-", "-k", "3"], PNG)
    assert (code, err) == (1, "")
    with pytest.raises(BrokenPipeError):
        stream.close()


def test_no_more_is_read_than_a_picture_may_have(run, monkeypatch):
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:
            self.given += len(buffer)
            return len(buffer)

    endless = Endless()
    monkeypatch.setattr(streams, "MAX_BYTES", 3_000_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    assert len(streams.read_input(streams.STANDARD)) == 3_000_001
    assert endless.given < 4_000_000


def test_in_a_process_of_its_own():
    command = [sys.executable, "-m", "quantize", "-", "-k", "3", "-o", "-"]
    done = subprocess.run(command, input=PNG, capture_output=True, check=True, cwd=ROOT)
    with Image.open(io.BytesIO(done.stdout)) as picture:
        assert (picture.mode, len(picture.convert("RGB").getcolors())) == ("P", 3)
    assert done.stderr.decode().startswith("standard input → standard output")
