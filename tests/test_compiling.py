"""Loops that were compiled are found again, and compiled again where what was kept is damaged or nowhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOP = """
from quantize.compiling import loop


@loop
def double(number):
    return 2 * number


print(double(21), len(double.stats.cache_misses))
"""


def run(folder: Path, **where: str) -> str:
    """Call a loop in a process of its own; tell the result, and how often it was compiled."""
    path = folder / "tried.py"
    if not path.exists():
        path.write_text(LOOP)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **where}
    done = subprocess.run([sys.executable, path], env=environment, capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
@pytest.mark.parametrize("left", [0, 40])
def test_damaged_files_are_made_again(tmp_path: Path, kind: str, left: int) -> None:
    kept = tmp_path / "kept"
    assert run(tmp_path, NUMBA_CACHE_DIR=str(kept)) == "42 1"
    (file,) = kept.rglob(f"*.{kind}")
    with file.open("r+b") as opened:
        opened.truncate(left)
    assert run(tmp_path, NUMBA_CACHE_DIR=str(kept)) == "42 1"
    assert run(tmp_path, NUMBA_CACHE_DIR=str(kept)) == "42 0"


def test_without_a_folder_loops_are_compiled_all_the_same(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    for _ in range(2):
        assert run(tmp_path, NUMBA_CACHE_DIR=str(taken / "folder")).startswith("42 ")
