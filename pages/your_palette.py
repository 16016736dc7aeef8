"""A picture in fixed colours: a table, the best of it, its rows; files of picture, palette, LUT, chart."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages import (
    Frame,
    _acts,
    _cache,
    _code,
    _coming,
    _controls,
    _downloads,
    _faint,
    _fixed,
    _state,
    _table_acts,
    _widgets,
    _words,
    ensure_frame,
)
from pages._names import stem as stem_of
from pages._palettes.html import share_in_words
from pages._references import PictureRef, ResultRef
from pages._tables import Shown, shown_table, take_rows
from pages._viewer import Pane, viewer
from pages._viewer.table import Row, table
from pages._yours import charts, controls, files, results
from quantize import QuantizeError
from quantize.colors.hexadecimal import hex_colors
from quantize.measuring.far import FAR
from quantize.palettes.entries import arrange_entries

# Of so many rows in use all are shown, also those without a pixel.
MANY_ROWS = 32


def show_pictures(picture: PictureRef, result: ResultRef, mask: bytes | None) -> None:
    """Show original and result; where no entry comes near stands out, if that is wanted."""
    colors, used = hex_colors(result.palette), int((result.counts > 0).sum())
    label = _widgets.colors_in_words(len(colors))
    panes = [
        Pane("Original", _cache.original_preview(picture)),
        Pane(
            label if used == len(colors) else f"{used:,} of {label}",
            _cache.result_preview(result),
            palette=colors,
        ),
    ]
    viewer(
        panes, key="table_viewer", size=picture.size, crop=partial(_cache.part, picture, [result]),
        on_pick=partial(_acts.follow_pick, "table_viewer"), mask=mask, **_acts.looking("table_viewer"),
    )  # fmt: skip


def look_far(picture: PictureRef, codes: list[str]) -> tuple[results.Far | str, bytes | None]:
    """Find what no entry comes near and, if it is to be shown, its mask; or a sentence why that cannot be."""
    try:
        far = results.find_far(picture, codes)
        return far, results.show_far(picture, codes) if _state.choices().far and far.n_colors else None
    except QuantizeError as error:
        return _words.sentence(f"What no entry comes near is not known: {error}"), None


def show_far(far: results.Far | str) -> None:
    """Say how much of the picture has colours that no entry comes near, and let them stand out."""
    if isinstance(far, str):
        st.caption(far)
        return
    if not far.n_colors:
        st.caption(f"Every colour of the picture has an entry near it, at most ΔE00 {FAR:g} away.")
        return
    percent, colors = share_in_words(far.share), _widgets.colors_in_words(far.n_colors)
    with st.container(horizontal=True, vertical_alignment="center", key="far_row"):
        st.markdown(f"No entry comes near **{percent}** of the pixels ({colors}).", width="content")
        st.toggle(
            "Show where", **_controls.show("far"), width="content",
            help=f"Pixels whose ΔE00 to every entry is above {FAR:g} stay, all others fade.",
        )  # fmt: skip


def count_rows(shown: Shown, rows: Sequence[int], result: ResultRef) -> list[int]:
    """Pixels of every row; of rows of one colour the first one that is used has them."""
    left, counts = (
        dict(zip(hex_colors(result.palette), result.counts.tolist(), strict=True)),
        [0] * len(shown.colors),
    )
    for row in rows:
        counts[row] = left.pop(shown.colors[row], 0)
    return counts


def fold(shown: Shown, rows: Sequence[int], counts: Sequence[int]) -> tuple[set[int], str]:
    """Choose rows to be folded away, and say which they are.

    Those that are not among the best; and of a large table those without a pixel that are not locked.
    """
    others = set(shown.on) - set(rows)
    empty = {row for row in rows if not counts[row]} - set(shown.locked) if len(rows) > MANY_ROWS else set()
    if empty:
        return others | empty, f"{len(others | empty):,} more, of which this picture has no pixel"
    return others, f"{len(others):,} more, not among the best {len(rows)} for this picture"


def describe_rows(shown: Shown, rows: Sequence[int], counts: Sequence[int], folded: set[int]) -> list[Row]:
    """Every row with what it has of the picture, or why it has nothing."""
    used, total, first = set(rows), max(sum(counts), 1), dict[str, int]()
    for row in rows:
        first.setdefault(shown.colors[row], row)

    def use(row: int) -> str:
        if row in shown.off:
            return "off"
        if row not in used:
            return "not used"
        if first[shown.colors[row]] != row:
            return f"as number {first[shown.colors[row]] + 1}"
        return f"{counts[row]:,} px · {share_in_words(counts[row] / total)}"

    return [
        Row(code, name, use(row), row not in shown.off, row in used, row in shown.locked, row in folded)
        for row, (code, name) in enumerate(zip(shown.colors, shown.names, strict=True))
    ]


def draw_download(picture: PictureRef, result: ResultRef, stem: str) -> None:
    """Offer the picture in full resolution, its entries in the table's order."""
    entries = arrange_entries(result.entries, result.counts, result.settings.ordered, "file")
    width, height = picture.size
    _downloads.offer(
        "Download PNG", partial(_cache.download, result, entries), f"{stem}.png", "image/png",
        icon=":material/download:", key="export_mapped",
        help=f"Indexed PNG, {width:,}×{height:,} pixels, {len(entries)} entries in the order of the table, "
        "also those that the picture does not use.",
    )  # fmt: skip


