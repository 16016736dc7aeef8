"""A picture as paint by numbers: hostile pictures, own paints, protected colours."""

import re

import numpy as np
import pytest

from quantize import Picture, QuantizeError, quantize_image
from quantize.decoding.samples import load_sample
from quantize.numbers.guarded import keep_protected
from quantize.numbers.layout import MARGIN, PAPERS, Choices, lay_out
from quantize.numbers.numbered import number_picture
from quantize.numbers.outlines import draw_lines
from quantize.palettes.palette import Palette
from quantize.regions.parts import CLEAR
from tests.numbers.test_brush import holds_disc
from tests.numbers.test_places import box_of
from tests.pictures import noise, smooth

COARSE = Choices(brush=6.0)


def palette_of(*codes: str, names=()) -> Palette:
    colors = np.array([[int(code[place : place + 2], 16) for place in (1, 3, 5)] for code in codes], np.uint8)
    return Palette(colors, names=tuple(names)) if names else Palette(colors)


GREYS = palette_of("#000000", "#404040", "#808080", "#c0c0c0", "#ffffff")


def grey(values) -> np.ndarray:
    return np.repeat(np.asarray(values, np.uint8)[..., None], 3, axis=2)


def with_alpha(pixels, alpha) -> Picture:
    return Picture.from_pixels(pixels, np.asarray(alpha, np.uint8))


def soft_alpha() -> Picture:
    y, x = np.mgrid[:60, :80]
    return with_alpha(smooth(60, 80), np.clip(400 - 10 * np.hypot(x - 40, y - 30), 0, 255))


