"""Turns for heavy jobs: no more than so many at once, first come first served, and nobody waits for ever."""

import threading
import time
from collections.abc import Callable

import pytest

from pages._cache import queue as _queue
from pages._cache import turns
from pages._cache.flights import Flights
from pages._cache.queue import Queue, Work
from quantize import QuantizeError

PATIENCE = 20


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Whoever waits hears of it at once."""
    monkeypatch.setattr(_queue, "REPORT_SECONDS", 0)
    monkeypatch.setattr(_queue, "WAIT_SECONDS", 0.01)


def nothing(*_: object) -> None:
    pass


class Gone(BaseException):
    """As Streamlit's own: the visitor has moved on."""


def start(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


def test_no_more_jobs_at_once_than_places():
    queue, lock, now, most = Queue(3, 60), threading.Lock(), 0, 0

    def work() -> None:
        nonlocal now, most
        for _ in range(10):
            with queue.turn(nothing, nothing):
                with lock:
                    now += 1
                    most = max(most, now)
                time.sleep(0.001)
                with lock:
                    now -= 1

    threads = [start(work) for _ in range(8)]
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert (now, most) == (0, 3)


class Crowd:
    """Visitors who wait for one place, which the test holds."""

    def __init__(self, queue: Queue, count: int) -> None:
        self.places: dict[int, list[int]] = {number: [] for number in range(count)}
        self.served: list[int] = []
        self.gone: set[int] = set()
        self._queue = queue
        self.threads = []
        for number in range(count):
            self.threads.append(start(lambda number=number: self._wait(number)))
            wait_for(lambda number=number: bool(self.places[number]))

    def _wait(self, number: int) -> None:
        def checkpoint() -> None:
            if number in self.gone:
                raise Gone

        try:
            with self._queue.turn(checkpoint, self.places[number].append):
                self.served.append(number)
        except Gone:
            self.places[number].append(-1)


def test_first_come_first_served_and_everybody_knows_their_place():
    queue = Queue(1, 60)
    with queue.turn(nothing, nothing):
        crowd = Crowd(queue, 4)
        assert [crowd.places[number][0] for number in range(4)] == [0, 1, 2, 3]
    wait_for(lambda: len(crowd.served) == 4)
    assert crowd.served == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("seconds", "order"),
    [(3600, "aaaabbc"), (0, "abcabaa")],
    ids=["short jobs", "jobs that take a whole turn"],
)
@pytest.mark.parametrize("work", [Work.SHORT, Work.STEPS, Work.SLOW, Work.LONG])
def test_visitors_are_served_by_turns_however_many_jobs_one_has(monkeypatch, seconds, order, work):
    monkeypatch.setitem(_queue.TURN_SECONDS, work, seconds)
    queue, waiting, served = Queue(1, 60), set(), []

    def do(number: int, visitor: str) -> None:
        with queue.turn(nothing, lambda before: waiting.add(number), work, visitor):
            time.sleep(0.001)
            served.append(visitor)

    with queue.turn(nothing, nothing, work, "greedy"):
        threads = []
        for number, visitor in enumerate("aabbaca"):
            threads.append(start(lambda number=number, visitor=visitor: do(number, visitor)))
            wait_for(lambda number=number: number in waiting)
    for thread in threads:
        thread.join(PATIENCE)
    assert "".join(served) == order
    assert queue._turns.knows("a")
    queue.forget("a")
    assert not queue._turns.knows("a")


@pytest.mark.parametrize("work", [Work.SHORT, Work.STEPS, Work.SLOW, Work.LONG])
@pytest.mark.parametrize(("seconds", "order"), [(3600, "ab"), (-1, "ba")], ids=["at once", "much later"])
def test_what_a_visitor_asks_for_next_belongs_to_the_same_turn_unless_it_comes_later(
    monkeypatch, seconds, order, work
):
    monkeypatch.setattr(turns, "PAUSE_SECONDS", seconds)
    queue, waiting, served = Queue(1, 60), set(), []

    def do(visitor: str) -> None:
        with queue.turn(nothing, lambda before: waiting.add(visitor), work, visitor):
            served.append(visitor)

    do("a")
    with queue.turn(nothing, nothing, work, "other"):
        threads = []
        for visitor in "ba":
            threads.append(start(lambda visitor=visitor: do(visitor)))
            wait_for(lambda visitor=visitor: visitor in waiting)
    for thread in threads:
        thread.join(PATIENCE)
    assert "".join(served) == "a" + order


