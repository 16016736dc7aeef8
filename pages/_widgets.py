"""Parts of a page that several pages share: values in, values out."""

import base64
import re
from collections.abc import Callable
from functools import partial
from html import escape
from io import BytesIO
from typing import Any

import streamlit as st
from PIL import Image

from pages import _controls, _fixed, _presets, _soft, _state
from pages._choices import COMPARED, MOST_COMPARED, QUICK_PICKS, start_of
from quantize.colors.spaces import SPACES
from quantize.dithering.dither import DITHERS
from quantize.dithering.groups import GROUPS, find_label, list_keys
from quantize.dithering.light import LIGHTS
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS, Method
from quantize.settings import LIMITS, Settings

SPACE_HELP = (
    "Where distance between colours is measured. BGR: the numbers in the file, as cv2.kmeans sees them. "
    "LAB and Oklab: built so that equal distances look equally different. HSV: hue, saturation, value."
)
PINNED_HELP = (
    "Colours that are in the palette as they are. The others are chosen anew around them, so that each pin "
    "may move all that are not pinned; pin those that shall stay. Type one, or click in the picture. There "
    "are at least as many colours as are pinned."
)
LISTS_HELP = {
    "keep": "This list is for Studio, Compare K and LAB vs BGR; the Palette page pins in a list of its own.",
    "pin": "This list is for this page; the other pages pin in a list of their own, under More.",
}
"""Whose list of pinned colours it is."""
DITHER_HELP = "\n".join(
    [
        "Mixes pixels of the palette's colours, so that from afar more colours seem to be there.",
        *(f"- {group.title}: {group.does}" for group in GROUPS),
    ]
)
DITHER_WIDTH = 220
"""Pixels in which the longest name of a way to dither can be read whole, with its kind."""

LEAST_SEEN, MOST_HIGH = 32, 300
"""Pixels of the page: side of the smallest picture that is found, height of one that leaves room below."""

METHOD_HELP = {
    "kmeans": "our k-means on the picture's colour histogram: fast, and the same every time",
    "opencv": "OpenCV's own k-means on single pixels, as its tutorial teaches it: slower, random starts",
    "looks": "our k-means with an eye to what shows: even areas count more than busy ones; for dithering",
    "wu": "cuts the colours in two where it lowers the error most, without iterating: very quick (1991)",
    "median cut": "cuts the box of colours in two at its median, again and again (1982)",
    "octree": "merges colours that share their leading bits: quick and coarse (1988)",
}

OPENCV_WORDS = {
    "k-means++": "KMEANS_PP_CENTERS",
    "random": "KMEANS_RANDOM_CENTERS",
    "Attempts": "attempts",
    "Iterations": "criteria: max_iter",
    "Epsilon": "criteria: epsilon",
    "Seed": "cv2.setRNGSeed",
}
"""What cv2.kmeans calls our words."""

NUMBERS = {
    "attempts": ("Attempts", "Runs from different starts; the best is kept."),
    "max_iter": ("Iterations", "Most rounds of one run."),
    "epsilon": ("Epsilon", "Stop when no centre moves further than this, in 8-bit steps."),
    "seed": ("Seed", "Another seed, other random starts; the same seed, the same result."),
}


