"""While the slider of K is moved the viewer shows what comes of it, before the page is drawn anew."""

import random
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.panes import count_colors, digest, opened, picture, settle

# Every caption of the second pane, in the order in which they stand on the page.
WATCH = """() => {
  const { stages } = globalThis[Symbol.for("quantize.viewer")]
  const caption = stages.get("viewer").panes[1].figure.querySelector("b")
  window.captions = [caption.textContent]
  new MutationObserver(() => {
    if (caption.textContent !== window.captions.at(-1)) window.captions.push(caption.textContent)
  }).observe(caption, { childList: true, characterData: true, subtree: true })
}"""
PAUSE = 'pause => { globalThis[Symbol.for("quantize.viewer")].stages.get("viewer").live.offer.pause = pause }'

# Answers take so long, in turn.
LATE = """delays => {
  const get = window.fetch
  let asked = 0
  window.fetch = async (url, ...more) => {
    const answer = await get(url, ...more)
    const late = String(url).includes("/live/") ? delays[asked++ % delays.length] : 0
    await new Promise(done => setTimeout(done, late))
    return answer
  }
}"""


def slider_of(page: Page) -> Locator:
    return page.get_by_role("slider", name="Colours (K)").first


def caption(page: Page) -> Locator:
    return page.locator(".pane b").nth(1)


def hold(page: Page) -> tuple[float, float, float]:
    """Take the knob: where it is, and the width of the slider."""
    knob, whole = slider_of(page).locator(".."), page.get_by_test_id("stSlider").first
    box, width = knob.bounding_box(), whole.bounding_box()["width"]
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y, width


def test_the_picture_follows_a_slider_that_is_held(page: Page, serve: Callable[..., str]) -> None:
    opened(page, f"{serve('app.py')}/?k=8")
    settle(page)
    before, figures = digest(page, 1), page.locator(".st-key-figures")
    said = figures.inner_text()
    x, y, width = hold(page)
    page.mouse.move(x + width * 0.1, y, steps=4)
    expect(slider_of(page)).not_to_have_value("8")
    k = slider_of(page).input_value()
    expect(caption(page)).to_have_text(f"{k} colours")
    ahead = page.locator('[data-pane="1"]').get_attribute("data-digest")
    assert ahead != before
    assert figures.inner_text() == said  # the page itself has not heard of it
    expect(page.locator("html")).to_have_attribute("data-ahead", "")
    page.mouse.move(x + width * 0.2, y, steps=4)
    expect(caption(page)).to_have_text(f"{slider_of(page).input_value()} colours")
    page.mouse.move(x + width * 0.1, y, steps=4)
    expect(caption(page)).to_have_text(f"{k} colours")
    page.mouse.up()
    expect(page).to_have_url(re.compile(rf"k={k}\b"))
    expect(page.locator("html")).not_to_have_attribute("data-ahead", "")
    assert digest(page, 1) == ahead  # byte for byte
    assert count_colors(picture(page, 1)) == int(k)


@pytest.mark.parametrize(("steps", "pause"), [(1, 0), (3, 0), (1, 150), (3, 150)])
def test_a_slider_that_is_put_back_shows_what_was_there(
    page: Page, serve: Callable[..., str], steps: int, pause: int
) -> None:
    opened(page, f"{serve('app.py')}/?k=8")
    before = digest(page, 1)
    page.evaluate(PAUSE, pause)
    x, y, width = hold(page)
    page.mouse.move(x + width * 0.2, y, steps=3)
    expect(caption(page)).not_to_have_text("8 colours")
    page.wait_for_timeout(400 if steps == 1 else 0)
    page.mouse.move(x, y, steps=steps)
    expect(slider_of(page)).to_have_value("8")
    page.mouse.up()
    expect(caption(page)).to_have_text("8 colours", timeout=4000)  # and not when the page is doubted
    expect(page.locator("html")).not_to_have_attribute("data-ahead", "")
    assert digest(page, 1) == before


def test_what_takes_its_time_comes_where_the_slider_rests(page: Page, serve: Callable[..., str]) -> None:
    opened(page, f"{serve('app.py')}/?k=8")
    settle(page)
    page.evaluate(PAUSE, 400)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else None)
    x, y, width = hold(page)
    for step in range(20):
        page.mouse.move(x + width * 0.02 * step, y)
    expect(slider_of(page)).not_to_have_value("8")
    k = slider_of(page).input_value()
    expect(caption(page)).to_have_text(f"{k} colours")
    assert [url.rpartition("/")[2] for url in asked] == [k]
    page.mouse.up()
    expect(page).to_have_url(re.compile(rf"k={k}\b"))


