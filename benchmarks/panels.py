"""Panels of few inks, beside PyPI ``epaper-dithering``: ``python -m benchmarks.panels --images DIR``.

Six photos, cut to 800 × 480. First for six inks, brought within reach by one formula for all (linear light,
chroma × 0.35, black to white of the inks), so that dithering alone is judged; then for three to seven inks,
prepared as ``quantize panel`` does, the same pixels for every way. Judged is what the panel shows, after a
Gaussian blur of σ pixels in linear light, against the prepared picture blurred likewise: root mean square of
the Oklab distance × 100 at σ = 1, 2, 4, and mean ΔE00 at σ = 2. ms: from pixels to indices, the best of three
runs, mean over pictures. A peer that is not installed is left out. Prints Markdown.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab

from benchmarks.machine import describe_machine
from quantize import load_picture
from quantize.colors.spaces import SPACES, decode_srgb, encode_srgb
from quantize.dithering.dither import DITHERS, dither_pixels
from quantize.panels.fitting import fit_picture
from quantize.panels.preparing import prepare_pixels, suggest_preparation
from quantize.panels.table import Panel, find_panel

PHOTOS = (
    "Lake_Atitlan_1920.jpg", "chili_peppers.png", "easter_eggs.png", "mandarin_ducks.png", "motorcycle.png",
    "sagami_temple.png",
)  # fmt: skip
SIZE = (800, 480)
SIGMAS = (1, 2, 4)
RUNS = 3
OURS = (
    ("floyd-steinberg", "encoded"), ("floyd-steinberg", "linear"), ("looks", "linear"),
    ("bayer-8", "linear"), ("blue-noise", "linear"), ("search", "linear"),
)  # fmt: skip
FEW = (("floyd-steinberg", "linear"), ("blue-noise", "linear"), ("search", "linear"))
MODES = ("BURKES", "FLOYD_STEINBERG", "JARVIS_JUDICE_NINKE", "DIZZY", "ORDERED")

Pixels = NDArray[np.uint8]
Way = Callable[[Pixels], Pixels]
"""From prepared pixels to what the panel shows."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, required=True, help="folder of the photos")
    photos = [
        fit_picture(load_picture(parser.parse_args().images / name), SIZE, "crop").content for name in PHOTOS
    ]
    print(f"{describe_machine()}\n")
    spectra = find_panel("spectra6")
    show("six inks, one formula", spectra, [compress(photo, spectra) for photo in photos], OURS, MODES)
    for key in ("bwr", "bwry", "spectra6", "acep"):
        panel = find_panel(key)
        prepared = [prepare_pixels(photo, panel, suggest_preparation(photo, panel)) for photo in photos]
        show(f"{key}, prepared", panel, prepared, FEW, ("FLOYD_STEINBERG",))


def show(
    title: str, panel: Panel, photos: list[Pixels], ours: tuple[tuple[str, str], ...], modes: tuple[str, ...]
) -> None:
    """Print one table."""
    print(f"| {title} | Oklab, σ 1 / 2 / 4 | ΔE00, σ 2 | ms |\n|---|--:|--:|--:|")
    for name, way in (*find_peers(panel, modes), *find_ours(panel, ours)):
        way(photos[0])  # warm
        scores, times = [], []
        for photo in photos:
            shown, seconds = timed(way, photo)
            scores.append(judge(photo, shown))
            times.append(1000 * seconds)
        *oklab, delta = np.mean(scores, axis=0)
        each = " / ".join(f"{value:.2f}" for value in oklab)
        print(f"| {name} | {each} | {delta:.2f} | {np.mean(times):.0f} |", flush=True)
    print(flush=True)


def compress(photo: Pixels, panel: Panel) -> Pixels:
    """Bring a photo within reach: linear light, chroma × 0.35, black to white of the inks."""
    light = decode_srgb(photo)
    grey = (light @ (0.2126, 0.7152, 0.0722))[..., None]
    black, white = decode_srgb(panel.colors[:2])
    made = black + (white - black) * (grey + 0.35 * (light - grey))
    return np.clip(np.rint(encode_srgb(made)), 0, 255).astype(np.uint8)


def judge(wanted: Pixels, shown: Pixels) -> list[float]:
    """Oklab × 100 for each blur, then ΔE00."""
    found, delta = [], 0.0
    for sigma in SIGMAS:
        one, other = (blurred(pixels, sigma) for pixels in (wanted, shown))
        away = SPACES["Oklab"].to_working(one) - SPACES["Oklab"].to_working(other)
        found.append(100 * float(np.sqrt(np.square(away).sum(axis=1).mean())))
        if sigma == 2:
            delta = float(deltaE_ciede2000(rgb2lab(one / 255), rgb2lab(other / 255)).mean())
    return [*found, delta]


def blurred(pixels: Pixels, sigma: float) -> NDArray[np.float32]:
    """Blur in linear light: encoded again, float32 (n, 3)."""
    light = cv2.GaussianBlur(decode_srgb(pixels).astype(np.float32), (0, 0), sigma)
    return encode_srgb(light).astype(np.float32).reshape(-1, 3)


def timed(way: Way, photo: Pixels) -> tuple[Pixels, float]:
    """What a way makes, and the least seconds of some runs."""
    best = np.inf
    for _ in range(RUNS):
        started = time.perf_counter()
        shown = way(photo)
        best = min(best, time.perf_counter() - started)
    return shown, best


def find_ours(panel: Panel, ways: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, Way]]:
    """Our ditherings, each with the light that it averages."""
    for key, light in ways:
        yield f"quantize, {DITHERS[key].title}, {light} light", partial(_ours, panel, key, light)


def _ours(panel: Panel, key: str, light: str, photo: Pixels) -> Pixels:
    return panel.colors[dither_pixels(photo, panel.colors, key, light=light).indices]


def find_peers(panel: Panel, modes: tuple[str, ...]) -> Iterator[tuple[str, Way]]:
    """Ditherings of epaper-dithering, if it is there."""
    try:
        peer = importlib.import_module("epaper_dithering")
    except ImportError:
        return
    colors = {name: tuple(color) for name, color in zip(panel.inks.names, panel.colors.tolist(), strict=True)}
    inks = peer.ColorPalette(colors=colors, accent=panel.inks.names[2])
    for mode in modes:
        chosen = peer.DitherMode[mode]
        yield f"epaper-dithering, {mode.lower()}", partial(_peer, peer, inks, panel, mode=chosen)
    searched = {"mode": peer.DitherMode.FLOYD_STEINBERG, "dbs": True}
    yield "epaper-dithering, floyd_steinberg and its search", partial(_peer, peer, inks, panel, **searched)


def _peer(peer: Any, inks: Any, panel: Panel, photo: Pixels, **choices: Any) -> Pixels:
    made = peer.dither_image(Image.fromarray(photo), inks, tone="off", gamut="off", **choices)
    return panel.colors[np.asarray(made)]


if __name__ == "__main__":
    main()
