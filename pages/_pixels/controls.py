"""Controls of the page about pixel art."""

import streamlit as st

from pages import _controls, _share, _state, _widgets
from pages._address_parts import ARTS, OWN_MACHINE, SCALES
from pages._references import PictureRef
from pages._tables import USED
from quantize.colors.spaces import SPACES
from quantize.palettes.palette import MAX_ENTRIES
from quantize.palettes.tables import read_tables
from quantize.pixelart.choices import PICKS
from quantize.settings import LIMITS
from quantize.tiles.cutting import LARGEST
from quantize.tiles.machines import MACHINES
from quantize.tiles.tiled import MOST

ART_WORDS = {"size": "True size", "tiles": "Tiles"}
ART_HELP = (
    "True size: the grid of enlarged pixel art is found, and each cell becomes one pixel. Tiles: every tile "
    "of the picture gets one of a few small palettes, as old consoles have them."
)
PICK_WORDS = {"mode": "Most frequent", "median": "Median"}


def pick_size(picture: PictureRef) -> None:
    """Draw which cells there are and which colours they get."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="art_options"):
        _pick_art()
        st.text_input(
            "Cell", **_controls.show("cell"), placeholder="found by itself", width=140,
            help="Pixels of a cell, across and down, like 8x8 or 3.7x3.7. Empty: it is found.",
        )  # fmt: skip
        _pick_table("Colours", "art_table", {"": "Its own", **_used()}, 250)
        limit = LIMITS["n_colors"]
        st.number_input(
            "At most (K)", int(limit.low), int(limit.high), width=120,
            disabled=bool(_state.choices().art_table), **_controls.show("art_k"),
            help="How many colours the cells may have, chosen over all of them.",
        )  # fmt: skip
        with _state.popover("More", "art_more", ":material/tune:"):
            st.segmented_control(
                "Space", list(SPACES), required=True, **_controls.show("space", "art_space"),
                help=_widgets.SPACE_HELP,
            )  # fmt: skip
            st.segmented_control(
                "Colour of a cell", list(PICKS), format_func=PICK_WORDS.__getitem__, required=True,
                **_controls.show("art_pick"),
                help="The colour that most of its middle has or is like; or the median of each channel.",
            )  # fmt: skip
        _share.draw(_share.frame_height(picture.size, True))


def _pick_art() -> None:
    st.segmented_control(
        "Make", ARTS, format_func=ART_WORDS.__getitem__, required=True, **_controls.show("art"), help=ART_HELP
    )  # fmt: skip


def _used() -> dict[str, str]:
    return {USED: "In use on every page"} if _state.choices().palette else {}


def _pick_table(label: str, field: str, first: dict[str, str], width: int) -> None:
    """Draw a choice of built-in palettes that a file can hold, after what stands ``first``."""
    titles = first | {
        key: f"{one.title}, {len(one)}" for key, one in read_tables().items() if len(one) <= MOST
    }
    st.selectbox(
        label, list(titles), format_func=titles.__getitem__, width=width,
        **_controls.show(field, among=list(titles)),
        help="Type to find a built-in palette by its name.",
    )  # fmt: skip


def pick_scale() -> int:
    """Draw how many pixels a cell gets in the file."""
    return st.selectbox(
        "Pixels of a cell", SCALES, format_func=lambda scale: f"{scale} × {scale}", width=120,
        **_controls.show("scale"), help="1 × 1 is the true size. More: each cell as so many equal pixels.",
    )  # fmt: skip


def pick_machine(picture: PictureRef) -> None:
    """Draw for which machine tiles get palettes; and by hand, what it allows."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="tile_options"):
        _pick_art()
        titles = {**{key: one.title for key, one in MACHINES.items()}, OWN_MACHINE: "By hand"}
        machine = st.selectbox(
            "Machine", list(titles), format_func=titles.__getitem__, width=270, **_controls.show("machine"),
            help="What a machine allows: size of a tile, small palettes, their colours. By hand goes on from "
            "the machine that was chosen before.",
        )  # fmt: skip
        st.segmented_control(
            "Space", list(SPACES), required=True, **_controls.show("space", "tile_space"),
            help=_widgets.SPACE_HELP,
        )  # fmt: skip
        _share.draw(_share.frame_height(picture.size, True))
    if machine == OWN_MACHINE:
        _pick_by_hand()


def _pick_by_hand() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="tile_hand"):
        for side, label in (("width", "Tile width"), ("height", "Tile height")):
            st.number_input(
                label, 1, LARGEST, width=110, **_controls.show("tile", f"tile_{side}"),
                help="Pixels of a tile.",
            )  # fmt: skip
        st.number_input(
            "Palettes", 0, MAX_ENTRIES, width=110, **_controls.show("tile_palettes"),
            help="How many small palettes. 0: one of every tile's own, of a built-in palette.",
        )  # fmt: skip
        st.number_input(
            "Colours of each", 1, MAX_ENTRIES, width=120, **_controls.show("tile_k"),
            help="Palettes times colours may be 256 at most, the entries of a file.",
        )  # fmt: skip
        _pick_table("Of", "tile_table", {"": "Any colours"}, 220)
        st.number_input(
            "Levels", 2, 256, width=100, disabled=bool(_state.choices().tile_table),
            **_controls.show("tile_levels"), help="How many values red, green and blue may have.",
        )  # fmt: skip
        st.toggle(
            "First one shared", **_controls.show("tile_shared"),
            help="The first colour is the same in all small palettes, as a background is.",
        )  # fmt: skip
