"""Preparation for a panel: what it keeps, what it brings within reach, and what it says of a picture."""

import numpy as np
import pytest

from quantize import QuantizeError
from quantize.colors.difference import delta_e_00
from quantize.colors.spaces import SPACES
from quantize.panels.preparing import Preparation, prepare_pixels, suggest_preparation
from quantize.panels.reach import find_reach
from quantize.panels.table import PANELS, find_panel
from tests.degenerate import pictures
from tests.pictures import noise, smooth

EACH = pytest.mark.parametrize("key", PANELS)
GREYS = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(1, 256, 3)


def lightness(pixels: np.ndarray) -> np.ndarray:
    return SPACES["LAB"].to_working(pixels.reshape(-1, 3))[:, 0]


def away(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return delta_e_00(one.reshape(-1, 3), other.reshape(-1, 3))


@EACH
def test_greys_become_the_panels_greys(key):
    panel = find_panel(key)
    made = prepare_pixels(GREYS, panel, Preparation())
    reach = find_reach(panel.colors)
    tones = lightness(made).astype(float)
    assert (np.diff(tones) > -0.5).all()
    greys = np.column_stack([tones, reach.grey_at(tones)]).astype(np.float32)
    assert away(made, np.rint(SPACES["LAB"].to_srgb(greys)).astype(np.uint8)).max() < 2
    tones = SPACES["LAB"].to_working(GREYS[0])[:, 0]
    np.testing.assert_array_equal(made[0, tones < 4], np.tile(panel.colors[0], (np.sum(tones < 4), 1)))
    np.testing.assert_array_equal(made[0, tones > 96], np.tile(panel.colors[1], (np.sum(tones > 96), 1)))
    np.testing.assert_array_equal(made[0, [0, 255]], panel.colors[:2])


@EACH
def test_nothing_is_out_of_reach_afterwards(key):
    panel, pixels = find_panel(key), noise(40, 50)
    made = prepare_pixels(pixels, panel, Preparation(curve=0.3)).reshape(-1, 3)
    mixed = np.rint(find_reach(panel.colors).nearest_mixes(made)).astype(np.uint8)
    found = away(made, mixed)
    assert np.percentile(found, 95) < 2
    assert found.max() < 5


@EACH
def test_pure_device_colors_get_their_ink(key):
    panel = find_panel(key)
    pixels = np.tile(panel.inks.device_colors, (3, 1, 1))
    for choices in ({}, {"black": 20, "white": 75, "curve": 0.5}, {"squeeze": False}):
        made = prepare_pixels(pixels, panel, Preparation(solid=True, **choices))
        np.testing.assert_array_equal(made, np.tile(panel.colors, (3, 1, 1)))


@EACH
def test_paper_is_white_and_not_speckled(key):
    """Whites of scans and JPEG files are never quite white, and their blacks never quite black."""
    panel, rng = find_panel(key), np.random.default_rng(3)
    for ink, low, high in ((1, 249, 256), (0, 0, 7)):
        pixels = rng.integers(low, high, (30, 30, 3)).astype(np.uint8)
        made = prepare_pixels(pixels, panel, Preparation())
        np.testing.assert_array_equal(made, np.broadcast_to(panel.colors[ink], made.shape))


@EACH
def test_a_photos_colors_next_to_each_other_stay_so(key):
    """Pure device colours are among them: where a photo was cut off they lie beside all but pure ones."""
    panel, rng = find_panel(key), np.random.default_rng(5)
    corners = rng.choice([0, 255], (200, 3))
    colors = np.concatenate([corners, panel.inks.device_colors, rng.integers(0, 256, (200, 3))])
    beside = np.clip(colors + rng.integers(-2, 3, colors.shape), 0, 255)
    one, other = (
        prepare_pixels(rows.astype(np.uint8)[None], panel, Preparation(curve=0.2))
        for rows in (colors, beside)
    )
    assert away(one, other).max() < 6


def test_what_differed_still_does():
    """From pale to vivid, in hues that the inks have: chroma rises all the way."""
    panel = find_panel("spectra6")
    for hue in (np.array([1, 0.1, 0.1]), np.array([0.1, 0.2, 1]), np.array([1, 0.9, 0])):
        vivid = np.linspace(0, 1, 20)[:, None]
        ramp = np.rint(255 * (0.6 * (1 - vivid) + hue * vivid)).astype(np.uint8)[None]
        lab = SPACES["LAB"].to_working(prepare_pixels(ramp, panel, Preparation())[0]).astype(float)
        chroma = np.hypot(*(lab[:, 1:] - find_reach(panel.colors).grey_at(lab[:, 0])).T)
        assert (np.diff(chroma[:12]) > 0).all()
        assert chroma[-1] > 15


def test_tones_are_stretched_and_bent():
    panel = find_panel("bw")
    plain = lightness(prepare_pixels(GREYS, panel, Preparation()))
    bent = lightness(prepare_pixels(GREYS, panel, Preparation(curve=1)))
    middle = np.abs(lightness(GREYS) - 50).argmin()
    assert bent[40] < plain[40] - 2
    assert bent[200] > plain[200] + 2
    assert abs(bent[middle] - plain[middle]) < 0.5
    cut = prepare_pixels(GREYS, panel, Preparation(black=30, white=60))
    of = lightness(GREYS)
    assert (cut[0, of < 28] == panel.colors[0]).all()
    assert (cut[0, of > 62] == panel.colors[1]).all()


def test_the_table_is_near_the_exact_formula(monkeypatch):
    panel, pixels = find_panel("spectra6"), smooth(40, 50)
    made = prepare_pixels(pixels, panel, Preparation(curve=0.4))
    monkeypatch.setattr("quantize.panels.preparing._NODES", 65)
    assert away(made, prepare_pixels(pixels, panel, Preparation(curve=0.4))).mean() < 0.4


@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=5))
def test_any_picture_can_be_prepared(name, pixels):
    for key in ("bw", "bwr", "spectra6"):
        panel = find_panel(key)
        preparation = suggest_preparation(pixels, panel)
        made = prepare_pixels(pixels, panel, preparation)
        assert (made.shape, made.dtype) == (pixels.shape, np.uint8)
        assert "that the panel shows; " in preparation.why


