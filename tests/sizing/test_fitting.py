"""Fitting into bytes, reaching looks, and the file as it came: every file is really written and is opened."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from quantize import Picture, QuantizeError, load_picture
from quantize.decoding.samples import load_sample
from quantize.measuring.ssimulacra import ssimulacra2
from quantize.sizing.comparing import compare_kinds
from quantize.sizing.explaining import explain
from quantize.sizing.fitting import fit_bytes, fit_looks
from quantize.sizing.kinds import KINDS
from quantize.sizing.recipe import Recipe, lines_of
from quantize.sizing.scores import score_looks
from quantize.sizing.shrinking import Aim, shrink
from quantize.sizing.writing import Writer
from tests.degenerate import alphas, pictures
from tests.pictures import noise, saved, smooth

PHOTO = "cat"
WOBBLE = 3.0
"""SSIMULACRA2 by which a codec's next higher quality may look worse, at most, of pictures as here."""


@pytest.fixture(scope="module")
def photo():
    whole = load_sample(PHOTO)
    return Picture.from_pixels(np.ascontiguousarray(whole.pixels[30:150, 100:260]))


def opened(data):
    with Image.open(BytesIO(data)) as file:
        return file.format, np.asarray(file.convert("RGBA"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_bytes", [3_000, 12_000])
def test_the_file_is_no_longer_and_shows_what_was_measured(photo, kind, n_bytes):
    found = fit_bytes(photo, n_bytes, kind)
    written = found.written
    assert len(written.data) <= n_bytes
    assert len(written.data) > 0.5 * n_bytes or kind in ("png24", "webp-lossless")
    format_, shown = opened(written.data)
    assert format_ == {"png24": "PNG", "webp-lossless": "WEBP"}.get(kind, kind.upper())
    np.testing.assert_array_equal(shown[..., :3], written.pixels)
    said = f"{found.looks:.1f}".replace("-", "\N{MINUS SIGN}")
    assert said in found.given_up or found.looks == 100
    if written.recipe.scale == 1:
        assert found.looks == pytest.approx(ssimulacra2(photo.pixels, shown[..., :3].copy()))
    else:
        width, height = shown.shape[1::-1]
        assert f"{width}×{height} pixels are left of 160×120" in found.given_up


def test_more_bytes_do_not_look_worse(photo):
    looks = [fit_bytes(photo, n_bytes).looks for n_bytes in (2_000, 4_000, 8_000, 12_000)]
    assert looks == sorted(looks)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("looks", [30.0, 60.0])
def test_looks_are_reached(photo, kind, looks):
    found = fit_looks(photo, looks, kind)
    assert found.looks >= looks
    assert found.looks < looks + 25


@pytest.mark.parametrize("shape", [(7, 40), (1, 700), (7, 7)])
def test_looks_are_reached_where_a_side_is_short(shape):
    picture = Picture.from_pixels(noise(*shape))
    found = fit_looks(picture, 90.0)
    assert found.looks >= 90
    assert len(found.written.result.palette) > 10
    assert found.looks == ssimulacra2(picture.pixels, found.written.pixels)
    exact = bool((found.written.pixels == picture.pixels).all())
    assert (found.looks == 100) == exact
    assert fit_looks(picture, 30.0).looks < found.looks


def test_looks_that_cannot_be_had_come_as_near_as_they_can(photo):
    found = fit_looks(photo, 99.0, "png")
    assert found.written.recipe.n_colors == 256
    assert 60 < found.looks < 99


@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=3))
@pytest.mark.parametrize("n_bytes", [150, 2_000])
def test_hostile_pictures_fit_or_say_why_not(name, pixels, n_bytes):
    picture = Picture.from_pixels(pixels)
    found = fit_bytes(picture, n_bytes)
    assert len(found.written.data) <= n_bytes
    np.testing.assert_array_equal(opened(found.written.data)[1][..., :3], found.written.pixels)


@pytest.mark.parametrize(("name", "alpha"), alphas((40, 50)))
def test_clear_pixels_stay_clear(name, alpha):
    picture = Picture.from_pixels(smooth(40, 50), alpha)
    if not picture.opacity.n_visible:
        with pytest.raises(QuantizeError, match="visible pixel, got only transparency"):
            fit_bytes(picture, 2_000)
        return
    for kind in ("png", "gif", "webp"):
        found = fit_bytes(picture, 2_000, kind)
        shown = opened(found.written.data)[1]
        if kind != "webp" and found.written.recipe.scale == 1:
            np.testing.assert_array_equal(shown[..., 3] == 255, alpha >= 128)
    if picture.alpha is not None:
        with pytest.raises(QuantizeError, match="JPEG cannot hold transparency"):
            fit_bytes(picture, 2_000, "jpeg")


