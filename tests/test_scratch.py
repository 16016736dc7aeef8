"""Scratch memory holds garbage in tests, and no result depends on which."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba import njit

from tests.garbage import GARBAGE_FROM_THE_START, HUGE_BYTE, NAN_BYTE, fill_scratch_memory


@njit
def unwritten(n: int) -> np.ndarray:
    return np.empty(n, np.uint8)


@pytest.fixture
def fill():
    """Fill with another byte; afterwards as all tests do."""
    if not fill_scratch_memory():
        pytest.skip("scratch memory can be filled by glibc only, which is not this system's allocator")
    yield fill_scratch_memory
    fill_scratch_memory()


@pytest.mark.parametrize("n", [1100, 5000, 100_000])
@pytest.mark.parametrize("allocate", [unwritten, lambda n: np.empty(n, np.uint8)], ids=["numba", "NumPy"])
def test_what_is_not_written_holds_garbage(fill, allocate, n):
    """In a fresh block as in one that was used and given back."""
    for byte in (NAN_BYTE, HUGE_BYTE):
        fill(byte)
        for _ in range(3):
            scratch = allocate(n)
            assert (scratch == byte).all()
            scratch[:] = 1
            del scratch


def test_garbage_is_no_number_anyone_would_take_for_a_result():
    nan, huge = np.full(8, NAN_BYTE, np.uint8), np.full(8, HUGE_BYTE, np.uint8)
    assert all(np.isnan(nan.view(kind)).all() for kind in (np.float32, np.float64))
    assert huge.view(np.float32).min() > 1e38
    assert huge.view(np.float64).min() > 1e300
    assert huge.view(np.int32).min() > 2**30


def test_no_result_depends_on_what_was_in_memory(fill):
    """Fresh processes in which the smallest blocks, too, hold garbage, each its own."""

    def run(byte: int) -> str:
        variables = {**os.environ, **GARBAGE_FROM_THE_START}
        command = [sys.executable, "-m", "tests.scratch_child", "3", str(byte)]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    with ThreadPoolExecutor() as pool:
        one, other = pool.map(run, (NAN_BYTE, HUGE_BYTE))
    assert len(one.strip()) == 64
    assert one == other
