"""Everything that a visitor can choose, on all pages together, as one frozen record.

It knows no screen: what it holds comes from an address or from controls, and goes to the engine and back
into the address (``_address.py``).
"""

from dataclasses import dataclass, fields, replace
from typing import Any

from pages._color_names import Names
from quantize.decoding.samples import FIRST
from quantize.dithering.dither import DITHERS
from quantize.methods.table import METHODS
from quantize.methods.task import SEARCH_CHOICES
from quantize.numbers.layout import Choices as Sheet
from quantize.settings import LIMITS, Settings, choose

QUICK_PICKS = (4, 8, 16, 32, 64, 128, 256)
COMPARED = (4, 8, 16, 32, 64)
COMPARED_SPACES = ("BGR", "LAB")
# As many as a viewer shows beside the original.
MOST_COMPARED = 8
FEW_COLORS, MANY_COLORS = 24, int(LIMITS["n_colors"].high)
DITHER_OF_SOFT = "floyd-steinberg"
"""What dithers soft edges in place of a way that cannot."""
OWN_TABLE = "own"
"""The table of the page about one's own palette, where it is none that is built in."""
MOST_CLUSTERS = 32
"""Centres of a run that is watched."""
MOST_ROWS = 512
"""Row numbers that an address names."""
# Above this, colours merge that anyone tells apart.
MAX_MERGE = 20.0

Region = tuple[int, int, int, int]
Size = tuple[int, int]


