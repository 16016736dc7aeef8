"""What a session holds is looked up by name, and is what Streamlit itself gathers."""

from unittest.mock import PropertyMock

from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

import pages._state  # noqa: F401 - which lets it be so


def script():
    import streamlit as st

    st.session_state.setdefault("own", [1, 2])
    st.session_state["none"] = None
    st.slider("Kept", 0, 9, key="slider")
    st.slider("Nameless", 0, 9)
    st.selectbox("One", ["a", "b"], index=None, key="choice")
    st.number_input("Number", value=None, key="number")
    st.text_input("Text", key="text")
    if st.session_state["slider"] < 5:
        st.checkbox("Sometimes", key="sometimes")


MOVES = st.lists(
    st.tuples(st.sampled_from(["slider", "choice", "number", "text"]), st.integers(0, 9)), max_size=4
)


@settings(max_examples=15, deadline=None)
@given(MOVES)
def test_it_is_what_streamlit_gathers(moves):
    app = AppTest.from_function(script).run()
    for key, value in moves:
        if key == "slider":
            app.slider(key=key).set_value(value)
        elif key == "choice":
            app.selectbox(key=key).set_value("ab"[value] if value < 2 else None)
        elif key == "number":
            app.number_input(key=key).set_value(value or None)
        else:
            app.text_input(key=key).set_value(str(value))
        app.run()
        assert not app.exception
    safe = app.session_state._state
    found, gathered = safe.filtered_state, safe._state.filtered_state
    assert gathered.keys() >= {"own", "none", "slider", "choice", "number", "text"}
    assert dict(found) == gathered
    assert (len(found), repr(found)) == (len(gathered), repr(gathered))
    for key in [*gathered, "sometimes", "never"]:
        assert (key in found) == (key in gathered)
        assert found.get(key) == gathered.get(key)


def test_no_control_has_all_of_it_gathered(monkeypatch):
    app = AppTest.from_function(script).run()
    gathered = PropertyMock(return_value={})
    monkeypatch.setattr(SessionState, "filtered_state", gathered)
    app.run()
    assert not app.exception
    assert not gathered.called
