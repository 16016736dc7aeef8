"""Files of regions: areas as CSV and JSON, the label map as NumPy's archive or indexed PNG."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from quantize.decoding.resolution import Dpi
from quantize.regions.curves import NEAR
from quantize.regions.poster import draw_poster
from quantize.regions.rle import describe_coco
from quantize.regions.segments import Segments
from quantize.rendering.encode import encode_png

NOWHERE = -1
"""The label of clear pixels in NumPy's archive."""


def describe_areas(segments: Segments) -> dict[str, Any]:
    """Describe regions as what JSON knows.

    Returns
    -------
    dict
        ``pixels``: visible ones; ``smallest``; ``regions``: a dict for each, with ``region`` (from 1),
        ``color``, ``pixels``, ``percent`` of the visible ones, ``parts``, and ``entries`` (from 1), the
        numbers of the palette's entries that it was made of.
    """
    rows = zip(
        segments.hexes, segments.areas.tolist(), segments.n_parts.tolist(), segments.members, strict=True
    )
    total = int(segments.areas.sum())
    return {
        "pixels": total,
        "smallest": segments.smallest,
        "regions": [
            {
                "region": number + 1,
                "color": code,
                "pixels": pixels,
                "percent": round(100 * pixels / total, 4),
                "parts": n_parts,
                "entries": [entry + 1 for entry in sorted(members)],
            }
            for number, (code, pixels, n_parts, members) in enumerate(rows)
        ],
    }


def write_areas_csv(segments: Segments) -> bytes:
    """Write areas as CSV, a row for each region."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    rows = describe_areas(segments)["regions"]
    table.writerow(rows[0])
    for row in rows:
        table.writerow([*list(row.values())[:-1], " ".join(map(str, row["entries"]))])
    return text.getvalue().encode()


def write_areas_json(segments: Segments) -> bytes:
    """Write areas as JSON."""
    return _to_json(describe_areas(segments))


def write_coco(segments: Segments, name: str) -> bytes:
    """Write all masks as a COCO data set of one picture, with run lengths."""
    return _to_json(describe_coco(segments, name))


def write_labels_png(segments: Segments, dpi: Dpi | None = None) -> bytes:
    """Write the label map as an indexed PNG: entry 0 is the first region, and so on."""
    return encode_png(segments.palette, segments.indices, segments.alpha, optimize=True, dpi=dpi)


def write_labels_npz(segments: Segments) -> bytes:
    """Write the label map as NumPy's archive, the same bytes each time.

    It holds ``labels`` int16 (h, w), from 0, -1 where nothing is visible; ``palette`` uint8 (n, 3); and
    ``areas`` int64 (n,).
    """
    labels = segments.indices.astype(np.int16)
    if segments.clear is not None:
        labels[segments.clear] = NOWHERE
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=4) as archive:
        for name, array in (("labels", labels), ("palette", segments.palette), ("areas", segments.areas)):
            file = BytesIO()
            np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(ZipInfo(f"{name}.npy"), file.getvalue(), ZIP_DEFLATED, 4)
    return packed.getvalue()


def write_poster(
    segments: Segments, *, near: float = NEAR, title: str = "", checkpoint: Callable[[], None] | None = None
) -> bytes:
    """Write regions as an SVG of exactly as many fills as there are regions."""
    return draw_poster(
        segments.parts, segments.palette, near=near, title=title, checkpoint=checkpoint
    ).encode()


def _to_json(what: dict[str, Any]) -> bytes:
    return (json.dumps(what, separators=(",", ":")) + "\n").encode()
