"""The command line's ``compress``: sizes, looks, several pictures, the table, and what cannot be."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from quantize.decoding.picture import Picture
from quantize.decoding.samples import load_sample
from quantize.sizing.fitting import fit_looks
from quantize.sizing.kinds import KINDS
from tests.commands.test_main import run
from tests.pictures import noise, saved, smooth


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(load_sample("cat").pixels[30:130, 100:230]).save("in.png")
    return tmp_path


def test_shorter_and_the_figures_are_those_of_the_file(capsys, folder):
    code, out, err = run(capsys, "compress", "in.png", "-k", "32", "--json")
    assert (code, err) == (0, "")
    figures = json.loads(out)
    data = (folder / "in-small.png").read_bytes()
    assert figures["bytes_out"] == len(data) < figures["bytes_in"] == (folder / "in.png").stat().st_size
    with Image.open("in-small.png") as file:
        assert len(file.convert("RGB").getcolors()) == figures["n_colors"] <= 32


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "avif"])
def test_fits(capsys, folder, kind):
    code, out, _ = run(capsys, "compress", "in.png", "--kb", "4", "--kind", kind, "--quick")
    name = {"jpeg": "jpg"}.get(kind, kind)
    assert code == 0
    assert (folder / f"in-small.{name}").stat().st_size <= 4_000
    assert "It gave up" in out
    assert "% saved" in out


def test_looks(capsys):
    code, out, _ = run(capsys, "compress", "in.png", "--looks", "60", "--quick", "-o", "x.png", "--json")
    assert code == 0
    assert json.loads(out)["ssimulacra2"] >= 60


def test_several_pictures_go_into_a_folder(capsys, folder):
    (folder / "out").mkdir()
    (folder / "more").mkdir()
    (folder / "more" / "in.png").write_bytes((folder / "in.png").read_bytes())
    (folder / "b.jpg").write_bytes(saved(noise(30, 30), "JPEG", quality=20))
    words = ["compress", "in.png", "more/in.png", "b.jpg", "--quick"]
    code, out, _ = run(capsys, *words, "-o", "out")
    assert code == 0
    assert {path.name for path in (folder / "out").iterdir()} == {
        "in-small.png", "in-small-2.png", "b-small.jpg",
    }  # fmt: skip
    assert (folder / "out" / "b-small.jpg").read_bytes() == (folder / "b.jpg").read_bytes()
    assert out.splitlines()[-1].startswith("3 pictures: ")
    code, _, err = run(capsys, *words, "-o", "one.png")
    assert (code, "must be a folder" in err) == (2, True)


def test_the_table_writes_nothing(capsys, folder):
    before = set(folder.iterdir())
    code, out, _ = run(capsys, "compress", "in.png", "--table")
    assert code == 0
    assert set(folder.iterdir()) == before
    assert {"PNG-24", "AVIF"} <= {part.strip() for line in out.splitlines() for part in line.split("  ")}
    code, out, _ = run(capsys, "compress", "in.png", "--table", "--json")
    files = json.loads(out)["files"]
    assert any(row["unbeaten"] for row in files)
    assert not any(row["estimated"] for row in files)


def test_the_same_bytes_again(capsys, folder):
    made = []
    for name in ("x.png", "y.png"):
        assert run(capsys, "compress", "in.png", "--no-dither", "--follow", "5", "-o", name)[0] == 0
        made.append((folder / name).read_bytes())
    assert made[0] == made[1]


def test_what_is_longer_is_not_written_under_another_kinds_name(capsys, folder):
    (folder / "b.jpg").write_bytes(saved(noise(30, 30), "JPEG", quality=20))
    code, _, err = run(capsys, "compress", "b.jpg", "-o", "x.png", "--quick")
    assert code == 2
    assert err == (
        f"quantize: b.jpg is a JPEG of {(folder / 'b.jpg').stat().st_size} bytes, and no shorter indexed PNG "
        "of it was found, so it would stay as it is: name an output that ends in .jpg, or ask for less with "
        "--kb\n"
    )
    code, _, err = run(capsys, "compress", "b.jpg", "-o", "x.png", "--kb", "50")
    assert (code, "that is little enough, so it would stay as it is: name" in err) == (2, True)
    assert not (folder / "x.png").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--kb", "0"], "kb must be a number"),
        (["--kb", "nan"], "kb must be a number"),
        (["--kb", "5", "--looks", "50"], "cannot both be aimed at"),
        (["--looks", "101"], "looks must be a SSIMULACRA2"),
        (["--kind", "bmp"], "kind must be one of"),
        (["-k", "257"], "n_colors must be"),
        (["--follow", "3", "--dither"], "follow has no effect with dithering"),
        (["--table", "-o", "x.png"], "a table writes no file"),
        (["-o", "in.png"], "must not be the picture itself"),
        (["--kind", "webp", "-o", "x.jpg"], "output of kind webp must end in .webp, got x.jpg"),
        (["--kind", "webp", "-o", "x.png"], "output of kind webp must end in .webp, got x.png"),
        (["-o", "x.webp"], "output of kind png must end in .png, got x.webp"),
        (
            ["--kind", "jpeg", "-k", "7"],
            "-k has no effect with kind jpeg, which has no palette: leave it out",
        ),
        (["--kind", "png24", "--no-dither"], "--no-dither has no effect with kind png24"),
        (["--kind", "avif", "--follow", "0"], "--follow has no effect with kind avif"),
        (["--kb", "5", "-k", "7"], "-k has no effect with --kb, which chooses it: leave one out"),
        (["--looks", "50", "--dither"], "--dither has no effect with --looks"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(capsys, folder, words, said):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    code, out, err = run(capsys, "compress", "in.png", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_clear_picture_is_no_jpeg(capsys, folder):
    pixels = np.dstack([smooth(20, 20), np.full((20, 20), 255, np.uint8)])
    pixels[:5, :, 3] = 0
    Image.fromarray(pixels).save("clear.png")
    code, _, err = run(capsys, "compress", "clear.png", "--kb", "0.5", "--kind", "jpeg")
    assert (code, "cannot hold transparency" in err) in ((2, True), (0, False))


def test_a_missing_picture_is_what_is_missing(capsys, folder):
    (folder / "old").write_bytes(b"old")
    for words in (["-o", "old"], ["-o", "."], []):
        code, out, err = run(capsys, "compress", "nofile.png", *words)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "picture must be an existing file, found none at 'nofile.png'" in err
    assert (folder / "old").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["x.jpg", "x.JPEG", "x.jpe", "x"])
def test_endings_that_fit_are_taken(capsys, folder, name):
    assert run(capsys, "compress", "in.png", "--kind", "jpeg", "-o", name)[0] == 0
    with Image.open(name) as file:
        assert file.format == "JPEG"


def test_lost_frames_are_said_and_save_nothing(capsys, folder):
    frames = [Image.fromarray(noise(40, 50, seed=seed)) for seed in range(3)]
    frames[0].save("moving.gif", save_all=True, append_images=frames[1:])
    code, out, _ = run(capsys, "compress", "moving.gif", "--quick")
    assert code == 0
    assert "bytes (without frames 2 to 3 of 3), " in out
    assert "It gave up frames 2 to 3 of 3" in out
    assert "saved" not in out
    code, out, _ = run(capsys, "compress", "moving.gif", "in.png", "--quick")
    size = (folder / "in.png").stat().st_size
    assert out.splitlines()[-1].startswith(f"1 picture of 2, those with all their frames: {size:,} → ")


def test_a_faint_picture_gets_no_hint_that_is_not_there(capsys):
    Image.fromarray(np.full((20, 20, 4), 90, np.uint8)).save("faint.png")
    for words in (["compress"], ["compress", "--table"], ["tiles"], ["segments"], ["pixelart"]):
        code, _, err = run(capsys, *words, "faint.png")
        assert (code, "half opaque or more: choose one with at least one visible pixel\n" in err) == (2, True)


def noisy_photo(folder, name="noisy.png", kind="PNG"):
    """Write a picture that 256 colours do not come near, and return its bytes."""
    grain = noise(60, 70).astype(int) // 4 - 32
    pixels = np.clip(smooth(60, 70) + grain, 0, 255).astype(np.uint8)
    (folder / name).write_bytes(saved(pixels, kind))
    return (folder / name).read_bytes()


def test_looks_that_256_colours_miss_are_had_by_what_ends_so(capsys, folder):
    data = noisy_photo(folder)
    code, out, _ = run(capsys, "compress", "noisy.png", "--looks", "90", "--quick", "-o", "x.png", "--json")
    figures = json.loads(out)
    assert (code, figures["reached"], figures["ssimulacra2"]) == (0, True, 100)
    with Image.open("x.png") as made, Image.open("noisy.png") as given:
        np.testing.assert_array_equal(np.asarray(made.convert("RGB")), np.asarray(given))
    assert (folder / "x.png").stat().st_size <= len(data)


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_looks_that_a_kind_misses_are_said(capsys, folder, kind):
    noisy_photo(folder)
    words = ["compress", "noisy.png", "--looks", "95", "--quick", "--kind", kind]
    code, out, _ = run(capsys, *words, "--json")
    figures = json.loads(out)
    assert (code, figures["reached"]) == (0, False)
    assert figures["ssimulacra2"] < 95
    title = {"png": "indexed PNG", "webp": "WebP"}[kind]
    reached = f"{figures['ssimulacra2']:.1f}".replace("-", "\N{MINUS SIGN}")
    said, _, others = figures["said"].partition(" would. It gave up ")[0].partition("; ")
    assert said == f"95 was not reached: {title} comes to {reached}, with {figures['setting']}"
    with Image.open("noisy.png") as file:
        picture = Picture.from_pixels(np.asarray(file.convert("RGB")))
    for other in ("jpeg", "webp", "avif"):
        reaches = other != kind and fit_looks(picture, 95, other).reached
        assert (KINDS[other].noun in re.split(", | or ", others)) == reaches
    assert others.endswith("PNG-24 or lossless WebP")
    assert said in run(capsys, *words)[1]


def test_the_first_line_says_what_is_in_the_file(capsys, folder):
    pixels = np.repeat(noise(3, 3), 12, axis=0).repeat(12, axis=1)
    Image.fromarray(pixels).save("nine.png", compress_level=0)
    figures = json.loads(run(capsys, "compress", "nine.png", "--quick", "--json")[1])
    assert (figures["setting"], figures["n_colors"]) == ("9 colours", 9)
    out = run(capsys, "compress", "in.png", "-k", "5", "--quick")[1]
    assert "\n5 colours, dithered, long runs, SSIMULACRA2 " in out
    assert "\n1 colour, SSIMULACRA2 " in run(capsys, "compress", "in.png", "-k", "1", "--quick")[1]
    Image.fromarray(noise(1, 4000)).save("thin.png")
    figures = json.loads(run(capsys, "compress", "thin.png", "--kb", "0.2", "--quick", "--json")[1])
    assert figures["setting"].endswith(f", {figures['width']}×1 pixels")
    assert f"size ({figures['width']}×1 pixels are left of 4,000×1)" in figures["said"]


def test_a_file_as_it_came_is_named_by_what_it_is(capsys, folder):
    jpeg = saved(noise(30, 30), "JPEG", quality=20)
    (folder / "fake.png").write_bytes(jpeg)
    code, _, err = run(capsys, "compress", "fake.png", "-o", "out.png", "--quick")
    assert (code, "fake.png is a JPEG of " in err, "ends in .jpg" in err) == (2, True, True)
    assert run(capsys, "compress", "fake.png", "--quick")[0] == 0
    assert (folder / "fake-small.jpg").read_bytes() == jpeg
    png = saved(noise(12, 12), "PNG", optimize=True)
    for name in ("plain", "real.jpg"):
        (folder / name).write_bytes(png)
        for words in (["-o", "out.png"], ["-o", "noending"], []):
            assert run(capsys, "compress", name, "--kb", "9", *words)[0] == 0
        assert {(folder / made).read_bytes() for made in ("out.png", "noending")} == {png}
        assert (folder / f"{name.split('.')[0]}-small.png").read_bytes() == png
    code, _, err = run(capsys, "compress", "real.jpg", "--kb", "9", "--kind", "jpeg", "-o", "out.jpg")
    assert (code, "real.jpg is a PNG of " in err) == (2, True)
    assert not (folder / "out.jpg").exists()


def test_no_file_is_no_output(capsys, folder):
    before = set(folder.iterdir())
    code, _, err = run(capsys, "compress", "in.png", "-o", "")
    assert (code, err.startswith("quantize: output must be a file"), err.count("\n")) == (2, True, 1)
    assert set(folder.iterdir()) == before
