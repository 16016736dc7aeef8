"""What a server does with the store of shared pictures, in a process of its own that tests can kill.

``python -m tests.store_child put FOLDER COUNT MEGABYTES SIDE`` stores pictures and prints the id of each when
it is confirmed. ``kill-at-each-line FOLDER`` dies at the first line of the store's code that ``put`` runs, in
the next folder at the second, and so on; at last it prints how many lines there were.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from pages._store.store import ShareStore
from quantize import Picture


def put_many(folder: str, count: str, megabytes: str, side: str) -> None:
    store = ShareStore(folder, max_age=timedelta(days=30), max_bytes=int(float(megabytes) * 2**20))
    random = np.random.default_rng(os.getpid())
    for _ in range(int(count)):
        pixels = random.integers(0, 256, (int(side), int(side), 3), np.uint8)
        print(store.put(Picture.from_pixels(pixels)).id, flush=True)


def kill_at_each_line(folder: str) -> None:
    line = 0
    while True:
        child = os.fork()
        if not child:
            sys.settrace(Killer(line))
            put_many(f"{folder}/{line}", "1", "100", "50")
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert status == 0
            print(line)
            return
        assert os.WTERMSIG(status) == signal.SIGKILL
        line += 1


class Killer:
    """A trace function that kills its process at the nth line of the store's code."""

    def __init__(self, line: int) -> None:
        self._left = line

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        if Path(frame.f_code.co_filename).parent.name != "_store":
            return None
        if event == "line":
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1
        return self


if __name__ == "__main__":
    {"put": put_many, "kill-at-each-line": kill_at_each_line}[sys.argv[1]](*sys.argv[2:])
