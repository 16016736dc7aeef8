"""The K grid as Streamlit runs it, and the files that it offers."""

import csv
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from pages import _cache, _exports, _viewer
from pages._compared import bring
from quantize import QuantizeError, Settings, load_picture, quantize_image
from quantize.curve import error_curve
from quantize.decoding.samples import load_sample
from quantize.settings import choose
from tests.app.references import referred
from tests.app.test_pages import assert_sound, open_app, texts, upload
from tests.pictures import noise, png, smooth


def open_compare(**query: str | list[str]) -> AppTest:
    app = open_app(sample="Shapes", **query)
    app.switch_page("pages/compare_k.py").run()
    assert_sound(app)
    return app


def test_the_grid_and_a_suggestion_with_its_reason():
    app = open_compare()
    assert app.multiselect(key="ks").value == [4, 8, 16, 32, 64]
    assert any(
        "colours on, the difference is small: ΔE00 below 2 on average, and below 10 for 99 %" in text.value
        for text in app.markdown
    )
    assert any("Click a point" in text.value for text in app.caption)


def test_beside_tiles_of_another_method_the_suggestion_says_whose_it_is():
    def reason(method: str) -> str:
        said = [text.value for text in open_compare(method=method).markdown]
        return next(text for text in said if text.startswith("From **"))

    assert "colours on, for k-means, the difference is small" in reason("median cut")
    assert "k-means" not in reason("k-means")


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


def click_curve(app: AppTest, *points: object) -> None:
    """Say what a browser says when points of the curve were clicked, or none any more."""
    (chart,) = app.get("plotly_chart")
    said = {"selection": {"points": list(points), "point_indices": [], "box": [], "lasso": []}}
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=chart.proto.id, string_value=json.dumps(said)))
    app._run(states)
    assert_sound(app)


def test_a_click_on_the_curve_uses_its_k_each_time_and_a_rerun_does_not():
    app = open_compare()
    click_curve(app, {"x": 48, "y": 1.0})
    assert app.slider(key="k").value == 48
    assert 48 in app.multiselect(key="ks").value
    app.slider(key="k").set_value(16).run()
    app.run()
    assert app.slider(key="k").value == 16
    click_curve(app, {"x": 48, "y": 1.0})
    assert app.slider(key="k").value == 48
    click_curve(app)
    assert app.slider(key="k").value == 48


@pytest.mark.parametrize("point", [{"x": 999}, {"x": 5}, {"x": "many"}, {"x": None}, {}])
def test_what_is_no_point_of_the_curve_moves_nothing(point):
    app = open_compare()
    click_curve(app, point)
    assert app.slider(key="k").value == 16
    assert app.multiselect(key="ks").value == [4, 8, 16, 32, 64]


def test_a_k_that_is_used_is_compared_and_what_gave_way_is_said():
    app = open_compare(ks=[str(k) for k in (2, 3, 4, 8, 16, 64, 128, 256)])
    assert not any("took the place" in text.value for text in app.caption)
    click_curve(app, {"x": 48})
    assert sorted(app.multiselect(key="ks").value) == [2, 3, 4, 8, 16, 48, 128, 256]
    assert any("K = 48 took the place of K = 64" in text.value for text in app.caption)
    app.multiselect(key="ks").set_value([4, 64]).run()
    assert not any("took the place" in text.value for text in app.caption)


lists_of_k = st.lists(st.integers(1, 256), unique=True, max_size=8)


@given(compared=lists_of_k, n_colors=st.integers(1, 256), most=st.integers(1, 8))
def test_one_more_k_comes_into_the_list_and_at_most_the_one_most_like_it_goes(compared, n_colors, most):
    compared = compared[:most]
    result, gone = bring(compared, n_colors, most)
    assert n_colors in result
    assert result == sorted(set(result))
    assert len(result) <= most
    assert set(result) | {gone} >= set(compared)
    assert set(result) <= {*compared, n_colors}
    if gone is not None:
        assert len(compared) == most
        assert n_colors not in compared
        assert all(abs(np.log(gone / n_colors)) <= abs(np.log(k / n_colors)) + 1e-9 for k in compared)


