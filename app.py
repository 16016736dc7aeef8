"""The frame that every page shares: page settings, the picture picker, navigation."""

import streamlit as st

from pages import _cache, _frame, find_pages, run_framed

st.set_page_config(
    page_title="Colour quantization",
    page_icon=":material/palette:",
    layout="wide",
    initial_sidebar_state="auto",
)
_cache.warm_up()
page = st.navigation(find_pages(), position="top")
_frame.style()
_frame.draw_picker()
run_framed(page)
