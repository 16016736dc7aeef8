"""What one visitor must not take from the others, tried on the web server's part alone."""

import asyncio
import gzip
import logging
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from streamlit import config, file_util, net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler
from websockets.asyncio.client import connect

from pages import _held
from pages._server import addresses, log, options, page_head, parents, patience, server, sockets, uploads
from pages._server.said import KINDS, MAX_WIDGETS, fault
from pages._tray import Upload

SHELL = "<html><head><title>Streamlit</title><script>\nwindow.x = 1\n</script></head></html>"


def in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in a thread of its own: where browser tests ran before, this one has an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Recorder:
    """Stands for a client: what it sends, one message a call, and what it is answered."""

    def __init__(self, *messages: dict, forever: Callable[[], dict] | None = None) -> None:
        self.messages, self.forever, self.answers = list(messages), forever, list[dict]()

    async def receive(self) -> dict:
        if self.messages:
            return self.messages.pop(0)
        if self.forever:
            return self.forever()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: dict) -> None:
        self.answers.append(message)

    @property
    def status(self) -> int:
        return next(one["status"] for one in self.answers if one["type"] == "http.response.start")

    @property
    def text(self) -> str:
        return b"".join(one.get("body", b"") for one in self.answers).decode()


# Sockets


@pytest.fixture
def nobody_outside(monkeypatch):
    """Let every look outside fail the test: names that are looked up, connections that are made."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("this server asked another host")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", refuse)
    monkeypatch.setattr(net_util, "_external_ip", None)
    server.parts()


FOREIGN = (
    "https://evil.example",
    "null",
    "http://[",
    "http://host:port",
    "https://a.example.evil",
    "\x1b]0;",
    "",
)


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_socket_of_a_foreign_page_is_refused_before_streamlit_sees_it(origin, nobody_outside):
    async def app(scope, receive, send):
        raise AssertionError("it came through")

    headers = [(b"host", b"a.example"), (b"origin", origin.encode())]
    client = Recorder({"type": "websocket.connect"})
    in_a_loop(
        sockets.KnownSockets(app)({"type": "websocket", "headers": headers}, client.receive, client.send)
    )
    assert [one["type"] for one in client.answers] == ["websocket.close"]


@pytest.mark.parametrize(
    "origin", [None, "https://a.example", "http://a.example", "http://localhost:3000", "http://127.0.0.1"]
)
def test_pages_of_this_server_and_programs_may_open_a_socket(origin, nobody_outside):
    assert sockets.is_known(origin, "a.example")


def test_sites_that_the_host_named_may_open_a_socket(monkeypatch, nobody_outside):
    assert not sockets.is_known("https://b.example", "a.example")
    monkeypatch.setattr("streamlit.web.server.server_util.allowlisted_origins", lambda: {"https://b.example"})
    assert sockets.is_known("https://b.example", "a.example")


def test_a_bucket_lets_a_burst_through_and_then_so_much_a_second():
    now = [0.0]
    bucket = sockets.Bucket(10, 2, lambda: now[0])
    assert [bucket.take(1) for _ in range(12)] == [0] * 10 + [0.5, 1.0]
    now[0] = 100.0
    assert [bucket.take(1) for _ in range(11)] == [0] * 10 + [0.5]


def hear(
    monkeypatch, n_messages: int, length: int, gap: float = 0.0, stall_every: int = 10**9
) -> tuple[int, float, list[dict]]:
    """Let a socket say so much at once, with pauses; how much was heard, how long it took, the answers."""
    now, heard = [0.0], 0

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(sockets.asyncio, "sleep", sleep)
    monkeypatch.setattr(sockets.Bucket.__init__, "__defaults__", (lambda: now[0],))

    async def app(scope, receive, send):
        nonlocal heard
        while (await receive())["type"] == "websocket.receive":
            heard += 1
            now[0] += gap + 0.03 * (heard % stall_every == 0)
        await send({"type": "websocket.send", "text": "too late for this, if it was closed"})

    message = BackMsg()
    message.rerun_script.query_string = "a" * length
    said = {"type": "websocket.receive", "bytes": message.SerializeToString()}
    client = Recorder(*[said] * n_messages, {"type": "websocket.disconnect"})
    scope = {"type": "websocket", "headers": [(b"host", b"a")]}
    in_a_loop(sockets.KnownSockets(app)(scope, client.receive, client.send))
    return heard, now[0], client.answers


def test_a_flood_is_heard_slowly_and_then_no_more(monkeypatch):
    heard, seconds, answers = hear(monkeypatch, 120_000, 200)
    assert heard <= sockets.MESSAGES + sockets.MESSAGES_A_SECOND * (sockets.MAX_HELD_SECONDS + 1)
    assert seconds <= sockets.MAX_HELD_SECONDS + 1
    assert [(one["type"], one.get("code")) for one in answers] == [("websocket.close", 1008)]


@pytest.mark.parametrize("every", [1000, 190, 20])
def test_a_flood_with_short_stalls_is_heard_no_longer(monkeypatch, every):
    heard, seconds, answers = hear(monkeypatch, 20_000, 200, stall_every=every)
    assert heard <= 1000
    assert seconds <= 4 * sockets.MAX_HELD_SECONDS
    assert answers[-1]["code"] == 1008


def test_a_flood_of_bytes_is_heard_slowly_too(monkeypatch):
    heard, _, answers = hear(monkeypatch, 400, 2**20)
    assert heard < 60
    assert answers[-1]["code"] == 1008


def test_who_drags_sliders_for_ten_minutes_never_waits(monkeypatch):
    """A key that is held down says 30 a second, each with the state of all controls."""
    heard, seconds, answers = hear(monkeypatch, 30 * 600, 4000, gap=1 / 30)
    assert heard == 30 * 600
    assert seconds == pytest.approx(600)
    assert [one["type"] for one in answers] == ["websocket.send"]


def test_nobody_clears_what_is_kept_for_all_or_has_the_server_look_around():
    """Streamlit's caches are of all visitors, and who sends these would do it forty times a second."""
    kinds = [field.name for field in BackMsg.DESCRIPTOR.fields]
    assert {"clear_cache", "load_git_info", *KINDS} <= set(kinds)
    for kind in kinds:
        message = BackMsg()
        if BackMsg.DESCRIPTOR.fields_by_name[kind].message_type:
            getattr(message, kind).SetInParent()
        else:
            setattr(message, kind, True)
        if kind == "backend_operation_request":
            message.backend_operation_request.deferred_file.file_id = "0a" * 16
        assert (fault(message.SerializeToString()) is None) is (kind in KINDS)
    for wrong in (b"", b"\0", b"\xff" * 9):
        assert fault(wrong)


