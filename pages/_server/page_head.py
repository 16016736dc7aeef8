"""What every HTML answer gets: a security policy, and the title and card of the link that was asked for.

Streamlit answers the same HTML at every address that is nothing else, ``/index.html`` and ``/foo.bar`` too.
So whether an answer is a page is told by what is answered, never by its address.
"""

import gzip
import re
import zlib
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages import _host
from pages._server.answers import Collected, send_whole
from pages._server.compressed import accepts_gzip, vary
from pages._server.head import draw_head, find_base
from pages._server.link import OF_THEIR_OWN, Link, read_link
from pages._server.policy import policy
from pages._server.shell import draw_shell, draw_style

_TITLE = re.compile(rb"<title>.*?</title>", re.S)
_ROOT = re.compile(rb'<div id="root">')
# Answers that are hardly ever a page: they may be compressed and kept, and come in parts.
_FILE = re.compile(r"/(_stcore|media|component|static)/|/[^/]*\.[a-z0-9]+$")
_OF_COPIES = (
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "if-range",
    "range",
)


class PageHead:
    """Writes title, card and security policy into HTML; all else passes through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; see ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = scope
        page = not _FILE.search(scope["path"])
        if page or not is_file(scope["path"]):
            # The page depends on its query, so a copy or a part of one is of no use.
            headers = MutableHeaders(raw=list(scope["headers"]))
            for name in _OF_COPIES:
                del headers[name]
            asked = {**scope, "headers": headers.raw}
            if page:  # what its headers are, its body tells
                del headers["accept-encoding"]
                asked["method"] = "GET" if scope["method"] == "HEAD" else scope["method"]
        await self._app(asked, receive, _Rewriter(scope, send))


def is_file(path: str) -> bool:
    """Whether no page is answered at an address, but what browsers keep copies of or take in parts."""
    return path in _static_files() or path.startswith(own_path("media/"))


@cache
def _static_files() -> frozenset[str]:
    """Addresses of Streamlit's own files, without its page."""
    folder = Path(st.__file__).parent / "static"
    files = (file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    return frozenset(own_path(file) for file in files if file != "index.html")


class _Rewriter(Collected):
    """One answer; if it is a page, sent on with another head."""

    def __init__(self, scope: Scope, send: Send) -> None:
        super().__init__(send)
        self._scope = scope

    def wants(self, start: Message) -> bool:
        """Whether it is a page."""
        return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")

    async def pass_on(self, message: Message) -> None:
        """Send on what is no page, without its body if only its headers were asked for."""
        if message["type"] == "http.response.body" and self._scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await self.send(message)

    async def finish(self, start: Message, body: bytes) -> None:
        """Write the link's head, shell and policy into a page."""
        answer = MutableHeaders(scope=start)
        page = self._scope["path"].rstrip("/").rpartition("/")[2]
        link = read_link(self._scope["query_string"].decode("latin-1"), page)
        body = _unpack(body, answer)
        if start["status"] == 200:
            head = (draw_head(link, *_addresses(self._scope, link)) + draw_style()).encode()
            body = _TITLE.sub(lambda _: head, body, count=1)
            body = _ROOT.sub(lambda root: draw_shell(link).encode() + root[0], body, count=1)
        answer["Content-Security-Policy"] = policy(body, link.embedded)
        if body and accepts_gzip(Headers(scope=self._scope)):
            body = gzip.compress(body)
            answer["Content-Encoding"] = "gzip"
        vary(answer)
        answer["Content-Length"] = str(len(body))
        if self._scope["method"] == "HEAD" and not body:  # of what was taken for a file
            del answer["Content-Length"]
        answer["Cache-Control"] = "no-store"
        for name in ("etag", "last-modified", "accept-ranges"):
            del answer[name]
        await send_whole(self.send, start, b"" if self._scope["method"] == "HEAD" else body)


def _unpack(body: bytes, headers: MutableHeaders) -> bytes:
    """The text of an answer of this server, which is compressed where a page was taken for a file."""
    if not body or headers.get("content-encoding") != "gzip":
        return body
    del headers["content-encoding"]
    return zlib.decompress(body, wbits=31)


def _addresses(scope: Scope, link: Link) -> tuple[str, str] | tuple[None, None]:
    """Whole addresses of the page that was asked for and of the picture on its card."""
    base = find_base(Headers(scope=scope), scope["scheme"], _host.text("QUANTIZE_URL"))
    if base is None:
        return None, None
    asked = f"?{link.query}" if link.query else ""
    path = scope.get("raw_path", b"/").decode("latin-1")
    has_its_own = link.page in OF_THEIR_OWN
    named = f"?page={link.page}{link.query and '&'}{link.query}" if has_its_own else asked
    return f"{base}{path}{asked}", f"{base}{card_path()}{named}"


def card_path() -> str:
    """Where the pictures of cards are."""
    return own_path("card.png")


def own_path(name: str) -> str:
    """Where a file of ours is on this server."""
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}/{name}" if prefix else f"/{name}"
