"""Entry mixes beside all subsets of up to four entries, and flat tones laid out by masks."""

from itertools import combinations

import numpy as np
import pytest

from quantize.colors.eye import SEARCH_AXES
from quantize.colors.spaces import decode_srgb, encode_srgb
from quantize.dithering import mixes as mixes_module
from quantize.dithering.dither import dither_pixels
from quantize.dithering.light import LIGHTS
from quantize.dithering.masks import bayer, blue_noise
from quantize.dithering.mixes import looseness, mix_colors, unevenness
from quantize.pipeline import quantize_image
from tests.degenerate import pictures
from tests.pictures import noise, smooth


def colors_of(text: str) -> np.ndarray:
    return np.array([list(bytes.fromhex(code)) for code in text.split()], np.uint8)


def lattice(side: int) -> np.ndarray:
    axis = np.linspace(0, 255, side).round()
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.uint8)


PALETTES = {
    "black and white": colors_of("000000 ffffff"),
    "black, white, red": colors_of("000000 ffffff ff0000"),
    "corners": lattice(2),
    "27": lattice(3),
    "216": lattice(6),
    "six inks": colors_of("000000 ffffff ffff00 ff0000 0000ff 00ff00"),
    "six inks, as shown": colors_of("1f1829 a8b4b6 b4ad00 711813 24468b 32543c"),
    "seven inks": colors_of("000000 ffffff 00ff00 0000ff ff0000 ffff00 ff8000"),
    "four greens": colors_of("0f380f 306230 8bac0f 9bbc0f"),
    "greys": np.linspace(0, 255, 16).round().astype(np.uint8)[:, None].repeat(3, axis=1),
}


def lights_of(colors: np.ndarray, light: str) -> np.ndarray:
    colors = np.asarray(colors, float)
    return decode_srgb(colors).astype(float) if light == "linear" else colors / 255


def within(palette: np.ndarray, light: str, n: int, seed: int) -> np.ndarray:
    """Colours that a palette encloses, to half a level."""
    rng = np.random.default_rng(seed)
    some = min(len(palette), 4)
    picks = np.array([rng.permutation(len(palette))[:some] for _ in range(n)])
    shares = rng.dirichlet(np.full(some, 0.6), n)
    mixed = (lights_of(palette, light)[picks] * shares[..., None]).sum(axis=1)
    return np.rint(encode_srgb(mixed) if light == "linear" else 255 * mixed).astype(np.uint8)


def seen(colors: np.ndarray) -> np.ndarray:
    """Where colours lie along the axes, by Oklab's formulas."""
    mix, turn = SEARCH_AXES.mix.astype(float), SEARCH_AXES.turn.astype(float)
    return np.cbrt(decode_srgb(np.asarray(colors, float)) @ mix.T) @ turn.T


def tilt_of(color: np.ndarray, light: str) -> np.ndarray:
    """How fast the axes change with light, (3, 3), by the chain rule."""
    mix, turn = SEARCH_AXES.mix.astype(float), SEARCH_AXES.turn.astype(float)
    cones = np.maximum(mix @ decode_srgb(color.astype(float)), 0.002)
    slope = np.ones(3)
    if light == "encoded":
        low, high = np.maximum(color - 0.5, 0), np.minimum(color + 0.5, 255)
        slope = np.maximum(255 * (decode_srgb(high) - decode_srgb(low)) / (high - low), 0.2)
    return turn @ np.diag(cones ** (-2 / 3) / 3) @ mix @ np.diag(slope)


