"""Of an address that is too long the first parts count, and it is said.

Streamlit forgets all of a query with more than a thousand parts, without a word to its visitor.
"""

from streamlit.runtime import app_session

MAX_LENGTH, MAX_PARTS = 512 * 1024, 1000
"""As much as Streamlit takes; how much of it is read, ``pages/_address.py`` decides, and says so."""


def cut(query_string: str) -> str:
    """Return as many whole parts of a query as Streamlit takes."""
    whole = query_string
    if len(whole) > MAX_LENGTH:
        whole = whole[: MAX_LENGTH + 1].rpartition("&")[0]
    return "&".join(whole.split("&", MAX_PARTS)[:MAX_PARTS])


def keep_first_parts() -> None:
    """Let Streamlit cut what it would forget; once, before it serves anybody."""
    setattr(app_session, "sanitize_query_string", cut)  # noqa: B010 - a name that Streamlit itself imports
