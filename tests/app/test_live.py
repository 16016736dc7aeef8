"""What a slider that is moved is answered: what the page will show there, nobody else's, one at a time."""

import gc
import json
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages._cache import results
from pages._references import Lost
from pages._server import server
from pages._viewer import live
from pages._viewer.live import Live, Offer, find_offer, offer
from pages._viewer.scene import Pane, Stand, build_scene, digest_of
from quantize import QuantizeError, Settings
from tests.app.test_pages import assert_sound, open_app, upload
from tests.degenerate import alphas, counts_near, n_colors_of, pictures
from tests.pictures import noise, png, saved
from tests.test_promises import promised

PICTURES = [saved(noise(2, 3, seed=seed), "PNG") for seed in range(7)]
HOSTILE = ["", "-1", "1e3", "٣", "16 ", " 16", "0x10", "9" * 400, "16\n", "None", "١٦", "1_0", "16.0"]


def answer(token: str, place: str) -> bytes | None:
    own = find_offer(token)
    return own and own.draw(token, place)


def draw(place: int) -> list[Pane]:
    return [Pane("original", PICTURES[0]), Pane(f"{place} colours", PICTURES[place])]


def offered(
    own: Offer, place: int = 1, about: object = "all", part: Any = None, make: Callable | None = None
) -> dict[str, Any]:
    """What a page tells a browser, as the viewer does it."""
    stand = Stand("viewer", (3, 2), part=part, crops=True)

    def cut(x0: int, y0: int, x1: int, y1: int, pane: int) -> bytes:
        return PICTURES[6 - pane]

    scene, _ = build_scene(stand, draw(place), cut)
    return offer(Live(own, "k", place, about, make or (lambda k: (draw(k), cut))), stand, scene)


def read(data: bytes | None) -> tuple[dict[str, Any], dict[str, bytes]]:
    assert data is not None
    (length,) = struct.unpack(">I", data[:4])
    told, at, pictures = json.loads(data[4 : 4 + length]), 4 + length, {}
    for digest, n_bytes in told["pictures"]:
        pictures[digest] = data[at : at + n_bytes]
        at += n_bytes
    assert at == len(data)
    return told["scene"], pictures


@given(places=st.lists(st.integers(1, 4), min_size=1, max_size=5), part=st.sampled_from([None, (0, 0, 2, 1)]))
def test_a_place_has_the_scene_that_the_page_has_there(places: Sequence[int], part: Any) -> None:
    own = Offer()
    token = offered(own, 3, part=part)["token"]
    for place in places:
        scene, pictures = read(answer(token, str(place)))
        assert scene["live"] == {"token": token, "control": "k", "pause": 0, "place": place}
        assert scene["panes"][1]["label"] == f"{place} colours"
        assert scene["panes"][1]["digest"] == digest_of(PICTURES[place])
        assert bool(scene["panes"][1]["part"]) == bool(part)
        assert all(digest_of(data) == digest for digest, data in pictures.items())
        # The browser has the original, and is brought all else.
        named = {pane[name] for pane in scene["panes"][1:] for name in ("digest", "part")} - {None}
        assert pictures.keys() == named
        assert offered(own, place, part=part)["token"] == token


def test_whatever_else_changes_ends_an_offer() -> None:
    own = Offer()
    token = offered(own)["token"]
    for change in ({"about": "another space"}, {"part": (0, 0, 1, 1)}, {}):
        changed = offered(own, **change)["token"]
        assert changed != token
        assert answer(token, "2") is None
        assert answer(changed, "2") is not None
        token = changed


def test_an_offer_goes_with_its_session() -> None:
    own = Offer()
    token = offered(own)["token"]
    assert answer(token, "2")
    del own
    gc.collect()
    assert answer(token, "2") is None
    assert token not in live._offers


@given(st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE)))
def test_only_a_number_is_a_place(place: str) -> None:
    def make(k: int) -> Any:
        assert 0 <= k <= 9999
        return draw(1), None

    own = Offer()
    token = offered(own, make=make)["token"]
    plain = place.isascii() and place.isdigit() and len(place) <= 4
    assert (answer(token, place) is not None) == plain
    assert answer(token + place, "1") is None or not place


def test_a_run_waits_for_what_is_drawn_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, go_on, order = threading.Event(), threading.Event(), list[str]()

    def make(k: int) -> Any:
        asked.set()
        assert go_on.wait(30)
        order.append("drawn")
        return draw(k), None

    own = Offer()
    token = offered(own, make=make)["token"]
    own.let_pass()  # nothing is drawn
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(answer, token, "2")
        assert asked.wait(30)
        monkeypatch.setattr(live, "PASS_SECONDS", 0.01)
        own.let_pass()
        assert not order
        monkeypatch.setattr(live, "PASS_SECONDS", 30)
        run = threads.submit(lambda: (own.let_pass(), order.append("run")))
        go_on.set()
        assert first.result(30)
        run.result(30)
    assert order == ["drawn", "run"]

    def fail(k: int) -> Any:
        raise QuantizeError("no such place")

    token = offered(own, make=fail)["token"]
    with pytest.raises(QuantizeError):
        answer(token, "2")
    own.let_pass()


