"""Posters as SVG: every region one path of one colour, without seams.

Renderers soften the edge of each shape by itself: along the border of two shapes that only touch, a little of
what lies under both shines through. So every region lies there twice. Below, in reverse order, each with a
stroke in its own colour, so that the one which is painted first above is what shows along its borders there;
above, as it is. Along a border the lower region is then whole, and the upper one covers its part of each
pixel: what comes of it is exactly the mix of the two. The copies below refer to the paths above, and cost
little. Beneath all of it lies the largest region's colour, if the picture has no clear pixels: at small sizes
a stroke leaves a few parts in a hundred of a pixel free. If it has, the lower copies end where the picture
does: strokes would close thin lines and small holes in which nothing is visible.

Measured on twelve photos at K = 8, in Chromium: no background at eight times the size, 99.3 % of pixels and
more with the colour of their region at its own size; paths that only touch let up to 45 % of the background
through, and a stroke around each of them hides that but shifts borders (95 to 97 %).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import hex_colors
from quantize.regions.borders import Borders, chain_edges, trace_borders
from quantize.regions.curves import NEAR, fit_curves
from quantize.regions.names import clean_text
from quantize.regions.parts import Parts
from quantize.regions.ways import SCALE, round_ends, write_ways

UNDER = 1
"""Pixels that the stroke below a border is wide. Wider ones have holes around dots of a pixel in Chromium."""

DOT = 4
"""Pixels of a part that stays square, at most: a curve around so few leaves one of them mostly outside."""

_AT_ONCE = 1 << 12


def draw_poster(
    parts: Parts,
    palette: NDArray[np.uint8],
    *,
    near: float = NEAR,
    title: str = "",
    names: Sequence[str] = (),
    checkpoint: Callable[[], None] | None = None,
) -> str:
    """Draw a label map as SVG: as large as it is in pixels, one path and one fill for each label in it.

    Parameters
    ----------
    parts : Parts
        Labels that are no entry of the palette stay empty.
    palette : uint8, shape (k, 3)
        sRGB colours of the labels, all different where as many fills as labels are wanted.
    near : float
        Pixels that a curve may trespass on the wrong side; 0 keeps the sides of pixels.
    title : str
        Said by programs that read drawings aloud.
    names : sequence of str
        One for each label, as ids and titles of paths are made of; at first their colours.
    checkpoint : callable, optional
        Called often on the caller's thread; whatever it raises ends the work.
    """
    height, width = parts.numbers.shape
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width * SCALE} {height * SCALE}">',
        *([f"<title>{escape(clean_text(title))}</title>"] if clean_text(title) else []),
        *draw_fills(parts, palette, near=near, names=names, checkpoint=checkpoint),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def draw_fills(
    parts: Parts,
    palette: NDArray[np.uint8],
    *,
    near: float = NEAR,
    names: Sequence[str] = (),
    checkpoint: Callable[[], None] | None = None,
) -> list[str]:
    """Draw what is in a poster, in units of which a pixel has ``SCALE``: elements of SVG, a line each."""
    checkpoint = checkpoint or (lambda: None)
    borders = trace_borders(parts, checkpoint)
    curves = fit_curves(borders, near, checkpoint, square=_around_dots(parts, borders))
    outlines = chain_edges(borders)
    checkpoint()
    ways = write_ways(curves, checkpoint)
    begins = np.rint(curves.begins * SCALE).astype(np.int64)
    paths: dict[int, list[str]] = {int(label): [] for label in np.unique(parts.labels)}
    of_ways = parts.labels[outlines.parts].tolist()
    starts, halves = outlines.starts.tolist(), outlines.halves.tolist()
    ends = round_ends(curves)
    for number, label in enumerate(of_ways):
        if number % _AT_ONCE == 0:
            checkpoint()
        way = halves[starts[number] : starts[number + 1]]
        x, y = (ends if way[0] & 1 else begins)[way[0] >> 1].tolist()
        paths[label].append(f"M{x} {y}" + "".join(ways[half & 1][half >> 1] for half in way) + "z")
    height, width = parts.numbers.shape
    clear = "".join(way for label in list(paths) if label >= len(palette) for way in paths.pop(label))
    codes = hex_colors(palette)
    areas = np.bincount(parts.labels, parts.areas, len(palette))
    largest = codes[int(areas[: len(palette)].argmax())]
    clip = ' clip-path="url(#visible)"' if clear else ""
    whole = f"M0 0h{width * SCALE}v{height * SCALE}h{-width * SCALE}z"
    return [
        *(
            [f'<clipPath id="visible"><path clip-rule="evenodd" d="{whole}{clear}"/></clipPath>']
            if clear
            else []
        ),
        f'<g id="under"{clip} stroke-width="{UNDER * SCALE}" stroke-linejoin="round">',
        *([] if clear else [f'<rect width="{width * SCALE}" height="{height * SCALE}" fill="{largest}"/>']),
        *(f'<use href="#region-{label + 1}" stroke="{codes[label]}"/>' for label in reversed(paths)),
        "</g>",
        '<g id="regions" fill-rule="evenodd">',
        *(
            f'<path id="region-{label + 1}" fill="{codes[label]}" d="{"".join(path)}">'
            f"<title>{escape(clean_text(names[label] if names else codes[label]))}</title></path>"
            for label, path in paths.items()
        ),
        "</g>",
    ]


def _around_dots(parts: Parts, borders: Borders) -> NDArray[np.bool_]:
    """Tell which edges go along a part that is too small for a curve, bool (n,)."""
    is_dot = np.append(parts.areas <= DOT, False)  # the last is what lies outside: part -1
    left, right = borders.sides.T
    return is_dot[left] | is_dot[right]
