"""Kinds side by side: real files where they are small, a frontier that nothing beats."""

import numpy as np
import pytest

from quantize import Picture
from quantize.decoding.samples import load_sample
from quantize.sizing.comparing import Point, compare_kinds, find_frontier, list_recipes, looks_in
from quantize.sizing.fitting import fit_bytes
from quantize.sizing.kinds import KINDS
from quantize.sizing.recipe import Recipe, lines_of
from quantize.sizing.sample import take_sample
from quantize.sizing.scores import Scores
from quantize.sizing.writing import Writer
from tests.pictures import noise, smooth


def point(n_bytes, looks):
    return Point(Recipe(), n_bytes, Scores(looks, 0.0, 1.0))


def test_nothing_beats_the_frontier():
    rng = np.random.default_rng(3)
    for _ in range(50):
        points = [point(int(a), float(b)) for a, b in rng.integers(0, 12, (rng.integers(1, 15), 2))]
        found = find_frontier(points)
        beaten = {
            at
            for at, one in enumerate(points)
            for other in points
            if other.n_bytes <= one.n_bytes
            and other.scores.ssimulacra2 >= one.scores.ssimulacra2
            and (other.n_bytes, other.scores) != (one.n_bytes, one.scores)
        }
        assert not set(found) & beaten
        values = [(points[at].n_bytes, points[at].scores.ssimulacra2) for at in found]
        assert values == sorted(values)
        assert {(one.n_bytes, one.scores) for at, one in enumerate(points) if at not in beaten} == {
            (points[at].n_bytes, points[at].scores) for at in found
        }


def test_looks_of_a_kind_grow_with_bytes_and_lie_between_what_was_written():
    rng = np.random.default_rng(4)
    for _ in range(50):
        made = [
            Point(Recipe(kind, quality=quality, whole_color=whole), int(size), Scores(float(looks), 0, 1))
            for kind in ("jpeg", "avif")
            for whole in (False, True)
            for size, looks, quality in zip(
                np.sort(rng.choice(500, 4, False)) + 1, np.sort(rng.integers(-20, 99, 4)), (30, 50, 70, 90),
                strict=True,
            )
        ]  # fmt: skip
        shortest = {
            kind: min(one.n_bytes for one in made if one.recipe.kind == kind) for kind in ("jpeg", "avif")
        }
        before: dict = {}
        for n_bytes in range(1, 520):
            found = looks_in([*made, point(1, 50)], n_bytes)
            assert found.pop("png") == 50
            assert found.keys() == {kind for kind, least in shortest.items() if least <= n_bytes}
            for kind, looks in found.items():
                assert looks >= before.get(kind, -20)
                mine = [one for one in made if one.recipe.kind == kind]
                assert looks >= max(one.scores.ssimulacra2 for one in mine if one.n_bytes <= n_bytes)
                assert looks <= max(one.scores.ssimulacra2 for one in mine)
            before = found
        for one in made:
            assert looks_in([one], one.n_bytes) == {one.recipe.kind: one.scores.ssimulacra2}


def test_small_pictures_are_really_written():
    picture = Picture.from_pixels(np.ascontiguousarray(load_sample("cat").pixels[:90, :120]))
    points, writer = compare_kinds(picture), Writer(picture)
    assert {one.recipe.kind for one in points} == set(KINDS)
    assert not any(one.estimated for one in points)
    for one in points[::5]:
        assert one.n_bytes == len(writer.write(one.recipe).data)
    exact = {one.recipe.kind for one in points if one.scores.ssimulacra2 == 100}
    assert exact == {"png24", "webp-lossless"}


def test_clear_pictures_are_no_jpeg_and_long_ones_no_webp():
    alpha = np.full((8, 20), 255, np.uint8)
    alpha[:, :5] = 0
    kinds = {recipe.kind for recipe in list_recipes(Picture.from_pixels(smooth(8, 20), alpha))}
    assert "jpeg" not in kinds
    assert {"png", "webp", "avif", "gif"} <= kinds
    assert "webp" not in {recipe.kind for recipe in list_recipes(Picture.from_pixels(noise(1, 20_000)))}


@pytest.mark.parametrize("kind", KINDS)
def test_lines_are_of_one_kind_and_all_different(kind):
    lines = lines_of(kind, 0.5)
    recipes = [recipe for line in lines for recipe in line]
    assert len(set(recipes)) == len(recipes)
    assert {(recipe.kind, recipe.scale) for recipe in recipes} == {(kind, 0.5)}


@pytest.mark.parametrize("shape", [(600, 700), (1, 400_000), (400_000, 1)])
def test_samples_are_small_and_of_the_picture(shape):
    pixels = noise(*shape)
    picture = Picture.from_pixels(pixels)
    sample = take_sample(picture)
    assert not sample.exact
    assert sample.picture.pixels.size < pixels.size / 2
    assert 0 < sample.packed < 1
    assert 0 < sample.coded <= 1
    first, second = (array.reshape(-1, 3) @ [65536, 256, 1] for array in (sample.picture.pixels, pixels))
    assert np.isin(first, second).all()


def test_samples_of_clear_pictures_hold_something_visible():
    alpha = np.zeros((1000, 1000), np.uint8)
    alpha[40:60, 40:60] = 255
    sample = take_sample(Picture.from_pixels(smooth(1000, 1000), alpha))
    assert sample.picture.opacity.n_visible


def test_avif_of_a_large_picture_takes_the_least_effort(monkeypatch):
    picture, speeds = Picture.from_pixels(noise(8, 9)), []
    monkeypatch.setattr("quantize.sizing.kinds._saved", lambda *_, speed, **__: speeds.append(speed) or b"x")
    for large in (73, 72):
        monkeypatch.setattr("quantize.sizing.kinds._LARGE", large)
        assert KINDS["avif"].write(picture.pixels, None, 50, None) == b"x"
    assert speeds == [8, 10]


def test_no_kind_takes_a_server_long():
    """Seconds of a processor a megapixel, measured on noise and on a photo, whichever was longer."""
    slowest = {"png24": 0.22, "webp-lossless": 0.34, "webp": 0.19, "avif": 0.21, "jpeg": 0.05}
    for key, seconds in slowest.items():
        assert KINDS[key].quick_to / 1e6 * seconds < 12


def test_the_kind_that_looks_nearest_by_the_chart_really_does():
    picture = Picture.from_pixels(np.ascontiguousarray(load_sample("coffee").pixels[::2, ::2]))
    points = compare_kinds(picture)
    for n_bytes in (8_000, 20_000, 40_000):
        near = looks_in(points, n_bytes)
        real = {kind: fit_bytes(picture, n_bytes, kind).looks for kind in ("jpeg", "webp", "avif")}
        best = max(real, key=lambda kind: near.get(kind, -100.0))
        assert real[best] > max(real.values()) - 1
        assert near[best] == pytest.approx(real[best], abs=3)
