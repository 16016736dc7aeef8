"""Tries the Dockerfile without a container engine, and measures what a first visitor meets.

    python -m deploy.try_image [--python PYTHON] [--photo PHOTO]

Carries out the real Dockerfile in an empty folder and a fresh virtual environment (see ``image.py`` for what
that cannot show), starts the app as the image would, asks it by the image's own HEALTHCHECK, visits every
page in headless Chromium, and counts the kernels that were compiled after the build: none should be. Prints
a Markdown table; ends with 1 if something failed or a first visitor waited too long.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from deploy.image import Image
from deploy.local import PICTURE, ROOT, chromium, free_port, is_healthy, memory_mb, settle, wait_until

MOST_SECONDS = 4.0
"""From a warm start to the first picture on the page, at most."""
STARTS = 3
"""Starts of each kind; medians are reported."""
PAGES = ("Compare K", "Palette", "LAB vs BGR", "Studio")


@contextmanager
def running(image: Image, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the app as the image does; at the end it must stop when asked, as ``docker stop`` asks."""
    command = [*image.start["ENTRYPOINT"], *image.start["CMD"]]
    server = image.run(command, PORT=str(port))
    try:
        yield server
        server.send_signal(signal.SIGTERM)
        # Docker kills after ten seconds.
        server.wait(10)
    finally:
        server.kill()
        server.wait()


def kernels(image: Image) -> set[tuple[str, int]]:
    """Every file of compiled kernels, with the time it was written."""
    files = image.kernels.rglob("*.nb[ci]")
    return {(file.name, file.stat().st_mtime_ns) for file in files}


def is_well(image: Image, port: int) -> bool:
    """Whether the image's HEALTHCHECK is content."""
    return image.run(image.health, PORT=str(port)).wait(10) == 0


def first_picture(browser: Browser, port: int) -> tuple[Page, float]:
    """Open the app in a fresh profile; return its page and the seconds until the result is there."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    started = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}")
    page.locator(PICTURE).wait_for(timeout=60_000)
    return page, time.perf_counter() - started


def visit_everything(page: Page, photo: Path) -> None:
    """Bring a photo, dither it, and see every page."""
    page.locator('input[type="file"]').set_input_files(photo)
    page.locator(".cq-name").get_by_text(photo.name).wait_for(timeout=60_000)
    for k in ("4", "64"):
        page.get_by_role("radio", name=k, exact=True).click()
        page.locator(f'b:text-is("{k} colours")').wait_for(timeout=60_000)
    for name in PAGES:
        page.get_by_role("link", name=name).click()
        settle(page)


def start_with_visitor(image: Image, photo: Path, browser: Browser) -> tuple[float, float]:
    """Start with a visitor at the door; return the seconds until it answers, and until the first picture."""
    port = free_port()
    if is_well(image, port):
        raise RuntimeError("HEALTHCHECK is content although nothing runs")
    started = time.perf_counter()
    with running(image, port):
        healthy = wait_until(lambda: is_healthy("127.0.0.1", port), 60, "the app")
        page, _ = first_picture(browser, port)
        seconds = time.perf_counter() - started
        if not is_well(image, port):
            raise RuntimeError("HEALTHCHECK is not content although the app runs")
        visit_everything(page, photo)
        page.context.close()
    return healthy, seconds


def start_and_rest(image: Image, browser: Browser) -> tuple[float, float]:
    """Start and leave alone; return memory in MB, and the seconds from a connection to its first picture."""
    port = free_port()
    with running(image, port) as server:
        wait_until(lambda: is_healthy("127.0.0.1", port), 60, "the app")
        # Nothing tells from outside when the kernels are loaded; it takes about a second.
        time.sleep(5)
        memory = memory_mb(server.pid)
        page, seconds = first_picture(browser, port)
        page.context.close()
    return memory, seconds


def measure(image: Image, photo: Path, browser: Browser) -> dict[str, float]:
    """Start a few times; medians, and whether anything was compiled."""
    built = kernels(image)
    healthy, picture = zip(*[start_with_visitor(image, photo, browser) for _ in range(STARTS)], strict=True)
    memory, rested = zip(*[start_and_rest(image, browser) for _ in range(STARTS)], strict=True)
    return {
        "start to healthy, s": median(healthy),
        "start to first picture, s": median(picture),
        "connection to first picture, server at rest, s": median(rested),
        "memory at rest, MB": median(memory),
        "kernels compiled by the build": sum(name.endswith(".nbc") for name, _ in built),
        "kernels compiled afterwards": len(kernels(image) - built),
        "load of this machine": os.getloadavg()[0],
    }


def main() -> int:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", default=sys.executable, help="the interpreter of the image")
    photo = ROOT / "docs" / "pictures" / "studio.webp"
    parser.add_argument("--photo", type=Path, default=photo, help="what the visitor brings")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        image = Image(ROOT / "Dockerfile", Path(folder), arguments.python)
        image.build()
        figures = measure(image, arguments.photo.resolve(), browser)
        skipped = (Path(folder) / "skipped").read_text().splitlines()
    rows = {f"build: {name[:60]}, s": seconds for name, seconds in image.seconds.items() if seconds > 0.2}
    print("\n| | |\n|---|--:|")
    for name, figure in (rows | figures).items():
        print(f"| {name} | {figure:.1f} |")
    print("\nNot as Docker does it:")
    for gap in dict.fromkeys(image.gaps + [f"skipped, as it needs root: {line}" for line in skipped]):
        print(f"- {gap}")
    late = figures["start to first picture, s"] > MOST_SECONDS
    compiled = figures["kernels compiled afterwards"] > 0
    if late:
        print(f"\nFAILED: the first picture came later than {MOST_SECONDS:g} s after the start")
    if compiled:
        print("\nFAILED: a visitor had to wait for a kernel, see quantize/warmup.py")
    return int(late or compiled)


if __name__ == "__main__":
    sys.exit(main())
