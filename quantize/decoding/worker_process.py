"""One worker process, seen from its client: started, asked, ended and replaced.

The child is a fresh interpreter, not a fork, which a process full of threads could not make safely; it gets
no environment variables but those that Python itself needs, for they may hold passwords, and of open files
only its pipes. Pixels come back through a pipe, which is faster than shared memory (whose pages the system
must clear and map first) and leaves nothing behind, however either side ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import cast

from quantize.decoding.worker_task import Result, Task, picture_task
from quantize.decoding.worker_wire import BrokenReplyError, Pipe, send_request
from quantize.errors import QuantizeError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PROGRAM = ("-P", "-m", "quantize.decoding.worker_child")  # -P: nothing is imported from the current folder
_ENVIRONMENT = ("PATH", "SYSTEMROOT", "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",  # numpy would reserve memory for every processor
    # For glibc; others do not mind. Fixed thresholds give large blocks back to the system at once, and huge
    # pages make it cheap to get them again: without them a 12-megapixel picture takes 50 to 100 ms more.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(2**23),
    "MALLOC_TRIM_THRESHOLD_": str(2**25),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_START_SECONDS = 60
_END_SECONDS = 2  # until a process that has closed its pipes is gone
_KILLED = -9
_PIPE_BYTES = 2**20  # the most that Linux gives to anybody; its usual 64 KB cost 20 to 40 ms more a picture


class WorkerProcess:
    """A worker that is started when it is needed and replaced when it has died; for one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._used = 0.0

    @property
    def pid(self) -> int | None:
        """Number of the process, or None if none was started."""
        return self._process.pid if self._process else None

    @property
    def has_left(self) -> bool:
        """Whether it was started and has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    @property
    def idle_seconds(self) -> float:
        """Seconds since it last read a file; 0 for a process that has read none, or none at all."""
        return time.monotonic() - self._used if self._process and self._used else 0.0

    def start(self) -> None:
        """Start the process unless it is there, and wait until it answers.

        Raises
        ------
        OSError
            If no process can be started, or none that answers.
        """
        if self._process and self._process.poll() is None:
            return
        self.stop()
        self._process = _spawn()
        try:
            self._ask(picture_task(b""), _START_SECONDS)
        except QuantizeError:  # there is no picture in no bytes: it works
            return
        except _DeathError as death:
            raise OSError("the process for decoding pictures does not answer") from death

    def run(self, task: Task[Result]) -> Result:
        """Do what a task says, within its limits on time and memory.

        Raises
        ------
        QuantizeError
            If the file cannot be read, takes more than it may, or has ended two processes.
        OSError
            If no process can be started.
        """
        try:
            return self._run(task)
        except _DeathError as death:
            if death.late:
                raise task.too_slow() from death
        try:  # it may have been dead before it saw the file, or have died for another reason
            return self._run(task)
        except _DeathError as death:
            raise _reason(death, task) from death

    def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        self._used = 0.0
        if process:
            process.kill()
            process.wait()
            _close(process)

    def _run(self, task: Task[Result]) -> Result:
        self.start()
        try:
            return self._ask(task, task.request.seconds)
        finally:
            self._used = time.monotonic()

    def _ask(self, task: Task[Result], seconds: float) -> Result:
        process = self._process
        assert process
        late = threading.Event()
        timer = threading.Timer(seconds, _end_late, (process, late))
        timer.daemon = True
        timer.start()
        try:
            return _exchange(process, task)
        except QuantizeError:
            raise
        except (OSError, BrokenReplyError) as error:
            code = _exit_code(process)
            self.stop()
            raise _DeathError(late.is_set(), code) from error
        except BaseException:  # nobody knows what is still in the pipes
            self.stop()
            raise
        finally:
            timer.cancel()
            timer.join()


class _DeathError(Exception):
    """The process ended instead of answering: too late, or by itself with this exit code."""

    def __init__(self, late: bool, code: int | None) -> None:
        super().__init__(f"late {late}, exit code {code}")
        self.late = late
        self.code = code


def _spawn() -> subprocess.Popen[bytes]:
    if not sys.executable:
        raise OSError("Python does not know its own program")
    root = str(Path(__file__).resolve().parents[2])
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, *_PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # libtiff prints what it thinks of a file
        bufsize=0,
        env=kept | _SETTINGS | {"PYTHONPATH": path},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    for pipe in (process.stdin, process.stdout):
        assert pipe
        _widen(pipe.fileno())
    return process


def _widen(pipe: int) -> None:
    """Let more bytes wait in a pipe, where the system can do that and lets us."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _exchange(process: subprocess.Popen[bytes], task: Task[Result]) -> Result:
    requests, replies = cast(Pipe, process.stdin), cast(Pipe, process.stdout)
    send_request(requests, task.request, task.data)
    return task.receive(replies)


def _end_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _exit_code(process: subprocess.Popen[bytes]) -> int | None:
    with suppress(subprocess.TimeoutExpired):
        return process.wait(_END_SECONDS)
    return None


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        assert pipe
        pipe.close()


def _reason(death: _DeathError, task: Task) -> QuantizeError:
    """Say in one sentence why two processes died of one file."""
    if death.late:
        return task.too_slow()
    if death.code == _KILLED:  # by the system, which was out of memory
        return task.too_hungry()
    return task.damaged()
