"""The page that compares spaces as Streamlit runs it: verdicts in words, choices, samples, links."""

import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import _cache
from pages._references import PictureRef
from pages._spaces import charts, words
from pages._spaces import html as _space_html
from pages._spaces import results as _space_results
from quantize import Settings
from quantize.colors.spaces import SPACES
from quantize.decoding.samples import SAMPLES, TELLING
from quantize.measuring.verdicts import YARDSTICKS, Gain, judge
from tests.app.references import opened_result, referred
from tests.app.test_pages import HOSTILE_NAME, assert_sound, open_app, texts, upload
from tests.pictures import noise, png, smooth


def open_spaces(**query: str | list[str]) -> AppTest:
    app = open_app(**query)
    app.switch_page("pages/compare_spaces.py").run()
    assert_sound(app)
    return app


def verdicts(app: AppTest) -> list[str]:
    """The sentences of the three yardsticks."""
    return [text.value for text in app.markdown if re.search("wins? by|share the win|A tie", text.value)]


def made(picture: PictureRef, **choices: object) -> dict[str, _space_results.Made]:
    return _space_results.make(picture, Settings(**choices), ["BGR", "LAB"])


@pytest.mark.parametrize("sample", ["Shapes", "Cat", "Leaves in shade", "Pastel chart"])
def test_the_stated_winner_is_the_one_with_the_best_number(sample):
    app = open_spaces(sample=sample)
    key = next(key for key, one in {**SAMPLES, **TELLING}.items() if one.title == sample)
    results = made(_cache.sample(key))
    figures = [
        {space: one.metrics.mse for space, one in results.items()},
        {space: one.metrics.delta_e_00 for space, one in results.items()},
        {space: -one for space, one in _space_results.likeness(_cache.sample(key), results).items()},
    ]
    for sentence, values, digits in zip(verdicts(app), figures, (1, 2, 4), strict=True):
        first, second = values.values()
        if f"{first:.{digits}f}" != f"{second:.{digits}f}":
            assert sentence.startswith(f"**{min(values, key=values.get)}** wins by")
        for value in values.values():
            assert f" {abs(value):,.{digits}f}" in sentence


def test_other_pictures_other_sentences():
    said = [verdicts(open_spaces(sample=sample)) for sample in ("Shapes", "Skin tones", "Blue to violet")]
    for first, second, third in zip(*said, strict=True):
        assert len({first, second, third}) == 3


def test_a_picture_that_fits_is_a_tie():
    app = open_app(k="16")
    upload(app, "flat.png", png(np.repeat(noise(1, 9), 9, axis=0)))
    app.switch_page("pages/compare_spaces.py").run()
    assert_sound(app)
    said = verdicts(app)
    assert [text.startswith("**A tie** by") for text in said] == [True, True, True]
    assert "BGR and LAB both reach 0.00" in said[1]
    assert app.header[0].value == "BGR and LAB come out alike on this picture."
    assert any("give the same picture" in text.value for text in app.markdown)


def test_every_space_can_be_compared_and_two_looked_at_closely():
    app = open_spaces(sample="Shapes", spaces=["BGR", "LAB", "HSV", "Oklab"])
    assert app.button_group(key="spaces").value == ["BGR", "LAB", "HSV", "Oklab"]
    assert "HSV" in verdicts(app)[0]
    assert "Oklab" in verdicts(app)[0]
    app.selectbox(key="pair").set_value("HSV and Oklab").run()
    assert_sound(app)
    assert any("Colours of HSV and Oklab are ΔE00" in text.value for text in app.markdown)
    app.button_group(key="spaces").set_value(["Oklab", "BGR"]).run()
    assert_sound(app)
    assert any("Colours of BGR and Oklab are ΔE00" in text.value for text in app.markdown)


def test_fewer_than_two_spaces_are_filled_up():
    app = open_spaces(sample="Shapes")
    app.button_group(key="spaces").set_value(["LAB"]).run()
    assert_sound(app)
    assert any("Colours of BGR and LAB are" in text.value for text in app.markdown)
    app.button_group(key="spaces").set_value([]).run()
    assert_sound(app)
    assert any("Colours of BGR and LAB are" in text.value for text in app.markdown)


