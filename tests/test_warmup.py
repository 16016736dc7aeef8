"""After ``warm`` no visitor waits for a compiler: whatever a page asks for, every kernel is there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# In a process of its own: in this one other tests may have compiled what warm() forgets.
SCRIPT = """
import importlib, itertools, pkgutil
import numpy as np
import quantize
from numba.core.dispatcher import Dispatcher
from quantize import Picture, measure, quantize_image
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.methods.table import METHODS
from quantize.palettes.best import choose_entries

def compiled():
    names = [module.name for module in pkgutil.walk_packages(quantize.__path__, "quantize.")]
    modules = [importlib.import_module(name) for name in names if ".kernels_" in name]
    assert len(modules) > 10
    things = [thing for module in modules for thing in vars(module).values()]
    return {(k.__name__, str(s)) for k in things if isinstance(k, Dispatcher) for s in k.signatures}

quantize.warm()
before = compiled()
assert len(before) > 30, before
rng = np.random.default_rng(1)
ramp = np.add.outer(np.arange(400), np.arange(500)) * 255 // 900
smooth = np.stack([ramp, 255 - ramp, np.abs(ramp - 99)], axis=-1)
photo = (smooth + rng.normal(0, 9, smooth.shape)).clip(0, 255).astype(np.uint8)
holes = np.full(photo.shape[:2], 255, np.uint8)
holes[:50] = 0
large = np.tile(photo, (4, 3, 1))
faces = (photo, None), (photo // 64 * 64, None), (photo, holes)
pictures = [Picture.from_pixels(*face) for face in faces]
for picture, k, space in itertools.product(pictures, (2, 16, 256), ("BGR", "LAB")):
    measure(picture, quantize_image(picture, n_colors=k, space=space))
for method in METHODS:
    quantize_image(pictures[0], n_colors=8, method=method)
for effort in ("fast", "best"):
    quantize_image(pictures[0], n_colors=24, effort=effort, keep=("#ff0000",), rare=0.5)
for dither, light in itertools.product([key for key in DITHERS if key != "none"], LIGHTS):
    quantize_image(pictures[2], n_colors=8, dither=dither, light=light)
quantize_image(Picture.from_pixels(large), n_colors=8)
for picture, space in itertools.product(pictures, ("BGR", "LAB")):
    choose_entries(picture.cells, photo[0, :60], 9, space=space)
print(*sorted(compiled() - before), sep="\\n")
"""


def test_nothing_is_compiled_after_warming():
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == ""


FIRST = """
import sys
import numpy as np
import quantize
from quantize import Picture, quantize_image
from quantize.compiling import tell_compiling
from quantize.warmup import FIRST_LOOPS

told, here, late = [], [], []

def report(done):
    told.append(done)
    if done == 1 and len(late) == 0:
        late.append(None)
        rng = np.random.default_rng(5)
        noise = rng.integers(0, 256, (300, 400, 3), np.uint8)
        smooth = np.add.outer(np.arange(90), np.arange(70) * 2)[..., None] + rng.normal(0, 9, (90, 70, 3))
        with tell_compiling(lambda: late.append("compiled")):
            for pixels in noise, smooth.clip(0, 255).astype(np.uint8):
                quantize_image(Picture.from_pixels(pixels), n_colors=16)
        share = len(told) / FIRST_LOOPS
        raise SystemExit(f"{late.count('compiled')} {told == sorted(told)} {share:.2f} {len(here)}")

with tell_compiling(lambda: here.append(None)):
    quantize.warm(report)
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_what_a_first_result_needs_comes_first_and_is_told_on_the_way(tmp_path, threads):
    run = subprocess.run(
        [sys.executable, "-c", FIRST],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "QUANTIZE_THREADS": str(threads)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    late, sorted_, share, here = run.stderr.split()
    assert (late, sorted_) == ("0", "True")
    assert 0.8 < float(share) < 1.25  # else the bar stands still at its end, or jumps
    if threads > 1:  # all is compiled by helpers
        assert int(here) == 0
