"""Text of the files beside this one, for registering components."""

import re
from pathlib import Path

_COMMENT_LINE = re.compile(r"^\s*//.*\n", re.MULTILINE)


def read(*names: str) -> str:
    """Join files into one text; scripts joined like this see each other's names.

    Lines that are comments stay behind, as Streamlit sends a component's script again with every change.
    """
    return "\n".join(map(_read, names))


def _read(name: str) -> str:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return _COMMENT_LINE.sub("", text) if name.endswith(".js") else text
