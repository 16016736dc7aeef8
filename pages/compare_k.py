"""Many K at once: a grid of results, the curve of error and size, a suggested K."""

import math
import time
from collections.abc import Sequence

import streamlit as st

from pages import Frame, _cache, _charts, _downloads, _exports, _state, _widgets, ensure_frame
from pages._address import ERRORS
from pages._viewer import Pane, viewer
from quantize import Metrics, Picture, QuantizeError, Settings
from quantize.curve import SMALL_DIFFERENCE, CurvePoint, Suggestion, suggest_n_colors
from quantize.settings import choose

# Tiles that are not ready after so long wait for the next run, so that what is ready is seen meanwhile.
PATIENCE_SECONDS = 1.0


def find_versions(
    picture: Picture, settings: Settings, numbers: Sequence[int]
) -> dict[int, _cache.Version | None]:
    """Results by K: those that are ready or quickly made, None for those that take longer."""
    started, versions = time.perf_counter(), {}
    for number in numbers:
        wanted = choose(settings, n_colors=number)
        now = time.perf_counter() - started < PATIENCE_SECONDS or _cache.is_ready(picture, wanted)
        versions[number] = _cache.version(picture, wanted, _state.checkpoint()) if now else None
    return versions


def describe(metrics: Metrics, size: str) -> str:
    """Figures of a tile in one line."""
    psnr = "no difference" if math.isinf(metrics.psnr_db) else f"PSNR {metrics.psnr_db:.1f} dB"
    return f"{metrics.colors_after} colours · {psnr} · ΔE00 {metrics.delta_e_00:.2f} · {size}"


def show_grid(picture: Picture, versions: dict[int, _cache.Version | None], current: int) -> int | None:
    """Show the original and every version in one viewer; tell which K was clicked."""
    original = f"{picture.n_colors:,} colours · {_widgets.size_in_words(_cache.original_png_size(picture))}"
    panes = [Pane("Original", _cache.original_preview(picture, _cache.TILE_SIDE), original)]
    for number, version in versions.items():
        name = f"K = {number}" + (" ✓" if number == current else "")
        if version is None:
            panes.append(Pane(name, _cache.blank(picture), "working …"))
        else:
            caption = describe(version.metrics, _widgets.size_in_words(version.size))
            panes.append(Pane(name, version.png, caption))
    seen = viewer(panes, key="grid", size=picture.size, **_state.looking("grid", many=True))
    return None if seen.pick is None or seen.pick.pane == 0 else list(versions)[seen.pick.pane - 1]


def show_suggestion(suggestion: Suggestion) -> None:
    """Name a K with its reason, and offer to take it."""
    number = suggestion.n_colors
    if suggestion.rule == "small difference":
        reason = f"From **{number}** on, colours differ by less than ΔE00 {SMALL_DIFFERENCE:g} on average."
    else:
        difference = f"ΔE00 {suggestion.delta_e_00:.1f} on average"
        reason = f"At **{number}** the curve bends: fewer cost much, more gain little ({difference})."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(reason, width="content")
        st.button(f"Use K = {number}", on_click=_state.ask_n_colors, args=(number,))


def show_curve(points: Sequence[CurvePoint], current: int) -> int | None:
    """Show error and size against K; tell which K was clicked."""
    error = st.segmented_control(
        "Error to show", ERRORS, required=True, **_state.control("error"),
        help="ΔE00: how different colours look. MSE: squared distance of the stored numbers.",
    )  # fmt: skip
    event = st.plotly_chart(
        _charts.draw_curve(points, current, error),
        key="curve",
        on_select="rerun",
        selection_mode="points",
        config={"displayModeBar": False},
    )
    st.caption("Click a point to use its K. The curve is k-means in the chosen space; sizes are estimates.")
    chosen = [int(point["x"]) for point in event.selection.points]
    return chosen[0] if chosen and _state.is_new("curve", str(chosen[0])) else None


def use(n_colors: int) -> None:
    """Make a K the current one, here and on every page."""
    _state.ask_n_colors(n_colors)
    st.rerun()


def draw_downloads(
    picture: Picture, name: str, versions: dict[int, _cache.Version], points: Sequence[CurvePoint]
) -> None:
    """Offer the grid as one labelled picture, and all figures as a table."""
    captions = {k: describe(v.metrics, _widgets.size_in_words(v.size)) for k, v in versions.items()}
    original = _cache.original_preview(picture, _cache.TILE_SIDE)
    with st.container(horizontal=True):
        _downloads.offer(
            "Contact sheet", lambda: _exports.draw_sheet(original, versions, captions),
            f"{_exports.stem(name)}-sheet.png", "image/png", icon=":material/grid_view:",
        )  # fmt: skip
        _downloads.offer(
            "Figures as CSV", lambda: _exports.write_csv(versions, points),
            f"{_exports.stem(name)}-figures.csv", "text/csv", icon=":material/table:",
        )  # fmt: skip


def main(frame: Frame) -> None:
    """Draw the page."""
    picture, settings, current = frame.picture, frame.settings, frame.settings.n_colors
    numbers = _widgets.pick_many_n_colors()
    try:
        versions = find_versions(picture, settings, [k for k in numbers if k >= len(settings.keep)])
    except QuantizeError as error:
        st.error(_widgets.plain(str(error)))
        st.stop()
    clicked = show_grid(picture, versions, current)
    if clicked:
        use(clicked)
    ready = {number: version for number, version in versions.items() if version}
    if len(ready) < len(versions):
        missing = next(number for number in versions if number not in ready)
        _cache.version(picture, choose(settings, n_colors=missing), _state.checkpoint())
        st.rerun()
    try:
        points = _cache.curve(picture, settings, _state.checkpoint())
    except QuantizeError as error:
        st.error(_widgets.plain(str(error)))
        st.stop()
    show_suggestion(suggest_n_colors(points))
    clicked = show_curve(points, current)
    if clicked:
        use(clicked)
    draw_downloads(picture, frame.name, ready, points)


main(ensure_frame())
