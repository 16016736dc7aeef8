"""The command line's ``compress``: sizes, looks, several pictures, the table, and what cannot be."""

import json

import numpy as np
import pytest
from PIL import Image

from quantize.decoding.samples import load_sample
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
    assert "name an output that ends in .jpg" in err
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
