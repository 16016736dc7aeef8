"""The pool: order, errors, and how work is cut."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from quantize.errors import QuantizeError
from quantize.keeping import Kept
from quantize.threads import at_most_threads, run_all, run_alone, slices, thread_count
from quantize.warmup import warm


@pytest.mark.parametrize("threads", ["1", "2", "7"])
def test_results_come_in_order(threads, monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", threads)
    assert run_all(lambda n=n: n * n for n in range(20)) == [n * n for n in range(20)]


def test_jobs_run_side_by_side(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "2")
    both = threading.Barrier(2, timeout=20)
    assert sorted(run_all([both.wait, both.wait])) == [0, 1]


@pytest.mark.parametrize("place", [0, 1])
def test_an_error_waits_for_the_others(place, monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "2")
    started, done = threading.Event(), []

    def fail() -> None:
        started.wait(20)
        raise ZeroDivisionError

    def work() -> None:
        started.set()
        done.append(True)

    jobs = [work, work]
    jobs[place] = fail
    with pytest.raises(ZeroDivisionError):
        run_all(jobs)
    assert done


def test_who_finds_the_pool_at_work_for_others_does_all_alone(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "2")
    go, busy, before = threading.Event(), threading.Event(), []

    def hold() -> None:
        busy.set()
        go.wait(20)

    # One of the two is the pool's only thread.
    other = threading.Thread(target=lambda: before.append(run_all([hold, hold])))
    other.start()
    assert busy.wait(20)
    try:
        assert run_all([threading.get_ident] * 4) == [threading.get_ident()] * 4
        found: list[int] = []
        run_alone([lambda: found.append(threading.get_ident())] * 3)
        assert found == [threading.get_ident()] * 3
    finally:
        go.set()
        other.join(20)
    assert before


def test_jobs_of_their_own_are_shared_out_and_each_has_one_thread(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "2")
    both, threads, inside, done = threading.Barrier(2, timeout=20), set(), [], []

    def job(number: int) -> None:
        if threading.get_ident() not in threads:
            threads.add(threading.get_ident())
            both.wait()
        inside.append(thread_count())
        assert run_all([threading.get_ident] * 3) == [threading.get_ident()] * 3
        done.append(number)

    run_alone(lambda number=number: job(number) for number in range(9))
    assert sorted(done) == list(range(9))
    assert (len(threads), set(inside), thread_count()) == (2, {1}, 2)


@pytest.mark.parametrize("threads", ["1", "2", "5"])
def test_an_error_in_one_of_them_ends_what_has_not_begun(threads, monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", threads)
    done = []

    def job(number: int) -> None:
        done.append(number)
        if number == 3:
            raise ZeroDivisionError
        time.sleep(0.002)

    with pytest.raises(ZeroDivisionError):
        run_alone(lambda number=number: job(number) for number in range(100))
    at_end = len(done)
    assert 4 <= at_end < 50
    time.sleep(0.05)
    assert len(done) == at_end  # nobody works on
    run_alone([])


@pytest.mark.parametrize("wanted", ["0", "-1", "two", "1.5"])
def test_bad_thread_counts_are_refused(wanted, monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", wanted)
    with pytest.raises(QuantizeError, match=f"QUANTIZE_THREADS must be a whole number.*got '{wanted}'"):
        thread_count()


def test_without_a_wish_there_is_at_least_one_thread(monkeypatch):
    monkeypatch.delenv("QUANTIZE_THREADS", raising=False)
    assert thread_count() >= 1


@pytest.mark.parametrize(
    ("rows", "smallest", "most", "parts"), [(0, 1, None, 1), (9, 1, None, 3), (9, 4, None, 2), (9, 1, 2, 2)]
)
def test_slices_cover_every_row_once(rows, smallest, most, parts, monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "3")
    cuts = slices(rows, smallest, most)
    assert len(cuts) == parts
    assert [row for cut in cuts for row in range(rows)[cut]] == list(range(rows))


def test_warming_twice_from_many_threads():
    workers = [threading.Thread(target=warm) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
        assert not worker.is_alive()


def test_a_thread_that_others_work_beside_uses_fewer(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "6")
    with at_most_threads(4):
        with at_most_threads(0):
            assert thread_count() == 1
            assert run_all([threading.get_ident] * 3) == [threading.get_ident()] * 3
        assert thread_count() == 4
        seen = []
        other = threading.Thread(target=lambda: seen.append(thread_count()))
        other.start()
        other.join()
        assert seen == [6], "a bound is one thread's"
    with pytest.raises(ZeroDivisionError), at_most_threads(1):
        raise ZeroDivisionError
    assert thread_count() == 6


def test_what_many_threads_ask_for_is_made_once_and_other_things_beside_it():
    kept, made, inside = Kept(), [], threading.Event()

    def make() -> str:
        inside.set()
        assert kept.get("other", lambda: "at once") == "at once"
        time.sleep(0.05)
        made.append(1)
        return "made"

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(kept.get, "key", make) for _ in range(4)]
        assert inside.wait(20)
        assert [one.result(20) for one in found] == ["made"] * 4
    assert made == [1]


def test_what_could_not_be_made_is_tried_again():
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: 1 // 0)
    assert kept.get("key", lambda: None) is None
    assert kept.get("key", lambda: 1) is None
