"""Who may open a socket to this server, and how much is read from it.

Streamlit finds out who is at home by asking an outside host for its own address, on the event loop: nobody is
served while that host does not answer. Here a foreign page is refused before, and nobody is ever asked.

What a browser says makes a session run, so a socket that says a hundred thousand things is heard slowly, and
closed if it goes on: others are served meanwhile. A visitor who holds a key down says thirty a second.
"""

import asyncio
import logging
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import net_util
from streamlit.web.server.server_util import is_url_from_allowed_origins

from pages._server.addresses import MAX_SOCKETS, Address, Addresses
from pages._server.buckets import Bucket
from pages._server.said import fault

MESSAGES, MESSAGES_A_SECOND = 300, 40.0
"""Messages that a socket may send at once, and for how long it waits after them."""

BYTES, BYTES_A_SECOND = 4 * 2**20, 2.0**20
"""The same for their length; a message is half a megabyte at most (``frames``)."""

MAX_HELD_SECONDS, FORGIVEN_A_SECOND = 5.0, 0.1
"""Who has waited for so long is not heard any more, and how much of that is forgotten a second."""

_log = logging.getLogger(__name__)


def stay_at_home() -> None:
    """Let Streamlit ask no outside host for the address of this one; once, before it serves anybody."""
    net_util.get_external_ip = lambda: None


def is_known(origin: str | None, host: str | None) -> bool:
    """Whether a page of this origin may open a socket to the server that it called by this name.

    As Streamlit decides it: pages of this server, of this machine, and those that its option
    ``server.corsAllowedOrigins`` names. Programs name no origin.
    """
    if origin is None:
        return True
    with suppress(ValueError):  # what is no address is nobody's
        return bool(urlsplit(origin).netloc == host or is_url_from_allowed_origins(origin))
    return False


class KnownSockets:
    """Refuses sockets of foreign pages, and hears out the others at a bounded rate."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._addresses = Addresses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on; see ASGI."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers, address = Headers(scope=scope), self._addresses.of(scope)
        if not is_known(headers.get("origin"), headers.get("host")):
            await _refuse(receive, send, 1008, "a page of another site")
        elif address.sockets >= MAX_SOCKETS:
            await _refuse(receive, send, 1013, "too many pages of one address")
        else:
            await self._hear(scope, _Heard(receive, send, address), address)

    async def _hear(self, scope: Scope, heard: "_Heard", address: Address) -> None:
        address.sockets += 1
        try:
            await self._app(scope, heard.receive, heard.send)
        except (RuntimeError, TypeError) as error:  # Streamlit's, of words that are none and lost sockets
            _log.warning("a socket ended: %s", error)
        finally:
            address.sockets -= 1


async def _refuse(receive: Receive, send: Send, code: int, reason: str) -> None:
    await receive()
    await send({"type": "websocket.close", "code": code, "reason": reason})


class _Heard:
    """One socket, of which no more is handed on than may be."""

    def __init__(self, receive: Receive, send: Send, address: Address) -> None:
        self._receive, self._send, self._address = receive, send, address
        self._messages, self._bytes = Bucket(MESSAGES, MESSAGES_A_SECOND), Bucket(BYTES, BYTES_A_SECOND)
        self._held = Bucket(MAX_HELD_SECONDS, FORGIVEN_A_SECOND)
        self._closed = False

    async def send(self, message: Message) -> None:
        """Pass an answer on; none after the end."""
        if not self._closed:
            await self._send(message)

    async def receive(self) -> Message:
        """Wait for the next message that may be heard, and until it may."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            if data is None:
                return await self._close(1003, "text instead of bytes")
            early = max(self._messages.take(1), self._bytes.take(len(data)))
            if self._held.take(early):
                return await self._close(1008, "too many messages")
            await asyncio.sleep(max(early, self._address.speak(self)))
            wrong = fault(data)
            if wrong is None:
                return message
            _log.warning("did not hear what a socket said: %s", wrong)

    async def _close(self, code: int, reason: str) -> Message:
        _log.warning("closed a socket: %s", reason)
        await self.send({"type": "websocket.close", "code": code, "reason": reason})
        self._closed = True
        return {"type": "websocket.disconnect", "code": code}
