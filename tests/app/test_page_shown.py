"""The front page's figures are those of the file that it offers, whatever the picture's transparency."""

import hashlib
import math
import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab
from streamlit.testing.v1 import AppTest

from pages import _cache, _downloads
from quantize import Settings
from tests.app.test_pages import open_app, texts, upload
from tests.degenerate import alphas
from tests.pictures import noise, saved, smooth

SHAPE = (40, 60)


@pytest.fixture
def offered(monkeypatch) -> dict[str, Callable[[], bytes]]:
    """What makes the file behind every button of the page that was drawn last."""
    found: dict[str, Callable[[], bytes]] = {}

    def offer(label: str, make: Callable[[], bytes], *_: object, **__: object) -> None:
        found[label] = make

    monkeypatch.setattr(_downloads, "offer", offer)
    return found


def captions(app: AppTest) -> str:
    return " ".join(caption.value.replace("\\", "") for caption in app.caption)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def figures_of(app: AppTest) -> dict[str, float]:
    found = re.search(
        r"Colours ([\d,]+) → (\d+) PSNR (no difference|[\d.]+ dB) ΔE00 ([\d.]+), 95 % of pixels up to "
        r"([\d.]+)",
        texts(app),
    )
    assert found is not None
    before, after, psnr, mean, p95 = (text.removesuffix(" dB").replace(",", "") for text in found.groups())
    shown = math.inf if psnr == "no difference" else float(psnr)
    return {"before": int(before), "after": int(after), "psnr": shown, "mean": float(mean), "p95": float(p95)}


@pytest.mark.parametrize("dither", ["none", "floyd-steinberg"])
@pytest.mark.parametrize("kind", ["soft", "edge", "hard", "all 128"])
def test_figures_are_those_of_the_download(kind, dither, offered):
    alpha = dict(alphas(SHAPE))[kind]
    pixels = smooth(*SHAPE) + noise(*SHAPE) % 9
    app = open_app(k="7", dither=dither)
    upload(app, "veil.png", saved(np.dstack([pixels, alpha]), "PNG", dpi=(300, 300)))
    file = opened(offered["Download PNG"]())
    assert file.info["dpi"] == pytest.approx((300, 300), rel=1e-3)
    shown, seen = np.asarray(file.convert("RGBA")), alpha >= 128
    assert np.array_equal(shown[..., 3], np.where(seen, 255, 0))
    before, after = pixels[seen], shown[seen][:, :3]
    found = figures_of(app)
    assert found["before"] == len(np.unique(before, axis=0))
    assert found["after"] == len(np.unique(after, axis=0))
    mse = ((before.astype(int) - after) ** 2).sum() / len(before)
    assert found["psnr"] == pytest.approx(10 * math.log10(255**2 * 3 / mse), abs=0.051)
    errors = deltaE_ciede2000(rgb2lab(before), rgb2lab(after))
    assert found["mean"] == pytest.approx(errors.mean(), abs=0.006)
    assert found["p95"] == pytest.approx(np.quantile(errors, 0.95, method="inverted_cdf"), abs=0.02)
    assert f"{found['before']:,} colours" in texts(app)


def test_partial_transparency_is_said_and_kept_in_a_file_of_its_own(offered):
    alpha = dict(alphas(SHAPE))["soft"]
    app = open_app(k="7")
    upload(app, "veil.png", saved(np.dstack([smooth(*SHAPE), alpha]), "PNG", dpi=(300, 150)))
    assert "less than half opaque and become transparent" in captions(app)
    assert "partly transparent and become opaque" in captions(app)
    kept = opened(offered["Download RGBA"]())
    assert np.array_equal(np.asarray(kept)[..., 3], alpha)
    assert kept.info["dpi"] == pytest.approx((300, 150), rel=1e-3)


def test_without_partial_transparency_there_is_one_file(offered):
    app = open_app(k="7")
    offered.clear()
    upload(app, "holes.png", saved(np.dstack([smooth(*SHAPE), dict(alphas(SHAPE))["hard"]]), "PNG"))
    assert list(offered) == ["Download PNG"]
    assert "opaque" not in captions(app)


def test_a_file_that_became_longer_is_said(offered):
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None], 40, axis=0)
    given = saved(ramp, "PNG", optimize=True)
    app = open_app(k="256")
    upload(app, "ramp.png", given)
    more = len(offered["Download PNG"]()) - len(given)
    assert more > 0
    assert f"Every colour fits, but the file is {more:,} bytes longer than the original" in captions(app)
    for k in (16, 2):
        app.slider(key="k").set_value(k).run()
        more = len(offered["Download PNG"]()) - len(given)
        assert ("longer than the original" in captions(app)) == (more > 0)
        assert "every colour fits" not in captions(app)


