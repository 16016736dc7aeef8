"""Charts as PDF, read back: colours of cells, marks, counts, bytes."""

import math
import re
from collections import Counter
from io import BytesIO

import numpy as np
import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from quantize import Palette, Picture, QuantizeError
from quantize.patterns.chart import draw_chart
from quantize.patterns.kinds import KINDS
from quantize.patterns.layout import HEAD, MARGIN, RULER
from quantize.patterns.marks import POINT
from quantize.patterns.pattern import make_pattern
from quantize.patterns.plan import MARKS, Chart, find_ink, make_plan
from quantize.patterns.strays import EMPTY
from tests.patterns.test_pattern import random_colors


def make(shape, n, seed=0, names=None, share_empty=0.0):
    """A pattern of random cells."""
    rng = np.random.default_rng(seed)
    palette = Palette(random_colors(n, seed), names=names)
    cells = palette.colors[rng.integers(0, n, shape)]
    alpha = np.where(rng.random(shape) < share_empty, 0, 255).astype(np.uint8)
    alpha[0, 0] = 255
    return make_pattern(Picture.from_pixels(cells, alpha), palette)


def read(data):
    return PdfReader(BytesIO(data))


def paint_page(reader, page, shape, left, top, cell):
    """The colour in the middle of every cell of a page, after all boxes; None where none lies."""
    found = np.full((*shape, 3), -1)
    height = float(page.mediabox.height)
    color, boxes, kept = (0, 0, 0), [], []
    ys = top + (np.arange(shape[0]) + 0.3) * cell
    xs = left + (np.arange(shape[1]) + 0.3) * cell
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        numbers = [float(one) for one in operands if isinstance(one, int | float)]
        if operator == b"rg":
            color = tuple(round(255 * one) for one in numbers)
        elif operator == b"g":
            color = (round(255 * numbers[0]),) * 3
        elif operator == b"q":
            kept.append(color)
        elif operator == b"Q":
            color = kept.pop()
        elif operator == b"re":
            boxes.append(numbers)
        elif operator in (b"f", b"S", b"n"):
            for x, y, width, down in boxes if operator == b"f" else ():
                begin, end = x * POINT, (x + width) * POINT
                upper, lower = (height - y) * POINT, (height - y - down) * POINT
                rows, columns = (ys > upper) & (ys < lower), (xs > begin) & (xs < end)
                found[np.ix_(rows, columns)] = color
            boxes = []
    return found


@pytest.mark.parametrize("kind", ["beads", "mini-beads", "bricks", "stitch-14"])
def test_each_cells_color_on_the_page_is_its_entry(kind):
    pattern = make((45, 61), 40, share_empty=0.2)
    plan = make_plan(pattern, Chart(kind))
    reader = read(draw_chart(pattern, Chart(kind)))
    sheets = plan.layout.sheets(len(reader.pages) + 1 - len(plan.layout.sheets(1)))
    colors = np.array([entry.color for entry in pattern.entries] + [(-1, -1, -1)])
    for sheet in sheets:
        part = plan.part(sheet)
        page = reader.pages[sheet.number - 1]
        seen = paint_page(reader, page, part.shape, MARGIN + RULER, MARGIN + HEAD + RULER, plan.layout.cell)
        np.testing.assert_array_equal(seen, colors[part])


def texts_in(page, kind, shape):
    """What is written in the cells of a page: by place, in reading order of the file."""
    cell, found = KINDS[kind].cell, []
    left, top = MARGIN + RULER, MARGIN + HEAD + RULER

    def visit(text, _, matrix, *__):
        x, y = matrix[4] * POINT, (float(page.mediabox.height) - matrix[5]) * POINT
        column, row = math.floor((x - left) / cell), math.floor((y - top) / cell)
        if text.strip() and 0 <= row < shape[0] and 0 <= column < shape[1]:
            found.extend(text.split())

    page.extract_text(visitor_text=visit)
    return Counter(found)


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("mono", [False, True], ids=["colours", "mono"])
def test_each_cell_has_its_entrys_mark(marks, mono):
    names = [f"{chr(65 + n // 10)}{n % 10} Name" for n in range(30)]
    pattern = make((20, 29), 30, names=names, share_empty=0.3)
    chart = Chart("beads", marks=marks, mono=mono)
    page = read(draw_chart(pattern, chart)).pages[-1]
    expected = Counter(
        {
            mark.text: count
            for mark, count in zip(make_plan(pattern, chart).marks, pattern.counts.tolist(), strict=True)
        }
    )
    assert texts_in(page, "beads", (20, 29)) == expected
    assert len(expected) == len(pattern.entries)


def test_without_colors_no_cell_is_filled():
    pattern = make((20, 29), 30)
    reader = read(draw_chart(pattern, Chart("mini-beads", mono=True)))
    seen = paint_page(reader, reader.pages[-1], (20, 29), MARGIN + RULER, MARGIN + HEAD + RULER, 2.6)
    assert (seen == -1).all()


def test_ink_is_read_on_every_color():
    light = random_colors(400, 3) / 255
    light = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4) @ [
        0.2126,
        0.7152,
        0.0722,
    ]
    for color, luminance in zip(random_colors(400, 3).tolist(), light, strict=True):
        ink = {28: 0.0116, 255: 1.0}[find_ink(tuple(color))[0]]
        low, high = sorted((luminance, ink))
        assert (high + 0.05) / (low + 0.05) >= 4.1


