"""Few bytes, and something to see before Streamlit's scripts have come: what the server sends at first."""

import gzip
import io
import re
from base64 import b64decode
from types import SimpleNamespace

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pages import SCREENS
from pages._server import server
from pages._server.shell import SCRIPTS
from pages._words import PREPARING
from quantize.decoding.samples import FIRST, load_sample

HTML = '<html><head><title>Streamlit</title></head><body><div id="root"></div></body></html>'
SCRIPT = b"export const words = 'a line that comes again and again'\n" * 400


def static(request):
    name = request.path_params["name"]
    data = {"large.js": SCRIPT, "other.js": SCRIPT[::-1], "small.css": b"a{}"}.get(name)
    if data is None:
        return Response("no such file", 404, headers={"ETag": '"7"'})
    # The same name for different files, as they have that were written at one time and are of one length.
    return Response(data, media_type="text/javascript", headers={"ETag": '"7"', "Cache-Control": "immutable"})


def html(_):
    return HTMLResponse(HTML)


@pytest.fixture
def client():
    parts = server.parts()
    routes = [
        *parts["routes"],
        Route("/static/js/{name}", static),
        Route("/media/{name}", static),
        Route("/{page:path}", html),
    ]
    with TestClient(Starlette(routes=routes, middleware=parts["middleware"])) as client:
        yield client


def raw(client: TestClient, path: str, accepts: str) -> tuple[dict, bytes]:
    with client.stream("GET", path, headers={"Accept-Encoding": accepts}) as answer:
        return dict(answer.headers), b"".join(answer.iter_raw())


@pytest.mark.parametrize("accepts", ["gzip", "br, gzip;q=0.5", "deflate, GZIP ;q=1"])
def test_scripts_are_sent_compressed_and_are_the_same(client, accepts):
    for _ in range(2):  # what was kept is right, too
        for name, data in (("large.js", SCRIPT), ("other.js", SCRIPT[::-1])):
            headers, body = raw(client, f"/static/js/{name}", accepts)
            assert headers["content-encoding"] == "gzip"
            assert headers["vary"] == "Accept-Encoding"
            assert headers["etag"] == 'W/"7"'
            assert headers["cache-control"] == "immutable"
            assert int(headers["content-length"]) == len(body) < len(data) / 10
            assert gzip.decompress(body) == data


@pytest.mark.parametrize("accepts", ["", "identity", "br", "gzip;q=0", "gzip;q=0.0", "xgzip", "gzip;q=x"])
def test_who_does_not_take_gzip_gets_the_file_itself(client, accepts):
    headers, body = raw(client, "/static/js/large.js", accepts)
    assert "content-encoding" not in headers
    assert body == SCRIPT


@pytest.mark.parametrize("path", ["/static/js/small.css", "/static/js/missing.js", "/media/large.js"])
def test_what_is_short_or_no_script_of_streamlit_s_stays_as_it_is(client, path):
    headers, body = raw(client, path, "gzip")
    assert "content-encoding" not in headers
    assert body in (b"a{}", b"no such file", SCRIPT)


def test_a_page_is_compressed_and_says_what_it_is_before_any_script_runs(client, monkeypatch):
    monkeypatch.setattr("quantize.ahead.is_compiling", lambda: False)  # then the sample comes with it
    for screen in SCREENS:
        headers, body = raw(client, f"/{'' if screen.default else screen.file}?k=8", "gzip")
        assert headers["content-encoding"] == "gzip"
        assert int(headers["content-length"]) == len(body)
        text = gzip.decompress(body).decode()
        assert text.index(f"<h1>{screen.heading}</h1>") < text.index('<div id="root">')
        assert screen.lead in text
        assert len(body) < 2500
        scripts = [f'<script src="./{name}" defer>' for name in ("history.js", "hints.js")]
        assert re.findall(r"<script[^>]*>", text) == scripts


SHOWN = re.compile(r'<div class="room"><img alt="[^"]+" src="data:(image/[a-z]+);base64,([^"]+)"><label>')


@pytest.mark.parametrize("sample", [FIRST, "shapes"])
def test_while_the_engine_is_compiled_the_sample_stands_there_before_any_script_runs(
    client, monkeypatch, sample
):
    monkeypatch.setattr("quantize.ahead.is_compiling", lambda: True)
    answer = client.get(f"/?sample={sample}")
    kind, data = SHOWN.search(answer.text).groups()
    with Image.open(io.BytesIO(b64decode(data))) as shown:
        assert shown.get_format_mimetype() == kind
        assert shown.size == load_sample(sample).size
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["/?own=true", "/?share=0123456789ab", "/palette", "/compare_k", "/?embed=true"]
)
def test_no_sample_stands_for_another_picture_or_at_another_place(client, monkeypatch, address):
    monkeypatch.setattr("quantize.ahead.is_compiling", lambda: True)
    assert "<img" not in client.get(address).text


@pytest.mark.parametrize(
    "address", ["/", "/?own=true", "/palette", "/compare_k?k=3", "/?embed=true", "/nowhere"]
)
def test_while_the_engine_is_compiled_every_page_has_a_bar_and_a_script_that_moves_it(
    client, monkeypatch, address
):
    monkeypatch.setattr("quantize.ahead.is_compiling", lambda: True)
    text = client.get(address).text
    assert text.count("<progress") == 1
    assert PREPARING in text
    scripts = re.findall(r'<script src="\./([^"]+)" defer>', text)
    assert scripts == list(SCRIPTS)
    for name in scripts:
        assert client.get(f"/{name}").headers["content-type"].startswith("text/javascript")
    assert 'fetch("./start")' in client.get("/start.js").text
    monkeypatch.setattr("quantize.ahead.is_compiling", lambda: False)
    assert "<progress" not in client.get(address).text


@pytest.mark.parametrize("done", [0.0, 0.254, 1.0])
def test_the_server_tells_how_far_the_engine_is(client, monkeypatch, done):
    monkeypatch.setattr("pages._cache.warm_up", lambda: SimpleNamespace(done=done))
    answer = client.get("/start")
    assert float(answer.text) == pytest.approx(done, abs=0.005)
    assert answer.headers["cache-control"] == "no-store"


def test_the_viewer_alone_has_no_heading_before_it_either(client):
    text = client.get("/?embed=true").text
    assert "<h1>" not in text
    assert 'class="first-paint alone"' in text


def test_an_unknown_page_says_what_the_first_one_is(client):
    assert SCREENS[0].heading in client.get("/no_such_page").text
