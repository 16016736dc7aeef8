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

import struct
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Literal

import streamlit as st

from pages._viewer.assets import read
from pages._viewer.declaring import declare
from pages._viewer.messages import MAX_PANES, Look, Pick, read_part, read_pick
from pages._viewer.strip import Chosen, palette_bar

__all__ = ["MAX_PANES", "Chosen", "Look", "Pane", "Pick", "Place", "Viewed", "palette_bar", "viewer"]

Mode = Literal["side", "wipe"]
Crop = Callable[[int, int, int, int, int], bytes]

_STAGE_SCRIPTS = (
    *("shelf", "view", "color", "heat", "pixels", "part", "panes"),
    *("gestures", "wipe", "bar", "inspect", "fade", "error", "select", "crop", "teller", "places", "coming"),
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
    marked : bool
        Whether a frame in the accent's colour stands around it.
    """

    label: str
    png: bytes
    caption: str = ""
    palette: Sequence[str] = ()
    marked: bool = False


@dataclass(frozen=True)
class Place:
    """A part of the picture that a button leads to.

    Parameters
    ----------
    label : str
        What the button says.
    x, y, width, height : int
        In pixels of the picture; in full resolution, if the viewer is told that size.
    """

    label: str
    x: int
    y: int
    width: int
    height: int


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
    if not 1 <= len(panes) <= MAX_PANES:
        raise ValueError(f"a viewer shows 1 to {MAX_PANES} panes, got {len(panes)}")
    chosen = _selection(panes, selected, selected_pane)
    described = [_describe(pane) for pane in panes]
    full = size or _picture_size(panes[0].png)
    leading = [_lead(place, full) for place in places]
    with st.container(gap=None, key=f"stage-{key}"):
        done = _stage(
            key=key, data={"key": key}, on_pick_change=on_pick or _nothing, on_look_change=on_look or _nothing
        )
        part = read_part(done.look.get("part"), full) if crop and isinstance(done.look, dict) else None
        brought = {f"{key}-pane-{index}": pane.png for index, pane in enumerate(panes)}
        if crop and part:
            brought |= {f"{key}-part-{index}": crop(*part, index) for index in range(len(panes))}
        if mask:
            brought[f"{key}-mask"] = mask
        names = {courier: blake2b(data, digest_size=16).hexdigest() for courier, data in brought.items()}
        for index, pane in enumerate(described):
            pane["digest"] = names[f"{key}-pane-{index}"]
            pane["part"] = names.get(f"{key}-part-{index}")
        scene = {
            **{"key": key, "mode": mode, "height": height, "size": full, "selected": chosen},
            **{"look": asdict(look) if look else None, "crops": crop is not None, "part": part},
            **{"mask": names.get(f"{key}-mask"), "compares": compares},
            **{"panes": described, "places": leading, "lead": lead, "bring": bring, "sides": sides},
        }
        _courier(key=f"{key}-scene", data=scene)
        for courier, data in brought.items():
            _courier(key=courier, data=names[courier].encode() + data)
    return Viewed(pick=read_pick(done.pick))


def _nothing() -> None:
    """Streamlit gives a result an attribute for each event that has a callback."""


def _selection(panes: Sequence[Pane], entry: int | None, pane: int | None) -> tuple[int, int] | None:
    """Pane and entry, or None."""
    if entry is None:
        return None
    if pane is None:
        pane = next((index for index, pane in enumerate(panes) if len(pane.palette)), 0)
    if not (0 <= pane < len(panes) and 0 <= entry < len(panes[pane].palette)):
        raise ValueError(f"selected must be an entry of its pane's palette, got {entry} of pane {pane}")
    return pane, entry


def _lead(place: Place, size: tuple[int, int]) -> dict[str, object]:
    """What the scene tells of a place."""
    box = place.x, place.y, place.width, place.height
    inside = (
        min(place.x, place.y) >= 0 and place.x + place.width <= size[0] and place.y + place.height <= size[1]
    )
    if not inside or min(place.width, place.height) < 1:
        raise ValueError(f"a place must lie in the picture of {size[0]} × {size[1]} pixels, got {box}")
    return {"label": place.label, "box": box}


def _describe(pane: Pane) -> dict[str, object]:
    """What the scene tells of a pane."""
    return {
        "label": pane.label,
        "caption": pane.caption,
        "palette": list(pane.palette),
        "marked": pane.marked,
        "size": _picture_size(pane.png),
    }


def _picture_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header, so that room is kept before anything is decoded."""
    if len(data) >= 25 and data[:8] == b"\x89PNG\r\n\x1a\n":
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if len(data) >= 25 and data[8:16] == b"WEBPVP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise ValueError(f"a pane must hold PNG or lossless WebP, got {len(data)} bytes that begin {data[:16]!r}")
