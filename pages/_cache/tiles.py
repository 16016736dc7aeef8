"""Many results of one picture, at the size of tiles."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pages._cache import binding, encoded, files
from pages._cache.encoded import TILE_SIDE
from pages._cache.queue import Checkpoint, Work
from pages._cache.results import work_of
from pages._references import PictureRef, ResultRef
from quantize import Metrics, Picture, Settings
from quantize.colors.counted import Counted
from quantize.rendering.rivals import FileSize
from quantize.threads import run_alone


@dataclass(frozen=True, eq=False)
class Version:
    """What a page shows of one of many results: all but its full-size pixels."""

    png: bytes
    result: ResultRef
    metrics: Metrics
    size: FileSize


def version(source: PictureRef, settings: Settings, checkpoint: Checkpoint) -> Version:
    """One of many results of a picture, at the size of a tile.

    Raises
    ------
    QuantizeError
        As for ``quantized``.
    """
    return _version(source, settings.resolved(), checkpoint)


def versions(
    source: PictureRef, wanted: Sequence[Settings], checkpoint: Checkpoint, seconds: float
) -> list[Version | None]:
    """Find many results of a picture, those that are quickly made side by side.

    Parameters
    ----------
    source : PictureRef
    wanted : sequence of Settings
    checkpoint : callable
        Called between steps; what it raises ends the work.
    seconds : float
        After these, nothing is begun any more; to wait for a turn does not count.

    Returns
    -------
    list of Version or None
        Of each settings; None if it was not begun.

    Raises
    ------
    QuantizeError
        As for ``quantized``.
    """
    wanted = [settings.resolved() for settings in wanted]
    quick = [settings for settings in wanted if work_of(settings) is Work.QUICK]
    until = _make_side_by_side(source, quick, checkpoint, seconds)
    found: list[Version | None] = []
    for settings in wanted:
        now = time.perf_counter() < until or is_ready(source, settings)
        found.append(_version(source, settings, checkpoint) if now else None)
    return found


def is_ready(source: PictureRef, settings: Settings) -> bool:
    """Whether ``version`` would answer at once."""
    return binding.bound().cache.has(_key(source, settings.resolved()))


def _key(source: PictureRef, settings: Settings) -> tuple[Any, ...]:
    return "version", source.digest, settings


def _make_side_by_side(
    source: PictureRef, wanted: Sequence[Settings], checkpoint: Checkpoint, seconds: float
) -> float:
    """Make what is not kept yet, in one turn: whatever all have in common is made once.

    Returns when nothing is to be begun any more.
    """
    here, mine = binding.bound(), threading.get_ident()
    missing = [settings for settings in wanted if not is_ready(source, settings)]
    if len(missing) < 2:
        return time.perf_counter() + seconds

    def look_up() -> None:
        if threading.get_ident() == mine:  # another thread knows of no visitor
            checkpoint()

    def make(colors: Counted, settings: Settings) -> None:
        look_up()
        if time.perf_counter() < until:
            _version(source, settings, look_up, colors)

    alone = "versions", source.digest, *missing
    with here.cache.turn(partial(here.pictures.open_colors, source), alone, checkpoint):
        until = time.perf_counter() + seconds
        colors = here.pictures.open_colors(source)
        colors = replace(colors, color_set=colors.color_set.remembering())
        here.pictures.open_thinned(source, TILE_SIDE)
        here.pictures.open_bands(source)
        run_alone(here.cache.alongside(partial(make, colors, settings)) for settings in missing)
    return until


def _version(
    source: PictureRef, settings: Settings, checkpoint: Checkpoint, colors: Counted | None = None
) -> Version:
    """Find it; ``colors`` are those of the picture, if many results are made of them."""
    here = binding.bound()

    def make() -> Version:
        opened: Picture | None = here.pictures.open(source) if settings.by_pixel else None
        made = here.results.quantize(source, settings, checkpoint, picture=opened or colors)
        ref = made.result
        result, tile = here.results.open(ref, opened), here.pictures.open_thinned(source, TILE_SIDE, opened)
        return Version(
            encoded.encode_result(result, tile, TILE_SIDE),
            ref,
            here.results.measure(ref, result, opened),
            files.measure_file(ref, result, opened),
        )

    work = work_of(settings)
    work = Work.SHORT if work is Work.QUICK else work
    return here.cache.get_or_make(_key(source, settings), make, work=work, checkpoint=checkpoint)