def test_telling_samples_are_offered_here_and_stay_for_the_other_pages():
    app = open_spaces()
    app.button_group(key="telling").set_value("skin").run()
    assert_sound(app)
    assert "Skin tones 480×360" in texts(app)
    app.switch_page("pages/studio.py").run()
    assert_sound(app)
    assert "Skin tones 480×360" in texts(app)
    app.button_group(key="sample").set_value("cat").run()
    assert_sound(app)
    assert "Cat 451×300" in texts(app)
    assert len(app.button_group(key="sample").options) == len(SAMPLES)


def test_a_link_to_a_telling_sample():
    app = open_spaces(sample="Pastel chart", k="8")
    assert "Pastel chart 480×360" in texts(app)
    assert app.button_group(key="telling").value == "pastels"
    assert app.slider(key="k").value == 8


def test_a_telling_sample_takes_the_place_of_an_upload_and_the_other_way_round():
    app = open_spaces()
    upload(app, "mine.png", png(smooth(40, 60)))
    assert "mine.png 60×40" in texts(app)
    assert app.button_group(key="telling").value is None
    app.button_group(key="telling").set_value("ramps").run()
    assert "Blue to violet 480×360" in texts(app)
    upload(app, "other.png", png(noise(20, 30)))
    assert "other.png 30×20" in texts(app)


@pytest.mark.parametrize("view", ["a*–b*", "Hue–chroma"])
def test_other_views_of_the_cloud(view):
    app = open_spaces(sample="Shapes")
    app.button_group(key="view").set_value(view).run()
    assert_sound(app)
    assert app.button_group(key="axes").disabled


def test_transparent_dithered_tiny_and_hostile():
    app = open_app(k="2")
    app.selectbox(key="dither").set_value("floyd-steinberg").run()
    clear = noise(9, 9, channels=4)
    clear[:4, :, 3] = 0
    upload(app, HOSTILE_NAME, png(clear))
    app.switch_page("pages/compare_spaces.py").run()
    assert_sound(app)
    assert "onerror" not in re.sub("&lt;.*?&gt;", "", " ".join(html.proto.body for html in app.get("html")))
    upload(app, "one.png", png(np.full((1, 1, 3), 7, np.uint8)))
    assert_sound(app)
    assert verdicts(app)[0].startswith("**A tie**")


def said(yardstick: int, numbers: dict[str, float], settings: Settings | None = None, **more: object) -> str:
    verdict = judge(numbers, YARDSTICKS[yardstick])
    return words.explain(_space_results.Reasoned(verdict, **more), settings or Settings())


def test_why_follows_from_the_numbers():
    assert "makes exactly this number small." in said(0, {"BGR": 1, "LAB": 2})
    assert "ended in a worse arrangement here" in said(0, {"BGR": 2, "LAB": 1})
    assert "made for this, but not nearer" in said(1, {"BGR": 1, "LAB": 2})
    assert "Distances in Oklab are near" in said(1, {"BGR": 3, "LAB": 2, "Oklab": 1})
    for other in (Settings(method="octree"), Settings(rare=0.5), Settings(dither="bayer-4")):
        assert "number small" not in said(0, {"BGR": 1, "LAB": 2}, other)


def test_outcomes_in_words():
    assert said(0, {"HSV": 1, "LAB": 4}).startswith(
        "**HSV** wins by MSE and PSNR: 1.0 against 4.0 for LAB (75 % less)."
    )
    assert "**LAB** wins by ΔE00: 1.00 against 2.00 for Oklab and 4.00 for BGR (up to 75 % less)." in said(
        1, {"BGR": 4, "LAB": 1, "Oklab": 2}
    )
    assert said(1, {"BGR": 1, "LAB": 1.001, "HSV": 2}).startswith(
        "**BGR and LAB** share the win by ΔE00: 1.00"
    )
    assert said(2, {"BGR": 0.9, "LAB": 0.9, "HSV": 0.9}).startswith("**A tie** by SSIM: BGR, LAB and HSV all")


