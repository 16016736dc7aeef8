"""Pixels that the viewer reads: exact whatever their alpha, and visible where the engine says so."""

import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from quantize import Picture, quantize_image
from quantize.colors.opacity import is_visible
from quantize.rendering.encode import encode_png
from quantize.rendering.previews import encode_original
from tests.pictures import noise

VIEWER = Path(__file__).parents[2] / "pages" / "_viewer"

READ = """async base64 => {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
  const { width, height, words } = await readPixels(new Blob([bytes], { type: "image/webp" }))
  const [u, v] = [i => (i % width + 0.5) / width, i => (Math.floor(i / width) + 0.5) / height]
  return Array.from(words, (word, i) => wordAt({ width, height, words }, u(i), v(i)))
    .map(word => isClear(word) ? null : wordToColor(word))
}"""
BYTES = """async base64 => {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
  const { words, soft } = await readPixels(new Blob([bytes], { type: "image/png" }))
  return [soft, Array.from(new Uint8Array(words.buffer))]
}"""
APART = """([first, second]) => {
  const difference = (one, other) => one === other ? 0 : Math.abs(one - other) >>> 16
  return [isGone(first, true), over(second, 0), over(second, 255), apart(first, second, true, difference)]
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


def test_partly_transparent_entries_are_read_as_the_result_has_them(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("about:blank")
    page.add_script_tag(content=(VIEWER / "pixels.js").read_text())
    alpha = np.linspace(0, 255, 70).round().astype(np.uint8)[None].repeat(50, axis=0)
    result = quantize_image(Picture.from_pixels(noise(50, 70, seed=1), alpha), n_colors=40, alpha="soft")
    data = encode_png(result.entries, result.indices, result.alpha, optimize=True)
    soft, found = page.evaluate(BYTES, base64.b64encode(data).decode())
    assert soft
    shown = np.array(found, np.uint8).reshape(50, 70, 4)
    np.testing.assert_array_equal(shown[..., 3], result.rgba[..., 3])
    np.testing.assert_array_equal(shown[shown[..., 3] > 0], result.rgba[shown[..., 3] > 0])
    # A red of alpha 128, and nothing, over black and over white.
    assert page.evaluate(APART, [0, 0x800000FF]) == [True, 0x800000, 0xFF7F7F, 64]
