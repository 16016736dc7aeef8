"""The page about paint by numbers as Streamlit runs it: the sheet, protected colours, own paints, files."""

import csv
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import _downloads
from pages._address import from_query, to_query
from pages._choices import Choices
from quantize import quantize_image
from quantize.decoding.samples import load_sample
from quantize.numbers import files as engine
from quantize.numbers.layout import Choices as Sheet
from quantize.numbers.numbered import number_picture
from quantize.palettes.palette import Palette
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.pictures import noise, png


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What is offered, by the label of its button: what makes it."""
    offered: dict = {}
    monkeypatch.setattr(_downloads, "offer", lambda label, make, *_, **__: offered.update({label: make}))
    return offered


def open_numbers(**query: str) -> AppTest:
    app = open_app(**{"sample": "coffee", "k": "6", "brush": "6", **query})
    app.switch_page("pages/numbers.py").run()
    assert_sound(app)
    return app


def paints(app: AppTest) -> dict[int, str]:
    """Colours by number, as the table has them."""
    html = next(one.proto.body for one in app.get("html") if 'aria-label="Paints"' in one.proto.body)
    return {int(number): code for number, code in re.findall(r"<b>(\d+)</b> (#\w{6})", html)}


def found_paints() -> Palette:
    return Palette(quantize_image(load_sample("coffee"), n_colors=6).palette)


def test_files_are_those_that_the_engine_makes(files):
    app = open_numbers()
    made = number_picture(load_sample("coffee"), found_paints(), Sheet(brush=6.0), own=False)
    assert files["Download PDF"]() == engine.write_pdf(made, "coffee")
    assert files["Sheet (SVG)"]() == engine.write_sheet_svg(made, "coffee")
    assert files["Solution (SVG)"]() == engine.write_solution_svg(made, "coffee")
    rows = list(csv.DictReader(io.StringIO(files["Paints (CSV)"]().decode())))
    assert {int(row["number"]): row["color"] for row in rows} == paints(app)
    assert f"Regions {made.n_regions}" in texts(app)
    assert f"Smallest region {made.smallest:,.1f} mm²" in texts(app)


def test_controls_change_the_sheet(files):
    app = open_numbers()
    app.button_group(key="paper").set_value("a3").run()
    app.selectbox(key="orientation").set_value("portrait").run()
    app.number_input(key="brush").set_value(9.0).run()
    app.button_group(key="outline").set_value("color").run()
    app.button_group(key="numerals").set_value("stroke").run()
    assert_sound(app)
    sheet = Sheet("a3", "portrait", 9.0, outline="color", numerals="stroke")
    made = number_picture(load_sample("coffee"), found_paints(), sheet, own=False)
    assert files["Sheet (SVG)"]() == engine.write_sheet_svg(made, "coffee")
    assert ElementTree.fromstring(files["Solution (SVG)"]()).get("width") == "297mm"
    wanted = {
        "paper": "a3",
        "orientation": "portrait",
        "brush": "9",
        "outline": "color",
        "numerals": "stroke",
    }
    assert to_query(record(app)).items() >= wanted.items()


def test_a_colour_is_protected_by_a_click_and_waits_while_it_is_not_there(files):
    app = open_numbers(brush="12")
    before = number_picture(load_sample("coffee"), found_paints(), Sheet(brush=12.0), own=False)
    lightest = found_paints().hexes[-1]
    app.button_group(key="protect").set_value([lightest]).run()
    assert_sound(app)
    assert record(app).protect == (lightest,)
    rows = {one["color"]: one for one in csv.DictReader(io.StringIO(files["Paints (CSV)"]().decode()))}
    old = {paint.hex: paint.n_regions for paint in before.paints}
    assert int(rows[lightest]["regions"]) > old.get(lightest, 0)
    app.slider(key="k").set_value(3).run()
    assert_sound(app)
    app.slider(key="k").set_value(6).run()
    assert_sound(app)
    assert record(app).protect == (lightest,)


def test_own_paints_keep_their_numbers_and_names():
    palette = "00ff00-2d0e07-ffffff-2d0e07-c88857"
    app = open_numbers(palette=palette, names="c88857.Ochre")
    assert set(paints(app)) <= {2, 3, 5}
    assert paints(app)[5] == "#c88857"
    html = next(one.proto.body for one in app.get("html") if 'aria-label="Paints"' in one.proto.body)
    assert "#c88857 Ochre" in html
    assert any("not used" in caption.value for caption in app.caption)


@pytest.mark.parametrize(
    "said", ["paper=a0", "orientation=up", "brush=0", "brush=x", "outline=red", "numerals=roman", "protect=x"]
)
def test_what_an_address_gets_wrong_is_a_sentence(said):
    choices, news = from_query(said)
    assert choices == Choices()
    assert len(news) == 1
    good = Choices(paper="letter", orientation="landscape", brush=1.5, protect=("#c00000",))
    assert to_query(good) == {
        "paper": "letter", "orientation": "landscape", "brush": "1.5", "protect": "c00000",
    }  # fmt: skip


def test_hostile_pictures_and_256_colours_are_drawn_or_said():
    app = open_app(k="256", brush="8")
    app.switch_page("pages/numbers.py")
    for pixels in (
        np.full((3, 5, 3), 90, np.uint8),
        np.full((1, 400, 3), 90, np.uint8),
        noise(40, 50),
        np.dstack([np.full((60, 60, 3), 9, np.uint8), np.eye(60, dtype=np.uint8) * 255]),
    ):
        upload(app, "x.png", png(pixels))
        assert_sound(app)
        assert len(app.error) <= 1
        assert app.error or paints(app)


def test_a_second_visit_makes_nothing_again(monkeypatch):
    from pages._numbers import results

    open_numbers(brush="7")
    monkeypatch.setattr(results, "number_picture", None)
    monkeypatch.setattr(results.flat, "draw_sheet_flat", None)
    open_numbers(brush="7")


def test_what_is_shown_is_what_is_drawn():
    from quantize.numbers.flat import draw_sheet_flat, draw_solution_flat, encode_sheet, encode_solution
    from quantize.numbers.outlines import draw_lines

    made = number_picture(load_sample("coffee"), found_paints(), Sheet(brush=6.0), own=False)
    sheet, solution = draw_sheet_flat(made, draw_lines(made)), draw_solution_flat(made)
    shown = np.asarray(Image.open(io.BytesIO(encode_sheet(sheet[100:300, 50:400]))).convert("RGB"))
    np.testing.assert_array_equal(shown, sheet[100:300, 50:400])
    shown = np.asarray(Image.open(io.BytesIO(encode_solution(solution, made))).convert("RGB"))
    np.testing.assert_array_equal(shown, made.colors[solution])


def chips(app: AppTest) -> list[str]:
    return list(app.button_group(key="protect").options)


def test_a_protected_colour_protects_the_nearest_paint_and_one_that_is_far_is_said(files):
    app = open_numbers(palette="2d0e07-ffffff-c88857", protect="fdfdfd-0000ff")
    assert app.button_group(key="protect").value == ["#ffffff"]
    made = number_picture(
        load_sample("coffee"),
        Palette(np.array([[0x2D, 14, 7], [255, 255, 255], [0xC8, 0x88, 0x57]], np.uint8)),
        Sheet(brush=6.0, protect=("#ffffff",)),
    )
    assert files["Sheet (SVG)"]() == engine.write_sheet_svg(made, "coffee")
    assert any(one.value == "Protected #0000ff is not among these 3 paints." for one in app.markdown)
    app.button_group(key="protect").set_value(["#ffffff", "#c88857"]).run()
    assert record(app).protect == ("#fdfdfd", "#0000ff", "#c88857")
    app.button_group(key="protect").set_value(["#c88857"]).run()
    assert record(app).protect == ("#0000ff", "#c88857")
    app.button(key="forget").click().run()
    assert_sound(app)
    assert record(app).protect == ("#c88857",)
    assert not any("not among" in one.value for one in app.markdown)


def test_chips_have_number_and_name_and_many_are_offered_by_their_ends():
    app = open_numbers(palette="2d0e07-ffffff-c88857", names="c88857.Ochre *5*")
    assert chips(app)[0] == "1 #2d0e07"
    assert chips(app)[2].startswith("3 Ochre ")
    codes = [f"{level:02x}{level:02x}{level:02x}" for level in range(20, 220, 5)]
    app = open_numbers(palette="-".join(codes), protect=codes[20])
    assert [one[-6:] for one in chips(app)] == [*codes[:16], codes[20], *codes[-16:]]
    app.toggle(key="protect_all").set_value(True).run()
    assert_sound(app)
    assert [one[-6:] for one in chips(app)] == codes
    assert record(app).protect == (f"#{codes[20]}",)


def test_a_sheet_of_very_many_regions_is_said(monkeypatch):
    from pages._numbers import controls

    fine = "regions: very fine work. A wider brush or fewer colours make fewer."
    app = open_numbers()
    assert not any(fine in one.value for one in app.caption)
    monkeypatch.setattr(controls, "VERY_MANY", 5)
    assert any(fine in one.value for one in app.run().caption)
