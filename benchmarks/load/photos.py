"""Pictures to upload, made here: soft shapes, texture and grain, so that they pack and count like photos."""

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

MEGAPIXELS = (1, 2, 4, 8, 12)
QUALITY = 88


def make_photo(megapixels: float, seed: int) -> bytes:
    """A JPEG of 4 : 3; the same seed gives the same picture, another seed one of other colours."""
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    height = width * 3 // 4
    rng = np.random.default_rng(seed)
    pixels = np.zeros((height, width, 3), np.float32)
    for cells, strength in ((3, 70), (9, 45), (40, 22), (400, 12)):
        coarse = rng.normal(0, strength, (cells, cells, 3)).astype(np.float32)
        # Colours vary together, as light and shade do, more than each channel does.
        coarse = 0.22 * coarse + 1.3 * coarse.mean(axis=2, keepdims=True)
        pixels += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    pixels += rng.uniform(70, 180, 3)
    grain = rng.normal(0, 5, (height, width)).astype(np.float32)
    pixels += grain[..., None]
    file = BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def find_photos(folder: Path, megapixels: tuple[float, ...], count: int) -> list[Path]:
    """Make so many photos of these sizes in turn, those that are not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        size = megapixels[number % len(megapixels)]
        path = folder / f"{number:03}-{size:g}mp.jpg"
        if not path.exists():
            path.write_bytes(make_photo(size, number))
        paths.append(path)
    return paths
