"""The K grid as Streamlit runs it, and the files that it offers."""

import csv
import io

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import _cache, _exports
from quantize import Settings
from quantize.curve import error_curve
from quantize.samples import load_sample
from quantize.settings import choose
from tests.pictures import noise, png
from tests.test_pages import assert_sound, open_app, texts, upload


def open_compare(**query: str | list[str]) -> AppTest:
    app = open_app(sample="Shapes", **query)
    app.switch_page("pages/compare_k.py").run()
    assert_sound(app)
    return app


def test_the_grid_and_a_suggestion_with_its_reason():
    app = open_compare()
    assert app.multiselect(key="ks").value == [4, 8, 16, 32, 64]
    assert any("colours differ by less than ΔE00 2 on average" in text.value for text in app.markdown)
    assert any("Click a point" in text.value for text in app.caption)


def test_the_suggestion_can_be_taken_and_holds_on_the_front_page():
    app = open_compare()
    button = next(button for button in app.button if button.label.startswith("Use K = "))
    suggested = int(button.label.removeprefix("Use K = "))
    button.click().run()
    assert_sound(app)
    assert app.slider(key="k").value == suggested
    app.switch_page("pages/studio.py").run()
    assert app.slider(key="k").value == suggested
    assert f"→ {suggested} " in texts(app)


def test_the_picture_and_the_choices_survive_a_change_of_page():
    app = open_app(k="9", space="LAB")
    upload(app, "mine.png", png(noise(20, 30)))
    app.switch_page("pages/compare_k.py").run()
    assert_sound(app)
    assert "mine.png 30×20" in texts(app)
    assert app.button_group(key="space").value == "LAB"
    app.switch_page("pages/studio.py").run()
    assert "mine.png 30×20" in texts(app)
    assert "Colours 600 → 9" in texts(app)


def test_any_list_of_k():
    app = open_compare(ks=["2", "3", "200"])
    assert sorted(app.multiselect(key="ks").value) == [2, 3, 200]
    app.multiselect(key="ks").set_value([]).run()
    assert_sound(app)


def test_slow_tiles_arrive_one_after_the_other(monkeypatch):
    app = open_app(sample="Shapes")
    app.selectbox(key="method").set_value("median cut").run()
    app.switch_page("pages/compare_k.py")
    monkeypatch.setattr("time.perf_counter", iter(np.arange(0, 1e6, 10.0)).__next__)  # each look 10 s later
    app.run()
    assert_sound(app)
    assert any("on average" in text.value for text in app.markdown)


def test_kept_colors_leave_out_k_that_are_too_small():
    app = open_app(sample="Shapes", keep=["#f00", "#0f0", "#00f", "#fff", "#000"])
    assert app.multiselect(key="keep").value == ["#ff0000", "#00ff00", "#0000ff", "#ffffff", "#000000"]
    app.switch_page("pages/compare_k.py").run()
    assert_sound(app)


def made(numbers: list[int]) -> tuple[bytes, dict[int, _cache.Version]]:
    picture = load_sample("shapes")
    versions = {k: _cache.version(picture, choose(Settings(), n_colors=k), lambda: None) for k in numbers}
    return _cache.original_preview(picture, _cache.TILE_SIDE), versions


def test_contact_sheet_holds_the_original_and_every_version():
    original, versions = made([2, 5])
    data = _exports.draw_sheet(original, versions, {2: "two", 5: "five"})
    with Image.open(io.BytesIO(data)) as sheet:
        assert sheet.width > 3 * 400
        colors = {color for _, color in sheet.convert("RGB").getcolors(1 << 24)}
    assert {tuple(color) for version in versions.values() for color in version.palette.tolist()} <= colors


def test_figures_as_a_table():
    _, versions = made([2, 5])
    points = error_curve(load_sample("shapes"), n_colors=[2, 3, 4])
    rows = list(csv.DictReader(io.StringIO(_exports.write_csv(versions, points).decode())))
    assert [(row["from"], int(row["k"])) for row in rows] == [
        ("grid", 2), ("grid", 5), ("curve", 2), ("curve", 3), ("curve", 4),
    ]  # fmt: skip
    assert float(rows[1]["delta_e_00"]) == versions[5].metrics.delta_e_00
    assert int(rows[1]["png_bytes"]) == versions[5].size.n_bytes
    assert [row["exact"] for row in rows] == ["True", "True", "False", "False", "False"]
