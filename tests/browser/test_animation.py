"""The page Animation in Chromium: every frame as it is drawn, in step; slider, keys, download, phone."""

import base64
import io
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from quantize import load_animation, quantize_animation
from quantize.decoding.samples import MOVING
from tests.browser.panes import become, settle
from tests.browser.test_app import WAIT_MS

READ = """root => [...root.querySelectorAll("canvas")].map(
  canvas => canvas.toDataURL("image/png").split(",")[1]
)"""

# Frames and the milliseconds for which they stand, by a clock that goes on by ten at each turn.
# Who waits for a turn in the browser comes over to that clock at first; then all is played at once.
BY_CLOCK = """async (root, milliseconds) => {
  const [ask, cancel] = [requestAnimationFrame, cancelAnimationFrame].map(one => one.bind(globalThis))
  let [waiting, number, now] = [new Map(), 0, performance.now()]
  globalThis.requestAnimationFrame = turn => waiting.set(++number, turn) && number
  globalThis.cancelAnimationFrame = one => waiting.delete(one) || cancel(one)
  performance.now = () => now
  await new Promise(done => ask(() => ask(done)))
  const stood = [[root.dataset.frame, 0]]
  for (const end = now + milliseconds; now < end; ) {
    stood.at(-1)[1] += 10
    now += 10
    const turns = [...waiting.values()]
    waiting.clear()
    for (const turn of turns) turn(now)
    if (root.dataset.frame !== stood.at(-1)[0]) stood.push([root.dataset.frame, 0])
  }
  Object.assign(globalThis, { requestAnimationFrame: ask, cancelAnimationFrame: cancel })
  delete performance.now
  for (const turn of waiting.values()) ask(turn)
  return stood.map(([frame, length]) => [Number(frame), length])
}"""


def drawn(page: Page) -> list[np.ndarray]:
    """Original and result as they stand on the canvases, RGBA."""
    files = page.locator(".reel").evaluate(READ)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(file))).convert("RGBA")) for file in files]


def test_an_animation_is_played_frame_by_frame(page: Page, serve: Callable[..., str]) -> None:
    original = load_animation(MOVING["ball"].read())
    made = quantize_animation(original, n_colors=7, dither="floyd-steinberg")
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{serve('app.py')}/animation?sample=ball&k=7&dither=floyd-steinberg")
    reel = page.locator(".reel")
    expect(page.locator(".reel[data-ready]")).to_be_visible(timeout=WAIT_MS)
    expect(reel).to_have_attribute("data-frame", "0")
    expect(reel.get_by_role("button", name="Play")).to_be_visible()  # whoever wants no movement sees none
    box = reel.locator(".panes")
    box.focus()
    for number in range(original.n_frames):
        expect(reel).to_have_attribute("data-frame", str(number))
        left, right = drawn(page)
        assert (left[..., :3] == original.pixels[number]).all(), number
        assert (right == made.frame(number)).all(), number
        page.keyboard.press("ArrowRight")
    expect(reel).to_have_attribute("data-frame", "0")  # round and round
    reel.get_by_role("slider", name="Frame", exact=True).fill("11")
    expect(reel).to_have_attribute("data-frame", "11")
    expect(reel.locator(".count")).to_have_text("12 of 24 · 60 ms")
    page.wait_for_url("**film_frame=11**")
    box.focus()
    page.keyboard.press("1")
    expect(reel.locator(".zoom")).to_have_text("100 %")
    page.keyboard.press("End")
    expect(reel).to_have_attribute("data-frame", "23")
    page.keyboard.press(" ")
    expect(reel).to_have_attribute("data-playing", "true")
    # In step whenever one looks: what is on the left says which frame it is, and the right is of that.
    for _ in range(5):
        left, right = drawn(page)
        (number,) = [n for n in range(24) if (left[..., :3] == original.pixels[n]).all()][:1]
        twins = [n for n in range(24) if (original.pixels[n] == original.pixels[number]).all()]
        assert any((right == made.frame(n)).all() for n in twins)
    page.keyboard.press(" ")
    expect(reel).to_have_attribute("data-playing", "false")
    plays_by_space(page, reel)
    question_explains(page)
    settle(page)  # where the film stands is told, and the buttons are drawn anew
    with page.expect_download(timeout=WAIT_MS) as waiting:
        page.get_by_role("button", name="Download GIF").click()
    found = load_animation(waiting.value.path().read_bytes())
    assert found.durations == original.durations
    assert all((found.pixels[n] == made.frame(n)[..., :3]).all() for n in range(24))
    page.locator(".st-key-sample").get_by_text("Cat", exact=True).click()
    expect(page.get_by_text("This picture has one frame")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator('[data-pane="1"]')).to_be_visible(timeout=WAIT_MS)
    page.locator(".st-key-moving").get_by_text("A hopping slime").click()
    expect(reel.locator(".count")).to_contain_text("1 of 10", timeout=WAIT_MS)
    become(page, 390, "dark")
    expect(reel.get_by_role("button", name="Play")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keeps_time(page, reel)


def question_explains(page: Page) -> None:
    """The "?" of a switch says what it does, and leaves it where it is."""
    switch = page.get_by_role("switch", name="Keep still areas still")
    expect(switch).to_be_checked()
    page.locator('.st-key-still [data-testid="stTooltipIcon"]').click()
    expect(page.get_by_role("tooltip")).to_contain_text("Needs one palette")
    expect(switch).to_be_checked()


def plays_by_space(page: Page, reel: Locator) -> None:
    """Space plays and stops once, whatever of the player was clicked; elsewhere it does its own."""
    transport = reel.get_by_role("group", name="Frames")
    controls = [
        *(
            transport.get_by_role("button", name=name)
            for name in ("First frame", "Frame back", "Frame forward")
        ),
        transport.get_by_role("slider", name="Frame", exact=True),
        transport.locator('[data-do="play"]'),
    ]
    for control in controls:
        control.click()
        stopped = reel.get_attribute("data-playing") == "false"
        for plays in (stopped, not stopped, stopped):
            page.keyboard.press(" ")
            expect(reel).to_have_attribute("data-playing", str(plays).lower())
        page.keyboard.press(" ")
    assert reel.get_attribute("data-playing") == "true"
    transport.locator('[data-do="play"]').click()
    reel.get_by_role("button", name="Zoom in").focus()
    before = reel.locator(".zoom").inner_text()
    page.keyboard.press(" ")
    expect(reel.locator(".zoom")).not_to_have_text(before)
    expect(reel).to_have_attribute("data-playing", "false")


def keeps_time(page: Page, reel: Locator) -> None:
    """Each frame lasts as long as it says, also of an animation that comes while another one plays."""
    page.emulate_media(reduced_motion="no-preference")
    for key in ("ball", "sprite", "ball", "sprite"):
        page.locator(".st-key-moving").get_by_text(MOVING[key].title).click()
        durations = load_animation(MOVING[key].read()).durations
        expect(reel.locator(".slider")).to_have_attribute("max", str(len(durations) - 1), timeout=WAIT_MS)
        expect(page.locator(".reel[data-ready]")).to_have_attribute("data-playing", "true", timeout=WAIT_MS)
        settle(page)
    stood = reel.evaluate(BY_CLOCK, 3000)
    whole = stood[1:-1]
    assert len(whole) > 2 * len(durations)
    for (frame, length), (after, _) in pairwise(whole):
        assert length == durations[frame]
        assert after == (frame + 1) % len(durations)
