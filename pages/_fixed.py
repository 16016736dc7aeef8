"""A palette that all pages use as it is: that it is so, the way back, and in which order it is written."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages import _controls, _palette_acts, _state
from pages._references import ResultRef
from quantize.palettes.entries import ENTRY_ORDERS, arrange_entries


def is_fixed() -> bool:
    """Whether a palette is used as it is, so that nothing is searched."""
    return bool(_state.choices().palette)


def tell_fixed() -> None:
    """Say that all pages use a fixed palette, if so, what that changed, and offer the way back."""
    if not is_fixed():
        return
    record, used = _state.choices(), _state.remembered().used
    number = len(set(record.palette))
    colors = "one colour" if number == 1 else f"the {number} colours of one palette"
    text = f"Every page uses exactly {colors}, no others."
    before = used.before["space"] if used and used.holds(record) else record.space
    if before != record.space:
        text += f" Space is {record.space}, as on the Palette page; it was {before}."
    with st.container(horizontal=True, vertical_alignment="center", key="fixed"):
        st.markdown(text, width="content")
        st.button(
            "Stop using only these", icon=":material/undo:", key="use_no_more",
            on_click=_palette_acts.use_no_more,
            help="K, method, pins and rare colours are again what they were; they have no effect meanwhile.",
        )  # fmt: skip


def offer_to_use(
    colors: Sequence[str], key: str, on_click: Callable[[tuple[str, ...]], None], help: str
) -> None:
    """Offer these colours to all pages, unless they are in use."""
    in_use = set(_state.choices().palette)
    if in_use != set(colors):
        st.button(
            "Use exactly these instead" if in_use else "Use exactly these colours on every page",
            icon=":material/keep:", key=key, on_click=on_click, args=(tuple(colors),), help=help,
        )  # fmt: skip


def arrange(result: ResultRef, order: str) -> NDArray[np.uint8]:
    """Arrange a result's entries in an order for its PNG: all of them, uint8 (n, 3) or (n, 4)."""
    return arrange_entries(result.entries, result.counts, result.settings.ordered, order)


def pick_entries() -> None:
    """Draw in which order the PNG holds its palette."""
    st.selectbox(
        "Order of entries in the PNG", list(ENTRY_ORDERS), format_func=lambda key: ENTRY_ORDERS[key].title,
        **_controls.show("entries"),
        help="For programs that go by an entry's number. As in the file: a palette's own order, with colours "
        "that are not used or stand twice; without one, pinned colours first.",
    )  # fmt: skip
