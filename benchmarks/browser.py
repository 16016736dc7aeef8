"""From a key press to the new picture on the screen, in Chromium.

    python -m benchmarks.browser --image photo.jpg
    python -m benchmarks.browser --first-start       # of a new installation: nothing is compiled yet

Starts the app, uploads the photo (a 12-megapixel one is made of it), presses arrow keys on the slider of K
and waits until the viewer shows another picture; moves the slider while it is held; then the K grid, a
palette of one's own, and the first page load.
Prints a Markdown table of medians. Floor: an empty Streamlit rerun takes about 107 ms on such a machine.
Of a first start it prints when heading, original, bar and result are there, from the server's start and from
the page's opening, which follows as soon as the server answers.
"""

import argparse
import io
import itertools
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
SIZE = (4000, 3000)
ROUNDS = 15
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
FIRST_SEEN = {
    "heading": "h1",
    "original": '.first-paint img, [data-pane="0"]',
    "bar": '.first-paint progress, [data-testid="stProgress"]',
    "first result": '[data-pane="1"]',
    "figures": "text=/[0-9] dB/",
}
# The page's own clock, from the key press to the frame in which every named pane shows new bytes.
WATCH = """panes => {
  const find = (root, pane) => root.querySelector(`[data-pane="${pane}"]`)
    ?? [...root.querySelectorAll("*")].map(e => e.shadowRoot && find(e.shadowRoot, pane)).find(Boolean)
  const found = {}  // a search through the page in every frame would take part of what is measured
  const read = () => panes.map(pane => {
    if (!found[pane]?.isConnected) found[pane] = find(document, pane)
    return found[pane]?.dataset.digest
  })
  const before = read()
  window.waited = new Promise(resolve => {
    let start
    document.addEventListener("keydown", () => { start = performance.now() }, {once: true, capture: true})
    const look = () => {
      const now = read()
      if (start && now.every((digest, place) => digest && digest !== before[place]))
        resolve(performance.now() - start)
      else requestAnimationFrame(look)
    }
    look()
  })
}"""

# When the result's pane shows other bytes.
FOLLOW = """() => {
  const [, pane] = globalThis[Symbol.for("quantize.viewer")].stages.get("viewer").panes
  let last
  window.seen = []
  const look = () => {
    if (pane.digest !== last) window.seen.push(performance.now())
    last = pane.digest
    requestAnimationFrame(look)
  }
  look()
}"""


def make_photo(source: Path, folder: Path) -> Path:
    """Make a JPEG of 12 megapixels of any photo."""
    path = folder / "photo.jpg"
    with Image.open(source) as image:
        image.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS).save(path, quality=90)
    return path


@contextmanager
def running_app(**environment: str) -> Iterator[str]:
    """Run the app on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, **quiet)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=5)
                break
            except OSError:
                time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def press_and_wait(page: Page, panes: list[int]) -> float:
    """One step on the slider; milliseconds until all these panes show another picture."""
    page.evaluate(WATCH, panes)
    page.get_by_role("slider", name="Colours (K)").press("ArrowRight")
    return page.evaluate("window.waited")


def settle(page: Page) -> None:
    """Wait until the script has ended, so that presses do not overlap."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)


def measure_front_page(page: Page, url: str, photo: Path) -> list[float]:
    """Key presses on the front page."""
    page.goto(f"{url}/?k=16")
    page.locator('input[type="file"]').set_input_files(photo)
    page.get_by_text("4,000×3,000").wait_for(timeout=60_000)
    settle(page)
    times = []
    for _ in range(ROUNDS):
        times.append(press_and_wait(page, [1]))
        settle(page)
    return times


def measure_drag(page: Page) -> list[float]:
    """The slider of K is held and moved for two seconds: milliseconds from one picture to the next."""
    knob = page.get_by_role("slider", name="Colours (K)").locator("..").bounding_box()
    width = page.get_by_test_id("stSlider").first.bounding_box()["width"]
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(FOLLOW)
    for step in range(60):
        page.mouse.move(x + width * 0.6 * step / 60, y)
        page.wait_for_timeout(33)
    seen = page.evaluate("window.seen.slice(1)")
    page.mouse.up()
    settle(page)
    return [later - earlier for earlier, later in itertools.pairwise(seen)]


