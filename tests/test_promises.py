"""What README and the documentation promise of a result, sentence by sentence, over hostile pictures."""

import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from quantize import Picture, Quantized, quantize_image
from quantize.colors.spaces import SPACES, find_space
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.methods.few_points import ward_centers
from quantize.methods.table import METHODS
from tests.degenerate import GREYS, KINDS, alphas, counts_near, n_colors_of, pictures
from tests.garbage import GARBAGE_FROM_THE_START

ROOT = Path(__file__).parent.parent
PICTURES = pictures(2, seed=11)
QUICK = {"kmeans": {}, "opencv": {"attempts": 1, "max_iter": 2}}


def promised(sentence: str) -> None:
    """Fail if no page says so any more: then the test, or that page, is to be written anew."""
    texts = [page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    assert any(sentence in re.sub(r"\s+", " ", text) for text in texts)


def results(pixels: np.ndarray, seed: int) -> list[tuple[Picture, Quantized]]:
    """Results by every method, K, space, kept colours and alpha in turn."""
    rng, made = np.random.default_rng(seed), []
    ways = [None, None, *(alpha for _, alpha in alphas(pixels.shape[:2]))]
    for number, method in enumerate(METHODS):
        picture = Picture.from_pixels(pixels, ways[(number + seed) % len(ways)])
        n_colors = int(rng.choice(counts_near(picture.n_colors, 2)))
        some = np.concatenate([pixels.reshape(-1, 3)[:1], rng.integers(0, 256, (1, 3))])[: number % 3]
        keep = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in some.tolist()]
        space = list(SPACES)[(number + seed) % len(SPACES)]
        more = QUICK.get(method, {})
        result = quantize_image(picture, n_colors=n_colors, method=method, space=space, keep=keep, **more)
        made.append((picture, result))
    return made


EACH = pytest.mark.parametrize(("number", "pixels"), list(enumerate(pixels for _, pixels in PICTURES)))


@EACH
def test_exactly_k_and_each_in_use(number, pixels):
    promised("a palette of exactly K different colours wherever the picture has that many")
    promised("Without dithering every entry is in use, pinned ones aside.")
    for picture, result in results(pixels, number):
        kept, palette = result.settings.kept, result.palette
        there = np.unique(np.concatenate([picture.colors.colors, kept.astype(np.float32)]), axis=0)
        room = (
            255 if any(note.startswith("255 colours") for note in result.notes) else result.settings.n_colors
        )
        assert len(palette) == len(np.unique(palette, axis=0)) == min(room, len(there))
        pinned = (palette[:, None] == kept[None]).all(axis=2).any(axis=1)
        assert ((result.counts > 0) | pinned).all()


@EACH
def test_every_pixel_has_the_nearest_entry(number, pixels):
    promised("Without dithering every pixel has the entry nearest to it, in the chosen space.")
    for picture, result in results(pixels, number):
        to_working = find_space(result.settings.space).to_working
        rows = pixels.reshape(-1, 3) if picture.alpha is None else pixels[picture.alpha >= 128]
        entries = (
            result.indices.reshape(-1) if picture.alpha is None else result.indices[picture.alpha >= 128]
        )
        colors, first = np.unique(rows, axis=0, return_index=True)
        away = to_working(colors).astype(float)[:, None] - to_working(result.palette).astype(float)[None]
        distances = np.square(away).sum(axis=2)
        np.testing.assert_array_equal(distances.argmin(axis=1), entries[first])
        assert result.pixels.shape == pixels.shape


@EACH
def test_what_fits_comes_back_unchanged(number, pixels):
    promised("A picture that already fits comes back unchanged")
    n = n_colors_of(pixels)
    for method in METHODS:
        for n_colors in {max(n, 2), n + 1, 256}:
            if n <= n_colors <= 256:
                result = quantize_image(pixels, n_colors=n_colors, method=method, **QUICK.get(method, {}))
                np.testing.assert_array_equal(result.pixels, pixels)
                assert result.sse == 0
                assert len(result.palette) == n


