"""Pictures to measure on, and what the best published method reaches on some of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}


@dataclass(frozen=True, eq=False)
class Group:
    """Pictures that share one table: ``pixels`` by name, and known squared errors by (name, K)."""

    title: str
    pixels: dict[str, NDArray[np.uint8]]
    published: dict[tuple[str, int], float]


def load_groups(folder: Path) -> list[Group]:
    """Group a folder's pictures: those listed in its ``iokm_mse.csv`` together, every other by itself."""
    published = read_published(folder / "iokm_mse.csv")
    known = {name for name, _ in published}
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    groups = []
    listed = {path.stem: load_pixels(path) for path in files if path.stem in known}
    if listed:
        height, width, _ = next(iter(listed.values())).shape
        groups.append(Group(f"{len(listed)} pictures, {width}×{height}", listed, published))
    for path in files:
        if path.stem not in known:
            pixels = load_pixels(path)
            size = f"{pixels.shape[1]}×{pixels.shape[0]}"
            groups.append(Group(f"{path.name}, {size}", {path.stem: pixels}, {}))
    return groups


def read_published(path: Path) -> dict[tuple[str, int], float]:
    """Squared error per pixel of the incremental online k-means, by (picture, K); empty without the file.

    Source: Abernathy and Celebi, "The incremental online k-means clustering algorithm and its application to
    color quantization", Expert Systems with Applications 207 (2022), doi 10.1016/j.eswa.2022.117927.
    """
    if not path.exists():
        return {}
    with path.open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["picture"] != "mean"]
    return {
        (row["picture"], int(key[2:])): float(value)
        for row in rows
        for key, value in row.items()
        if key.startswith("K=")
    }


def load_pixels(path: Path) -> NDArray[np.uint8]:
    """Decode to uint8 (h, w, 3), read-only so that nothing needs to copy it."""
    with Image.open(path) as image:
        pixels = np.ascontiguousarray(np.asarray(image.convert("RGB")))
    pixels.flags.writeable = False
    return pixels
