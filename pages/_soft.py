"""Soft edges: the choice to keep them, and what stands in its way."""

import streamlit as st

from pages import _acts, _controls, _looked_at, _state
from pages._choices import Choices
from pages._references import PictureRef
from quantize.colors.opacity import ALPHAS, Opacity
from quantize.dithering.dither import DITHERS
from quantize.methods.table import METHODS
from quantize.presets import PRESETS
from quantize.settings import preset_of


def is_offered(picture: PictureRef, all_are_made: bool) -> bool:
    """Whether there are soft edges to keep.

    Parameters
    ----------
    picture : PictureRef
        The one that is shown.
    all_are_made : bool
        Whether the page makes the other pictures of the tray, too.
    """
    others = _looked_at.tray().pictures if all_are_made else []
    return picture.opacity.is_partial or any(one.opacity.is_partial for one in others)


def pick_alpha() -> None:
    """Draw what becomes of partly transparent pixels; it shows what is, not what would be if it could."""
    st.segmented_control(
        "Soft edges", list(ALPHAS), format_func=lambda key: ALPHAS[key].title, required=True,
        disabled=not _state.choices().can_be_soft(), **_controls.show("alpha"),
        help="Cut: pixels that are at least half opaque become opaque, the others vanish. Keep: "
        "colours may be partly transparent, and are chosen together with their opacity, so that shadows and "
        "smooth edges stay; what is fully transparent has an entry of its own beside the K colours.",
    )  # fmt: skip


def tell_cut() -> None:
    """Say why soft edges are cut where they cannot be kept, and offer the way to keep them."""
    if _state.choices().can_be_soft():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="soft-cut"):
        st.markdown(f"Soft edges are cut: {who_knows_none(_state.choices())}.", width="content")
        offer_to_keep("them")


def offer_to_keep(what: str) -> None:
    """Draw the button that keeps soft edges, whatever that takes; ``what`` is their name there."""
    label = f"Keep {what}{_what_it_takes(_state.choices())}"
    st.button(label, icon=":material/blur_on:", key="keep_soft", on_click=_acts.keep_soft_edges)


def who_knows_none(record: Choices) -> str:
    """Say which of the choices stand in the way of soft edges; they are such that some do."""
    if record.palette:
        names = ["a fixed palette"]
    else:
        names = [] if METHODS[record.method].soft else [f"the method {METHODS[record.method].title}"]
    names += [] if DITHERS[record.dither].soft else [f"dithering {DITHERS[record.dither].title}"]
    preset = None if record.palette else preset_of(record.settings())
    if preset:
        names = [f"the preset {PRESETS[preset].title}"]
    return f"{' and '.join(names)} {'know' if len(names) > 1 else 'knows'} none"


def _what_it_takes(record: Choices) -> str:
    """What changes with soft edges beside them; "" if nothing does."""
    wanted = record.with_soft_edges()
    news = [METHODS[wanted.method].title] * (wanted.method != record.method)
    news += [DITHERS[wanted.dither].title] * (wanted.dither != record.dither)
    without = " without the fixed palette" * bool(record.palette)
    return f"{without}{' with ' * bool(news)}{' and '.join(news)}"


def cut_in_words(opacity: Opacity) -> str:
    """Say of a picture whose soft edges were cut how many pixels that changed; "" if none."""
    kinds = ((opacity.n_faint, "transparent"), (opacity.n_soft, "opaque"))
    parts = [f"{_percent(count, opacity.n_pixels)} became {kind}" for count, kind in kinds if count]
    return f"{', '.join(parts)}: Soft edges would keep them" if parts else ""


def _percent(count: int, n_pixels: int) -> str:
    share = 100 * count / n_pixels
    return f"{share:.0f} %" if share >= 1 else "under 1 %"
