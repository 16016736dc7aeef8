"""Which picture the pages work on: a visitor's own, one behind a link, or a sample."""

import hashlib
from typing import Any

from pages import _cache, _state
from quantize import Picture, QuantizeError
from quantize.samples import find_sample
from quantize.selection import require_visible


def current() -> tuple[Picture, str]:
    """Return the picture that every page works on, and its name."""
    own = _state.upload()
    if own is not None:
        return _cache.picture(own.data, own.digest), own.name
    linked = _state.linked()
    if linked is not None:
        return _cache.shared_picture(linked.id), linked.name
    key = _state.sample()
    return _cache.sample(key), find_sample(key).title


def take(widget: str, file: Any) -> None:
    """Make a newly given file the current picture, or say what is wrong with it and keep the old one.

    A visitor who goes on at once ends this run anywhere: the file counts as seen when all is done.
    """
    if file is None or _state.is_seen(widget, file.file_id):
        return
    data = _state.content(file)
    digest = hashlib.sha256(data).hexdigest()
    try:
        require_visible(_cache.picture(data, digest))
    except QuantizeError as error:
        _state.set_problem(f"{file.name}: {error}")
    else:
        _state.set_problem(None)
        _state.show_upload(_state.Upload(file.name, data, digest))
    _state.mark_seen(widget, file.file_id)
    _state.release(file)
