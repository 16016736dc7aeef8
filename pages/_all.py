"""All of a visitor's pictures with the current settings: made one by one, and offered as a ZIP."""

from collections.abc import Iterator
from functools import partial
from html import escape

import streamlit as st

from pages import _cache, _downloads, _fixed, _host, _looked_at, _sizes, _soft, _state, _widgets, _words
from pages._made import Line, Made, Wish, longer_in_words, saved_in_words
from pages._names import shorten
from pages._references import Lost
from pages._tray import Upload
from pages._zip import name_files, write_zip
from quantize import QuantizeError, Settings


def draw(settings: Settings, entries: str) -> None:
    """Offer to make all pictures, make them if that was asked for, and offer the ZIP when they are there.

    Whatever else a visitor does ends the run in which they are made. The next one goes on, unless the
    settings or the pictures are others by then.
    """
    if not _looked_at.shows_tray():
        return
    known = _state.remembered()
    wish = Wish(tuple(one.key for one in _looked_at.tray().pictures), settings, entries)
    if known.wish is not None and known.wish != wish:
        known.wish = None
    place = st.empty()
    if known.wish == wish:
        known.made = _make(place, wish, known.made)
        known.wish = None
    with place.container():
        if known.made and known.made.wish == wish and len(known.made.lines) == len(wish.keys):
            _offer(known.made)
        else:
            st.button(
                f"Make all {len(wish.keys)} pictures", icon=":material/folder_zip:", key="make_all",
                on_click=_ask, args=(wish,),
                help="Every picture of the row above as an indexed PNG with these settings, in one ZIP.",
            )  # fmt: skip


def _ask(wish: Wish) -> None:
    """Callback: all pictures shall be made."""
    _state.remembered().wish = wish
    _state.notice()


def _stop() -> None:
    """Callback: they shall not be made any more."""
    _state.remembered().wish = None
    _state.notice()


def _make(place: st.delta_generator.DeltaGenerator, wish: Wish, before: Made | None) -> Made:
    """Make what is not made yet, and tell how far that is; what was made stays known if the run ends."""
    made = before if before and before.wish == wish else Made(wish)
    _state.remembered().made = made
    pictures = [one for key in wish.keys if (one := _looked_at.tray().find(key))]
    files = name_files([one.name for one in pictures], f"-{wish.settings.n_colors}")
    with place.container():
        bar = st.progress(0.0)
        st.button("Stop", icon=":material/stop:", key="stop_all", on_click=_stop)
        for number in range(len(made.lines), len(pictures)):
            name = shorten(pictures[number].name)
            bar.progress(
                number / len(pictures), _widgets.plain(f"Picture {number + 1} of {len(pictures)}: {name}")
            )
            made.lines.append(_make_one(pictures[number], files[number], made))
    return made


def _make_one(picture: Upload, file: str, made: Made) -> Line:
    """Make one picture, or say why it is not in the ZIP."""
    line = partial(Line, picture.key, picture.name, file, len(picture.data))
    try:
        n_bytes = len(_png(picture, made.wish, _state.checkpoint()))
    except (QuantizeError, Lost) as error:
        return line(problem=str(error))
    most = _host.number("QUANTIZE_PICTURES_MB")
    if made.n_bytes + n_bytes > most * 2**20:
        return line(problem=f"the ZIP must be at most {most} MB, and is full: take pictures out before")
    kept = made.wish.settings.alpha == "soft"
    return line(n_bytes, cut="" if kept else _soft.cut_in_words(picture.opacity))


def _png(picture: Upload, wish: Wish, checkpoint: _cache.Checkpoint = _cache.nothing) -> bytes:
    """The indexed PNG of one picture: the cache's, or made again when it is not kept any more."""
    found = _cache.picture(picture.data, picture.digest)
    result = _cache.quantized(found, wish.settings, checkpoint).result
    return _cache.download(result, _fixed.arrange(result, wish.entries))


def _offer(made: Made) -> None:
    """Say what was saved, and offer the ZIP: it is put together when somebody wants it."""
    done = made.done
    before, after = sum(line.before for line in done), sum(line.after for line in done)
    if done:
        with st.container(horizontal=True, vertical_alignment="center"):
            _downloads.offer(
                "Download ZIP", partial(_zip, made, list(_looked_at.tray().pictures)),
                f"pictures-{made.wish.settings.n_colors}.zip", "application/zip",
                icon=":material/folder_zip:", key="download_all", help="Indexed PNGs, named after your files",
            )  # fmt: skip
            count = "1 picture" if len(done) == 1 else f"{len(done)} pictures"
            st.html(_widgets.figures([(count, _change(before, after)), ("", saved_in_words(before, after))]))
    longer = longer_in_words(done)
    if longer:
        st.caption(_widgets.plain(longer))
    for line in made.lines:
        if line.problem:
            st.error(_widgets.plain(f"{shorten(line.name)}: {_words.to_sentence(line.problem)}"))
    st.html(_table(made))


def _zip(made: Made, pictures: list[Upload]) -> bytes:
    """Write the ZIP; called in a thread of no visitor."""
    known = {one.key: one for one in pictures}

    def files() -> Iterator[tuple[str, bytes]]:
        for line in made.done:
            yield line.file, _png(known[line.key], made.wish)

    return write_zip(files())


def _change(before: int, after: int) -> str:
    return f"{_sizes.bytes_in_words(before)} → {_sizes.bytes_in_words(after)}"


def _table(made: Made) -> str:
    """HTML of what became of each picture."""
    rows = "".join(
        f"<tr><th scope=row>{escape(line.file)}</th><td>{_change(line.before, line.after)}</td>"
        f"<td>{saved_in_words(line.before, line.after)}</td></tr>{_row_below(line.cut)}"
        for line in made.done
    )
    place = '<div class="cq-made" tabindex=0 role=region aria-label="What became of each picture">'
    return f"{place}<table>{rows}</table></div>"


def _row_below(text: str) -> str:
    """HTML of what else is to be said of the row above, over its whole width; "" if nothing is."""
    return f'<tr><td class="cq-cut" colspan=3>{escape(text)}</td></tr>' if text else ""
