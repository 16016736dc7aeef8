"""What became of every picture, as a file: CSV for a spreadsheet, JSON for a program.

It holds no times, so that the same run gives the same report.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from io import StringIO
from pathlib import Path

from quantize.batch.converting import Row
from quantize.cells import as_cell
from quantize.errors import QuantizeError, shown

ENDINGS = (".csv", ".json")
"""Of reports."""


def check_report(path: Path) -> None:
    """Refuse a name that does not say which kind of report is meant.

    Raises
    ------
    QuantizeError
        If it ends otherwise than in .csv or .json.
    """
    if path.suffix.lower() not in ENDINGS:
        raise QuantizeError(f"report must end in {' or '.join(ENDINGS)}, got {shown(str(path), 120)}")


def write_report(rows: Sequence[Row], ending: str) -> bytes:
    """Write all rows, in UTF-8; names that are no text have escapes for what is none.

    Parameters
    ----------
    rows : sequence of Row
    ending : str
        One of ``ENDINGS``.
    """
    if ending == ".json":
        return (json.dumps([asdict(row) for row in rows], indent=1) + "\n").encode("ascii")
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(Row))
    for row in rows:
        cells = asdict(row) | {"notes": "; ".join(row.notes)}
        writer.writerow("" if cell is None else as_cell(cell) for cell in cells.values())
    return text.getvalue().encode("utf-8", "backslashreplace")
