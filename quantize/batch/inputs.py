"""Which pictures are meant by files, folders and patterns, and what becomes of their folders.

A folder is walked with all that is in it: what is hidden is left out, links to folders are not followed (so
that none leads round in circles), and what neither is a picture nor ends like one is passed over. What was
named itself is always taken.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PureWindowsPath

from quantize.batch.remote import Place, Remote, as_place
from quantize.batch.remote_inputs import Listed, list_meant
from quantize.decoding.formats import PICTURE_FORMATS, REFUSED, picture_format
from quantize.errors import QuantizeError

ENDINGS = frozenset(ending for kind in PICTURE_FORMATS.values() for ending in kind.endings)
"""How names of pictures end, in lower case."""

_UNREAD = frozenset(ending for kind in REFUSED for ending in kind.endings)
_HIDDEN, _LINKS, _OWN = "hidden files and folders", "links to folders", "results of earlier runs"
_OTHERS, _REFUSED = "files that are no pictures", "files of kinds that are not read, such as raw"
_ONE = {
    _HIDDEN: "hidden file or folder",
    _LINKS: "link to a folder",
    _OWN: "result of an earlier run",
    _OTHERS: "file that is no picture",
    _REFUSED: "file of a kind that is not read, such as raw",
}

_MAGIC = frozenset("*?[")
_HEAD_BYTES = 64


@dataclass(frozen=True)
class Source:
    """A picture's file, and its place in the tree of results, with its own ending."""

    path: Place
    place: PurePath


@dataclass
class Found:
    """What was found.

    Attributes
    ----------
    sources : list of Source
        In the order of what was given; what is in a folder, by name.
    skipped : Counter
        What was passed over: how much of each kind, said in the plural.
    problems : list of (Path or Remote, str)
        What could not be looked at, and why.
    """

    sources: list[Source] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[Place, str]] = field(default_factory=list)

    def describe_skipped(self) -> str:
        """Say what was passed over, in words; nothing if nothing was."""
        counts = sorted(self.skipped.items())
        return ", ".join(f"{n:,} {kind}" if n > 1 else f"1 {_ONE[kind]}" for kind, n in counts)


def find_sources(given: Sequence[str], output: Place | None, own: frozenset[str] = frozenset()) -> Found:
    """Find the pictures that are meant.

    Parameters
    ----------
    given : sequence of str
        Files, folders, and patterns such as "photos/**/*.jpg" where no file is called so; URLs of such that
        fsspec knows. One folder alone
        gives its content to the tree of results; of several each keeps its name. A pattern's part before
        the first sign gives its content, too.
    output : Path, Remote or None
        Where results will go: what is in it is not read when a folder around it is walked. None if there are
        none.
    own : frozenset of str
        Results of earlier runs, relative to ``output``, with "/": they are not read unless they are named.

    Raises
    ------
    QuantizeError
        If the output is a folder that is read, or nothing was found at all.
    """
    search = _Search(output, own)
    alone = len(given) == 1
    for said in given:
        search.take(said, alone=alone)
    if not search.found.sources and not search.found.problems:
        passed = search.found.describe_skipped()
        raise QuantizeError(f"inputs must hold a picture, got {passed or 'empty folders'}")
    return search.found


