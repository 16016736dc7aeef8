"""Notebooks run from start to end, and show what they make."""

import json
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image

from quantize import Palette, encode_result, load_picture, measure, quantize_image
from quantize.decoding.picture import SHOWN_SIDE, Picture
from quantize.settings import choose
from quantize.teaching.subject import Subject
from quantize.teaching.ways import write_code
from tests.degenerate import alphas, pictures
from tests.house import ROOT
from tests.pictures import noise, smooth


def shown(cell: nbformat.NotebookNode, kind: str) -> str:
    (output,) = (output for output in cell.outputs if output.output_type == "execute_result")
    return output.data[kind]


def test_a_notebook_shows_picture_result_palette_and_figures_and_writes_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    Image.fromarray(smooth(40, 60)).save(tmp_path / "a.png")
    picture, settings = load_picture(tmp_path / "a.png"), choose(n_colors=5, space="LAB")
    text = write_code(Subject.of(picture, "a.png", settings), "notebook")
    book = nbformat.reads(text, as_version=4)
    nbformat.validate(json.loads(text))
    NotebookClient(book, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    expected = quantize_image(picture, settings)
    assert (tmp_path / "result.png").read_bytes() == encode_result(picture, expected)
    opened, made, palette, figures = book.cells[2:6]
    for cell, pixels in ((opened, picture.pixels), (made, expected.pixels)):
        with Image.open(BytesIO(b64decode(shown(cell, "image/png")))) as image:
            assert (np.array(image.convert("RGB")) == pixels).all()
    assert all(code in shown(palette, "text/html") for code in Palette(expected.palette).hexes)
    assert f"{measure(picture, expected).psnr_db:.2f} dB" in shown(figures, "text/html")


@pytest.mark.parametrize(("name", "pixels"), pictures(1))
def test_every_picture_and_result_shows_itself_exactly(name, pixels):
    height, width = pixels.shape[:2]
    for _, alpha in [("", None), *alphas((height, width))]:
        picture = Picture.from_pixels(pixels, alpha)
        drawn = np.array(Image.open(BytesIO(picture._repr_png_())).convert("RGBA"))
        assert (drawn[..., :3] == pixels).all()
        assert (drawn[..., 3] == (255 if alpha is None else alpha)).all()
        for how in ("hard", "soft"):
            result = quantize_image(picture, n_colors=4, alpha=how)
            drawn = np.array(Image.open(BytesIO(result._repr_png_())).convert("RGBA"))
            seen = result.rgba[..., 3] > 0  # what is fully transparent has any colour
            assert (drawn[..., 3] == result.rgba[..., 3]).all(), (name, how)
            assert (drawn[seen] == result.rgba[seen]).all(), (name, how)


@pytest.mark.parametrize("size", [(1, 5000), (5000, 1), (1500, 1200)])
def test_what_is_shown_of_a_large_picture_is_thinned_and_not_one_color_is_new(size):
    picture = Picture.from_pixels(noise(*size))
    result = quantize_image(picture, n_colors=7)
    for drawn, colors in ((picture._repr_png_(), None), (result._repr_png_(), result.palette)):
        with Image.open(BytesIO(drawn)) as image:
            assert max(image.size) <= SHOWN_SIDE
            found = {color for _, color in image.convert("RGB").getcolors(1 << 24)}
            assert colors is None or found <= set(map(tuple, colors.tolist()))


class Texts(HTMLParser):
    """Every text of a page, and the names of its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found, self.tags = list[str](), set[str]()
        self.feed(html)

    def handle_data(self, data):
        self.found.append(data)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)


def test_names_of_colors_are_no_html():
    name = "<script>alert(1)</script> & \"red\" 'x'"
    shares = np.array([0.25, 0.75])
    page = Texts(Palette(np.zeros((2, 3), np.uint8), shares, (name, ""))._repr_html_())
    assert name in page.found
    assert "script" not in page.tags
    assert {"#000000", "25.0%", "75.0%"} <= set(page.found)
