"""The page that shows k-means at work in Chromium: played, changed by hand, linked to."""

import re
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from itertools import groupby

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from quantize.decoding.samples import load_sample
from quantize.teaching.points import find_points
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import assign_colors, trace_run
from tests.browser.panes import settle

# Steps as they are shown, and when, in milliseconds.
WATCH = """run => {
  run.seen = [[Number(run.dataset.step), performance.now()]]
  new MutationObserver(() => run.seen.push([Number(run.dataset.step), performance.now()]))
    .observe(run, { attributes: true, attributeFilter: ["data-step"] })
}"""

PLACE = "document.querySelector('[data-testid=stMain]').scrollTop"
TOP = f"element => element.getBoundingClientRect().top + {PLACE}"
TICK = "pill => getComputedStyle(pill.querySelector('p'), '::before').content"
# Values of max_iter with which its line runs through the word "epsilon"; then it is what it was.
CROSSED = """most => {
  const [was, crossed] = [most.value, []]
  const box = selector => most.closest(".chart").querySelector(selector).getBoundingClientRect()
  const set = value => (most.value = value) && most.dispatchEvent(new Event("input", { bubbles: true }))
  for (let value = 1; value <= 40; value++) {
    set(value)
    const [word, line, own] = [box("text.epsilon"), box("path.max_iter"), box("path.epsilon")]
    if (line.x !== own.x && line.x > word.x && line.x < word.right) crossed.push(value)
  }
  set(was)
  return crossed
}"""
# By how much code is wider than what is seen of it.
WIDE = "all => all.map(one => one.scrollWidth - one.clientWidth)"


def at(page: Page, step: int) -> None:
    """Until this step is shown."""
    expect(page.locator(".run")).to_have_attribute("data-step", str(step))


def shown(page: Page) -> np.ndarray:
    """The pixels of the picture as it is drawn, uint8 (h, w, 3)."""
    data = page.locator("canvas.picture").evaluate("canvas => canvas.toDataURL()")
    return np.array(Image.open(BytesIO(b64decode(data.partition(",")[2]))).convert("RGB"))


def own(page: Page) -> list[str]:
    """Centres of the visitor, from the address."""
    found = re.search("centers=([0-9a-f-]+)", page.url)
    return found[1].split("-") if found else []


def place_of_a_center(page: Page) -> tuple[float, float]:
    """Some place of the cloud where a centre is, told by what the pointer becomes there."""
    canvas = page.locator("canvas.cloud")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    for y in range(20, int(box["height"]) - 20, 18):
        for x in range(20, int(box["width"]) - 20, 18):
            page.mouse.move(box["x"] + x, box["y"] + y)
            if canvas.get_attribute("data-over") == "true":
                return box["x"] + x, box["y"] + y
    raise AssertionError("no centre is in the cloud")


def changed(page: Page, before: str | None, query: str) -> None:
    """Until another film is shown, and the address says so."""
    expect(page).to_have_url(re.compile(query))
    settle(page)
    expect(page.locator(".run")).not_to_have_attribute("data-ready", before or "")


def film(page: Page) -> str | None:
    return page.locator(".run").get_attribute("data-ready")


