"""A worker process keeps its limits, and whatever becomes of it, the next picture is read."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from quantize import limits
from quantize.decoding import worker_process
from quantize.decoding.worker import Workers
from quantize.errors import QuantizeError
from tests.decoding.test_bad_files import SEEDS
from tests.pictures import noise, png, saved, smooth

ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shows this in /proc")
LIMITED = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="no limits on memory there")


@pytest.fixture
def workers():
    made = Workers(2)
    yield made
    made.stop()


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def worker_with(monkeypatch, changes: str) -> None:
    """Let workers run the same program with some lines before it."""
    program = (
        "import os, time\nfrom quantize.decoding import worker_child\n"
        f"{textwrap.dedent(changes)}\nworker_child.main()"
    )
    monkeypatch.setattr(worker_process, "_PROGRAM", ("-P", "-c", program))


def wait_until(condition, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.mark.parametrize("patience", [0, 0.3])
def test_a_killed_worker_is_replaced(workers, patience):
    workers.decode(SEEDS["PNG"])
    first = workers.pids
    os.kill(first[0], signal.SIGTERM)
    time.sleep(patience)
    assert workers.decode(SEEDS["PNG"]).format == "PNG"
    assert workers.pids != first


def test_a_picture_whose_worker_is_killed_is_decoded_by_another(workers):
    workers.start()
    first = workers.pids[0]
    os.kill(first, signal.SIGSTOP)  # so that it is sure to be at work
    killer = threading.Timer(0.3, os.kill, (first, signal.SIGKILL))
    killer.start()
    assert workers.decode(SEEDS["PNG"]).format == "PNG"
    killer.join()
    assert workers.pids[0] != first


def test_a_picture_that_takes_too_long_is_given_up(workers, monkeypatch):
    workers.start()
    os.kill(workers.pids[0], signal.SIGSTOP)  # nothing could hang better
    monkeypatch.setattr(limits, "MAX_DECODE_SECONDS", 0.5)
    with pytest.raises(QuantizeError, match=r"^PNG picture took longer than 0\.5 s to decode"):
        workers.decode(SEEDS["PNG"])
    monkeypatch.undo()
    assert workers.decode(SEEDS["PNG"]).format == "PNG"


@LIMITED
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "BMP"])
def test_a_picture_that_needs_too_much_memory_is_given_up(workers, monkeypatch, kind):
    monkeypatch.setattr(limits, "MAX_DECODE_MEMORY", 20 * 2**20)
    data = saved(smooth(3000, 3000)[..., 0], kind)
    with pytest.raises(QuantizeError, match=f"^{kind} picture needs more memory to decode than it may have"):
        workers.decode(data)
    monkeypatch.undo()
    assert workers.decode(data).format == kind
    assert len(workers.pids) == 1


@LIMITED
@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_libraries_that_find_no_memory_leave_the_worker_whole(workers, monkeypatch, kind):
    monkeypatch.setattr(limits, "MAX_DECODE_MEMORY", 20 * 2**20)
    data = saved(smooth(2000, 2000), kind, quality=50)
    with pytest.raises(QuantizeError, match=r"picture (cannot be decoded|needs more memory)"):
        workers.decode(data)
    monkeypatch.undo()
    assert workers.decode(data).pixels.shape == (2000, 2000, 3)


@LINUX
def test_memory_goes_back_to_the_system(workers):
    workers.decode(saved(smooth(4000, 4000), "PNG", compress_level=1))

    def resident() -> int:
        pages = int(Path(f"/proc/{workers.pids[0]}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    wait_until(lambda: resident() <= limits.WORKER_KEPT_BYTES)
    assert workers.decode(SEEDS["PNG"]).format == "PNG"


@LINUX
def test_the_worker_has_no_files_but_its_pipes_and_no_secrets(workers, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    with open(tmp_path / "open", "w") as file:
        os.set_inheritable(file.fileno(), True)
        workers.start()
        pid = workers.pids[0]
        targets = {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()}
    own = f"/proc/{pid}/statm"  # open for a moment, while it looks how much memory it has
    assert all(target.startswith("pipe:") or target in {os.devnull, own} for target in targets), targets
    assert b"hush" not in Path(f"/proc/{pid}/environ").read_bytes()
    bounds = Path(f"/proc/{pid}/limits").read_text()
    for name in ("Max core file size", "Max file size"):
        line = next(line for line in bounds.splitlines() if line.startswith(name))
        assert line.removeprefix(name).split()[:2] == ["0", "0"]


@LINUX
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_worker_ends_with_its_parent(how):
    program = """
        from quantize.decoding import worker
        worker.start()
        print(*worker._workers.pids, flush=True)
        input()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.send_signal(how)
    wait_until(lambda: not is_alive(pid))


@LINUX
def test_nothing_is_left_behind(workers):
    before = left()
    workers.decode(SEEDS["PNG"])
    first = workers.pids
    os.kill(first[0], signal.SIGKILL)
    workers.decode(SEEDS["PNG"])
    second = workers.pids
    workers.stop()
    assert left() == before
    assert not any(Path(f"/proc/{pid}").exists() for pid in first + second)


def left() -> tuple[list[str], list[str]]:
    """Shared memory, and what this process has open."""
    links = sorted(Path("/proc/self/fd").iterdir())
    return os.listdir("/dev/shm"), [os.readlink(link) for link in links if link.is_symlink()]


HOSTILE = """
    whole = worker_child._outcome
    worker_child._outcome = lambda data, request: {outcome} if data else whole(data, request)
"""


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("os.abort()", "^PNG picture cannot be decoded"),
        ("os._exit(0)", "^PNG picture cannot be decoded"),
        ("os.kill(os.getpid(), 9)", "^PNG picture needs more memory to decode"),  # as the system does it
        ("os.write(3, bytes(5000)) and os._exit(0)", "^PNG picture cannot be decoded"),
        ("os.write(3, b'\\xff' * 5000)", "^PNG picture cannot be decoded"),
    ],
)
def test_whatever_a_file_does_to_its_worker_the_next_picture_is_read(monkeypatch, outcome, sentence):
    worker_with(monkeypatch, HOSTILE.format(outcome=outcome))
    workers = Workers(1)
    assert workers.start()
    with pytest.raises(QuantizeError, match=sentence):
        workers.decode(SEEDS["PNG"])
    monkeypatch.undo()
    assert workers.decode(SEEDS["PNG"]).format == "PNG"
    workers.stop()


@LINUX
def test_a_grown_worker_leaves_and_the_next_one_is_ready(monkeypatch):
    worker_with(
        monkeypatch,
        """
        answered = []
        worker_child._resident = lambda: answered.append(1) or (2**40 if len(answered) > 1 else 0)
        """,
    )
    monkeypatch.setattr(limits, "WORKER_KEPT_BYTES", 1)
    workers = Workers(1)
    pids = []
    for seed in range(3):
        assert np.array_equal(workers.decode(png(noise(30, 40, seed=seed))).pixels, noise(30, 40, seed=seed))
        pids += workers.pids
        if seed:
            wait_until(lambda old=workers.pids: workers.pids not in ([], old) and is_alive(workers.pids[0]))
    assert len(set(pids)) == 3
    # The next one is there, but whoever made it ready may not have put it back yet.
    wait_until(lambda: workers.stop() or not workers.pids)
