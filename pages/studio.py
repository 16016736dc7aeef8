"""Front page: K, space and the rest; original beside result; figures; download."""

import math
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import _cache, _frame, _state, _widgets, ensure_frame
from pages._viewer import Pane, viewer
from quantize import Metrics, Picture, Quantized, QuantizeError, Settings

ensure_frame()


def draw_controls() -> Settings:
    """Draw the choices and return them."""
    n_colors = _widgets.pick_n_colors()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        space = _widgets.pick_space()
        with st.popover("More", icon=":material/tune:"):
            search = _widgets.pick_search()
    return _widgets.build_settings(n_colors=n_colors, space=space, **search)


def quantize(picture: Picture, settings: Settings, line: DeltaGenerator) -> _cache.Timed:
    """Get the result, showing how far long work is where the figures will stand."""
    try:
        return _cache.quantized(picture, settings, _state.checkpoint(), _progress(line))
    except QuantizeError as error:
        line.error(_widgets.plain(str(error)))
        st.stop()


def _progress(line: DeltaGenerator) -> Callable[[float], None]:
    def show(done: float) -> None:
        line.progress(done, "Working: attempts, each from another start")

    return show


def show_pictures(picture: Picture, result: Quantized) -> None:
    """Original and result, pixel for pixel, and the palette under them."""
    label = f"{len(result.palette)} colours"
    panes = [
        Pane("Original", _cache.original_preview(picture)),
        Pane(label, _cache.result_preview(picture, result)),
    ]
    viewer(panes, key="viewer")
    st.html(_widgets.palette_bar(result.palette, result.counts))


def describe(metrics: Metrics, seconds: float, sizes: str) -> list[tuple[str, str]]:
    """Figures of a result as (label, value) pairs."""
    psnr = "no difference" if math.isinf(metrics.psnr_db) else f"{metrics.psnr_db:.1f} dB"
    return [
        ("Colours", f"{metrics.colors_before:,} → {metrics.colors_after:,}"),
        ("PSNR", psnr),
        ("ΔE00", f"{metrics.delta_e_00:.2f}, 95 % of pixels up to {metrics.delta_e_00_p95:.2f}"),
        ("PNG", sizes),
        ("Time", f"{seconds * 1000:,.0f} ms"),
    ]


def draw_download(picture: Picture, result: Quantized, name: str) -> None:
    """Offer the picture in full resolution; it is made when asked for."""
    width, height = picture.size
    st.download_button(
        "Download PNG",
        data=lambda: _cache.download(picture, result),
        file_name=f"{name.rpartition('.')[0] or name}-{len(result.palette)}.png",
        mime="image/png",
        icon=":material/download:",
        on_click="ignore",
        help=f"Indexed PNG, {width:,}×{height:,} pixels, {len(result.palette)} colours.",
    )


def main() -> None:
    """Draw the page; what takes longest comes last."""
    picture, name = _frame.current()
    settings = draw_controls()
    pictures, line = st.container(key="pictures"), st.empty()
    timed = quantize(picture, settings, line)
    with pictures:
        show_pictures(picture, timed.result)
    for note in timed.result.notes:
        st.caption(_widgets.plain(note))
    draw_download(picture, timed.result, name)
    metrics = _cache.metrics(picture, timed.result)
    line.html(_widgets.figures(describe(metrics, timed.seconds, "… → …")))
    before, after = _cache.original_png_size(picture), _cache.download_size(picture, timed.result)
    sizes = f"{_widgets.size_in_words(before)} → {_widgets.size_in_words(after)}"
    line.html(_widgets.figures(describe(metrics, timed.seconds, sizes)))


main()
