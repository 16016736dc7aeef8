"""Charts: values in, Plotly figures out. Plotly is loaded when the first one is drawn."""

from collections.abc import Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from quantize.curve import CurvePoint

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ERROR_COLOR, SIZE_COLOR, MARK_COLOR = "#4a7fc1", "#b07a1e", "#8a8a8a"
ROOM = 1.12
"""The axis of K goes so many times beyond the first and the last; those of error and size beyond the top."""

_POWERS = tuple(2**power for power in range(9))
_UNITS = ((1e6, "MB"), (1e3, "kB"), (1, "bytes"))
_TICKS = {"size": 13}


def draw_curve(points: Sequence[CurvePoint], n_colors: int, error: str) -> "Figure":
    """Error and file size against K, the current K marked.

    Parameters
    ----------
    points : sequence of CurvePoint
        At least one, from small to large K.
    n_colors : int
        The current K; may lie beyond the points.
    error : {"ΔE00", "MSE"}
        Which error to draw.
    """
    from plotly.graph_objects import Figure

    numbers = [point.n_colors for point in points]
    errors = [point.delta_e_00 if error == "ΔE00" else point.mse for point in points]
    unit, unit_name = next(one for one in _UNITS if max(point.n_bytes for point in points) >= one[0])
    sizes = [point.n_bytes / unit for point in points]
    names = f"mean {error}", f"PNG size, {unit_name} (estimate)"
    data = [
        {
            "type": "scatter", "x": numbers, "y": errors, "name": names[0],
            **_line(ERROR_COLOR, "solid", "circle"),
            "hovertemplate": "K = %{x}<br>" + error + " %{y:.2f}<extra></extra>",
        },
        {
            "type": "scatter", "x": numbers, "y": sizes, "name": names[1], "yaxis": "y2",
            **_line(SIZE_COLOR, "dot", "square"),
            "hovertemplate": "K = %{x}<br>about %{y:.3~r} " + unit_name + "<extra></extra>",
        },
    ]  # fmt: skip
    layout = {
        "height": 340,
        "margin": {"l": 10, "r": 10, "t": 70, "b": 10},
        "showlegend": False,
        "shapes": [_mark(n_colors)],
        "annotations": [
            _name_mark(n_colors),
            _name_axis(f"● {names[0]}", ERROR_COLOR, "left"),
            _name_axis(f"{names[1]} ■", SIZE_COLOR, "right"),
        ],
        "xaxis": _k_axis(numbers, n_colors),
        "yaxis": {**_axis(errors, ERROR_COLOR), "nticks": 6},
        "yaxis2": {
            **_axis(sizes, SIZE_COLOR),
            "overlaying": "y",
            "side": "right",
            "tickmode": "auto",
            "showgrid": False,
            "nticks": 6,
        },
        "clickmode": "event+select",
        "dragmode": False,
    }
    return Figure({"data": data, "layout": layout})  # at once: part by part takes six times as long


def _line(color: str, dash: str, symbol: str) -> dict[str, Any]:
    """How a line and its points look; a click leaves them as they are, as the mark tells what it did."""
    return {
        "mode": "lines+markers",
        "line": {"color": color, "dash": dash},
        "marker": {"size": 9, "symbol": symbol},
        "unselected": {"marker": {"opacity": 1}},
    }


def _mark(n_colors: int) -> dict[str, Any]:
    """A line at a K: Plotly wants shapes in numbers, texts in powers of ten."""
    line = {"color": MARK_COLOR, "width": 1.5}
    return {"type": "line", "x0": n_colors, "x1": n_colors, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _name_mark(n_colors: int) -> dict[str, Any]:
    """The name of that line, on top of it."""
    return {
        "x": log10(n_colors), "y": 1, "yref": "paper", "yanchor": "bottom", "text": f"K = {n_colors}",
        "showarrow": False, "font": _TICKS,
    }  # fmt: skip


def _name_axis(text: str, color: str, side: str) -> dict[str, Any]:
    """What an axis shows, over it and along the page: along the axis it takes room that phones have not."""
    return {
        "x": float(side == "right"), "xref": "paper", "xanchor": side,
        "xshift": 30 if side == "right" else -30, "y": 1.12, "yref": "paper", "yanchor": "bottom",
        "text": text, "showarrow": False, "font": {**_TICKS, "color": color},
    }  # fmt: skip


def _k_axis(numbers: Sequence[int], n_colors: int) -> dict[str, Any]:
    """The axis of K, from the least to the greatest of all these and a little beyond."""
    low, high = min(*numbers, n_colors), max(*numbers, n_colors)
    powers = [power for power in _POWERS if low <= power <= high]
    return {
        "type": "log",
        "range": [log10(low / ROOM), log10(high * ROOM)],
        "tickvals": powers if len(powers) > 2 else list(numbers),
        "tickangle": 0,
        "tickfont": _TICKS,
        "title": {"text": "K, number of colours", "font": _TICKS},
        "fixedrange": True,
    }


def _axis(values: Sequence[float], color: str) -> dict[str, Any]:
    """An axis from 0 to a little above the greatest value, in its line's colour."""
    return {
        "range": [0, ROOM * max(values) or 1],
        "tickfont": {**_TICKS, "color": color},
        "fixedrange": True,
    }
