"""Controls of the page about smaller files, and what visitors do with its chart."""

from collections.abc import Sequence

import streamlit as st

from pages import _controls, _share, _state
from pages._address_parts import FITTED_KINDS, GOALS, MOST_KB, MOST_LEAST
from pages._references import PictureRef
from quantize.sizing.comparing import Point
from quantize.sizing.kinds import KINDS

_GOALS = {"size": "Fit into", "looks": "Look at least"}


def pick_aim(picture: PictureRef) -> None:
    """Draw what a file is to be, of which kind, and the link."""
    opaque = not (picture.opacity.n_hidden or picture.opacity.n_soft)
    kinds = [key for key in FITTED_KINDS if KINDS[key].clear or opaque]
    with st.container(horizontal=True, vertical_alignment="bottom", key="aim"):
        st.segmented_control(
            "Goal", GOALS, required=True, format_func=_GOALS.__getitem__, **_controls.show("goal"),
            help="Fit into: what looks best in so many bytes. Look at least: the shortest file that looks so "
            "near to the picture.",
        )  # fmt: skip
        if _state.choices().goal == "size":
            st.number_input(
                "kB", 1, MOST_KB, width=140, **_controls.show("kb"),
                help="Kilobytes of 1,000 bytes, so that it fits however they are counted.",
            )  # fmt: skip
        else:
            st.number_input(
                "SSIMULACRA2", 0, MOST_LEAST, width=140, **_controls.show("least"),
                help="About 90: nobody sees a difference; 70: hard to see; 50: seen; 30: bothers.",
            )  # fmt: skip
        st.selectbox(
            "Kind", kinds, format_func=lambda key: KINDS[key].title, width=160,
            **_controls.show("kind", among=kinds),
            help="An indexed PNG has at most 256 colours, and every program opens it; JPEG, WebP and AVIF "
            "lose detail instead.",
        )  # fmt: skip
        st.toggle(
            "Squeeze", **_controls.show("squeeze"), width="content",
            disabled=_state.choices().kind != "png",
            help="Pack indexed PNGs in every way there is: some per cent for some seconds.",
        )  # fmt: skip
        _share.draw(_share.frame_height(picture.size, True))


def show_point(code: str) -> None:
    """Callback: the file of the chart with this code is shown."""
    _state.change(point=code)


def choose_kind(kind: str) -> None:
    """Callback: a file of this kind is to be found."""
    _state.change(kind=kind, point="")


def follow_chart(points: Sequence[Point]) -> None:
    """Callback of the chart: the file that was clicked is shown; what is no file of it is not."""
    said = _state.said("files")
    for point in said.selection.points if said else ():
        place = point.get("customdata")
        place = place[0] if isinstance(place, list) and place else place
        if isinstance(place, int) and 0 <= place < len(points):
            recipe = points[place].recipe
            if recipe is not None:
                _state.change(point=recipe.code)
                return
    _state.notice()


def back_to_found() -> None:
    """Callback: the file that was found for the goal is shown again."""
    _state.change(point="")