def plain(text: str) -> str:
    """Text that Streamlit's Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!:$<>|~&])", r"\\\1", text)


def colors_in_words(number: int) -> str:
    """A number of colours."""
    return "1 colour" if number == 1 else f"{number:,} colours"


def small_picture(data: bytes, mime: str, alt: str) -> str:
    """HTML of a small picture: in the page itself, which saves a request, and with its room kept.

    A single pixel is enlarged, or nobody would find it; what is very high is made smaller.
    """
    with Image.open(BytesIO(data)) as image:
        width, height = image.size
    times = max(1, LEAST_SEEN // max(width, height)) if height <= MOST_HIGH else MOST_HIGH / height
    size = f'width="{max(1, round(times * width))}" height="{round(times * height)}"'
    size += ' style="image-rendering: pixelated"' * (times > 1)
    source = f"data:{mime};base64,{base64.b64encode(data).decode()}"
    return f'<img class="cq-small" src="{source}" {size} alt="{escape(alt)}">'


def figures(items: list[tuple[str, str]]) -> str:
    """HTML of a line of figures: (label, value) pairs, values emphasised; labels may be empty."""
    cells = (f"<span>{escape(label)} <b>{escape(value)}</b></span>" for label, value in items)
    return f'<div class="cq-figures">{"".join(cells)}</div>'


def pick_n_colors() -> None:
    """Draw K, first and large: a slider and quick picks. Of a fixed palette it only tells K."""
    limit, fixed = LIMITS["n_colors"], _fixed.is_fixed()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.slider(
            "Colours (K)", int(limit.low), int(limit.high), **_controls.show("k"), disabled=fixed,
            help="How many colours the result may have. Drag, or press the arrow keys for one more or less.",
        )  # fmt: skip
        st.pills(
            "Quick picks", QUICK_PICKS, **_controls.show("k", "quick_pick"), label_visibility="collapsed",
            width="content", disabled=fixed,
        )  # fmt: skip
    _fixed.tell_fixed()


def pick_many_n_colors() -> list[int]:
    """Draw the K to compare: chips, up to as many as fit beside the original; a fixed palette has one."""
    if _fixed.is_fixed():
        return [_state.choices().settings().n_colors]
    limit = LIMITS["n_colors"]
    chosen = st.multiselect(
        "Compare", range(int(limit.low), int(limit.high) + 1), **_controls.show("ks"),
        max_selections=MOST_COMPARED, filter_mode="prefix", select_all=False,
        placeholder=f"none chosen: {', '.join(map(str, COMPARED))}",
        help="Which K to show side by side: type a number to add it, click the cross to take it away.",
    )  # fmt: skip
    return sorted(chosen) or list(COMPARED)


def pick_choices(draw_more: Callable[[], None], soft: bool) -> None:
    """Draw K, space and everything behind "More", and what else stands there; `_state.choices` tells.

    Parameters
    ----------
    draw_more : callable
        Draws what else stands in the row.
    soft : bool
        Whether there are soft edges that the page can keep.
    """
    pick_n_colors()
    with st.container(horizontal=True, vertical_alignment="bottom", key="options"):
        _presets.pick_preset()
        pick_space()
        pick_dither()
        if soft:
            _soft.pick_alpha()
        with _state.popover("More", "more", ":material/tune:"):
            pick_search()
            pick_light()
            _presets.pick_runs()
            _fixed.pick_entries()
        draw_more()
    _presets.tell_preset()


def pick_space() -> None:
    """Draw the choice of colour space."""
    st.segmented_control(
        "Space", list(SPACES), required=True, **_controls.show("space"), help=SPACE_HELP
    )  # fmt: skip


def pick_dither(prefix: str = "") -> None:
    """Draw the choice of dithering, and how much of it; ``prefix`` names the widgets of a page of its own."""
    dither = st.selectbox(
        "Dithering", list_keys(), format_func=find_label, width=DITHER_WIDTH,
        **_controls.show("dither", f"{prefix}dither"), help=DITHER_HELP,
    )  # fmt: skip
    off = DITHERS[dither].fill is None
    st.slider(
        "Strength", 0.0, 1.0, step=0.05, width=120, disabled=off,
        **_controls.show("strength", f"{prefix}strength"),
    )  # fmt: skip


def pick_light(prefix: str = "") -> None:
    """Draw what dithering averages."""
    st.selectbox(
        "Dithering averages", list(LIGHTS), format_func=lambda key: LIGHTS[key].title,
        disabled=DITHERS[_state.choices().dither].fill is None,
        **_controls.show("light", f"{prefix}light"),
        help="Stored numbers, as most programs do, or light itself: truer from afar, coarser in shadows.",
    )  # fmt: skip


def pick_effort(method: Method) -> None:
    """Draw how long to try for less error, where the method heeds it."""
    if "effort" in method.choices:
        st.segmented_control(
            "Effort", list(EFFORTS), required=True, **_controls.show("effort"), disabled=_fixed.is_fixed(),
            help="How long to try for less error; best takes 4 to 14 times as long.",
        )  # fmt: skip


def pick_emphasis(method: Method) -> None:
    """Draw which colours must be there and how much rare ones count."""
    pick_pins("keep")
    st.slider(
        "Rare colours", 0.0, 1.0, step=0.05, disabled=_fixed.is_fixed() or not method.weighted,
        **_controls.show("rare"),
        help="How much rare colours count, so that small regions keep a colour of their own."
        + ("" if method.weighted else " This method cannot weigh colours."),
    )  # fmt: skip


def pick_pins(field: str) -> None:
    """Draw the colours that are pinned; one can be typed or taken away."""
    st.multiselect(
        "Pinned", [], accept_new_options=True, select_all=False, placeholder="none yet: type a colour's code",
        **_controls.show(field), help=f"{PINNED_HELP} {LISTS_HELP[field]}",
        disabled=field == "keep" and _fixed.is_fixed(),
    )  # fmt: skip


def pick_search() -> None:
    """Draw the rest of the choices, for those who want to know; empty fields mean the method's own."""
    method = METHODS[_pick_method()]
    pick_emphasis(method)
    if not method.choices:
        return
    start = st.selectbox(
        "Start", method.inits, format_func=partial(_in_opencv, method),
        **_controls.show(start_of(method.key)), disabled=_fixed.is_fixed(),
        help="Where the centres begin. split: cut the colours in two again and again, no chance involved. "
        "k-means++: random, but far apart. random: just random.",
    )  # fmt: skip
    pick_effort(method)
    cells = iter([*st.columns(2), *st.columns(2)])
    for name, (label, text) in NUMBERS.items():
        _pick_number(next(cells), method, start, name, label, text)