def slow_cost(color: np.ndarray, palette: np.ndarray, light: str, price: float, grey: float) -> float:
    """Least of |T (Σ w p - x)|² + price · Σ w cost over all subsets of up to four entries."""
    tilt, (_, a, b) = tilt_of(color.astype(float), light), seen(color)
    chroma = 1 + (grey**2 - 1) / (1 + 4 * (a * a + b * b) / 0.01**2)
    cost = np.square(seen(palette) - seen(color)) @ np.array([1, chroma, chroma])
    spots = (lights_of(palette, light) - lights_of(color, light)) @ tilt.T
    least = np.inf
    for size in range(1, min(4, len(palette)) + 1):
        for some in map(list, combinations(range(len(palette)), size)):
            edges, more = (spots[some[1:]] - spots[some[0]]).T, cost[some[1:]] - cost[some[0]]
            # Flat sets have no solution of their own: smaller ones do what they could.
            if size > 1 and np.linalg.cond(edges) > 1e6:
                continue
            rest = np.linalg.solve(edges.T @ edges, -edges.T @ spots[some[0]] - price / 2 * more)
            shares = np.array([1 - rest.sum(), *rest])
            if (shares >= -1e-9).all():
                bias = shares @ spots[some]
                least = min(least, bias @ bias + price * shares @ cost[some])
    return least


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("strength", [1.0, 0.7, 0.05])
def test_no_mix_of_up_to_four_entries_is_better(light, strength):
    rng = np.random.default_rng(int(100 * strength))
    small = [palette for palette in PALETTES.values() if len(palette) < 9]
    for palette in [*small, noise(1, 7)[0], noise(1, 5, seed=3)[0] // 20 + 100]:
        colors = np.concatenate([noise(1, 12, seed=len(palette))[0], within(palette, light, 6, 1), palette])
        colors = rng.permutation(colors)
        mixes = mix_colors(colors, palette, light, strength)
        assert looseness(palette) == 0
        price = 1e-5 + 1 / strength - 1
        for color, entries, shares in zip(colors, mixes.entries, mixes.shares, strict=True):
            (_, a, b), tilt = seen(color), tilt_of(color.astype(float), light)
            chroma = 1 + 63 / (1 + 4 * (a * a + b * b) / 0.01**2)
            cost = np.square(seen(palette[entries]) - seen(color)) @ np.array([1, chroma, chroma])
            bias = tilt @ (shares @ lights_of(palette[entries], light) - lights_of(color, light))
            best = slow_cost(color, palette, light, price, 8.0)
            assert bias @ bias + price * shares @ cost <= best * 1.0001 + 1e-8
            assert shares.min() >= 0


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("light", LIGHTS)
def test_flat_tones_come_out_right(name, light):
    palette = PALETTES[name]
    colors = within(palette, light, 60, seed=len(name))
    flat = np.repeat(np.repeat(colors[:, None, None], 64, axis=1), 64, axis=2)
    for key, most in (("blue-noise", 1.0), ("bayer-16", 1.5)):  # that has but 256 ranks for up to four shares
        found = dither_pixels(flat.reshape(-1, 64, 3), palette, key, light=light).indices
        shown = lights_of(palette[found.reshape(flat.shape[:3])], light).mean(axis=(1, 2))
        away = 255 * np.abs(shown - lights_of(colors, light)).max(axis=1)
        assert away.max() <= most, (colors[away.argmax()], away.max())


@pytest.mark.parametrize("name", ["corners", "27", "216", "six inks", "seven inks", "greys"])
def test_greys_are_mixed_of_greys(name):
    palette = PALETTES[name]
    greys = np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    for light in LIGHTS:
        mixes = mix_colors(greys, palette, light)
        mixed = palette[mixes.entries]
        colored = (mixed.max(axis=2) != mixed.min(axis=2)) & (mixes.shares > 0.001)
        assert not colored.any()


def test_colors_of_the_palette_are_not_mixed():
    for palette in [*PALETTES.values(), noise(1, 256)[0]]:
        for light in LIGHTS:
            mixes = mix_colors(palette, palette, light)
            first = mixes.entries[np.arange(len(palette)), mixes.shares.argmax(axis=1)]
            np.testing.assert_array_equal(palette[first], palette)
            assert (mixes.shares.max(axis=1) > 0.999).all()


def test_the_mask_picks_by_its_ranks():
    pixels = np.concatenate([smooth(70, 50), noise(70, 20)], axis=1)
    for palette in (PALETTES["six inks"], noise(1, 40)[0]):
        for key, mask in (("bayer-4", bayer(4)), ("blue-noise", blue_noise())):
            found = dither_pixels(pixels, palette, key).indices
            colors = np.unique(pixels.reshape(-1, 3), axis=0)
            # Alone every colour has the mix that it has among others, to what is rounded.
            mixes = mix_colors(colors, palette, "encoded")
            lightness = seen(palette)[:, 0]
            for color, entries, shares in zip(colors, mixes.entries, mixes.shares, strict=True):
                used = entries[shares > 0]
                assert (np.diff(lightness[used]) >= 0).all()
                at = np.argwhere((pixels == color).all(axis=2))
                height = (mask[at[:, 0] % len(mask), at[:, 1] % len(mask)] + 0.5) / mask.size
                ends = np.cumsum(shares)
                clear = (np.abs(height[:, None] - ends) > 0.01).all(axis=1)
                wanted = entries[(height[:, None] >= ends[:3]).sum(axis=1)]
                np.testing.assert_array_equal(found[at[:, 0], at[:, 1]][clear], wanted[clear])


def test_many_colors_share_mixes_by_eights(monkeypatch):
    pixels, palette = noise(90, 90), PALETTES["216"]
    pixels[:9] = palette[noise(9, 90)[..., 0] % 216]
    one = dither_pixels(pixels, palette, "blue-noise")
    monkeypatch.setattr(mixes_module, "MOST_COLORS", 99)
    other = dither_pixels(pixels, palette, "blue-noise")
    assert 0 < (one.indices != other.indices).mean() < 0.1
    np.testing.assert_array_equal(palette[other.indices[:9]], pixels[:9])
    flat = np.full((64, 64, 3), (101, 30, 200), np.uint8)
    monkeypatch.setattr(mixes_module, "MOST_COLORS", 0)
    shown = palette[dither_pixels(flat, palette, "blue-noise").indices].mean(axis=(0, 1))
    np.testing.assert_allclose(shown, flat[0, 0], atol=1)


def test_less_strength_is_less_grain_and_none_at_last():
    ramp = np.linspace(0, 255, 256).round().astype(np.uint8)[None, :, None].repeat(64, axis=0)
    ramp = ramp.repeat(3, axis=2)
    palette, spread = PALETTES["27"], []
    for strength in (1.0, 0.8, 0.5, 0.2, 1e-6):
        shown = palette[dither_pixels(ramp, palette, "blue-noise", strength=strength).indices]
        spread.append(shown.astype(float).std(axis=0).mean())
    assert (np.diff(spread) < 0).all()
    assert spread[-1] == 0


def test_lattices_are_even_and_palettes_of_photos_are_not():
    for palette in PALETTES.values():
        assert unevenness(palette) < 1.2
        assert looseness(palette) == 0
    assert unevenness(PALETTES["six inks"][:1]) == 0
    sheet = np.stack([np.arange(256), 200 - np.arange(256) // 2, noise(1, 256, 1)[0, :, 0] // 12], axis=1)
    assert looseness(sheet.astype(np.uint8)) == 1


def test_hostile_pictures_and_palettes():
    """Whatever lies on a line, in a plane, or stands twice: shares are shares, and grain pays."""
    for number, (name, pixels) in enumerate(pictures(2, seed=31)):
        colors = np.unique(pixels.reshape(-1, 3), axis=0)
        rng = np.random.default_rng(number)
        palette = rng.permutation(colors)[: rng.integers(1, 1 + min(256, len(colors)))]
        palette = np.concatenate([palette, palette[: rng.integers(0, 3)]])[:256]
        some = colors[rng.permutation(len(colors))[:300]]
        for light in LIGHTS:
            mixes = mix_colors(some, palette, light)
            lights, own = lights_of(palette, light), lights_of(some, light)
            shown = (lights[mixes.entries] * mixes.shares[..., None]).sum(axis=1)
            assert (mixes.shares >= 0).all()
            np.testing.assert_allclose(mixes.shares.sum(axis=1), 1)
            tilts = np.array([tilt_of(color.astype(float), light) for color in some])
            bias = np.square(np.einsum("nij,nj->ni", tilts, shown - own)).sum(axis=1)
            away = np.einsum("nij,nkj->nki", tilts, lights[None] - own[:, None])
            assert (bias <= np.square(away).sum(axis=2).min(axis=1) * 1.01 + 0.001).all(), name


def test_work_on_mixes_can_be_abandoned(monkeypatch):
    monkeypatch.setenv("QUANTIZE_THREADS", "1")  # else the others may leave the caller no second piece
    calls = []

    def stop() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mix_colors(noise(200, 200)[:, 0].repeat(200, axis=0), noise(1, 9)[0], "encoded", checkpoint=stop)
    assert len(calls) == 2


def test_a_fixed_palette_keeps_its_order_with_entries_that_stand_twice():
    colors = ("#ffffff", "#000000", "#ffffff", "#ff0000", "#000000")
    result = quantize_image(smooth(60, 60), palette=colors, dither="blue-noise").in_order("file")
    assert result.palette.tolist() == [[255] * 3, [0] * 3, [255] * 3, [255, 0, 0], [0] * 3]
    assert set(np.unique(result.indices)) <= {0, 1, 3}
