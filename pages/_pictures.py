"""Which picture the pages work on: a visitor's own, one behind a link, or a sample."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from pages import _cache, _looked_at, _words
from pages._references import Key, Lost, PictureRef
from quantize import QuantizeError
from quantize.decoding.samples import find_sample


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
    news = f"{_words.to_sentence(str(lost))} Here is a sample instead; what you chose stays."
    _looked_at.lose_picture(lost.key, news)
    return True