def _in_opencv(method: Method, word: str) -> str:
    """A word with what cv2.kmeans calls it, where that is the method."""
    theirs = OPENCV_WORDS.get(word) if method.key == "opencv" else None
    return f"{word} ({theirs})" if theirs and theirs != word.lower() else word


def _pick_method() -> str:
    return st.selectbox(
        "Method",
        list(METHODS),
        format_func=_method_label,
        **_controls.show("method"),
        disabled=_fixed.is_fixed(),
        help="\n".join(f"- {_method_label(key)}: {text}" for key, text in METHOD_HELP.items()),
    )


def _method_label(key: str) -> str:
    """How a method is called in the list; OpenCV's with its maker, whom not all see in a function's name."""
    return METHODS[key].title + " (OpenCV)" * (key == "opencv")


def _pick_number(cell: Any, method: Method, start: str, name: str, label: str, text: str) -> None:
    limit, default = LIMITS[name], getattr(method.search, name)
    kind = int if limit.whole else float
    used = method.uses(name, start) and not _fixed.is_fixed()
    cell.number_input(
        _in_opencv(method, label), kind(limit.low), kind(limit.high), None, **_controls.show(name),
        placeholder=f"{default:g}" if used else "not used", help=text, disabled=not used,
    )  # fmt: skip


def way_in_words(settings: Settings) -> str:
    """How colours were found and mixed, in some words."""
    title = DITHERS[settings.dither].title
    mixed = f", {'dithered ' * title.startswith('for ')}{title}" if settings.dithered else ""
    if settings.palette:
        return f"fixed palette{f', nearest in {settings.space}' if settings.heeds_space else ''}{mixed}"
    space = f" in {settings.space}" if settings.heeds_space else ""
    return f"{METHODS[settings.method].title}{space}{mixed}"


def time_in_words(seconds: float) -> str:
    """A time in the unit that suits it."""
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:.1f} s"
