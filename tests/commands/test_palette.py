"""``python -m quantize palette``, run as a user runs it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize.__main__ import main
from quantize.swatches.formats import FORMATS, read_palette


@pytest.fixture
def flag(tmp_path, monkeypatch):
    """A picture in the current folder: half red, three tenths white, two tenths two blues that look alike."""
    monkeypatch.chdir(tmp_path)
    pixels = np.zeros((10, 10, 3), np.uint8)
    pixels[:, :5], pixels[:, 5:8] = (200, 0, 0), (255, 255, 255)
    pixels[:, 8], pixels[:, 9] = (0, 40, 160), (0, 42, 162)
    Image.fromarray(pixels).save("flag.png")
    return Path("flag.png")


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return exit_.value.code or 0, out, err


def test_colors_shares_and_names_are_printed(flag, capsys):
    code, out, err = run(capsys, "palette", flag)
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["#c80000   50.0 %  firebrick", "#ffffff   30.0 %  white"]
    assert len(out.splitlines()) == 4
    assert [path.name for path in Path().iterdir()] == ["flag.png"]


def test_merging_and_sorting(flag, capsys):
    _, out, _ = run(capsys, "palette", flag, "--merge", "2", "--sort", "lightness")
    assert [line.split()[0] for line in out.splitlines()] == ["#0029a1", "#c80000", "#ffffff"]
    assert out.splitlines()[0].split()[1] == "20.0"


def test_number_of_colors_and_kept_ones(flag, capsys):
    _, out, _ = run(capsys, "palette", flag, "-k", "3", "--keep", "#00ff00", "--sort", "hue")
    assert len(out.splitlines()) == 3
    assert "#00ff00    0.0 %  lime" in out


def test_figures_for_programs(flag, capsys):
    code, out, _ = run(capsys, "palette", flag, "--json", "--rare", "0.5")
    figures = json.loads(out)
    assert code == 0
    assert (figures["space"], figures["n_colors"], figures["notes"]) == ("LAB", 4, [])
    white = {"hex": "#ffffff", "rgb": [255, 255, 255], "oklch": "oklch(100% 0 0)"}
    assert figures["palette"][1] == {**white, "share": 0.3, "css_name": "white"}


@pytest.mark.parametrize("key", FORMATS)
def test_file_of_every_format(flag, capsys, key):
    output = Path(f"out{FORMATS[key].extension}")
    code, out, err = run(capsys, "palette", flag, "-k", "4", "-o", output, "--format", key, "--sort", "path")
    assert (code, out, err) == (0, f"flag.png → {output}\n4 colours\n", "")
    assert len(read_palette(output.read_bytes(), output.name)) == 4


def test_format_by_the_ending(flag, capsys):
    run(capsys, "palette", flag, "-o", "out.PAL")
    assert Path("out.PAL").read_bytes().startswith(b"JASC-PAL")


def test_name_of_the_file_by_the_format(flag, capsys):
    run(capsys, "palette", flag, "--format", "json", "-k", "4")
    assert len(read_palette(Path("flag-4.tokens.json").read_bytes())) == 4


def test_picture_of_that_name_is_still_a_picture(flag, capsys):
    flag.rename("palette")
    code, _, err = run(capsys, "./palette", "-k", "2", "-o", "out.png")
    assert (code, err) == (0, "")
    with Image.open("out.png") as picture:
        assert picture.mode == "P"


def test_notes_are_printed(flag, capsys):
    with Image.open(flag) as picture:
        exif = Image.Exif()
        exif[0x0112] = 3
        picture.save("turned.jpg", exif=exif)
    _, out, _ = run(capsys, "palette", "turned.jpg", "-k", "2")
    assert out.splitlines()[-1].startswith("note: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'FILE'"),
        (["nowhere.png"], "nowhere.png"),
        (["flag.png", "-k", "0"], "n_colors must be a whole number from 1 to 256, got 0"),
        (["flag.png", "--sort", "size"], "sort must be one of share, hue, lightness, path, file, got 'size'"),
        (["flag.png", "--merge", "-1"], "merge must be a ΔE00 from 0 to 100, got -1.0"),
        (["flag.png", "--format", "doc"], "format must be one of ase, aco"),
        (
            ["flag.png", "-o", "out.doc"],
            "output must end like a palette file, got out.doc; say with --format",
        ),
        (["flag.png", "-o", "no/folder/x.ase"], "could not write no/folder/x.ase: No such file"),
        (["flag.png", "-o", "flag.png"], "output must not be the picture itself"),
        (["flag.png", "--keep", "red"], "red"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(flag, capsys, arguments, message):
    before = flag.read_bytes()
    code, out, err = run(capsys, "palette", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("quantize: ")
    assert err.count("\n") == 1
    assert re.search(re.escape(message), err)
    assert flag.read_bytes() == before


def test_help_names_everything(flag, capsys):
    code, out, _ = run(capsys, "palette", "--help")
    assert code == 0
    words = " ".join(out.split())
    for word in ("quantize palette [OPTIONS] FILE", "-k", "-o", "--format", "--space", "--keep", "--rare",
                 "--merge", "--sort", "--json", ", ".join(FORMATS), "share, hue, lightness, path",
                 "exit code 2"):  # fmt: skip
        assert word in words
    assert "quantize palette --help" in " ".join(run(capsys, "--help")[1].split())


def test_a_palette_file_is_read_and_what_was_passed_over_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("brand").write_text("--brick: #c00000; --sky: #0080ff80; a { color: #123 }")
    code, out, err = run(capsys, "palette", "brand")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["#c00000  brick", "#0080ff  sky"]
    assert "note: 1 colour was passed over: no variable names them" in out
    run(capsys, "palette", "brand", "--format", "gpl", "--sort", "hue")
    assert read_palette(Path("brand.gpl").read_bytes()).names == ("brick", "sky")
    figures = json.loads(run(capsys, "palette", "brand", "--json")[1])
    assert [row["name"] for row in figures["palette"]] == ["brick", "sky"]
    assert "space" not in figures
    assert "share" not in figures["palette"][0]
    code, out, err = run(capsys, "palette", "brand", "-k", "4")
    assert (code, out) == (2, "")
    assert "-k must be given for a picture, got the palette brand: leave it out" in err
    assert "--rare must be" in run(capsys, "palette", "brand", "--rare", "0")[2]
    assert "to be sorted by them" in run(capsys, "palette", "brand", "--sort", "share")[2]
