"""How far every pixel is from the border of its part, for all parts at once."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def measure_distances(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Measure the radius of a disc around each pixel's middle that surely lies in pixels of its label.

    One exact distance transform serves all labels: it goes to the nearest pixel with another label among its
    eight neighbours, and half a pixel further the disc is still inside. What lies outside the picture counts
    as another label.

    Returns
    -------
    float32, shape (h, w)
        Pixels, at least 0.5 and at most the true distance.
    """
    height, width = labels.shape
    inner = np.ones((height, width), bool)
    inner[[0, -1]] = inner[:, [0, -1]] = False
    core = labels[1:-1, 1:-1]
    for y, x in ((0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2)):
        inner[1:-1, 1:-1] &= core == labels[y : y + height - 2, x : x + width - 2]
    if not inner.any():
        return np.full((height, width), 0.5, np.float32)
    return cv2.distanceTransform(inner.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) + np.float32(0.5)


def measure_away(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Measure how far every pixel's middle is from the nearest one in a mask, float32 (h, w); 0 inside."""
    away = cv2.distanceTransform((~mask).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(away, np.float32)


def find_nearest(mask: NDArray[np.bool_], values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Find the value at the nearest pixel in a mask, for every pixel: uint8 (h, w). The mask has one."""
    _, places = cv2.distanceTransformWithLabels(
        (~mask).view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros(int(places.max()) + 1, np.uint8)
    table[places[mask]] = values[mask]
    return table[places]
