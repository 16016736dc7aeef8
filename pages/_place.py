"""Where in the app a visitor is: on the page that they chose last, whatever their browser says.

Each message names a page: the one that the browser was last told of. Until it has heard that another one was
begun, what it says (a file has arrived, a slider has moved) would lead back from where its visitor just went.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import RerunData

KEPT = 4
"""Pages whose controls are known: more than a hurried visitor passes before a browser hears of the first."""

CLICKS = ("trigger_value", "string_trigger_value", "json_trigger_value")
"""Kinds of what a control says once, when somebody has clicked."""

FILES = "file_uploader_state_value"
"""The kind that no server sets: if it is new, somebody has given a file."""

STREAMLITS = ("embed", "embed_options")
"""Parameters of an address that Streamlit keeps on the way to another page."""

MOST_PARTS = 20
"""So many parameters of an address are looked at, in the server's loop."""


@dataclass(eq=False)
class Place:
    """Where the visitor of a session went last.

    Attributes
    ----------
    page, query : str
        Streamlit's name of that page, and the address that its last message named.
    own : dict
        Names of the controls that only a page has, by page, of the last few (``KEPT``).
    said : dict
        By name of a control, what the last message said of it.
    """

    page: str = ""
    query: str = ""
    own: dict[str, frozenset[str]] = field(default_factory=dict)
    said: dict[str, WidgetState] = field(default_factory=dict)

    def hear(self, data: RerunData) -> RerunData:
        """A message as it came if it chooses a page or was said on this one, else one that stays here."""
        states = data.widget_states.widgets if data.widget_states else ()
        is_late = data.page_script_hash != self.page != "" and self._is_of_a_page(data, states)
        self.said = {state.id: state for state in states}
        if is_late:
            return replace(data, page_script_hash=self.page, query_string=self.query, fragment_id=None)
        self.page, self.query = data.page_script_hash, data.query_string
        return data

    def note(self, page: str, names: frozenset[str]) -> None:
        """Note what controls a page has; a run that was cut short has drawn some of them."""
        self.own[page] = self.own.pop(page, frozenset()) | names
        for old in list(self.own)[:-KEPT]:
            del self.own[old]

    def _is_of_a_page(self, data: RerunData, states: Iterable[WidgetState]) -> bool:
        """Whether something was done on the page that a message names; else that page was chosen.

        Who chooses one sends nothing that the page itself has, and no address of ours; or, if the browser
        believes to be there already, its address and nothing new.
        """
        if data.is_history_navigation:
            return False
        own = self.own.get(data.page_script_hash, frozenset())
        new = [state for state in states if self.said.get(state.id, state) != state]
        return (
            bool(data.fragment_id)
            or any(state.id in own for state in states)
            or any(state.WhichOneof("value") in CLICKS for state in states)
            or any(state.WhichOneof("value") == FILES for state in new)
            or bool(new and _is_ours(data.query_string))
        )


def _is_ours(query: str) -> bool:
    """Whether an address has more than Streamlit's own parameters."""
    names = (part.partition("=")[0].lower() for part in query.split("&", MOST_PARTS))
    return any(name and name not in STREAMLITS for name in names)
