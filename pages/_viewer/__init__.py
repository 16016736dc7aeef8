"""The picture viewer: 1 to 9 panes of one picture, shown byte for byte as they were made.

The browser shows exactly the PNG bytes that a `Pane` holds; nothing encodes them again. Streamlit already
refers to messages of 10 kB and more that a browser holds by their hash instead of sending them again, but an
element is one message. So the parts that change at different times are separate elements:

- the stage: HTML, CSS and JavaScript of the viewer; never changes, hence sent once;
- a courier for each pane: its PNG bytes; sent when that picture changes;
- a courier for the scene: which picture goes where, under which label; well under 3 kB, sent when it changes.

The couriers take no room on the page. They put what they bring on a shelf that all viewers of the tab share,
and the stage shows a picture as soon as it is there and decoded; until then the old one stays. Nobody keeps
books on what the browser has, so a reload or a lost connection cannot leave them wrong.
"""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import streamlit as st

from pages._viewer.assets import read
from pages._viewer.strip import Chosen, palette_bar

__all__ = ["Chosen", "Pane", "Pick", "Viewed", "palette_bar", "viewer"]

Mode = Literal["side", "wipe"]

MAX_PANES = 9

_HEX = re.compile("#[0-9a-f]{6}")

_STAGE_SCRIPTS = (
    *("shelf", "view", "color", "heat", "pixels", "panes"),
    *("gestures", "wipe", "bar", "inspect", "fade", "error", "viewer"),
)
_COURIER_SCRIPTS = ("shelf", "courier")


_stage = st.components.v2.component(
    "quantize_viewer",
    html=read("viewer.html"),
    css=read("viewer.css"),
    js=read(*(f"{name}.js" for name in _STAGE_SCRIPTS)),
)
_courier = st.components.v2.component(
    "quantize_viewer_courier",
    js=read(*(f"{name}.js" for name in _COURIER_SCRIPTS)),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Pane:
    """One picture of a viewer.

    Parameters
    ----------
    label : str
        A word or two above the picture; also its name for screen readers.
    png : bytes
        The picture as PNG, or as lossless WebP. Panes of one viewer show the same picture, so they should
        be of one size.
    caption : str
        Figures that go with it, set smaller after the label.
    palette : sequence of str
        The picture's entries as "#rrggbb", in order; without them its pixels have colours but no entries.
    """

    label: str
    png: bytes
    caption: str = ""
    palette: Sequence[str] = ()


@dataclass(frozen=True)
class Pick:
    """A pixel that was clicked.

    Parameters
    ----------
    x, y : int
        The place in the picture, from its top left corner.
    pane : int
        The pane whose entry is meant; for a click on the original, that of the pane beside it.
    original, color : str or None
        "#rrggbb" in the first pane and in that pane; None where the picture is transparent.
    entry : int or None
        Index in that pane's palette. None where it has none, and when the selection was taken back.
    """

    x: int
    y: int
    pane: int
    original: str | None
    color: str | None
    entry: int | None


@dataclass(frozen=True)
class Viewed:
    """What a person did in a viewer; `pick` is set only in the rerun that the click caused."""

    pick: Pick | None


def viewer(
    panes: Sequence[Pane],
    *,
    key: str,
    mode: Mode = "side",
    height: int | None = None,
    selected: int | None = None,
    selected_pane: int | None = None,
) -> Viewed:
    """Show panes of the same picture, moved and zoomed together.

    Parameters
    ----------
    panes : sequence of Pane
        1 to 9. The first one is the original that the others are compared with.
    key : str
        Names this viewer; unique on its page.
    mode : {"side", "wipe"}
        How two panes are shown at first. The person can change it; a new value from here wins.
    height : int, optional
        The most that the pictures may take, in CSS pixels; without it, 70 % of the window's height.
    selected : int, optional
        The palette entry whose pixels stay while all others fade, in every pane. A click selects at once,
        without this; a new value from here wins.
    selected_pane : int, optional
        The pane whose entry that is; without it, the first pane that has a palette.

    Returns
    -------
    Viewed
        What was clicked, if a click caused this rerun.

    Raises
    ------
    ValueError
        If there are no panes or more than 9, one of them does not hold a PNG or lossless WebP, or `selected`
        is not an entry of that pane.
    """
    if not 1 <= len(panes) <= MAX_PANES:
        raise ValueError(f"a viewer shows 1 to {MAX_PANES} panes, got {len(panes)}")
    scene = {
        "key": key,
        "mode": mode,
        "height": height,
        "selected": _selection(panes, selected, selected_pane),
        "panes": [_describe(pane) for pane in panes],
    }
    with st.container(gap=None):
        for index, pane in enumerate(panes):
            _courier(key=f"{key}-pane-{index}", data=_digest(pane.png).encode() + pane.png)
        _courier(key=f"{key}-scene", data=scene)
        done = _stage(key=key, data={"key": key}, on_pick_change=_nothing)
    return Viewed(pick=_read_pick(done.pick))


def _nothing() -> None:
    """Streamlit gives a result an attribute for each event that has a callback."""


def _read_pick(value: object) -> Pick | None:
    """Believe a browser only what has the right form."""
    if not isinstance(value, dict) or value.keys() != Pick.__dataclass_fields__.keys():
        return None
    numbers = [value["x"], value["y"], value["pane"]] + [value["entry"]] * (value["entry"] is not None)
    words = [word for word in (value["original"], value["color"]) if word is not None]
    if not all(type(number) is int and number >= 0 for number in numbers):
        return None
    if not all(isinstance(word, str) and _HEX.fullmatch(word) for word in words):
        return None
    return Pick(**value)


def _selection(panes: Sequence[Pane], entry: int | None, pane: int | None) -> tuple[int, int] | None:
    """Pane and entry, or None."""
    if entry is None:
        return None
    if pane is None:
        pane = next((index for index, pane in enumerate(panes) if len(pane.palette)), 0)
    if not (0 <= pane < len(panes) and 0 <= entry < len(panes[pane].palette)):
        raise ValueError(f"selected must be an entry of its pane's palette, got {entry} of pane {pane}")
    return pane, entry


def _describe(pane: Pane) -> dict[str, object]:
    return {
        "label": pane.label,
        "caption": pane.caption,
        "palette": list(pane.palette),
        "digest": _digest(pane.png),
        "size": _picture_size(pane.png),
    }


def _digest(png: bytes) -> str:
    """32 characters that name these bytes."""
    return blake2b(png, digest_size=16).hexdigest()


def _picture_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header, so that room is kept before anything is decoded."""
    if len(data) >= 25 and data[:8] == b"\x89PNG\r\n\x1a\n":
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if len(data) >= 25 and data[8:16] == b"WEBPVP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise ValueError(f"a pane must hold PNG or lossless WebP, got {len(data)} bytes that begin {data[:16]!r}")
