"""Draw the pages of the app in ``pictures``: ``python -m docs.draw_pages`` (Chromium on the path).

Each page is opened on a sample picture, and what stands on the screen is written as WebP by our own engine:
what looks best in so many bytes. README shows the first.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from quantize import load_picture
from quantize.sizing.shrinking import Aim, shrink
from tests.browser.conftest import launch, wait_until_healthy
from tests.browser.panes import settle

PICTURES = Path(__file__).parent / "pictures"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
MOST_BYTES, FRONT_BYTES, PHONE_BYTES = 64_000, 110_000, 30_000
REST_MS = 4000
"""Charts and figures come after the picture."""

FRONT = "studio"
SHOTS = {
    "studio": "?sample=coffee&k=16",
    "compare_k": "compare_k?sample=cat&k=16&ks=4&ks=16",
    "palette": "palette?sample=coffee",
    "compare_spaces": "compare_spaces?sample=astronaut&k=8",
    "inside_kmeans": "inside_kmeans?sample=coffee&clusters=6&step=3",
    "your_palette": "your_palette?sample=astronaut&table=pico-8",
    "compress": "compress?sample=rocket&kb=40",
    "segments": "segments?sample=cat&k=8",
    "numbers": "numbers?sample=cat&k=12&brush=3",
    "panel": "panel?sample=coffee&panel=spectra6",
    "pixel_art": "pixel_art?sample=pixels",
    "animation": "animation?sample=ball&dither=floyd-steinberg&film_frame=17",
}
"""What is opened of each page."""


def draw(url: str, names: list[str]) -> None:
    """Draw these pages of a running app."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in names:
            shot = _shoot(browser, f"{url}/{SHOTS[name]}", WIDE, "light")
            _write(name, shot, FRONT_BYTES if name == FRONT else MOST_BYTES)
            if name == FRONT:
                _write(f"{name}-dark", _shoot(browser, f"{url}/{SHOTS[name]}", WIDE, "dark"), MOST_BYTES)
                _write(f"{name}-phone", _shoot(browser, f"{url}/{SHOTS[name]}", PHONE, "light"), PHONE_BYTES)
        browser.close()


def _shoot(browser: Browser, url: str, window: dict[str, int], scheme: str) -> bytes:
    page = browser.new_page(viewport=window, color_scheme=scheme)
    page.goto(url)
    _rest(page)
    shot = page.screenshot()
    page.close()
    return shot


def _rest(page: Page) -> None:
    """Wait until a page has all: settled, and settled still some seconds later."""
    page.get_by_role("heading", level=1).wait_for(timeout=120_000)
    for _ in range(2):
        settle(page)
        page.wait_for_timeout(REST_MS)
    settle(page)


def _write(name: str, shot: bytes, n_bytes: int) -> None:
    made = shrink(load_picture(shot), Aim("webp", n_bytes=n_bytes))
    (PICTURES / f"{name}.webp").write_bytes(made.data)
    print(f"{name}: {len(made.data):,} bytes. {made.said}", flush=True)


def main(names: list[str]) -> None:
    """Start a server and draw these pages, or all."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        server, url = launch(("app.py",), log)
        try:
            wait_until_healthy(server, url, log)
            draw(url, names or list(SHOTS))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
