"""Pictures of which nothing is seen where every pixel is opaque or gone: what pages say, and the way out."""

import streamlit as st

from pages import _cache, _soft, _state
from pages._references import PictureRef
from pages._viewer import Pane, viewer


def stop_if_gone(picture: PictureRef, *, can_be_soft: bool) -> None:
    """Show the original alone, and say why, where a page's settings leave nothing of a picture.

    Parameters
    ----------
    picture : PictureRef
    can_be_soft : bool
        Whether the page keeps soft edges where that is chosen.
    """
    if picture.opacity.n_visible or (can_be_soft and is_soft(picture)):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="gone"):
        why = "No pixel of the picture is half opaque or more"
        if can_be_soft:
            record = _state.choices()
            none = "" if record.can_be_soft() else f", and {_soft.who_knows_none(record)}"
            st.markdown(f"{why}: without soft edges nothing is left of it{none}.", width="content")
            _soft.offer_to_keep("soft edges")
        else:
            st.markdown(f"{why}, and this page knows no soft edges. The Studio keeps them.", width="content")
            st.page_link("pages/studio.py", label="Open it in the Studio", icon=":material/arrow_back:")
    with st.container(key="pictures"):
        viewer([Pane("Original", _cache.original_preview(picture))], key="faint", size=picture.size)
    st.stop()


def is_soft(picture: PictureRef) -> bool:
    """Whether soft edges are chosen, can be had, and are in the picture."""
    return picture.opacity.is_partial and _state.choices().own_settings().alpha == "soft"


def tell_without(picture: PictureRef, here: str = "here they are cut") -> None:
    """Say on a page that keeps no soft edges that they were chosen."""
    if is_soft(picture):
        st.caption(f"Soft edges are kept in the Studio and in Compare K; {here}.")
