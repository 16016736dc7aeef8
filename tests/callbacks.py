"""Callbacks under the worst moment: the visitor's next change has come already.

Then Streamlit raises at the first touch of the session state, takes that for ``st.rerun()``, and the callback
is not called again: a click is lost. In tests that moment is always.
"""

from threading import local

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

_now = local()


class CallbackCut(AssertionError):
    """A callback touched what ends it when another change waits."""


def forbid_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every callback fail that touches the session state or the address."""
    run = SessionState._run_callback_and_record_rerun
    init = SafeSessionState.__init__

    def marked(self, votes, callback):
        _now.is_callback = True
        try:
            run(self, votes, callback)
        finally:
            _now.is_callback = False

    def watched(self, state, yield_callback):
        def look():
            if getattr(_now, "is_callback", False):
                raise CallbackCut("a callback touched st.session_state or st.query_params")
            yield_callback()

        init(self, state, look)

    monkeypatch.setattr(SessionState, "_run_callback_and_record_rerun", marked)
    monkeypatch.setattr(SafeSessionState, "__init__", watched)
