"""The command line's ``palettes``: table, sheet, nearest pairs, bad files, what cannot be."""

import csv
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize.batch.palette_files import MOST_ON_SHEET
from tests.commands.test_main import run
from tests.pictures import noise, smooth


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in/deep").mkdir(parents=True)
    Image.fromarray(smooth(40, 60)).save("in/a.png")
    Image.fromarray(smooth(60, 40)[::-1]).save("in/deep/b.png")
    Image.fromarray(noise(30, 30)).save("in/c.png")
    return tmp_path


def test_a_table_of_palettes_and_the_nearest_pairs(capsys):
    code, out, err = run(capsys, "palettes", "in", "-k", "4", "-o", "x.json", "--pairs", "2")
    assert (code, err) == (0, "")
    said = json.loads(Path("x.json").read_text())
    assert [one["picture"] for one in said["palettes"]] == ["a.png", "c.png", "deep/b.png"]
    for one in said["palettes"]:
        shares = [entry["share"] for entry in one["colors"]]
        assert len(shares) == 4
        assert sum(shares) == pytest.approx(1)
        assert shares == sorted(shares, reverse=True)
    assert said["nearest"][0]["pictures"] == ["a.png", "deep/b.png"]
    assert len(said["nearest"]) == 2
    assert out.splitlines()[0] == "x.json: 3 palettes"
    assert out.splitlines()[1] == f"ΔE00 {said['nearest'][0]['distance']:5.2f}  a.png  deep/b.png"


def test_csv_has_a_row_for_every_colour_and_is_the_same_with_any_jobs(capsys):
    for jobs in (1, 3):
        assert run(capsys, "palettes", "in", "-k", "4", "-o", f"{jobs}.csv", "--jobs", jobs)[0] == 0
    assert Path("1.csv").read_bytes() == Path("3.csv").read_bytes()
    rows = list(csv.DictReader(Path("1.csv").read_text().splitlines()))
    assert [(row["picture"], row["number"]) for row in rows][:5] == [
        *(("a.png", str(number)) for number in range(1, 5)), ("c.png", "1"),
    ]  # fmt: skip
    row = rows[0]
    assert row["hex"] == "#{:02x}{:02x}{:02x}".format(*(int(row[name]) for name in ("red", "green", "blue")))
    out = run(capsys, "palettes", "in/a.png", "-k", "4")[1]
    assert out.strip() == "a.png  " + " ".join(row["hex"] for row in rows[:4])


def test_a_sheet_shows_each_colour_as_wide_as_its_share(capsys):
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :6], pixels[:, 6:7] = (200, 0, 0, 255), (0, 0, 200, 255)  # the last column is clear
    Image.fromarray(pixels).save("one.png")
    assert run(capsys, "palettes", "one.png", "--sheet", "s.png")[0] == 0
    with Image.open(BytesIO(Path("s.png").read_bytes())) as sheet:
        shown = np.asarray(sheet.convert("RGB"))
    strip = shown[-22]  # above the gap at the bottom
    widths = [int((strip == color).all(axis=1).sum()) for color in ((200, 0, 0), (0, 0, 200))]
    assert widths == [206, 34]


def test_bad_files_are_a_line_each(capsys):
    Path("in/bad.png").write_bytes(b"no picture")
    code, out, err = run(capsys, "palettes", "in", "missing.png", "-o", "x.csv")
    assert code == 1
    assert [line.split(":")[1] for line in err.splitlines()] == [" missing.png", " in/bad.png"]
    assert out.startswith("x.csv: 3 palettes")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["in", "-o", "x.txt"], "output must end in .csv or .json, got x.txt"),
        (["in", "--sheet", "x.jpg"], "sheet must end in .png, got x.jpg"),
        (["in", "--sheet", "in/a.png"], "output must not be the picture itself, got in/a.png"),
        (["in", "--pairs", "-1"], "pairs must be at least 0, got -1"),
        (["in", "-k", "0"], "n_colors must be a whole number from 1 to 256, got 0"),
        (["in", "--jobs", "0"], "jobs must be 1 to 256"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(capsys, folder, words, said):
    before = sorted(folder.rglob("*"))
    code, out, err = run(capsys, "palettes", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert sorted(folder.rglob("*")) == before


def test_a_sheet_of_too_many_is_refused_before_the_work(capsys, monkeypatch):
    monkeypatch.setattr("quantize.batch.palette_files.MOST_ON_SHEET", 2)
    code, _, err = run(capsys, "palettes", "in", "--sheet", "s.png")
    assert code == 2
    assert "sheet must hold at most 2 pictures, got 3" in err
    assert MOST_ON_SHEET == 400
