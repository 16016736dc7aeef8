"""Files of paint by numbers: PDF, sheet and solution as SVG, the paints as CSV; and its figures for JSON."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

from quantize.cells import as_cell
from quantize.numbers.drawing_pdf import draw_pdf
from quantize.numbers.drawing_svg import draw_sheet_svg, draw_solution_svg
from quantize.numbers.guarded import DOT
from quantize.numbers.key import lacks_letters, round_share, say_unused
from quantize.numbers.numbered import Numbered
from quantize.numbers.outlines import draw_lines

Checkpoint = Callable[[], None]


def write_pdf(numbered: Numbered, title: str = "", checkpoint: Checkpoint | None = None) -> bytes:
    """Write the sheet, the legend and the solution as pages of a PDF."""
    return draw_pdf(numbered, draw_lines(numbered, checkpoint), title, checkpoint)


def write_sheet_svg(numbered: Numbered, title: str = "", checkpoint: Checkpoint | None = None) -> bytes:
    """Write the sheet as SVG."""
    return draw_sheet_svg(numbered, draw_lines(numbered, checkpoint), title, checkpoint).encode()


def write_solution_svg(numbered: Numbered, title: str = "", checkpoint: Checkpoint | None = None) -> bytes:
    """Write the solution as SVG."""
    return draw_solution_svg(numbered, title, checkpoint).encode()


def write_legend_csv(numbered: Numbered) -> bytes:
    """Write the paints as CSV, a row for each."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    rows = describe_paints(numbered)["paints"]
    table.writerow(rows[0])
    table.writerows([as_cell(cell) for cell in row.values()] for row in rows)
    return text.getvalue().encode()


def describe_paints(numbered: Numbered) -> dict[str, Any]:
    """Describe paints and regions as what JSON knows.

    Returns
    -------
    dict
        ``regions``; ``smallest_mm2``: area of the smallest; ``beside``: regions whose number is beside them;
        ``kept``: those of protected colours into which the brush does not fit; ``paints``: a dict for each.
    """
    return {
        "regions": numbered.n_regions,
        "smallest_mm2": round(numbered.smallest, 2),
        "beside": int(numbered.places.beside.sum()),
        "without_number": len(numbered.places.lost),
        "kept": numbered.n_kept,
        "paints": [
            {
                "number": paint.number,
                "color": paint.hex,
                "name": paint.name,
                "percent": round_share(paint.share),
                "mm2": round(paint.area, 1),
                "regions": paint.n_regions,
            }
            for paint in numbered.paints
        ],
    }


def say_notes(numbered: Numbered) -> list[str]:
    """Say what somebody should know of the result."""
    lost, unused = len(numbered.places.lost), numbered.unused
    said = []
    if lost:
        regions = "one small region has" if lost == 1 else f"{lost} small regions have"
        said.append(f"{regions} no number: there is no room in or near {'it' if lost == 1 else 'them'}")
    lacking = [paint.number for paint in numbered.paints if lacks_letters(paint)]
    if lacking:
        names = f"the name of paint {lacking[0]} has" if len(lacking) == 1 else f"{len(lacking)} names have"
        said.append(f"{names} characters that the PDF's font lacks: they are left out there")
    dots = numbered.n_left_out
    if dots:
        said.append(
            f"{'one dot' if dots == 1 else f'{dots:,} dots'} of protected colours "
            f"{'is' if dots == 1 else 'are'} left out: smaller than {DOT:g} mm²"
        )
    gone = numbered.n_gone
    if gone and not unused:
        colors = "one colour has" if gone == 1 else f"{gone} colours have"
        what = "it" if gone == 1 else "them"
        said.append(
            f"{colors} no region, as the brush fits into none of {'its' if gone == 1 else 'their'} places: "
            f"a smaller brush or larger paper keeps {what}, or protect {what}"
        )
    if unused:
        colors = "its colour" if len(unused) == 1 else "their colours"
        said.append(f"of the palette, {say_unused(unused)}: no region has {colors}")
    return said
