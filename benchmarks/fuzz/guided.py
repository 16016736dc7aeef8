"""Fuzzing led by coverage, with atheris: ``python -m benchmarks.fuzz.guided --format PNG --corpus DIR``.

Starts from the same whole files, and keeps what reaches new lines of our own Python and of Pillow's plugins;
the decoders in C are not instrumented. Stops with the file at anything that is raised but QuantizeError, at a
crash, at 5 s and at 1 GB. atheris is an extra of its own: ``pip install -r benchmarks/requirements.txt``.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path

import atheris

# Instrumented, they would be no functions that numba can compile.
KERNELS = [".".join(path.with_suffix("").parts) for path in Path("quantize").rglob("kernels_*.py")]

with atheris.instrument_imports(include=["quantize", "PIL"], exclude=KERNELS):
    from benchmarks.fuzz.seeds import PALETTES, PICTURES, seeds
    from benchmarks.fuzz.target import reader
    from quantize.errors import QuantizeError

_HANG_SECONDS = 5
_MOST_MB = 1024 + 128  # 128 of which is Python with the engine


def main() -> None:
    """Fuzz one format for some time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--format", choices=[*PICTURES, *PALETTES], required=True)
    parser.add_argument("--corpus", type=Path, required=True, help="folder for files worth keeping")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    read = reader(options.format)

    def test_one(data: bytes) -> None:
        with suppress(QuantizeError):
            read(data)

    folder = options.corpus / options.format
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(options.format)):
        (folder / f"seed-{number}").write_bytes(data)
    limits = [f"-max_total_time={options.seconds}", f"-timeout={_HANG_SECONDS}", f"-rss_limit_mb={_MOST_MB}"]
    found = f"-artifact_prefix={options.corpus}/{options.format}-"
    atheris.Setup([sys.argv[0], *limits, found, "-print_final_stats=1", str(folder)], test_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
