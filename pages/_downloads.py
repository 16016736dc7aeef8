"""Buttons for files that are made when they are asked for."""

import threading
from collections.abc import Callable

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx


def offer(
    label: str,
    make: Callable[[], bytes],
    name: str,
    mime: str,
    *,
    icon: str | None = None,
    help: str | None = None,
    key: str | None = None,
) -> None:
    """Draw a button that downloads a file.

    Parameters
    ----------
    label : str
        What stands on it.
    make : callable
        Makes the file; called in a thread of no visitor when somebody clicks.
    name, mime : str
        Of the file.
    icon, help, key : str, optional
        As Streamlit takes them.
    """
    visit = get_script_run_ctx(suppress_warning=True)

    def make_and_hold() -> bytes:
        data = make()
        if visit is not None and exists():
            # Streamlit forgets such a file after two runs of anybody, which on a busy server is before its
            # visitor's browser has come for it. So it becomes a file of their session, until their next run.
            held = threading.Thread(target=_hold, args=(data, name, mime, f"download {label}"))
            add_script_run_ctx(held, visit)
            held.start()
            held.join()
        return data

    st.download_button(
        label, make_and_hold, name, mime, icon=icon, help=help, key=key, on_click="ignore"
    )  # fmt: skip


def _hold(data: bytes, name: str, mime: str, place: str) -> None:
    get_instance().media_file_mgr.add(data, mime, place, name, is_for_static_download=True)
