"""Controls of the page about paint by numbers: paper, brush, look, and colours that are protected."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import _controls, _state, _widgets
from pages._address import believe
from pages._numbers import protected
from pages._numbers.results import Wish
from quantize.numbers.layout import LARGEST_BRUSH, LEAST_BRUSH, ORIENTATIONS, PAPERS
from quantize.numbers.mapped import MOST_PAINTS
from quantize.numbers.numbered import Numbered

VERY_MANY = 1200
"""Regions from which on it is said that they are many."""
_LOOKS = {"grey": "Grey", "color": "In colour"}
_NUMERALS = {"font": "Printed", "stroke": "Strokes"}


def pick_sheet() -> DeltaGenerator:
    """Draw the paper, the brush, and how outlines and numbers look; return the end of their row."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="sheet_options"):
        st.segmented_control(
            "Paper", list(PAPERS), format_func=lambda key: PAPERS[key].title, required=True,
            **_controls.show("paper"), help="The picture is as large as it can be on it.",
        )  # fmt: skip
        st.selectbox(
            "Orientation", ORIENTATIONS, format_func=str.capitalize, width=120,
            **_controls.show("orientation"), help="Auto: the paper lies as the picture does.",
        )  # fmt: skip
        st.number_input(
            "Brush (mm)", LEAST_BRUSH, LARGEST_BRUSH, step=0.5, format="%g", width=126,
            **_controls.show("brush"),
            help="Diameter of your brush on the paper. Its disc fits into every region: narrow strips become "
            "as wide, or go to what is beside them.",
        )  # fmt: skip
        st.segmented_control(
            "Outlines", list(_LOOKS), format_func=_LOOKS.__getitem__, required=True,
            **_controls.show("outline"),
            help="In colour: outlines and numbers have the colour of their paint, darker if it is pale.",
        )  # fmt: skip
        st.segmented_control(
            "Numerals", list(_NUMERALS), format_func=_NUMERALS.__getitem__, required=True,
            **_controls.show("numerals"),
            help="Strokes are for plotters and engravers: lines instead of filled shapes.",
        )  # fmt: skip
        return st.container(key="print", width="content")


def pick_protected(wish: Wish, numbered: Numbered) -> None:
    """Draw colours to be clicked: those chosen keep their small regions. Say which have no paint here."""
    colors, chosen = list(dict.fromkeys(wish.colors)), list(wish.sheet.protect)
    matches = protected.match(_state.choices().protect, colors)
    place = st.container(key="protect_pick")
    shown = colors
    if len(colors) > protected.MANY and not st.toggle(
        f"All {len(colors)} colours", key="protect_all", help="Otherwise only the darkest and the lightest.",
    ):  # fmt: skip
        shown = protected.offered(colors, chosen)
    rules = "".join(
        f'.st-key-protect_pick [role="toolbar"] > :nth-child({number}) {{ --own: {code}; }}'
        for number, code in enumerate(shown, 1)
    )
    titles = _titles(wish, numbered)
    _state.show("protect", chosen)
    with place:
        st.html(f"<style>{rules}</style>")
        st.pills(
            "Protect colours", shown, selection_mode="multi", wrap=True, format_func=titles.__getitem__,
            key="protect", on_change=_hear_protected, args=(matches,),
            help="Regions of these colours stay however small they are, like the light in an eye. Where no "
            "number fits into one, it is beside it, with a line.",
        )  # fmt: skip
    _tell_lost([code for code, paint in matches.items() if paint is None], len(colors))


def _titles(wish: Wish, numbered: Numbered) -> dict[str, str]:
    """Number and name of each paint, or its code if it has no name; what has no region has no number."""
    names = {code: _widgets.plain(name) for code, name in zip(wish.colors, wish.names, strict=True) if name}
    numbers = {paint.hex: f"{paint.number} " for paint in numbered.paints}
    return {code: f"{numbers.get(code, '')}{names.get(code, code)}" for code in wish.colors}


def _hear_protected(matches: protected.Matches) -> None:
    found, refused = believe("protect", protected.follow(matches, _state.said("protect") or ()))
    _state.visit().refused += refused
    _state.change(protect=found)


def _tell_lost(lost: Sequence[str], n_colors: int) -> None:
    if not lost:
        return
    few = ", ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
    verb = "is" if len(lost) == 1 else "are"
    where = "this one paint" if n_colors == 1 else f"among these {n_colors} paints"
    with st.container(horizontal=True, vertical_alignment="center", key="lost"):
        st.markdown(f"Protected {few} {verb} not {where}.", width="content")
        st.button(
            "Forget", key="forget", on_click=_forget, args=(tuple(lost),),
            help="Protect them no longer. Otherwise they wait until such a paint is there.",
        )  # fmt: skip


def _forget(lost: Sequence[str]) -> None:
    _state.change(protect=tuple(code for code in _state.choices().protect if code not in lost))


def describe(numbered: Numbered) -> list[tuple[str, str]]:
    """Figures as (label, value) pairs."""
    layout = numbered.layout
    beside = int(numbered.places.beside.sum())
    return [
        ("Regions", f"{numbered.n_regions:,}"),
        ("Paints", f"{len(numbered.paints):,}"),
        ("Size", f"{layout.width:.0f} × {layout.height:.0f} mm"),
        ("Smallest region", f"{numbered.smallest:,.1f} mm²"),
        ("Numbers beside their region", f"{beside:,}"),
    ]


def say_what_is_not_heeded() -> None:
    """Say so if more colours are chosen than a sheet has paints, or a dithering."""
    record = _state.choices()
    if record.k > MOST_PAINTS and not record.palette:
        st.caption(f"A sheet has at most {MOST_PAINTS} paints: {MOST_PAINTS} colours were looked for.")
    if record.dither != "none":
        st.caption("Regions are made without dithering, which would break them into single pixels.")


def say_if_fine(numbered: Numbered) -> None:
    """Say of a sheet of very many regions what would make it coarser."""
    if numbered.n_regions >= VERY_MANY:
        st.caption(
            f"{numbered.n_regions:,} regions: very fine work. A wider brush or fewer colours make fewer."
        )