@pytest.mark.parametrize("n_bytes", [99, 10**10, 1.5, True])
def test_bad_sizes_are_refused(photo, n_bytes):
    with pytest.raises(QuantizeError, match="size must be 100 to"):
        fit_bytes(photo, n_bytes)


def test_bad_choices_are_refused(photo):
    with pytest.raises(QuantizeError, match="kind must be one of png, gif"):
        fit_bytes(photo, 1_000, "bmp")
    with pytest.raises(QuantizeError, match="looks must be a SSIMULACRA2"):
        fit_looks(photo, 100.0)
    with pytest.raises(QuantizeError, match="cannot both be aimed at"):
        Aim(n_bytes=1_000, looks=50)
    with pytest.raises(QuantizeError, match="follow must be a number"):
        Aim(follow=65)
    with pytest.raises(QuantizeError, match="follow has no effect with dithering"):
        Aim(follow=3)


def test_what_cannot_be_so_short_is_said():
    wide = Picture.from_pixels(noise(1, 30_000))
    with pytest.raises(QuantizeError, match=r"no PNG-24 of this picture has 60 bytes|size must be"):
        fit_bytes(wide, 60, "png24")


def test_progress_goes_up_and_a_checkpoint_ends_it(photo):
    shares: list[float] = []
    fit_bytes(photo, 9_000, progress=shares.append)
    assert shares[0] > 0
    assert shares[-1] == 1

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_bytes(photo, 9_000, checkpoint=stop)


def test_a_large_picture_is_estimated_and_still_fits():
    whole = load_sample(PHOTO)
    pixels = np.ascontiguousarray(np.tile(whole.pixels[:250, :400], (3, 3, 1)))
    picture = Picture.from_pixels(pixels)
    for kind, n_bytes in (("png", 200_000), ("jpeg", 60_000)):
        found = fit_bytes(picture, n_bytes, kind)
        assert 0.6 * n_bytes < len(found.written.data) <= n_bytes


def test_the_source_is_given_back_where_nothing_is_shorter():
    data = saved(np.zeros((9, 9, 3), np.uint8) + 7, "PNG", optimize=True)
    found = shrink(load_picture(data), Aim(), data)
    assert len(found.data) <= len(data)
    jpeg = saved(noise(60, 60), "JPEG", quality=20)
    found = shrink(load_picture(jpeg), Aim(), jpeg)
    assert (found.data, found.written, found.looks) == (jpeg, None, 100)
    assert "given back as it is" in found.said
    found = shrink(load_picture(jpeg), Aim(n_bytes=len(jpeg)), jpeg)
    assert found.data == jpeg
    assert "little enough" in found.said


@pytest.mark.parametrize("kind", ["png", "gif", "jpeg"])
@pytest.mark.parametrize(("name", "pixels"), pictures(1, seed=21))
def test_a_file_that_fits_is_still_packed_where_no_color_changes(kind, name, pixels):
    data = saved(pixels, "PNG", compress_level=len(name) % 2 * 9)
    found = shrink(load_picture(data), Aim(kind, n_bytes=10**6), data)
    assert len(found.data) <= len(data)
    assert found.looks == 100
    np.testing.assert_array_equal(load_picture(found.data).pixels, pixels)
    assert ("given back" in found.said) == (found.data == data)
    assert "little enough" in found.said


