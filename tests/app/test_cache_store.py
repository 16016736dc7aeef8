"""The store behind all pages: bounded, shared fairly, never wrong about what it holds, quick to make room.

``test_store.py`` is about shared pictures.
"""

import random
import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from heapq import heappop
from itertools import count

import pytest

from pages._cache import store as _store
from pages._cache.store import Store, size_of
from quantize import Picture
from tests.pictures import noise

VISITORS = (None, "one", "two", "three")


@dataclass(eq=False)
class Line:
    """An entry of the oracle."""

    key: int
    size: int
    seconds: float
    visitors: list[str]
    uses: int = 0
    rank: tuple[float, int] = (0.0, 0)


class Oracle:
    """The same map, slow and obvious: a list that is searched for everything."""

    def __init__(self, max_bytes: int, share: int) -> None:
        self.max_bytes, self.share = max_bytes, share
        self.lines: list[Line] = []
        self.clock, self.floor = count(), 0.0

    def use(self, line: Line) -> None:
        line.uses = min(8, line.uses + 1)
        line.rank = self.floor + line.uses * line.seconds / max(1, line.size), next(self.clock)

    def get(self, key: int, visitor: str | None) -> bool:
        for line in self.lines:
            if line.key == key:
                self.use(line)
                if line.visitors and visitor and visitor not in line.visitors:
                    line.visitors.append(visitor)
                return True
        return False

    def put(self, key: int, size: int, visitor: str | None, seconds: float) -> None:
        self.drop(key)
        if size > (self.max_bytes if visitor is None else self.share // 2):
            return
        while sum(line.size for line in self.lines) + size > self.max_bytes:
            least = min(self.may_go(size, visitor), key=lambda line: line.rank)
            self.floor = max(self.floor, least.rank[0])
            self.lines.remove(least)
        self.lines.append(Line(key, size, seconds, [visitor] if visitor else []))
        self.use(self.lines[-1])

    def may_go(self, size: int, visitor: str | None) -> list[Line]:
        owns = Counter({visitor: size})
        for line in self.lines:
            owns[line.visitors[0] if line.visitors else None] += line.size
        del owns[None]
        name, most = max(owns.items(), key=lambda item: item[1], default=(None, 0))
        return [line for line in self.lines if most <= self.share or line.visitors[:1] == [name]]

    def drop(self, key: int) -> None:
        self.lines = [line for line in self.lines if line.key != key]

    def release(self, visitor: str) -> None:
        alone = [line for line in self.lines if line.visitors == [visitor]]
        self.lines = [line for line in self.lines if line not in alone]
        for line in self.lines:
            line.visitors = [name for name in line.visitors if name != visitor]


@pytest.mark.parametrize("share", [3000, 1500, 700])
@pytest.mark.parametrize("seed", range(4))
def test_it_holds_what_the_rules_say_however_things_come_and_go(seed, share):
    dice = random.Random(seed)
    store, oracle = Store(3000, share=share), Oracle(3000, share)
    for _ in range(2000):
        key, visitor, what = dice.randrange(40), dice.choice(VISITORS), dice.random()
        if what < 0.5:
            assert (store.get(key, visitor) is not None) == oracle.get(key, visitor)
        elif what < 0.95:
            size, seconds = dice.randrange(600), dice.choice([0.0, dice.random()])
            store.put(key, bytes(size), visitor, seconds)
            oracle.put(key, size, visitor, seconds)
        elif what < 0.97:
            store.drop(key)
            oracle.drop(key)
        elif visitor:
            store.release(visitor)
            oracle.release(visitor)
        assert {key for key in range(40) if store.has(key)} == {line.key for line in oracle.lines}
        assert store.n_bytes == sum(line.size for line in oracle.lines) <= 3000
    for visitor in VISITORS[1:]:
        store.release(visitor)
    assert not any(entry.visitors for entry in store.list_entries().values())
    assert not store._accounts


def fill(store: Store, visitor: str | None, *keys: str, size: int = 200) -> None:
    for key in keys:
        store.put(key, bytes(size), visitor)


def held(store: Store, keys: str) -> str:
    return "".join(key for key in keys if store.has(key))


def test_least_recently_used_goes_first_and_the_bound_holds():
    store = Store(1000)
    fill(store, None, *"abc", size=300)
    assert store.get("a") == bytes(300)
    fill(store, None, "d", size=300)
    assert held(store, "abcd") == "acd"
    assert store.get("b") is None


def test_what_takes_long_to_make_for_its_room_stays_longer():
    store = Store(1000)
    store.put("figures", bytes(100), seconds=1.0)
    store.put("pixels", bytes(700), seconds=0.1)
    for key in "ab":
        store.put(key, bytes(200), seconds=0.1)
    assert not store.has("pixels")
    assert store.has("figures")
    assert held(store, "ab") == "ab"


def test_but_not_for_ever():
    store = Store(1000)
    store.put("figures", bytes(100), seconds=0.1)
    for number in range(60):
        store.put(number, bytes(400), seconds=0.1)
    assert not store.has("figures")
    assert store.has(59)


def test_what_is_asked_for_often_outlasts_what_was_asked_for_once():
    store = Store(1000)
    store.put("original", bytes(400), seconds=0.2)
    for number in range(40):
        store.put(number, bytes(100), seconds=0.1)
        assert store.get("original") is not None
    assert store.has(39)
    for number in range(40, 200):
        store.put(number, bytes(100), seconds=0.1)
    assert not store.has("original")


def test_what_is_larger_than_the_store_is_not_kept():
    store = Store(1000)
    fill(store, None, "small", size=10)
    fill(store, None, "large", size=5000)
    assert store.has("small")
    assert not store.has("large")


def test_whoever_fills_more_than_the_share_loses_their_own_oldest_first():
    store = Store(1000, share=500)
    fill(store, "quiet", "a")
    fill(store, "greedy", *"bcde")
    assert held(store, "abcde") == "abcde"  # as long as there is room
    fill(store, "greedy", "f", "g")
    assert held(store, "abcdefg") == "adefg"


def test_who_is_within_the_share_loses_nothing_to_one_who_is_not():
    store = Store(1000, share=400)
    fill(store, "quiet", "a")
    fill(store, None, "s")
    for number in range(50):
        fill(store, "greedy", f"more {number}")
    assert held(store, "as") == "as"
    fill(store, "quiet", "b", size=100)
    assert held(store, "abs") == "abs"


def test_what_is_more_than_half_of_the_share_does_not_push_out_what_its_visitor_uses():
    store = Store(1000, share=300)
    fill(store, "one", "a", "b", size=100)
    fill(store, "one", "large", size=160)
    assert held(store, "ab") == "ab"
    assert not store.has("large")
    fill(store, None, "large", size=400)
    assert store.has("large")


def test_what_only_one_visitor_used_goes_when_they_leave():
    store = Store(1000)
    fill(store, "one", "a", "b")
    fill(store, "two", "c")
    fill(store, None, "s")
    store.get("b", "two")
    store.get("s", "one")
    store.release("one")
    assert held(store, "abcs") == "bcs"
    store.release("two")
    assert held(store, "abcs") == "s"
    store.release("two")


def test_who_stays_owns_what_another_left():
    store = Store(900, share=400)
    fill(store, "one", "a", "b")
    fill(store, "two", "c")
    for key in "ab":
        store.get(key, "two")
    store.release("one")
    fill(store, "three", "d")
    fill(store, "three", "e")  # two owns more than the share, three does not
    assert held(store, "abcde") == "abde"


@pytest.mark.parametrize("share", [10_000_000, 4000], ids=["anybody's", "their own"])
def test_making_room_takes_as_many_steps_however_much_is_kept(share, monkeypatch):
    """A step is an entry that is looked at, in a heap or in a walk over all."""
    steps = count()

    class Watched(dict):
        def __iter__(self) -> Iterator[Hashable]:
            return (key for key in super().__iter__() if next(steps) >= 0)

        def items(self) -> list[tuple[Hashable, object]]:
            return [(key, self[key]) for key in self]

        def values(self) -> list[object]:
            return [self[key] for key in self]

    def pop(heap: list) -> object:
        next(steps)
        return heappop(heap)

    monkeypatch.setattr(_store, "heappop", pop)
    for number in (100, 10_000):
        store = Store(number * 10, share)
        for key in range(number):
            store.put(key, bytes(10), f"visitor {key % 2}", seconds=key % 7)
        for order in (store._all, *(account.owned for account in store._accounts.values())):
            order.entries = Watched(order.entries)
        before = next(steps)
        for key in range(2 * number):
            store.put(f"more {key}", bytes(10), "visitor 0", seconds=key % 7)
            store.get(f"more {key}", "visitor 0")
        assert store.n_bytes == store.max_bytes
        assert number < next(steps) - before < 10 * 2 * number


def test_a_picture_counts_with_its_histograms():
    picture = Picture.from_pixels(noise(50, 50))
    before = size_of(picture)
    _ = picture.colors
    assert before >= 7500
    assert size_of(picture) >= before + picture.colors.colors.nbytes


def test_what_is_held_twice_counts_once():
    data = noise(10, 10)
    assert size_of((data, data)) == size_of((data,))


def test_many_threads_may_ask_at_once():
    store, errors = Store(2000), []

    def ask(number: int) -> None:
        for turn in range(300):
            key = (number * turn) % 17
            found = store.get(key)
            if found is None:
                store.put(key, bytes([key]) * 200)
            elif found[0] != key:
                errors.append(key)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
