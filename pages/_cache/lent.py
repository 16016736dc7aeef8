"""Pictures that hold nothing large: the cache lends it to them while it is used.

A page, its callbacks and its download buttons keep their picture for as long as a visitor is here. If they
kept the pixels, fifty visitors with 12 megapixels each would fill gigabytes, whatever the cache's bound.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quantize import Picture, QuantizeError
from quantize.colors.colorset import ColorSet
from quantize.colors.histogram import Histogram, list_colors, merge_colors
from quantize.rendering.encode import row_bands
from quantize.rendering.previews import preview

KINDS = ("lent", "raw", "counted", "color set", "cells", "colors")
"""First parts of the keys under which parts of a picture are kept."""

Key = tuple[str, str]
"""Which picture: "sample" and its key, "picture" and the digest of an upload, "shared" and its id."""

AtHand = Callable[[Hashable, Callable[[], Any]], Any]


class Lost(Exception):
    """A picture that was there is needed and cannot be had any more.

    No ``QuantizeError``: pages say what is wrong with a choice; without a picture there is no page.
    """

    def __init__(self, key: Key, reason: QuantizeError) -> None:
        super().__init__(str(reason))
        self.key = key


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
    """Distinct colours of a picture, uint8 (n, 3), and their pixels, uint32 (n,): what else is counted of it
    is made of these in some milliseconds, and takes five to ten times the room.
    """

    colors: NDArray[np.uint8]
    counts: NDArray[np.uint32]

    @classmethod
    def of(cls, raw: Raw) -> "Counted":
        """Count."""
        found = ColorSet.of(raw.pixels, raw.alpha)
        return cls(found.colors, found.counts)

    def find(self) -> ColorSet:
        """The colours as a set."""
        return ColorSet.listed(self.colors, self.counts)


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
    lender : Lender
        Gives what is large.
    """

    def __init__(self, picture: Picture, n_colors: int, lender: "Lender") -> None:
        names = ("file_digest", "digest", "format", "mode", "size", "n_bytes", "notes", "dpi", "opacity")
        given = {name: getattr(picture, name) for name in names}
        # Past the lock of a frozen dataclass, which keeps its fields here too.
        self.__dict__.update(given, n_colors=n_colors, _lender=lender, _opaque=picture.alpha is None)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """As in ``Picture``, and so are the others."""
        return self.__dict__["_lender"].raw().pixels

    @property
    def alpha(self) -> NDArray[np.uint8] | None:
        """None without asking for anything."""
        return None if self.__dict__["_opaque"] else self.__dict__["_lender"].raw().alpha

    @property
    def color_set(self) -> ColorSet:
        """Of which the others are made."""
        return self.__dict__["_lender"].color_set()

    @property
    def cells(self) -> Histogram:
        """For fits."""
        return self.__dict__["_lender"].cells()

    @property
    def colors(self) -> Histogram:
        """For figures."""
        return self.__dict__["_lender"].colors()


class Lender:
    """Keeps what is large of one picture, each kind apart, and makes it again.

    Parameters
    ----------
    keep : Keep
        Where it is kept.
    at_hand : callable
        Given a key and what makes it: keeps histograms for those who work with them now.
    key : Key
        Which picture.
    load : callable
        Loads it.
    prepare : callable
        Given the picture when it was loaded: makes what is surely needed of its pixels, and tells whether
        they are worth keeping, too.
    again : float
        What loading takes about, in seconds.
    """

    def __init__(
        self,
        keep: Keep,
        at_hand: AtHand,
        key: Key,
        load: Callable[[], Picture],
        prepare: Callable[[Picture], bool],
        again: float,
    ) -> None:
        self._keep, self._at_hand, self._key = keep, at_hand, key
        self._load, self._prepare, self._again = load, prepare, again

    def picture(self) -> Lent:
        """The picture, loaded and counted unless it is kept."""
        return self._keep(("lent", self._key), self._make)

    def _make(self) -> Lent:
        loaded = self._load()
        raw = Raw.of(loaded)
        if self._prepare(loaded):
            self._keep(("raw", self._key), lambda: raw, again=self._again)
        return Lent(loaded, len(self._counted(raw).counts), self)

    def raw(self) -> Raw:
        """Its pixels.

        Raises
        ------
        Lost
            If they are not kept and cannot be loaded any more.
        """
        return self._keep(("raw", self._key), self._load_raw)

    def _load_raw(self) -> Raw:
        try:
            return Raw.of(self._load())
        except QuantizeError as error:
            raise Lost(self._key, error) from error

    def _counted(self, raw: Raw | None = None) -> Counted:
        return self._keep(("counted", self._key), lambda: Counted.of(raw or self.raw()), again=self._again)

    def color_set(self) -> ColorSet:
        """As in ``Picture``, and so are the others."""
        return self._at_hand(("color set", self._key), lambda: self._counted().find())

    def cells(self) -> Histogram:
        """For fits."""
        return self._at_hand(("cells", self._key), lambda: merge_colors(self.color_set()))

    def colors(self) -> Histogram:
        """Every colour."""
        return self._at_hand(("colors", self._key), lambda: list_colors(self.color_set()))