PICTURES = {
    "one pixel": Picture.from_pixels(grey([[90]])),
    "one row": Picture.from_pixels(grey([np.arange(40) * 6])),
    "one column": Picture.from_pixels(grey(np.arange(40)[:, None] * 6)),
    "ramp": Picture.from_pixels(grey(np.tile(np.arange(256), (160, 1)))),
    "two tones": Picture.from_pixels(grey((np.indices((60, 60)).sum(axis=0) // 12 % 2) * 255)),
    "fine lattice": Picture.from_pixels(grey((np.indices((90, 90)).sum(axis=0) % 2) * 255)),
    "noise": Picture.from_pixels(noise(80, 110)),
    "smooth": Picture.from_pixels(smooth(80, 60)),
    "soft alpha": soft_alpha(),
    "islands": with_alpha(smooth(60, 80), (np.indices((60, 80)).sum(axis=0) // 9 % 3 > 0) * 255),
}


@pytest.mark.parametrize("name", PICTURES)
def test_every_region_takes_the_brush_and_has_a_number_that_fits(name):
    made = number_picture(PICTURES[name], GREYS, COARSE)
    parts, layout = made.parts, made.layout
    assert parts.numbers.shape == layout.size[::-1]
    visible = np.flatnonzero(parts.labels != CLEAR)
    assert made.n_regions == len(visible) >= 1
    assert sum(paint.n_regions for paint in made.paints) == len(visible)
    assert sum(paint.share for paint in made.paints) == pytest.approx(1)
    np.testing.assert_allclose(
        sum(paint.area for paint in made.paints), (parts.map != CLEAR).sum() * layout.step**2
    )
    radius = COARSE.brush / 2 / layout.step
    if len(visible) > 1 and name not in ("islands", "soft alpha"):
        assert all(holds_disc(parts.numbers == part, radius) for part in visible)
    for place, part in enumerate(made.places.parts.tolist()):
        number = made.paints[parts.labels[part]].number
        if not made.places.beside[place]:
            assert (parts.numbers[box_of(made.places, number, place)] == part).all()
    if name not in ("one row", "one column", "islands"):
        assert not len(made.places.lost)


def test_the_smallest_region_is_no_smaller_than_the_brush_on_a_photo():
    picture = load_sample("coffee")
    for brush in (1.5, 2.5, 5.0):
        palette = Palette(quantize_image(picture, n_colors=12).palette)
        made = number_picture(picture, palette, Choices(brush=brush))
        assert made.smallest >= 0.9 * np.pi * (brush / 2) ** 2
        assert not len(made.places.lost)
        assert made.n_kept == 0


def test_numbers_are_places_in_the_palette_and_of_equal_colours_the_first():
    palette = palette_of(
        "#ff0000", "#ffffff", "#00ff00", "#ffffff", "#000000", names=["Red", "White", "", "White too", "Ink"]
    )
    halves = np.zeros((40, 60, 3), np.uint8)
    halves[:, 30:] = 255
    made = number_picture(Picture.from_pixels(halves), palette)
    assert [(one.number, one.name, one.hex) for one in made.paints] == [
        (2, "White", "#ffffff"), (5, "Ink", "#000000"),
    ]  # fmt: skip
    assert made.unused == (1, 3, 4)
    found = number_picture(Picture.from_pixels(halves), palette, own=False)
    assert [(one.number, one.name) for one in found.paints] == [(1, "White"), (2, "Ink")]
    assert found.unused == ()


def test_numbers_of_found_paints_have_no_gaps():
    loaded = load_sample("coffee")
    palette = Palette(quantize_image(loaded, n_colors=200).palette)
    made = number_picture(loaded, palette, COARSE, own=False)
    assert [paint.number for paint in made.paints] == list(range(1, len(made.paints) + 1))
    assert len(made.paints) < 200
    places = [palette.hexes.index(paint.hex) for paint in made.paints]
    assert places == sorted(places)
    assert made.unused == ()


def dotted() -> Picture:
    """Two light dots on dark: a millimetre and a half of one, on A4."""
    pixels = np.full((300, 400, 3), 40, np.uint8)
    pixels[100:102, 200:202] = pixels[200, 100] = 255
    return Picture.from_pixels(pixels)


def test_a_protected_colour_stays_however_small_and_others_go():
    palette = palette_of("#282828", "#ffffff")
    plain = number_picture(dotted(), palette, Choices(brush=4.0))
    assert [one.hex for one in plain.paints] == ["#282828"]
    kept = number_picture(dotted(), palette, Choices(brush=4.0, protect=("#ffffff",)))
    assert [one.n_regions for one in kept.paints] == [1, 2]
    assert kept.n_kept == 2
    assert kept.places.beside.sum() >= 1
    assert not len(kept.places.lost)


def test_a_protected_speck_is_as_large_as_a_dot_and_its_outline_is_fine():
    pixels = np.full((400, 554, 3), 40, np.uint8)  # two pixels to a mm on A4
    pixels[100, 100:102] = pixels[200:203, 100:400] = 255
    pixels[300, 300] = 250
    pixels[300, 301] = 240
    made = number_picture(
        Picture.from_pixels(pixels),
        palette_of("#282828", "#ffffff"),
        Choices(brush=4.0, protect=("#ffffff",)),
    )
    areas = sorted((made.parts.areas[made.parts.labels == 1] * made.layout.step**2).tolist())
    assert len(areas) == 3
    assert 1 <= areas[0] <= areas[1] < 3
    drawn = draw_lines(made)
    assert drawn.fine.any()
    assert not drawn.fine.all()
    assert made.n_left_out == 0


def test_protected_noise_is_left_out_and_counted_and_clear_pixels_stay_clear():
    labels = np.zeros((60, 60), np.uint8)
    labels[10:50:10, 5] = 1
    labels[10:13, 30:33] = 1
    labels[30:36, 56:58] = 1
    labels[:, 58:] = CLEAR
    kept, fixed, left_out = keep_protected(labels, [1], 0.25, lambda: None)
    assert left_out == 4
    assert (kept[fixed] == 1).all()
    assert not fixed[:, :20].any()
    assert fixed[:20].sum() * 0.25**2 >= 1
    np.testing.assert_array_equal(kept == CLEAR, labels == CLEAR)
    np.testing.assert_array_equal(kept[:, :20], labels[:, :20])


def test_a_protected_colour_must_be_there():
    with pytest.raises(
        QuantizeError, match=re.escape("protect must be a colour of the palette, got #010203")
    ):
        number_picture(dotted(), GREYS, Choices(protect=("#010203",)))


def test_what_is_clear_is_not_painted_and_lends_no_colour():
    pixels = np.full((60, 80, 3), (255, 0, 0), np.uint8)
    pixels[:, 40:] = (0, 255, 0)
    alpha = np.zeros((60, 80), np.uint8)
    alpha[:, :40] = 255
    made = number_picture(with_alpha(pixels, alpha), palette_of("#ff0000", "#00ff00", "#808000"), COARSE)
    assert [one.hex for one in made.paints] == ["#ff0000"]
    assert (made.parts.map[:, -10:] == CLEAR).all()


def test_nothing_visible_is_a_sentence():
    sparse = np.zeros((4000, 4000), np.uint8)
    sparse[::40, ::40] = 255
    with pytest.raises(QuantizeError, match="only fine lines and dots"):
        number_picture(with_alpha(np.zeros((4000, 4000, 3), np.uint8), sparse), GREYS)


def test_the_same_on_any_number_of_threads(monkeypatch):
    made = []
    for threads in ("1", "3"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        made.append(number_picture(load_sample("coffee"), GREYS, COARSE))
    np.testing.assert_array_equal(made[0].parts.numbers, made[1].parts.numbers)
    np.testing.assert_array_equal(made[0].places.middles, made[1].places.middles)


def test_256_colours_are_one_too_many_and_255_are_not():
    pixels = grey(np.arange(256).reshape(16, 16)).repeat(20, axis=0).repeat(20, axis=1)
    ramp = [f"#{value:02x}{value:02x}{value:02x}" for value in range(256)]
    small = Choices(brush=1.0, paper="a3")
    with pytest.raises(QuantizeError, match="paints must be at most 255, got 256: choose fewer"):
        number_picture(Picture.from_pixels(pixels), palette_of(*ramp), small)
    made = number_picture(Picture.from_pixels(pixels), palette_of(*ramp[1:]), small)
    assert made.paints[-1].number == 255
    assert not len(made.places.lost)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("size", [(1, 1), (3000, 20), (20, 3000), (4000, 3000), (7, 5)])
@pytest.mark.parametrize("n_paints", [1, 24, 25, 60, 255])
def test_picture_and_key_lie_within_the_margins(paper, size, n_paints):
    for orientation in ("auto", "portrait", "landscape"):
        found = lay_out(size, Choices(paper=paper, orientation=orientation, brush=0.5), n_paints)
        assert max(found.width / size[0], found.height / size[1]) == pytest.approx(
            min(found.width / size[0], found.height / size[1]),
            rel=found.step / min(found.width, found.height),
        )
        assert found.left >= MARGIN - 0.01
        assert found.left + found.width <= found.paper.width - MARGIN + 0.01
        rows = -(-n_paints // found.columns) if found.columns else 0
        end = found.key_top + rows * found.key_row if rows else found.top + found.height
        assert end <= found.paper.height - MARGIN + 0.01
        assert found.size[0] * found.size[1] <= 6_100_000
    upright = lay_out((30, 40), Choices(paper=paper), 5).paper
    assert upright.width < upright.height
    assert lay_out((40, 30), Choices(paper=paper), 5).paper.width > upright.width


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((1, 64000), "under 0.1 mm wide on A4"),
        ((64000, 1), "under 0.1 mm high on A4"),
        ((300, 1), "0.9 mm high on A4"),
        ((1, 112), "2.3 mm wide on A4"),
    ],
)
def test_a_picture_narrower_than_the_brush_is_a_sentence(size, said):
    picture = Picture.from_pixels(np.zeros((size[1], size[0], 3), np.uint8))
    whole = f"the picture would be {said}, less than the brush of 2.5 mm: choose a larger paper, a thinner "
    with pytest.raises(QuantizeError, match=re.escape(whole)):
        number_picture(picture, GREYS)


def test_a_picture_as_narrow_as_the_brush_is_painted():
    made = number_picture(Picture.from_pixels(noise(1, 100)), GREYS)
    assert made.layout.height == pytest.approx(2.77, abs=made.layout.step)
    assert made.layout.width == pytest.approx(277)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"paper": "a0"}, "paper must be one of a4, a3, letter, got 'a0'"),
        ({"orientation": "up"}, "orientation must be one of auto, portrait, landscape, got 'up'"),
        ({"outline": "red"}, "outline must be one of grey, color, got 'red'"),
        ({"numerals": "roman"}, "numerals must be one of font, stroke, got 'roman'"),
        ({"brush": 0.1}, "brush must be 0.5 to 20 mm, got 0.1"),
        ({"brush": float("nan")}, "brush must be 0.5 to 20 mm, got nan"),
        ({"brush": True}, "brush must be 0.5 to 20 mm, got True"),
        ({"numeral": (0.1, 4.0)}, "numeral must be 0.8 to 12 mm, got 0.1"),
        ({"numeral": (5.0, 4.0)}, "numeral must be the least and the most height, got 5 and 4"),
    ],
)
def test_bad_choices_are_refused(choice, said):
    with pytest.raises(QuantizeError, match=f"^{re.escape(said)}$"):
        Choices(**choice)
