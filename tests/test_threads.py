"""The pool: order, errors, and how work is cut."""

import threading

import pytest

from quantize.errors import QuantizeError
from quantize.threads import at_most_threads, run_all, slices, thread_count
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
