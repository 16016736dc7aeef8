"""Soft edges on all pages, and pictures of which nothing is left without them."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages import SCREENS, _cache
from pages._choices import DEFAULTS, Choices
from pages._server import cards
from pages._server.link import Link
from quantize.colors.opacity import ALPHAS
from quantize.dithering.dither import DITHERS
from quantize.methods.table import METHODS
from tests.app.test_page_shown import captions, offered, opened  # noqa: F401
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.pictures import saved, smooth

SOFT = [screen.file for screen in SCREENS if screen.soft]
HARD = [screen.file for screen in SCREENS if not screen.soft]
SHADOW = np.zeros((30, 40, 4), np.uint8)
SHADOW[..., 3] = np.linspace(0, 120, 40)
VEIL = np.dstack([smooth(30, 40), np.linspace(0, 255, 40).astype(np.uint8)[None].repeat(30, axis=0)])


def open_page(page: str, rgba: np.ndarray, **query: str) -> AppTest:
    app = open_app(**query)
    upload(app, "shadow.png", saved(rgba, "PNG"))
    app.switch_page(f"pages/{page}.py").run()
    assert_sound(app)
    return app


def said(app: AppTest) -> str:
    return " ".join(text.value for text in app.markdown)


@pytest.mark.parametrize("page", SOFT)
def test_a_shadow_opens_and_one_click_keeps_it(page):
    app = open_page(page, SHADOW)
    assert [error.value for error in app.error] == []
    assert "0 colours" not in texts(app)
    assert "without soft edges nothing is left" in said(app)
    assert [button.label for button in app.button if button.key == "keep_soft"] == ["Keep soft edges"]
    app.button(key="keep_soft").click().run()
    assert_sound(app)
    assert record(app).alpha == "soft"
    assert "nothing is left" not in said(app)
    assert "become transparent" not in texts(app)
    assert [error.value for error in app.error] == []


IN_THE_WAY = [
    ({"method": "looks", "space": "Oklab", "dither": "looks"}, "the preset Looks knows none",
     "with k-means and Floyd–Steinberg"),
    ({"method": "wu"}, "the method Wu knows none", "with k-means"),
    ({"dither": "bayer-4"}, "dithering Bayer 4×4 knows none", "with Floyd–Steinberg"),
    ({"method": "wu", "dither": "bayer-4"}, "the method Wu and dithering Bayer 4×4 know none",
     "with k-means and Floyd–Steinberg"),
    ({"palette": "000000-ffffff"}, "a fixed palette knows none", "without the fixed palette"),
]  # fmt: skip


@pytest.mark.parametrize("page", SOFT)
@pytest.mark.parametrize(("choices", "who", "how"), IN_THE_WAY)
@pytest.mark.parametrize("rgba", [SHADOW, VEIL], ids=["shadow", "veil"])
def test_what_cuts_soft_edges_is_said_and_one_click_keeps_them(page, choices, who, how, rgba):
    app = open_page(page, rgba, alpha="soft", k="5", ks="4-5", **choices)
    control = app.segmented_control(key="alpha")
    assert (control.value, control.disabled) == ("hard", True)
    assert record(app).alpha == "soft"
    lead = "Soft edges are cut: " if rgba is VEIL else "without soft edges nothing is left of it, and "
    assert said(app).count("knows none") + said(app).count("know none") == 1
    assert f"{lead}{who}." in said(app)
    assert ("No pixel of the picture is half opaque or more: " in said(app)) == (rgba is SHADOW)
    button = app.button(key="keep_soft")
    assert button.label == f"Keep {'them' if rgba is VEIL else 'soft edges'} {how}"
    button.click().run()
    assert_sound(app)
    control = app.segmented_control(key="alpha")
    assert (control.value, control.disabled) == ("soft", False)
    assert not re.search("knows? none", said(app))
    assert record(app).own_settings().alpha == "soft"


@pytest.mark.parametrize("alpha", ALPHAS)
def test_what_was_chosen_counts_again_when_it_can(alpha):
    app = open_page("studio", VEIL, alpha=alpha, k="5")
    for dither, shown in (("bayer-4", "hard"), ("none", alpha), ("blue-noise", "hard"), ("stucki", alpha)):
        app.selectbox(key="dither").set_value(dither).run()
        assert_sound(app)
        control = app.segmented_control(key="alpha")
        assert (control.value, control.disabled) == (shown, not DITHERS[dither].soft)
        assert ("Soft edges are cut" in said(app)) == (not DITHERS[dither].soft)
        assert record(app).alpha == alpha


def test_a_shadows_file_has_its_opacities(offered):  # noqa: F811
    open_page("studio", SHADOW, k="8", alpha="soft")
    shown = np.asarray(opened(offered["Download PNG"]()).convert("RGBA"))
    assert len(np.unique(shown[..., 3])) == 9


@pytest.mark.parametrize("page", HARD)
def test_a_page_without_soft_edges_says_where_they_are_kept(page):
    app = open_page(page, SHADOW, alpha="soft")
    assert "knows no soft edges" in said(app)
    assert [error.value for error in app.error] == []
    app = open_page(page, VEIL, alpha="soft", point="png-8")
    assert "Soft edges are kept in the Studio and in Compare K" in captions(app)
    app = open_page(page, VEIL)
    assert "Soft edges" not in captions(app)


def test_compare_k_shows_tiles_with_soft_edges(monkeypatch):
    made = []
    versions = _cache.versions

    def watched(*asked):
        made[:] = versions(*asked)
        return made

    monkeypatch.setattr(_cache, "versions", watched)
    app = open_page("compare_k", VEIL, alpha="soft", ks="4-8")
    assert "undithered and without soft edges" in captions(app)
    for one, k in zip(made, (4, 8), strict=True):
        colors = opened(one.png).convert("RGBA").getcolors()
        assert len({color for _, color in colors if color[3]}) == k
        assert any(0 < color[3] < 255 for _, color in colors)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dither", DITHERS)
def test_soft_edges_can_be_had_from_whatever_was_chosen(method, dither):
    choices = Choices(method=method, dither=dither, palette=("#000000",)).with_soft_edges()
    assert choices.own_settings().alpha == "soft"
    if METHODS[method].soft and DITHERS[dither].soft:
        changed = {name for name in DEFAULTS if getattr(choices, name) != DEFAULTS[name]}
        assert changed <= {"alpha", "method", "dither"}


def test_a_links_card_has_soft_edges_on_white(monkeypatch):
    picture = _cache.picture(saved(SHADOW, "PNG"), "card of a shadow")
    monkeypatch.setattr(_cache, "sample", lambda key: picture)
    card = np.asarray(opened(cards.draw(Link(Choices(alpha="soft"), "", False))).convert("RGB"))
    assert card[:400].max() == 255
    assert card[:400].min() > 128
