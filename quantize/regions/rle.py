"""Masks as COCO's run lengths: how many pixels in turn are out and in, column by column, as text.

Runs begin with what is out. From the third on the number before the last is taken off; what is left is
written five bits a letter, the lowest first, with the sixth bit where more follow. Written anew after the
description of the format.

Source: COCO API, ``maskApi.c`` (https://github.com/cocodataset/cocoapi).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.errors import QuantizeError
from quantize.regions.names import clean_text
from quantize.regions.segments import Segments

_FIRST = 48
"""The letter of no bits: a zero."""


def encode_mask(mask: NDArray[np.bool_]) -> str:
    """Write a mask, bool (h, w), as COCO's compressed run lengths."""
    column = np.asarray(mask, bool).ravel(order="F")
    edges = np.flatnonzero(column[1:] != column[:-1]) + 1
    ends = [0] if len(column) and column[0] else []
    places = np.array([0, *ends, *edges.tolist(), len(column)], np.int64)
    runs: NDArray[np.int64] = places[1:] - places[:-1]
    runs[3:] -= runs[1:-2].copy()
    letters = np.zeros((len(runs), 7), np.uint8)
    written = np.zeros(letters.shape, bool)
    going = np.ones(len(runs), bool)
    for place in range(letters.shape[1]):
        low = runs & 31
        runs >>= 5
        more = np.where(low & 16, runs != -1, runs != 0)
        letters[:, place], written[:, place] = _FIRST + low + 32 * more, going
        going &= more
    return letters[written].tobytes().decode("ascii")


def decode_mask(text: str, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Read a mask of ``size``, height and width, back from COCO's compressed run lengths.

    Raises
    ------
    QuantizeError
        If the text is none, or of another size.
    """
    runs: list[int] = []
    value = shift = 0
    for letter in text:
        bits = ord(letter) - _FIRST
        if not 0 <= bits < 64 or shift > 30:
            raise QuantizeError(f"run lengths must be letters from 0 to o, got {letter!r}")
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        value -= (1 << shift) if bits & 16 else 0
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = shift = 0
    if shift or sum(runs) != size[0] * size[1] or min(runs, default=0) < 0:
        raise QuantizeError(f"run lengths must be of {size[0] * size[1]} pixels, got {sum(runs)}")
    column = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return column.reshape(size, order="F")


def describe_coco(segments: Segments, name: str) -> dict[str, Any]:
    """Describe regions as a COCO data set of one picture, as what JSON knows.

    Parameters
    ----------
    segments : Segments
    name : str
        Of the picture's file; what XML or JSON cannot hold is cleaned away.

    Returns
    -------
    dict
        A category and an annotation for every region, with ids from 1; boxes are x, y, width, height.
    """
    height, width = segments.labels.shape
    annotations = []
    for number in range(len(segments)):
        mask = segments.labels == number
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        x, y = int(columns[0]), int(rows[0])
        annotations.append(
            {
                "id": number + 1,
                "image_id": 1,
                "category_id": number + 1,
                "segmentation": {"size": [height, width], "counts": encode_mask(mask)},
                "area": int(segments.areas[number]),
                "bbox": [x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1],
                "iscrowd": 0,
            }
        )
    return {
        "images": [{"id": 1, "file_name": clean_text(name), "width": width, "height": height}],
        "categories": [{"id": n + 1, "name": code} for n, code in enumerate(segments.hexes)],
        "annotations": annotations,
    }
