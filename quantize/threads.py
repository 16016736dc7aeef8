"""One pool of threads for every kernel, and how work is cut for it.

Kernels release the interpreter's lock and work on a slice of rows, so plain threads keep all cores busy.
numba's own ``parallel=True`` is not used: without an OpenMP library its fallback aborts the process when two
threads enter it at once, and a server is many threads.

How work is cut never depends on the number of threads wherever a result could (floating-point sums).
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

from quantize.errors import QuantizeError

T = TypeVar("T")

MOST = 2**16
_bound = threading.local()


def thread_count() -> int:
    """Find how many threads this one may use: all, unless ``at_most_threads`` says fewer.

    All are ``QUANTIZE_THREADS`` if set, else the processors this process may run on.

    Raises
    ------
    QuantizeError
        If ``QUANTIZE_THREADS`` is not a whole number of at least 1.
    """
    return min(_count_all(), getattr(_bound, "most", MOST))


@contextmanager
def at_most_threads(most: int) -> Iterator[None]:
    """Let what this thread calls use at most so many threads, where others have work of their own."""
    before = getattr(_bound, "most", MOST)
    _bound.most = max(1, most)
    try:
        yield
    finally:
        _bound.most = before


def _count_all() -> int:
    wanted = os.environ.get("QUANTIZE_THREADS", "")
    if not wanted:
        if hasattr(os, "sched_getaffinity"):
            return max(1, len(os.sched_getaffinity(0)))
        return os.cpu_count() or 1
    if not wanted.isdecimal() or int(wanted) < 1:
        raise QuantizeError(
            f"QUANTIZE_THREADS must be a whole number of at least 1, got {wanted!r}; "
            "unset it to use every processor"
        )
    return int(wanted)


def run_all(jobs: Iterable[Callable[[], T]]) -> list[T]:
    """Run jobs side by side and return their results in order; the caller's thread takes the first.

    Jobs must not call ``run_all`` themselves: a full pool would wait for itself.
    """
    first, *others = jobs
    if not others or thread_count() == 1:
        return [first(), *(job() for job in others)]
    pool = _pool(_count_all())
    futures = [pool.submit(job) for job in others]
    done: dict[int, T] = {}
    try:
        head = first()
        # What nobody has begun, as the pool works for others, is sooner done here.
        for number, job in reversed(list(enumerate(others))):
            if futures[number].cancel():
                done[number] = job()
    finally:
        _end(futures)
    return [head, *(done[n] if n in done else future.result() for n, future in enumerate(futures))]


def run_alone(jobs: Iterable[Callable[[], object]]) -> None:
    """Run jobs side by side, each in a single thread; whoever is free takes the next.

    For jobs that are long and many enough: none waits for another thread. They may call ``run_all``. An
    error ends what has not begun.
    """
    waiting = deque(jobs)

    def work() -> None:
        with at_most_threads(1):
            try:
                while (job := _next(waiting)) is not None:
                    job()
            except BaseException:
                waiting.clear()
                raise

    n_others = min(thread_count(), len(waiting)) - 1
    futures = [_pool(_count_all()).submit(work) for _ in range(n_others)]
    try:
        work()
    finally:
        _end(futures)
    for future in futures:
        if not future.cancelled():
            future.result()


def _next(waiting: deque[T]) -> T | None:
    try:
        return waiting.popleft()
    except IndexError:  # also where another thread took the last one just now
        return None


def _end(futures: Iterable[Future[T]]) -> None:
    """Wait for what has begun: even after an error nothing may still write into arrays that are given up."""
    for future in futures:
        if not future.cancel():
            future.exception()


def slices(n_rows: int, smallest: int = 1, most: int | None = None) -> list[slice]:
    """Cut ``n_rows`` into one slice for each thread, none shorter than ``smallest`` unless alone.

    ``most`` is the largest number of slices.
    """
    parts = max(1, min(thread_count(), n_rows // max(1, smallest), most or n_rows))
    edges = [n_rows * part // parts for part in range(parts + 1)]
    return [slice(start, stop) for start, stop in pairwise(edges)]


@lru_cache(maxsize=1)
def _pool(count: int) -> ThreadPoolExecutor:
    # The caller works too, hence one worker fewer.
    return ThreadPoolExecutor(max(1, count - 1), thread_name_prefix="quantize")


def _forget_pool(*_: Any) -> None:
    _pool.cache_clear()


# A forked child has the pool's object without its threads.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pool)
