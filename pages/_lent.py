"""Pictures that hold nothing large: the cache lends it to them while it is used.

A page, its callbacks and its download buttons keep their picture for as long as a visitor is here. If they
kept the pixels, fifty visitors with 12 megapixels each would fill gigabytes, whatever the cache's bound.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quantize import Picture
from quantize.encode import row_bands
from quantize.histogram import Histogram, count_cells, list_colors
from quantize.previews import preview
from quantize.spaces import SPACES

Cut = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]


class Keep(Protocol):
    """``Keeper.get_or_make``, or something like it."""

    def __call__(self, key: Hashable, make: Callable[[], Any], *, again: float = 0.0) -> Any:
        """Return what is kept under a key, made now if need be."""


@dataclass(frozen=True, eq=False)
class Raw:
    """Pixels and alpha of a picture."""

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None

    @classmethod
    def of(
        cls, picture: Picture, cut: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] = np.asarray
    ) -> "Raw":
        """All of a picture, or a part of its pixels and alpha."""
        alpha = picture.alpha
        return cls(cut(picture.pixels), None if alpha is None else cut(alpha))


@dataclass(frozen=True, eq=False)
class Counted:
    """All that is counted of a picture's pixels, as the properties of ``Picture`` have it."""

    cells: Histogram
    colors: Histogram
    lab: NDArray[np.float32]


def count(raw: Raw) -> Counted:
    """Count a picture's colours once for all of these."""
    cells = count_cells(raw.pixels, raw.alpha)
    assert cells.found is not None  # only sums of histograms have none
    colors = list_colors(cells.found)
    return Counted(cells, colors, SPACES["LAB"].to_working(colors.colors.astype(np.uint8)))


def thin(picture: Picture, side: int) -> Raw:
    """A picture's pixels thinned so that no side is longer."""
    return Raw.of(picture, lambda array: preview(array, side))


def cut_bands(picture: Picture, n_pixels: int) -> Raw:
    """Bands of a picture's rows that make up about as many pixels."""
    return Raw.of(picture, lambda array: row_bands(array, n_pixels))


class Lent(Picture):
    """A picture that asks for its pixels and histograms where they are used.

    Parameters
    ----------
    picture : Picture
        What it stands for; not kept.
    n_colors : int
        Its number of distinct colours.
    raw, counted : callable
        Give pixels and histograms, made anew if they are not kept any more.
    """

    def __init__(
        self, picture: Picture, n_colors: int, raw: Callable[[], Raw], counted: Callable[[], Counted]
    ) -> None:
        given = {
            name: getattr(picture, name) for name in ("format", "mode", "size", "n_bytes", "notes", "digest")
        }
        opaque = picture.alpha is None
        # Past the lock of a frozen dataclass, which keeps its fields here too.
        self.__dict__.update(
            given,
            file_digest=picture.file_digest,
            n_colors=n_colors,
            _raw=raw,
            _counted=counted,
            _opaque=opaque,
        )

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """As in ``Picture``, and so are the others."""
        return self.__dict__["_raw"]().pixels

    @property
    def alpha(self) -> NDArray[np.uint8] | None:
        """None without asking for anything."""
        return None if self.__dict__["_opaque"] else self.__dict__["_raw"]().alpha

    @property
    def cells(self) -> Histogram:
        """For fits."""
        return self.__dict__["_counted"]().cells

    @property
    def colors(self) -> Histogram:
        """For figures."""
        return self.__dict__["_counted"]().colors

    @property
    def lab(self) -> NDArray[np.float32]:
        """For figures, too."""
        return self.__dict__["_counted"]().lab


def lend(keep: Keep, key: Hashable, load: Callable[[], Picture], again: float) -> Lent:
    """Load and count a picture, unless that is kept; what is large is kept apart, to be made again alone.

    ``again`` is what it takes about to load it, in seconds.
    """

    def raw() -> Raw:
        return keep(("raw", key), lambda: Raw.of(load()))

    def counted() -> Counted:
        return keep(("counted", key), lambda: count(raw()), again=again)

    def make() -> Lent:
        loaded = load()
        pixels = keep(("raw", key), lambda: Raw.of(loaded))
        colors = keep(("counted", key), lambda: count(pixels), again=again).colors
        return Lent(loaded, len(colors.counts), raw, counted)

    return keep(("lent", key), make)
