"""Every choice a person can make, with its limits, in one frozen record.

Choices that are None are the method's own (``Method.search``); ``Settings.search`` fills them in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantize.colors.hexadecimal import parse_hex, to_hex
from quantize.colors.opacity import Opacity, find_alpha
from quantize.colors.spaces import find_space
from quantize.dithering.dither import DITHERS, MOST_RUNS, find_dither
from quantize.dithering.light import find_light
from quantize.errors import QuantizeError, shown
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS, find_method
from quantize.methods.task import SEARCH_CHOICES, Search
from quantize.presets import PRESETS, find_preset


@dataclass(frozen=True)
class Limit:
    """Smallest and largest value of a number, and whether it must be whole."""

    low: float
    high: float
    whole: bool = True

    def check(self, name: str, value: Any) -> int | float:
        """Give the value back as int or float.

        Raises
        ------
        QuantizeError
            If it is not a number of this kind within the limits.
        """
        kind = Integral if self.whole else Real
        good = isinstance(value, kind) and not isinstance(value, bool)
        if not good or not self.low <= value <= self.high:  # which NaN is not either
            what = "a whole number" if self.whole else "a number"
            raise QuantizeError(f"{name} must be {what} from {self.low} to {self.high}, got {shown(value)}")
        return int(value) if self.whole else float(value)


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "n_colors": Limit(1, 256),
        "attempts": Limit(1, 100),
        "max_iter": Limit(2, 100),
        "epsilon": Limit(0, 100, whole=False),
        "seed": Limit(0, 2**31 - 1),
        "rare": Limit(0, 1, whole=False),
        "strength": Limit(0, 1, whole=False),
        "runs": Limit(0, MOST_RUNS, whole=False),
    }
)


@dataclass(frozen=True)
class Settings:
    """What a person chose.

    Parameters
    ----------
    n_colors : int
        Colours wanted, 1–256.
    space : str
        Where distance is measured: a key of ``SPACES``.
    method : str
        How the colours are found: a key of ``METHODS``.
    keep : tuple of str
        Colours that must be in the palette as they are, "#rrggbb", at most ``n_colors``; the rest is
        chosen around them. Given as any iterable of "#rrggbb" or "#rgb".
    palette : tuple of str
        A fixed palette: exactly these colours and no others, "#rrggbb", 1 to 256 entries in the order of the
        file that they are from; some may stand twice. ``n_colors`` is then how many different ones there
        are, and what finds colours has no effect. () for none. Given as any iterable of "#rrggbb" or "#rgb".
    rare : float
        0–1: how much rare colours count, so that small regions of their own colour survive. Only with
        methods that can weigh colours.
    dither : str
        How entries are mixed where none fits: a key of ``DITHERS``.
    strength : float, optional
        0–1: how much of it; None is 1. Only with a dither.
    light : str, optional
        What dithering averages, a key of ``LIGHTS``; None is "encoded". Only with a dither.
    runs : float, optional
        0–8: how much runs of one entry are favoured, which makes smaller files; None is 0. Only with dithers
        that can.
    alpha : str
        What becomes of partly transparent pixels: "hard", opaque or gone; "soft", entries may be partly
        transparent, too, and what is fully transparent gets one beside the ``n_colors``. Only with methods
        and dithers that can, and no fixed palette; pictures without such pixels are as with "hard".
    attempts, max_iter, epsilon, init, seed, effort
        See ``methods.Search``. None means the method's own; ``attempts`` 1–100, ``max_iter`` 2–100,
        ``epsilon`` 0–100 8-bit steps, ``seed`` 0 to 2³¹ − 1.

    Raises
    ------
    QuantizeError
        Naming the choice, the rule and what came.
    """

    n_colors: int = 16
    space: str = "BGR"
    method: str = "kmeans"
    keep: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()
    rare: float = 0.0
    dither: str = "none"
    strength: float | None = None
    light: str | None = None
    runs: float | None = None
    alpha: str = "hard"
    attempts: int | None = None
    max_iter: int | None = None
    epsilon: float | None = None
    init: str | None = None
    seed: int | None = None
    effort: str | None = None

    def __post_init__(self) -> None:
        for name, limit in LIMITS.items():
            value = getattr(self, name)
            if value is not None or name in ("n_colors", "rare"):
                object.__setattr__(self, name, limit.check(name, value))
        find_space(self.space)
        object.__setattr__(self, "palette", _checked_colors("palette", self.palette))
        object.__setattr__(self, "keep", self._checked_keep())
        self._check_palette()
        self._check_method()
        self._check_dither()
        self._check_alpha()

    def _check_palette(self) -> None:
        if not self.palette:
            return
        if len(self.palette) > 256:
            raise QuantizeError(
                f"palette must hold at most 256 entries, got {len(self.palette):,}: choose some of them"
            )
        object.__setattr__(self, "n_colors", len(set(self.palette)))
        idle = [name for name in ("keep", "rare") if getattr(self, name)]
        idle += ["method"] * (self.method != Settings.method)
        idle += [name for name in SEARCH_CHOICES if getattr(self, name) is not None]
        if idle:
            raise QuantizeError(f"{idle[0]} has no effect with a fixed palette: leave it out")

    def _checked_keep(self) -> tuple[str, ...]:
        keep = tuple(dict.fromkeys(_checked_colors("keep", self.keep)))
        if self.palette:
            return keep
        if len(keep) > self.n_colors:
            raise QuantizeError(
                f"keep must hold at most n_colors = {self.n_colors} colours, got {len(keep)}: ask for more"
            )
        return keep

    def _check_method(self) -> None:
        method = find_method(self.method)
        for name in SEARCH_CHOICES:
            if getattr(self, name) is not None and name not in method.choices:
                raise QuantizeError(f"{name} has no effect with method {self.method}: leave it out")
        if self.rare and not method.weighted:
            able = ", ".join(key for key, other in METHODS.items() if other.weighted)
            raise QuantizeError(
                f"rare works with method {able}, got {self.method}: choose one of them, or rare 0"
            )
        if self.effort is not None and self.effort not in tuple(EFFORTS):
            raise QuantizeError(f"effort must be one of {', '.join(EFFORTS)}, got {shown(self.effort)}")
        if self.init is not None and self.init not in method.inits:
            raise QuantizeError(
                f"init must be one of {', '.join(method.inits)} with method {self.method}, "
                f"got {shown(self.init)}"
            )

    def _check_dither(self) -> None:
        if self.runs is not None and not find_dither(self.dither).runs:
            able = ", ".join(key for key, dither in DITHERS.items() if dither.runs)
            raise QuantizeError(f"runs works with dither {able}, got {self.dither}: leave it out")
        if find_dither(self.dither).fill is None:
            for name in ("strength", "light"):
                if getattr(self, name) is not None:
                    raise QuantizeError(f"{name} has no effect with dither {self.dither}: leave it out")
        if self.light is not None:
            find_light(self.light)

    def _check_alpha(self) -> None:
        if find_alpha(self.alpha).key == "hard":
            return
        if self.palette:
            raise QuantizeError("alpha has no effect with a fixed palette: leave it out")
        for name, table in (("method", METHODS), ("dither", DITHERS)):
            able = [key for key, record in table.items() if record.soft]
            if getattr(self, name) not in able:
                raise QuantizeError(
                    f"alpha soft works with {name} {', '.join(able)}, got {getattr(self, name)}: "
                    "choose one of them, or alpha hard"
                )

    @property
    def search(self) -> Search:
        """How the method will look for centres, nothing left open."""
        chosen = {name: getattr(self, name) for name in SEARCH_CHOICES}
        given = {name: value for name, value in chosen.items() if value is not None}
        return replace(find_method(self.method).search, **given)

    @property
    def kept(self) -> NDArray[np.uint8]:
        """The colours that stay as they are, kept or of a fixed palette: uint8 (m, 3) sRGB, all different."""
        colors = dict.fromkeys(self.palette) or self.keep
        return np.array([parse_hex(color) for color in colors], np.uint8).reshape(-1, 3)

    @property
    def ordered(self) -> tuple[str, ...]:
        """The same as they were given, those of a fixed palette that stand twice among them."""
        return self.palette or self.keep

    @property
    def dithered(self) -> bool:
        """Whether a pixel may get another entry than the one nearest to it."""
        return find_dither(self.dither).fill is not None and self.strength != 0

    @property
    def by_pixel(self) -> bool:
        """Whether a pixel's entry depends on more than its colour: on its neighbours, or its alpha."""
        return self.dithered or self.alpha != "hard"

    def beside(self, opacity: Opacity) -> "Settings":
        """Return the same choices, without those that have no effect on such a picture."""
        if self.alpha == "hard" or opacity.is_partial:
            return self
        return replace(self, alpha="hard")

    @property
    def heeds_space(self) -> bool:
        """Whether the result may be another one in another space."""
        own = self.dithered and find_dither(self.dither).own_axes
        return not (own and (self.palette or find_method(self.method).own_axes))

    def resolved(self) -> "Settings":
        """Return the same choices with nothing left open: two that mean the same are then equal."""
        names = () if self.palette else find_method(self.method).choices
        chosen = {name: getattr(self.search, name) for name in names}
        if find_dither(self.dither).fill is not None:
            chosen["strength"] = 1.0 if self.strength is None else self.strength
            chosen["light"] = self.light or "encoded"
        if find_dither(self.dither).runs:
            chosen["runs"] = self.runs or 0.0
        return replace(self, **chosen)


