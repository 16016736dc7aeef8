"""Controls of the page about segments: the smallest part, borders, regions to be merged and the way back."""

from collections.abc import Sequence
from zlib import crc32

import streamlit as st

from pages import _controls, _segment_acts
from pages._address_parts import SMALLEST
from pages._palettes.html import share_in_words
from pages._references import PictureRef
from quantize.regions.segments import Segments, suggest_smallest

_MOST_IN_A_NAME = 4


def pick_smallest(picture: PictureRef) -> None:
    """Draw how small a part may be, and whether the poster's borders are curves."""
    width, height = picture.size
    automatic = suggest_smallest(width * height)

    def title(pixels: int) -> str:
        return f"{pixels:,} px" if pixels else f"automatic, {automatic:,} px"

    with st.container(horizontal=True, vertical_alignment="bottom", key="segment_options"):
        st.select_slider(
            "Smallest part", SMALLEST, format_func=title, width=420, **_controls.show("smallest"),
            help="Connected parts of less than so many pixels are specks: each is merged into the neighbour "
            "that it borders most. At 1 px all stay.",
        )  # fmt: skip
        st.toggle(
            "Smooth borders", **_controls.show("smooth"), width="content",
            help="In the poster, borders are curves that pass between the pixels. Without this they keep the "
            "sides of pixels, as pixel art wants.",
        )  # fmt: skip


def pick_merged(segments: Segments, colors: Sequence[str], groups: Sequence[tuple[str, ...]]) -> None:
    """Draw regions to choose from, a button that merges them, and what was merged, each with its way back."""
    codes = segments.hexes
    with st.container(key="merging"):
        _paint('.st-key-merge_pick [role="toolbar"] > :nth-child({})', codes)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            key = f"merge_{crc32(' '.join(codes).encode()):x}"  # of others nothing is chosen yet
            with st.container(key="merge_pick", width="content"):
                chosen = st.pills(
                    "Merge regions", range(len(codes)), selection_mode="multi", key=key, wrap=True,
                    format_func=codes.__getitem__,
                    help="Choose two or more, then Merge: they become one region, in the colour of the "
                    "largest.",
                    disabled=len(codes) < 2,
                )  # fmt: skip
            members = [colors[entry] for number in chosen for entry in segments.members[number]]
            st.button(
                "Merge", icon=":material/merge:", key="merge", on_click=_segment_acts.join,
                args=(tuple(members),), disabled=len(chosen) < 2,
                help="The chosen regions become one." if len(chosen) > 1 else "Choose two regions or more.",
            )  # fmt: skip
        if groups:
            ordered = [_as_in_table(group, segments, colors) for group in groups]
            _paint(".st-key-part-{}", [codes[0] for codes in ordered])
            with st.container(horizontal=True, key="merged"):
                for number, (group, named) in enumerate(zip(groups, ordered, strict=True), 1):
                    st.button(
                        _name(named), icon=":material/close:", icon_position="right", key=f"part-{number}",
                        on_click=_segment_acts.take_apart, args=(group,),
                        help="These colours are one region. Click to take them apart again.",
                    )  # fmt: skip


def _as_in_table(group: Sequence[str], segments: Segments, colors: Sequence[str]) -> tuple[str, ...]:
    """Put a group in the order of the table: the colour that its region has first."""
    regions = ([colors[entry] for entry in members] for members in segments.members)
    region = next((codes for codes in regions if group[0] in codes), list(group))
    return tuple(sorted(group, key=lambda code: region.index(code) if code in region else len(region)))


def _name(group: Sequence[str]) -> str:
    rest = len(group) - _MOST_IN_A_NAME
    return " + ".join(group[:_MOST_IN_A_NAME]) + (f" and {rest} more" if rest > 0 else "")


def _paint(buttons: str, codes: Sequence[str]) -> None:
    """Paint the colours that buttons stand for into them; ``buttons`` names one by its number, from 1."""
    rules = "".join(f"{buttons.format(number)} {{ --own: {code}; }}" for number, code in enumerate(codes, 1))
    st.html(f"<style>{rules}</style>")


def say_where(segments: Segments, colors: Sequence[str], has_dither: bool) -> None:
    """Say what became of specks, of colours without a region, and of dithering."""
    if segments.gone:
        gone = [colors[entry] for entry in segments.gone]
        some = ", ".join(gone[:_MOST_IN_A_NAME]) + ("" if len(gone) <= _MOST_IN_A_NAME else " …")
        which = "One colour has" if len(gone) == 1 else f"{len(gone)} colours have"
        st.caption(f"{which} no part of {segments.smallest:,} pixels, and no region: {some}")
    if has_dither:
        st.caption("Regions are made without dithering, which would break them into single pixels.")


def describe(segments: Segments) -> list[tuple[str, str]]:
    """Figures of regions as (label, value) pairs."""
    moved = share_in_words(segments.n_moved / int(segments.areas.sum()))
    return [
        ("Regions", f"{len(segments):,}"),
        ("Parts", f"{int(segments.n_parts.sum()):,}"),
        ("Smallest part", f"{segments.smallest:,} px"),
        ("Merged specks", f"{segments.n_moved:,} px, {moved}"),
    ]
