"""Helpers that compile ahead: each step is done once, and whatever happens to them, nobody waits for ever."""

import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from quantize import ahead
from quantize.ahead import ALL, DONE, FIRST, Ahead
from quantize.later_steps import STEPS as EVERY_STEP

STEPS = [f"step {number}" for number in range(9)]
# Says for each step that it compiles two loops; ends at the step whose name is given.
HELPER = f"""
import sys
import threading
for line in sys.stdin:
    if line.strip() == "{{end}}":
        raise SystemExit
    print("", "", {DONE!r}, sep=chr(10), flush=True)
"""


@pytest.fixture(autouse=True)
def processors(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "3")


def helped(monkeypatch, end: str) -> tuple[Ahead, list[str]]:
    monkeypatch.setattr(ahead, "_PROGRAM", ("-c", HELPER.format(end=end)))
    told: list[str] = []
    at_work = Ahead(STEPS)
    at_work.tell(told.append)
    return at_work, told


def test_helpers_do_every_step_once_and_tell_of_every_loop(monkeypatch):
    given: Counter[str] = Counter()
    see_through = Ahead._see_through
    monkeypatch.setattr(Ahead, "_see_through", lambda *words: given.update([words[2]]) or see_through(*words))
    at_work, told = helped(monkeypatch, end="")
    at_work.wait(STEPS)
    assert given == Counter(STEPS)
    assert Counter(told) == Counter(2 * STEPS)


def test_who_waits_for_the_first_steps_does_not_wait_for_the_last(monkeypatch):
    go, see_through = threading.Event(), Ahead._see_through

    def hold_the_last(at_work, helper, step):
        if step == STEPS[-1]:
            assert go.wait(60)
        see_through(at_work, helper, step)

    monkeypatch.setattr(Ahead, "_see_through", hold_the_last)
    at_work, told = helped(monkeypatch, end="")
    at_work.wait(STEPS[:-1])
    assert len(told) == 2 * (len(STEPS) - 1)
    go.set()
    at_work.wait(STEPS)


@pytest.mark.parametrize("end", [STEPS[0], STEPS[4]])
def test_helpers_that_end_early_keep_nobody_waiting(monkeypatch, end):
    at_work, _ = helped(monkeypatch, end)
    at_work.wait(STEPS)


@pytest.mark.parametrize("python", ["", "/there/is/no/python"])
def test_helpers_that_cannot_start_keep_nobody_waiting(monkeypatch, python):
    monkeypatch.setattr(sys, "executable", python)
    Ahead(STEPS).wait(STEPS)


def test_on_one_processor_nobody_helps(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "1")
    monkeypatch.setattr(ahead, "_start", lambda: pytest.fail("a helper was started"))
    Ahead(STEPS).wait(STEPS)


def test_every_step_is_in_the_order_once():
    assert sorted(ALL) == sorted(EVERY_STEP)


def test_what_was_compiled_before_helpers_are_listened_to_is_told(monkeypatch):
    at_work, _ = helped(monkeypatch, end="")
    at_work.wait(STEPS)
    late: list[str] = []
    at_work.tell(late.append)
    assert Counter(late) == Counter(2 * STEPS)


@pytest.fixture
def unbegun(monkeypatch, tmp_path):
    """A process that has begun nothing, and an installation of which nothing is compiled."""
    monkeypatch.setattr(ahead, "_begun", None)
    monkeypatch.setattr(ahead, "_at_work", threading.Event())
    monkeypatch.setattr(ahead, "_PROGRAM", ("-c", HELPER.format(end="")))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))


def test_helpers_begin_early_and_once_where_nothing_is_compiled(unbegun):
    helpers = ahead.begin_early()
    assert helpers
    assert ahead.is_compiling()
    assert ahead.begin_early() is ahead.begin() is helpers
    ahead.wait(ALL)
    assert not any(map(ahead.is_missing, ALL))
    ahead.end()
    assert not ahead.is_compiling()


def test_nothing_begins_early_where_loops_were_compiled(unbegun, tmp_path):
    (tmp_path / "colors").mkdir()
    (tmp_path / "colors" / "kernels_count.rank_words-1.py311.nbi").touch()
    assert ahead.begin_early() is None
    assert not ahead.is_compiling()


def test_on_one_processor_steps_are_missing_until_somebody_has_done_them(unbegun, monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "1")
    helpers = ahead.begin_early()
    assert all(map(ahead.is_missing, ALL))
    helpers.note(FIRST[0])
    assert not ahead.is_missing(FIRST[0])
    assert ahead.is_missing(FIRST[1])


def test_a_helper_whose_asker_is_gone_ends_the_step_and_then_itself(tmp_path):
    helper = subprocess.Popen(
        [sys.executable, "-P", "-m", "quantize.steps"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "NUMBA_CACHE_DIR": str(tmp_path)},
    )
    helper.stdout.close()
    helper.communicate("merge\n", timeout=120)
    assert {path.name.split("-")[0] for path in tmp_path.rglob("*.nbi")} == {
        "kernels_count.merge_cells",
        "kernels_count.look_up",
    }