def test_a_drawing_is_packed_into_its_own_colors():
    drawing = np.repeat(np.repeat(noise(8, 8) // 128 * 127, 30, axis=0), 30, axis=1)
    data = saved(drawing, "PNG", compress_level=1)
    found = shrink(load_picture(data), Aim(n_bytes=100_000), data)
    assert len(found.data) < len(data) / 2
    assert found.said.endswith("is little enough, and this one fewer. It gave up nothing that is seen.")


def test_an_animation_that_fits_keeps_its_frames():
    frames = [Image.fromarray(np.full((40, 40, 3), level, np.uint8)) for level in (0, 90, 180)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    data = file.getvalue()
    for kind in ("png", "gif"):
        assert shrink(load_picture(data), Aim(kind, n_bytes=10**6), data).data == data


def test_a_file_that_fits_and_holds_more_than_eight_bits_keeps_them():
    deep = np.repeat(np.array([[0], [40_000]], np.uint16), 40, axis=1)
    file = BytesIO()
    Image.fromarray(deep).resize((400, 400), Image.Resampling.NEAREST).save(file, "PNG", compress_level=0)
    assert shrink(load_picture(file.getvalue()), Aim(n_bytes=10**7), file.getvalue()).data == file.getvalue()


@pytest.mark.parametrize(("name", "alpha"), alphas((30, 40)))
def test_soft_edges_that_fit_are_kept(name, alpha):
    data = saved(np.dstack([noise(30, 40) // 128 * 127, alpha]), "PNG", compress_level=0)
    found = shrink(load_picture(data), Aim(n_bytes=10**6), data)
    shown = np.asarray(Image.open(BytesIO(found.data)).convert("RGBA"))
    np.testing.assert_array_equal(shown[..., 3], alpha)


def test_what_lost_nothing_says_so():
    picture = Picture.from_pixels(smooth(20, 30) // 64 * 64)
    found = fit_bytes(picture, 5_000)
    assert found.given_up == "It gave up nothing that is seen."
    np.testing.assert_array_equal(found.written.pixels, picture.pixels)
    assert explain(picture, found.written, 100.0) == found.given_up


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_frames_that_are_lost_are_said(kind, count):
    frames = [Image.fromarray(np.full((30, 40, 3), 60 * step + 5, np.uint8)) for step in range(3)][:count]
    file = BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], lossless=True)
    picture = load_picture(file.getvalue())
    lost = {1: "nothing that is seen", 2: "frame 2 of 2, and", 3: "frames 2 to 3 of 3, and"}[count]
    for aim in (Aim(), Aim(n_bytes=2_000), Aim(looks=80)):
        assert shrink(picture, aim).said.startswith(f"It gave up {lost}")


def test_frames_are_said_beside_what_else_is_lost(photo):
    moving = replace(photo, notes=("first of more than 10,000 frames",))
    said = fit_bytes(moving, 3_000).given_up
    assert said.startswith("It gave up all frames but the first of more than 10,000")
    assert " colours (" in said


@pytest.mark.parametrize("kind", ["avif", "webp"])
@pytest.mark.parametrize("quality", [1, 30, 85])
def test_alpha_is_exact_where_detail_is_lost(kind, quality):
    picture = Picture.from_pixels(noise(40, 50), noise(40, 50, seed=4)[..., 0])
    written = Writer(picture).write(Recipe(kind, quality=quality))
    np.testing.assert_array_equal(opened(written.data)[1][..., 3], picture.alpha)
    assert "transparency" not in explain(picture, written, 50.0)


def test_alpha_that_is_not_exact_is_said():
    picture = Picture.from_pixels(noise(40, 50), noise(40, 50, seed=4)[..., 0])
    written = Writer(picture).write(Recipe("avif", quality=30))
    rough = replace(written, alpha=written.alpha ^ 1)
    assert "of 100 and exact transparency; " in explain(picture, rough, 50.0)
    same = replace(written, pixels=picture.pixels)
    assert explain(picture, same, 100.0) == "It gave up nothing that is seen."
    assert "exact transparency" in explain(picture, replace(same, alpha=rough.alpha), 100.0)


def test_squeezed_files_fit_too(photo):
    found = fit_bytes(photo, 5_000, squeeze=True)
    assert len(found.written.data) <= 5_000
    assert shrink(photo, Aim(dithered=False, follow=6)).data[:4] == b"\x89PNG"


def test_what_is_lost_is_said_of_tiny_and_of_soft_pictures():
    tiny = Picture.from_pixels(noise(5, 5))
    said = fit_bytes(tiny, 110).given_up
    assert "of 25 colours" in said or "pixels are left" in said
    alpha = np.full((20, 30), 255, np.uint8)
    alpha[:, :9] = 150
    soft = Picture.from_pixels(smooth(20, 30) // 64 * 64, alpha)
    assert "gave up partial transparency; " in fit_bytes(soft, 5_000).given_up
    assert fit_bytes(soft, 5_000, "webp-lossless").given_up == "It gave up nothing that is seen."


def test_what_is_not_reached_is_the_nearest_of_all():
    picture = Picture.from_pixels(noise(50, 60))
    found = fit_looks(picture, 99.0)
    assert not found.reached
    others = [one.scores.ssimulacra2 for one in compare_kinds(picture) if one.recipe.kind == "png"]
    assert found.looks >= max(others)
    assert fit_looks(picture, 99.0, "png24").reached
    assert fit_looks(picture, min(found.looks, 60)).reached or found.looks < 0
    with pytest.raises(QuantizeError, match="or_exact has no effect but with looks"):
        Aim("webp", looks=50, or_exact=True)


@pytest.mark.parametrize("kind", ["jpeg", "avif"])
def test_color_is_whole_where_that_looks_nearer(kind):
    """Two colours of one lightness side by side: halved they run into each other."""
    checks = np.indices((64, 64)).sum(axis=0) % 2
    picture = Picture.from_pixels(np.array([[200, 40, 40], [40, 120, 40]], np.uint8)[checks])
    writer = Writer(picture)
    found = fit_bytes(picture, 8_000, kind)
    assert found.written.recipe.whole_color
    halved = [writer.write(Recipe(kind, quality=quality)) for quality in range(60, 101, 5)]
    assert all(score_looks(picture, one) < found.looks for one in halved if len(one.data) <= 8_000)
    assert fit_looks(picture, 80.0, kind).reached
    assert {one.recipe.whole_color for one in compare_kinds(picture) if one.recipe.kind == kind} == {
        False,
        True,
    }


def rising(seed, alpha):
    """A picture of waves, grain and flat parts, small so that all is written exactly."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[:48, :56]
    waves = [128 + 90 * np.sin(across / rng.uniform(3, 40) + down / rng.uniform(3, 40)) for _ in range(3)]
    pixels = np.clip(np.dstack(waves) + rng.normal(0, rng.choice([0, 2, 12]), (48, 56, 3)), 0, 255)
    pixels[: rng.integers(0, 30)] = rng.integers(0, 256, 3)
    soft = np.clip(300 - ((across - 28) ** 2 + (down - 24) ** 2) / 2, 0, 255).astype(np.uint8)
    return Picture.from_pixels(pixels.astype(np.uint8), soft if alpha else None)


@pytest.mark.parametrize(("kind", "seed"), [("png", 2), ("jpeg", 0), ("jpeg", 2), ("webp", 1), ("webp", 2)])
def test_a_larger_budget_is_never_worse(kind, seed):
    """The size is kept once it fits. Looks may fall by what one step of quality does: codecs are no ramps."""
    picture = rising(seed, alpha=kind == "webp" and seed % 2 == 1)
    kept, best = False, float("-inf")
    shortest = len(Writer(picture).write(lines_of(kind)[0][0]).data)
    count = 5 if kind == "png" else 8
    for n_bytes in np.geomspace(max(100, 0.4 * shortest), 6 * shortest, count).astype(int).tolist():
        try:
            found = fit_bytes(picture, n_bytes, kind)
        except QuantizeError:
            assert not np.isfinite(best), "less was enough"
            continue
        whole = found.written.recipe.scale == 1
        assert whole >= kept, "its size was given up although it fitted into less"
        assert whole or n_bytes < shortest
        best = found.looks if whole > kept else max(best, found.looks)
        assert found.looks >= best - WOBBLE, (kind, seed, n_bytes)
        kept = whole


@pytest.mark.parametrize("shape", [(20_000, 1), (9_000, 8), (200, 200)])
def test_jpegs_are_progressive_without_a_word(capfd, shape):
    picture = Picture.from_pixels(noise(*shape))
    for whole in (False, True):
        data = Writer(picture).write(Recipe("jpeg", quality=94, whole_color=whole)).data
        with Image.open(BytesIO(data)) as file:
            assert file.info["progressive"]
    assert capfd.readouterr().err == ""


def test_what_is_estimated_to_be_nearly_as_good_is_really_tried():
    """Of a photo that is looked at in parts: beside it the largest palette of each way that fits."""
    picture = load_sample("coffee")
    found, writer = fit_bytes(picture, 60_000), Writer(picture)
    k = found.written.recipe.n_colors
    for line in lines_of("png"):
        near = (recipe for recipe in reversed(line) if k / 2 <= recipe.n_colors <= 1.3 * k)
        made = (writer.write(recipe, lambda: None) for recipe in near)
        fits = next((one for one in made if len(one.data) <= 60_000), None)
        assert fits is None or score_looks(picture, fits) <= found.looks + 0.5, fits.recipe
