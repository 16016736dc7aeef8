"""Several small palettes: what they promise, on pictures that make it hard."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantize import Picture, QuantizeError, find_table
from quantize.colors.spaces import find_space
from quantize.tiles import choosing, cutting
from quantize.tiles.cutting import cut_tiles, parse_tile
from quantize.tiles.machines import MACHINES
from quantize.tiles.tiled import tile_picture
from tests.pictures import noise, smooth

SPACES = ("BGR", "LAB", "Oklab")


def check(picture, made):
    """Every pixel has an entry of its tile's palette, the nearest in sRGB; the error is what it says."""
    height, width = picture.pixels.shape[:2]
    wide, high = made.tile
    seen = np.ones((height, width), bool) if picture.alpha is None else picture.alpha >= 128
    assert made.chosen.shape == (-(-height // high), -(-width // wide))
    total = 0
    for row, column in np.ndindex(made.chosen.shape):
        place = np.s_[row * high : (row + 1) * high, column * wide : (column + 1) * wide]
        members = made.sets[made.chosen[row, column]]
        assert set(made.indices[place].ravel()) <= set(members.tolist())
        colors = made.palette[members[int(made.clear) :]].astype(int)
        off = picture.pixels[place].astype(int)[:, :, None] - colors
        least = np.square(off).sum(axis=3).min(axis=2)
        got = np.square(picture.pixels[place].astype(int) - made.palette[made.indices[place]]).sum(axis=2)
        np.testing.assert_array_equal(got[seen[place]], least[seen[place]])
        total += int(got[seen[place]].sum())
        if made.clear:
            assert (made.indices[place][~seen[place]] == members[0]).all()
    assert made.sse == total


@st.composite
def pictures(draw):
    """Few or many colours, soft alpha or none, sizes that no tile divides; tones, ramps, lattices, noise."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    palette = random.integers(0, 256, (draw(st.sampled_from([1, 2, 3, 5, 17, 300])), 3), np.uint8)
    kind = draw(st.sampled_from(["even", "uneven", "grey", "lattice", "blocks"]))
    if kind == "uneven":
        indices = np.minimum(random.geometric(0.5, (height, width)) - 1, len(palette) - 1)
    elif kind == "blocks":
        indices = (
            random.integers(0, len(palette), (5, 5)).repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
        )
    else:
        indices = random.integers(0, len(palette), (height, width))
    if kind == "grey":
        palette = palette[:, :1].repeat(3, axis=1)
    if kind == "lattice":
        palette = palette // 64 * 85
    alpha = None
    if draw(st.booleans()):
        alpha = random.choice(np.array([0, 127, 128, 255], np.uint8), (height, width))
        alpha[0, 0] = 255
    return Picture.from_pixels(palette[indices], alpha)


@given(pictures(), st.integers(1, 5), st.integers(2, 6), st.booleans(), st.sampled_from([2, 4, 32, 256]),
       st.sampled_from([(8, 8), (1, 1), (3, 5), (64, 2)]))  # fmt: skip
def test_every_tile_has_one_palette_and_every_pixel_its_nearest(
    picture, palettes, colors, shared, levels, tile
):
    made = tile_picture(
        picture, tile=tile, n_palettes=palettes, n_colors=colors, shared=shared, levels=levels
    )
    check(picture, made)
    assert len(made.sets) <= palettes
    assert made.sets.shape[1] == colors
    assert len(made.palette) == made.sets.size
    entries = made.palette[made.sets]
    if shared or made.clear:
        assert (entries[:, 0] == entries[0, 0]).all()
    steps = entries[:, int(made.clear) :] * ((levels - 1) / 255)
    assert np.abs(steps - np.rint(steps)).max() < 0.5 * (levels - 1) / 255 + 1e-9
    assert made.clear == (made.entries.shape[1] == 4)


@given(pictures(), st.sampled_from([None, 1, 3]), st.integers(2, 5), st.booleans(),
       st.sampled_from(["nes", "c64-colodore", "1-bit"]))  # fmt: skip
def test_colors_are_those_of_the_table(picture, palettes, colors, shared, table):
    colors_of = find_table(table).palette.colors
    made = tile_picture(picture, n_palettes=palettes, n_colors=colors, shared=shared, table=colors_of)
    check(picture, made)
    known = {*map(tuple, colors_of.tolist())}
    assert {*map(tuple, made.palette[made.sets[:, int(made.clear) :]].reshape(-1, 3).tolist())} <= known


@given(st.integers(1, 4), st.integers(2, 6), st.integers(0, 2**32 - 1), st.booleans())
def test_a_picture_that_fits_comes_back_as_it_is(palettes, colors, seed, shared):
    random = np.random.default_rng(seed)
    codes = random.choice(1 << 24, palettes * colors, replace=False)
    entries = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)
    entries = entries.reshape(palettes, colors, 3)
    if shared:
        entries[:, 0] = entries[0, 0]
    numbers = random.integers(0, palettes, (5, 7)).repeat(8, axis=0).repeat(8, axis=1)
    places = np.tile(np.resize(np.arange(colors), 64).reshape(8, 8), (5, 7))  # all of a palette in each tile
    pixels = entries[numbers, places]
    made = tile_picture(pixels, n_palettes=palettes, n_colors=colors, shared=shared)
    np.testing.assert_array_equal(made.pixels, pixels)
    assert made.sse == 0


@pytest.mark.parametrize(("palettes", "colors", "known"), [(4, 4, 16), (4, 4, 10), (8, 4, 16), (3, 5, 10)])
def test_pictures_of_overlapping_palettes_come_back_of_which_tiles_use_parts(palettes, colors, known):
    for seed in range(25):
        random = np.random.default_rng(seed)
        entries = random.integers(0, 256, (known, 3), np.uint8)
        members = [random.choice(known, colors, replace=False) for _ in range(palettes)]
        pixels = np.empty((64, 64, 3), np.uint8)
        for row, column in np.ndindex(8, 8):
            used = random.choice(
                members[random.integers(palettes)], random.integers(1, colors), replace=False
            )
            place = np.s_[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8]
            pixels[place] = entries[random.choice(used, (8, 8))]
        assert tile_picture(pixels, n_palettes=palettes, n_colors=colors).sse == 0, seed


def tiles_of(*sets):
    """A row of tiles of 4×4 greys, each with all colours of its set."""
    rows = [np.resize(np.array(one, np.uint8), 16).reshape(4, 4) for one in sets]
    return np.concatenate(rows, axis=1)[:, :, None].repeat(3, axis=2)


def test_the_shared_color_may_be_a_rare_one():
    often = [(10, 20, 30)] * 20
    pixels = tiles_of(*often, (255, 40, 50, 60), (255, 70, 80, 90))
    table = np.unique(pixels.reshape(-1, 3), axis=0)
    for choices in ({}, {"table": table}, {"table": table, "n_palettes": None}):
        made = tile_picture(
            pixels, **{"tile": (4, 4), "n_palettes": 3, "n_colors": 4, "shared": True, **choices}
        )
        assert made.sse == 0
        assert set(made.palette[made.sets[:, 0]].ravel()) == {255}


@given(pictures(), st.integers(2, 6), st.booleans(), st.sampled_from([None, 2]), st.integers(0, 2**32 - 1))
def test_a_table_may_have_entries_twice(picture, colors, shared, palettes, seed):
    random = np.random.default_rng(seed)
    table = random.choice(random.integers(0, 2, (4, 3), np.uint8) * 255, 9)
    made = tile_picture(picture, n_palettes=palettes, n_colors=colors, shared=shared, table=table)
    check(picture, made)
    for row in made.sets[:, int(made.clear) :]:
        entries = made.palette[row]
        others = entries[(entries != entries[-1]).any(axis=1)]
        _, counts = np.unique(others, axis=0, return_counts=True)
        assert (counts <= 1).all()  # only the last is repeated


def test_of_very_many_colors_a_sample_decides_and_nothing_else_changes(monkeypatch):
    """Palettes of some serve all about as well; tiles still take the best, pixels the nearest."""
    rng = np.random.default_rng(5)
    ground = rng.integers(0, 256, (6, 3))[rng.integers(0, 6, (30, 40))].repeat(8, axis=0).repeat(8, axis=1)
    pixels = (ground + rng.integers(-12, 13, ground.shape)).clip(0, 255).astype(np.uint8)
    alpha = np.where(rng.random(pixels.shape[:2]) < 0.1, 0, 255).astype(np.uint8)
    picture = Picture.from_pixels(pixels, alpha)
    whole = tile_picture(picture, n_palettes=3, n_colors=4)
    monkeypatch.setattr(choosing, "_MANY", 1 << 12)
    monkeypatch.setattr(choosing, "_FITTED_ON", 1 << 12)
    monkeypatch.setattr(cutting, "_AT_ONCE", 1 << 12)
    sampled = tile_picture(picture, n_palettes=3, n_colors=4)
    check(picture, sampled)
    assert sampled.sse < 1.15 * whole.sse
    assert sampled.sse == tile_picture(picture, n_palettes=3, n_colors=4).sse


@pytest.mark.parametrize("size", [(1, 1), (37, 5), (64, 48), (3, 200)])
@pytest.mark.parametrize("tile", [(8, 8), (5, 3), (256, 1)])
def test_cut_in_parts_is_cut_at_once(monkeypatch, size, tile):
    rng = np.random.default_rng(size[0])
    pixels = rng.integers(0, 3, (size[1], size[0], 3), np.uint8)
    alpha = rng.choice(np.array([0, 255], np.uint8), size[::-1])
    alpha[0, 0], alpha[size[1] // 2 + 1 :] = 255, 0  # nothing is visible in the last parts
    picture = Picture.from_pixels(pixels, alpha)
    whole = cut_tiles(picture, tile)
    monkeypatch.setattr(cutting, "_AT_ONCE", 64)
    parts = cut_tiles(picture, tile)
    for name in ("starts", "colors", "counts", "rows"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))
    runs = parts.parts()
    assert parts.rows.max() < len(parts.colors)
    assert [run.start for run in runs] == [0, *(run.stop for run in runs[:-1])]
    assert runs[-1].stop == len(parts.starts) - 1


def test_it_tells_how_far_it_is_and_lets_go_at_once():
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    told: list[float] = []
    tile_picture(pixels, n_palettes=6, progress=told.append)
    assert told == sorted(told)
    assert len(told) > 3
    assert 0 <= told[0] <= told[-1] <= 1

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        tile_picture(pixels, checkpoint=stop)


def test_transparent_pixels_and_own_palettes_in_the_order_of_the_table():
    """They lie palette after palette, by accident."""
    table = np.arange(200, dtype=np.uint8)[:, None].repeat(3, axis=1)
    pixels = table.repeat(2, axis=0)[None]
    picture = Picture.from_pixels(pixels, np.tile(np.array([255, 0], np.uint8), 200)[None])
    made = tile_picture(picture, tile=(2, 1), n_palettes=None, n_colors=2, table=table)
    assert len(made.palette) == 201
    check(picture, made)


def test_no_more_palettes_than_colors_need():
    """Tiles of one colour each: all of them fit one palette."""
    pixels = noise(1, 4).repeat(8, axis=0).repeat(8, axis=1)
    assert len(tile_picture(pixels, n_palettes=4, n_colors=4).sets) == 1


@given(st.integers(0, 2**32 - 1), st.sampled_from(SPACES))
def test_two_palettes_of_one_color_are_as_good_as_any(seed, space):
    """Six tiles of one colour each: all ways to share them out are looked at."""
    random = np.random.default_rng(seed)
    colors = random.integers(0, 256, (6, 3), np.uint8)
    made = tile_picture(colors[None], tile=(1, 1), n_palettes=2, n_colors=1, space=space)
    convert = find_space(space).to_working
    points = convert(colors).astype(float)

    def error(parts):
        return sum(np.square(points[part] - points[part].mean(axis=0)).sum() for part in parts if len(part))

    ways = (np.array(way) for way in product((0, 1), repeat=6))
    least = min(error([np.flatnonzero(way == 0), np.flatnonzero(way == 1)]) for way in ways)
    got = np.square(points - convert(made.pixels[0])).sum()
    assert got <= 1.25 * least + 6 * find_space(space).step ** 2  # entries are whole numbers


def test_threads_and_time_change_nothing(monkeypatch):
    pixels = smooth(96, 128)
    made = []
    for threads in ("1", "3", "1"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        made.append(tile_picture(pixels, n_palettes=6, n_colors=5, tile=(4, 4)))
    for other in made[1:]:
        np.testing.assert_array_equal(made[0].palette, other.palette)
        np.testing.assert_array_equal(made[0].indices, other.indices)


@pytest.mark.parametrize("pixels", [smooth(96, 128), noise(64, 64)], ids=["smooth", "noise"])
def test_more_palettes_leave_less_error(pixels):
    errors = [tile_picture(pixels, n_palettes=n).sse for n in (1, 2, 4, 8, 16)]
    assert all(more < fewer for fewer, more in pairwise(errors)), errors
    own = tile_picture(pixels, n_palettes=None, table=find_table("c64-colodore").palette).sse
    few = tile_picture(pixels, n_palettes=4, table=find_table("c64-colodore").palette).sse
    assert own <= few


@pytest.mark.parametrize(
    ("seed", "allowed", "shared"),
    [(0, {"levels": 2}, False), (1, {"levels": 5}, True), (2, {"levels": 5}, False), (1, {}, False),
     (2, {"table": find_table("pico-8").palette}, False)],
)  # fmt: skip
def test_error_never_grows_with_palettes_and_none_is_idle_while_it_could_serve(seed, allowed, shared):
    """Where all colours are allowed there is no table of fewer: k-means may end a little higher."""
    random = np.random.default_rng(seed)
    blocks = random.integers(0, 256, (3, 4, 3)).repeat(8, axis=0).repeat(8, axis=1)
    grain = random.normal(0, (4, 20, 70)[seed], blocks.shape)
    pixels = np.clip(blocks + grain, 0, 255).astype(np.uint8)
    if seed == 2:
        pixels = pixels // 64 * 85
    made = [
        tile_picture(pixels, n_palettes=n, n_colors=3, shared=shared, **allowed)
        for n in (1, 2, 3, 4, 6, 9, 12, 13)
    ]
    slack = 1.0 if allowed else 1.01
    best = np.minimum.accumulate([one.sse for one in made])
    assert (np.array([one.sse for one in made]) <= best * slack).all()
    if shared:
        return
    tiles = [pixels[y : y + 8, x : x + 8].copy() for y in range(0, 24, 8) for x in range(0, 32, 8)]
    alone = [tile_picture(tile, n_palettes=1, n_colors=3, **allowed).sse for tile in tiles]
    for one in made[-2:]:
        assert one.sse <= sum(alone)
    if allowed and made[4].sse > made[-1].sse:
        assert len(made[4].sets) == 6


@pytest.mark.parametrize("key", MACHINES)
def test_every_machine_makes_a_picture(key):
    machine = MACHINES[key]
    picture = Picture.from_pixels(smooth(48, 64))
    table = find_table(machine.table).palette if machine.table else None
    made = tile_picture(
        picture, tile=machine.tile, n_palettes=machine.n_palettes, n_colors=machine.n_colors,
        shared=machine.shared, levels=machine.levels, table=table,
    )  # fmt: skip
    check(picture, made)


def test_tiles_are_cut_with_their_counts():
    pixels = np.zeros((3, 5, 3), np.uint8)
    pixels[0, 0] = pixels[2, 4] = 9
    cut = cut_tiles(Picture.from_pixels(pixels), (2, 2))
    assert cut.grid == (3, 2)
    np.testing.assert_array_equal(np.diff(cut.starts), [2, 1, 1, 1, 1, 1])
    np.testing.assert_array_equal(cut.counts, [3, 1, 4, 2, 2, 2, 1])
    np.testing.assert_array_equal(cut.colors[cut.rows], pixels)


@pytest.mark.parametrize(("said", "tile"), [("8x8", (8, 8)), ("16", (16, 16)), (" 8 × 16", (8, 16))])
def test_a_tile_is_read(said, tile):
    assert parse_tile(said) == tile


@pytest.mark.parametrize("said", ["", "x", "8x", "8x8x8", "-1", "0x8", "8.5", "257", "99999999", "٨"])
def test_what_is_no_tile_is_refused(said):
    with pytest.raises(QuantizeError, match="tile must be"):
        parse_tile(said)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"n_palettes": 0}, "n_palettes must be a whole number from 1 to 256, got 0"),
        ({"n_palettes": True}, "n_palettes must be a whole number"),
        ({"n_colors": 1, "shared": True}, "n_colors must be a whole number from 2 to 256, got 1"),
        ({"n_palettes": 65, "n_colors": 4}, "palettes × colours must be at most 256"),
        ({"n_palettes": None}, "must be of a table"),
        ({"levels": 1}, "levels must be a whole number from 2 to 256, got 1"),
        ({"table": np.zeros((0, 3), np.uint8)}, "table must be uint8"),
        ({"tile": (0, 8)}, "tile must be 1 to 256 pixels wide and high, got 0x8"),
        ({"space": "XYZ"}, "space must be one of"),
    ],
)
def test_what_cannot_be_is_refused(choices, said):
    with pytest.raises(QuantizeError, match=said):
        tile_picture(smooth(16, 16), **choices)


def test_nothing_visible_is_refused():
    with pytest.raises(QuantizeError, match="at least one visible pixel"):
        tile_picture(Picture.from_pixels(smooth(8, 8), np.zeros((8, 8), np.uint8)))


def test_palettes_that_err_nowhere_are_left_alone():
    """Of three palettes one serves its tiles exactly: none of them is a reason for another one."""
    pixels = np.full((8, 24, 3), 9, np.uint8)
    pixels[:, 8:] = noise(8, 16)
    assert (
        tile_picture(pixels, n_palettes=3, n_colors=3).sse
        < tile_picture(pixels, n_palettes=2, n_colors=3).sse
    )
