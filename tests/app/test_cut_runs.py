"""A run that ended early, as the next change came: nothing that was clicked or chosen is lost by it."""

import json

import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import ScriptRunContext, StopException
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ElementTree

from pages import SCREENS, _looked_at
from pages._choices import Choices
from pages._remembered import Remembered
from pages._visit import Visit
from tests.app.test_pages import assert_sound, open_app, record, upload
from tests.pictures import noise, png


def test_tests_notice_a_callback_that_could_be_cut():
    def page():
        import streamlit as st

        def careless():
            st.session_state["clicked"] = True

        st.button("Click", on_click=careless)

    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert len(app.exception) == 1


def is_sent(app: AppTest, key: str) -> bool:
    return app.slider(key=key).proto.set_value


def run_after_a_cut(app: AppTest) -> None:
    app.session_state["remembered"].is_cut = True
    app.run()


def test_after_a_run_that_was_cut_the_browser_is_told_again_what_was_set():
    app = open_app(k="24")
    app.button_group(key="quick_pick").set_value(64).run()
    app.run()
    assert not is_sent(app, "k")
    run_after_a_cut(app)
    assert is_sent(app, "k")
    assert app.slider(key="k").value == 64
    app.run()
    assert not is_sent(app, "k")


def test_what_a_chart_sends_before_the_browser_has_heard_takes_nothing_back():
    """A chart that is drawn anew says that nothing is selected: a message with all that the browser knew."""
    app = open_app(k="24")
    app.button_group(key="quick_pick").set_value(64).run()
    app.query_params["k"] = "24"
    app.slider(key="k").set_value(24).run()
    assert record(app).k == 64
    assert app.query_params["k"] == "64"
    assert is_sent(app, "k")
    app.slider(key="k").set_value(24).run()
    assert record(app).k == 24


@pytest.mark.parametrize("more", [True, False])
def test_an_upload_stays_though_a_message_without_any_wish_comes_at_once(monkeypatch, more):
    """A viewer tells what was looked at in the picture before: too late, and beside it that one's sample."""
    app = open_app(sample="shapes")
    monkeypatch.setattr(_looked_at, "note_picture", lambda *_: st.stop())  # cut before the address is written
    upload(app, "few.png", png(noise(20, 30)))
    monkeypatch.undo()
    assert app.query_params["sample"] == "shapes"
    app.button_group(key="sample").set_value("shapes")
    if more:
        say_too(monkeypatch, app, "viewer", {"look": {"origin": "another picture", "at": None, "wipe": 30}})
    app.run()
    assert_sound(app)
    visit = app.session_state["remembered"].visit
    assert (visit.upload is not None) == more  # with nothing else to tell, somebody chose the sample


def say_too(monkeypatch, app: AppTest, component: str, value: dict) -> None:
    """Let the next message tell this of a component, which the test's browser does not know."""
    state = app.session_state._state._state
    id = state._key_id_mapper.get_id_from_key(component)
    named = ElementTree.get_widget_states

    def with_it(tree):
        states = named(tree)
        states.widgets.append(WidgetState(id=id, json_value=json.dumps(value)))
        return states

    monkeypatch.setattr(ElementTree, "get_widget_states", with_it)


def test_a_control_that_was_moved_while_it_was_set_shows_in_the_end_what_its_visitor_chose():
    """What was set comes after the hand, and the browser shows it; asked for it, it says so."""
    app = open_app(k="24")
    app.button_group(key="quick_pick").set_value(64).run()
    visit = app.session_state["remembered"].visit
    assert visit.questions == 0
    app.query_params["k"] = "24"  # it has not heard of 64 yet
    app.slider(key="k").set_value(65).run()
    assert (record(app).k, app.query_params["k"], visit.questions) == (65, "65", 1)
    app.query_params["k"] = "65"
    app.session_state["remembered"].visit.hear_answer()
    app.slider(key="k").set_value(64).run()
    assert record(app).k == 65
    assert is_sent(app, "k")
    assert app.slider(key="k").value == 65
    app.slider(key="k").set_value(64).run()
    assert (record(app).k, visit.questions) == (64, 1)


def test_a_control_that_was_moved_after_it_was_set_asks_nothing():
    app = open_app(k="24")
    app.button_group(key="quick_pick").set_value(64).run()
    app.slider(key="k").set_value(65).run()
    assert (record(app).k, app.session_state["remembered"].visit.questions) == (65, 0)


def test_a_control_that_somebody_moves_is_left_alone_after_a_run_that_was_cut():
    app = open_app(k="24")
    app.button_group(key="quick_pick").set_value(64).run()
    app.slider(key="k").set_value(65).run()
    run_after_a_cut(app)
    assert not is_sent(app, "k")
    assert not is_sent(app, "rare")


@pytest.mark.parametrize("page", [screen.file for screen in SCREENS])
def test_a_whole_run_is_no_cut_one(page):
    app = open_app()
    upload(app, "few.png", png(noise(20, 30)))
    app.switch_page(f"pages/{page}.py").run()
    assert_sound(app)
    assert not app.session_state["remembered"].is_cut


def test_a_run_that_ends_early_is_cut(monkeypatch):
    app = open_app()
    monkeypatch.setattr(_looked_at, "note_picture", lambda *_: st.stop())
    app.run()
    assert app.session_state["remembered"].is_cut
    monkeypatch.undo()
    app.run()
    assert not app.session_state["remembered"].is_cut
    assert record(app).k == 16


def test_the_way_back_is_gone_though_the_next_message_ends_its_run_at_once(monkeypatch):
    """That one does not say that its address is one of the browser's history."""
    app, reset = open_app(k="7"), ScriptRunContext.reset

    def begin(self, **said):
        reset(self, **{**said, "is_history_navigation": True})

    def end(_):
        raise StopException

    monkeypatch.setattr(ScriptRunContext, "reset", begin)
    monkeypatch.setattr(ScriptRunContext, "on_script_start", end)
    app.query_params["k"] = "5"
    app.run()
    monkeypatch.undo()
    app.run()
    assert (record(app).k, app.slider(key="k").value, app.query_params["k"]) == (5, 5, "5")
    assert is_sent(app, "k")


def test_a_click_is_heard_though_the_next_message_is_there_already():
    from streamlit.proto.WidgetStates_pb2 import WidgetStates
    from streamlit.runtime.state.safe_session_state import SafeSessionState

    heard = []

    class State:
        def __contains__(self, key):
            return key == "remembered"

        def __getitem__(self, key):
            return Remembered(Visit(Choices()))

        def on_script_will_rerun(self, *said, **more):
            heard.append((said, more))

    def is_there():
        raise AssertionError("the next message is there, and this one is forgotten")

    said = WidgetStates()
    SafeSessionState(State(), is_there).on_script_will_rerun(said, is_history_navigation=True)
    assert heard == [((said,), {"is_history_navigation": True})]
