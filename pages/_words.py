"""What the engine and an address say in a line, as sentences of a page."""

import re

from pages._widgets import plain

PREPARING = "Preparing the engine: once for each installation, some seconds."
"""What stands beside a bar until a new installation can make its first result."""

# noun must rule, got what: what to do
_GOT = re.compile(r"(?P<rule>.*?\bmust .*?), got (?P<got>.+?)(?:[:;] (?P<do>[^:;]+))?", re.DOTALL)


def sentence(text: str) -> str:
    """Return an error or a note of the engine as a page says it: in sentences, for Markdown.

    "seed must be a whole number, got 1.5: leave it out" becomes "Seed must be a whole number, not 1.5. Leave
    it out."
    """
    return plain(to_sentence(text))


def to_sentence(text: str) -> str:
    """Return the same as text."""
    found = _GOT.fullmatch(text)
    if not found:
        return _finished(text)
    got = "but there is none" if found["got"] == "none" else f"not {found['got']}"
    parts = [f"{found['rule']}, {got}", found["do"] or ""]
    return " ".join(_finished(part) for part in parts if part)


def _finished(text: str) -> str:
    """A sentence begins with a capital letter and ends with a full stop."""
    end = "" if text.endswith((".", "!", "?", "…")) else "."
    return f"{text[:1].upper()}{text[1:]}{end}"