@pytest.mark.parametrize("dither", [key for key, record in DITHERS.items() if record.fill])
def test_colors_of_the_palette_stay_solid(dither):
    promised("In every dithering a pixel whose colour is in the palette keeps it")
    for number, (_, whole) in enumerate(PICTURES[len(dither) % 2 :: 2]):
        pixels = np.ascontiguousarray(whole[:64, :64])
        n_colors = min(256, max(2, n_colors_of(pixels) // 2))
        light, space = list(LIGHTS)[number % 2], list(SPACES)[number % 4]
        own = "#{:02x}{:02x}{:02x}".format(*pixels[0, 0].tolist())
        choices = {"space": space, "light": light, "strength": (1, 0.3)[number % 2], "keep": [own]}
        result = quantize_image(pixels, n_colors=n_colors, dither=dither, effort="fast", **choices)
        code = np.array([1 << 16, 1 << 8, 1])
        known = np.isin(pixels @ code, result.palette @ code)
        assert known[0, 0]
        np.testing.assert_array_equal(result.pixels[known], pixels[known])


def optimum(values: np.ndarray, counts: np.ndarray, most: int) -> list[float]:
    """Least squared error of 1, 2, … ``most`` whole values that stand for these, one run at a time."""
    n, mass = len(values), counts.astype(float)
    cost = np.full((n, n + 1), np.inf)
    for first in range(n):
        weight, total, square = (np.cumsum(mass[first:] * values[first:] ** power) for power in (0, 1, 2))
        at = np.rint(total / weight)
        cost[first, first + 1 :] = square - 2 * at * total + at * at * weight
    least, found = cost[0], [cost[0][n]]
    for _ in range(most - 1):
        least = (least[:n, None] + cost).min(axis=0)
        found.append(least[n])
    return found


@pytest.mark.parametrize(("name", "pixels"), pictures(3, seed=12, kinds=GREYS))
def test_greys_get_the_best_palette(name, pixels):
    promised("On greys k-means finds the best palette there is")
    values, counts = np.unique(pixels[..., 0], return_counts=True)
    best = optimum(values.astype(float), counts, min(256, len(values)))
    picture = Picture.from_pixels(pixels)
    for n_colors in {*counts_near(len(values), 2), 7, 31}:
        if n_colors <= len(values):
            result = quantize_image(picture, n_colors=n_colors)
            assert result.sse <= 3 * best[n_colors - 1] * 1.0001


@pytest.mark.parametrize(
    ("name", "pixels"), pictures(2, seed=13, kinds=tuple(k for k in KINDS if k not in GREYS))
)
def test_few_colors_are_never_worse_than_merged(name, pixels):
    promised("Up to 4,096 colours it is never worse than Ward's merging")
    colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    none = np.zeros((0, 3), np.float32)
    for n_colors in counts_near(len(colors), 2):
        if n_colors < len(colors):
            merged = ward_centers(colors.astype(np.float32), counts.astype(np.float32), n_colors, none)
            away = colors[:, None].astype(float) - np.rint(merged).astype(float)[None]
            error = float(np.square(away).sum(axis=2).min(axis=1) @ counts)
            assert quantize_image(pixels, n_colors=n_colors).sse <= error


def digest_of_all() -> str:
    """Digest of palettes and indices of many results, of one picture of each kind."""
    every = sha256()
    for number, (_, pixels) in list(enumerate(PICTURES, 1))[::2]:
        for _, result in results(pixels, number):
            every.update(result.palette.tobytes() + result.indices.tobytes())
    return every.hexdigest()


def test_the_same_bytes_on_any_number_of_threads_and_in_every_process(monkeypatch):
    promised("The same input and settings give the same bytes, on any number of threads and in every process")
    digests = set()
    for threads in ("1", "3"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        digests.add(digest_of_all())
    for byte in ("1", "170"):  # two processes with other garbage in their memory
        environment = {**os.environ, **GARBAGE_FROM_THE_START, "MALLOC_PERTURB_": byte}
        code = "from tests.test_promises import digest_of_all; print(digest_of_all())"
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(run.stdout.strip())
    assert len(digests) == 1
