"""All of a visitor's pictures made smaller for one goal: one by one, a table of savings, a ZIP."""

from collections.abc import Iterator
from functools import partial
from html import escape

import streamlit as st

from pages import _cache, _downloads, _looked_at, _sizes, _state, _widgets, _words
from pages._made import Line, MadeSmall, saved_in_words
from pages._names import safe_stem, shorten, unique
from pages._references import Lost
from pages._smaller import results
from pages._tray import Upload
from pages._zip import write_zip
from quantize import QuantizeError
from quantize.decoding.frames import lost_frames
from quantize.sizing.shrinking import Aim


def draw(aim: Aim) -> None:
    """Offer to make all pictures, make them if that was asked for, and offer the ZIP when they are there.

    Whatever else a visitor does ends the run in which they are made; what was made stays known.
    """
    if not _looked_at.shows_tray():
        return
    known = _state.remembered()
    made = known.made_small
    wanted = tuple(one.key for one in _looked_at.tray().pictures), aim
    if made is not None and (made.keys, made.aim) != wanted:
        made = known.made_small = None
    if made is None:
        st.button(
            f"Make all {len(wanted[0])} pictures smaller", icon=":material/folder_zip:", key="shrink_all",
            on_click=_ask, args=wanted,
            help="Every picture of the row above for this goal, in one ZIP, and what that saves.",
        )  # fmt: skip
        return
    place = st.empty()
    if len(made.lines) < len(made.keys):
        _make(place, made)
    with place.container():
        _offer(made)


def _ask(keys: tuple[str, ...], aim: Aim) -> None:
    """Callback: all pictures shall be made."""
    _state.remembered().made_small = MadeSmall(keys, aim)
    _state.notice()


def _stop() -> None:
    """Callback: they shall not be made any more."""
    _state.remembered().made_small = None
    _state.notice()


def _make(place: st.delta_generator.DeltaGenerator, made: MadeSmall) -> None:
    """Make what is not made yet, and tell how far that is."""
    pictures = _pictures(made)
    with place.container():
        bar = st.progress(0.0)
        st.button("Stop", icon=":material/stop:", key="stop_small", on_click=_stop)
        for number in range(len(made.lines), len(pictures)):
            name = shorten(pictures[number].name)
            text = _widgets.plain(f"Picture {number + 1} of {len(pictures)}: {name}")
            bar.progress(number / len(pictures), text)
            made.lines.append(_make_one(pictures[number], made.aim))
    stems = unique(f"{safe_stem(line.name)}-small" for line in made.lines)
    made.lines = [line.called(f"{stem}{line.file}") for line, stem in zip(made.lines, stems, strict=True)]


def _pictures(made: MadeSmall) -> list[Upload]:
    return [one for key in made.keys if (one := _looked_at.tray().find(key))]


def _make_one(picture: Upload, aim: Aim) -> Line:
    """Make one picture, or say why it is not in the ZIP; its file is called by its ending at first."""
    try:
        found, frames = _find(picture, aim)
    except (QuantizeError, Lost) as error:
        return Line(picture.key, picture.name, "", len(picture.data), problem=str(error))
    ending = results.extension_of(found, picture.name)[0]
    same = "the file as it was" if found.recipe is None else f"without {frames}" if frames else ""
    return Line(picture.key, picture.name, ending, len(picture.data), len(found.data), cut=same)


def _find(picture: Upload, aim: Aim) -> tuple[results.Found, str | None]:
    """The file for one picture, and which frames of an animation it cannot hold."""
    source = _cache.picture(picture.data, picture.digest)
    return results.find_file(source, aim, picture.data, _cache.nothing), lost_frames(source.notes)


def _offer(made: MadeSmall) -> None:
    """Say what was saved, and offer the ZIP: it is put together when somebody wants it."""
    done = [line for line in made.lines if line.problem is None]
    before, after = sum(line.before for line in done), sum(line.after for line in done)
    lost = any(line.cut.startswith("without ") for line in done)
    saved = "not all of their frames" if lost else saved_in_words(before, after)
    if done:
        with st.container(horizontal=True, vertical_alignment="center"):
            _downloads.offer(
                "Download ZIP", partial(_zip, done, made.aim, _pictures(made)), "smaller.zip",
                "application/zip", icon=":material/folder_zip:", key="download_small",
                help="The files of the table, named after yours",
            )  # fmt: skip
            count = "1 picture" if len(done) == 1 else f"{len(done)} pictures"
            st.html(_widgets.figures([(count, _change(before, after)), ("", saved)]))
    for line in made.lines:
        if line.problem:
            st.error(_widgets.plain(f"{shorten(line.name)}: {_words.to_sentence(line.problem)}"))
    st.html(_table(done))


def _zip(done: list[Line], aim: Aim, pictures: list[Upload]) -> bytes:
    """Write the ZIP; called in a thread of no visitor, where what is kept is kept and the rest made again."""
    known = {one.key: one for one in pictures}

    def files() -> Iterator[tuple[str, bytes]]:
        for line in done:
            yield line.file, _find(known[line.key], aim)[0].data

    return write_zip(files())


def _change(before: int, after: int) -> str:
    return f"{_sizes.bytes_in_words(before)} → {_sizes.bytes_in_words(after)}"


def _table(done: list[Line]) -> str:
    """HTML of what became of each picture."""
    rows = "".join(
        f"<tr><th scope=row>{escape(line.file)}</th><td>{_change(line.before, line.after)}</td>"
        f"<td>{escape(line.cut) or saved_in_words(line.before, line.after)}</td></tr>"
        for line in done
    )
    place = '<div class="cq-made" tabindex=0 role=region aria-label="What became of each picture">'
    return f"{place}<table>{rows}</table></div>"
