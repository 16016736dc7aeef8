"""The version of this program: said once, here; ``pyproject.toml`` reads it."""

__version__ = "0.2.0"
