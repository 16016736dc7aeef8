"""All that a browser says is heard, once and in its order, whatever becomes of the runs that it began."""

import asyncio
import random
import threading
import time
from dataclasses import replace
from unittest.mock import MagicMock

import pytest
from streamlit import runtime
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state.session_state import SessionState

import pages._state  # noqa: F401 - which listens
from pages._choices import Choices
from pages._remembered import Remembered
from pages._visit import Visit


class Session:
    """One as Streamlit's: each message stops the run of the one before, and begins another."""

    def __init__(self, script):
        self.runners = []
        self.given = {
            "session_id": "one",
            "main_script_path": str(script),
            "session_state": SessionState(),
            "uploaded_file_mgr": MagicMock(),
            "script_cache": ScriptCache(),
            "user_info": {},
            "fragment_storage": MemoryFragmentStorage(),
            "pages_manager": PagesManager(str(script)),
            "on_script_error": None,
            "event_loop": asyncio.new_event_loop(),
        }

    def say(self, number):
        if self.runners:
            self.runners[-1].request_stop()
        widgets = WidgetStates(widgets=[WidgetState(id=f"message {number}", int_value=number)])
        self.runners.append(ScriptRunner(initial_rerun_data=RerunData(widget_states=widgets), **self.given))

    def end(self):
        for runner in self.runners:
            if runner._script_thread is not None:
                runner._script_thread.join()
        self.given["event_loop"].close()


@pytest.fixture
def heard(monkeypatch):
    """Names of the controls in each message, as they are heard."""
    found = []

    def note(_, widgets, **more):
        found.append([widget.id for widget in widgets.widgets])

    monkeypatch.setattr(SessionState, "on_script_will_rerun", note)
    monkeypatch.setattr(runtime, "get_instance", MagicMock())
    return found


@pytest.fixture
def session(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("")
    made = Session(script)
    yield made
    made.end()


def names(count):
    return [[f"message {number}"] for number in range(count)]


def test_a_message_whose_run_never_began_is_heard_by_the_next(session, heard):
    for number in range(4):
        session.say(number)
    session.runners[-1].start()
    session.end()
    assert heard == names(4)


def test_a_run_that_begins_late_says_nothing_again(session, heard, monkeypatch):
    wait, reset = [0.3, 0.0], ScriptRunContext.reset

    def slow(self, **said):
        time.sleep(wait.pop(0))
        reset(self, **said)

    monkeypatch.setattr(ScriptRunContext, "reset", slow)
    session.say(0)
    session.runners[0].start()
    while len(wait) > 1:  # until it has begun, and has heard nothing yet
        time.sleep(0.001)
    session.say(1)
    session.runners[1].start()
    session.end()
    assert heard == names(2)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_slow_all_is_heard_once_and_in_its_order(session, heard, monkeypatch, seed):
    rng = random.Random(seed)
    begin, reset = ScriptRunner._run_script_thread, ScriptRunContext.reset

    def pause():
        time.sleep(rng.choice((0, 0, rng.uniform(0, 0.02))))

    def slow_to_begin(self):
        pause()
        begin(self)

    def slow_to_hear(self, **said):
        pause()
        reset(self, **said)

    monkeypatch.setattr(ScriptRunner, "_run_script_thread", slow_to_begin)
    monkeypatch.setattr(ScriptRunContext, "reset", slow_to_hear)
    for number in range(30):
        session.say(number)
        session.runners[-1].start()
        pause()
    session.end()
    assert heard == names(30)


def test_of_half_a_message_nothing_is_made(session, monkeypatch):
    """A message has a list's old value beside a click; the run before asks for choices between them."""
    visit = Visit(Choices(pin=("#c00000", "#00c000")))
    visit.must_set("pin", visit.choices.pin, ("#c00000",))
    session.given["session_state"]["remembered"] = Remembered(visit, written={})

    def hear(_, widgets, **more):
        visit.hear("pin", ("#c00000",), lambda record: replace(record, pin=("#c00000",)))
        before = threading.Thread(target=visit.settle, args=(False,))
        before.start()
        before.join(0.2)
        visit.hear(None, None, lambda record: replace(record, pin=(*record.pin, "#0000c0")))

    monkeypatch.setattr(SessionState, "on_script_will_rerun", hear)
    monkeypatch.setattr(runtime, "get_instance", MagicMock())
    session.say(0)
    session.runners[0].start()
    session.end()
    visit.settle(False)
    assert visit.choices.pin == ("#c00000", "#00c000", "#0000c0")
