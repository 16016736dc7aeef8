"""Front page: K, space and the rest; original beside result; figures; download."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from pages import (
    Frame,
    _acts,
    _all,
    _cache,
    _code,
    _downloads,
    _faint,
    _figures,
    _fixed,
    _gain,
    _sizes,
    _state,
    _widgets,
    _words,
    ensure_frame,
)
from pages._choices import MANY_COLORS
from pages._names import stem as stem_of
from pages._references import PictureRef, ResultRef
from pages._viewer import Live, Pane, palette_bar, viewer
from pages._viewer.news import tell
from pages._viewer.scene import Crop
from quantize import Metrics, QuantizeError, Settings
from quantize.colors.hexadecimal import hex_colors
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.rendering.rivals import longer_notes

COPY_HELP = (
    "cv2.kmeans looks at every pixel in every round, which takes minutes for a photo; so it gets a smaller "
    "copy. The result and its figures are of the picture in full. To have every pixel count, choose the "
    "method k-means."
)


def quantize(picture: PictureRef, settings: Settings, line: DeltaGenerator) -> _cache.Timed:
    """Get the result, showing how far long work is where the figures will stand."""
    try:
        return _cache.quantized(picture, settings, _state.checkpoint(), _progress(line))
    except QuantizeError as error:
        line.error(_words.sentence(str(error)))
        st.stop()


def _progress(line: DeltaGenerator) -> Callable[[float], None]:
    def show(done: float) -> None:
        line.progress(done, "Working: attempts, each from another start")

    return show


def show_pictures(picture: PictureRef, timed: _cache.Timed) -> None:
    """Show original and result, pixel for pixel, and the palette under them."""
    result = timed.result
    panes, crop = _panes(picture, result)
    viewer(
        panes, key="viewer", size=picture.size, crop=crop, live=_live(picture, timed),
        on_pick=partial(_acts.follow_pick, "viewer"), **_acts.looking("viewer"),
    )  # fmt: skip
    colors, counts = hex_colors(result.entries[result.shown]), result.counts[result.shown]
    palette_bar(colors, counts / counts.sum(), key="bar", viewer="viewer" if panes[1].palette else None)


def _panes(picture: PictureRef, result: ResultRef) -> tuple[list[Pane], Crop]:
    colors = hex_colors(result.entries[result.shown])
    # The browser tells partly transparent colours only roughly: there none can be found in the picture again.
    found = colors if result.opacities is None else ()
    panes = [
        Pane("Original", _cache.original_preview(picture)),
        Pane(_widgets.colors_in_words(len(colors)), _cache.result_preview(result), palette=found),
    ]
    return panes, partial(_cache.part, picture, [result])


def _live(picture: PictureRef, timed: _cache.Timed) -> Live | None:
    """What a slider of K shows while it is held, if that is quickly made."""
    record = _state.choices()
    settings = record.own_settings().beside(picture.opacity)
    pause = None if record.palette else _cache.pause_before(settings, timed.seconds)
    if pause is None:
        return None

    def make(k: int) -> tuple[list[Pane], Crop]:
        wanted = replace(record, k=k).own_settings()
        return _panes(picture, _cache.quantized(picture, wanted, _cache.nothing).result)

    about = picture.digest, replace(settings, n_colors=MANY_COLORS)
    return Live(_state.remembered().live, "k", record.k, about, make, pause)


def describe(metrics: Metrics, seconds: float | None, sizes: str, way: str) -> list[tuple[str, str]]:
    """Figures of a result as (label, value) pairs, without a time that is not known."""
    psnr = "no difference" if math.isinf(metrics.psnr_db) else f"{metrics.psnr_db:.1f} dB"
    return [
        ("Colours", f"{metrics.colors_before:,} → {metrics.colors_after:,}"),
        ("PSNR", psnr),
        ("ΔE00", f"{metrics.delta_e_00:.2f}, 95 % of pixels up to {metrics.delta_e_00_p95:.2f}"),
        ("File", sizes),
        *([] if seconds is None else [("Time", _widgets.time_in_words(seconds))]),
        ("Method", way),
    ]


def draw_downloads(picture: PictureRef, result: ResultRef, entries: NDArray[np.uint8], name: str) -> None:
    """Offer the picture in full resolution, and also with its partial transparency where there is any."""
    width, height = picture.size
    order = ENTRY_ORDERS[_state.choices().entries].title.lower()
    number = int(result.shown.sum())
    colors, stem = _widgets.colors_in_words(number), f"{stem_of(name)}-{number}"
    _downloads.offer(
        "Download PNG", partial(_cache.download, result, entries), f"{stem}.png", "image/png",
        icon=":material/download:",
        help=f"Indexed PNG, {width:,}×{height:,} pixels, {colors}, {order}.",
    )  # fmt: skip
    if picture.opacity.is_partial and result.settings.alpha == "hard":
        _downloads.offer(
            "Download RGBA", partial(_cache.download_rgba, result), f"{stem}-rgba.png", "image/png",
            icon=":material/download:",
            help="Keeps the opacity of every pixel as it is; a longer file than the indexed one.",
        )  # fmt: skip


def offer_to_pin(color: str) -> None:
    """Offer to put a colour that was clicked into the palette."""
    st.button(
        f"Pin {color}",
        icon=":material/keep:",
        on_click=_acts.add_keep,
        args=(color,),
        help="Put this colour of the original into the palette as it is; the rest is chosen around it.",
    )


def main(frame: Frame) -> None:
    """Draw the page; what takes longest comes last."""
    picture, name = frame.picture, frame.name
    _faint.stop_if_gone(picture, can_be_soft=True)
    pictures = st.container(key="pictures")
    line = st.container(key="figures").empty()
    settings = _state.choices().own_settings()
    timed = quantize(picture, settings, line)
    entries = _fixed.arrange(timed.result, _state.choices().entries)
    with pictures:
        show_pictures(picture, timed)
    for note in timed.result.notes:
        st.caption(_words.sentence(note), help=COPY_HELP if "on a copy" in note else None)
    longer = st.empty()
    with st.container(horizontal=True):
        draw_downloads(picture, timed.result, entries, name)
        looks, closely = _gain.place(settings)
        _figures.explain("Colours", "PSNR", "ΔE00", "95 %", "SSIMULACRA2", "File", "Time", "Method")
        _code.offer(frame, settings, _state.choices().entries, explain=True)
        color = _acts.picked_color()
        if color and not settings.palette:
            offer_to_pin(color)
    everything = st.container()
    metrics = _cache.metrics(timed.result)
    way = _widgets.way_in_words(settings)
    line.html(_widgets.figures(describe(metrics, timed.seconds, "… → …", way)))
    psnr = "" if math.isinf(metrics.psnr_db) else f", PSNR {metrics.psnr_db:.1f} dB"
    with pictures:
        tell(f"{_widgets.colors_in_words(metrics.colors_after)}{psnr}, ΔE00 {metrics.delta_e_00:.2f}")
    given, after = _sizes.original(picture), _cache.download_size(timed.result, entries)
    for note in longer_notes(picture, timed.result.sse, len(entries), after):
        longer.caption(_words.sentence(note))
    sizes = _sizes.change_in_words(*given, after)
    line.html(_widgets.figures(describe(metrics, timed.seconds, sizes, way)))
    with everything:
        _all.draw(settings, _state.choices().entries)
    if looks.open:
        _gain.tell(closely, timed.result, settings, stem_of(name))


main(ensure_frame())
