"""The command line's ``map``: every kind of palette, its order, and pictures that do not fit."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize import Palette, find_table, write_palette
from tests.commands.test_main import entries_of, photo, run  # noqa: F401
from tests.test_fixed_palette import read_png

DOUBLED = np.array([(255, 255, 255), (9, 9, 9), (255, 0, 0), (9, 9, 9), (0, 0, 200)], np.uint8)
CODES = ["#ffffff", "#090909", "#ff0000", "#090909", "#0000c8"]


@pytest.fixture
def files(photo):  # noqa: F811
    """A photo, palettes of every kind, and a drawing that fits ``mine.gpl``."""
    Path("mine.gpl").write_bytes(write_palette(Palette(DOUBLED), "gpl"))
    Path("strip.png").write_bytes(write_palette(Palette(DOUBLED), "png"))
    drawing = DOUBLED[np.add.outer(np.arange(9), np.arange(8)) % 3]
    Image.fromarray(drawing).save("drawing.png")
    Image.fromarray(drawing).save("drawing.webp", lossless=True)
    return photo


def test_a_built_in_palette_in_its_order(files, capsys):
    code, out, err = run(capsys, "map", files, "--palette", "pico-8", "--keep-order", "--json")
    figures = json.loads(out)
    assert (code, err) == (0, "")
    assert figures["palette"] == entries_of("photo-pico-8.png") == find_table("pico-8").palette.hexes
    assert any(note.startswith("the picture uses ") for note in figures["notes"])
    assert any("of the pixels have a colour that no entry comes near" in note for note in figures["notes"])


@pytest.mark.parametrize("said", ["mine.gpl", "strip.png", ",".join(CODES)])
@pytest.mark.parametrize("dither", ["none", "floyd-steinberg"])
def test_order_doubled_and_unused_entries_are_kept_where_wanted(files, capsys, said, dither):
    run(capsys, "map", "drawing.png", "--palette", said, "--keep-order", "--dither", dither, "-o", "kept.png")
    entries, numbers, shown = read_png(Path("kept.png").read_bytes())
    assert entries == CODES
    np.testing.assert_array_equal(numbers, np.add.outer(np.arange(9), np.arange(8)) % 3)
    np.testing.assert_array_equal(shown[..., :3], np.asarray(Image.open("drawing.png").convert("RGB")))
    run(capsys, "map", "drawing.png", "--palette", said, "-o", "dark.png")
    assert entries_of("dark.png") == ["#090909", "#0000c8", "#ff0000", "#ffffff"]


def test_the_colors_of_another_picture(files, capsys):
    Image.fromarray(DOUBLED[:3, None]).save("other.webp", lossless=True)
    _, out, _ = run(capsys, "map", files, "--palette", "other.webp", "--json")
    assert json.loads(out)["palette"] == ["#090909", "#ff0000", "#ffffff"]
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    Image.fromarray(noise).save("noise.png")
    _, out, _ = run(capsys, "map", files, "--palette", "noise.png", "--json")
    figures = json.loads(out)
    assert len(figures["palette"]) == 256
    assert "noise.png has 1,600 colours: 256 that stand for them were taken" in figures["notes"]


def test_strict_fails_with_a_count_and_the_first_places(files, capsys):
    code, out, err = run(capsys, "map", "drawing.png", "--palette", "#fff,#ff0000", "--strict", "-o", "x.png")
    assert (code, out) == (2, "")
    assert err == (
        "quantize: picture must have the palette's colours alone, got 24 pixels of 1 colour that are not in "
        "it, #090909 at x 1, y 0: add them, or map it without strict\n"
    )
    assert not Path("x.png").exists()
    code, out, _ = run(capsys, "map", "drawing.png", "--palette", "mine.gpl", "--strict", "-o", "x.png")
    assert code == 0
    assert "identical" in out
    assert "comes near" not in out


def test_strict_counts_what_is_seen(files, capsys):
    rgba = np.dstack([np.asarray(Image.open("drawing.png").convert("RGB")), np.full((9, 8), 255, np.uint8)])
    rgba[0, :2] = (1, 2, 3, 0), (4, 5, 6, 100)
    Image.fromarray(rgba).save("holes.png")
    assert run(capsys, "map", "holes.png", "--palette", "mine.gpl", "--strict")[0] == 0
    rgba[0, 1, 3] = 128
    Image.fromarray(rgba).save("holes.png")
    assert (
        "got 1 pixel of 1 colour" in run(capsys, "map", "holes.png", "--palette", "mine.gpl", "--strict")[2]
    )


def test_tables_are_listed_with_their_sources(capsys):
    code, out, _ = run(capsys, "map", "--tables")
    assert code == 0
    assert "solarized       Solarized, 16 entries. Ethan Schoonover" in out


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("pico8", 'name (quantize map --tables lists them) or codes like "#c00000,#fff", got pico8'),
        ("", 'or codes like "#c00000,#fff", got ""\n'),
        ("none.gpl", "could not read none.gpl: No such file or directory"),
        (".", "could not read .: Is a directory"),
        ("x11", "palette must hold at most 256 different colours, got 503"),
        ("x" * 5000, "got xxx"),
    ],
)
def test_what_is_no_palette_is_a_line(files, capsys, said, answer):
    code, out, err = run(capsys, "map", files, "--palette", said)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert answer in err


def test_neither_file_is_written_over(files, capsys):
    for output in ("drawing.png", "mine.gpl"):
        before = Path(output).read_bytes()
        code, _, err = run(capsys, "map", "drawing.png", "--palette", "mine.gpl", "-o", output)
        assert code == 2
        assert "output must not be the" in err
        assert Path(output).read_bytes() == before


def test_the_best_of_many_are_listed_with_their_names(files, capsys):
    _, out, _ = run(capsys, "map", files, "--palette", "x11", "--best", "5", "--keep-order", "--json")
    figures, x11 = json.loads(out), find_table("x11").palette
    rows = [x11.hexes.index(entry["hex"]) for entry in figures["entries"]]
    assert len(rows) == 5
    assert rows == sorted(rows)
    assert [entry["name"] for entry in figures["entries"]] == [x11.names[row] for row in rows]
    assert sum(entry["pixels"] for entry in figures["entries"]) == figures["width"] * figures["height"]
    assert entries_of("photo-x11.png") == figures["palette"] == [entry["hex"] for entry in figures["entries"]]
    _, out, _ = run(capsys, "map", "drawing.png", "--palette", "hama", "--best", "2", "-o", "beads.png")
    assert sum(" H" in line for line in out.splitlines()) == 2
    _, out, _ = run(capsys, "map", "drawing.png", "--palette", "mine.gpl", "--best", "9", "-o", "all.png")
    assert "#090909         24" in out.splitlines()


@pytest.mark.parametrize("best", ["0", "257", "x"])
def test_the_best_of_none_or_too_many_is_a_line(files, capsys, best):
    code, _, err = run(capsys, "map", files, "--palette", "x11", "--best", best)
    assert code == 2
    assert err.count("\n") == 1


def test_strict_refuses_to_give_an_entry_in_use_to_transparent_pixels(files, capsys):
    colors = np.stack([np.arange(256)] * 3, axis=-1).astype(np.uint8)
    alpha = np.full((2, 256, 1), 255, np.uint8)
    alpha[1] = 0
    Image.fromarray(np.concatenate([np.stack([colors] * 2), alpha], axis=-1)).save("holes.png")
    Path("all.hex").write_bytes(write_palette(Palette(colors), "hex"))
    words = ("map", "holes.png", "--palette", "all.hex", "-o", "x.png")
    code, _, err = run(capsys, *words, "--strict")
    assert (code, Path("x.png").exists()) == (2, False)
    assert err.startswith("quantize: picture must leave one of 256 entries to its transparent pixels")
    assert run(capsys, *words)[0] == 0


@pytest.mark.parametrize(("dither", "heeds"), [("bayer-4", False), ("looks", False), ("none", True)])
def test_a_space_that_has_no_effect_is_refused(files, capsys, dither, heeds):
    words = ("map", files, "--palette", "pico-8", "--dither", dither, "-o", "x.png")
    code, _, err = run(capsys, *words, "--space", "LAB")
    assert code == (0 if heeds else 2)
    assert heeds or err == f"quantize: space has no effect with dither {dither}: leave it out\n"
    assert run(capsys, *words)[0] == 0


def test_ways_out_are_those_that_there_are(files, capsys):
    faint = np.full((3, 3, 4), 90, np.uint8)
    Image.fromarray(faint).save("faint.png")
    assert "soft" not in run(capsys, "map", "faint.png", "--palette", "pico-8")[2]
    Image.fromarray(np.random.default_rng(0).integers(0, 99, (40, 40, 4), np.uint8)).save("noise.png")
    _, _, err = run(capsys, "map", files, "--palette", "noise.png")
    assert "palette must have a visible colour, got only transparency in noise.png" in err
