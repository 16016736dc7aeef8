"""Files of look-up tables, read back by other programs: OpenColorIO, and Pillow's interpolation."""

import io

import numpy as np
import PyOpenColorIO as ocio
import pytest
from PIL import Image, ImageFilter

from quantize import QuantizeError, find_table
from quantize.palettes.lut import make_lut
from quantize.rendering.luts import LUT_FORMATS, write_lut

PICO = find_table("pico-8").palette.colors
WAYS = [{}, {"space": "LAB"}, {"smooth": True}, {"smooth": True, "keep_lightness": True}]
COLORS = np.random.default_rng(3).integers(0, 256, (4000, 3)).astype(np.uint8)
LEVEL = 1 / 255


def interpolate(lut: np.ndarray, colors: np.ndarray) -> np.ndarray:
    """What a table says of colours 0–1 between its nodes: the mean of the eight around."""
    places = colors.astype(np.float64) * (len(lut) - 1)
    low = np.minimum(places.astype(int), len(lut) - 2)
    share, out = places - low, np.zeros(colors.shape)
    for corner in np.ndindex(2, 2, 2):
        weight = np.where(corner, share, 1 - share).prod(axis=1)
        out += weight[:, None] * lut[tuple((low + corner).T)]
    return out


def by_opencolorio(path, colors: np.ndarray) -> np.ndarray:
    transform = ocio.FileTransform(src=str(path), interpolation=ocio.INTERP_LINEAR)
    processor = ocio.Config.CreateRaw().getProcessor(transform).getDefaultCPUProcessor()
    made = np.ascontiguousarray(colors, np.float32)
    processor.applyRGB(made)
    return made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [2, 17, 33])
def test_opencolorio_reads_a_cube_within_a_level(tmp_path, way, size):
    lut = make_lut(PICO, size, **way)
    (tmp_path / "lut.cube").write_bytes(write_lut(lut, "cube", 'of "ours" ä\n'))
    axis = np.linspace(0, 1, size)
    nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    at_nodes = by_opencolorio(tmp_path / "lut.cube", nodes)
    np.testing.assert_allclose(at_nodes, lut.reshape(-1, 3), atol=LEVEL)
    between = by_opencolorio(tmp_path / "lut.cube", COLORS / 255)
    np.testing.assert_allclose(between, interpolate(lut, COLORS / 255), atol=LEVEL)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [4, 16, 64])
def test_pillow_applies_a_hald_picture_within_a_level(way, size):
    lut = make_lut(PICO, size, **way)
    with Image.open(io.BytesIO(write_lut(lut, "hald"))) as picture:
        assert (picture.mode, picture.size) == ("RGB", (round(size**1.5),) * 2)
        table = np.asarray(picture).reshape(-1) / 255
    read = ImageFilter.Color3DLUT(size, table.tolist())
    made = np.asarray(Image.fromarray(COLORS[None]).filter(read))[0]
    wanted = (255 * interpolate(lut, COLORS / 255)).round()
    assert np.abs(made - wanted).max() <= 1


def test_a_table_that_changes_nothing_changes_nothing(tmp_path):
    axis = np.linspace(0, 1, 9, dtype=np.float32)
    same = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)
    (tmp_path / "same.cube").write_bytes(write_lut(same, "cube"))
    np.testing.assert_allclose(by_opencolorio(tmp_path / "same.cube", COLORS / 255), COLORS / 255, atol=1e-5)


def test_a_smooth_table_of_65_nodes_is_what_every_color_should_become(tmp_path):
    """Interpolated between nodes, beside the blend worked out at colours themselves."""
    (tmp_path / "lut.cube").write_bytes(write_lut(make_lut(PICO, 65, smooth=True), "cube"))
    axis = np.linspace(0, 1, 18)  # few of which are nodes
    nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    exact = make_lut(PICO, 18, smooth=True).reshape(-1, 3)
    off = np.abs(by_opencolorio(tmp_path / "lut.cube", nodes) - exact) / LEVEL
    assert np.quantile(off, 0.9) < 1
    assert off.mean() < 0.5


def test_what_a_format_cannot_hold_is_refused():
    with pytest.raises(QuantizeError, match=r"size of a Hald CLUT must be one of 4, 9, .*, 144, got 5"):
        write_lut(make_lut(PICO, 5), "hald")
    with pytest.raises(QuantizeError, match="size of a Cube LUT must be from 2 to 129, got 130"):
        write_lut(np.zeros((130, 1, 1, 3), np.float32), "cube")
    with pytest.raises(QuantizeError, match="format must be one of cube, hald, got 'csp'"):
        write_lut(make_lut(PICO, 4), "csp")
    for kind in LUT_FORMATS.values():
        assert kind.usual in kind.sizes