def test_of_a_servers_operations_a_browser_asks_for_files_alone():
    """Of whatever else it asks for Streamlit tells in full in the log, with what was asked for twice."""
    for field in BackMsg().backend_operation_request.DESCRIPTOR.oneofs_by_name["payload"].fields:
        message = BackMsg()
        asked = message.backend_operation_request
        getattr(asked, field.name).SetInParent()
        assert fault(message.SerializeToString())
        if field.name == "deferred_file":
            for wrong in ("0a" * 15, "0a" * 17, "0g" * 16, "0a" * 16 + "\n", "0\nCRITICAL", "A" * 480_000):
                asked.deferred_file.file_id = wrong
                assert fault(message.SerializeToString())
            asked.deferred_file.file_id = "0a" * 16
            assert fault(message.SerializeToString()) is None
            asked.request_id = "a" * 1000
            assert fault(message.SerializeToString())


def test_nobody_asks_for_more_than_a_page_does():
    many = BackMsg()
    many.file_urls_request.file_names.extend(["a"] * uploads.MAX_UPLOADS)
    assert fault(many.SerializeToString()) is None
    many.file_urls_request.file_names.append("a")
    assert fault(many.SerializeToString()) == "too many files asked for"
    for _ in range(MAX_WIDGETS + 1):
        many.rerun_script.widget_states.widgets.add(id="a")
    assert fault(many.SerializeToString()) == "too many controls"


