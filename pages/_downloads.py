"""Buttons for files that are made when they are asked for."""

import threading
from collections.abc import Callable

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import ScriptRunContext, add_script_run_ctx, get_script_run_ctx

from pages import _pictures
from pages._deferred import hold, keep_ids
from pages._references import Lost


def offer(
    label: str,
    make: Callable[[], bytes],
    name: str,
    mime: str,
    *,
    icon: str | None = None,
    help: str | None = None,
    key: str | None = None,
    first: bool = False,
) -> None:
    """Draw a button that downloads a file.

    Parameters
    ----------
    label : str
        What stands on it; another one on each button of a page that has no ``key``.
    make : callable
        Makes the file; called in a thread of no visitor when somebody clicks.
    name, mime : str
        Of the file.
    icon, help, key : str, optional
        As Streamlit takes them. The key keeps the button's file when its name or its help changes.
    first : bool
        Whether it is what a page is for.
    """
    visit = get_script_run_ctx(suppress_warning=True)

    def make_and_hold() -> bytes:
        try:
            data = make()
        except Lost as lost:
            if visit is not None and exists():
                _run_for(visit, _pictures.give_up, lost)
                _start_over(visit.session_id)
            raise
        if visit is not None and exists():
            _run_for(visit, _hold, data, name, mime, f"download {label}")
        return data

    st.download_button(
        label, make_and_hold, name, mime, icon=icon, help=help, key=key or f"download {label}",
        on_click="ignore", type="primary" if first else "secondary",
    )  # fmt: skip


def offer_made(label: str, data: bytes, name: str, mime: str, *, key: str) -> None:
    """Draw a button for a short file that is made already; it keeps the focus when it is clicked."""
    st.download_button(
        label, data, name, mime, icon=":material/download:", key=key, on_click="ignore"
    )  # fmt: skip


def _run_for(visit: ScriptRunContext, work: Callable[..., object], *args: object) -> None:
    """Do something in a visitor's session, from outside of their visit."""
    thread = threading.Thread(target=work, args=args)
    add_script_run_ctx(thread, visit)
    thread.start()
    thread.join()


def _start_over(session_id: str) -> None:
    """Run the page of a session again, as Streamlit does when its code changes: there is no public way."""
    found = get_instance()._session_mgr.get_active_session_info(session_id)
    if found is not None:
        session = found.session
        session._event_loop.call_soon_threadsafe(session.request_rerun, session._client_state)


def _hold(data: bytes, name: str, mime: str, place: str) -> None:
    hold(get_instance().media_file_mgr, data, name, mime, place)


keep_ids()