def show_table(shown: Shown, rows: Sequence[int], result: ResultRef) -> None:
    """Show the table, with what each row has of the picture."""
    counts = count_rows(shown, rows, result)
    folded, rest = fold(shown, rows, counts)
    st.markdown(
        "## Table",
        help="Untick what is not to be used; lock what must be among the best; replace a colour; drag a row.",
    )
    controls.tell_source(shown)
    controls.sort_table(shown, counts)
    table(
        describe_rows(shown, rows, counts, folded), key="table_rows", viewer="table_viewer",
        palette=hex_colors(result.palette), can_change=shown.can_change, can_lock=len(shown.on) > 1,
        rest=rest, on_act=partial(_table_acts.follow_table, "table_rows", shown.colors),
    )  # fmt: skip


def main(frame: Frame) -> None:
    """Draw the page."""
    picture = frame.picture
    _faint.stop_if_gone(picture, can_be_soft=False)
    controls.take_picture()
    controls.pick_table(picture)
    shown = shown_table(_state.choices())
    with st.container():
        controls.say_news()
    pictures = st.container(key="pictures")
    try:
        with _coming.beside(picture, ["In your colours"], pictures):
            rows = results.choose_rows(picture, _state.choices(), shown)
            codes = [shown.colors[row] for row in rows]
            settings = _state.choices().mapping(tuple(codes))
            result = _cache.quantized(picture, settings, _state.checkpoint()).result
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        st.stop()
    far, mask = look_far(picture, codes)
    with pictures:
        show_pictures(picture, result, mask)
    _faint.tell_without(picture)
    show_far(far)
    metrics, stem = _cache.metrics(result), f"{stem_of(frame.name)}-{shown.key}"
    st.html(
        _widgets.figures(
            [
                ("Colours", f"{metrics.colors_before:,} → {metrics.colors_after:,}"),
                ("ΔE00", f"{metrics.delta_e_00:.2f}, 95 % of pixels up to {metrics.delta_e_00_p95:.2f}"),
                ("Method", _widgets.way_in_words(settings)),
            ]
        )
    )
    with st.container(horizontal=True):
        draw_download(picture, result, stem)
        with _state.popover("Palette, LUT", "table_files", ":material/download:"):
            files.draw_files(take_rows(shown, rows), stem)
        with _state.popover("Chart", "table_chart", ":material/grid_on:"):
            charts.draw_charts(picture, shown, rows, stem_of(frame.name), stem, "table_chart")
        controls.draw_use(codes)
        _code.offer(frame, settings, "file")
    _fixed.tell_fixed()
    show_table(shown, rows, result)


main(ensure_frame())
