"""Files that a page offers: values in, bytes out."""

import csv
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from pages._cache import Version
from quantize.curve import CurvePoint
from quantize.sheet import Tile, contact_sheet

COLUMNS = ("from", "k", "colours", "mse", "psnr_db", "delta_e_00", "delta_e_00_p95", "png_bytes", "exact")


def stem(name: str) -> str:
    """A picture's name without its ending."""
    return name.rpartition(".")[0] or name


def draw_sheet(original: bytes, versions: dict[int, Version], captions: dict[int, str]) -> bytes:
    """The labelled contact sheet as PNG, the original top left.

    Parameters
    ----------
    original : bytes
        The original as the pages show it.
    versions, captions : dict
        Results and their figures in words, by K.
    """
    tiles = [Tile(_pixels(original), "Original", "")]
    tiles += [Tile(_pixels(version.png), f"K = {k}", captions[k]) for k, version in versions.items()]
    return contact_sheet(tiles)


def write_csv(versions: dict[int, Version], points: Sequence[CurvePoint]) -> bytes:
    """Figures of the grid and of the curve as one table; ``exact`` tells measured sizes from estimates."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for k, version in versions.items():
        measured, size = version.metrics, version.size
        writer.writerow(
            ["grid", k, measured.colors_after, measured.mse, measured.psnr_db, measured.delta_e_00,
             measured.delta_e_00_p95, size.n_bytes, not size.estimated]
        )  # fmt: skip
    for point in points:
        writer.writerow(
            [
                "curve",
                point.n_colors,
                "",
                point.mse,
                point.psnr_db,
                point.delta_e_00,
                "",
                point.n_bytes,
                False,
            ]
        )
    return table.getvalue().encode()


def _pixels(encoded: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(encoded)) as image:
        return np.asarray(image.convert("RGB"))
