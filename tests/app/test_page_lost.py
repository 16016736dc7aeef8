"""A picture that goes away while it is looked at: a sentence and a sample, and what was chosen stays."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from pages import SCREENS, _cache, _downloads, _viewer
from pages._cache.pictures import KINDS
from pages._references import Lost
from pages._server import server
from pages._store.store import ShareStore
from quantize import Picture, QuantizeError
from quantize.decoding import worker
from tests.app.test_pages import assert_sound, open_app, texts, upload
from tests.pictures import noise, png

PAGES = [screen.file for screen in SCREENS]
# Those that are made of pixels anew where one lets go of them.
LARGE = [kind for kind in KINDS if kind != "reference"]


@pytest.fixture
def store() -> ShareStore:
    """The store that the app under test uses."""
    folder = os.environ["QUANTIZE_SHARE_STORE"]
    return ShareStore(folder, max_age=timedelta(days=30), max_bytes=2**30)


@pytest.fixture
def receipt(store, request):
    """A shared picture that no other test has seen."""
    seed = int(hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:6], 16)
    return store.put(Picture.from_pixels(noise(21, 34, seed=seed)))


def forget(key: tuple[str, str], kinds: list[str] | tuple[str, ...]) -> None:
    """Push parts of a picture out of the cache."""
    for kind in kinds:
        _cache.binding.bound().cache.forget((kind, key))


def fail_to_decode(data: bytes, max_pixels: int) -> None:
    raise QuantizeError("picture must be decoded by another process, which cannot be started just now")


def turn_to(app: AppTest, page: str) -> None:
    if page != "studio":
        app.switch_page(f"pages/{page}.py").run()
    assert_sound(app)


def ask_for_another_result(app: AppTest, page: str) -> None:
    """Change what this page makes of the picture, so that it needs the picture."""
    if page == "compare_k":
        app.multiselect(key="ks").set_value([5, 23])
    others = {"your_palette": "table_space", "panel": "panel_turn", "pixel_art": "art"}
    if page in others:
        app.button_group(key=others[page]).set_value({"panel": 180, "pixel_art": "tiles"}.get(page, "HSV"))
        app.run()
        return
    if page == "compress":
        app.number_input(key="kb").set_value(1).run()
        return
    slider = {"palette": "n", "inside_kmeans": "clusters"}.get(page, "k")
    app.slider(key=slider).set_value(app.slider(key=slider).value + 2).run()


def assert_replaced(app: AppTest, because: str) -> None:
    assert_sound(app)
    assert len(app.error) == 0
    (said,) = (warning.value for warning in app.warning)
    assert because in said
    assert "Here is a sample instead; what you chose stays" in said
    assert "Coffee 600×400" in texts(app)
    assert app.button_group(key="sample").value == "coffee"
    assert "share" not in app.query_params


@pytest.mark.parametrize("kinds", [KINDS, LARGE], ids=["all", "pixels"])
@pytest.mark.parametrize("page", PAGES)
def test_a_shared_picture_that_is_deleted_meanwhile(store, receipt, page, kinds):
    app = open_app(share=receipt.id, k="11", space="Oklab", n="7")
    assert "34×21" in texts(app)
    turn_to(app, page)
    store.delete(receipt.id, receipt.delete_key)
    forget(("shared", receipt.id), kinds)
    ask_for_another_result(app, page)
    assert_replaced(app, "it has expired or was deleted")
    if page == "palette":
        assert app.slider(key="n").value == 9
    elif page == "inside_kmeans":
        assert app.slider(key="clusters").value == 10
    elif page == "your_palette":
        assert app.button_group(key="table_space").value == "HSV"
    elif page == "panel":
        assert app.button_group(key="panel_turn").value == 180
    elif page == "pixel_art":
        assert app.button_group(key="art").value == "tiles"
    elif page == "compress":
        assert app.number_input(key="kb").value == 1
    else:
        assert app.slider(key="k").value == 13
    app.run()
    assert_replaced(app, "it has expired or was deleted")


@pytest.mark.parametrize("page", PAGES)
def test_a_store_that_fails_in_mid_session(receipt, page, monkeypatch):
    app = open_app(share=receipt.id, k="11")
    turn_to(app, page)

    def fail(id: str) -> None:
        raise QuantizeError("store of shared pictures must be within reach, but it does not answer")

    monkeypatch.setattr(_cache.open_shares(), "get", fail)
    forget(("shared", receipt.id), KINDS)
    ask_for_another_result(app, page)
    assert_replaced(app, "does not answer")


@pytest.mark.parametrize("kinds", [KINDS, LARGE], ids=["all", "pixels"])
@pytest.mark.parametrize("page", PAGES)
def test_an_upload_that_cannot_be_read_again(page, kinds, monkeypatch, request):
    seed = int(hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:6], 16)
    data = png(noise(21, 34, seed=seed))
    app = open_app(k="11", space="LAB")
    upload(app, "mine.png", data)
    turn_to(app, page)

    with monkeypatch.context() as broken:
        broken.setattr(worker._workers, "decode", fail_to_decode)
        forget(("picture", hashlib.sha256(data).hexdigest()), kinds)
        ask_for_another_result(app, page)
        assert_replaced(app, "cannot be started just now")
    upload(app, "mine.png", data)
    assert "mine.png 34×21" in texts(app)
    assert not [warning for warning in app.warning if "sample instead" in warning.value]
    app.button_group(key="sample").set_value("coffee").run()
    assert not app.warning


def test_sharing_a_picture_that_is_lost(monkeypatch):
    data = png(noise(22, 35, seed=987))
    app = open_app()
    upload(app, "mine.png", data)
    app.session_state["sharing"] = True
    app.run()
    press = next(button for button in app.button if button.label.startswith("Store the picture"))

    monkeypatch.setattr(worker._workers, "decode", fail_to_decode)
    forget(("picture", hashlib.sha256(data).hexdigest()), KINDS)
    app.session_state["sharing"] = True
    press.click().run()
    assert_replaced(app, "cannot be started just now")


def test_looking_closer_at_a_picture_that_is_lost(store, receipt, monkeypatch):
    app = open_app(share=receipt.id, k="11")
    store.delete(receipt.id, receipt.delete_key)
    forget(("shared", receipt.id), LARGE)
    draw = _viewer.viewer

    def zoomed(panes, *, crop=None, **options):
        """As somebody who zooms in: the viewer asks for a part of both panes."""
        if crop:
            for pane in range(len(panes)):
                crop(0, 0, 5, 5, pane)
        return draw(panes, crop=crop, **options)

    monkeypatch.setattr(_viewer, "viewer", zoomed)
    app.run()
    assert_replaced(app, "it has expired or was deleted")


def test_downloading_a_picture_that_is_lost_fails_with_what_the_page_catches(store, receipt, monkeypatch):
    offers: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(_downloads, "offer", lambda label, make, *_, **__: offers.update({label: make}))
    open_app(share=receipt.id, k="11")
    store.delete(receipt.id, receipt.delete_key)
    forget(("shared", receipt.id), LARGE)
    with pytest.raises(Lost, match="it has expired or was deleted") as lost:
        offers["Download PNG"]()
    assert lost.value.key == ("shared", receipt.id)


def test_what_one_visitor_lost_is_no_news_to_others(store, receipt):
    other = open_app(k="9")
    app = open_app(share=receipt.id, k="11")
    store.delete(receipt.id, receipt.delete_key)
    forget(("shared", receipt.id), KINDS)
    app.run()
    assert_replaced(app, "it has expired or was deleted")
    other.run()
    assert not other.warning


def test_in_a_frame_of_another_site_no_sample_takes_a_picture_s_place(store, receipt, monkeypatch):
    app = open_app(share=receipt.id, k="11")
    monkeypatch.setattr("pages._state.is_embedded", lambda: True)
    store.delete(receipt.id, receipt.delete_key)
    forget(("shared", receipt.id), KINDS)
    app.run()
    assert_sound(app)
    assert any("it has expired or was deleted" in warning.value for warning in app.warning)
    assert [one.proto.component_name.rpartition(".")[2] for one in app.get("bidi_component")] == [
        "quantize_keys"
    ]


def test_the_card_of_a_picture_that_is_lost_is_not_there(store, receipt, monkeypatch):
    from starlette.applications import Starlette
    from starlette.routing import Route
    from starlette.testclient import TestClient

    _cache.shared_picture(receipt.id)
    monkeypatch.setattr(_cache.open_shares(), "look", lambda id: None)
    store.delete(receipt.id, receipt.delete_key)
    forget(("shared", receipt.id), LARGE)
    client = TestClient(Starlette(routes=[Route("/card.png", server._card)]))
    assert client.get(f"/card.png?share={receipt.id}").status_code == 404