# What has no effect with a fixed palette, so that a preset does not choose it then.
_FINDING = ("n_colors", "method", "rare")


def _checked_colors(name: str, given: Any) -> tuple[str, ...]:
    """Give colours back as "#rrggbb", of whatever iterable they came in."""
    given = (given,) if isinstance(given, str) else given
    refusal = f'{name} must be a list of colours like "#c00000", got {shown(given)}'
    if not isinstance(given, Iterable):
        raise QuantizeError(refusal)
    try:
        return tuple(to_hex(parse_hex(color)) for color in given)
    except TypeError:  # an array of no dimension looks like a list
        raise QuantizeError(refusal) from None


def _wanted(preset: str, settings: Settings, choices: dict[str, Any]) -> dict[str, Any]:
    """Pick the choices of a preset that have an effect beside what somebody chose."""
    wanted = dict(find_preset(preset).choices)
    now = {"method": settings.method, "dither": settings.dither, **wanted, **choices}
    if not (find_method(now["method"]).soft and find_dither(now["dither"]).soft):
        wanted["alpha"] = "hard"
    if choices.get("palette", settings.palette):
        return {name: value for name, value in wanted.items() if name not in _FINDING}
    if "n_colors" in wanted:  # a preset gives way to kept colours
        kept = set(_checked_colors("keep", choices.get("keep", settings.keep)))
        wanted["n_colors"] = max(wanted["n_colors"], len(kept))
    if not find_dither(now["dither"]).runs:
        wanted.pop("runs", None)
    if not find_method(now["method"]).weighted:
        wanted["rare"] = 0.0
    return wanted


