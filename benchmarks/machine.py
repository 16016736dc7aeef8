"""What a table was measured on."""

from __future__ import annotations

import datetime
import os
import platform
from importlib.metadata import version
from pathlib import Path

from quantize.threads import thread_count


def describe_machine() -> str:
    """One line: processor, threads, Python, the packages that count, the date."""
    info = Path("/proc/cpuinfo")
    models = (
        [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        if (info.exists())
        else []
    )
    processor = models[0] if models else platform.processor() or platform.machine()
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("numpy", "numba", "opencv-python-headless", "pillow")
    )
    return (
        f"{processor}, {len(models) or '?'} processors, {thread_count()} threads for quantize; "
        f"Python {platform.python_version()}, {packages}; {datetime.date.today()}"
    )


def processor_time() -> float:
    """Seconds of this process, all threads together, and of those it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
