"""Text of the files beside this one, for registering components."""

from pathlib import Path


def read(*names: str) -> str:
    """Join files into one text; scripts joined like this see each other's names."""
    return "\n".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in names)
