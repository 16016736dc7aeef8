"""Where results go: the tree of what was read, each under its name with the ending ``.png``.

Two results of one name are refused before anything is done. Names that differ in case alone, or in how their
accents are put together, count as one: on macOS and Windows they are.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from quantize.batch.inputs import ENDINGS, Source
from quantize.batch.remote import Place, Remote
from quantize.errors import QuantizeError, shown


@dataclass(frozen=True)
class Step:
    """A picture to read, and its result: the name below the output folder, with "/", and the path."""

    source: Place
    name: str
    output: Place


def place_results(
    sources: Iterable[Source], folder: Place, *, keep_endings: bool = False, others: Sequence[Place] = ()
) -> list[Step]:
    """Give every picture the place of its result.

    Parameters
    ----------
    sources : iterable of Source
        A file that stands there twice with one place is done once.
    folder : Path or Remote
        Where results go.
    keep_endings : bool
        Whether a.jpg becomes a.jpg.png and not a.png.
    others : sequence of Path or Remote
        Further files that will be written.

    Raises
    ------
    QuantizeError
        If two results would have one name, or one would stand where a picture is that is read.
    """
    steps: dict[str, Step] = {}
    clashes: list[tuple[Step, Step]] = []
    for source in sources:
        place = source.place.with_name(_name_result(source.place, keep_endings))
        step = Step(source.path, place.as_posix(), folder / place)
        first = steps.setdefault(_fold(step.name), step)
        if first is not step and not _is_one(first.source, step.source):
            clashes.append((first, step))
    if clashes:
        raise _clash(clashes, keep_endings)
    _refuse_read(steps.values(), others)
    return list(steps.values())


def _name_result(place: PurePath, keep_endings: bool) -> str:
    has_ending = place.suffix.lower() in ENDINGS
    return (place.name if keep_endings or not has_ending else place.stem) + ".png"


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _is_one(first: Place, second: Place) -> bool:
    if isinstance(first, Remote) or isinstance(second, Remote):
        return first == second
    return os.path.realpath(first) == os.path.realpath(second)


def _clash(clashes: list[tuple[Step, Step]], keep_endings: bool) -> QuantizeError:
    (first, second), more = clashes[0], len(clashes) - 1
    others = f" (and {more:,} more such pairs)" if more > 1 else " (and one more such pair)" if more else ""
    same_stem = not keep_endings and first.source.suffix != second.source.suffix
    way = "keep endings (--keep-endings)" if same_stem else "rename one, or name the folder around both"
    return QuantizeError(
        f"results must have names of their own, got {shown(first.name, 120)} for "
        f"{shown(str(first.source), 120)} and for {shown(str(second.source), 120)}{others}: {way}"
    )


def _refuse_read(steps: Iterable[Step], others: Sequence[Place]) -> None:
    """Refuse a result in the place of what is read."""
    steps = list(steps)
    read = {key: step for step in steps if (key := _number(step.source)) is not None}
    for output in (*(step.output for step in steps), *others):
        key = _number(output)
        if key is not None and key in read:
            raise QuantizeError(
                f"results must not replace what is read, got {shown(str(output), 120)} for both: name "
                "another folder for them"
            )


def _number(path: Place) -> tuple[int, int] | str | None:
    """Tell which file on the disk, or of a store, this is; None if there is none."""
    if isinstance(path, Remote):
        return path.url
    try:
        there = path.stat()
    except (OSError, ValueError):
        return None
    return there.st_dev, there.st_ino
