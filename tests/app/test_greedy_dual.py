"""The map behind all pages: bounded, shared fairly, and never wrong about what it holds."""

import random
import threading

from pages._cache.greedy_dual import Store, size_of
from quantize import Picture
from tests.pictures import noise


def test_least_recently_used_goes_first_and_the_bound_holds():
    store = Store(1000)
    fill(store, None, *"abc", size=300)
    assert store.get("a") == bytes(300)
    fill(store, None, "d", size=300)
    assert held(store, "abcd") == "acd"
    assert store.get("b") is None


def test_what_is_larger_than_the_store_is_not_kept():
    store = Store(1000)
    fill(store, None, "small", size=10)
    fill(store, None, "large", size=5000)
    assert store.has("small")
    assert not store.has("large")


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


def test_a_picture_counts_with_its_histograms():
    picture = Picture.from_pixels(noise(50, 50))
    before = size_of(picture)
    _ = picture.colors
    assert before >= 7500
    assert size_of(picture) >= before + picture.colors.colors.nbytes


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


def fill(store: Store, visitor: str | None, *keys: str, size: int = 200) -> None:
    for key in keys:
        store.put(key, bytes(size), visitor)


def held(store: Store, keys: str) -> str:
    return "".join(key for key in keys if store.has(key))


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


def test_what_is_more_than_half_of_the_share_does_not_push_out_what_its_visitor_uses():
    store = Store(1000, share=300)
    fill(store, "one", "a", "b", size=100)
    fill(store, "one", "large", size=160)
    assert held(store, "ab") == "ab"
    assert not store.has("large")
    fill(store, None, "large", size=400)
    assert store.has("large")


def test_within_their_shares_the_oldest_goes_first():
    store = Store(1000, share=500)
    fill(store, "one", "a", "b")
    fill(store, "two", "c", "d")
    fill(store, None, "s")
    store.get("a", "one")
    fill(store, "two", "e", size=100)
    assert held(store, "abcdse") == "acdse"


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


def test_the_total_is_that_of_what_is_there_however_it_comes_and_goes():
    store, dice = Store(3000, share=900), random.Random(0)
    there: dict[int, int] = {}
    for _ in range(3000):
        key, visitor = dice.randrange(40), dice.choice([None, "one", "two", "three"])
        what = dice.random()
        if what < 0.5:
            store.get(key, visitor)
        elif what < 0.95:
            there[key] = dice.randrange(0, 900)
            store.put(key, bytes(there[key]), visitor, dice.random())
            assert store.has(key) == (visitor is None or there[key] <= 450)
        elif what < 0.98:
            store.drop(key)
        elif visitor:
            store.release(visitor)
        assert store.n_bytes == sum(size for key, size in there.items() if store.has(key)) <= 3000


def test_what_is_held_twice_counts_once():
    data = noise(10, 10)
    assert size_of((data, data)) == size_of((data,))
