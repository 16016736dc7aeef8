"""Whoever opens a connection and does not say what they want gives it up after a while.

uvicorn waits for the end of a request's headers for ever. A thousand connections that never get there would
use up all that a process may have, and nobody else would come in. A proxy in front does this better, for it
knows more of those who knock (``deploy/haproxy.cfg``); this is for a server that stands alone.
"""

import asyncio
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEADER_SECONDS = 15.0
"""From the first byte of a request, or from when a connection is made, to the end of its headers."""

MAX_FILES = 65_536
"""Open files and connections of the server, where the system allows so many; usual are 1,024."""


def be_impatient(protocol: Any = AutoHTTPProtocol) -> None:
    """Let connections of this kind end that do not send a whole request; done once, it stays."""
    if getattr(protocol, "is_impatient", False):
        return
    made, received = protocol.connection_made, protocol.data_received

    def connection_made(self: Any, transport: Any) -> None:
        made(self, transport)
        _watch(self)

    def data_received(self: Any, data: bytes) -> None:
        received(self, data)
        _watch(self)

    protocol.connection_made, protocol.data_received = connection_made, data_received
    protocol.is_impatient = True


def _watch(connection: Any) -> None:
    timer: asyncio.TimerHandle | None = getattr(connection, "header_timer", None)
    if not _is_waiting(connection):
        if timer:
            timer.cancel()
        connection.header_timer = None
    elif timer is None:
        connection.header_timer = connection.loop.call_later(HEADER_SECONDS, _give_up, connection)


def _is_waiting(connection: Any) -> bool:
    """Tell whether a request is still to come: not while one is answered, after it uvicorn has a timer of its
    own, and a connection that became a WebSocket is another's.
    """
    transport = connection.transport
    if transport.is_closing() or transport.get_protocol() is not connection:
        return False
    idle = connection.cycle is None or connection.cycle.response_complete
    return idle and connection.timeout_keep_alive_task is None


def _give_up(connection: Any) -> None:
    if _is_waiting(connection):
        connection.transport.abort()


def open_more_files() -> None:
    """Let this process have as many connections as the system grants."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = MAX_FILES if hard == resource.RLIM_INFINITY else min(MAX_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
