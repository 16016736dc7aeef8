"""Every chart of the app in Chromium: where first and last tick and the mark stand, and that all is seen."""

import re
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from math import log2
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.panes import become, into_view, settle
from tests.pictures import saved

SCREENS = [(1440, "light"), (390, "dark")]
# Every chart is as wide as its place.
FITTED = """() => [...document.querySelectorAll(".js-plotly-plot")].every(plot =>
  plot._fullLayout && Math.abs(plot._fullLayout.width - plot.clientWidth) < 1)"""
LEAST_FONT = 12

Box = dict[str, float]
BOX = "one.getBoundingClientRect().toJSON()"


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve("app.py")


def drawn(page: Page, number: int = 0) -> Locator:
    """A chart of the page, once all of it is there and in sight."""
    chart = page.locator(".js-plotly-plot").nth(number)
    expect(chart.locator(".main-svg").first).to_be_visible()
    settle(page)
    page.wait_for_function(FITTED)
    into_view(chart)
    return chart


def labels(chart: Locator, axis: str) -> list[tuple[str, Box]]:
    """Labels of an axis and where they stand, from its beginning to its end."""
    return chart.locator(f".{axis}tick text").evaluate_all(f"all => all.map(one => [one.textContent, {BOX}])")


def boxes(locator: Locator) -> list[Box]:
    """Where elements stand, asked at once: a chart has many of them."""
    return locator.evaluate_all(f"all => all.map(one => {BOX})")


def middle(box: Box) -> float:
    return box["x"] + box["width"] / 2


def height(box: Box) -> float:
    return box["y"] + box["height"] / 2


def plot_area(chart: Locator) -> Box:
    return chart.locator(".nsewdrag").first.bounding_box()


def assert_readable(chart: Locator, axis: str) -> None:
    """Labels of an axis are large enough, stand clear of each other, and within the window."""
    found = labels(chart, axis)
    width = chart.page.viewport_size["width"]
    for text, box in found:
        assert box["x"] >= 0, text
        assert box["x"] + box["width"] <= width, text
    for (_, one), (_, next_) in pairwise(found):
        if axis == "x":
            assert one["x"] + one["width"] < next_["x"]
        else:
            assert next_["y"] + next_["height"] < one["y"]
    sizes = chart.locator(f".{axis}tick text").evaluate_all(
        "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize))"
    )
    assert min(sizes) >= LEAST_FONT


def assert_curve(page: Page, n_colors: int) -> list[int]:
    """The curve fills its axes, and the mark stands at its K; return the K that are named."""
    chart = drawn(page)
    area, ticks = plot_area(chart), labels(chart, "x")
    left, right = area["x"], area["x"] + area["width"]
    assert right - left > 0.65 * chart.bounding_box()["width"]
    for axis in ("x", "y", "y2"):
        assert_readable(chart, axis)
    mark = chart.locator(".shapelayer path").bounding_box()
    text = chart.locator(".annotation-text", has_text="K = ")
    expect(text).to_have_text(f"K = {n_colors}")
    for name in chart.locator(".annotation-text", has_not_text="K = ").all():
        box = name.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]
        assert box["y"] + box["height"] <= text.bounding_box()["y"]
    assert middle(text.bounding_box()) == pytest.approx(middle(mark), abs=2)
    assert text.bounding_box()["x"] + text.bounding_box()["width"] <= page.viewport_size["width"]
    assert text.bounding_box()["y"] + text.bounding_box()["height"] <= area["y"] + 2
    places = [middle(box) for _, box in ticks]
    points = [middle(point) for point in boxes(chart.locator(".scatterlayer .point"))]
    first, last = min(*points, middle(mark)), max(*points, middle(mark))
    assert first - left == pytest.approx(right - last, abs=2)
    if first < last:
        assert first - left < 0.25 * (right - left)
    assert all(left < place < right for place in [*places, *points, middle(mark)])
    numbers = [int(name) for name, _ in ticks]
    if len(ticks) > 1:
        # On a logarithmic axis, places go with the logarithm.
        step = (places[-1] - places[0]) / log2(numbers[-1] / numbers[0])
        assert middle(mark) == pytest.approx(places[0] + step * log2(n_colors / numbers[0]), abs=2)
        assert places[0] == pytest.approx(first, abs=step + 2)
        assert places[-1] == pytest.approx(last, abs=step + 2)
    for axis in ("y", "y2"):
        name, lowest = labels(chart, axis)[0]
        assert float(name) == 0
        assert height(lowest) == pytest.approx(area["y"] + area["height"], abs=4)
        assert height(labels(chart, axis)[-1][1]) < area["y"] + 0.5 * area["height"]
    return numbers


