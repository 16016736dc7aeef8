"""Facts about palettes: CSS strings and names, contrast, colour vision."""

import itertools

import numpy as np
import pytest
from coloraide import Color

from quantize.colors.difference import delta_e_00
from quantize.colors.spaces import decode_srgb
from quantize.errors import QuantizeError
from quantize.palettes.facts import (
    CONTRAST_LEVELS,
    contrast_ratios,
    css_names,
    nearest_css_names,
    oklch_css,
)
from quantize.palettes.pairs import delta_e_00_pairs
from quantize.palettes.vision import ALIKE_BELOW, CLEAR_FROM, VISIONS, find_look_alikes, simulate_vision
from tests.swatch_files import colors_of, random_colors


@pytest.mark.parametrize(
    ("code", "css"),
    [
        # As in CSS Color 4's samples, where so many decimals give the same colour again.
        ("#ff0000", "oklch(62.8% 0.258 29.2)"),
        ("#00ff00", "oklch(86.6% 0.295 142.5)"),
        ("#0000ff", "oklch(45.2% 0.3132 264.05)"),
        ("#ffffff", "oklch(100% 0 0)"),
        ("#000000", "oklch(0% 0 0)"),
        ("#808080", "oklch(60% 0 0)"),
    ],
)
def test_oklch_of_known_colors(code, css):
    assert oklch_css(colors_of(code)) == [css]


def test_oklch_gives_the_same_8_bit_color_again():
    dark, nearly_grey = random_colors(500) // 16, np.repeat(random_colors(500)[:, :1], 3, axis=1)
    nearly_grey[:, 2] ^= 1
    colors = np.concatenate([random_colors(1000), dark, nearly_grey])
    back = [Color(css).convert("srgb").coords() for css in oklch_css(colors)]
    np.testing.assert_array_equal(np.rint(np.array(back) * 255).clip(0, 255), colors)


def test_every_css_color_is_nearest_to_itself():
    names, colors = css_names()
    assert len(names) == 148
    assert {"red", "rebeccapurple", "grey", "gray"} <= set(names)
    found = nearest_css_names(colors)
    by_name = dict(zip(names, map(tuple, colors.tolist()), strict=True))
    assert [by_name[name] for name in found] == [by_name[name] for name in names]
    assert nearest_css_names(colors_of("#00ffff", "#808080")) == ["aqua", "gray"]  # not cyan, not grey


def test_nearest_name_is_by_delta_e_not_by_rgb():
    names, colors = css_names()
    for color, found in zip(random_colors(300), nearest_css_names(random_colors(300)), strict=True):
        differences = delta_e_00(np.tile(color, (148, 1)), colors)
        assert differences[names.index(found)] == differences.min()


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#767676", "#ffffff", 4.54),  # the darkest grey that passes AA on white, and the next
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.00),
        ("#0000ff", "#ffffff", 8.59),
        ("#00ff00", "#ffffff", 1.37),
    ],
)
def test_contrast_of_known_pairs(first, second, ratio):
    table = contrast_ratios(colors_of(first, second))
    assert table[0, 1] == table[1, 0] == pytest.approx(ratio, abs=0.005)


def test_contrast_by_hand():
    ratio = contrast_ratios(colors_of("#00ff00", "#000000"))[0, 1]
    assert ratio == pytest.approx((0.7152 + 0.05) / 0.05, abs=1e-9)


def test_contrast_is_that_of_the_library():
    colors = random_colors(6)
    for i, j in itertools.combinations(range(6), 2):
        first, second = (Color("srgb", (colors[row] / 255).tolist()) for row in (i, j))
        assert contrast_ratios(colors)[i, j] == pytest.approx(
            first.contrast(second, method="wcag21"), abs=1e-3
        )


