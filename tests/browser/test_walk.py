"""Steps at random in Chromium: after any of them, the address shows somebody else the same."""

import random
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panes import settle
from tests.browser.test_app import WAIT_MS

STEPS, EVERY = 15, 5
PAGES = ("Studio", "Compare K", "Palette", "LAB vs BGR")
# What all viewers of a page show: bytes, the part that is looked at, how they lie, what lies over them.
SHOWN = """() => [...globalThis[Symbol.for("quantize.viewer")].stages.values()].map(stage => ({
  panes: stage.panes.map(pane => pane.digest), at: String(stage.at), mode: stage.mode,
  wipe: stage.wipe.percent, heat: stage.errors.on, selected: stage.selection?.hex ?? null,
}))"""
# How all controls of a page stand.
STAND = """() => [
  ...[...document.querySelectorAll('[role="slider"], input[type="range"]')]
    .map(slider => slider.getAttribute("aria-valuenow") ?? slider.value),
  ...[...document.querySelectorAll('[role="radio"][aria-checked="true"]')].map(radio => radio.innerText),
  ...[...document.querySelectorAll('[role="combobox"]')].map(box => box.value ?? box.innerText),
]"""
QUIET_MS = 700  # longer than a viewer waits before it tells what is looked at


def rest(page: Page) -> None:
    """Until the page has told all and shows all."""
    expect(page.locator('[data-pane="0"]')).to_be_visible(timeout=WAIT_MS)  # of a wipe among three, 1 is not
    settle(page)
    page.wait_for_timeout(QUIET_MS)
    settle(page)
    expect(page.get_by_text("working …")).to_have_count(0, timeout=WAIT_MS)
    settle(page)


def choose(page: Page, dice: random.Random, group: str) -> None:
    """One of the pills or segments with this key."""
    options = page.locator(f".st-key-{group}").get_by_role("radio")
    expect(options.first).to_be_visible(timeout=WAIT_MS)
    options.nth(dice.randrange(options.count())).click()


def press(page: Page, dice: random.Random, name: str) -> None:
    slider = page.get_by_role("slider", name=name).first
    for _ in range(dice.randint(1, 3)):
        slider.press(dice.choice(["ArrowLeft", "ArrowRight", "PageUp"]))


def pick_dither(page: Page, dice: random.Random, name: str = "Dithering") -> None:
    page.get_by_role("combobox", name=name).first.click()
    options = page.get_by_role("option")
    options.nth(dice.randrange(options.count())).click()


def zoom(page: Page, dice: random.Random) -> None:
    page.locator(".panes").focus()
    for _ in range(dice.randint(1, 5)):
        page.keyboard.press(dice.choice(["+", "+", "-", "0", "1", "ArrowRight", "ArrowDown", "w", "e"]))


def click(page: Page, dice: random.Random) -> None:
    pane = page.locator('[data-pane="0"]')
    box = pane.bounding_box()
    frame = page.locator(".frame").first.bounding_box()
    middle = {axis: frame[axis] - box[axis] + dice.uniform(20, 60) for axis in "xy"}
    pane.click(position=middle)


def pin(page: Page, dice: random.Random) -> None:
    buttons = page.get_by_role("button", name=re.compile("^(Pin|Add) #[0-9a-f]{6}$"))
    if buttons.count():
        buttons.first.click()


STUDIO = (
    lambda page, dice: press(page, dice, "Colours (K)"),
    lambda page, dice: choose(page, dice, "quick_pick"),
    lambda page, dice: choose(page, dice, "space"),
    lambda page, dice: choose(page, dice, "sample"),
    pick_dither,
    zoom,
    click,
    pin,
    lambda page, dice: pick_dither(page, dice, "Preset"),
)
MOVES = {
    "Studio": STUDIO,
    "Compare K": STUDIO[:6],
    "LAB vs BGR": STUDIO[:2] + STUDIO[3:6],  # where the one space is out of sight
    "Palette": (
        lambda page, dice: press(page, dice, "Colours"),
        lambda page, dice: choose(page, dice, "palette_space"),
        lambda page, dice: pick_dither(page, dice, "Order"),
        pick_dither,
        zoom,
        click,
        pin,
    ),
}


@pytest.mark.parametrize("seed", [9])
def test_the_address_leads_to_what_is_on_the_screen(
    new_page: Callable[..., Page], serve: Callable[..., str], seed: int
) -> None:
    dice, page, other, where, done = random.Random(seed), new_page(), new_page(), "Studio", []
    page.goto(f"{serve('app.py')}/?sample=shapes&k=9")
    rest(page)
    for step in range(1, STEPS + 1):
        if dice.random() < 0.2:
            where = dice.choice(PAGES)
            page.get_by_role("link", name=where, exact=True).click()
            done.append(where)
            rest(page)
        else:
            move = dice.randrange(len(MOVES[where]))
            MOVES[where][move](page, dice)
            done.append(move)
            if dice.random() < 0.7:  # else the next one follows on its heels
                rest(page)
        if step % EVERY == 0:
            rest(page)
            other.goto(page.url)
            rest(other)
            assert other.evaluate(SHOWN) == page.evaluate(SHOWN), done
            assert other.evaluate(STAND) == page.evaluate(STAND), done
            assert other.url == page.url, done
