"""The command line's ``numbers``: PDF, SVG, solution and legend, own paints, and what cannot be."""

import csv
import json
import os
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from quantize import load_picture
from quantize.numbers import files
from quantize.numbers.layout import Choices
from quantize.numbers.numbered import number_picture
from quantize.palettes.palette import Palette
from tests.commands.test_main import run
from tests.pictures import noise, smooth


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(smooth(48, 64) ^ (noise(48, 64) & 7)).save("in.png")
    Image.fromarray(noise(1, 300)).save("line.png")
    return tmp_path


def test_all_files_say_the_same(capsys, folder):
    code, out, err = run(
        capsys, "numbers", "in.png", "-k", "6", "--brush", "5", "--solution", "s.svg", "--legend", "l.csv",
        "--json",
    )  # fmt: skip
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert (folder / "in-numbers.pdf").read_bytes().startswith(b"%PDF-")
    rows = list(csv.DictReader((folder / "l.csv").read_text().splitlines()))
    assert [row["color"] for row in rows] == [one["color"] for one in said["paints"]]
    assert sum(one["regions"] for one in said["paints"]) == said["regions"]
    ids = [path.get("id") for path in ElementTree.parse("s.svg").iter("{http://www.w3.org/2000/svg}path")]
    assert sum(bool(one) for one in ids) == len(rows)
    assert said["without_number"] == 0


def test_own_paints_have_their_numbers_and_names_and_the_file_is_the_engines(capsys, folder):
    (folder / "paints.gpl").write_text(
        "GIMP Palette\nName: Pots\n#\n255 0 0\tRed\n0 0 0\tInk\n255 255 255\tWeiß\n128 128 128\tGrey\n",
        encoding="utf-8",
    )
    code, out, _ = run(
        capsys, "numbers", "in.png", "--palette", "paints.gpl", "-o", "x.svg", "--outline", "color",
        "--numerals", "stroke", "--paper", "A3", "--orientation", "portrait", "--brush", "6", "--space",
        "LAB", "--numeral-size", "2-3", "--protect", "#000", "--json",
    )  # fmt: skip
    assert code == 0
    names = {one["number"]: one["name"] for one in json.loads(out)["paints"]}
    assert names.items() <= {1: "Red", 2: "Ink", 3: "Weiß", 4: "Grey"}.items()
    palette = Palette(
        np.array([[255, 0, 0], [0, 0, 0], [255] * 3, [128] * 3], np.uint8),
        names=("Red", "Ink", "Weiß", "Grey"),
    )
    choices = Choices("a3", "portrait", 6.0, (2.0, 3.0), "color", "stroke", ("#000000",))
    made = number_picture(load_picture("in.png"), palette, choices, space="LAB")
    assert (folder / "x.svg").read_bytes() == files.write_sheet_svg(made, "in")


def test_a_palette_is_numbered_without_gaps_if_asked(capsys, folder):
    codes = "00ff00,ffffff,808080,000000"  # nothing is green
    given = "numbers", "in.png", "--brush", "12", "--palette", codes, "--json", "-o", "x.pdf"
    _, own, _ = run(capsys, *given)
    code, renumbered, _ = run(capsys, *given, "--renumber")
    assert code == 0
    before, after = (json.loads(said)["paints"] for said in (own, renumbered))
    assert [one["number"] for one in after] == list(range(1, len(after) + 1))
    assert [one["color"] for one in after] == [one["color"] for one in before]
    assert before[0]["number"] > 1


def test_a_protected_colour_is_among_those_that_are_found(capsys):
    code, out, _ = run(
        capsys, "numbers", "in.png", "-k", "3", "--protect", "#123456", "--brush", "8", "--json"
    )
    assert code == 0
    said = json.loads(out)
    assert [one["number"] for one in said["paints"]] == list(range(1, len(said["paints"]) + 1))
    assert len(said["paints"]) <= 3
    assert not any("not used" in note for note in said["notes"])
    code, _, err = run(capsys, "numbers", "in.png", "-k", "1", "--protect", "#000", "--protect", "#fff")
    assert (code, "at least the number of protected colours, 2, got 1" in err) == (2, True)


def test_what_is_said(capsys):
    code, out, _ = run(capsys, "numbers", "in.png", "--palette", "#000,#808080,#ff00ff", "--brush", "5")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "in.png → in-numbers.pdf"
    assert " mm, " in lines[1]
    assert lines[-1].startswith("note: ")
    assert lines[-1] == "note: of the palette, 1 and 3 are not used: no region has their colours"


def test_a_name_that_is_no_text_is_cleaned(capsys, folder):
    name = os.fsdecode(b"b\xff\x01d.png")
    try:
        (folder / "in.png").rename(name)
    except OSError:
        pytest.skip("this system takes no such names")
    for output in ("x.pdf", "x.svg"):
        code, _, err = run(capsys, "numbers", name, "-k", "3", "--brush", "9", "-o", output)
        assert (code, err) == (0, "")
    assert ElementTree.parse("x.svg").getroot()[0].text == "b\ufffdd"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["in.png", "-o", "x.png"], "output must end in .pdf or .svg, got x.png"),
        (["in.png", "--solution", "x.pdf"], "--solution must end in .svg, got x.pdf"),
        (["in.png", "--legend", "x.pdf"], "--legend must end in .csv, got x.pdf"),
        (["in.png", "-o", "x.svg", "--solution", "x.svg"], "--solution must name another file than -o"),
        (["in.png", "-k", "256"], "-k must be 1 to 255, got 256"),
        (["in.png", "-k", "4", "--palette", "pico-8"], "-k has no effect with a palette"),
        (["in.png", "--paper", "a9"], "paper must be one of a4, a3, letter, got 'a9'"),
        (["in.png", "--brush", "0"], "brush must be 0.5 to 20 mm, got 0"),
        (["in.png", "--numeral-size", "big"], "--numeral-size must be the least and the most height in mm"),
        (["in.png", "--numeral-size", "0.1-4"], "--numeral-size: numeral must be 0.8 to 12 mm, got 0.1"),
        (["in.png", "--numeral-size", "5-4"], "--numeral-size: numeral must be the least and the most"),
        (["in.png", "--protect", "reddish"], "--protect: "),
        (["in.png", "--protect", "#zzz"], "--protect: "),
        (["line.png"], "the picture would be 0.9 mm high on A4, less than the brush of 2.5 mm: choose"),
        (["in.png", "--palette", "#000", "--protect", "#fff"], "protect must be a colour of the palette"),
        (["in.png", "--space", "XYZ"], "space must be one of"),
        (["in.png", "-o", "in.png"], "output must end in .pdf or .svg"),
        (["none.png"], "none.png"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(capsys, folder, arguments, said):
    before = sorted(folder.iterdir())
    code, out, err = run(capsys, "numbers", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert sorted(folder.iterdir()) == before
