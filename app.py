"""The app: Streamlit runs this file for every visitor and every change; its web server imports it once."""

from pathlib import Path

import streamlit as st

if __name__ == "__main__":
    from pages import _cache, _frame, _messages, _pictures, _state, find_pages, run_framed, screen_of

    # A file of ours: Streamlit's own icons come from another host.
    ICON = Path(__file__).with_name("pages") / "icon.png"

    SIDEBAR_WIDTH = 250  # pixels; a laptop has room for one row of controls beside it
    _state.remembered().live.let_pass()
    _cache.warm_up()
    page = st.navigation(find_pages(), position="top")
    screen = screen_of(page)
    st.set_page_config(
        page_title=f"{screen.title} · Colour quantization",
        page_icon=ICON,
        layout="wide",
        initial_sidebar_state=SIDEBAR_WIDTH,
    )
    st.logo(ICON, size="large")
    _frame.style()
    with _pictures.replacing_lost(), _state.whole_run():
        frame = _frame.draw(screen)
        _messages.begin_page()
        run_framed(page, frame)
else:
    from quantize import ahead

    ahead.begin_early()  # before imports that take a second
    from pages._server import server

    app = st.App(__file__, **server.parts())
