"""Dask clusters: one that is there, by its address, or one of this machine's processors for this run."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from quantize.batch.record import describe_program
from quantize.errors import QuantizeError, shown

LOCAL = "local"
"""Said instead of an address."""

CONNECT_SECONDS = 5
_CLOSE_SECONDS = 5


@contextmanager
def connect(said: str, jobs: int) -> Iterator[Any]:
    """Find a cluster, or start one, and give a ``distributed.Client``.

    Parameters
    ----------
    said : str
        Address of a scheduler ("tcp://host:8786"), or ``LOCAL``.
    jobs : int
        Worker processes of a local one, each with one thread.

    Raises
    ------
    QuantizeError
        If Dask is not installed, or there is no scheduler, no worker, or another program on one.
    """
    try:
        import distributed
    except ImportError:
        raise QuantizeError(
            "dask must be installed too, found no distributed: pip install 'quantize-colors[batch]'"
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in one line
    with ExitStack() as stack:
        address: Any = said
        if said == LOCAL:
            address = stack.enter_context(_closing(_start(distributed.LocalCluster, jobs)))
        client = stack.enter_context(_closing(_reach(address, said)))
        _check(client)
        yield client


def _start(make: Any, jobs: int) -> Any:
    try:
        return make(
            n_workers=jobs,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            preload="quantize.batch.preload",
        )
    except Exception as error:  # processes that do not come up end in Dask's own ways
        raise QuantizeError(
            f"a cluster of this machine could not be started ({type(error).__name__}): try again, or leave "
            "out --dask"
        ) from error


def _reach(address: Any, said: str) -> Any:
    from distributed import Client

    class Quiet(Client):
        """One that could not connect would be waited for when it is forgotten, and say so at length."""

        def __del__(self) -> None:
            pass

    make: Any = Quiet
    try:
        return make(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception:  # what is no scheduler may answer anything
        raise QuantizeError(
            f"dask must be the address of a scheduler that answers (tcp://host:8786) or {LOCAL}, got "
            f"{shown(said, 120)}"
        ) from None


@contextmanager
def _closing(thing: Any) -> Iterator[Any]:
    try:
        yield thing
    finally:
        with suppress(Exception):
            thing.close(timeout=_CLOSE_SECONDS)


def _check(client: Any) -> None:
    """Refuse a cluster without workers, or with another program on one."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        found = client.run(describe_program, on_error="return")
    except (OSError, ValueError):
        raise QuantizeError("the cluster must have a worker, got none: start some (dask worker)") from None
    for address, program in found.items():
        if program != describe_program():
            what = "no quantize" if isinstance(program, Exception) else "another"
            raise QuantizeError(
                "workers must have the client's version of quantize and of its libraries, got "
                f"{what} on {shown(address)}: install the same everywhere"
            )
