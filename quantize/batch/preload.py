"""What a worker of a local cluster does first: Dask calls it by name in each new process."""

from __future__ import annotations

import signal
from typing import Any


def dask_setup(worker: Any) -> None:
    """Ignore Ctrl+C, which is meant for the client: it ends its workers, who would say so at length."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