def test_the_legend_says_code_name_and_count_and_the_total():
    pattern = make((9, 31), 12, names=[f"H{n:02} Name number {n}" for n in range(12)])
    text = read(draw_chart(pattern, Chart(title="Fish", palette="Mine"))).pages[0].extract_text()
    for entry, count in zip(pattern.entries, pattern.counts.tolist(), strict=True):
        assert re.search(rf"{entry.code}\s*{entry.name}\s*{count}\b", text), (entry, text)
    assert "279 beads in all" in text
    assert "Fish" in text
    assert "31 × 9, 15.5 × 4.5 cm" in text


def test_the_overview_numbers_the_pages_that_are_there():
    pattern = make((60, 60), 5)
    reader = read(draw_chart(pattern))
    assert len(reader.pages) == 10
    assert {*"23456789", "10"} <= set(reader.pages[0].extract_text().split())
    for number, page in enumerate(reader.pages[1:], 2):
        assert f"Page {number} of 10" in page.extract_text()
    assert "Columns 30–58, rows 1–29" in reader.pages[2].extract_text()


def test_a_long_legend_goes_on_and_pages_count_right():
    pattern = make((64, 64), 256)
    reader = read(draw_chart(pattern, Chart("mini-beads")))
    pages = [page.extract_text() for page in reader.pages]
    assert f"{len(pages)} pages" in pages[0]
    n_legend = sum("Legend, continued" in text for text in pages)
    assert f"Page {n_legend + 2} of {len(pages)}" in pages[n_legend + 1]
    legend = "\n".join(pages[: n_legend + 1])
    assert all(entry.hex in legend for entry in pattern.entries)


@pytest.mark.parametrize("kind", ["beads", "mini-beads", "bricks", "stitch-14"])
def test_100_by_100_of_60_colors_is_small_and_the_same_each_time(kind):
    pattern = make((100, 100), 60)
    data = draw_chart(pattern, Chart(kind))
    assert len(data) < 400_000
    assert data == draw_chart(pattern, Chart(kind))
    assert b"/XObject" not in data


NAMES = [
    "H0 שמש אדומה",
    "H1 شمس حمراء",
    "H2 赤い夕日",
    "H3 Red 🔴 sun",
    "H4 " + "long name " * 18,
    "H5 Đỏ tươi e\u0301",
    "H6 Закат",
    "H7 ไทย",
    "H8 <b>&amp;\\(x)\\",
    "H9",
    "H10 👩‍👩‍👧‍👦🇫🇷",
]


def test_any_name_is_written_or_stood_in_for():
    """In text that is read back, letters that run to the left stand as they are drawn."""
    pattern = make((9, 29), len(NAMES), names=NAMES)
    reader = read(draw_chart(pattern, Chart(title="Вышивка שלום 🔴", palette="赤")))
    text = " ".join(reader.pages[0].extract_text().split())
    hexes = {entry.code: entry.hex for entry in pattern.entries}
    for seen in (
        "Red sun",
        "Đỏ tươi é",
        "Закат",
        "<b>&amp;\\(x)\\",
        "Вышивка",
        "letters that cannot be printed",
    ):
        assert seen in text
    for code in ("H2", "H7", "H9", "H10"):
        assert f"{code} {hexes[code]}" in text
    assert "long name l" in text
    assert "…" in text
    for letters in ("שמש", "אדומה"):
        assert letters in text or letters[::-1] in text
    assert "\x00" not in text


@pytest.mark.parametrize("shape", [(1, 1), (1, 200), (200, 1), (2, 3), (29, 29), (30, 30)])
@pytest.mark.parametrize("n", [1, 2, 256])
def test_any_shape_of_any_number_of_colors_is_drawn(shape, n):
    pattern = make(shape, n)
    for kind in ("beads", "stitch-14"):
        assert read(draw_chart(pattern, Chart(kind))).pages


def test_codes_that_fit_no_cell_become_symbols_unless_asked_for():
    pattern = make((3, 3), 4, names=[f"{n}{n}{n}{n}-{n}{n}{n}{n} A" for n in range(4)])
    assert make_plan(pattern, Chart("beads")).coded is False
    with pytest.raises(QuantizeError, match="codes must be at least 3 points high"):
        draw_chart(pattern, Chart("beads", marks="codes"))


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (Chart("buttons"), "kind must be one of beads, mini-beads, bricks"),
        (Chart(paper="a0"), "paper must be one of a4, letter, got 'a0'"),
        (Chart(marks="x"), "marks must be codes or symbols, got 'x'"),
    ],
)
def test_choices_that_are_none_are_a_sentence(chart, said):
    with pytest.raises(QuantizeError, match=said):
        draw_chart(make((2, 2), 2), chart)


def test_work_can_be_ended_between_pages():
    calls = []

    def stop():
        calls.append(1)
        if len(calls) == 3:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        draw_chart(make((60, 60), 3), checkpoint=stop)


def test_empty_cells_stay_empty_on_paper():
    pattern = make((10, 10), 3, share_empty=0.5)
    page = read(draw_chart(pattern)).pages[-1]
    assert texts_in(page, "beads", (10, 10)).total() == (pattern.indices != EMPTY).sum() < 100
