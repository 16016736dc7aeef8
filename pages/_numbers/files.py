"""Files of paint by numbers: the PDF to print, sheet and solution as SVG, the table of paints."""

from functools import partial
from pathlib import Path

import streamlit as st

from pages import Frame, _code, _downloads
from pages._numbers import results
from pages._numbers.results import Wish
from quantize.numbers import files


def offer_pdf(frame: Frame, wish: Wish) -> None:
    """Offer what is printed."""
    title = _title(frame)
    paper = wish.sheet.paper.upper() if wish.sheet.paper != "letter" else "Letter"
    make = partial(results.write, "numbers.pdf", wish, partial(files.write_pdf, title=title))
    _downloads.offer(
        "Download PDF", make, f"{title}-numbers.pdf", "application/pdf", icon=":material/download:",
        key="export_numbers_pdf", help=f"{paper}, to print at 100 %: the sheet, the legend, the solution.",
        first=True,
    )  # fmt: skip


def draw_files(frame: Frame, wish: Wish) -> None:
    """Offer the others, and the command that writes the PDF."""
    title = _title(frame)
    rows = (
        ("Sheet (SVG)", "numbers.svg", "image/svg+xml", partial(files.write_sheet_svg, title=title),
         "Outlines, numbers and the key as shapes, in millimetres."),
        ("Solution (SVG)", "solution.svg", "image/svg+xml", partial(files.write_solution_svg, title=title),
         "Every region in its paint, at the same place on the same paper."),
        ("Paints (CSV)", "paints.csv", "text/csv", files.write_legend_csv,
         "Numbers, colours, names, shares, areas and regions."),
    )  # fmt: skip
    with st.container(horizontal=True):
        for label, ending, mime, write, help in rows:
            _downloads.offer(
                label, partial(results.write, ending, wish, write), f"{title}-{ending}", mime,
                icon=":material/download:", key=f"export_{ending.replace('.', '_')}", help=help,
            )  # fmt: skip
        _code.offer_command(frame, "numbers", results.name_options(wish), "result.pdf")


def _title(frame: Frame) -> str:
    return Path(_code.file_name(frame)).stem
