"""Links: to what is on the page and, once its visitor agrees, to a picture of their own."""

from dataclasses import replace
from datetime import datetime
from html import escape
from time import monotonic
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages import _cache, _looked_at, _state, _widgets, _words
from pages._address import to_query
from pages._names import shorten
from pages._references import PictureRef
from pages._shared import Linked
from pages._store.store import Gone
from pages._viewer.copier import copier
from quantize import QuantizeError

CHECK_SECONDS = 10.0
"""How often it is looked up whether the shared copy of somebody's own picture is still there."""

# Of a frame on somebody's page, in CSS pixels: its width, between its pictures, above and under them.
COLUMN, GAP, ABOVE = 720, 28, 96
LEAST, MOST, MANY_HIGH = 300, 900, 560


def follow() -> None:
    """Find out which shared picture the address names, and whether it is there; before samples are drawn."""
    id, known = _looked_at.share_id(), _looked_at.shared()
    if id and not _looked_at.upload():
        if known.looked_up != id:
            _look_up(id)
    elif id and monotonic() > known.checked + CHECK_SECONDS:
        known.checked = monotonic()
        if not _is_there(id):
            _looked_at.drop_share()
            known.news = "the shared picture was deleted or has expired: its link shows it no more"


def _look_up(id: str) -> None:
    known = _looked_at.shared()
    try:
        shared = _cache.open_shares().look(id)
        _cache.shared_picture(id)
    except QuantizeError as error:
        known.found, known.news = None, str(error)
    else:
        known.found, known.news = Linked(id, shared.name or "Shared picture", shared.expires), None
    known.looked_up = id


def draw_news() -> None:
    """Say above the page what became of a link or a picture, and ask before a delete link deletes."""
    known, lost, linked = _looked_at.shared(), _looked_at.lost_news(), _looked_at.linked()
    news = known.news
    with st.container(key="stage-news"):
        if lost:
            st.warning(_widgets.plain(lost), icon=":material/image_not_supported:")
        if news:
            st.warning(_words.sentence(news), icon=":material/link_off:")
        if _state.refused() and not _state.is_embedded():
            lines = "  \n".join(map(_words.sentence, _state.refused()))
            st.warning(lines, icon=":material/link_off:")
        if known.delete_key and linked:
            st.warning(f"Delete this shared picture for everyone? Its link works until {day(linked.until)}.")
            with st.container(horizontal=True, key="delete_wish"):
                st.button("Delete it", type="primary", on_click=_delete, args=(linked.id, known.delete_key))
                st.button("Keep it", on_click=_looked_at.forget_delete_key)
    if (news or lost) and _state.is_embedded():  # better nothing than a sample that nobody put there
        st.stop()


def _delete(id: str, key: str) -> None:
    """Callback: delete a shared picture and say how it went."""
    try:
        _cache.open_shares().delete(id, key)
    except QuantizeError as error:
        _looked_at.shared().news = str(error)
        _looked_at.forget_delete_key()
    else:
        _cache.forget_shared(id)
        _looked_at.forget_shared()
        _looked_at.shared().news = "the shared picture was deleted, and its link shows it no more"


def frame_height(size: tuple[int, int], side_by_side: bool) -> int:
    """Choose how high a frame is, in CSS pixels, that shows a picture of this size in a column of text.

    Parameters
    ----------
    size : (int, int)
        Width and height of the picture.
    side_by_side : bool
        Whether the original stands beside it.
    """
    across = (COLUMN - GAP) / 2 if side_by_side else COLUMN
    picture = across * size[1] / size[0]
    # A picture takes no more than seven tenths of a window.
    return round(min(max(picture + ABOVE, picture / 0.7, LEAST), MOST))


def draw(height: int) -> None:
    """Offer a link to what is on the page; what it says is worked out when it is opened.

    Parameters
    ----------
    height : int
        Of the frame that it offers.
    """
    own = _looked_at.upload()
    if own and not _looked_at.share_id() and _cache.share_store() is None:
        return
    popover = st.popover("Share", icon=":material/share:", key="sharing", on_change=_state.notice)
    if not popover.open:
        return
    with popover:
        news = _looked_at.shared().news
        if news:  # at the head of the page it is behind this
            st.info(_words.sentence(news), icon=":material/info:")
        if own and _looked_at.share_id() and not _is_there(_looked_at.share_id()):
            st.warning("The shared picture was deleted or has expired: its link shows it no more.")
            _looked_at.drop_share()
            _ask(own.name)
        elif own and not _looked_at.share_id():
            _ask(own.name)
        else:
            _show_links(height)


