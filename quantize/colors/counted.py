"""The colours of a picture apart from its pixels: all that fits without dithering and their figures need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from quantize.colors.colorset import ColorSet
from quantize.colors.histogram import Histogram, merge_colors
from quantize.colors.opacity import Opacity


class Colored(Protocol):
    """A ``Picture``, or no more than its counted colours."""

    @property
    def opacity(self) -> Opacity:
        """How many pixels are visible."""

    @property
    def color_set(self) -> ColorSet:
        """The distinct colours of the visible pixels."""

    @property
    def cells(self) -> Histogram:
        """Histogram for fits."""


@dataclass(frozen=True, eq=False)
class Counted:
    """A picture's colours, counted.

    Attributes
    ----------
    opacity : Opacity
        How many of its pixels are visible.
    color_set : ColorSet
        The distinct colours of the visible pixels, each with a position and a count.
    cells : Histogram
        Histogram for fits (``count_cells``).
    """

    opacity: Opacity
    color_set: ColorSet
    cells: Histogram

    @classmethod
    def of(cls, color_set: ColorSet, opacity: Opacity) -> Counted:
        """Make the histogram for fits of a set of colours."""
        return cls(opacity, color_set, merge_colors(color_set))
