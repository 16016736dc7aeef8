"""How near a result looks to its original, and what a preset that looks better would gain for this picture.

Worked out when somebody asks for it, and after all else on the page.
"""

from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from pages import _acts, _cache, _downloads, _figures, _fixed, _sizes, _state, _words
from pages._references import ResultRef
from quantize import QuantizeError, Settings
from quantize.presets import PRESETS
from quantize.settings import choose, preset_of

LADDER = ("looks", "best-looks")
"""Presets that look better than whatever comes before them."""

SEEN = 0.5
"""A gain of less is none: nobody sees it."""

WIDTH = 340


def find_better(settings: Settings) -> str | None:
    """Find the preset to offer beside these settings; None if they are the last of the ladder."""
    now = preset_of(settings)
    rest = LADDER[LADDER.index(now) + 1 :] if now in LADDER else LADDER
    return rest[0] if rest else None


def place(settings: Settings) -> tuple[Any, DeltaGenerator]:
    """Draw the button behind which it stands, and return it with the place for what is told there."""
    label = "Better looks?" if find_better(settings) else "How it looks"
    popover = st.popover(label, icon=":material/visibility:", key="looks", on_change=_state.notice)
    with popover, st.container(key="gain", width=WIDTH):
        here = st.empty()
        here.markdown("Looking closely …")
    return popover, here


def tell(here: DeltaGenerator, result: ResultRef, settings: Settings, stem: str) -> None:
    """Say how near a result looks, and offer the preset that looks better; ``stem`` begins a file's name."""
    now, key = _cache.looks(result), find_better(settings)
    with here.container():
        st.markdown(
            f"How near it looks: SSIMULACRA2 **{_number(now)}**", help=_figures.MEANINGS["SSIMULACRA2"]
        )
        if key and now < 100 - SEEN:
            _tell_gain(result, now, choose(settings, preset=key), key, stem)


def _tell_gain(result: ResultRef, now: float, wanted: Settings, key: str, stem: str) -> None:
    room = st.empty()
    room.markdown(f"Trying the preset {PRESETS[key].title} …")
    try:
        better = _cache.quantized(result.source, wanted, _state.checkpoint()).result
    except QuantizeError as error:
        room.error(_words.sentence(str(error)))
        return
    then, title = _cache.looks(better), PRESETS[key].title
    if then < now + SEEN:
        how = "hardly look" if then > now else "not look"
        room.markdown(f"The preset {title} would {how} better: {_number(then)} instead of {_number(now)}.")
        return
    sizes = _both(better, result)
    edges = ", without soft edges" if result.settings.alpha != wanted.alpha else ""
    gain = f"{_number(then)} instead of {_number(now)}, {sizes}"
    room.markdown(f"Better with the preset **{title}**{edges}: {gain}.")
    st.caption(PRESETS[key].does)
    with st.container(horizontal=True):
        _downloads.offer(
            "Download it", partial(_cache.download, better, _entries(better)),
            f"{stem}-{len(better.palette)}.png", "image/png", icon=":material/download:", key="better_file",
        )  # fmt: skip
        st.button("Use it", key="use_better", on_click=_acts.use_preset, args=(key,))


def _number(value: float) -> str:
    return f"{value:.1f}".replace("-", "\N{MINUS SIGN}")


def _entries(result: ResultRef) -> NDArray[np.uint8]:
    return _fixed.arrange(result, _state.choices().entries)


def _both(better: ResultRef, result: ResultRef) -> str:
    then, now = (_cache.download_size(one, _entries(one)) for one in (better, result))
    about = "about " if then.estimated or now.estimated else ""
    return f"{about}{_sizes.bytes_in_words(then.n_bytes)} instead of {_sizes.bytes_in_words(now.n_bytes)}"