def test_gains_and_lightness_in_words():
    gain = Gain("dark blues", 0.31, 2.1, 3.4, 5, 3)
    assert said(1, {"BGR": 3, "LAB": 2}, gain=gain).endswith(
        "Most is gained in the **dark blues**, 31 % of the picture: "
        "ΔE00 2.10 there instead of 3.40 for BGR, with 5 entries instead of 3."
    )
    assert "with as many entries (3), but better placed" in said(
        0, {"BGR": 2, "LAB": 3}, gain=Gain("greens", 0.004, 21, 34, 3, 3)
    )
    assert "only L* 1.00 on average, against 2.00 for LAB" in said(
        2, {"BGR": 0.9, "LAB": 0.8}, lightness=(1.0, 2.0)
    )
    assert "off by more, L* 3.00 against 2.00 for LAB" in said(
        2, {"BGR": 0.9, "LAB": 0.8}, lightness=(3.0, 2.0)
    )
    assert "on average, as for LAB" in said(2, {"BGR": 0.9, "LAB": 0.8}, lightness=(2.001, 2.0))


def test_the_summary_names_both_winners():
    def line(mse: dict[str, float], delta_e: dict[str, float]) -> str:
        pair = (judge(mse, YARDSTICKS[0]), judge(delta_e, YARDSTICKS[1]))
        return words.summarize([_space_results.Reasoned(verdict) for verdict in pair])

    low, high = {"BGR": 1.0, "LAB": 2.0}, {"BGR": 2.0, "LAB": 1.0}
    even = {"BGR": 1.0, "LAB": 1.0}
    assert line(low, high) == "BGR is nearer by the stored numbers, LAB is nearer to the eye."
    close = {"BGR": 10, "LAB": 9.8}
    assert line(close, high) == (
        "Both are practically equal by the stored numbers; LAB is nearer to the eye."
    )
    assert line(low, close).endswith("numbers; both are practically equal to the eye.")
    assert line({"BGR": 50.0, "LAB": 60.0}, {"BGR": 3.36, "LAB": 3.41}) == (
        "BGR is nearer by the stored numbers; both are practically equal to the eye."
    )
    assert line(close, close) == (
        "LAB and BGR are practically equal, both by the stored numbers and to the eye."
    )
    assert line(high, high) == "LAB is nearer both by the stored numbers and to the eye."
    assert line(even, high) == "Both are equal by the stored numbers; LAB is nearer to the eye."
    assert line(low, even) == "BGR is nearer by the stored numbers; both are equal to the eye."
    assert line(even, even) == "BGR and LAB come out alike on this picture."


def test_the_best_figure_of_every_column_is_bold():
    results = made(_cache.sample("shade"))
    table = _space_html.draw_table(results, _space_results.likeness(_cache.sample("shade"), results))
    rows = re.findall("<tr><th>(BGR|LAB)</th>(.*?)</tr>", table)
    bold = {
        name: [cell.startswith("<td><b>") for cell in re.findall("<td>.*?</td>", row)] for name, row in rows
    }
    assert bold == {"BGR": [True, True, False, False, True], "LAB": [False, False, True, True, False]}


def test_frames_lie_on_the_regions_and_pairs_are_all_there():
    picture = _cache.sample("pastels")
    first, second = (one.result for one in made(picture).values())
    contrast = _space_results.contrast(picture, first, second)
    html = _space_html.draw_map(contrast, picture.size)
    assert html.count('<i style="left:') == len(contrast.regions) == 3
    assert f"left:{100 * contrast.regions[0].x / picture.size[0]:.2f}%" in html
    assert f"{contrast.top:g} and more" in html
    pairs = _space_results.pairs(first, second)
    tiles = _space_html.draw_pairs(pairs, first, second)
    assert tiles.count("<figure") == len(pairs) == 16
    assert _space_html.draw_crops(contrast, ("BGR", "LAB")).count("<img") == 9


def test_parts_in_full_resolution_are_exact():
    alpha = np.full((40, 60), 255, np.uint8)
    alpha[:5] = 0
    pixels = noise(40, 60)
    picture = referred(pixels, alpha)
    result = made(picture, n_colors=8)["LAB"].result
    for pane, whole in enumerate((pixels, opened_result(result).pixels)):
        data = _cache.part(picture, [result], 10, 3, 30, 20, pane)
        part = np.asarray(Image.open(BytesIO(data)).convert("RGBA"))
        np.testing.assert_array_equal(part[..., 3], alpha[3:20, 10:30])
        np.testing.assert_array_equal(part[2:, :, :3], whole[5:20, 10:30])