def test_what_stepped_aside_is_done_before_the_same_work_of_those_who_came_later():
    queue, done, begun = Queue(1, 60), [], threading.Event()

    def work_in_steps(visitor: str) -> None:
        with queue.turn(nothing, nothing, Work.STEPS, visitor):
            begun.set()
            for _ in range(3):
                wait_for(lambda: bool(queue._lines[Work.SHORT]) or len(done) > 2)
                queue.step()
                done.append(visitor)

    def click() -> None:
        with queue.turn(nothing, nothing, visitor="click"):
            done.append("click")

    threads = [start(lambda: work_in_steps("first"))]
    assert begun.wait(PATIENCE)
    threads.append(start(lambda: work_in_steps("second")))
    wait_for(lambda: len(queue._lines[Work.STEPS]) == 1)
    threads += [start(click), start(click)]
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert [one for one in done if one != "click"] == ["first"] * 3 + ["second"] * 3


def test_a_crowd_of_newcomers_does_not_keep_those_waiting_who_came_before():
    queue = Queue(1, 60)
    with queue.turn(nothing, nothing, visitor="old"):
        pass
    waiting, served = set(), []

    def do(visitor: str) -> None:
        with queue.turn(nothing, lambda before: waiting.add(visitor), visitor=visitor):
            served.append(visitor)

    with queue.turn(nothing, nothing, visitor="other"):
        threads = []
        for visitor in ("old", "new 1", "new 2"):
            threads.append(start(lambda visitor=visitor: do(visitor)))
            wait_for(lambda visitor=visitor: visitor in waiting)
    for thread in threads:
        thread.join(PATIENCE)
    assert served == ["old", "new 1", "new 2"]


@pytest.mark.parametrize("kind", [Work.LONG, Work.SLOW])
def test_long_jobs_leave_a_place_to_short_ones(kind):
    queue, go, inside = Queue(2, 60), threading.Event(), []

    def work() -> None:
        with queue.turn(nothing, nothing, kind):
            inside.append(True)
            go.wait(PATIENCE)

    threads = [start(work) for _ in range(3)]
    wait_for(lambda: bool(inside))
    for _ in range(5):
        with queue.turn(lambda: pytest.fail("waited for a long job"), nothing):
            assert len(inside) == 1
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(inside) == 3


def test_all_kinds_of_jobs_are_served_in_turn():
    queue, waiting, served = Queue(1, 60), set(), []

    def do(number: int, work: Work) -> None:
        with queue.turn(nothing, lambda before: waiting.add(number), work):
            served.append(work)

    with queue.turn(nothing, nothing, Work.SHORT):
        kinds = [*[Work.SHORT] * 5, *[Work.STEPS] * 3, *[Work.LONG] * 2, Work.SLOW]
        threads = [start(lambda n=n, work=work: do(n, work)) for n, work in enumerate(kinds)]
        wait_for(lambda: len(waiting) == len(kinds))
    for thread in threads:
        thread.join(PATIENCE)
    others = {Work.SHORT, Work.STEPS, Work.LONG}
    assert [set(served[:4]), set(served[4:7])] == [others | {Work.SLOW}, others]
    assert set(served[7:9]) == {Work.SHORT, Work.STEPS}
    assert served[9:] == [Work.SHORT] * 2


