"""Where objects lie, as the store sees it, whether in a folder (``folder.py``) or elsewhere
(``remote.py``): the same operations, and the same words when they fail.

An object is written whole or not at all, whenever the server is killed. Listings are never cached, as other
servers write and delete in the same place. What is not there raises FileNotFoundError; every other failure
is told in one sentence for the visitor, without addresses or paths, and logged for the host.
"""

import errno
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from quantize.errors import QuantizeError

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NO_RIGHTS = {
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "TokenRetrievalError",
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredObject:
    """An object in a listing: its name and length in bytes."""

    name: str
    n_bytes: int


class Storage(Protocol):
    """What a store needs of where it is."""

    def write(self, name: str, head: bytes, body: bytes) -> None:
        """Store an object that is ``head`` and ``body``."""

    def read(self, name: str, n_bytes: int | None = None) -> bytes:
        """Read an object, or so many bytes of its beginning."""

    def delete(self, name: str) -> None:
        """Delete an object; not every place tells that it was not there."""

    def delete_all(self, names: Sequence[str]) -> None:
        """Delete objects, of which others may have deleted some at the same time."""

    def objects(self) -> list[StoredObject]:
        """List all whole objects; none if the place has not been made yet."""

    def tidy(self, now: float) -> None:
        """Delete what killed writers left half written."""


@contextmanager
def explained(action: str) -> Iterator[None]:
    """Turn every failure but FileNotFoundError into a sentence, and log what it was for the host."""
    try:
        yield
    except (FileNotFoundError, QuantizeError):
        raise
    except Exception as error:  # each kind of store has exceptions of its own
        # A link in the log would show the picture to whoever reads the log.
        reason = re.sub(r"[0-9a-f]{32,}", "…", str(error))
        _log.warning("store of shared pictures: %s failed, %s: %s", action, type(error).__name__, reason)
        raise _sentence(error) from error


def _sentence(error: Exception) -> QuantizeError:
    if isinstance(error, OSError) and error.errno in _FULL:
        return QuantizeError("store of shared pictures must have room, but its disk is full: try again later")
    if isinstance(error, PermissionError) or type(error).__name__ in _NO_RIGHTS:
        return refused()
    return QuantizeError(
        "store of shared pictures must be within reach, but it does not answer: try again in a few minutes"
    )


def refused() -> QuantizeError:
    """Say that the store is there but not open to this server."""
    return QuantizeError(
        "store of shared pictures must let this server in, but it refuses: tell whoever runs this server"
    )
