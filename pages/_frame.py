"""What stands around every page: its look, and the picture picker in the sidebar."""

from functools import partial
from html import escape

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
    _state,
    _trays,
    _waiting,
    _widgets,
    _words,
)
from pages._references import PictureRef
from pages._viewer import Pane, viewer
from pages._viewer.drop import drop_anywhere
from pages._viewer.keys import enter_where_chosen
from quantize.decoding.samples import find_sample

ACCEPTED = "JPEG, PNG, WebP, GIF, TIFF, HEIC …; palettes: ASE, GPL, HEX …"

_STYLE = """
<style>
/* Figures stand still while they change. */
[data-testid="stAppViewContainer"] { font-variant-numeric: tabular-nums; }
[data-testid="stMainBlockContainer"] { max-width: 110rem; padding: 4.2rem 2.5rem 2rem; }
@media (max-width: 1200px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1.5rem; padding-right: 1.5rem; }
  [data-testid="stButtonGroup"] button[data-variant="segmented_control"] { padding: 0 0.5rem; }
}
@media (min-width: 641px) and (max-width: 1300px) {
  /* All options in one row. */
  .st-key-options { gap: 0.5rem; }
  .st-key-options .st-key-preset { flex-basis: 7.5rem; }
  .st-key-options .st-key-dither { flex-basis: 9.25rem; }
  .st-key-options .st-key-strength { flex-basis: 5.5rem; }
  .st-key-options [data-testid="stPopoverButton"] { padding: 0 0.6rem; }
}
/* Streamlit hides its own where there is little room. */
[data-testid="stLayoutWrapper"]:has(> .st-key-tabs) { display: none; }
@media (max-width: 640px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-tabs) { display: block; order: -4; }
  .st-key-tabs { gap: 0 0.25rem; margin-bottom: -0.4rem; }
  .st-key-quick_pick { margin-top: -1.5rem; }
  .st-key-tabs a { min-height: 2.5rem; }
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
  .st-key-heading p { font-size: 0.9rem; }
  /* On a phone the picture comes first and the controls are under it, where the thumb is. */
  [data-testid="stLayoutWrapper"]:has(> .st-key-pictures) { order: -1; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-tray) { order: -1; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-stage-news) { order: -2; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-heading) { order: -3; }
}
[data-testid="stTopNavLink"] { min-height: 2.25rem; padding: 0 0.65rem; align-items: center; }
[data-testid="stMainBlockContainer"] { padding-top: 4.5rem; }
/* What is said of waiting takes no room. */
[data-testid="stLayoutWrapper"]:has(> .st-key-waiting) {
  position: absolute; top: 3.4rem; max-width: calc(100% - 2rem); }
.st-key-heading { margin-bottom: -0.5rem; }
.st-key-heading [data-testid="stHtml"] { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; }
.st-key-heading h1 { font-size: 1.3rem; line-height: 1.5; margin: 0; padding: 0; letter-spacing: 0; }
.st-key-heading p { margin: 0; opacity: 0.75; }
/* What explains a label stands beside it, and controls of one row stand on one line. */
[data-testid="stWidgetLabel"] > :has([data-testid="stTooltipIcon"]) { flex: none; margin-left: 0.3rem; }
[data-testid="stButtonGroup"] button[data-variant="segmented_control"] { min-height: 2.5rem; }
.st-key-quick_pick { padding-bottom: 0.25rem; }
/* What is under More opens over the original, so that the result is seen while it changes. */
@supports (anchor-name: --options) {
  @media (min-width: 1024px) {
    .st-key-options { anchor-name: --options; }
    [data-testid="stPopoverBody"]:has(.st-key-method) { position-anchor: --options; width: 21rem;
      transform: none !important; top: calc(anchor(bottom) + 0.25rem) !important;
      left: anchor(left) !important; }
  }
}
/* The ring of the keyboard is in the colour of text, and what is chosen in that of the accent. */
:is(a, button, [data-rac]):is(:focus-visible, [data-focus-visible]) { outline: 2px solid currentColor;
  outline-offset: 2px; }
/* Around a menu whole, not around the part of it that takes letters. */
[role="group"] > input[role="combobox"]:is(:focus-visible, [data-focus-visible]) { outline: none; }
[role="group"]:has(> input[role="combobox"]:focus-visible) { outline: 2px solid currentColor;
  outline-offset: -1px; }
/* A finger needs more than the sign shows. */
[data-testid="stTooltipHoverTarget"] button { position: relative; }
[data-testid="stTooltipHoverTarget"] button::after { content: ""; position: absolute; inset: -0.4rem; }
/* A finger that goes up or down over a slider scrolls the page, and only one on its knob moves that. */
[data-testid="stSlider"] [data-orientation="horizontal"],
[data-testid="stSlider"] [data-orientation="horizontal"] > * { touch-action: pan-y !important; }
@media (pointer: coarse) {
  [data-orientation] > [data-orientation="horizontal"] { pointer-events: none; }
  [data-orientation] > [data-orientation="horizontal"] > [style*="translate"] { pointer-events: auto; }
  [data-orientation] > [data-orientation="horizontal"] > [style*="translate"]::after { content: "";
    position: absolute; inset: -0.9rem; }
}
[data-testid="stSlider"] [disabled], [data-testid="stSlider"] [disabled] p { color: inherit; opacity: 1; }
[data-testid="stSlider"] [disabled] p { opacity: 0.7; }
/* What is pointed at in a viewer or a palette is told in the gap under it, which is as high as that line. */
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-stage-"]), .st-key-bar { margin-bottom: -1rem; }
/* On the lighter accent of a dark page white cannot be read, and of what is off only its label is left. */
@media (prefers-color-scheme: dark) {
  [data-testid="stMultiSelect"] [data-tag] { color: #111; }
}
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.75; }
/* K is the largest control. */
.st-key-k label p { font-size: 1.15rem; font-weight: 600; }
.st-key-k [data-testid="stSlider"] > [role="group"] { padding-top: 0.9rem; }
.st-key-k [data-testid="stSliderThumbValue"] p { font-size: 1.4rem; }
.st-key-k [data-testid="stSliderThumbValue"] { font-size: 1.4rem; font-weight: 600; }
/* Where the sidebar is folded away, say what its arrow leads to. */
[data-testid="stExpandSidebarButton"] { width: auto; padding: 0 0.5rem; }
[data-testid="stExpandSidebarButton"]::after { content: "Your picture"; padding-left: 0.4rem; }
/* In sight wherever the page is scrolled to, and nothing moves when it goes. */
[data-testid="stLayoutWrapper"]:has(> .st-key-first-bar) { position: sticky; bottom: 0; z-index: 9; }
.st-key-first-bar { padding: 0.6rem 1rem 1rem; backdrop-filter: blur(12px) contrast(0.3) brightness(1.5); }
@media (prefers-color-scheme: dark) {
  .st-key-first-bar { backdrop-filter: blur(12px) contrast(0.3) brightness(0.4); }
}
/* What is told there takes some time, and it opens upwards where it will have no room below. */
[data-testid="stPopoverBody"]:has(.st-key-gain) { min-height: 12rem; }
/* A method's own number holds as one that somebody chose; only what is not used is pale. */
[data-testid="stNumberInput"] input:enabled::placeholder { color: inherit; opacity: 1; }
.st-key-news, .st-key-keys { position: absolute; width: auto !important; left: 0; right: 0; }
/* Windows' contrast themes take away backgrounds, and with them what is chosen and where a slider stands. */
@media (forced-colors: active) {
  button:is([aria-checked="true"], [aria-pressed="true"]), [aria-current="page"],
  :is(button:is([aria-checked="true"], [aria-pressed="true"]), [aria-current="page"]) * {
    forced-color-adjust: none; background-color: Highlight !important; color: HighlightText !important; }
  [data-testid="stSlider"] [data-orientation="horizontal"] > :not([data-testid="stSliderTickBar"]) {
    forced-color-adjust: none; }
  :is(button:is([aria-checked="true"], [aria-pressed="true"]), [aria-current="page"]) * {
    background-color: transparent !important; }
  [data-orientation] > [data-orientation] > :first-child { outline: 1px solid CanvasText; }
  [data-testid="stSlider"] [data-testid="stSliderThumbValue"] * { color: CanvasText; }
}
.cq-small { display: block; max-width: 100%; height: auto; margin-bottom: 1rem; border-radius: 4px; }
.cq-name { font-weight: 600; overflow-wrap: anywhere; }
.cq-quiet, .cq-accepted { opacity: 0.75; font-size: 0.9rem; }
/* It lies over the page, and takes no room in it. */
[data-testid="stLayoutWrapper"]:has(> .st-key-dropping) { position: absolute; width: 0; }
/* What was taken is in the row of pictures, or was said; here stays what is on its way or failed. */
.st-key-file [data-testid="stFileChips"] > div > div:not(
  :has([aria-invalid], [data-testid="stFileChipIconSpinner"])) { display: none; }
.st-key-file [data-testid="stFileChips"] button[aria-label="Add files"] { width: auto; }
.st-key-file [data-testid="stFileChips"] button[aria-label="Add files"]::after {
  content: "Add pictures"; white-space: nowrap; padding-left: 0.25rem;
}
/* What became of files is said beside the picker, and there alone if it is seen. */
body:has([data-testid="stSidebar"][data-collapsed="false"]) [data-testid="stToast"]:has(em) { display: none; }
[data-testid="stToast"] em { font-style: normal; }
.cq-made { max-height: 16rem; overflow: auto; }
.cq-made table { border-collapse: collapse; font-size: 0.9rem; }
.cq-made th { font-weight: 400; text-align: left; overflow-wrap: anywhere; }
.cq-made td { padding-left: 1.6rem; text-align: right; white-space: nowrap; }
.cq-figures { display: flex; flex-wrap: wrap; gap: 0.25rem 1.4rem; align-items: baseline; }
.cq-figures span { white-space: nowrap; }
.cq-figures b { font-weight: 600; }
</style>
"""

