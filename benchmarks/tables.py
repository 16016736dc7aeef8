"""Tables as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

Cell = TypeVar("Cell")


def each_picture(found: Mapping[tuple[int, str, str], Cell], show: Callable[[Cell], str]) -> Iterator[str]:
    """Lines of a table of pictures at each K, a column for each way; ``found`` by K, way and picture."""
    columns = list(dict.fromkeys(way for _, way, _ in found))
    yield "| K | picture | " + " | ".join(columns) + " |"
    yield "|--:|---|" + "--:|" * len(columns)
    for k, name in dict.fromkeys((k, name) for k, _, name in found):
        cells = " | ".join(show(found[k, way, name]) for way in columns)
        yield f"| {k} | {name} | {cells} |"