def test_what_is_not_heard_closes_no_socket(monkeypatch):
    clear, rerun = BackMsg(clear_cache=True), BackMsg()
    rerun.rerun_script.query_string = "k=3"
    heard = []

    async def app(scope, receive, send):
        while (message := await receive())["type"] == "websocket.receive":
            heard.append(message["bytes"])

    said = [{"type": "websocket.receive", "bytes": one.SerializeToString()} for one in (clear, rerun, clear)]
    client = Recorder(*said, {"type": "websocket.disconnect"})
    in_a_loop(sockets.KnownSockets(app)({"type": "websocket", "headers": []}, client.receive, client.send))
    assert heard == [rerun.SerializeToString()]
    assert client.answers == []


# Addresses


def socket_scope(client: str, forwarded: str = "") -> dict:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return {"type": "websocket", "client": (client, 1), "headers": headers}


@pytest.mark.parametrize(
    ("client", "forwarded", "asker"),
    [
        ("8.8.8.8", "", "8.8.8.8"),
        ("8.8.8.8", "1.1.1.1", "8.8.8.8"),  # made up
        ("172.18.0.3", "9.9.9.9, 1.1.1.1", "1.1.1.1"),  # what the proxy added is last
        ("172.18.0.3", "", "172.18.0.3"),
        ("::1", "2606:4700:1:2:3:4:5:6", "2606:4700:1:2::/64"),
        ("testclient", "1.1.1.1", "testclient"),
    ],
)
def test_who_asks_is_told_by_a_proxy_beside_this_server_and_by_nobody_else(client, forwarded, asker):
    assert addresses.asker(socket_scope(client, forwarded)) == asker


