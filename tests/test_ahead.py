"""Helpers that compile ahead: each step is done once, and whatever happens to them, nobody waits for ever."""

import sys
import threading
from collections import Counter

import pytest

from quantize import ahead
from quantize.ahead import DONE, Ahead

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


def helped(monkeypatch, end: str) -> tuple[Ahead, list[None]]:
    monkeypatch.setattr(ahead, "_PROGRAM", ("-c", HELPER.format(end=end)))
    told: list[None] = []
    return Ahead(STEPS, lambda: told.append(None)), told


def test_helpers_do_every_step_once_and_tell_of_every_loop(monkeypatch):
    given: Counter[str] = Counter()
    see_through = Ahead._see_through
    monkeypatch.setattr(Ahead, "_see_through", lambda *words: given.update([words[2]]) or see_through(*words))
    at_work, told = helped(monkeypatch, end="")
    at_work.wait(STEPS)
    assert given == Counter(STEPS)
    assert len(told) == 2 * len(STEPS)


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
    Ahead(STEPS, lambda: None).wait(STEPS)


def test_on_one_processor_nobody_helps(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "1")
    monkeypatch.setattr(ahead, "_start", lambda: pytest.fail("a helper was started"))
    Ahead(STEPS, lambda: None).wait(STEPS)
