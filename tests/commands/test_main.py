"""The command line, run as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize.__main__ import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def photo(tmp_path, monkeypatch):
    """A picture in the current folder."""
    monkeypatch.chdir(tmp_path)
    y, x = np.mgrid[:90, :120]
    pixels = np.stack([x * 2, y * 2, 255 - x - y], -1).astype(np.uint8)
    Image.fromarray(pixels).save("photo.png")
    return Path("photo.png")


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return exit_.value.code or 0, out, err


def test_the_main_job(photo, capsys):
    code, out, err = run(capsys, photo, "-k", "5", "-o", "out.png")
    assert (code, err) == (0, "")
    with Image.open("out.png") as picture:
        assert (picture.mode, picture.size) == ("P", (120, 90))
        assert len(picture.convert("RGB").getcolors()) == 5
    first, second, third, fourth = out.splitlines()[:4]  # more are notes
    assert first == "photo.png → out.png"
    assert second.startswith("120×90 pixels, 10,800 → 5 colours")
    assert third.startswith("PSNR ")
    assert "ΔE00" in third
    assert f"{Path('photo.png').stat().st_size:,} → {Path('out.png').stat().st_size:,} bytes" in fourth


def test_figures_for_programs(photo, capsys):
    code, out, _ = run(capsys, photo, "-k", "7", "--space", "LAB", "--json")
    figures = json.loads(out)
    assert code == 0
    assert figures["n_colors"] == 7
    assert figures["bytes_in"] == photo.stat().st_size
    assert figures["bytes_out"] == Path("photo-7.png").stat().st_size
    assert {"mse", "psnr_db", "delta_e_00", "seconds"} <= figures.keys()
    with Image.open(photo) as before, Image.open("photo-7.png") as after:
        difference = np.asarray(before.convert("RGB"), float) - np.asarray(after.convert("RGB"))
    assert figures["mse"] == pytest.approx((difference**2).sum(-1).mean())


def test_a_preset_and_what_goes_before_it(photo, capsys):
    code, out, _ = run(capsys, photo, "--preset", "looks", "--json", "--looks")
    figures = json.loads(out)
    assert (code, figures["space"], figures["method"], figures["dither"]) == (0, "Oklab", "looks", "looks")
    assert figures["n_colors"] == 16
    assert figures["delta_e_blurred"] < figures["delta_e_00"]
    assert figures["ssimulacra2"] < 100
    _, out, _ = run(capsys, photo, "--preset", "flat", "--space", "BGR", "--json")
    assert (json.loads(out)["n_colors"], json.loads(out)["space"]) == (8, "BGR")
    assert Path("photo-8.png").exists()
    assert "ssimulacra2" not in json.loads(out)
    _, out, _ = run(capsys, photo, "--preset", "small", "-k", "5", "--looks")
    assert "SSIMULACRA2 " in out
    assert Path("photo-5.png").exists()


def test_unchanged_picture_is_json_too(photo, capsys):
    Image.new("RGB", (3, 3), "red").save("plain.png")
    code, out, _ = run(capsys, "plain.png", "--json")
    assert code == 0
    assert json.loads(out)["psnr_db"] is None


def test_every_choice_reaches_the_engine(photo, capsys):
    code, out, _ = run(
        capsys, photo, "--method", "opencv", "--attempts", "2", "--max-iter", "5", "--epsilon", "0.5",
        "--init", "k-means++", "--seed", "3", "--space", "HSV", "-k", "3", "--keep", "#c00", "--json",
        "--dither", "atkinson", "--strength", "0.5", "--light", "linear",
    )  # fmt: skip
    assert code == 0
    assert "#cc0000" in json.loads(out)["palette"]
    assert json.loads(out)["method"] == "opencv"
    assert json.loads(out)["space"] == "HSV"
    assert json.loads(out)["dither"] == "atkinson"


def bad_calls() -> list[tuple[list[str], str]]:
    return [
        ([], "Missing argument 'PICTURE'"),
        (["nowhere.png"], "nowhere.png"),
        (["."], "folder|directory"),
        (["photo.png", "-k", "0"], "n_colors must be a whole number from 1 to 256, got 0"),
        (["photo.png", "-k", "257"], "1 to 256"),
        (["photo.png", "-k", "9" * 400], "n_colors must be a whole number from 1 to 256, got 999.*400 char"),
        (["photo.png", "-k", "9" * 5000], "999 … 999.*' is not a valid integer"),
        (["photo.png", "-k", "-" + "9" * 400], "n_colors must be a whole number from 1 to 256, got -999"),
        (["photo.png", "--init", "random", "--seed", str(2**31)], "seed must be a whole number"),
        (["photo.png", "--epsilon", "9" * 5000], "epsilon must be a number from 0 to 100, got inf"),
        (["photo.png", "--space", "x" * 5000], "space must be one of BGR.*characters"),
        (["photo.png", "-k", "many"], "'many' is not a valid integer"),
        (["photo.png", "--space", "CMYK"], "space must be one of BGR"),
        (["photo.png", "--method", "magic"], "method must be one of kmeans"),
        (["photo.png", "--method", "opencv", "--init", "split"], "init must be one of random"),
        (["photo.png", "--strength", "0.5"], "strength has no effect with dither none: leave it out"),
        (["photo.png", "--dither", "floyd"], "dither must be one of none, floyd-steinberg, jarvis"),
        (["photo.png", "--rare", "2"], "rare must be a number from 0 to 1, got 2.0"),
        (["photo.png", "--keep", "red"], "a colour must look like \"#c00000\", got 'red'"),
        (["photo.png", "--epsilon", "nan"], "epsilon must be a number"),
        (
            ["photo.png", "-o", "no/such/folder/out.png"],
            "could not write no/such/folder/out.png: No such file",
        ),
        (["photo.png", "-o", "."], "could not write"),
        (["photo.png", "-o", "photo.png"], "output must not be the picture itself"),
        (["photo.png", "--colour", "3"], "No such option"),
        (["photo.png", "other.png"], "unexpected extra argument"),
        (["text.png"], "text.png|picture"),
        (["empty.png"], "empty"),
    ]


@pytest.mark.parametrize(("arguments", "message"), bad_calls())
def test_bad_input_is_one_line_and_exit_code_2(photo, capsys, arguments, message):
    import re

    Path("text.png").write_text("just words")
    Path("empty.png").touch()
    before = photo.read_bytes()
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("quantize: ")
    assert err.count("\n") == 1
    assert len(err) < 600
    assert re.search(message, err)
    assert photo.read_bytes() == before
    assert not list(Path().glob(".*"))  # no half-written file left behind


def test_partial_transparency_is_kept_when_asked_for(photo, capsys):
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[..., 3] = np.arange(64).reshape(8, 8) * 4
    pixels[..., 0] = pixels[..., 3]
    Image.fromarray(pixels).save("veil.png")
    code, out, _ = run(capsys, "veil.png", "-k", "4", "-o", "indexed.png")
    # Alpha is 0, 4, 8 … 252: of 64 pixels, 31 are faint and 32 more than half opaque.
    assert code == 0
    assert "note: 48.4 % of the pixels are less than half opaque and become transparent; 50.0 %" in out
    code, out, _ = run(capsys, "veil.png", "-k", "4", "-o", "kept.png", "--rgba")
    assert (code, "become" in out) == (0, False)
    with Image.open("indexed.png") as indexed, Image.open("kept.png") as kept:
        assert (indexed.mode, kept.mode) == ("P", "RGBA")
        np.testing.assert_array_equal(np.asarray(kept)[..., 3], pixels[..., 3])
        assert set(np.unique(np.asarray(indexed.convert("RGBA"))[..., 3])) == {0, 255}


def test_older_output_is_replaced(photo, capsys):
    Path("out.png").write_bytes(b"old")
    assert run(capsys, photo, "-o", "out.png")[0] == 0
    with Image.open("out.png") as picture:
        assert picture.mode == "P"


def test_help_names_everything(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    for word in ("-k", "--space", "--method", "--attempts", "--max-iter", "--epsilon", "--init", "--seed",
                 "-o", "--json", "BGR, LAB, HSV, Oklab", "kmeans, opencv", "1 to 256",
                 "--dither", "jarvis-judice-ninke, stucki", "--strength", "encoded, linear",
                 "exit code 2"):  # fmt: skip
        assert word in " ".join(out.split())


def test_as_a_program(photo):
    import os

    command = [sys.executable, "-m", "quantize", "photo.png", "-k", "4"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path("photo-4.png").exists()


def test_a_first_use_says_on_a_terminal_why_it_takes_long(photo, tmp_path):
    import os

    ours, theirs = os.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CACHE_DIR": str(tmp_path / "nothing yet")}
    command = [sys.executable, "-m", "quantize", "photo.png", "-k", "4"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=theirs) as program:
        said = os.read(ours, 1000).decode()
        program.kill()
    os.close(ours)
    os.close(theirs)
    assert said.startswith("quantize: compiling for the first use")


GPL = "GIMP Palette\n#\n255 0 0 Red\n0 0 255 Blue\n255 0 0 Red again\n255 255 255 White\n1 2 3 Ink\n"


def entries_of(path: str) -> list[str]:
    """Entries of the palette in a PNG's own bytes."""
    data = Path(path).read_bytes()
    at = data.index(b"PLTE")
    colors = data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")].hex()
    return [f"#{colors[start : start + 6]}" for start in range(0, len(colors), 6)]


