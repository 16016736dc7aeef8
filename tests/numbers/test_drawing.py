"""Files of paint by numbers: SVG, PDF as Poppler draws it, and pixels for the screen, all of one drawing."""

import csv
import io
import re
import shutil
import subprocess
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from quantize import Picture, quantize_image
from quantize.decoding.samples import load_sample
from quantize.numbers import files
from quantize.numbers.digits import WIDE, trace_digits, trace_strokes
from quantize.numbers.flat import PER_MM, draw_sheet_flat, draw_solution_flat, flatten
from quantize.numbers.key import plan_key, say_share, say_unused
from quantize.numbers.layout import MARGIN, Choices
from quantize.numbers.numbered import Numbered, number_picture
from quantize.numbers.outlines import GREY, INK, darken, draw_lines
from quantize.palettes.facts import contrast_ratios
from quantize.palettes.palette import Palette
from quantize.rendering.lettering import measure_line

SVG = "{http://www.w3.org/2000/svg}"


def make(name: str = "coffee", n_colors: int = 8, names=None, **choices) -> Numbered:
    picture = load_sample(name)
    colors = quantize_image(picture, n_colors=n_colors).palette
    palette = Palette(colors, names=tuple(names)) if names else Palette(colors)
    return number_picture(picture, palette, Choices(**{"brush": 5.0, **choices}))


@pytest.fixture(scope="module")
def made() -> Numbered:
    return make()


def render(pdf: bytes, page: int, dpi: int = 203) -> np.ndarray:
    """A page of a PDF as Poppler draws it."""
    program = shutil.which("pdftoppm")
    if not program:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    done = subprocess.run(
        [program, "-r", str(dpi), "-f", str(page), "-l", str(page), "-png", "-"],
        input=pdf, capture_output=True, check=True,
    )  # fmt: skip
    assert not done.stderr
    return np.asarray(Image.open(io.BytesIO(done.stdout)).convert("RGB")).astype(int)


def cut_picture(page: np.ndarray, numbered: Numbered) -> np.ndarray:
    """The part of a rendered page that holds the picture, as large as what is drawn for the screen."""
    layout = numbered.layout
    scale = page.shape[1] / layout.paper.width
    box = [layout.left, layout.top, layout.left + layout.width, layout.top + layout.height]
    size = round(layout.width * PER_MM), round(layout.height * PER_MM)
    image = Image.fromarray(page.astype(np.uint8))
    cut = image.resize(size, Image.Resampling.BICUBIC, box=tuple(side * scale for side in box))
    return np.asarray(cut).astype(int)


