"""Moving about in the viewer: keys, mouse, wheel, fingers, wipe, flip and full screen."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panes import opened

APP = Path(__file__).with_name("viewer_app.py")


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def width(page: Page, pane: int) -> float:
    return page.locator(f'[data-pane="{pane}"]').bounding_box()["width"]


def left(page: Page, pane: int) -> float:
    """Where the picture begins, seen from its frame."""
    image = page.locator(f'[data-pane="{pane}"]')
    return image.evaluate("i => i.getBoundingClientRect().x - i.closest('.frame').getBoundingClientRect().x")


def test_keys_move_all_panes_together(page: Page, url: str) -> None:
    opened(page, url).locator(".panes").focus()
    fitting = width(page, 0)
    page.keyboard.press("1")
    assert [width(page, 0), width(page, 1)] == [640, 640]
    for _ in range(3):
        page.keyboard.press("+")
    assert width(page, 1) == 640 * 3
    before = left(page, 1)
    page.keyboard.press("ArrowRight")
    assert left(page, 1) < before
    assert left(page, 0) == left(page, 1)
    page.keyboard.press("-")
    assert width(page, 0) == 640 * 2
    page.keyboard.press("0")
    assert width(page, 0) == fitting


def test_pixels_are_squares_above_100_percent(page: Page, url: str) -> None:
    opened(page, url).locator(".panes").focus()
    image = page.locator('[data-pane="1"]')
    assert image.evaluate("i => getComputedStyle(i).imageRendering") == "auto"
    page.keyboard.press("1")
    page.keyboard.press("+")
    assert image.evaluate("i => getComputedStyle(i).imageRendering") == "pixelated"


def test_a_drag_moves_the_picture_with_the_pointer(page: Page, url: str) -> None:
    opened(page, url).get_by_role("button", name="100 %").click()
    page.get_by_role("button", name="Zoom in").click()
    before = left(page, 0)
    page.locator('[data-side="right"] .frame').hover()
    page.mouse.down()
    box = page.locator('[data-side="right"] .frame').bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20, steps=4)
    page.mouse.move(box["x"] + 60, box["y"] + 20, steps=4)
    page.mouse.up()
    assert left(page, 0) == left(page, 1)
    assert left(page, 0) != before


def test_the_wheel_scrolls_the_page_until_it_is_meant_for_the_picture(page: Page, url: str) -> None:
    opened(page, url).set_viewport_size({"width": 1280, "height": 500})
    frame = page.locator('[data-side="left"] .frame')
    frame.hover()
    top, fitting = frame.bounding_box()["y"], width(page, 0)
    page.mouse.wheel(0, 60)
    expect(page.get_by_role("status").filter(has_text="wheel zooms")).to_be_visible()
    page.wait_for_function("top => document.querySelector('[data-testid=stMain]').scrollTop > 0", arg=top)
    assert width(page, 0) == fitting
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(READ_ZOOM_ABOVE, arg=fitting)
    zoomed = width(page, 0)
    frame.click(position={"x": 100, "y": 100})
    page.mouse.wheel(0, -200)
    page.wait_for_function(READ_ZOOM_ABOVE, arg=zoomed + 1)


READ_ZOOM_ABOVE = """width => {
  const host = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
  const image = host.map(e => e.shadowRoot.querySelector('[data-pane="0"]')).find(Boolean)
  return image.getBoundingClientRect().width > width
}"""


def test_what_lies_under_the_wheel_stays_there(page: Page, url: str) -> None:
    image = opened(page, url).locator('[data-pane="0"]')
    box = image.bounding_box()
    point = (box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    page.mouse.move(*point)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -500)
    page.wait_for_function(READ_ZOOM_ABOVE, arg=box["width"] * 1.5)
    page.keyboard.up("Control")
    after = image.bounding_box()
    assert (point[0] - after["x"]) / after["width"] == pytest.approx(0.25, abs=0.002)
    assert (point[1] - after["y"]) / after["height"] == pytest.approx(0.25, abs=0.002)


@pytest.mark.parametrize(("mode", "delta"), [(0, -100), (1, -3)])
def test_a_notch_of_the_wheel_zooms_alike_in_whatever_unit_it_comes(
    page: Page, url: str, mode: int, delta: int
) -> None:
    opened(page, url)
    before = width(page, 0)
    turn = """(frame, [deltaMode, deltaY]) => frame.dispatchEvent(new WheelEvent("wheel",
      { deltaMode, deltaY, ctrlKey: true, bubbles: true, cancelable: true, clientX: 200, clientY: 300 }))"""
    frame = page.locator('[data-side="left"] .frame')
    frame.evaluate(turn, [mode, delta])
    assert width(page, 0) / before == pytest.approx(math.exp(0.2), rel=0.01)
    frame.evaluate(turn, [0, -20])  # a pinch comes in small steps of pixels, and does more by each
    assert width(page, 0) / before == pytest.approx(math.exp(0.4), rel=0.01)


def test_the_wipe_is_moved_by_keys_and_mouse(page: Page, url: str) -> None:
    opened(page, url).get_by_role("button", name="Wipe").click()
    slider = page.get_by_role("slider", name="Wipe")
    slider.press("Home")
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "2")
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "100")
    box = page.locator(".panes").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 100, steps=3)
    page.mouse.up()
    expect(slider).to_have_attribute("aria-valuenow", "25")
    cut = page.locator('[data-side="right"] .frame').evaluate("f => getComputedStyle(f).clipPath")
    assert float(cut.split()[-1].strip("%)")) == pytest.approx(25, abs=0.5)


def test_any_two_of_several_panes_can_be_wiped(page: Page, url: str) -> None:
    opened(page, f"{url}/?panes=3").get_by_role("button", name="Wipe").click()
    expect(page.locator('[data-pane="0"]')).to_be_visible()
    page.get_by_label("Left of the wipe").select_option("16 colours")
    expect(page.locator('[data-pane="0"]')).to_be_hidden()
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    expect(page.locator('[data-pane="2"]')).to_be_visible()


def test_the_original_is_everywhere_while_its_button_is_held(page: Page, url: str) -> None:
    opened(page, url).get_by_role("button", name="Original").hover()
    page.mouse.down()
    guest = page.locator('[data-side="right"] .guest')
    expect(guest).to_be_visible()
    original = page.locator('[data-pane="0"]').get_attribute("data-digest")
    assert guest.get_attribute("data-digest") == original
    page.mouse.up()
    expect(guest).to_have_count(0)
    page.locator(".panes").focus()
    page.keyboard.down("o")
    expect(guest).to_be_visible()
    page.keyboard.up("o")
    expect(guest).to_have_count(0)


def test_full_screen_and_back(page: Page, url: str) -> None:
    opened(page, url).get_by_role("button", name="Full screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    page.get_by_role("button", name="Error").click()
    expect(page.locator(".error")).to_be_visible()
    frame = page.locator('[data-side="right"] .frame').bounding_box()
    bottom = page.evaluate("innerHeight")
    assert bottom - 110 < frame["y"] + frame["height"] < bottom - 50
    expect(page.locator(".legend")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function("document.fullscreenElement === null")
    expect(page.locator('[data-pane="1"]')).to_be_visible()


@pytest.fixture
def phone(new_page: Callable[..., Page], url: str) -> Page:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2)
    return opened(page, url)


def test_on_a_phone_two_pictures_lie_on_each_other(phone: Page) -> None:
    expect(phone.get_by_role("slider", name="Wipe")).to_be_visible()
    boxes = [phone.locator(f'[data-pane="{index}"]').bounding_box() for index in range(2)]
    assert boxes[0] == boxes[1]
    tools = phone.get_by_role("toolbar").bounding_box()
    assert tools["height"] < 50
    phone.get_by_role("button", name="Side by side").click()
    assert phone.locator('[data-pane="1"]').bounding_box()["y"] > boxes[1]["y"] + 200


def test_two_fingers_zoom_and_one_moves(phone: Page) -> None:
    box = phone.locator('[data-pane="0"]').bounding_box()
    touch = phone.context.new_cdp_session(phone)

    def fingers(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": box["x"] + x, "y": box["y"] + y, "id": i} for i, (x, y) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (40, 80))
    fingers("touchStart", (40, 80), (80, 80))
    for step in range(1, 5):
        fingers("touchMove", (40 - 5 * step, 80), (80 + 10 * step, 80))
    fingers("touchEnd")
    assert width(phone, 0) == pytest.approx(box["width"] * 2.5, rel=0.1)
    before = left(phone, 0)
    fingers("touchStart", (100, 80))
    for step in range(1, 5):
        fingers("touchMove", (100 - 10 * step, 80))
    fingers("touchEnd")
    assert left(phone, 0) == pytest.approx(before - 40, abs=2)
    assert left(phone, 1) == left(phone, 0)


FOCUSED = """() => {
  let focused = document.activeElement
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused.ariaLabel ?? focused.textContent.trim()
}"""


def test_tab_leads_through_the_tools_to_the_pictures_and_on(page: Page, url: str) -> None:
    opened(page, url).get_by_role("button", name="Wipe").click()
    steps = []
    for _ in range(11):
        page.keyboard.press("Tab")
        steps.append(page.evaluate(FOCUSED))
    tools = ["Original", "Error", "Zoom out", "Zoom in", "Fit", "100 %", "Full screen"]
    pictures = ["Pictures: arrow keys move, plus and minus zoom, 0 fits", "Wipe"]
    assert steps[:9] == [*tools, *pictures]
    assert not set(steps[9:]) & {*tools, *pictures}


def test_enter_on_its_button_shows_the_original_while_it_is_down(page: Page, url: str) -> None:
    opened(page, url).get_by_role("button", name="Original").focus()
    page.keyboard.down("Enter")
    expect(page.locator(".guest")).to_have_count(1)
    page.keyboard.up("Enter")
    expect(page.locator(".guest")).to_have_count(0)


def middle(page: Page, pane: int) -> list[float]:
    """The place of the picture in the middle of its frame, each 0 to 1."""
    return page.locator(f'[data-pane="{pane}"]').evaluate("""i => {
      const [image, frame] = [i.getBoundingClientRect(), i.closest(".frame").getBoundingClientRect()]
      const [right, down] = [frame.x + frame.width / 2 - image.x, frame.y + frame.height / 2 - image.y]
      return [right / image.width, down / image.height]
    }""")


def test_a_button_leads_all_panes_to_a_place_and_again(page: Page, url: str) -> None:
    opened(page, f"{url}?places=1")
    page.get_by_role("button", name="middle").click()
    assert middle(page, 0) == pytest.approx([0.5, 0.5], abs=0.01)
    assert width(page, 0) == width(page, 1) > 640 * 2
    page.get_by_role("button", name="Fit").click()
    fitting = width(page, 1)
    page.get_by_role("button", name="middle").press("Enter")
    assert width(page, 1) > fitting
    page.get_by_role("button", name="corner").click()
    corner = middle(page, 1)
    assert corner == middle(page, 0)
    assert min(corner) > 0.85


def test_without_places_there_are_no_buttons(page: Page, url: str) -> None:
    opened(page, url)
    expect(page.get_by_role("toolbar", name="Places")).to_be_hidden()
