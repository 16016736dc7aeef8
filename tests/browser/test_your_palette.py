"""The page about one's own palette in Chromium: a walk with a palette file, a table and a second picture."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from quantize.colors.hexadecimal import hex_colors, to_hex
from tests.browser.panes import choose, picture, settle
from tests.browser.test_many import drop
from tests.pictures import png


def rows(page: Page, count: int) -> list[str]:
    """Colours of the table, once it has so many rows and the picture is there."""
    expect(page.locator(".row")).to_have_count(count)
    settle(page)
    found = page.locator(".row").evaluate_all(
        "rows => rows.map(({ dataset }) => [+dataset.row, dataset.color])"
    )
    return [color for _, color in sorted(found)]


def shown(page: Page) -> set[str]:
    """Colours of the result, from the bytes on the page."""
    return {to_hex(color) for _, color in picture(page, 1).convert("RGB").getcolors(1 << 24)}


def changed(page: Page, query: str) -> None:
    expect(page).to_have_url(re.compile(query))
    settle(page)


def test_a_file_a_table_and_a_second_picture(page: Page, serve: Callable[..., str]) -> None:
    url = serve("app.py")
    page.goto(f"{url}/your_palette?sample=shapes")
    assert len(rows(page, 16)) == 16

    drop(page, ("paints.hex", b"ffffff\nc00000\n000000\n3d6ea8\n"), over="h1")
    changed(page, "mine=ffffff-c00000-000000-3d6ea8")
    assert rows(page, 4) == ["#ffffff", "#c00000", "#000000", "#3d6ea8"]
    assert shown(page) <= set(rows(page, 4))
    page.get_by_role("button", name="Move #c00000 earlier").click()
    changed(page, "mine=c00000-ffffff-000000-3d6ea8")
    page.locator('[data-color="#3d6ea8"] .text').drag_to(page.locator('[data-color="#ffffff"] .text'))
    changed(page, "mine=c00000-3d6ea8-ffffff-000000")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download PNG").click()
    with Image.open(waiting.value.path()) as file:
        entries = np.array(file.getpalette()).reshape(-1, 3)[:4].astype(np.uint8)
    assert hex_colors(entries) == ["#c00000", "#3d6ea8", "#ffffff", "#000000"]
    page.locator(".st-key-table_chart button").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download chart (PDF)").click()
    assert waiting.value.suggested_filename == "Shapes-own-beads.pdf"
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
    said = re.compile(r"^2,552 beads in [1-4] colours?$")
    expect(page.locator(".cq-cells img")).to_have_attribute("alt", said)
    counted = page.locator(".cq-made td").all_inner_texts()
    assert sum(int(number.replace(",", "")) for number in counted) == 2552
    page.keyboard.press("Escape")

    choose(page, "Palette", "Game Boy")
    changed(page, "table=gameboy")
    codes = rows(page, 4)
    assert shown(page) <= set(codes)
    page.get_by_role("checkbox", name=f"Use {codes[0]}").uncheck()
    changed(page, "off=0")
    assert shown(page) <= set(codes[1:])
    page.get_by_role("slider", name="Use the best").press("ArrowLeft")
    changed(page, "best=2")
    assert len(shown(page)) == 2
    expect(page.locator(".row").filter(visible=True)).to_have_count(3)
    page.get_by_text("1 more, not among the best 2").click()
    expect(page.locator(".row").filter(visible=True)).to_have_count(4)
    page.get_by_text("Show where").click()
    changed(page, "far=true")
    expect(page.locator("img.veil")).to_have_count(2)
    page.get_by_role("button", name=re.compile("^Show #")).filter(visible=True).nth(1).click()
    expect(page.locator('.block[aria-pressed="true"]')).to_have_count(1)

    two = np.full((40, 60, 3), 250, np.uint8)
    two[:, 30:] = (10, 60, 10)
    page.locator('.st-key-file input[type="file"]').set_input_files(
        [{"name": f"{name}.png", "mimeType": "image/png", "buffer": data}
         for name, data in (("two", png(two)), ("grey", png(two // 2)))]
    )  # fmt: skip
    expect(page.locator(".cq-name")).to_have_text("two.png")
    settle(page)
    assert shown(page) <= set(codes)
    page.get_by_role("button", name="Other colours").click()
    page.locator(".st-key-other_pictures").get_by_role("button", name="grey.png").click()
    changed(page, "table=own")
    grey = hex_colors(np.unique((two // 2).reshape(-1, 3), axis=0))
    assert sorted(rows(page, 2)) == sorted(grey)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Use exactly these colours on every page").click()
    changed(page, "palette=")
    page.get_by_role("link", name="Studio").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reduce a picture")
    expect(page.get_by_text("Every page uses exactly the 2 colours")).to_be_visible()
    settle(page)
    assert shown(page) == set(grey)


def test_a_link_brings_the_table_as_it_was_left(page: Page, serve: Callable[..., str]) -> None:
    page.goto(
        f"{serve('app.py')}/your_palette?sample=shapes&table=gameboy&lock=3&off=1&best=2&space=LAB&wipe=30"
    )
    codes = rows(page, 4)
    before = shown(page)
    assert codes[3] in before
    expect(page.get_by_role("button", name=f"Unlock {codes[3]}")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("checkbox", name=f"Use {codes[1]}")).not_to_be_checked()
    page.get_by_label(f"Replace {codes[3]}").evaluate(
        "input => { input.value = '#ff0000'; input.dispatchEvent(new Event('change')) }"
    )
    changed(page, "mine=")
    assert "#ff0000" in shown(page)
    page.reload()
    assert rows(page, 4) == [*codes[:3], "#ff0000"]
    page.go_back()
    changed(page, "table=gameboy")
    expect(page.locator(f'.row[data-color="{codes[3]}"]')).to_be_attached()
    assert rows(page, 4) == codes
    assert shown(page) == before
