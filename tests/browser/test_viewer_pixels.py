"""Pixels that the viewer reads: exact whatever their alpha, and visible where the engine says so."""

import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from quantize.colors.opacity import is_visible
from quantize.rendering.previews import encode_original
from tests.pictures import noise

VIEWER = Path(__file__).parents[2] / "pages" / "_viewer"

READ = """async base64 => {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
  const { width, height, words } = await readPixels(new Blob([bytes], { type: "image/webp" }))
  const [u, v] = [i => (i % width + 0.5) / width, i => (Math.floor(i / width) + 0.5) / height]
  return Array.from(words, (word, i) => colorAt({ width, height, words }, u(i), v(i)))
}"""


@pytest.mark.parametrize("alpha", [noise(50, 70, 1)[..., 0], np.full((50, 70), 128, np.uint8), None])
def test_visible_pixels_are_read_exactly(new_page: Callable[..., Page], alpha: np.ndarray | None) -> None:
    page = new_page()
    page.goto("about:blank")
    page.add_script_tag(content=(VIEWER / "pixels.js").read_text())
    pixels = noise(50, 70, seed=1)
    data, _ = encode_original(pixels, alpha)
    found = page.evaluate(READ, base64.b64encode(data).decode())
    visible = np.full((50, 70), True) if alpha is None else is_visible(alpha)
    colors = pixels.astype(int) @ [1 << 16, 1 << 8, 1]
    expected = [int(color) if seen else None for color, seen in zip(colors.flat, visible.flat, strict=True)]
    assert found == expected
