"""A shared picture that somebody deletes while others look at it: a sentence and a sample on every page."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pages._store.store import Receipt, ShareStore
from quantize import Picture
from tests.browser.panes import settle
from tests.pictures import smooth

PLACES = {
    **{"Studio": "", "Compare K": "compare_k", "Palette": "palette"},
    **{"Your palette": "your_palette", "LAB vs BGR": "compare_spaces"},
}
NEWS = "it has expired or was deleted"


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve("app.py")


def put(width: int, height: int = 60) -> Receipt:
    """Share a picture of a size that no other test uses."""
    folder = os.environ["QUANTIZE_SHARE_STORE"]
    store = ShareStore(folder, max_age=timedelta(days=30), max_bytes=2**30)
    return store.put(Picture.from_pixels(smooth(height, width)))


def look_and_delete(new_page: Callable[..., Page], url: str, receipt: Receipt, place: str) -> Page:
    """Somebody looks at a shared picture; somebody else deletes it."""
    page, other = new_page(), new_page()
    page.goto(f"{url}/{place}?share={receipt.id}&k=11")
    expect(page.locator(".cq-name")).to_have_text("Shared picture")
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    settle(page)
    other.goto(f"{url}/?share={receipt.id}&delete={receipt.delete_key}")
    other.get_by_role("button", name="Delete it").click()
    expect(other.get_by_text("The shared picture was deleted")).to_be_visible()
    return page


def assert_replaced(page: Page) -> None:
    expect(page.get_by_text(NEWS)).to_be_visible()
    expect(page.locator(".cq-name")).to_have_text("Coffee")
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    assert "share=" not in page.url
    assert "k=11" in page.url


@pytest.mark.parametrize("name", ["Compare K", "Palette", "LAB vs BGR"])
def test_the_next_change(new_page: Callable[..., Page], url: str, name: str) -> None:
    """Studio's are below; where it was deleted another page follows, the one before in the row."""
    number = list(PLACES).index(name)
    page = look_and_delete(new_page, url, put(91 + number), PLACES[name])
    following = list(PLACES)[number - 1]
    page.get_by_role("radio", name="Oklab").or_(page.get_by_role("button", name="Oklab")).first.click()
    assert_replaced(page)
    page.get_by_role("link", name=following, exact=True).click()
    assert_replaced(page)


def test_the_download_that_needs_it(new_page: Callable[..., Page], url: str) -> None:
    page = look_and_delete(new_page, url, put(97), "")
    page.get_by_role("button", name="Download PNG").click()
    assert_replaced(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    assert download.value.suggested_filename == "Coffee-11.png"


def test_a_closer_look(new_page: Callable[..., Page], url: str) -> None:
    page = look_and_delete(new_page, url, put(2400, 1600), "")
    page.get_by_role("button", name="100 %").click()
    assert_replaced(page)


def test_a_change_within_a_part_of_the_page(new_page: Callable[..., Page], url: str) -> None:
    """What runs alone, without the frame around it."""
    page = look_and_delete(new_page, url, put(99), "compare_spaces")
    page.get_by_role("radio", name="a*–b*").click()
    settle(page)
    page.get_by_role("slider", name="Colours (K)").press("ArrowRight")
    expect(page.get_by_text(NEWS)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
