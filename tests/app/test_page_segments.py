"""The page about segments as Streamlit runs it: specks, merged regions and the way back, areas, files."""

import csv
import io
import json
import re
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages import _downloads
from pages._address import from_query, to_query
from pages._choices import Choices
from quantize.decoding.samples import load_sample
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.pictures import png


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What is offered, by the label of its button: what makes it."""
    offered: dict = {}
    monkeypatch.setattr(_downloads, "offer", lambda label, make, *_, **__: offered.update({label: make}))
    return offered


def open_segments(**query: str) -> AppTest:
    app = open_app(**{"sample": "coffee", "k": "6", **query})
    app.switch_page("pages/segments.py").run()
    assert_sound(app)
    return app


def areas(app: AppTest) -> dict[str, int]:
    """Pixels of every region, by the colours that it was made of."""
    html = next(one.proto.body for one in app.get("html") if "cq-areas" in one.proto.body)
    rows = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", html)
    found = {}
    for row in rows:
        name, pixels = re.match(r"(.*?)</th><td>([\d,]+)</td>", row).groups()
        found[" + ".join(re.findall(r"</i> (#\w{6})", name))] = int(pixels.replace(",", ""))
    return found


def pick(app: AppTest, *numbers: int) -> AppTest:
    """Choose regions to be merged."""
    pills = next(group for group in app.button_group if group.label == "Merge regions")
    pills.set_value(list(numbers)).run()
    assert_sound(app)
    return app


def button(app: AppTest, key: str):
    return next(one for one in app.button if one.key == key)


def test_regions_cover_the_picture_and_the_smallest_part_suits_it():
    app = open_segments()
    assert sum(areas(app).values()) == 600 * 400
    assert len(areas(app)) == 6
    assert "Regions 6" in texts(app)
    assert "Smallest part 12 px" in texts(app)
    assert record(app) == Choices(sample="coffee", k=6)


def test_the_slider_says_how_small_a_part_may_be():
    app = open_segments()
    app.select_slider(key="smallest").set_value(1).run()
    assert_sound(app)
    assert record(app).smallest == 1
    assert "Merged specks 0 px" in texts(app)
    app.select_slider(key="smallest").set_value(50_000).run()
    assert_sound(app)
    assert len(areas(app)) < 6
    said = " ".join(caption.value for caption in app.caption)
    assert re.search("no part of 50,000 pixels, and no region: #", said)


def test_regions_are_merged_and_taken_apart_again():
    app = open_segments()
    before = list(areas(app))
    assert button(app, "merge").disabled
    pick(app, 0, 2)
    button(app, "merge").click().run()
    assert_sound(app)
    assert set(record(app).joined[0]) == {before[0], before[2]}
    assert len(areas(app)) == 5
    assert sum(areas(app).values()) == 600 * 400
    merged = next(name for name in areas(app) if "+" in name)
    pick(app, list(areas(app)).index(merged), 4)
    button(app, "merge").click().run()
    assert_sound(app)
    assert len(record(app).joined) == 1
    assert len(record(app).joined[0]) == 3
    assert len(areas(app)) == 4
    merged = next(name for name in areas(app) if "+" in name)
    assert button(app, "part-1").label.split(" + ") == re.findall("#[0-9a-f]{6}", merged)
    button(app, "part-1").click().run()
    assert_sound(app)
    assert record(app).joined == ()
    assert list(areas(app)) == before


def test_merged_regions_come_back_with_a_link_and_wait_for_their_colours():
    first = open_segments()
    codes = [code[1:] for code in areas(first)]
    app = open_segments(joined=f"{codes[0]}.{codes[1]}-000001.000002", smooth="false", smallest="20")
    assert record(app).joined == ((f"#{codes[0]}", f"#{codes[1]}"), ("#000001", "#000002"))
    assert len(areas(app)) == 5
    assert app.toggle(key="smooth").value is False
    app.slider(key="k").set_value(3).run()
    assert_sound(app)
    assert len(areas(app)) == 3
    app.slider(key="k").set_value(6).run()
    assert len(areas(app)) == 5


@pytest.mark.parametrize(
    "said", ["joined=c00000", "joined=c00000.x", "smallest=3", "smallest=-1", "smooth=1"]
)
def test_what_an_address_gets_wrong_is_a_sentence(said):
    choices, news = from_query(said)
    assert choices == Choices()
    assert len(news) == 1
    good = Choices(joined=(("#c00000", "#3d6ea8"), ("#000000", "#ffffff")), smallest=50, smooth=False)
    assert to_query(good) == {"joined": "c00000.3d6ea8-000000.ffffff", "smallest": "50", "smooth": "false"}


def test_all_files_say_the_same(files):
    app = open_segments(smallest="50")
    found = areas(app)
    svg = ElementTree.fromstring(files["Download poster (SVG)"]())
    fills = [path.get("fill") for path in svg.iter("{http://www.w3.org/2000/svg}path")]
    assert fills == list(found)
    packed = np.load(io.BytesIO(files["Label map (NumPy)"]()))
    assert np.bincount(packed["labels"].ravel()).tolist() == list(found.values())
    rows = list(csv.DictReader(io.StringIO(files["Areas (CSV)"]().decode())))
    assert {row["color"]: int(row["pixels"]) for row in rows} == found
    assert [one["color"] for one in json.loads(files["Areas (JSON)"]())["regions"]] == fills
    assert len(json.loads(files["Masks (COCO)"]())["annotations"]) == len(fills)
    assert files["Label map (PNG)"]().startswith(b"\x89PNG")
    for label in ("Masks (ZIP)", "Cut-outs (ZIP)"):
        with ZipFile(io.BytesIO(files[label]())) as archive:
            assert len(archive.namelist()) == len(fills)
    app.toggle(key="smooth").set_value(False).run()
    edged = files["Download poster (SVG)"]()
    assert b"c" not in b"".join(re.findall(rb' d="([^"]*)"', edged))


def test_dithering_is_left_out_and_a_fixed_palette_is_used():
    plain = areas(open_segments())
    app = open_segments(dither="floyd-steinberg")
    assert areas(app) == plain
    assert any("without dithering" in caption.value for caption in app.caption)
    assert set(areas(open_segments(palette="000000-808080-ffffff"))) <= {"#000000", "#808080", "#ffffff"}


def test_one_colour_256_colours_and_clear_pixels():
    app = open_app(k="256")
    app.switch_page("pages/segments.py")
    for pixels in (
        np.full((3, 5, 3), 90, np.uint8),
        np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8),
        np.dstack([np.full((6, 6, 3), 9, np.uint8), np.eye(6, dtype=np.uint8) * 255]),
    ):
        upload(app, "x.png", png(pixels))
        assert_sound(app)
        visible = (pixels[..., 3] >= 128).sum() if pixels.shape[2] == 4 else pixels.shape[0] * pixels.shape[1]
        assert sum(areas(app).values()) == visible


def test_a_picture_is_the_same_as_the_engine_makes_it():
    from quantize import quantize_image
    from quantize.regions.segments import find_segments

    segments = find_segments(quantize_image(load_sample("coffee"), n_colors=6), smallest=20)
    assert areas(open_segments(smallest="20")) == dict(
        zip(segments.hexes, segments.areas.tolist(), strict=True)
    )