def test_a_run_is_played_changed_and_linked_to(page: Page, serve: Callable[..., str]) -> None:
    url = serve("app.py")
    page.goto(f"{url}/inside_kmeans?clusters=5&step=3&start=split")
    picture = load_sample("coffee")
    points = find_points(picture)
    trace = trace_run(points.colors, points.counts, choose_start(points, 5, "split"), max_iter=40)
    last = len(trace.steps) - 1

    # A link opens at its step; each step is the engine's.
    at(page, 3)
    settle(page)
    page.get_by_label("changed pixels").uncheck()
    for step in (3, 4):
        at(page, step)
        rows = picture.pixels.reshape(-1, 3)
        assigned = trace.steps[3].centers
        colors = np.floor(trace.steps[step].centers.astype(np.float32) + 0.5).astype(np.uint8)
        np.testing.assert_array_equal(
            shown(page).reshape(-1, 3), colors[assign_colors(rows, assigned)], f"step {step}"
        )
        page.get_by_role("button", name="Step forward").click()
    expect(page).to_have_url(re.compile("step=5"))
    page.get_by_role("button", name="Step back").click()
    at(page, 4)
    page.keyboard.press("ArrowLeft")
    at(page, 3)
    page.get_by_label("changed pixels").check()
    lit = (shown(page) == (255, 0, 200)).all(axis=-1).sum()
    assert lit == trace.steps[3].moved
    expect(page.locator(".said")).to_contain_text(f"{trace.steps[3].moved:,} pixels")
    expect(page.locator('.deeds [aria-current="step"] b')).to_have_text(["Assign"])
    page.get_by_role("button", name="To the start").click()
    at(page, 0)
    np.testing.assert_array_equal(shown(page), picture.pixels)
    expect(page.locator('.deeds [aria-current="step"] b')).to_have_text(["Choose K", "Choose centres"])
    expect(page.locator(".deeds")).to_contain_text("(400, 600, 3) uint8 → (240000, 3) float32, K = 5")

    # It plays every step, without a word to the server meanwhile.
    page.locator(".run").evaluate(WATCH)
    page.locator(".speed select").select_option("15")
    said: list[str] = []
    page.on("websocket", lambda socket: said.append(socket.url))
    page.get_by_role("button", name="Play").click()
    at(page, last)
    seen = page.locator(".run").evaluate("run => run.seen")
    # The last one is told to the server, whose answer may have it drawn once more.
    assert [step for step, _ in groupby(step for step, _ in seen if step)] == list(range(1, last + 1))
    assert not said
    expect(page).to_have_url(re.compile(f"step={last}"))
    ended = "has settled" if trace.end == "settled" else "Not settled after 40 rounds: we stop there."
    expect(page.locator(".said")).to_contain_text(ended)
    expect(page.locator(".said .which")).to_have_text("Splitting")

    # Keys go on where a button has nothing more to do, and none of them moves the page.
    forward = page.get_by_role("button", name="Step forward")
    page.get_by_role("button", name="Step back").click()
    at(page, last - 1)
    forward.click()
    expect(forward).to_have_attribute("aria-disabled", "true")
    expect(forward).to_be_focused()
    place = page.evaluate(PLACE)
    for key, step in (("End", last), ("End", last), ("ArrowLeft", last - 1), ("Home", 0), ("Home", 0)):
        page.keyboard.press(key)
        at(page, step)
    page.keyboard.press("End")
    at(page, last)
    assert page.evaluate(PLACE) == place

    # Criteria are judged where the run is.
    page.locator(".most").fill("2")
    page.locator(".most").dispatch_event("change")
    expect(page).to_have_url(re.compile("until_max_iter=2"))
    expect(page.locator(".ended")).to_contain_text("the run ends after 2 iterations")
    ends = [step.sse for step in trace.steps if step.iteration == 2]
    more = 100 * (ends[-1] / trace.sse - 1)
    expect(page.locator(".ended")).to_contain_text(f"{more:.1f} % more error than after {trace.iterations}")

    # Wherever max_iter's line is, it runs through no word.
    assert page.locator(".most").evaluate(CROSSED) == []

    # A centre is dragged, another one dropped, and both are taken back.
    first = film(page)
    x, y = place_of_a_center(page)
    page.mouse.down()
    page.mouse.move(x + 60, y - 50, steps=3)
    expect(page.locator(".now")).to_have_text("with your centre")
    expect(page.locator(".said span")).to_have_text("Let go, and the run begins anew from there.")
    page.mouse.up()
    changed(page, first, "centers=")
    at(page, 1)
    expect(page.locator(".said")).to_contain_text("Assign 1")
    expect(page.locator(".most")).to_have_value("2")
    dragged, second = own(page), film(page)
    assert len(dragged) == 5
    kept = np.rint(trace.centers).astype(int)
    assert sum(f"{r:02x}{g:02x}{b:02x}" in dragged for r, g, b in kept) == 4
    page.locator(".slider").press("End")
    expect(page.locator(".said")).to_contain_text("With your centres it ends with")
    page.locator("canvas.picture").click(position={"x": 30, "y": 30})
    changed(page, second, "clusters=6|centers=([0-9a-f]{6}-){5}")
    assert len(own(page)) == 6
    third = film(page)
    page.get_by_role("button", name="Undo").click()
    changed(page, third, "&")
    assert own(page) == dragged
    page.get_by_role("button", name="Undo").click()
    changed(page, second, f"step={last}")
    assert not own(page)
    expect(page.locator(".run")).to_have_attribute("data-ready", first or "")

    # A cluster alone, and a page made anew from its address.
    page.locator(".centers button").first.click()
    assert len(np.unique(shown(page).reshape(-1, 3), axis=0)) <= 5
    # Of changed pixels only those are lit that this centre gets or loses.
    page.locator(".slider").fill("3")
    at(page, 3)
    rows = picture.pixels.reshape(-1, 3)
    before, now = (assign_colors(rows, trace.steps[step].centers) for step in (1, 3))
    lit = (shown(page) == (255, 0, 200)).all(axis=-1).ravel()
    np.testing.assert_array_equal(lit, (before != now) & ((before == 0) | (now == 0)))
    # Nothing below moves, whether shares or a choice are shown.
    below = page.locator(".deeds")
    with_choice = below.evaluate(TOP)
    page.get_by_role("button", name="Show all").click()
    assert below.evaluate(TOP) == with_choice
    page.keyboard.press("Home")
    at(page, 0)
    assert below.evaluate(TOP) == with_choice
    # Delete takes the chosen centre away, and keys are heard after it.
    page.locator(".slider").fill("3")
    page.locator(".centers button").first.click()
    page.keyboard.press("Delete")
    changed(page, first, "centers=([0-9a-f]{6}-){3}[0-9a-f]{6}&")
    at(page, 1)
    fourth = film(page)
    page.keyboard.press("ArrowRight")
    at(page, 2)
    page.keyboard.press("ArrowLeft")
    at(page, 1)

    # What the buttons of mistakes do is taken back like what hands do.
    page.get_by_role("button", name="All centres alike").click()
    changed(page, fourth, "centers=808080-808080-808080-808080")
    alike = film(page)
    page.get_by_role("button", name="An empty cluster").click()
    changed(page, alike, "centers=(?!808080-808080)")
    empty = film(page)
    page.get_by_role("button", name="Step forward").click()
    page.get_by_role("button", name="Undo").click()
    changed(page, empty, "centers=808080-808080-808080-808080")
    page.get_by_role("button", name="Undo").click()
    changed(page, alike, "centers=(?!808080-808080)")
    expect(page.locator(".run")).to_have_attribute("data-ready", fourth or "")

    # A page made anew from its address, with its criteria; what is done in it keeps a tick.
    four = shown(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{page.url}&task=1&slip=many")
    at(page, 1)
    settle(page)
    np.testing.assert_array_equal(shown(page), four)
    expect(page.locator(".most")).to_have_value("2")
    expect(page.locator(".task")).to_contain_text("Go to the step where the centres move for the first time")
    expect(page.locator(".task span")).to_have_text("Not yet. Step 1 is shown, assign 1.")
    page.get_by_role("button", name="Step forward").click()
    expect(page.locator(".task span")).to_contain_text("✓ Done.")
    page.get_by_role("button", name="Step forward").click()
    expect(page.locator(".task span")).to_have_text("✓ Done before. Now: Step 3 is shown, assign 2.")
    pills = page.locator(".st-key-task").get_by_role("radio")
    assert [pill.evaluate(TICK) for pill in pills.all()] == ['"✓ "', *["none"] * 5]

    # No line of code is cut off on a telephone, of any mistake.
    names = page.locator(".st-key-slip").get_by_role("radio").all_text_contents()
    assert len(names) == 6
    for name in names:
        page.locator(".st-key-slip").get_by_role("radio", name=name).click()
        expect(page.locator(".st-key-slip").get_by_role("radio", name=name)).to_be_checked()
        settle(page)
        for wide in page.locator("[data-testid=stCode] pre, [data-testid=stCode] code").evaluate_all(WIDE):
            assert wide <= 0, name
    alike, empty_one = (
        page.get_by_role("button", name=name) for name in ("All centres alike", "An empty cluster")
    )
    assert alike.bounding_box()["y"] == empty_one.bounding_box()["y"]
