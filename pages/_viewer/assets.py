"""Text of the files beside this one, for registering components."""

import re
from pathlib import Path

_PART = re.compile(r"<!-- (\w+\.html) -->")
_COMMENT_LINE = re.compile(r"^\s*//.*\n", re.MULTILINE)


def read(*names: str) -> str:
    """Join files into one text; scripts joined like this see each other's names.

    Lines that are comments stay behind, as Streamlit sends a component's script again with every change.
    A file that HTML names in a comment stands there instead of it.
    """
    return "\n".join(map(_read, names))


def _read(name: str) -> str:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    if name.endswith(".html"):
        return _PART.sub(lambda found: _read(found[1]), text)
    return _COMMENT_LINE.sub("", text) if name.endswith(".js") else text
