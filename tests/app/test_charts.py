"""The charts' figures: everything that is to be seen lies within the axes, whatever the curve."""

from math import log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._charts import draw_curve
from pages._spaces.charts import LEAST_REACH, VIEWS, draw_cloud, draw_plane
from quantize import Picture
from quantize.colors.spaces import SPACES
from quantize.curve import CURVE_N_COLORS, CurvePoint
from quantize.measuring.cloud import sample_cloud
from tests.pictures import noise

errors = st.floats(0, 500, allow_subnormal=False)


@st.composite
def curves(draw: st.DrawFn) -> list[CurvePoint]:
    """Any part of a curve: one point, ends early, errors of 0, files of 70 bytes or of many megabytes."""
    numbers = sorted(draw(st.sets(st.sampled_from((1, *CURVE_N_COLORS)), min_size=1)))
    sizes = st.integers(70, 10**8)
    return [CurvePoint(k, draw(errors), 30.0, draw(errors), 40.0, draw(sizes)) for k in numbers]


@given(points=curves(), n_colors=st.integers(1, 256), error=st.sampled_from(["ΔE00", "MSE"]))
def test_curve_and_mark_fill_the_axes(points, n_colors, error):
    figure = draw_curve(points, n_colors, error)
    numbers = [point.n_colors for point in points]
    low, high = figure.layout.xaxis.range
    first, last = (log10(end([*numbers, n_colors])) for end in (min, max))
    assert low < first <= last < high
    assert first - low == pytest.approx(high - last)
    assert first - low < 0.1  # of a power of ten
    ticks = np.log10(figure.layout.xaxis.tickvals)
    assert len(ticks) >= 1
    assert ticks.min() >= first
    assert ticks.max() <= last
    assert min(np.diff(ticks), default=1) * 10 > last - first, "labels would stand on each other"
    (shape,), (text, *names) = figure.layout.shapes, figure.layout.annotations
    assert [name.text.strip("●■ ").split()[0] for name in names] == ["mean", "PNG"]
    assert [(name.x, name.xanchor) for name in names] == [(0, "left"), (1, "right")]
    assert (shape.x0, shape.x1) == (n_colors, n_colors)
    assert text.x == pytest.approx(log10(n_colors))
    assert text.text == f"K = {n_colors}"


@given(points=curves(), n_colors=st.integers(1, 256), error=st.sampled_from(["ΔE00", "MSE"]))
def test_curve_has_a_line_of_errors_and_one_of_sizes_on_an_axis_of_its_own(points, n_colors, error):
    figure = draw_curve(points, n_colors, error)
    above, below = figure.data
    assert list(above.x) == list(below.x) == [point.n_colors for point in points]
    assert list(above.y) == [point.delta_e_00 if error == "ΔE00" else point.mse for point in points]
    assert (above.yaxis, below.yaxis) == (None, "y2")
    unit = {"bytes": 1, "kB": 1e3, "MB": 1e6}[below.name.split()[2]]
    np.testing.assert_allclose(np.array(below.y) * unit, [point.n_bytes for point in points])
    assert max(below.y) >= 1
    for line, axis in ((above, figure.layout.yaxis), (below, figure.layout.yaxis2)):
        assert axis.range[0] == 0
        assert max(line.y) <= axis.range[1]
        assert axis.range[1] > 0


def cloud_of(pixels: np.ndarray) -> tuple:
    cloud = sample_cloud(Picture.from_pixels(pixels))
    palette = cloud.colors[:: max(1, len(cloud.colors) // 5)][:5]
    return cloud, (np.arange(len(cloud.colors)) % len(palette)).astype(np.uint8), palette


PICTURES = {
    "noise": noise(100, 100),
    "one colour": np.full((1, 1, 3), 9, np.uint8),
    "greys": np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2),
    "two colours": np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8),
}


@pytest.mark.parametrize("view", VIEWS[1:])
@pytest.mark.parametrize("name", PICTURES)
def test_a_cloud_laid_flat_lies_within_its_axes_and_greys_at_their_origin(name, view):
    figure = draw_plane(*cloud_of(PICTURES[name]), view)
    for trace in figure.data:
        assert (
            trace.type == "scatter"
        )  # what Plotly draws by WebGL in a plane breaks the page's security policy
        for values, axis in ((trace.x, figure.layout.xaxis), (trace.y, figure.layout.yaxis)):
            assert len(values) >= 1
            assert axis.range[0] <= min(values) <= max(values) <= axis.range[1]
    assert figure.layout.yaxis.range[1] >= LEAST_REACH
    assert len(figure.data[0].x) == len(figure.data[0].marker.color)


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("name", PICTURES)
def test_a_cloud_has_a_dot_for_each_color_and_a_ball_for_each_entry(name, space):
    cloud, cells, palette = cloud_of(PICTURES[name])
    figure = draw_cloud(cloud, cells, palette, SPACES[space])
    dots, balls = figure.data
    assert (len(dots.x), len(balls.x)) == (len(cloud.colors), len(palette))
    assert all(np.isfinite(trace[axis]).all() for trace in (dots, balls) for axis in "xyz")
    box = figure.layout.scene.aspectratio
    sides = np.array([box.x, box.y, box.z])
    assert np.linalg.norm(sides) == pytest.approx(np.sqrt(3))
    assert sides.min() >= 0.1 * sides.max() * 0.999
    extents = np.array([np.ptp(np.concatenate([dots[axis], balls[axis]])) for axis in "xyz"])
    if not extents.any():
        extents += 1
    long = extents > 0.1 * extents.max()
    np.testing.assert_allclose((sides / sides.max())[long], (extents / extents.max())[long], rtol=1e-4)
