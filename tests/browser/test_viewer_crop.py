"""Looking closer than the previews' pixels: the viewer asks for the visible part in full resolution."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.panes import image_bytes


@pytest.fixture
def shown(page: Page, serve: Callable[..., str]) -> Page:
    page.goto(serve(Path(__file__).with_name("viewer_app.py")) + "/?crop=1")
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    return page


def part(page: Page, pane: int) -> np.ndarray:
    image = page.locator(f'.pane:has([data-pane="{pane}"]) .part')
    expect(image).to_be_visible()
    return np.array(Image.open(io.BytesIO(image_bytes(image))))


def test_the_visible_part_arrives_for_every_pane_and_in_its_place(shown: Page) -> None:
    assert shown.locator(".part").count() == 0
    full_size = shown.get_by_role("button", name="100 %")
    expect(full_size).to_have_attribute("aria-pressed", "false")
    full_size.click()
    expect(full_size).to_have_attribute("aria-pressed", "true")
    parts = [part(shown, pane) for pane in range(2)]
    assert [pixels[0, 0, 2] for pixels in parts] == [0, 1]
    assert (parts[0][..., :2] == parts[1][..., :2]).all()
    frame = shown.locator('[data-side="right"] .frame').bounding_box()
    image = shown.locator('[data-side="right"] .part').bounding_box()
    assert image["width"] == pytest.approx(parts[1].shape[1], abs=0.01)
    assert image["x"] <= frame["x"]
    assert image["x"] + image["width"] >= frame["x"] + frame["width"]
    sheet = shown.locator('[data-pane="1"]').bounding_box()
    assert sheet["width"] == 2560
    left = round(image["x"] - sheet["x"])
    assert parts[1][0, 0, 0] == left % 256


def test_pointing_reads_the_full_resolution(shown: Page) -> None:
    shown.get_by_role("button", name="100 %").click()
    part(shown, 1)
    shown.locator('[data-side="right"] .frame').hover(position={"x": 101, "y": 57})
    place = shown.locator(".readout .place")
    expect(place).to_be_visible()
    x, y = map(int, place.text_content().split(", "))
    colors = [f"#{x % 256:02x}{y % 256:02x}{pane:02x}" for pane in range(2)]
    assert shown.locator(".readout code").all_text_contents() == colors


def test_small_moves_need_nothing_new_and_large_ones_do(shown: Page) -> None:
    shown.get_by_role("button", name="100 %").click()
    before = part(shown, 1)[0, 0].tolist()
    shown.locator(".panes").focus()
    shown.keyboard.press("ArrowRight")
    shown.wait_for_timeout(600)  # longer than the viewer waits before it asks
    assert part(shown, 1)[0, 0].tolist() == before
    old = shown.locator('[data-side="right"] .part').get_attribute("src")
    for _ in range(6):
        shown.keyboard.press("ArrowRight")
    expect(shown.locator('[data-side="right"] .part')).not_to_have_attribute("src", old)


def test_a_new_result_brings_a_new_part_and_fitting_takes_it_away(shown: Page) -> None:
    shown.get_by_role("button", name="100 %").click()
    part(shown, 1)
    shown.get_by_role("slider", name="Colours").press("ArrowRight")
    expect(shown.locator(".pane b").nth(1)).to_have_text("17 colours")
    part(shown, 1)
    shown.get_by_role("button", name="Fit").click()
    expect(shown.locator(".part")).to_have_count(0)


def test_holding_the_original_shows_its_part_too(shown: Page) -> None:
    shown.get_by_role("button", name="100 %").click()
    part(shown, 1)
    original = shown.locator('.pane:has([data-pane="0"]) .part')
    shown.get_by_role("button", name="Original").hover()
    shown.mouse.down()
    guest = shown.locator('.pane:has([data-pane="1"]) .part.guest')
    expect(guest).to_be_visible()
    assert guest.get_attribute("src") == original.get_attribute("src")
    assert guest.bounding_box()["width"] == pytest.approx(original.bounding_box()["width"], abs=0.1)
    shown.mouse.up()
    expect(shown.locator(".guest")).to_have_count(0)
