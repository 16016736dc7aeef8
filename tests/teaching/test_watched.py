"""Programs that make a watched run again: in fresh processes, in a folder with nothing but the picture."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from quantize import QuantizeError, load_picture
from quantize.decoding.samples import load_sample
from quantize.rendering.previews import preview
from quantize.teaching.points import find_points
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import assign_colors, trace_run
from quantize.teaching.watched import MOST_IN_FLOAT32, RUN_WAYS, Watched, write_run_notebook, write_start
from tests.house import ROOT
from tests.pictures import noise, smooth

NAME = 'a "photo\'s" größe.png'
PICTURES = {
    "coffee": preview(load_sample("coffee").pixels, 150),
    "rocket": preview(load_sample("rocket").pixels, 150),
    "smooth": smooth(40, 60),
    "noise": noise(30, 30),
    "two tones": np.repeat(np.array([[[250, 10, 10], [10, 10, 250]]], np.uint8), 9, axis=0),
}
CASES = [
    ("coffee", "random", 8), ("coffee", "split", 5), ("rocket", "k-means++", 16), ("smooth", "split", 3),
    ("noise", "random", 1), ("two tones", "random", 2),
]  # fmt: skip


def watch(folder: Path, pixels: np.ndarray, start: str, k: int, max_iter: int = 40, own=None) -> Watched:
    """A run of a picture that is written into the folder."""
    Image.fromarray(pixels).save(folder / NAME)
    picture = load_picture(folder / NAME)
    points = find_points(picture)
    first = choose_start(points, k, start, 3) if own is None else own
    trace = trace_run(points.colors, points.counts, first, max_iter=max_iter)
    said = "" if own is not None else write_start(k, start, 3)
    return Watched(NAME, points.n_pixels, True, trace, max_iter, said)


def run(code: str, folder: Path, project: bool = False) -> str:
    """What a program prints, with nothing of this project in reach unless it needs it."""
    (folder / "code.py").write_text(code, encoding="utf-8")
    environment = {**({"PYTHONPATH": str(ROOT)} if project else {}), "PATH": "", "PYTHONUTF8": "1"}
    words = [sys.executable, "code.py"]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    return done.stdout


def lines_of(watched: Watched) -> list[str]:
    """What is printed of each step, from the run itself: errors are means."""
    said = [f"Start: {len(watched.trace.centers)} centres"]
    for step in watched.trace.steps[1:]:
        mean = f"Error {step.sse / watched.n_pixels:,.1f}"
        if step.kind == "assign":
            said.append(f"Assign {step.iteration}: {step.moved:,} pixels get another centre. {mean}")
        else:
            said.append(f"Move {step.iteration}: the farthest centre goes {step.shift:,.1f}. {mean}")
    return said


def numbers_of(printed: str) -> np.ndarray:
    """The centres that stand at the end of what was printed, float64 (k, 3)."""
    rows = printed[printed.index("[[") :]
    return np.array([float(number) for number in re.findall(r"[-\d.]+(?:e[-+]\d+)?", rows)]).reshape(-1, 3)


def last_picture(watched: Watched, pixels: np.ndarray) -> np.ndarray:
    """The picture as the page shows it at the last step."""
    assigned = [step.centers for step in watched.trace.steps if step.kind == "assign"][-1]
    labels = assign_colors(pixels.reshape(-1, 3), assigned)
    return np.uint8(np.rint(watched.trace.centers))[labels].reshape(pixels.shape)


def result(folder: Path) -> np.ndarray:
    return np.array(Image.open(folder / "result.png").convert("RGB"))


@pytest.mark.parametrize(("picture", "start", "k"), CASES)
def test_numpy_alone_says_every_step_and_writes_the_last_picture(picture, start, k, tmp_path):
    watched = watch(tmp_path, PICTURES[picture], start, k)
    printed = run(RUN_WAYS["numpy"].write(watched), tmp_path)
    assert printed.splitlines()[: len(watched.trace.steps)] == lines_of(watched)
    np.testing.assert_allclose(numbers_of(printed), watched.trace.centers, atol=1e-6)
    np.testing.assert_array_equal(result(tmp_path), last_picture(watched, PICTURES[picture]))


@pytest.mark.parametrize(("picture", "start", "k"), CASES)
def test_opencv_begins_at_the_same_start_and_ends_at_the_same_centres(picture, start, k, tmp_path):
    watched = watch(tmp_path, PICTURES[picture], start, k)
    assert not RUN_WAYS["opencv"].why_not(watched)
    printed = run(RUN_WAYS["opencv"].write(watched), tmp_path)
    np.testing.assert_allclose(numbers_of(printed)[:, ::-1], watched.trace.centers, atol=0.01)
    error = watched.trace.sse / watched.n_pixels
    assert printed.splitlines()[0] == f"Error {error:,.1f}"
    expected = last_picture(watched, PICTURES[picture]).astype(int)
    assert (np.abs(result(tmp_path) - expected).max(axis=-1) > 1).mean() < 0.001


@pytest.mark.parametrize(("start", "max_iter"), [("random", 2), ("k-means++", 3), ("random", 7)])
def test_opencv_counts_rounds_as_the_run_does(start, max_iter, tmp_path):
    watched = watch(tmp_path, PICTURES["coffee"], start, 8, max_iter)
    assert watched.trace.end == "max_iter"
    printed = run(RUN_WAYS["opencv"].write(watched), tmp_path)
    np.testing.assert_allclose(numbers_of(printed)[:, ::-1], watched.trace.centers, atol=0.01)


@pytest.mark.parametrize("own", [None, np.array([[255.0, 0, 0], [0, 0, 255], [9, 9, 9]])])
def test_the_project_s_own_program_says_the_same(own, tmp_path):
    watched = watch(tmp_path, PICTURES["coffee"], "k-means++", 6, own=own)
    printed = run(RUN_WAYS["python"].write(watched), tmp_path, project=True)
    assert printed.splitlines()[: len(watched.trace.steps)] == lines_of(watched)
    palette = {tuple(color) for color in np.rint(watched.trace.centers).astype(int).tolist()}
    assert {tuple(color) for color in np.unique(result(tmp_path).reshape(-1, 3), axis=0).tolist()} <= palette


@pytest.mark.parametrize("way", ["opencv", "numpy"])
def test_a_notebook_is_the_same_program_in_cells(way, tmp_path):
    watched = watch(tmp_path, PICTURES["smooth"], "random", 4)
    code = RUN_WAYS[way].write(watched)
    cells = [cell["source"] for cell in json.loads(write_run_notebook(code))["cells"][1:]]
    assert len(cells) > 3
    for cell in cells:
        ast.parse(cell)  # none is cut in the middle of a block
    assert "\n\n".join(cells[:-1]) == code.rstrip()
    printed = run("\n\n".join(cells[:-1]), tmp_path)
    assert numbers_of(printed).shape == (4, 3)
    assert cells[-1].endswith('Shown("result.png")')


def test_centres_without_pixels_stay_where_they_are_in_all_but_opencv(tmp_path):
    own = np.array([[200.0, 150, 100], [20, 20, 20], [0, 255, 0]])
    watched = watch(tmp_path, PICTURES["coffee"], "random", 3, own=own)
    assert watched.has_idle
    assert "stays where it is" in RUN_WAYS["opencv"].why_not(watched)
    printed = run(RUN_WAYS["numpy"].write(watched), tmp_path)
    assert printed.splitlines()[: len(watched.trace.steps)] == lines_of(watched)


@pytest.mark.parametrize(
    ("changes", "ways", "why"),
    [
        ({"plain": False}, ("opencv", "numpy"), "transparent, turned"),
        ({"n_pixels": MOST_IN_FLOAT32 + 1}, ("opencv",), "float32"),
        ({"n_pixels": 1}, ("opencv",), "a single pixel"),
    ],
)
def test_what_others_cannot_do_is_said(changes, ways, why, tmp_path):
    made = watch(tmp_path, PICTURES["two tones"], "random", 2)
    watched = Watched(
        **{name: getattr(made, name) for name in ("name", "n_pixels", "plain", "trace", "max_iter")} | changes
    )
    for key, way in RUN_WAYS.items():
        assert (why in way.why_not(watched)) == (key in ways)
    with pytest.raises(QuantizeError, match="way must be one of opencv, numpy, python"):
        RUN_WAYS.find("c")


def test_no_line_is_longer_than_a_page_of_code(tmp_path):
    watched = watch(tmp_path, PICTURES["noise"], "split", 32)
    for way in RUN_WAYS.values():
        assert max(map(len, way.write(watched).splitlines())) <= 110
    assert os.listdir(tmp_path) == [NAME]
