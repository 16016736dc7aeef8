"""Parts of a page that several pages share: values in, values out."""

import re
from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages import _state
from pages._viewer import MAX_PANES
from quantize import QuantizeError, Settings
from quantize.dither import DITHERS
from quantize.encode import FileSize
from quantize.kmeans import EFFORTS
from quantize.light import LIGHTS
from quantize.methods import METHODS, Method
from quantize.settings import LIMITS, choose, parse_hex, to_hex
from quantize.spaces import SPACES

SPACE_HELP = (
    "Where distance between colours is measured. BGR: the numbers in the file, as cv2.kmeans sees them. "
    "LAB and Oklab: built so that equal distances look equally different. HSV: hue, saturation, value."
)
METHOD_HELP = {
    "kmeans": "our k-means on the picture's colour histogram: fast, and the same every time",
    "opencv": "OpenCV's own k-means on single pixels, as its tutorial teaches it: slower, random starts",
    "wu": "cuts the colours in two where it lowers the error most, without iterating: very quick (1991)",
    "median cut": "cuts the box of colours in two at its median, again and again (1982)",
    "octree": "merges colours that share their leading bits: quick and coarse (1988)",
}

NUMBERS = {
    "attempts": ("Attempts", "Runs from different starts; the best is kept."),
    "max_iter": ("Iterations", "Most rounds of one run."),
    "epsilon": ("Epsilon", "Stop when no centre moves further than this, in 8-bit steps."),
    "seed": ("Seed", "Another seed, other random starts; the same seed, the same result."),
}


def plain(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!:$<>|~])", r"\\\1", text)


def figures(items: list[tuple[str, str]]) -> str:
    """HTML of a line of figures: (label, value) pairs, values emphasised; labels may be empty."""
    cells = (f"<span>{escape(label)} <b>{escape(value)}</b></span>" for label, value in items)
    return f'<div class="cq-figures">{"".join(cells)}</div>'


def pick_n_colors() -> int:
    """Draw K, first and large: a slider and quick picks."""
    limit = LIMITS["n_colors"]
    _state.settle_n_colors()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        n_colors = st.slider(
            "Colours (K)", int(limit.low), int(limit.high), 16, key="k", bind="query-params",
            help="How many colours the result may have. Drag, or press the arrow keys for one more or less.",
        )  # fmt: skip
        _state.mark_quick_pick(n_colors)
        st.pills(
            "Quick picks",
            _state.QUICK_PICKS,
            key="quick_pick",
            label_visibility="collapsed",
            width="content",
            on_change=_state.follow_quick_pick,
        )
    return n_colors


def pick_many_n_colors() -> list[int]:
    """Draw the K to compare: chips, up to as many as a viewer shows beside the original."""
    limit = LIMITS["n_colors"]
    chosen = st.multiselect(
        "Compare", range(int(limit.low), int(limit.high) + 1), default=_state.COMPARED, key="ks",
        bind="query-params", max_selections=MAX_PANES - 1,
        help="Which K to show side by side: type a number to add it, click the cross to take it away.",
    )  # fmt: skip
    return sorted(chosen) or list(_state.COMPARED)


def pick_choices(draw_more: Callable[[], None] | None = None) -> dict[str, Any]:
    """Draw K, space and everything behind "More", and what else stands there; return choices for settings."""
    n_colors = pick_n_colors()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        space = pick_space()
        dither, strength = pick_dither()
        with st.popover("More", icon=":material/tune:"):
            search = pick_search()
            light = pick_light(dither)
        if draw_more:
            draw_more()
    chosen = {"n_colors": n_colors, "space": space, "dither": dither, "strength": strength, "light": light}
    return {**chosen, **search}


def pick_space() -> str:
    """Draw the choice of colour space."""
    return st.segmented_control(
        "Space", list(SPACES), default="BGR", required=True, key="space", bind="query-params", help=SPACE_HELP
    )


def pick_dither() -> tuple[str, float | None]:
    """Draw the choice of dithering, and how much of it; None where nothing is dithered."""
    dither = st.selectbox(
        "Dithering", list(DITHERS), format_func=lambda key: DITHERS[key].title, key="dither",
        bind="query-params", width=190,
        help="Mixes pixels of the palette's colours, so that from afar more colours seem to be there.",
    )  # fmt: skip
    off = DITHERS[dither].fill is None
    strength = st.slider(
        "Strength", 0.0, 1.0, 1.0, 0.05, key="strength", bind="query-params", width=150, disabled=off
    )
    return dither, None if off else strength


