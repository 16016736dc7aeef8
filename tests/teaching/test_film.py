"""A run packed for the screen: what is unpacked is what was run."""

import json
import struct
import zlib

import numpy as np
import pytest

from quantize import Picture, QuantizeError
from quantize.teaching.film import CLEAR, pack_film
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import assign_colors, trace_run
from tests.pictures import noise, smooth


def unpack(film):
    """Header; centers, pixels, cloud and planes of labels."""
    (length,) = struct.unpack("<I", film[:4])
    header, rest = json.loads(film[4 : 4 + length]), zlib.decompress(film[4 + length :])
    moves = sum(step["kind"] != "assign" for step in header["steps"])
    assigns = len(header["steps"]) - moves
    shapes = [
        (np.dtype("<f4"), (moves, header["k"], 3)),
        (np.uint8, (header["height"], header["width"], 3)),
        (np.uint8, (header["cloud"], 3)),
        (np.uint8, (assigns, header["height"], header["width"])),
    ]
    parts = []
    for dtype, shape in shapes:
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        parts.append(np.frombuffer(rest[:size], dtype).reshape(shape))
        rest = rest[size:]
    assert not rest
    return header, *parts


@pytest.mark.parametrize("with_alpha", [False, True])
def test_a_film_holds_every_step(with_alpha):
    pixels = smooth(30, 41)
    alpha = noise(30, 41, 1)[..., 0] if with_alpha else None
    picture = Picture.from_pixels(pixels, alpha)
    trace = trace_run(picture.cells.colors, picture.cells.counts, choose_start(picture.cells, 7), max_iter=9)
    cloud = noise(1, 12)[0]
    header, places, shown, drawn, planes = unpack(pack_film(trace, pixels, alpha, cloud, {"name": "a"}))
    assert header["name"] == "a"
    assert header["end"] == trace.end
    np.testing.assert_array_equal(shown, pixels)
    np.testing.assert_array_equal(drawn, cloud)
    kept = [step for step in trace.steps if step.kind != "assign"]
    np.testing.assert_array_equal(places, np.float32([step.centers for step in kept]))
    for said, step in zip(header["steps"], trace.steps, strict=True):
        assert said["counts"] == step.counts.tolist()
        assert (said["kind"], said["sse"], said["moved"], said["shift"]) == (
            step.kind, step.sse, step.moved, step.shift,
        )  # fmt: skip
    plane = np.zeros_like(planes[0])
    assigned = [step for step in trace.steps if step.kind == "assign"]
    for difference, step in zip(planes, assigned, strict=True):
        plane = plane ^ difference
        wanted = assign_colors(pixels.reshape(-1, 3), step.centers).reshape(plane.shape)
        if alpha is not None:
            wanted[alpha < 128] = CLEAR
        np.testing.assert_array_equal(plane, wanted)
        # The picture is all there and every colour counts, so a plane and the run count the same.
        seen = plane[plane != CLEAR]
        np.testing.assert_array_equal(np.bincount(seen, minlength=7), step.counts)


def test_a_film_of_too_many_centers_is_refused():
    colors = noise(1, 99)[0]
    trace = trace_run(colors, np.ones(99), colors[:65], max_iter=2)
    with pytest.raises(QuantizeError, match="at most 64 centers, got 65"):
        pack_film(trace, noise(4, 4), None, colors)
