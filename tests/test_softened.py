"""Partly transparent entries: every promise that stands for colours, over hostile alpha."""

import io
from hashlib import sha256

import numpy as np
import pytest
from PIL import Image

from quantize import Picture, Quantized, QuantizeError, Settings, measure, quantize_image
from quantize.colors.soft import SRGB_AXES, SoftAxes, SoftSet, pack
from quantize.colors.spaces import SPACES, find_space
from quantize.dithering.diffusion import KERNELS
from quantize.dithering.dither import DITHERS
from quantize.methods.soft import nearest_centers, split_places
from quantize.methods.task import STARTS
from quantize.outline import outline_result
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.rendering.encode import encode_png, indexed_png_size
from tests.degenerate import alphas, counts_near, pictures


def make(pixels: np.ndarray, alpha: np.ndarray) -> Picture:
    return Picture.from_pixels(np.ascontiguousarray(pixels, np.uint8), np.ascontiguousarray(alpha, np.uint8))


def one_color(values: list[int], shape: tuple[int, int] = (4, 64)) -> Picture:
    """One colour, these alphas again and again; the colour under 0 is another everywhere."""
    alpha = np.resize(np.array(values, np.uint8), shape)
    pixels = np.full((*shape, 3), (200, 30, 90), np.uint8)
    pixels[alpha == 0] = np.random.default_rng(1).integers(0, 256, ((alpha == 0).sum(), 3))
    return make(pixels, alpha)


def hostile() -> list[tuple[str, Picture]]:
    """Every kind of picture with a kind of alpha in turn, and alphas that are hostile by themselves."""
    made = [
        ("ramp of one colour", one_color(list(range(256)))),
        ("1 and 254", one_color([1, 254])),
        ("0, 1 and 2", one_color([0, 1, 2])),
        ("one pixel, hardly there", make(np.full((1, 1, 3), 255), np.full((1, 1), 1))),
        ("one pixel, nearly opaque", make(np.zeros((1, 1, 3)), np.full((1, 1), 254))),
        ("one soft pixel among clear ones", one_color([0] * 255 + [127])),
    ]
    rng = np.random.default_rng(5)
    for number, (name, pixels) in enumerate(pictures(1, seed=21)):
        pixels = pixels[:30, :40]
        ways = [alpha for _, alpha in alphas(pixels.shape[:2], number)] + [
            rng.integers(0, 4, pixels.shape[:2])
        ]
        made.append((name, make(pixels, ways[number % len(ways)])))
    return [(name, picture) for name, picture in made if picture.opacity.is_partial]


HOSTILE = hostile()
EACH = pytest.mark.parametrize(("number", "picture"), [(n, p) for n, (_, p) in enumerate(HOSTILE)])


def values_of(picture: Picture) -> np.ndarray:
    """All pixels, int (n, 4), what is fully transparent as zeros."""
    rgba = np.dstack([picture.pixels, picture.alpha]).reshape(-1, 4).astype(np.int64)
    return rgba * (rgba[:, 3:] > 0)


