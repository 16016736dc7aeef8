"""A run of k-means as one small message, to be played on a screen without asking again.

All that a picture needs of a step is which center each pixel has, and that changes only when colours are
assigned; when centers move it is the palette that is another one. So a film holds, packed by DEFLATE: the
centers after each *move*, the pixels of a preview, the cloud's colours, and a plane of labels for each
*assign*, of which all but the first hold the difference (exclusive or) to the one before, nearly all of it
zeros.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.opacity import is_visible
from quantize.errors import QuantizeError
from quantize.teaching.trace import Assigner, Trace

__all__ = ["CLEAR", "MOST_FILMED", "pack_film"]

CLEAR = 255
"""The label of pixels that are not visible."""
MOST_FILMED = 64
"""Centers that a film holds."""


def pack_film(
    trace: Trace,
    pixels: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    cloud: NDArray[np.uint8],
    header: dict[str, Any] | None = None,
) -> bytes:
    """Pack a run with the picture that it is shown on.

    Parameters
    ----------
    trace : Trace
        Of at most 64 centers.
    pixels : uint8, shape (h, w, 3)
        The picture, or a preview of it. Each pixel has the center nearest to its own colour.
    alpha : uint8, shape (h, w), or None
    cloud : uint8, shape (n, 3)
        Colours to draw as a cloud.
    header : dict, optional
        More to say, as JSON can.

    Returns
    -------
    bytes
        Length of the header, 4 bytes little-endian; the header, JSON; the rest by DEFLATE (zlib's format):
        centers float32 (moves + 1, k, 3), pixels, cloud, labels uint8 (assigns, h, w), one after another.

    Raises
    ------
    QuantizeError
        If there are more centers.
    """
    if len(trace.centers) > MOST_FILMED:
        raise QuantizeError(f"a film holds at most {MOST_FILMED} centers, got {len(trace.centers)}")
    places = [step.centers for step in trace.steps if step.kind != "assign"]
    assigned = [step.centers for step in trace.steps if step.kind == "assign"]
    said = {
        "k": len(trace.centers),
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "cloud": len(cloud),
        "end": trace.end,
        "steps": [
            {"kind": step.kind, "iteration": step.iteration, "counts": step.counts.tolist(), "sse": step.sse,
             "moved": step.moved, "shift": step.shift}
            for step in trace.steps
        ],
        **(header or {}),
    }  # fmt: skip
    text = json.dumps(said, separators=(",", ":")).encode()
    parts = [np.array(places, np.float32), pixels, cloud, _planes(assigned, pixels, alpha)]
    packed = zlib.compress(b"".join(np.ascontiguousarray(part).tobytes() for part in parts), 1)
    return struct.pack("<I", len(text)) + text + packed


def _planes(
    centers: list[NDArray[np.float64]], pixels: NDArray[np.uint8], alpha: NDArray[np.uint8] | None
) -> NDArray[np.uint8]:
    """Find labels of all pixels for each set of centers, and their differences from one to the next."""
    axes = np.ascontiguousarray(pixels.reshape(-1, 3).T, np.float64)
    planes = np.empty((len(centers), axes.shape[1]), np.uint8)
    assigner = Assigner(axes)
    for plane, places in zip(planes, centers, strict=True):
        plane[:] = assigner.assign(places)
    if alpha is not None:
        planes[:, ~is_visible(alpha).ravel()] = CLEAR
    planes[1:] ^= planes[:-1].copy()
    return planes
