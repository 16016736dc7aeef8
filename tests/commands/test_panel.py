"""The command line's ``panel``: every kind of file, the preview, what it says, and what cannot be."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize.panels.packing import unpack_numbers
from quantize.panels.table import PANELS, find_panel
from tests.commands.test_main import photo, run  # noqa: F401

SPECTRA = find_panel("spectra6")


def test_a_packed_file_and_its_preview_have_the_same_inks(photo, capsys):  # noqa: F811
    code, out, err = run(
        capsys,
        "panel",
        photo,
        "--panel",
        "spectra6",
        "--size",
        "60x40",
        "-o",
        "x.bin",
        "--preview",
        "seen.png",
    )
    assert (code, err) == (0, "")
    numbers = unpack_numbers(Path("x.bin").read_bytes(), SPECTRA.inks, (60, 40))
    seen = np.asarray(Image.open("seen.png").convert("RGB"))
    shown = np.zeros((8, 3), np.uint8)
    shown[list(SPECTRA.inks.numbers)] = SPECTRA.colors
    np.testing.assert_array_equal(seen, shown[numbers])
    lines = out.splitlines()
    assert lines[0].endswith("photo.png → x.bin")
    assert lines[1] == "Spectra 6, 7.3 inch, 60×40 pixels, packed as the driver counts, 1,200 bytes"
    assert "that the panel shows; " in lines[2]
    assert lines[8].endswith("  green")


def test_png_and_bmp_are_in_device_colors(photo, capsys):  # noqa: F811
    for name in ("x.png", "x.bmp"):
        assert run(capsys, "panel", photo, "--panel", "acep", "--size", "33x40", "-o", name)[0] == 0
    png, bmp = (np.asarray(Image.open(name).convert("RGB")) for name in ("x.png", "x.bmp"))
    np.testing.assert_array_equal(png, bmp)
    device = set(map(tuple, find_panel("acep").inks.device_colors.tolist()))
    assert set(map(tuple, png.reshape(-1, 3).tolist())) <= device


def test_the_previews_ending_says_its_kind(photo, capsys):  # noqa: F811
    seen = []
    for name, kind in (("seen.png", "PNG"), ("seen.BMP", "BMP")):
        arguments = ["panel", photo, "--panel", "acep", "--size", "33x40", "-o", "x.bin", "--preview", name]
        assert run(capsys, *arguments)[0] == 0
        with Image.open(name) as image:
            assert image.format == kind
            seen.append(np.asarray(image.convert("RGB")))
    np.testing.assert_array_equal(*seen)


def test_what_was_there_stays_if_one_of_both_cannot_be_written(photo, capsys):  # noqa: F811
    Path("x.bin").write_bytes(b"before")
    Path("folder").mkdir()
    for output, preview in (("x.bin", "none/seen.png"), ("x.bin", "folder"), ("none/x.bin", "seen.png")):
        code, _, err = run(capsys, "panel", photo, "--panel", "bw", "-o", output, "--preview", preview)
        assert code == 2
        assert err.count("\n") == 1
        assert Path("x.bin").read_bytes() == b"before"
        assert sorted(path.name for path in Path().iterdir()) == ["folder", "photo.png", "x.bin"]


def test_without_dithering(photo, capsys):  # noqa: F811
    arguments = ["panel", photo, "--panel", "spectra6", "--size", "20x20", "-o", "x.png", "--dither", "none"]
    assert run(capsys, *arguments)[0] == 0


def test_the_usual_name_size_and_json(photo, capsys):  # noqa: F811
    code, out, _ = run(
        capsys, "panel", photo, "--panel", "bwr", "--rotate", "90", "--fit", "crop", "--json", "--as-is"
    )
    figures = json.loads(out)
    assert code == 0
    assert (figures["panel"], figures["width"], figures["height"], figures["bits"]) == ("bwr", 800, 480, 2)
    assert figures["prepared"] is None
    assert [ink["number"] for ink in figures["inks"]] == [1, 3, 2]
    assert sum(ink["pixels"] for ink in figures["inks"]) == 800 * 480
    assert any(note.endswith("cut off; --fit fit keeps all of it") for note in figures["notes"])
    with Image.open("photo-bwr.png") as image:
        assert image.size == (800, 480)


def test_colors_of_ones_own(photo, capsys):  # noqa: F811
    codes = "#101010,#c0c0b8,#800000"
    run(
        capsys, "panel", photo, "--panel", "bwr", "--size", "9x9", "--shown", codes, "-o", "x.png",
        "--preview", "seen.png",
    )  # fmt: skip
    seen = np.asarray(Image.open("seen.png").convert("RGB")).reshape(-1, 3)
    assert set(map(tuple, seen.tolist())) <= {(16, 16, 16), (192, 192, 184), (128, 0, 0)}


def test_panels_are_listed_with_sources_and_sizes(capsys):
    code, out, _ = run(capsys, "panel", "--panels")
    assert code == 0
    assert len(out.splitlines()) == 2 * len(PANELS)
    assert "bwr                  black, white, red: black, white, red (not measured). OpenDisplay" in out
    assert "800x480 (7.3″ E), 1200x1600 (13.3″ E)" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--panel", "e-ink"], "panel must be one of bw, bwr, bwy"),
        ([], "Missing option '--panel'"),
        (["--panel", "bw", "--size", "big"], "size must be width and height like 800x480, got big"),
        (["--panel", "bw", "--size", "9x9999"], "size must be 1 to 4096 pixels along each side, got 9×9999"),
        (["--panel", "bw", "-o", "x.gif"], "ending must be one of .png, .bmp, .bin, got '.gif'"),
        (["--panel", "bw", "--rotate", "45"], "rotate must be one of 0, 90, 180, 270, got 45"),
        (["--panel", "bw", "--fit", "all"], "fit must be one of crop, fit, got 'all'"),
        (["--panel", "bw", "--strength", "3"], "strength must be a number from 0 to 1, got 3.0"),
        (["--panel", "bw", "--dither", "dots"], "dither must be one of none"),
        (["--panel", "bw", "--shown", "#fff"], "shown colours must be 2, one for each of black, white"),
        (
            ["--panel", "bw", "-o", "x.png", "--preview", "./x.png"],
            "--preview must name another file than -o",
        ),
        (["--panel", "bw", "-o", "x.bin", "--preview", "none/x.png"], "could not write none/x.png"),
        (["--panel", "bw", "-o", "x.bin", "--preview", "none/x.png"], "name another file with --preview"),
        (
            ["--panel", "bw", "-o", "x.bin", "--preview", "seen"],
            "ending of the preview must be one of .png, .bmp, got ''",
        ),
        (["--panel", "bw", "-o", "x.bin", "--preview", "x.gif"], "must be one of .png, .bmp, got '.gif'"),
        (["--panel", "bw", "-o", "none/x.bin", "--preview", "x.png"], "could not write none/x.bin"),
        (["--panel", "bw", "--shown", "#fff,#000"], "shown colours must have a white clearly lighter"),
        (["--panel", "bw", "--shown", "#fff,#000"], "got #ffffff for black and #000000 for white"),
        (["--panel", "bw", "--dither", "none", "--strength", "1"], "strength has no effect with dither none"),
        (["--panel", "bw", "--dither", "none", "--light", "linear"], "light has no effect with dither none"),
        (["--panel", "bw", "--light", "gamma"], "light must be one of encoded, linear"),
        (["--panel", "bw", "--as-is", "--curve", "0.5"], "curve has no effect without preparation"),
    ],
)
def test_what_cannot_be_is_a_line(photo, capsys, arguments, said):  # noqa: F811
    code, out, err = run(capsys, "panel", photo, *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert said in err
    assert list(Path().glob("x.*")) == []


@pytest.mark.parametrize("side", ["99999999", "5000"])
def test_a_size_of_the_right_form_is_refused_for_its_limit(photo, capsys, side):  # noqa: F811
    code, _, err = run(capsys, "panel", photo, "--panel", "bw", "--size", f"{side}x{side}")
    assert (code, "size must be 1 to 4096 pixels along each side" in err) == (2, True)


def test_a_byte_and_a_picture_of_nothing(capsys, tmp_path):
    Image.fromarray(np.full((3, 3, 3), 9, np.uint8)).save(tmp_path / "in.png")
    words = ["--panel", "bw", "--size", "1x1", "-o", tmp_path / "out.bin"]
    assert ", 1 byte\n" in run(capsys, "panel", tmp_path / "in.png", *words)[1]
    Image.fromarray(np.zeros((3, 3, 4), np.uint8)).save(tmp_path / "clear.png")
    code, _, err = run(capsys, "panel", tmp_path / "clear.png", *words)
    assert (code, "every pixel of the picture is fully transparent" in err) == (2, True)
