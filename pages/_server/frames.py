"""How much a socket's peer may send before anybody has looked at it, and how little it may take.

uvicorn puts together whatever a message says it holds, 200 MB of each socket, unpacks all that arrived at
once, answers every ping, and waits for ever for whoever takes no answer. Frames cost two bytes and more of a
processor's time than messages do. So here they are read in small pieces and no further than the page listens,
counted, and held within one bound for all sockets; when that is reached, whoever holds most is cut off.
"""

from __future__ import annotations

import logging
from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from pages._server.buckets import Bucket
from pages._server.patience import HEADER_SECONDS, TAKE_SECONDS

MAX_MESSAGE_BYTES = 2**19
"""Of one message, unpacked: all controls, with every file and name there may be, take a tenth of it."""

MAX_HELD_BYTES = 32 * 2**20
"""Of all sockets together: what is said and not heard yet."""

PIECE_BYTES = 2**12
"""Read at once: packed, some megabytes at most."""

FRAMES, FRAMES_A_SECOND = 2000, 100.0
"""Frames of a socket at once, and how many a second after that: messages, their parts, pings and pongs."""

NO_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
"""For whoever asks for a socket in words that are none."""

LEAVE_SECONDS = 10.0
"""For whoever was cut off, to take what was sent before."""

_log = logging.getLogger(__name__)


class _Held:
    """Bytes that sockets hold."""

    def __init__(self) -> None:
        self._total = 0
        self._sizes: dict[BoundedSocket, int] = {}

    def note(self, one: BoundedSocket, n_bytes: int) -> None:
        """Say how much a socket holds now; who holds most is cut off when it is too much."""
        self._total += n_bytes - self._sizes.pop(one, 0)
        if n_bytes:
            self._sizes[one] = n_bytes
        while self._total > MAX_HELD_BYTES:
            largest = max(self._sizes, key=self._sizes.__getitem__)
            self._total -= self._sizes.pop(largest)
            largest.cut_off(1013, "too much at once of all")

    @property
    def total(self) -> int:
        """Bytes of all sockets."""
        return self._total


held = _Held()
"""Of this server."""


class BoundedSocket(WebSocketsSansIOProtocol):
    """A WebSocket as uvicorn serves it, with bounds."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.conn.max_message_size = MAX_MESSAGE_BYTES
        self._frames = Bucket(FRAMES, FRAMES_A_SECOND)
        self._unread = bytearray()  # no more than what the system hands over at once
        self._queued = self._heard = 0
        self._taking: TimerHandle | None = None
        self._opening: TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the request that opens a socket, but not for ever."""
        super().connection_made(transport)
        self._opening = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived; see ``asyncio.Protocol``."""
        self._unread += data
        self._read_on()

    def _read_on(self) -> None:
        """Read until there is a message that waits to be heard."""
        while self._unread and not self.read_paused and not self.transport.is_closing():
            piece = bytes(self._unread[:PIECE_BYTES])
            del self._unread[:PIECE_BYTES]
            super().data_received(piece)
            if self.conn.handshake_exc is not None and not self.handshake_initiated:
                self._refuse()
        self._note()

    def _refuse(self) -> None:
        """Answer a request that uvicorn would leave without one, and without an end."""
        self.transport.write(b"".join(self.conn.data_to_send()) or NO_REQUEST)
        self.transport.close()
        self._leave_soon()

    def _give_up(self) -> None:
        if not self.handshake_initiated:
            self.transport.abort()

    def _note(self) -> None:
        parts = len(self.conn.reader.buffer) + sum(map(len, self.frames))
        lost = self.disconnected or self.transport.is_closing()
        held.note(self, 0 if lost else len(self._unread) + parts + self._queued)

    def handle_events(self) -> None:
        """Count what was read, and hand it on."""
        early = self._frames.take(len(self.conn.events))
        super().handle_events()
        if early:
            self.cut_off(1008, "too many frames")

    def send_receive_event_to_app(self) -> None:
        """Let a message wait to be heard."""
        self._queued += sum(map(len, self.frames))
        super().send_receive_event_to_app()

    async def receive(self) -> Any:
        """Wait for the next message; the one before was heard."""
        self._queued -= self._heard
        self._heard = 0
        self._note()
        message = await super().receive()
        data = message.get("bytes")
        self._heard = len(data) if isinstance(data, bytes | bytearray) else 0
        self._read_on()
        return message

    def cut_off(self, code: int, reason: str) -> None:
        """End the connection, with a word if one may still be said."""
        if self.close_sent or self.transport.is_closing() or not self.handshake_complete:
            self.transport.abort()
            return
        _log.warning("cut off a socket: %s", reason)
        self.conn.fail(code, reason)
        self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        """Say that it is over, and wait for whoever does not listen no longer than for others."""
        super().handle_parser_exception()
        self._leave_soon()

    def keepalive_timeout(self) -> None:
        """Give up a peer that does not answer."""
        super().keepalive_timeout()
        self._leave_soon()

    def pause_writing(self) -> None:
        """Wait until more is taken, but not for ever."""
        super().pause_writing()
        self._taking = self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it was taken."""
        super().resume_writing()
        if self._taking:
            self._taking.cancel()

    def _leave_soon(self) -> None:
        self.loop.call_later(LEAVE_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what it held."""
        super().connection_lost(exc)
        for timer in (self._taking, self._opening):
            if timer:
                timer.cancel()
        self._unread.clear()
        held.note(self, 0)


def bound(protocol: Any = AutoHTTPProtocol) -> None:
    """Let sockets that connections of this kind become be bounded ones; done once, it stays."""
    if getattr(protocol, "is_bounded", False):
        return
    upgrade = protocol.handle_websocket_upgrade

    def handle_websocket_upgrade(self: Any, *event: Any) -> None:
        self.ws_protocol_class = BoundedSocket
        upgrade(self, *event)

    protocol.handle_websocket_upgrade, protocol.is_bounded = handle_websocket_upgrade, True
