"""A chart of the picture, to make it of beads, bricks or stitches: its controls, cells, counts and files."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from io import BytesIO

import numpy as np
import streamlit as st
from PIL import Image

from pages import _cache, _controls, _downloads, _state, _widgets, _words
from pages._address_parts import CHARTS
from pages._choices import Size
from pages._references import PictureRef
from pages._tables import Shown, built_in_table, take_rows
from quantize import QuantizeError, Settings
from quantize.patterns.cells import MOST_CELLS, fit_cells, make_cells
from quantize.patterns.chart import draw_chart
from quantize.patterns.kinds import KINDS
from quantize.patterns.pattern import Pattern, make_pattern, write_counts
from quantize.patterns.plan import Chart, lay_out
from quantize.pixelart.grid import find_grid

MOST_LOOKED_AT = 2**22
"""Pixels in which cells are looked for: pixel art is small, and a photo has none."""
CLEAR_SHARE = 0.1
"""What the lines of cells leave of other lines at most: more is a guess (``quantize.pixelart.grid``)."""


def draw_charts(
    picture: PictureRef, shown: Shown, rows: Sequence[int], name: str, stem: str, key: str
) -> None:
    """Draw what a chart is made of and how large, and offer it with the table of its counts.

    Its cells are shown, too, while the popover of this key is open.
    """
    kind = st.selectbox(
        "Made of", CHARTS, **_controls.show("chart"), format_func=lambda key: KINDS[key].title
    )  # fmt: skip
    across = st.number_input(
        "Cells across", 1, MOST_CELLS, **_controls.show("across"),
        help="A cell is a bead, a brick or a stitch; the picture keeps its proportions.",
    )  # fmt: skip
    st.toggle(
        "Keep single cells", **_controls.show("strays"),
        help="Off: a cell that differs from all around it takes the colour that most of them have.",
    )  # fmt: skip
    chart = Chart(kind, title=name, palette=_title(shown))
    size = fit_cells(picture.size, (across, MOST_CELLS))
    try:
        st.caption(_describe(size, chart))
    except QuantizeError as error:
        st.caption(_words.sentence(str(error)))
        return
    if _state.said(key):
        _offer_own_cells(picture, across)
    record, codes = _state.choices(), [shown.colors[row] for row in rows]
    wanted = Wanted(picture, shown, tuple(rows), record.mapping(tuple(codes)), across, record.strays)
    pattern = _look(wanted) if _state.said(key) else None
    if pattern:
        _show_cells(pattern, kind)
    _downloads.offer(
        "Download chart (PDF)", partial(_make_chart, wanted, chart), f"{stem}-{kind}.pdf", "application/pdf",
        icon=":material/download:", key="export_chart",
        help="To print at 100 %: an overview, a legend with counts, and pages cut where a board ends. "
        "Numbers and names are the table's.",
    )  # fmt: skip
    _downloads.offer(
        "Download counts (CSV)", lambda: write_counts(_make_pattern(wanted)), f"{stem}-{kind}.csv",
        "text/csv", icon=":material/download:", key="export_counts",
    )  # fmt: skip
    if pattern:
        _show_counts(pattern, kind)


def _offer_own_cells(picture: PictureRef, across: int) -> None:
    """Offer as many cells as pixel art is made of: with any other number their colours are mixed."""
    if picture.size[0] * picture.size[1] > MOST_LOOKED_AT:
        return
    size = _cache.kept(("own cells", picture.digest), partial(_find_own_cells, picture))
    if size and size[0] != across:
        st.button(
            f"Use its own {size[0]} × {size[1]} cells", icon=":material/grid_4x4:", key="own_cells",
            on_click=_state.change, kwargs={"across": size[0]},
            help="The picture is made of so many cells of one colour. With another number they are mixed.",
        )  # fmt: skip


def _find_own_cells(picture: PictureRef) -> Size | tuple[()]:
    try:
        grid = find_grid(_cache.open_picture(picture))
    except QuantizeError:
        return ()
    return grid.size if grid.share < CLEAR_SHARE and max(grid.size) <= MOST_CELLS else ()


def _title(shown: Shown) -> str:
    table = built_in_table(shown.key)
    return table.title if table else ""


def _describe(size: tuple[int, int], chart: Chart) -> str:
    layout, kind = lay_out(size, chart), KINDS[chart.kind]
    across, down = (f"{cells * kind.pitch / 10:.1f}" for cells in size)
    n_pages = len(layout.columns) * len(layout.rows)
    pages = "1 page" if n_pages == 1 else f"{n_pages} pages"
    return f"{size[0]} × {size[1]} {kind.noun}, {across} × {down} cm: {pages}, and the legend."


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a pattern is made of: a picture, rows of a table, and how."""

    picture: PictureRef
    shown: Shown
    rows: tuple[int, ...]
    settings: Settings
    across: int
    strays: bool

    @property
    def key(self) -> tuple[object, ...]:
        """Tells it from others; a row's number and name stand on the chart."""
        table = self.shown.colors, self.shown.names, self.rows
        return self.picture.digest, *table, self.settings, self.across, self.strays


def _make_pattern(wanted: Wanted) -> Pattern:
    """Make it in a turn, as any work of more than a moment."""

    def make() -> Pattern:
        cells = make_cells(_cache.open_picture(wanted.picture), (wanted.across, MOST_CELLS))
        table = take_rows(wanted.shown, range(len(wanted.shown.colors)))
        return make_pattern(cells, table, wanted.rows, wanted.settings, without_strays=not wanted.strays)

    return _cache.kept(("pattern", *wanted.key), make)


def _make_chart(wanted: Wanted, chart: Chart) -> bytes:
    pattern = _make_pattern(wanted)
    draw = partial(draw_chart, pattern, chart)
    key = "chart", *wanted.key, chart
    return _cache.kept_of_steps(key, lambda checkpoint: draw(checkpoint=checkpoint), _cache.nothing)


def _look(wanted: Wanted) -> Pattern | None:
    """Make what is to be shown, or say why that cannot be."""
    try:
        return _make_pattern(wanted)
    except QuantizeError as error:
        st.caption(_words.sentence(str(error)))
        return None


def _describe_pattern(pattern: Pattern, kind: str) -> str:
    number = _widgets.colors_in_words(len(pattern.entries))
    return f"{KINDS[kind].count_in_words(int(pattern.counts.sum()))} in {number}"


def _show_cells(pattern: Pattern, kind: str) -> None:
    cells = _widgets.small_picture(_draw_cells(pattern), "image/png", _describe_pattern(pattern, kind))
    st.html(f'<div class="cq-cells">{cells}</div>')


def _show_counts(pattern: Pattern, kind: str) -> None:
    """Show how many cells each colour has."""
    said = _describe_pattern(pattern, kind)
    counts = "".join(
        f'<tr><th scope=row><i style="background:{entry.hex}"></i> {escape(entry.code)} {escape(entry.name)}'
        f"</th><td>{count:,}</td></tr>"
        for entry, count in zip(pattern.entries, pattern.counts.tolist(), strict=True)
    )
    st.html(
        f'<b>{said}</b><div class="cq-made" tabindex=0 role=region aria-label="{said}">'
        f"<table>{counts}</table></div>"
    )


def _draw_cells(pattern: Pattern) -> bytes:
    """Draw a pixel for each cell, as a PNG; empty ones are clear."""
    colors = np.array([*([*entry.color, 255] for entry in pattern.entries), [0, 0, 0, 0]], np.uint8)
    file = BytesIO()
    Image.fromarray(colors[pattern.indices]).save(file, "PNG")  # EMPTY is the last one
    return file.getvalue()
