"""Six tasks about k-means, each checked on the run that is shown, from which all that is said comes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from pages import _controls, _state, _words
from pages._choices import Choices
from pages._inside import html, results
from pages._inside.amounts import say_amount
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

    @property
    def error(self) -> str:
        """That of this run, in words."""
        return say_amount(self.mse(self.trace))

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
        went = say_amount(found.shift)
        return True, f"This is it: the farthest centre went {went} (from black to red it is 255)."
    return (
        False,
        f"Step {step} is shown, {'the start' if not step else f'{found.kind} {found.iteration}'}.",
    )


def _let_settle(now: _Now) -> Answer:
    if now.trace.end == "settled":
        return True, f"With K = {now.run.clusters} it settles in iteration {now.trace.iterations}."
    last = say_amount(now.trace.steps[-1].shift)
    return (
        False,
        f"After {now.trace.iterations} iterations a centre still moves by {last}: try fewer centres, or "
        "another start.",
    )


def _beat_first_draw(now: _Now) -> Answer:
    if now.run.clusters == 1:
        return False, "With K = 1 every start ends at the same place: choose K above 1."
    first, here = now.mse(now.other(start="random", draw=0)), now.mse(now.trace)
    if here < (1 - _SAME) * first:
        return True, f"{now.error} is {100 * (1 - here / first):.1f} % less than {say_amount(first)}."
    name = results.name_start("random", 0)
    return (
        False,
        f"This run ({now.run.name}) ends at {now.error}, the first random start ({name}) at "
        f"{say_amount(first)}: try another start, or draw again.",
    )


def _find_least_k(now: _Now) -> Answer:
    k, here, limit = now.run.clusters, now.mse(now.trace), _TENTH * now.mse(now.other(clusters=1))
    tenth = say_amount(limit)
    if here > limit:
        return (
            False,
            f"With K = {k} the error is {now.error}; a tenth of one centre's is {tenth}: more centres.",
        )
    if k > 1:
        fewer = now.mse(now.other(clusters=k - 1))
        if fewer <= limit:
            return False, (
                f"K = {k} is more than needed: with {k - 1} the error is {say_amount(fewer)}, no more than "
                f"{tenth}, a tenth of one centre's. Fewer centres."
            )
    return True, f"K = {k} has {now.error} of at most {tenth}, and one centre less is not enough."


def _empty_one(now: _Now) -> Answer:
    idle = int((now.trace.steps[-1].counts == 0).sum())
    if idle:
        return (
            True,
            f"{idle} of {now.run.clusters} centres {'has' if idle == 1 else 'have'} no pixels at the end.",
        )
    return False, "Every centre has pixels at the end of this run: drag one to a corner without colours."


def _let_heal(now: _Now) -> Answer:
    """K and what is to be reached are those of the chosen start, whatever was added or taken away since."""
    k, here = now.record.clusters, len(now.run.centers)
    if not here:
        return False, "No centre has been moved by hand. Go to the last step and drag one in the cloud."
    if here < k:
        return False, f"{here} centres, and K is {k}: click into the picture to drop {_more(k - here)}."
    if here > k:
        return (
            False,
            f"{here} centres, and K is {k}: click a colour below the picture and press Delete to take "
            f"{'one' if here - k == 1 else here - k} away.",
        )
    given, end = now.mse(now.other(clusters=k)), now.mse(now.trace)
    if end <= (1 + _SAME) * given:
        return True, f"It ends at {now.error}; from the chosen start it was {say_amount(given)}."
    return (
        False,
        f"It ends at {now.error}, and {say_amount(given)} is to be reached: it has not healed. Undo, go to "
        "the last step, and drag the centre half as far.",
    )


def _more(count: int) -> str:
    return "one more" if count == 1 else f"{count} more"


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
        "Find a start whose run ends with less error than the first random start, with the same K.",
        _beat_first_draw,
    ),
    _Task(
        "The least K",
        "Find the least K with which the error is a tenth of that of one centre, or less.",
        _find_least_k,
    ),
    _Task(
        "An empty cluster",
        'Drag a centre to where it has no pixel and gets none, or let the button under "What goes wrong" do '
        "it, and see what becomes of it.",
        _empty_one,
    ),
    _Task(
        "Healed",
        "Drag one centre far away, or take one away (click its colour below the picture) and drop another. "
        "Can the run still end as well as before?",
        _let_heal,
    ),
)


def draw_tasks(picture: PictureRef, run: Run) -> None:
    """Draw which task, and how far this run is with it."""
    st.header("Six tasks", anchor=False)
    number = st.pills(
        "Task", range(1, len(TASKS) + 1), **_controls.show("task"),
        format_func=lambda number: f"{number}. {TASKS[number - 1].title}",
        help="Each is checked on the run above, whenever that changes. What is done keeps its tick until you "
        "leave or take another picture.",
    )  # fmt: skip
    st.html(html.tick_pills("task", [done for _, done in sorted(_done_with(picture))]))
    if not number:
        return
    st.markdown(TASKS[number - 1].text)
    done, said = _say(number, picture, run)
    if done:
        st.success(said, icon=":material/check:")
    else:
        st.info(said, icon=":material/pending:")


def say_task(picture: PictureRef, run: Run) -> tuple[str, str, str] | None:
    """Say the chosen task: its title, the question, and how far this run is."""
    number = _state.choices().task
    if not number:
        return None
    done, said = _say(number, picture, run)
    task = TASKS[number - 1]
    return f"Task {number}, {task.title}:", task.text, f"✓ {said}" if done else said


def _say(number: int, picture: PictureRef, run: Run) -> Answer:
    """Say how far a run is with a task, and remember that it is done."""
    try:
        done, said = TASKS[number - 1].check(
            _Now(picture, _state.choices(), run, results.trace(picture, run))
        )
    except QuantizeError as error:
        done, said = False, _words.sentence(str(error))
    if done:
        _state.remembered().tasks_done.add((picture.digest, number))
        return True, f"Done. {said}"
    if (picture.digest, number) in _done_with(picture):
        return True, f"Done before. Now: {said}"
    return False, f"Not yet. {said}"


def _done_with(picture: PictureRef) -> set[tuple[str, int]]:
    """Tasks that were done with this picture in this session."""
    return {one for one in _state.remembered().tasks_done if one[0] == picture.digest}
