"""The viewer in Chromium: what is on the page is what Python made, and no byte travels twice."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.panes import count_colors, digest, opened, picture, picture_bytes, settle

APP = Path(__file__).with_name("viewer_app.py")


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def fewer_colors(page: Page) -> None:
    """One step down on the slider, until the new picture is on the page and all else has arrived."""
    before = digest(page, 1)
    page.get_by_role("slider", name="Colours").press("ArrowLeft")
    expect(page.locator('[data-pane="1"]')).not_to_have_attribute("data-digest", before)
    settle(page)


def test_the_picture_on_the_page_has_exactly_its_colors(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    shown = picture(page, 1)
    assert shown.mode == "P"
    assert count_colors(shown) == 16
    assert count_colors(picture(page, 0)) > 100_000


def test_a_new_picture_replaces_the_old_one_without_a_gap_or_a_jump(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    page.evaluate("""() => {
      const find = root => root.querySelector('[data-pane="1"]')
        ?? [...root.querySelectorAll("*")].map(e => e.shadowRoot && find(e.shadowRoot)).find(Boolean)
      window.seen = new Set()
      const look = () => {
        const image = find(document)
        const box = image?.closest("section").getBoundingClientRect()
        window.seen.add(image?.complete && image.naturalWidth ? `${box.top} ${box.height}` : "blank")
        requestAnimationFrame(look)
      }
      look()
    }""")
    for _ in range(3):
        fewer_colors(page)
    assert count_colors(picture(page, 1)) == 13
    assert len(page.evaluate("[...window.seen]")) == 1
    assert "blank" not in page.evaluate("[...window.seen]")


def test_only_the_picture_that_changed_is_sent(page: Page, url: str) -> None:
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.goto(url)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    original, result = (len(picture_bytes(page, index)) for index in range(2))
    assert original > 500_000
    fewer_colors(page)
    received.clear()
    fewer_colors(page)
    assert result / 2 < sum(received) < result + 20_000


def test_panes_carry_labels_and_captions(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_text("median cut, pane 1")).to_be_visible()
    expect(page.get_by_role("img", name="16 colours")).to_be_visible()


@pytest.mark.parametrize(("window", "size", "beside"), [(1280, (600, 400), True), (700, (160, 90), True),
    (700, (400, 600), True), (700, (3000, 1000), False)])  # fmt: skip
def test_two_panes_are_beside_each_other_wherever_the_shape_allows(
    page: Page, url: str, window: int, size: tuple[int, int], beside: bool
) -> None:
    page.set_viewport_size({"width": window, "height": 900})
    page.goto(f"{url}/?size={size[0]}x{size[1]}")
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    settle(page)
    first, second = (page.locator(".frame").nth(index).bounding_box() for index in range(2))
    assert (first["y"] == second["y"]) == beside
    assert first["width"] * (1 + beside) > 0.9 * page.locator(".panes").bounding_box()["width"]


def test_what_is_transparent_shows_squares_and_what_is_opaque_itself(page: Page, url: str) -> None:
    page.goto(f"{url}/?clear=1")
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    settle(page)
    for mode in ("Side by side", "Wipe"):
        page.get_by_role("button", name=mode).click()
        for pane, x in ((0, 0.05), (1, 0.95)):
            box = page.locator(f'[data-pane="{pane}"]').bounding_box()
            clip = {"x": box["x"] + x * box["width"] - 10, "y": box["y"] + 60, "width": 20, "height": 20}
            seen = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
            greys = np.asarray(seen).astype(int)
            assert np.ptp(greys, axis=2).max() <= 2
            assert np.ptp(greys) > 20
    assert picture(page, 1).mode == "RGBA"


@pytest.mark.parametrize("panes", [2, 9])
def test_every_pane_is_inside_the_window_at_first(page: Page, url: str, panes: int) -> None:
    page.goto(f"{url}/?panes={panes}")
    for index in range(panes):
        image = page.locator(f'[data-pane="{index}"]')
        expect(image).to_be_visible()
        box = image.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] + box["height"] <= 800
        assert box["width"] / box["height"] == pytest.approx(640 / 480, rel=0.02)


def test_of_quick_changes_the_last_one_stays(page: Page, url: str) -> None:
    slider = opened(page, url).get_by_role("slider", name="Colours")
    for _ in range(8):
        slider.press("ArrowRight", no_wait_after=True)
    expect(page.locator(".pane b").nth(1)).to_have_text("24 colours")
    expect(page.get_by_role("option")).to_have_count(24)
    assert count_colors(picture(page, 1)) == 24


SHELF = "globalThis[Symbol.for('quantize.viewer')].pictures.size"


def test_while_pictures_are_on_their_way_what_is_shown_is_dimmed(page: Page, url: str) -> None:
    opened(page, url)
    settle(page)
    panes = page.locator(".panes")
    expect(panes).not_to_have_attribute("data-coming", "")
    page.evaluate(
        """() => {
          const { scenes, bell } = globalThis[Symbol.for("quantize.viewer")]
          const [[key, scene]] = scenes
          const tell = next => { scenes.set(key, next); bell.dispatchEvent(new Event("change")) }
          tell({ ...scene, panes: scene.panes.map(pane => ({ ...pane, digest: "not there" })) })
          window.back = () => tell(scene)
        }"""
    )
    expect(panes).to_have_attribute("data-coming", "")
    expect(panes).to_have_css("opacity", "0.4")
    page.evaluate("window.back()")
    expect(panes).not_to_have_attribute("data-coming", "")
    expect(panes).to_have_css("opacity", "1")


def test_pictures_that_nobody_shows_are_let_go(page: Page, url: str) -> None:
    opened(page, url)
    for _ in range(3):
        fewer_colors(page)
    page.wait_for_function(f"{SHELF} === 2")


def test_a_reload_and_a_lost_connection_leave_no_blank_pane(page: Page, url: str) -> None:
    opened(page, url).reload()
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    page.context.set_offline(True)
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    expect(page.locator('[data-pane="0"]')).to_be_visible()
    fewer_colors(page)
    assert count_colors(picture(page, 1)) == 15
    assert count_colors(picture(page, 0)) > 100_000


def test_the_veil_follows_the_theme(page: Page, url: str) -> None:
    opened(page, url).locator('[data-side="right"] .frame').click(position={"x": 60, "y": 60})
    veil = page.locator('[data-side="left"] .veil')
    expect(veil).to_be_visible()
    light = veil.get_attribute("src")
    page.emulate_media(color_scheme="dark")
    expect(veil).not_to_have_attribute("src", light)
