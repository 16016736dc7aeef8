"""Code that is written for a result makes it again, byte for byte, in a fresh process or in this one.

Sixty results, drawn by chance over every choice and over pictures that are no photos, too: in Python, on
the command line, and with OpenCV and NumPy alone.
"""

import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize import QuantizeError, encode_result, load_picture, quantize_image
from quantize.__main__ import main
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.settings import choose
from quantize.teaching.subject import Subject, Varied
from quantize.teaching.ways import WAYS, write_code
from tests.degenerate import alphas, pictures
from tests.house import ROOT
from tests.pictures import noise, smooth
from tests.teaching.any_settings import draw_settings

NAMES = ("photo.png", 'a picture\'s "name" $HOME.png', "größer, 1 %.png", "-k.png", "palette")

FRESH = 3
"""Every third drawn result is made again in a process of its own: starting one is most of what that takes."""


def draw_picture(rng: np.random.Generator, *, plain: bool) -> Image.Image:
    """A picture of one of many kinds, with some transparency or, if it is to be ``plain``, none."""
    if rng.random() < 0.5:
        pixels = (smooth(45, 60) * 0.7 + noise(45, 60, seed=int(rng.integers(99))) * 0.3).astype(np.uint8)
    else:
        found = pictures(1, int(rng.integers(1000)))
        pixels = found[rng.integers(len(found))][1]
    if plain or rng.random() < 0.6:
        return Image.fromarray(pixels)
    kinds = alphas(pixels.shape[:2], int(rng.integers(99)))
    return Image.fromarray(np.dstack([pixels, kinds[rng.integers(len(kinds))][1]]))


def run(code: str, way: str, folder: Path) -> None:
    """Run code in a process of its own, in the folder."""
    if way == "command":
        words = [sys.executable, *shlex.split(code)[1:]]
    else:
        (folder / "code.py").write_text(code, encoding="utf-8")
        words = [sys.executable, "code.py"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONUTF8": "1"}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{code}\n{done.stderr}"


def run_here(code: str, way: str, folder: Path) -> None:
    """Run code in this process, in the folder, with nothing but what it imports itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        if way != "command":
            exec(compile(code, "code.py", "exec"), {"__name__": "__main__"})
            return
        words = shlex.split(code)
        assert words[:3] == ["python", "-m", "quantize"]
        with pytest.raises(SystemExit) as end:
            main(words[3:])
        assert not end.value.code, code


def run_one(seed: int, code: str, way: str, folder: Path) -> None:
    """Run code in a fresh process, or in this one."""
    (run if seed % FRESH == 0 else run_here)(code, way, folder)


@pytest.mark.parametrize("way", ["python", "command"])
@pytest.mark.parametrize("seed", range(24))
def test_code_makes_the_same_file_again(seed, way, tmp_path):
    rng = np.random.default_rng([seed, len(way)])
    name = NAMES[rng.integers(len(NAMES))]
    draw_picture(rng, plain=False).save(tmp_path / name, "PNG", dpi=(72, 72))
    picture = load_picture(tmp_path / name)
    order = list(ENTRY_ORDERS)[rng.integers(len(ENTRY_ORDERS))]
    settings = draw_settings(rng)
    expected = encode_result(picture, quantize_image(picture, settings), order=order)
    code = write_code(Subject.of(picture, name, settings, order), way)
    run_one(seed, code, way, tmp_path)
    assert (tmp_path / "result.png").read_bytes() == expected, code


@pytest.mark.parametrize("seed", range(12))
def test_opencv_alone_makes_the_same_palette_and_pixels(seed, tmp_path):
    """Also where K is next to the number of colours: centres fall together, or have no pixel."""
    rng = np.random.default_rng([seed, 6])
    while True:
        draw_picture(rng, plain=True).save(tmp_path / "picture.png")
        picture = load_picture(tmp_path / "picture.png")
        k = int(rng.choice([2, 5, 16, max(2, picture.n_colors - 1), max(2, picture.n_colors // 2)]))
        settings = draw_settings(
            rng, method="opencv", space="BGR", dither="none", n_colors=min(k, 256), preset="lesson",
            **dict.fromkeys(("palette", "rare", "keep", "strength", "light", "runs", "alpha", "effort")),
        )  # fmt: skip
        subject = Subject.of(picture, "picture.png", settings)
        if not WAYS["opencv"].why_not(subject):
            break
    expected = quantize_image(picture, settings)
    code = write_code(subject, "opencv")
    run_one(seed, f"{code}\nnp.savez('made.npz', palette=palette, indices=indices)\n", "opencv", tmp_path)
    with np.load(tmp_path / "made.npz") as made:
        assert (made["palette"] == expected.palette).all(), code
        assert (made["indices"] == expected.indices).all(), code
    with Image.open(tmp_path / "result.png") as written:
        assert (np.array(written.convert("RGB")) == expected.pixels).all()


@pytest.mark.parametrize("way", ["python", "command"])
def test_several_values_make_a_file_each(way, tmp_path):
    draw_picture(np.random.default_rng(1), plain=True).save(tmp_path / "a.png")
    picture, base = load_picture(tmp_path / "a.png"), choose(preset="looks", keep=["#123456"])
    varied = Varied("n_colors", (2, 7))
    code = write_code(Subject.of(picture, "a.png", base, varied=varied), way)
    for line in code.splitlines() if way == "command" else [code]:
        run(line, way, tmp_path)
    for k in varied.values:
        expected = encode_result(picture, quantize_image(picture, base, n_colors=k))
        assert (tmp_path / f"result-{k}.png").read_bytes() == expected


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "Only what cv2.kmeans finds"),
        ({"preset": "lesson", "space": "LAB"}, "In LAB OpenCV's own conversion"),
        ({"preset": "lesson", "dither": "burkes"}, "no dithering"),
        ({"preset": "lesson", "keep": ["#123"]}, "no pinned colours"),
        ({"palette": ["#123"]}, "Only what cv2.kmeans finds"),
        ({"preset": "lesson", "n_colors": 99}, "no more colours than that"),
    ],
)
def test_what_opencv_cannot_do_is_said(said, why):
    subject = Subject("a.png", choose(**said), (8, 8), 60, plain=True)
    with pytest.raises(QuantizeError, match=f"code must be something that OpenCV can do.*{why}"):
        write_code(subject, "opencv")


def test_pixels_that_opencv_reads_otherwise_are_told(tmp_path):
    Image.fromarray(noise(9, 9, 4)).save(tmp_path / "soft.png")
    Image.fromarray(noise(9, 9)).save(tmp_path / "plain.png")
    for name, plain in (("soft.png", False), ("plain.png", True)):
        subject = Subject.of(load_picture(tmp_path / name), name, choose(preset="lesson"))
        assert bool(WAYS["opencv"].why_not(subject)) != plain


def test_an_unknown_way_is_refused():
    with pytest.raises(QuantizeError, match="way must be one of python, opencv, command, notebook, got 'c'"):
        write_code(Subject("a.png", choose(), (1, 1), 1, plain=True), "c")
