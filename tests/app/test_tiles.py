"""Many results of one picture at once: what each alone would be, for whom they are, and who ends them."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import numpy as np
import pytest

from pages import _cache
from pages._cache import binding, tiles
from pages._cache.cache import Cache, Visits
from pages._cache.pictures import Pictures
from pages._cache.queue import Queue
from pages._cache.results import Results
from pages._cache.store import Store
from pages._references import PictureRef, Source
from quantize import QuantizeError, Settings, load_picture
from quantize.settings import choose
from tests.degenerate import KINDS
from tests.pictures import noise, png, smooth

FOREVER = 3600.0


class Gone(BaseException):
    """As Streamlit's own: the visitor has moved on."""


@pytest.fixture(autouse=True)
def _two_threads(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "2")


@contextmanager
def own_cache(monkeypatch: pytest.MonkeyPatch, visitor: str | None = None) -> Iterator[Cache]:
    """A cache that holds nothing yet; ``visitor`` is known on this thread alone, as Streamlit's are."""
    mine = threading.get_ident()
    visits = Visits(lambda: visitor if threading.get_ident() == mine else None)
    cache = Cache(Store(2**26), Store(2**26), Queue(2, 60), visits)
    pictures = Pictures(cache)
    with monkeypatch.context() as patch:
        patch.setattr(binding, "bound", lambda: binding.Bound(cache, pictures, Results(cache, pictures)))
        yield cache


def referred(pixels: np.ndarray) -> PictureRef:
    data = png(pixels)
    source = Source(("picture", hashlib.sha256(data).hexdigest()), lambda: load_picture(data))
    return binding.bound().pictures.refer(source)


def wishes(*numbers: int, **others: object) -> list[Settings]:
    return [choose(Settings(), n_colors=number, **others) for number in numbers]


def told(version: _cache.Version | None) -> tuple:
    assert version is not None
    return version.png, version.result.palette.tolist(), asdict(version.metrics), version.size


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("space", ["BGR", "Oklab"])
def test_side_by_side_are_what_each_alone_is(kind, space, monkeypatch):
    rng = np.random.default_rng(5)
    pixels = kind.make(rng)
    n = len(np.unique(pixels.reshape(-1, 3), axis=0))
    wanted = wishes(*{min(256, max(1, k)) for k in (1, 2, n - 1, n, n + 1, 40)}, space=space)
    with own_cache(monkeypatch):
        together = [told(one) for one in _cache.versions(referred(pixels), wanted, _cache.nothing, FOREVER)]
    for settings, one in zip(wanted, together, strict=True):
        with own_cache(monkeypatch):
            assert told(_cache.version(referred(pixels), settings, _cache.nothing)) == one


def test_they_share_the_work_between_threads_and_ask_the_visitor_on_his_own(monkeypatch):
    threads, asked = set(), set()
    both = threading.Barrier(2, timeout=20)
    made = tiles._version

    def meet(*args):
        if threading.get_ident() not in threads:
            threads.add(threading.get_ident())
            both.wait()
        return made(*args)

    with own_cache(monkeypatch):
        ref = referred(smooth(60, 70))
        monkeypatch.setattr(tiles, "_version", meet)
        wanted = wishes(2, 3, 4, 5, 6, 7)
        assert all(_cache.versions(ref, wanted, lambda: asked.add(threading.get_ident()), FOREVER))
    assert len(threads) == 2
    assert asked == {threading.get_ident()}


def test_whoever_makes_them_they_are_kept_for_their_visitor(monkeypatch):
    with own_cache(monkeypatch, "ann") as cache:
        ref, wanted = referred(noise(40, 40)), wishes(2, 3, 4, 5, 6, 7, 8)
        assert all(_cache.versions(ref, wanted, _cache.nothing, FOREVER))
        entries = [entry for store in (cache.main, cache.apart) for entry in store.list_entries().values()]
        assert {owner for entry in entries for owner in entry.visitors} == {"ann"}
        cache.closed("ann")
        assert not any(tiles.is_ready(ref, settings) for settings in wanted)


def test_a_visitor_who_moves_on_ends_them_and_the_place_is_free(monkeypatch):
    with own_cache(monkeypatch) as cache:
        ref, wanted, calls = referred(noise(50, 50)), wishes(2, 3, 4, 5, 6, 7, 8, 9), []

        def move_on() -> None:
            calls.append(1)
            if len(calls) > 2:
                raise Gone

        with pytest.raises(Gone):
            _cache.versions(ref, wanted, move_on, FOREVER)
        assert not all(tiles.is_ready(ref, settings) for settings in wanted)
        assert set(cache._queue._busy.values()) == {0}
        assert not cache.is_in_turn
        assert all(_cache.versions(ref, wanted, _cache.nothing, FOREVER))


def test_without_patience_nothing_is_begun_and_what_is_there_is_returned(monkeypatch):
    with own_cache(monkeypatch):
        ref, wanted = referred(noise(30, 30)), wishes(2, 3, 4)
        assert _cache.versions(ref, wanted, _cache.nothing, 0.0) == [None] * 3
        one = _cache.version(ref, wanted[1], _cache.nothing)
        assert _cache.versions(ref, wanted, _cache.nothing, 0.0) == [None, one, None]


def test_to_wait_for_a_turn_costs_no_patience(monkeypatch):
    now = 0.0
    monkeypatch.setattr(tiles.time, "perf_counter", lambda: now)

    @contextmanager
    def late(*_):
        nonlocal now
        now += 100
        yield

    with own_cache(monkeypatch) as cache:
        ref = referred(noise(30, 30))
        monkeypatch.setattr(cache, "turn", late)
        monkeypatch.setattr(tiles, "_version", lambda source, settings, *_: settings.n_colors)
        assert _cache.versions(ref, wishes(2, 3, 4), _cache.nothing, 1.0) == [2, 3, 4]


def test_slow_ones_are_made_one_by_one_and_all_come_in_order(monkeypatch):
    with own_cache(monkeypatch):
        ref = referred(smooth(40, 50))
        wanted = [*wishes(2, 9, dither="bayer-4"), *wishes(3, 5), *wishes(4, method="octree")]
        found = _cache.versions(ref, wanted, _cache.nothing, FOREVER)
        assert [len(one.result.palette) for one in found if one] == [2, 9, 3, 5, 4]


def test_what_cannot_be_made_is_said_as_for_one(monkeypatch):
    with own_cache(monkeypatch):
        ref = referred(np.dstack([noise(9, 9), np.zeros((9, 9), np.uint8)]))
        with pytest.raises(QuantizeError, match="every pixel of the picture is fully transparent"):
            _cache.versions(ref, wishes(2, 3, 4), _cache.nothing, FOREVER)


def test_what_two_visitors_want_at_once_is_made_once(monkeypatch):
    fits, quantize = [], Results.quantize

    def counted(self, source, settings, *args, **more):
        fits.append(settings)
        return quantize(self, source, settings, *args, **more)

    with own_cache(monkeypatch):
        ref, wanted, found = referred(noise(60, 60)), wishes(2, 3, 4, 5), []
        monkeypatch.setattr(Results, "quantize", counted)

        def ask() -> None:
            found.append(_cache.versions(ref, wanted, _cache.nothing, FOREVER))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(found) == 3
        assert all(all(each) for each in found)
        assert len(fits) == len(wanted)
