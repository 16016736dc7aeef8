"""How the app bears many visitors: times, errors, memory.

    python -m benchmarks.load                        # 1, 5, 20 and 50 visitors, one round after the other
    python -m benchmarks.load -n 20 --pause 3
    python -m benchmarks.load -n 20 --moves 1 --page "Compare K"     # within ten seconds
    python -m benchmarks.load --memory      # 10 visitors, 5 uploads of 12 megapixels each, 700 MB

Prints Markdown. Visitors run in this process, which takes processor time of the same machine: its share is
printed too.
"""

import asyncio
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

import click

from benchmarks.load.photos import MEGAPIXELS, find_photos
from benchmarks.load.server import Watch, own_seconds, running_app
from benchmarks.load.visitor import Diary, Visitor
from pages import _host

QUIET_SECONDS = 5.0
MB = 1e6
CONTAINER_BYTES = 700 * 2**20


@click.command()
@click.option("-n", "--visitors", "counts", multiple=True, type=click.IntRange(1), default=(1, 5, 20, 50))
@click.option("--pause", default=3.0, show_default=True, help="Seconds from one change to the next.")
@click.option("--moves", default=10, show_default=True, help="Changes of K for each upload.")
@click.option("--uploads", default=1, show_default=True, help="Uploads of each visitor.")
@click.option("--arrival", default=0.5, show_default=True, help="Seconds from one visitor to the next.")
@click.option("--stay", default=90.0, show_default=True, help="Seconds to watch the memory after they left.")
@click.option("--memory", is_flag=True, help="10 visitors, 5 uploads of 12 megapixels each, as in 700 MB.")
@click.option("--page", "only", multiple=True, help="Only these pages of the tour, by their names.")
@click.option("--photos", type=click.Path(path_type=Path), help="Folder of photos to make or to take.")
@click.option("--url", help="A server that runs already, instead of one of our own.")
@click.option("--pid", type=int, help="Process id of that server, to watch its memory.")
@click.option("--log", default="-", type=click.File("w"), help="Where the server's output goes.")
def main(
    counts: tuple[int, ...], pause: float, moves: int, uploads: int, arrival: float, stay: float,
    memory: bool, only: tuple[str, ...], photos: Path | None, url: str | None, pid: int | None, log: TextIO,
) -> None:  # fmt: skip
    """Drive visitors against the app and print what they met."""
    if memory:
        counts, uploads, moves = (10,), 5, 1
        for setting in _host.NUMBERS.values():
            os.environ.setdefault(setting.key, str(setting.default_within(CONTAINER_BYTES)))
    sizes = (12.0,) if memory else MEGAPIXELS
    with tempfile.TemporaryDirectory() as folder:
        paths = find_photos(photos or Path(folder), sizes, max(counts) * uploads)
        for count in counts:
            given = [paths[number * uploads : (number + 1) * uploads] for number in range(count)]
            plan = {"pause": pause, "moves": moves, "only": only}
            if url:
                asyncio.run(_round(url, pid, given, plan, arrival, stay, not memory))
                continue
            with running_app(log) as (own, server):
                asyncio.run(_round(own, server, given, plan, arrival, stay, not memory))


async def _round(
    url: str, pid: int | None, given: list[list[Path]], plan: dict, arrival: float, stay: float, tour: bool
) -> None:
    """One number of visitors: a first one warms the server up, then all come, and leave."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(64))
    await _warm_up(url, given[0][:1])
    diary, watch = Diary(), Watch(pid) if pid else None
    start = watch.look() if watch else 0
    looking = asyncio.create_task(watch.keep_looking()) if watch else None
    began, own, theirs = time.perf_counter(), own_seconds(), watch.seconds_of_work() if watch else 0
    visitors = [Visitor(url, photos, diary, **plan) for photos in given]
    await asyncio.gather(*(_arrive(one, number * arrival, tour) for number, one in enumerate(visitors)))
    took = time.perf_counter() - began
    own, theirs = own_seconds() - own, (watch.seconds_of_work() if watch else 0) - theirs
    here = watch.look() if watch else 0
    for one in visitors:
        await one.leave()
    left = await _watch_leaving(watch, stay) if watch else []
    if looking:
        looking.cancel()
    shares = f"server {theirs / took:.2f}, visitors {own / took:.2f}"
    print(f"\n{len(given)} visitors, {took:.0f} s; processors in use: {shares}, {theirs:.0f} s of work")
    print_times(diary)
    if watch:
        print_memory(start, watch, here, left)


def print_memory(start: int, watch: Watch, here: int, left: list[tuple[float, int]]) -> None:
    """One line of levels."""
    levels = ", ".join(f"{total / MB:.0f} after {seconds:.0f} s" for seconds, total in left)
    print(
        f"Memory in MB: {start / MB:.0f} before, {watch.most / MB:.0f} at most, {here / MB:.0f} at the end; "
        f"when they had left: {levels}"
    )


async def _warm_up(url: str, photos: list[Path]) -> None:
    visitor = Visitor(url, photos, Diary(), pause=0, moves=1)
    await visitor.visit()
    await visitor.leave()
    await asyncio.sleep(QUIET_SECONDS)


async def _arrive(visitor: Visitor, delay: float, tour: bool) -> None:
    await asyncio.sleep(delay)
    await visitor.visit(tour)


async def _watch_leaving(watch: Watch, stay: float) -> list[tuple[float, int]]:
    began, levels = time.perf_counter(), []
    while (passed := time.perf_counter() - began) < stay:
        await asyncio.sleep(min(15.0, stay - passed))
        levels.append((time.perf_counter() - began, watch.look()))
    return levels


def print_times(diary: Diary) -> None:
    """A table of all kinds of steps, and the errors."""
    print("\n| seconds | p50 | p95 | max | steps |\n|---|--:|--:|--:|--:|")
    for kind, times in filter(lambda item: item[1], diary.times.items()):
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
        print(f"| {kind} | {statistics.median(times):.2f} | {p95:.2f} | {max(times):.2f} | {len(times)} |")
    print(f"\n{diary.checked} pictures checked, {len(diary.errors)} errors")
    for error in sorted(set(diary.errors)):
        print(f"- {diary.errors.count(error)} × {error}")


if __name__ == "__main__":
    main()