def distances(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """By definition: both over black and over white, squared, the mean; in units of 1 / (2 · 255²)."""
    total = np.zeros(np.broadcast_shapes(first.shape, second.shape)[:-1], np.int64)
    for ground in (0, 255):
        shown = [rgba[..., :3] * rgba[..., 3:] + ground * (255 - rgba[..., 3:]) for rgba in (first, second)]
        total += np.square(shown[0] - shown[1]).sum(axis=-1)
    return total


def results(picture: Picture, number: int, **choices: object) -> list[Quantized]:
    """Results with the K at which things go wrong, spaces, starts and pinned colours in turn."""
    n = len(np.unique(values_of(picture)[picture.alpha.ravel() > 0], axis=0))
    made = []
    for turn, n_colors in enumerate(counts_near(n)):
        keep = ["#c81e5a", "#010203"][: min(n_colors, (number + turn) % 3)]
        space = list(SPACES)[(number + turn) % len(SPACES)]
        init = STARTS[(number + turn) % len(STARTS)]
        more = {"space": space, "keep": keep, "init": init, "rare": turn % 3 / 2, **choices}
        made.append(quantize_image(picture, n_colors=n_colors, alpha="soft", **more))
    return made[number % 2 :: 2]


@EACH
def test_exactly_k_different_entries_and_each_in_use(number, picture):
    seen = np.unique(values_of(picture)[picture.alpha.ravel() > 0], axis=0)
    for result in results(picture, number):
        entries, kept = result.entries, np.insert(result.settings.kept, 3, 255, axis=1)
        clear = entries[:, 3] == 0
        has_clear = bool((picture.alpha == 0).any())
        room = 255 if result.settings.n_colors == 256 and has_clear else result.settings.n_colors
        there = np.unique(np.concatenate([seen, kept]), axis=0)
        assert len(np.unique(entries, axis=0)) == len(entries)
        assert (~clear).sum() == min(room, len(there))
        assert clear.sum() == has_clear
        assert not entries[clear].any()
        pinned = (entries[:, None] == kept[None]).all(axis=2).any(axis=1)
        assert pinned.sum() == len(kept)
        used = np.bincount(result.indices.ravel(), minlength=len(entries)) > 0
        assert (used | pinned).all()
        assert result.counts.sum() == (picture.alpha > 0).sum()


@EACH
def test_every_pixel_has_the_nearest_entry_and_what_is_clear_stays_clear(number, picture):
    values = values_of(picture)
    for result in results(picture, number):
        axes, entries = SoftAxes.of(find_space(result.settings.space)), result.entries
        places = axes.places(values.astype(np.uint8))
        away = np.square(places[:, None] - axes.places(entries)[None]).sum(axis=2)
        np.testing.assert_array_equal(away.argmin(axis=1), result.indices.ravel())
        assert not result.rgba[picture.alpha == 0].any()
        if result.settings.space == "BGR":
            exact = distances(values[:, None], entries[None].astype(np.int64))
            chosen = np.take_along_axis(exact, result.indices.reshape(-1, 1).astype(np.int64), axis=1)
            np.testing.assert_array_equal(chosen[:, 0], exact.min(axis=1))


@EACH
def test_what_fits_comes_back_unchanged(number, picture):
    values = values_of(picture)
    n = len(np.unique(values[values[:, 3] > 0], axis=0))
    for n_colors in {n, n + 1, 255}:
        if n <= n_colors <= 255:
            for dither in ("none", "floyd-steinberg"):
                result = quantize_image(picture, n_colors=n_colors, alpha="soft", dither=dither)
                np.testing.assert_array_equal(result.rgba.reshape(-1, 4), values)
                assert result.sse == 0


@EACH
def test_figures_are_what_composited_pictures_say(number, picture):
    values, seen = values_of(picture), picture.alpha.ravel() > 0
    for result in results(picture, number, dither=("none", "atkinson")[number % 2])[:2]:
        after = result.rgba.reshape(-1, 4).astype(np.int64)
        error = distances(values, after)[seen].sum() / (2 * 255**2)
        assert result.sse == pytest.approx(error, rel=1e-9, abs=1e-6)
        measured = measure(picture, result)
        assert measured.mse == pytest.approx(error / seen.sum(), rel=1e-9, abs=1e-9)
        assert measured.colors_before == len(np.unique(values[seen], axis=0))
        assert measured.colors_after == len(np.unique(after[seen & (after[:, 3] > 0)], axis=0))
        assert (measured.delta_e_00 == 0) == (measured.delta_e_00_p95 == measured.delta_e_00 == 0)


@EACH
def test_the_file_shows_what_the_result_says_and_lists_few_opacities(number, picture):
    for result in results(picture, number)[:2]:
        for order in ENTRY_ORDERS:
            written = result.in_order(order)
            np.testing.assert_array_equal(written.rgba, result.rgba)
            for optimize in (False, True):
                data = encode_png(written.entries, written.indices, written.alpha, optimize=optimize)
                with Image.open(io.BytesIO(data)) as image:
                    np.testing.assert_array_equal(np.asarray(image.convert("RGBA")), result.rgba)
                at = data.find(b"tRNS")
                n_soft = int((result.opacities < 255).sum())
                assert (int.from_bytes(data[at - 4 : at]) if at > 0 else 0) == n_soft
                np.testing.assert_array_equal(written.opacities[n_soft:], 255)
        assert indexed_png_size(written.entries, written.indices).n_bytes == len(data)


def test_entries_in_any_order_are_written_with_the_transparent_ones_first():
    rng = np.random.default_rng(0)
    entries = np.unique(rng.integers(0, 256, (40, 4)), axis=0).astype(np.uint8)
    entries[::3, 3] = 255
    indices = rng.integers(0, len(entries), (9, 9)).astype(np.uint8)
    with Image.open(io.BytesIO(encode_png(entries, indices, optimize=True))) as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGBA")), entries[indices])


@pytest.mark.parametrize("edge", [1, 20])
@pytest.mark.parametrize("n_colors", [2, 8, 64])
def test_what_is_opaque_stays_so_beside_soft_edges(edge, n_colors):
    """A solid sign shows nothing of what lies behind it."""
    y, x = np.mgrid[:90, :90]
    rng = np.random.default_rng(edge)
    pixels = np.dstack([x, y, (x + y) // 2]) * 2.5 + rng.normal(0, 8, (90, 90, 3))
    alpha = np.rint(255 * np.clip((38 - np.hypot(x - 45, y - 45)) / edge + 0.5, 0, 1))
    result = quantize_image(make(pixels.clip(0, 255), alpha), n_colors=n_colors, alpha="soft")
    assert (result.rgba[..., 3][alpha == 255] == 255).mean() > 0.999


def test_colors_under_what_is_clear_change_nothing():
    for _, picture in HOSTILE:
        other = picture.pixels.copy()
        other[picture.alpha == 0] = 255 - other[picture.alpha == 0]
        for choices in ({}, {"dither": "floyd-steinberg"}, {"space": "LAB", "rare": 1.0}):
            first, second = (
                quantize_image(one, n_colors=5, alpha="soft", **choices)
                for one in (picture, make(other, picture.alpha))
            )
            np.testing.assert_array_equal(first.entries, second.entries)
            np.testing.assert_array_equal(first.indices, second.indices)


@pytest.mark.parametrize("dither", KERNELS)
def test_dithering_keeps_what_is_an_entry_and_means_come_out_right(dither):
    picture = one_color([90], (64, 64))
    pixels = picture.pixels.copy()
    pixels[:, :32] = (20, 200, 90)
    alpha = np.resize(np.array([0, 254, *[90] * 6], np.uint8).repeat(4), (64, 64))
    picture = make(pixels, alpha)
    for light in ("encoded", "linear"):
        result = quantize_image(
            picture, n_colors=3, alpha="soft", dither=dither, light=light, keep=["#000000"]
        )
        known = np.isin(pack(np.dstack([picture.pixels, picture.alpha]).reshape(-1, 4)), pack(result.entries))
        before = values_of(picture)
        np.testing.assert_array_equal(result.rgba.reshape(-1, 4)[known], before[known])
    two = quantize_image(
        one_color([0, *range(20, 200, 3)], (96, 96)), n_colors=1, alpha="soft", dither=dither
    )
    opacity = two.opacities[two.indices][two.alpha > 0].mean()
    if dither != "atkinson":  # passes on six eighths
        assert opacity == pytest.approx(two.alpha[two.alpha > 0].mean(), abs=6)


def test_no_strength_is_no_dithering_and_other_ditherings_are_refused():
    for _, picture in HOSTILE[::3]:
        plain = quantize_image(picture, n_colors=4, alpha="soft")
        none = quantize_image(picture, n_colors=4, alpha="soft", dither="stucki", strength=0)
        np.testing.assert_array_equal(plain.indices, none.indices)
    able = {key for key, dither in DITHERS.items() if dither.soft}
    assert able == {"none", *KERNELS}
    for key in set(DITHERS) - able:
        with pytest.raises(QuantizeError, match=f"alpha soft works with dither none, .* got {key}: choose"):
            Settings(alpha="soft", dither=key)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"alpha": "fuzzy"}, "alpha must be one of hard, soft, got 'fuzzy'"),
        ({"method": "wu"}, "alpha soft works with method kmeans, got wu: choose one of them, or alpha hard"),
        ({"palette": ["#000"]}, "alpha has no effect with a fixed palette: leave it out"),
    ],
)
def test_what_cannot_be_is_refused(choices, message):
    with pytest.raises(QuantizeError, match=message):
        Settings(**{"alpha": "soft", **choices})


