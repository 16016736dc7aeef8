"""Streamlit's options are looked up without a lock.

Streamlit takes one lock for each of the hundreds of looks that a run of a page takes, and so does its web
server. With thirty pages that run at once they wait for it in a row, each until another lets go of the
interpreter: the server was silent for six seconds, and two processors did nothing but take turns.
"""

from typing import Any

from streamlit import config

_ask = config.get_option


def look_up(key: str) -> Any:
    """Return an option's value; Streamlit is asked before it has read them, and for what there is not."""
    option = (config._config_options or {}).get(key)
    return _ask(key) if option is None else option.value


def unlock() -> None:
    """Let Streamlit look its options up so; once, before it serves anybody."""
    config.get_option = look_up
