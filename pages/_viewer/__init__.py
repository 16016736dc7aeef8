"""The picture viewer: 1 to 9 panes of one picture, shown byte for byte as they were made.

The browser shows exactly the PNG bytes that a `Pane` holds; nothing encodes them again. Streamlit already
refers to messages of 10 kB and more that a browser holds by their hash instead of sending them again, but an
element is one message. So the parts that change at different times are separate elements:

- the stage: HTML, CSS and JavaScript of the viewer; never changes, hence sent once;
- a courier for the scene: which picture goes where, under which label; a few kB, sent when it changes;
- a courier for each pane: its PNG bytes; sent when that picture changes;
- while somebody looks closer than the panes' pixels: a courier for each pane's visible part.

The couriers take no room on the page. They put what they bring on a shelf that all viewers of the tab share,
and the stage shows a scene as a whole, pictures with their captions, as soon as all of them are there and
decoded; until then the old one stays. Only the first one keeps the room of its pictures, which is why the
scene is sent before them. Nobody keeps books on what the browser has, so a reload or a lost connection cannot
leave them wrong.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pages._viewer.assets import read
from pages._viewer.declaring import declare
from pages._viewer.live import Live, offer
from pages._viewer.messages import MAX_PANES, Look, Pick, read_part, read_pick
from pages._viewer.scene import (
    Crop,
    Mode,
    Pane,
    Place,
    Stand,
    build_scene,
    check_count,
    digest_of,
    picture_size,
)
from pages._viewer.strip import Chosen, palette_bar

__all__ = ["MAX_PANES", "Chosen", "Live", "Look", "Pane", "Pick", "Place", "Viewed", "palette_bar", "viewer"]

_STAGE_SCRIPTS = (
    *("shelf", "view", "color", "heat", "pixels", "part", "panes"),
    *("gestures", "wipe", "bar", "inspect", "fade", "error", "select", "crop"),
    *("teller", "places", "coming", "live"),
    "viewer",
)
_COURIER_SCRIPTS = ("shelf", "courier")


_stage = declare(
    "quantize_viewer",
    html=read("viewer.html"),
    css=read("bar.css", "panes.css", "viewer.css"),
    js=read(*(f"{name}.js" for name in _STAGE_SCRIPTS)),
)
_courier = declare(
    "quantize_viewer_courier",
    js=read(*(f"{name}.js" for name in _COURIER_SCRIPTS)),
    isolate_styles=False,
)


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
    size: tuple[int, int] | None = None,
    crop: Crop | None = None,
    places: Sequence[Place] = (),
    lead: str = "Go to",
    bring: tuple[int, int] | None = None,
    sides: tuple[int, int] | None = None,
    on_pick: Callable[[], None] | None = None,
    look: Look | None = None,
    on_look: Callable[[], None] | None = None,
    mask: bytes | None = None,
    compares: bool = True,
    live: Live | None = None,
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
    size : (int, int), optional
        Width and height of the picture in full resolution, where the panes hold smaller previews of it: then
        100 % is one pixel of that, and places are given in its pixels.
    crop : callable, optional
        ``crop(x0, y0, x1, y1, pane)`` gives a part of a pane in full resolution as PNG or lossless WebP;
        x1 and y1 are exclusive. Asked for all panes at once, when somebody zooms in past the previews.
    places : sequence of Place
        Parts of the picture, each with a button that moves all panes there.
    lead : str
        What stands before these buttons.
    bring : (int, int), optional
        A pane to bring into sight, and a number that is another one each time that this is wanted anew.
    sides : (int, int), optional
        The panes that lie left and right of the wipe as long as the person chose no others; on a phone such a
        pair is shown as a wipe at first. Without it, the first and the last pane.
    on_pick : callable, optional
        Callback for a click, which stands as ``pick`` in the session's state under ``key`` then. What is kept
        there cannot be lost; the rerun that a click causes can be, if another one follows on its heels.
    look : Look, optional
        What the viewer begins with. One of another origin is taken over later, too; until then the person
        goes their own way, which is told when a move has ended.
    on_look : callable, optional
        Callback for that: what they look at stands as ``look`` in the session's state under ``key``.
    mask : bytes, optional
        A PNG of the panes' size: while no entry is selected, all but its white pixels fade.
    compares : bool
        Whether errors against the first pane mean something, and can be shown.
    live : Live, optional
        What is shown at once when a slider is moved, before the page is drawn anew.

    Returns
    -------
    Viewed
        What was clicked, if a click caused this rerun.

    Raises
    ------
    ValueError
        If there are no panes or more than 9, one of them does not hold a PNG or lossless WebP, `selected`
        is not an entry of that pane, or a place does not lie in the picture.
    """
    check_count(panes)
    full = size or picture_size(panes[0].png)
    with st.container(gap=None, key=f"stage-{key}"):
        done = _stage(
            key=key, data={"key": key}, on_pick_change=on_pick or _nothing, on_look_change=on_look or _nothing
        )
        part = read_part(done.look.get("part"), full) if crop and isinstance(done.look, dict) else None
        stand = Stand(
            key, full, mode, height, selected, selected_pane, part, places, lead, bring, sides, look, mask,
            compares, crop is not None,
        )  # fmt: skip
        scene, brought = build_scene(stand, panes, crop)
        _courier(key=f"{key}-scene", data=scene | {"live": live and offer(live, stand, scene)})
        for courier, data in brought.items():
            _courier(key=courier, data=digest_of(data).encode() + data)
    return Viewed(pick=read_pick(done.pick))


def _nothing() -> None:
    """Streamlit gives a result an attribute for each event that has a callback."""
