"""What a visitor can choose, as the parts of an address: name, form and default of each, in one table."""

from dataclasses import replace

from pages import _address_forms as forms
from pages._address_forms import MAX_SIDE, Part
from pages._choices import (
    MANY_COLORS,
    MAX_MERGE,
    MOST_CLUSTERS,
    MOST_COMPARED,
    start_of,
)
from pages._color_names import read_name, write_name
from pages._tables import USED
from quantize.colors.opacity import ALPHAS
from quantize.colors.spaces import SPACES
from quantize.decoding.samples import OTHERS, SAMPLES
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.numbers.layout import LARGEST_BRUSH, LEAST_BRUSH, NUMERALS, ORIENTATIONS, OUTLINES, PAPERS
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.palettes.order import ORDERS
from quantize.palettes.palette import MAX_ENTRIES
from quantize.panels.fitting import FITS, MOST_SIDE
from quantize.panels.showing import TURNS
from quantize.panels.table import PANELS
from quantize.patterns.cells import MOST_CELLS
from quantize.pixelart.choices import PICKS
from quantize.sizing.kinds import KINDS
from quantize.teaching.mistakes import MISTAKES
from quantize.teaching.starts import STARTS
from quantize.tiles.cutting import LARGEST
from quantize.tiles.machines import MACHINES

MOST_DRAWS, MOST_STEPS = 9999, 999
EPSILONS, MOST_UNTIL = (0.0001, 1600.0), 40
"""Criteria that a chart of a run can show: the least and the most ``epsilon``, the most ``max_iter``."""
TRIES = (1, 3, 10)
TASKS = 6
FITTED_KINDS = tuple(key for key, kind in KINDS.items() if kind.indexed or kind.lossy)
"""Kinds of files that can be made smaller and smaller."""
LUTS = ("cube-17", "cube-33", "cube-65", "hald-64")
BLENDS = ("nearest", "smooth", "lightness")
SMALLEST = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
"""Pixels that a part of a region may have at least; 0 is what suits the picture."""
CHARTS = ("beads", "mini-beads", "bricks", "stitch-14")
GOALS = ("size", "looks")
MOST_KB, MOST_LEAST = 100_000, 95
ERRORS = ("ΔE00", "MSE")
VIEWS = ("3-D", "a*–b*", "Hue–chroma")
ARRANGEMENTS = ("side", "wipe")
TONES = ("auto", "curve", "as-is")
ARTS = ("size", "tiles")
OWN_MACHINE = "own"
SCALES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16)
"""Pixels of a cell in the file of pixel art."""
MOST_INKS = 7
MOST_FRAMES = 99_999


def _is_region(left: int, top: int, width: int, height: int) -> bool:
    return min(width, height) > 0 and max(left + width, top + height) <= MAX_SIDE


def _are_sides(left: int, right: int) -> bool:
    return left != right < 9 > left


