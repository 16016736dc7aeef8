"""The chart of the page about smaller files: looks against bytes, and which files nothing beats."""

from collections.abc import Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from quantize.sizing.comparing import Point, find_frontier
from quantize.sizing.kinds import KINDS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_TICKS = {"size": 13}
# By kind: colours that are told apart with any colour vision, and shapes that are without colours.
_MARKS = {
    "png": ("#4a7fc1", "circle"),
    "gif": ("#8a8a8a", "diamond"),
    "png24": ("#1b9e77", "square"),
    "webp-lossless": ("#1b9e77", "cross"),
    "webp": ("#b07a1e", "triangle-up"),
    "avif": ("#c0504d", "star"),
    "jpeg": ("#8e63b0", "triangle-down"),
    "": ("#8a8a8a", "square-open"),
}
FRONTIER_COLOR = "#8a8a8a"
_UNITS = ((1e6, "MB"), (1e3, "kB"), (1, "bytes"))
# Nothing below is of use to anybody, and would press all else together.
LEAST_SHOWN = -20.0
_ROOM = 1.25


def draw_files(points: Sequence[Point], current: Point | None) -> "Figure":
    """Looks (SSIMULACRA2) against bytes, a mark a file; the frontier is a line.

    Parameters
    ----------
    points : sequence of Point
        At least one; each mark carries its place among them.
    current : Point or None
        The file that is shown, which gets a ring.
    """
    from plotly.graph_objects import Figure

    best = [points[at] for at in find_frontier(points) if points[at].scores.ssimulacra2 >= LEAST_SHOWN]
    kinds = dict.fromkeys(one.recipe.kind if one.recipe else "" for one in points)
    data = [
        {
            "type": "scatter", "x": [one.n_bytes for one in best],
            "y": [one.scores.ssimulacra2 for one in best], "name": "nothing beats", "mode": "lines",
            "line": {"color": FRONTIER_COLOR, "width": 6}, "opacity": 0.35, "hoverinfo": "skip",
        },
        *(_marks(points, kind) for kind in kinds),
    ]  # fmt: skip
    if current is not None and current.scores.ssimulacra2 >= LEAST_SHOWN:
        ring = {"size": 20, "symbol": "circle-open", "color": "#d33682", "line": {"width": 3}}
        data.append(
            {
                "type": "scatter", "x": [current.n_bytes], "y": [current.scores.ssimulacra2], "name": "shown",
                "mode": "markers", "marker": ring, "hoverinfo": "skip",
                "unselected": {"marker": {"opacity": 1}},
            }
        )  # fmt: skip
    layout = {
        "height": 400, "margin": {"l": 10, "r": 10, "t": 36, "b": 10}, "clickmode": "event+select",
        "dragmode": False,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": _TICKS},
        "xaxis": _bytes_axis([*points, *([current] if current else [])]),
        "yaxis": {"title": {"text": "SSIMULACRA2", "font": _TICKS}, "range": [LEAST_SHOWN, 104],
                  "tickfont": _TICKS, "fixedrange": True},
    }  # fmt: skip
    return Figure({"data": data, "layout": layout})  # at once: part by part takes several times as long


def _marks(points: Sequence[Point], kind: str) -> dict[str, Any]:
    mine = [
        (at, one) for at, one in enumerate(points)
        if (one.recipe.kind if one.recipe else "") == kind and one.scores.ssimulacra2 >= LEAST_SHOWN
    ]  # fmt: skip
    color, symbol = _MARKS[kind]
    return {
        "type": "scatter", "x": [one.n_bytes for _, one in mine],
        "y": [one.scores.ssimulacra2 for _, one in mine],
        "name": KINDS[kind].title if kind else "your file", "mode": "markers",
        "marker": {"size": 11, "symbol": symbol, "color": color}, "customdata": [at for at, _ in mine],
        "text": [_hover(one) for _, one in mine], "hovertemplate": "%{text}<extra></extra>",
        "unselected": {"marker": {"opacity": 1}},
    }  # fmt: skip


def _hover(point: Point) -> str:
    title = KINDS[point.recipe.kind].title if point.recipe else "your file"
    setting = f"<br>{point.recipe.name}" if point.recipe and point.recipe.name else ""
    about = "about " if point.estimated else ""
    looks = f"{point.scores.ssimulacra2:.1f}".replace("-", "\N{MINUS SIGN}")
    return f"{title}{setting}<br>{about}{in_units(point.n_bytes)}, SSIMULACRA2 {looks}"


def in_units(n_bytes: float) -> str:
    """Bytes in the unit that suits them."""
    unit, name = next((one for one in _UNITS if n_bytes >= one[0]), _UNITS[-1])
    return f"{n_bytes / unit:.3g} {name}"


def _bytes_axis(points: Sequence[Point]) -> dict[str, Any]:
    """A logarithmic axis with ticks at 1, 2 and 5."""
    sizes = [max(one.n_bytes, 1) for one in points if one.scores.ssimulacra2 >= LEAST_SHOWN] or [1000]
    low, high = min(sizes) / _ROOM, max(sizes) * _ROOM
    ticks = [step * 10**power for power in range(1, 10) for step in (1, 2, 5)]
    inside = [tick for tick in ticks if low <= tick <= high]
    return {
        "type": "log", "range": [log10(low), log10(high)], "tickvals": inside,
        "ticktext": [in_units(tick) for tick in inside], "tickangle": 0, "tickfont": _TICKS,
        "title": {"text": "bytes", "font": _TICKS}, "fixedrange": True,
    }  # fmt: skip