def test_curve_of_a_photo(page: Page, url: str) -> None:
    page.goto(f"{url}/compare_k?k=48")
    for width, scheme in SCREENS:
        drawn(page)
        become(page, width, scheme)
        numbers = assert_curve(page, 48)
        assert numbers == [2, 4, 8, 16, 32, 64, 128, 256]
        chart = drawn(page)
        first, last = (labels(chart, "x")[end][1] for end in (0, -1))
        area = plot_area(chart)
        assert middle(first) - area["x"] < 0.05 * area["width"]
        assert area["x"] + area["width"] - middle(last) < 0.05 * area["width"]


def picture_of(n_colors: int) -> np.ndarray:
    """So many greys in stripes."""
    return np.repeat(np.linspace(0, 255, n_colors).astype(np.uint8)[None, :, None].repeat(3, 2), 4, axis=1)


def show(page: Page, folder: Path, n_colors: int) -> None:
    """Upload greys."""
    path = folder / f"{n_colors} greys.png"
    path.write_bytes(saved(picture_of(n_colors), "PNG"))
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.locator(".cq-name")).to_have_text(path.name)
    settle(page)


def test_curves_that_end_early_and_a_sentence_in_their_place_where_every_k_is_exact(
    new_page: Callable[..., Page], url: str, tmp_path: Path
) -> None:
    page = new_page(viewport={"width": 390, "height": 900})
    page.goto(f"{url}/compare_k?k=2")
    drawn(page)
    show(page, tmp_path, 3)
    assert_curve(page, 2)
    slider = page.get_by_role("slider", name="Colours (K)")
    for n_colors in (1, 2):
        show(page, tmp_path, n_colors)
        expect(slider).to_have_value(str(n_colors + 1))
        expect(page.get_by_text("there is no curve to show")).to_be_visible()
        expect(page.locator(".js-plotly-plot")).to_have_count(0)
        slider.press("ArrowRight")
        settle(page)
    slider.press("End")
    expect(page).to_have_url(re.compile("k=256"))
    show(page, tmp_path, 40)
    assert_curve(page, 256)


def assert_flat(chart: Locator) -> None:
    """A cloud laid flat fills its axes, all its entries on it."""
    expect(chart.locator(".scatterlayer .point").first).to_be_attached()
    assert chart.get_by_text("WebGL").count() == 0
    area = plot_area(chart)
    for axis in ("x", "y"):
        assert_readable(chart, axis)
    across, up = labels(chart, "x"), labels(chart, "y")
    assert middle(across[0][1]) - area["x"] < 0.34 * area["width"]
    assert area["x"] + area["width"] - middle(across[-1][1]) < 0.34 * area["width"]
    assert height(up[-1][1]) - area["y"] < 0.34 * area["height"]
    balls = chart.locator(".scatterlayer .trace").nth(1).locator(".point")
    expect(balls).to_have_count(16)
    for box in boxes(balls):
        assert area["x"] <= middle(box) <= area["x"] + area["width"]
        assert area["y"] <= height(box) <= area["y"] + area["height"]


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_clouds_in_space_and_laid_flat(
    new_page: Callable[..., Page], url: str, width: int, scheme: str
) -> None:
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{url}/compare_spaces?sample=Shapes")
    for number in (0, 1):
        assert_in_space(drawn(page, number))
    for view, told in (("a*–b*", "a*, green to red"), ("Hue–chroma", "hue, degrees")):
        page.get_by_role("radio", name=view).click()
        expect(page.get_by_text(told)).to_have_count(2)
        for number in (0, 1):
            assert_flat(drawn(page, number))


def assert_in_space(chart: Locator) -> None:
    """A cloud fills its place and is not cut off.

    Its names of axes are drawn into the picture, so the picture is what can be looked at.
    """
    expect(chart.locator("canvas").first).to_be_visible()
    with Image.open(BytesIO(chart.screenshot())) as shot:
        pixels = np.asarray(shot.convert("RGB")).astype(int)
    seen = np.nonzero(np.abs(pixels - pixels[0, 0]).max(axis=-1) > 40)
    for places, length in zip(seen, pixels.shape, strict=False):
        assert places.min() > 0
        assert places.max() < length - 1
    assert np.ptp(seen[0]) > 0.35 * len(pixels)
    assert np.ptp(seen[1]) > 0.25 * pixels.shape[1]
