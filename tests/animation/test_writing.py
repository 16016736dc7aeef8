"""What is written shows, in programs of others, exactly the frames that were to be seen, as long as asked."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageSequence

from quantize import Animation, QuantizeError, load_animation, quantize_animation, write_animation
from quantize.animation.writing import ANIMATION_KINDS, writing_notes
from tests.animation.made import hostile

KINDS = tuple(ANIMATION_KINDS)
TICK = {"gif": 10, "apng": 1, "webp": 1}


def clean(rgba):
    """Pixels with nothing in what is transparent."""
    return np.where(rgba[..., 3:] == 0, 0, rgba)


def timeline(frames, times):
    """Pairs of what is seen and for how long, neighbours that look alike as one."""
    made: list = []
    for frame, time in zip(frames, times, strict=True):
        if made and np.array_equal(made[-1][0], frame):
            made[-1][1] += time
        else:
            made.append([frame, time])
    return made


def expected(animated, kind):
    ends = [sum(animated.durations[: at + 1]) for at in range(animated.n_frames)]
    rounded = np.diff([(end + TICK[kind] // 2) // TICK[kind] * TICK[kind] for end in ends], prepend=0)
    return timeline([animated.frame(at) for at in range(animated.n_frames)], rounded.tolist())


def by_us(content):
    read = load_animation(content)
    alpha = np.full(read.pixels.shape[:3], 255, np.uint8) if read.alpha is None else read.alpha
    return timeline(clean(np.concatenate([read.pixels, alpha[..., None]], axis=3)), read.durations)


def by_pillow(content):
    with Image.open(BytesIO(content)) as opened:
        frames = [
            (clean(np.asarray(frame.convert("RGBA"))), round(frame.info.get("duration", 0)))
            for frame in ImageSequence.Iterator(opened)
        ]
    return timeline(*zip(*frames, strict=True))


def by_ffmpeg(content):
    av = pytest.importorskip("av", reason="PyAV is not installed")
    with av.open(BytesIO(content)) as opened:
        frames = [clean(frame.to_ndarray(format="rgba")) for frame in opened.decode(video=0)]
    return timeline(frames, [0] * len(frames))


def check_same(got, wanted, name, times=True):
    assert len(got) == len(wanted), name
    for (frame, time), (other, other_time) in zip(got, wanted, strict=True):
        np.testing.assert_array_equal(frame, other, err_msg=name)
        if times:
            assert time == other_time, name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_files_show_the_frames_in_every_program(kind, seed):
    for name, animation, choices in hostile(seed):
        animated = quantize_animation(animation, **choices)
        content, wanted = write_animation(animated, kind), expected(animated, kind)
        still = len(wanted) == 1 and kind == "webp"  # which has no durations then
        check_same(by_us(content), wanted, f"{name}, read by us", times=not still)
        check_same(by_pillow(content), wanted, f"{name}, read by Pillow", times=not still and len(wanted) > 1)
        if kind != "webp":  # FFmpeg reads no animated ones
            check_same(by_ffmpeg(content), wanted, f"{name}, read by FFmpeg", times=False)
        if len(wanted) > 1:
            assert load_animation(content).loops == animated.loops, name


@pytest.mark.parametrize("dither", ["none", "floyd-steinberg", "bayer-8"])
def test_holes_leave_one_of_256_entries_to_what_is_transparent(dither):
    grey = np.arange(256, dtype=np.uint8)
    colors = np.stack([grey, grey[::-1], grey // 2], axis=1)
    frames = np.concatenate([colors, colors[:16]]).reshape(1, 17, 16, 3).repeat(3, axis=0)
    alpha = np.full((3, 17, 16), 255, np.uint8)
    alpha[1, 16] = 0
    animation = Animation.from_frames(frames, 50, 0, alpha)
    given = {"palette": tuple("#{:02x}{:02x}{:02x}".format(*color) for color in colors)}
    for choices in ({"n_colors": 256}, given, given | {"one_palette": False}):
        animated = quantize_animation(animation, dither=dither, **choices)
        content = write_animation(animated, "gif")
        for read in (by_us, by_pillow, by_ffmpeg):
            check_same(read(content), expected(animated, "gif"), str(choices), times=False)


def test_a_webp_says_that_something_is_transparent_if_it_is():
    frames = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    for alpha, flag in ([255, 255], 0), ([255, 0], 16), ([0, 255], 16):
        solid = np.array(alpha, np.uint8).reshape(2, 1, 1).repeat(2, axis=1).repeat(2, axis=2)
        content = write_animation(quantize_animation(Animation.from_frames(frames, 50, 0, solid)), "webp")
        assert content[12:16] == b"VP8X"
        assert content[20] & 16 == flag


def test_a_long_stay_is_said_in_parts():
    frames = np.arange(2, dtype=np.uint8).reshape(2, 1, 1, 1).repeat(3, axis=3)
    long = quantize_animation(Animation.from_frames(frames, [2_000_000, 25]))
    for kind in KINDS:
        wanted = 2_000_030 if kind == "gif" else 2_000_025
        assert sum(load_animation(write_animation(long, kind)).durations) == wanted
    assert writing_notes(long, "apng") == ()
    assert writing_notes(long, "gif") == (
        "durations are in steps of 10 ms, as GIF has no others; the whole length stays",
    )


def test_what_stands_still_costs_nearly_nothing():
    noise = np.random.default_rng(0).integers(0, 256, (1, 60, 60, 3), np.uint8)
    frames = noise.repeat(20, axis=0)
    for at, frame in enumerate(frames):
        frame[5, at : at + 2] = at
    one, all_ = (quantize_animation(Animation.from_frames(some, 50)) for some in (frames[:1], frames))
    for kind in ("gif", "apng"):
        assert len(write_animation(all_, kind)) < len(write_animation(one, kind)) + 19 * 130


def test_unknown_kinds_and_sizes_are_refused():
    animated = quantize_animation(Animation.from_frames(np.zeros((1, 1, 16_384, 3), np.uint8), 10))
    with pytest.raises(QuantizeError, match="kind of animation must be one of gif, apng, webp"):
        write_animation(animated, "mpeg")
    with pytest.raises(QuantizeError, match="at most 16,383 pixels on a side, got 16,384"):
        write_animation(animated, "webp")
    long = quantize_animation(Animation.from_frames(np.zeros((2, 1, 1, 3), np.uint8), [2**31 - 1, 1]))
    with pytest.raises(QuantizeError, match=r"must last at most 2,147,483,647 ms, got 2,147,483,648"):
        write_animation(long, "webp")