def measure_grid(page: Page) -> list[float]:
    """Changes of the space on the K grid of six tiles: all five results are new."""
    page.get_by_role("link", name="Compare K").click()
    page.get_by_text("on average").wait_for(timeout=60_000)
    settle(page)
    times = []
    for space in ("LAB", "Oklab", "HSV"):
        page.evaluate(WATCH.replace("keydown", "pointerdown"), [1, 2, 3, 4, 5])
        page.get_by_role("radio", name=space, exact=True).click()
        times.append(page.evaluate("window.waited"))
        page.get_by_text("on average").wait_for(timeout=60_000)
        settle(page)
    return times


def measure_own_table(page: Page) -> list[float]:
    """Turns of the dial "Use the best" on the page about one's own palette: the picture in N of the table."""
    page.get_by_role("link", name="Your palette").click()
    slider = page.get_by_role("slider", name="Use the best")
    slider.wait_for(timeout=60_000)
    settle(page)
    times = []
    for _ in range(6):
        page.evaluate(WATCH, [1])
        slider.press("ArrowLeft")
        times.append(page.evaluate("window.waited"))
        settle(page)
    return times


def measure_first_load(new_page: Callable[[], Page], url: str) -> list[float]:
    """First loads on a warm server, each in a new browser profile, until the picture is there."""
    times = []
    for _ in range(5):
        page = new_page()
        started = time.perf_counter()
        page.goto(url)
        page.locator('[data-pane="1"]').wait_for(timeout=60_000)
        times.append(1000 * (time.perf_counter() - started))
        page.context.close()
    return times


def measure_first_start(browser: Browser) -> dict[str, tuple[float, float]]:
    """When things are first there, in seconds from the server's start and from the page's opening."""
    page, seen = browser.new_context(viewport={"width": 1280, "height": 900}).new_page(), {}
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as empty, running_app(NUMBA_CACHE_DIR=empty) as url:
        opened = time.perf_counter()
        page.goto(url, wait_until="commit")
        for what, selector in FIRST_SEEN.items():
            page.locator(selector).first.wait_for(timeout=600_000)
            seen[what] = time.perf_counter() - started, time.perf_counter() - opened
    page.context.close()
    return seen


def print_first_starts(rounds: int) -> None:
    """Print the medians of some first starts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        starts = [measure_first_start(browser) for _ in range(rounds)]
        browser.close()
    print("| first start, s | from the server's start | from the page's opening | times |\n|---|--:|--:|--:|")
    for what in FIRST_SEEN:
        whole, opened = (statistics.median(start[what][place] for start in starts) for place in (0, 1))
        print(f"| {what} | {whole:.1f} | {opened:.1f} | {rounds} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--image", type=Path, help="any photo")
    what.add_argument("--first-start", type=int, nargs="?", const=3, metavar="TIMES")
    arguments = parser.parse_args()
    if arguments.first_start:
        print_first_starts(arguments.first_start)
        return
    table = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, running_app() as url, sync_playwright() as playwright:
        photo = make_photo(arguments.image, Path(folder))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        rows = {"front page, key press to new picture": measure_front_page(page, url, photo)}
        rows["front page, slider held: from picture to picture"] = measure_drag(page)
        rows["K grid of six tiles, new space to all new pictures"] = measure_grid(page)
        rows["Your palette, one colour less to new picture"] = measure_own_table(page)
        rows["first page load, warm server"] = measure_first_load(
            lambda: browser.new_context().new_page(), url
        )
        browser.close()
    table.write("| 12 megapixels, ms | median | slowest | times |\n|---|--:|--:|--:|\n")
    for name, times in rows.items():
        table.write(f"| {name} | {statistics.median(times):.0f} | {max(times):.0f} | {len(times)} |\n")
    print(table.getvalue())


if __name__ == "__main__":
    main()
