"""Functions of style sheets that give a colour: which calls are some.

What they give is known only to who runs the sheet, unless all of their numbers are written there.

Sources: CSS Color 5; sass-lang.com, "sass:color"; lesscss.org, "Functions", Color Operations.
"""

from __future__ import annotations

_NOTATIONS = ("rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color")
_CSS = ("color-mix",)
_LESS = ("lighten", "darken", "fade", "fadein", "fadeout", "mix", "tint", "shade", "spin", "desaturate")
_SASS = (
    "fade-in", "fade-out", "adjust-hue", "adjust-color", "scale-color", "change-color", "transparentize",
    "opacify", "complement", "color.adjust", "color.scale", "color.change", "color.mix", "color.complement",
    "color.invert",
)  # fmt: skip
_FUNCTIONS = frozenset((*_NOTATIONS, *_CSS, *_LESS, *_SASS))

# Filters of CSS have these names too, but no color to begin with.
_ALSO_FILTERS = frozenset(("saturate", "grayscale", "greyscale", "invert", "contrast"))
_COLOR_SIGNS = ("#", "$", "@")

_LONGEST = 24  # characters of the longest name, and a few


def gives_color(name: str, following: str) -> bool:
    """Tell whether a function gives a colour; ``following`` is the character behind its bracket."""
    name = name.lower()
    return name in _FUNCTIONS or (name in _ALSO_FILTERS and following in _COLOR_SIGNS)


def is_function(text: str) -> bool:
    """Tell whether a text begins with a function that gives a colour."""
    name, opened, _ = text[:_LONGEST].partition("(")
    return bool(opened) and name.lower() in _FUNCTIONS
