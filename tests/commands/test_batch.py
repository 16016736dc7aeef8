"""The command line's ``batch``: trees, bad files among many, a kill half way, one palette, reports."""

import csv
import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize import quantize_image, read_palette
from quantize.__main__ import main
from quantize.batch.record import NAME, Record
from tests.commands.test_main import ROOT, run
from tests.pictures import noise, saved, smooth

HALF = saved(smooth(64, 64), "PNG")[:60]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def few_colors(number: int) -> np.ndarray:
    """A picture of 16 × 16 pixels in about nine colours with uneven counts, another for every number."""
    rng = np.random.default_rng(number)
    return noise(9, 1, seed=number)[:, 0][np.minimum(rng.geometric(0.3, (16, 16)), 9) - 1]


def put(name: str, content: bytes | np.ndarray) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        Path(name).write_bytes(content)
    else:
        Image.fromarray(content).save(name)


def put_many(count: int, folder: str = "in") -> None:
    for number in range(count):
        put(f"{folder}/{number % 7}/{number:04}.png", few_colors(number))


def written(folder: str = "out") -> dict[str, str]:
    """Digests of all files but the record's and the lock, by name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and not path.name.startswith(".quantize-batch")
    }


def test_results_are_those_of_the_main_job_in_the_same_tree(capsys):
    put("in/a.png", smooth(20, 30))
    put("in/deep/er/b.gif", noise(20, 20))
    put("in/c", saved(smooth(9, 9), "JPEG"))
    put("in/notes.txt", b"text")
    code, out, err = run(
        capsys, "batch", "in", "-o", "out", "-k", "5", "--space", "LAB", "--dither", "sierra"
    )
    assert (code, err) == (0, "")
    assert sorted(written()) == ["a.png", "c.png", "deep/er/b.png"]
    assert out.splitlines()[0] == "3 pictures → out"
    assert out.splitlines()[2] == "note: left out: 1 file that is no picture"
    for source, result in (("in/a.png", "a.png"), ("in/deep/er/b.gif", "deep/er/b.png"), ("in/c", "c.png")):
        run(capsys, source, "-o", "one.png", "-k", "5", "--space", "LAB", "--dither", "sierra")
        assert Path("one.png").read_bytes() == Path("out", result).read_bytes()


def test_ten_bad_files_in_a_thousand_are_ten_lines(capsys):
    flat = [saved(np.full((16, 16, 3), number, np.uint8), "PNG") for number in range(200)]
    for number in range(990):
        put(f"in/{number % 9}/{number}.png", flat[number % 200])
    bad = {
        "half.png": HALF, "empty.jpg": b"", "text.png": b"no picture", "bomb.png": HALF[:16] + b"\x7f" * 8,
        "line\nbreak\x1b[31m.gif": b"GIF89a", "zero.webp": b"RIFF\0\0\0\0WEBP", "b.bmp": b"BM" + bytes(99),
        "t.tif": b"II*\0" + b"\xff" * 40, "a.avif": b"\0\0\0\x20ftypavif", "q.qoi": b"qoif" + b"\xff" * 10,
    }  # fmt: skip
    for name, content in bad.items():
        put(f"in/bad/{name}", content)
    code, out, err = run(capsys, "batch", "in", "-o", "out", "-k", "4", "--report", "r.csv")
    assert code == 1
    assert len(err.splitlines()) == 10
    assert all(line.startswith("quantize: in/bad/") for line in err.splitlines())
    assert r"in/bad/line\nbreak\x1b[31m.gif: " in err
    assert out.splitlines()[0] == "990 pictures → out, 10 failed"
    assert len(written()) == 990
    rows = list(csv.DictReader(Path("r.csv").read_text(encoding="utf-8").splitlines(keepends=True)))
    assert [row["status"] for row in rows].count("failed") == 10
    assert all(row["error"] for row in rows if row["status"] == "failed")
    assert {row["output"] for row in rows if row["status"] == "made"} == set(written())


def test_any_number_of_jobs_gives_the_same(capsys):
    put_many(18)
    for jobs in (1, 2, 5):
        words = ("batch", "in", "-o", f"out{jobs}", "-k", "6", "--report", f"{jobs}.json", "--jobs", jobs)
        assert run(capsys, *words)[0] == 0
    assert written("out1") == written("out2") == written("out5")
    assert Path("1.json").read_bytes() == Path("2.json").read_bytes() == Path("5.json").read_bytes()


@pytest.mark.parametrize("more", [[], ["--one-palette"]])
def test_a_run_that_is_killed_leaves_whole_files_and_goes_on(capsys, more):
    put_many(40)
    put("in/bad.png", HALF)
    words = ["batch", "in", "-k", "6", *more]
    assert run(capsys, *words, "-o", "once", "--report", "once.json")[0] == 1
    command = [sys.executable, "-m", "quantize", *words, "-o", "out"]
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)
    while process.poll() is None and len(list(Path("out").rglob("*.png"))) < 5:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    once, left = written("once"), written("out")
    whole = {name: digest for name, digest in left.items() if not name.endswith(".part")}
    assert len(whole) >= 5
    assert whole.items() <= once.items()
    code, out, _ = run(capsys, *words, "-o", "out", "--resume", "--report", "out.json")
    assert code == 1
    assert "kept from before" in out
    assert written("out") == once
    before, after = (json.loads(Path(f"{name}.json").read_text()) for name in ("once", "out"))
    assert {row.pop("status") for row in after} >= {"kept", "failed"}
    assert [row.pop("status") for row in before].count("failed") == 1
    assert before == after


def test_going_on_is_by_content_and_choices(capsys):
    put_many(4)
    words = ("batch", "in", "-o", "out", "--resume", "-k")
    assert "kept" not in run(capsys, *words, "6")[1]
    assert "4 of them kept" in run(capsys, *words, "6")[1]
    assert "kept" not in run(capsys, *words, "5")[1]
    names = sorted(Path("in").rglob("*.png"))
    names[0].write_bytes(names[1].read_bytes())  # another content, whatever the date
    Path("out/1/0001.png").write_bytes(b"damaged")
    assert "2 of them kept" in run(capsys, *words, "5")[1]
    for path in names:
        os.utime(path, (0, 0))
    assert "4 of them kept" in run(capsys, *words, "5")[1]
    assert "kept" not in run(capsys, *words[:4], "-k", "5")[1], "only if it is asked for"


def test_one_palette_is_that_of_all_and_in_every_file(capsys):
    put_many(12)
    code, out, err = run(capsys, "batch", "in", "-o", "out", "-k", "9", "--one-palette")
    assert (code, err) == (0, "")
    assert "note: all have the 9 colours of palette.gpl" in out
    paths = sorted(Path("in").rglob("*.png"))
    mosaic = np.concatenate([np.asarray(Image.open(path)) for path in paths])
    expected = quantize_image(mosaic, n_colors=9).palette
    found = read_palette(Path("out/palette.gpl").read_bytes(), "palette.gpl").colors
    np.testing.assert_array_equal(found, expected)
    for path in sorted(Path("out").rglob("*.png")):
        with Image.open(path) as file:
            np.testing.assert_array_equal(np.reshape(file.getpalette("RGB"), (-1, 3))[:9], expected)


def test_an_older_palette_is_extended(capsys):
    put_many(5)
    put("in/large.png", smooth(64, 64))
    put("old.hex", b"ff0000\n00ff00\n")
    words = ["batch", "in", "-o", "out", "-k", "6", "--one-palette", "--palette", "old.hex", "--extend"]
    assert run(capsys, *words, "--weigh", "pictures")[0] == 0
    palette = read_palette(Path("out/palette.gpl").read_bytes(), "palette.gpl")
    assert palette.hexes[:2] == ["#ff0000", "#00ff00"]
    assert len(set(palette.hexes)) == 6
    assert "6 of them kept" in run(capsys, *words, "--weigh", "pictures", "--resume")[1]
    assert "6 of them kept" not in run(capsys, *words, "--resume")[1]


def test_a_preset_leaves_the_older_palette_in(capsys):
    put_many(3)
    words = ("--one-palette", "--palette", "#ff0000,#00ff00", "--extend", "-k", "6", "--preset", "flat")
    assert run(capsys, "batch", "in", "-o", "out", *words)[0] == 0
    palette = read_palette(Path("out/palette.gpl").read_bytes(), "palette.gpl")
    assert palette.hexes[:2] == ["#ff0000", "#00ff00"]


def test_an_error_of_ours_is_a_line_too(capsys, monkeypatch):
    put_many(3)

    def quantize(picture, settings):
        if picture.file_digest == hashlib.sha256(Path("in/1/0001.png").read_bytes()).hexdigest():
            raise IndexError("gone wrong")
        return quantize_image(picture, settings)

    monkeypatch.setattr("quantize.batch.converting.quantize_image", quantize)
    code, _, err = run(capsys, "batch", "in", "-o", "out")
    assert (code, err.count("\n"), len(written())) == (1, 1, 2)
    assert "an error of this program, please report it: IndexError: gone wrong" in err


def test_an_interrupt_ends_it_with_whole_files(monkeypatch):
    put_many(40)
    seen = []

    def tell(row):
        seen.append(row)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return row

    monkeypatch.setattr("quantize.commands.batch_run.Run._add", lambda run, row: tell(row))
    with pytest.raises(SystemExit) as ended:
        main(["batch", "in", "-o", "out", "-k", "4"])
    assert ended.value.code == 130
    made = written()
    assert 3 <= len(made) < 40
    assert not [name for name in made if name.endswith(".part")]


def test_all_pictures_of_one_palette_may_be_bad(capsys):
    put("in/a.png", HALF)
    code, out, err = run(capsys, "batch", "in", "-o", "out", "--one-palette")
    assert (code, err.count("\n")) == (1, 1)
    assert out.startswith("0 pictures → out, 1 failed")
    assert not written()


def test_animations_are_said_once(capsys):
    frames = [Image.fromarray(smooth(8, 8)), Image.fromarray(noise(8, 8))]
    for name in ("a.gif", "b.gif"):
        frames[0].save(name, save_all=True, append_images=frames[1:])
    out = run(capsys, "batch", "a.gif", "b.gif", "-o", "out")[1]
    assert "note: of 2 with several frames or pages only the first was read" in out


def test_a_full_disk_ends_the_run_in_one_line(capsys, monkeypatch):
    put_many(40)
    true, left = os.replace, [3]

    def replace(one, other):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        true(one, other)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", replace)
        code, _, err = run(capsys, "batch", "in", "-o", "out")
    assert (code, err.count("\n")) == (1, 1)
    assert "No space left on device; make room and go on with --resume" in err
    assert len([name for name in written() if name.endswith(".png")]) == 3
    assert not list(Path("out").rglob("*.part"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.png", "a.gif"], "results must have names of their own, got 'a.png' for 'a.png' and for 'a.gif'"),
        (["."], "a folder inside it will do"),
        (["a.png", "-k", "300"], "n_colors must be a whole number from 1 to 256"),
        (["a.png", "--jobs", "0"], "jobs must be 1 to 256, got 0"),
        (["a.png", "--weigh", "pixels"], "weigh has no effect without --one-palette"),
        (["a.png", "--extend"], "extend has no effect without --one-palette"),
        (["a.png", "--one-palette", "--extend"], "extend must go with an older palette"),
        (["a.png", "--one-palette", "--palette", "pico-8"], "one palette must be found or given, got both"),
        (["a.png", "--one-palette", "--method", "opencv"], "one palette works with method kmeans, wu"),
        (["a.png", "--one-palette", "--alpha", "soft"], "one palette works with alpha hard, got soft"),
        (["a.png", "--one-palette", "--weigh", "much"], "weigh must be one of pixels, pictures"),
        (["a.png", "--report", "r.txt"], "report must end in .csv or .json"),
        (["a.png", "--report", "none/r.csv"], "report must be in a folder that is there, got none/r.csv"),
        (["a.png", "--rgba", "--alpha", "soft"], "rgba must go with alpha hard"),
        (["empty"], "inputs must hold a picture, got empty folders"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(capsys, folder, words, said):
    put("a.png", smooth(8, 8))
    put("a.gif", smooth(8, 8))
    Path("empty").mkdir()
    before = sorted(folder.rglob("*"))
    code, out, err = run(capsys, "batch", *words, "-o", "." if words == ["."] else "out")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert sorted(folder.rglob("*")) == before


def test_a_palette_that_is_read_is_not_replaced(capsys):
    put("a.png", smooth(8, 8))
    put("out/palette.gpl", b"GIMP Palette\n#\n255 0 0 red\n")
    words = ["a.png", "-o", "out", "--one-palette", "--palette", "out/palette.gpl", "--extend"]
    code, _, err = run(capsys, "batch", *words)
    assert code == 2
    assert "output must not be the palette itself" in err


def test_nothing_is_decoded_in_the_process_of_the_command(capsys, monkeypatch):
    put_many(3)
    for name in ("decoding.worker.decode", "decoding.picture.decode", "decoding.decode.decode"):
        monkeypatch.setattr(f"quantize.{name}", None)
    for words in (
        ["batch", "in", "-o", "out"],
        ["batch", "in", "-o", "out", "--one-palette"],
        ["palettes", "in"],
    ):
        assert run(capsys, *words)[::2] == (0, "")


def test_a_palette_may_be_given_to_all(capsys):
    put("in/a.png", smooth(20, 30))
    put("in/b.png", noise(20, 30))
    assert run(capsys, "batch", "in", "-o", "out", "--palette", "pico-8", "--order", "file")[0] == 0
    for name in ("a.png", "b.png"):
        run(capsys, f"in/{name}", "-o", "one.png", "--palette", "pico-8", "--order", "file")
        assert Path("one.png").read_bytes() == Path("out", name).read_bytes()


def test_own_results_are_not_read_again(capsys):
    put_many(3)
    assert run(capsys, "batch", "in", "-o", "in/small")[0] == 0
    first = written("in/small")
    assert run(capsys, "batch", "in", "-o", "in/small")[0] == 0
    assert written("in/small") == first
    assert (Path("in/small") / NAME).exists()


def test_names_that_are_no_text_go_through(capsys):
    name = os.fsdecode(b"in/\xff\n.png")
    put(name, smooth(8, 8))
    code, _, err = run(capsys, "batch", "in", "-o", "out", "--report", "r.csv")
    assert (code, err) == (0, "")
    assert os.listdir(b"out") != []
    assert rb"\udcff" in Path("r.csv").read_bytes()


def test_what_is_missing_of_a_picture_is_said(capsys, tmp_path):
    data = saved(noise(60, 80), "PNG")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cut.png").write_bytes(data[: len(data) // 3])
    (tmp_path / "in" / "whole.png").write_bytes(data)
    for command in (["batch", "-k", "4", "-o", str(tmp_path / "out")], ["palettes", "-k", "4"]):
        code, _, err = run(capsys, command[0], str(tmp_path / "in"), *command[1:])
        assert (code, err.count("\n")) == (0, 1)
        assert "cut.png: note: the file is cut off" in err


@pytest.mark.parametrize("command", ["batch", "palettes"])
def test_where_nothing_can_be_begun_nothing_is_made(capsys, tmp_path, command):
    out = ["-o", str(tmp_path / "out")] if command == "batch" else []
    code, said, err = run(capsys, command, str(tmp_path / "absent"), *out)
    assert (code, said, err.count("\n")) == (2, "", 1)
    assert not (tmp_path / "out").exists()
    (tmp_path / "notes.txt").write_text("no picture")
    code, said, err = run(capsys, command, str(tmp_path / "notes.txt"), *out)
    assert (code, err.count("\n")) == (1, 1)
    assert "a second" not in said


def test_formulas_in_names_are_none_in_a_report(capsys, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "=cmd.png").write_bytes(saved(noise(8, 8), "PNG"))
    run(
        capsys,
        "batch",
        str(tmp_path / "in"),
        "-o",
        str(tmp_path / "out"),
        "--report",
        str(tmp_path / "r.csv"),
    )
    assert ",'=cmd.png," in (tmp_path / "r.csv").read_text()


def test_a_palette_that_is_larger_than_k_is_not_extended(capsys, tmp_path):
    (tmp_path / "a.png").write_bytes(saved(noise(8, 8), "PNG"))
    (tmp_path / "p.hex").write_text("ff0000\n00ff00\n0000ff\n")
    more = ["--one-palette", "--extend", "--palette", str(tmp_path / "p.hex"), "-k", "2"]
    code, out, err = run(capsys, "batch", str(tmp_path / "a.png"), "-o", str(tmp_path / "out"), *more)
    assert (code, out) == (2, "")
    assert "the palette that is extended, 3, got 2: ask for more with -k" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_record_that_is_no_file_is_none(capsys, tmp_path):
    (tmp_path / "a.png").write_bytes(saved(noise(8, 8), "PNG"))
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / NAME)
    assert Record(tmp_path / "pipe").names == frozenset()
    (tmp_path / "folder" / NAME).mkdir(parents=True)
    code, _, err = run(capsys, "batch", str(tmp_path / "a.png"), "-o", str(tmp_path / "folder"))
    assert (code, err.count("\n")) == (1, 1)
    assert f"a.png: {NAME} could not be written" in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
@pytest.mark.parametrize("words", [["--version"], ["palette", "a.png"], ["a.png", "-k", "2", "-o", "b.png"]])
def test_a_full_standard_output_is_one_line(tmp_path, words):
    (tmp_path / "a.png").write_bytes(saved(noise(8, 8), "PNG"))
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "quantize", *words], stdout=full, stderr=subprocess.PIPE, text=True,
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("quantize: could not write standard output: ")
