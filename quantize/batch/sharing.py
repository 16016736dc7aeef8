"""One palette for many pictures: their colours are added up, it is found once, and all are mapped to it.

pictures → sum of their colours (``summing``) → k-means → palette → every picture in its colours
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from quantize.batch.converting import Row, read_apart, refuse_step
from quantize.batch.files import StoppedError
from quantize.batch.places import Step
from quantize.batch.record import Entry, Record, digest_of, make_key
from quantize.batch.remote import Place, put_place, read_place
from quantize.batch.running import work_through
from quantize.batch.summing import ColorSum
from quantize.colors.hexadecimal import hex_colors, parse_hex
from quantize.decoding.worker import Workers
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES
from quantize.methods.table import METHODS, find_method
from quantize.methods.task import SEARCH_CHOICES
from quantize.palettes.palette import Palette
from quantize.selection import require_visible, select_palette
from quantize.settings import Settings
from quantize.swatches.formats import write_palette

PALETTE_NAME = "palette.gpl"
"""Of the file of one palette, beside the results."""


@dataclass(frozen=True)
class Looked:
    """A picture that was looked at: the digest of its file, or why it cannot be read."""

    step: Step
    digest: str = ""
    error: str = ""


def check_shared(settings: Settings) -> None:
    """Refuse choices with which no palette can be found for several pictures.

    Raises
    ------
    QuantizeError
        If the method looks at pixels, soft edges are asked for, or the palette is given.
    """
    if settings.palette:
        raise QuantizeError(
            "one palette must be found or given, got both: leave --one-palette out, or extend the given one "
            "(--extend)"
        )
    if find_method(settings.method).pixelwise:
        able = ", ".join(key for key, method in METHODS.items() if not method.pixelwise)
        raise QuantizeError(
            f"one palette works with method {able}, got {settings.method}: choose one of them"
        )
    if settings.alpha != "hard":
        raise QuantizeError(f"one palette works with alpha hard, got {settings.alpha}: leave it out")


def add_all(steps: Sequence[Step], total: ColorSum, workers: Workers, jobs: int) -> Iterator[Looked]:
    """Add the colours of all pictures to a sum, and yield what each is, in order."""
    return _look_at(steps, lambda data: total.add(read_apart(data, workers)), jobs)


def digest_all(steps: Sequence[Step], jobs: int) -> Iterator[Looked]:
    """Read all files without decoding them, and yield the digest of each, in order."""
    return _look_at(steps, lambda data: None, jobs)


def _look_at(steps: Sequence[Step], do: Callable[[bytes], None], jobs: int) -> Iterator[Looked]:
    return work_through(steps, lambda step: look_at_one(step, do), jobs)


def look_at_one(step: Step, do: Callable[[bytes], None]) -> Looked:
    """Read a picture's file, do something with it, and tell what it is, or why that could not be."""
    digest = ""
    try:
        data = read_place(step.source, MAX_BYTES)
        digest = digest_of(data)
        do(data)
    except QuantizeError as error:
        return Looked(step, digest, str(error))
    except MemoryError:
        return Looked(step, digest, "there is not enough memory for it")
    return Looked(step, digest)


def palette_key(looked: Sequence[Looked], settings: Settings, weigh: str, older: Palette | None) -> str:
    """Make the key of a shared palette: of the contents of files in any order, and the choices."""
    digests = sorted(one.digest for one in looked if one.digest)
    return make_key("palette", digests, asdict(settings), weigh, older.hexes if older else None)


def refused_row(looked: Looked) -> Row:
    """Make a report's row of a picture that cannot be read."""
    return refuse_step(looked.step, looked.error)


def find_shared(total: ColorSum, settings: Settings, older: Palette | None = None) -> Palette:
    """Find one palette for all that was added up.

    Parameters
    ----------
    total : ColorSum
    settings : Settings
        Of ``check_shared``. Colours of an older palette are among those that are kept.
    older : Palette or None
        Whose entries come first, as they are.

    Returns
    -------
    Palette
        Entries of the older one in their order, then those that were found, from dark to light. Without an
        older one, what ``quantize_image`` finds for a mosaic of all pictures, undithered.

    Raises
    ------
    QuantizeError
        If no pixel is visible.
    """
    counted = total.counted()
    require_visible(counted, hard=True)
    selected = select_palette(counted, settings.resolved())
    if older is None:
        return Palette(selected.palette, notes=selected.notes)
    known = set(older.hexes)
    new = [row for row, code in enumerate(hex_colors(selected.palette)) if code not in known]
    colors = np.concatenate([older.colors, selected.palette[new]])
    names = (*older.names, *[""] * len(new)) if older.names else None
    return Palette(colors, names=names, notes=selected.notes)


def settings_with(settings: Settings, palette: Palette) -> Settings:
    """Return the choices with which every picture is mapped to a palette."""
    idle: dict[str, Any] = dict.fromkeys(SEARCH_CHOICES)
    plain = replace(settings, keep=(), rare=0.0, method=Settings.method, **idle)
    return replace(plain, palette=tuple(palette.hexes))


def keep_palette(palette: Palette, key: str, folder: Place, record: Record) -> None:
    """Write a palette beside the results, and note of what it was made.

    Raises
    ------
    QuantizeError
        If it cannot be written.
    """
    content = write_palette(palette, "gpl")
    try:
        put_place(folder / PALETTE_NAME, content)
    except StoppedError:
        raise
    except QuantizeError as error:
        raise QuantizeError(f"{PALETTE_NAME} {error}") from error
    record.add(Entry(PALETTE_NAME, key, digest_of(content), {"palette": palette.hexes}))


def find_kept(key: str, record: Record) -> Palette | None:
    """Find the palette that an earlier run made of the same, if its file is still there."""
    entry = record.find(PALETTE_NAME, key)
    codes = entry.row.get("palette") if entry else None
    if not isinstance(codes, list):
        return None
    with suppress(QuantizeError, TypeError):
        return Palette(np.array([parse_hex(code) for code in codes], np.uint8))
    return None
