"""Which picture the pages work on: a visitor's own, one behind a link, or a sample."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages import _cache, _held, _looked_at, _state
from pages._references import Key, Lost, PictureRef
from pages._visit import Upload
from quantize import QuantizeError
from quantize.decoding.samples import find_sample
from quantize.selection import require_visible


def current() -> tuple[PictureRef, str]:
    """Return the picture that every page works on, and its name.

    Raises
    ------
    Lost
        If it cannot be had any more.
    """
    own = _looked_at.upload()
    if own is not None:
        return _get(("picture", own.digest), lambda: _cache.picture(own.data, own.digest)), own.name
    linked = _looked_at.linked()
    if linked is not None:
        return _get(("shared", linked.id), lambda: _cache.shared_picture(linked.id)), linked.name
    key = _looked_at.sample()
    return _cache.sample(key), find_sample(key).title


def _get(key: Key, get: Callable[[], PictureRef]) -> PictureRef:
    try:
        return get()
    except QuantizeError as error:
        raise Lost(key, error) from error


@contextmanager
def replacing_lost() -> Iterator[None]:
    """Start over with a sample where the visitor's picture turns out to be gone."""
    try:
        yield
    except Lost as lost:
        if not give_up(lost):
            raise
        st.rerun()


def give_up(lost: Lost) -> bool:
    """Show a sample from the next run on and say why; False if the visitor has another picture."""
    if not _looked_at.is_current(lost.key):
        return False
    reason = str(lost)
    news = f"{reason[0].upper()}{reason[1:]}. Here is a sample instead; what you chose stays."
    _looked_at.lose_picture(lost.key, news)
    return True


def take(widget: str, file: Any) -> None:
    """Make a newly given file the current picture, or say what is wrong with it and keep the old one.

    A visitor who goes on at once ends this run anywhere: the file counts as seen when all is done.
    """
    if file is None or _state.is_seen(widget, file.file_id):
        return
    data = _content(file)
    digest = hashlib.sha256(data).hexdigest()
    try:
        require_visible(_cache.picture(data, digest))
    except (QuantizeError, Lost) as error:
        _state.remembered().problem = f"{file.name}: {error}"
    else:
        _state.remembered().problem = None
        _looked_at.show_upload(Upload(file.name, data, digest))
    _state.mark_seen(widget, file.file_id)
    _release(file)


def hear_refusal() -> None:
    """Say of a file that it was turned away before it came here, if one was."""
    refusal = _held.find_refusal(_state.visitor())
    if refusal:
        _state.remembered().problem = f"{refusal}."


def _content(file: Any) -> bytes:
    """Bytes of a file that was just given: Streamlit's own where they are, as what it hands out is a copy."""
    context = get_script_run_ctx(suppress_warning=True)
    held = context.uploaded_file_mgr.get_files(context.session_id, [file.file_id]) if context else []
    return held[0].data if held else file.getvalue()


def _release(file: Any) -> None:
    """Let Streamlit forget a file that was taken; else it would keep two more copies of it."""
    context = get_script_run_ctx(suppress_warning=True)
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
