"""The command line's ``numbers PICTURE``: paint by numbers, as a PDF to print or as SVG."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
import numpy as np

from quantize.colors.hexadecimal import parse_hex, to_hex
from quantize.colors.spaces import SPACES
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.given import Given, read_given
from quantize.commands.output import Output, check_outputs, default_output, printable, stem_of, write_files
from quantize.commands.streams import FILE_OR_PIPE, read_input, shown_way
from quantize.decoding.picture import Picture, load_picture
from quantize.errors import QuantizeError
from quantize.numbers import files
from quantize.numbers.layout import (
    LARGEST_BRUSH,
    LEAST_BRUSH,
    NUMERALS,
    ORIENTATIONS,
    OUTLINES,
    PAPERS,
    Choices,
)
from quantize.numbers.mapped import MOST_PAINTS
from quantize.numbers.numbered import Numbered, number_picture
from quantize.palettes.palette import Palette
from quantize.pipeline import quantize_image
from quantize.selection import require_visible
from quantize.settings import choose

_WRITERS: Mapping[str, Callable[[Numbered, str], bytes]] = MappingProxyType(
    {".pdf": files.write_pdf, ".svg": files.write_sheet_svg}
)
_N_COLORS = 16


def _lower(_context: click.Context, _option: click.Parameter, said: str) -> str:
    """Read a paper's name in any case."""
    return said.lower()


@click.command(
    "numbers",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=FILE_OR_PIPE)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.pdf|OUT.svg",
              help="Where to write it: a PDF of sheet, legend and solution, or the sheet as SVG; an older "
              "file there is replaced.  [default: PICTURE-numbers.pdf in the current folder]")  # fmt: skip
@click.option("-k", "--colors", "n_colors", type=int, metavar="K",
              help=f"Paints that are found in the picture, 1 to {MOST_PAINTS}.  "
              f"[default: {_N_COLORS}]")  # fmt: skip
@click.option("--palette", "said", metavar="FILE|NAME|CODES",
              help="Your own paints instead: a palette file, codes, or a built-in palette. Their numbers are "
              "their places there, from 1.")  # fmt: skip
@click.option(
    "--renumber",
    is_flag=True,
    help="Number a palette's paints 1, 2, 3 without those that have no region, as found ones are.",
)
@click.option("--space", default="BGR", show_default=True, metavar="SPACE",
              help=f"Colour space in which the nearest is meant: {', '.join(SPACES)}.")  # fmt: skip
@click.option(
    "--paper", default="a4", show_default=True, metavar="PAPER", callback=_lower, help=f"{', '.join(PAPERS)}."
)
@click.option("--orientation", default="auto", show_default=True, metavar="WAY",
              help=f"How it lies: {', '.join(ORIENTATIONS)}.")  # fmt: skip
@click.option("--brush", type=float, default=Choices.brush, show_default=True, metavar="MM",
              help=f"Diameter of the brush, {LEAST_BRUSH:g} to {LARGEST_BRUSH:g} mm: its disc fits into "
              "every region.")  # fmt: skip
@click.option("--protect", multiple=True, metavar="COLOUR",
              help="A colour none of whose regions goes because it is small; repeatable.")  # fmt: skip
@click.option("--outline", default="grey", show_default=True, metavar="LOOK",
              help=f"Of outlines and numbers: {', '.join(OUTLINES)}.")  # fmt: skip
@click.option("--numerals", default="font", show_default=True, metavar="LOOK",
              help=f"{', '.join(NUMERALS)}; stroke is for plotters, single lines.")  # fmt: skip
@click.option("--numeral-size", "size", default="{:g}-{:g}".format(*Choices.numeral), show_default=True,
              metavar="MM-MM", help="Least and most height of a number.")  # fmt: skip
@click.option(
    "--solution", type=click.Path(path_type=Path), metavar="OUT.svg", help="Write the solution, too."
)
@click.option("--legend", type=click.Path(path_type=Path), metavar="OUT.csv",
              help="Write numbers, colours, names and shares, too.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def numbers_command(
    picture: Path, output: Path | None, n_colors: int | None, said: str | None, renumber: bool,
    space: str, solution: Path | None, legend: Path | None, as_json: bool, **choices: Any,
) -> None:  # fmt: skip
    """Make paint by numbers of PICTURE: regions that a brush can fill, each with the number of its paint."""
    started = time.perf_counter()
    if n_colors is not None and said is not None:
        raise QuantizeError("-k has no effect with a palette: leave it out")
    if n_colors is not None and not 1 <= n_colors <= MOST_PAINTS:
        raise QuantizeError(f"-k must be 1 to {MOST_PAINTS}, got {n_colors}")
    wanted = _read_choices(**choices)
    given = None if said is None else read_given(said)
    choose(space=space)
    paths = _Paths(output or default_output(picture, "-numbers.pdf"), solution, legend)
    paths.check(picture, given)
    begin_first_use()
    loaded = load_picture(read_input(picture))
    end_first_use()
    require_visible(loaded, hard=True)
    palette = given.palette if given else _find_paints(loaded, n_colors or _N_COLORS, space, wanted)
    numbered = number_picture(loaded, palette, wanted, space=space, own=given is not None and not renumber)
    made = paths.make(numbered, stem_of(picture))
    write_files(made, picture)
    figures = _figures(loaded, palette, numbered, len(made[0].content), time.perf_counter() - started)
    said_of_it = (
        json.dumps(figures, ensure_ascii=False) if as_json else _describe(picture, paths.output, figures)
    )
    click.echo(said_of_it)


