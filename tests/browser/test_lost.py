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


def put(width: int, height: int) -> Receipt:
    """Share a picture of a size that no other test uses."""
    folder = os.environ["QUANTIZE_SHARE_STORE"]
    store = ShareStore(folder, max_age=timedelta(days=30), max_bytes=2**30)
    return store.put(Picture.from_pixels(smooth(height, width)))


def look(page: Page, url: str, receipt: Receipt, place: str) -> Page:
    """Look at a shared picture."""
    page.goto(f"{url}/{PLACES[place]}?share={receipt.id}&k=11")
    expect(page.locator(".cq-name")).to_have_text("Shared picture")
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    settle(page)
    return page


def delete(page: Page, url: str, receipt: Receipt) -> None:
    """Delete it, as its owner."""
    page.goto(f"{url}/?share={receipt.id}&delete={receipt.delete_key}")
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("The shared picture was deleted")).to_be_visible()


def assert_replaced(page: Page) -> None:
    expect(page.get_by_text(NEWS)).to_be_visible()
    expect(page.locator(".cq-name")).to_have_text("Coffee")
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator('[data-pane="1"]')).to_be_visible()
    assert "share=" not in page.url
    assert "k=11" in page.url


def test_all_who_look_are_told_at_their_next_change(new_page: Callable[..., Page], url: str) -> None:
    """Each in a tab; one deletes what all of them look at."""
    receipt, owner = put(2400, 91), new_page()

    def tab(place: str) -> Page:
        return look(new_page(beside=owner), url, receipt, place)

    changing = {place: tab(place) for place in ("Compare K", "Palette", "LAB vs BGR")}
    downloading, nearing, within = tab("Studio"), tab("Studio"), tab("LAB vs BGR")
    delete(owner, url, receipt)
    for place, page in changing.items():
        change_space(page, place)
    download(downloading)
    look_closer(nearing)
    change_a_part(within)


def change_space(page: Page, place: str) -> None:
    """Where it was deleted another page follows, the one before in the row."""
    page.get_by_role("radio", name="Oklab").or_(page.get_by_role("button", name="Oklab")).first.click()
    assert_replaced(page)
    following = list(PLACES)[list(PLACES).index(place) - 1]
    page.get_by_role("link", name=following, exact=True).click()
    assert_replaced(page)


def download(page: Page) -> None:
    page.get_by_role("button", name="Download PNG").click()
    assert_replaced(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    assert download.value.suggested_filename == "Coffee-11.png"


def look_closer(page: Page) -> None:
    page.get_by_role("button", name="100 %").click()
    assert_replaced(page)


def change_a_part(page: Page) -> None:
    """What runs alone, without the frame around it."""
    page.get_by_role("radio", name="a*–b*").click()
    settle(page)
    page.get_by_role("slider", name="Colours (K)").press("ArrowRight")
    expect(page.get_by_text(NEWS)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
