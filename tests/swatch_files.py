"""Colours and palettes for tests: hostile names, and a strategy that draws them."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quantize.palettes.palette import Palette
from tests.pictures import noise

HOSTILE = (
    "", "a", "A b", "Deep Blue", "deep blue",
    "*/ } body { display: none } /*", "</title><script>alert(1)</script>", "<!-- x", "]]>", "&lt;&amp;",
    '"', "'", "\\", "\\\"}", "$color", "{a.b}", "$", "$ $a", "...", "-- 3", "1", "2", "#", "#ffffff",
    "# comment", "Name: x", "Columns: 3", "12 34 56\t7", "line\nbreak", "zero\0byte", "\ud800", "\u2028",
    "\u202eevil", "色", "Ünï", "①²ª", "ﬁ", "İ", "👩‍🎨", "क्षि", "//", "@theme", "!default", ";", "x" * 300,
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12))
COLORS = hnp.arrays(np.uint8, st.tuples(st.integers(1, 30), st.just(3)), unique=False)


@st.composite
def palettes(draw) -> Palette:
    colors = draw(COLORS)
    names = draw(st.none() | st.lists(NAMES, min_size=len(colors), max_size=len(colors)))
    return Palette(colors, names=names if names is None else tuple(names))


def colors_of(*codes: str) -> np.ndarray:
    return np.array([list(bytes.fromhex(code.removeprefix("#"))) for code in codes], np.uint8)


def random_colors(k: int, seed: int = 0) -> np.ndarray:
    return noise(k, 1, seed=seed).reshape(-1, 3)


def palette_of(*codes: str, names: tuple[str, ...] | None = None) -> Palette:
    return Palette(colors_of(*codes), names=names)
