"""Sends Streamlit's scripts and styles compressed, which its own server does not: a quarter of the bytes.

Every file is compressed once for each server and then kept: all of them together are some megabytes.
"""

import gzip
import re
from hashlib import blake2b

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages._server.answers import Collected, send_whole

_TEXT = re.compile(r"/static/.*\.(js|css)$")
SMALLEST = 600
"""Bytes of a file below which there is nothing to gain."""


def accepts_gzip(headers: Headers) -> bool:
    """Whether a browser takes what is compressed."""
    offers = [offer.replace(" ", "").lower() for offer in headers.get("accept-encoding", "").split(",")]
    return any(offer == "gzip" or (offer.startswith("gzip;q=") and float_of(offer) > 0) for offer in offers)


def vary(headers: MutableHeaders) -> None:
    """Say that an answer depends on what a browser takes; once."""
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")


def float_of(offer: str) -> float:
    """The weight of an offer like "gzip;q=0.5"; 0 where it is none."""
    found = re.fullmatch(r"[^;]*;q=([01](?:\.\d{0,3})?)", offer)
    return float(found[1]) if found else 0.0


class Compressed:
    """Compresses files whose address names what is in them; all else passes through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[bytes, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; see ASGI."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        asked = scope["type"] == "http" and scope["method"] == "GET" and _TEXT.search(scope["path"])
        if asked and accepts_gzip(headers) and "range" not in headers:
            await self._app(scope, receive, _Answer(self._kept, send))
        else:
            await self._app(scope, receive, send)


class _Answer(Collected):
    """One file, sent on compressed."""

    def __init__(self, kept: dict[bytes, bytes], send: Send) -> None:
        super().__init__(send)
        self._kept = kept

    def wants(self, start: Message) -> bool:
        """Whether it is a file, and not compressed yet."""
        headers = Headers(raw=start["headers"])
        return start["status"] == 200 and "etag" in headers and "content-encoding" not in headers

    async def finish(self, start: Message, body: bytes) -> None:
        """Compress it, if that was not done before."""
        headers = MutableHeaders(scope=start)
        vary(headers)
        if len(body) >= SMALLEST:
            # By its content: Starlette's ETag is of time and size, which two files of an image may share.
            name = blake2b(body, digest_size=16).digest()
            if name not in self._kept:
                self._kept[name] = await to_thread.run_sync(gzip.compress, body, 9)
            body = self._kept[name]
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(body))
            headers["ETag"] = f"W/{headers['etag'].removeprefix('W/')}"
            del headers["accept-ranges"]
        await send_whole(self.send, start, body)
