"""What goes wrong, tried live, on the page that shows k-means at work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages import _acts, _controls, _widgets, _words
from pages._inside import results
from pages._references import PictureRef
from pages._viewer import Pane, viewer
from quantize import QuantizeError
from quantize.teaching.mistakes import MISTAKES

Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class _Told:
    """A mistake in words: its title, why it happens, what came of it by its figures; its two pictures, and
    whether these are of one size, to be moved together."""

    title: str
    why: str
    say: Callable[[Numbers], str]
    panes: tuple[str, str] = ("", "")
    alike: bool = True


def _say_cut(found: Numbers) -> str:
    lost = found["different"] - found["left"]
    said = (
        f"Of this picture's {found['dark']:,} darkest pixels, {found['different']} centres become "
        f"{found['left']} colours. " + ("None was lost here." if not lost else f"{lost} were lost.")
    )
    return (
        f"{said} And a fraction that is cut off makes every centre darker: "
        f"error {found['cut']:,.1f} instead of {found['rounded']:,.1f}."
    )


def _say_many(found: Numbers) -> str:
    return (
        f"A copy of this picture with {_widgets.colors_in_words(found['colors'])}, asked for "
        f"{found['asked']}: {found['different']} of the centres are different, and OpenCV says nothing. "
        f"It refuses only more centres than pixels; this is what it says of {found['rows']} pixels:"
    )


_TOLD = {
    "uint8": _Told(
        "uint8 for float32",
        "Means are no whole numbers, so k-means works on float32, and cv2.kmeans takes nothing else.",
        lambda _: "OpenCV's own words:",
    ),
    "shape": _Told(
        "Not reshaped back",
        "k-means knows a list of pixels and no picture. What it gives back is a list, too.",
        lambda found: (
            f"The result has shape ({found['rows']:,}, 3): shown as a picture it is grey, 3 pixels "
            f"wide and {found['rows']:,} high. Its first rows are on the left."
        ),
        ("Not reshaped", "Reshaped"),
        alike=False,
    ),
    "cut": _Told(
        "Fractions cut off",
        "np.uint8 cuts fractions off. Two centres less than a step apart become one colour.",
        _say_cut,
    ),
    "hue": _Told(
        "Hue as a number",
        "Hue is an angle: OpenCV's 179 and 0 are neighbours, both red. Taken as a number they are as far "
        "apart as can be, and their mean is cyan. Greys have no hue: OpenCV writes 0, and they count as red.",
        lambda found: f"Mean squared error {found['wrong']:,.0f}, in BGR {found['right']:,.0f}.",
        ("Clustered in H, S, V", "Clustered in BGR"),
    ),
    "bgr": _Told(
        "BGR shown as RGB",
        "OpenCV holds pixels as blue, green, red; nearly everybody else as red, green, blue. The clusters "
        "are the same, only shown in false colours.",
        lambda _: "What was red is blue.",
        ("As it comes", "Turned round"),
    ),
    "many": _Told(
        "K above the colours",
        "There are never more different centres than different colours.",
        _say_many,
    ),
}


def draw_mistakes(picture: PictureRef, run: results.Run) -> None:
    """Draw which mistake, and once one is chosen its code and what comes of it."""
    st.header("What goes wrong", anchor=False)
    key = st.pills(
        "Make a mistake", list(_TOLD), format_func=lambda key: _TOLD[key].title, **_controls.show("slip"),
        help="Each is really made, on a smaller copy of your picture, with as many centres as above.",
    )  # fmt: skip
    st.markdown("Or in the run above, where Undo takes it back:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "All centres alike", key="alike", on_click=_acts.put_centers, args=(("#808080",) * run.clusters,),
            help="The first one gets every pixel and moves away, then the next: they come apart one by one.",
        )  # fmt: skip
        st.button(
            "An empty cluster", key="empty", on_click=_put_far, args=(picture, run),
            help="One centre where no pixel is nearest to it: it has no mean, and stays where it is.",
        )  # fmt: skip
    if key:
        _show(picture, run, key)


def _put_far(picture: PictureRef, run: results.Run) -> None:
    """Callback: put the last centre where nothing is near."""
    _acts.put_centers(results.empty_one(picture, run))


def _show(picture: PictureRef, run: results.Run, key: str) -> None:
    told, mistake = _TOLD[key], MISTAKES[key]
    try:
        made = results.mistake(picture, key, run.clusters)
    except QuantizeError as error:
        st.error(_words.sentence(str(error)))
        return
    st.markdown(told.why)
    if made.size != picture.size:
        width, height = made.size
        st.caption(f"Made on a smaller copy, {width:,}×{height:,} pixels, whose shapes and errors these are.")
    for side, (label, code) in zip(
        st.columns(2), (("Wrong", mistake.wrong), ("Right", mistake.right)), strict=True
    ):
        side.caption(label)
        side.code(code, language="python")
    st.markdown(told.say(made.numbers))
    if made.message:
        st.code(made.message, language=None, wrap_lines=True)
    if not told.panes[0]:
        return
    panes = [
        Pane(label, data) for label, data in zip(told.panes, (made.wrong, made.right), strict=True) if data
    ]
    if told.alike:
        viewer(panes, key=f"slip_{key}", height=320)
        return
    for number, (side, pane) in enumerate(zip(st.columns(2), panes, strict=True)):
        with side:
            viewer([pane], key=f"slip_{key}_{number}", height=320)
