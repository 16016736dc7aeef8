"""Where references are opened: in what pages give to ``kept``, which runs in a turn."""

from collections.abc import Callable
from typing import Any

from pages._cache import binding
from pages._cache.pictures import Pixels
from pages._cache.queue import Checkpoint, Work
from pages._cache.results import OpenResult
from pages._references import PictureRef, ResultRef
from quantize import Animation, Picture
from quantize.colors.counted import Counted


def kept(key: tuple[Any, ...], make: Callable[[], Any], work: Work = Work.SHORT) -> Any:
    """Anything else that a page works out: ``key`` holds names, digests and settings, never pixels."""
    return binding.bound().cache.get_or_make(key, make, work=work)


def kept_of_steps(
    key: tuple[Any, ...],
    make: Callable[[Checkpoint], Any],
    checkpoint: Checkpoint,
    work: Work = Work.STEPS,
) -> Any:
    """The same of long work, which calls what it is given between its steps; ``work`` says how long.

    Raises
    ------
    QuantizeError
        If it takes longer than a visitor's work may.
    """
    cache = binding.bound().cache
    return cache.get_or_make(key, lambda: make(cache.timed(checkpoint)), work=work, checkpoint=checkpoint)


def open_picture(source: PictureRef) -> Picture:
    """The picture itself, within a turn."""
    return _in_turn().pictures.open(source)


def open_pixels(source: PictureRef) -> Pixels:
    """All its pixels, within a turn."""
    return _in_turn().pictures.open_pixels(source)


def open_thinned(source: PictureRef, side: int) -> Pixels:
    """A picture no longer than that, within a turn."""
    return _in_turn().pictures.open_thinned(source, side)


def open_animation(source: PictureRef) -> Animation:
    """All frames of a picture's file, within a turn.

    Raises
    ------
    QuantizeError
        If they cannot be read, or are more than this host has memory for.
    Lost
        If there is no file any more.
    """
    return _in_turn().pictures.open_animation(source)


def open_colors(source: PictureRef) -> Counted:
    """All its colours, within a turn."""
    return _in_turn().pictures.open_colors(source)


def open_result(result: ResultRef, opened: Picture | None = None) -> OpenResult:
    """A result whose entries can be found, within a turn; ``opened`` is its picture, if that is open."""
    return _in_turn().results.open(result, opened)


def _in_turn() -> binding.Bound:
    here = binding.bound()
    if not here.cache.is_in_turn:
        raise RuntimeError("pictures and results must be opened within a turn: in a function given to kept")
    return here
