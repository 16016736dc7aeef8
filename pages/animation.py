"""An animation in K colours: original and result play in step; figures of all frames; files that move."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import (
    Frame,
    _acts,
    _cache,
    _code,
    _downloads,
    _faint,
    _figures,
    _state,
    _widgets,
    _words,
    ensure_frame,
)
from pages._animation import controls, results
from pages._animation.results import Film, Made, Wish
from pages._names import stem as stem_of
from pages._viewer import Pane, palette_bar, viewer
from pages._viewer.reel import play, show_result
from quantize import QuantizeError
from quantize.colors.hexadecimal import hex_colors
from quantize.decoding.frames import moves

KINDS = (
    ("gif", "GIF", ".gif", "image/gif"),
    ("apng", "APNG", ".png", "image/apng"),
    ("webp", "WebP", ".webp", "image/webp"),
)


def show_still(frame: Frame) -> None:
    """Say that a picture has one frame, offer some that move, and show the picture as it is elsewhere."""
    picture = frame.picture
    _faint.stop_if_gone(picture, can_be_soft=False)
    st.markdown(
        "This picture has one frame, so nothing moves: bring a GIF, APNG or animated WebP, or take a sample."
    )
    controls.offer_samples("Samples that move")
    pictures, line = st.container(key="pictures"), st.empty()
    try:
        result = _cache.quantized(picture, frame.settings, _state.checkpoint()).result
    except QuantizeError as error:
        line.error(_words.sentence(str(error)))
        st.stop()
    label = _widgets.colors_in_words(len(result.palette))
    panes = [
        Pane("Original", _cache.original_preview(picture)),
        Pane(label, _cache.result_preview(result), palette=hex_colors(result.palette)),
    ]
    with pictures:
        viewer(
            panes, key="still_viewer", size=picture.size, crop=partial(_cache.part, picture, [result]),
            on_pick=partial(_acts.follow_pick, "still_viewer"), **_acts.looking("still_viewer"),
        )  # fmt: skip
    _faint.tell_without(picture)
    _code.offer(frame, frame.settings)


def show_progress(line: DeltaGenerator) -> Callable[[float], None]:
    """How far work is, where the figures will stand."""

    def show(done: float) -> None:
        line.progress(min(done, 1.0), "Working: all frames get their colours")

    return show


def open_film(frame: Frame, line: DeltaGenerator) -> Film:
    """Open the animation, or say in a sentence why that cannot be."""
    try:
        return results.open_film(frame.picture)
    except QuantizeError as error:
        line.error(_words.sentence(str(error)))
        st.stop()


def show_original(film: Film) -> DeltaGenerator:
    """Play the original at once, and return the place beside it."""
    width, height = film.size
    caption = f"{film.format} · {width:,}×{height:,}" + f" · one pixel in {film.step**2} is shown" * (
        film.step > 1
    )
    return play(
        film.sheets, key="reel", film=film.name, size=film.size, durations=film.durations, caption=caption,
        frame=_state.choices().film_frame, origin=_acts.origin(),
        on_frame=partial(_acts.follow_frame, "reel", film.name),
    )  # fmt: skip


def show_made(place: DeltaGenerator, wish: Wish, made: Made) -> None:
    """Play the result beside it."""
    show_result(
        place, made.sheets, key="reel", film=wish.film.name, label=_widgets.colors_in_words(made.n_colors),
        caption="in each frame" if wish.each_frame else "",
    )  # fmt: skip


def show_palette(made: Made) -> None:
    """Show the one palette under both, or say in its place that there are many."""
    if made.palette:
        colors, shares = zip(*made.palette, strict=True)
        palette_bar(colors, shares, key="bar")
        return
    with st.container(key="bar", height=53, border=False):
        st.caption("Each frame has a palette of its own.")


def draw_files(frame: Frame, wish: Wish) -> None:
    """Offer the files."""
    stem = f"{stem_of(frame.name)}-{wish.settings.n_colors}"
    with st.container(horizontal=True, key="film_files"):
        for kind, label, ending, mime in KINDS:
            _downloads.offer(
                f"Download {label}", partial(results.write, wish, kind), f"{stem}{ending}", mime,
                icon=":material/download:", key=f"export_{kind}", help=HELP[kind], first=kind == "gif",
            )  # fmt: skip
        _figures.explain("MSE", "PSNR", "Flicker")
        _code.offer_command(frame, "animate", results.list_options(wish), "result.gif")


def tell_lost(made: Made) -> None:
    """Say what a file cannot hold of this animation."""
    titles = {kind: label for kind, label, *_ in KINDS}
    for kind, note in made.lost:
        st.caption(f"{titles[kind]}: {note}.")


HELP = {
    "gif": "Plays everywhere. Times are in hundredths of a second, and pixels opaque or not.",
    "apng": "A PNG that moves, lossless; programs that know no APNG show its first frame.",
    "webp": "Lossless, often the shortest; all browsers play it.",
}


def measure_files(wish: Wish, line: DeltaGenerator) -> None:
    """Say what the files are long: they are written one after the other, and kept for the download."""
    sizes = unknown_sizes(wish.film)
    if not sizes:
        st.caption("This animation is large: each file is made when you download it.")
    for kind, label, *_ in KINDS * bool(sizes):
        try:
            sizes[label] = len(results.write(wish, kind, _state.checkpoint()))
        except QuantizeError:
            del sizes[label]
        line.html(controls.describe_files(wish.film, list(sizes.items())))


def unknown_sizes(film: Film) -> dict[str, int | None]:
    """Kinds of files whose length will be said: of long animations none, as writing them takes too long."""
    return {} if film.n_pixels > results.MOST_MEASURED else dict.fromkeys(label for _, label, *_ in KINDS)


def main(frame: Frame) -> None:
    """Draw the page; what takes longest comes last."""
    if not moves(frame.picture.notes):
        show_still(frame)
        return
    controls.pick_frames()
    pictures, line = st.container(key="pictures"), st.container(key="film_figures").empty()
    notes, sizes = st.container(), st.container(key="film_sizes").empty()
    line.html(_widgets.figures(controls.UNKNOWN))
    film = open_film(frame, line)
    with pictures:
        place = show_original(film)
    there = len(film.durations)
    if _state.choices().film_frame >= there:
        notes.caption(f"The address names a frame that is not there: the last of {there:,} is shown.")
    wish = results.make_wish(film, _state.choices())
    line.html(_widgets.figures(controls.describe(film, None)))
    sizes.html(controls.describe_files(film, list(unknown_sizes(film).items())))
    draw_files(frame, wish)
    try:
        made = results.find(wish, _state.checkpoint(), show_progress(line))
    except QuantizeError as error:
        line.error(_words.sentence(str(error)))
        st.stop()
    show_made(place, wish, made)
    with pictures:
        show_palette(made)
    line.html(_widgets.figures(controls.describe(film, made)))
    for note in (*film.notes, *made.notes):
        notes.caption(_words.sentence(note))
    tell_lost(made)
    controls.offer_samples("Samples that move")
    measure_files(wish, sizes)


main(ensure_frame())