@dataclass(frozen=True)
class _Paths:
    """Files that are to be written."""

    output: Path
    solution: Path | None
    legend: Path | None

    def check(self, picture: Path, given: Given | None) -> None:
        """Refuse what has another ending, or cannot be written."""
        for said, path, endings in (
            ("output", self.output, (".pdf", ".svg")),
            ("--solution", self.solution, (".svg",)),
            ("--legend", self.legend, (".csv",)),
        ):
            if path is not None and path.suffix.lower() not in endings:
                raise QuantizeError(f"{said} must end in {' or '.join(endings)}, got {printable(path)}")
        check_outputs(
            {"-o": self.output, "--solution": self.solution, "--legend": self.legend},
            picture, given.path if given else None,
        )  # fmt: skip

    def make(self, numbered: Numbered, title: str) -> list[Output]:
        """Make them."""
        made = [Output(self.output, _WRITERS[self.output.suffix.lower()](numbered, title))]
        if self.solution:
            made.append(Output(self.solution, files.write_solution_svg(numbered, title), "--solution"))
        if self.legend:
            made.append(Output(self.legend, files.write_legend_csv(numbered), "--legend"))
        return made


def _read_choices(protect: tuple[str, ...], size: str, **others: Any) -> Choices:
    return Choices(protect=tuple(map(_read_protected, protect)), numeral=_parse_size(size), **others)


def _read_protected(code: str) -> str:
    try:
        return to_hex(parse_hex(code))
    except QuantizeError as error:
        raise QuantizeError(f"--protect: {error}") from None


def _parse_size(said: str) -> tuple[float, float]:
    try:
        least, most = (float(word) for word in said.split("-"))
    except ValueError:
        raise QuantizeError(
            f"--numeral-size must be the least and the most height in mm like 1.5-4, got "
            f"{printable(said[:60])}"
        ) from None
    try:
        Choices(numeral=(least, most))
    except QuantizeError as error:
        raise QuantizeError(f"--numeral-size: {error}") from None
    return least, most


def _find_paints(picture: Picture, n_colors: int, space: str, choices: Choices) -> Palette:
    """Find paints in a picture, those that are protected among them."""
    kept = tuple(dict.fromkeys(choices.protect))
    if len(kept) > n_colors:
        raise QuantizeError(
            f"-k must be at least the number of protected colours, {len(kept)}, got {n_colors}"
        )
    found = quantize_image(picture, n_colors=n_colors, space=space, keep=kept)
    return Palette(np.ascontiguousarray(found.palette))


def _figures(
    picture: Picture, palette: Palette, numbered: Numbered, size: int, seconds: float
) -> dict[str, Any]:
    layout, choices = numbered.layout, numbered.choices
    return {
        "paper": choices.paper,
        "width_mm": round(layout.width, 1),
        "height_mm": round(layout.height, 1),
        "brush_mm": choices.brush,
        "bytes_in": picture.n_bytes,
        "bytes_out": size,
        "seconds": seconds,
        **files.describe_paints(numbered),
        "notes": [*picture.notes, *palette.notes, *files.say_notes(numbered)],
    }


def _describe(picture: Path, output: Path, figures: dict[str, Any]) -> str:
    regions = "1 region" if figures["regions"] == 1 else f"{figures['regions']:,} regions"
    lines = [
        shown_way(picture, output),
        "{width_mm:.0f} × {height_mm:.0f} mm, ".format_map(figures)
        + f"{regions} of at least {figures['smallest_mm2']:.1f} mm², {figures['beside']} numbered beside",
        *(
            printable(
                "{number:>3}  {color}  {percent:>5.1f} %  regions: {regions:,}  {name}".format_map(paint)
            ).rstrip()
            for paint in figures["paints"]
        ),
        "{bytes_in:,} → {bytes_out:,} bytes, {seconds:.2f} s".format_map(figures),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
