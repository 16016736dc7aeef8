"""Whoever opens a connection and does not say what they want, or does not take it, gives it up after a while.

uvicorn waits for the end of a request's headers for ever. A thousand connections that never get there would
use up all that a process may have, and nobody else would come in; so would those who ask for files and take
none of them. And some say little in many pieces, each of which costs as much as a large one. A proxy in front
does this better, for it knows more of those who knock (``deploy/haproxy.cfg``); this is for a server that
stands alone.
"""

import asyncio
import time
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from pages._server.buckets import Bucket

HEADER_SECONDS = 15.0
"""From the first byte of a request, or from when a connection is made, to the end of its headers."""

TAKE_SECONDS = 60.0
"""For whoever asked for something to take the next 48 kB of it; the system's own buffers come before."""

READ_BYTES = 2**14
"""Read of a connection before others have their turn; usual are 256 kB, 0.2 s of work in tiny pieces."""

READING_SECONDS, READING_SECONDS_A_SECOND = 0.3, 0.05
"""Of the processor, to take apart what a connection sends: a hundred requests take 0.01, 50 MB take 0.04."""

MAX_FILES = 65_536
"""Open files and connections of the server, where the system allows so many; usual are 1,024."""


def be_impatient(protocol: Any = AutoHTTPProtocol) -> None:
    """Let connections of this kind end that do not send a whole request; done once, it stays."""
    if getattr(protocol, "is_impatient", False):
        return
    made, received, lost = protocol.connection_made, protocol.data_received, protocol.connection_lost
    paused, resumed = protocol.pause_writing, protocol.resume_writing

    def connection_made(self: Any, transport: Any) -> None:
        self.reading = Bucket(READING_SECONDS, READING_SECONDS_A_SECOND)
        with suppress(AttributeError):  # other loops have no such number
            transport.max_size = READ_BYTES
        made(self, transport)
        _watch(self)

    def data_received(self: Any, data: bytes) -> None:
        began = time.thread_time()
        received(self, data)
        if self.reading.take(time.thread_time() - began):
            self.transport.abort()
        _watch(self)

    def pause_writing(self: Any) -> None:
        paused(self)
        self.taking_timer = self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self: Any) -> None:
        resumed(self)
        self.taking_timer.cancel()

    def connection_lost(self: Any, error: Exception | None) -> None:
        lost(self, error)
        for timer in ("header_timer", "taking_timer"):
            if running := getattr(self, timer, None):
                running.cancel()

    protocol.connection_made, protocol.data_received = connection_made, data_received
    protocol.pause_writing, protocol.resume_writing = pause_writing, resume_writing
    protocol.connection_lost = connection_lost
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