@pytest.mark.parametrize("dither", ["none", "bayer-4", "riemersma"])
def test_a_palette_file_as_it_is(photo, capsys, dither):
    Path("mine.gpl").write_text(GPL)
    arguments = [photo, "--palette", "mine.gpl", "--dither", dither, "--json"]
    code, out, err = run(capsys, *arguments)
    figures = json.loads(out)
    assert (code, err, figures["method"]) == (0, "", None)
    assert entries_of("photo-4.png") == figures["palette"] == ["#010203", "#0000ff", "#ff0000", "#ffffff"]
    code, out, _ = run(capsys, *arguments, "--order", "file", "-o", "file.png")
    in_file = ["#ff0000", "#0000ff", "#ff0000", "#ffffff", "#010203"]
    assert entries_of("file.png") == json.loads(out)["palette"] == in_file
    with Image.open("photo-4.png") as first, Image.open("file.png") as second:
        np.testing.assert_array_equal(first.convert("RGB"), second.convert("RGB"))
    run(capsys, *arguments, "--order", "use", "-o", "use.png")
    with Image.open("use.png") as picture:
        counts = [count for count, _ in sorted(picture.getcolors(), key=lambda pair: pair[1])]
        assert counts == sorted(counts, reverse=True)


def test_kept_colors_can_go_first(photo, capsys):
    run(capsys, photo, "-k", "5", "--keep", "#fff", "--keep", "#000", "--order", "file")
    assert entries_of("photo-5.png")[:2] == ["#ffffff", "#000000"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--palette", "mine.gpl", "-k", "4"], "-k has no effect with --palette: leave it out"),
        (["--palette", "mine.gpl", "--rare", "0.5"], "rare has no effect with a fixed palette: leave it out"),
        (["--palette", "none.gpl"], "could not read none.gpl: No such file or directory"),
        (["--palette", "."], "could not read .: Is a directory"),
        (["--palette", "photo.xyz"], "palette file must hold a palette, got an empty file: export it again"),
        (["--order", "hue"], "order must be one of dark, file, use, got 'hue'"),
        (["--palette", "strip.png", "-o", "strip.png"],
         "output must not be the palette itself, got strip.png; name another file with -o"),
        (["--palette", "many.hex"],
         "palette must hold at most 256 different colours, got 257: choose some of them"),
    ],
)  # fmt: skip
def test_a_palette_that_cannot_be_used_is_a_line(photo, capsys, arguments, said):
    Path("mine.gpl").write_text(GPL)
    Path("photo.xyz").write_bytes(b"")
    Path("many.hex").write_text("".join(f"{number:06x}\n" for number in range(257)))
    Image.new("RGB", (4, 1), "red").save("strip.png")
    assert run(capsys, photo, *arguments) == (2, "", f"quantize: {said}\n")


