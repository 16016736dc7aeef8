"""What the scripts that try things here have in common: free ports, waiting, processes, a browser."""

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURE = '[data-pane="1"]'
"""The result on the front page; it is there once its pixels are."""


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody uses right now."""
    with socket.socket() as free:
        free.bind((host, 0))
        return int(free.getsockname()[1])


def wait_until(done: Callable[[], bool], seconds: float, what: str) -> float:
    """Wait until ``done``; return the seconds it took.

    Raises
    ------
    TimeoutError
        Naming ``what`` did not come.
    """
    started = time.perf_counter()
    while not done():
        if time.perf_counter() - started > seconds:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.02)
    return time.perf_counter() - started


def is_healthy(host: str, port: int) -> bool:
    """Whether an app, or a proxy with an app behind it, answers there."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def memory_mb(process: int) -> float:
    """Memory of a process and its children in MB; what several of them share counts once."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
    return own / 1024 + sum(memory_mb(int(child)) for child in children)


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """The Chromium of this machine.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise FileNotFoundError(f"no Chromium on this machine (looked for {', '.join(names)})")
    flags = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *flags)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(flags))
        yield browser
        browser.close()


def settle(page: Page) -> None:
    """Wait until the page's script has ended."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)


def plain_environment() -> dict[str, str]:
    """The environment that a process gets which must not depend on this machine's."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8"}
