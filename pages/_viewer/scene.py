"""What a viewer shows, as the browser is told: pictures by digest, and where each of them goes."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any, Literal

from pages._viewer.messages import MAX_PANES, Look, Part

Mode = Literal["side", "wipe"]
Crop = Callable[[int, int, int, int, int], bytes]


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
class Stand:
    """How all panes of a viewer stand, whatever they show; see ``viewer``."""

    key: str
    size: tuple[int, int]
    mode: Mode = "side"
    height: int | None = None
    selected: int | None = None
    selected_pane: int | None = None
    part: Part | None = None
    places: Sequence[Place] = ()
    lead: str = "Go to"
    bring: tuple[int, int] | None = None
    sides: tuple[int, int] | None = None
    look: Look | None = None
    mask: bytes | None = None
    compares: bool = True
    crops: bool = False


def build_scene(
    stand: Stand, panes: Sequence[Pane], crop: Crop | None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Build what the browser is told, and what it needs for that.

    Returns
    -------
    dict
        The scene, for JSON.
    dict
        PNG bytes by the name of the courier that brings them.

    Raises
    ------
    ValueError
        If there are no panes or more than 9, one of them does not hold a PNG or lossless WebP, ``selected``
        is not an entry of that pane, or a place does not lie in the picture.
    """
    check_count(panes)
    key, part = stand.key, stand.part
    described = [_describe(pane) for pane in panes]
    brought = {f"{key}-pane-{index}": pane.png for index, pane in enumerate(panes)}
    if crop and part:
        brought |= {f"{key}-part-{index}": crop(*part, index) for index in range(len(panes))}
    if stand.mask:
        brought[f"{key}-mask"] = stand.mask
    names = {courier: digest_of(data) for courier, data in brought.items()}
    for index, pane in enumerate(described):
        pane["digest"] = names[f"{key}-pane-{index}"]
        pane["part"] = names.get(f"{key}-part-{index}")
    scene = {
        **{"key": key, "mode": stand.mode, "height": stand.height, "size": stand.size},
        **{"selected": _selection(panes, stand.selected, stand.selected_pane)},
        **{"look": asdict(stand.look) if stand.look else None, "crops": stand.crops, "part": part},
        **{"mask": names.get(f"{key}-mask"), "compares": stand.compares, "panes": described},
        **{"places": [_lead(place, stand.size) for place in stand.places], "lead": stand.lead},
        **{"bring": stand.bring, "sides": stand.sides},
    }
    return scene, brought


def digest_of(data: bytes) -> str:
    """Name a picture by its bytes, in 32 characters."""
    return blake2b(data, digest_size=16).hexdigest()


def check_count(panes: Sequence[Pane]) -> None:
    """Refuse what no viewer can show."""
    if not 1 <= len(panes) <= MAX_PANES:
        raise ValueError(f"a viewer shows 1 to {MAX_PANES} panes, got {len(panes)}")


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
        "size": picture_size(pane.png),
    }


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header, so that room is kept before anything is decoded."""
    if len(data) >= 25 and data[:8] == b"\x89PNG\r\n\x1a\n":
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if len(data) >= 25 and data[8:16] == b"WEBPVP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise ValueError(f"a pane must hold PNG or lossless WebP, got {len(data)} bytes that begin {data[:16]!r}")
