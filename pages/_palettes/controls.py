"""Controls of the palette page: values in, values out."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages import (
    Frame,
    _cache,
    _code,
    _controls,
    _downloads,
    _files,
    _fixed,
    _palette_acts,
    _palette_files,
    _presets,
    _state,
    _widgets,
    _words,
)
from pages._choices import FEW_COLORS, MANY_COLORS, MAX_MERGE
from pages._names import of_palette, shorten
from pages._names import stem as stem_of
from pages._references import PictureRef, ResultRef
from quantize import Palette, QuantizeError, write_palette
from quantize.colors.spaces import SPACES
from quantize.palettes.order import ORDERS
from quantize.settings import LIMITS
from quantize.swatches.formats import FORMATS

MAX_IMPORT_MB = 1
ORDER_HELP = (
    "Of the swatches, of palette files and of the entries in the picture's file. Smooth path: each colour "
    "beside those most like it. As in the file: pinned colours as they came, also those that stand twice, so "
    "that every number means what it means in the palette file; then the others, dark to light."
)

_NAMES_KEPT = {
    "kept": "Names that you gave to colours go into this file.",
    "identifiers": "Names that you gave to colours become names of variables: lower case, with hyphens; "
    "other colours are numbered.",
    "lost": "This kind of file holds no names.",
}


def pick_choices(draw_more: Callable[[], None]) -> None:
    """Draw number of colours, space, order and the rest; `_state.choices` tells."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="palette_options"):
        slider = st.container()
        with _state.popover("More", "palette_more", ":material/tune:"):
            _pick_more()
        draw_more()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Space", list(SPACES), required=True, **_controls.show("palette_space"), help=_widgets.SPACE_HELP
        )  # fmt: skip
        st.selectbox(
            "Order", list(ORDERS), format_func=lambda key: ORDERS[key].title, width=190,
            **_controls.show("order"), help=ORDER_HELP,
        )  # fmt: skip
        _widgets.pick_dither("palette_")
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
    _widgets.pick_light("palette_")
    _presets.pick_runs("palette_")
    st.toggle("Up to 256 colours", **_controls.show("many"))


def draw_add(pins: Sequence[str], shown: Sequence[str]) -> None:
    """Draw a colour picker, and the button that adds its colour to the palette."""
    color = st.color_picker(
        "Add a colour", width="content", **_controls.show("picked", "add_color"),
        label_visibility="collapsed",
    )  # fmt: skip
    st.button(
        f"Add {color}", icon=":material/add:", key="add", on_click=_palette_acts.add_pin,
        args=(color, shown), disabled=color in pins or len(set(pins)) == MANY_COLORS,
        help="Choose the colour beside this, or click in the picture: it becomes the one to add.",
    )  # fmt: skip


def draw_use(entries: Sequence[str]) -> None:
    """Offer the palette to all pages, with its entries as they are written."""
    _fixed.offer_to_use(
        entries, "use", _palette_acts.use_everywhere,
        "Fixed: the other pages then have these colours and no others, as many as they are, in this page's "
        "space. Pinned colours, in contrast, are there beside others that are chosen around them.",
    )  # fmt: skip


def draw_news(entries: Sequence[str]) -> bool:
    """Say what a palette file that was just read did here, and what may be done next; tell whether it did."""
    undo = _palette_acts.imported()
    if undo is None:
        return False
    with st.container(border=True, key="imported"):
        st.markdown(_widgets.plain(undo.said))
        with st.container(horizontal=True):
            draw_use(entries)
            st.button(
                "Undo", icon=":material/undo:", key="undo_import", on_click=_palette_acts.undo_import,
                help="What was pinned here, the number of colours, their order and names are as before.",
            )  # fmt: skip
        _fixed.tell_fixed()
    return True


def draw_export(palette: Palette, frame: Frame, result: ResultRef) -> None:
    """Offer the palette as a file of any format, the picture in its colours, and code for that."""
    key = st.selectbox(
        "Format", list(FORMATS), **_controls.show("format"),
        format_func=lambda key: f"{FORMATS[key].title} ({FORMATS[key].extension})",
    )  # fmt: skip
    with st.container(horizontal=True):
        _downloads.offer(
            "Download palette", lambda: write_palette(palette, key),
            of_palette(stem_of(frame.name), len(palette), FORMATS[key].extension), FORMATS[key].mime,
            icon=":material/download:", key="export", help=_NAMES_KEPT[FORMATS[key].names],
        )  # fmt: skip
        _draw_picture_file(palette, frame.picture, result, frame.name)
        _code.offer(frame, result.settings)


def _draw_picture_file(palette: Palette, picture: PictureRef, result: ResultRef, picture_name: str) -> None:
    width, height = picture.size
    _downloads.offer(
        "Download picture", partial(_cache.download, result, palette.colors),
        f"{stem_of(picture_name)}-{len(result.palette)}.png", "image/png",
        icon=":material/download:", key="export_picture",
        help=f"Indexed PNG, {width:,}×{height:,} pixels, its entries in the order chosen above: "
        f"{ORDERS[_state.choices().order].title.lower()}.",
    )  # fmt: skip


def draw_import() -> None:
    """Draw the way in for palette files; start over once one was read."""
    file = st.file_uploader(
        "Pin the colours of a palette file", key="palette_file", max_upload_size=MAX_IMPORT_MB,
        on_change=_state.notice_file, args=("palette_file",),
        help="From Adobe programs, GIMP, Krita, Procreate, Lospec, design tokens, style sheets and more, "
        "whatever its name ends with.",
    )  # fmt: skip
    if file and not _state.is_seen("palette_file", file.file_id):
        pinned = _take(file.name, file.getvalue())
        _state.mark_seen("palette_file", file.file_id)  # now: who goes on at once ends this run anywhere
        _files.release(file)
        if pinned:
            st.rerun()
    error, notes = _state.remembered().import_news
    if error:
        st.error(_widgets.plain(error), icon=":material/palette:")
    for note in notes:
        st.caption(_words.sentence(note))


def _take(name: str, data: bytes) -> bool:
    """Pin what a palette file holds, or say what is wrong with it and leave everything as it is (False)."""
    try:
        _palette_files.pin(name, data)
    except QuantizeError as error:
        _state.remembered().import_news = f"{shorten(name)}: {_words.to_sentence(str(error))}", ()
        return False
    return True