def test_the_grid_shows_exactly_the_chosen_k(monkeypatch):
    shown: list[list[str]] = []
    _record_panes(monkeypatch, shown)
    open_compare(ks=["200", "3", "2"], k="3")
    assert shown[-1] == ["Original", "K = 2", "K = 3 ✓", "K = 200"]
    app = open_compare(ks=["7"])
    assert shown[-1] == ["Original", "K = 7"]
    app.multiselect(key="ks").set_value([]).run()
    assert shown[-1] == ["Original", "K = 4", "K = 8", "K = 16 ✓", "K = 32", "K = 64"]


def _record_panes(monkeypatch: pytest.MonkeyPatch, shown: list[list[str]]) -> None:
    """Pages import the viewer anew in each run, so it is watched where it comes from."""
    from pages import _viewer

    draw = _viewer.viewer

    def watched(panes, **options):
        shown.append([pane.label for pane in panes])
        return draw(panes, **options)

    monkeypatch.setattr(_viewer, "viewer", watched)


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
    assert app.multiselect(key="ks").proto.placeholder == "none chosen: 4, 8, 16, 32, 64"


def test_slow_tiles_arrive_one_after_the_other(monkeypatch):
    app = open_app(sample="Shapes")
    app.selectbox(key="method").set_value("median cut").run()
    app.switch_page("pages/compare_k.py")
    monkeypatch.setattr("time.perf_counter", iter(np.arange(0, 1e6, 10.0)).__next__)  # each look 10 s later
    app.run()
    assert_sound(app)
    assert any("on average" in text.value for text in app.markdown)


@pytest.fixture
def watched(monkeypatch) -> list[tuple[list[str], list[np.ndarray]]]:
    """Of each time that the grid is drawn: captions, and a part of every pane in full resolution."""
    drawn, true = [], _viewer.viewer

    def watch(panes, **options):
        if options["key"] == "grid":
            parts = [options["crop"](30, 20, 90, 60, pane) for pane in range(len(panes))]
            drawn.append(([pane.caption for pane in panes[1:]], [decoded(part) for part in parts]))
        return true(panes, **options)

    monkeypatch.setattr(_viewer, "viewer", watch)
    return drawn


