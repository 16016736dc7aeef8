"""Palettes of a result: exactly K where the picture has K, each entry in use, on hostile pictures."""

import numpy as np
import pytest

from quantize import Picture, quantize_image
from quantize.colors.colorset import ColorSet
from quantize.colors.spaces import SPACES
from quantize.methods.kmeans import EFFORTS, INITS
from quantize.methods.settling import settle_palette
from quantize.methods.table import METHODS
from tests.degenerate import alphas, counts_near, n_colors_of, pictures

PICTURES = pictures(1, seed=5)


def choices_of(method: str) -> list[dict]:
    if method == "kmeans":
        efforts = [{"effort": effort, "init": init, "attempts": 2} for effort in EFFORTS for init in INITS]
        return [*efforts, {"rare": 0.5}, {"rare": 1}]
    return [{"attempts": 1, "max_iter": 2}] if method == "opencv" else [{}]


def check(picture: Picture, n_colors: int, **choices) -> None:
    result = quantize_image(picture, n_colors=n_colors, **choices)
    kept = result.settings.kept
    wanted = len(np.unique(np.concatenate([picture.colors.colors, kept.astype(np.float32)]), axis=0))
    room = 255 if any(note.startswith("255 colours") for note in result.notes) else n_colors
    assert len(result.palette) == min(room, wanted)
    assert len(np.unique(result.palette, axis=0)) == len(result.palette)
    is_kept = (result.palette[:, None] == kept[None]).all(axis=2).any(axis=1)
    assert ((result.counts > 0) | is_kept).all()
    assert len(kept) == is_kept.sum()
    assert result.counts.sum() == picture.colors.counts.sum()
    assert np.isfinite(result.sse)
    assert result.sse >= 0
    assert result.sse == 0 or wanted > room


# k-means on each picture in each space; any other method in one of them in turn: each space comes with each
# picture and with each method.
TURNS = [
    (number, space, method)
    for number, place in np.ndindex(len(PICTURES), len(SPACES))
    for column, method in enumerate(METHODS)
    for space in [list(SPACES)[place]]
    if method == "kmeans" or (number + column) % len(SPACES) == place
]


@pytest.mark.parametrize(("number", "space", "method"), TURNS)
def test_k_colors_and_each_in_use(number, space, method):
    pixels = PICTURES[number][1]
    picture = Picture.from_pixels(pixels)
    ways = choices_of(method)
    for turn, n_colors in enumerate(counts_near(n_colors_of(pixels), 2), number):
        check(picture, n_colors, space=space, method=method, **ways[turn % len(ways)])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("name", "pixels"), PICTURES)
def test_beside_kept_colors_and_transparency(name, pixels, method):
    rng = np.random.default_rng(len(name))
    rows = pixels.reshape(-1, 3)
    for number, (_, alpha) in enumerate(alphas(pixels.shape[:2])):
        picture = Picture.from_pixels(pixels, alpha)
        own = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in rows[rng.integers(0, len(rows), 2)].tolist()]
        keep = tuple(dict.fromkeys([*own, "#010203", "#fe01fd"][number % 4 :]))
        near = counts_near(picture.n_colors, 2)
        n_colors, space = near[number % len(near)], list(SPACES)[number % 4]
        way = choices_of(method)[0]
        check(picture, n_colors, space=space, method=method, keep=keep[:n_colors], **way)


def test_an_idle_entry_goes_to_the_color_served_worst():
    rows = np.array([[0, 0, 0]] * 9 + [[10, 0, 0]] * 5 + [[200, 0, 0]] * 2, np.uint8)
    palette, mapped = settle_palette(
        ColorSet.of(rows),
        np.array([[255, 0, 0], [1, 0, 0], [255, 255, 255]], np.uint8),
        np.zeros((0, 3), np.uint8),
    )
    assert palette.tolist() == [[1, 0, 0], [200, 0, 0], [255, 0, 0]] or (mapped.counts > 0).all()
    assert mapped.counts.tolist() == [9, 5, 2]


def test_a_kept_entry_may_be_idle():
    rows = np.array([[0, 0, 0], [10, 0, 0], [20, 0, 0]], np.uint8)
    kept = np.array([[255, 255, 255]], np.uint8)
    palette, mapped = settle_palette(ColorSet.of(rows), np.concatenate([kept, rows[:1]]), kept)
    assert palette.tolist() == [[0, 0, 0], [255, 255, 255]]
    assert mapped.counts.tolist() == [3, 0]
