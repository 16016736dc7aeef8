"""Pages of a PDF: lines, filled boxes and text, in mm from the top left.

The same calls give the same bytes: no date, no random number is in the file. Text is in the font that comes
along, of which the letters that are used go into the file. It has Latin, Greek, Cyrillic, Hebrew and Arabic
letters; what it lacks is left out. ``fpdf2`` (LGPL-3.0) writes the file; it is loaded when a chart is drawn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from quantize.patterns.layout import Paper
from quantize.patterns.marks import POINT
from quantize.regions.names import clean_text
from quantize.rendering.lettering import FONT_FILE, measure_line, write_on

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

Color = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Left, top, width, height."""
Place = tuple[float, float]

INK, FAINT, HAIR, WHITE, ACCENT = (28, 28, 28), (96, 96, 96), (128, 128, 128), (255, 255, 255), (200, 30, 30)
_FAMILY = "chart"
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_MEASURED = 100
_TO_THE_LEFT = ("R", "AL")


class Drawing:
    """A PDF that grows page by page; to be used in a ``with``, which closes the font."""

    def __init__(self, paper: Paper, title: str) -> None:
        from fpdf import FPDF, ViewerPreferences

        pdf = FPDF(unit="mm", format=(paper.width, paper.height))
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        pdf.c_margin = 0
        pdf.add_font(_FAMILY, "", FONT_FILE)
        pdf.set_font(_FAMILY)
        self._font = cast("TTFFont", pdf.current_font)
        pdf.set_creation_date(_NO_DATE)
        pdf.set_title(clean_text(title))
        pdf.set_creator("quantize")
        # What is drawn at its real size must not be made to fit by whoever prints it.
        pdf.viewer_preferences = ViewerPreferences(print_scaling="None", display_doc_title=True)
        self._pdf: FPDF = pdf
        self._height = paper.height

    def __enter__(self) -> Drawing:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End, also where the work was ended."""
        self._font.ttfont.close()

    def add_page(self, name: str) -> None:
        """Begin a page, which a reader's list of contents shows under this name."""
        self._pdf.add_page()
        self._pdf.set_font(_FAMILY, size=10)
        self._pdf.start_section(name)

    def fill(self, color: Color, boxes: Iterable[Box]) -> None:
        """Fill boxes."""
        # As one shape: fpdf2's own call for a box takes longer than all the rest of a chart.
        points = (
            (left / POINT, (self._height - top) / POINT, width / POINT, -height / POINT)
            for left, top, width, height in boxes
        )
        paths = [f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re" for x, y, width, height in points]
        if paths:
            self._pdf.set_fill_color(*color)
            self._pdf._out(" ".join([*paths, "f"]))

    def frame(self, box: Box, width: float = 0.2, color: Color = INK) -> None:
        """Draw the border of a box."""
        self._pdf.set_draw_color(*color)
        self._pdf.set_line_width(width)
        self._pdf.rect(*box)

    def draw_lines(self, lines: Iterable[Box], width: float, color: Color) -> None:
        """Draw lines, each from one point to another."""
        self._pdf.set_draw_color(*color)
        self._pdf.set_line_width(width)
        for line in lines:
            self._pdf.line(*line)

    def draw_paths(
        self,
        paths: Iterable[str],
        matrix: Sequence[float],
        width: float | None,
        line: Color,
        fill: Color | None,
    ) -> None:
        """Draw paths in PDF's own operators, "m", "l", "c" and "h", as one.

        Parameters
        ----------
        matrix : six floats
            From their coordinates to mm from the top left, as SVG counts them: a, b, c, d, e, f.
        width : float or None
            Of their line, in their coordinates; None without one.
        line, fill : (int, int, int)
            Colours; what lies in two shapes is not filled. Without ``fill`` they are open lines.
        """
        a, b, c, d, e, f = (value / POINT for value in matrix)
        begin = f"q {a:.6f} {-b:.6f} {c:.6f} {-d:.6f} {e:.4f} {self._height / POINT - f:.4f} cm 1 J 1 j"
        look = f"{_color(line)} RG {_color(fill or line)} rg {width or 0:.4f} w"
        operator = "S" if fill is None else "f*" if width is None else "B*"
        self._pdf._out(" ".join([begin, look, *paths, operator, "Q"]))

    def fill_shape(self, points: list[tuple[float, float]], color: Color) -> None:
        """Fill what lies between points."""
        self._pdf.set_fill_color(*color)
        self._pdf.polygon(points, style="F")

    def write_marks(self, text: str, size: float, color: Color, places: Sequence[Place]) -> None:
        """Write one mark at many places, ``size`` in mm."""
        if not places:
            return
        pdf = self._pdf
        pdf.set_font_size(size / POINT)
        pdf.set_text_color(*color)
        pdf.text(*places[0], text)  # so that the page and the font know it
        written = self._font.encode_text(text)
        rest = [
            f"1 0 0 1 {x / POINT:.2f} {(self._height - y) / POINT:.2f} Tm {written}" for x, y in places[1:]
        ]
        red, green, blue = (value / 255 for value in color)
        pdf._out(" ".join(["q BT", f"{red:.3f} {green:.3f} {blue:.3f} rg", *rest, "ET Q"]))

    def write(
        self, x: float, y: float, text: str, points: float, color: Color = INK, align: str = "left",
        room: float = 1000.0,
    ) -> None:  # fmt: skip
        """Write a line, whose base is at ``y``, no longer than there is room: its middle is left out then.

        Parameters
        ----------
        align : {"left", "center", "right"}
            What of the line is at ``x``.
        """
        size = points * POINT
        line, width = _fit(text, room / size)
        if not line:
            return
        pdf = self._pdf
        pdf.set_font_size(points)
        pdf.set_text_color(*color)
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align] * size
        if not _is_shaped(line):
            pdf.text(left, y, line)
            return
        # Only a cell puts letters that run to the left in their order.
        pdf.set_text_shaping(True)
        pdf.set_xy(left, y - 0.8 * size)
        pdf.cell(width * size, size, line)
        pdf.set_text_shaping(False)

    def finish(self) -> bytes:
        """End the file and return it."""
        return bytes(self._pdf.output())


def _color(color: Color) -> str:
    return " ".join(f"{value / 255:.3f}" for value in color)


@lru_cache(4096)
def _fit(text: str, room: float) -> tuple[str, float]:
    """Cut a line so that it fits, and measure it; both in sizes of the font."""
    line = write_on(unicodedata.normalize("NFC", text), _MEASURED, room * _MEASURED)
    return line, measure_line(line, _MEASURED) / _MEASURED


@lru_cache(4096)
def is_whole(text: str) -> bool:
    """Tell whether the font has all that a text says."""
    said = "".join(unicodedata.normalize("NFC", text).split())
    return "".join(write_on(said, _MEASURED, float("inf")).split()) == said


def _is_shaped(text: str) -> bool:
    """Tell whether letters depend on each other, or run to the left."""
    return any(
        unicodedata.bidirectional(letter) in _TO_THE_LEFT or unicodedata.combining(letter) for letter in text
    )
