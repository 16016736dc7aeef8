"""A run of k-means to be played: picture, colours, error and words in step, and centres that can be moved.

Two elements, as their parts change at different times: a courier brings the film
(``quantize.teaching.film``), which is large and the same for as long as it is that run; the stage is told
which one to play, and from where.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages._viewer.assets import read
from pages._viewer.declaring import declare

_HEX = re.compile("#[0-9a-f]{6}")
MOST_STEPS = 999

_courier = declare("quantize_run_courier", js=read("run_film.js", "run_courier.js"), isolate_styles=False)
_stage = declare(
    "quantize_run",
    html=read("run.html"),
    css=read("buttons.css", "transport.css", "run.css"),
    js=read(
        *("shelf.js", "run_film.js", "run_picture.js", "run_cloud.js", "run_chart.js", "run_words.js"),
        *("transport.js", "run.js"),
    ),
)


@dataclass(frozen=True)
class Wanted:
    """Another run: from these centres, "#rrggbb"; none is the start that was chosen, with so many of them."""

    centers: tuple[str, ...]
    clusters: int
    step: int


def play(
    film: bytes,
    *,
    key: str,
    name: str,
    step: int,
    origin: str,
    own: Sequence[str],
    clusters: int,
    until: tuple[float, int],
    task: tuple[str, str, str] | None = None,
    on_step: Callable[[], None],
    on_act: Callable[[], None],
    on_until: Callable[[], None],
) -> None:
    """Play a run.

    Parameters
    ----------
    film : bytes
        From ``pack_film``, with ``shape``, ``start``, ``name`` and perhaps ``before`` in its header.
    key : str
        Names this player; unique on its page.
    name : str
        32 characters that name this film among all others.
    step : int
        Where it begins, and where it goes when ``origin`` is another one.
    origin : str
        Names the address that was read last.
    own : sequence of str
        The centres of the visitor that this run begins with, to be given back by Undo.
    clusters : int
        How many centres are chosen besides.
    until : (float, int)
        ``epsilon`` and ``max_iter`` of which the chart shows where they would end the run, when ``origin`` is
        another one.
    task : three of str, optional
        What the visitor tries to do: its title, the question, and how far it is.
    on_step, on_act, on_until : callable
        Callbacks: the step stands as ``at``, another run that is wanted as ``act``, other criteria as
        ``until`` in the session's state.
    """
    with st.container(gap=None, key=f"stage-{key}"):
        data = {
            "film": name, "step": step, "origin": origin, "own": list(own), "clusters": clusters,
            "task": task and list(task), "until": list(until),
        }  # fmt: skip
        _stage(key=key, data=data, on_at_change=on_step, on_act_change=on_act, on_until_change=on_until)
        _courier(key=f"{key}-film", data=name.encode("ascii") + film)


def read_step(value: object, name: str) -> int | None:
    """Believe a browser only a step of the film that it plays."""
    if not isinstance(value, dict) or value.keys() != {"step", "film"} or value["film"] != name:
        return None
    step = value["step"]
    return step if _is_step(step) else None


def read_until(value: object) -> tuple[float, int] | None:
    """Believe a browser only two numbers; what they may be, ``believe`` knows."""
    if not isinstance(value, dict) or value.keys() != {"epsilon", "max_iter"}:
        return None
    epsilon, max_iter = value["epsilon"], value["max_iter"]
    if type(max_iter) is not int or type(epsilon) not in (int, float):
        return None
    return float(epsilon), max_iter


def read_wanted(value: object, most: int) -> Wanted | None:
    """Believe a browser only up to so many centres that are colours."""
    if not isinstance(value, dict) or value.keys() != {"centers", "clusters", "step"}:
        return None
    centers, clusters, step = value["centers"], value["clusters"], value["step"]
    if not isinstance(centers, list) or len(centers) > most or not _is_step(step):
        return None
    if not all(isinstance(color, str) and _HEX.fullmatch(color) for color in centers):
        return None
    if type(clusters) is not int or not 1 <= clusters <= most:
        return None
    return Wanted(tuple(centers), clusters, step)


def _is_step(value: object) -> bool:
    return type(value) is int and 0 <= value <= MOST_STEPS
