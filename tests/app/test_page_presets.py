"""Presets on the pages: what a control shows and sets, what a link brings back, what a better one gains."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import SCREENS, _cache, _downloads, _gain
from pages._address import from_query, to_query
from pages._choices import DEFAULTS, Choices
from quantize import Picture, Settings, measure, quantize_image
from quantize.decoding.samples import load_sample
from quantize.presets import PRESETS
from quantize.settings import choose, preset_of
from tests.app.test_address import CHOICES, query
from tests.app.test_pages import assert_sound, open_app, record, upload
from tests.pictures import noise, png, smooth

WITH_PRESETS = [screen.file for screen in SCREENS if screen.controls]
KEYS = st.sampled_from(list(PRESETS))


@given(CHOICES, KEYS)
def test_a_preset_is_set_and_told_whatever_was_chosen_before(choices, key):
    chosen = choices.with_preset(key)
    told = preset_of(chosen.settings())
    same = {"lesson": "numbers", "pixel-art": "flat"} if choices.palette else {}
    assert told == same.get(key, key)
    assert chosen.settings().resolved() == choose(choices.settings(), preset=key).resolved()


@given(CHOICES, KEYS)
def test_a_preset_leaves_alone_what_it_does_not_name(choices, key):
    chosen = choices.with_preset(key)
    mixing = {"dither", "strength", "light", "runs", "space"}
    finding = {"method", "rare", "start_kmeans", "start_opencv", "effort", "attempts", "max_iter", "epsilon"}
    named = mixing if choices.palette else {*mixing, *finding, "seed", "k"}
    assert {name for name in DEFAULTS if getattr(chosen, name) != getattr(choices, name)} <= named
    if "n_colors" not in PRESETS[key].choices:
        assert chosen.k == choices.k


@given(CHOICES, st.lists(KEYS | st.integers(1, 256), max_size=5))
def test_an_address_brings_the_same_preset_back_after_any_steps(choices, steps):
    for step in steps:
        choices = choices.with_preset(step) if isinstance(step, str) else replace(choices, k=step)
    again, refused = from_query(query(choices))
    assert (again, refused) == (choices, ())
    assert preset_of(again.settings()) == preset_of(choices.settings())


@pytest.mark.parametrize("key", PRESETS)
def test_links_hold_what_a_preset_sets_and_no_more(key):
    said = to_query(Choices().with_preset(key))
    names = {"n_colors": "k"}
    assert said.keys() <= {names.get(name, name) for name in PRESETS[key].choices}
    assert ("n_colors" in PRESETS[key].choices) == ("k" in said)


def preset(app: AppTest) -> str:
    """What the control shows, by its title."""
    box = app.selectbox(key="preset")
    return box.options[box.index]


def pick(app: AppTest, key: str, value: object) -> None:
    kinds = (app.selectbox, app.slider, app.button_group)
    found = next(widget for kind in kinds for widget in kind if widget.key == key)
    found.set_value(value).run()
    assert_sound(app)


@pytest.mark.parametrize("page", WITH_PRESETS)
def test_a_page_shows_and_sets_presets(page):
    app = open_app(sample="shapes", k="5")
    app.switch_page(f"pages/{page}.py").run()
    assert preset(app) == "Least error"
    pick(app, "preset", "small")
    assert preset(app) == "Small"
    assert "Small: as looks, but long runs of one colour" in [text.value[:44] for text in app.caption]
    found = app.query_params
    assert (found["dither"], found["method"], found["runs"]) == ("looks", "looks", "8")
    assert app.slider(key="runs").value == 8
    pick(app, "runs", 7.9)
    assert preset(app) == "Own"
    pick(app, "runs", 0.0)
    assert preset(app) == "Looks"
    assert "runs" not in app.query_params
    pick(app, "preset", "flat")
    assert (record(app).k, preset(app)) == (8, "Flat")
    pick(app, "k", 9)
    assert preset(app) == "Own"
    assert app.selectbox(key="preset").options[-1] == "Own"
    pick(app, "preset", "numbers")
    assert (record(app).k, preset(app)) == (9, "Least error")
    assert "Own" not in app.selectbox(key="preset").options


def test_runs_are_for_ditherings_that_can_on_every_page():
    app = open_app(sample="shapes", k="5", dither="stucki", runs="3")
    assert app.slider(key="runs").disabled
    assert record(app).settings().runs is None
    pick(app, "dither", "joint")
    assert not app.slider(key="runs").disabled
    assert record(app).settings().runs == 3
    app.switch_page("pages/palette.py").run()
    assert (app.slider(key="palette_runs").value, app.slider(key="palette_runs").disabled) == (3, False)
    assert record(app).palette_settings().runs == 3


def test_with_a_fixed_palette_only_what_differs_is_offered():
    app = open_app(sample="shapes", palette="000000-ffffff-c00000")
    assert preset(app) == "Least error"
    assert app.selectbox(key="preset").options == [
        one.title for one in PRESETS.values() if one.key not in ("lesson", "pixel-art")
    ]
    pick(app, "preset", "best-looks")
    assert preset(app) == "Best looks"
    assert record(app).palette == ("#000000", "#ffffff", "#c00000")
    assert record(app).method == "kmeans"


def test_better_is_what_comes_next_and_ends_with_the_best():
    assert _gain.find_better(Settings()) == "looks"
    assert _gain.find_better(choose(preset="small")) == "looks"
    assert _gain.find_better(choose(preset="looks")) == "best-looks"
    assert _gain.find_better(choose(preset="best-looks")) is None


def open_gain(app: AppTest) -> str:
    """Open the popover, and return all that stands there; beside it is what figures mean."""
    app.session_state["looks"] = True
    app.run()
    assert_sound(app)
    return " ".join(element.value for element in app.markdown if "- **PSNR**" not in element.value)


def test_the_gain_is_told_when_asked_with_the_file_it_is_of(monkeypatch):
    offered = {}
    monkeypatch.setattr(
        _downloads, "offer", lambda label, make, name, mime, **_: offered.update({label: (make, name)})
    )
    app = open_app(sample="coffee", k="12", keep="c00000")
    assert "Download it" not in offered
    source, settings = load_sample("coffee"), record(app).settings()
    before = quantize_image(source, settings)
    after = quantize_image(source, settings, preset="looks")
    scores = [measure(source, one, looks=True).ssimulacra2 for one in (before, after)]
    told = open_gain(app)
    assert f"SSIMULACRA2 **{scores[0]:.1f}**".replace("-", "−") in told
    assert f"**Looks**: {scores[1]:.1f} instead of {scores[0]:.1f}, ".replace("-", "−") in told
    assert re.search(r", (about )?\d+ kB instead of \d+ kB\.", told)
    make, name = offered["Download it"]
    assert name == "Coffee-12.png"
    image = Image.open(io.BytesIO(make()))
    assert np.array_equal(np.asarray(image.convert("RGB")), after.pixels)


def buttons(app: AppTest) -> set[str]:
    return {button.key for button in app.button}


def test_what_is_better_can_be_used_and_then_there_is_something_better_yet():
    app = open_app(sample="coffee", k="24")
    assert "**Looks**" in open_gain(app)
    app.session_state["looks"] = True
    app.button(key="use_better").click().run()
    assert preset(app) == "Looks"
    assert record(app).k == 24
    assert "**Best looks**" in open_gain(app)
    pick(app, "preset", "best-looks")
    assert re.fullmatch(r".*SSIMULACRA2 \*\*−?\d+\.\d\*\*", open_gain(app))
    assert "use_better" not in buttons(app)


@pytest.mark.parametrize("choices", [{}, {"space": "LAB"}, {"dither": "atkinson", "effort": "best"}])
def test_with_soft_edges_the_page_goes_on_and_the_gain_is_told_of_what_is_seen(choices):
    app = open_app(k="7", alpha="soft", **choices)
    assert_sound(app)
    alpha = np.clip(np.hypot(*np.mgrid[-30:30, -40:40]) * -12 + 400, 0, 255).astype(np.uint8)
    upload(app, "veil.png", png(np.dstack([smooth(60, 80), alpha])))
    source = Picture.from_pixels(smooth(60, 80), alpha)
    settings = record(app).own_settings()
    assert settings.alpha == "soft"
    told = open_gain(app)
    score = measure(source, quantize_image(source, settings), looks=True).ssimulacra2
    assert f"SSIMULACRA2 **{score:.1f}**".replace("-", "−") in told
    assert "**Looks**, without soft edges: " in told or "would not look better" in told
    for key in PRESETS:
        pick(app, "preset", key)
        assert preset(app) == PRESETS[key].title


def test_a_picture_that_fits_is_identical_and_gains_nothing():
    app = open_app(k="9")
    upload(app, "few.png", png(noise(40, 50) // 128 * 255))
    assert "SSIMULACRA2 **100.0**" in open_gain(app)
    assert "use_better" not in buttons(app)


def test_a_preset_that_gains_nothing_is_not_offered(monkeypatch):
    app = open_app(sample="shapes", k="6")
    monkeypatch.setattr(_cache, "looks", lambda result: 50.0)
    assert "The preset Looks would not look better: 50.0 instead of 50.0." in open_gain(app)
    assert "use_better" not in buttons(app)


def test_a_preset_that_sets_k_says_so_once():
    app = open_app(k="32")
    pick(app, "preset", "looks")
    assert [toast.value for toast in app.toast] == []
    pick(app, "preset", "flat")
    assert [toast.value for toast in app.toast] == ["Flat has 8 colours; K was 32."]
    app.run()
    assert [toast.value for toast in app.toast] == []


def test_k_comes_back_with_the_next_preset_unless_it_was_changed():
    app = open_app(k="32")
    pick(app, "preset", "flat")
    assert record(app).k == 8
    pick(app, "dither", "floyd-steinberg")
    pick(app, "preset", "flat")
    assert (record(app).k, [toast.value for toast in app.toast]) == (8, [])
    pick(app, "preset", "numbers")
    assert (record(app).k, [toast.value for toast in app.toast]) == (32, ["K is 32 again."])
    pick(app, "preset", "pixel-art")
    assert (record(app).k, [toast.value for toast in app.toast]) == (32, [])
    pick(app, "preset", "flat")
    pick(app, "k", 9)
    pick(app, "preset", "numbers")
    assert (record(app).k, [toast.value for toast in app.toast]) == (9, [])


def test_what_a_preset_chose_can_be_chosen_by_hand_after_another_page_had_changed_it():
    app = open_app()
    pick(app, "preset", "looks")
    assert record(app).dither == "looks"
    app.switch_page("pages/palette.py").run()
    pick(app, "palette_dither", "none")
    app.switch_page("pages/studio.py").run()
    assert app.selectbox(key="dither").value == "none"
    pick(app, "dither", "looks")
    assert record(app).dither == "looks"
    assert app.query_params["dither"] == "looks"
