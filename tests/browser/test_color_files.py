"""What a file looks like: as Chromium paints it on a canvas."""

import base64

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from quantize.decoding.picture import load_picture
from tests.color_files import FILES, PIXELS

PAINT = """async (data) => {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([bytes]));
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return [canvas.width, canvas.height, [...context.getImageData(0, 0, canvas.width, canvas.height).data]];
}"""


@pytest.fixture(scope="module")
def paint(chromium):
    """What Chromium paints of a file, uint8 (h, w, 4)."""
    page = chromium.new_page()

    def painted(data: bytes):
        width, height, values = page.evaluate(PAINT, base64.b64encode(data).decode())
        return np.array(values, np.uint8).reshape(height, width, 4)

    yield painted
    page.close()


def test_there_are_forty():
    assert len(FILES) >= 40
    assert len({make() for make in FILES.values()}) == len(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_looks_as_in_chromium(name, paint):
    data = FILES[name]()
    seen, ours = paint(data), load_picture(data)
    alpha = np.full(seen.shape[:2], 255, np.uint8) if ours.alpha is None else ours.alpha
    assert np.array_equal(alpha, seen[..., 3])
    # A canvas keeps colours multiplied by alpha, so that little remains of those that are hardly visible.
    shown = alpha >= 64
    difference = deltaE_ciede2000(rgb2lab(seen[..., :3][shown]), rgb2lab(ours.pixels[shown]))
    assert difference.mean() < 1


def test_the_files_would_look_different_otherwise():
    """Most of them are not what their stored values are in sRGB."""
    moved = [np.abs(load_picture(FILES[name]()).pixels.astype(int) - PIXELS).mean() > 2
             for name in FILES if "," in name and "tRNS" not in name and "turned" not in name
             and "grey" not in name]  # fmt: skip
    assert sum(moved) >= 20
