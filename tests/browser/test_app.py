"""The app in Chromium, as a visitor meets it."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from pages import SCREENS, Screen
from quantize.decoding.samples import SAMPLES
from tests.browser.panes import become, cards, colors_in, count_colors, picture, settle
from tests.browser.styled import counting_styled
from tests.browser.test_accessible import AXE, assert_accessible
from tests.pictures import noise, saved, smooth

RESULT = '[data-pane="1"]'
WAIT_MS = 60_000


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve("app.py")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A real photo as a file, with an Adobe RGB profile."""
    path = tmp_path / "my photo.jpg"
    path.write_bytes(SAMPLES["rocket"].read())
    return path


def figures(page: Page) -> str:
    """The line of figures, once the page has been drawn and the file sizes are in it."""
    settle(page)
    line = page.locator(".cq-figures")
    expect(line).to_contain_text(re.compile(r"PNG .*\d+"), timeout=WAIT_MS)
    return line.inner_text()


def wait_for(page: Page, n_colors: int) -> None:
    """Until the result has this many colours in its label, and its page, too, says so."""
    expect(page.locator(f'b:text-is("{n_colors} colours")')).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(RESULT)).to_be_visible()
    expect(page.locator("html")).not_to_have_attribute("data-ahead", "", timeout=WAIT_MS)


def upload(page: Page, path: Path) -> None:
    page.locator('input[type="file"]').set_input_files(path)


def test_upload_quantize_download_and_a_bad_file_leaves_all_as_it_was(
    page: Page, url: str, photo: Path, tmp_path: Path
) -> None:
    page.goto(url)
    wait_for(page, 16)
    upload(page, photo)
    expect(page.locator(".cq-name")).to_have_text("my photo.jpg", timeout=WAIT_MS)
    expect(page.get_by_text("Adobe RGB (1998) converted to sRGB")).to_be_visible()
    page.get_by_role("radio", name="4", exact=True).click()
    wait_for(page, 4)
    page.get_by_role("radio", name="16", exact=True).click()
    wait_for(page, 16)
    assert "→ 16" in figures(page)

    shown = picture(page, 1)
    assert shown.size == (640, 427)
    assert count_colors(shown) == 16
    assert count_colors(picture(page, 0)) > 10_000

    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    kept = tmp_path / "kept.png"
    download.value.save_as(kept)
    assert download.value.suggested_filename == "my photo-16.png"
    with Image.open(kept) as file:
        assert (file.mode, file.size) == ("P", (640, 427))
        assert count_colors(file) == 16
        np.testing.assert_array_equal(np.asarray(file.convert("RGB")), np.asarray(shown.convert("RGB")))

    for name, pixels in (("row", noise(1, 9000)), ("column", noise(9000, 1))):
        thin = tmp_path / f"{name}.png"
        thin.write_bytes(saved(pixels, "PNG"))
        upload(page, thin)
        expect(page.locator(".cq-name")).to_have_text(thin.name, timeout=WAIT_MS)
        settle(page)
        for pane in (0, 1):
            drawn = page.locator(f'[data-pane="{pane}"]').bounding_box()
            assert min(drawn["width"], drawn["height"]) >= 1, (name, drawn)
    page.get_by_role("button", name="my photo.jpg").first.click()

    bad = tmp_path / "words.png"
    bad.write_text("just words")
    upload(page, bad)
    # Beside the picker, and for a while as news.
    expect(page.get_by_text("words.png: Picture must be").first).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".cq-name")).to_have_text("my photo.jpg")
    assert picture(page, 1).size == (640, 427)


