"""What a visitor meets when the server dies, the store fails, or they leave in the middle of something."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from pages._store.store import open_store
from tests.browser.conftest import launch, wait_until_healthy
from tests.browser.panes import picture
from tests.browser.test_app import WAIT_MS, upload, wait_for
from tests.pictures import noise, saved

SHARE = "Store the picture and make a link"


class Mortal:
    """A server of the app that can be killed without a word and started again at the same address."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.server, self.url = launch(("app.py",), log)
        wait_until_healthy(self.server, self.url, log)

    def kill(self) -> None:
        os.kill(self.server.pid, signal.SIGKILL)
        self.server.wait(10)

    def restart(self) -> None:
        self.server, _ = launch(("app.py",), self.log, urlsplit(self.url).port)
        wait_until_healthy(self.server, self.url, self.log)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that the servers of this file share pictures in."""
    folder = tmp_path_factory.mktemp("shared") / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANTIZE_SHARE_STORE", str(folder))
        yield folder


@pytest.fixture
def store(folder: Path) -> Path:
    """The same, in which nothing is yet."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@pytest.fixture(scope="module")
def lives(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    server = Mortal(tmp_path_factory.mktemp("mortal") / "log.txt")
    yield server
    if server.server.poll() is None:
        server.kill()


@pytest.fixture
def mortal(lives: Mortal, store: Path) -> Mortal:
    """A server that is alive, whatever became of it in the test before, and has nothing in its store."""
    if lives.server.poll() is not None:
        lives.restart()
    return lives


def ask_to_share(page: Page, url: str, path: Path) -> None:
    """Upload a picture and go as far as the question."""
    page.goto(url)
    wait_for(page, 16)
    upload(page, path)
    expect(page.locator(".cq-name")).to_have_text(path.name, timeout=WAIT_MS)
    wait_for(page, 16)
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("button", name=SHARE)).to_be_visible(timeout=WAIT_MS)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Three megapixels that take a moment to store."""
    path = tmp_path / "large.png"
    path.write_bytes(saved(noise(1500, 2000), "PNG", compress_level=1))
    return path


def test_a_server_killed_while_sharing_leaves_the_whole_picture_or_none(
    page: Page, mortal: Mortal, large: Path
) -> None:
    ask_to_share(page, mortal.url, large)
    page.get_by_role("button", name=SHARE).click()
    mortal.kill()
    mortal.restart()
    store = open_store()
    assert store is not None
    store.sweep()
    for path in Path(os.environ["QUANTIZE_SHARE_STORE"]).glob("*.share"):
        assert len(store.get(path.stem).data) > 1_000_000
    page.goto(mortal.url)
    wait_for(page, 16)


def test_what_was_confirmed_is_there_after_the_server_died(
    page: Page, mortal: Mortal, tmp_path: Path
) -> None:
    path = tmp_path / "small.png"
    path.write_bytes(saved(noise(40, 50), "PNG"))
    ask_to_share(page, mortal.url, path)
    page.get_by_role("button", name=SHARE).click()
    page.wait_for_url(re.compile("share=[0-9a-f]{44}"), timeout=WAIT_MS)
    mortal.kill()
    mortal.restart()
    page.goto(page.url)
    expect(page.locator(".cq-name")).to_have_text("Shared picture", timeout=WAIT_MS)
    wait_for(page, 16)
    assert np.array_equal(np.asarray(picture(page, 0).convert("RGB")), noise(40, 50))


def test_a_download_that_the_server_s_death_cuts_off_works_again_later(page: Page, mortal: Mortal) -> None:
    page.goto(f"{mortal.url}/?k=8&sample=Cat")
    wait_for(page, 8)
    page.get_by_role("button", name="Download PNG").click()
    mortal.kill()
    mortal.restart()
    page.goto(page.url)
    wait_for(page, 8)
    with page.expect_download(timeout=WAIT_MS) as download:
        page.get_by_role("button", name="Download PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_store_that_cannot_be_written_costs_one_sentence(
    page: Page, mortal: Mortal, store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "small.png"
    path.write_bytes(saved(noise(40, 50), "PNG"))
    ask_to_share(page, mortal.url, path)
    shutil.rmtree(store, ignore_errors=True)
    store.write_text("a file where the folder was")
    page.get_by_role("button", name=SHARE).click()
    problem = page.locator('[data-testid="stPopoverBody"]').get_by_role("alert")
    expect(problem).to_be_visible(timeout=WAIT_MS)
    assert str(store) not in problem.inner_text()
    expect(page.locator(".cq-name")).to_have_text("small.png")
    store.unlink()
    page.get_by_role("button", name=SHARE).click()
    page.wait_for_url(re.compile("share=[0-9a-f]{44}"), timeout=WAIT_MS)


def test_a_reload_in_the_middle_of_an_upload_leaves_a_sound_page(
    page: Page, mortal: Mortal, large: Path
) -> None:
    page.goto(f"{mortal.url}/?k=8")
    wait_for(page, 8)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000}
    network.send("Network.emulateNetworkConditions", slow)
    with page.expect_request(re.compile("upload_file")):
        upload(page, large)
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    page.reload()
    wait_for(page, 8)
    expect(page.locator(".cq-name")).to_have_text("Coffee")
    upload(page, large)
    expect(page.locator(".cq-name")).to_have_text("large.png", timeout=WAIT_MS)


def test_an_upload_that_the_server_s_death_cuts_off_can_be_repeated(
    page: Page, mortal: Mortal, large: Path
) -> None:
    page.goto(f"{mortal.url}/?k=8")
    wait_for(page, 8)
    mortal.kill()
    upload(page, large)
    mortal.restart()
    page.goto(page.url)
    wait_for(page, 8)
    upload(page, large)
    expect(page.locator(".cq-name")).to_have_text("large.png", timeout=WAIT_MS)
