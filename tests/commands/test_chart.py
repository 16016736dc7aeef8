"""The command line's ``chart``: a PDF, a table of counts, and what cannot be."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from quantize import Palette, find_table, write_palette
from tests.commands.test_main import run


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pixels = np.random.default_rng(2).integers(0, 256, (60, 90, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((360, 240)).save("photo.png")


def read_csv(name):
    return list(csv.reader(Path(name).read_text("utf-8-sig").splitlines()))[1:]


def test_a_chart_and_its_counts(capsys):
    more = ["--best", "12", "--size", "58x40", "--remove-strays", "--csv", "counts.csv"]
    code, out, err = run(capsys, "chart", "photo.png", "--palette", "hama", *more)
    assert (code, err) == (0, "")
    first, second, *rows = out.splitlines()
    assert first == "photo.png → photo-hama.pdf"
    assert second.startswith("58 × 39 cells, 29.0 × 19.5 cm, 2,262 beads, ")
    assert second.endswith(f" {Path('photo-hama.pdf').stat().st_size:,} bytes")
    table = read_csv("counts.csv")
    assert sum(int(row[3]) for row in table) == 58 * 39
    assert 1 <= len(table) <= 12
    names = find_table("hama").palette.names
    assert all(f"{code} {name}" in names for code, name, *_ in table)
    assert [line.split()[0] for line in rows] == [row[0] for row in table]
    pages = [page.extract_text() for page in PdfReader("photo-hama.pdf").pages]
    assert "photo" in pages[0]
    assert "Hama beads (midi)" in pages[0]
    assert "58 × 39" in pages[0]


def test_numbers_are_those_of_a_palette_file_though_few_are_used(capsys):
    colors = np.random.default_rng(1).integers(0, 256, (300, 3), dtype=np.uint8)
    colors[100:] = colors[99]
    Path("mine.gpl").write_bytes(write_palette(Palette(colors), "gpl"))
    Image.fromarray(colors[None, [7, 3, 99, 250]]).save("dots.png")
    code, _, _ = run(capsys, "chart", "dots.png", "--palette", "mine.gpl", "--csv", "c.csv", "-o", "x.pdf")
    assert code == 0
    assert [(row[0], row[3]) for row in read_csv("c.csv")] == [("4", "1"), ("8", "1"), ("100", "2")]


def test_all_choices_have_an_effect(capsys):
    words = ["chart", "photo.png", "--palette", "hama", "--size", "40"]
    made = set()
    for more in (
        [], ["--mono"], ["--symbols"], ["--cell", "4"], ["--board", "10x20"], ["--paper", "letter"],
        ["--kind", "bricks"], ["--dither", "floyd-steinberg"], ["--space", "BGR"], ["--remove-strays"],
    ):  # fmt: skip
        assert run(capsys, *words, *more, "-o", "x.pdf")[0] == 0
        made.add(Path("x.pdf").read_bytes())
    assert len(made) == 10
    assert run(capsys, *words, "-o", "x.pdf")[0] == 0
    assert Path("x.pdf").read_bytes() in made


def test_a_few_cells_on_a_board_of_their_own_are_told(capsys):
    _, out, _ = run(capsys, "chart", "photo.png", "--palette", "hama", "--size", "60x60", "-o", "x.pdf")
    assert "note: 60 cells across take a board for the last 2: 58 would need one less" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "x.png", "--size", "9"], "output must end in .pdf, got x.png"),
        (["--size", "9x"], "size must be two numbers of cells like 29x29, or one, got 9x"),
        (["--size", "0"], "size must be 1 to 500 cells across and down, got 0"),
        (["--size", "9" * 18], "size must be 1 to 500 cells across and down, got 999999999999999999"),
        (["--size", "9", "--board", "3"], "board must be at least 5 × 5 cells, got 3 × 3"),
        (["--size", "9", "--cell", "99"], "cell must be 1.5 to 20 mm, got 99"),
        (["--size", "9", "--kind", "lego"], "kind must be one of beads, mini-beads"),
        (["--size", "9", "--paper", "a0"], "paper must be one of a4, letter"),
        (["--size", "9", "--space", "XYZ"], "space must be one of BGR, LAB"),
        (["--size", "9", "--dither", "x"], "dither must be one of"),
        (["--size", "9", "--best", "0"], "best must be"),
        (["--size", "9", "-o", "x.pdf", "--csv", "./x.pdf"], "csv must end in .csv, got x.pdf"),
        (["--size", "9", "--csv", "photo.png"], "csv must end in .csv, got photo.png"),
        (["--size", "500", "--cell", "20"], "chart must have at most 400 pages of cells"),
    ],
)
def test_what_cannot_be_is_a_line(capsys, arguments, said):
    code, out, err = run(capsys, "chart", "photo.png", "--palette", "hama", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert not list(Path().glob("*.pdf"))
