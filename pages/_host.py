"""What whoever hosts the app can set, in environment variables: one table, with limits and defaults.

Limits on single pictures are the engine's (``quantize/limits.py``); here is what one server gives all of
its visitors together.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quantize import QuantizeError
from quantize.records import Records


@dataclass(frozen=True)
class Setting:
    """A whole number that the environment may set: within [low, high], in this unit.

    ``memory`` is how many MB of memory each unit of its default wants: on a machine or in a container that
    has less, the default is smaller.
    """

    key: str
    low: int
    high: int
    default: int
    unit: str
    text: str
    memory: int = 0

    def default_within(self, n_bytes: int) -> int:
        """The default where there is so much memory."""
        most = n_bytes // 2**20 // self.memory if self.memory else self.default
        return max(self.low, min(self.default, most))


NUMBERS = Records(
    "host setting",
    (
        Setting("QUANTIZE_CACHE_MB", 16, 65_536, 1024, "MB", "results kept for all visitors", memory=8),
        Setting("QUANTIZE_VISITOR_MB", 8, 65_536, 384, "MB", "of these, what one may fill", memory=20),
        Setting("QUANTIZE_UPLOADS_MB", 64, 65_536, 2048, "MB", "files of visitors, also arriving", memory=5),
        Setting("QUANTIZE_FILE_MB", 1, 50, 50, "MB", "longest file of a picture", memory=35),
        Setting("QUANTIZE_MEGAPIXELS", 1, 100, 100, "megapixels", "largest picture", memory=20),
        Setting("QUANTIZE_PICTURES_MB", 1, 2000, 256, "MB", "all pictures of one visitor", memory=10),
        Setting("QUANTIZE_HEAVY_JOBS", 1, 64, 2, "jobs", "heavy jobs at once; others wait", memory=512),
        Setting("QUANTIZE_JOB_SECONDS", 5, 3600, 60, "s", "longest computation for one visitor"),
        Setting("QUANTIZE_SHARE_DAYS", 1, 3650, 30, "days", "how long a shared picture is kept"),
        Setting(
            "QUANTIZE_SHARE_MB", 1, 10_000_000, 2000, "MB", "all shared pictures together, oldest out first"
        ),
    ),
)
"""Numbers, by the name of their environment variable."""

# Where Linux tells the limit of a container: control groups, version 2 and 1.
_CONTAINER = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")

TEXTS = {
    "QUANTIZE_SHARE_STORE": "where shared pictures go: a folder, an fsspec URL (s3://bucket/folder), or off",
    "QUANTIZE_FRAME_ANCESTORS": "sites that may show the whole app in a frame, as https://example.org",
    "QUANTIZE_METRICS": "public: anybody may read the server's figures at /_stcore/metrics",
    "QUANTIZE_URL": "public address of the app, for preview cards, where the proxy does not tell it",
}
"""Texts, empty by default, by the name of their environment variable."""


def number(name: str) -> int:
    """Value of a number in the environment, or its default.

    Raises
    ------
    QuantizeError
        If the environment holds no whole number within the limits.
    """
    setting = NUMBERS[name]
    given = os.environ.get(name, "").strip()
    if not given:
        return setting.default_within(memory_bytes())
    if not given.isascii() or not given.isdigit() or not setting.low <= int(given) <= setting.high:
        raise QuantizeError(
            f"{name} must be a whole number from {setting.low} to {setting.high} ({setting.unit}), "
            f"got {given!r}: set it or leave it out"
        )
    return int(given)


def memory_bytes() -> int:
    """Memory that this server may take: the machine's, or its container's if that is less (Linux)."""
    found = [2**31]  # where nobody tells
    with suppress(AttributeError, ValueError, OSError):
        found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in _CONTAINER:
        with suppress(ValueError, OSError):  # "max" where there is no limit
            found.append(int(Path(path).read_text()))
    return min(found)


def text(name: str) -> str:
    """Text in the environment, without blanks around it; empty if it is not set."""
    assert name in TEXTS
    return os.environ.get(name, "").strip()


def check() -> None:
    """Read every setting once.

    Raises
    ------
    QuantizeError
        If one of them cannot be.
    """
    for name in NUMBERS:
        number(name)
