"""What the part about tiles makes of a picture: through the cache, and in turns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pages import _cache, _state
from pages._choices import Choices
from pages._references import PictureRef
from quantize import QuantizeError
from quantize.palettes.tables import read_tables
from quantize.rendering.encode import encode_png
from quantize.rendering.previews import grid
from quantize.tiles.files import write_entries, write_map, write_picture
from quantize.tiles.machines import MACHINES, Machine
from quantize.tiles.tiled import Tiled, tile_picture

MOST_OWN = 40_000
"""Tiles, where each has its own palette: some 20 seconds of work."""
Tell = Callable[[float], object]


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be made: a picture, what the machine allows, where distance is measured."""

    picture: PictureRef
    machine: Machine
    space: str

    @property
    def key(self) -> tuple[object, ...]:
        """Tells it from others."""
        one = self.machine
        allowed = one.tile, one.n_palettes, one.n_colors, one.shared, one.levels, one.table
        return self.picture.digest, *allowed, self.space


def read_machine(record: Choices) -> Machine:
    """Read what the machine allows, or what was chosen by hand."""
    found = MACHINES.get(record.machine)
    return found or Machine(
        "own", "By hand", record.tile, record.tile_palettes or None, record.tile_k, record.tile_shared,
        256 if record.tile_table else record.tile_levels, record.tile_table or None,
    )  # fmt: skip


def name_options(wanted: Wanted) -> dict[str, Any]:
    """Name what is wanted as options of the command line, with their values."""
    one = wanted.machine
    if one.key in MACHINES:
        return {"--machine": one.key, "--space": wanted.space}
    width, height = one.tile
    return {
        "--tile": f"{width}x{height}", "--palettes": one.n_palettes or "own", "-k": one.n_colors,
        "--shared": one.shared, "--levels": None if one.table else one.levels, "--palette": one.table,
        "--space": wanted.space,
    }  # fmt: skip


def make(wanted: Wanted, tell: Tell = _cache.nothing, checkpoint: _cache.Checkpoint | None = None) -> Tiled:
    """Give every tile its palette; ``tell`` hears how far it is.

    Raises
    ------
    QuantizeError
        If that cannot be, or takes longer than a visitor's work may.
    """
    one = wanted.machine
    table = read_tables()[one.table].palette if one.table else None
    if one.n_palettes is None:
        _check_number(wanted)

    def show(timed: _cache.Checkpoint) -> Tiled:
        tell(0.0)
        how: dict[str, Any] = {"tile": one.tile, "n_palettes": one.n_palettes, "n_colors": one.n_colors}
        how |= {"shared": one.shared, "levels": one.levels, "table": table, "space": wanted.space}
        opened = _cache.open_picture(wanted.picture)
        return tile_picture(opened, **how, checkpoint=timed, progress=tell)

    return _cache.kept_of_steps(("tiles", *wanted.key), show, checkpoint or _state.checkpoint())


def _check_number(wanted: Wanted) -> None:
    """Refuse more tiles than a visitor can wait for, where each gets a palette of its own."""
    (width, height), (across, down) = wanted.picture.size, wanted.machine.tile
    n_tiles = -(-width // across) * -(-height // down)
    if n_tiles > MOST_OWN:
        raise QuantizeError(
            f"tiles must be at most {MOST_OWN:,} on this page if each has its own palette, got {n_tiles:,}: "
            "bring a smaller picture"
        )


def draw(wanted: Wanted) -> bytes:
    """Draw the result, thinned as the original is shown."""

    def show() -> bytes:
        made = make(wanted)
        return _encode(made, *grid(made.indices.shape, _cache.PREVIEW_SIDE))

    return _cache.kept(("tiles shown", *wanted.key), show)


def cut(wanted: Wanted, left: int, top: int, right: int, bottom: int, pane: int) -> bytes:
    """Cut a part out of the original or the result, in full resolution."""
    if pane == 0:
        return _cache.part(wanted.picture, [], left, top, right, bottom, 0)
    return _encode(make(wanted), slice(top, bottom), slice(left, right))


def _encode(made: Tiled, rows: slice, columns: slice) -> bytes:
    return encode_png(made.entries, made.indices[rows, columns].copy(), optimize=False, as_listed=True)


def write(wanted: Wanted, kind: str) -> bytes:
    """Write a file: "png", "json" or "pal"."""

    def make_file() -> bytes:
        made = make(wanted, checkpoint=_cache.nothing)
        if kind == "png":
            return write_picture(made, wanted.picture.dpi)
        return write_map(made) if kind == "json" else write_entries(made)

    return _cache.kept(("tiles file", kind, *wanted.key), make_file)