# In a frame of another site the viewer stands alone: whatever neither is in its stage nor holds it, goes.
_ALONE = """
<style>
[data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"],
[data-testid="stElementContainer"]:not([class*="st-key-stage-"] *),
[data-testid="stLayoutWrapper"]:not(:has([class*="st-key-stage-"]), [class*="st-key-stage-"] *),
[data-testid="stColumn"]:not(:has([class*="st-key-stage-"])) { display: none !important; }
[data-testid="stMainBlockContainer"] { padding: 0.5rem !important; }
</style>
"""


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
    if screen.controls:
        _widgets.pick_choices(partial(_share.draw, _frame_height(screen, picture)))
    _wait_for_engine(picture)
    return Frame(picture, name, _state.choices().settings())


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
    while not start.wait(0.2):
        bar.progress(start.done, "Preparing the engine: once for each installation, some seconds.")
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
        _files.take([*given, *([shot] if shot else [])])
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
            kept = screen.default and _state.choices().own_settings().alpha == "soft"
            _describe(*_pictures.current(), kept)


def _say_what_became_of_files() -> None:
    given = _state.remembered().given
    if given.problems:
        lines = map(_widgets.plain, given.say())
        st.error("  \n".join(lines), icon=":material/image_not_supported:")
    for sentence in given.news:
        st.info(_widgets.plain(sentence), icon=":material/palette:")
        st.page_link("pages/palette.py", label="Look at the palette")
    if given.colors and _state.choices().palette != given.colors:
        st.button(
            "Use exactly these colours", icon=":material/keep:", key="use_given", width="stretch",
            on_click=_palette_acts.use_everywhere, args=(given.colors,),
            help="Every page then has these colours and no others.",
        )  # fmt: skip


def _describe(picture: PictureRef, name: str, kept: bool) -> None:
    width, height = picture.size
    # What becomes of transparency is said here, too: below the pictures it may be out of sight. On the front
    # page it may be kept.
    said = (*picture.notes, *(() if kept else picture.opacity.notes))
    notes = "".join(f"<div>{escape(_words.to_sentence(note))}</div>" for note in said)
    colors = _widgets.colors_in_words(picture.n_colors)
    st.html(
        f"{_widgets.small_picture(*_cache.thumbnail(picture), f'Your picture, {name}')}"
        f'<div class="cq-name">{escape(name)}</div>'
        f'<div class="cq-quiet">{width:,}×{height:,} pixels, {colors}{notes}</div>'
    )