def test_256_pinned_colors_leave_nothing_to_what_is_clear():
    keep = [f"#{number:02x}0000" for number in range(256)]
    with pytest.raises(QuantizeError, match="keep must leave one of 256 entries to transparent pixels"):
        quantize_image(one_color([0, 100]), n_colors=256, keep=keep, alpha="soft")
    result = quantize_image(one_color([99, 100]), n_colors=256, keep=keep, alpha="soft")
    assert len(result.palette) == 256


def test_without_soft_pixels_all_is_as_with_hard_alpha():
    for number, (_, pixels) in enumerate(pictures(1, seed=22)[::2]):
        pixels = pixels[:40, :40]
        hard = np.where(np.arange(pixels.shape[1])[None].repeat(len(pixels), axis=0) % 3 == 1, 0, 255)
        for alpha in (None, hard.astype(np.uint8)):
            if alpha is not None and not alpha.any():
                continue
            picture = Picture.from_pixels(pixels, alpha)
            dither = ("none", "floyd-steinberg")[number % 2]
            first, second = (
                quantize_image(picture, n_colors=7, dither=dither, alpha=key) for key in ("hard", "soft")
            )
            assert first.settings == second.settings
            assert second.opacities is None
            np.testing.assert_array_equal(first.palette, second.palette)
            np.testing.assert_array_equal(first.indices, second.indices)


