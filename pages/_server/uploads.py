"""How many files a session may send, and how much all visitors together.

A file counts from its first byte on: while it arrives, while Streamlit keeps it for the page, and while a
session works on it. Whoever comes when there is no room is told so, by the answer and on their page.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

from pages import _held, _host

MAX_UPLOADS = 44
"""Files of a session that are held or on their way: all that a tray takes, and some for other uploaders."""

MAX_SILENT_SECONDS = 30.0
"""Of a file that arrives and then does not go on."""

MAX_UPLOAD_SECONDS = 900.0
"""For a whole file: 50 MB at half a megabit a second."""

NO_ROOM = (
    "The file was not taken, as this server holds as many files of its visitors as it may: "
    "try again in some minutes"
)
TOO_MANY = "The file was not taken, as too many of this page are held already: reload the page to start over"
TOO_SLOW = "The file was not taken, as it did not arrive in time: try again"

DRAINED_BYTES = 2**26
"""Of a file that is not taken, so much is read before its sender is told: longer than any that could be."""

_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")


class _Refused(Exception):
    """A file is not taken: with this status and sentence."""


class FewUploads:
    """Refuses a file while too many of its session are here, or too much of all sessions.

    More than a tray takes and the page has uploaders is not sent by who uses the page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: Counter[str] = Counter()
        self._arrived = 0
        self._room = _host.number("QUANTIZE_UPLOADS_MB") * 2**20

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; see ASGI."""
        found = _UPLOAD.search(scope["path"]) if scope["type"] == "http" else None
        if found and scope["method"] in ("PUT", "POST"):
            await self._take(found[1], scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _take(self, session_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way[session_id] += 1
        answered = False

        async def send_once(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        arriving = _Arriving(self, session_id, receive)
        try:
            self._check(session_id, scope)
            async with asyncio.timeout(MAX_UPLOAD_SECONDS):
                await self._app(scope, arriving.receive, send_once)
        except (_Refused, TimeoutError) as error:
            status, sentence = error.args if isinstance(error, _Refused) else (408, TOO_SLOW)
            _tell(session_id, sentence)
            if not answered:
                if status != 408:
                    await _read_out(receive)
                await PlainTextResponse(sentence, status, {"Connection": "close"})(scope, receive, send)
        finally:
            self._arrived -= arriving.n_bytes
            self._under_way[session_id] -= 1
            if not self._under_way[session_id]:
                del self._under_way[session_id]

    def _check(self, session_id: str, scope: Scope) -> None:
        """Refuse a file that had better not begin."""
        if _count_uploads(session_id) + self._under_way[session_id] > MAX_UPLOADS:
            raise _Refused(429, TOO_MANY)
        length = Headers(scope=scope).get("content-length", "")
        self.check_room(int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0)

    def check_room(self, n_bytes: int) -> None:
        """Refuse what does not fit beside all that is here."""
        if held_bytes() + self._arrived + n_bytes > self._room:
            raise _Refused(503, NO_ROOM)

    def count(self, n_bytes: int) -> None:
        """Count what has arrived of a file that is under way."""
        self._arrived += n_bytes


class _Arriving:
    """One file on its way."""

    def __init__(self, uploads: FewUploads, session_id: str, receive: Receive) -> None:
        self._uploads, self._session_id, self._receive = uploads, session_id, receive
        self.n_bytes = 0

    async def receive(self) -> Message:
        """Wait for more of it, but not for ever, and count it."""
        async with asyncio.timeout(MAX_SILENT_SECONDS):
            message = await self._receive()
        n_bytes = len(message.get("body", b""))
        self._uploads.check_room(n_bytes)
        self.n_bytes += n_bytes
        self._uploads.count(n_bytes)
        return message


async def _read_out(receive: Receive) -> None:
    """Let the rest of a file that is not taken come, and keep none of it: who sends does not listen yet."""
    left = DRAINED_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(MAX_SILENT_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body"):
                    return


def held_bytes() -> int:
    """Bytes of all files that Streamlit keeps for pages, or a session keeps itself; each once."""
    return sum({id(data): len(data) for data in (*_data_of_streamlit(), *_held.data_held())}.values())


def _data_of_streamlit() -> Iterable[bytes]:
    return [record.data for files in list(_files().values()) for record in list(files.values())]


def _count_uploads(session_id: str) -> int:
    """How many files the server holds for a session."""
    return len(_files().get(session_id, ()))


def _files() -> dict:
    """Records of Streamlit's by session and file."""
    return getattr(runtime.get_instance().uploaded_file_mgr, "file_storage", {}) if runtime.exists() else {}


def _tell(session_id: str, sentence: str) -> None:
    """Let the page say what became of a file: its browser shows a number at most."""
    session = runtime.get_instance().get_app_session(session_id) if runtime.exists() else None
    if session is not None:
        _held.turn_away(session_id, sentence)
        session.request_rerun(None)
