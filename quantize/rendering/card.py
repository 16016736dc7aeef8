"""The picture of a preview card, as messengers and social networks show it for a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quantize.rendering.encode import encode_png

if TYPE_CHECKING:
    from quantize.pipeline import Quantized

CARD_WIDTH, CARD_HEIGHT = 1200, 630
"""Pixels of a card: the size and shape that services crop least (1.91 : 1)."""

_STRIP_HEIGHT = 70


def draw_card(result: Quantized) -> bytes:
    """Draw a result as a card: its middle, and under it the palette, as wide as the shares.

    Pixels are repeated or left out, never blended, so the card has the result's colours and no other.

    Parameters
    ----------
    result : Quantized
        Of any size. Where it is transparent, the card shows the colour that is stored there.

    Returns
    -------
    bytes
        Indexed PNG, CARD_WIDTH × CARD_HEIGHT.
    """
    picture = _cover(result.indices, CARD_HEIGHT - _STRIP_HEIGHT, CARD_WIDTH)
    strip = np.broadcast_to(_strip(result.counts, CARD_WIDTH), (_STRIP_HEIGHT, CARD_WIDTH))
    return encode_png(result.palette, np.concatenate([picture, strip]), optimize=True)


def _cover(indices: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    """Cut out the middle of a picture, scaled until it fills height × width."""
    rows, columns = indices.shape
    scale = max(height / rows, width / columns)
    return indices[np.ix_(_places(rows, height, scale), _places(columns, width, scale))]


def _places(length: int, wanted: int, scale: float) -> NDArray[np.intp]:
    start = (length * scale - wanted) / 2
    places = (np.arange(wanted) + 0.5 + start) / scale
    return np.clip(places.astype(np.intp), 0, length - 1)


def _strip(counts: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """Draw one row of entries, each as wide as its share, but seen at all if there is room."""
    shares = np.maximum(counts / max(1, counts.sum()), 1 / width)
    edges = np.cumsum(shares) / shares.sum()
    return np.searchsorted(edges, (np.arange(width) + 0.5) / width).clip(0, len(counts) - 1).astype(np.uint8)
