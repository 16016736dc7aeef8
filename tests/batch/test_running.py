"""Many things on some threads: in order, few under way, and an end when one fails."""

import threading
import time

import pytest

from quantize.batch.running import check_jobs, work_through
from quantize.errors import QuantizeError


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_order(jobs):
    def square(number):
        time.sleep(0.002 * (number % 3 == 0))
        return number**2

    assert list(work_through(range(60), square, jobs)) == [number**2 for number in range(60)]
    assert list(work_through([], square, jobs)) == []


def test_few_are_under_way_whatever_their_number():
    begun, done = [], 0
    for number in work_through(range(500), lambda number: begun.append(number) or number, 2):
        done = number
        assert len(begun) <= done + 1 + 16
    assert done == 499


def test_an_error_ends_the_work():
    begun = []

    def work(number):
        begun.append(number)
        if number == 3:
            raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        list(work_through(range(1000), work, 2))
    assert len(begun) < 40


def test_nothing_is_under_way_any_more_when_somebody_left():
    before, made = threading.active_count(), work_through(range(1000), abs, 2)
    assert next(made) == 0
    made.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("jobs", [0, -1, 257])
def test_numbers_of_jobs(jobs):
    assert check_jobs(1) == 1
    with pytest.raises(QuantizeError, match="jobs must be 1 to 256, got"):
        check_jobs(jobs)