def pick_light(dither: str) -> str | None:
    """Draw what dithering averages; None where nothing is dithered."""
    off = DITHERS[dither].fill is None
    light = st.selectbox(
        "Dithering averages", list(LIGHTS), format_func=lambda key: LIGHTS[key].title, key="light",
        bind="query-params", disabled=off,
        help="Stored numbers, as most programs do, or light itself: truer from afar, coarser in shadows.",
    )  # fmt: skip
    return None if off else light


def pick_effort(method: Method) -> dict[str, str]:
    """Draw how long to try for less error, where the method heeds it."""
    if "effort" not in method.choices:
        return {}
    return {
        "effort": st.segmented_control(
            "Effort", list(EFFORTS), default=method.search.effort, required=True, key="effort",
            bind="query-params", help="How long to try for less error; best takes 4 to 14 times as long.",
        )
    }  # fmt: skip


def pick_emphasis(method: Method) -> dict[str, Any]:
    """Draw which colours must be there and how much rare ones count."""
    kept = st.multiselect(
        "Keep", [], key="keep", bind="query-params", accept_new_options=True, placeholder="#c00000",
        help="Colours that must be in the palette as they are. Type one, or click in the picture.",
    )  # fmt: skip
    able = method.weighted
    rare = st.slider(
        "Rare colours", 0.0, 1.0, 0.0, 0.05, key="rare", bind="query-params", disabled=not able,
        help="How much rare colours count, so that small regions keep a colour of their own."
        + ("" if able else " This method cannot weigh colours."),
    )  # fmt: skip
    return {"keep": colors_only(kept), "rare": rare if able else 0.0}


def colors_only(given: list[str]) -> list[str]:
    """What is a colour of a list that people type into; the rest is named and left out."""
    good = []
    for text in given:
        try:
            good.append(to_hex(parse_hex(text)))
        except QuantizeError as error:
            st.warning(plain(str(error)))
    return good


def pick_search() -> dict[str, Any]:
    """Draw the rest of the choices, for those who want to know; empty fields mean the method's own."""
    method = METHODS[_pick_method()]
    emphasis = pick_emphasis(method)
    if not method.choices:
        return {"method": method.key, **emphasis}
    init = st.selectbox(
        "Start", method.inits, index=method.inits.index(method.search.init), key=f"start_{method.key}",
        bind="query-params",
        help="Where the centres begin. split: cut the colours in two again and again, no chance involved. "
        "k-means++: random, but far apart. random: just random.",
    )  # fmt: skip
    effort = pick_effort(method)
    cells = iter([*st.columns(2), *st.columns(2)])
    numbers = {
        name: _number(next(cells), method, init, name, label, text) for name, (label, text) in NUMBERS.items()
    }
    return {"method": method.key, "init": init, **effort, **emphasis, **numbers}


def _pick_method() -> str:
    return st.selectbox(
        "Method",
        list(METHODS),
        format_func=lambda key: METHODS[key].title,
        key="method",
        bind="query-params",
        help="\n".join(f"- {METHODS[key].title}: {text}" for key, text in METHOD_HELP.items()),
    )


def _number(cell: Any, method: Method, init: str, name: str, label: str, text: str) -> float | None:
    limit, default = LIMITS[name], getattr(method.search, name)
    kind = int if limit.whole else float
    used = method.uses(name, init)
    return cell.number_input(
        label, kind(limit.low), kind(limit.high), None, key=name, bind="query-params",
        placeholder=f"{default:g}" if used else "not used", help=text, disabled=not used,
    )  # fmt: skip


def build_settings(**choices: Any) -> Settings:
    """Make settings of what the widgets gave; what no widget of ours would give is refused in a sentence."""
    try:
        return choose(**choices)
    except QuantizeError as error:
        st.error(plain(str(error)))
        st.stop()


def hex_colors(palette: NDArray[np.uint8]) -> list[str]:
    """CSS colours of a palette, "#rrggbb"."""
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in palette.tolist()]


def size_in_words(size: FileSize) -> str:
    """A file's size, "about" where it is an estimate."""
    return ("about " if size.estimated else "") + bytes_in_words(size.n_bytes)


def bytes_in_words(size: int) -> str:
    """Bytes in the unit that suits them, thousands as in file lists."""
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1e6:.1f} MB"
