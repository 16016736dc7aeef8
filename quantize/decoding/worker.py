"""Reading in another process, so that a hostile file cannot take this one down.

>>> picture = load_picture_apart(upload)  # doctest: +SKIP
>>> palette = read_palette_apart(dropped, "brand.ase")  # doctest: +SKIP

A picture's decoder is a large program in C that reads what a stranger wrote. Here it runs in a worker process
that is bound in time, memory and files, is used again for the next picture, and is replaced when a file has
ended it: what remains is a sentence for the one who brought the file. Palette files are read there, too.
Callers wait their turn for one of MAX_WORKERS processes.

Where processes cannot be started at all (Python in a browser, some sandboxes), pictures are decoded in this
process: no protection is better than no pictures there. That is settled by the very first start, before
anybody has sent a file; once a worker has run, a start that fails is a refusal, so that a crowd that uses up
the machine's memory does not get its files decoded without bounds.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from quantize import limits
from quantize.decoding import prison
from quantize.decoding.decode import Decoded, decode, measure
from quantize.decoding.moving import Frames, decode_frames
from quantize.decoding.parts import at_most
from quantize.decoding.picture import Picture, picture_of, read_source
from quantize.decoding.worker_jobs import read_palette
from quantize.decoding.worker_process import WorkerProcess
from quantize.decoding.worker_task import Result, Task, frames_task, palette_task, picture_task, size_task
from quantize.errors import QuantizeError, too_many_mb
from quantize.palettes.palette import Palette

RENEW_SECONDS = 0.3
"""After a large picture, when its process has left or means to stay."""

_log = logging.getLogger(__name__)


class Workers:
    """Worker processes and whose turn it is; safe for any number of threads."""

    def __init__(self, count: int = limits.MAX_WORKERS) -> None:
        self._all = [WorkerProcess() for _ in range(count)]
        self._free: queue.LifoQueue[WorkerProcess] = queue.LifoQueue()
        for worker in reversed(self._all):
            self._free.put(worker)
        self._start_lock = threading.Lock()
        self._possible: bool | None = None

    @property
    def pids(self) -> list[int]:
        """Numbers of the processes that were started and not stopped."""
        return [worker.pid for worker in self._all if worker.pid]

    def limit(self, count: int) -> None:
        """Use only so many processes, at least one; before anything is decoded."""
        self.stop()
        for worker in self._take_free()[: max(1, count)]:
            self._free.put(worker)

    def start(self) -> bool:
        """Start the first worker unless that was done; False if this system cannot run any."""
        with self._start_lock:
            if self._possible is None:
                self._possible = self._try()
                lacks = prison.missing()
                if self._possible and lacks:
                    _log.warning(
                        "the process that reads files is locked in less well: no %s", " and no ".join(lacks)
                    )
            return self._possible

    def decode(self, data: bytes, max_pixels: int = limits.MAX_PIXELS) -> Decoded:
        """Decode a file of at most so many pixels in a worker, or here where none can be started.

        Raises
        ------
        QuantizeError
            If the file cannot be read within the limits, or no worker was free in time.
        """
        if self.start():
            return self._run(picture_task(data, max_pixels))
        with at_most(max_pixels):
            return decode(data)

    def decode_frames(self, data: bytes, max_pixels: int = limits.MAX_PIXELS) -> Frames:
        """Decode an animation, its frames of at most so many pixels together, as ``decode`` does a picture.

        Raises
        ------
        QuantizeError
            Likewise.
        """
        if self.start():
            return self._run(frames_task(data, max_pixels))
        with at_most(max_pixels):
            return decode_frames(data)

    def measure(self, data: bytes) -> int:
        """Find out how many pixels ``decode`` would have to read; most there can be if nobody can tell."""
        try:
            return self._run(size_task(data)) if self.start() else measure(data)
        except QuantizeError:
            return limits.MAX_PIXELS

    def read_palette(self, data: bytes, filename: str | None = None) -> Palette:
        """Read a palette file in a worker, or here where none can be started.

        Raises
        ------
        QuantizeError
            If the file cannot be read within the limits, or no worker was free in time.
        """
        return self._run(palette_task(data, filename)) if self.start() else read_palette(data, filename or "")

    def _run(self, task: Task[Result]) -> Result:
        job = task.request.job
        with self._turn("picture" if job == "size" else job) as worker:
            try:
                result = worker.run(task)
                if _n_bytes(result) > limits.WORKER_KEPT_BYTES // 4:
                    self._renew_later()
                return result
            except OSError as error:
                _log.warning("no process for reading files: %s", error)
                raise QuantizeError(
                    f"{task.request.job} must be read by another process, which cannot be started just now: "
                    "try again in a minute"
                ) from error

    def stop(self) -> None:
        """End all processes that nobody uses; the next picture starts one again."""
        for worker in self._take_free():
            worker.stop()
            self._free.put(worker)

    def rest(self, seconds: float = limits.REST_SECONDS) -> None:
        """End processes that decoded nothing for so long, and start a fresh one for the next picture."""
        ended = False
        for worker in self._take_free():
            if worker.idle_seconds > seconds:
                worker.stop()
                ended = True
            self._free.put(worker)
        if ended and not self.pids:
            self._try()

    def _renew_later(self) -> None:
        """Let the next process be ready when one has left, to give back the memory of a large picture."""
        timer = threading.Timer(RENEW_SECONDS, self._renew)
        timer.daemon = True
        timer.start()

    def _renew(self) -> None:
        for worker in self._take_free():
            if worker.has_left:
                with suppress(OSError):  # whoever needs it next hears of it
                    worker.start()
            self._free.put(worker)

    def _take_free(self) -> list[WorkerProcess]:
        """Take all that nobody uses; the caller puts them back, in this order, so that the first stays it."""
        free = []
        with suppress(queue.Empty):
            while True:
                free.append(self._free.get_nowait())
        return free[::-1]

    def _try(self) -> bool:
        with self._turn() as worker:
            try:
                worker.start()
            except OSError as error:
                _log.warning("pictures are decoded without protection, no process can be started: %s", error)
                return False
        return True

    @contextmanager
    def _turn(self, job: str = "picture") -> Iterator[WorkerProcess]:
        try:
            worker = self._free.get(timeout=limits.MAX_WAIT_SECONDS)
        except queue.Empty:
            raise QuantizeError(
                f"{job} had to wait longer than {limits.MAX_WAIT_SECONDS} s for other files "
                "to be read: try again in a minute"
            ) from None
        try:
            yield worker
        finally:
            self._free.put(worker)


_workers = Workers()


def _n_bytes(result: Decoded | Frames | Palette | int) -> int:
    """Tell how many bytes of pixels a worker has held."""
    if isinstance(result, Frames):
        return result.n_bytes
    return result.pixels.nbytes if isinstance(result, Decoded) else 0


def load_picture_apart(
    data: bytes, *, max_bytes: int = limits.MAX_BYTES, max_pixels: int = limits.MAX_PIXELS
) -> Picture:
    """Decode the bytes of a picture file as ``load_picture`` does, in a worker process.

    Parameters
    ----------
    data : bytes
        Content of the file.
    max_bytes : int
        Longest file accepted.
    max_pixels : int
        Largest picture accepted, up to MAX_PIXELS.

    Returns
    -------
    Picture
        The same as ``load_picture`` makes.

    Raises
    ------
    QuantizeError
        As ``load_picture``; also for a file that takes longer than MAX_DECODE_SECONDS or more memory than
        MAX_DECODE_MEMORY, and when the turn of this picture does not come in MAX_WAIT_SECONDS.
    """
    data = read_source(data, max_bytes)
    return picture_of(data, _workers.decode(data, max_pixels))


def decode_frames_apart(data: bytes, *, max_pixels: int = limits.MAX_PIXELS) -> Frames:
    """Decode the bytes of an animation in a worker process.

    Parameters
    ----------
    data : bytes
        Content of the file.
    max_pixels : int
        Pixels of all frames together, up to MAX_PIXELS; what is more is left out, with a note.

    Raises
    ------
    QuantizeError
        As ``load_picture_apart``.
    """
    return _workers.decode_frames(data, max_pixels)


def measure_apart(data: bytes) -> int:
    """Find out in a worker process how many pixels a picture file has, for who must know how long it takes.

    Returns
    -------
    int
        From 1 to MAX_PIXELS; that for files of which nobody can tell.
    """
    return _workers.measure(data)


def read_palette_apart(data: bytes, filename: str | None = None) -> Palette:
    """Read a palette file as ``quantize.read_palette`` does, in a worker process.

    Parameters
    ----------
    data : bytes
        At most 1 MB.
    filename : str, optional
        Its name; only the ending counts.

    Raises
    ------
    QuantizeError
        As ``read_palette``; also for a file that takes longer than MAX_PALETTE_SECONDS or more memory than
        MAX_PALETTE_MEMORY, and when its turn does not come in MAX_WAIT_SECONDS.
    """
    if len(data) > limits.MAX_PALETTE_BYTES:  # before it is copied into a pipe
        raise QuantizeError(
            f"palette file must be at most {limits.MAX_PALETTE_BYTES // 1_000_000} MB, "
            f"got {too_many_mb(len(data), 10**6)}: export fewer colours"
        )
    return _workers.read_palette(data, filename)


def start(count: int = limits.MAX_WORKERS) -> None:
    """Start the first of so many workers, for a server to call in the background before anybody comes."""
    if count < limits.MAX_WORKERS:
        _workers.limit(count)
    _workers.start()


def rest() -> None:
    """Give back the memory of processes that decoded nothing for a while."""
    _workers.rest()


def stop() -> None:
    """End the worker processes; the next picture starts one again."""
    _workers.stop()


def _forget_workers() -> None:
    global _workers
    _workers = Workers()


atexit.register(lambda: _workers.stop())
# A forked child would talk to its parent's workers through the same pipes.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_workers)
