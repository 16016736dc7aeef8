"""A wheel of this repository, and environments that hold it with nothing but what it says it needs.

Libraries are not downloaded again: an environment gets links to those files of its parent's that belong to
a package that the wheel needs, or that one of these does. What is not named is not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.house import ROOT

SOURCES = ("app.py", "pages", "quantize", ".streamlit", "setup.py", "pyproject.toml", "MANIFEST.in")
TEXTS = ("README.md", "LICENSE", "CHANGELOG.md")
BUILD = "from setuptools.build_meta import build_wheel; build_wheel('made')"
COMPILED = shutil.ignore_patterns("__pycache__")


def build_wheel(folder: Path) -> Path:
    """Build the wheel of a copy of this repository, in which it leaves what builds leave."""
    for name in (*SOURCES, *TEXTS):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name, **({"ignore": COMPILED} if (ROOT / name).is_dir() else {}))
    subprocess.run([sys.executable, "-c", BUILD], cwd=folder, check=True, capture_output=True)
    (wheel,) = (folder / "made").glob("*.whl")
    return wheel


def needed(
    lines: Iterable[str], extras: Iterable[str] = (), found: dict[str, Distribution] | None = None
) -> dict[str, Distribution]:
    """Find the installed distributions that requirements name, and those that these need."""
    found = {} if found is None else found
    for line in lines:
        requirement, marker = Requirement(line), Requirement(line).marker
        name = requirement.name.lower()
        wanted = not marker or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))
        if not wanted or (name in found and not requirement.extras):
            continue
        found[name] = distribution(requirement.name)
        needed(found[name].requires or (), requirement.extras, found)
    return found


def link_files(one: Distribution, target: Path) -> None:
    """Link what a distribution has on top of the parent's folder of packages."""
    for top in {file.parts[0] for file in one.files or () if file.parts[0] not in ("..", "__pycache__")}:
        if not (target / top).exists():
            (target / top).symlink_to(Path(one.locate_file(top)).resolve())


def install(wheel: Path, folder: Path, *extras: str) -> Path:
    """Install a wheel with pip into a fresh environment, with some extras; return its folder of programs."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = programs / Path(sys.executable).name
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "-q"]
    subprocess.run([*command, "--no-compile", wheel], check=True)
    packages = packages_of(folder)
    metadata = Distribution.at(next(packages.glob("*.dist-info")))
    for one in needed(metadata.requires or (), extras).values():
        link_files(one, packages)
    keep_compiled(packages)
    return programs


def packages_of(folder: Path) -> Path:
    """Where an environment has its packages."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))


def keep_compiled(packages: Path) -> None:
    """Give an installed engine the loops that this one has compiled: the sources are the same."""
    for path in (ROOT / "quantize").rglob("*.py"):
        there = packages / path.relative_to(ROOT)
        assert there.read_bytes() == path.read_bytes()
        os.utime(there, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))  # numba asks for it
    for path in (ROOT / "quantize").rglob("*.nb[ic]"):
        there = packages / path.relative_to(ROOT)
        there.parent.mkdir(exist_ok=True)
        shutil.copy2(path, there)


def list_wheel(wheel: Path) -> set[str]:
    """Names of the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())
