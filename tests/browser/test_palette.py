"""The palette page in Chromium: swatches, clipboard, pins, files both ways."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from quantize import Palette, read_palette, write_palette
from tests.browser.panes import become, cards, colors_in, picture, settle, settled
from tests.swatch_files import colors_of, random_colors

WAIT_MS = 60_000
HOSTILE_NAME = "<img src=x onerror=alert(1)>"


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return f"{serve('app.py')}/palette"


def card(page: Page, color: str) -> Locator:
    return page.locator(f'.card[data-color="{color}"]')


def pinned(page: Page) -> list[str]:
    return page.locator('.card:has(.pin[aria-pressed="true"])').evaluate_all(
        "cards => cards.map(card => card.dataset.color)"
    )


def test_a_name_is_written_to_its_end_while_cards_are_drawn_anew(page: Page, url: str) -> None:
    page.goto(f"{url}?n=5&sample=Coffee")
    first, *_, last = cards(page, 5)
    page.get_by_label(f"Name of {last}").fill("Crema")
    field = page.get_by_label(f"Name of {first}")
    before = field.element_handle()
    field.click()
    page.keyboard.type("written while another", delay=20)
    expect(page).to_have_url(re.compile("Crema"), timeout=WAIT_MS)
    settled(page)
    assert not before.evaluate("field => field.isConnected")  # all were drawn anew
    expect(field).to_have_value("written while another")
    # What was written before that counts, too, though nothing is written after it.
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("written"), timeout=WAIT_MS)
    settled(page)
    expect(field).to_have_value("written while another")


def test_k_and_space_changed_by_hand_survive_a_visit(page: Page, url: str) -> None:
    page.goto(f"{url.removesuffix('palette')}?sample=Shapes")
    expect(page.locator('b:text-is("16 colours")')).to_be_visible(timeout=WAIT_MS)
    settled(page)
    page.get_by_role("radio", name="32", exact=True).click()
    expect(page.locator('b:text-is("32 colours")')).to_be_visible(timeout=WAIT_MS)
    settled(page)
    page.get_by_role("radio", name="HSV", exact=True).click()
    expect(page).to_have_url(re.compile("space=HSV"))
    settled(page)
    page.get_by_role("link", name="Palette", exact=True).click()
    cards(page, 6)
    expect(page.get_by_role("slider", name="Colours (K)")).to_have_count(0)
    page.get_by_role("link", name="Studio").click()
    expect(page.locator('b:text-is("32 colours")')).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("radio", name="HSV", exact=True)).to_be_checked()


def test_codes_are_copied_places_shown_and_the_slider_and_a_reload(
    new_page: Callable[..., Page], url: str
) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(url)
    color = cards(page, 6)[1]
    red, green, blue = bytes.fromhex(color[1:])
    for part, text in (("hex", color), ("rgb", f"rgb({red} {green} {blue})"), ("oklch", None)):
        line = card(page, color).locator(f".{part}")
        text = text or line.inner_text()
        line.click()
        expect(page.get_by_text(f"Copied {text}")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == text

    block = page.get_by_role("button", name=f"Show {color} in the picture")
    block.click()
    expect(block).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".veil")).to_have_count(2)
    block.click()
    expect(block).to_have_attribute("aria-pressed", "false")

    slider = page.get_by_role("slider", name="Colours")
    for _ in range(3):
        slider.press("ArrowRight")
    shown = cards(page, 9)
    expect(page).to_have_url(re.compile("n=9"))
    page.reload()
    assert cards(page, 9) == shown


def test_pin_edit_remove(page: Page, url: str) -> None:
    page.goto(url)
    first, second, *_ = cards(page, 6)
    page.get_by_role("button", name=f"Pin {first}").click()
    expect(page.get_by_role("button", name=f"Unpin {first}")).to_be_visible(timeout=WAIT_MS)
    expect(page).to_have_url(re.compile(f"pin={first[1:]}"))
    assert pinned(page) == [first]

    page.get_by_label(f"Edit {second}").fill("#00c060")
    expect(card(page, "#00c060")).to_be_visible(timeout=WAIT_MS)
    shown = cards(page, 6)
    assert first in shown
    assert colors_in(picture(page, 1)) <= set(shown)

    card(page, "#00c060").get_by_role("button", name="Remove").click()
    assert set(cards(page, 5)) == set(shown) - {"#00c060"}
    page.get_by_role("button", name=f"Unpin {first}").click()
    expect(page.get_by_role("button", name=f"Unpin {first}")).to_have_count(0, timeout=WAIT_MS)


def test_a_color_clicked_in_the_picture_can_be_added(page: Page, url: str) -> None:
    page.goto(f"{url}?n=4&sample=Coffee")
    cards(page, 4)
    expect(page.get_by_role("button", name="Add #808080")).to_be_visible()
    page.locator('[data-pane="0"]').click(position={"x": 30, "y": 200})
    add = page.get_by_role("button", name=re.compile("Add #(?!808080)"))
    expect(add).to_be_visible(timeout=WAIT_MS)
    color = add.inner_text().strip()[-7:]
    add.click()
    assert color in cards(page, 5)
    assert pinned(page) == [color]


def test_an_exported_file_gives_the_same_colors_pinned(
    new_page: Callable[..., Page], url: str, tmp_path: Path
) -> None:
    first, second = new_page(), new_page()
    first.goto(f"{url}?n=7&sample=Rocket")
    shown = cards(first, 7)
    with first.expect_download() as download:
        first.get_by_role("button", name="Download palette").click()
    assert download.value.suggested_filename == "Rocket-7.ase"
    kept = tmp_path / "Rocket-7.ase"
    download.value.save_as(kept)
    assert read_palette(kept.read_bytes(), kept.name).hexes == shown

    second.goto(url)
    cards(second, 6)
    second.locator('input[type="file"]').last.set_input_files(kept)
    assert set(cards(second, 7)) == set(shown)
    assert set(pinned(second)) == set(shown)
    assert colors_in(picture(second, 1)) <= set(shown)


def test_hostile_palette_files(page: Page, url: str, tmp_path: Path) -> None:
    bad, named = tmp_path / f"{HOSTILE_NAME[:8]}.ase", tmp_path / "named.gpl"
    bad.write_bytes(write_palette(Palette(random_colors(5)), "ase")[:40])
    palette = Palette(colors_of("#c00000", "#00c000"), names=(HOSTILE_NAME, "</script>"))
    named.write_bytes(write_palette(palette, "gpl"))
    page.goto(f"{url}?pin=%233d6ea8")
    shown = cards(page, 6)
    files = page.locator('input[type="file"]').last
    files.set_input_files(bad)
    expect(page.get_by_text("<img src.ase: ASE palette cannot be read")).to_be_visible(timeout=WAIT_MS)
    assert cards(page, 6) == shown
    files.set_input_files(named)
    expect(card(page, "#c00000").locator(".name")).to_have_value(HOSTILE_NAME, timeout=WAIT_MS)
    expect(page.get_by_text("cannot be read")).to_have_count(0)
    assert sorted(cards(page, 2)) == ["#00c000", "#c00000"]


def test_many_swatches_stay_beside_the_picture_and_within_the_page_and_are_more_if_asked(
    page: Page, url: str
) -> None:
    page.goto(f"{url}?n=24&pin=%23c00000")
    cards(page, 24)
    page.locator(".card").last.scroll_into_view_if_needed()
    assert page.locator('[data-pane="1"]').bounding_box()["y"] > 0
    for width, scheme in ((390, "dark"), (1280, "light")):
        become(page, width, scheme, 844)
        expect(page.get_by_role("region", name="Contrast of every pair")).to_be_visible(timeout=WAIT_MS)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
        table = page.locator(".cq-scroll")
        assert table.evaluate("element => element.scrollWidth > element.clientWidth")
        assert min(page.locator(".card").evaluate_all("cards => cards.map(card => card.clientWidth)")) > 130

    page.get_by_test_id("stMain").get_by_role("button", name="More").click()
    page.get_by_text("Up to 256 colours").click()
    expect(page).to_have_url(re.compile("many=true"))
    page.keyboard.press("Escape")
    slider = page.get_by_role("slider", name="Colours")
    expect(slider).to_have_attribute("max", "256", timeout=WAIT_MS)
    expect(slider).to_have_value("24")
    for _ in range(6):
        slider.press("ArrowRight")
    shown = cards(page, 30)
    # What is pinned is no colour of the picture.
    assert colors_in(picture(page, 1)) | {"#c00000"} == set(shown)


# Two clicks, the second one some milliseconds after the first, without a look in between.
TWO_CLICKS = """async ([first, second, gap]) => {
  const find = name => {
    const roots = [document]
    for (const root of roots) {
      for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot)
      for (const button of root.querySelectorAll("button")) {
        if ((button.getAttribute("aria-label") ?? button.innerText).includes(name)) return button
      }
    }
  }
  const buttons = [first, second].map(find)
  buttons[0].click()
  await new Promise(resolve => setTimeout(resolve, gap))
  buttons[1].click()
}"""


PIN_SIX = """async gap => {
  const roots = [document], pinned = []
  for (const root of roots) {
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot)
  }
  const cards = roots.map(root => root.querySelector(".cards")).find(Boolean)
  for (let index = 0; index < 6; index++) {
    const open = [...cards.querySelectorAll('.pin[aria-pressed="false"]')]
    open[index % open.length].click()
    pinned.push(open[index % open.length].closest("li").dataset.color)
    await new Promise(resolve => setTimeout(resolve, gap))
  }
  return pinned
}"""


def test_six_pins_in_a_second_are_all_kept(page: Page, url: str) -> None:
    """Each has the others chosen anew, so that the next one may be about a palette that is no more."""
    for gap in (20, 150, 220):
        page.goto(f"{url}?n=16")
        cards(page, 16)
        settle(page)
        wanted = {color.removeprefix("#") for color in page.evaluate(PIN_SIX, gap)}
        page.wait_for_function(
            "wanted => wanted.every(color => location.search.includes(color))", arg=list(wanted)
        )
        settle(page)
        found = re.search(r"pin=([\w-]+)", page.url)
        assert found
        assert set(found[1].split("-")) == wanted


def test_a_card_that_is_pressed_is_clicked_whatever_comes_meanwhile(page: Page, url: str) -> None:
    page.goto(f"{url}?sample=shapes&n=8")
    cards(page, 8)
    settle(page)
    pin = page.get_by_role("button", name="Pin #").first
    color = (pin.get_attribute("aria-label") or "")[-6:]
    pin.hover()
    page.mouse.down()
    page.evaluate("document.activeElement.blur()")
    page.get_by_role("radio", name="Oklab", exact=True).evaluate("radio => radio.click()")
    expect(page).to_have_url(re.compile("palette_space=Oklab"))
    settle(page)
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"pin={color}"))
    expect(page.get_by_role("button", name=f"Unpin #{color}")).to_be_visible()


def test_a_click_is_heard_whatever_follows_it(page: Page, url: str) -> None:
    """Each time it is another space that is clicked right after."""
    page.goto(f"{url}?sample=shapes")
    add = page.get_by_role("button", name="Add #")

    def click(first: str, gap: int, space: str, told: str) -> None:
        expect(add).to_be_visible()
        settle(page)
        assert f"palette_space={space}" not in page.url
        assert not re.search(told, page.url)
        page.evaluate(TWO_CLICKS, [first, space, gap])
        expect(page).to_have_url(re.compile(f"palette_space={space}"))
        expect(page).to_have_url(re.compile(told))

    for gap, space in ((0, "HSV"), (120, "Oklab")):
        click("Add #", gap, space, "pin=808080")
        page.get_by_role("button", name="Unpin #808080").click()
        expect(card(page, "#808080")).to_have_count(0)
        expect(page).not_to_have_url(re.compile("pin="))
    click("Pin #", 40, "HSV", r"pin=\w{6}")
    click("Pin #", 0, "Oklab", r"pin=\w{6}-\w{6}")
    for color in re.findall(r"\b[0-9a-f]{6}\b", page.url):
        page.get_by_role("button", name=f"Unpin #{color}").click()
        expect(page).not_to_have_url(re.compile(color))
        settle(page)  # else the next card may move away under the mouse
    left = page.locator(".card").count() - 1
    click("Remove #", 40, "HSV", rf"n={left}\b")
    # All that were left are pinned by now.
    click("Remove #", 120, "Oklab", rf"pin=(\w{{6}}-){{{left - 2}}}\w{{6}}(&|$)")
