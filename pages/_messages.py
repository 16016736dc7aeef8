"""What a browser says is heard once, and in the order in which it was said.

With each message Streamlit stops the run of the one before and begins another, in a thread of its own. On a
busy server a thread is stopped before it has begun: what its message said was lost. Or it begins after the
next one: then all controls were set back to how they stood before.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state.safe_session_state import SafeSessionState

from pages._place import Place


@dataclass(frozen=True)
class Message:
    """What a browser says.

    Attributes
    ----------
    widgets : WidgetStates, optional
        How its controls stand.
    query, page : str
        Its address, and Streamlit's name of the page.
    went_back : bool
        Whether its visitor went through the browser's history.
    more : dict
        Streamlit's, to be handed on.
    """

    widgets: WidgetStates | None
    query: str = ""
    page: str = ""
    went_back: bool = False
    more: dict[str, Any] = field(default_factory=dict)


Hear = Callable[[SafeSessionState, Message], None]


@dataclass(eq=False)
class _Call:
    """A message on its way to the run that it began, which may hear later ones, too."""

    requests: ScriptRequests
    is_heard: bool = False
    is_first: bool = True

    def message(self) -> Message:
        data: RerunData = self.requests._rerun_data  # kept when the run is stopped
        more = {
            "replay_trigger_states": data.replay_trigger_states,
            "replay_trigger_values": data.replay_trigger_values,
            "is_history_navigation": data.is_history_navigation,
        }
        return Message(
            data.widget_states, data.query_string, data.page_script_hash, data.is_history_navigation, more
        )


@dataclass(eq=False)
class _Calls:
    """Those of a session that were not heard yet, in their order, and where its visitor is."""

    lock: Any = field(default_factory=RLock)
    waiting: list[_Call] = field(default_factory=list)
    place: Place = field(default_factory=Place)


# By what Streamlit makes once for a session, and once for a run.
_calls: WeakKeyDictionary[Any, _Calls] = WeakKeyDictionary()
_own: WeakKeyDictionary[SafeSessionState, _Call] = WeakKeyDictionary()


def listen(hear: Hear) -> None:
    """Let all messages be heard by this function: in the thread of a run, one after the other."""
    make, run = ScriptRunner.__init__, ScriptRunner._run_script

    def make_one(self: ScriptRunner, *said: Any, **more: Any) -> None:
        make(self, *said, **more)
        calls = _calls.setdefault(self._fragment_storage, _Calls())
        self._requests._rerun_data = calls.place.hear(self._requests._rerun_data)
        call = _own[self._session_state] = _Call(self._requests)
        calls.waiting.append(call)  # at once: here the server's loop would wait for a lock

    def run_after_others(self: ScriptRunner, *said: Any) -> None:
        own, calls = _own.get(self._session_state), _calls.get(self._fragment_storage)
        if own is not None and calls is not None:
            _hear_before(own, calls, self._session_state, hear)
        run(self, *said)

    def hear_one(self: SafeSessionState, widgets: WidgetStates | None, **more: Any) -> None:
        context, own = get_script_run_ctx(suppress_warning=True), _own.get(self)
        message = Message(widgets, more=more)
        if context is not None:
            went_back = context.is_history_navigation
            message = Message(widgets, context.query_string, context.page_script_hash, went_back, more)
        calls = (_calls.get(context.fragment_storage) if context is not None else None) or _Calls()
        with calls.lock:
            if own is not None and own.is_first:
                own.is_first = False
                if own.is_heard:  # by the next one's run
                    return
                own.is_heard = True
                if own in calls.waiting:
                    calls.waiting.remove(own)
            hear(self, message)

    ScriptRunner.__init__ = make_one  # type: ignore[method-assign]
    ScriptRunner._run_script = run_after_others  # type: ignore[method-assign, assignment]
    SafeSessionState.on_script_will_rerun = hear_one  # type: ignore[method-assign, assignment]


def begin_page() -> None:
    """Note that what is drawn from now on is the page: its controls are no other page's."""
    context, place = _where()
    if context is not None and place is not None:
        drawn = context.shared.widget_ids_this_run
        around = drawn.snapshot()
        place.begin(context.page_script_hash, lambda: drawn.snapshot() - around)


def tell(key: str) -> None:
    """Note that a browser will be told that a control stands otherwise than it said last."""
    _, place = _where()
    if place is not None:
        place.told[key] = time.monotonic()


def _where() -> tuple[ScriptRunContext | None, Place | None]:
    """This thread's run, and where its visitor is, if it is one of a session's."""
    context = get_script_run_ctx(suppress_warning=True)
    calls = _calls.get(context.fragment_storage) if context else None
    return context, calls.place if calls else None


def _hear_before(own: _Call, calls: _Calls, state: SafeSessionState, hear: Hear) -> None:
    """Hear what was said before, and not heard yet: before a run on another page forgets its controls."""
    with calls.lock:
        while calls.waiting and own in calls.waiting and (call := calls.waiting[0]) is not own:
            calls.waiting.remove(call)
            call.is_heard = True
            if (message := call.message()).widgets is not None:
                hear(state, message)
