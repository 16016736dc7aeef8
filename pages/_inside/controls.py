"""Controls of the page that shows k-means at work: how many centres, and where they begin."""

import streamlit as st

from pages import _acts, _controls, _share, _state
from pages._choices import MOST_CLUSTERS
from pages._references import PictureRef
from quantize.teaching.starts import STARTS


def pick_run(picture: PictureRef) -> None:
    """Draw K, the start, another draw, and the link."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="run_options"):
        st.slider(
            "K, centres", 1, MOST_CLUSTERS, **_controls.show("clusters"), width=200,
            help="How many colours are looked for. The run begins anew when you change it.",
        )  # fmt: skip
        st.segmented_control(
            "Start", list(STARTS), required=True, format_func=lambda key: STARTS[key].title,
            **_controls.show("start"), width="content",
            help="Where the first centres are: on pixels drawn by chance; on pixels drawn far from each "
            "other (k-means++); or where the costliest cluster is split again and again, without luck. "
            "None of them once you have moved a centre: choose one to begin there again.",
        )  # fmt: skip
        record = _state.choices()
        st.button(
            "Draw again", icon=":material/casino:", key="draw_again", on_click=_acts.draw_again,
            disabled=not STARTS[record.start].drawn and not record.centers,
            help="Another draw of the first centres. What you moved by hand is taken back.",
        )  # fmt: skip
        _share.draw(_share.frame_height(picture.size, True))
