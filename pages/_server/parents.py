"""Which pages may steer the app in their frame, by messages of Streamlit's: none but those the host named.

Streamlit trusts every app of its own cloud: any of them could show the viewer alone in a frame and make the
whole app of it.
"""

import json
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages._server.answers import Collected, send_whole
from pages._server.page_head import own_path
from pages._server.policy import frames

CLOUD = Path("/mount/src")
"""Where Streamlit Community Cloud keeps an app; its page around the app speaks with it."""


class FewParents:
    """Writes the sites that may show the whole app into Streamlit's answer, in place of its own list."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; see ASGI."""
        asked = scope["type"] == "http" and scope["path"].rstrip("/") == own_path("_stcore/host-config")
        if asked and not Path(__file__).is_relative_to(CLOUD):
            headers = MutableHeaders(raw=list(scope["headers"]))
            del headers["accept-encoding"]
            await self._app({**scope, "headers": headers.raw}, receive, _Answer(send))
        else:
            await self._app(scope, receive, send)


class _Answer(Collected):
    """One answer, sent on with other origins."""

    def wants(self, start: Message) -> bool:
        """Whether it holds what Streamlit trusts."""
        kind = Headers(raw=start["headers"]).get("content-type", "")
        return bool(start["status"] == 200 and kind.startswith("application/json"))

    async def finish(self, start: Message, body: bytes) -> None:
        """Write our origins into it."""
        if body:
            body = json.dumps({**json.loads(body), "allowedOrigins": frames()}).encode()
            MutableHeaders(scope=start)["Content-Length"] = str(len(body))
        await send_whole(self.send, start, body)
