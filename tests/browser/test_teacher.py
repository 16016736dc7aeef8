"""A teacher's task from start to end, by clicks: a large photo, a part of it, a link, a frame, a phone."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.panes import digest, settle
from tests.browser.test_app import WAIT_MS, upload, wait_for

SIZE = (6000, 4000)
LOOK = """() => {
  const [stage] = globalThis[Symbol.for("quantize.viewer")].stages.values()
  return { at: stage.at, mode: stage.mode, wipe: Math.round(stage.wipe.percent) }
}"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """24 megapixels that are quickly written: ramps under large squares."""
    across, down = np.meshgrid(np.linspace(0, 255, SIZE[0]), np.linspace(0, 255, SIZE[1]))
    squares = (np.indices(SIZE[::-1]) // 500).sum(axis=0) % 2 * 40
    pixels = np.stack([across, down, squares + (across + down) / 3], axis=-1).astype(np.uint8)
    path = tmp_path / "lesson.jpg"
    Image.fromarray(pixels).save(path, quality=80)
    return path


def zoom_and_choose(page: Page) -> dict:
    """Look at a part of the picture, in a wipe."""
    page.get_by_role("radio", name="8", exact=True).click()
    wait_for(page, 8)
    page.get_by_role("button", name="Wipe", exact=True).click()
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    page.locator(".panes").press("ArrowRight")
    page.get_by_role("slider", name="Wipe").press("PageUp")
    expect(page).to_have_url(re.compile(r"at=\d+-\d+-\d+-\d+.*arrange=wipe.*wipe=60"))
    settle(page)
    return page.evaluate(LOOK)


def share(page: Page) -> tuple[str, str]:
    """Share what is on the page; what the first two buttons copy."""
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("button", name="Store the picture and make a link").click()
    copied = []
    for name in ("Copy link", "Copy code"):
        page.get_by_role("button", name=name, exact=True).click()
        said = page.get_by_role("paragraph").filter(has_text=name).get_by_role("status")
        expect(said).to_have_text("Copied", timeout=WAIT_MS)
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    return copied[0], copied[1]


def assert_same(page: Page, look: dict, pictures: list[str]) -> None:
    expect(page.locator('[data-pane="1"]')).to_be_visible(timeout=WAIT_MS)
    settle(page)
    seen = page.evaluate(LOOK)
    assert (seen["mode"], seen["wipe"]) == (look["mode"], look["wipe"])
    left, top, width, height = look["at"]
    shown = seen["at"]
    # As much as is shown there must be shown here, whatever the shape of the window.
    assert shown[0] <= left + 2 and shown[1] <= top + 2  # noqa: PT018
    assert shown[0] + shown[2] >= left + width - 2
    assert shown[1] + shown[3] >= top + height - 2
    assert [digest(page, pane) for pane in (0, 1)] == pictures


def test_a_photo_a_part_of_it_a_link_a_frame_and_a_phone(
    new_page: Callable[..., Page], serve: Callable[..., str], photo: Path, tmp_path: Path
) -> None:
    url = serve("app.py")
    teacher = new_page(first=True, viewport={"width": 1440, "height": 900})
    context: BrowserContext = teacher.context
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
    teacher.goto(url)
    wait_for(teacher, 16)
    upload(teacher, photo)
    expect(teacher.locator(".cq-quiet").first).to_contain_text("6,000×4,000", timeout=WAIT_MS)
    look = zoom_and_choose(teacher)
    pictures = [digest(teacher, pane) for pane in (0, 1)]
    link, code = share(teacher)

    pupil = new_page(viewport={"width": 1440, "height": 900})
    pupil.goto(link)
    wait_for(pupil, 8)
    expect(pupil.locator(".cq-name")).to_have_text("Shared picture")
    assert_same(pupil, look, pictures)

    source = unescape(re.search(r'<iframe src="([^"]+)"', code)[1])
    alone = new_page(viewport={"width": 900, "height": 560})
    alone.goto(source)
    assert_same(alone, look, pictures)
    expect(alone.get_by_role("button", name="Wipe", exact=True)).to_be_visible()
    expect(alone.get_by_role("slider", name="Colours (K)")).to_be_hidden()
    expect(alone.get_by_test_id("stSidebar")).to_be_hidden()

    phone = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.goto(link)
    assert_same(phone, look, pictures)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("radio", name="4", exact=True).tap()
    wait_for(phone, 4)


def test_where_the_clipboard_is_refused_the_text_is_selected(page: Page, serve: Callable[..., str]) -> None:
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page.goto(f"{serve('app.py')}/?sample=shapes&k=5")
    wait_for(page, 5)
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("button", name="Copy link", exact=True).click()
    expect(page.get_by_role("status").get_by_text("Selected")).to_be_visible(timeout=WAIT_MS)
    selected = page.get_by_role("textbox", name="Link", exact=True).evaluate(
        "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    )
    assert selected.endswith("/?k=5&sample=shapes")
