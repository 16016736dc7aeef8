"""Segments in Chromium: the page with a photo, and posters as a browser paints them, beside label maps."""

import base64
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from quantize import Picture, load_picture, quantize_image
from quantize.decoding.samples import load_sample
from quantize.regions.files import write_poster
from quantize.regions.segments import Segments, find_segments
from tests.browser.panes import opened, picture, settle
from tests.pictures import png
from tests.regions.maps import HOSTILE, blobs, rings

GROUND = ("#ff00ff", "#00ff00")
"""Colours behind a drawing: what differs between them shines through."""


def paint(page: Page, svg: bytes, segments: Segments, ground: str, zoom: int = 1) -> np.ndarray:
    """A poster, or its middle, as Chromium paints it on a ground: int (h, w, 3)."""
    height, width = segments.labels.shape
    across, down = min(width * zoom, 1300), min(height * zoom, 900)
    left, top = (width * zoom - across) // 2, (height * zoom - down) // 2
    page.set_viewport_size({"width": across, "height": down})
    source = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
    page.set_content(
        f'<body style="margin:0;overflow:hidden;background:{ground}"><img src="{source}" '
        f'style="position:absolute;left:{-left}px;top:{-top}px;width:{width * zoom}px">'
    )
    page.locator("img").evaluate("image => image.decode()")
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": across, "height": down})
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def agreement(seen: np.ndarray, segments: Segments) -> float:
    """The share of pixels whose colour is nearest to that of their own region, of those that meet there.

    Along a border a renderer mixes two colours, which may look like a third one that is nowhere near.
    """
    labels, colors = segments.labels, segments.palette.astype(int)
    height, width = labels.shape
    padded = np.pad(labels, 1, mode="edge")
    around = [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)]
    near = np.stack([padded[y : y + height, x : x + width] for y, x in around])
    away = np.square(seen - colors[near]).sum(axis=3)
    best = np.take_along_axis(near, away.argmin(axis=0)[None], axis=0)[0]
    return float((best == labels).mean())


def of(pixels: np.ndarray | Picture, n_colors: int, smallest: int | None = None) -> Segments:
    return find_segments(quantize_image(pixels, n_colors=n_colors), smallest=smallest)


def of_map(labels: np.ndarray) -> Segments:
    colors = np.random.default_rng(5).integers(0, 256, (256, 3), np.uint8)
    return of(colors[labels], 256, 1)