def test_an_outline_knows_no_soft_entries():
    with pytest.raises(QuantizeError, match="an outline knows no partly transparent entries, got alpha soft"):
        outline_result(one_color([3, 200]), Settings(alpha="soft"))


def digest() -> str:
    every = sha256()
    for number, (_, picture) in enumerate(HOSTILE[::2]):
        dither = ("none", "floyd-steinberg", "jarvis-judice-ninke")[number % 3]
        for result in results(picture, number, dither=dither)[:2]:
            every.update(result.entries.tobytes() + result.indices.tobytes())
    tall = make(
        np.random.default_rng(3).integers(0, 256, (2300, 9, 3)), np.arange(2300)[:, None] % 256 + np.zeros(9)
    )
    every.update(quantize_image(tall, n_colors=9, alpha="soft", dither="burkes").indices.tobytes())
    return every.hexdigest()


def test_the_same_bytes_on_any_number_of_threads(monkeypatch):
    digests = set()
    for threads in ("1", "3"):
        monkeypatch.setenv("QUANTIZE_THREADS", threads)
        digests.add(digest())
    assert len(digests) == 1


def test_long_work_can_be_ended_and_tells_how_far_it_is():
    picture = HOSTILE[0][1]
    told: list[float] = []
    quantize_image(picture, n_colors=20, alpha="soft", init="random", attempts=3, progress=told.append)
    assert told
    assert all(0 <= done <= 1 for done in told)

    class Enough(Exception):
        pass

    def stop() -> None:
        raise Enough

    for dither in ("none", "floyd-steinberg"):
        with pytest.raises(Enough):
            quantize_image(picture, n_colors=20, alpha="soft", dither=dither, checkpoint=stop)


def test_nearest_centers_are_those_of_all_even_where_some_are_at_one_place():
    rng = np.random.default_rng(8)
    for k in (1, 2, 40, 256):
        places = rng.integers(0, 9, (500, 4)).astype(float)
        centers = rng.integers(0, 9, (k, 4)).astype(float)
        expected = np.square(places[:, None] - centers[None]).sum(axis=2)
        for guesses in (None, rng.integers(0, k, 500)):
            labels, errors = nearest_centers(places, centers, guesses)
            np.testing.assert_array_equal(labels, expected.argmin(axis=1))
            np.testing.assert_array_equal(errors, expected.min(axis=1))


def test_few_opacities_of_one_color_get_nearly_the_best_entries():
    picture = one_color([3, 5, 9, 40, 44, 47, 120, 130, 200, 210, 220, 255], (6, 12))
    best = quantize_image(picture, n_colors=5, alpha="soft")
    # By hand: {3 5 9} {40 44 47} {120 130} {200 210 220} {255} or cheaper.
    found = SoftSet.of(picture.pixels, picture.alpha)
    groups = [[3, 5, 9], [40, 44, 47], [120, 130], [200, 210, 220], [255]]
    places = {int(v[3]): p for v, p in zip(found.values, SRGB_AXES.places(found.values), strict=True)}
    spread = [np.array([places[a] for a in group]) for group in groups]
    by_hand = 6 * sum(np.square(rows - rows.mean(axis=0)).sum() for rows in spread)
    assert best.sse <= by_hand * 1.02
    assert len(split_places(np.zeros((3, 4)), np.ones(3), 3)) == 1


def test_more_effort_is_never_worse():
    for _, picture in HOSTILE[::2]:
        errors = [
            quantize_image(picture, n_colors=6, alpha="soft", effort=effort).sse
            for effort in ("normal", "best")
        ]
        assert errors[1] <= errors[0] * 1.02  # 8 bits can put a little back


def test_soft_entries_are_nearer_than_opaque_or_gone():
    for name, picture in HOSTILE:
        if not (picture.alpha >= 128).any():
            continue
        soft, hard = (quantize_image(picture, n_colors=8, alpha=key) for key in ("soft", "hard"))
        errors = [
            distances(values_of(picture), result.rgba.reshape(-1, 4).astype(np.int64)).sum()
            for result in (soft, hard)
        ]
        assert errors[0] <= errors[1], name
