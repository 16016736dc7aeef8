"""The app in the engines that visitors have beside Chromium: the same pixels, and the same gestures."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from pages import SCREENS
from tests.browser.engines import ENGINES, PATIENCE_SECONDS, Tab, opened

SETTLED = """const { stages } = globalThis[Symbol.for("quantize.viewer")] ?? { stages: new Map() }
const shown = ({ scene, panes }) => scene?.panes.every(({ digest }, index) => panes[index].digest === digest)
return document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
  && stages.size > 0 && [...stages.values()].every(shown)
"""
# How many colours each pane shows, drawn from the very bytes of its <img>; and how many there should be.
COLORS = """return [...globalThis[Symbol.for("quantize.viewer")].stages.values()][0].panes.map(pane => {
  const { naturalWidth: width, naturalHeight: height } = pane.image
  const context = new OffscreenCanvas(width, height).getContext("2d")
  context.drawImage(pane.image, 0, 0)
  const words = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
  const said = pane.label.match(/K = (\\d+)|^(\\d+) of /)
  return [new Set(words).size, said ? Number(said[1] ?? said[2]) : pane.palette.length]
})"""
WATCH = "window.errors = []; addEventListener('error', e => errors.push(e.message))"


@pytest.fixture(scope="module", params=ENGINES, ids=[engine.name for engine in ENGINES])
def tab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A window of each engine; skipped, with the reason, where it is not installed."""
    if request.param.missing():
        pytest.skip(request.param.missing())
    home = tmp_path_factory.mktemp("home")
    with opened(request.param, home) as window:
        window.home = home
        yield window


# What an engine says when a layout took two steps is no error of a page.
THROWN = "return errors.filter(text => !text.includes('ResizeObserver loop'))"


ESCAPE = """const told = { key: "Escape", bubbles: true, cancelable: true }
document.activeElement.dispatchEvent(new KeyboardEvent("keydown", told))
document.activeElement.dispatchEvent(new KeyboardEvent("keyup", told))"""


def come(tab: Tab, url: str) -> None:
    tab.open(url)
    tab.run(WATCH)
    tab.wait(SETTLED)


def check_colors(tab: Tab, page: str = "studio") -> None:
    shown = tab.run(COLORS)
    assert len(shown) > (page != "pixel_art")  # which shows no result of what has no grid
    if page not in ("compress", "panel"):  # which show files, whatever colours are in them
        assert [found for found, _ in shown[1:]] == [wanted for _, wanted in shown[1:]], page


def test_every_page_shows_exactly_its_colors(tab: Tab, serve: Callable[..., str]) -> None:
    come(tab, f"{serve('app.py')}/?sample=shapes&k=5")
    for screen in SCREENS:
        tab.click('[data-testid="stTopNavLink"]', screen.title)
        tab.see("h1", screen.heading)
        if screen.file == "inside_kmeans":  # which has no viewer, but draws on a canvas
            tab.see("canvas")
            continue
        tab.wait(SETTLED)
        check_colors(tab, screen.file)
    assert tab.run(THROWN) == []


def test_wipe_by_dragging_and_one_to_one(tab: Tab, serve: Callable[..., str]) -> None:
    come(tab, f"{serve('app.py')}/?sample=shapes&k=5")
    handle = "[...globalThis[Symbol.for('quantize.viewer')].stages.values()][0].wipe.handle"
    for _ in range(3):  # a page that moves in the last moment takes the button away from under the mouse
        tab.click("button", "Wipe")
        time.sleep(1)
        if tab.run(f"return {handle}.getClientRects().length"):
            break
    tab.see('[role="slider"][aria-label="Wipe"]')
    middle = tab.wait("""const [stage] = globalThis[Symbol.for("quantize.viewer")].stages.values()
      const { x, y, width, height } = stage.wipe.handle.getBoundingClientRect()
      return [x + width / 2, y + height / 2].map(Math.round)""")
    wide = tab.run("return [...globalThis[Symbol.for('quantize.viewer')].stages.values()][0].box.clientWidth")
    tab.drag(middle, [middle[0] - 30, middle[1]], [middle[0] - round(wide / 4), middle[1]])
    percent = "return [...globalThis[Symbol.for('quantize.viewer')].stages.values()][0].wipe.percent"
    assert tab.run(percent) == pytest.approx(25, abs=1)
    tab.click("button", "100 %")
    assert tab.see("output").strip() == "100 %"
    shown = """const [stage] = globalThis[Symbol.for("quantize.viewer")].stages.values()
      return stage.panes[1].image.getBoundingClientRect().width * devicePixelRatio"""
    assert tab.run(shown) == pytest.approx(400, abs=0.5)
    assert tab.run(THROWN) == []


def test_share_upload_download(tab: Tab, serve: Callable[..., str], tmp_path: Path) -> None:
    come(tab, f"{serve('app.py')}/?sample=shapes&k=5")
    tab.click("button", "Share")
    assert "sample=shapes" in tab.see("textarea", "k=5")
    tab.run(ESCAPE)
    tab.wait("return !document.querySelector('[data-testid=stPopoverBody]')")  # else it takes the next click
    ramp = tmp_path / "ramp.png"
    Image.linear_gradient("L").save(ramp)
    tab.give('[data-testid="stFileUploaderDropzoneInput"]', ramp)
    tab.see(".cq-name", "ramp.png")
    tab.wait(SETTLED)
    check_colors(tab)
    tab.click("button", "Download PNG")
    file = wait_for_file(tab.home, ".png")
    with Image.open(file) as picture:
        assert (picture.mode, picture.size) == ("P", (256, 256))
        assert len(picture.convert("RGB").getcolors()) == 5
    assert tab.run(THROWN) == []


def wait_for_file(folder: Path, ending: str) -> Path:
    """Wait until a download is complete: a browser names it so only then."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := [file for file in folder.glob(f"*{ending}") if file.stat().st_size]):
        assert time.monotonic() < deadline, f"no {ending} in {[*folder.iterdir()]}"
        time.sleep(0.1)
    return found[0]
