"""Files that are made when they are asked for can be asked for while their page is drawn anew.

Each run of a page gives such a file another id and forgets the one before, and whoever's run ends anywhere
forgets those of pages that are being drawn. A click in that moment, before the browser has heard of the new
id, got nothing. So a button keeps its id, and the ids of a page stay until its own run has ended.

What was made is forgotten after two runs of anybody, on a busy server before its browser has come for it. So
it stays for a while, the last ones of each button.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

from streamlit.runtime import exists, get_instance
from streamlit.runtime.media_file_manager import DeferredCallableEntry, MediaFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

HOLD_SECONDS = 30.0
"""So long what was made can be fetched at least, whatever its visitor does meanwhile."""

HELD = 3
"""Files of one button: who clicks quickly while the page changes gets each of them."""

HELD_BYTES = 64 * 2**20
"""Of all visitors together; the oldest give way, and go when Streamlit forgets them, as longer ones do."""

_find_unused = MediaFileManager._get_inactive_file_ids


class _Made(NamedTuple):
    """A file that was made by a click."""

    session: str
    button: str
    file_id: str
    until: float
    n_bytes: int


_held: list[_Made] = []
"""The oldest first; under their manager's lock."""


def keep_ids() -> None:
    """Let buttons keep the ids of their files, as long as their pages show them."""
    MediaFileManager.add_deferred = _add  # type: ignore[method-assign, assignment]
    MediaFileManager._remove_orphaned_deferred_callables = _forget  # type: ignore[method-assign, assignment]
    MediaFileManager._get_inactive_file_ids = _find_given_up  # type: ignore[method-assign, assignment]


def hold(manager: MediaFileManager, data: bytes, name: str, mime: str, button: str) -> None:
    """Keep a file that was made for the visitor of this thread, unless they have left meanwhile."""
    context = get_script_run_ctx(suppress_warning=True)
    assert context is not None
    session = context.session_id
    url = manager.add(data, mime, button, name, is_for_static_download=True)
    file_id = url.rpartition("/")[2].partition(".")[0]
    with manager._lock:
        if _is_here(session):
            _keep(_Made(session, button, file_id, time.monotonic() + HOLD_SECONDS, len(data)))
            return
        # Nobody will clear what was begun after their end. A run that began meanwhile has cleared it already.
        files = manager._files_by_session_and_coord.pop(session, {})
        files.pop(button, None)
        if files:
            manager._files_by_session_and_coord[session] = files


def _keep(made: _Made) -> None:
    if made.n_bytes > HELD_BYTES:  # it would take the place of all others'
        return
    of_button = [one for one in _held if one[:2] == made[:2]]
    before = [one for one in of_button if one.file_id != made.file_id]
    left = [*(one for one in _held if one not in of_button), *before[1 - HELD :], made]
    left.sort(key=lambda one: one.until)
    while sum(one.n_bytes for one in left) > HELD_BYTES:
        left.pop(0)
    _held[:] = left


def _find_given_up(manager: MediaFileManager) -> set[str]:
    """``MediaFileManager._get_inactive_file_ids``, without those that are held."""
    now = time.monotonic()
    _held[:] = [one for one in _held if one.until >= now and _is_here(one.session)]
    return _find_unused(manager).difference(one.file_id for one in _held)


def _add(
    manager: MediaFileManager,
    data_callable: Callable[[], Any],
    mimetype: str | None,
    coordinates: str,
    file_name: str | None = None,
    *,
    element_id: str = "",
) -> str:
    """``MediaFileManager.add_deferred``, with the id that the button had."""
    context = get_script_run_ctx(suppress_warning=True)
    session = context.session_id if context is not None else ""
    entry: DeferredCallableEntry = {
        "callable": data_callable, "mimetype": mimetype, "filename": file_name, "coordinates": coordinates,
        "session_id": session, "element_id": element_id,
    }  # fmt: skip
    with manager._lock:
        mine, entries = manager._deferred_ids_by_session, manager._deferred_callables
        had = (one for one in mine.get(session, ()) if entries[one]["element_id"] == element_id)
        file_id = (next(had, None) if element_id else None) or uuid4().hex
        if not _is_overtaken():  # its buttons are old, and no browser hears of them
            entries[file_id] = entry
            mine[session].add(file_id)
            manager._files_by_session_and_coord[session][coordinates] = file_id
    return file_id


def _forget(manager: MediaFileManager) -> None:
    """``MediaFileManager._remove_orphaned_deferred_callables``, but of no page that is being drawn."""
    context = get_script_run_ctx(suppress_warning=True)
    drawn = context.session_id if context is not None and not _is_overtaken() else None
    shown = {one for files in manager._files_by_session_and_coord.values() for one in files.values()}
    for file_id, entry in list(manager._deferred_callables.items()):
        session = entry["session_id"]
        if file_id not in shown and (session == drawn or not _is_here(session)):
            manager._drop_deferred_id(file_id)


def _is_overtaken() -> bool:
    """Whether the run of this thread has been told to stop."""
    context = get_script_run_ctx(suppress_warning=True)
    requests = context.script_requests if context is not None else None
    return requests is not None and requests._state is ScriptRequestType.STOP


def _is_here(session_id: str) -> bool:
    return exists() and bool(get_instance().is_active_session(session_id))
