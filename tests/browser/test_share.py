"""Links in Chromium: the same picture for others, the viewer alone in a frame, what a browser may run."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from pages import SCREENS
from quantize.decoding.samples import SAMPLES
from tests.browser.panes import digest, picture
from tests.browser.test_accessible import AXE, assert_accessible
from tests.browser.test_app import WAIT_MS, figures, go_and_see, upload, wait_for
from tests.pictures import noise


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve("app.py")


def bring_noise(page: Page, url: str, folder: Path) -> None:
    """Upload a picture of noise."""
    path = folder / "noise.png"
    Image.fromarray(noise(60, 80)).save(path)
    page.goto(url)
    wait_for(page, 16)
    upload(page, path)
    expect(page.locator(".cq-name")).to_have_text("noise.png", timeout=WAIT_MS)


def share(page: Page) -> tuple[str, str]:
    """Store the picture that is on the page; return its link and the one that deletes it."""
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("button", name="Store the picture and make a link").click()
    texts = [page.get_by_role("textbox", name=name, exact=True) for name in ("Link", "Link that deletes")]
    expect(texts[1]).to_have_value(re.compile("delete="), timeout=WAIT_MS)
    page.wait_for_url(re.compile("share=[0-9a-f]{44}"))
    return texts[0].input_value(), texts[1].input_value()


def test_a_link_shows_others_the_same_pixels(new_page: Callable[..., Page], url: str, tmp_path: Path) -> None:
    path = tmp_path / "secret name.jpg"
    path.write_bytes(SAMPLES["rocket"].read())
    sender = new_page()
    sender.goto(f"{url}/?k=7&space=LAB")
    upload(sender, path)
    expect(sender.locator(".cq-name")).to_have_text("secret name.jpg", timeout=WAIT_MS)
    wait_for(sender, 7)
    link, _ = share(sender)
    other = new_page()
    other.goto(link)
    wait_for(other, 7)
    expect(other.locator(".cq-name")).to_have_text("Shared picture")
    assert "secret" not in other.content()
    for pane in (0, 1):
        shown = [np.asarray(picture(page, pane).convert("RGBA")) for page in (sender, other)]
        assert np.array_equal(*shown)
    # The sender's file was a JPEG; what is shared are its pixels, as a PNG.
    said, told = (figures(page).split("Time")[0] for page in (other, sender))
    assert said.split("File")[0] == told.split("File")[0]
    assert said.split("→")[-1].replace("PNG", "").split() == told.split("→")[-1].replace("PNG", "").split()


def test_a_link_leads_to_its_page_and_survives_a_reload_but_not_that_it_is_deleted(
    new_page: Callable[..., Page], url: str, tmp_path: Path
) -> None:
    sender = new_page()
    bring_noise(sender, url, tmp_path)
    link, delete_link = share(sender)
    sender.keyboard.press("Escape")
    sender.get_by_role("link", name="Compare K").click()
    expect(sender.locator('[data-pane="5"]')).to_be_visible(timeout=WAIT_MS)
    other = new_page()
    other.goto(sender.url)
    expect(other.locator('[data-pane="5"]')).to_be_visible(timeout=WAIT_MS)
    assert digest(other, 0) == digest(sender, 0)
    other.reload()
    expect(other.locator(".cq-name")).to_have_text("Shared picture", timeout=WAIT_MS)

    other.goto(delete_link)
    other.get_by_role("button", name="Delete it").click()
    expect(other.get_by_text("The shared picture was deleted")).to_be_visible(timeout=WAIT_MS)
    sender.reload()  # the upload is gone with it, and neither is passed over
    expect(sender.get_by_text("it has expired or was deleted")).to_be_visible(timeout=WAIT_MS)
    other.goto(link)
    expect(other.get_by_text("it has expired or was deleted")).to_be_visible(timeout=WAIT_MS)
    expect(other.locator(".cq-name")).to_have_text("Coffee")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another site, whose pages lie in a folder."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    handler.log_message = lambda *_: None  # type: ignore[attr-defined]
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}", tmp_path
    server.shutdown()
    server.server_close()
    thread.join()


def test_another_site_may_frame_the_viewer_alone(page: Page, url: str, site: tuple[str, Path]) -> None:
    address, folder = site
    (folder / "blog.html").write_text(
        f'<iframe src="{url}/?k=8&amp;embed=true" width="900" height="500"></iframe>'
    )
    page.goto(f"{address}/blog.html")
    frame = page.frame_locator("iframe")
    expect(frame.locator('[data-pane="1"]')).to_be_visible(timeout=WAIT_MS)
    expect(frame.get_by_role("button", name="Side by side")).to_be_visible()
    expect(frame.get_by_role("slider", name="Colours (K)")).to_be_hidden()
    expect(frame.get_by_test_id("stSidebar")).to_be_hidden()
    expect(frame.get_by_role("button", name="Download PNG")).to_be_hidden()


def test_another_site_may_not_frame_the_whole_app(page: Page, url: str, site: tuple[str, Path]) -> None:
    address, folder = site
    (folder / "trap.html").write_text(f'<iframe src="{url}/?k=8" width="900" height="500"></iframe>')
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{address}/trap.html")


def test_each_page_says_what_it_is_is_accessible_and_the_security_policy_stops_nothing_of_ours(
    page: Page, url: str
) -> None:
    broken: list[str] = []
    page.on(
        "console", lambda message: broken.append(message.text) if "Content Security" in message.text else None
    )
    page.set_viewport_size({"width": 1440, "height": 844})
    page.goto(f"{url}/?sample=Shapes")
    page.evaluate(AXE)
    for screen in SCREENS:
        go_and_see(page, page.get_by_role("navigation", name="App pages"), screen)
        expect(page.locator('[data-pane="1"], .run[data-ready]')).to_be_visible(timeout=WAIT_MS)
        if screen.file in ("compare_k", "compare_spaces"):
            expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=WAIT_MS)
        assert broken == []
        assert_accessible(page)
        page.get_by_role("button", name="Share", exact=True).click()  # and its link is the page's own address
        expect(page.locator(".st-key-copy_link textarea")).to_have_value(page.url)
        page.keyboard.press("Escape")
        expect(page.locator(".st-key-copy_link")).to_have_count(0)
    assert broken == []
