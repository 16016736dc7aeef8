"""Every choice a person can make, with its limits, in one frozen record.

Choices that are None are the method's own (``Method.defaults``); ``Settings.search`` fills them in.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

from quantize.errors import QuantizeError
from quantize.methods import Search, find_method
from quantize.spaces import find_space


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
        if not good or not math.isfinite(value) or not self.low <= value <= self.high:
            what = "a whole number" if self.whole else "a number"
            raise QuantizeError(f"{name} must be {what} from {self.low:g} to {self.high:g}, got {value!r}")
        return int(value) if self.whole else float(value)


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "n_colors": Limit(2, 256),
        "attempts": Limit(1, 100),
        "max_iter": Limit(2, 100),
        "epsilon": Limit(0, 100, whole=False),
        "seed": Limit(0, 2**31 - 1),
    }
)


@dataclass(frozen=True)
class Settings:
    """What a person chose.

    Parameters
    ----------
    n_colors : int
        Colours wanted, 2–256.
    space : str
        Where distance is measured: a key of ``SPACES``.
    method : str
        How the colours are found: a key of ``METHODS``.
    attempts, max_iter, epsilon, init, seed
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
    attempts: int | None = None
    max_iter: int | None = None
    epsilon: float | None = None
    init: str | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        for name, limit in LIMITS.items():
            value = getattr(self, name)
            if value is not None or name == "n_colors":
                object.__setattr__(self, name, limit.check(name, value))
        find_space(self.space)
        method = find_method(self.method)
        if self.init is not None and self.init not in method.inits:
            raise QuantizeError(
                f"init must be one of {', '.join(method.inits)} with method {self.method}, got {self.init!r}"
            )

    @property
    def search(self) -> Search:
        """How the method will look for centres, nothing left open."""
        defaults = find_method(self.method).defaults
        chosen = {field.name: getattr(self, field.name) for field in fields(Search)}
        return replace(defaults, **{name: value for name, value in chosen.items() if value is not None})

    def resolved(self) -> "Settings":
        """Return the same choices with nothing left open: two that mean the same are then equal."""
        search = self.search
        return replace(self, **{field.name: getattr(search, field.name) for field in fields(Search)})


def choose(settings: Settings | None = None, **choices: Any) -> Settings:
    """Build settings from keyword choices, over given ones or over the defaults.

    Raises
    ------
    QuantizeError
        If a choice is unknown or out of its limits.
    """
    known = [field.name for field in fields(Settings)]
    for name in choices:
        if name not in known:
            raise QuantizeError(f"choices are {', '.join(known)}; got {name!r}")
    return replace(settings or Settings(), **choices)
