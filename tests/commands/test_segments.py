"""The command line's ``segments``: poster and all other files, merged entries, and what cannot be."""

import json
import os
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from tests.commands.test_main import run
from tests.pictures import noise, smooth


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(smooth(48, 64) ^ (noise(48, 64) & 7)).save("in.png")
    return tmp_path


def test_all_files_say_the_same(capsys, folder):
    code, out, err = run(
        capsys, "segments", "in.png", "-k", "6", "--smallest", "8", "--labels", "l.npz", "--masks", "m.zip",
        "--cutouts", "c.zip", "--areas", "a.json", "--coco", "coco.json", "--json",
    )  # fmt: skip
    assert (code, err) == (0, "")
    said, areas = json.loads(out), json.loads((folder / "a.json").read_text())
    assert said["regions"] == areas["regions"]
    svg = ElementTree.parse("in-6.svg").getroot()
    fills = [path.get("fill") for path in svg.iter("{http://www.w3.org/2000/svg}path")]
    assert fills == [one["color"] for one in said["regions"]]
    labels = np.load("l.npz")["labels"]
    assert np.bincount(labels.ravel()).tolist() == [one["pixels"] for one in said["regions"]]
    for name in ("m.zip", "c.zip"):
        with ZipFile(BytesIO((folder / name).read_bytes())) as archive:
            assert len(archive.namelist()) == len(fills)
    assert len(json.loads((folder / "coco.json").read_text())["annotations"]) == len(fills)


def test_a_name_that_is_no_text_is_cleaned(capsys, folder):
    name = os.fsdecode(b"b\xff\x01d.png")
    try:
        (folder / "in.png").rename(name)
    except OSError:
        pytest.skip("this system takes no such names")
    code, _, err = run(
        capsys, "segments", name, "-k", "3", "-o", "x.svg", "--coco", "c.json", "--json"
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert ElementTree.parse("x.svg").getroot()[0].text == "b\ufffdd"
    assert json.loads((folder / "c.json").read_text())["images"][0]["file_name"] == "b\ufffdd.png"
    assert run(capsys, "segments", name, "-k", "3")[0] == 0


def test_entries_are_merged_and_a_palette_is_used(capsys, folder):
    code, out, _ = run(
        capsys, "segments", "in.png", "--palette", "#000,#808080,#fff", "--smallest", "1", "--merge", "1+2",
        "--labels", "l.png", "--areas", "a.csv", "--pixels", "-o", "x.svg", "--json",
    )  # fmt: skip
    assert code == 0
    said = json.loads(out)
    assert said["n_regions"] <= 2
    assert [1, 2] in [one["entries"] for one in said["regions"]] or said["n_colors"] < 3
    assert "c" not in "".join(ElementTree.parse("x.svg").getroot()[-1][0].get("d"))
    assert (folder / "a.csv").read_text().startswith("region,color,pixels,percent,parts,entries\n")
    with Image.open("l.png") as file:
        assert file.mode == "P"


def test_what_is_said(capsys):
    code, out, _ = run(capsys, "segments", "in.png", "-k", "6", "--smallest", "600")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "in.png → in-6.svg"
    assert lines[1].startswith("64×48 pixels, ")
    Image.fromarray(np.full((9, 9, 3), 70, np.uint8)).save("flat.png")
    _, out, _ = run(capsys, "segments", "flat.png")
    assert out.splitlines()[1] == "9×9 pixels, 1 region in 1 part of at least 1 pixel"
    assert "no part of 600 pixels and no region: #" in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["in.png", "-o", "x.png"], "output must end in .svg, got x.png"),
        (["in.png", "--masks", "x.png"], "--masks must end in .zip, got x.png"),
        (["in.png", "--labels", "x.svg"], "--labels must end in .png or .npz, got x.svg"),
        (["in.png", "--merge", "1"], "merge must be numbers of entries like 1+2, got '1'"),
        (["in.png", "-k", "4", "--merge", "1+9"], "merge must name entries from 1 to 4, got 9"),
        (["in.png", "--smallest", "0"], "smallest must be a whole number of pixels of at least 1, got 0"),
        (["in.png", "-k", "0"], "n_colors must be"),
        (["in.png", "-k", "4", "--palette", "pico-8"], "-k has no effect with a palette"),
        (["in.png", "--areas", "x.json", "--coco", "x.json"], "--coco must name another file than --areas"),
        (["in.png", "--labels", "in.png"], "output must not be the picture itself"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(capsys, folder, arguments, said):
    before = sorted(folder.iterdir())
    code, out, err = run(capsys, "segments", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert sorted(folder.iterdir()) == before


def test_islands_that_nothing_borders_are_said(capsys, tmp_path):
    pixels = np.zeros((12, 12, 4), np.uint8)
    pixels[1:3, 1:3] = pixels[8:11, 8:11] = (200, 10, 10, 255)
    Image.fromarray(pixels).save(tmp_path / "in.png")
    words = ["segments", tmp_path / "in.png", "-k", "2", "-o", tmp_path / "out.svg"]
    out = run(capsys, *words, "--smallest", "9")[1]
    said = "12×12 pixels, 1 region in 2 parts, of which 1 with less than 9 pixels has no neighbour"
    assert out.splitlines()[1] == said
    out = run(capsys, *words, "--smallest", "4")[1]
    assert out.splitlines()[1] == "12×12 pixels, 1 region in 2 parts of at least 4 pixels"


def test_no_palette_at_all_is_said(capsys, tmp_path):
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(tmp_path / "in.png")
    code, _, err = run(capsys, "segments", tmp_path / "in.png", "--palette", "")
    assert (code, err.endswith('got ""\n')) == (2, True)
