"""The one cache of this server: bound to Streamlit's sessions, and warmed up in the background."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

import quantize
from pages import _host, _state, _waiting
from pages._cache import departures
from pages._cache.cache import Cache, Visits
from pages._cache.memory import give_back_early, set_modules_aside, tidy_up
from pages._cache.pictures import Pictures
from pages._cache.queue import Queue
from pages._cache.results import Results
from pages._cache.shares import share_store
from pages._cache.start import Start
from pages._cache.store import Store
from quantize import QuantizeError
from quantize.decoding import worker

# Of six pictures of 12 megapixels; three or four are worked on at once.
APART = 0.25
"""Share of the cache for the colours of pictures."""


@dataclass(frozen=True)
class Bound:
    """The cache, and what knows how pictures and results are made and kept in it."""

    cache: Cache
    pictures: Pictures
    results: Results


@st.cache_resource(show_spinner=False)
def bound() -> Bound:
    """Everything that this server keeps."""
    n_bytes, share = _host.number("QUANTIZE_CACHE_MB") * 2**20, _host.number("QUANTIZE_VISITOR_MB") * 2**20
    apart = round(n_bytes * APART)
    queue = Queue(_host.number("QUANTIZE_HEAVY_JOBS"), _host.number("QUANTIZE_JOB_SECONDS"))
    visits = Visits(_state.visitor, _state.checkpoint, _visit, _waiting.show, _waiting.clear)
    cache = Cache(Store(n_bytes - apart, share), Store(apart), queue, visits)
    pictures = Pictures(cache)
    return Bound(cache, pictures, Results(cache, pictures))


def _close(visitor: str) -> None:
    bound().cache.closed(visitor)
    _tidy_up()
    departures.close_later(visitor, _tidy_up)


def _tidy_up() -> None:
    tidy_up(worker.rest)


@st.cache_resource(show_spinner=False, scope="session", on_release=_close)
def _visit(visitor: str) -> str:
    """Streamlit releases this when its session has lost its connection."""
    return visitor


@st.cache_resource(show_spinner=False)
def warm_up() -> Start:
    """Compile and load what the first visitor would wait for, in the background, once for each server."""
    give_back_early()
    # A loop that comes back from its threads waits until a visitor's script lets go of the interpreter: at
    # most so long, instead of 5 ms, dozens of times in a fit.
    sys.setswitchinterval(0.0005)
    return Start(_warm_up)


def _prepare_pages() -> None:
    worker.start(_host.number("QUANTIZE_HEAVY_JOBS"))


def _warm_up(report: Callable[[float], object]) -> None:
    # Beside it, as this waits for processes to start while others could compile already.
    threading.Thread(target=_prepare_pages, name="prepare", daemon=True).start()
    quantize.warm(report)
    store = share_store()
    if store is not None:
        with suppress(QuantizeError):  # said in the log; whoever opens a link hears of it too
            store.sweep()
    set_modules_aside()
