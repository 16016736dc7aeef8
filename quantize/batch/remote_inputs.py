"""Which pictures are meant by a URL: a file, a folder with all that is below it, or a pattern.

Nothing is asked of the store for a single file: names and lengths come with the listing, so what a name does
not call a picture is passed over. A name that would lead out of the folder of results is refused: in a bucket
of somebody else's anything may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from quantize.batch.remote import Remote, list_below, look_at
from quantize.errors import QuantizeError

_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Listed:
    """A file that a URL means, where it stands below what was named, and whether it was named itself."""

    file: Remote
    inside: PurePosixPath
    named: bool = False


def list_meant(said: Remote, *, alone: bool) -> Iterator[Listed]:
    """List what a URL means.

    Parameters
    ----------
    said : Remote
    alone : bool
        Whether a folder gives its content to the tree of results; otherwise it keeps its name.

    Raises
    ------
    QuantizeError
        If nothing is there, or it cannot be looked at.
    """
    kind, n_bytes = look_at(said)
    if kind == "file":
        yield Listed(Remote(said.url, n_bytes), PurePosixPath(said.name), named=True)
    elif kind:
        place = PurePosixPath() if alone else PurePosixPath(said.name)
        for inside, file in list_below(said):
            yield Listed(file, place / inside.lstrip("/"))
    elif _MAGIC.search(said.url):
        yield from _match(said)
    else:
        raise QuantizeError("there is no such file, folder or bucket")


def _match(pattern: Remote) -> Iterator[Listed]:
    head, _, tail = pattern.url[: _first_magic(pattern.url)].rpartition("/")
    base = Remote(head)
    if base.url.endswith("/") or "://" not in base.url:
        raise QuantizeError("a pattern must begin behind a bucket")
    wanted = re.compile(_translate(tail + pattern.url[_first_magic(pattern.url) :]), re.DOTALL)
    found = False
    for inside, file in list_below(base):
        if wanted.fullmatch(inside):
            found = True
            yield Listed(file, PurePosixPath(inside.lstrip("/")))
    if not found:
        raise QuantizeError("no file is called like this")


def _first_magic(text: str) -> int:
    found = _MAGIC.search(text)
    assert found
    return found.start()


def _translate(pattern: str) -> str:
    """Turn a pattern into an expression: "**/" any folders, "*" and "?" within a name, "[…]" one of these."""
    said, at = "", 0
    while at < len(pattern):
        rest = pattern[at:]
        if rest.startswith("**/"):
            said, at = said + "(?:[^/]+/)*", at + 3
        elif rest.startswith("**"):
            said, at = said + ".*", at + 2
        elif rest[0] in "*?":
            said, at = said + ("[^/]*" if rest[0] == "*" else "[^/]"), at + 1
        elif choice := re.match(r"\[(!?)(\]?[^\]/]*)\]", rest):
            words = choice[2].replace("\\", r"\\").replace("^", r"\^").replace("[", r"\[")
            said, at = said + f"[{'^/' if choice[1] else ''}{words}]", at + choice.end()
        else:
            said, at = said + re.escape(rest[0]), at + 1
    return said
