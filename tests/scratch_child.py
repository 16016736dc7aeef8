"""Quantizes hostile pictures and prints a digest of the results, in a process of its own.

``python -m tests.scratch_child SEED BYTE``: the byte that is in memory before anything is written there must
not change the digest.
"""

import hashlib
import sys

import numpy as np

from quantize import Picture, QuantizeError, quantize_image
from tests.degenerate import alphas, counts_near, n_colors_of, pictures
from tests.garbage import fill_scratch_memory

SPACES = ("BGR", "LAB", "OKLAB")


def digest(seed: int) -> str:
    """Of palettes and indices of every kind of hostile picture, with and without kept colours and alpha."""
    found = hashlib.sha256()
    for number, (_, pixels) in enumerate(pictures(1, seed)):
        colors = np.unique(pixels.reshape(-1, 3), axis=0)
        # One of the picture, one beside one, one far away: so clusters without width have kept centers.
        keep = [
            "#{:02x}{:02x}{:02x}".format(*color) for color in (colors[0], colors[-1] ^ 1, 255 - colors[0])
        ]
        soft = [alpha for _, alpha in alphas(pixels.shape[:2], number)]
        for turn, n in enumerate(counts_near(n_colors_of(pixels), 2)):
            alpha = soft[turn % len(soft)] if turn % 2 else None
            for kept in ((), tuple(keep[: min(n, turn % 4)])):
                space = SPACES[(turn + len(kept)) % 3]
                found.update(_result(Picture.from_pixels(pixels, alpha), n, space, kept))
    return found.hexdigest()


def _result(picture: Picture, n_colors: int, space: str, keep: tuple[str, ...]) -> bytes:
    try:
        result = quantize_image(picture, n_colors=n_colors, space=space, keep=keep)
    except QuantizeError as error:
        return str(error).encode()
    return result.palette.tobytes() + result.indices.tobytes()


if __name__ == "__main__":
    fill_scratch_memory(int(sys.argv[2]))
    print(digest(int(sys.argv[1])))