def test_large_photo_is_thinned_on_the_page_whole_in_the_file_and_one_click_brings_the_sample_back(
    page: Page, url: str, tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    pixels = smooth(1300, 4000)
    large.write_bytes(saved(pixels, "PNG"))
    page.goto(f"{url}/?k=9&sample=cat")
    wait_for(page, 9)
    upload(page, large)
    expect(page.locator(".cq-quiet")).to_contain_text("4,000×1,300", timeout=WAIT_MS)
    figures(page)
    assert max(picture(page, 1).size) <= 1600
    assert count_colors(picture(page, 1)) <= 9
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    kept = tmp_path / "kept.png"
    download.value.save_as(kept)
    with Image.open(kept) as file:
        assert (file.size, count_colors(file)) == ((4000, 1300), 9)
    settle(page)
    page.get_by_role("radio", name="Cat", exact=True).click()
    expect(page.get_by_role("radio", name="Cat", exact=True)).to_be_checked(timeout=WAIT_MS)
    expect(page).to_have_url(re.compile("sample=cat"))
    expect(page.locator(".cq-name")).to_have_text("Cat")


def test_deep_link_to_a_page_works_as_the_first_request_of_a_fresh_server(
    page: Page, serve: Callable[..., str]
) -> None:
    """And brings what the other pages show."""
    chosen = "k=32&space=LAB&sample=Shapes&ks=3&ks=5&n=5&pin=%23c00000"
    page.goto(f"{serve('app.py', fresh=True)}/compare_k?{chosen}")
    expect(page.locator('b:text-is("K = 5")')).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".cq-name")).to_have_text("Shapes")
    expect(page.get_by_role("slider", name="Colours (K)")).to_have_value("32")
    expect(page.get_by_text("working …")).to_have_count(0, timeout=WAIT_MS)
    assert count_colors(picture(page, 2)) == 5
    page.get_by_role("link", name="Palette", exact=True).click()
    shown = cards(page, 5)
    assert "#c00000" in shown
    assert colors_in(picture(page, 1)) == set(shown)
    page.get_by_role("link", name="Studio").click()
    wait_for(page, 32)
    expect(page.locator(".cq-name")).to_have_text("Shapes")
    expect(page.get_by_role("radio", name="LAB", exact=True)).to_be_checked()
    assert count_colors(picture(page, 1)) == 32


def test_a_click_on_a_tile_makes_its_k_the_current_one(page: Page, url: str) -> None:
    page.goto(f"{url}/compare_k?sample=Shapes")
    expect(page.locator('b:text-is("K = 16 ✓")')).to_be_visible(timeout=WAIT_MS)
    page.locator('[data-pane="1"]').click()
    expect(page.locator('b:text-is("K = 4 ✓")')).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_role("slider", name="Colours (K)")).to_have_value("4")


