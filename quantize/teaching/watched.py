"""Code that makes a run again which is watched: as OpenCV's lesson, with NumPy alone, or with this project.

All begin at the very same centers. ``cv2.kmeans`` takes no centers but labels, so it is told which of them is
nearest to each pixel: its first step, then, moves them to the means of those, as the run does after its first
assign. It counts moves, too, and stops where none goes any farther.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial

from quantize.records import Records
from quantize.teaching.notebook import write_cells
from quantize.teaching.python import literal
from quantize.teaching.subject import RESULT, list_in_lines
from quantize.teaching.trace import Trace
from quantize.teaching.ways import Way

__all__ = ["MOST_IN_FLOAT32", "RUN_WAYS", "Watched", "write_run_notebook", "write_start"]

MOST_IN_FLOAT32 = 4_000_000
"""Pixels of which OpenCV's sums are good enough: then centers are off by 0.1; of 24 million by 9."""


@dataclass(frozen=True, eq=False)
class Watched:
    """A run that code is written about.

    Attributes
    ----------
    name : str
        Of the picture's file, in the folder where the code runs.
    n_pixels : int
        All of the picture's.
    plain : bool
        As of ``Subject``: whether others read the same pixels from the file.
    trace : Trace
        The run.
    max_iter : int
        Its iterations at most.
    project_start : str
        Python that makes the first centers of ``points``; "" to name them one by one.
    """

    name: str
    n_pixels: int
    plain: bool
    trace: Trace
    max_iter: int
    project_start: str = ""

    @property
    def has_idle(self) -> bool:
        """Whether a center has no pixel at some step."""
        return any((step.counts == 0).any() for step in self.trace.steps[1:])


_OPENCV = """import cv2
import numpy as np

image = cv2.imread({name})
Z = np.float32(image.reshape((-1, 3)))  # a list of pixels
K = {k}

# The first centres of the run, blue, green, red; and for each pixel the nearest one.
start = np.float32({start})
labels = np.argmin([((Z - one) ** 2).sum(axis=1) for one in start], axis=0)
labels = np.int32(labels.reshape((-1, 1)))

# Stop after max_iter rounds, or when no centre moves by more than epsilon.
max_iter, epsilon = {max_iter}, 0
criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, max_iter, epsilon)
flags = cv2.KMEANS_USE_INITIAL_LABELS  # in place of cv2.KMEANS_RANDOM_CENTERS
ret, label, center = cv2.kmeans(Z, K, labels, criteria, 1, flags)
print(f"Error {{ret / len(Z):,.1f}}")
print("Centres, blue, green, red:")
print(center)

# Rounded first: np.uint8(center) alone cuts fractions off.
center = np.uint8(np.rint(center))
res = center[label.flatten()]
res2 = res.reshape(image.shape)
cv2.imwrite({result}, res2)
"""

_NUMPY = """import numpy as np
from PIL import Image

image = np.array(Image.open({name}).convert("RGB"))

# 1. Choose K, and write the picture as a list of pixels.
Z = np.float64(image.reshape((-1, 3)))
K = {k}

# 2. Choose centres: those of the run, red, green, blue.
centers = np.array({start}, float)
print(f"Start: {{K}} centres")

labels = np.full(len(Z), -1)
for n in range(1, {max_iter} + 1):
    # 3. Assign: every pixel goes to its nearest centre.
    before = labels
    labels = np.argmin([((Z - one) ** 2).sum(axis=1) for one in centers], axis=0)
    changed = np.count_nonzero(labels != before)
    error = ((Z - centers[labels]) ** 2).sum(axis=1).mean()
    print(f"Assign {{n}}: {{changed:,}} pixels get another centre. Error {{error:,.1f}}")
    if not changed:
        break
    # 4. Move: every centre goes to the mean of its pixels; one that has none stays.
    old = centers.copy()
    for j in np.unique(labels):
        centers[j] = Z[labels == j].mean(axis=0)
    shift = np.sqrt(((centers - old) ** 2).sum(axis=1)).max()
    error = ((Z - centers[labels]) ** 2).sum(axis=1).mean()
    print(f"Move {{n}}: the farthest centre goes {{shift:,.1f}}. Error {{error:,.1f}}")

# 5. Again, until no pixel changes; then back to a picture.
print("Centres, red, green, blue:")
print(centers)
result = np.uint8(np.rint(centers))[labels].reshape(image.shape)
Image.fromarray(result).save({result})
"""

