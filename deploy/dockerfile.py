"""Reads a Dockerfile and a .dockerignore, as far as ours go."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath


@dataclass(frozen=True)
class Step:
    """One instruction: its word in capitals, and the rest of it."""

    word: str
    text: str


def read_steps(path: Path) -> list[Step]:
    """Read the instructions of a Dockerfile in order."""
    lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n", " ", "\n".join(lines))
    pairs = [line.strip().split(maxsplit=1) for line in whole.splitlines() if line.strip()]
    return [Step(word.upper(), text) for word, text in pairs]


def as_command(text: str) -> list[str]:
    """What RUN, CMD or ENTRYPOINT start: a JSON list as it is, anything else in a shell."""
    return [str(part) for part in json.loads(text)] if text.startswith("[") else ["sh", "-c", text]


def health_command(text: str) -> list[str]:
    """What HEALTHCHECK starts."""
    return as_command(text.partition("CMD ")[2].strip())


def is_ignored(path: PurePosixPath, patterns: list[str]) -> bool:
    """Whether Docker would leave a file of the context out.

    The last pattern decides that fits it or a folder around it. Here ``*`` fits a slash too, which makes no
    difference to our patterns.
    """
    ignored = False
    for pattern in patterns:
        if any(fnmatchcase(str(part), pattern.lstrip("!")) for part in (path, *path.parents)):
            ignored = not pattern.startswith("!")
    return ignored


def read_context(root: Path) -> Iterator[PurePosixPath]:
    """The files that a build of this folder gets to see."""
    lines = (root / ".dockerignore").read_text().splitlines()
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    for folder, _, names in os.walk(root):
        for name in names:
            path = PurePosixPath((Path(folder) / name).relative_to(root).as_posix())
            if not is_ignored(path, patterns):
                yield path
