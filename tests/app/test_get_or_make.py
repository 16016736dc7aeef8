"""Whatever is made for visitors is made once, in turn, and kept no longer than somebody uses it."""

import threading
import time

import pytest

from pages._cache.cache import STRAY, Cache, Visits
from pages._cache.queue import Queue, Work
from pages._cache.store import Store
from quantize import QuantizeError

PATIENCE = 20
NOBODY = Visits()


class Stage:
    """Whose work a thread does, and what those are told who ask."""

    def __init__(self) -> None:
        self.here = threading.local()
        self.opened: list[str] = []
        self.said: list[object] = []
        self.visits = Visits(
            current=lambda: getattr(self.here, "name", None),
            opened=self.opened.append,
            show_waiting=self.said.append,
            clear_waiting=lambda: self.said.append("clear"),
        )


@pytest.fixture
def stage() -> Stage:
    return Stage()


def new_cache(visits: Visits = NOBODY, seconds: float = 60) -> Cache:
    return Cache(Store(1000), Store(300), Queue(1, seconds), visits)


@pytest.fixture
def cache(stage) -> Cache:
    return new_cache(stage.visits)


def test_what_is_there_is_not_made_again(cache):
    assert cache.get_or_make("key", lambda: b"made") == b"made"
    assert cache.get_or_make("key", lambda: pytest.fail("it was there")) == b"made"


def test_what_fails_is_not_kept_and_gives_its_place_back(cache):
    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("key", lambda: 1 // 0)
    assert cache.get_or_make("key", lambda: b"good") == b"good"


def test_heavy_work_made_of_heavy_work_does_not_wait_for_itself(cache):
    assert cache.get_or_make("a", lambda: cache.get_or_make("b", lambda: b"b") + b"a") == b"ba"
    assert cache.has("a")
    assert cache.has("b")


def test_within_a_turn_nothing_waits_for_who_makes_the_same(cache):
    """The other may be waiting for this very turn."""
    inside, go = threading.Event(), threading.Event()

    def light() -> bytes:
        inside.set()
        go.wait(PATIENCE)
        return cache.get_or_make("heavy", lambda: b"other")

    other = threading.Thread(target=cache.get_or_make, args=("light", light), kwargs={"work": None})
    other.start()
    inside.wait(PATIENCE)
    assert cache.get_or_make("mine", lambda: cache.get_or_make("light", lambda: b"own")) == b"own"
    go.set()
    other.join(PATIENCE)
    assert not other.is_alive()


def test_many_who_ask_at_once_get_what_one_has_made(cache, stage):
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        time.sleep(0.05)
        return b"made"

    def ask(name: str) -> None:
        stage.here.name = name
        cache.get_or_make("key", make)

    threads = [threading.Thread(target=ask, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert made == [1]
    for name in "abcd":
        assert cache.has("key")
        cache.closed(name)
    assert not cache.has("key")
    assert sorted(stage.opened) == list("abcd")


def held_by(cache: Cache, visitor: str) -> set[object]:
    """Keys of what a visitor holds, in both stores."""
    stores = cache.main, cache.apart
    return {
        key for store in stores for key, entry in store.list_entries().items() if visitor in entry.visitors
    }


WAYS = {
    "main": lambda cache: cache.get_or_make("key", lambda: b"made"),
    "apart": lambda cache: cache.get_or_make("key", lambda: b"made", apart=True),
    "light": lambda cache: cache.get_or_make("key", lambda: b"made", work=None),
    "within a job": lambda cache: cache.get_or_make("job", lambda: WAYS["main"](cache)),
    "apart within a job": lambda cache: cache.get_or_make("job", lambda: WAYS["apart"](cache)),
    "within a turn": lambda cache: within_a_turn(cache, "main"),
    "apart within a turn": lambda cache: within_a_turn(cache, "apart"),
    "before a turn": lambda cache: cache.get_or_make("job", lambda: b"", opens=lambda: WAYS["light"](cache)),
    "everybody's": lambda cache: cache.get_or_make("key", lambda: b"made", everybodys=True),
    "a job that fails": lambda cache: failing(cache),
}


def within_a_turn(cache: Cache, way: str) -> bytes:
    with cache.turn():
        return WAYS[way](cache)


def failing(cache: Cache) -> None:
    def job() -> None:
        WAYS["main"](cache)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("job", job)


@pytest.mark.parametrize("way", WAYS)
def test_a_visit_is_told_of_after_its_visitor_has_got_something(way):
    """Also of those who are served from what others have made: nobody else is told of when they leave."""
    holding: list[tuple[str, set[object]]] = []
    here = threading.local()
    cache = new_cache(
        Visits(lambda: here.name, opened=lambda name: holding.append((name, held_by(cache, name))))
    )
    for name in ("maker", "other", "other"):
        here.name = name
        WAYS[way](cache)
        opened, held = holding[-1]
        assert opened == name
        assert held == held_by(cache, name)
        assert held or way == "everybody's"
    for name in ("maker", "other"):
        cache.closed(name)
        assert not held_by(cache, name)
    assert cache.has("key") == (way == "everybody's")


@pytest.mark.parametrize("way", [way for way in WAYS if way != "everybody's"])
def test_what_is_made_outside_of_visits_is_charged_to_strays_and_goes_with_the_next_visitor(way):
    cache = new_cache(Visits(opened=lambda name: pytest.fail("nobody is here")))
    WAYS[way](cache)
    assert "key" in held_by(cache, STRAY)
    cache.closed("somebody")
    assert not held_by(cache, STRAY)
    assert cache.main.n_bytes == cache.apart.n_bytes == 0


def test_what_is_everybodys_stays_and_what_was_made_outside_of_visits_goes_with_the_next(cache, stage):
    cache.get_or_make("sample", lambda: b"sample", everybodys=True)
    cache.get_or_make("card", lambda: b"card")
    stage.here.name = "one"
    cache.get_or_make("sample", lambda: pytest.fail("it was there"), everybodys=True)
    cache.get_or_make("own", lambda: b"own")
    cache.closed("one")
    assert cache.has("sample")
    assert not cache.has("own")
    assert not cache.has("card")


def test_who_waits_is_told_their_place_until_it_is_their_turn(cache, stage):
    inside, go = threading.Event(), threading.Event()

    def long() -> bytes:
        inside.set()
        go.wait(PATIENCE)
        return b"long"

    holder = threading.Thread(target=cache.get_or_make, args=("long", long))
    holder.start()
    inside.wait(PATIENCE)
    cache.get_or_make("short", lambda: b"short", checkpoint=lambda: go.set() if stage.said else None)
    holder.join(PATIENCE)
    assert stage.said[0] == 0
    assert stage.said[-1] == "clear"
    stage.said.clear()
    cache.get_or_make("alone", lambda: b"alone")
    assert stage.said == []


def test_work_that_takes_too_long_ends_at_its_checkpoint():
    cache = new_cache(seconds=-1)
    with pytest.raises(QuantizeError, match="took longer"):
        cache.get_or_make("key", cache.timed(lambda: None))


def test_what_work_is_made_of_is_opened_before_its_turn_unless_it_is_within_one(cache):
    opened: list[bool] = []

    def get(key: str) -> None:
        cache.get_or_make(key, lambda: b"", work=Work.QUICK, opens=lambda: opened.append(cache.is_in_turn))

    get("first")
    get("first")
    assert opened == [False]
    with cache.turn():
        get("second")
    assert opened == [False]