def test_a_palette_file_is_not_written_over_by_the_name_that_nobody_gave(photo, capsys):
    run(capsys, photo, "-k", "5")
    before = Path("photo-5.png").read_bytes()
    code, out, err = run(capsys, photo, "--palette", "photo-5.png", "--dither", "bayer-4")
    assert (code, out) == (2, "")
    assert "output must not be the palette itself" in err
    assert Path("photo-5.png").read_bytes() == before


def test_soft_alpha_is_in_the_file_and_in_the_figures(photo, capsys):
    with Image.open(photo) as picture:
        alpha = np.linspace(0, 255, 120).astype(np.uint8)[None].repeat(90, axis=0)
        picture.putalpha(Image.fromarray(alpha))
        picture.save("veil.png")
    code, out, _ = run(capsys, "veil.png", "-k", "9", "--alpha", "soft", "--order", "use", "--json")
    figures = json.loads(out)
    assert (code, figures["alpha"], figures["n_colors"]) == (0, "soft", 9)
    assert len(figures["palette"]) == 10  # one for what is fully transparent
    assert figures["palette"][0] == "#00000000"
    with Image.open("veil-9.png") as picture:
        assert picture.mode == "P"
        assert len(np.unique(np.asarray(picture.convert("RGBA"))[..., 3])) > 4
    code, out, _ = run(capsys, "veil.png", "-k", "9", "--json")
    assert (code, json.loads(out)["alpha"]) == (0, "hard")
    code, _, err = run(capsys, "veil.png", "--alpha", "soft", "--dither", "riemersma")
    assert code == 2
    assert err.startswith("quantize: alpha soft works with dither none, floyd-steinberg")
    assert len(err.splitlines()) == 1
    code, _, err = run(capsys, "veil.png", "--alpha", "soft", "--rgba")
    assert (code, err) == (
        2,
        "quantize: rgba must go with alpha hard, got soft: an indexed file has soft edges then\n",
    )
