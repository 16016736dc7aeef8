"""Headers, cards and what a link says, as the web server hands them out before any page runs."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages._choices import Choices
from pages._server import server, uploads
from pages._server.head import draw_head, find_base
from pages._server.link import read_link
from quantize import Settings, quantize_image
from quantize.colors.hexadecimal import to_hex
from quantize.decoding.samples import load_sample
from quantize.palettes.tables import find_table

SHELL = "<html><head><title>Streamlit</title><script>\nwindow.x = 1\n</script></head></html>"


def shell(_):
    return HTMLResponse(SHELL, headers={"ETag": '"1"', "Cache-Control": "no-cache"})


def health(_):
    return PlainTextResponse("ok")


@pytest.fixture
def client():
    """The parts that ``st.App`` takes, around what stands for Streamlit's own answers."""
    parts = server.parts()
    routes = [*parts["routes"], Route("/_stcore/health", health), Route("/{page:path}", shell)]
    with TestClient(Starlette(routes=routes, middleware=parts["middleware"])) as client:
        yield client


def contents(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', html))


def test_a_page_has_a_card_that_says_what_its_link_shows(client):
    html = client.get("/compare_k?k=8&sample=Cat", headers={"host": "example.org"}).text
    card = contents(html)
    assert "<title>Cat in 8 colours</title>" in html
    assert card["og:title"] == "Cat in 8 colours"
    assert card["og:url"] == "http://example.org/compare_k?k=8&amp;sample=cat"
    assert card["og:image"] == "http://example.org/card.png?k=8&amp;sample=cat"
    assert card["twitter:card"] == "summary_large_image"


def test_the_card_s_picture_has_the_colors_of_the_link(client):
    answer = client.get("/card.png?k=5&sample=Shapes&space=LAB")
    assert answer.headers["content-type"] == "image/png"
    with Image.open(BytesIO(answer.content)) as image:
        assert len(image.convert("RGB").getcolors(1 << 24)) == 5


@pytest.mark.parametrize("share", ["", "../../etc/passwd", "0" * 44, "x" * 5000, "%00"])
def test_a_card_of_what_is_not_there_is_no_picture_and_no_crash(client, share):
    answer = client.get("/card.png", params={"share": share})
    assert answer.status_code == (404 if share else 200)
    assert "passwd" not in answer.text or answer.status_code == 200


def test_too_many_cards_at_once_are_refused(client, monkeypatch):
    monkeypatch.setattr(server, "MAX_WAITING_CARDS", 0)
    assert client.get("/card.png").status_code == 503


def test_every_answer_is_safe_from_guessing(client):
    for path in ("/", "/_stcore/health", "/card.png", "/nowhere"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_a_page_runs_scripts_of_this_server_only_and_in_no_foreign_frame(client):
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    scripts = re.search(r"script-src ([^;]*)", policy)[1]
    assert "unsafe" not in scripts
    assert re.search(r"'sha256-[A-Za-z0-9+/]{43}='", scripts)


def test_the_viewer_alone_may_stand_in_any_frame(client):
    assert "frame-ancestors" not in client.get("/?embed=true").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in client.get("/?embed=truely").headers["content-security-policy"]


def test_a_host_says_who_may_frame_the_app(client, monkeypatch):
    monkeypatch.setenv(
        "QUANTIZE_FRAME_ANCESTORS", "https://huggingface.co x;script-src * http://a.example:80"
    )
    policy = client.get("/").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://huggingface.co http://a.example:80")
    assert policy.count("script-src") == 1


def test_what_is_no_page_passes_through_untouched(client):
    answer = client.get("/_stcore/health")
    assert answer.text == "ok"
    assert "content-security-policy" not in answer.headers


def test_a_page_is_whole_and_not_cached(client):
    answer = client.get("/", headers={"If-None-Match": '"1"', "Accept-Encoding": "br", "Range": "bytes=0-5"})
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_of_an_address_becomes_markup(address, query):
    head = draw_head(read_link(query), address or "/", address or "/")
    assert head.count("<") == head.count(">") == len(re.findall(r"</?title>|<meta [^<>]*>", head))
    assert head.count('"') == 4 * head.count("<meta")


def test_a_hostile_address_is_quoted(client):
    html = client.get('/"><script>alert(1)</script>?sample=<b>&k="><i>').text
    assert "<i>" not in html
    assert "<b>" not in html
    assert "alert" not in html.split("og:url")[0]
    assert html.count("<script>") == 1


@given(st.text(max_size=300), st.sampled_from(["", "palette", "x"]))
def test_any_query_can_be_read(query, page):
    assert isinstance(read_link(query, page).settings, Settings)


def test_a_link_is_read_as_pages_read_it():
    link = read_link("k=12&method=wu&dither=floyd-steinberg&strength=0.5&sample=Blue+to+violet&embed=true")
    assert link.settings == Settings(12, method="wu", dither="floyd-steinberg", strength=0.5, light="encoded")
    assert (link.choices.sample, link.choices.share, link.embedded) == ("ramps", "", True)
    palette = read_link("k=12&n=3&pin=c00000&palette_space=HSV&merge=2", "palette")
    assert (palette.settings, palette.merge) == (Settings(3, space="HSV", keep=("#c00000",)), 2)


def test_what_a_link_gets_wrong_is_left_out():
    assert read_link("k=0&space=XYZ&rare=9").choices == Choices()
    assert read_link("k=ten&space=LAB").choices == Choices(space="LAB")


def test_the_card_of_the_palette_page_has_its_colors(client):
    html = client.get("/palette?n=3&pin=c00000&k=9", headers={"host": "a"}).text
    assert "<title>Coffee in 3 colours</title>" in html
    card = contents(html)["og:image"].replace("&amp;", "&").removeprefix("http://a")
    with Image.open(BytesIO(client.get(card).content)) as image:
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 24)}
    assert len(colors) == 3
    assert (0xC0, 0, 0) in colors


