"""Charts of the page that shows k-means at work: attempts, and samples of the picture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pages._inside.results import name_start
from quantize.teaching.attempts import Attempt
from quantize.teaching.samples import Sample
from quantize.teaching.starts import STARTS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

COLORS = {"random": "#b07a1e", "k-means++": "#4a7fc1", "split": "#8a8a8a"}
_TICKS = {"size": 13}


def name_of(attempt: Attempt) -> str:
    """What a run is called."""
    return name_start(attempt.init, attempt.seed)


def draw_attempts(attempts: Sequence[Attempt]) -> "Figure":
    """Draw each run's error over its iterations, the best one thick.

    The first iterations of bad starts are far above all else: what the axis holds begins with the fifth ones.
    """
    from plotly.graph_objects import Figure, Scatter

    best, figure = min(attempts, key=lambda one: one.error), Figure()
    named: set[str] = set()
    for one in sorted(attempts, key=lambda one: one is best):
        figure.add_trace(
            Scatter(
                x=list(range(1, len(one.errors) + 1)), y=one.errors, mode="lines",
                name=STARTS[one.init].title,
                line={
                    "color": COLORS[one.init], "width": 4 if one is best else 1.6,
                    "dash": "solid" if STARTS[one.init].drawn else "dash",
                },
                legendgroup=one.init, showlegend=one.init not in named,
                hovertemplate=f"{name_of(one)}<br>iteration %{{x}}: %{{y:,.1f}}<extra></extra>",
            )
        )  # fmt: skip
        named.add(one.init)
    ends = [error for one in attempts for error in one.errors[min(4, len(one.errors) - 1) :]]
    low, high = min(ends), max(ends)
    room = 0.05 * (high - low) or 1
    figure.update_layout(
        height=320,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": _TICKS},
        xaxis={"title": {"text": "iterations", "font": _TICKS}, "tickfont": _TICKS, "fixedrange": True},
        yaxis={
            "title": {"text": "mean squared error", "font": _TICKS}, "tickfont": _TICKS, "nticks": 6,
            "range": [low - room, high + room], "fixedrange": True,
        },
        dragmode=False,
    )  # fmt: skip
    return figure


def draw_errors(samples: Sequence[Sample], enough: Sample) -> "Figure":
    """Draw the error against the pixels of samples, from the best one on: to be seen are differences."""
    errors = [sample.error for sample in samples]
    room = 0.08 * (max(errors) - min(errors)) or 1
    figure = _draw_line(samples, enough, errors, "mean squared error", ",.1f", COLORS["k-means++"])
    return figure.update_yaxes(range=[min(errors) - room, max(errors) + room])


def draw_times(samples: Sequence[Sample], enough: Sample) -> "Figure":
    """Draw the time against the pixels of samples, from none on."""
    times = [1000 * sample.seconds for sample in samples]
    figure = _draw_line(samples, enough, times, "time, ms", ",.0f", COLORS["random"])
    return figure.update_yaxes(rangemode="tozero")


def _draw_line(
    samples: Sequence[Sample], enough: Sample, values: Sequence[float], name: str, digits: str, color: str
) -> "Figure":
    """Draw one figure of samples, and a line where they are enough."""
    from plotly.graph_objects import Figure, Scatter

    figure = Figure(
        Scatter(
            x=[sample.n_pixels for sample in samples], y=values, name=name, mode="lines+markers",
            line={"color": color}, marker={"size": 8},
            hovertemplate=f"%{{x:,}} pixels<br>{name} %{{y:{digits}}}<extra></extra>",
        )
    )  # fmt: skip
    line = {"color": COLORS["split"], "width": 1.5, "dash": "dash"}
    at = enough.n_pixels
    figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, yref="paper", line=line)
    return figure.update_layout(
        height=240,
        margin={"l": 10, "r": 10, "t": 34, "b": 10},
        title={"text": name, "font": {"size": 14}, "x": 0, "y": 0.98, "yanchor": "top"},
        xaxis={
            "type": "log", "dtick": 1, "tickfont": _TICKS, "tickformat": "~s", "fixedrange": True,
            "title": {"text": "pixels clustered", "font": _TICKS},
        },
        yaxis={"tickfont": _TICKS, "nticks": 6, "fixedrange": True, "tickformat": ","},
        dragmode=False,
    )  # fmt: skip