def test_it_says_what_it_saw():
    panel = find_panel("spectra6")
    fog = np.rint(110 + 0.2 * smooth(90, 90)[..., :1] + 0.03 * noise(90, 90)).astype(np.uint8)
    found = suggest_preparation(fog, panel)
    assert (found.black, found.white, found.curve) == (20, 75, 0.5)
    assert "20 to 75 stretched to all of it, an S-curve of 0.5 for tones that are close" in found.why
    assert "brought to the 10 to 72 that the panel shows" in found.why

    drawing = np.zeros((9, 9, 3), np.uint8)
    drawing[2:5] = (255, 0, 0)
    found = suggest_preparation(drawing, panel)
    assert found.why.startswith("a drawing of 2 colours: tones kept")
    assert (found.black, found.white, found.curve, found.squeeze, found.solid) == (0, 100, 0, True, True)

    grey = np.repeat(smooth(60, 60)[..., :1], 3, axis=2)
    found = suggest_preparation(grey, panel)
    assert not found.squeeze
    assert found.why.endswith("can be mixed of the inks and were kept")
    assert suggest_preparation(fog, find_panel("bw")).why.endswith("its colours became greys")
    assert "% has colours that the inks cannot mix" in suggest_preparation(noise(50, 50), panel).why


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"black": 50, "white": 50}, "black and white must be lightness from 0 to 100, black below white"),
        ({"black": -1}, "got -1 and 100"),
        ({"white": float("nan")}, "got 0.0 and nan"),
        ({"curve": 1.1}, "curve must be a number from 0 to 1, got 1.1"),
    ],
)
def test_what_cannot_be_is_refused(choices, said):
    with pytest.raises(QuantizeError, match=said):
        Preparation(**choices)
