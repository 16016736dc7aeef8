"""Where in the app a visitor is: on the page that they chose last, whatever their browser says.

Each message names a page: the one that the browser was last told of. Until it has heard that another one was
begun, what it says (a file has arrived, a slider has moved) would lead back from where its visitor just went.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from math import inf

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.state.common import user_key_from_element_id

KEPT = 4
"""Pages whose controls are known: more than a hurried visitor passes before a browser hears of the first."""

CLICKS = ("trigger_value", "string_trigger_value", "json_trigger_value")
"""Kinds of what a control says once, when somebody has clicked."""

MOST_OWN = 500
"""Controls of a page: some get other names with what they offer, and a session may last for days."""

TOLD_SECONDS = 10.0
"""So long after it was set a control may say so as something new."""


@dataclass(eq=False)
class Place:
    """Where the visitor of a session went last.

    Attributes
    ----------
    page, query : str
        Streamlit's name of that page, and the address that its last message named.
    own : dict
        Names of the controls that only a page has, by page, of the last few (``KEPT``).
    drawn : dict
        What tells of the same pages which ones its last run has drawn; it may not have come to its end.
    said : dict
        By name of a control, what the last message said of it.
    told : dict
        When controls were set, by key: after a while the browser says so with whatever it says next.
    """

    page: str = ""
    query: str = ""
    own: dict[str, frozenset[str]] = field(default_factory=dict)
    drawn: dict[str, Callable[[], frozenset[str]]] = field(default_factory=dict)
    said: dict[str, WidgetState] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)

    def hear(self, data: RerunData) -> RerunData:
        """A message as it came if it chooses a page or was said on this one, else one that stays here."""
        states = data.widget_states.widgets if data.widget_states else ()
        new = [state for state in states if self.said.get(state.id, state) != state]
        is_late = data.page_script_hash != self.page != "" and self._is_of_a_page(data, states, new)
        self.said = {state.id: state for state in states}
        if is_late:
            return replace(data, page_script_hash=self.page, query_string=self.query, fragment_id=None)
        self.page, self.query = data.page_script_hash, data.query_string
        return data

    def begin(self, page: str, drawn: Callable[[], frozenset[str]]) -> None:
        """Note that a page is being drawn, and what tells which controls it has by then."""
        # Of its last run, as that one may have been cut short before it had drawn all.
        before, last = self.own.pop(page, frozenset()), self.drawn.pop(page, frozenset)()
        self.own[page] = last | before if len(last | before) <= MOST_OWN else last
        self.drawn[page] = drawn
        for old in list(self.own)[:-KEPT]:
            self.own.pop(old, None)  # runs of one session overlap: another may have been here
            self.drawn.pop(old, None)

    def _is_of_a_page(
        self, data: RerunData, states: Iterable[WidgetState], new: Iterable[WidgetState]
    ) -> bool:
        """Whether something was done on the page that a message names; else that page was chosen.

        Who chooses one sends nothing that the page itself has, and nothing new but what we set.
        """
        if data.is_history_navigation:
            return False
        page = data.page_script_hash
        own = self.own.get(page, frozenset()) | self.drawn.get(page, frozenset)()
        return (
            bool(data.fragment_id)
            or any(state.id in own or state.WhichOneof("value") in CLICKS for state in states)
            or any(not self._was_set(state) for state in new)
        )

    def _was_set(self, state: WidgetState) -> bool:
        key = user_key_from_element_id(state.id) or state.id
        return time.monotonic() - self.told.get(key, -inf) < TOLD_SECONDS
