"""Controls of the page about panels: which panel, how large, how tones and inks are brought together."""

import streamlit as st

from pages import _controls, _share, _state, _widgets
from pages._address_parts import TONES
from pages._inks import common_size
from quantize.dithering.dither import DITHERS
from quantize.dithering.groups import find_label, list_keys
from quantize.dithering.light import LIGHTS
from quantize.panels.fitting import FITS, MOST_SIDE
from quantize.panels.inks import inches_in_words
from quantize.panels.showing import TURNS
from quantize.panels.table import PANELS

FIT_WORDS = {"crop": "Fill", "fit": "All of it"}
TONE_WORDS = {"auto": "Automatic", "curve": "Own curve", "as-is": "As they are"}
TONE_HELP = (
    "Automatic: tones and colours are brought to what the inks can mix, as the picture needs it; what was "
    "done is said under the pictures. Own curve: the same with an S-curve that you choose, under More. As "
    "they are: nothing is done, and what the inks cannot mix is lost."
)
DITHERINGS = ["search", *(key for key in list_keys() if key != "search")]
"""What suits few inks best comes first."""


def pick_panel(size: tuple[int, int]) -> None:
    """Draw which panel and how large it is; ``size``: of what is shown, for the frame of a link."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="panel_options"):
        st.selectbox(
            "Panel", list(PANELS), format_func=_title, width=330, **_controls.show("panel"),
            help="Several people measured the same kind of panel. Take the one that is nearest to yours.",
        )  # fmt: skip
        sizes, now = _sizes(), common_size(_state.choices())
        others = [] if now in sizes else [now]
        st.selectbox(
            "Size", [*sizes, *others], format_func=lambda key: sizes.get(key, "Another size"), width=210,
            **_controls.show("panel_size", "panel_common"),
            help="Common panels of this kind: pixels as their driver counts them, inches along the diagonal, "
            "and the letter that Waveshare puts behind them.",
        )  # fmt: skip
        for side, label in (("width", "Width"), ("height", "Height")):
            st.number_input(
                label, 1, MOST_SIDE, width=110, **_controls.show("panel_size", f"panel_{side}"),
                help="Pixels of the panel, as its driver counts.",
            )  # fmt: skip
        with _state.popover("Inks", "panel_inks", ":material/palette:"):
            _pick_inks()
        _share.draw(_share.frame_height(size, True))


def _title(key: str) -> str:
    panel = PANELS[key]
    return panel.title if panel.measured else f"{panel.title} (not measured)"


def _sizes() -> dict[str, str]:
    """Every common size of the panel, with what it is called."""
    found: dict[str, list[str]] = {}
    record = _state.choices()
    for inches, width, height in PANELS[record.panel].inks.sizes:
        found.setdefault(common_size(record, (width, height)), []).append(inches_in_words(inches))
    return {key: f"{_in_words(key)} · {', '.join(names)}" for key, names in found.items()}


def _in_words(key: str) -> str:
    return key.partition(" ")[2].replace("x", " × ")


def _pick_inks() -> None:
    """Draw what each ink shows, to be changed for a panel of one's own."""
    st.caption("What your own panel shows, if you measured it. Dithering and preview go by these colours.")
    names = PANELS[_state.choices().panel].inks.names
    with st.container(horizontal=True, key="ink_colors"):
        for number, name in enumerate(names):
            st.color_picker(name.capitalize(), **_controls.show("shown", f"ink_{number}"))
    if _state.choices().shown:
        st.button("As it was measured", key="inks_back", on_click=_state.change, kwargs={"shown": ()})


def pick_ways() -> None:
    """Draw how the picture lies, what mixes its colours, and what is done to tones before."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="panel_ways"):
        st.segmented_control(
            "Picture", FITS, format_func=FIT_WORDS.__getitem__, required=True, **_controls.show("panel_fit"),
            help="Fill the panel and cut off what is over, or show all of the picture with white margins.",
        )  # fmt: skip
        st.segmented_control(
            "Turned", TURNS, format_func=lambda turn: f"{turn}°", required=True,
            **_controls.show("panel_turn"),
            help="Clockwise, for a panel that hangs turned. The preview is as one sees it.",
        )  # fmt: skip
        dither = st.selectbox(
            "Dithering", DITHERINGS, format_func=find_label, width=_widgets.DITHER_WIDTH,
            **_controls.show("panel_dither"), help=_widgets.DITHER_HELP,
        )  # fmt: skip
        st.segmented_control(
            "Tones", TONES, format_func=TONE_WORDS.__getitem__, required=True, **_controls.show("tone"),
            help=TONE_HELP,
        )  # fmt: skip
        with _state.popover("More", "panel_more", ":material/tune:"):
            off = DITHERS[dither].fill is None
            st.slider(
                "S-curve", 0.0, 1.0, step=0.05, disabled=_state.choices().tone != "curve",
                **_controls.show("curve"),
                help="More contrast in the middle, less in lights and shadows. Of Own curve.",
            )  # fmt: skip
            st.slider(
                "Strength", 0.0, 1.0, step=0.05, disabled=off, **_controls.show("panel_strength"),
                help="How much is dithered.",
            )  # fmt: skip
            st.selectbox(
                "Dithering averages", list(LIGHTS), format_func=lambda key: LIGHTS[key].title, disabled=off,
                **_controls.show("panel_light"), help="Light itself is what the eye sees from afar.",
            )  # fmt: skip