def test_captions_never_go_back(page: Page, serve: Callable[..., str]) -> None:
    opened(page, f"{serve('app.py')}/?k=20")
    settle(page)
    page.evaluate(WATCH)
    for _ in range(12):
        slider_of(page).press("ArrowRight")
        page.wait_for_timeout(90)  # as a key repeats
    expect(caption(page)).to_have_text("32 colours")
    settle(page)
    seen = [int(said.split()[0]) for said in page.evaluate("window.captions")]
    assert seen == sorted(seen)
    assert seen[-1] == 32


@pytest.mark.parametrize("seed", range(3))
def test_wherever_the_slider_is_left_the_page_shows_that(
    page: Page, serve: Callable[..., str], seed: int
) -> None:
    """Whatever is done meanwhile, and however late answers come."""
    draw = random.Random(seed)
    opened(page, f"{serve('app.py')}/?k=8")
    settle(page)

    page.evaluate(LATE, [draw.choice((0, 0, 30, 200)) for _ in range(97)])
    for _ in range(5):
        x, y, width = hold(page)
        for _ in range(draw.randrange(1, 6)):
            page.mouse.move(x + draw.choice((0, draw.uniform(-0.4, 0.6))) * width, y, steps=3)
            page.wait_for_timeout(draw.choice((0, 10, 60, 150)))
        page.mouse.up()
        after = draw.choice(("nothing", "keys", "pick", "space"))
        if after == "keys":
            for _ in range(draw.randrange(1, 5)):
                slider_of(page).press(draw.choice(("ArrowLeft", "ArrowRight", "PageUp")))
        if after == "pick":
            page.get_by_role("radio", name=draw.choice(("4", "16", "64")), exact=True).click()
        if after == "space":
            page.get_by_role("radio", name=draw.choice(("LAB", "BGR")), exact=True).click()
        if draw.random() < 0.5:
            page.wait_for_timeout(draw.choice((50, 400)))
    page.wait_for_timeout(500)
    settle(page)
    k = slider_of(page).input_value()
    said = f"{k} colour" + "s" * (k != "1")
    expect(caption(page)).to_have_text(said)
    expect(page.locator(".st-key-figures")).to_contain_text(f"→ {k} ")
    expect(page.locator("html")).not_to_have_attribute("data-ahead", "")
    assert count_colors(picture(page, 1)) == int(k)
    shown = digest(page, 1)
    page.reload()
    expect(caption(page)).to_have_text(said)
    assert digest(page, 1) == shown


@pytest.mark.parametrize("status", [404, 429, 503])
def test_without_an_answer_the_page_itself_shows_it(
    page: Page, serve: Callable[..., str], status: int
) -> None:
    opened(page, f"{serve('app.py')}/?k=8")
    settle(page)
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status)

    page.route("**/live/**", refuse)
    for k in (9, 10, 11):
        slider_of(page).press("ArrowRight")
        expect(caption(page)).to_have_text(f"{k} colours")
    settle(page)
    assert count_colors(picture(page, 1)) == 11
    assert 1 <= len(asked) <= (1 if status == 404 else 3)  # where nothing is offered nobody asks again


def test_what_the_page_never_hears_of_is_not_shown_for_long(page: Page, serve: Callable[..., str]) -> None:
    opened(page, f"{serve('app.py')}/?k=8")
    settle(page)
    x, y, width = hold(page)
    page.mouse.move(x + width * 0.2, y, steps=3)
    expect(caption(page)).not_to_have_text("8 colours")
    page.evaluate("WebSocket.prototype.send = () => {}")  # a server that is gone, say
    page.mouse.up()
    expect(caption(page)).to_have_text("8 colours")
    expect(page.locator("html")).not_to_have_attribute("data-ahead", "")


def test_what_was_asked_for_before_a_change_is_not_shown_after_it(
    page: Page, serve: Callable[..., str]
) -> None:
    opened(page, f"{serve('app.py')}/?k=8")
    settle(page)
    held: list[Route] = []
    page.route("**/live/**", lambda route: held.append(route))
    slider_of(page).press("ArrowRight")
    expect(caption(page)).to_have_text("9 colours")
    settle(page)
    page.get_by_role("radio", name="BGR").click()
    expect(page.get_by_text("k-means in BGR")).to_be_visible()
    expected = digest(page, 1)
    assert held
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)
    assert digest(page, 1) == expected
