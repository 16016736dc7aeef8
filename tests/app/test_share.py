"""Sharing as Streamlit runs it: consent, links, what becomes of a link, deletion."""

import io
import json
import os
import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pages import _cache, _share
from pages._store.store import ShareStore
from quantize import QuantizeError, load_animation, load_picture
from quantize.decoding.picture import Picture
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.pictures import noise, saved, smooth

DAY = timedelta(days=30)


@pytest.fixture
def store() -> ShareStore:
    """The store that the app under test uses."""
    return ShareStore(os.environ["QUANTIZE_SHARE_STORE"], max_age=DAY, max_bytes=2**30)


def press(app, label: str) -> None:
    """Press a button; AppTest closes popovers at every run, so that of "Share" is opened anew."""
    app.session_state["sharing"] = True
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert_sound(app)


def open_popover(app) -> None:
    app.session_state["sharing"] = True
    app.run()
    assert_sound(app)


def codes(app) -> list[str]:
    """Texts to copy: the link, the frame's code, and perhaps the link that deletes."""
    said = [json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.json]
    return [data["text"] for (data,) in said if isinstance(data, dict) and "text" in data]


def warnings(app) -> str:
    return " ".join(warning.value for warning in app.warning)


def share(app) -> str:
    """Agree, and return the id that stands in the address then."""
    open_popover(app)
    press(app, "Store the picture and make a link")
    open_popover(app)
    return record(app).share


def test_a_sample_needs_no_question():
    app = open_app(k="8", sample="Cat")
    open_popover(app)
    assert not [button for button in app.button if "Store" in button.label]
    assert "k=8&sample=cat" in codes(app)[0]
    assert "&amp;embed=true" in codes(app)[1]


def test_an_upload_is_stored_only_after_a_question_that_names_the_day(store):
    app = open_app()
    upload(app, "holiday.jpg", saved(smooth(30, 40), "JPEG"))
    before = set(Path(os.environ["QUANTIZE_SHARE_STORE"]).glob("*"))
    open_popover(app)
    asked = " ".join(element.value for element in app.markdown)
    assert re.search(
        r"Make a link, and anyone who has it can see this picture until \d+ [A-Z]\w+ \d{4}\.", asked
    )
    assert set(Path(os.environ["QUANTIZE_SHARE_STORE"]).glob("*")) == before


def test_the_link_shows_the_same_pixels_to_others_but_not_the_name(store):
    pixels = noise(23, 31)
    app = open_app(k="6")
    upload(app, "holiday.png", saved(pixels, "PNG"))
    id = share(app)
    assert (load_picture(store.get(id).data).pixels == pixels).all()
    assert f"share={id}" in codes(app)[0]
    other = open_app(k="6", share=id)
    assert "Shared picture 31×23 pixels" in texts(other)
    assert "holiday" not in texts(other)
    figures = re.search(r"Colours .*? ΔE00 [\d.]+", texts(app))[0]
    assert figures in texts(other)


def test_the_link_shows_all_frames_of_an_animation_and_no_word_of_its_file(store):
    pixels = np.stack([noise(6 + number, 9, seed=number)[:6] for number in range(5)])
    images, file = [Image.fromarray(one) for one in pixels], io.BytesIO()
    images[0].save(
        file, "WebP", save_all=True, append_images=images[1:], duration=[30, 70, 110, 40, 500], lossless=True,
        exif=b"Exif\0\0" + b"SECRET" * 9,
    )  # fmt: skip
    app = open_app()
    upload(app, "secret.webp", file.getvalue())
    id = share(app)
    data = store.get(id).data
    assert b"SECRET" not in data
    found = load_animation(data)
    assert np.array_equal(found.pixels, pixels)
    assert found.durations == (30, 70, 110, 40, 500)
    other = open_app(share=id)
    other.switch_page("pages/animation.py").run()
    assert_sound(other)
    assert "one frame" not in " ".join(element.value for element in other.markdown)
    assert "Frames 5" in texts(other)


def test_the_name_goes_along_if_wanted():
    app = open_app()
    upload(app, "<b>holiday</b>.png", saved(smooth(20, 20), "PNG"))
    open_popover(app)
    app.checkbox(key="share_name").check().run()
    press(app, "Store the picture and make a link")
    other = open_app(share=record(app).share)
    raw = " ".join(element.proto.body for element in other.get("html"))
    assert "&lt;b&gt;holiday" in raw
    assert "<b>holiday" not in raw


def test_the_delete_link_asks_first_and_then_deletes(store):
    app = open_app()
    upload(app, "a.png", saved(smooth(20, 21), "PNG"))
    id = share(app)
    key = re.search(r"delete=([0-9a-f]{32})", codes(app)[2])[1]
    assert not any("delete=" in code for code in codes(app)[:2])
    other = open_app(share=id, delete=key)
    assert "Delete this shared picture for everyone?" in warnings(other)
    assert store.look(id)
    press(other, "Delete it")
    assert "shared picture was deleted" in warnings(other)
    assert "Coffee" in texts(other)
    third = open_app(share=id)
    assert "expired or was deleted" in warnings(third)
    assert "Coffee" in texts(third)


def test_a_wrong_key_deletes_nothing(store):
    id = store.put(Picture.from_pixels(smooth(9, 9))).id
    app = open_app(share=id, delete="0" * 32)
    press(app, "Delete it")
    assert "Key to delete a shared picture must be the one" in warnings(app)
    assert "Shared picture" in texts(app)
    assert store.look(id)


def test_keeping_takes_the_question_away(store):
    id = store.put(Picture.from_pixels(smooth(9, 9))).id
    app = open_app(share=id, delete="0" * 32)
    press(app, "Keep it")
    assert not app.warning
    assert "delete" not in app.query_params