def test_thirty_sockets_of_an_address_are_heard_no_oftener_than_a_class(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(sockets.Bucket.__init__, "__defaults__", (lambda: now[0],))
    here = addresses.Address()
    waits = [here.speak(number % 30) for number in range(600)]
    assert waits[: addresses.TURNS] == [0.0] * addresses.TURNS
    assert waits[-1] == pytest.approx((600 - addresses.TURNS) / addresses.TURNS_A_SECOND)
    now[0] = 1000.0
    assert [here.speak(1) for _ in range(600)] == [0.0] * 600  # one page alone, as quickly as it may


def test_an_address_opens_so_many_sockets_and_another_is_let_in(monkeypatch):
    monkeypatch.setattr(sockets, "MAX_SOCKETS", 3)
    leave = asyncio.Event()

    async def app(scope, receive, send):
        await send({"type": "websocket.accept"})
        await leave.wait()

    async def run() -> list[str]:
        known = sockets.KnownSockets(app)
        clients = [Recorder({"type": "websocket.connect"}) for _ in range(6)]
        froms = ["8.8.8.8"] * 4 + ["1.1.1.1"]
        visits = [
            asyncio.create_task(known(socket_scope(one), client.receive, client.send))
            for one, client in zip(froms, clients, strict=False)
        ]
        await asyncio.sleep(0)
        leave.set()
        await asyncio.gather(*visits)
        await known(socket_scope("8.8.8.8"), clients[5].receive, clients[5].send)
        return [client.answers[0]["type"].removeprefix("websocket.") for client in clients]

    assert in_a_loop(run()) == ["accept"] * 3 + ["close", "accept", "accept"]


def test_addresses_are_forgotten():
    known = addresses.Addresses()
    for number in range(addresses.MAX_KNOWN + 5):
        known.of(socket_scope(f"1.2.{number >> 8}.{number & 255}"))
    assert len(known._known) == addresses.MAX_KNOWN
    assert known.of(socket_scope("1.2.3.4")) is known.of(socket_scope("1.2.3.4"))


def test_options_are_looked_up_as_streamlit_does(nobody_outside):
    for key in config._config_options:
        assert options.look_up(key) == options._ask(key)
    with pytest.raises(RuntimeError, match="not defined"):
        options.look_up("server.nothing")
    assert config.get_option is options.look_up


# Headers


@pytest.fixture
def client():
    async def page(request):
        if "gzip" in request.headers.get("accept-encoding", ""):
            packed = gzip.compress(SHELL.encode())
            return Response(packed, media_type="text/html", headers={"Content-Encoding": "gzip"})
        return HTMLResponse(SHELL, headers={"ETag": '"1"'})

    async def media(_):
        return PlainTextResponse("x" * 100)

    async def gone(_):
        return HTMLResponse("<p>gone</p>", 404)

    async def metrics(_):
        return PlainTextResponse("active_sessions 3")

    parts = server.parts()
    routes = [
        *parts["routes"],
        Route("/_stcore/metrics", metrics),
        Route("/media/{file}", media),
        Route("/gone/{file}", gone),
        Route("/{page:path}", page),
    ]
    with TestClient(Starlette(routes=routes, middleware=parts["middleware"])) as client:
        yield client


PATHS = (
    "/",
    "/index.html",
    "/foo.bar",
    "/static/x",
    "/a/media/b",
    "/component/x.js",
    "/_stcore/y",
    "/gone/z",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_html_answer_has_a_policy_wherever_it_is_asked_for(client, path, method):
    answer = client.request(method, path, headers={"Accept-Encoding": "gzip"})
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ("<script>" in answer.text) is (method == "GET" and path != "/gone/z")
    if "<script>" in answer.text:
        assert "'sha256-" in policy


def test_a_page_says_the_same_of_itself_when_only_its_head_is_asked_for(client):
    whole, head = client.get("/palette?k=3"), client.head("/palette?k=3")
    assert head.headers == whole.headers
    assert head.content == b""


def test_what_is_no_page_is_handed_on_as_it_is(client):
    answer = client.get("/media/x", headers={"Accept-Encoding": "gzip"})
    assert answer.text == "x" * 100
    assert "content-security-policy" not in answer.headers
    assert client.head("/media/x").content == b""


def test_the_server_s_figures_are_not_public_unless_its_host_says_so(client, monkeypatch):
    for path in ("/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=x"):
        assert client.get(path).status_code == 404
    monkeypatch.setenv("QUANTIZE_METRICS", "public")
    assert client.get("/_stcore/metrics").text == "active_sessions 3"


# Uploads


def put(few: uploads.FewUploads, session: str, client: Recorder, length: int | None = None):
    headers = [] if length is None else [(b"content-length", str(length).encode())]
    scope = {"type": "http", "method": "PUT", "path": f"/_stcore/upload_file/{session}/1", "headers": headers}
    return few(scope, client.receive, client.send)


@pytest.fixture
def small(monkeypatch):
    """A server of 64 MB for uploads, which reads a file to its end."""
    monkeypatch.setenv("QUANTIZE_UPLOADS_MB", "64")

    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return uploads.FewUploads(app)


def part(n_bytes: int) -> dict:
    return {"type": "http.request", "body": bytes(n_bytes), "more_body": True}


END = {"type": "http.request", "body": b"", "more_body": False}


def test_a_file_for_which_there_is_no_room_is_refused_with_a_sentence(small):
    told = Recorder(END)
    in_a_loop(put(small, "late", told, 65 * 2**20))
    assert (told.status, told.text) == (503, uploads.NO_ROOM)
    fits = Recorder(part(10), END)
    in_a_loop(put(small, "late", fits, 10))
    assert fits.status == 204


def test_uploads_under_way_are_counted_by_what_has_arrived(small):
    """Ten sessions that do not say how long their files are."""
    clients = [Recorder(*[part(2**20)] * 20, END) for _ in range(10)]

    async def run() -> None:
        await asyncio.gather(*(put(small, f"{number}", one) for number, one in enumerate(clients)))

    async def slow() -> None:
        for one in clients:
            one.receive = yielding(one.receive)  # type: ignore[method-assign]
        await run()

    in_a_loop(slow())
    statuses = [one.status for one in clients]
    assert 503 in statuses
    assert small._arrived == 0
    assert not small._under_way
    again = Recorder(part(2**20), END)
    in_a_loop(put(small, "again", again))
    assert again.status == 204


def yielding(receive):
    async def later() -> dict:
        await asyncio.sleep(0)
        return await receive()

    return later


def test_files_that_sessions_keep_are_counted_until_they_are_gone(small):
    kept = [Upload(f"{number}.png", bytes(16 * 2**20), str(number)) for number in range(4)]
    same = Upload("same.png", kept[0].data, "0")  # the same bytes take no more room
    assert uploads.held_bytes() >= 64 * 2**20
    late = Recorder(part(1), END)
    in_a_loop(put(small, "late", late))
    assert late.status == 503
    kept.clear()
    del same
    early = Recorder(part(1), END)
    in_a_loop(put(small, "early", early))
    assert early.status == 204


def test_a_file_that_does_not_go_on_is_given_up(small, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_SILENT_SECONDS", 0.05)
    client = Recorder(part(2**20))
    in_a_loop(put(small, "silent", client))
    assert (client.status, client.text) == (408, uploads.TOO_SLOW)
    assert small._arrived == 0


def test_a_file_that_drips_is_given_up(small, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_UPLOAD_SECONDS", 0.05)

    client = Recorder(forever=lambda: part(1))
    client.receive = yielding(client.receive)  # type: ignore[method-assign]
    in_a_loop(put(small, "dripping", client))
    assert client.status == 408


def test_who_was_turned_away_is_told_once_and_nobody_is_remembered_for_ever():
    _held.turn_away("a", "no room")
    assert (_held.find_refusal("a"), _held.find_refusal("a"), _held.find_refusal(None)) == (
        "no room",
        None,
        None,
    )
    for number in range(_held.MAX_TURNED_AWAY + 5):
        _held.turn_away(str(number), "no room")
    assert _held.find_refusal("4") is None
    assert _held.find_refusal("5") == "no room"
    assert len(_held._turned_away) < _held.MAX_TURNED_AWAY
    _held._turned_away.clear()


def test_text_is_no_message(monkeypatch):
    async def app(scope, receive, send):
        assert (await receive())["type"] == "websocket.disconnect"

    client = Recorder({"type": "websocket.receive", "text": "hello"})
    in_a_loop(sockets.KnownSockets(app)({"type": "websocket", "headers": []}, client.receive, client.send))
    assert client.answers[-1]["code"] == 1003


# The log


def test_a_fault_is_told_in_full_once_and_then_in_a_line(caplog):
    logger = logging.getLogger("streamlit.error_util")
    server.parts()

    def fail(text: str) -> None:
        try:
            raise AttributeError(text)
        except AttributeError as error:
            logger.error("Uncaught app execution", exc_info=error)

    with caplog.at_level(logging.ERROR, logger.name):
        logger.addHandler(caplog.handler)
        for number in range(3):
            fail(f"\x1b[31m{number}" + "x" * 10_000)
        logger.removeHandler(caplog.handler)
    full, *lines = dict.fromkeys(caplog.records)
    assert full.exc_info
    assert not any(one.exc_info for one in lines)
    assert [one.getMessage()[:46] for one in lines] == [
        f"Uncaught app execution: AttributeError: ?[31m{number}" for number in (1, 2)
    ]
    assert all(len(one.getMessage()) < 400 for one in lines)


HOSTILE_TEXT = st.text(max_size=40).map(lambda text: text * 200) | st.just(
    "0\n2026-11-27 CRITICAL \x1b[31mred\x07"
)


@given(HOSTILE_TEXT, HOSTILE_TEXT, st.booleans())
def test_no_text_of_strangers_begins_a_line_or_steers_a_terminal(said, raised, repeated):
    limit, form = log.OnceInFull(), logging.Formatter("%(asctime)s %(message)s")
    for _ in range(1 + repeated):
        try:
            try:
                raise KeyError(raised)
            except KeyError as error:
                raise ValueError(raised) from error
        except ValueError as error:
            record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "file %s", (said,), None)
            record.exc_info = (type(error), error, error.__traceback__)
        assert limit.filter(record)
        told = form.format(record)
        assert len(told) < 6000
        assert all(line.isprintable() for line in told.split("\n"))
        first, *rest = told.split("\n")
        beginnings = ("  ", "ValueError: ", "KeyError: ", "which led to:")
        assert all(line.startswith(beginnings) for line in rest), rest
        assert "file " in first


def test_a_fault_a_second_time_is_told_in_sixty_lines_a_minute_at_most():
    now = [0.0]
    limit = log.OnceInFull(lambda: now[0])

    def told(text: str) -> bool:
        try:
            raise ValueError(text)
        except ValueError as error:
            told_of = (type(error), error, error.__traceback__)
            return limit.filter(logging.LogRecord("a", logging.ERROR, "a.py", 1, "x %s", (text,), told_of))

    assert sum(told(str(number)) for number in range(1000)) == 1 + log.MOST_LINES
    now[0] = 61.0
    assert sum(told(str(number)) for number in range(1000)) == log.MOST_LINES


def test_every_part_of_streamlit_writes_through_the_limit():
    server.parts()
    logging.getLogger("streamlit.another").warning("made later")
    log.shorten()
    for name in (
        "streamlit.another",
        "streamlit.components.v2.bidi_component.serialization",
        "uvicorn.error",
    ):
        assert any(isinstance(one, log.OnceInFull) for one in logging.getLogger(name).filters), name


def test_the_same_warning_is_told_once_a_minute():
    now = [0.0]
    limit = log.OnceInFull(lambda: now[0])

    def told(text: str, *args: str) -> bool:
        return limit.filter(logging.LogRecord("a", logging.WARNING, "a.py", 1, text, args, None))

    assert [told('No handler for "%s"', kind) for kind in ("None", "None", "x")] == [True, False, False]
    assert told("another")
    now[0] = 61.0
    assert told('No handler for "%s"', "None")
    remarks = [
        logging.LogRecord("a", logging.INFO, "a.py", 1, "no fragment %s", (name,), None) for name in "ab"
    ]
    assert [limit.filter(remark) for remark in remarks] == [True, False]
    faults = [logging.LogRecord("a", logging.ERROR, "a.py", 1, "x", (), None) for _ in "ab"]
    assert all(limit.filter(fault) for fault in faults)
    more = [logging.LogRecord("a", logging.ERROR, "a.py", 1, "y", (), None) for _ in range(1000)]
    assert sum(limit.filter(fault) for fault in more) == log.MOST_LINES
    assert not all(told(f"{number}") for number in [*range(log.MAX_KNOWN + 5), log.MAX_KNOWN + 4])
    assert len(limit._told) <= log.MAX_KNOWN


# Streamlit's own answers


@pytest.fixture(scope="module")
def own():
    """Streamlit's files, its list of parents and a redirect, within the parts of the server."""
    parts = server.parts()
    static = create_streamlit_static_handler(file_util.get_static_dir(), "")
    routes = [
        *create_host_config_routes(""),
        Route("/away", lambda _: RedirectResponse("http://b.example/x")),
    ]
    routes += [Mount("/mounted", Starlette(routes=[Mount("/app", static)])), Mount("/", static)]
    return TestClient(Starlette(routes=routes, middleware=parts["middleware"]), follow_redirects=False)


def test_no_foreign_page_steers_the_app_but_those_that_the_host_named(own, monkeypatch):
    answer = own.get("/_stcore/host-config", headers={"Accept-Encoding": "gzip"})
    assert answer.json()["allowedOrigins"] == []
    assert answer.json()["blockErrorDialogs"] is False
    monkeypatch.setenv("QUANTIZE_FRAME_ANCESTORS", "https://a.example none 'unsafe'")
    assert own.get("/_stcore/host-config").json()["allowedOrigins"] == ["https://a.example"]
    monkeypatch.setattr(parents, "CLOUD", Path(parents.__file__).parent)
    assert "https://*.streamlit.app" in own.get("/_stcore/host-config").json()["allowedOrigins"]


@pytest.mark.parametrize(
    "path", ["/", "/palette", "/index.html", "/foo.bar", "/static/x.js", "/_stcore/x", "/component/x"]
)
def test_a_page_is_answered_whole(own, path):
    date = "Fri, 01 Jan 2100 00:00:00 GMT"
    for asked in ({"Range": "bytes=0-9"}, {"If-None-Match": "*"}, {"If-Modified-Since": date}):
        answer = own.get(path, headers={"Accept-Encoding": "gzip", **asked})
        assert answer.status_code == 200
        assert answer.text.endswith("</html>\n")
        assert "content-security-policy" in answer.headers
        assert answer.headers["vary"] == "Accept-Encoding"


def test_a_file_is_kept_and_comes_in_parts(own):
    path = next(one for one in page_head._static_files() if one.endswith(".js"))
    whole = own.get(path, headers={"Accept-Encoding": "gzip"})
    assert own.get(path, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    part = own.get(path, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, whole.content[:10])


def test_a_redirect_stays_on_the_way_that_it_was_asked_by(own):
    answer = own.get("/mounted/app?k=3", headers={"X-Forwarded-Proto": "https"})
    assert (answer.status_code, answer.headers["location"]) == (307, "/mounted/app/?k=3")
    assert own.get("/away").headers["location"] == "http://b.example/x"


@pytest.mark.parametrize("path", ["/oauth2callback", "/auth/login", "/auth/logout/"])
def test_there_is_nothing_to_sign_in_to(own, path):
    assert own.get(path).status_code == 404


# Connections


def test_half_sent_requests_are_given_up_and_nothing_else_is(monkeypatch):
    """Silent, dripping, cut in the headers; beside them a slow answer, one after another, and a WebSocket."""
    monkeypatch.setattr(patience, "HEADER_SECONDS", 0.4)
    patience.be_impatient()
    patience.be_impatient()  # twice is once
    answered = asyncio.Event()

    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await answered.wait()
            await send({"type": "websocket.send", "text": "still here"})
            return
        if scope["path"] == "/slow":
            await answered.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def closed_after(port: int, first: bytes, drip: bytes = b"") -> bool:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(first)

        async def go_on() -> None:
            while drip:
                writer.write(drip)
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(go_on())
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 20) == b""
        dripping.cancel()
        writer.close()
        return True

    async def ask(port: int, path: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answers = b""
        for _ in range(2):
            writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            answers += (await asyncio.wait_for(reader.readuntil(b"ok"), 20))[-2:]
        writer.close()
        return answers

    async def run() -> None:
        config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_level="critical")
        running = uvicorn.Server(config)
        task = asyncio.create_task(running.serve())
        while not running.started:
            await asyncio.sleep(0.01)
        port = running.servers[0].sockets[0].getsockname()[1]
        slow = asyncio.create_task(ask(port, "/slow"))
        async with connect(f"ws://127.0.0.1:{port}/") as visitor:
            half = (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n")
            assert all(await asyncio.gather(*(closed_after(port, one) for one in half)))
            assert await closed_after(port, b"GET / HTTP/1.1\r\nX: ", b"x")
            assert await ask(port, "/") == b"okok"
            answered.set()
            assert await visitor.recv() == "still here"
        assert await slow == b"okok"
        running.should_exit = True
        await task

    in_a_loop(run())
