"""An animation that is being read: how large it is, how often it plays, and its frames, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from quantize.decoding.frame_canvas import Frame


@dataclass(eq=False)
class Clip:
    """An animation whose frames are drawn as they are asked for.

    Attributes
    ----------
    format : str
        "GIF", "APNG", "WebP", ...
    size : (int, int)
        Width and height.
    loops : int
        How often it plays; 0 for ever.
    frames : iterator of Frame
    n_frames : int or None
        How many the file says it has, if it does.
    notes : list of str
        What was changed; complete when all frames are drawn.
    cut_off : bool
        Whether the file ended before its time, or is damaged there; known when all frames are drawn.
    """

    format: str
    size: tuple[int, int]
    loops: int
    frames: Iterator[Frame]
    n_frames: int | None = None
    notes: list[str] = field(default_factory=list)
    cut_off: bool = False
