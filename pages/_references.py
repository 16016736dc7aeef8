"""What pages hold of pictures and results: what they show of them, and what names them.

A page, its callbacks and its download buttons keep their picture for as long as a visitor is here. If they
kept the pixels, fifty visitors with 12 megapixels each would fill gigabytes, whatever the cache's bound. So
only the cache opens a reference, inside a turn, and only that job holds the pixels, until it ends.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantize import Picture, QuantizeError, Settings
from quantize.colors.opacity import Opacity
from quantize.decoding.resolution import Dpi
from quantize.palettes.entries import with_opacities

Key = tuple[str, str]
"""Which picture: "sample" and its key, "picture" and the digest of an upload, "shared" and its id."""


class Lost(Exception):
    """A picture that was there is needed and cannot be had any more.

    No ``QuantizeError``: pages say what is wrong with a choice; without a picture there is no page.
    """

    def __init__(self, key: Key, reason: QuantizeError) -> None:
        super().__init__(str(reason))
        self.key = key


@dataclass(frozen=True, eq=False)
class Source:
    """Where a picture comes from.

    Attributes
    ----------
    key : Key
        Which picture.
    load : callable
        Loads it, perhaps again.
    everybodys : bool
        Whether what is kept of it stays when all visitors have left, as long as there is room.
    weigh : callable
        Finds out how many pixels it has, in a moment.
    read : callable
        Gets its file, for what else is in it.
    """

    key: Key
    load: Callable[[], Picture]
    everybodys: bool = False
    weigh: Callable[[], int] = lambda: 0
    read: Callable[[], bytes] = bytes


@dataclass(frozen=True, eq=False)
class PictureRef:
    """A picture that was loaded and counted once.

    Attributes
    ----------
    source : Source
        What to load when its pixels are needed.
    digest, file_digest, format, mode, size, n_bytes, notes, dpi, opacity, n_colors
        As in ``Picture``.
    """

    source: Source
    digest: str
    file_digest: str | None
    format: str
    mode: str
    size: tuple[int, int]
    n_bytes: int
    notes: tuple[str, ...]
    dpi: Dpi | None
    opacity: Opacity
    n_colors: int

    @property
    def is_given(self) -> bool:
        """Whether it is a file of the visitor's own, which they know."""
        return self.source.key[0] == "picture"


@dataclass(frozen=True, eq=False)
class ResultRef:
    """A result that was made once.

    Attributes
    ----------
    source : PictureRef
        Of what.
    palette, counts, settings, sse, iterations, notes, opacities
        As in ``Quantized``.
    """

    source: PictureRef
    palette: NDArray[np.uint8]
    counts: NDArray[np.int64]
    settings: Settings
    sse: float
    iterations: int | None
    notes: tuple[str, ...]
    opacities: NDArray[np.uint8] | None = None

    @property
    def entries(self) -> NDArray[np.uint8]:
        """As in ``Quantized``."""
        return with_opacities(self.palette, self.opacities)

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which entries show something, bool (k,): all but the one for fully transparent pixels."""
        return np.full(len(self.palette), True) if self.opacities is None else self.opacities > 0
