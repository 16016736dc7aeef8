"""Fixtures for tests in a real browser: Chromium, a server for any app file, pages that stay at home."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
HOME = {"127.0.0.1", "localhost"}
START_SECONDS = 120
WINDOW: ViewportSize = {"width": 1280, "height": 800}
PATIENCE_MS = 60_000
"""So long tests wait for content: both cores may be busy with something else, no fault of the app."""

# A window's own pages, a third of what opening it takes; and, as this list is in place of Playwright's, what
# matters of that.
OFF = (
    "PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,TabSearch,InitialWebUI,"
    "PaintHolding,HttpsUpgrades,Translate,OptimizationHints,LensOverlay,MediaRouter,GlobalMediaControls"
)

expect.set_options(timeout=PATIENCE_MS)

Serve = Callable[..., str]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; without one the test is skipped, but fails in CI (variable CI set)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        reason = f"no Chromium on this machine (looked for {', '.join(names)})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--disable-features={OFF}"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start an app file on a free port and return its base URL; every server ends with the session.

    ``serve("app.py")`` from the repository's root; further arguments go to ``streamlit run``. The same
    arguments again give the server that runs already; ``fresh=True`` always starts another one.
    """
    servers: list[subprocess.Popen[bytes]] = []
    running: dict[tuple[str, ...], str] = {}

    def start(app_path: str | Path, *args: str, fresh: bool = False) -> str:
        choice = (str(app_path), *args)
        if fresh or choice not in running:
            log = tmp_path_factory.mktemp("server") / "log.txt"
            server, url = launch(choice, log)
            servers.append(server)
            wait_until_healthy(server, url, log)
            if fresh:
                return url
            running[choice] = url
        return running[choice]

    yield start
    for server in servers:
        server.terminate()
    for server in servers:
        server.wait(START_SECONDS)


def launch(
    choice: tuple[str, ...], log: Path, port: int | None = None
) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server of an app file with these arguments, on a free port if none is named."""
    app_path, *args = choice
    if port is None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    options += ["--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", app_path, *options, *args]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    return server, f"http://127.0.0.1:{port}"


def wait_until_healthy(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Wait until a server answers; fail with its log if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=30) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    server.kill()
    pytest.fail(f"the server of {url} did not start:\n{log.read_text(errors='replace')}")


def is_foreign(url: str) -> bool:
    """True for an address on another machine; blob: and data: never leave this one."""
    parts = urlsplit(url)
    return parts.scheme not in {"blob", "data", "about"} and parts.hostname not in HOME


@pytest.fixture
def no_foreign_requests() -> Iterator[Callable[[Page], None]]:
    """Call it with a page: the test fails at its end if that page asked any other machine for anything."""
    asked: list[str] = []
    heard: list[BrowserContext] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    def watch(page: Page) -> None:
        if page.context not in heard:
            page.context.on("request", note)
            heard.append(page.context)
        page.on("websocket", lambda socket: asked.append(socket.url))

    yield watch
    for context in heard:
        context.remove_listener("request", note)
    assert [url for url in asked if is_foreign(url)] == []


@pytest.fixture(scope="session")
def profiles() -> dict[str, list[BrowserContext]]:
    """Browser profiles that tests use one after another, by options: scripts are fetched and read once."""
    return {}


@pytest.fixture
def new_page(
    chromium: Browser,
    profiles: dict[str, list[BrowserContext]],
    no_foreign_requests: Callable[[Page], None],
) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a browser profile of its own (``viewport=``, ``color_scheme=`` …).

    None of them may ask another machine for anything, or throw an error in JavaScript. A profile may have
    been an earlier test's, of which it keeps the server's files alone; ``first=True`` gives a new one, and
    ``beside=`` another tab of a page's.
    """
    own: list[BrowserContext] = []
    lent: list[BrowserContext] = []
    errors: list[str] = []

    def borrow(options: dict[str, object], first: bool) -> BrowserContext:
        kept = profiles.setdefault(repr(sorted(options.items())), [])
        spare = [] if first else [context for context in kept if context not in lent]
        context = spare[0] if spare else chromium.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        if not spare and not first:
            kept.append(context)
        (own if first else lent).append(context)
        return context

    def open_page(
        first: bool = False,
        beside: Page | None = None,
        viewport: ViewportSize = WINDOW,
        color_scheme: str = "light",
        **options: object,
    ) -> Page:
        page = (beside.context if beside else borrow(options, first)).new_page()
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme)
        page.on("pageerror", lambda error: errors.append(f"{error} {error.stack}"))
        no_foreign_requests(page)
        return page

    yield open_page
    for context in own:
        context.close()
    for context in lent:
        if not give_back(context):
            for kept in profiles.values():
                kept[:] = [one for one in kept if one is not context]
    assert errors == []


def give_back(context: BrowserContext) -> bool:
    """Make a profile forget its test; False if that closed it."""
    try:
        for page in context.pages:
            # Streamlit keeps there whether its side bar is closed: the next test would start with it closed.
            if page.url.startswith("http"):
                page.evaluate("localStorage.clear()")
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        context.set_offline(False)
    except Error:
        return False
    return True


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page at 1280 × 800."""
    return new_page()
