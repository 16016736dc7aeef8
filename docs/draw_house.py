"""Draws the rooms of the house and who uses whom, from the imports: ``python -m docs.draw_house``.

An arrow leads from a room to one that it imports from, unless a way over other rooms leads there already.
Everybody may use the ground, and pages all of the engine: these arrows are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from tests.house import ROWS, Room, read_arrows

FILE = Path(__file__).with_name("house.svg")
GROUND = "the ground"

_STEP, _TOP, _BOX = 84, 96, 36
_PANELS = {"pages": (20, 760, ("app", "pages")), "quantize": (840, 640, ("quantize",))}
"""Left edge, width and packages of each panel."""

_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1500 {height}" font-family="sans-serif"
  font-size="14" text-anchor="middle">
<title>The rooms of the house, and who uses whom</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto">
  <path d="M0 0 8 4 0 8z" fill="#777"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>"""

Box = tuple[float, float, float]
Arrow = tuple[Room, Room]


def draw() -> str:
    """Draw everything as SVG, the same for the same imports."""
    places = _places()
    bottom = max(y for _, y, _ in places.values()) + _BOX + 24
    arrows = [(one, other) for one, other in read_arrows() if _is_drawn(one, other)]
    lines = [_line(places[one], places[other]) for one, other in sorted(_needed(arrows), key=str)]
    boxes = [_box(room, *place) for room, place in places.items()]
    use = '<path d="M780 60H836" fill="none" stroke="#777" stroke-width="3" marker-end="url(#tip)"/>'
    return "\n".join((_HEAD.format(height=bottom + 20), *_panels(bottom), use, *lines, *boxes, "</svg>", ""))


def _is_drawn(one: Room, other: Room) -> bool:
    return other.name != GROUND and (one.package == "quantize") == (other.package == "quantize")


def _places() -> dict[Room, Box]:
    """Middle, upper edge and width of every room's box, row under row."""
    places: dict[Room, Box] = {}
    for left, width, packages in _PANELS.values():
        rows = [row for row in ROWS if row[0].package in packages]
        for number, row in enumerate(rows):
            each = width / len(row)
            for column, room in enumerate(row):
                wide = min(each - 12, 150)
                places[room] = left + each * (column + 0.5), _TOP + _STEP * number, wide
    return places


def _needed(arrows: Iterable[Arrow]) -> Iterator[Arrow]:
    """Arrows that no longer way makes needless."""
    below: dict[Room, set[Room]] = {}
    for one, other in arrows:
        below.setdefault(one, set()).add(other)

    def reached(room: Room) -> set[Room]:
        others = below.get(room, set())
        return others.union(*map(reached, others))

    for one, others in below.items():
        yield from ((one, other) for other in others if not any(other in reached(via) for via in others))


def _panels(bottom: float) -> Iterator[str]:
    for name, (left, width, _) in _PANELS.items():
        yield f'<rect x="{left}" y="20" width="{width}" height="{bottom - 20:g}" rx="10" fill="#f4f4f4"/>'
        yield f'<text x="{left + width / 2:g}" y="66" font-size="18" font-weight="bold">{name}</text>'


def _line(one: Box, other: Box) -> str:
    """From the lower edge of a box to the upper edge of another, or to its side in the same row."""
    if one[1] == other[1]:
        side = 1 if other[0] > one[0] else -1
        start, end = one[0] + side * one[2] / 2, other[0] - side * (other[2] / 2 + 2)
        path = f"M{start:g} {one[1] + _BOX / 2:g}H{end:g}"
    else:
        start, end = (_towards(box, far) for box, far in ((one, other), (other, one)))
        upper, lower = one[1] + _BOX, other[1] - 2
        half = (upper + lower) / 2
        path = f"M{start:g} {upper:g}C{start:g} {half:g} {end:g} {half:g} {end:g} {lower:g}"
    return f'<path d="{path}" fill="none" stroke="#777" marker-end="url(#tip)"/>'


def _towards(box: Box, far: Box) -> float:
    """Where on a box's edge a line to another one begins: the nearer to its corner, the farther that is."""
    return round(box[0] + max(-0.4, min(0.4, (far[0] - box[0]) / 600)) * box[2], 1)


def _box(room: Room, middle: float, top: float, wide: float) -> str:
    """A folder's name stands as it is; files that lie on top together have a name of ours, slanted."""
    style = ' font-style="italic"' if room.files else ""
    return (
        f'<rect x="{middle - wide / 2:g}" y="{top:g}" width="{wide:g}" height="{_BOX}" rx="5" fill="#fff"'
        f' stroke="#555"/><text x="{middle:g}" y="{top + 23:g}"{style}>{escape(room.name)}</text>'
    )


if __name__ == "__main__":
    FILE.write_text(draw(), encoding="utf-8")
