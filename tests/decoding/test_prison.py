"""Hostile code in a worker process reaches nothing: no network, no programs, no files, no other process."""

import os
import platform
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from quantize.decoding import prison, syscalls, worker
from quantize.decoding.worker import Workers
from tests.decoding.test_bad_files import SEEDS

ROOT = Path(__file__).parents[2]
LOCKED = pytest.mark.skipif(bool(prison.missing()), reason=f"this system has no {prison.missing()}")

PROGRAM = """
import ctypes, os, signal, socket, subprocess, sys, threading
from pathlib import Path
from quantize.decoding import prison

victim, parent = Path(sys.argv[1]), int(sys.argv[2])
kept = open(victim, "rb+")  # even what is open already
libc = ctypes.CDLL(None, use_errno=True)

def call(*arguments):
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "")

prison.enter()
for attack in ATTACKS.strip().splitlines():
    try:
        exec(attack)
    except OSError as error:
        print("refused" if error.errno in (1, 13, 38) else repr(error), attack, sep="\\t")
    else:
        print("done", attack, sep="\\t")
worked = threading.Thread(target=lambda: print("threads work"))
worked.start(); worked.join()
import colorsys, xml.dom
print("imports work", Path("/proc/self/statm").read_text().count(" "))
"""

ATTACKS = """
socket.socket()
socket.socket(socket.AF_UNIX)
socket.socketpair()
call(425, 8, bytes(200))
os.fork()
subprocess.run(["true"])
os.execv("/bin/sh", ["sh", "-c", "echo out"])
os.posix_spawn("/bin/true", ["true"], {})
open(f"/proc/{parent}/mem", "rb").read(1)
open(f"/proc/{parent}/environ", "rb").read(1)
open(f"/proc/{parent}/cmdline", "rb").read(1)
call(310, parent, bytes(16), 1, bytes(16), 1, 0)
call(101, 16, parent, 0, 0)
call(434, parent, 0)
os.kill(parent, signal.SIGTERM)
signal.pidfd_send_signal(kept.fileno(), 9)
os.unlink(victim)
os.rmdir(victim.parent)
os.rename(victim, str(victim) + "2")
os.truncate(victim, 0)
os.ftruncate(kept.fileno(), 0)
os.chmod(victim, 0o777)
os.symlink("/etc/passwd", str(victim) + "3")
os.mkdir(str(victim) + "4")
open(victim, "wb")
open(victim, "ab")
open(victim, "rb").read(1)
open("/etc/passwd", "rb").read(1)
open("/etc/hostname", "rb").read(1)
os.listdir("/")
os.listdir(os.path.expanduser("~"))
os.memfd_create("x")
"""


@LOCKED
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks name system calls of x86-64")
def test_hostile_code_is_refused_everything(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("whole")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"ATTACKS = {ATTACKS!r}\n{textwrap.dedent(PROGRAM)}",
            victim,
            str(os.getpid()),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert [line for line in lines if not line.startswith("refused\t")] == ["threads work", "imports work 6"]
    assert len(lines) == len(ATTACKS.strip().splitlines()) + 2
    assert victim.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [victim]


@LOCKED
def test_the_worker_is_locked_in():
    workers = Workers(1)
    try:
        workers.start()
        status = Path(f"/proc/{workers.pids[0]}/status").read_text()
        assert "NoNewPrivs:\t1" in status
        assert "Seccomp:\t2" in status
        assert workers.decode(SEEDS["PNG"]).format == "PNG"
        os.kill(workers.pids[0], signal.SIGKILL)  # its client may do that
        assert workers.decode(SEEDS["PNG"]).format == "PNG"
    finally:
        workers.stop()


def test_what_a_system_lacks_is_said_once(monkeypatch, caplog):
    monkeypatch.setattr(worker.prison, "missing", lambda: ["Landlock"])
    workers = Workers(1)
    try:
        for _ in range(3):
            workers.start()
    finally:
        workers.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "the process that reads files is locked in less well: no Landlock"
    ]


def test_filters_of_all_machines_jump_within_bounds():
    for machine in syscalls.MACHINES.values():
        code = list(prison._instructions(machine, 4711))
        assert len(code) < 4096
        for place, (_, true, false, _) in enumerate(code[:-1]):
            assert place + 1 + max(true, false) < len(code)
        assert {"socket", "execve", "ptrace", "unlinkat", "openat", "clone"} <= machine.numbers.keys()
        assert len(set(machine.numbers.values())) == len(machine.numbers)
