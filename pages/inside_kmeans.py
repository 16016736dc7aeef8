"""k-means watched at work: a run on the visitor's own picture, step by step."""

from functools import partial

import streamlit as st

from pages import Frame, _acts, _code, _faint, _state, _words, ensure_frame
from pages._inside import controls, results
from pages._inside.attempts import draw_attempts
from pages._inside.mistakes import draw_mistakes
from pages._inside.samples import draw_samples
from pages._inside.tasks import draw_tasks, say_task
from pages._inside.ways import draw_ways
from pages._viewer.run import play
from quantize import QuantizeError
from quantize.colors.histogram import MANY_CELLS


def main(frame: Frame) -> None:
    """Draw the page."""
    picture = frame.picture
    _faint.stop_if_gone(picture, can_be_soft=False)
    controls.pick_run(picture)
    record = _state.choices()
    run = results.Run.of(record)
    try:
        film = results.film(picture, run)
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        st.stop()
    with st.container(key="run"):
        play(
            film.data, key="player", name=film.name, step=record.step, origin=_acts.origin(),
            own=record.centers, clusters=record.clusters, task=say_task(picture, run),
            until=(record.until_epsilon, record.until_max_iter),
            on_step=lambda: _acts.follow_step("player", film.name),
            on_act=lambda: _acts.follow_run("player"),
            on_until=lambda: _acts.follow_until("player"),
        )  # fmt: skip
    _code.offer_run(frame, partial(results.watched, picture, run))
    _faint.tell_without(picture)
    if picture.n_colors > MANY_CELLS:
        st.caption(
            f"With {picture.n_colors:,} colours, close neighbours go together in this run: figures are "
            "off by what little they differ."
        )
    draw_tasks(picture, run)
    draw_attempts(picture, run)
    draw_mistakes(picture, run)
    draw_samples(picture, run)
    draw_ways(picture, run)


main(ensure_frame())