MEGAPIXEL = Image.fromarray(load_sample("coffee").pixels).resize((1224, 816), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("name", ["coffee", "astronaut", "megapixel"])
def test_a_poster_is_the_label_map_and_nothing_shines_through(page: Page, name: str) -> None:
    segments = of(np.asarray(MEGAPIXEL) if name == "megapixel" else load_sample(name), 8)
    svg = write_poster(segments)
    assert len(svg) <= 1_000_000
    assert set(re.findall(rb'fill="(#\w+)"', svg)) == {code.encode() for code in segments.hexes}
    assert len(segments) == 8
    assert agreement(paint(page, svg, segments, GROUND[0]), segments) >= 0.99
    bare = re.sub(rb"<rect[^>]*>", b"", svg)  # which would hide it
    assert bare != svg
    one, other = (paint(page, bare, segments, ground, 8) for ground in GROUND)
    np.testing.assert_array_equal(one, other)


def test_posters_of_hostile_maps_have_no_gaps_and_those_of_pixels_are_exact(page: Page) -> None:
    for labels in (HOSTILE["checkerboard"], HOSTILE["both diagonals"], rings(30), blobs(60, 80, 6, cell=4)):
        segments = of_map(labels)
        svg = re.sub(rb"<rect[^>]*>", b"", write_poster(segments))
        one, other = (paint(page, svg, segments, ground, 8) for ground in GROUND)
        np.testing.assert_array_equal(one, other)
        exact = paint(page, write_poster(segments, near=0), segments, GROUND[0])
        np.testing.assert_array_equal(exact, segments.palette[segments.labels])


def test_dots_and_thin_rings_are_seen_at_their_own_size(page: Page) -> None:
    y, x = np.mgrid[:60, :80]
    away = np.hypot(x - 40, y - 30)
    seen = {
        "dots": (x % 2 == 0) & (y % 2 == 0),
        "sparse dots": (x % 3 == 1) & (y % 3 == 1),
        "thin rings": away % 4 < 1,
        "rings of two": away % 4 < 2,
        "small rings": (x % 5 > 1) & (y % 5 > 1) & ((x % 5 != 3) | (y % 5 != 3)),
    }
    for name, inside in seen.items():
        segments = of_map(inside.astype(np.uint8))
        assert agreement(paint(page, write_poster(segments), segments, GROUND[0]), segments) >= 0.99, name
    noise = of_map(np.random.default_rng(2).integers(0, 2, (60, 80), np.uint8))
    assert agreement(paint(page, write_poster(noise), noise, GROUND[0]), noise) >= 0.96


def test_what_is_clear_stays_clear(page: Page) -> None:
    y, x = np.mgrid[:60, :80]
    seen = {
        "islands": (x % 9 < 6) & (y % 9 < 6),
        "lines": (x % 7 != 3) & (y % 11 != 4),
        "holes": (x % 4 != 1) | (y % 4 != 1),
        "rings": np.hypot(x - 40, y - 30) % 5 < 3,
    }
    colors = np.random.default_rng(5).integers(0, 256, (4, 3), np.uint8)
    for name, visible in seen.items():
        pixels = colors[blobs(60, 80, 4)]
        segments = of(Picture.from_pixels(pixels, np.where(visible, 255, 0).astype(np.uint8)), 4, 1)
        svg = write_poster(segments)
        alone = re.sub(rb'<g id="under".*?</g>', b"", svg, flags=re.S)  # only what a renderer softens
        for zoom in (1, 8):
            covered, least = (opacity(page, made, segments, zoom) for made in (svg, alone))
            clear = ~visible.repeat(zoom, axis=0).repeat(zoom, axis=1)
            assert covered[clear].mean() <= 2 * least[clear].mean(), name
            assert covered[clear & (least < 0.05)].max(initial=0) <= 0.25, name


def opacity(page: Page, svg: bytes, segments: Segments, zoom: int) -> np.ndarray:
    """How much of its ground a poster covers, 0-1 (h, w)."""
    one, other = (paint(page, svg, segments, ground, zoom) for ground in GROUND)
    return 1 - np.abs(one - other).max(axis=2) / 255


def test_a_photo_on_the_page(page: Page, serve: Callable[..., str]) -> None:
    opened(page, f"{serve('app.py')}/segments?k=6&sample=shapes")
    photo = np.asarray(MEGAPIXEL)
    page.locator('.st-key-file input[type="file"]').set_input_files(
        [{"name": "photo.png", "mimeType": "image/png", "buffer": png(photo)}]
    )
    expect(page.locator(".cq-name")).to_have_text("photo.png")
    expect(page.locator(".cq-figures")).to_contain_text("Smallest part 50 px")
    settle(page)
    engine = of(load_picture(io.BytesIO(png(photo)).getvalue()), 6)
    shown = picture(page, 1).convert("RGB")
    np.testing.assert_array_equal(np.asarray(shown), engine.palette[engine.labels])
    expect(page.locator(".cq-areas tbody tr")).to_have_count(6)

    page.get_by_role("option").nth(2).click()
    expect(page.locator(".veil")).to_have_count(2)
    page.get_by_role("option").nth(2).click()
    expect(page.locator(".veil")).to_have_count(0)
    page.locator('[data-pane="1"]').click()
    expect(page.locator(".veil")).to_have_count(2)
    page.keyboard.press("Escape")

    pills = page.get_by_role("toolbar", name="Merge regions").get_by_role("button")
    pills.nth(0).click()
    pills.nth(1).click()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.locator(".cq-areas tbody tr")).to_have_count(5)
    expect(page).to_have_url(re.compile(r"joined=\w{6}\.\w{6}"))
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download poster (SVG)").click()
    assert waiting.value.suggested_filename == "photo-5-poster.svg"
    assert waiting.value.path().read_bytes().count(b"<path ") == 5
    page.get_by_role("button", name=re.compile(r"^#\w{6} \+ #\w{6}")).click()
    expect(page.locator(".cq-areas tbody tr")).to_have_count(6)
    page.get_by_role("slider", name="Smallest part").press("ArrowRight")
    expect(page).to_have_url(re.compile("smallest=1"))
    expect(page.locator(".cq-figures")).to_contain_text("Merged specks 0 px")
