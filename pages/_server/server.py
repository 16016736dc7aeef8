"""What the web server does apart from running pages: headers that keep browsers safe, cards of links.

Streamlit's server takes it as parts of an ASGI application; it runs before any page, in no visitor's
session. Asked for a page, Streamlit answers the same HTML at every address: ``PageHead`` writes into it
what the link shows.
"""

import gzip
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from pages import _cache, _host
from pages._address import split_query
from pages._references import Lost
from pages._server.cards import draw
from pages._server.compressed import Compressed, accepts_gzip
from pages._server.head import draw_head, find_base
from pages._server.link import PALETTE, Link, read_link
from pages._server.policy import policy
from pages._server.shell import SCRIPT, draw_shell, draw_style, script
from quantize import QuantizeError

MAX_WAITING_CARDS = 8
"""Preview cards that are drawn or wait for it; whoever asks for more is told to come back."""

MAX_UPLOADS = 44
"""Files of a session that are held or on their way: all that a tray takes, and some for other uploaders."""

CARD = "card.png"

_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")
_TITLE = re.compile(rb"<title>.*?</title>", re.S)
_ROOT = re.compile(rb'<div id="root">')
# The rest of Streamlit's own requests: never the HTML of a page.
_NO_PAGE = re.compile(r"/(_stcore|media|component|static)/|/[^/]*\.[a-z0-9]+$")


class SafeHeaders:
    """Adds to every answer what keeps a browser from guessing and from telling others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; see ASGI."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
            await send(message)

        await self._app(scope, receive, send_safely)


class FewUploads:
    """Refuses a session's next upload while too many of it are held or on their way.

    More than a tray takes and the page has uploaders is not sent by who uses the page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; see ASGI."""
        if scope["type"] == "http" and scope["method"] in ("PUT", "POST"):
            found = _UPLOAD.search(scope["path"])
            if found:
                await self._take(found[1], scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _take(self, session_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        if _count_uploads(session_id) + self._under_way[session_id] >= MAX_UPLOADS:
            refusal = PlainTextResponse("too many files: reload the page to start over", 429)
            await refusal(scope, receive, send)
            return
        self._under_way[session_id] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way[session_id] -= 1
            if not self._under_way[session_id]:
                del self._under_way[session_id]


def _count_uploads(session_id: str) -> int:
    """How many files the server holds for a session."""
    if not runtime.exists():
        return 0
    held = getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {})
    return len(held.get(session_id, ()))


class PageHead:
    """Writes title, card and security policy into the HTML of pages; all else passes through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; see ASGI."""
        if scope["type"] != "http" or scope["method"] != "GET" or _NO_PAGE.search(scope["path"]):
            await self._app(scope, receive, send)
            return
        # The page depends on its query, so a copy is of no use; and a compressed one could not be changed.
        asked = MutableHeaders(scope=scope)
        zipped = accepts_gzip(Headers(raw=asked.raw))
        for name in ("accept-encoding", "if-none-match", "if-modified-since", "range"):
            del asked[name]
        await self._app(scope, receive, _Rewriter(scope, send, zipped))


class _Rewriter:
    """Collects one answer and, if it is a page, sends it on with another head."""

    def __init__(self, scope: Scope, send: Send, zipped: bool) -> None:
        self._scope = scope
        self._send = send
        self._zipped = zipped
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)
            return
        await self._send(message)

    async def _finish(self, start: Message) -> None:
        page = self._scope["path"].rstrip("/").rpartition("/")[2]
        link = read_link(self._scope["query_string"].decode("latin-1"), page)
        head = (draw_head(link, *_addresses(self._scope, link)) + draw_style()).encode()
        body = _TITLE.sub(lambda _: head, self._body, count=1)
        body = _ROOT.sub(lambda root: draw_shell(link).encode() + root[0], body, count=1)
        answer = MutableHeaders(scope=start)
        answer["Content-Security-Policy"] = policy(body, link.embedded)
        if self._zipped:
            body = gzip.compress(body)
            answer["Content-Encoding"] = "gzip"
        answer.add_vary_header("Accept-Encoding")
        answer["Content-Length"] = str(len(body))
        answer["Cache-Control"] = "no-store"
        for name in ("etag", "last-modified", "accept-ranges"):
            del answer[name]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _addresses(scope: Scope, link: Link) -> tuple[str, str] | tuple[None, None]:
    """Whole addresses of the page that was asked for and of the picture on its card."""
    base = find_base(Headers(scope=scope), scope["scheme"], _host.text("QUANTIZE_URL"))
    if base is None:
        return None, None
    asked = f"?{link.query}" if link.query else ""
    path = scope.get("raw_path", b"/").decode("latin-1")
    named = f"?page={PALETTE}{link.query and '&'}{link.query}" if link.page == PALETTE else asked
    return f"{base}{path}{asked}", f"{base}{_path(CARD)}{named}"


def _path(name: str) -> str:
    """Where a file of ours is on this server."""
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}/{name}" if prefix else f"/{name}"


async def _script(_: Request) -> Response:
    """Answer with what a page runs before Streamlit's scripts."""
    return Response(script(), media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


async def _card(request: Request) -> Response:
    """Answer with the picture of a link's card."""
    if _drawing.statistics().tasks_waiting >= MAX_WAITING_CARDS:
        return PlainTextResponse("busy: come back in a minute", 503, {"Retry-After": "60"})
    link = read_link(request.url.query, split_query(request.url.query).get("page", [""])[-1])
    try:
        png = await to_thread.run_sync(draw, link, limiter=_drawing)
    except (QuantizeError, Lost):
        return PlainTextResponse("there is no such picture", 404)
    keep = "private, max-age=60" if link.choices.share else "public, max-age=3600"
    return Response(png, media_type="image/png", headers={"Cache-Control": keep})


# One at a time: cards are for robots, and visitors are waiting.
_drawing = CapacityLimiter(1)


@asynccontextmanager
async def _lifespan(_: object) -> AsyncIterator[None]:
    """Prepare the engine when the server starts, before the first visitor is there."""
    _cache.warm_up()
    yield


def parts() -> dict[str, Any]:
    """What ``st.App`` takes beside its script.

    Raises
    ------
    QuantizeError
        If the environment holds a setting that cannot be: better now than for a visitor.
    """
    _host.check()
    return {
        "middleware": [
            Middleware(SafeHeaders),
            Middleware(FewUploads),
            Middleware(PageHead),
            Middleware(Compressed),
        ],
        "routes": [Route(_path(CARD), _card), Route(_path(SCRIPT), _script)],
        "lifespan": _lifespan,
    }
