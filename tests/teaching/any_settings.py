"""Settings of every kind, drawn by chance."""

import numpy as np

from quantize import QuantizeError, Settings
from quantize.colors.spaces import SPACES
from quantize.dithering.dither import DITHERS
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.methods.task import STARTS
from quantize.presets import PRESETS
from quantize.settings import choose


def _colors(rng: np.random.Generator, most: int) -> list[str]:
    return [f"#{number:06x}" for number in rng.integers(0, 2**24, rng.integers(1, most + 1))]


def _maybe(rng: np.random.Generator, share: float, *values: object) -> object:
    return values[rng.integers(len(values))] if rng.random() < share else None


def draw_settings(rng: np.random.Generator, **fixed: object) -> Settings:
    """Draw some that can be; most choices are left open."""
    while True:
        choices = {
            "n_colors": int(rng.choice([1, 2, 3, 8, 16, 40, 256])),
            "preset": _maybe(rng, 0.3, *PRESETS),
            "space": _maybe(rng, 0.7, *SPACES),
            "method": _maybe(rng, 0.6, *METHODS),
            "dither": _maybe(rng, 0.5, *DITHERS),
            "rare": _maybe(rng, 0.2, 0.0, 0.4, 1.0),
            "keep": _colors(rng, 3) if rng.random() < 0.2 else None,
            "strength": _maybe(rng, 0.2, 0.0, 0.3, 1.0),
            "light": _maybe(rng, 0.2, "encoded", "linear"),
            "runs": _maybe(rng, 0.1, 0.0, 1.5),
            "alpha": _maybe(rng, 0.3, "soft", "hard"),
            "attempts": _maybe(rng, 0.2, 1, 2, 10),
            "max_iter": _maybe(rng, 0.2, 5, 100),
            "epsilon": _maybe(rng, 0.2, 0.05, 1.0, 3.5),
            "init": _maybe(rng, 0.2, *STARTS),
            "seed": _maybe(rng, 0.2, 0, 7),
            "effort": _maybe(rng, 0.2, *EFFORTS),
        }
        if rng.random() < 0.2:
            colors = _colors(rng, 12)
            doubled = [*colors, colors[0]] if rng.random() < 0.5 else colors
            choices = {name: choices[name] for name in ("space", "dither", "strength")} | {"palette": doubled}
        try:
            return choose(**{name: value for name, value in (choices | fixed).items() if value is not None})
        except QuantizeError:
            continue
