"""Presets: choices that belong together, as records. A new one is one more record.

A preset leaves open what it does not name: K, pinned colours, and whatever else a person chose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from quantize.records import Records


@dataclass(frozen=True)
class Preset:
    """Some choices under a name.

    Attributes
    ----------
    key, title : str
        Its name in settings, and for people.
    does : str
        What it is for, in a sentence.
    choices : mapping
        Fields of ``Settings``, by name; those that are not there stay as they are.
    """

    key: str
    title: str
    does: str
    choices: Mapping[str, Any]


def _preset(key: str, title: str, does: str, **choices: Any) -> Preset:
    return Preset(key, title, does, MappingProxyType(choices))


_SEEN = {"space": "Oklab", "method": "looks", "rare": 0.0}

_TABLE = (
    _preset(
        "numbers",
        "Least error",
        "Every pixel gets its nearest colour, with as little squared error as can be found.",
        space="BGR", method="kmeans", rare=0.0, dither="none",
    ),
    _preset(
        "looks",
        "Looks",
        "Colours and dithering as the eye weighs them, in about the time of plain dithering.",
        **_SEEN, dither="looks",
    ),
    _preset(
        "best-looks",
        "Best looks",
        "Searches colours and dithering together for what looks nearest to the picture; takes longer.",
        **_SEEN, dither="joint", runs=0.7,
    ),
    _preset(
        "small",
        "Small",
        "As looks, but long runs of one colour make the file about a quarter smaller.",
        **_SEEN, dither="looks", runs=8.0,
    ),
    _preset(
        "flat",
        "Flat",
        "A poster of eight colours: even areas, no dithering, and rare colours weigh more.",
        n_colors=8, space="Oklab", method="kmeans", rare=0.5, dither="none",
    ),
    _preset(
        "pixel-art",
        "Pixel art",
        "For sprites and drawn pixels: no dithering, and colours of few pixels are kept beside large areas.",
        space="Oklab", method="kmeans", rare=0.8, dither="none",
    ),
    _preset(
        "lesson",
        "Lesson",
        "cv2.kmeans as OpenCV's tutorial calls it: on pixels, in BGR, with ten random starts.",
        space="BGR", method="opencv", rare=0.0, dither="none",
    ),
)  # fmt: skip
PRESETS = Records("preset", _TABLE)
find_preset = PRESETS.find
