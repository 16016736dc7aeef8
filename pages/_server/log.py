"""What strangers do wrong fills no disk.

The same fault is told in full once, and then in a line, at most sixty times a minute; the same warning or
remark is told once a minute. What strangers wrote stands there cut, and can neither begin a line of its own
nor steer a terminal.

Streamlit writes a traceback of thirty lines whenever a browser says of a control what no control says, and a
program can say that forty times a second.
"""

import logging
import math
import time
import traceback
from collections.abc import Callable, Hashable

PARTS = ("streamlit", "uvicorn", "websockets", "pages._server")
"""Whose lines these are, with all that is below; each part of Streamlit writes for itself."""

_BEGINNINGS = tuple(f"{part}." for part in PARTS)

AS_IT_IS = "uvicorn.access"
"""What is made of parts when it is written, and is off."""

MAX_KNOWN = 1000
"""Faults that are known; there are not many places."""

WARNING_SECONDS = 60.0
"""How long a warning or a remark that was told is not told again."""

MAX_LINE, MAX_TEXT = 300, 2000
"""Characters of a line, and of a text of several: what a stranger wrote may be in it."""

MOST_LINES = 60
"""Lines of a fault that was told in full, in ``WARNING_SECONDS``."""


class OnceInFull(logging.Filter):
    """Shortens the traceback of a fault that was told before; leaves out other lines that just were."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._known: set[Hashable] = set()
        self._told: dict[Hashable, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Let through what is new, and of faults more, without what would steer a log; see ``logging``."""
        error, said = record.exc_info[1] if record.exc_info else None, str(record.msg)
        record.msg, record.args = "%s", (_clean_text(record),)
        if error is None:
            return self._may_tell(said, MOST_LINES if record.levelno > logging.WARNING else 1)
        fault = _place(error)
        if fault not in self._known:
            if len(self._known) < MAX_KNOWN:
                self._known.add(fault)
            record.exc_text = _in_full(error)
            return True
        record.args = (f"{record.getMessage()}: {_line(error)}",)
        record.exc_info = record.exc_text = None
        return self._may_tell(fault, MOST_LINES)

    def _may_tell(self, said: Hashable, most: int) -> bool:
        """Whether of this, without what a stranger said, less than the most was told in the last minute."""
        now = self._clock()
        since, count = self._told.get(said, (-math.inf, 0))
        if now - since >= WARNING_SECONDS:
            since, count = now, 0
        if len(self._told) >= MAX_KNOWN and said not in self._told:
            self._told.clear()
        self._told[said] = since, count + 1
        return count < most


def _place(error: BaseException) -> Hashable:
    """The kind of a fault and where it was met."""
    frames = traceback.extract_tb(error.__traceback__)
    return type(error), (frames[-1].filename, frames[-1].lineno) if frames else None


def _in_full(error: BaseException) -> str:
    """A traceback, and those of what led to it, each with its last line cut and clean."""
    told, seen = list[str](), set[int]()
    one: BaseException | None = error
    while one is not None and id(one) not in seen and len(seen) < 5:
        seen.add(id(one))
        told.insert(0, "".join(traceback.format_tb(one.__traceback__, -50)) + _line(one))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\nwhich led to:\n".join(told)


def _line(error: BaseException) -> str:
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # faults of libraries that cannot be written
        text = type(error).__name__
    return _clean(text[:MAX_LINE])


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)


def _clean_text(record: logging.LogRecord) -> str:
    """What a record says; further lines are indented, so that none looks like a record of its own."""
    try:
        text = record.getMessage()
    except Exception:  # parts that do not fit into it
        text = str(record.msg)
    return "\n    ".join(map(_clean, text[:MAX_TEXT].splitlines()))


def shorten() -> None:
    """Let repeated faults be told in a line, wherever there is a log by now; again if there are more."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if (
            name == AS_IT_IS
            or not f"{name}.".startswith(_BEGINNINGS)
            or not isinstance(logger, logging.Logger)
        ):
            continue
        if not any(isinstance(one, OnceInFull) for one in logger.filters):
            logger.addFilter(OnceInFull())
