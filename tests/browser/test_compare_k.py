"""The page that compares K in Chromium: a K that is used is ticked and in sight; each click counts."""

import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from quantize import quantize_image
from tests.browser.panes import SETTLE_SECONDS, image_bytes, into_view, settle
from tests.pictures import noise, png, smooth


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return f"{serve('app.py')}/compare_k"


def tile(page: Page, n_colors: int, ticked: bool = True) -> Locator:
    """The name of a tile; only the current K's has a tick."""
    return page.locator(f'b:text-is("K = {n_colors}{" ✓" * ticked}")')


# Plotly tells of a click only what lies under the pointer since the last move that it has looked at.
IS_OVER = """async index => {
  for (let left = 25; left; left--) {
    await new Promise(resolve => setTimeout(resolve, 20))
    const charts = [...document.querySelectorAll(".js-plotly-plot")]
    if (charts.some(chart => chart._hoverdata?.some(({ pointNumber }) => pointNumber === index))) return true
  }
  return false
}"""


def click_point(page: Page, index: int) -> None:
    """Click a point of the curve of errors as a person does, wherever it stands by now, once it is marked."""
    settle(page)
    deadline = time.monotonic() + SETTLE_SECONDS
    point = page.locator(".js-plotly-plot .scatterlayer .trace").first.locator(".point").nth(index)
    while time.monotonic() < deadline:
        box = into_view(point)
        # The chart takes the pointer for all its points, hence no click() on the point itself.
        page.mouse.move(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2)
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if page.evaluate(IS_OVER, index):
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            return
    raise AssertionError(f"point {index} is never under the pointer")


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Colours (K)")


def test_the_suggested_k_gets_a_tile_in_sight(new_page: Callable[..., Page], url: str) -> None:
    page = new_page(viewport={"width": 1280, "height": 700})
    page.goto(url)
    use = page.get_by_role("button", name="Use K = 48")
    use.scroll_into_view_if_needed()
    use.click()
    expect(tile(page, 48)).to_be_in_viewport()
    settle(page)
    expect(page.locator(".pane[data-marked] .frame")).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_test_id("stMultiSelect").filter(has_text="Compare")).to_contain_text("48")
    expect(page.locator(".pane[data-marked] b")).to_have_text("K = 48 ✓")
    expect(slider(page)).to_have_value("48")


def test_each_click_on_a_point_counts_and_nothing_else_does(page: Page, url: str) -> None:
    page.goto(url)
    expect(tile(page, 16)).to_be_visible()
    click_point(page, 9)
    expect(tile(page, 48)).to_be_visible()
    expect(slider(page)).to_have_value("48")
    slider(page).press("ArrowRight")
    expect(slider(page)).to_have_value("49")
    settle(page)
    page.get_by_role("radio", name="16", exact=True).click()
    expect(tile(page, 16)).to_be_visible()
    settle(page)
    # Reruns without a click leave K alone.
    page.get_by_role("radio", name="MSE", exact=True).click()
    expect(page.get_by_text("mean MSE").first).to_be_visible()
    page.get_by_role("radio", name="ΔE00", exact=True).click()
    expect(page.get_by_text("mean ΔE00").first).to_be_visible()
    settle(page)
    expect(slider(page)).to_have_value("16")
    # The same point again, and once more where the chart is as it was at the first click.
    click_point(page, 9)
    expect(tile(page, 48)).to_be_visible()
    expect(slider(page)).to_have_value("48")
    click_point(page, 0)
    expect(tile(page, 2)).to_be_visible()
    expect(slider(page)).to_have_value("2")
    expect(tile(page, 48, ticked=False)).to_be_visible()


def test_the_point_of_the_current_k_can_be_clicked_in_vain(page: Page, url: str) -> None:
    page.goto(url)
    expect(tile(page, 16)).to_be_visible()
    for _ in range(3):
        click_point(page, 6)
    settle(page)
    expect(slider(page)).to_have_value("16")
    slider(page).press("ArrowRight")
    expect(slider(page)).to_have_value("17")
    settle(page)
    expect(slider(page)).to_have_value("17")
    click_point(page, 6)
    expect(slider(page)).to_have_value("16")


def test_the_curve_stays_under_the_pointer(page: Page, url: str) -> None:
    page.goto(url)
    expect(tile(page, 16)).to_be_visible()
    points = page.locator(".js-plotly-plot .scatterlayer .trace").first.locator(".point")
    click_point(page, 0)
    expect(tile(page, 2)).to_be_visible()
    settle(page)
    before = points.nth(9).bounding_box()
    click_point(page, 9)
    expect(tile(page, 48)).to_be_visible()
    expect(tile(page, 2, ticked=False)).to_be_visible()
    settle(page)
    after = points.nth(9).bounding_box()
    assert abs(after["y"] - before["y"]) < 5, (before, after)