class _Search:
    """A search under way."""

    def __init__(self, output: Place | None, own: frozenset[str]) -> None:
        self.found = Found()
        self._output = Path(os.path.realpath(output)) if isinstance(output, Path) else None
        self._remote = output if isinstance(output, Remote) else None
        root = self._output or self._remote
        self._own: set[Place] = {root / name for name in own} if root else set()

    def take(self, said: str, *, alone: bool) -> None:
        """Take what a person named."""
        path = as_place(said)
        if isinstance(path, Remote):
            self._take_remote(path, alone=alone)
            return
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            if _MAGIC & set(said):
                self._match(str(path) if "://" in said else said)
            else:
                self._note(path, error)
            return
        if stat.S_ISDIR(mode):
            self._walk(path, PurePath() if alone else PurePath(Path(os.path.abspath(path)).name))
        elif stat.S_ISREG(mode):
            self.found.sources.append(Source(path, PurePath(path.name)))
        else:
            self.found.problems.append((path, "it is neither a file nor a folder"))

    def _take_remote(self, said: Remote, *, alone: bool) -> None:
        if self._remote == said:
            raise QuantizeError(
                "output must be another folder than the one that is read, got one for both: a folder inside "
                "it will do"
            )
        try:
            for listed in list_meant(said, alone=alone):
                self._take_listed(listed)
        except QuantizeError as error:
            self.found.problems.append((said, str(error)))

    def _take_listed(self, listed: Listed) -> None:
        """Take a file of a listing if its name is a picture's, and leads nowhere else."""
        place, ending = PurePath(listed.inside), listed.file.suffix.lower()
        if listed.named:
            self.found.sources.append(Source(listed.file, place))
        elif _leads_out(place):
            self.found.problems.append((listed.file, "its name would lead out of the folder of results"))
        elif any(part.startswith(".") for part in listed.inside.parts):
            self.found.skipped[_HIDDEN] += 1
        elif listed.file in self._own:
            self.found.skipped[_OWN] += 1
        elif self._remote and listed.file.url.startswith(f"{self._remote.url}/"):
            pass
        elif ending in _UNREAD:
            self.found.skipped[_REFUSED] += 1
        elif ending in ENDINGS:
            self.found.sources.append(Source(listed.file, place))
        else:
            self.found.skipped[_OTHERS] += 1

    def _note(self, path: Path, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or str(error)
        self.found.problems.append((path, reason[:1].lower() + reason[1:]))

    def _match(self, pattern: str) -> None:
        parts = Path(pattern).parts
        cut = next(number for number, part in enumerate(parts) if _MAGIC & set(part))
        base = Path(*parts[:cut])
        before = len(self.found.sources) + sum(self.found.skipped.values())
        is_around = self._output is not None and Path(os.path.realpath(base)) in self._output.parents
        try:
            matches = sorted(base.glob(str(PurePath(*parts[cut:]))))
        except (OSError, ValueError, NotImplementedError) as error:
            self._note(Path(pattern), error)
            return
        for path in matches:
            inside = path.relative_to(base)
            if path.is_dir():
                continue
            if any(part.startswith(".") for part in inside.parts):
                self.found.skipped[_HIDDEN] += 1
            elif not (is_around and self._output in Path(os.path.realpath(path)).parents):
                self._look_at(path, inside)
        if len(self.found.sources) + sum(self.found.skipped.values()) == before:
            self.found.problems.append((Path(pattern), "no file is called like this"))

    def _walk(self, folder: Path, place: PurePath) -> None:
        if os.path.realpath(folder) == str(self._output):
            raise QuantizeError(
                "output must be another folder than the one that is read, got one for both: a folder inside "
                "it will do"
            )
        for here, folders, files in os.walk(folder, onerror=self._onerror):
            inside = Path(here)
            folders[:] = sorted(self._deeper(inside, folders))
            for name in sorted(files):
                if name.startswith("."):
                    self.found.skipped[_HIDDEN] += 1
                else:
                    self._look_at(inside / name, place / (inside / name).relative_to(folder))

    def _onerror(self, error: OSError) -> None:
        self._note(Path(os.fsdecode(error.filename)), error)

    def _deeper(self, inside: Path, folders: list[str]) -> Iterator[str]:
        """List the folders into which a walk goes on."""
        for name in folders:
            path = inside / name
            if name.startswith("."):
                self.found.skipped[_HIDDEN] += 1
            elif path.is_symlink():
                self.found.skipped[_LINKS] += 1
            elif os.path.realpath(path) != str(self._output):
                yield name

    def _look_at(self, path: Path, place: PurePath) -> None:
        """Take a file that nobody named if it is a picture, or ends like one."""
        if Path(os.path.realpath(path)) in self._own:
            self.found.skipped[_OWN] += 1
        elif path.suffix.lower() in _UNREAD:
            self.found.skipped[_REFUSED] += 1
        elif is_picture(path):
            self.found.sources.append(Source(path, place))
        else:
            self.found.skipped[_OTHERS] += 1


def _leads_out(place: PurePath) -> bool:
    """Tell whether a name in a store would be a path elsewhere; Windows reads a backslash as one, too."""
    name = str(place)
    return ".." in PureWindowsPath(name).parts or ("\\" in name and os.name == "nt") or "\0" in name


def is_picture(path: Path) -> bool:
    """Tell whether a file begins like a picture, or its name ends like one's; nothing but a file is."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False  # a pipe would be waited for
        if path.suffix.lower() in ENDINGS:
            return True
        with path.open("rb") as file:
            return picture_format(file.read(_HEAD_BYTES)) is not None
    except (OSError, ValueError):
        return path.suffix.lower() in ENDINGS