@pytest.mark.parametrize("numerals", ["font", "stroke"])
def test_the_printed_sheet_is_what_is_shown(numerals):
    numbered = make(numerals=numerals)
    shown = draw_sheet_flat(numbered, draw_lines(numbered)).astype(int)
    printed = cut_picture(render(files.write_pdf(numbered), 1), numbered)
    assert np.abs(shown.mean() - printed.mean()) < 3
    thick = Image.fromarray((printed.min(axis=2) < 200).astype(np.uint8) * 255).resize(
        (printed.shape[1] // 4, printed.shape[0] // 4), Image.Resampling.BOX
    )
    other = Image.fromarray((shown.min(axis=2) < 200).astype(np.uint8) * 255).resize(
        thick.size, Image.Resampling.BOX
    )
    near = np.abs(np.asarray(thick).astype(int) - np.asarray(other)) < 140
    assert near.mean() > 0.995


def test_the_printed_solution_is_the_map_of_paints(made):
    labels = draw_solution_flat(made)
    shown = made.colors[labels].astype(int)
    printed = cut_picture(render(files.write_pdf(made), 3), made)
    assert (np.abs(shown - printed).max(axis=2) < 12).mean() > 0.97
    height, width = labels.shape
    ys, xs = np.mgrid[:height, :width]
    down, across = ((axis + 0.5) / PER_MM / made.layout.step for axis in (ys, xs))
    rows = down.astype(int).clip(0, made.parts.numbers.shape[0] - 1)
    columns = across.astype(int).clip(0, made.parts.numbers.shape[1] - 1)
    assert (made.parts.map[rows, columns] == labels).mean() > 0.99


def test_every_number_is_in_the_pdf_as_often_as_there_are_regions(made):
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run([program, "-f", "1", "-l", "1", "-", "-"], input=files.write_pdf(made),
                          capture_output=True, check=True)  # fmt: skip
    words = done.stdout.decode().split()
    for paint in made.paints:
        assert words.count(str(paint.number)) == paint.n_regions + 1  # and once in the key


def test_svg_holds_every_number_and_every_colour():
    numbered = make(brush=2.5, n_colors=14, names=[f"Farbe <{n}> & Ελλ" for n in range(14)])
    sheet = ElementTree.fromstring(files.write_sheet_svg(numbered, 'a & b "c" \x01'))
    assert sheet.get("width") == "297mm"
    assert sheet[0].text == 'a & b "c" '
    for paint in numbered.paints:
        group = next(one for one in sheet.iter(f"{SVG}g") if one.get("id") == f"paint-{paint.number}")
        uses = [one.get("href") for one in group.iter(f"{SVG}use")]
        assert len(uses) == paint.n_regions * len(str(paint.number))
        assert set(uses) == {f"#digit-{digit}" for digit in str(paint.number)}
    said = " ".join(one.text for one in sheet.iter(f"{SVG}text"))
    assert all(paint.name[:6] in said for paint in numbered.paints)
    solution = ElementTree.fromstring(files.write_solution_svg(numbered))
    fills = {path.get("id"): path.get("fill") for path in solution.iter(f"{SVG}path") if path.get("id")}
    assert fills == {f"paint-{paint.number}": paint.hex for paint in numbered.paints}
    under = {use.get("href"): use.get("stroke") for use in solution.iter(f"{SVG}use")}
    assert under == {f"#{name}": color for name, color in fills.items()}


def test_plotters_get_open_strokes_and_no_fill():
    numbered = make(numerals="stroke")
    text = files.write_sheet_svg(numbered).decode()
    outside_the_key = text[: text.index('<g id="key"')]
    assert "<use" not in text
    assert "z" not in "".join(re.findall(r' d="([^"]*)"', outside_the_key))
    assert not re.search(r'fill="#', outside_the_key)


def test_colours_of_outlines_are_those_of_paints_and_seen():
    numbered = make(outline="color")
    drawn = draw_lines(numbered)
    assert set(drawn.colors) == {darken(tuple(color)) for color in numbered.colors.tolist()}
    ratios = contrast_ratios(np.array([*drawn.colors, (255, 255, 255)], np.uint8))[-1, :-1]
    assert ratios.min() >= 3
    assert darken((0, 0, 0)) == (0, 0, 0)
    assert {one.color for one in draw_lines(make()).numerals} == {INK}
    assert draw_lines(make()).colors == (GREY,)


@pytest.mark.parametrize("traced", [trace_digits, trace_strokes])
def test_digits_stay_in_their_boxes(traced):
    shapes = traced()
    assert set(shapes) == set("0123456789")
    for shape in (one for digit in shapes.values() for one in digit):
        assert -0.03 <= shape[:, 1].min() <= shape[:, 1].max() <= 1.03
        assert 0 <= shape[:, 0].min() <= shape[:, 0].max() <= WIDE
    tall = [max(np.ptp(one[:, 1]) for one in digit) for digit in shapes.values()]
    assert max(tall) > 0.85


@pytest.mark.parametrize("n_colors", [1, 3, 24])
def test_the_key_fits_and_cuts_long_names(n_colors):
    colors = np.random.default_rng(1).integers(0, 256, (n_colors, 3), np.uint8)
    picture = Picture.from_pixels(colors[None].repeat(90, axis=0).repeat(60, axis=1))
    names = tuple(f"{n} " + "Very long name of a paint " * 9 for n in range(n_colors))
    numbered = number_picture(picture, Palette(colors, names=names))
    cells = plan_key(numbered)
    assert len(cells) == len(numbered.paints)
    for one, other in zip(cells, [*cells[1:], None], strict=True):
        assert one.text_left + measure_line(one.text, 100) / 100 * 2.6 < one.share_left
        end = one.share_left + measure_line(one.share, 100) / 100 * 2.6
        on_row = other and other.top == one.top
        assert end <= (other.left if on_row else numbered.layout.paper.width - MARGIN)
        assert "%" in one.share


def read_words(pdf: bytes, page: int) -> str:
    """The text of a page of a PDF."""
    program = shutil.which("pdftotext")
    if not program:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    page_only = ["-layout", "-f", str(page), "-l", str(page)]
    return subprocess.run(
        [program, *page_only, "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


@pytest.mark.parametrize("n_colors", [8, 60])
def test_the_legend_names_paints_whole_where_there_is_room(n_colors):
    colors = np.random.default_rng(1).integers(0, 256, (n_colors, 3), np.uint8)
    picture = Picture.from_pixels(colors.reshape(2, -1, 3).repeat(90, axis=0).repeat(60, axis=1))
    names = tuple(f"Cadmium yellow, light and deep {n}" for n in range(n_colors))
    numbered = number_picture(picture, Palette(colors, names=names), Choices(brush=1.0))
    pdf = files.write_pdf(numbered)
    legend = " ".join(read_words(pdf, page) for page in range(2, len(re.findall(rb"/Type /Page\b", pdf))))
    assert all(paint.name in legend for paint in numbered.paints)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((5,), "5 is not used"),
        ((5, 10), "5 and 10 are not used"),
        ((1, 3, 4, 5, 9), "1, 3 to 5 and 9 are not used"),
        ((1, 2), "1 and 2 are not used"),
        (tuple(range(1, 100, 2)), "50 numbers are not used"),
    ],
)
def test_unused_numbers_are_said(numbers, said):
    assert say_unused(numbers) == said


def test_the_legend_says_which_numbers_of_own_paints_are_not_used():
    palette = Palette(np.array([[255, 0, 0], [0, 0, 0], [0, 255, 0], [255] * 3], np.uint8))
    halves = np.zeros((40, 60, 3), np.uint8)
    halves[:, 30:] = 255
    own, found = (number_picture(Picture.from_pixels(halves), palette, own=own) for own in (True, False))
    assert "1 and 3 are not used" in read_words(files.write_pdf(own), 2)
    assert "not used" not in read_words(files.write_pdf(found), 2)
    assert files.say_notes(own) == ["of the palette, 1 and 3 are not used: no region has their colours"]
    assert files.say_notes(found) == []


def test_colours_that_vanish_are_said():
    """A line of a pixel and one of two on A4: neither is as wide as a brush."""
    pixels = np.full((200, 300, 3), 255, np.uint8)
    pixels[:, 100], pixels[50:52], palette = 0, (255, 0, 0), Palette(np.array([[0] * 3, [255] * 3], np.uint8))
    wide, fine = Choices(brush=8.0), Choices(brush=0.5)
    three = Palette(np.array([[0] * 3, [255, 0, 0], [255] * 3], np.uint8))
    picture = Picture.from_pixels(pixels)
    made = {brush: number_picture(picture, three, brush, own=False) for brush in (wide, fine)}
    assert [paint.hex for paint in made[wide].paints] == ["#ffffff"]
    assert any(note.startswith("2 colours have no region") for note in files.say_notes(made[wide]))
    assert len(made[fine].paints) == 3
    assert files.say_notes(made[fine]) == []
    one = number_picture(Picture.from_pixels(pixels[:40]), palette, wide, own=False)
    assert any(note.startswith("one colour has no region") for note in files.say_notes(one))


def test_names_in_any_language_do_not_break_a_pdf():
    names = ["Ультрамарин", "אדום", "أحمر", "🎨", "\x00\ud800", "x" * 500, "Weiß", ""]
    numbered = make(names=names)
    pdf = files.write_pdf(numbered, "Bild\ud800 \x07 🎨")
    assert pdf == files.write_pdf(numbered, "Bild\ud800 \x07 🎨")
    assert render(pdf, 2, 60).min() < 100


def test_a_name_is_a_text_of_its_own_and_whole_in_svg():
    names = ["אדום", "أحمر 5", "群青 blue", "🎨🎨", "漢字" * 40, "Weiß", "Ink", "Red"]
    numbered = make(names=names)
    sheet = ElementTree.fromstring(files.write_sheet_svg(numbered))
    said = [one.text for one in sheet.iter(f"{SVG}text")]
    for paint in numbered.paints:
        assert paint.name in said or (
            len(paint.name) > 40 and any(re.fullmatch("[漢字]+…", one) for one in said)
        )
    assert sum(one.startswith("· ") for one in said) == len(numbered.paints)
    lacking = sum(bool(re.search("[群🎨漢]", paint.name)) for paint in numbered.paints)
    assert lacking > 1
    noted = f"{lacking} names have characters that the PDF's font lacks: they are left out there"
    assert noted in files.say_notes(numbered)
    if any(paint.name == "Red" for paint in numbered.paints):
        assert "Red ·" in read_words(files.write_pdf(numbered), 1).replace("  ", " ")


def test_a_legend_of_255_paints_takes_the_pages_that_it_needs():
    ramp = np.arange(1, 256, dtype=np.uint8)
    pixels = np.repeat(ramp[:, None], 3, axis=1)[None].repeat(8, axis=0)
    picture = Picture.from_pixels(pixels.reshape(24, 85, 3).repeat(20, axis=0).repeat(20, axis=1))
    numbered = number_picture(picture, Palette(pixels[0].copy()), Choices(brush=1.5, paper="a3"))
    assert not plan_key(numbered)
    pdf = files.write_pdf(numbered)
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 4


def test_flattened_edges_go_from_junction_to_junction(made):
    curves = draw_lines(made).curves
    for edge, points in enumerate(flatten(curves)):
        np.testing.assert_allclose(points[0], curves.begins[edge])
        np.testing.assert_allclose(points[-1], curves.controls[curves.starts[edge + 1] - 1, 2])
        assert len(points) >= 2


def test_clear_pixels_stay_white(made):
    alpha = np.full((60, 90), 255, np.uint8)
    alpha[:, 45:] = 0
    picture = Picture.from_pixels(np.full((60, 90, 3), 30, np.uint8), alpha)
    numbered = number_picture(picture, Palette(np.full((1, 3), 30, np.uint8)))
    right = cut_picture(render(files.write_pdf(numbered), 3, 60), numbered)[:, -100:]
    assert right.min() > 250
    assert (draw_solution_flat(numbered)[:, -100:] == 255).all()


def test_the_table_of_paints_says_what_the_record_says(made):
    rows = list(csv.DictReader(io.StringIO(files.write_legend_csv(made).decode())))
    assert [int(row["number"]) for row in rows] == [paint.number for paint in made.paints]
    assert sum(int(row["regions"]) for row in rows) == made.n_regions
    assert sum(float(row["percent"]) for row in rows) == pytest.approx(100, abs=0.05 * len(rows))
    words = read_words(files.write_pdf(made), 2)
    assert all(f"{row['percent']} %" in words for row in rows)


def test_shares_are_rounded_alike_and_rare_ones_are_not_nothing():
    assert [say_share(share) for share in (1, 0.123456, 0.05, 0.00051, 0.0001)] == [
        "100.0 %", "12.3 %", "5.0 %", "0.1 %", "<0.1 %",
    ]  # fmt: skip


def test_names_in_the_table_are_no_formulas():
    numbered = make(names=["=1+1", "+x", "-y", "@z", "a=b", "＝1", "Ink", ""])
    rows = csv.DictReader(io.StringIO(files.write_legend_csv(numbered).decode()))
    names = {paint.name: row["name"] for paint, row in zip(numbered.paints, rows, strict=True)}
    assert len(names) > 5
    for name, written in names.items():
        assert written == (f"'{name}" if name[:1] in set("=+-@＝") and name else name)