@dataclass(frozen=True)
class Choices:
    """What a visitor chose. Every field can stand in the address, under its own name.

    What has no effect beside other choices is kept: it is there again when those change.

    Parameters
    ----------
    sample, share : str
        The picture: key of a sample; id of a shared one, which goes before it, "" if there is none.
    own : bool
        Whether it is an upload that nobody shared: no address brings it back, but it can be said.
    k, space, method, dither, strength, light, runs, keep, rare, alpha
        As in ``quantize.Settings``; ``k`` is raised to the number of colours in ``keep``.
    start_kmeans, start_opencv : str
        ``init`` of these two methods.
    effort, attempts, max_iter, epsilon, seed
        As there; None is the method's own.
    palette : tuple of str
        A fixed palette that all pages but that about palettes use as it is, "#rrggbb" in the order of its
        file, some perhaps twice; () is none. What it leaves without effect is kept.
    entries : str
        The order in which the entries of the front page's PNG are written.
    n, many, palette_space, palette_rare, merge, pin, order, format
        The palette page: number of colours, raised to that of the pinned ones; whether the slider reaches
        to 256, which it must for more than 24; the rest of its choices. ``pin`` holds "#rrggbb" as they came,
        some perhaps twice; ``order`` is that of swatches, palette files and the PNG there.
    table, mine
        The page about one's own palette: key of a built-in table, "own" for ``mine``, "" for the palette that
        all pages use or, without one, a first table; "#rrggbb" as they came, some perhaps twice.
    off, lock, best, far, lut, blend, chart, across, strays
        Numbers of that table's rows that are not used, and of those that are always among the best; how many
        of them are used, 0 for all; whether colours that no entry comes near stand out; what look-up table is
        offered, and how entries are blended in it; what a chart is made of, its cells across, and whether
        single cells that differ from all around stay.
    smallest, smooth, joined
        The page about segments: pixels of a part at least, 0 for what suits the picture; whether the poster's
        borders are curves; groups of "#rrggbb" that are one region.
    paper, orientation, brush, outline, numerals, protect
        The page about paint by numbers, as for ``quantize.numbers``: the sheet, the brush's diameter in mm,
        how it is drawn, and "#rrggbb" of colours none of whose regions goes because it is small.
    clusters, start, draw, centers, step, until_epsilon, until_max_iter
        The run of k-means that is watched: number of centres, how they are chosen (``quantize.teaching``),
        which draw; "#rrggbb" of centres that the visitor put where they are, () if none; the step that is
        shown; of which criteria it is said where they would end it.
    tries, slip, task, ways, samples
        How many draws of every start are run beside it, 0 for none; which mistake is made, "" for none; which
        task is worked on, 0 for none; whether other ways to as many colours are shown, and samples of the
        picture tried.
    names : tuple of (str, str)
        "#rrggbb" and the name of that colour, as an address can hold them (``_color_names.py``).
    panel, panel_size, panel_fit, panel_turn, panel_dither, panel_strength, panel_light
        The page E-paper: key of a panel, its width and height as its driver counts, and the rest as for
        ``show_on_panel``.
    tone, curve, shown
        How tones are brought to the panel's, and the S-curve if that is "curve"; what the visitor's own panel
        shows, "#rrggbb" for each ink in order, of no effect unless there are as many.
    art, cell, art_k, art_table, art_pick, scale
        The page Pixel art: which of its two parts; pixels of a cell like "8x8", "" if it is to be found;
        colours at most; the palette instead, "used" for the one that all pages use, "" for none; how the
        colour of a cell is taken; pixels of a cell in the file.
    machine, tile, tile_palettes, tile_k, tile_shared, tile_levels, tile_table
        Its tiles: key of a machine, or "own" for what follows, as for ``tile_picture``; no small palettes
        are one of every tile's own.
    goal, kb, least, kind, squeeze, point
        The page about smaller files: whether a file is to have at most ``kb`` kilobytes, or to look at least
        as ``least`` (SSIMULACRA2) says; its kind; whether indexed PNGs are packed in every way there is; the
        file of the chart that is looked at, "" for the one that was found.
    each_frame, still, film_frame
        The page about animations: whether every frame has a palette of its own; whether what stands still in
        it is dithered alike in all frames; number of the frame that is looked at.
    ks, error
        Compare K: numbers side by side, () if none was left; the curve's yardstick.
    spaces, pair, view, axes
        Spaces side by side, () if none was left; the two looked at closely, None for the first two; the
        cloud of colours.
    at : (int, int, int, int), optional
        The part of the picture that is looked at: left, top, width, height in its own pixels. None is all.
    arrange, arrange_many : {"side", "wipe"}, optional
        How two and more pictures lie; None is the page's own way.
    sides, wipe, heat
        Numbers of the two pictures of a wipe among several, None for the first and the last; where its line
        is, 0–100; whether the map of errors lies on the pictures.
    selected, picked : str, optional
        "#rrggbb": the palette entry whose pixels stand out; the colour of the original clicked last.
    """

    sample: str = FIRST
    share: str = ""
    own: bool = False
    k: int = 16
    space: str = "BGR"
    method: str = "kmeans"
    start_kmeans: str = METHODS["kmeans"].search.init
    start_opencv: str = METHODS["opencv"].search.init
    effort: str = METHODS["kmeans"].search.effort
    attempts: int | None = None
    max_iter: int | None = None
    epsilon: float | None = None
    seed: int | None = None
    dither: str = "none"
    strength: float = 1.0
    light: str = "encoded"
    runs: float = 0.0
    keep: tuple[str, ...] = ()
    rare: float = 0.0
    alpha: str = "hard"
    palette: tuple[str, ...] = ()
    entries: str = "dark"
    n: int = 6
    many: bool = False
    palette_space: str = "LAB"
    palette_rare: float = 0.0
    merge: float = 0.0
    pin: tuple[str, ...] = ()
    order: str = "share"
    format: str = "ase"
    table: str = ""
    mine: tuple[str, ...] = ()
    off: tuple[int, ...] = ()
    lock: tuple[int, ...] = ()
    best: int = 0
    far: bool = False
    lut: str = "cube-33"
    blend: str = "nearest"
    chart: str = "beads"
    across: int = 58
    strays: bool = True
    smallest: int = 0
    smooth: bool = True
    joined: tuple[tuple[str, ...], ...] = ()
    paper: str = Sheet.paper
    orientation: str = Sheet.orientation
    brush: float = Sheet.brush
    outline: str = Sheet.outline
    numerals: str = Sheet.numerals
    protect: tuple[str, ...] = ()
    clusters: int = 8
    start: str = "random"
    draw: int = 0
    centers: tuple[str, ...] = ()
    step: int = 0
    until_epsilon: float = 1.0
    until_max_iter: int = 10
    tries: int = 0
    slip: str = ""
    task: int = 0
    ways: bool = False
    samples: bool = False
    names: Names = ()
    panel: str = "spectra6"
    panel_size: Size = (800, 480)
    panel_fit: str = "crop"
    panel_turn: int = 0
    panel_dither: str = "search"
    panel_strength: float = 1.0
    panel_light: str = "linear"
    tone: str = "auto"
    curve: float = 0.3
    shown: tuple[str, ...] = ()
    art: str = "size"
    cell: str = ""
    art_k: int = 256
    art_table: str = ""
    art_pick: str = "mode"
    scale: int = 1
    machine: str = "gbc"
    tile: Size = (8, 8)
    tile_palettes: int = 4
    tile_k: int = 4
    tile_shared: bool = False
    tile_levels: int = 256
    tile_table: str = ""
    goal: str = "size"
    kb: int = 100
    least: int = 70
    kind: str = "png"
    squeeze: bool = False
    point: str = ""
    each_frame: bool = False
    still: bool = True
    film_frame: int = 0
    ks: tuple[int, ...] = COMPARED
    error: str = "ΔE00"
    spaces: tuple[str, ...] = COMPARED_SPACES
    pair: tuple[str, str] | None = None
    view: str = "3-D"
    axes: str = "LAB"
    at: Region | None = None
    arrange: str | None = None
    arrange_many: str | None = None
    sides: tuple[int, int] | None = None
    wipe: int = 50
    heat: bool = False
    selected: str | None = None
    picked: str | None = None

    def __post_init__(self) -> None:
        def raise_to(name: str, least: Any) -> None:
            object.__setattr__(self, name, max(getattr(self, name), least))

        raise_to("k", len(self.keep))
        raise_to("n", len(set(self.pin)))
        raise_to("many", self.n > FEW_COLORS)

    def settings(self) -> Settings:
        """The engine's settings, without what has no effect beside the other choices; never refused."""
        if self.palette:
            return self.mapping(self.palette)
        method = METHODS[self.method]
        chosen: dict[str, Any] = {"n_colors": self.k, "space": self.space, "method": self.method}
        chosen |= {"keep": self.keep, "rare": self.rare if method.weighted else 0.0, **self._mixing()}
        for name in SEARCH_CHOICES:
            if name in method.choices:
                chosen[name] = getattr(self, start_of(self.method) if name == "init" else name)
        return Settings(**chosen)

    def mapping(self, colors: tuple[str, ...]) -> Settings:
        """The settings with which a picture gets exactly these colours, 1 to 256."""
        return Settings(palette=colors, space=self.space, **self._mixing())

    def can_be_soft(self) -> bool:
        """Whether entries may be partly transparent beside the other choices."""
        return not self.palette and METHODS[self.method].soft and DITHERS[self.dither].soft

    def own_settings(self) -> Settings:
        """The settings of the front page: the same, and what becomes of partly transparent pixels."""
        return replace(self.settings(), alpha=self.alpha if self.can_be_soft() else "hard")

    def with_soft_edges(self) -> "Choices":
        """The same with partly transparent entries, and without what cannot go with them."""
        method = self.method if METHODS[self.method].soft else "kmeans"
        dither = self.dither if DITHERS[self.dither].soft else DITHER_OF_SOFT
        return replace(self, alpha="soft", method=method, dither=dither, palette=())

    def palette_settings(self) -> Settings:
        """The settings of the palette page. Where all entries are pinned they are a fixed palette."""
        if len(set(self.pin)) == MANY_COLORS:
            return Settings(palette=self.pin, space=self.palette_space, **self._mixing())
        return Settings(
            self.n, self.palette_space, keep=self.pin, rare=self.palette_rare, **self._mixing()
        )  # fmt: skip

    def _mixing(self) -> dict[str, Any]:
        """How entries are mixed, on every page."""
        chosen: dict[str, Any] = {"dither": self.dither}
        return chosen | {name: getattr(self, name) for name in _mixing_choices(self.dither)}

    def with_preset(self, key: str) -> "Choices":
        """What a preset names, and nothing of what was chosen before for its method and dithering."""
        wanted = choose(self.settings(), preset=key)
        names = ["space", "dither", "strength", "light", "runs"]
        if not self.palette:
            names += ["method", "rare", *METHODS[wanted.method].choices]
        chosen = {
            start_of(wanted.method) if name == "init" else name: getattr(wanted, name) for name in names
        }
        values = {name: DEFAULTS[name] if value is None else value for name, value in chosen.items()}
        return replace(self, **values, k=self.k if self.palette else wanted.n_colors)


DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Choices)}
"""What holds where nothing was chosen."""


def _mixing_choices(dither: str) -> tuple[str, ...]:
    """Names of what has an effect with a dithering."""
    found = DITHERS[dither]
    return ("strength", "light", *(("runs",) if found.runs else ())) if found.fill else ()


def start_of(method: str) -> str:
    """Name of the field that holds a method's start."""
    return f"start_{method}"


def clip(region: Region | None, size: tuple[int, int]) -> Region | None:
    """The part of a region that lies in a picture of this size; None if that is all or nothing."""
    if region is None:
        return None
    left, top = min(region[0], size[0]), min(region[1], size[1])
    width, height = min(region[2], size[0] - left), min(region[3], size[1] - top)
    return (left, top, width, height) if 0 < width * height < size[0] * size[1] else None