def decoded(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def in_compare(data: bytes, **query: str | list[str]) -> AppTest:
    app = open_app(sample="Shapes", **query)
    upload(app, "mine.png", data)
    app.switch_page("pages/compare_k.py").run()
    return app


SLOW = {"dithered": {"dither": "floyd-steinberg"}, "soft edges": {"alpha": "soft"}}


@pytest.mark.parametrize("choices", SLOW.values(), ids=SLOW)
def test_the_grid_stands_before_slow_tiles_and_each_is_itself_at_full_size_at_once(choices, watched):
    pixels, alpha = smooth(80, 1100), np.full((80, 1100), 255, np.uint8)
    alpha[:25, :60] = 130
    given = np.dstack([pixels, alpha]) if "alpha" in choices else pixels
    assert_sound(in_compare(png(given), ks=["2", "3", "5"], k="2", **choices))
    assert [sum(caption == "working …" for caption in captions) for captions, _ in watched] == [3, 2, 1, 0]
    picture = load_picture(png(given))
    settings = [choose(Settings(), n_colors=k, **choices) for k in (2, 3, 5)]
    whole = [quantize_image(picture, one).rgba[20:60, 30:90] for one in settings]
    for number, (captions, (original, *parts)) in enumerate(watched):
        np.testing.assert_array_equal(original[..., :3], pixels[20:60, 30:90])
        for place, part in enumerate(parts):
            if place < number:
                np.testing.assert_array_equal(part, whole[place])
            else:
                assert captions[place] == "working …"
                assert len(np.unique(part.reshape(-1, 4), axis=0)) == 1


def test_what_takes_too_long_is_said_under_a_grid_that_stays(monkeypatch):
    def too_long(*_):
        raise QuantizeError("this took longer than 5 s: choose fewer colours")

    monkeypatch.setattr(_cache, "version", too_long)
    app = in_compare(png(noise(31, 41, seed=77)), ks=["2", "3"], dither="bayer-4")
    assert [error.value for error in app.error] == ["This took longer than 5 s\\: choose fewer colours\\."]
    assert not app.exception


def test_kept_colors_leave_out_k_that_are_too_small():
    app = open_app(sample="Shapes", keep=["#f00", "#0f0", "#00f", "#fff", "#000"])
    assert app.multiselect(key="keep").value == ["#ff0000", "#00ff00", "#0000ff", "#ffffff", "#000000"]
    app.switch_page("pages/compare_k.py").run()
    assert_sound(app)


def made(numbers: list[int]) -> tuple[tuple[bytes, str], dict[int, _cache.Version]]:
    picture = _cache.sample("shapes")
    versions = {k: _cache.version(picture, choose(Settings(), n_colors=k), lambda: None) for k in numbers}
    return (_cache.original_preview(picture, _cache.TILE_SIDE), "many colours"), versions


def test_contact_sheet_holds_the_original_and_every_version():
    original, versions = made([2, 5])
    data = _exports.draw_sheet(original, versions, {2: "two", 5: "five"}, "Shapes", Settings())
    with Image.open(io.BytesIO(data)) as sheet:
        assert sheet.width > 3 * 400
        colors = {color for _, color in sheet.convert("RGB").getcolors(1 << 24)}
    assert {
        tuple(color) for version in versions.values() for color in version.result.palette.tolist()
    } <= colors


def test_transparent_parts_of_a_sheet_are_paper():
    pixels, alpha = np.full((30, 40, 3), (200, 0, 0), np.uint8), np.zeros((30, 40), np.uint8)
    alpha[:, 20:] = 255
    picture = referred(pixels, alpha)
    original = _cache.original_preview(picture, _cache.TILE_SIDE), ""
    version = _cache.version(picture, Settings(n_colors=2), lambda: None)
    with Image.open(
        io.BytesIO(_exports.draw_sheet(original, {2: version}, {2: ""}, "", Settings()))
    ) as sheet:
        colors = {color: count for count, color in sheet.convert("RGB").getcolors(1 << 24)}
    assert (0, 0, 0) not in colors
    assert colors[(200, 0, 0)] == 2 * 30 * 20 * (640 // 40) ** 2


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(), "BGR · k-means · no dithering"),
        (Settings(space="LAB", method="octree"), "LAB · octree · no dithering"),
        (
            Settings(dither="bayer-4", strength=0.4, light="linear", keep=("#f00", "#0f0")),
            "BGR · k-means · Bayer 4×4 dithering · strength 0.4 · averages linear · pinned #ff0000 #00ff00",
        ),
        (
            Settings(
                keep=tuple(f"#00000{digit}" for digit in range(5)), rare=0.25, effort="best", attempts=3
            ),
            "BGR · k-means · effort best · attempts 3 · no dithering · 5 colours pinned · rare colours 0.25",
        ),
        (
            Settings(method="opencv", init="random", max_iter=9, epsilon=0.5, seed=4),
            "BGR · cv2.kmeans · start random · iterations 9 · epsilon 0.5 · seed 4 · no dithering",
        ),
    ],
)
def test_settings_in_words_hold_every_choice(settings, words):
    assert _exports.settings_in_words(settings) == words


def test_figures_as_a_table():
    _, versions = made([2, 5])
    points = error_curve(load_sample("shapes"), n_colors=[2, 3, 4])
    rows = list(csv.DictReader(io.StringIO(_exports.write_csv(versions, points).decode())))
    assert [(row["from"], int(row["k"])) for row in rows] == [
        ("grid", 2), ("grid", 5), ("curve", 2), ("curve", 3), ("curve", 4),
    ]  # fmt: skip
    assert float(rows[1]["delta_e_00"]) == versions[5].metrics.delta_e_00
    assert int(rows[1]["png_bytes"]) == versions[5].size.n_bytes
    assert [row["exact"] for row in rows] == [
        *(str(not versions[k].size.estimated) for k in (2, 5)), "False", "False", "False",
    ]  # fmt: skip


def test_a_fixed_palette_has_one_k_and_no_curve():
    app = open_app(sample="shapes", palette="f09f45-102030-808080-102030", k="9")
    app.switch_page("pages/compare_k.py").run()
    assert_sound(app)
    assert not app.get("plotly_chart")
    assert "A fixed palette has one K" in " ".join(text.value for text in app.caption)
    assert not [select for select in app.multiselect if select.key == "ks"]
