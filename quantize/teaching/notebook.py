"""A Jupyter notebook (nbformat 4.5) that makes a result again, and shows it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from quantize.teaching.python import make_result, open_picture, write_file
from quantize.teaching.subject import Subject

_IMPORTS = """from pathlib import Path

from quantize import Palette, encode_result, load_picture, measure, quantize_image"""


def write_notebook(subject: Subject) -> str:
    """Write a notebook: its cells read the picture, make, show and measure the result, write the file."""
    cells = [
        _markdown("# A picture in fewer colours"),
        _code(_IMPORTS),
        _code(f"{open_picture(subject)}\npicture"),
    ]
    if subject.varied is None:
        cells += [
            _code(f"{make_result(subject)}\nresult"),
            _code("Palette.from_counts(result.palette, result.counts)"),
            _code("measure(picture, result)"),
            _code(write_file(subject).rstrip()),
        ]
    else:
        show = "    display(result, measure(picture, result))"
        cells.append(_code(f"{make_result(subject)}\n{write_file(subject)}{show}"))
    return _bind(cells)


def write_cells(title: str, codes: Sequence[str]) -> str:
    """Write a notebook of a heading, Markdown, and cells of code."""
    return _bind([_markdown(title), *map(_code, codes)])


def _bind(cells: list[dict[str, Any]]) -> str:
    named = [{"id": f"cell-{number}", **cell} for number, cell in enumerate(cells, 1)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "cells": named,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
