"""Controls of the page about one's own palette: which table, how many of it, in which order."""

from collections.abc import Sequence

import streamlit as st

from pages import (
    _cache,
    _controls,
    _files,
    _fixed,
    _looked_at,
    _palette_files,
    _presets,
    _share,
    _state,
    _table_acts,
    _widgets,
    _words,
)
from pages._choices import OWN_TABLE, Choices
from pages._names import readable, shorten
from pages._references import Lost, PictureRef
from pages._tables import MOST, USED, Shown, built_in_table, shown_table
from pages._yours import results
from quantize import Palette, QuantizeError
from quantize.colors.spaces import SPACES
from quantize.palettes.tables import read_tables

MAX_FILE_MB = 1
FAMILIES = {
    "basic": "greys and web-safe",
    "computers": "home computer",
    "consoles": "console",
    "pc": "PC",
    "pixel-art": "pixel art",
    "screens": "names and schemes",
    "colorbrewer": "charts and maps",
    "beads": "beads",
}
"""What kind of table it is, as it stands behind its name."""
SORTS = {"lightness": "Dark to light", "hue": "Hue", "path": "Smooth path", "share": "By use"}


def pick_table(picture: PictureRef) -> None:
    """Draw which table and how much of it, how colours are matched and mixed, and the link."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="table_options"):
        titles = _titles(_state.choices())
        st.selectbox(
            "Palette", list(titles), format_func=titles.__getitem__, width=300, **_controls.show("table"),
            help="Type to find one by its name or kind. Under Other colours is the way to your own.",
        )  # fmt: skip
        with _state.popover("Other colours", "other_colors", ":material/palette:"):
            _bring_others()
        _pick_best(shown_table(_state.choices()))
    with st.container(horizontal=True, vertical_alignment="bottom", key="table_ways"):
        st.segmented_control(
            "Space", list(SPACES), required=True, **_controls.show("space", "table_space"),
            help=_widgets.SPACE_HELP,
        )  # fmt: skip
        _widgets.pick_dither("table_")
        with _state.popover("More", "table_more", ":material/tune:"):
            _widgets.pick_light("table_")
            _presets.pick_runs("table_")
        _share.draw(_share.frame_height(picture.size, True))


def _titles(record: Choices) -> dict[str, str]:
    """Every table that can be shown, with what the control calls it.

    A name never changes: Streamlit's control says the name that it last drew, and would not be understood.
    """
    own = {USED: ("In use on every page", record.palette), OWN_TABLE: ("Your own", record.mine)}
    titles = {key: title for key, (title, colors) in own.items() if colors}
    tables = read_tables().values()
    return titles | {one.key: f"{one.title} · {FAMILIES[one.family]}, {len(one)}" for one in tables}


def _bring_others() -> None:
    """Draw the ways to a table of one's own: a file, a text, another picture."""
    file = st.file_uploader(
        "Palette file", key="table_file", max_upload_size=MAX_FILE_MB,
        on_change=_state.notice_file, args=("table_file",),
        help="From Adobe programs, GIMP, Krita, Procreate, Lospec, design tokens, style sheets and more. On "
        "this page one can be dropped anywhere.",
    )  # fmt: skip
    if file and not _state.is_seen("table_file", file.file_id):
        _take_file(file)
    st.text_area(
        "Codes or CSS names", key="pasted", height=100, placeholder="#c00000, teal, rgb(61 110 168) …",
        on_change=_state.notice,
    )  # fmt: skip
    st.button("Use these", key="use_pasted", on_click=_table_acts.paste, args=("pasted",))
    if shown_table(_state.choices()).key == OWN_TABLE:
        _say_notes()  # also here: the table may be out of sight
    _offer_pictures()


def _take_file(file: object) -> None:
    """Make what a palette file holds the table, or say what is wrong with it and leave everything."""
    name, data = readable(file.name), file.getvalue()  # type: ignore[attr-defined]
    try:
        _palette_files.lay_out(name, data)
    except QuantizeError as error:
        _state.remembered().table_news = f"{shorten(name)}: {_words.to_sentence(str(error))}", ()
    _state.mark_seen("table_file", file.file_id)  # type: ignore[attr-defined]
    _files.release(file)
    st.rerun()


def _offer_pictures() -> None:
    """Offer the colours of the visitor's other pictures."""
    others = [one for one in _looked_at.tray().pictures if one is not _looked_at.upload()]
    if not others:
        return
    st.markdown("Colours of another picture")
    with st.container(horizontal=True, key="other_pictures"):
        for one in others:
            st.button(
                _widgets.plain(shorten(one.name)), key=f"take-{one.key}", icon=":material/image:",
                on_click=_table_acts.wish_picture, args=(one.key,),
                help="All its colours; of one that has more, 256 that stand for them.",
            )  # fmt: skip


def take_picture() -> None:
    """Make the colours of another picture the table, if somebody asked for it; start over then."""
    known = _state.remembered()
    other = _looked_at.tray().find(known.table_wish) if known.table_wish else None
    if other is None:
        return
    try:
        colors = results.colors_of(_cache.picture(other.data, other.digest))
    except (QuantizeError, Lost) as error:
        known.table_news = f"{shorten(other.name)}: {_words.to_sentence(str(error))}", ()
    else:
        _table_acts.put_in(shorten(other.name), Palette(colors))
    known.table_wish = ""
    st.rerun()


def say_news() -> None:
    """Say what was wrong with a table that was given."""
    error = _state.remembered().table_news[0]
    if error:
        st.error(_widgets.plain(error), icon=":material/palette:")


def tell_source(shown: Shown) -> None:
    """Say where a table comes from, and what else is to be said of one that was given."""
    table = built_in_table(shown.key)
    if table:
        st.caption(f"Source: {_widgets.plain(table.source)}. Licence: {_widgets.plain(table.licence)}.")
    elif shown.key == OWN_TABLE:
        _say_notes()


def _say_notes() -> None:
    """Say what else is to be said of the table that was given last, such as what was not understood."""
    for note in _state.remembered().table_news[1]:
        st.caption(_words.sentence(note))


def _pick_best(shown: Shown) -> None:
    """Draw how many of the rows that are on are used: the best for the picture; all of them at its end."""
    number = len(shown.on)
    if number < 2:
        return
    least = max(1, len({shown.colors[row] for row in shown.locked}))
    among = [0, *range(least, min(number, MOST + 1))]
    end = f"all {number}" if number <= MOST else f"{MOST}, as many as a file has"
    st.select_slider(
        "Use the best", [*among[1:], 0], format_func=lambda n: f"{n}" if n else end,
        **_controls.show("best", f"best_{least}_{number}", among),
        help="The colours of the table that serve this picture best; locked ones are always among them.",
    )  # fmt: skip


def draw_use(colors: Sequence[str]) -> None:
    """Offer what is used here to all pages."""
    help = "The other pages then have these colours and no others, too."
    _fixed.offer_to_use(colors, "use_table", _table_acts.use_everywhere, help)


def sort_table(shown: Shown, counts: Sequence[int]) -> None:
    """Draw ways to bring the table in order, and to turn all of it on."""
    with st.container(horizontal=True, key="table_sorts"):
        if shown.can_change:
            with _state.popover("Sort", "table_sort", ":material/sort:"):
                for key, title in SORTS.items():
                    st.button(
                        title, key=f"sort_{key}", on_click=_table_acts.sort_rows, args=(key, counts),
                        width="stretch",
                    )  # fmt: skip
        if shown.off:
            st.button(
                "Turn all on", key="all_on", icon=":material/check_box:", on_click=_table_acts.turn_all_on
            )