def test_levels_of_contrast():
    colors = colors_of("#ffffff", "#767676", "#777777", "#949494", "#959595", "#595959", "#5a5a5a")
    ratios = contrast_ratios(colors)[0, 1:]
    assert list(CONTRAST_LEVELS) == ["AA large", "AA", "AAA"]
    on_white = {level: (ratios >= least).tolist() for level, least in CONTRAST_LEVELS.items()}
    assert on_white["AA large"] == [True, True, True, False, True, True]
    assert on_white["AA"] == [True, False, False, False, True, True]
    assert on_white["AAA"] == [False, False, False, False, True, False]


# Colour vision

# Machado et al. 2009, table 1, severity 1.0: linear RGB to linear RGB.
MACHADO = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


@pytest.mark.parametrize("key", MACHADO)
def test_vision_is_that_of_the_publication(key):
    from skimage.color import rgb2xyz, xyz2rgb

    colors = np.concatenate([colors_of("#ff0000", "#00ff00", "#0000ff", "#ffff00"), random_colors(50)])
    to_linear = np.linalg.inv(rgb2xyz(np.eye(3)).T)  # columns: XYZ of the primaries
    linear = rgb2xyz(colors / 255) @ to_linear.T
    seen = xyz2rgb(np.clip(linear @ np.transpose(MACHADO[key]), 0, 1) @ np.linalg.inv(to_linear).T)
    np.testing.assert_allclose(simulate_vision(colors, key), np.clip(seen, 0, 1) * 255, atol=0.6)


@pytest.mark.parametrize("key", VISIONS)
def test_greys_stay_as_they_are(key):
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    assert np.abs(simulate_vision(greys, key).astype(int) - greys).max() <= 1


def test_tritan_vision_changes_no_red_and_green_cone():
    # Brettel et al. project along the missing cone's axis. Linear RGB to L and M as in Viénot et al. 1999.
    to_cones = np.array([[0.17882404, 0.43516090, 0.04119350], [0.03455642, 0.27155382, 0.03867131]])
    muted = random_colors(50) // 4 + 96
    seen = simulate_vision(muted, "tritan")
    np.testing.assert_allclose(decode_srgb(seen) @ to_cones.T, decode_srgb(muted) @ to_cones.T, atol=3e-3)
    assert np.abs(seen.astype(int) - muted).max() > 10


def test_tritan_vision_keeps_red_and_sees_no_yellow():
    red, blue, yellow = simulate_vision(colors_of("#ff0000", "#0000ff", "#ffff00"), "tritan").tolist()
    assert red[0] == 255
    assert max(red[1:]) < 80
    assert blue[1] > 80  # greenish
    assert yellow[2] > 200  # pale, not yellow


def test_red_and_olive_are_alike_without_red_cones():
    colors = colors_of("#c80000", "#505a00", "#0000ff")
    alike = find_look_alikes(colors)
    assert [(one.vision, one.first, one.second) for one in alike] == [("protan", 0, 1)]
    assert alike[0].normal > CLEAR_FROM
    assert alike[0].seen < ALIKE_BELOW


def test_no_warning_about_what_is_close_for_everyone():
    assert find_look_alikes(colors_of("#808080", "#828282", "#808380")) == []


def test_look_alikes_are_all_and_only_those_under_the_thresholds():
    colors = random_colors(60)
    found = {(one.vision, one.first, one.second) for one in find_look_alikes(colors)}
    normal = delta_e_00_pairs(colors)
    expected = set()
    for key in VISIONS:
        seen = delta_e_00_pairs(simulate_vision(colors, key))
        for i, j in itertools.combinations(range(60), 2):
            if normal[i, j] >= 10 and seen[i, j] < 5:
                expected.add((key, i, j))
    assert found == expected
    assert len({key for key, _, _ in found}) == 3


def test_unknown_vision_is_refused():
    with pytest.raises(QuantizeError, match="vision must be one of protan, deutan, tritan, got 'total'"):
        simulate_vision(random_colors(1), "total")


@pytest.mark.parametrize("compare", [contrast_ratios, delta_e_00_pairs, find_look_alikes])
def test_too_many_colors_to_compare(compare):
    with pytest.raises(QuantizeError, match="at most 256 colours for comparing every pair, got 257"):
        compare(random_colors(257))
