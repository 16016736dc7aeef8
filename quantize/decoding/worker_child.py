"""The program that a worker process runs: reads one file of a stranger's after the other, within limits.

It binds itself before it sees the first byte of a picture: no core dumps, no writing of files, few open
ones, no network, no other programs (``prison.py``), and for each picture an alarm and a bound on its
memory, both of which the system enforces whatever a decoder does. It ends when its client does, which it
notices by the end of its input. Where the system has no such limits (Windows), the client's patience
remains.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from io import BufferedReader, FileIO
from pathlib import Path

from quantize.decoding import prison
from quantize.decoding.decode import Decoded
from quantize.decoding.moving import Frames
from quantize.decoding.parts import at_most
from quantize.decoding.sniff import palette_too_hungry, too_hungry
from quantize.decoding.worker_jobs import JOBS
from quantize.decoding.worker_wire import Request, receive_request, send_reply
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES, MAX_DECODE_MEMORY, WORKER_KEPT_BYTES
from quantize.palettes.palette import Palette

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_OPEN_FILES = 32  # for what Python may still want to import
_ASSUMED_SPACE = 2**29  # address space of the idle process where the system does not tell


def main() -> None:
    """Serve requests until there are no more."""
    requests, replies = _take_pipes()
    _restrict()
    gc.freeze()  # what is there now stays: no need to look through it after every picture
    space = _address_space() or _ASSUMED_SPACE
    _limit_space_for_good(space + MAX_BYTES + MAX_DECODE_MEMORY)
    while request := receive_request(requests):
        _bind(request, space)
        if not _answer(requests, replies, request):
            return
        _unbind()
        gc.collect()
        if _resident() > WORKER_KEPT_BYTES:
            return  # a fresh process has all that memory back; the client starts one


def _answer(requests: BufferedReader, replies: FileIO, request: Request) -> bool:
    data = requests.read(request.n_bytes)
    if len(data) < request.n_bytes:
        return False
    try:
        send_reply(replies, _outcome(data, request))
    except BrokenPipeError:
        return False
    return True


def _outcome(data: bytes, request: Request) -> Decoded | Frames | Palette | int | QuantizeError:
    try:
        with at_most(request.pixels):
            return JOBS[request.job](data, request.name)
    except QuantizeError as error:
        return QuantizeError(str(error))  # without the traceback, which holds on to the picture
    except MemoryError:
        return palette_too_hungry() if request.job == "palette" else too_hungry("this")


def _take_pipes() -> tuple[BufferedReader, FileIO]:
    """Keep the pipes for requests and replies; what any library prints goes nowhere."""
    replies = os.dup(1)
    os.dup2(2, 1)  # the client has opened 2 on the null device
    return BufferedReader(FileIO(0, "rb")), FileIO(replies, "wb")


def _restrict() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is meant for the client, whose end is noticed
    _volunteer()
    if resource:
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_FSIZE, 0)
        _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    prison.enter()


def _limit(which: int, most: int) -> None:
    """Lower a limit for good."""
    most = _at_most(most, resource.getrlimit(which)[1])
    resource.setrlimit(which, (most, most))


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _volunteer() -> None:
    """Let Linux end this process, not the server, when the machine runs out of memory."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _bind(request: Request, space: int) -> None:
    if resource:
        _limit_space(space + request.n_bytes + request.memory)
        # The client ends a slow picture; this is for the case that the client is gone by then.
        signal.alarm(int(request.seconds) + 2)


def _unbind() -> None:
    if resource:
        signal.alarm(0)
        _limit_space(sys.maxsize)


def _limit_space_for_good(most: int) -> None:
    if resource:
        with suppress(ValueError):  # macOS, as below
            _limit(resource.RLIMIT_AS, most)


def _limit_space(most: int) -> None:
    """Set the bound on memory, which may be raised again."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError):  # macOS knows this limit and lets nobody set it
        resource.setrlimit(resource.RLIMIT_AS, (_at_most(most, hard), hard))


def _address_space() -> int:
    return _statm(0)


def _resident() -> int:
    return _statm(1)


def _statm(field: int) -> int:
    """Return a size of this process, in bytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[field])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
