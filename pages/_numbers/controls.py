"""Controls of the page about paint by numbers: paper, brush, look, and colours that are protected."""

from collections.abc import Sequence

import streamlit as st

from pages import _controls
from pages._address_parts import ORIENTATIONS
from quantize.numbers.layout import LARGEST_BRUSH, LEAST_BRUSH, PAPERS
from quantize.numbers.numbered import Numbered

_LOOKS = {"grey": "Grey", "color": "In colour"}
_NUMERALS = {"font": "Printed", "stroke": "Single strokes"}


def pick_sheet() -> None:
    """Draw the paper, the brush, and how outlines and numbers look."""
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
            help="Diameter of your brush on the paper. It fits into every region: narrow strips become as "
            "wide, or go to what is beside them.",
        )  # fmt: skip
        st.segmented_control(
            "Outlines", list(_LOOKS), format_func=_LOOKS.__getitem__, required=True,
            **_controls.show("outline"),
            help="In colour: outlines and numbers have the colour of their paint, darker if it is pale.",
        )  # fmt: skip
        st.segmented_control(
            "Numbers", list(_NUMERALS), format_func=_NUMERALS.__getitem__, required=True,
            **_controls.show("numerals"),
            help="Single strokes are for plotters and engravers: lines instead of filled shapes.",
        )  # fmt: skip


def pick_protected(colors: Sequence[str]) -> None:
    """Draw every colour to be clicked: those chosen keep their small regions."""
    rules = "".join(
        f'.st-key-protect_pick [role="toolbar"] > :nth-child({number}) {{ --own: {code}; }}'
        for number, code in enumerate(colors, 1)
    )
    st.html(f"<style>{rules}</style>")
    with st.container(key="protect_pick"):
        st.pills(
            "Protect colours", colors, selection_mode="multi", wrap=True,
            **_controls.show("protect", among=colors),
            help="Regions of these colours stay however small they are, like the light in an eye. Where no "
            "number fits into one, it is beside it, with a line.",
        )  # fmt: skip


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
