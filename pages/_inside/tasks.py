"""Six tasks about k-means, each checked on the run that is shown, from which all that is said comes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from pages import _controls, _state, _words
from pages._choices import Choices
from pages._inside import results
from pages._inside.results import Run
from pages._references import PictureRef
from quantize import QuantizeError
from quantize.teaching.trace import Trace

Answer = tuple[bool, str]
_SAME = 0.001
_TENTH = 0.1


@dataclass(frozen=True, eq=False)
class _Now:
    """What a task is checked on."""

    picture: PictureRef
    record: Choices
    run: Run
    trace: Trace

    def mse(self, trace: Trace) -> float:
        """Mean squared error of a run's end."""
        return trace.sse / max(int(trace.steps[-1].counts.sum()), 1)

    def other(self, **changed: object) -> Trace:
        """Another run of the same picture."""
        return results.trace(self.picture, replace(self.run.given, **changed))  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Task:
    title: str
    text: str
    check: Callable[[_Now], Answer]


def _find_first_move(now: _Now) -> Answer:
    step = min(now.record.step, len(now.trace.steps) - 1)
    found = now.trace.steps[step]
    if step == 2:
        return True, f"This is it: the farthest centre went {found.shift:.1f}, black to red is 255."
    return (
        False,
        f"Now step {step} is shown, {'the start' if not step else f'{found.kind} {found.iteration}'}.",
    )


def _let_settle(now: _Now) -> Answer:
    if now.trace.end == "settled":
        return True, f"With K = {now.run.clusters} it settles in iteration {now.trace.iterations}."
    last = now.trace.steps[-1]
    return False, f"After {now.trace.iterations} iterations a centre still moves by {last.shift:.2f}."


def _beat_first_draw(now: _Now) -> Answer:
    first, here = now.mse(now.other(start="random", draw=0)), now.mse(now.trace)
    if here < (1 - _SAME) * first:
        return True, f"{here:,.1f} is {100 * (1 - here / first):.1f} % less than {first:,.1f}."
    return False, f"This run ends at {here:,.1f}, draw 0 of random pixels at {first:,.1f}."


def _find_least_k(now: _Now) -> Answer:
    k, here, limit = now.run.clusters, now.mse(now.trace), _TENTH * now.mse(now.other(clusters=1))
    if here > limit:
        return False, f"With K = {k} the error is {here:,.1f}; a tenth is {limit:,.1f}: more centres."
    if k > 1:
        fewer = now.mse(now.other(clusters=k - 1))
        if fewer <= limit:
            return False, f"K = {k - 1} does it as well, with {fewer:,.1f} of at most {limit:,.1f}."
    return True, f"K = {k} has {here:,.1f} of at most {limit:,.1f}, and one centre less is not enough."


def _empty_one(now: _Now) -> Answer:
    idle = int((now.trace.steps[-1].counts == 0).sum())
    if idle:
        return True, f"{idle} of {now.run.clusters} centres have no pixel to the end."
    return False, "Every centre has pixels at the end of this run."


def _let_heal(now: _Now) -> Answer:
    if not now.run.centers:
        return False, "No centre has been moved by hand in this run."
    given, here = now.mse(now.other()), now.mse(now.trace)
    if here <= (1 + _SAME) * given:
        return True, f"It ends at {here:,.1f}; from the chosen start it was {given:,.1f}."
    return False, f"It ends at {here:,.1f}, the run from the chosen start at {given:,.1f}: a worse place."


TASKS = (
    _Task(
        "The first move",
        "Go to the step where the centres move for the first time, and see in the cloud how far.",
        _find_first_move,
    ),
    _Task(
        "Settled",
        "Find a K and a start with which the run settles: no pixel changes its centre any more.",
        _let_settle,
    ),
    _Task(
        "A better start",
        "Find a start whose run ends with less error than draw 0 of random pixels, with the same K.",
        _beat_first_draw,
    ),
    _Task(
        "The least K",
        "Find the least K with which the error is a tenth of that of one centre, or less.",
        _find_least_k,
    ),
    _Task(
        "An empty cluster",
        "Drag a centre to where it has no pixel and gets none, and see what becomes of it.",
        _empty_one,
    ),
    _Task(
        "Healed",
        "Drag a centre far away, or take one away and drop another; the run must end no worse than before.",
        _let_heal,
    ),
)


def draw_tasks(picture: PictureRef, run: Run) -> None:
    """Draw which task, and how far this run is with it."""
    st.header("Six tasks", anchor=False)
    number = st.pills(
        "Task", range(1, len(TASKS) + 1), **_controls.show("task"),
        format_func=lambda number: f"{number}. {TASKS[number - 1].title}",
        help="Each is checked on the run above, whenever that changes.",
    )  # fmt: skip
    if not number:
        return
    st.markdown(TASKS[number - 1].text)
    try:
        done, said = _check(number, picture, run)
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        return
    if done:
        st.success(f"Done. {said}", icon=":material/check:")
    else:
        st.info(f"Not yet. {said}", icon=":material/pending:")


def say_task(picture: PictureRef, run: Run) -> tuple[str, str] | None:
    """Say the chosen task, and how far this run is with it: short enough for a line."""
    number = _state.choices().task
    if not number:
        return None
    try:
        done, said = _check(number, picture, run)
    except QuantizeError as error:
        done, said = False, _words.sentence(str(error))
    return f"Task {number}, {TASKS[number - 1].title}:", f"{'✓ Done.' if done else 'Not yet.'} {said}"


def _check(number: int, picture: PictureRef, run: Run) -> Answer:
    return TASKS[number - 1].check(_Now(picture, _state.choices(), run, results.trace(picture, run)))