def test_the_card_of_one_s_own_palette_has_the_best_of_its_table(client):
    html = client.get("/your_palette?sample=shapes&table=nes&best=5&lock=0", headers={"host": "a"}).text
    assert "<title>Shapes in 5 colours</title>" in html
    card = contents(html)["og:image"].replace("&amp;", "&").removeprefix("http://a")
    with Image.open(BytesIO(client.get(card).content)) as image:
        colors = {to_hex(color) for _, color in image.convert("RGB").getcolors(1 << 24)}
    assert len(colors) == 5
    assert colors <= set(find_table("nes").palette.hexes)


@pytest.mark.parametrize("dither", ["none", "bayer-4"])
def test_a_card_shows_the_part_that_is_looked_at_as_the_page_shows_it(client, dither):
    left, top, width, height = 200, 150, 240, 112  # as wide as a card's picture, so that all of it is seen
    answer = client.get(f"/card.png?k=5&dither={dither}&at={left}-{top}-{width}-{height}")
    result = quantize_image(load_sample("coffee"), n_colors=5, dither=dither)
    with Image.open(BytesIO(answer.content)) as image:
        seen = np.asarray(image.convert("RGB"))[:560]
    np.testing.assert_array_equal(seen[2::5, 2::5], result.pixels[top : top + height, left : left + width])


@pytest.mark.parametrize(
    ("headers", "public", "expected"),
    [
        ({"host": "a.example:8501"}, "", "http://a.example:8501"),
        ({"host": "inner", "x-forwarded-host": "a.example", "x-forwarded-proto": "https"}, "", "https://a.example"),
        ({"host": "a", "x-forwarded-host": "b.example, c.example"}, "", "http://b.example"),
        ({"host": "[::1]:8501"}, "", "http://[::1]:8501"),
        ({"host": 'a"onload='}, "", None),
        ({"host": "a", "x-forwarded-proto": "javascript"}, "", "http://a"),
        ({}, "", None),
        ({"host": "a"}, "https://b.example/app/", "https://b.example/app"),
        ({"host": "a"}, "b.example", None),
    ],
)  # fmt: skip
def test_the_address_of_the_server_is_what_visitors_see(headers, public, expected):
    assert find_base(headers, "http", public) == expected


def test_a_setting_of_the_host_that_cannot_be_stops_the_server(monkeypatch):
    monkeypatch.setenv("QUANTIZE_SHARE_DAYS", "soon")
    with pytest.raises(Exception, match="QUANTIZE_SHARE_DAYS must be a whole number from 1 to 3650"):
        server.parts()


def test_uploads_on_their_way_count(monkeypatch):
    """Else a hundred at once would all be let in, as none has arrived yet."""
    monkeypatch.setattr(uploads, "MAX_UPLOADS", 2)

    async def run() -> list[int]:
        gate, statuses = asyncio.Event(), []

        async def app(scope, receive, send):
            await gate.wait()
            await send({"type": "http.response.start", "status": 204, "headers": []})

        async def send(message):
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        few = uploads.FewUploads(app)

        def put(session: str):
            path = f"/_stcore/upload_file/{session}/1"
            scope = {"type": "http", "method": "PUT", "path": path, "headers": []}
            return asyncio.create_task(few(scope, receive, send))

        tasks = [put("one"), put("one"), put("one"), put("two")]
        await asyncio.sleep(0.01)
        assert statuses == [429]
        gate.set()
        await asyncio.gather(*tasks)
        await put("one")
        assert not few._under_way
        return statuses

    with ThreadPoolExecutor(1) as thread:  # browser tests leave an event loop in this one
        assert thread.submit(asyncio.run, run()).result() == [429, 204, 204, 204, 204]


def test_a_key_that_deletes_is_in_no_card(client):
    html = client.get(f"/?k=5&delete={'a' * 32}&share={'0' * 44}").text
    assert "a" * 32 not in html
    assert "og:url" in html


@pytest.mark.parametrize("text", ["9" * 400, "-" + "9" * 5000, "9" * 400 + ".5", "1e999", "\u0663"])
@pytest.mark.parametrize("name", ["k", "n", "rare", "strength", "merge", "seed", "at"])
def test_numbers_of_any_length_cost_a_sentence(client, name, text):
    assert client.get("/", params={name: text}).status_code == 200
    assert read_link(f"{name}={text}").choices == Choices()
