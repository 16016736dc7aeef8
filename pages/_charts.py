"""Charts: values in, Plotly figures out. Plotly is loaded when the first one is drawn."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quantize.curve import CurvePoint

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ERROR_COLOR, SIZE_COLOR, MARK_COLOR = "#3d6ea8", "#b07a1e", "#8a8a8a"


def draw_curve(points: Sequence[CurvePoint], n_colors: int, error: str) -> "Figure":
    """Error and file size against K, the current K marked.

    Parameters
    ----------
    points : sequence of CurvePoint
        From small to large K.
    n_colors : int
        The current K.
    error : {"ΔE00", "MSE"}
        Which error to draw.
    """
    from plotly.graph_objects import Figure, Scatter

    numbers = [point.n_colors for point in points]
    errors = [point.delta_e_00 if error == "ΔE00" else point.mse for point in points]
    sizes = [point.n_bytes / 1e6 for point in points]
    figure = Figure()
    figure.add_trace(
        Scatter(
            x=numbers, y=errors, name=f"mean {error}", mode="lines+markers",
            line={"color": ERROR_COLOR}, marker={"size": 9},
            hovertemplate="K = %{x}<br>" + error + " %{y:.2f}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_trace(
        Scatter(
            x=numbers, y=sizes, name="PNG size, about", mode="lines+markers", yaxis="y2",
            line={"color": SIZE_COLOR, "dash": "dot"}, marker={"size": 7, "symbol": "square"},
            hovertemplate="K = %{x}<br>about %{y:.2f} MB<extra></extra>",
        )
    )  # fmt: skip
    figure.add_vline(x=n_colors, line={"color": MARK_COLOR, "width": 1.5}, annotation_text=f"K = {n_colors}")
    figure.update_layout(
        height=320,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        xaxis={"type": "log", "title": "K, number of colours", "tickvals": [2, 4, 8, 16, 32, 64, 128, 256]},
        yaxis={"title": f"mean {error}", "rangemode": "tozero"},
        yaxis2={"title": "MB", "overlaying": "y", "side": "right", "rangemode": "tozero", "showgrid": False},
        clickmode="event+select",
        dragmode=False,
    )
    return figure
