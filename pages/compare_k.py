"""Many K at once: a grid of results, the curve of error and size, a suggested K."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NoReturn

import streamlit as st

from pages import (
    Frame,
    _acts,
    _cache,
    _charts,
    _code,
    _coming,
    _controls,
    _downloads,
    _exports,
    _faint,
    _figures,
    _sizes,
    _state,
    _widgets,
    _words,
    ensure_frame,
)
from pages._address_parts import ERRORS
from pages._names import stem as stem_of
from pages._references import PictureRef
from pages._viewer import MAX_PANES, Pane, viewer
from quantize import Metrics, QuantizeError, Settings
from quantize.curve import SMALL_AT_MOST, SMALL_DIFFERENCE, CurvePoint, suggest_n_colors
from quantize.methods.table import METHODS
from quantize.settings import choose
from quantize.teaching.subject import Varied

# Tiles that are not ready after so long wait for the next run, so that what is ready is seen meanwhile.
PATIENCE_SECONDS = 1.0


def find_versions(
    picture: PictureRef, settings: Settings, numbers: Sequence[int]
) -> dict[int, _cache.Version | None]:
    """Results by K: those that are ready or quickly made, None for those that take longer."""
    wanted = [choose(settings, n_colors=number) for number in numbers]
    # Of slow ones each is shown as soon as it is there, and the grid before the first.
    is_quick = _cache.work_of(settings.resolved()) is _cache.Work.QUICK
    found = _cache.versions(picture, wanted, _state.checkpoint(), PATIENCE_SECONDS * is_quick)
    return dict(zip(numbers, found, strict=True))


def make_next(picture: PictureRef, wanted: Settings) -> NoReturn:
    """Make a result that is still missing, and draw the page again."""
    try:
        _cache.version(picture, wanted, _state.checkpoint())
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        st.stop()
    st.rerun()


def describe(metrics: Metrics, size: str, k: int) -> str:
    """Figures of a tile of K in one line, what is most asked for first: on a phone the rest is cut off."""
    colors = "" if metrics.colors_after == k else f" · {_widgets.colors_in_words(metrics.colors_after)}"
    if math.isinf(metrics.psnr_db):
        return f"no difference · {size}{colors}"
    return f"ΔE00 {metrics.delta_e_00:.2f} · {size}{colors} · PSNR {metrics.psnr_db:.1f} dB"


def describe_original(picture: PictureRef, versions: Mapping[int, _cache.Version | None]) -> str:
    """Figures of the original in one line; its colours are counted as for the results."""
    format_, size = _sizes.original(picture)
    counted = (version.metrics.colors_before for version in versions.values() if version)
    colors = _widgets.colors_in_words(next(counted, picture.n_colors))
    return f"{colors} · {format_} {_sizes.size_in_words(size)}"


def show_grid(picture: PictureRef, versions: dict[int, _cache.Version | None], current: int) -> None:
    """Show the original and every version in one viewer; a click on one makes its K the current one."""
    original = _cache.original_preview(picture, _cache.TILE_SIDE)
    panes = [Pane("Original", original, describe_original(picture, versions))]
    for number, version in versions.items():
        is_current = number == current
        name = f"K = {number}" + " ✓" * is_current
        if version is None:
            panes.append(Pane(name, _cache.blank(picture), "working …", marked=is_current))
        else:
            caption = describe(version.metrics, _sizes.size_in_words(version.size), number)
            panes.append(Pane(name, version.png, caption, marked=is_current))
    brought, crop = find_brought(list(versions)), None
    if max(picture.size) > _cache.TILE_SIDE:
        crop = partial(cut_part, picture, list(versions.values()))
    viewer(
        panes, key="grid", size=picture.size, bring=brought, crop=crop,
        on_pick=partial(_acts.follow_tile, "grid", list(versions)), **_acts.looking("grid", many=True),
    )  # fmt: skip


def cut_part(
    picture: PictureRef, versions: Sequence[_cache.Version | None], left: int, top: int, right: int,
    bottom: int, pane: int,
) -> bytes:  # fmt: skip
    """A part of the original (pane 0) or of a version in full resolution; grey of what is not there yet."""
    version = versions[pane - 1]
    if pane and version is None:
        return _cache.blank(picture)
    results = [version.result] if version else []
    return _cache.part(picture, results, left, top, right, bottom, min(pane, 1))


def find_brought(numbers: Sequence[int]) -> tuple[int, int] | None:
    """Find the pane of the K that was last asked for, and the number of that wish."""
    brought = _state.remembered().brought
    if brought is None or not brought.number or brought.n_colors not in numbers:
        return None
    return numbers.index(brought.n_colors) + 1, brought.number


def tell_brought(numbers: Sequence[int]) -> None:
    """Say what gave way to the K that was last asked for, as long as the list shows it."""
    brought = _state.remembered().brought
    if brought and brought.instead_of and brought.n_colors in numbers and brought.instead_of not in numbers:
        most = f"no more than {MAX_PANES - 1} are compared at once"
        text = f"K = {brought.n_colors} took the place of K = {brought.instead_of}: {most}."
        st.caption(text)
        if _state.is_first_time("brought", f"{brought.number} {brought.n_colors}"):
            st.toast(text)  # the page goes to the new tile, and this line may be out of sight


def show_suggestion(points: Sequence[CurvePoint], settings: Settings) -> None:
    """Name a K with its reason, and offer to take it; the curve knows k-means alone, and no soft edges."""
    suggestion, last = suggest_n_colors(points), points[-1]
    number = suggestion.n_colors
    other_method, soft = settings.method != "kmeans", settings.alpha == "soft"
    of_what = ", for k-means" * other_method + ", without soft edges" * soft
    if suggestion.rule == "small difference":
        near = f"below {SMALL_DIFFERENCE:g} on average, and below {SMALL_AT_MOST:g} for 99 % of the pixels"
        reason = f"From **{number}** colours on{of_what}, the difference is small: ΔE00 {near}, undithered."
    elif number == last.n_colors:
        error = f"ΔE00 {last.delta_e_00:.1f} on average"
        reason = f"Every colour counts here, up to **{number}**{of_what}: {error}, undithered."
    else:
        errors = f"{suggestion.point.delta_e_00:.1f} on average, {last.delta_e_00:.1f} with {last.n_colors}"
        reason = f"More than **{number}** colours gain little{of_what}: ΔE00 {errors}, undithered."
    if of_what:
        theirs = METHODS[settings.method].title + ", with soft edges" * soft
        st.markdown(f"{reason} The pictures above are of {theirs}.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(reason, width="content")
        st.button(
            f"Use K = {number}", on_click=_acts.use_n_colors, args=(number,),
            disabled=number == settings.n_colors,
        )  # fmt: skip


def why_no_curve(picture: PictureRef, settings: Settings) -> str:
    """Say why there is no curve to show; "" if there is one."""
    if settings.palette:
        return "A fixed palette has one K, so there is no curve of error against K."
    if picture.n_colors > 2:
        return ""
    if settings.alpha == "soft":
        return "There is no curve: it knows no soft edges, and without them the picture has too few colours."
    exact = _widgets.colors_in_words(picture.n_colors)
    return f"The picture has {exact}, so that from there on every K is exact: there is no curve to show."


def show_curve(points: Sequence[CurvePoint], current: int, settings: Settings) -> None:
    """Show error and size against K; a click on a point uses its K."""
    error = st.segmented_control(
        "Error to show", ERRORS, required=True, **_controls.show("error"),
        help="ΔE00: how different colours look. MSE: squared distance of the stored numbers.",
    )  # fmt: skip
    st.plotly_chart(
        _charts.draw_curve(points, current, error),
        key="curve",
        on_select=partial(_acts.follow_curve, [point.n_colors for point in points]),
        selection_mode="points",
        config={"displayModeBar": False},
    )
    edges = " and without soft edges" if settings.alpha == "soft" else ""
    st.caption(
        f"Click a point to use its K. The curve is k-means in the chosen space, undithered{edges}; "
        "sizes are estimates."
    )


def draw_downloads(
    frame: Frame, settings: Settings, versions: dict[int, _cache.Version], points: Sequence[CurvePoint]
) -> None:
    """Offer the grid as one labelled picture, and all figures as a table."""
    captions = {k: describe(v.metrics, _sizes.size_in_words(v.size), k) for k, v in versions.items()}
    picture, stem = frame.picture, stem_of(frame.name)
    original = _cache.original_preview(picture, _cache.TILE_SIDE), describe_original(picture, versions)
    draw_sheet = partial(_exports.draw_sheet, original, versions, captions, frame.name, settings)
    with st.container(horizontal=True):
        _downloads.offer(
            "Contact sheet", draw_sheet, f"{stem}-sheet.png", "image/png", icon=":material/grid_view:",
        )  # fmt: skip
        _downloads.offer(
            "Figures as CSV", partial(_exports.write_csv, versions, points),
            f"{stem}-figures.csv", "text/csv", icon=":material/table:",
        )  # fmt: skip
        _figures.explain("ΔE00", "PSNR", "MSE", "File")
        _code.offer(frame, settings, varied=None if settings.palette else Varied("n_colors", tuple(versions)))


def main(frame: Frame) -> None:
    """Draw the page."""
    picture, settings = frame.picture, _state.choices().own_settings().beside(frame.picture.opacity)
    current = settings.n_colors
    _faint.stop_if_gone(picture, can_be_soft=True)
    with st.container():  # so that the grid keeps its place, and what it shows, when something is said here
        numbers = _widgets.pick_many_n_colors()
        tell_brought(numbers)
    compared, pictures = [k for k in numbers if k >= len(settings.keep)], st.container(key="pictures")
    try:
        with _coming.beside(picture, [f"K = {k}" for k in compared], pictures, _cache.TILE_SIDE):
            versions = find_versions(picture, settings, compared)
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        st.stop()
    with pictures:
        show_grid(picture, versions, current)
    ready = {number: version for number, version in versions.items() if version}
    if len(ready) < len(versions):
        missing = next(number for number in versions if number not in ready)
        make_next(picture, choose(settings, n_colors=missing))
    reason = why_no_curve(picture, settings)
    if reason:
        st.caption(reason)
        draw_downloads(frame, settings, ready, ())
        return
    try:
        points = _cache.curve(picture, settings, _state.checkpoint())
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        st.stop()
    show_suggestion(points, settings)
    show_curve(points, current, settings)
    draw_downloads(frame, settings, ready, points)


main(ensure_frame())
