"""What stands around every page: its look, and the picture picker in the sidebar."""

from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from pages import (
    SCREENS,
    Frame,
    Screen,
    _cache,
    _controls,
    _files,
    _looked_at,
    _palette_acts,
    _pictures,
    _share,
    _soft,
    _state,
    _trays,
    _waiting,
    _widgets,
    _words,
)
from pages._names import shorten
from pages._references import PictureRef
from pages._viewer import Pane, viewer
from pages._viewer.answer import ask
from pages._viewer.drop import drop_anywhere
from pages._viewer.keys import enter_where_chosen
from pages._words import PREPARING
from quantize.decoding.frames import lost_frames, moves
from quantize.decoding.samples import find_sample

ACCEPTED = "JPEG, PNG, WebP, GIF, TIFF, HEIC …; palettes: ASE, GPL, HEX …"

PLAYS = "animation"
"""The page that shows all frames."""

# What every page looks like; and in a frame of another site, where the viewer stands alone.
_STYLE, _ALONE = (
    f"<style>\n{Path(__file__).with_name(name).read_text(encoding='utf-8')}</style>\n"
    for name in ("frame.css", "alone.css")
)


def style() -> None:
    """Put the app's own few rules on the page."""
    st.html(_STYLE + _ALONE * _state.is_embedded())


def draw(screen: Screen) -> Frame:
    """Draw the sidebar and, on pages that use them, the controls; bring the address up to date.

    They are drawn here and not by the pages because Streamlit takes a widget that two pages draw for two.
    """
    _waiting.place()
    with st.container(key="tabs", horizontal=True, gap="small"):
        for other in SCREENS:
            st.page_link(f"pages/{other.file}.py", label=other.title, width="content")
    with st.container(key="heading"):
        st.html(f"<h1>{escape(screen.heading)}</h1> <p>{escape(screen.lead)}</p>")
        enter_where_chosen()
    _looked_at.settle_picture()
    _draw_picker(screen)
    picture, name = _pictures.current()
    _looked_at.note_picture(picture.digest, picture.size)
    _share.carry_out(picture, name)
    _state.write_address()
    _share.draw_news()
    _trays.draw()
    if not _state.is_embedded():
        with st.container(key="dropping"):
            drop_anywhere("file")
            ask(*_state.question())
    _draw_controls(screen, picture)
    _wait_for_engine(picture)
    return Frame(picture, name, _state.choices().settings())


def _draw_controls(screen: Screen, picture: PictureRef) -> None:
    """Draw the controls of pages that have them, in a place that others leave empty at once.

    Streamlit takes what is drawn in the same place for the same row, and leaves in it what the page before
    had there until the run is over: seconds, where a file is looked for.
    """
    if not screen.controls:
        st.empty()
        return
    with st.container(key="choices"):
        soft = screen.soft and _soft.is_offered(picture, all_are_made=screen.default)
        _widgets.pick_choices(partial(_share.draw, _frame_height(screen, picture)), soft)
        if soft and picture.opacity.n_visible:  # else the page itself says so
            _soft.tell_cut()


def _frame_height(screen: Screen, picture: PictureRef) -> int:
    """How high a frame of the page is, in CSS pixels; of many pictures that is not known."""
    if not screen.default:
        return _share.MANY_HIGH
    return _share.frame_height(picture.size, _state.choices().arrange != "wipe")


def _wait_for_engine(picture: PictureRef) -> None:
    """Show the original where it will stand, and how far the engine is, until a first result can be made."""
    start = _cache.warm_up()
    if start.wait():
        return
    with st.container(key="pictures"):
        viewer([Pane("Original", _cache.original_preview(picture))], key="first", size=picture.size)
    bar = st.container(key="first-bar").progress(0.0)
    while not start.wait(0.4):  # drawing takes processors, too
        bar.progress(start.done, PREPARING)
    st.rerun()


def _draw_picker(screen: Screen) -> None:
    """Draw the current picture, ways to bring another, samples."""
    with st.sidebar:
        about = st.container()
        given = st.file_uploader(
            "Your picture",
            type=None,  # content decides what a file is, and what is no picture gets a sentence that helps
            key="file",
            on_change=_state.notice_file,
            args=("file",),
            accept_multiple_files=True,
            max_upload_size=_files.max_mb(),
            help="Drop files anywhere on the page, paste one, or browse. They stay on this server only while "
            "this page is open.",
        )
        st.html(f'<div class="cq-accepted">{ACCEPTED}</div>')
        beside = st.container()
        with st.popover("Camera", icon=":material/photo_camera:", width="stretch"):
            shot = st.camera_input(
                "Take a photo", key="camera", label_visibility="collapsed", on_change=_state.notice_file,
                args=("camera",),
            )  # fmt: skip
        _files.hear_refusal()
        _files.take([*given, *([shot] if shot else [])], screen.table)
        with beside:
            _say_what_became_of_files()
        _share.follow()
        st.pills(
            "Or a sample",
            _looked_at.offered_samples(),
            format_func=lambda key: find_sample(key).title,
            **_controls.show("sample"),
        )
        with about:
            kept = screen.soft and _state.choices().own_settings().alpha == "soft"
            _describe(*_pictures.current(), kept, screen.file == PLAYS)
            _lead_to_frames(screen, _pictures.current()[0])


def _say_what_became_of_files() -> None:
    given = _state.remembered().given
    if given.problems:
        lines = map(_widgets.plain, given.say())
        st.error("  \n".join(lines), icon=":material/image_not_supported:")
    for sentence in given.news:
        st.info(_widgets.plain(sentence), icon=":material/palette:")
        if given.colors:
            st.page_link("pages/palette.py", label="Open the page Palette", icon=":material/palette:")
    if given.colors and _state.choices().palette != given.colors:
        st.button(
            "Use exactly these colours", icon=":material/keep:", key="use_given", width="stretch",
            on_click=_palette_acts.use_everywhere, args=(given.colors,),
            help="Your picture then has these colours and no others, on every page.",
        )  # fmt: skip
    elif given.colors:
        st.caption("Its colours are in use on every page.")


def _lead_to_frames(screen: Screen, picture: PictureRef) -> None:
    """Lead to the page that plays an animation, from those that show its first frame."""
    if moves(picture.notes) and screen.file != PLAYS:
        st.page_link("pages/animation.py", label="Play all frames", icon=":material/animation:")


def _describe(picture: PictureRef, name: str, kept: bool, plays: bool) -> None:
    width, height = picture.size
    # What becomes of transparency is said here, too: below the pictures it may be out of sight. On the front
    # page it may be kept.
    known = [note for note in picture.notes if not (plays and lost_frames([note]))]
    said = (*known, *(() if kept else picture.opacity.notes))
    notes = "".join(f"<div>{escape(_words.to_sentence(note))}</div>" for note in said)
    colors = f", {_widgets.colors_in_words(picture.n_colors)}" if picture.n_colors else ""
    colors += " in the first frame" * (plays and moves(picture.notes))
    st.html(
        f"{_widgets.small_picture(*_cache.thumbnail(picture), f'Your picture, {name}')}"
        f'<div class="cq-name" title="{escape(name)}">{escape(shorten(name))}</div>'
        f'<div class="cq-quiet">{width:,}×{height:,} pixels{colors}{notes}</div>'
    )