@pytest.fixture
def client() -> Iterator[TestClient]:
    parts = server.parts()
    with TestClient(Starlette(routes=parts["routes"], middleware=parts["middleware"])) as client:
        yield client


def test_the_server_answers_with_it_or_says_why_not(client: TestClient) -> None:
    def make(k: int) -> Any:
        if k == 2:
            raise QuantizeError("n_colors must be …")
        if k == 3:
            raise Lost("key", "gone")
        return draw(k), None

    own = Offer()
    token = offered(own, make=make)["token"]
    good = client.get(f"/live/{token}/4")
    assert good.status_code == 200
    assert read(good.content)[0]["panes"][1]["label"] == "4 colours"
    for address in (f"{token}/2", f"{token}/3", token, f"{token}/", f"{token}/99999", "x/2"):
        assert client.get(f"/live/{address}").status_code == 404
    own.is_asked = True
    busy = client.get(f"/live/{token}/4")
    assert busy.status_code == 429
    assert client.post(f"/live/{token}/4").status_code == 405
    for said in (good, busy):
        assert said.headers["cache-control"] == "no-store"
        assert said.headers["x-content-type-options"] == "nosniff"


def assert_same(app: AppTest, k: int) -> None:
    """What a slider is answered is what the page shows there, byte for byte."""
    scene, brought = read(answer(app.session_state["remembered"].live.named[0], str(k)))
    app.slider(key="k").set_value(k).run()
    assert_sound(app)
    sent = [element.proto.bytes for element in app.get("bidi_component")]
    shown = {data[:32].decode(): data[32:] for data in sent if data}
    assert {pane["digest"] for pane in scene["panes"]} <= shown.keys()
    assert brought.items() <= shown.items()


def test_on_hostile_pictures_it_is_no_draft_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "LIVE_SECONDS", inf)
    monkeypatch.setattr(results, "is_compiling", lambda: False)  # beside a compiler no time is told
    promised("What the viewer shows while you hold the slider of K is the result of that K, byte for byte")
    app = open_app(k="9", alpha="soft")
    for number, (name, pixels) in enumerate(pictures(1, seed=29)):
        ways = [None, *(alpha for _, alpha in alphas(pixels.shape[:2]))]
        opacity = ways[number % len(ways)]
        upload(app, f"{name}.png", png(pixels if opacity is None else np.dstack([pixels, opacity])))
        own = counts_near(n_colors_of(pixels))
        for k in {min(own[number % len(own)], 256), 255 - number}:
            if opacity is None or opacity.any():  # else there is nothing to see
                assert_same(app, k)


def test_one_session_gets_one_at_a_time_and_takes_nobodys_turn(client: TestClient) -> None:
    asked, go_on, drawn = threading.Event(), threading.Event(), list[int]()

    def make(k: int) -> Any:
        drawn.append(k)
        asked.set()
        assert go_on.wait(30)
        return draw(k), None

    own, other = Offer(), Offer()
    token, others = offered(own, make=make)["token"], offered(other)["token"]
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(client.get, f"/live/{token}/1")
        assert asked.wait(30)
        said = {client.get(f"/live/{token}/{place}").status_code for place in (1, 2, 3, 4) * 50}
        assert said == {429}
        moved = offered(own, about="another space", make=make)["token"]
        assert client.get(f"/live/{moved}/2").status_code == 429  # by whichever name
        another = threads.submit(client.get, f"/live/{others}/3")
        go_on.set()
        assert first.result(30).status_code == 200
        assert another.result(30).status_code == 200
    assert drawn == [1]
    assert client.get(f"/live/{moved}/2").status_code == 200


SLOW = {"dither": "floyd-steinberg"}, {"method": "opencv"}


@pytest.mark.parametrize("query", [{}, {"space": "BGR", "keep": ["#ff0000", "#00ff00"]}, *SLOW])
@pytest.mark.parametrize("seconds", [0.0, inf])
def test_studio_offers_what_is_made_quickly(
    query: dict[str, Any], seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "is_compiling", lambda: False)  # beside a compiler no time is told
    for name in ("LIVE_SECONDS", "REST_SECONDS"):
        monkeypatch.setattr(results, name, seconds)
    app = open_app(k="12", **query)
    is_live = query not in SLOW or seconds > 1
    assert bool(app.session_state["remembered"].live.named) == is_live
    if is_live:
        assert_same(app, 7)


def test_what_takes_its_time_waits_until_the_slider_rests() -> None:
    quick, slow = Settings(), Settings(dither="floyd-steinberg")
    assert [results.pause_before(quick, seconds) for seconds in (0.01, 9.0, None)] == [0, 0, 0]
    told = [results.pause_before(slow, seconds) for seconds in (0.01, 0.5, 2.0, None)]
    assert told == [0, results.REST_MS, None, None]


def test_a_fixed_palette_has_no_other_k() -> None:
    app = open_app(palette=["#000000", "#ffffff"])
    assert app.session_state["remembered"].live.named is None
