"""Files that visitors give: each is a picture for their tray, or a palette, whatever its name says."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages import _cache, _held, _host, _looked_at, _palette_files, _state, _widgets, _words
from pages._names import readable, shorten
from pages._references import Lost
from pages._tray import Upload
from quantize import QuantizeError
from quantize.decoding.frames import moves
from quantize.errors import too_many_mb
from quantize.selection import require_visible


def take(files: Sequence[Any], into_table: bool = False) -> None:
    """Take newly given files one by one: the first picture among them becomes the current one.

    A palette is pinned on the palette page, or becomes the table of one's own palette.

    A visitor who goes on at once ends this run anywhere: a file counts as taken when all is done with it, and
    the next run takes the rest.
    """
    new = [file for file in files if not _state.is_taken(file.file_id)]
    if not new:
        return
    given, line = _state.remembered().given, st.empty()
    given.begin([file.file_id for file in new])
    for number, file in enumerate(new):
        if len(new) > 1:
            line.progress(number / len(new), f"Reading file {number + 1} of {len(new)}")
        given.turn_to(file.file_id)
        _take(file, into_table)
        _state.mark_taken(file.file_id)
        release(file)
    given.is_over = True
    line.empty()
    # Where the picker is folded away nothing else is seen of it; else the page's style hides it (``em``).
    for sentence in (*given.say(), *given.news):
        st.toast(f"_{_widgets.plain(sentence)}_", duration="long")


def max_mb() -> int:
    """Longest file of a picture, in MB: as this host set it, and as its web server takes it."""
    return min(_host.number("QUANTIZE_FILE_MB"), int(st.get_option("server.maxUploadSize")))


def _take(file: Any, into_table: bool) -> None:
    """Take one file, or say what is wrong with it and leave everything as it is."""
    given, data, name = _state.remembered().given, _content(file), readable(file.name)
    try:
        if not _palette_files.is_palette_file(data, name):
            _take_picture(name, data)
        elif into_table:
            given.news += (_palette_files.lay_out(name, data),)
        else:
            said, given.colors = _palette_files.pin(name, data)
            given.news += (said,)
    except (QuantizeError, Lost) as error:
        given.problems += (f"{shorten(name)}: {_words.to_sentence(str(error))}",)


def _take_picture(name: str, data: bytes) -> None:
    """Put a picture into the tray, and show it if it is the first of those that were given at once.

    Raises
    ------
    QuantizeError, Lost
        If it is none that can be used, or there is no room for it.
    """
    given, tray = _state.remembered().given, _looked_at.tray()
    picture = Upload(name, data, hashlib.sha256(data).hexdigest())
    if len(data) > max_mb() * 2**20:
        raise QuantizeError(
            f"picture must be at most {max_mb()} MB, got {too_many_mb(len(data))}: scale it down first"
        )
    if tray.find(picture.key) is None:
        problem = tray.problem(data, _host.number("QUANTIZE_PICTURES_MB") * 2**20)
        if problem:
            raise QuantizeError(problem)
        found = _cache.picture(data, picture.digest)
        if not moves(found.notes):  # further frames may show what the first does not
            require_visible(found, soft=True)  # pages offer soft edges where nothing else is seen
        picture = replace(picture, icon=_cache.icon(found), opacity=found.opacity)
    if given.is_shown:
        tray.add(picture)
    else:
        _looked_at.show_upload(picture)
        given.is_shown = True


def hear_refusal() -> None:
    """Say of a file that it was turned away before it came here, if one was."""
    refusal = _held.find_refusal(_state.visitor())
    if refusal:
        _state.remembered().given.problems += (refusal,)


def _content(file: Any) -> bytes:
    """Bytes of a file that was just given: Streamlit's own where they are, as what it hands out is a copy."""
    context = get_script_run_ctx(suppress_warning=True)
    held = context.uploaded_file_mgr.get_files(context.session_id, [file.file_id]) if context else []
    return held[0].data if held else file.getvalue()


def release(file: Any) -> None:
    """Let Streamlit forget a file that was taken; else it would keep two more copies of it."""
    context = get_script_run_ctx(suppress_warning=True)
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
