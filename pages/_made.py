"""All of a visitor's pictures with one choice of settings: those that are to be made, and those that were."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from quantize import Settings
from quantize.sizing.shrinking import Aim


@dataclass(frozen=True)
class Wish:
    """What is to be made: pictures by their keys in the tray, with which settings and order of entries."""

    keys: tuple[str, ...]
    settings: Settings
    entries: str = "dark"


@dataclass(frozen=True)
class Line:
    """What became of one picture.

    Attributes
    ----------
    key, name : str
        Of the picture.
    file : str
        Name in the ZIP.
    before, after : int
        Bytes of its file, and of the indexed PNG; that is 0 if there is none.
    problem : str, optional
        Why there is none.
    cut : str
        What became of its partly transparent pixels, "" if they are as they were.
    """

    key: str
    name: str
    file: str
    before: int
    after: int = 0
    problem: str | None = None
    cut: str = ""

    def called(self, file: str) -> "Line":
        """The same under another name in the ZIP."""
        return replace(self, file=file)


@dataclass(eq=False)
class Made:
    """What was made of a wish so far."""

    wish: Wish
    lines: list[Line] = field(default_factory=list)

    @property
    def done(self) -> list[Line]:
        """Pictures that are in the ZIP."""
        return [line for line in self.lines if line.problem is None]

    @property
    def n_bytes(self) -> int:
        """Bytes of all PNGs together."""
        return sum(line.after for line in self.done)


@dataclass(eq=False)
class MadeSmall:
    """What was made smaller so far: pictures by their keys in the tray, for one goal."""

    keys: tuple[str, ...]
    aim: Aim
    lines: list[Line] = field(default_factory=list)


def saved_in_words(before: int, after: int) -> str:
    """How much shorter a file became, in per cent of what it was; or how much longer."""
    percent = 100 * (before - after) / before if before else 0.0
    if before == after:
        return "as long as before"
    size = abs(percent)
    number = f"{size:.0f}" if size >= 1 else "under 1"
    return f"{number} % {'saved' if after < before else 'longer'}"


def longer_in_words(lines: Sequence[Line]) -> str | None:
    """Say so if pictures became longer, which nobody expects."""
    count = sum(line.after > line.before for line in lines)
    if not count:
        return None
    return (
        f"{count} of {len(lines)} became longer than the file that was given: that was packed with loss, "
        "as a JPEG is, or better than this writer can"
    )
