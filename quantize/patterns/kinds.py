"""What a pattern is made of, how large that is, and how it is drawn on paper: records in a table.

Beads and bricks are drawn at their real size, so that a page can lie under a clear board. Stitches are
smaller than a symbol can be read, and are drawn larger.

Sources: beads of 5 mm and 2.6 mm on square boards of 29 and 28 pegs as Hama sells them (midi, mini); studs
8 mm apart, mosaics of plates of 16 × 16; Aida cloth is named by its stitches an inch.
"""

from __future__ import annotations

from dataclasses import dataclass

from quantize.records import Records

INCH = 25.4


@dataclass(frozen=True)
class Kind:
    """One kind.

    Attributes
    ----------
    key, title : str
        Its name in code and on the command line, and on screen.
    one, noun : str
        What a cell is, and what more of them are.
    pitch : float
        From one to the next when it is made, mm.
    cell : float
        The same on paper.
    board : int or None
        Cells of a board, across and down, at which pages are cut; None where there are no boards.
    marks : str
        What stands in its cells unless somebody chooses: "codes" or "symbols".
    """

    key: str
    title: str
    one: str
    noun: str
    pitch: float
    cell: float
    board: int | None
    marks: str

    def count_in_words(self, number: int) -> str:
        """Say a number of cells in words."""
        return f"{number:,} {self.one if number == 1 else self.noun}"


# fmt: off
_TABLE = (
    Kind("beads",      "Beads, 5 mm",           "bead",  "beads",    5.0,       5.0, 29,   "codes"),
    Kind("mini-beads", "Mini beads, 2.6 mm",    "bead",  "beads",    2.6,       2.6, 28,   "symbols"),
    Kind("bricks",     "Bricks, 8 mm",          "brick", "bricks",   8.0,       8.0, 16,   "codes"),
    Kind("stitch-11",  "Cross-stitch, 11 count", "stitch", "stitches", INCH / 11, 2.8, None, "symbols"),
    Kind("stitch-14",  "Cross-stitch, 14 count", "stitch", "stitches", INCH / 14, 2.8, None, "symbols"),
    Kind("stitch-16",  "Cross-stitch, 16 count", "stitch", "stitches", INCH / 16, 2.8, None, "symbols"),
    Kind("stitch-18",  "Cross-stitch, 18 count", "stitch", "stitches", INCH / 18, 2.8, None, "symbols"),
)
# fmt: on
KINDS = Records("kind", _TABLE)
