"""While loops over few centers are still being compiled, Python finds the same to the last bit."""

import numpy as np
import pytest

from quantize import compiling
from quantize.methods.kmeans import EFFORTS, Fit, fit
from tests.degenerate import counts_near, n_colors_of, pictures


def found(*points_and_weights, **choices) -> tuple[bytes, float, int]:
    made: Fit = fit(*points_and_weights, **choices)
    return made.centers.tobytes(), made.sse, made.iterations


@pytest.mark.parametrize("effort", EFFORTS)
def test_a_fit_is_the_same_before_its_loops_are_there(effort, monkeypatch):
    """The best, which takes long, with a third of all K on each picture in turn."""
    part = 3 if effort == "best" else 1
    for number, (name, pixels) in enumerate(pictures(1, seed=3)):
        colors, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
        points = colors.astype(np.float32)
        for k in sorted({2, 9, *counts_near(min(n_colors_of(pixels), 24))})[number % part :: part]:
            given = points, counts, k
            kept = {"effort": effort, "keep": points[: k // 3] + np.float32(0.25)}
            after = found(*given, **kept)
            with monkeypatch.context() as early:
                early.setattr(compiling, "is_missing", lambda step: True)
                assert found(*given, **kept) == after, (name, k)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e9])
def test_so_it_is_of_any_scale(scale, monkeypatch):
    rng = np.random.default_rng(7)
    points = np.concatenate([rng.normal(size=(900, 3)), rng.normal(9, 1e-3, (60, 3))])
    points = (points / np.abs(points).max() * scale).astype(np.float32)
    weights = rng.pareto(0.5, len(points)).clip(0, 1e12) + 1e-9
    after = found(points, weights, 21)
    monkeypatch.setattr(compiling, "is_missing", lambda step: True)
    assert found(points, weights, 21) == after
