"""Controls of choices that belong together, and of one that only some of them name."""

from functools import lru_cache

import streamlit as st

from pages import _controls, _state
from quantize.dithering.dither import DITHERS
from quantize.presets import PRESETS
from quantize.settings import LIMITS, Settings, choose, preset_of

HELP = (
    "Sets the controls beside it and under More; each can still be changed, which makes it your own. "
    + ("Of all presets only Flat sets K, too; the next one gives it back.\n")
    + ("\n".join(f"- {preset.title}: {preset.does}" for preset in PRESETS.values()))
)
OWN = "Own: your own choices; a preset replaces them."
_ABLE = ", ".join(f"“{dither.title}”" for dither in DITHERS.values() if dither.runs)


def pick_preset() -> None:
    """Draw choices that belong together, to be chosen at once."""
    titles = {key: preset.title for key, preset in PRESETS.items()} | {_controls.OWN: "Own"}
    st.selectbox(
        "Preset", _offered(_state.choices().settings()), format_func=titles.__getitem__, width=150,
        **_controls.show("method", "preset"), help=HELP,
    )  # fmt: skip
    known = _state.remembered()
    if known.preset_news:
        st.toast(known.preset_news)
        known.preset_news = ""


def tell_preset() -> None:
    """Say what the preset that is chosen does: a list has no room for more than names."""
    key = preset_of(_state.choices().settings())
    does = f"{PRESETS[key].title}: {PRESETS[key].does[0].lower()}{PRESETS[key].does[1:]}" if key else OWN
    with st.container(key="preset_does"):
        st.caption(does)


@lru_cache(maxsize=128)
def _offered(settings: Settings) -> tuple[str, ...]:
    """Keys of presets that differ here, and OWN while the choices are those of none."""
    told = [key for key in PRESETS if preset_of(choose(settings, preset=key)) == key]
    return (*told, *(() if preset_of(settings) else (_controls.OWN,)))


def pick_runs(prefix: str = "") -> None:
    """Draw how much runs of one colour are favoured, where the dithering can."""
    limit = LIMITS["runs"]
    st.slider(
        "Runs (smaller file)", float(limit.low), float(limit.high), step=0.1, format="%.1f",
        disabled=not DITHERS[_state.choices().dither].runs, **_controls.show("runs", f"{prefix}runs"),
        help="How much longer runs of one colour are favoured: they pack better, and the grain is coarser. "
        f"Works with dithering {_ABLE}.",
    )  # fmt: skip