def test_the_one_who_shared_can_delete_at_once(store):
    app = open_app()
    upload(app, "a.png", saved(smooth(20, 22), "PNG"))
    id = share(app)
    press(app, "Delete it now")
    with pytest.raises(Exception, match="expired or was deleted"):
        store.look(id)
    assert "a.png" in texts(app)
    assert not record(app).share


def test_who_shared_hears_that_somebody_deleted_it_and_can_store_it_again(store):
    app = open_app()
    upload(app, "a.png", saved(smooth(20, 22), "PNG"))
    id = share(app)
    store.delete(id, app.session_state["remembered"].shared.receipt.delete_key)
    _cache.forget_shared(id)
    open_popover(app)
    assert "deleted or has expired" in warnings(app)
    assert "a.png" in texts(app)
    assert share(app) not in ("", id)
    assert not app.warning


@pytest.mark.parametrize("id", ["x", "../../../etc/passwd", "0" * 44, "f" * 44, "a" * 10_000, "<script>"])
def test_a_link_to_nothing_says_so_and_shows_a_sample(id):
    app = open_app(share=id)
    assert len(app.warning) == 1
    assert "passwd" not in warnings(app)
    assert "Coffee" in texts(app)


def test_another_picture_takes_the_link_s_place(store):
    id = store.put(Picture.from_pixels(smooth(9, 12))).id
    app = open_app(share=id)
    app.button_group(key="sample").set_value("cat").run()
    assert_sound(app)
    assert "Cat" in texts(app)
    app = open_app(share=id)
    upload(app, "b.png", saved(smooth(20, 23), "PNG"))
    assert "b.png" in texts(app)
    assert not record(app).share


def test_a_full_store_costs_one_sentence_and_nothing_else(monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device", "/secret/folder")

    app = open_app()
    upload(app, "a.png", saved(smooth(20, 24), "PNG"))
    open_popover(app)
    monkeypatch.setattr(os, "fsync", fail)
    press(app, "Store the picture and make a link")
    assert len(app.error) == 1
    assert "secret" not in app.error[0].value
    monkeypatch.undo()
    press(app, "Store the picture and make a link")
    assert not app.error


def test_off_takes_the_button_away_from_uploads(monkeypatch):
    _cache.share_store.clear()
    monkeypatch.setenv("QUANTIZE_SHARE_STORE", "off")
    try:
        app = open_app()
        assert [popover.proto.popover.label for popover in app.get("popover")].count("Share") == 1
        upload(app, "a.png", saved(smooth(20, 25), "PNG"))
        assert [popover.proto.popover.label for popover in app.get("popover")].count("Share") == 0
        linked = open_app(share="0" * 44)
        assert "keeps no shared pictures" in warnings(linked)
    finally:
        monkeypatch.undo()
        _cache.share_store.clear()


def test_the_address_of_who_shared_names_no_picture_that_somebody_deleted(store, monkeypatch):
    monkeypatch.setattr(_share, "CHECK_SECONDS", 0.0)
    app = open_app()
    upload(app, "a.png", saved(smooth(20, 26), "PNG"))
    id = share(app)
    assert app.query_params["share"] == id
    store.delete(id, app.session_state["remembered"].shared.receipt.delete_key)
    app.run()
    assert_sound(app)
    assert "share" not in app.query_params
    assert "deleted or has expired" in warnings(app)
    assert "a.png" in texts(app)
    app.button_group(key="sample").set_value("cat").run()
    assert not app.warning


def test_a_store_that_fails_for_a_moment_takes_nothing_back(store, monkeypatch):
    monkeypatch.setattr(_share, "CHECK_SECONDS", 0.0)
    app = open_app()
    upload(app, "a.png", saved(smooth(20, 27), "PNG"))
    id = share(app)

    def fail(*_):
        raise QuantizeError("store must answer, got nothing: try again")

    monkeypatch.setattr(ShareStore, "look", fail)
    app.run()
    assert record(app).share == id


@pytest.mark.parametrize("page", ["studio", "palette"])
def test_an_upload_that_a_reload_lost_is_said_to_be_gone(page):
    app = open_app(k="9")
    upload(app, "a.png", saved(smooth(20, 28), "PNG"))
    assert app.query_params["own"] == "true"
    again = open_app(**app.query_params)
    again.switch_page(f"pages/{page}.py").run()
    assert_sound(again)
    assert "upload stays only" in warnings(again)
    assert "share it" in warnings(again)
    assert "Coffee" in texts(again)
    assert record(again).k == 9
    assert again.query_params["own"] == "true"  # another reload says so again
    open_popover(again)
    assert not any("own=" in code for code in codes(again))  # nobody else has lost anything
    upload(again, "b.png", saved(smooth(20, 29), "PNG"))
    assert not again.warning
    again.button_group(key="sample").set_value("cat").run()
    assert "own" not in again.query_params
    assert not again.warning


def test_what_was_shared_is_not_said_to_be_gone(store):
    id = store.put(Picture.from_pixels(smooth(9, 14))).id
    app = open_app(share=id, own="true")
    assert not app.warning
    assert "Shared picture" in texts(app)


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.booleans())
def test_a_frame_shows_its_picture_whole_and_leaves_little_empty(width, height, side_by_side):
    """As the viewer fits pictures in: in seven tenths of the window, and under what stands over them."""
    high = _share.frame_height((width, height), side_by_side)
    assert 300 <= high <= 900
    across = (720 - 28) / 2 if side_by_side else 720
    picture = across * height / width
    if high < 900:
        assert picture <= 0.7 * high + 1
        assert picture + 90 <= high
    if high > 300:
        assert picture >= min(0.7 * 900, high - 100) - 1 or picture >= 0.69 * high
