"""The pages as Streamlit runs them, without a browser: choices, uploads, links, and what goes wrong."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages import SCREENS, _widgets
from pages._choices import Choices
from pages._widgets import time_in_words
from pages._words import sentence
from quantize import Settings, load_picture, quantize_image, warm
from tests.pictures import bomb, heic, noise, png, saved, smooth

ROOT = Path(__file__).parents[2]

HOSTILE = {
    "text": b"just words",
    "empty": b"",
    "cut off": saved(smooth(200, 200), "JPEG")[:300],
    "bomb": bomb(),
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
}


def open_app(**query: str | list[str]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert_sound(app)
    return app


def assert_sound(app: AppTest) -> None:
    assert [error.message for error in app.exception] == []


def record(app: AppTest) -> Choices:
    """All that was chosen."""
    return app.session_state["remembered"].visit.choices


def texts(app: AppTest) -> str:
    """All HTML of the page without its tags, spaces folded."""
    bodies = " ".join(element.proto.body for element in app.get("html"))
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", bodies, flags=re.S))


def upload(app: AppTest, name: str, data: bytes) -> None:
    app.file_uploader(key="file").set_value((name, data, "image/png"))
    app.run()
    assert_sound(app)


def test_first_visit_shows_a_finished_result_of_a_sample():
    warm()  # beside a compiler no time is told
    app = open_app()
    assert app.slider(key="k").value == 16
    assert "Coffee 600×400 pixels, 94,478 colours" in texts(app)
    assert "Colours 94,478 → 16" in texts(app)
    assert re.search(r"PSNR \d\d\.\d dB ΔE00 \d\.\d\d, 95 % of pixels up to \d+\.\d\d", texts(app))
    assert re.search(r"PNG (about )?\d+ → (about )?\d+ kB Time [\d,]+ ms", texts(app))


def test_slider_and_quick_picks_move_each_other():
    app = open_app()
    app.button_group(key="quick_pick").set_value(64).run()
    assert_sound(app)
    assert app.slider(key="k").value == 64
    assert "→ 64" in texts(app)
    app.slider(key="k").set_value(65).run()
    assert app.button_group(key="quick_pick").value is None
    app.slider(key="k").set_value(8).run()
    assert app.button_group(key="quick_pick").value == 8
    assert "→ 8 " in texts(app)


def test_quick_picks_are_the_powers_of_two():
    app = open_app()
    assert [int(option) for option in app.button_group(key="quick_pick").options] == [
        4, 8, 16, 32, 64, 128, 256,
    ]  # fmt: skip


def test_a_pick_that_a_slow_browser_still_shows_does_not_take_the_slider_back():
    app = open_app(k="16")
    app.slider(key="k").set_value(17).run()
    app.button_group(key="quick_pick").set_value(16)  # as it stood when the next move was made
    app.slider(key="k").set_value(18).run()
    assert_sound(app)
    assert app.slider(key="k").value == 18
    assert app.button_group(key="quick_pick").value is None


@pytest.mark.parametrize("space", ["BGR", "LAB", "HSV", "Oklab"])
def test_every_space_works(space):
    app = open_app()
    app.button_group(key="space").set_value(space).run()
    assert_sound(app)
    assert "→ 16" in texts(app)


def test_every_further_choice_reaches_the_result():
    app = open_app(sample="Shapes", k="5")
    before = texts(app)
    app.selectbox(key="method").set_value("opencv").run()
    app.selectbox(key="start_opencv").set_value("k-means++").run()
    for key, value in {"attempts": 1, "max_iter": 2, "epsilon": 50.0, "seed": 3}.items():
        app.number_input(key=key).set_value(value).run()
    assert_sound(app)
    assert texts(app) != before
    assert "→ 5 " in texts(app)


def test_choices_without_effect_are_not_offered():
    app = open_app()
    assert app.number_input(key="seed").disabled
    app.selectbox(key="start_kmeans").set_value("random").run()
    assert not app.number_input(key="seed").disabled


def test_link_restores_the_choices():
    app = open_app(k="24", space="LAB", sample="Shapes")
    assert app.slider(key="k").value == 24
    assert app.button_group(key="space").value == "LAB"
    assert "Shapes 400×300" in texts(app)
    assert "→ 24" in texts(app)


@pytest.mark.parametrize(
    "query",
    [
        {"k": "0"},
        {"k": "999"},
        {"k": "many"},
        {"space": "CMYK"},
        {"sample": "<b>"},
        {"method": "x"},
        {"seed": "-4"},
    ],
)
def test_nonsense_in_a_link_costs_one_sentence(query):
    app = open_app(**query, strength="0.5")
    said = [warning.value.split(" must be ")[0] for warning in app.warning]
    assert said == [f"In the address, {name}" for name in query]
    assert len(app.error) == 0
    assert "Coffee 600×400" in texts(app)
    assert "→ 16 " in texts(app)
    assert app.query_params == {"strength": "0.5"}
    app.slider(key="k").set_value(9).run()
    assert len(app.warning) == 0


def test_colors_can_be_kept_by_a_link_and_nonsense_is_named():
    app = open_app(k="4", keep=["#f09f45", "greenish"])
    assert "pinned colour must be a colour like" in app.warning[0].value
    assert "→ 4 " in texts(app)


@pytest.mark.parametrize("key", ["floyd-steinberg", "bayer-4", "riemersma"])
def test_dithering_changes_the_result_and_its_strength_is_heeded(key):
    app = open_app(sample="Shapes", k="6")
    assert app.slider(key="strength").disabled
    app.selectbox(key="dither").set_value(key).run()
    assert_sound(app)
    assert not app.slider(key="strength").disabled
    full = texts(app)
    app.slider(key="strength").set_value(0.4).run()
    assert_sound(app)
    assert texts(app) != full


def test_a_link_to_nothing_dithered_ignores_strength_and_light():
    app = open_app(sample="Shapes", strength="0.5", light="linear")
    assert "→ 16 " in texts(app)


def test_rare_is_left_out_where_a_method_cannot_weigh():
    app = open_app(rare="0.5")
    assert not app.slider(key="rare").disabled
    app.selectbox(key="method").set_value("opencv").run()
    assert_sound(app)
    assert app.slider(key="rare").disabled
    assert "→ 16 " in texts(app)


def test_upload_takes_the_place_of_the_sample_and_a_sample_that_of_the_upload():
    app = open_app()
    upload(app, "mine.png", png(noise(20, 30)))
    assert "mine.png 30×20 pixels, 600 colours" in texts(app)
    assert "Colours 600 → 16" in texts(app)
    app.slider(key="k").set_value(9).run()
    assert "Colours 600 → 9" in texts(app)
    app.button_group(key="sample").set_value("cat").run()
    assert "Cat 451×300" in texts(app)
    assert app.slider(key="k").value == 9


def test_same_file_again_after_a_sample():
    app = open_app()
    data = png(noise(20, 30))
    upload(app, "mine.png", data)
    app.button_group(key="sample").set_value("cat").run()
    upload(app, "mine.png", data)
    assert "mine.png" in texts(app)


HOSTILE_NAME = "<img src=x onerror=alert(1)>**bold** :material/home:.png"


def test_a_files_name_is_shown_as_it_is():
    app = open_app()
    upload(app, HOSTILE_NAME, png(noise(5, 5)))
    bodies = " ".join(element.proto.body for element in app.get("html"))
    assert "<img src=x" not in bodies
    assert "&lt;img src=x" in bodies


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_file_costs_nothing_but_a_sentence(name):
    app = open_app(k="12")
    upload(app, "good.png", png(noise(20, 30)))
    upload(app, f"{name}.png", HOSTILE[name])
    assert len(app.error) == 1
    assert app.error[0].value.startswith(name)
    assert "good.png 30×20 pixels" in texts(app)
    assert "Colours 600 → 12" in texts(app)
    upload(app, "better.png", png(noise(10, 10)))
    assert len(app.error) == 0
    assert "better.png 10×10" in texts(app)


@pytest.mark.parametrize("name", ["photo", "photo.jfif", "photo.heic", "photo.jpg"])
def test_any_name_is_taken(name):
    app = open_app()
    upload(app, name, heic(noise(20, 30)))
    assert len(app.error) == 0
    assert f"{name} 30×20 pixels" in texts(app)


def test_what_is_missing_of_a_picture_is_said():
    app = open_app()
    data = png(noise(40, 30))
    upload(app, "cut.png", data[: len(data) // 2])
    assert len(app.error) == 0
    assert "% of the picture is missing and transparent" in texts(app)


def test_fully_transparent_picture_is_a_sentence_and_the_old_one_stays():
    app = open_app()
    clear = np.zeros((6, 6, 4), np.uint8)
    upload(app, "clear.png", png(clear))
    assert "fully transparent" in app.error[0].value
    assert "Coffee 600×400" in texts(app)
    assert "→ 16" in texts(app)


@pytest.mark.parametrize("side", [1, 9])
def test_one_pixel_and_one_color(side):
    app = open_app()
    upload(app, "tiny.png", png(np.full((side, side, 3), 7, np.uint8)))
    assert "Colours 1 → 1" in texts(app)
    assert "PSNR no difference" in texts(app)


def test_each_note_of_a_result_stands_on_the_page():
    soft = np.dstack([noise(30, 30), np.full((30, 30), 130, np.uint8)])
    soft[:5, :, 3] = 0
    for pixels, settings in (
        (soft, Settings(n_colors=256)),
        (np.full((5, 6, 3), 7, np.uint8), Settings(n_colors=4, dither="floyd-steinberg")),
    ):
        app = open_app(k=str(settings.n_colors))
        app.selectbox(key="dither").set_value(settings.dither).run()
        upload(app, "noted.png", png(pixels))
        notes = quantize_image(load_picture(png(pixels)), settings).notes
        assert notes
        captions = [caption.value for caption in app.caption]
        assert [note for note in notes if sentence(note) not in captions] == []


def test_two_visitors_do_not_meet():
    first, second = open_app(k="4"), open_app(k="200")
    upload(first, "mine.png", png(noise(20, 30)))
    second.run()
    assert "mine.png" not in texts(second)
    assert second.slider(key="k").value == 200


def test_a_choice_survives_any_number_of_pages_without_its_control():
    app = open_app(sample="shapes")
    app.selectbox(key="method").set_value("opencv").run()
    app.number_input(key="attempts").set_value(2).run()
    app.selectbox(key="method").set_value("wu").run()  # attempts are not drawn any more
    for page in ("palette", "compare_k", "palette", "studio"):
        app.switch_page(f"pages/{page}.py").run()
        assert_sound(app)
        assert app.query_params == {"sample": "shapes", "method": "wu", "attempts": "2"}
    app.selectbox(key="method").set_value("opencv").run()
    assert app.number_input(key="attempts").value == 2


def test_a_slow_browser_s_old_slider_does_not_take_a_quick_pick_back():
    app = open_app(k="16")
    app.button_group(key="quick_pick").set_value(64).run()
    app.slider(key="k").set_value(16)  # as it stood when the next choice was made
    app.button_group(key="space").set_value("LAB").run()
    assert_sound(app)
    assert app.slider(key="k").value == 64
    assert app.query_params == {"k": "64", "space": "LAB"}


def test_another_picture_is_looked_at_whole():
    app = open_app(sample="shapes", at="10-20-30-40", selected="ffffff", picked="000000", wipe="30")
    assert record(app).at == (10, 20, 30, 40)
    app.slider(key="k").set_value(9).run()
    assert record(app).at == (10, 20, 30, 40)
    app.button_group(key="sample").set_value("cat").run()
    assert app.query_params == {"k": "9", "sample": "cat", "wipe": "30"}


@pytest.mark.parametrize(
    ("at", "kept"), [("390-290-50-50", "390-290-10-10"), ("500-0-9-9", None), ("0-0-900-900", None)]
)
def test_a_region_of_another_picture_is_clipped(at, kept):
    app = open_app(sample="shapes", at=at)
    assert app.query_params.get("at") == kept


@pytest.mark.parametrize("seconds", [0.0004, 0.016, 1.5, 9.99, 10.0, 75.25])
def test_a_time_is_told_in_the_unit_that_suits_it(seconds):
    number, unit = time_in_words(seconds).replace(",", "").split()
    assert unit == ("ms" if seconds < 10 else "s")
    assert abs(float(number) / (1000 if unit == "ms" else 1) - seconds) <= 0.06
    assert len(number) <= 5


def test_the_method_is_always_to_be_read_and_opencv_in_its_own_words():
    app = open_app(method="opencv", space="LAB", k="4", sample="Shapes", dither="bayer-4")
    assert "Method cv2.kmeans in LAB, Bayer 4×4" in texts(app)
    assert app.selectbox(key="start_opencv").options == [
        "random (KMEANS_RANDOM_CENTERS)", "k-means++ (KMEANS_PP_CENTERS)"
    ]  # fmt: skip
    labels = {number.label for number in app.number_input}
    assert {"Attempts", "Iterations (criteria: max_iter)", "Epsilon (criteria: epsilon)"} <= labels
    app = open_app(k="4", sample="Shapes")
    assert "Method k-means in BGR" in texts(app)
    assert not any("criteria" in number.label for number in app.number_input)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.file)
def test_every_page_begins_by_its_guard(screen):
    """Else the first visitor after a start who opens a deep link gets a page without its frame."""
    assert (ROOT / "pages" / f"{screen.file}.py").read_text().endswith("\nmain(ensure_frame())\n")


def test_no_page_begins_its_rows_where_another_has_the_controls():
    """Streamlit would take one for the other, and leave in it what is not drawn anew until a run is over."""
    rows = open_app().main.children
    place = next(number for number, row in rows.items() if getattr(row.proto, "id", "").endswith("choices"))
    for file in ("segments", "palette", "your_palette"):
        row = open_app().switch_page(f"pages/{file}.py").run().main.children[place]
        kept, controls = getattr(row.proto, "id", "").endswith("choices"), file == "segments"
        assert (kept, row.type == "empty") == (controls, not controls), file


@pytest.mark.parametrize("size", [(1, 1), (1, 480), (480, 1), (3, 2), (480, 360), (320, 480), (2, 301)])
def test_a_small_picture_is_seen_and_leaves_room(size):
    width, height = size
    html = _widgets.small_picture(png(noise(height, width)), "image/png", "a")
    wide, high = (int(re.search(rf'{name}="(\d+)"', html)[1]) for name in ("width", "height"))
    assert max(wide, high) >= 17
    assert high <= 300
    assert wide / high == pytest.approx(width / height, rel=0.02, abs=1 / high)
    assert ("pixelated" in html) == (max(size) <= 16)
