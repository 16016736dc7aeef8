"""The pages of the app, and the guard that every page file begins with.

Streamlit finds a folder named ``pages`` by itself, and until ``st.navigation`` was called once in a
process it runs a page file without ``app.py`` around it: no frame, no picture. That hits the first
visitor after a start who opens a deep link. ``ensure_frame`` notices, names the pages, and starts over.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._references import PictureRef
from quantize import Settings


@dataclass(frozen=True)
class Screen:
    """One page: its file, its name in the navigation, what it is for in a line, its heading and what stands
    beside that, whether it uses the controls, whether it keeps soft edges where that is chosen, and whether
    palette files become its table.

    Without an icon: Streamlit would fetch it from another host, as the browser's icon of the page.
    """

    file: str
    title: str
    help: str
    heading: str
    lead: str
    default: bool = False
    controls: bool = True
    soft: bool = False
    table: bool = False


@dataclass(frozen=True, eq=False)
class Frame:
    """What the frame hands to a page: the current picture, its name, and what the visitor chose."""

    picture: PictureRef
    name: str
    settings: Settings


SCREENS = (
    Screen(
        "studio",
        "Studio",
        "Reduce a picture to K colours.",
        "Reduce a picture to K colours",
        "k-means finds the K colours that stand for all others with the least error. You see the result "
        "itself, pixel for pixel.",
        default=True,
        soft=True,
    ),
    Screen(
        "compare_k",
        "Compare K",
        "See many K at once, and what each costs.",
        "How many colours are enough?",
        "The same picture with several K side by side, and what each costs in error and in bytes.",
        soft=True,
    ),
    Screen(
        "palette",
        "Palette",
        "Take a palette from the picture and work on it.",
        "A palette from the picture",
        "Pin, edit, add and remove colours, see how they go together, and take them along as a file.",
        controls=False,
    ),
    Screen(
        "compare_spaces",
        "LAB vs BGR",
        "See what a colour space does to a picture, and why.",
        "What a colour space changes",
        "The same picture and K, with the distance between colours measured in different ways.",
    ),
    Screen(
        "inside_kmeans",
        "Inside k-means",
        "Watch the algorithm at work on your own picture.",
        "k-means, step by step",
        "Colours go to their nearest centre, centres go to the mean of their colours, again and again.",
        controls=False,
    ),
    Screen(
        "your_palette",
        "Your palette",
        "Give a picture the colours of a palette that you choose.",
        "The picture in colours that you choose",
        "Of a machine, a box of beads, a palette file or your own list: exactly these, and no others.",
        controls=False,
        table=True,
    ),
    Screen(
        "compress",
        "Smaller files",
        "Fit a picture into so many kilobytes, and see what each kind of file costs.",
        "Smaller files",
        "What looks best in so many bytes, really written; and what the picture costs in every kind of file.",
        controls=False,
    ),
    Screen(
        "segments",
        "Segments",
        "Take a picture apart into regions of one colour.",
        "The picture in regions",
        "Masks, cut-outs and areas of every colour, specks merged into what is around them, and a poster "
        "that stays sharp at any size.",
    ),
    Screen(
        "numbers",
        "Paint by numbers",
        "Print a picture to be painted by numbers.",
        "A picture to paint by numbers",
        "Regions that your brush can fill, each with the number of its paint, on paper; and the solution.",
    ),
    Screen(
        "panel",
        "E-paper",
        "Make a file for an e-paper panel, and see how it will look there.",
        "A picture for an e-paper panel",
        "Mixed of the few inks that the panel has, as they were measured, and numbered as its driver counts.",
        controls=False,
    ),
    Screen(
        "pixel_art",
        "Pixel art",
        "Bring enlarged pixel art back to its true size, or give tiles small palettes.",
        "Real pixel art",
        "What was enlarged or generated, at its true size; or small palettes for tiles, as in consoles.",
        controls=False,
    ),
    Screen(
        "animation",
        "Animation",
        "Reduce a moving GIF, APNG or WebP to K colours, and see it play.",
        "An animation in K colours",
        "With one palette for all frames, what stands still does not flicker. Or give each frame its own.",
    ),
)  # fmt: skip

_current: ContextVar[Frame | None] = ContextVar("_current", default=None)


def find_pages() -> list[Any]:
    """Build what ``st.navigation`` takes; Streamlit wants new objects for each run."""
    return [
        st.Page(f"pages/{screen.file}.py", title=screen.title, help=screen.help, default=screen.default)
        for screen in SCREENS
    ]


def screen_of(page: Any) -> Screen:
    """Return what is known of the chosen page."""
    return next(screen for screen in SCREENS if screen.title == page.title)


def run_framed(page: Any, frame: Frame) -> None:
    """Run the chosen page inside ``app.py``'s frame."""
    token = _current.set(frame)
    try:
        page.run()
    finally:
        _current.reset(token)


def ensure_frame() -> Frame:
    """Return the frame of this run; start over with ``app.py`` if this page was run without it."""
    frame = _current.get()
    if frame is None:
        st.navigation(find_pages())
        st.rerun()
    return frame
