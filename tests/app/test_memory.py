"""What large arrays held goes back to the system when they are gone."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pages._cache import memory as _memory

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
import threading
import numpy as np
from pages._cache.memory import give_back_early

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

if not give_back_early():
    print("none")
    sys.exit()
np.ones(30 << 20, np.uint8)  # from which glibc learns that such arrays belong on its heap
before, large, small = resident(), [], []
for _ in range(40):
    large.append(np.ones(4 << 20, np.uint8))
    small.append(bytes(100_000))  # stays, and pins the heap below it
large.clear()
print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell memory in /proc")
def test_freed_arrays_leave_nothing_behind():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    if done.stdout.strip() == "none":
        pytest.skip("the C library of this machine is not glibc")
    assert int(done.stdout) < 20 << 20  # else more than 150 MB


def test_who_asks_while_it_is_tidied_up_makes_it_begin_again(monkeypatch):
    begun, go, rounds = threading.Event(), threading.Event(), []
    monkeypatch.setattr(_memory, "_find", lambda name: None)

    def first() -> None:
        rounds.append(1)
        begun.set()
        go.wait(20)

    _memory.tidy_up(first)
    assert begun.wait(20)
    for _ in range(5):
        _memory.tidy_up(first)
    go.set()
    wait_until_free()
    assert len(rounds) == 2
    _memory.tidy_up(first)
    wait_until_free()
    assert len(rounds) == 3


def wait_until_free() -> None:
    """Nobody asks any more, and the thread has ended."""
    for thread in threading.enumerate():
        if thread.name == "tidy-up":
            thread.join(20)
    with _memory._tidying:
        assert not _memory._asked.is_set()
