"""The rooms of the house, from top to bottom, and who imports whom: for tests and a drawing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Room:
    """A folder, or some files that lie together on top of their package."""

    name: str
    package: str
    files: tuple[str, ...] = ()


def _top(package: str, name: str, files: str) -> Room:
    return Room(name, package, tuple(files.split()))


# Each may import from the rows below its own, and from its own row if no circle comes of it.
ROWS = (
    (Room("app.py", "app"),),
    (
        _top(
            "pages",
            "a page each",
            "studio compare_k palette compare_spaces inside_kmeans your_palette compress segments "
            "numbers panel pixel_art animation",
        ),
        Room("_server", "pages"),
    ),
    tuple(
        Room(name, "pages")
        for name in (
            "_spaces",
            "_palettes",
            "_yours",
            "_panels",
            "_pixels",
            "_segments",
            "_numbers",
            "_smaller",
            "_inside",
            "_animation",
        )
    ),
    (
        _top(
            "pages",
            "parts of pages",
            "_frame _widgets _words _fixed _figures _charts _exports _downloads _deferred _pictures _files "
            "_palette_files _trays _all _share _controls _acts _palette_acts _table_acts _segment_acts "
            "_presets _gain _faint _soft _sizes _code _coming",
        ),
    ),
    (Room("_cache", "pages"),),
    (
        _top(
            "pages",
            "a visitor's state",
            "_looked_at _state _messages _place _lookups _remembered _shared _waiting",
        ),
    ),
    (Room("_store", "pages"), Room("_viewer", "pages")),
    (
        _top(
            "pages",
            "choices",
            "__init__ _color_names _choices _inks _tables _address _address_forms _address_parts _compared "
            "_given _held _made _names _tray _visit _host _references _zip",
        ),
    ),
    (_top("quantize", "public names", "__init__ __main__ warmup steps later_steps"),),
    (Room("commands", "quantize"),),
    (Room("batch", "quantize"),),
    tuple(
        Room(name, "quantize")
        for name in (
            "animation",
            "numbers",
            "panels",
            "patterns",
            "pixelart",
            "regions",
            "sizing",
            "teaching",
            "tiles",
        )
    ),
    (
        _top(
            "quantize",
            "the story",
            "presets settings selection softened dithered pipeline saving indexed outline curve",
        ),
    ),
    tuple(Room(name, "quantize") for name in ("swatches", "methods", "dithering", "measuring", "rendering")),
    (Room("palettes", "quantize"), Room("decoding", "quantize")),
    (Room("colors", "quantize"),),
    (
        _top(
            "quantize",
            "the ground",
            "errors limits records cells keeping threads bands ahead compiling version",
        ),
    ),
)
ROOMS = tuple(room for row in ROWS for room in row)
ROW_OF = {room: number for number, row in enumerate(ROWS) for room in row}


def read_modules() -> dict[str, Path]:
    """Every module of the app and the engine, under its dotted name."""
    found = {"app": ROOT / "app.py"}
    for package in ("pages", "quantize"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = path
    return found


def room_of(path: Path) -> Room:
    """The room that a file is in; LookupError if it has none."""
    package, *inside = path.relative_to(ROOT).with_suffix("").parts
    for room in ROOMS:
        here = room.name == inside[0] if len(inside) > 1 else inside[0] in room.files if inside else True
        if room.package == package and here:
            return room
    raise LookupError(f"{path.relative_to(ROOT)} is in no room: say in tests/house.py where it stands")


def imported(path: Path, modules: dict[str, Path]) -> set[str]:
    """Modules that a file imports when it runs or when it works (not those for type checkers only)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and "TYPE_CHECKING" in ast.unparse(test.test)
        for child in test.body
        for node in ast.walk(child)
    }
    names = {name for node in ast.walk(tree) if node not in skipped for name in _named(node, modules)}
    return names & modules.keys()


def _named(node: ast.AST, modules: dict[str, Path]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in modules else node.module


def read_imports() -> dict[str, set[str]]:
    """What each module imports of the others."""
    modules = read_modules()
    return {name: imported(path, modules) for name, path in modules.items()}


def read_arrows() -> dict[tuple[Room, Room], int]:
    """From room to room: how many imports of a module by a module lead there."""
    modules, arrows = read_modules(), dict[tuple[Room, Room], int]()
    for name, others in read_imports().items():
        for other in others:
            arrow = room_of(modules[name]), room_of(modules[other])
            if arrow[0] != arrow[1]:
                arrows[arrow] = arrows.get(arrow, 0) + 1
    return arrows


def find_circle(graph: dict) -> tuple | None:
    """Some way through a graph, given as node → nodes, that ends where it began; None if there is none."""
    done: set = set()

    def visit(node: object, trail: tuple) -> tuple | None:
        if node in trail:
            return (*trail[trail.index(node) :], node)
        if node in done:
            return None
        found = next(filter(None, (visit(other, (*trail, node)) for other in graph.get(node, ()))), None)
        done.add(node)
        return found

    return next(filter(None, (visit(node, ()) for node in graph)), None)
