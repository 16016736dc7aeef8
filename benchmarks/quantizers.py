"""Ours and the peers, as records: from pixels in memory to a palette and an index for every pixel.

Each function returns what it is timed for; putting pixels into a peer's own form (RGBA bytes, a Pillow image,
a float array) happens in ``prepare`` and is not timed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quantize import Picture, quantize_image
from quantize.colors.nearest import remap
from quantize.methods import kmeans
from quantize.methods.rounding import distinct_palette

Pixels = NDArray[np.uint8]
# cv2.kmeans takes a minute for each of these many pixels at K = 256.
CV2_PIXELS = 1_000_000
SAMPLE = 10_000


@dataclass(frozen=True)
class Quantizer:
    """One way from pixels to a quantized picture.

    Attributes
    ----------
    name : str
    package : str
        Its distribution on PyPI, for the version and to see whether it is there; "" if it is a program.
    prepare : callable
        Pixels → whatever ``run`` takes.
    run : callable
        (prepared, K) → result; this is timed.
    pixels : callable
        (result, prepared) → the quantized picture, uint8 (h, w, 3).
    most_pixels : int
        Larger pictures are left out.
    """

    name: str
    package: str
    prepare: Callable[[Pixels], Any]
    run: Callable[[Any, int], Any]
    pixels: Callable[[Any, Any], Pixels]
    most_pixels: int = 10**12

    @property
    def version(self) -> str | None:
        """Installed version; None if it is not installed."""
        if not self.package:
            return _program_version(self.name.split()[0].rstrip(","))
        if self.package == "quantize":
            return ""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None


def _program_version(name: str) -> str | None:
    if not shutil.which(name):
        return None
    answer = subprocess.run([name, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\S*", answer.stdout)
    return found[0] if answer.returncode == 0 and found else None


def _ours(**choices: Any) -> Callable[[Any, int], Any]:
    # Anew each time: a Picture remembers its histogram.
    return lambda pixels, k: quantize_image(Picture.from_pixels(pixels), n_colors=k, **choices)


def _ours_best(pixels: Pixels, k: int) -> Pixels:
    picture = Picture.from_pixels(pixels)
    cells = picture.cells
    found = kmeans.fit(cells.colors, cells.counts, k, effort="best")
    palette = distinct_palette(found.centers, cells.colors, cells.counts)
    return palette[remap(pixels, palette, known=picture.color_set).indices]


def _imagequant(prepared: tuple[bytes, int, int], k: int) -> Any:
    import imagequant

    data, width, height = prepared
    return imagequant.quantize_raw_rgba_bytes(data, width, height, dithering_level=0, max_colors=k)


def _imagequant_pixels(result: tuple[bytes, Any], prepared: tuple[bytes, int, int]) -> Pixels:
    indices, palette = result
    _, width, height = prepared
    colors = np.array(palette, np.uint8).reshape(-1, 4)[:, :3]
    return colors[np.frombuffer(indices, np.uint8).reshape(height, width)]


def _rgba(pixels: Pixels) -> tuple[bytes, int, int]:
    height, width, _ = pixels.shape
    return np.dstack([pixels, np.full((height, width), 255, np.uint8)]).tobytes(), width, height


def _cv2_kmeans(samples: NDArray[np.float32], k: int) -> Pixels:
    cv2.setRNGSeed(0)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    _, labels, centers = cv2.kmeans(samples, k, None, criteria, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    return np.rint(centers).astype(np.uint8)[labels.ravel()]


def _pillow(method: Image.Quantize) -> Callable[[Image.Image, int], Image.Image]:
    return lambda image, k: image.quantize(k, method=method, dither=Image.Dither.NONE)


def _scikit_learn(pixels: Pixels, k: int) -> Pixels:
    from sklearn.cluster import KMeans

    rows = pixels.reshape(-1, 3)
    sample = rows[np.random.default_rng(0).choice(len(rows), min(SAMPLE, len(rows)), replace=False)]
    model = KMeans(k, n_init=1, random_state=0).fit(sample.astype(np.float32))
    return np.rint(model.cluster_centers_).astype(np.uint8)[model.predict(rows.astype(np.float32))]


def _program(command: Callable[[str, str, int], list[str]]) -> Callable[[Pixels, int], Pixels]:
    """Run a program on a file that it reads and writes itself; that and its start are in its time."""

    def run(pixels: Pixels, k: int) -> Pixels:
        with tempfile.TemporaryDirectory() as folder:
            source, target = str(Path(folder, "in.png")), str(Path(folder, "out.png"))
            Image.fromarray(pixels).save(source, compress_level=0)
            subprocess.run(command(source, target, k), check=True, capture_output=True)
            return np.asarray(Image.open(target).convert("RGB"))

    return run


def _same(pixels: Pixels) -> Pixels:
    return pixels


def _as_result(result: Pixels, prepared: Any) -> Pixels:
    return result


def _result_pixels(result: Any, prepared: Any) -> Pixels:
    return result.pixels


def _image_pixels(result: Image.Image, prepared: Any) -> Pixels:
    return np.asarray(result.convert("RGB"))


QUANTIZERS = (
    Quantizer("quantize, k-means, BGR", "quantize", _same, _ours(), _result_pixels),
    Quantizer("quantize, k-means, LAB", "quantize", _same, _ours(space="LAB"), _result_pixels),
    Quantizer("quantize, k-means, Oklab", "quantize", _same, _ours(space="Oklab"), _result_pixels),
    Quantizer('quantize, BGR, effort "best"', "quantize", _same, _ours_best, _as_result),
    Quantizer("imagequant", "imagequant", _rgba, _imagequant, _imagequant_pixels),
    Quantizer(
        "cv2.kmeans, k-means++, 1 attempt",
        "opencv-python-headless",
        lambda pixels: pixels.reshape(-1, 3).astype(np.float32),
        _cv2_kmeans,
        lambda result, samples: result,
        CV2_PIXELS,
    ),
    Quantizer(
        "Pillow median cut", "pillow", Image.fromarray, _pillow(Image.Quantize.MEDIANCUT), _image_pixels
    ),
    Quantizer("Pillow octree", "pillow", Image.fromarray, _pillow(Image.Quantize.FASTOCTREE), _image_pixels),
    Quantizer("scikit-learn KMeans, 10,000 pixels", "scikit-learn", _same, _scikit_learn, _as_result),
    Quantizer(
        "convert (ImageMagick), file to file",
        "",
        _same,
        _program(lambda source, target, k: ["convert", source, "+dither", "-colors", str(k), target]),
        _as_result,
    ),
    Quantizer(
        "pngquant, file to file",
        "",
        _same,
        _program(lambda source, target, k: ["pngquant", "--nofs", "--output", target, str(k), source]),
        _as_result,
    ),
)
