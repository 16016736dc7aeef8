"""What is counted is what is shown: the written file and the input give the same figures once more."""

import json
import math
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab

from quantize.__main__ import main
from quantize.dithering.dither import DITHERS
from quantize.methods.table import METHODS
from tests.degenerate import KINDS, alphas
from tests.pictures import saved

SHAPE = (25, 37)


def commanded(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """Run the command line; its figures."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert not ended.value.code
    return json.loads(capsys.readouterr().out)


def seen_in(data: bytes) -> np.ndarray:
    """A file's pixels as everybody sees them, uint8 (h, w, 4)."""
    with Image.open(BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def check_figures(figures: dict[str, Any], given: np.ndarray, file: bytes) -> None:
    """Hold figures to a picture, uint8 (h, w, 4), and to the file that was made of it."""
    shown, seen = seen_in(file), given[..., 3] >= 128
    before, after = given[seen][:, :3].astype(int), shown[seen][:, :3].astype(int)
    mse = ((before - after) ** 2).sum() / len(before)
    assert figures["mse"] == mse
    assert figures["psnr_db"] == (pytest.approx(10 * math.log10(255**2 * 3 / mse)) if mse else None)
    errors = deltaE_ciede2000(*(rgb2lab(part.astype(np.uint8)) for part in (before, after)))
    # Where hues are opposite, which way is shorter lies in the last digit.
    assert figures["delta_e_00"] == pytest.approx(errors.mean(), rel=1e-3, abs=1e-3)
    p95 = np.quantile(errors, 0.95, method="inverted_cdf")
    assert figures["delta_e_00_p95"] == pytest.approx(p95, rel=1e-3, abs=1e-3)
    assert figures["n_colors_before"] == len(np.unique(before, axis=0))
    assert figures["n_colors"] == len(np.unique(after, axis=0))
    assert figures["bytes_out"] == len(file)


def palette_in(data: bytes) -> list[str]:
    """Colours of an indexed file's palette in their order, without the entry that is transparent."""
    with Image.open(BytesIO(data)) as image:
        assert image.mode == "P"
        rows = np.array(image.getpalette(), np.uint8).reshape(-1, 3)
        clear = image.info.get("transparency")
    kept = rows if clear is None else np.delete(rows, clear, axis=0)
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in kept]


def hostile(seed: int) -> list[tuple[str, np.ndarray]]:
    """Pictures, uint8 (h, w, 4), of every kind of alpha, each of another kind of colours."""
    kinds = cycle(KINDS[seed % len(KINDS) :] + KINDS[: seed % len(KINDS)])
    found = []
    for number, ((name, alpha), kind) in enumerate(zip(alphas(SHAPE, seed), kinds, strict=False)):
        pixels = np.resize(kind.make(np.random.default_rng([seed, number])), (*SHAPE, 3))
        found.append((f"{kind.name}, {name}", np.dstack([pixels, alpha])))
    return found


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dither", ["none", "sierra", "blue-noise", "riemersma"])
def test_figures_can_be_worked_out_from_the_file(method, dither, tmp_path, capsys, monkeypatch):
    assert dither in DITHERS
    monkeypatch.chdir(tmp_path)
    number = list(METHODS).index(method) + len(dither)
    for seed, (name, given) in list(enumerate(hostile(5 * number)))[number % 2 :: 2]:
        Path("in.png").write_bytes(saved(given, "PNG"))
        k = (2, 5, 16, 256)[seed // 2 % 4]
        figures = commanded(
            capsys, "in.png", "-k", k, "--method", method, "--dither", dither, "-o", "out.png", "--json"
        )
        file = Path("out.png").read_bytes()
        check_figures(figures, given, file)
        assert np.array_equal(seen_in(file)[..., 3], np.where(given[..., 3] < 128, 0, 255)), name
        assert figures["palette"] == palette_in(file), name
        if dither == "none":
            wanted = min(k - (k == 256 and given[..., 3].min() < 128), figures["n_colors_before"])
            assert figures["n_colors"] == wanted or figures["notes"], name


def test_figures_of_an_rgba_file_are_over_visible_pixels(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _, given in hostile(3):
        Path("in.png").write_bytes(saved(given, "PNG"))
        figures = commanded(capsys, "in.png", "-k", "6", "--rgba", "-o", "out.png", "--json")
        file = Path("out.png").read_bytes()
        check_figures(figures, given, file)
        assert np.array_equal(seen_in(file)[..., 3], given[..., 3])
        assert not any("become" in note for note in figures["notes"])


@pytest.mark.parametrize(("value", "got"), [(0, "fully transparent"), (127, "half opaque or more")])
def test_nothing_to_show_is_a_sentence(value, got, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in.png").write_bytes(saved(np.full((5, 5, 4), value, np.uint8), "PNG"))
    with pytest.raises(SystemExit) as ended:
        main(["in.png"])
    assert ended.value.code == 2
    assert got in capsys.readouterr().err
