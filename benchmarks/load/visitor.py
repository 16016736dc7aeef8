"""What a visitor does: open, upload, move K, look at every page, download, leave."""

import asyncio
import io
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.load.tab import Tab
from benchmarks.load.web import Web
from quantize.rendering.previews import preview

PREVIEW_SIDE = 1600
RESULT, ORIGINAL = "viewer-pane-1", "viewer-pane-0"
FAR = 40
"""Mean difference to the original, in 8-bit steps, from which a result is somebody else's picture."""


@dataclass
class Diary:
    """What all visitors met: seconds of each kind of step, errors, pictures that were checked."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    checked: int = 0


class Visitor:
    """One visitor in one tab.

    Parameters
    ----------
    url : str
        Where the app is.
    photos : sequence of Path
        What to upload, one after the other; the steps follow after each.
    diary : Diary
        Where to write.
    pause : float
        Seconds from one change to the next; longer if the answer takes longer.
    moves : int
        How often K is moved for each photo.
    only : sequence of str
        The pages to look at, by their names; all if there is none.
    """

    def __init__(
        self, url: str, photos: list[Path], diary: Diary, *,
        pause: float, moves: int, only: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.tab = Tab(Web(url))
        self._photos = photos
        self._diary = diary
        self._pause = pause
        self._moves = moves
        self._only = only
        self._k = 16
        self._random = random.Random(str(photos))

    async def visit(self, tour: bool = True) -> None:
        """Do it all; what goes wrong is written down."""
        try:
            await self._timed("open", self._open)
            for photo in self._photos:
                await self._paced(lambda photo=photo: self._upload(photo))
                for _ in range(self._moves):
                    await self._paced(self._move)
                await self._check(photo)
            if tour:
                await self._tour()
        except Exception as error:
            self._diary.errors.append(f"{type(error).__name__}: {error}")
        self._diary.errors += self.tab.errors

    async def leave(self) -> None:
        """Close the tab."""
        await self.tab.close()

    async def _tour(self) -> None:
        first, *others = self.tab.pages
        for page in self._only or others:
            await self._paced(lambda page=page: self._look_at(page))
        await self._timed("back", lambda: self.tab.ask(page=first))
        await self._timed("download", self._download)

    async def _look_at(self, page: str) -> None:
        before = time.perf_counter()
        await self._timed(page, lambda: self.tab.ask(page=page))
        arrived = [
            when for courier, when in self.tab.arrivals.items() if "-pane-" in courier and when > before
        ]
        if arrived:
            self._diary.times[f"{page}, pictures"].append(max(arrived) - before)

    async def _paced(self, step: Callable[[], Awaitable[object]]) -> None:
        started = time.perf_counter()
        await step()
        await asyncio.sleep(max(0.0, started + self._pause - time.perf_counter()))

    async def _timed(self, kind: str, step: Callable[[], Awaitable[object]]) -> None:
        started = time.perf_counter()
        await step()
        self._diary.times[kind].append(time.perf_counter() - started)

    async def _open(self) -> None:
        await self.tab.open()
        await self.tab.settle()

    async def _upload(self, photo: Path) -> None:
        data = await asyncio.to_thread(photo.read_bytes)
        before = time.perf_counter()
        self._diary.times["upload, all"].append(await self.tab.upload(photo.name, data))
        self._note_arrival("upload, picture", before)

    async def _move(self) -> None:
        self._k = self._random.choice([k for k in range(2, 65) if k != self._k])
        before = time.perf_counter()
        held = asyncio.create_task(self._follow(before))  # as the viewer does
        self._diary.times["K, all"].append(await self.tab.ask(set_slider(self.tab, self._k)))
        self._note_arrival("K, picture", before)
        await held

    async def _follow(self, before: float) -> None:
        offer = self.tab.scene.get("live")
        if not offer:
            return
        try:
            await self.tab.web.get(f"/live/{offer['token']}/{self._k}")
        except ConnectionError:  # the server has no time: then the page shows it
            self._diary.times["K, not followed"].append(time.perf_counter() - before)
        else:
            self._diary.times["K, followed"].append(time.perf_counter() - before)

    def _note_arrival(self, kind: str, before: float) -> None:
        arrived = self.tab.arrivals.get(RESULT, 0)
        if arrived > before:
            self._diary.times[kind].append(arrived - before)
        else:
            alerts = [alert.body for alert in self.tab.shown("alert")]
            self._diary.errors.append(f"{kind}: no new picture; the page says {alerts}")

    async def _check(self, photo: Path) -> None:
        fault = await asyncio.to_thread(
            find_fault, self.tab.picture(ORIGINAL), self.tab.picture(RESULT), photo, self._k
        )
        self._diary.checked += 1
        if fault:
            self._diary.errors.append(fault)

    async def _download(self) -> None:
        data = await self.tab.download("Download PNG")
        if not data.startswith(b"\x89PNG"):
            self._diary.errors.append("the download is no PNG")


def set_slider(tab: Tab, n_colors: int) -> WidgetState:
    """The slider of K, moved."""
    state = WidgetState(id=tab.widget("k"))
    state.double_array_value.data.append(n_colors)
    return state


def find_fault(original: bytes | None, result: bytes | None, photo: Path, n_colors: int) -> str | None:
    """Say what is wrong with what a visitor sees, if anything: whose picture, how many colours."""
    if original is None or result is None:
        return "a picture is missing"
    with Image.open(photo) as image:
        own = preview(np.asarray(image.convert("RGB")), PREVIEW_SIDE)
    shown, quantized = _opened(original), _opened(result)
    if not np.array_equal(own, shown):
        return f"the original shown is not {photo.name}"
    if own.shape != quantized.shape or np.abs(own.astype(np.int16) - quantized).mean() > FAR:
        return f"the result shown is not of {photo.name}"
    found = len(np.unique(quantized.reshape(-1, 3) @ np.array([1 << 16, 1 << 8, 1])))
    return f"{found} colours instead of {n_colors}" if found > n_colors else None


def _opened(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
