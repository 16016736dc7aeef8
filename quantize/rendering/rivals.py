"""How long a file is beside the one that it is compared with, and what is said where it is longer."""

from dataclasses import dataclass
from typing import Protocol

ESTIMATE_OFF = 0.1
"""By how much of itself an estimated length may be off."""


@dataclass(frozen=True)
class FileSize:
    """A length in bytes, and whether it was measured in full or estimated from a part.

    Attributes
    ----------
    n_bytes : int
    estimated : bool
    ahead : float or None
        Its share of what the usual level would make; None where that was not looked at.
    of_quick : float or None
        Its pixels' share of what packing them quickly makes, a byte each; None likewise.
    """

    n_bytes: int
    estimated: bool
    ahead: float | None = None
    of_quick: float | None = None


class Filed(Protocol):
    """A ``Picture``, or no more than what is known of its file: see there."""

    @property
    def file_digest(self) -> str | None:
        """None if there was no file."""

    @property
    def format(self) -> str:
        """Of the file."""

    @property
    def n_bytes(self) -> int:
        """Length of the file."""


def aim_for(picture: Filed, sse: float) -> int | None:
    """Choose ``aim`` for a result with this error: the length of the picture's file if every colour fits."""
    return None if sse or picture.file_digest is None else picture.n_bytes


def rival_of(picture: Filed, sse: float) -> int | None:
    """Choose the length that people expect a result's file not to exceed; None if they expect nothing.

    Of pictures that were packed with loss, as JPEG, only if all colours fit.
    """
    return picture.n_bytes if sse and picture.format == "PNG" else aim_for(picture, sse)


def longer_notes(picture: Filed, sse: float, n_entries: int, size: FileSize) -> tuple[str, ...]:
    """Say so if the file is longer than the picture's was, which nobody expects; else say nothing.

    Parameters
    ----------
    picture : Picture, or what is known of its file
        The original.
    sse : float
        Error of the result: 0 if every colour fits.
    n_entries : int
        Of its palette.
    size : FileSize
        Of its file. An estimate must be longer by more than it may be off.
    """
    rival = rival_of(picture, sse)
    if rival is None or size.n_bytes <= rival * (1 + size.estimated * ESTIMATE_OFF):
        return ()
    more, about = size.n_bytes - rival, "about " if size.estimated else ""
    if more <= 12 + 3 * n_entries:
        why = "an indexed PNG holds its palette"
    elif sse:
        why = "fewer colours can be harder to pack, above all dithered or in place of an even gradient"
    else:
        why = "it was packed better than this writer can"
    fits = "" if sse else "every colour fits, but "
    return (f"{fits}the file is {about}{more:,} bytes longer than the original: {why}",)
