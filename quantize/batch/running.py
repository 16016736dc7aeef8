"""Work through many things on some threads, in order, with few of them under way at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from quantize.errors import QuantizeError, shown

Item = TypeVar("Item")
Made = TypeVar("Made")

MOST_JOBS = 256
_AHEAD = 8
"""Things that a thread may be ahead of the slowest: enough to keep all busy, few enough for any number."""


def check_jobs(jobs: int) -> int:
    """Give the number of threads back if it is one.

    Raises
    ------
    QuantizeError
        If it is below 1 or above 256.
    """
    if not 1 <= jobs <= MOST_JOBS:
        raise QuantizeError(f"jobs must be 1 to {MOST_JOBS}, got {shown(jobs)}")
    return jobs


def work_through(items: Iterable[Item], do: Callable[[Item], Made], jobs: int) -> Iterator[Made]:
    """Do something with every item, on so many threads, and yield what came of it, in order.

    What ``do`` raises ends the work: what is under way is finished, the rest is not begun. So does leaving
    the iterator.
    """
    left, under_way = iter(items), deque[Future[Made]]()
    with ThreadPoolExecutor(jobs, thread_name_prefix="batch") as pool:
        try:
            under_way.extend(pool.submit(do, item) for item in islice(left, _AHEAD * jobs))
            while under_way:
                yield under_way.popleft().result()
                under_way.extend(pool.submit(do, item) for item in islice(left, 1))
        finally:
            for future in under_way:
                future.cancel()
