"""What a session holds is looked up by name.

For one value of it Streamlit gathers all of them, once for each control that is drawn: a sixth of what a run
of ours took.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state.safe_session_state import SafeSessionState


class _Lookups(Mapping[str, Any]):
    """What ``filtered_state`` gives, each value when it is asked for."""

    def __init__(self, safe: SafeSessionState) -> None:
        self._safe = safe

    def __getitem__(self, key: str) -> Any:
        with self._safe._lock:
            return self._safe._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> dict[str, Any]:
        with self._safe._lock:
            return self._safe._state.filtered_state


def look_up_by_name() -> None:
    """Let all of Streamlit's controls look up their one value alone."""
    SafeSessionState.filtered_state = property(_Lookups)  # type: ignore[method-assign, assignment]
