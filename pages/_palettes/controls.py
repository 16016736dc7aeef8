"""Controls of the palette page: values in, values out."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages import _acts, _controls, _downloads, _exports, _palette_files, _state, _widgets
from pages._choices import FEW_COLORS, MANY_COLORS, MAX_MERGE
from pages._names import shorten
from quantize import Palette, QuantizeError, write_palette
from quantize.colors.spaces import SPACES
from quantize.palettes.order import ORDERS
from quantize.settings import LIMITS
from quantize.swatches.formats import FORMATS

MAX_IMPORT_MB = 1


def pick_choices(draw_more: Callable[[], None]) -> None:
    """Draw number of colours, space, order and the rest; `_state.choices` tells."""
    slider = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Space", list(SPACES), required=True, **_controls.show("palette_space"), help=_widgets.SPACE_HELP
        )  # fmt: skip
        st.segmented_control(
            "Sort", list(ORDERS), required=True, format_func=lambda key: ORDERS[key].title,
            **_controls.show("order"), help="Smooth path: each colour beside those most like it.",
        )  # fmt: skip
        with st.popover("More", icon=":material/tune:"):
            _pick_more()
        draw_more()
    with slider:
        _pick_n_colors(_state.choices().many)


def _pick_n_colors(many: bool) -> None:
    """Draw one of two sliders: one that changed its reach would forget its value."""
    st.slider(
        "Colours", int(LIMITS["n_colors"].low), MANY_COLORS if many else FEW_COLORS,
        **_controls.show("n", "n_many" if many else "n"),
        help="How many colours the palette may have; at least as many as are pinned.",
    )  # fmt: skip


def _pick_more() -> None:
    st.slider(
        "Rare colours", 0.0, 1.0, step=0.05, **_controls.show("palette_rare"),
        help="How much rare colours count, so that small regions keep a colour of their own.",
    )  # fmt: skip
    st.slider(
        "Merge nearly equal", 0.0, MAX_MERGE, step=0.5, **_controls.show("merge"), format="ΔE00 %g",
        help="Colours that differ by no more than this become one; 0 merges none. Pinned ones stay.",
    )  # fmt: skip
    st.toggle("Up to 256 colours", **_controls.show("many"))


def draw_add(pins: Sequence[str], shown: Sequence[str]) -> None:
    """Draw a colour picker, and the button that adds its colour to the palette."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        color = st.color_picker(
            "Add a colour", width="content", **_controls.show("picked", "add_color"),
            help="Choose one here, or click in the picture: it becomes the one to add.",
        )  # fmt: skip
        st.button(
            f"Add {color}", icon=":material/add:", key="add", on_click=_acts.add_pin,
            args=(color, shown), disabled=color in pins or len(pins) == MANY_COLORS,
        )  # fmt: skip


def draw_use(shown: Sequence[str]) -> None:
    """Offer the palette to all pages; once they use it, the way back."""
    if set(_state.choices().keep) == set(shown):
        st.button(
            "Stop using these colours on every page", icon=":material/undo:", key="use_no_more",
            on_click=_acts.use_no_more, help="The other pages go back to what they had.",
        )  # fmt: skip
    else:
        st.button(
            "Use these colours on every page", icon=":material/keep:", key="use",
            on_click=_acts.use_everywhere, args=(shown,),
            help="Pins them on the other pages, too, and makes K as many as they are.",
        )  # fmt: skip


def draw_export(palette: Palette, picture_name: str) -> None:
    """Offer the palette as a file of any format."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = st.selectbox(
            "Format", list(FORMATS), **_controls.show("format"),
            format_func=lambda key: f"{FORMATS[key].title} ({FORMATS[key].extension})",
        )  # fmt: skip
        _downloads.offer(
            "Download palette", lambda: write_palette(palette, key),
            f"{_exports.stem(picture_name)}-{len(palette)}{FORMATS[key].extension}", FORMATS[key].mime,
            icon=":material/download:", key="export",
        )  # fmt: skip


def draw_import() -> None:
    """Draw the way in for palette files; start over once one was read."""
    file = st.file_uploader(
        "Pin the colours of a palette file", key="palette_file", max_upload_size=MAX_IMPORT_MB,
        on_change=_state.notice,
        help="From Adobe programs, GIMP, Krita, Procreate, Lospec, design tokens, style sheets and more, "
        "whatever its name ends with.",
    )  # fmt: skip
    if file and not _state.is_seen("palette_file", file.file_id):
        pinned = _take(file.name, file.getvalue())
        _state.mark_seen("palette_file", file.file_id)  # now: who goes on at once ends this run anywhere
        if pinned:
            st.rerun()
    error, notes = _state.remembered().import_news
    if error:
        st.error(_widgets.plain(error), icon=":material/palette:")
    for note in notes:
        st.caption(_widgets.plain(note))


def _take(name: str, data: bytes) -> bool:
    """Pin what a palette file holds, or say what is wrong with it and leave everything as it is (False)."""
    try:
        _palette_files.pin(name, data)
    except QuantizeError as error:
        _state.remembered().import_news = f"{shorten(name)}: {error}", ()
        return False
    return True
