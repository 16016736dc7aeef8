"""The colours of a picture as clouds: values in, Plotly figures out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pages._address_parts import VIEWS
from quantize.colors.hexadecimal import hex_colors
from quantize.colors.spaces import SPACES, Space
from quantize.measuring.cloud import Cloud, hue_and_chroma

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT = 390
# What is laid flat is drawn as SVG, dot by dot: Plotly's quicker way compiles code while it runs, which the
# page's security policy forbids.
FLAT_POINTS = 4000
# Axes of a*, b* and chroma reach so far at least, or rounding of greys would fill a chart.
LEAST_REACH = 10.0
# So that the balls inside the cloud can be seen.
SEEN_THROUGH = 0.2
_GRID, _INK = "rgba(128,128,128,0.3)", "#808080"
# What is translucent in three dimensions comes out white on a light page.
_SOLID_GRID = "#a0a0a0"
_NO_MARGIN = {"l": 0, "r": 0, "t": 0, "b": 0}


def draw_cloud(cloud: Cloud, cells: np.ndarray, palette: np.ndarray, space: Space) -> "Figure":
    """The cloud in three dimensions, each colour in that of its entry, the entries as balls.

    Parameters
    ----------
    cloud : Cloud
    cells : uint8, shape (n,)
        Palette entry of each colour of the cloud.
    palette : uint8, shape (k, 3)
        sRGB.
    space : Space
        Whose coordinates are the axes.
    """
    from plotly.graph_objects import Figure

    entries = hex_colors(palette)
    dots, balls = _places(cloud.colors, space), _places(palette, space)
    data = [
        {"type": "scatter3d", **dots, **_dots(_cells(cells, entries, 2, opacity=SEEN_THROUGH))},
        {"type": "scatter3d", **balls, **_balls(entries, 9, 1)},
    ]
    # Numbers beside the axes would push their names out of the picture.
    axis = {"gridcolor": _SOLID_GRID, "showbackground": False, "zeroline": False, "showticklabels": False}
    names = dict(zip(("xaxis", "yaxis", "zaxis"), _axes(space), strict=True))
    layout = {
        "height": HEIGHT,
        "margin": _NO_MARGIN,
        "showlegend": False,
        "uirevision": space.key,
        "scene": {name: {**axis, "title": {"text": text}} for name, text in names.items()}
        | {
            "aspectmode": "manual",
            "aspectratio": _proportions(dots, balls),
            "camera": {"eye": {"x": 1.85, "y": 1.85, "z": 0.74}, "center": {"x": 0, "y": 0, "z": -0.13}},
        },
    }
    return Figure({"data": data, "layout": layout})


def draw_plane(cloud: Cloud, cells: np.ndarray, palette: np.ndarray, view: str) -> "Figure":
    """The cloud seen along the lightness of CIE LAB: a* and b*, or hue angle and chroma.

    Parameters as for ``draw_cloud``; ``view`` is one of the last two of VIEWS.
    """
    from plotly.graph_objects import Figure

    entries, step = hex_colors(palette), -(-len(cells) // FLAT_POINTS)
    dots, balls = _flat(cloud.colors[::step], view), _flat(palette, view)
    data = [
        {"type": "scatter", **dots, **_dots(_cells(cells[::step], entries, 4, opacity=1))},
        {"type": "scatter", **balls, **_balls(entries, 14, 1.5)},
    ]
    hues = view == VIEWS[2]
    titles = ("hue, degrees", "chroma") if hues else ("a*, green to red", "b*, blue to yellow")
    axis = {"gridcolor": _GRID, "zerolinecolor": _INK, "zeroline": not hues, "tickfont": {"size": 13}}
    x, y = (np.concatenate([dots[name], balls[name]]) for name in "xy")
    across = {"range": [0, 360], "dtick": 60} if hues else {"range": _reach(x)}
    down = {"range": [0, _reach(y)[1]]} if hues else {"range": _reach(y), "scaleanchor": "x"}
    layout = {
        "height": HEIGHT,
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "showlegend": False,
        "uirevision": view,
        "xaxis": {**axis, **across, "title": {"text": titles[0]}},
        "yaxis": {**axis, **down, "title": {"text": titles[1]}},
    }
    return Figure({"data": data, "layout": layout})


def _dots(marker: dict[str, Any]) -> dict[str, Any]:
    """How the cloud is drawn, which says nothing under the mouse."""
    return {"mode": "markers", "marker": marker, "hoverinfo": "skip"}


def _balls(entries: Sequence[str], size: float, width: float) -> dict[str, Any]:
    """How the palette's entries are drawn."""
    return {
        "mode": "markers",
        "text": entries,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": size, "color": entries, "line": {"color": _INK, "width": width}},
    }


def _proportions(*clouds: dict[str, np.ndarray]) -> dict[str, float]:
    """Sides of the box, as the colours' true extents are to each other; its diagonal is that of a unit cube.

    Plotly's own way keeps the volume: a flat cloud would stick out of the chart.
    """
    sides = np.array([float(np.ptp(np.concatenate([cloud[name] for cloud in clouds]))) for name in "xyz"])
    sides = np.maximum(sides, 0.1 * sides.max() or 1.0)
    return dict(zip("xyz", (sides * np.sqrt(3) / np.linalg.norm(sides)).tolist(), strict=True))


def _reach(values: np.ndarray) -> list[float]:
    """From a little below the least to a little above the greatest value, 0 well inside."""
    room = 0.05 * float(np.ptp(values))
    return [min(float(values.min()) - room, -LEAST_REACH), max(float(values.max()) + room, LEAST_REACH)]


def _axes(space: Space) -> tuple[str, str, str]:
    """Names of what is drawn along x, y and z."""
    first, second, third = space.axes
    return (second, third, first) if first == "lightness" else (first, second, third)


def _places(colors: np.ndarray, space: Space) -> dict[str, np.ndarray]:
    """Coordinates in a space, lightness upwards."""
    first, second, third = _columns(colors, space)
    order = (second, third, first) if space.axes[0] == "lightness" else (first, second, third)
    return dict(zip("xyz", order, strict=True))


def _columns(colors: np.ndarray, space: Space) -> np.ndarray:
    working = space.to_working(colors)
    # BGR's axes are named blue, green, red; its working colours are in R, G, B order.
    return np.ascontiguousarray((working[:, ::-1] if space.key == "BGR" else working).T)


def _flat(colors: np.ndarray, view: str) -> dict[str, np.ndarray]:
    if view == VIEWS[2]:
        hue, chroma = hue_and_chroma(colors)
        return {"x": hue, "y": chroma}
    _, a, b = np.ascontiguousarray(SPACES["LAB"].to_working(colors).T)
    return {"x": a, "y": b}


def _cells(cells: np.ndarray, entries: list[str], size: float, opacity: float) -> dict[str, Any]:
    """Markers in the colours of their entries, sent as numbers with a scale of flat steps."""
    steps = np.repeat(np.linspace(0, 1, len(entries) + 1), 2)[1:-1].tolist()
    scale = [[place, entries[number // 2]] for number, place in enumerate(steps)]
    limits = {"cmin": -0.5, "cmax": len(entries) - 0.5}
    return {
        "size": size,
        "color": cells,
        "colorscale": scale,
        "opacity": opacity,
        "line": {"width": 0},
        **limits,
    }
