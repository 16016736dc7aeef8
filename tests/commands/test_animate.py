"""The command line's ``animate``: files by their endings, pipes, figures, and what cannot be."""

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize import Animation, load_animation, quantize_animation, write_animation
from tests.animation.made import still_part
from tests.commands.test_main import run

ROOT = Path(__file__).parents[2]
FRAMES = still_part(np.random.default_rng(4), 5, 30, 40)
GIF = write_animation(
    quantize_animation(Animation.from_frames(FRAMES, 70, 3), n_colors=256, one_palette=False), "gif"
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in.gif").write_bytes(GIF)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "kind"), [("a.gif", "GIF"), ("a.png", "APNG"), ("A.APNG", "APNG"), ("a.webp", "WebP")]
)
def test_the_ending_says_what_is_written(name, kind, capsys):
    code, out, err = run(capsys, "animate", "in.gif", "-k", "6", "-o", name)
    assert (code, err) == (0, "")
    read = load_animation(name)
    assert (read.format, read.n_frames, read.durations, read.loops) == (kind, 5, (70,) * 5, 3)
    assert read.whole.n_colors == 6
    first, second, third, fourth = out.splitlines()
    assert first == f"in.gif → {name}"
    assert second.startswith("40×30 pixels, 5 frames, ")
    assert second.endswith(" → 6 colours")
    assert third.startswith("PSNR ")
    assert third.endswith(" dB, flicker 0.0 %")
    assert fourth.startswith(f"{len(GIF):,} → {Path(name).stat().st_size:,} bytes, ")


def test_figures_as_json_and_the_usual_name(capsys):
    code, out, _ = run(capsys, "animate", "in.gif", "-k", "4", "--dither", "floyd-steinberg", "--json")
    assert code == 0
    figures = json.loads(out)
    read, source = load_animation("in-4.gif"), load_animation("in.gif")
    error = np.square(read.pixels.astype(int) - source.pixels).sum(axis=3).mean()
    assert figures["mse"] == pytest.approx(error)
    assert (figures["frames"], figures["palettes"], figures["flicker"]) == (5, 1, 0)
    assert (figures["duration_ms"], figures["loops"], figures["kind"]) == (350, 3, "gif")
    assert figures["bytes_out"] == Path("in-4.gif").stat().st_size


def test_a_palette_for_each_frame_and_nothing_kept_still(capsys):
    _, out, _ = run(capsys, "animate", "in.gif", "-k", "4", "--palette-each", "--json")
    assert json.loads(out)["palettes"] == 5
    words = ["-k", "4", "--dither", "floyd-steinberg", "--no-still", "--json"]
    _, out, _ = run(capsys, "animate", "in.gif", *words)
    assert json.loads(out)["flicker"] > 0


def test_a_fixed_palette_and_a_preset(capsys):
    assert run(capsys, "animate", "in.gif", "--palette", "#000,#fff,#f00", "-o", "p.png")[0] == 0
    colors = np.unique(load_animation("p.png").pixels.reshape(-1, 3), axis=0)
    assert {tuple(color) for color in colors.tolist()} <= {(0, 0, 0), (255, 255, 255), (255, 0, 0)}
    assert run(capsys, "animate", "in.gif", "--preset", "looks", "-k", "5", "-o", "l.gif")[0] == 0


def test_notes_are_said(capsys):
    Path("half.gif").write_bytes(GIF[: len(GIF) // 2])
    _, out, _ = run(capsys, "animate", "half.gif", "-o", "x.gif")
    assert "note: the file is cut off or damaged: of its frames the first" in out


def test_a_still_picture_and_a_picture_that_fits(capsys):
    Image.fromarray(FRAMES[0] // 128 * 255).save("still.png")
    code, out, _ = run(capsys, "animate", "still.png", "-k", "8", "-o", "x.gif")
    assert code == 0
    assert "one frame, " in out
    assert "identical" in out


def test_pipes_take_and_give_the_same_bytes(capsys):
    run(capsys, "animate", "in.gif", "-k", "5", "-o", "file.webp")
    command = [sys.executable, "-m", "quantize", "animate", "-", "-k", "5", "--kind", "webp"]
    done = subprocess.run(command, input=GIF, capture_output=True, check=True, cwd=ROOT)
    assert done.stdout == Path("file.webp").read_bytes()
    assert b"standard input \xe2\x86\x92 standard output" in done.stderr
    assert load_animation(io.BytesIO(done.stdout).read()).n_frames == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.gif"], "picture must be an existing file"),
        (["in.gif", "-o", "x.jpg"], "output must end in .gif, .png, .apng, .webp, got x.jpg"),
        (["in.gif", "-o", "in.gif"], "must not be the picture itself"),
        (["in.gif", "--kind", "mpeg"], "kind of animation must be one of gif, apng, webp, got 'mpeg'"),
        (
            ["in.gif", "-o", "x.webp", "--kind", "gif"],
            "output must end in .gif with kind gif, got x.webp",
        ),
        (["in.gif", "-k", "0"], "n_colors must be"),
        (["in.gif", "--order", "use"], "order has no effect on animations"),
        (["in.gif", "--dither", "magic"], "dither must be one of"),
        (["text.gif"], "picture must be a"),
        (["bad.mp4"], "video cannot be read, it is cut off, damaged or of a rare variant"),
        (["bad.webm"], "video cannot be read, it is cut off, damaged or of a rare variant"),
    ],
)
def test_what_cannot_be_is_one_line_and_writes_nothing(words, said, capsys):
    Path("text.gif").write_text("no picture")
    Path("bad.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isomavc1" + bytes(range(256)))
    Path("bad.webm").write_bytes(b"\x1aE\xdf\xa3" + bytes(range(256)))
    before = sorted(Path().iterdir())
    code, out, err = run(capsys, "animate", *words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert sorted(Path().iterdir()) == before


def test_help_offers_what_has_an_effect_in_plain_words(capsys):
    _, out, _ = run(capsys, "animate", "--help")
    assert "--order" not in out
    words = " ".join(out.split())
    assert "what stands still in the original stands still in the result, dithered or not." in words
    assert "--alpha soft is taken as hard." in words
