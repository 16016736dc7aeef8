"""Whether the server comes back to where it began: ``python -m benchmarks.soak --minutes 30``.

Mixed visitors come and go for so long: who looks at every page, who shares a picture and opens the link, who
gives files that are none, who moves sliders in haste and is gone in the middle of it. Then all leave. What
the server and its children hold is printed as Markdown: before, while visitors are there, and after they
left. With more than 5 % more memory, or with descriptors, threads but idle ones of pools, or sessions left,
the exit code is 1.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click
import psutil
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.load.photos import MEGAPIXELS, find_photos
from benchmarks.load.server import Watch, running_app
from benchmarks.load.tab import Tab
from benchmarks.load.visitor import Diary, Visitor, set_slider
from benchmarks.load.web import Web
from benchmarks.machine import describe_machine

MOST_GROWTH = 1.05
MB = 1e6
NOTHING = (
    b"not a picture at all",
    b"\x89PNG\r\n\x1a\n" + bytes(1000),
    b"ff0000\n00ff00\n",
    b"GIMP Palette\n1 2",
)
"""Files that are no pictures; two of them are palettes."""

POOLS = ("AnyIO worker", "ThreadPoolExecutor", "asyncio_", "quantize_")
"""Names of threads that wait for work in a pool of bounded size, and stay once they were needed."""


@dataclass(frozen=True)
class Level:
    """What a server and its children hold at a moment."""

    memory: int
    descriptors: int
    threads: int
    held: dict[str, Any]

    @classmethod
    async def of(cls, url: str, pid: int) -> Level:
        """Look now."""
        held = json.loads(await Web(url).get("/held"))
        busy = [name for name in held["threads"] if not name.startswith(POOLS)]
        # A process that reads files has two pipes, and how many there are is for chance to say.
        descriptors = psutil.Process(pid).num_fds() - 2 * held["readers"]
        return cls(Watch(pid).look(), descriptors, len(busy), held)

    def __str__(self) -> str:
        cells = self.memory / MB, self.held["bytes"] / MB, self.descriptors, self.threads
        return " | ".join(f"{cell:.0f}" for cell in (*cells, self.held["kept sessions"]))

    def faults(self, start: Level, most_growth: float = MOST_GROWTH) -> list[str]:
        """What is more than it was, memory more by this factor."""
        grown = self.memory > most_growth * start.memory
        return [f"memory {self.memory / start.memory:.3f} of what it was"] * grown + [
            f"{name}: {here} instead of {before}"
            for name, here, before in (
                ("descriptors", self.descriptors, start.descriptors),
                ("threads", self.threads, start.threads),
                ("sessions", self.held["kept sessions"], 0),
                ("uploads", self.held["uploads"], 0),
                ("bytes of sockets", self.held["said"], 0),
                ("bytes of visitors", self.held["own"], 0),
            )
            if here > before
        ]


async def look_around(url: str, photo: Path, diary: Diary) -> None:
    """Upload, move K, see every page, download."""
    visitor = Visitor(url, [photo], diary, pause=0.5, moves=4)
    await visitor.visit()
    await visitor.leave()


async def share(url: str, photo: Path, diary: Diary) -> None:
    """Share a picture, open its link as another, and delete it every second time."""
    tab = await _open(url)
    await tab.upload(photo.name, await asyncio.to_thread(photo.read_bytes))
    await tab.ask(WidgetState(id=tab.widget("sharing"), bool_value=True))
    await tab.click("Store the picture and make a link")
    link = re.search(r"share=[0-9a-f]+", str(tab.shown("bidi_component")))
    if not link:
        raise LookupError(f"no link; the page says {[alert.body for alert in tab.shown('alert')]}")
    other = await _open(url, link[0])
    await other.ask(set_slider(other, 9))
    if int(photo.name[:3]) % 2:
        await tab.click("Delete it now")
    await _close(diary, other, tab)


async def give_nonsense(url: str, photo: Path, diary: Diary) -> None:
    """Give files that are no pictures, and one that is cut off."""
    tab = await _open(url)
    cut = (await asyncio.to_thread(photo.read_bytes))[:100_000]
    for number, data in enumerate((*NOTHING, cut)):
        await tab.upload(f"{number}.png", data)
    await _close(diary, tab)


async def hurry(url: str, photo: Path, diary: Diary) -> None:
    """Move K faster than it is worked out, and be gone in the middle."""
    tab = await _open(url)
    await tab.upload(photo.name, await asyncio.to_thread(photo.read_bytes))
    for n_colors in range(5, 35):
        tab.send(set_slider(tab, n_colors))
        await asyncio.sleep(0.02)
    await _close(diary, tab)


KINDS: tuple[Callable[[str, Path, Diary], Awaitable[None]], ...] = (look_around, share, give_nonsense, hurry)


async def _open(url: str, query: str = "") -> Tab:
    tab = Tab(Web(url), query)
    await tab.open()
    await tab.settle()
    return tab


async def _close(diary: Diary, *tabs: Tab) -> None:
    for tab in tabs:
        diary.errors += tab.errors
        await tab.close()


async def come_and_go(url: str, photos: list[Path], until: float, seed: int, diary: Diary) -> None:
    """One visitor after the other, of all kinds, until it is time."""
    chance = random.Random(seed)
    while time.monotonic() < until:
        kind, photo = chance.choice(KINDS), chance.choice(photos)
        try:
            await kind(url, photo, diary)
        except Exception as error:
            diary.errors.append(f"{kind.__name__}: {type(error).__name__}: {error}")
        diary.times[kind.__name__].append(0.0)


@click.command(help=__doc__)
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--visitors", default=4, show_default=True, help="At a time.")
@click.option(
    "--rest", default=75.0, show_default=True, help="Seconds from when a session has ended to a look."
)
@click.option("--log", default=os.devnull, type=click.File("w"), help="Where the server's output goes.")
def main(minutes: float, visitors: int, rest: float, log: TextIO) -> None:
    print(f"{describe_machine()}; {minutes:g} minutes, {visitors} visitors at a time\n")
    with tempfile.TemporaryDirectory() as folder:
        photos = find_photos(Path(folder, "photos"), MEGAPIXELS, 20)
        os.environ["QUANTIZE_SHARE_STORE"] = str(Path(folder, "store"))
        with running_app(log, "tests/watched_app.py") as (url, pid):
            faults = asyncio.run(soak(url, pid, photos, minutes * 60, visitors, rest))
    sys.exit(bool(faults))


async def soak(
    url: str, pid: int, photos: list[Path], seconds: float, visitors: int, rest: float
) -> list[str]:
    """Let visitors come and go; what was found wrong."""
    diary = Diary()
    for kind in KINDS:  # what the first of each kind makes stays: compiled code, caches of libraries
        await kind(url, photos[0], diary)
    await _rest(url, rest)
    start = await Level.of(url, pid)
    print(_HEAD)
    print(f"| before | {start} |", flush=True)
    until = time.monotonic() + seconds
    crowd = [asyncio.create_task(come_and_go(url, photos, until, seed, diary)) for seed in range(visitors)]
    while time.monotonic() < until - 1:
        await asyncio.sleep(max(1.0, min(seconds / 6, until - time.monotonic())))
        print(
            f"| after {(time.monotonic() - until + seconds) / 60:.1f} min | {await Level.of(url, pid)} |",
            flush=True,
        )
    await asyncio.gather(*crowd)
    await _rest(url, rest)
    end = await Level.of(url, pid)
    print(f"| when all had left | {end} |\n")
    print(", ".join(f"{len(times)} × {name}" for name, times in diary.times.items() if name in _NAMES))
    faults = [
        *end.faults(start),
        *(f"{diary.errors.count(one)} × {one}" for one in sorted(set(diary.errors))),
    ]
    print("\n".join(f"- {fault}" for fault in faults) or "nothing is left")
    return faults


_HEAD = (
    "| | memory, MB | of it kept, MB | descriptors | threads but pools | sessions |\n"
    "|---|--:|--:|--:|--:|--:|"
)
_NAMES = tuple(kind.__name__ for kind in KINDS)


async def _rest(url: str, seconds: float) -> None:
    """Wait until no session is left, and then for what they used."""
    async with asyncio.timeout(600):
        while json.loads(await Web(url).get("/held"))["kept sessions"]:
            await asyncio.sleep(1)
    await asyncio.sleep(seconds)


if __name__ == "__main__":
    main()
