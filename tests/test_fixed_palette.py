"""A fixed palette: exactly its colours in every dithering, and the numbers of its entries in the file."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from quantize import Palette, Picture, QuantizeError, Settings, measure, quantize_image
from quantize.colors.hexadecimal import hex_colors
from quantize.colors.opacity import is_visible
from quantize.curve import error_curve
from quantize.dithering.dither import DITHERS
from quantize.outline import outline_result
from quantize.palettes.entries import ENTRY_ORDERS, arrange_entries, renumber
from quantize.palettes.palette import limit_entries
from quantize.rendering.encode import encode_png
from quantize.settings import choose
from tests.degenerate import alphas, n_colors_of, pictures

RNG = np.random.default_rng(7)
PICTURES = pictures(1, seed=3)
SMALL = [(name, pixels[:40, :40]) for name, pixels in PICTURES]


def colors(*rows: tuple[int, int, int]) -> NDArray[np.uint8]:
    return np.array(rows, np.uint8)


def doubled(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return RNG.permutation(np.concatenate([rows, rows[: len(rows) // 2 + 1]]))


FILES = {
    "one colour": colors((200, 30, 60)),
    "one colour four times": colors(*[(9, 9, 9)] * 4),
    "black and white": colors((255, 255, 255), (0, 0, 0)),
    "two next to each other": colors((128, 128, 128), (128, 128, 129)),
    "16": RNG.integers(0, 256, (16, 3)).astype(np.uint8),
    "doubled": doubled(RNG.integers(0, 256, (9, 3)).astype(np.uint8)),
    "greys": np.repeat(RNG.permutation(256)[:40, None], 3, axis=1).astype(np.uint8),
    "256": RNG.permutation(np.stack(np.meshgrid(*[np.arange(0, 256, 32)] * 3), -1).reshape(-1, 3))[
        :256
    ].astype(np.uint8),
    "256, two of them twice": np.concatenate(
        [RNG.integers(0, 256, (254, 3)).astype(np.uint8), colors((1, 2, 3), (1, 2, 3))]
    ),
}


def fixed(rows: NDArray[np.uint8], **choices: object) -> Settings:
    return Settings(palette=tuple(hex_colors(rows)), **choices)


def read_png(data: bytes) -> tuple[list[str], NDArray[np.uint8], NDArray[np.uint8]]:
    """Entries of a PNG in their order, their numbers (h, w), and RGBA as any program sees it."""
    image = Image.open(io.BytesIO(data))
    plte = data[data.index(b"PLTE") + 4 :][: int.from_bytes(data[data.index(b"PLTE") - 4 :][:4], "big")]
    assert image.mode == "P"
    return (
        hex_colors(np.frombuffer(plte, np.uint8).reshape(-1, 3)),
        np.asarray(image),
        np.asarray(image.convert("RGBA")),
    )


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("space", ["BGR", "LAB"])
def test_the_palette_is_that_of_the_file_and_k_follows_it(file, space):
    rows = FILES[file]
    different = set(hex_colors(rows))
    for name, pixels in SMALL:
        result = quantize_image(pixels, fixed(rows, space=space))
        assert set(hex_colors(result.palette)) == different, name
        assert len(result.palette) == result.settings.n_colors == len(different)
        assert result.counts.sum() == pixels[..., 0].size
        used = int((result.counts > 0).sum())
        said = f"the picture uses {used} of the palette's {len(different)} colours"
        assert (said in result.notes) == (used < len(different))


@pytest.mark.parametrize("file", FILES)
def test_every_pixel_has_the_nearest_color(file):
    rows = FILES[file].astype(np.int64)
    for name, pixels in SMALL:
        away = np.square(pixels.reshape(-1, 1, 3).astype(np.int64) - rows).sum(axis=-1).min(axis=1)
        result = quantize_image(pixels, fixed(FILES[file]))
        got = np.square(pixels.astype(np.int64) - result.pixels).sum(axis=-1).ravel()
        np.testing.assert_array_equal(got, away, err_msg=name)
        assert result.sse == away.sum()


@pytest.mark.parametrize("dither", DITHERS)
def test_no_dithering_leaves_the_palette_and_what_is_in_it_stays(dither):
    for name, pixels in SMALL[::3]:
        rows = np.concatenate([FILES["16"], pixels.reshape(-1, 3)[:3]])
        result = quantize_image(pixels, fixed(rows, dither=dither))
        assert set(hex_colors(result.palette)) == set(hex_colors(rows)), name
        there = (pixels[:, :, None] == rows).all(axis=-1).any(axis=-1)
        np.testing.assert_array_equal(result.pixels[there], pixels[there], err_msg=name)


@pytest.mark.parametrize("near", [-1, 0, 1])
def test_k_next_to_the_pictures_colors_changes_nothing(near):
    for name, pixels in SMALL:
        n = n_colors_of(pixels)
        if not 1 <= n + near <= 256:
            continue
        own = np.unique(pixels.reshape(-1, 3), axis=0)
        rows = np.concatenate([own, (own[:1] ^ 1)])[: n + near]
        result = quantize_image(pixels, fixed(rows))
        assert set(hex_colors(result.palette)) == set(hex_colors(rows)), name
        assert (result.sse == 0) == (near >= 0 or len(np.unique(rows, axis=0)) >= n)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("dither", ["none", "bayer-4", "floyd-steinberg"])
def test_a_png_in_the_files_order_has_its_very_numbers(file, dither):
    rows = FILES[file]
    codes = hex_colors(rows)
    _, pixels = SMALL[0]
    for kind, alpha in [("opaque", None), *alphas(pixels.shape[:2])]:
        picture = Picture.from_pixels(pixels, alpha)
        result = quantize_image(picture, fixed(rows, dither=dither))
        written = result.in_order("file")
        png = encode_png(written.palette, written.indices, written.alpha, optimize=True)
        entries, numbers, rgba = read_png(png)
        assert entries[: len(codes)] == codes, kind
        assert len(entries) - len(codes) in (
            (0,) if not picture.opacity.n_hidden or len(codes) == 256 else (1,)
        )
        shown = np.ones(pixels.shape[:2], bool) if alpha is None else is_visible(alpha)
        np.testing.assert_array_equal(rgba[..., 3] > 0, shown, err_msg=kind)
        assert {codes[number] for number in np.unique(numbers[shown])} <= set(codes)
        np.testing.assert_array_equal(rgba[shown][:, :3], result.pixels[shown], err_msg=kind)


@pytest.mark.parametrize("dither", DITHERS)
@pytest.mark.parametrize("idle", [0, 40])
def test_of_256_colors_one_that_is_missed_least_makes_room_for_transparent_pixels(idle, dither):
    rows = RNG.permutation(np.stack(np.meshgrid(*[np.arange(0, 256, 30)] * 3), -1).reshape(-1, 3))[:256]
    rows = rows.astype(np.uint8)
    pixels = np.resize(rows[: 256 - idle], (17, 31, 3))  # all of them are in the picture, once at least
    alpha = np.full(pixels.shape[:2], 255, np.uint8)
    alpha[-1] = 0
    picture = Picture.from_pixels(pixels, alpha)
    result = quantize_image(picture, fixed(rows, dither=dither))
    assert set(hex_colors(result.palette)) == set(hex_colors(rows))
    assert (result.counts == 0).any()
    shown = alpha > 0
    for order in ENTRY_ORDERS:
        written = result.in_order(order)
        data = encode_png(written.palette, written.indices, alpha, optimize=True)
        entries, _, rgba = read_png(data)
        assert order != "file" or entries == hex_colors(rows)
        np.testing.assert_array_equal(rgba[..., 3] > 0, shown)
        np.testing.assert_array_equal(rgba[shown][:, :3], result.pixels[shown])
    changed = (result.pixels[shown] != pixels[shown]).any(axis=-1)
    gone = {tuple(color) for color in pixels[shown][changed]}
    assert len(gone) == (idle == 0)  # what is in the palette stays, all but the one
    said = " ".join(result.notes)
    assert ("is missed least" in said) == (idle == 0)
    assert ("not used otherwise" in said) == (idle > 0)
    if idle == 0:
        assert f"{hex_colors(np.array(list(gone), np.uint8))[0]}, of the palette's 256" in said
    error = np.square(result.pixels[shown].astype(int) - pixels[shown]).sum()
    assert result.sse == error
    assert measure(picture, result).mse == pytest.approx(error / shown.sum())


@pytest.mark.parametrize("order", ENTRY_ORDERS)
@pytest.mark.parametrize("file", FILES)
def test_an_order_moves_entries_and_no_pixel(order, file):
    for name, pixels in SMALL[::2]:
        result = quantize_image(pixels, fixed(FILES[file]))
        other = result.in_order(order)
        np.testing.assert_array_equal(other.pixels, result.pixels, err_msg=name)
        assert set(hex_colors(other.palette)) == set(hex_colors(result.palette))
        assert (
            other.counts.tolist() == np.bincount(other.indices.ravel(), minlength=len(other.palette)).tolist()
        )
    if order == "use":
        assert sorted(other.counts.tolist(), reverse=True) == other.counts.tolist()
    if order == "dark":
        np.testing.assert_array_equal(other.palette, result.palette)


def test_kept_colors_go_first_in_their_order_and_others_follow_from_dark_to_light():
    keep = ("#ff8000", "#000001", "#80ff00")
    result = quantize_image(SMALL[2][1], n_colors=8, keep=keep)
    codes = hex_colors(result.in_order("file").palette)
    rest = [code for code in hex_colors(result.palette) if code not in keep]
    assert codes == [*keep, *rest]


def test_doubled_entries_go_where_there_is_no_room():
    palette = np.unique(RNG.integers(0, 256, (256, 3)).astype(np.uint8), axis=0)
    given = hex_colors(palette[:100]) * 2
    counts = np.ones(len(palette), np.int64)
    arranged = arrange_entries(palette, counts, given, "file")
    assert len(arranged) == len(palette)
    assert hex_colors(arranged)[:100] == given[:100]
    assert len(arrange_entries(palette[:120], counts[:120], given, "file")) == 220


def test_a_missing_entry_is_named():
    with pytest.raises(
        QuantizeError, match="arranged must hold every colour of the palette, got none like #000002"
    ):
        renumber(colors((0, 0, 1), (0, 0, 2)), np.zeros((1, 1), np.uint8), colors((0, 0, 1)))


def test_what_would_have_no_effect_is_refused():
    for choice in ({"keep": ["#fff"]}, {"rare": 0.5}, {"method": "wu"}, {"seed": 1}, {"effort": "best"}):
        name = next(iter(choice))
        with pytest.raises(QuantizeError, match=f"{name} has no effect with a fixed palette: leave it out"):
            Settings(palette=["#c00"], **choice)
    with pytest.raises(QuantizeError, match="palette must hold at most 256 entries, got 257"):
        Settings(palette=["#c00"] * 257)
    with pytest.raises(QuantizeError, match="palette must be a list of colours"):
        Settings(palette=3)
    with pytest.raises(QuantizeError, match="order must be one of dark, file, use, got 'x'"):
        quantize_image(SMALL[0][1]).in_order("x")


def test_the_same_palette_is_the_same_choice():
    settings = Settings(palette=["#C00", "#00f", "#cc0000"], n_colors=200)
    assert settings.palette == ("#cc0000", "#0000ff", "#cc0000")
    assert settings.n_colors == 2
    assert settings.resolved() == settings.resolved().resolved() == choose(settings, n_colors=9).resolved()


def test_an_outline_says_the_same():
    picture = Picture.from_pixels(SMALL[5][1])
    settings = fixed(FILES["16"])
    outline, result = outline_result(picture, settings), quantize_image(picture, settings)
    np.testing.assert_array_equal(outline.palette, result.palette)
    np.testing.assert_array_equal(outline.counts, result.counts)
    assert outline.notes == result.notes


def test_a_curve_is_that_of_free_colors():
    picture = Picture.from_pixels(PICTURES[11][1])
    assert error_curve(picture, fixed(FILES["16"]), (2, 4)) == error_curve(picture, Settings(), (2, 4))


def test_more_than_256_entries_of_which_some_stand_twice():
    rows = np.concatenate([FILES["256"], FILES["256"][:44]])
    names = tuple(map(str, range(300)))
    limited = limit_entries(Palette(rows, names=names, notes=("before",)))
    np.testing.assert_array_equal(limited.colors, FILES["256"])
    assert limited.names == names[:256]
    assert limited.notes == (
        "before",
        "44 entries that stand twice were left out, as there are more than 256",
    )
    assert limit_entries(Palette(rows[:256])).notes == ()
    with pytest.raises(QuantizeError, match="palette must hold at most 256 different colours, got 300"):
        limit_entries(
            Palette(
                np.stack([np.arange(300) % 256, np.arange(300) // 256, np.zeros(300)], 1).astype(np.uint8)
            )
        )
