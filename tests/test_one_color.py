"""K = 1 works everywhere: the mean colour, as a palette of one."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from quantize import (
    Palette,
    Picture,
    Settings,
    delta_e_blurred,
    measure,
    quantize_image,
    read_palette,
    ssim,
    write_palette,
)
from quantize.__main__ import main
from quantize.colors.spaces import SPACES
from quantize.curve import error_curve, suggest_n_colors
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.measuring.cloud import entries_of, hue_and_chroma, sample_cloud
from quantize.measuring.comparison import delta_e_00_table, difference_map, find_regions, match_palettes
from quantize.measuring.families import find_families
from quantize.measuring.verdicts import find_gain, lightness_error
from quantize.methods.table import METHODS
from quantize.outline import outline_result
from quantize.palettes.facts import contrast_ratios, nearest_css_names, oklch_css
from quantize.palettes.order import ORDERS, sort_palette
from quantize.palettes.pairs import delta_e_00_pairs, merge_similar
from quantize.palettes.vision import find_look_alikes
from quantize.rendering.card import draw_card
from quantize.rendering.encode import encode_png, encode_rgba_png, indexed_png_size
from quantize.rendering.sheet import Tile, contact_sheet
from quantize.swatches.formats import FORMATS
from tests.app.test_page_compare_k import open_compare
from tests.app.test_page_compare_spaces import open_spaces
from tests.app.test_page_palette import open_palette
from tests.app.test_pages import assert_sound, open_app, texts
from tests.degenerate import alphas, pictures
from tests.pictures import noise, saved, smooth

PIXELS = smooth(40, 50)


def mean_of(pixels: np.ndarray, space: str) -> np.ndarray:
    """The mean colour in a space, sRGB 0–255, not rounded."""
    working = SPACES[space].to_working(pixels.reshape(-1, 3)).astype(np.float64)
    return SPACES[space].to_srgb(working.mean(axis=0)[None].astype(np.float32))[0]


# "looks" weighs pixels by their surroundings: see dithering/test_seen.py.
@pytest.mark.parametrize("method", [method for method in METHODS if method != "looks"])
@pytest.mark.parametrize("space", SPACES)
def test_one_color_is_the_mean_in_the_space(method, space):
    for name, pixels in [("smooth", PIXELS), *pictures(1)]:
        result = quantize_image(pixels, n_colors=1, method=method, space=space)
        # OpenCV adds up float32, and takes a copy of large pictures.
        slack = 0.7 if method == "opencv" else 0.51
        assert np.abs(result.palette - mean_of(pixels, space)).max() < slack, name
        assert (result.palette.shape, result.counts.tolist()) == ((1, 3), [pixels[..., 0].size])
        assert not result.indices.any()
        assert measure(Picture.from_pixels(pixels), result).colors_after == 1


@pytest.mark.parametrize("dither", DITHERS)
def test_one_color_is_solid_in_every_dithering(dither):
    for light in LIGHTS if dither != "none" else [None]:
        result = quantize_image(PIXELS, n_colors=1, dither=dither, light=light)
        assert not result.indices.any()
        assert result.counts.tolist() == [2000]


@pytest.mark.parametrize("method", METHODS)
def test_one_color_beside_other_choices(method):
    assert quantize_image(PIXELS, n_colors=1, method=method, keep=["#123456"]).palette.tolist() == [
        [0x12, 0x34, 0x56]
    ]
    if METHODS[method].weighted:
        assert len(quantize_image(PIXELS, n_colors=1, method=method, rare=1.0).palette) == 1
    for _, alpha in alphas(PIXELS.shape[:2]):
        picture = Picture.from_pixels(PIXELS, alpha)
        result = quantize_image(picture, n_colors=1, method=method)
        image = Image.open(io.BytesIO(encode_png(result.palette, result.indices, alpha, optimize=False)))
        assert image.convert("RGBA").size == (50, 40)
        assert encode_rgba_png(result.palette, result.indices, alpha)
        assert len(outline_result(picture, Settings(n_colors=1, method=method)).palette) == 1


def test_figures_of_one_color():
    picture = Picture.from_pixels(PIXELS)
    one, two = (quantize_image(picture, n_colors=k) for k in (1, 2))
    points = error_curve(picture, n_colors=(1, 2, 3))
    assert [point.n_colors for point in points] == [1, 2, 3]
    assert points[0].mse == pytest.approx(measure(picture, one).mse)
    assert suggest_n_colors(points).n_colors in (1, 2, 3)
    assert suggest_n_colors(points[:1]).n_colors == 1
    assert indexed_png_size(one.palette, one.indices, None).n_bytes > 0
    for first, second in ((one, two), (two, one), (one, one)):
        assert len(match_palettes(first.palette, second.palette)) == 1
    assert delta_e_00_table(one.palette, two.palette).shape == (1, 2)
    assert len(find_regions(difference_map(one, two, 200), (50, 40))) > 0
    assert find_gain("mse", picture, two, one) is not None
    assert lightness_error(picture, one) > 0
    assert ssim(PIXELS, one.pixels) < 1
    assert delta_e_blurred(PIXELS, one.pixels) > 0
    assert not entries_of(sample_cloud(picture), one.palette, SPACES["LAB"]).any()
    assert draw_card(one)
    assert contact_sheet([Tile(one.pixels, "1 colour", "mean")])


def test_facts_about_one_color():
    palette = Palette.from_counts(np.array([[12, 200, 90]], np.uint8), np.array([9]))
    assert contrast_ratios(palette.colors).tolist() == [[1.0]]
    assert [len(of(palette.colors)) for of in (oklch_css, nearest_css_names, find_families)] == [1, 1, 1]
    assert [len(part) for part in hue_and_chroma(palette.colors)] == [1, 1]
    assert delta_e_00_pairs(palette.colors).tolist() == [[0.0]]
    assert merge_similar(palette, 10.0).hexes == palette.hexes
    assert find_look_alikes(palette.colors) == []
    for key in ORDERS:
        assert sort_palette(palette, key).hexes == palette.hexes
    for key, format_ in FORMATS.items():
        assert read_palette(write_palette(palette, key), f"x{format_.extension}").hexes == palette.hexes, key


def test_one_color_on_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.png").write_bytes(saved(noise(20, 20), "PNG"))
    with pytest.raises(SystemExit) as done:
        main(["in.png", "-k", "1", "--json"])
    assert not done.value.code
    assert json.loads(capsys.readouterr().out)["n_colors"] == 1
    assert len(np.unique(np.asarray(Image.open("in-1.png").convert("RGB")).reshape(-1, 3), axis=0)) == 1
    with pytest.raises(SystemExit) as done:
        main(["palette", "in.png", "-k", "1", "-o", "one.ase"])
    assert not done.value.code
    assert len(read_palette((tmp_path / "one.ase").read_bytes(), "one.ase")) == 1


def test_one_color_on_every_page():
    app = open_app(sample="Shapes", k="1")
    assert app.slider(key="k").value == 1
    assert "→ 1 " in texts(app)
    app.selectbox(key="dither").set_value("floyd-steinberg").run()
    assert_sound(app)
    app = open_compare(ks=["1", "2"])
    assert app.multiselect(key="ks").value == [1, 2]
    app = open_palette(n="1")
    assert app.slider(key="n").value == 1
    app = open_spaces(sample="Shapes", k="1")
    assert app.slider(key="k").value == 1
