"""What strangers do wrong fills no disk: the same fault is told in full once, and then in a line; the same
warning or remark is told once a minute.

Streamlit writes a traceback of thirty lines whenever a browser says of a control what no control says, and a
program can say that forty times a second.
"""

import logging
import math
import time
import traceback
from collections.abc import Callable, Hashable

LOGGERS = (
    "streamlit.error_util",
    "streamlit.runtime.app_session",
    "streamlit.web.server.starlette.starlette_websocket",
    "uvicorn.error",
    "pages._server.frames",
    "pages._server.sockets",
)
"""Where faults of what came from outside are told."""

MAX_KNOWN = 1000
"""Faults that are known; there are not many places."""

WARNING_SECONDS = 60.0
"""How long a warning or a remark that was told is not told again."""

MAX_LINE = 300
"""Characters of a line: what a stranger wrote may be in it."""


class OnceInFull(logging.Filter):
    """Shortens the traceback of a fault that was told before; leaves out other lines that just were."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._known: set[Hashable] = set()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every fault through, and a warning or remark that is new; see ``logging``."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            fault = _place(error)
            if fault in self._known:
                record.msg, record.args = "%s: %s", (record.getMessage(), _line(error))
                record.exc_info = record.exc_text = None
            elif len(self._known) < MAX_KNOWN:
                self._known.add(fault)
        return error is not None or record.levelno > logging.WARNING or self._is_new(str(record.msg))

    def _is_new(self, warning: str) -> bool:
        """Whether a warning, without what a stranger said, was not told in the last minute."""
        now = self._clock()
        if now - self._told.get(warning, -math.inf) < WARNING_SECONDS:
            return False
        if len(self._told) >= MAX_KNOWN:
            self._told.clear()
        self._told[warning] = now
        return True


def _place(error: BaseException) -> Hashable:
    """The kind of a fault and where it was met."""
    frames = traceback.extract_tb(error.__traceback__)
    return type(error), (frames[-1].filename, frames[-1].lineno) if frames else None


def _line(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}"[:MAX_LINE]
    return "".join(char if char.isprintable() else "?" for char in text)


def shorten() -> None:
    """Let repeated faults be told in a line; once, before anybody is served."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, OnceInFull) for one in logger.filters):
            logger.addFilter(OnceInFull())
