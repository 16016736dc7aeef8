"""A smaller file of a picture, by whatever somebody aims at; the file as it came where that is the best."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.selection import require_visible
from quantize.settings import LIMITS
from quantize.sizing.estimating import Estimator
from quantize.sizing.explaining import describe_setting, explain, shows_the_same
from quantize.sizing.fitting import Fitted, fit_bytes, fit_looks
from quantize.sizing.kinds import KINDS, Kind, find_kind
from quantize.sizing.recipe import SHOWN_RUNS, Recipe, lines_of
from quantize.sizing.sample import Sample, take_sample
from quantize.sizing.scores import score_looks
from quantize.sizing.writing import Writer, Written

MOST_FOLLOW = 64.0
_EXACT = Recipe("png24")


@dataclass(frozen=True)
class Aim:
    """What somebody wants of a file. Of ``n_bytes`` and ``looks`` at most one is given.

    Attributes
    ----------
    kind : str
        A key of ``KINDS``.
    n_bytes : int or None
        It has at most so many, and looks as well as it can.
    looks : float or None
        It has at least this SSIMULACRA2, and is as short as it can be.
    n_colors : int
        Where it holds a palette and neither is given.
    dithered : bool
        Likewise; if not, the palette is the one with least squared error.
    follow : float
        Steps by which entries may follow their neighbours, 0–64; likewise, undithered.
    squeeze : bool
        Whether indexed PNGs are packed once more, in every way there is.
    or_exact : bool
        Whether it may be a PNG-24 where no indexed PNG has these ``looks``.
    """

    kind: str = "png"
    n_bytes: int | None = None
    looks: float | None = None
    n_colors: int = 256
    dithered: bool = True
    follow: float = 0.0
    squeeze: bool = True
    or_exact: bool = False

    def __post_init__(self) -> None:
        find_kind(self.kind)
        LIMITS["n_colors"].check("n_colors", self.n_colors)
        if self.n_bytes is not None and self.looks is not None:
            raise QuantizeError("size and looks cannot both be aimed at: leave one out")
        if not 0 <= self.follow <= MOST_FOLLOW:
            raise QuantizeError(f"follow must be a number from 0 to {MOST_FOLLOW:g}, got {self.follow!r}")
        if self.or_exact and (self.kind, self.looks is None) != ("png", False):
            raise QuantizeError("or_exact has no effect but with looks of an indexed PNG: leave it out")
        if self.follow and self.dithered:
            raise QuantizeError("follow has no effect with dithering: leave one out")


@dataclass(frozen=True, eq=False)
class Shrunk:
    """The file that was found.

    Attributes
    ----------
    data : bytes
    written : Written or None
        What it is and shows; None if it is the file as it came.
    looks : float
        SSIMULACRA2, of large pictures on tiles; 100 of the file as it came.
    said : str
        What it gave up, or why the file as it came is given back, in a sentence; before that, if so, that
        it does not look as near as was wanted, and what would.
    reached : bool
        Whether it looks as near as was wanted, if anything was.
    """

    data: bytes
    written: Written | None
    looks: float
    said: str
    reached: bool = True


def shrink(
    picture: Picture,
    aim: Aim,
    source: bytes | None = None,
    *,
    sample: Sample | None = None,
    checkpoint: Callable[[], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Shrunk:
    """Find a smaller file.

    Parameters
    ----------
    picture : Picture
        With at least one visible pixel.
    aim : Aim
    source : bytes, optional
        The file that the picture came in: what is found is never longer.
    sample : Sample, optional
        The picture's, if it is at hand.
    checkpoint : callable, optional
        Called often; what it raises ends the work.
    progress : callable, optional
        Called with the share that is done, 0–1.

    Raises
    ------
    QuantizeError
        If a choice is out of its limits, or no such file can be.
    """
    if source is not None and aim.n_bytes is not None and len(source) <= aim.n_bytes:
        enough = f"The file as it is has {len(source):,} bytes, which is little enough"
        packed = _pack_exactly(picture, aim, checkpoint)
        if packed is not None and len(packed.data) < len(source):
            said = f"{enough}, and this one fewer. {explain(picture, packed, 100.0)}"
            return Shrunk(packed.data, packed, 100.0, said)
        return Shrunk(source, None, 100.0, f"{enough}: it is given back.")
    fitted = _fit(picture, aim, {"sample": sample, "checkpoint": checkpoint, "progress": progress})
    if aim.or_exact and not fitted.reached:
        exact = Writer(picture).write(_EXACT, checkpoint)
        said = explain(picture, exact, 100.0)
        fitted = Fitted(exact, 100.0, f"No indexed PNG looks so near, but PNG-24 does. {said}")
    written = fitted.written
    if source is not None and len(source) <= len(written.data):
        said = (
            f"The file as it is has {len(source):,} bytes, and what was found {len(written.data):,}: "
            "it is given back as it is."
        )
        return Shrunk(source, None, 100.0, said)
    said = fitted.given_up
    if not fitted.reached:
        assert aim.looks is not None
        estimator = Estimator(sample or take_sample(picture), checkpoint)
        said = f"{_tell_missed(picture, aim.looks, fitted, estimator)} {said}"
    return Shrunk(written.data, written, fitted.looks, said, fitted.reached)


def _pack_exactly(picture: Picture, aim: Aim, checkpoint: Callable[[], None] | None) -> Written | None:
    """Write all colours of a picture of few, if this kind of file holds a palette and nothing is lost."""
    if not find_kind(aim.kind).indexed or picture.notes:  # its file holds more: frames, bits, a profile
        return None
    n_colors, limit = picture.n_colors, LIMITS["n_colors"]
    if not limit.low <= n_colors <= limit.high:
        return None
    written = Writer(picture, squeeze=aim.squeeze).write(Recipe(aim.kind, n_colors), checkpoint)
    return written if shows_the_same(picture, written) else None


def _tell_missed(picture: Picture, looks: float, fitted: Fitted, estimator: Estimator) -> str:
    """Say that a goal was not reached, what came nearest, and which kinds of files would reach it."""
    recipe, reached = fitted.written.recipe, f"{fitted.looks:.1f}".replace("-", "\N{MINUS SIGN}")
    others = [kind.noun for kind in _kinds_that_reach(picture, looks, recipe.kind, estimator)]
    would = f"; {', '.join(others[:-1])} or {others[-1]} would" if len(others) > 1 else ""
    would = f"; {others[0]} would" if len(others) == 1 else would
    return (
        f"{looks:g} was not reached: {recipe.of_kind.noun} comes to {reached}, with "
        f"{describe_setting(fitted.written)}{would}."
    )


def _kinds_that_reach(picture: Picture, looks: float, but: str, estimator: Estimator) -> Iterator[Kind]:
    """Find other kinds whose best quality looks so near by estimate, and those that lose nothing."""
    held = [
        kind for kind in KINDS.values()
        if kind.key != but and not kind.indexed and max(picture.size) <= kind.longest
        and (kind.clear or picture.alpha is None)
    ]  # fmt: skip
    for kind in sorted(held, key=lambda kind: not kind.lossy):
        if not kind.lossy or any(estimator.looks(line[-1]) >= looks for line in lines_of(kind.key)):
            yield kind


def _fit(
    picture: Picture,
    aim: Aim,
    how: dict[str, Any],
) -> Fitted:
    require_visible(picture, hard=True)
    how["squeeze"] = aim.squeeze
    if aim.n_bytes is not None:
        return fit_bytes(picture, aim.n_bytes, aim.kind, **how)
    if aim.looks is not None:
        return fit_looks(picture, aim.looks, aim.kind, **how)
    kind = find_kind(aim.kind)
    recipe = Recipe(aim.kind, quality=kind.qualities[2] if kind.lossy else None)
    if kind.indexed:
        recipe = (
            Recipe(aim.kind, aim.n_colors, 1.0, SHOWN_RUNS)
            if aim.dithered
            else Recipe(aim.kind, aim.n_colors, follow=aim.follow, numbers=True)
        )
    written = Writer(picture, squeeze=aim.squeeze).write(recipe, how["checkpoint"])
    looks = score_looks(picture, written)
    return Fitted(written, looks, explain(picture, written, looks))