def _is_there(id: str) -> bool:
    """Whether a shared picture can still be had, as far as is known; somebody else may have deleted it."""
    try:
        _cache.open_shares().look(id)
    except Gone:
        return False
    except QuantizeError:
        return True
    return True


def _ask(name: str) -> None:
    """Ask before a visitor's picture is stored."""
    until = datetime.now().astimezone() + _cache.open_shares().max_age
    st.markdown(f"Make a link, and anyone who has it can see this picture until {day(until)}.")
    st.caption("Stored are its pixels alone: no place, no camera, no date. You also get a link to delete it.")
    # In the control's own name a screen reader would read what makes letters plain, too.
    st.checkbox("Show its name, too", key="share_name")
    st.caption(_widgets.plain(shorten(name)))
    st.button("Store the picture and make a link", type="primary", on_click=_looked_at.wish_to_share)
    if _looked_at.shared().problem:
        st.error(_words.sentence(_looked_at.shared().problem))


def carry_out(picture: PictureRef, name: str) -> None:
    """Share this picture if its visitor just asked for it; a run that ends early leaves that to the next one.

    Nothing ends a run between a picture that is stored and what tells its visitor so.
    """
    known = _looked_at.shared()
    if known.wish != picture.digest:
        known.wish = None
        return
    try:
        receipt = _cache.share(picture, name if _looked_at.shows_name() else None)
    except QuantizeError as error:
        known.problem = str(error)
    else:
        _looked_at.set_receipt(receipt)
    known.wish = None


def _show_links(height: int) -> None:
    """Show what can be done with what is on the page: send it, put it on a page, take it back."""
    receipt, linked = _looked_at.receipt(), _looked_at.linked()
    until = receipt.expires if receipt else linked.until if linked else None
    st.markdown("**Send a link** to this picture, as you see it now: all choices, the part you zoomed to.")
    copier(_address(), key="copy_link", name="Link", label="Copy link", first=True)
    if until:
        st.caption(f"Anyone with the link can see the picture until {day(until)}.")
    st.markdown("**Put it on a web page:** the pictures alone, in a frame.")
    source = escape(_address(embed="true"))
    frame = (
        f'<iframe src="{source}" width="100%" height="{height}" style="border:0" allow="fullscreen" '
        'title="Colour quantization"></iframe>'
    )
    copier(frame, key="copy_frame", name="Code of the frame", label="Copy code")
    if receipt:
        st.markdown("**Take it back:** the shared picture is deleted, and every link to it shows it no more.")
        st.button(
            "Delete it now", icon=":material/delete:", on_click=_delete, args=(receipt.id, receipt.delete_key)
        )
        st.caption("Or later, with a link that only you should have:")
        link = _address(delete=receipt.delete_key)
        copier(link, key="copy_delete", name="Link that deletes", label="Copy delete link")


def _address(**more: str) -> str:
    """Address of what is on the page, as its visitor reaches it, with further parts; never a delete key."""
    query = urlencode({**to_query(replace(_state.choices(), own=False)), **more})
    page = _page_address()
    return f"{page}{'' if '/' in page.partition('//')[2] else '/'}{'?' if query else ''}{query}"


def _page_address() -> str:
    """Address of the page as its visitor reaches it, "" where that is not known.

    Not ``st.context.url``, which takes your_palette for the page palette at the address your_.
    """
    context = get_script_run_ctx(suppress_warning=True)
    said = context.context_info.url if context and context.context_info else ""
    if context is None or not said:
        return ""
    pages = context.pages_manager.get_pages()
    head, _, last = said.removesuffix("/").rpartition("/")
    names = {page.get("url_pathname", "") for page in pages.values()}
    root = head if last in names else said.removesuffix("/")
    here = pages[context.page_script_hash].get("url_pathname") if context.page_script_hash in pages else ""
    return f"{root}/{here}" if here else root


def day(moment: datetime) -> str:
    """A date as people write it."""
    return f"{moment.day} {moment:%B %Y}"