@pytest.mark.parametrize("dither", ["none", "bayer-4"])
@pytest.mark.parametrize("k", [3, 256])
def test_the_size_that_is_told_is_that_of_the_file(k, dither):
    for name, alpha in alphas(SHAPE):
        grey = np.repeat(smooth(*SHAPE)[..., :1], 3, axis=2)
        data = saved(np.dstack([grey, alpha]), "PNG", optimize=True, dpi=(300, 300))
        picture = _cache.picture(data, hashlib.sha256(data).hexdigest())
        result = _cache.quantized(picture, Settings(n_colors=k, dither=dither), lambda: None).result
        told = _cache.download_size(result)
        assert not told.estimated
        assert told.n_bytes == len(_cache.download(result)), name


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_files_length_is_that_of_the_file_that_was_given(format, offered):
    given = saved(smooth(300, 400), format)
    app = open_app(k="64", dither="floyd-steinberg")
    upload(app, "photo", given)
    found = re.search(r"File (\S+) ([\d.]+) → (PNG )?(about )?([\d.]+) kB", texts(app))
    assert found is not None
    assert found[1].upper() == format
    assert float(found[2]) == pytest.approx(len(given) / 1000, rel=0.06)
    assert bool(found[3]) == (format != "PNG")
    assert float(found[5]) == pytest.approx(len(offered["Download PNG"]()) / 1000, rel=0.1)


@pytest.mark.parametrize("dither", ["none", "floyd-steinberg"])
@pytest.mark.parametrize("kind", ["soft", "edge", "ramp"])
def test_soft_edges_are_kept_where_that_is_chosen_and_figures_are_those_of_the_file(kind, dither, offered):
    alpha = dict(alphas(SHAPE))[kind]
    pixels = smooth(*SHAPE)
    app = open_app(k="9", dither=dither)
    upload(app, "veil.png", saved(np.dstack([pixels, alpha]), "PNG", dpi=(300, 300)))
    app.segmented_control(key="alpha").set_value("soft").run()
    assert app.query_params.get("alpha") == "soft"
    assert "Download RGBA" in offered
    offered.clear()
    app.run()
    assert "Download RGBA" not in offered  # it would have the colours of these entries without their opacity
    file = opened(offered["Download PNG"]())
    assert file.info["dpi"] == pytest.approx((300, 300), rel=1e-3)
    shown, seen = np.asarray(file.convert("RGBA")).astype(float), alpha > 0
    assert len(np.unique(shown[..., 3])) > 2
    assert not shown[..., 3][~seen].any()
    found = figures_of(app)
    assert found["before"] == len(np.unique(np.dstack([pixels, alpha])[seen], axis=0))
    assert found["after"] == 9
    before = np.dstack([pixels, alpha]).astype(float)
    error = 0.0
    for ground in (0, 255):
        first, second = (
            rgba[..., :3] * rgba[..., 3:] / 255 + ground * (1 - rgba[..., 3:] / 255)
            for rgba in (before, shown)
        )
        error += np.square((first - second)[seen]).sum(axis=-1).mean() / 2
    assert found["psnr"] == pytest.approx(10 * math.log10(255**2 * 3 / error), abs=0.051)
    assert "of 9 entries are partly transparent; figures are means over black and over white" in captions(app)
    assert "become opaque" not in texts(app) + captions(app)


def test_soft_edges_are_a_choice_only_where_there_are_some_and_entries_can_be_soft(offered):
    app = open_app(k="7", alpha="soft")
    assert not [control for control in app.segmented_control if control.key == "alpha"]
    soft = dict(alphas(SHAPE))["soft"]
    upload(app, "veil.png", saved(np.dstack([smooth(*SHAPE), soft]), "PNG"))
    assert app.segmented_control(key="alpha").value == "soft"
    app.selectbox(key="dither").set_value("bayer-4").run()
    assert app.segmented_control(key="alpha").disabled
    assert app.segmented_control(key="alpha").value == "hard"
    assert "partly transparent and become opaque" in captions(app)
    assert set(np.unique(np.asarray(opened(offered["Download PNG"]()).convert("RGBA"))[..., 3])) == {0, 255}


@pytest.mark.parametrize(("kind", "n_frames"), [("GIF", 2), ("PNG", 12), ("TIFF", 3), ("GIF", 1)])
def test_a_file_of_many_frames_is_not_set_against_one_as_if_both_held_the_same(kind, n_frames):
    frames = [Image.fromarray(noise(30, 40, seed=number)) for number in range(n_frames)]
    file = BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    app = open_app(k="4")
    upload(app, "many", file.getvalue())
    found = re.search(rf"File {kind}(?: of (\d+) (?:frames|pages))? [\d.]+ → (PNG of the first)?", texts(app))
    assert (int(found[1] or 1), bool(found[2])) == (n_frames, n_frames > 1)
