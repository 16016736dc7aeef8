"""Every button that offers a file gives that file: its callable is called as a click would."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from pages import SCREENS, _downloads, _names
from quantize import read_palette
from tests.app.test_pages import assert_sound, open_app, upload
from tests.pictures import noise, png


@dataclass
class Offer:
    """What a button was given."""

    make: Callable[[], bytes]
    name: str
    mime: str


@pytest.fixture
def offers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Offer]:
    """Buttons by their label, as they were last drawn."""
    found: dict[str, Offer] = {}
    offer = _downloads.offer

    def watched(label, make, name, mime, **options):
        found[label] = Offer(make, name, mime)
        offer(label, make, name, mime, **options)

    monkeypatch.setattr(_downloads, "offer", watched)
    return found


def visit(offers: dict[str, Offer], page: str, pixels: np.ndarray, **query: str | list[str]) -> None:
    app = open_app(**query)
    upload(app, "my.picture.png", png(pixels))
    if page != "studio":
        offers.clear()
        app.switch_page(f"pages/{page}.py").run()
    assert_sound(app)


def opened(offer: Offer) -> Image.Image:
    assert (offer.mime, offer.name[-4:]) == ("image/png", ".png")
    image = Image.open(io.BytesIO(offer.make()))
    image.load()
    return image


def test_studio_offers_the_indexed_picture_and_one_with_its_alpha(offers):
    pixels = np.dstack([noise(20, 30), np.full((20, 30), 200, np.uint8)])
    visit(offers, "studio", pixels, k="7")
    assert set(offers) == {"Download PNG", "Download RGBA"}
    assert offers["Download PNG"].name == "my.picture-7.png"
    assert offers["Download RGBA"].name == "my.picture-7-rgba.png"
    indexed, whole = (opened(offers[label]) for label in ("Download PNG", "Download RGBA"))
    assert (indexed.mode, indexed.size) == ("P", (30, 20))
    assert (whole.mode, whole.size) == ("RGBA", (30, 20))
    assert set(np.asarray(whole)[..., 3].flat) == {200}


def test_studio_offers_no_alpha_where_there_is_none(offers):
    visit(offers, "studio", noise(20, 30), k="7")
    assert set(offers) == {"Download PNG"}


def test_compare_k_offers_a_sheet_and_a_table(offers):
    visit(offers, "compare_k", noise(20, 30), ks=["2", "5"])
    assert set(offers) == {"Contact sheet", "Figures as CSV"}
    assert offers["Contact sheet"].name == "my.picture-sheet.png"
    sheet, table = opened(offers["Contact sheet"]), offers["Figures as CSV"]
    assert sheet.width > 3 * 30
    assert (table.name, table.mime) == ("my.picture-figures.csv", "text/csv")
    rows = list(csv.DictReader(io.StringIO(table.make().decode())))
    assert [row["k"] for row in rows if row["from"] == "grid"] == ["2", "5"]
    assert [row["k"] for row in rows if row["from"] == "curve"][:3] == ["2", "3", "4"]


def test_palette_offers_its_colors(offers):
    visit(offers, "palette", noise(20, 30))
    assert set(offers) == {"Download palette", "Download picture"}
    assert offers["Download picture"].name == "my.picture-6.png"
    assert len(opened(offers["Download picture"]).getcolors()) == 6
    offer = offers["Download palette"]
    assert offer.name.startswith("my.picture-6.")
    assert len(read_palette(offer.make(), offer.name)) == 6


@pytest.mark.parametrize("page", [screen.file for screen in SCREENS])
def test_no_two_files_of_a_page_have_one_name(offers, page):
    visit(offers, page, noise(20, 30), format="PNG strip (.png)")
    assert "Download palette" not in offers or offers["Download palette"].mime == "image/png"
    names = [offer.name for offer in offers.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.b.png", "a.b"), ("x", "x"), (".png", ".png"), ("Coffee", "Coffee"), ("ä ö.jpeg", "ä ö")],
)
def test_a_name_loses_its_ending_alone(name, expected):
    assert _names.stem(name) == expected
