"""What a process that reads strangers' files may not do any more, whatever becomes of it (Linux).

Two locks that the process puts on itself and nobody can take off. A filter of system calls refuses network,
other programs, other processes, and everything that changes a file. Landlock shows it no files but Python's
and ours, and no other process's memory or environment. Either alone keeps much away; what a system has not,
the log says once.

Sources: seccomp(2), landlock(7), and linux/audit.h, filter.h, landlock.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from quantize.decoding import syscalls

_SET_NO_NEW_PRIVS, _SET_SECCOMP, _SET_DUMPABLE = 38, 22, 4
_FILTER = 2

# Instructions of the filter, and where it finds what: number and machine, then six arguments of 8 bytes.
_LOAD, _EQUAL, _FROM, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_THREAD = 0x10000
_CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_CREATE, _ADD, _LOCK_IN = 444, 445, 446
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# By version of Landlock, how many kinds of access it knows.
_KINDS = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_KINDS = 16

_LOADED_LATER = ("PIL", "numpy", "cv2", "pi_heif", "pillow_jxl", "av")


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def enter() -> None:
    """Let this process only read from now on, as far as the system sees to that."""
    with suppress(OSError, AttributeError):
        _control(_SET_DUMPABLE, 0)
        _control(_SET_NO_NEW_PRIVS, 1)
    with suppress(OSError, AttributeError):
        _hide_files()
    with suppress(OSError, AttributeError):
        _refuse_calls()


def missing() -> list[str]:
    """Name the locks that this system does not have."""
    if not sys.platform.startswith("linux"):
        return ["a filter of system calls", "Landlock"]
    locks = {"a filter of system calls": _has_filter(), "Landlock": _landlock_version() > 0}
    return [name for name, there in locks.items() if not there]


def _has_filter() -> bool:
    """Tell whether the system takes filters, by one at no address, and we know its calls."""
    try:
        _control(_SET_SECCOMP, _FILTER, None)
    except OSError as error:
        return error.errno == errno.EFAULT and platform.machine() in syscalls.MACHINES
    return False


def _control(*arguments: Any) -> None:
    """Call prctl(2)."""
    padded = [ctypes.c_ulong(one) if isinstance(one, int) else one for one in arguments]
    _checked(_libc().prctl(*padded, *[ctypes.c_ulong(0)] * (5 - len(padded))))


def _call(*arguments: Any) -> int:
    """Call the system by number."""
    return _checked(
        _libc().syscall(*(ctypes.c_long(one) if isinstance(one, int) else one for one in arguments))
    )


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _checked(outcome: int) -> int:
    if outcome < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return outcome


def _refuse_calls() -> None:
    machine = syscalls.MACHINES.get(platform.machine())
    if machine is None:
        return
    code = b"".join(struct.pack("=HBBI", *one) for one in _instructions(machine, os.getpid()))
    _control(_SET_SECCOMP, _FILTER, ctypes.byref(_Program(len(code) // 8, code)))


def _instructions(machine: syscalls.Machine, pid: int) -> Iterator[tuple[int, int, int, int]]:
    """Write the filter: operation, how many instructions it skips if true and if not, operand."""
    numbers = machine.numbers
    yield _LOAD, 0, 0, _MACHINE
    yield _EQUAL, 1, 0, machine.audit
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    yield _FROM, 0, 1, machine.end
    yield _RETURN, 0, 0, _REFUSE | errno.ENOSYS
    for name, argument, refused in (("clone", 0, False), ("openat", 2, True), ("open", 1, True)):
        if name in numbers:
            # A thread is no other process; who opens a file to change it is refused.
            yield _EQUAL, 0, 4, numbers[name]
            yield _LOAD, 0, 0, _ARGUMENTS + 8 * argument
            yield _ANY_BIT, int(refused), int(not refused), _CHANGES if refused else _THREAD
            yield _RETURN, 0, 0, _ALLOW
            yield _RETURN, 0, 0, _REFUSE | errno.EPERM
    for name in ("kill", "tgkill", "prlimit64"):  # to this process itself, which some call 0
        yield _EQUAL, 0, 5, numbers[name]
        yield _LOAD, 0, 0, _ARGUMENTS
        yield _EQUAL, 1, 0, pid
        yield _EQUAL, 0, 1, 0 if name == "prlimit64" else pid
        yield _RETURN, 0, 0, _ALLOW
        yield _RETURN, 0, 0, _REFUSE | errno.EPERM
    for name in syscalls.UNKNOWN:  # so that libraries use what is older
        yield _EQUAL, 0, 1, numbers[name]
        yield _RETURN, 0, 0, _REFUSE | errno.ENOSYS
    for name in syscalls.REFUSED:
        if name in numbers:
            yield _EQUAL, 0, 1, numbers[name]
            yield _RETURN, 0, 0, _REFUSE | errno.EPERM
    yield _RETURN, 0, 0, _ALLOW


def _landlock_version() -> int:
    """Find out which Landlock there is; 0 for none."""
    try:
        return _call(_CREATE, None, 0, 1)
    except (OSError, AttributeError):
        return 0


def _hide_files() -> None:
    version = _landlock_version()
    if not version:
        return
    kinds = (1 << _KINDS.get(version, _ALL_KINDS)) - 1
    # Files; from version 4 TCP both ways; from 6 sockets and signals to others.
    rules = struct.pack("=QQQ", kinds, 3, 3)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = _call(_CREATE, rules, len(rules), 0)
    try:
        for path in _readable():
            with suppress(OSError):
                _show(ruleset, path)
        _call(_LOCK_IN, ruleset, 0)
    finally:
        os.close(ruleset)


def _show(ruleset: int, path: str) -> None:
    """Let a file, or all in a folder, be read."""
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = _READ_FILE | _READ_FOLDER if os.path.isdir(path) else _READ_FILE
        _call(_ADD, ruleset, 1, struct.pack("=Qi", allowed, opened), 0)
    finally:
        os.close(opened)


def _readable() -> set[str]:
    """List where Python, libraries and this program are, and what the system tells of this process."""
    places = {
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        str(Path(__file__).parents[1]),
        "/proc/self/statm",
    }
    places |= {entry for entry in sys.path if entry and not Path(entry, "pages").exists()}
    places |= _packages()
    places |= {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"}
    return {place for place in places if os.path.exists(place)}


def _packages() -> set[str]:
    """List the folders of packages that are loaded later: links in an environment may lead out of it."""
    found = set()
    for name in _LOADED_LATER:
        with suppress(ImportError, ValueError):
            origin = getattr(find_spec(name), "origin", None)
            found |= {str(Path(origin).resolve().parents[1])} if origin else set()
    return found
