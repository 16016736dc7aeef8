"""The command line's ``chart PICTURE --palette …``: how to make it of beads, bricks or stitches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from quantize.colors.spaces import SPACES
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.given import MOST, Given, read_given
from quantize.commands.output import Output, check_outputs, default_output, printable, stem_of, write_files
from quantize.commands.streams import FILE_OR_PIPE, read_input, shown_way
from quantize.decoding.picture import load_picture
from quantize.dithering.groups import list_in_words
from quantize.errors import QuantizeError
from quantize.palettes.best import choose_entries
from quantize.palettes.palette import MAX_ENTRIES
from quantize.palettes.tables import read_tables
from quantize.patterns.cells import MOST_CELLS, make_cells
from quantize.patterns.chart import draw_chart
from quantize.patterns.kinds import KINDS
from quantize.patterns.layout import LARGEST_CELL, LEAST_CELL, PAPERS
from quantize.patterns.pattern import Pattern, make_pattern, write_counts
from quantize.patterns.plan import Chart
from quantize.settings import LIMITS, choose

_BOARDS = [f"{kind.board}x{kind.board} for {kind.key}" for kind in KINDS.values() if kind.board]


@click.command(
    "chart",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=FILE_OR_PIPE)
@click.option("--palette", "said", required=True, metavar="PALETTE",
              help="A built-in palette's name such as hama, a palette file, codes, or a picture: as quantize "
              "map takes it. Numbers, codes and names on the chart are its own.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.pdf",
              help="Where to write the chart; an older file there is replaced.  "
              "[default: PICTURE-PALETTE.pdf in the current folder]")  # fmt: skip
@click.option("--csv", "counts", type=click.Path(path_type=Path), metavar="OUT.csv",
              help="Write a table of code, name, hex and count, too.")  # fmt: skip
@click.option("--kind", default="beads", show_default=True, metavar="KIND",
              help=f"What it is made of: {', '.join(KINDS)}.")  # fmt: skip
@click.option("--size", metavar="WxH",
              help=f"Most cells across and down, up to {MOST_CELLS}; the picture keeps its proportions. One "
              "number is cells across.  [default: a cell for every pixel]")  # fmt: skip
@click.option("--best", type=int, metavar="N",
              help="Use the N of the palette's colours that serve this picture best, 1 to 256; it may then "
              "have up to 4,096.")  # fmt: skip
@click.option("--remove-strays", is_flag=True,
              help="Give single cells that differ from all around them a neighbour's colour.")  # fmt: skip
@click.option("--symbols/--codes", "symbols", default=None,
              help="What stands in the cells.  [default: symbols for stitches and mini beads, else the "
              "palette's codes or numbers]")  # fmt: skip
@click.option("--mono", is_flag=True, help="White cells and black marks, for printers without colours.")
@click.option("--cell", type=float, metavar="MM",
              help=f"Length of a cell on paper, {LEAST_CELL:g} to {LARGEST_CELL:g}.  "
              "[default: its real size; for stitches 2.8]")  # fmt: skip
@click.option("--board", metavar="WxH",
              help="Cells of a board, at which pages are cut.  [default: "
              f"{', '.join(_BOARDS)}; "
              "for stitches as many tens as fit]")  # fmt: skip
@click.option("--paper", default="a4", show_default=True, metavar="PAPER", help=f"{' or '.join(PAPERS)}.")
@click.option("--space", default="Oklab", show_default=True, metavar="SPACE",
              help=f"Colour space in which the nearest is meant: {', '.join(SPACES)}.")  # fmt: skip
@click.option("--dither", default="none", show_default=True, metavar="DITHER",
              help=f"How colours are mixed where none fits: {list_in_words()}.")  # fmt: skip
def chart_command(
    picture: Path, said: str, output: Path | None, counts: Path | None, kind: str, size: str | None,
    best: int | None, remove_strays: bool, symbols: bool | None, mono: bool, cell: float | None,
    board: str | None, paper: str, space: str, dither: str,
) -> None:  # fmt: skip
    """Draw a chart of PICTURE in the colours of a palette, as a PDF to print and make it by.

    Every cell is a bead, a brick or a stitch. The chart has an overview, a legend with counts, and pages at
    real size, cut where a board ends.
    """
    chosen = Chart(
        kind, cell, _read_pair("board", board), paper, None if symbols is None else _MARKS[symbols], mono
    )
    KINDS.find(kind), PAPERS.find(paper)
    settings = choose(space=space, dither=dither)
    wanted = _read_pair("size", size, MOST_CELLS)
    if best is not None:
        LIMITS["n_colors"].check("best", best)
    given = _read_palette(said, best)
    output = output or default_output(picture, f"-{given.name}.pdf")
    _check_outputs(output, counts, picture, given)
    begin_first_use()
    loaded = load_picture(read_input(picture))
    end_first_use()
    cells = make_cells(loaded, wanted)
    rows = choose_entries(cells.cells, given.palette.colors, best, space=space).tolist() if best else None
    pattern = make_pattern(
        cells, given.palette, rows, settings, without_strays=remove_strays
    )  # fmt: skip
    data = draw_chart(pattern, replace(chosen, title=stem_of(picture), palette=_title(given)))
    files = [Output(output, data)]
    if counts:
        files.append(Output(counts, write_counts(pattern), "--csv"))
    write_files(files, picture)
    _tell(picture, output, pattern, kind, len(data))
    for note in (*loaded.notes, *given.palette.notes, *_left_over(pattern, chosen)):
        click.echo(f"note: {note}")


_MARKS = {True: "symbols", False: "codes"}


def _read_pair(name: str, said: str | None, other: int | None = None) -> tuple[int, int] | None:
    """Read "29x29"; or one number, with the other one as given or the same."""
    if said is None:
        return None
    numbers = said.lower().replace("×", "x").split("x")
    if not (len(numbers) <= 2 and all(number.isascii() and number.isdecimal() for number in numbers)):
        raise QuantizeError(f"{name} must be two numbers of cells like 29x29, or one, got {printable(said)}")
    first, *rest = (int(number[:18]) for number in numbers)
    return first, rest[0] if rest else other or first


def _read_palette(said: str, best: int | None) -> Given:
    """Read a palette of at most 256 colours, or from which to choose; entries keep their numbers."""
    given = read_given(said, MAX_ENTRIES)
    return given if best or len(set(given.palette.hexes)) <= MOST else read_given(said, MOST)


def _check_outputs(output: Path, counts: Path | None, picture: Path, given: Given) -> None:
    if output.suffix.lower() != ".pdf":
        raise QuantizeError(f"output must end in .pdf, got {printable(output)}")
    if counts and counts.suffix.lower() != ".csv":
        raise QuantizeError(f"csv must end in .csv, got {printable(counts)}")
    check_outputs({"-o": output, "--csv": counts}, picture, given.path)


def _title(given: Given) -> str:
    table = read_tables().get(given.name) if given.path is None else None
    return table.title if table else given.name


def _tell(picture: Path, output: Path, pattern: Pattern, kind: str, n_bytes: int) -> None:
    made, total = KINDS[kind], int(pattern.counts.sum())
    across, down = (n * made.pitch / 10 for n in pattern.size)
    click.echo(shown_way(picture, output))
    click.echo(
        f"{pattern.size[0]} × {pattern.size[1]} cells, {across:.1f} × {down:.1f} cm, "
        f"{made.count_in_words(total)}, {n_bytes:,} bytes"
    )
    wide = max(len(entry.code) for entry in pattern.entries)
    for entry, count in zip(pattern.entries, pattern.counts.tolist(), strict=True):
        line = f"{entry.code:<{wide}}  {entry.hex}  {count:>7,}  {entry.name}"
        click.echo(printable(line.rstrip()))


def _left_over(pattern: Pattern, chart: Chart) -> list[str]:
    """Say where a few cells take one more row of boards."""
    own = KINDS[chart.kind].board
    board = chart.board or ((own, own) if own else None)
    said = []
    for n, length, name in zip(pattern.size, board or (), ("across", "down"), strict=False):
        over = n % length
        if n > length and 0 < over <= length // 4:
            said.append(f"{n} cells {name} take a board for the last {over}: {n - over} would need one less")
    return said