def test_what_falls_between_the_pixels_of_the_map_is_no_difference_and_no_error():
    alpha = np.full((9, 1600), 127, np.uint8)
    alpha[0, :2] = 255
    picture = referred(noise(9, 1600), alpha)
    results = made(picture, n_colors=2)
    contrast = _space_results.contrast(picture, *(results[space].result for space in ("BGR", "LAB")))
    assert (contrast.mean, contrast.regions) == (0, ())
    assert all(reasoned.verdict.is_tie for reasoned in _space_results.reasons(picture, results))


@pytest.mark.parametrize("space", SPACES)
def test_the_cloud_has_every_color_in_its_place(space):
    picture = _cache.sample("shapes")
    result = made(picture)["LAB"].result
    cloud, cells = _space_results.cloud(picture), _space_results.cells(picture, result)
    figure = charts.draw_cloud(cloud, cells, result.palette, SPACES[space])
    dots, balls = figure.data
    assert len(dots.x) == len(cloud.colors) <= 10_000
    assert len(balls.x) == 16
    working = SPACES[space].to_working(result.palette)
    order = {"BGR": (2, 1, 0), "HSV": (0, 1, 2)}.get(space, (1, 2, 0))
    for name, axis in zip("xyz", order, strict=True):
        np.testing.assert_allclose(balls[name], working[:, axis], rtol=1e-6)
    assert figure.layout.scene.zaxis.title.text == {"BGR": "red", "HSV": "value"}.get(space, "lightness")


def test_flat_steps_give_every_dot_the_color_of_its_entry():
    picture = _cache.sample("shapes")
    result = made(picture)["LAB"].result
    cloud, cells = _space_results.cloud(picture), _space_results.cells(picture, result)
    marker = charts.draw_plane(cloud, cells, result.palette, "a*–b*").data[0].marker
    low, high = marker.cmin, marker.cmax
    for entry in range(16):
        place = (entry - low) / (high - low)
        for here in (place - 0.45 / 16, place, place + 0.45 / 16):
            before = [color for stop, color in marker.colorscale if stop <= here][-1]
            after = next(color for stop, color in marker.colorscale if stop > here)
            assert before == after == "#{:02x}{:02x}{:02x}".format(*result.palette[entry])


@pytest.mark.parametrize(
    "query",
    [
        {"k": "3", "keep": "f09f45-102030-808080", "sample": "coffee"},
        {"palette": "f09f45-102030-808080-102030", "sample": "coffee"},
        {"palette": "00ff00-00ff00", "sample": "coffee"},
    ],
)
def test_of_fixed_colors_no_space_places_any(query):
    app = open_spaces(**query)
    said = " ".join(text.value for text in app.markdown)
    assert "All colours are fixed, so the palette is the same in every space, and a space only" in said
    assert "entries" not in " ".join(verdicts(app))
    assert "placed" not in said


@pytest.mark.parametrize("dither", ["looks", "joint"])
def test_of_a_dithering_with_axes_of_its_own_no_space_is_said_to_decide(dither):
    app = open_spaces(palette="f09f45-102030-808080", dither=dither, sample="coffee")
    said = " ".join(text.value for text in app.markdown)
    assert "This dithering measures in axes of its own: every space gives the same picture." in said
    assert not verdicts(app)
    assert not app.header
    # Which is true, pixel for pixel.
    fixed = {"palette": ("f09f45", "102030", "808080"), "dither": dither}
    bgr, lab = made(_cache.sample("coffee"), **fixed).values()
    assert bgr.metrics == lab.metrics
    next(button for button in app.button if button.label == "Compare with the preset Least error").click()
    app.run()
    assert_sound(app)
    assert verdicts(app)


def test_no_entries_of_either_are_not_better_placed():
    verdict = judge({"BGR": 10.0, "LAB": 20.0}, YARDSTICKS[0])
    gain = Gain("reds", 0.2, 10.0, 20.0, 0, 0)
    said = words.explain(_space_results.Reasoned(verdict, gain), Settings())
    assert "for LAB, though neither has an entry of its own there." in said
