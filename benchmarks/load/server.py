"""The server that is measured: a process of its own, what it and its children hold and use."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import psutil

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@contextmanager
def running_app(log: TextIO, script: str = "app.py") -> Iterator[tuple[str, int]]:
    """Run the app on a free port; its URL and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", script, *options, "--server.fileWatcherType=none"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_healthy(url)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait(20)


def _wait_until_healthy(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@dataclass
class Watch:
    """Resident memory of a process and its children over time, and the processor time they took."""

    pid: int
    began: float = field(default_factory=time.perf_counter)
    samples: list[tuple[float, int]] = field(default_factory=list)

    def look(self) -> int:
        """Resident bytes now, of all processes together; where the system tells, shared pages count once."""
        total = sum(_resident(process) for process in self._processes())
        self.samples.append((time.perf_counter() - self.began, total))
        return total

    def seconds_of_work(self) -> float:
        """Processor seconds of all processes so far."""
        return sum(_worked(process) for process in self._processes())

    async def keep_looking(self, every: float = 1.0) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(every)

    @property
    def most(self) -> int:
        """The most there ever was."""
        return max(total for _, total in self.samples)

    def _processes(self) -> list[psutil.Process]:
        server = psutil.Process(self.pid)
        return [server, *server.children(recursive=True)]


def _resident(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return getattr(full, "pss", full.rss)
    except psutil.NoSuchProcess:
        return 0


def _worked(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def own_seconds() -> float:
    """Processor seconds of this process, the visitors'."""
    times = os.times()
    return times.user + times.system
