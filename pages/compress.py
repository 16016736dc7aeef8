"""Smaller files: fit a picture into so many kilobytes, and see what each kind of file costs."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import (
    Frame,
    _acts,
    _cache,
    _code,
    _coming,
    _downloads,
    _faint,
    _figures,
    _sizes,
    _state,
    _widgets,
    _words,
    ensure_frame,
)
from pages._address_parts import FITTED_KINDS
from pages._names import stem as stem_of
from pages._references import PictureRef
from pages._smaller import batch, charts, controls, html, results
from pages._viewer import Pane, viewer
from quantize import QuantizeError
from quantize.rendering.rivals import FileSize
from quantize.sizing.comparing import Point, looks_in
from quantize.sizing.kinds import KINDS
from quantize.sizing.recipe import COMPARED
from quantize.sizing.scores import Scores

# SSIMULACRA2 by which another kind of file must look nearer to be named.
CLEARLY_NEARER = 5.0


def shown_progress(line: DeltaGenerator, text: str) -> Callable[[float], None]:
    """How far work is, where its result will stand."""

    def show(done: float) -> None:
        line.progress(min(done, 1.0), text)

    return show


def find(picture: PictureRef, line: DeltaGenerator) -> results.Found:
    """The file to show: that of a point of the chart, or the one found for the goal."""
    record = _state.choices()
    try:
        if record.point:
            line.progress(0.3, "Writing the file …")
            return results.write_point(picture, COMPARED[record.point])
        aim, source = results.read_aim(record), results.source_of(picture)
        return results.find_file(picture, aim, source, shown_progress(line, "Looking for the best file …"))
    except QuantizeError as error:
        line.error(_words.sentence(str(error)))
        st.stop()


def show_pictures(picture: PictureRef, found: results.Found) -> None:
    """Show the original beside the file as programs show it."""
    panes = [
        Pane("Original", _cache.original_preview(picture)),
        Pane(describe(found), found.shown, _sizes.bytes_in_words(len(found.data))),
    ]
    viewer(
        panes, key="smaller", size=picture.size, crop=partial(results.cut_part, picture, found),
        on_pick=partial(_acts.follow_pick, "smaller"), **_acts.looking("smaller"),
    )  # fmt: skip


def describe(found: results.Found) -> str:
    """What a file is, in some words."""
    if found.recipe is None:
        return "Your file as it is"
    title = KINDS[found.recipe.kind].title
    return f"{title}, {found.setting}" if found.setting else title


def show_found(frame: Frame, found: results.Found, line: DeltaGenerator) -> DeltaGenerator:
    """Say what was found and what it gave up, and offer the file; return the place for what looks nearer."""
    picture, name = frame.picture, frame.name
    width, height = found.size
    change = _sizes.bytes_in_words(len(found.data))
    if picture.is_given:
        before = FileSize(picture.n_bytes, estimated=False)
        change = f"{_sizes.bytes_in_words(before.n_bytes)} → {change}"
    looks = f"{found.looks:.1f}".replace("-", "\N{MINUS SIGN}")
    items = [("File", change), ("Exactly", f"{len(found.data):,} bytes"), ("SSIMULACRA2", looks)]
    line.html(_widgets.figures([*items, ("Setting", describe(found))]))
    st.markdown(found.said)
    extension, mime = results.extension_of(found, name)
    with st.container(horizontal=True, vertical_alignment="center"):
        _downloads.offer(
            f"Download {extension.removeprefix('.').upper() or 'file'}", partial(bytes, found.data),
            f"{stem_of(name)}-small{extension}", mime, icon=":material/download:", key="export_small",
            help=f"{describe(found)}: {width:,}×{height:,} pixels, {len(found.data):,} bytes.",
        )  # fmt: skip
        if _state.choices().point:
            st.button(
                "Back to what was found", icon=":material/undo:", key="back", on_click=controls.back_to_found
            )
        _figures.explain("SSIMULACRA2", "File")
        if not _state.choices().point:
            options = results.name_options(results.read_aim(_state.choices()), found)
            _code.offer_command(frame, "compress", options, f"result{extension}")
    return st.empty()


def show_files(picture: PictureRef, found: results.Found, better: DeltaGenerator) -> None:
    """Show what every kind of file costs; a click on a mark shows that file.

    What looks clearly nearer is said at ``better``.
    """
    st.markdown("## What each kind of file costs")
    bar = st.empty()
    try:
        points = list(results.find_points(picture, shown_progress(bar, "Trying kinds of files …")))
    except QuantizeError as error:
        bar.error(_words.sentence(str(error)))
        return
    bar.empty()
    original = results.original_point(picture)
    points += [original] if original else []
    if not points:
        return
    current = Point(found.recipe, len(found.data), Scores(found.looks, 0.0, 1.0))
    st.plotly_chart(
        charts.draw_files(points, current), key="files", on_select=partial(controls.follow_chart, points),
        selection_mode="points", config={"displayModeBar": False},
    )  # fmt: skip
    about = " Sizes and looks are estimates, from parts of the picture, until you click." * any(
        one.estimated for one in points
    )
    st.caption(
        "Higher looks nearer, further left is smaller. Nothing beats the files on the grey line. Click a "
        f"mark to see that file, really written.{about}"
    )
    with better:
        show_better(points, found)
    with st.expander("All figures"):
        st.html(html.files_table(points))


def show_better(points: Sequence[Point], found: results.Found) -> None:
    """Name what looks clearly nearer in no more bytes: a kind of file, or a file of the chart."""
    record = _state.choices()
    if record.goal == "size" and not record.point:
        offer_kind(points, found.looks)
        return
    shorter = [one for one in points if one.recipe and one.n_bytes <= len(found.data)]
    best = max(shorter, key=lambda one: one.scores.ssimulacra2, default=None)
    if best is None or best.recipe is None or best.scores.ssimulacra2 < found.looks + CLEARLY_NEARER:
        return
    about = "about " if best.estimated else ""
    title = KINDS[best.recipe.kind].title
    kind = f"{title}, {best.recipe.name}" if best.recipe.name else title
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"In no more bytes, **{kind}** looks nearer: SSIMULACRA2 {about}{best.scores.ssimulacra2:.0f}, "
            f"{about}{_sizes.bytes_in_words(best.n_bytes)}.",
            width="content",
        )
        st.button("Show that", key="show_better", on_click=controls.show_point, args=(best.recipe.code,))


def offer_kind(points: Sequence[Point], looks: float) -> None:
    """Offer another kind of file that looks clearly nearer than this in as many bytes."""
    record = _state.choices()
    near = looks_in(points, record.kb * 1000)
    best = max((kind for kind in FITTED_KINDS if kind in near), key=near.__getitem__, default=record.kind)
    if best == record.kind or near[best] < looks + CLEARLY_NEARER:
        return
    title, about = KINDS[best].title, f"{near[best]:.0f}".replace("-", "\N{MINUS SIGN}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"In {record.kb:,} kB **{title}** looks nearer: SSIMULACRA2 about {about}.",
            width="content",
        )
        st.button(f"Take {title}", key="show_better", on_click=controls.choose_kind, args=(best,))


def main(frame: Frame) -> None:
    """Draw the page."""
    picture = frame.picture
    _faint.stop_if_gone(picture, can_be_soft=False)
    controls.pick_aim(picture)
    pictures = st.container(key="pictures")
    line = st.empty()
    with _coming.beside(picture, ["Your file"], pictures):
        found = find(picture, line)
    with pictures:
        show_pictures(picture, found)
    if found.recipe is not None and found.recipe.of_kind.indexed:
        _faint.tell_without(picture)
    better = show_found(frame, found, line)
    batch.draw(results.read_aim(_state.choices()))
    show_files(picture, found, better)


main(ensure_frame())
