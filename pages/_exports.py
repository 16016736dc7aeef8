"""Files that a page offers: values in, bytes out."""

import csv
import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from pages._cache import Version
from quantize import Settings
from quantize.curve import CurvePoint
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.methods.table import METHODS
from quantize.rendering.sheet import PAPER, Tile, contact_sheet

COLUMNS = (
    "from", "k", "colours", "mse", "psnr_db", "delta_e_00", "delta_e_00_p95", "delta_e_00_p99",
    "png_bytes", "exact",
)  # fmt: skip


SHEET_SIDE = 640
MANY_KEPT = 4
"""From so many kept colours on, a title says how many there are instead of which."""

_SEARCH_WORDS = {
    "effort": "effort {}",
    "init": "start {}",
    "attempts": "attempts {}",
    "max_iter": "iterations {}",
    "epsilon": "epsilon {:g}",
    "seed": "seed {}",
}


def settings_in_words(settings: Settings) -> str:
    """All choices but K in one line; what was left to the method is left out."""
    dither = DITHERS[settings.dither]
    way = f"palette of {settings.n_colors}" if settings.palette else METHODS[settings.method].title
    parts = [settings.space, way]
    parts += [text.format(getattr(settings, name)) for name, text in _SEARCH_WORDS.items()
              if getattr(settings, name) is not None]  # fmt: skip
    parts.append("no dithering" if dither.fill is None else f"{dither.title} dithering")
    if settings.strength is not None:
        parts.append(f"strength {settings.strength:g}")
    if settings.light is not None:
        parts.append(f"averages {LIGHTS[settings.light].title}")
    if settings.keep:
        few = len(settings.keep) < MANY_KEPT
        parts.append(f"pinned {' '.join(settings.keep)}" if few else f"{len(settings.keep)} colours pinned")
    if settings.rare:
        parts.append(f"rare colours {settings.rare:g}")
    return " · ".join(parts)


def draw_sheet(
    original: tuple[bytes, str],
    versions: dict[int, Version],
    captions: dict[int, str],
    title: str,
    settings: Settings,
) -> bytes:
    """The labelled contact sheet as PNG, the original top left.

    Parameters
    ----------
    original : (bytes, str)
        The original as the pages show it, and its figures in words.
    versions, captions : dict
        Results and their figures in words, by K.
    title : str
        Name of the picture.
    settings : Settings
        What the versions have in common.
    """
    tiles = [Tile(_pixels(original[0]), "Original", original[1])]
    tiles += [Tile(_pixels(version.png), f"K = {k}", captions[k]) for k, version in versions.items()]
    return contact_sheet(
        tiles, title=title, subtitle=settings_in_words(settings), columns=2 if len(tiles) == 4 else 3,
        tile_side=SHEET_SIDE,
    )  # fmt: skip


def write_csv(versions: dict[int, Version], points: Sequence[CurvePoint]) -> bytes:
    """Figures of the grid and of the curve as one table; ``exact`` tells measured sizes from estimates."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for k, version in versions.items():
        measured, size = version.metrics, version.size
        writer.writerow(
            ["grid", k, measured.colors_after, measured.mse, measured.psnr_db, measured.delta_e_00,
             measured.delta_e_00_p95, measured.delta_e_00_p99, size.n_bytes, not size.estimated]
        )  # fmt: skip
    for point in points:
        writer.writerow(
            ["curve", point.n_colors, "", point.mse, point.psnr_db, point.delta_e_00,
             "", point.delta_e_00_p99, point.n_bytes, False]
        )  # fmt: skip
    return table.getvalue().encode()


def _pixels(encoded: bytes) -> np.ndarray:
    """Pixels of a picture on the sheet's paper."""
    with Image.open(io.BytesIO(encoded)) as image:
        if not image.has_transparency_data:
            return np.asarray(image.convert("RGB"))
        paper = Image.new("RGBA", image.size, PAPER)
        return np.asarray(Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB"))
