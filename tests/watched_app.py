"""The app with one more address, which tells what its server holds. Started by tests as another program."""

import sys
import threading
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.runtime import get_instance

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pages import _cache  # noqa: E402
from pages._server import frames, server  # noqa: E402
from quantize.decoding import worker  # noqa: E402


def held(_: Request) -> JSONResponse:
    """Sessions with a connection and without, files, bytes in the cache, those that visitors own, those that
    sockets hold, names of threads, and how many processes wait for files to read.
    """
    runtime, rooms = get_instance(), (_cache.binding.bound().cache.main, _cache.binding.bound().cache.apart)
    entries = [entry for room in rooms for entry in room.list_entries().values()]
    return JSONResponse(
        {
            "sessions": len(runtime._session_mgr.list_active_sessions()),
            # Without a look through Streamlit's eyes, which would make it forget those whose time is up.
            "kept sessions": len(runtime._session_mgr._session_storage._cache._data),
            "uploads": sum(len(files) for files in runtime.uploaded_file_mgr.file_storage.values()),
            "bytes": sum(entry.n_bytes for entry in entries),
            "own": sum(entry.n_bytes for entry in entries if entry.visitors),
            "said": frames.held.total,
            "threads": [thread.name for thread in threading.enumerate()],
            "readers": len(worker._workers.pids),
        }
    )


parts = server.parts()
app = st.App(ROOT / "app.py", **{**parts, "routes": [*parts["routes"], Route("/held", held)]})