_PROJECT = """from pathlib import Path

from quantize import encode_result, load_picture, quantize_image
from quantize.colors.hexadecimal import hex_colors
from quantize.teaching.points import find_points
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import trace_run

picture = load_picture({name})
points = find_points(picture)
centers = {start}
run = trace_run(points.colors, points.counts, centers, max_iter={max_iter})
for step in run.steps:
    if step.kind == "start":
        print(f"Start: {{len(step.centers)}} centres")
        continue
    error = step.sse / points.n_pixels
    if step.kind == "assign":
        print(f"Assign {{step.iteration}}: {{step.moved:,}} pixels get another centre. Error {{error:,.1f}}")
    else:
        print(f"Move {{step.iteration}}: the farthest centre goes {{step.shift:,.1f}}. Error {{error:,.1f}}")
print("Centres, red, green, blue:")
print(run.centers)

palette = hex_colors(run.centers.round().astype("uint8"))
result = quantize_image(picture, palette=palette)
Path({result}).write_bytes(encode_result(picture, result))
"""


def _write(template: str, start: str, watched: Watched) -> str:
    trace = watched.trace
    return template.format(
        name=literal(watched.name),
        k=len(trace.centers),
        start=start,
        max_iter=watched.max_iter,
        result=literal(RESULT),
    )


def _write_opencv(watched: Watched) -> str:
    return _write(_OPENCV, _list_centers(watched.trace, order=-1), watched)


def _write_numpy(watched: Watched) -> str:
    return _write(_NUMPY, _list_centers(watched.trace), watched)


def _write_project(watched: Watched) -> str:
    code = _write(_PROJECT, watched.project_start or _list_centers(watched.trace), watched)
    unused = "from quantize.teaching.starts import choose_start\n"
    return code if watched.project_start else code.replace(unused, "")


def _list_centers(trace: Trace, order: int = 1) -> str:
    """Write the first centers out, in R, G, B order or (-1) the other way round, each as exact as it is."""
    rows = [f"({', '.join(_number(value) for value in row[::order])})" for row in trace.steps[0].centers]
    return "\n".join(["[", *list_in_lines([f"{row}, " for row in rows], "    "), "]"])


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else repr(float(value))


def _why_not_read(watched: Watched) -> str:
    if watched.plain:
        return ""
    return "Others would read other pixels: the file is transparent, turned, or of another kind or space."


def _why_not_opencv(watched: Watched) -> str:
    if reason := _why_not_read(watched):
        return reason
    if watched.has_idle:
        return (
            "A centre has no pixel in this run and stays where it is. OpenCV would move it to a pixel far "
            "away: that is another run."
        )
    if watched.n_pixels > MOST_IN_FLOAT32:
        return "OpenCV adds colours up in float32: of so many pixels its centres end elsewhere."
    if watched.n_pixels < 2:
        return "OpenCV takes a single pixel for three of one number each."
    return ""


_PYTHON = partial(Way, ending=".py", mime="text/x-python", language="python")

RUN_WAYS: Records[Way[Watched]] = Records(
    "way",
    (
        _PYTHON("opencv", "OpenCV", write=_write_opencv, why_not=_why_not_opencv),
        _PYTHON("numpy", "NumPy", write=_write_numpy, why_not=_why_not_read),
        _PYTHON("python", "This project", write=_write_project),
    ),
)
"""By key. Run in a folder with the picture's file each prints errors as means, and writes ``result.png``."""


def write_start(n_centers: int, start: str, seed: int) -> str:
    """Write what chooses first centers with this project, for ``project_start``."""
    return f"choose_start(points, {n_centers}, {literal(start)}, seed={seed})"


def write_run_notebook(code: str) -> str:
    """Write a program of ``RUN_WAYS`` as a notebook: a cell for each paragraph, the picture at last."""
    show = f"from IPython.display import Image as Shown\n\nShown({json.dumps(RESULT)})"
    return write_cells("# A run of k-means", [*code.rstrip().split("\n\n"), show])
