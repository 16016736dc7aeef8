"""The one exception of the engine, with texts that a user can act on."""

from math import ceil
from typing import Any


class QuantizeError(ValueError):
    """Input or a choice that cannot be used.

    The message is one sentence for the person who gave the input: what was expected, what came and
    what to do. Pages show it as it is; the command line prints it and exits with code 2.
    """


def shown(value: Any, most: int = 60) -> str:
    """Return a value as a message names it: what ``repr`` says, cut after ``most`` characters."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        return "one too long to write"
    except Exception:  # whatever a stranger's object raises
        return f"a {type(value).__name__} that cannot be written"
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def too_many_mb(n_bytes: int, unit: int = 2**20) -> str:
    """Return a length that is above a limit as a message names it: rounded up, or a byte too many would read
    as what is allowed.
    """
    return f"{ceil(10 * n_bytes / unit) / 10:,.1f} MB"
