"""What a student does after the lesson, by clicks: its recipe, many K, two spaces; figures as computed."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from quantize import Metrics, Settings, load_picture, measure, quantize_image
from tests.browser.panes import choose, picture, settle
from tests.browser.test_app import WAIT_MS, figures, upload, wait_for
from tests.pictures import saved, smooth

RECIPE = {"method": "opencv", "init": "random", "attempts": 3, "max_iter": 20, "epsilon": 0.5}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.png"
    path.write_bytes(saved(smooth(90, 120), "PNG"))
    return path


def computed(photo: Path, **choices: object) -> tuple[np.ndarray, Metrics]:
    """Pixels and figures, as the engine gives them."""
    source = load_picture(photo)
    result = quantize_image(source, Settings(**choices))
    return result.pixels, measure(source, result)


def follow_recipe(page: Page) -> None:
    """What the lesson writes as criteria, attempts and flags, each under the name that it has there."""
    page.get_by_test_id("stMain").get_by_role("button", name="More").click()
    choose(page, "Method", "cv2.kmeans")
    choose(page, "Start", "random (KMEANS_RANDOM_CENTERS)")
    fields = {"Attempts": "3", "Iterations (criteria: max_iter)": "20"}
    for name, value in {**fields, "Epsilon (criteria: epsilon)": "0.5"}.items():
        field = page.get_by_role("spinbutton", name=name)
        field.fill(value)
        field.press("Enter")
        expect(page).to_have_url(re.compile(f"={re.escape(value)}(&|$)"), timeout=WAIT_MS)
    page.keyboard.press("Escape")


def take_code(page: Page, photo: Path, pixels: np.ndarray) -> None:
    """Take the code with OpenCV alone along, and run it beside the photo."""
    page.get_by_test_id("stMain").get_by_role("button", name="Code", exact=True).click()
    dialog = page.get_by_role("dialog", name="Code for this")
    dialog.get_by_role("tab", name="OpenCV").click()
    shown = dialog.get_by_role("tabpanel", name="OpenCV")
    expect(shown).to_contain_text("cv2.KMEANS_RANDOM_CENTERS", timeout=WAIT_MS)
    with page.expect_download() as download:
        shown.get_by_role("button", name="Download .py").click()
    file = photo.with_name("code.py")
    download.value.save_as(file)
    subprocess.run([sys.executable, file], cwd=photo.parent, check=True)
    assert np.array_equal(load_picture(photo.with_name("result.png")).pixels, pixels)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_lessons_recipe_many_k_and_both_spaces(
    page: Page, serve: Callable[..., str], photo: Path
) -> None:
    page.goto(serve("app.py"))
    wait_for(page, 16)
    upload(page, photo)
    expect(page.locator(".cq-name")).to_have_text("lesson.png", timeout=WAIT_MS)
    page.get_by_role("radio", name="8", exact=True).click()
    wait_for(page, 8)
    follow_recipe(page)
    expect(page.locator(".cq-figures")).to_contain_text("cv2.kmeans in BGR", timeout=WAIT_MS)
    settle(page)
    pixels, metrics = computed(photo, n_colors=8, **RECIPE)
    assert np.array_equal(np.asarray(picture(page, 1).convert("RGB")), pixels)
    told = " ".join(figures(page).split())
    assert f"PSNR {metrics.psnr_db:.1f} dB" in told
    assert f"ΔE00 {metrics.delta_e_00:.2f}, 95 % of pixels up to {metrics.delta_e_00_p95:.2f}" in told
    expect(page.get_by_role("status").filter(has_text="8 colours, PSNR")).to_have_count(1)
    take_code(page, photo, pixels)

    page.get_by_role("link", name="Compare K", exact=True).click()
    expect(page.get_by_role("button", name="Contact sheet")).to_be_visible(timeout=WAIT_MS)
    settle(page)  # while a page comes, tiles can be there twice
    for k in (4, 8, 16, 32, 64):
        _, metrics = computed(photo, n_colors=k, **RECIPE)
        tile = page.locator("figure", has=page.locator("b", has_text=re.compile(f"^K = {k}( ✓)?$")))
        expect(tile).to_contain_text(f"ΔE00 {metrics.delta_e_00:.2f}", timeout=WAIT_MS)

    page.get_by_role("link", name="LAB vs BGR", exact=True).click()
    for space in ("BGR", "LAB"):
        _, metrics = computed(photo, n_colors=8, space=space, **RECIPE)
        row = page.locator(".sp-table tbody tr", has=page.get_by_role("rowheader", name=space))
        cells = row.locator("td")
        expect(cells.nth(0)).to_have_text(f"{metrics.mse:,.1f}", timeout=WAIT_MS)
        expect(cells.nth(2)).to_have_text(f"{metrics.delta_e_00:.2f}")
    settle(page)
    page.get_by_role("button", name="Wipe").click()
    expect(page.locator('[data-side="left"] figcaption b')).to_have_text("LAB")
    expect(page.locator('[data-side="right"] figcaption b')).to_have_text("BGR")