@pytest.mark.parametrize("quicker", [Work.SHORT, Work.STEPS])
def test_slow_work_lets_quicker_work_go_first_and_both_are_done_by_turns(quicker):
    queue, done, waiting = Queue(1, 60), [], set()

    def search() -> None:
        with queue.turn(nothing, nothing, Work.SLOW):
            wait_for(lambda: len(waiting) == 2)
            for step in range(3):
                queue.step()
                done.append(step)

    def click(name: str) -> None:
        with queue.turn(nothing, lambda before: waiting.add(name), quicker):
            done.append(name)

    threads = [start(search)]
    wait_for(lambda: queue._busy[Work.SLOW] == 1)
    threads += [start(lambda name=name: click(name)) for name in "ab"]
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert done[0] in "ab"
    assert done[1] == 0  # between two of the others it has its turn
    assert done[2] in "ab"
    assert done[3:] == [1, 2]


def test_work_in_steps_lets_short_work_go_first_and_then_goes_on():
    queue, done, waiting = Queue(2, 60), [], threading.Event()

    def curve(name: str) -> None:
        with queue.turn(nothing, nothing, Work.STEPS):
            waiting.wait(PATIENCE)
            for _ in range(3):
                queue.step()
                done.append(name)
                time.sleep(0.02)

    def click() -> None:
        with queue.turn(nothing, lambda before: waiting.set(), Work.SHORT):
            done.append("click")

    threads = [start(lambda name=name: curve(name)) for name in ("one", "two", "three")]
    wait_for(lambda: sum(queue._busy.values()) == 2)  # both places: nobody wants them for short work yet
    threads.append(start(click))
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert "click" in done[:2]
    assert sorted(done) == ["click", *["one"] * 3, *["three"] * 3, *["two"] * 3]
    assert done[-1] == "three"  # who stepped aside did not lose their turn to those who came later
    with queue.turn(lambda: pytest.fail("a place was lost"), nothing):
        pass


def test_quick_work_waits_for_quick_work_alone():
    queue, go, busy, quick = Queue(1, 60), threading.Event(), threading.Event(), []
    places = queue._places[Work.QUICK]

    def heavy() -> None:
        with queue.turn(nothing, nothing, Work.LONG):
            busy.set()
            go.wait(PATIENCE)

    def click() -> None:
        with queue.turn(nothing, nothing, Work.QUICK):
            quick.append(1)
            go.wait(PATIENCE)

    threads = [start(heavy)]
    assert busy.wait(PATIENCE)
    threads += [start(click) for _ in range(places + 2)]
    wait_for(lambda: len(quick) == places and len(queue._lines[Work.QUICK]) == 2)
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(quick) == places + 2


def test_quick_work_that_turns_out_heavy_waits_for_a_place_and_gives_it_back():
    queue, inside, go, done = Queue(1, 60), threading.Event(), threading.Event(), []

    def heavy() -> None:
        with queue.turn(nothing, nothing, Work.SHORT):
            inside.set()
            go.wait(PATIENCE)
            with queue.turn(lambda: pytest.fail("waited for itself"), nothing, Work.QUICK):
                done.append("heavy")

    def click() -> None:
        with queue.turn(nothing, nothing, Work.QUICK):
            with queue.turn(go.set, nothing, Work.SHORT):
                done.append("click")
            assert queue.is_held
        assert not queue.is_held

    threads = [start(heavy)]
    assert inside.wait(PATIENCE)
    threads.append(start(click))
    for thread in threads:
        thread.join(PATIENCE)
    assert done == ["heavy", "click"]
    assert set(queue._busy.values()) == {0}


def test_who_waits_a_moment_is_told_nothing(monkeypatch):
    monkeypatch.setattr(_queue, "REPORT_SECONDS", 1000)
    queue, waits = Queue(1, 60), threading.Event()
    with queue.turn(nothing, nothing):
        waiting = start(
            lambda: queue.turn(waits.set, lambda before: pytest.fail("said too early")).__enter__()
        )
        assert waits.wait(PATIENCE)
    waiting.join(PATIENCE)
    assert not waiting.is_alive()


def test_stepping_aside_does_not_count_as_work(monkeypatch):
    now = 0.0
    monkeypatch.setattr(_queue.time, "monotonic", lambda: now)
    queue, inside = Queue(1, 60), threading.Event()

    def click() -> None:
        with queue.turn(nothing, lambda before: inside.set()):
            nonlocal now
            now += 100

    with queue.turn(nothing, nothing, Work.STEPS):
        clicking = start(click)
        inside.wait(PATIENCE)
        queue.step()
        clicking.join(PATIENCE)
        assert now == 100
        queue.step()
        now += 61
        with pytest.raises(QuantizeError, match="longer than 60 s"):
            queue.step()