def choose(settings: Settings | None = None, *, preset: str | None = None, **choices: Any) -> Settings:
    """Build settings from keyword choices, over those of a preset, over given ones or the defaults.

    Raises
    ------
    QuantizeError
        If a choice or the preset is unknown, or a choice out of its limits.
    """
    if settings is not None and not isinstance(settings, Settings):
        raise QuantizeError(
            f"settings must be a Settings, got {shown(settings)}: name single choices, like n_colors=16"
        )
    known = [field.name for field in fields(Settings)]
    for name in choices:
        if name not in known:
            raise QuantizeError(f"choices are {', '.join(known)} and preset; got {shown(name)}")
    settings = settings or Settings()
    for name in ("palette", "keep"):
        if name in choices:
            choices[name] = _checked_colors(name, choices[name])
    if preset is not None:
        # What belongs to the method and dither before is not taken over to others.
        mine: dict[str, Any] = dict.fromkeys((*SEARCH_CHOICES, "strength", "light", "runs"))
        choices = {**mine, **_wanted(preset, settings, choices), **choices}
    return replace(settings, **choices)


@lru_cache(maxsize=128)  # pages ask for it many times in a run
def preset_of(settings: Settings) -> str | None:
    """Tell which preset settings are those of; None if they are somebody's own.

    What the method does not use does not count, nor does what a preset leaves open: K, unless it names one,
    kept colours and soft edges. With a fixed palette some presets mean the same: then it is the first of
    them.

    Returns
    -------
    str or None
        A key of ``PRESETS``; ``choose(settings, preset=key)`` means the same as the settings do.
    """
    meant = _effective(settings)
    return next((key for key in PRESETS if _effective(choose(settings, preset=key)) == meant), None)


def _effective(settings: Settings) -> Settings:
    """Return what a preset is told by: nothing left open, the method's own where others change nothing."""
    full, method = replace(settings.resolved(), alpha="hard"), find_method(settings.method)
    idle = [] if settings.palette else [name for name in method.choices if not method.uses(name, full.init)]
    return replace(full, **{name: getattr(method.search, name) for name in idle})
