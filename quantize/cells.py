"""Cells of tables that spreadsheets open."""

from typing import Any

# Some take wide signs, and what follows blanks, for the same.
_BEGIN_FORMULAS = tuple("=+-@＝＋－＠\t\r")


def as_cell(value: Any) -> Any:
    """Return a value whose text a spreadsheet takes for no formula; numbers as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGIN_FORMULAS) else value
