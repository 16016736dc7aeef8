"""Sessions that lost their connection are closed when nobody can come back to them any more.

Streamlit keeps such a session for a while, and then forgets it when another one comes or goes: on a server
that everybody has left, uploads would stay in memory for as long as it stays alone.
"""

import asyncio
from collections.abc import Callable

import streamlit as st
from streamlit.runtime import exists, get_instance

EARLIER_SECONDS = 1.0
"""So long before Streamlit's own time is up, as after it the session cannot be found."""

_timers: dict[str, asyncio.TimerHandle] = {}


def close_later(session_id: str, done: Callable[[], None]) -> None:
    """Close a session that was just disconnected, unless it comes back in time; called on the event loop.

    Parameters
    ----------
    session_id : str
        Of Streamlit.
    done : callable
        Called when it was closed.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return  # no server: tests that run pages alone
    known = _timers.pop(session_id, None)
    if known:
        known.cancel()
    seconds = max(0.0, float(st.get_option("server.disconnectedSessionTTL") or 0) - EARLIER_SECONDS)
    _timers[session_id] = loop.call_later(seconds, _close, session_id, done)


def _close(session_id: str, done: Callable[[], None]) -> None:
    _timers.pop(session_id, None)
    if exists() and not get_instance().is_active_session(session_id):
        get_instance().close_session(session_id)
        done()