PARTS = (
    forms.limited("k", "n_colors"),
    forms.key("space", SPACES),
    forms.key("method", METHODS),
    *(forms.key(start_of(method.key), method.inits) for method in METHODS.values() if method.inits),
    forms.key("effort", EFFORTS),
    *(forms.limited(name) for name in ("attempts", "max_iter", "epsilon", "seed")),
    forms.key("dither", DITHERS),
    forms.limited("strength"),
    forms.key("light", LIGHTS),
    forms.limited("runs"),
    forms.color("keep", MANY_COLORS, "a pinned colour"),
    forms.limited("rare"),
    forms.key("alpha", ALPHAS),
    forms.key("sample", {**SAMPLES, **OTHERS}),
    Part("share", "the id of a shared picture", lambda text: text[:64].strip()),
    forms.flag("own"),
    replace(forms.color("palette", MANY_COLORS, "a colour of the palette"), doubles=True),
    forms.key("entries", ENTRY_ORDERS),
    forms.limited("n", "n_colors"),
    forms.flag("many"),
    forms.key("palette_space", SPACES),
    forms.limited("palette_rare", "rare"),
    forms.number("merge", 0, MAX_MERGE),
    replace(forms.color("pin", MANY_COLORS, "a pinned colour"), doubles=True),
    forms.key("order", ORDERS),
    forms.format_("format"),
    forms.table("table"),
    replace(forms.color("mine", MANY_COLORS, "a colour of the table"), doubles=True),
    forms.rows("off", "the number of a row that is off"),
    forms.rows("lock", "the number of a locked row"),
    forms.whole("best", 0, MANY_COLORS),
    forms.flag("far"),
    forms.key("lut", LUTS),
    forms.key("blend", BLENDS),
    forms.key("chart", CHARTS),
    forms.whole("across", 1, MOST_CELLS),
    forms.flag("strays"),
    forms.one_of("smallest", SMALLEST),
    forms.flag("smooth"),
    forms.groups("joined"),
    forms.key("paper", PAPERS),
    forms.key("orientation", ORIENTATIONS),
    forms.number("brush", LEAST_BRUSH, LARGEST_BRUSH),
    forms.key("outline", OUTLINES),
    forms.key("numerals", NUMERALS),
    forms.color("protect", MANY_COLORS, "a protected colour"),
    forms.whole("clusters", 1, MOST_CLUSTERS),
    forms.key("start", STARTS),
    forms.whole("draw", 0, MOST_DRAWS),
    replace(forms.color("centers", MOST_CLUSTERS, "a centre"), doubles=True),
    forms.whole("step", 0, MOST_STEPS),
    forms.number("until_epsilon", *EPSILONS),
    forms.whole("until_max_iter", 1, MOST_UNTIL),
    forms.one_of("tries", (0, *TRIES)),
    forms.key("slip", MISTAKES),
    forms.whole("task", 0, TASKS),
    forms.flag("ways"),
    forms.flag("samples"),
    Part("names", "a colour and a name, like c00000.Brick", read_name, write_name, MANY_COLORS, "a name"),
    forms.key("panel", PANELS),
    forms.size("panel_size", MOST_SIDE),
    forms.key("panel_fit", FITS),
    forms.one_of("panel_turn", TURNS),
    forms.key("panel_dither", DITHERS),
    forms.limited("panel_strength", "strength"),
    forms.key("panel_light", LIGHTS),
    forms.key("tone", TONES),
    forms.number("curve", 0, 1),
    replace(forms.color("shown", MOST_INKS, "a colour that the panel shows"), doubles=True),
    forms.key("art", ARTS),
    forms.cell("cell"),
    forms.limited("art_k", "n_colors"),
    forms.any_table("art_table", [USED]),
    forms.key("art_pick", PICKS),
    forms.one_of("scale", SCALES),
    forms.key("machine", [*MACHINES, OWN_MACHINE]),
    forms.size("tile", LARGEST),
    forms.whole("tile_palettes", 0, MAX_ENTRIES),
    forms.whole("tile_k", 1, MAX_ENTRIES),
    forms.flag("tile_shared"),
    forms.whole("tile_levels", 2, 256),
    forms.any_table("tile_table"),
    forms.key("goal", GOALS),
    forms.whole("kb", 1, MOST_KB),
    forms.whole("least", 0, MOST_LEAST),
    forms.key("kind", FITTED_KINDS),
    forms.flag("squeeze"),
    forms.point("point"),
    forms.flag("each_frame"),
    forms.flag("still"),
    forms.whole("film_frame", 0, MOST_FRAMES),
    replace(forms.limited("ks", "n_colors"), most=MOST_COMPARED),
    forms.key("error", ERRORS),
    forms.key("spaces", SPACES, len(SPACES)),
    forms.pair("pair"),
    forms.key("view", VIEWS),
    forms.key("axes", SPACES),
    replace(
        forms.numbers("at", "left-top-width-height in pixels of the picture", 4, _is_region),
        said="at, the part to look at,", instead="the whole picture is shown",
    ),
    forms.key("arrange", ARRANGEMENTS),
    forms.key("arrange_many", ARRANGEMENTS),
    forms.numbers("sides", "two different pictures, like 0-2", 2, _are_sides),
    forms.whole("wipe", 0, 100),
    forms.flag("heat"),
    forms.color("selected"),
    forms.color("picked"),
)  # fmt: skip
"""Every choice, in the order in which it is written."""

BY_NAME = {part.name: part for part in PARTS}
