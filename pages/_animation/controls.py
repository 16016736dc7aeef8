"""Controls of the page about animations, its samples, and what its figures say."""

import math
from collections.abc import Sequence

import streamlit as st

from pages import _controls, _sizes, _state, _widgets
from pages._animation.results import Film, Made
from quantize.decoding.samples import MOVING

UNKNOWN = [(label, "…") for label in ("Frames", "Length", "MSE", "PSNR", "Flicker")]
"""Figures while the frames are read."""
_PALETTES = {False: "One for all frames", True: "One for each"}


def offer_samples(label: str) -> None:
    """Draw the animations of our own."""
    st.pills(
        label, list(MOVING), wrap=True, format_func=lambda key: MOVING[key].title,
        **_controls.show("sample", "moving"),
        help="Small ones. “A ball before the cat” shows best what flickers.",
    )  # fmt: skip


def pick_frames() -> None:
    """Draw how many palettes there are, and whether what stands still is dithered alike."""
    record = _state.choices()
    with st.container(horizontal=True, vertical_alignment="bottom", key="frames_options"):
        st.segmented_control(
            "Palette", list(_PALETTES), format_func=_PALETTES.__getitem__, required=True,
            **_controls.show("each_frame"), disabled=bool(record.palette),
            help="One palette makes shorter files, and colours do not jump between frames. One for each "
            "comes nearer to the original where scenes differ much.",
        )  # fmt: skip
        if record.each_frame and not record.palette:
            return  # palettes of their own make still areas flicker
        st.toggle(
            "Keep still areas still", **_controls.show("still"), width="content",
            disabled=not record.settings().resolved().dithered,
            help="Needs one palette, and dithering. Dithering makes a still background crawl, as "
            "each change shifts all dots behind it. With this, a pixel that is as in the frame before keeps "
            "its colour.",
        )  # fmt: skip


def describe(film: Film, made: Made | None) -> list[tuple[str, str]]:
    """Figures as (label, value) pairs; of the result what is known by now."""
    seconds = sum(film.durations) / 1000
    length = f"{seconds:.2f} s" if seconds < 10 else f"{seconds:,.1f} s"
    items = [("Frames", f"{len(film.durations):,}"), ("Length", f"{length}{_loops(film.loops)}")]
    if made is None:
        return [*items, ("MSE", "…"), ("PSNR", "…"), ("Flicker", "…")]
    psnr = "no difference" if math.isinf(made.psnr_db) else f"{made.psnr_db:.1f} dB"
    return [*items, ("MSE", f"{made.mse:,.1f}"), ("PSNR", psnr), ("Flicker", _percent(made.flicker))]


def _loops(loops: int) -> str:
    return ", endless loop" if loops == 0 else ", plays once" if loops == 1 else f", plays {loops:,} times"


def _percent(share: float) -> str:
    if share == 0:
        return "none"
    return "under 0.1 %" if share < 0.001 else f"{100 * share:.1f} %"


def describe_files(film: Film, sizes: Sequence[tuple[str, int | None]]) -> str:
    """HTML of what the files are long; what is not known yet is an ellipsis."""
    given = [(f"{film.format} before", _sizes.bytes_in_words(film.n_bytes))] if film.source.is_given else []
    known = [(label, "…" if size is None else _sizes.bytes_in_words(size)) for label, size in sizes]
    return _widgets.figures([*given, *known])