def test_a_page_at_rest_asks_nothing_and_a_clicked_color_can_be_pinned_whatever_follows(
    page: Page, url: str
) -> None:
    asked: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: asked.append(frame)))
    page.goto(f"{url}/?k=5&sample=Shapes")
    wait_for(page, 5)
    assert "→ 5" in figures(page)
    page.wait_for_timeout(1000)  # longer than the viewer waits before it asks for a part
    assert len(asked) == 1

    settle(page)
    page.locator('[data-pane="0"]').click(position={"x": 20, "y": 20})
    page.get_by_role("slider", name="Colours (K)").press("ArrowRight")  # on its heels
    wait_for(page, 6)
    keep = page.get_by_role("button", name=re.compile("Pin #"))
    expect(keep).to_be_visible(timeout=WAIT_MS)
    color = keep.inner_text().strip()[-7:]
    assert page.locator(".first-paint, [data-first-paint]").count() == 0
    with counting_styled(page) as counts:
        keep.click()
        expect(keep).to_have_count(0)  # it is kept already
    expect(page).to_have_url(re.compile(f"keep={color[1:]}"))
    expect(page.locator(".cq-figures")).to_contain_text("→ 6", timeout=WAIT_MS)
    expect(page.locator('[data-stale="true"]')).to_have_count(0, timeout=WAIT_MS)
    assert bytes.fromhex(color[1:]) in [
        bytes(pixel) for _, pixel in picture(page, 1).convert("RGB").getcolors(1 << 24)
    ]

    # A rule that asks something of the whole page would have all of it styled anew at every change. At some
    # changes Streamlit itself does that, when it writes a rule that it needs for the first time.
    most = [max(counts)]
    for n_colors in range(7, 11):
        with counting_styled(page) as counts:
            page.get_by_role("slider", name="Colours (K)").press("ArrowRight")
            wait_for(page, n_colors)
        most.append(max(counts))
    assert min(most)
    assert sorted(most)[len(most) // 2] < page.locator("*").count() / 3, most


def test_the_last_of_eight_quick_changes_stays_and_choices_survive_a_reload(page: Page, url: str) -> None:
    page.goto(url)
    wait_for(page, 16)
    slider = page.get_by_role("slider", name="Colours (K)")
    for _ in range(8):
        slider.press("ArrowRight")
    wait_for(page, 24)
    assert "→ 24" in figures(page)
    assert count_colors(picture(page, 1)) == 24
    page.get_by_role("radio", name="64", exact=True).click()
    wait_for(page, 64)
    page.get_by_role("radio", name="Oklab", exact=True).click()
    expect(page).to_have_url(re.compile("space=Oklab"))
    page.get_by_role("radio", name="Shapes", exact=True).click()
    expect(page.locator(".cq-name")).to_have_text("Shapes")
    expect(page).to_have_url(re.compile("sample=shapes"))  # the name is drawn a moment before
    page.reload()
    wait_for(page, 64)
    expect(page.locator(".cq-name")).to_have_text("Shapes")
    expect(page.get_by_role("radio", name="Oklab", exact=True)).to_be_checked()


def test_slow_work_is_shown_and_abandoned_when_the_visitor_moves_on(page: Page, url: str) -> None:
    page.goto(f"{url}/?method=cv2.kmeans&attempts=100&k=32&sample=Galaxies")
    expect(page.get_by_text("Working: attempts")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("radio", name="Shapes", exact=True).click()
    page.get_by_role("radio", name="4", exact=True).click()
    page.get_by_test_id("stMain").get_by_role("button", name="More").click()
    page.get_by_role("spinbutton", name="Attempts").fill("1")
    page.get_by_role("spinbutton", name="Attempts").press("Enter")
    wait_for(page, 4)
    expect(page.locator(".cq-name")).to_have_text("Shapes")


def test_controls_in_a_popover_show_what_was_chosen_also_after_other_changes(page: Page, url: str) -> None:
    page.goto(f"{url}/?k=4&rare=0.5&seed=7&sample=Shapes")
    wait_for(page, 4)
    page.get_by_role("radio", name="LAB", exact=True).click()
    expect(page).to_have_url(re.compile("space=LAB"), timeout=WAIT_MS)
    wait_for(page, 4)
    page.get_by_test_id("stMain").get_by_role("button", name="More").click()
    expect(page.get_by_role("radio", name="normal", exact=True)).to_be_checked()
    expect(page.get_by_role("slider", name="Rare colours")).to_have_value("0.5")
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("7")
    page.get_by_role("radio", name="fast", exact=True).click()
    expect(page).to_have_url(re.compile("effort=fast"), timeout=WAIT_MS)
    expect(page.get_by_role("radio", name="fast", exact=True)).to_be_checked()


def test_two_tabs_keep_apart(new_page: Callable[..., Page], url: str) -> None:
    first, second = new_page(), new_page(color_scheme="dark")
    first.goto(f"{url}/?k=5")
    second.goto(f"{url}/?k=7&sample=Shapes")
    wait_for(first, 5)
    wait_for(second, 7)
    first.get_by_role("radio", name="32", exact=True).click()
    wait_for(first, 32)
    assert count_colors(picture(second, 1)) == 7


def swipe(page: Page, x: float, y: float, right: int, down: int) -> None:
    """Move a finger, in ten steps."""
    touch = page.context.new_cdp_session(page)
    for step in range(11):
        point = {"x": x + right * step / 10, "y": y + down * step / 10}
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_over_a_slider_scrolls_and_one_on_its_knob_moves_it(
    new_page: Callable[..., Page], url: str
) -> None:
    page = new_page(viewport={"width": 390, "height": 600}, has_touch=True, is_mobile=True)
    page.goto(f"{url}/?k=9")
    wait_for(page, 9)
    settle(page)
    slider = page.get_by_role("slider", name="Colours (K)").first
    page.locator('[data-testid="stMain"]').evaluate("main => main.scrollTo(0, 200)")
    box = page.locator(".st-key-k [data-orientation]").last.bounding_box()
    swipe(page, box["x"] + 200, box["y"] + box["height"] / 2, 0, -120)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 260")
    expect(slider).to_have_value("9")
    knob = page.locator(".st-key-k [data-orientation] > [style*=translate]").bounding_box()
    swipe(page, knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2, 60, 0)
    expect(slider).not_to_have_value("9")


def test_nothing_sticks_out_and_controls_are_in_one_row_with_the_download_in_sight(
    page: Page, url: str
) -> None:
    page.goto(f"{url}/?k=9&sample=coffee&dither=jarvis-judice-ninke")  # no name is longer
    wait_for(page, 9)
    figures(page)
    for width, scheme in ((1440, "light"), (1280, "light"), (1024, "light"), (768, "light"), (390, "dark")):
        become(page, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        main = page.locator('[data-testid="stMain"]')
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth")
        assert_what_is_said_of_waiting_is_below_the_title(page)
        if width > 1300:
            name = page.get_by_role("combobox", name="Dithering")
            assert name.evaluate("input => input.scrollWidth <= input.clientWidth")
        if width >= 768:
            assert_in_one_row(page)
            assert_popovers_are_at_their_buttons(page)


def assert_what_is_said_of_waiting_is_below_the_title(page: Page) -> None:
    """And within the window; it is drawn over what is there, and once was over the names of the pages."""
    top, bottom, title = page.evaluate("""() => {
      const place = document.querySelector(".st-key-waiting"), line = document.createElement("div")
      line.dataset.testid = "stCaptionContainer"
      line.innerHTML = "<p>Waiting: 3 others are before you. This server is busy with other pictures.</p>"
      place.append(line)
      const box = line.getBoundingClientRect()
      line.remove()
      return [box.top, box.bottom, document.querySelector("h1").getBoundingClientRect().bottom]
    }""")
    assert title < top < bottom <= page.viewport_size["height"]


def assert_in_one_row(page: Page) -> None:
    """The controls, and their labels; below them the button that downloads is in sight."""
    labels = page.locator(":is(.st-key-space, .st-key-dither, .st-key-strength) label")
    expect(labels).to_have_count(3)
    row = [
        page.get_by_role("radio", name="BGR"),
        page.get_by_test_id("stMain").get_by_role("button", name="More"),
        page.get_by_test_id("stSelectbox").first.locator("[data-rac]").first,
        page.get_by_role("button", name="Share"),
    ]
    tops: set[int] = set()
    bottoms = {0}
    for _ in range(50):  # a resized page is laid out again while its sidebar moves in or out
        tops = {round(box["y"]) for box in map(box_of, labels.all())}
        bottoms = {round(box["y"] + box["height"]) for box in map(box_of, row)}
        if len(tops) == 1 and max(bottoms) - min(bottoms) <= 1:
            break
        page.wait_for_timeout(100)
    assert len(tops) == 1, tops
    assert max(bottoms) - min(bottoms) <= 1, bottoms
    assert box_of(page.get_by_role("button", name="Download PNG"))["y"] + 30 < 900


def assert_popovers_are_at_their_buttons(page: Page) -> None:
    """What the figures mean stands above them, and More under its button, beside the result."""
    settle(page)
    told = page.get_by_test_id("stPopoverBody")
    page.get_by_role("button", name="What the figures mean").click()
    expect(told.get_by_text("CIEDE2000")).to_be_visible()
    assert bottom(told) <= box_of(page.locator(".cq-figures"))["y"]
    page.keyboard.press("Escape")
    page.get_by_test_id("stMain").get_by_role("button", name="More").click()
    expect(told.get_by_text("Method")).to_be_visible()
    expect(told).to_have_count(1)
    opened, result = box_of(told), box_of(page.locator('[data-pane="1"]'))
    assert 0 <= opened["y"] - bottom(page.get_by_test_id("stMain").get_by_role("button", name="More")) < 20
    if page.viewport_size["width"] >= 1024:  # beside the result, which is seen while it changes
        assert -60 < opened["x"] + opened["width"] - result["x"] <= 0
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)


def box_of(element: Locator) -> dict[str, float]:
    return element.bounding_box()


def bottom(element: Locator) -> float:
    box = box_of(element)
    return box["y"] + box["height"]


def go_and_see(page: Page, tabs: Locator, screen: Screen) -> None:
    """Click a page's tab: it says what it is, and the tabs of all are in sight."""
    tabs.get_by_role("link", name=screen.title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(screen.heading)
    expect(page).to_have_title(f"{screen.title} · Colour quantization")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    for other in SCREENS:
        expect(tabs.get_by_role("link", name=other.title, exact=True)).to_be_in_viewport()


def test_each_page_says_what_it_is_and_all_are_in_sight_on_a_phone(page: Page, url: str) -> None:
    """On a wide screen so does each in test_share.py, which waits for all that is on them, too."""
    page.goto(f"{url}/?sample=shapes&k=4")
    page.evaluate(AXE)
    become(page, 390, "dark", 844)
    for number, screen in enumerate(SCREENS):
        go_and_see(page, page.locator(".st-key-tabs"), screen)
        if not number % 2:
            assert_accessible(page)
