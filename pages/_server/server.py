"""What the web server does apart from running pages: headers that keep browsers safe, cards of links.

Streamlit's server takes it as parts of an ASGI application; it runs before any page, in no visitor's
session. Asked for a page, Streamlit answers the same HTML at every address: ``PageHead`` writes into it
what the link shows.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages import _cache, _host
from pages._address import split_query
from pages._references import Lost
from pages._server import frames, log, options, patience, queries, replies
from pages._server.cards import draw
from pages._server.compressed import Compressed
from pages._server.link import read_link
from pages._server.packing import leave_packed
from pages._server.page_head import PageHead, card_path, own_path
from pages._server.parents import FewParents
from pages._server.shell import SCRIPTS, script
from pages._server.sockets import KnownSockets, stay_at_home
from pages._server.uploads import FewUploads
from pages._viewer.live import find_offer
from quantize import QuantizeError
from quantize.threads import thread_count

MAX_WAITING_CARDS = 8
"""Preview cards that are drawn or wait for it; whoever asks for more is told to come back."""

MAX_WAITING_LIVE = 64
"""The same of sliders that are moved: their pages tell it in a moment anyway."""

NOT_KEPT = {"Cache-Control": "no-store"}


def _within(location: str, scope: Scope) -> str:
    """An address of this server without its host: behind a proxy it does not know of HTTPS."""
    start = f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}/"
    path = "/" + location.removeprefix(start)
    return path if location.startswith(start) and not path.startswith(("//", "/\\")) else location


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
                if "location" in headers:
                    headers["Location"] = _within(headers["location"], scope)
            await send(message)

        await self._app(scope, receive, send_safely)


NOWHERE = ("oauth2callback", "auth/login", "auth/logout")
"""Where Streamlit lets visitors sign in; there is nothing to sign in to."""


class Closed:
    """Hides what is of no use, and Streamlit's figures about the server unless its host shows them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; see ASGI."""
        path = scope["path"].rstrip("/") if scope["type"] == "http" else ""
        figures = path.endswith("/_stcore/metrics") and _host.text("QUANTIZE_METRICS").lower() != "public"
        if figures or path in map(own_path, NOWHERE):
            await PlainTextResponse("not found", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _script(request: Request) -> Response:
    """Answer with what a page runs before Streamlit's scripts."""
    text = script(request.url.path.rpartition("/")[2])
    return Response(text, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


async def _start(_: Request) -> Response:
    """Answer with how far the engine is that is being compiled, from 0 to 1."""
    return PlainTextResponse(f"{_cache.warm_up().done:.2f}", headers=NOT_KEPT)


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


async def _live(request: Request) -> Response:
    """Answer with what a viewer shows at a place of its slider."""
    token, place = (request.path_params[name] for name in ("token", "place"))
    own, data = find_offer(token), None
    if own is not None and own.is_asked:
        return PlainTextResponse("one at a time", 429, NOT_KEPT)
    if _drawing_live.statistics().tasks_waiting >= MAX_WAITING_LIVE:
        return PlainTextResponse("busy", 503, NOT_KEPT)
    if own is not None:
        own.is_asked = True
        try:
            data = await to_thread.run_sync(own.draw, token, place, limiter=_drawing_live)
        except (QuantizeError, Lost):
            pass
        finally:
            own.is_asked = False
    if data is None:
        return PlainTextResponse("nothing is offered here", 404, NOT_KEPT)
    return Response(data, media_type="application/octet-stream", headers=NOT_KEPT)


# At once; runs of pages go on beside them.
_drawing_live = CapacityLimiter(max(1, thread_count() // 2))

# One at a time: cards are for robots, and visitors are waiting.
_drawing = CapacityLimiter(1)


@asynccontextmanager
async def _lifespan(_: object) -> AsyncIterator[None]:
    """Prepare the engine when the server starts, before the first visitor is there."""
    log.shorten()  # by now there are more logs
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
    stay_at_home()
    leave_packed()
    options.unlock()
    log.shorten()
    queries.keep_first_parts()
    frames.bound()
    replies.keep()
    patience.be_impatient()
    patience.open_more_files()
    return {
        "middleware": [
            Middleware(part)
            for part in (KnownSockets, SafeHeaders, Closed, FewParents, FewUploads, PageHead, Compressed)
        ],
        "routes": [
            Route(card_path(), _card),
            Route(own_path("start"), _start),
            Route(own_path("live/{token}/{place}"), _live),
            *(Route(own_path(name), _script) for name in SCRIPTS),
        ],
        "lifespan": _lifespan,
    }