def test_who_moves_on_leaves_the_queue_and_the_others_move_up():
    queue = Queue(1, 60)
    with queue.turn(nothing, nothing):
        crowd = Crowd(queue, 3)
        crowd.gone.add(1)
        wait_for(lambda: crowd.places[1][-1] == -1)
        wait_for(lambda: crowd.places[2][-1] == 1)
    wait_for(lambda: len(crowd.served) == 2)
    assert crowd.served == [0, 2]
    with queue.turn(nothing, nothing):
        pass  # the place is free again


def test_a_place_that_comes_just_when_its_visitor_goes_is_passed_on():
    queue, taken, release, ended = Queue(1, 60), threading.Event(), threading.Event(), []

    def hold() -> None:
        with queue.turn(nothing, nothing):
            taken.set()
            release.wait(PATIENCE)

    holder = start(hold)
    taken.wait(PATIENCE)

    def leave_too_late() -> None:
        release.set()
        holder.join(PATIENCE)  # by now the place was handed over
        raise Gone

    def wait() -> None:
        with pytest.raises(Gone), queue.turn(leave_too_late, nothing):
            pass
        ended.append(True)

    start(wait).join(PATIENCE)
    assert ended
    with queue.turn(lambda: pytest.fail("the place was lost"), nothing):
        pass


def test_work_within_a_turn_takes_no_other_place():
    queue = Queue(1, 60)
    with queue.turn(nothing, nothing):
        assert queue.is_held
        with queue.turn(lambda: pytest.fail("waited for itself"), nothing):
            assert queue.is_held
        assert queue.is_held
    assert not queue.is_held


def test_a_failed_job_gives_its_place_back():
    queue = Queue(1, 60)
    with pytest.raises(ZeroDivisionError), queue.turn(nothing, nothing):
        _ = 1 // 0
    with queue.turn(lambda: pytest.fail("the place was lost"), nothing):
        pass


def test_long_work_ends_with_a_sentence_and_waiting_does_not_count(monkeypatch):
    now = 0.0
    monkeypatch.setattr(_queue.time, "monotonic", lambda: now)
    queue = Queue(1, 60)
    queue.step()
    with queue.turn(nothing, nothing):
        now = 60.0
        queue.step()
        now = 61.0
        with pytest.raises(QuantizeError, match=r"longer than 60 s.* on this server: choose fewer attempts"):
            queue.step()
    queue.step()
    with queue.turn(nothing, nothing):
        queue.step()


def test_what_many_ask_for_at_once_is_made_once():
    flights, made, gate = Flights(), [], threading.Event()
    kept: dict[str, int] = {}

    def ask() -> None:
        with flights.alone("key", nothing):
            if "key" not in kept:
                gate.wait(PATIENCE)
                made.append(1)
                kept["key"] = 1

    threads = [start(ask) for _ in range(5)]
    gate.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert (made, kept) == ([1], {"key": 1})


def test_when_the_first_is_stopped_the_next_takes_over():
    flights, inside, go, done = Flights(), threading.Event(), threading.Event(), []

    def first() -> None:
        try:
            with flights.alone("key", nothing):
                inside.set()
                go.wait(PATIENCE)
                raise Gone
        except Gone:
            done.append("first")

    def second() -> None:
        with flights.alone("key", go.set):
            done.append("second")

    threads = [start(first)]
    inside.wait(PATIENCE)
    threads.append(start(second))
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(done) == ["first", "second"]


def test_who_waits_for_another_may_move_on():
    flights = Flights()

    def leave() -> None:
        raise Gone

    def wait() -> None:
        with pytest.raises(Gone), flights.alone("key", leave):
            pass
        ended.set()

    ended = threading.Event()
    with flights.alone("key", nothing):
        start(wait)
        assert ended.wait(PATIENCE)
        with flights.alone("other", nothing):
            pass
