"""Whatever is made for visitors is made once, in turn, and kept no longer than somebody uses it."""

import threading
import time
from collections.abc import Iterator

import pytest

from pages import _waiting
from pages._cache import keeper as _keeper
from pages._cache.greedy_dual import Store
from pages._cache.keeper import Keeper
from pages._cache.queue import Queue
from quantize import QuantizeError

PATIENCE = 20


@pytest.fixture
def visitor(monkeypatch) -> Iterator[threading.local]:
    """Whose work a thread does, and that nobody moves on."""
    local = threading.local()
    monkeypatch.setattr(_keeper._state, "visitor", lambda: getattr(local, "name", None))
    monkeypatch.setattr(_keeper._state, "checkpoint", lambda: lambda: None)
    return local


@pytest.fixture
def greeted() -> list[str]:
    return []


@pytest.fixture
def keeper(visitor, greeted) -> Keeper:
    return Keeper(Store(1000), Queue(1, 60), Store(300), greeted.append)


def test_what_is_there_is_not_made_again(keeper):
    assert keeper.get_or_make("key", lambda: b"made") == b"made"
    assert keeper.get_or_make("key", lambda: pytest.fail("it was there")) == b"made"


def test_what_fails_is_not_kept_and_gives_its_place_back(keeper):
    with pytest.raises(ZeroDivisionError):
        keeper.get_or_make("key", lambda: 1 // 0)
    assert keeper.get_or_make("key", lambda: b"good") == b"good"


def test_heavy_work_made_of_heavy_work_does_not_wait_for_itself(keeper):
    assert keeper.get_or_make("a", lambda: keeper.get_or_make("b", lambda: b"b") + b"a") == b"ba"
    assert keeper.store.has("a")
    assert keeper.store.has("b")


def test_within_a_turn_nothing_waits_for_who_makes_the_same(keeper):
    """The other may be waiting for this very turn."""
    inside, go = threading.Event(), threading.Event()

    def light() -> bytes:
        inside.set()
        go.wait(PATIENCE)
        return keeper.get_or_make("heavy", lambda: b"other")

    other = threading.Thread(target=keeper.get_or_make, args=("light", light), kwargs={"work": None})
    other.start()
    inside.wait(PATIENCE)
    assert keeper.get_or_make("mine", lambda: keeper.get_or_make("light", lambda: b"own")) == b"own"
    go.set()
    other.join(PATIENCE)
    assert not other.is_alive()


def test_many_who_ask_at_once_get_what_one_has_made(keeper, visitor, greeted):
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        time.sleep(0.05)
        return b"made"

    def ask(name: str) -> None:
        visitor.name = name
        keeper.get_or_make("key", make)

    threads = [threading.Thread(target=ask, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert made == [1]
    for name in "abcd":
        assert keeper.store.has("key")
        keeper.see_off(name)
    assert not keeper.store.has("key")
    assert sorted(greeted) == list("abcd")


def held_by(keeper: Keeper, visitor: str) -> set[object]:
    """Keys of what a visitor holds, in both rooms."""
    rooms = keeper.store, keeper._hand
    return {key for room in rooms for key, entry in room._entries.items() if visitor in entry.visitors}


WAYS = {
    "get": lambda keeper: keeper.get_or_make("key", lambda: b"made"),
    "at hand": lambda keeper: keeper.at_hand("key", lambda: b"made"),
    "get within a job": lambda keeper: keeper.get_or_make("job", lambda: WAYS["get"](keeper)),
    "at hand within a job": lambda keeper: keeper.get_or_make("job", lambda: WAYS["at hand"](keeper)),
    "get within a turn": lambda keeper: within_a_turn(keeper, "get"),
    "at hand within a turn": lambda keeper: within_a_turn(keeper, "at hand"),
    "light within nothing": lambda keeper: keeper.get_or_make("key", lambda: b"made", work=None),
    "nobody's": lambda keeper: keeper.get_or_make("key", lambda: b"made", nobodys=True),
    "a job that fails": lambda keeper: failing(keeper),
}


def within_a_turn(keeper: Keeper, way: str) -> bytes:
    with keeper.turn():
        return WAYS[way](keeper)


def failing(keeper: Keeper) -> None:
    def job() -> None:
        WAYS["get"](keeper)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keeper.get_or_make("job", job)


@pytest.mark.parametrize("way", WAYS)
def test_whoever_holds_anything_was_greeted_after_they_got_it(visitor, way):
    """Also those who are served from what others have made: Streamlit tells of nobody else that they left."""
    holding: list[tuple[str, set[object]]] = []
    keeper = Keeper(
        Store(1000), Queue(1, 60), Store(300), lambda name: holding.append((name, held_by(keeper, name)))
    )
    for name in ("maker", "other", "other"):
        visitor.name = name
        WAYS[way](keeper)
        greeted, held = holding[-1]
        assert greeted == name
        assert held == held_by(keeper, name)
        assert held or way == "nobody's"
    for name in ("maker", "other"):
        keeper.see_off(name)
        assert not held_by(keeper, name)
    assert keeper.store.has("key") == (way == "nobody's")
    assert not keeper._hand.has("key")


@pytest.mark.parametrize("way", [way for way in WAYS if way != "nobody's"])
def test_what_is_made_outside_of_visits_is_charged_to_strays_and_goes_with_the_next_visitor(visitor, way):
    keeper = Keeper(Store(1000), Queue(1, 60), Store(300), lambda name: pytest.fail("nobody is here"))
    WAYS[way](keeper)
    assert "key" in held_by(keeper, _keeper.STRAY)
    keeper.see_off("somebody")
    assert not held_by(keeper, _keeper.STRAY)
    assert keeper.store.n_bytes == keeper._hand.n_bytes == 0


def test_what_belongs_to_nobody_stays_and_what_was_made_outside_of_visits_goes_with_the_next(keeper, visitor):
    keeper.get_or_make("sample", lambda: b"sample", nobodys=True)
    keeper.get_or_make("card", lambda: b"card")
    visitor.name = "one"
    keeper.get_or_make("sample", lambda: pytest.fail("it was there"), nobodys=True)
    keeper.get_or_make("own", lambda: b"own")
    keeper.see_off("one")
    assert keeper.store.has("sample")
    assert not keeper.store.has("own")
    assert not keeper.store.has("card")


def test_who_waits_is_told_their_place_until_it_is_their_turn(keeper, monkeypatch):
    said: list[object] = []
    monkeypatch.setattr(_waiting, "show", said.append)
    monkeypatch.setattr(_waiting, "clear", lambda: said.append("clear"))
    inside, go = threading.Event(), threading.Event()

    def long() -> bytes:
        inside.set()
        go.wait(PATIENCE)
        return b"long"

    holder = threading.Thread(target=keeper.get_or_make, args=("long", long))
    holder.start()
    inside.wait(PATIENCE)
    keeper.get_or_make("short", lambda: b"short", checkpoint=lambda: go.set() if said else None)
    holder.join(PATIENCE)
    assert said[0] == 0
    assert said[-1] == "clear"
    said.clear()
    keeper.get_or_make("alone", lambda: b"alone")
    assert said == []


def test_work_that_takes_too_long_ends_at_its_checkpoint(visitor, monkeypatch):
    keeper = Keeper(Store(1000), Queue(1, -1), Store(300), lambda visitor: None)
    with pytest.raises(QuantizeError, match="took longer"):
        keeper.get_or_make("key", keeper.timed(lambda: None))


def test_what_a_job_has_got_it_has_until_its_end(visitor):
    """Else pixels that no store can hold would be decoded at every step."""
    keeper, made = Keeper(Store(100), Queue(1, 60), Store(100), lambda visitor: None), []

    def pixels() -> bytes:
        made.append("pixels")
        return bytes(5000)

    def cells() -> bytes:
        made.append("cells")
        return bytes(5000)

    def job() -> bytes:
        for _ in range(3):
            assert keeper.get_or_make("pixels", pixels) == bytes(5000)
            assert keeper.at_hand("cells", cells) == bytes(5000)
        return b"done"

    assert keeper.get_or_make("job", job) == b"done"
    assert made == ["pixels", "cells"]
    with keeper.turn():
        job()
    assert made == ["pixels", "cells"] * 2
    with pytest.raises(ZeroDivisionError), keeper.turn():
        _ = 1 // 0
    keeper.get_or_make("pixels", pixels)
    assert len(made) == 5
