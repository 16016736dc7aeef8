"""Pictures on panels: their size, what stays solid, how they are turned, and that all of it is repeatable."""

import cv2
import numpy as np
import pytest

from quantize import Picture, QuantizeError
from quantize.colors.difference import delta_e_00
from quantize.colors.spaces import decode_srgb, encode_srgb
from quantize.dithering.dither import DITHERS
from quantize.panels.fitting import fit_picture
from quantize.panels.preparing import prepare_pixels
from quantize.panels.showing import show_on_panel
from quantize.panels.table import PANELS, find_panel
from tests.degenerate import pictures
from tests.dithering.test_goals import blurred, writing
from tests.pictures import noise

SPECTRA = find_panel("spectra6")


def drawing() -> np.ndarray:
    """Stripes in the pure colours of all six inks, 4 pixels each."""
    return np.repeat(np.tile(SPECTRA.inks.device_colors, (12, 1, 1)), 4, axis=1)


@pytest.mark.parametrize("dither", DITHERS)
def test_pure_colors_are_solid_inks_in_every_dithering(dither):
    pixels = drawing()
    made = show_on_panel(Picture.from_pixels(pixels), SPECTRA, (24, 12), dither=dither)
    np.testing.assert_array_equal(made.indices, np.repeat(np.arange(6), 4)[None].repeat(12, axis=0))
    np.testing.assert_array_equal(SPECTRA.inks.device_palette[made.numbers], pixels)
    np.testing.assert_array_equal(made.preview[0, ::4], SPECTRA.colors)
    assert made.counts.tolist() == [48] * 6


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_file_is_turned_and_the_preview_is_not(turn):
    size = (20, 10)  # of the panel
    upright = size if turn % 180 == 0 else size[::-1]
    pixels = np.full((upright[1], upright[0], 3), 255, np.uint8)
    pixels[0, :3] = (255, 0, 0)  # above, on the left
    made = show_on_panel(Picture.from_pixels(pixels), SPECTRA, size, rotate=turn)
    assert made.numbers.shape == size[::-1]
    assert made.preview.shape == pixels.shape
    np.testing.assert_array_equal(np.rot90(made.numbers, turn // 90), np.where(made.indices == 3, 3, 1))
    corner = {0: (0, 0), 90: (0, -1), 180: (-1, -1), 270: (-1, 0)}[turn]
    assert made.numbers[corner] == 3


def test_crop_fills_and_fit_keeps_all_with_white_margins():
    pixels = np.zeros((30, 60, 3), np.uint8)
    pixels[:, :5] = (255, 0, 0)
    picture = Picture.from_pixels(pixels)
    cropped = show_on_panel(picture, SPECTRA, (30, 30))
    assert cropped.indices.shape == (30, 30)
    assert (cropped.indices == 0).all()
    assert cropped.cut == pytest.approx(0.5)
    whole = show_on_panel(picture, SPECTRA, (60, 60), fit="fit")
    assert whole.cut == 0
    assert (whole.indices[:15] == 1).all()
    assert (whole.indices[45:] == 1).all()
    np.testing.assert_array_equal(whole.indices[15:45, 10:], 0)
    np.testing.assert_array_equal(whole.indices[15:45, :5], 3)


@pytest.mark.parametrize("prepare", [True, False])
@pytest.mark.parametrize("key", PANELS)
def test_margins_are_the_panels_white(key, prepare):
    for dither in DITHERS if key == "spectra6" else ("search", "floyd-steinberg"):
        picture = Picture.from_pixels(noise(20, 40))
        made = show_on_panel(picture, find_panel(key), (40, 60), fit="fit", prepare=prepare, dither=dither)
        assert (made.indices[:20] == 1).all(), dither
        assert (made.indices[40:] == 1).all(), dither


@pytest.mark.parametrize("beyond", range(6))
@pytest.mark.parametrize("is_wide", [True, False])
def test_pixels_stay_whole_where_the_picture_is_as_large(beyond, is_wide):
    pixels = noise(20, 40 + beyond) if is_wide else noise(20 + beyond, 40)
    made = fit_picture(Picture.from_pixels(pixels), (40, 20), "crop").content
    top, left = (0, beyond // 2) if is_wide else (beyond // 2, 0)
    np.testing.assert_array_equal(made, pixels[top : top + 20, left : left + 40])


@pytest.mark.parametrize("key", PANELS)
def test_greys_without_dithering_are_black_or_white(key):
    """Dark to light, whatever coloured ink is as light as they are."""
    greys = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(1, 256, 3)
    for choices in ({"dither": "none"}, {"dither": "search", "strength": 0.0}):
        for prepare in (True, False):
            made = show_on_panel(
                Picture.from_pixels(greys), find_panel(key), (256, 1), prepare=prepare, **choices
            )
            assert set(np.unique(made.indices)) == {0, 1}
            assert (np.diff(made.indices[0].astype(int)) >= 0).all()


@pytest.mark.parametrize("key", PANELS)
def test_inks_themselves_stay_without_dithering(key):
    panel = find_panel(key)
    made = show_on_panel(
        Picture.from_pixels(panel.colors[None]), panel, (len(panel.inks), 1), prepare=False, dither="none"
    )
    np.testing.assert_array_equal(made.indices[0], np.arange(len(panel.inks)))


@pytest.mark.parametrize("key", PANELS)
@pytest.mark.parametrize("prepare", [True, False])
def test_writing_stays_on_every_panel(key, prepare):
    panel = find_panel(key)
    for seed, grey in enumerate((0, 40, 90)):
        pixels, is_ink = writing(grey, 255, seed)
        made = show_on_panel(Picture.from_pixels(pixels), panel, (128, 96), prepare=prepare)
        seen = blurred(decode_srgb(made.preview)[..., 1])
        black, white = decode_srgb(panel.colors[:2, 1])
        wanted = blurred(np.where(is_ink, black, white))
        paper = cv2.erode((~is_ink).astype(np.uint8), np.ones((5, 5))) > 0
        assert (made.indices[paper] == 1).all()
        depth = wanted[~is_ink].mean() - wanted[is_ink].mean()
        part = (1 - decode_srgb(np.uint8([grey]))[0]) * (0.75 if grey < 90 else 0.6)
        assert seen[~is_ink].mean() - seen[is_ink].mean() > part * depth


def test_transparent_is_white():
    pixels, alpha = np.zeros((8, 8, 3), np.uint8), np.full((8, 8), 255, np.uint8)
    alpha[:4] = 0
    made = show_on_panel(Picture.from_pixels(pixels, alpha), SPECTRA, (8, 8))
    np.testing.assert_array_equal(made.indices, np.repeat([[1], [0]], 4, axis=0).repeat(8, axis=1))


@pytest.mark.parametrize("key", PANELS)
@pytest.mark.parametrize("grey", [40, 130, 220])
def test_a_flat_grey_is_the_panels_grey_from_afar(key, grey):
    """Of whatever inks it is mixed: from afar it has the colour that it was prepared to have."""
    panel, pixels = find_panel(key), np.full((64, 64, 3), grey, np.uint8)
    made = show_on_panel(Picture.from_pixels(pixels), panel, (64, 64))
    wanted = prepare_pixels(pixels, panel, made.preparation)[:1, :1]
    seen = encode_srgb(decode_srgb(made.preview).mean(axis=(0, 1)))
    assert delta_e_00(np.rint(seen).astype(np.uint8)[None], wanted[0])[0] < 2
    if panel.inks.key == "bw":
        assert set(np.unique(made.indices)) == {0, 1}


def test_curve_and_preparation_are_choices():
    picture = Picture.from_pixels(noise(40, 60))
    chosen = show_on_panel(picture, SPECTRA, (60, 40), curve=0.9)
    assert chosen.preparation.curve == 0.9
    assert "an S-curve of 0.9 as wanted" in chosen.preparation.why
    plain = show_on_panel(picture, SPECTRA, (60, 40), prepare=False)
    assert plain.preparation is None
    assert (plain.indices != show_on_panel(picture, SPECTRA, (60, 40)).indices).any()


@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=6))
def test_any_picture_becomes_the_same_on_any_number_of_threads(name, pixels, monkeypatch):
    made = []
    for threads in ("1", "3"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        shown = show_on_panel(Picture.from_pixels(pixels), find_panel("acep"), (90, 140), fit="fit")
        assert shown.indices.max() < 7
        made.append(shown.numbers.tobytes())
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"fit": "stretch"}, "fit must be one of crop, fit, got 'stretch'"),
        ({"rotate": 45}, "rotate must be one of 0, 90, 180, 270, got 45"),
        ({"size": (0, 480)}, "size must be 1 to 4096 pixels along each side, got 0×480"),
        ({"size": (800, 5000)}, "got 800×5000"),
        ({"curve": 2}, "curve must be a number from 0 to 1, got 2"),
        ({"curve": 0.5, "prepare": False}, "curve has no effect without preparation"),
        ({"dither": "dots"}, "dither must be one of none, floyd"),
        ({"light": "gamma"}, "light must be one of encoded, linear"),
        ({"strength": 2}, "strength must be a number from 0 to 1"),
    ],
)
def test_what_cannot_be_is_refused(choices, said):
    picture = Picture.from_pixels(noise(4, 4))
    with pytest.raises(QuantizeError, match=said):
        show_on_panel(picture, SPECTRA, **{"size": (8, 8), **choices})
