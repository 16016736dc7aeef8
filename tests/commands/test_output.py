"""Files that commands write: where they may, under names that fit, and never at another file's cost."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from quantize.commands.output import (
    Output,
    check_outputs,
    default_output,
    printable,
    write_files,
    write_whole,
)
from quantize.errors import QuantizeError
from tests.commands.test_main import run as run_here
from tests.pictures import noise, png

ROOT = Path(__file__).parents[2]


@pytest.fixture
def picture(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("a.png")
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3)).save(path)
    return path


def run(*words: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "quantize", *words],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_stays_one(picture):
    os.mkfifo("pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_bytes()))
    reader.start()
    write_whole(Path("pipe"), b"content", picture)
    reader.join(60)
    assert read == [b"content"]
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


def test_a_link_stays_one_and_its_file_is_written(picture):
    Path("there").write_bytes(b"old")
    Path("link").symlink_to("there")
    write_whole(Path("link"), b"new", picture)
    assert Path("link").is_symlink()
    assert Path("there").read_bytes() == b"new"
    Path("dangling").symlink_to("nowhere")
    write_whole(Path("dangling"), b"new", picture)
    assert Path("nowhere").read_bytes() == b"new"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_replaced_file_keeps_its_mode(picture, mode):
    Path("out").write_bytes(b"old")
    Path("out").chmod(mode)
    write_whole(Path("out"), b"new", picture)
    assert stat.S_IMODE(os.stat("out").st_mode) == mode
    assert sorted(os.listdir()) == ["a.png", "out"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_has_no_name_is_written_into(picture):
    ends = os.pipe()
    write_whole(Path(f"/dev/fd/{ends[1]}"), b"content", picture)
    assert os.read(ends[0], 100) == b"content"
    for end in ends:
        os.close(end)


@pytest.mark.parametrize("older", [None, b"old"])
@pytest.mark.parametrize("fails", [0, 1, 2])
def test_of_several_files_all_are_written_or_none(picture, monkeypatch, older, fails):
    names = ["one", "two", "three"]
    for name in names:
        if older is not None:
            Path(name).write_bytes(older)
            Path(name).chmod(0o640)
    before, replace = sorted(os.listdir()), os.replace

    def fail(source, target):
        if Path(target).name == names[fails] and Path(source).read_bytes() == b"new":
            raise OSError(16, "Device or resource busy")
        replace(source, target)

    files = [Output(Path(name), b"new", f"--{name}") for name in names]
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(QuantizeError, match=f"could not write {names[fails]}: .*with --{names[fails]}"):
            write_files(files, picture)
    assert sorted(os.listdir()) == before
    for name in names if older is not None else []:
        assert Path(name).read_bytes() == older
        assert stat.S_IMODE(os.stat(name).st_mode) == 0o640
    write_files(files, picture)
    assert [Path(name).read_bytes() for name in names] == [b"new"] * 3
    assert sorted(os.listdir()) == sorted({*before, *names})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_device_costs_no_other_file(picture):
    with pytest.raises(QuantizeError, match="could not write /dev/full: No space left on device"):
        write_files([Output(Path("one"), b"new"), Output(Path("/dev/full"), b"new", "--two")], picture)
    assert os.listdir() == ["a.png"]


def test_what_is_no_place_for_a_file_is_refused(picture):
    Path("folder").mkdir()
    with pytest.raises(QuantizeError, match="could not write folder: a folder is there; name another"):
        write_whole(Path("folder"), b"", picture)
    Path("kept").write_bytes(b"old")
    Path("kept").chmod(0o444)
    with pytest.raises(QuantizeError, match="could not write kept: the file there is write-protected"):
        write_whole(Path("kept"), b"new", picture)
    assert Path("kept").read_bytes() == b"old"
    with pytest.raises(QuantizeError, match=r"output must not be the picture itself, got a.png"):
        write_whole(picture, b"", picture)
    with pytest.raises(QuantizeError, match=r"could not write …yyy.*: File name too long"):
        write_whole(Path("y" * 300), b"", picture)
    with pytest.raises(QuantizeError, match=r"could not write nowhere/a.png: No such file"):
        write_whole(Path("nowhere/a.png"), b"", picture)


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_a_default_name_fits(stem):
    name = default_output(Path("folder") / f"{stem}.png", "-16.png").name
    assert len(os.fsencode(name)) <= 255
    assert name.endswith("-16.png")


@given(st.text())
def test_nothing_steers_a_terminal(text):
    assert printable(text).isprintable()
    assert printable(text) == text or not text.isprintable()


@pytest.mark.parametrize(("words", "code"), [((), 0), (("-o", "y" * 300 + ".png"), 2), (("-o", "."), 2)])
def test_a_terminal_without_arrows_is_no_reason_to_fail(picture, words, code):
    done = run("a.png", "-k", "3", *words, PYTHONIOENCODING="latin-1", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == (code > 0)


def test_names_that_steer_are_shown_as_escapes(picture):
    done = run("a.png", "-k", "3", "-o", "\x1b[31mred.png")
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert Path("\x1b[31mred.png").exists()
    assert len(run("a.png", "-o", "no\ndir/x.png").stderr.splitlines()) == 1


def test_a_palette_does_not_replace_the_picture(picture):
    assert run("a.png", "-k", "3").returncode == 0
    before = Path("a-3.png").read_bytes()
    assert run("palette", "a.png", "-k", "3", "--format", "png").returncode == 0
    assert Path("a-3.png").read_bytes() == before
    assert Path("a-3-palette.png").exists()


def test_a_png_that_grows_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None], 64, axis=0)
    Image.fromarray(ramp).save("ramp.png", optimize=True)
    before = os.path.getsize("ramp.png")
    done = run("ramp.png", "-k", "16", "--dither", "blue-noise")
    more = os.path.getsize("ramp-16.png") - before
    assert more > 0
    assert f"the file is {more:,} bytes longer than the original".encode() in done.stdout


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="no /dev/null on this system")
def test_one_file_is_for_one_option_but_a_device_for_any_number(picture):
    check_outputs({"-o": Path("/dev/null"), "--map": Path("/dev/null"), "--csv": None}, picture)
    for other in ("x.png", "folder/../x.png"):
        Path("folder").mkdir(exist_ok=True)
        with pytest.raises(
            QuantizeError, match=r"--map must name another file than -o, got .*x.png for both"
        ):
            check_outputs({"-o": Path("x.png"), "--map": Path(other)}, picture)


@pytest.mark.parametrize("words", [[], ["map", "--palette", "pico-8"]])
def test_a_png_is_not_called_a_jpeg(tmp_path, monkeypatch, capsys, words):
    monkeypatch.chdir(tmp_path)
    Path("in.png").write_bytes(png(noise(9, 9)))
    for ending in (".jpg", ".JPEG", ".gif", ".webp", ".avif", ".bmp", ".tif"):
        code, _, err = run_here(capsys, *words, "in.png", "-o", f"out{ending}")
        assert (code, err.count("\n")) == (2, 1)
        assert "output must end in .png" in err
    for name in ("out.png", "out.PNG", "out", "out.new", "out.txt"):
        assert run_here(capsys, *words, "in.png", "-o", name)[0] == 0
        assert Path(name).read_bytes().startswith(b"\x89PNG")
