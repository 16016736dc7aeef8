"""An animation to be played: original and result side by side, in step, pixel for pixel.

Frames come in sheets, many in one picture, so that a hundred of them are a few messages. Couriers bring
the sheets, as they bring pictures to the viewer: what a browser has is not sent again. The original is drawn
before there is a result, and plays while one is worked out; until a new result is there the old one plays on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._viewer import _courier as courier
from pages._viewer.assets import read
from pages._viewer.declaring import declare

MOST_FRAMES = 99_999

_stage = declare(
    "quantize_reel",
    html=read("reel.html"),
    css=read("buttons.css", "transport.css", "bar.css", "panes.css", "viewer.css", "reel.css"),
    js=read(
        *("shelf.js", "view.js", "gestures.js", "transport.js", "reel_sheets.js", "reel_view.js", "reel.js"),
    ),
)


@dataclass(frozen=True, eq=False)
class Sheets:
    """Frames as they are shown, in a grid on each of some pictures, row by row.

    Attributes
    ----------
    files : tuple of bytes
        PNG or lossless WebP.
    columns, rows : int
        Frames across and down on a sheet; the last one may have fewer rows.
    shown : (int, int)
        Width and height of a frame on it, in pixels.
    """

    files: tuple[bytes, ...]
    columns: int
    rows: int
    shown: tuple[int, int]

    @property
    def each(self) -> int:
        """Frames on a sheet."""
        return self.columns * self.rows


def lay_out(n_frames: int, size: tuple[int, int], most_side: int, most_pixels: int) -> tuple[int, int]:
    """Choose how many frames lie across and down on a sheet.

    Parameters
    ----------
    n_frames : int
    size : (int, int)
        Width and height of a frame.
    most_side, most_pixels : int
        Of a sheet; one frame is on it however large it is.

    Returns
    -------
    (int, int)
        Columns and rows, at least one each.
    """
    width, height = size
    columns = max(1, min(most_side // width, n_frames, most_pixels // (width * height)))
    rows = max(
        1, min(most_side // height, most_pixels // (width * height * columns), ceil(n_frames / columns))
    )
    return columns, rows


def play(
    sheets: Sheets,
    *,
    key: str,
    film: str,
    size: tuple[int, int],
    durations: Sequence[int],
    caption: str,
    frame: int,
    origin: str,
    on_frame: Callable[[], None],
) -> DeltaGenerator:
    """Play an animation, at first without a result.

    Parameters
    ----------
    sheets : Sheets
        Of the original.
    key : str
        Names this reel; unique on its page.
    film : str
        Names the animation among all others.
    size : (int, int)
        Of a frame in full resolution.
    durations : sequence of int
        Milliseconds of each frame.
    caption : str
        Figures beside the original's name.
    frame : int
        Where it stands at first, and when ``origin`` is another one.
    origin : str
        Names the address that was read last.
    on_frame : callable
        Callback: the frame where somebody rests stands as ``at`` in the session's state.

    Returns
    -------
    DeltaGenerator
        Where ``show_result`` shows what was made of it.
    """
    place = st.container(gap=None, key=f"stage-{key}")
    with place:
        _stage(key=key, data={"key": key, "frame": frame, "origin": origin}, on_at_change=on_frame)
        _bring(f"{key}-original", sheets, {
            "film": film, "size": size, "durations": list(durations), "caption": caption,
        })  # fmt: skip
    return place


def show_result(
    place: DeltaGenerator, sheets: Sheets, *, key: str, film: str, label: str, caption: str
) -> None:
    """Show what was made of an animation beside it.

    Parameters
    ----------
    place : DeltaGenerator
        From ``play``.
    sheets : Sheets
        With frames of the same number and size.
    key, film : str
        As for ``play``.
    label, caption : str
        What stands above it.
    """
    with place:
        _bring(f"{key}-result", sheets, {"film": film, "label": label, "caption": caption})


def _bring(key: str, sheets: Sheets, said: dict[str, Any]) -> None:
    names = [blake2b(data, digest_size=16).hexdigest() for data in sheets.files]
    scene = {
        "key": key, "sheets": names, "columns": sheets.columns, "rows": sheets.rows, "shown": sheets.shown,
        "name": blake2b("".join(names).encode(), digest_size=16).hexdigest(), **said,
    }  # fmt: skip
    courier(key=f"{key}-scene", data=scene)
    for number, (name, data) in enumerate(zip(names, sheets.files, strict=True)):
        courier(key=f"{key}-sheet-{number}", data=name.encode() + data)


def read_frame(value: object, film: str) -> int | None:
    """Believe a browser only a frame of the animation that it plays."""
    if not isinstance(value, dict) or value.keys() != {"frame", "film"} or value["film"] != film:
        return None
    frame = value["frame"]
    return frame if type(frame) is int and 0 <= frame <= MOST_FRAMES else None