def test_with_the_list_full_one_gives_way_and_the_page_says_which(
    new_page: Callable[..., Page], url: str
) -> None:
    page = new_page(viewport={"width": 390, "height": 700})
    page.goto(f"{url}?{'&'.join(f'ks={k}' for k in (2, 3, 4, 8, 16, 64, 128, 256))}")
    expect(tile(page, 256, ticked=False)).to_be_visible()
    use = page.get_by_role("button", name="Use K = 48")
    use.scroll_into_view_if_needed()
    use.click()
    expect(tile(page, 48)).to_be_in_viewport()
    expect(tile(page, 64, ticked=False)).to_have_count(0)
    news = page.get_by_text("K = 48 took the place of K = 64")
    expect(news.first).to_be_visible()
    expect(news.and_(page.get_by_test_id("stToastText").locator("*"))).to_be_in_viewport()
    expect(page.locator("[data-pane]")).to_have_count(9)
    settle(page)
    expect(page.locator(".pane[data-marked] .frame")).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_test_id("stMultiSelect").filter(has_text="Compare")).to_contain_text("48")
    expect(page.locator(".pane[data-marked] b")).to_have_text("K = 48 ✓")
    expect(slider(page)).to_have_value("48")


def test_three_clicks_at_once_leave_page_and_address_at_one_k(page: Page, url: str) -> None:
    page.goto(url)
    expect(tile(page, 16)).to_be_visible()
    settle(page)
    points = page.locator(".js-plotly-plot .scatterlayer .trace").first.locator(".point")
    into_view(points.first)
    boxes = [points.nth(index).bounding_box() for index in (9, 4, 11)]
    for box in boxes:
        page.mouse.move(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(50)  # a hasty hand, not a wait for content
    # The chart moves when a row of tiles comes, and a click may have met one of the viewer's own buttons.
    page.get_by_role("button", name="Side by side").click()
    ticked = page.locator('b:text-matches("^K = \\\\d+ ✓$")')
    expect(ticked).to_have_count(1)

    def told() -> set[str]:
        """K of the tile, the slider and the address."""
        settle(page)
        in_address = parse_qs(urlsplit(page.url).query).get("k", ["16"])
        return {ticked.inner_text().split()[2], slider(page).input_value(), *in_address}

    deadline = time.monotonic() + 60
    while (len(told()) != 1 or told() == {"16"}) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert len(told()) == 1
    assert told() != {"16"}  # which click counts last: Plotly does not hear one while it draws anew


def test_a_typed_k_is_taken_and_large_pictures_are_themselves_at_full_size(
    page: Page, url: str, tmp_path: Path
) -> None:
    pixels = smooth(900, 1200) + noise(900, 1200) % 7
    (tmp_path / "large.png").write_bytes(png(pixels))
    page.goto(url)
    expect(tile(page, 16)).to_be_visible()
    settle(page)
    page.locator('input[type="file"]').set_input_files(tmp_path / "large.png")
    expect(page.locator(".cq-name")).to_have_text("large.png")
    settle(page)
    box = page.get_by_role("combobox", name="Compare")
    box.press_sequentially("5")  # 50 to 59 begin like it
    box.press("Enter")
    expect(tile(page, 5, ticked=False)).to_be_visible()
    box.press("Escape")
    settle(page)
    assert parse_qs(urlsplit(page.url).query)["ks"] == ["4-8-16-32-64-5"]
    page.get_by_role("button", name="100 %").click()
    parts = page.locator(".pane img.part")
    expect(parts).to_have_count(7)
    settle(page)
    original, five = part(page, 0), part(page, 2)
    rows = np.lib.stride_tricks.sliding_window_view(pixels, (1, 24, 3))[:, :, 0, 0]
    ((top, left),) = np.argwhere((rows == original[0, :24]).all(axis=(2, 3)))
    place = slice(top, top + len(original)), slice(left, left + original.shape[1])
    np.testing.assert_array_equal(original, pixels[place])
    np.testing.assert_array_equal(five, quantize_image(pixels, n_colors=5).pixels[place])


def part(page: Page, pane: int) -> np.ndarray:
    """The part in full resolution that a pane shows, uint8 (h, w, 3)."""
    image = page.locator(f'.pane:has([data-pane="{pane}"]) img.part')
    return np.asarray(Image.open(BytesIO(image_bytes(image))).convert("RGB"))
