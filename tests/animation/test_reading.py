"""Animations are read as browsers show them, whatever is in their blocks; damage costs what is behind it."""

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from quantize import Animation, QuantizeError, limits, load_animation, load_picture
from quantize.decoding.moving import decode_frames
from tests.animation.stored import (
    TABLE,
    apng_control,
    apng_file,
    first_data,
    gif_file,
    gif_frame,
    more_data,
)
from tests.pictures import noise, video

CLEAR = (0, 0, 0, 0)


def color(index):
    return (*TABLE[index].tolist(), 255)


def seen(animation):
    alpha = animation.alpha
    if alpha is None:
        alpha = np.full(animation.pixels.shape[:3], 255, np.uint8)
    rgba = np.concatenate([animation.pixels, alpha[..., None]], axis=3)
    return np.where(alpha[..., None] == 0, 0, rgba)


def draw_slowly(size, frames):
    """The canvas after each frame: what GIF's specification says, pixel by pixel, as browsers read it."""
    canvas = {(x, y): CLEAR for x in range(size[0]) for y in range(size[1])}
    made = []
    for indices, at, disposal, transparent in frames:
        before, places = dict(canvas), []
        for row, line in enumerate(indices):
            for column, index in enumerate(line):
                place = column + at[0], row + at[1]
                if place in canvas:
                    places.append(place)
                    if index != transparent:
                        canvas[place] = color(index)
        made.append([[canvas[x, y] for x in range(size[0])] for y in range(size[1])])
        if disposal == 2:
            canvas |= dict.fromkeys(places, CLEAR)
        elif disposal == 3:
            canvas = before
    return np.array(made, np.uint8)


@pytest.mark.parametrize("seed", range(25))
def test_a_gif_is_drawn_as_its_specification_says(seed):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 9)), int(rng.integers(1, 9))
    stored, told = [], []
    for number in range(6):
        height, width = (size[1], size[0]) if not number else rng.integers(1, 9, 2)
        at = (0, 0) if not number else tuple(rng.integers(0, 9, 2).tolist())
        indices = rng.integers(0, 4, (height, width))
        disposal, transparent = int(rng.integers(0, 4)), rng.choice([None, 0, 2])
        told.append((indices.tolist(), at, disposal, transparent))
        interlaced = bool(rng.integers(0, 2))
        stored.append(gif_frame(indices, at, 5, disposal, transparent, interlaced=interlaced))
    read = load_animation(gif_file(size, stored, background=1))
    assert not read.notes
    np.testing.assert_array_equal(seen(read), draw_slowly(size, told))


def test_durations_and_plays_are_those_of_the_file():
    frames = [gif_frame([[0]], delay=delay) for delay in (0, 1, 65_535)]
    for again, plays in ((None, 1), (0, 0), (1, 2), (65_535, 65_536)):
        read = load_animation(gif_file((1, 1), frames, again))
        assert (read.durations, read.loops) == ((0, 10, 655_350), plays)
        assert (read.format, read.n_frames, read.duration) == ("GIF", 3, 655_360)


def test_a_local_table_is_that_of_its_frame_alone():
    local = TABLE[::-1].copy()
    read = load_animation(gif_file((2, 1), [gif_frame([[0, 1]], table=local), gif_frame([[0, 1]])]))
    assert read.pixels.tolist() == [[local[:2].tolist()], [TABLE[:2].tolist()]]


def test_a_first_frame_larger_than_the_screen_makes_it_larger():
    read = load_animation(gif_file((1, 1), [gif_frame([[1, 2], [3, 0]]), gif_frame([[1]], (5, 5))]))
    assert read.size == (2, 2)
    assert read.n_frames == 2


def test_black_stays_where_the_place_of_a_frame_is_cleared():
    """Pillow takes black for nothing when it looks for what changed (its issues 8222 and 8746)."""
    frames = [gif_frame([[1, 1], [1, 1]], disposal=2), gif_frame([[0]], (1, 1), disposal=2)]
    read = load_animation(gif_file((2, 2), frames))
    assert seen(read)[1].tolist() == [[[0] * 4, [0] * 4], [[0] * 4, list(color(0))]]


def whole_gif(n=5):
    rng = np.random.default_rng(3)
    return gif_file((30, 20), [gif_frame(rng.integers(0, 4, (20, 30))) for _ in range(n)], 0)


def test_a_file_that_is_cut_off_gives_its_whole_frames():
    data = whole_gif()
    whole = load_animation(data)
    for share in (0.3, 0.5, 0.9):
        read = load_animation(data[: int(len(data) * share)])
        assert 1 <= read.n_frames < 5
        np.testing.assert_array_equal(read.pixels, whole.pixels[: read.n_frames])
        assert "the file is cut off or damaged: of its frames the first" in read.notes[0]
    with_end = load_animation(data[:-1])  # the end mark alone is missing
    assert with_end.n_frames == 5


def test_nothing_that_is_cut_off_raises_anything_else():
    gif = whole_gif(2)
    red = np.full((3, 3, 4), 255)
    png = apng_file((3, 3), [apng_control((3, 3)), first_data(red), apng_control((3, 3)), more_data(red)], 2)
    webp = BytesIO()
    images = [Image.fromarray(np.full((9, 9, 3), value, np.uint8)) for value in (9, 99)]
    images[0].save(webp, "WEBP", save_all=True, append_images=images[1:], lossless=True)
    for data in (gif, png, webp.getvalue()):
        for end in range(0, len(data), 11):
            try:
                decode_frames(data[:end])
            except QuantizeError:
                continue
    rng = np.random.default_rng(0)
    for data in (gif, png, webp.getvalue()):
        for _ in range(60):
            damaged = bytearray(data)
            for at in rng.integers(8, len(data), 3):
                damaged[at] = rng.integers(0, 256)
            try:
                decode_frames(bytes(damaged))
            except QuantizeError:
                continue


def test_a_cut_webp_gives_its_whole_frames():
    rng = np.random.default_rng(1)
    images = [Image.fromarray(rng.integers(0, 256, (20, 20, 3), np.uint8)) for _ in range(4)]
    file = BytesIO()
    images[0].save(
        file, "WEBP", save_all=True, append_images=images[1:], lossless=True, duration=[1, 2, 3, 0]
    )
    data = file.getvalue()
    assert load_animation(data).durations == (1, 2, 3, 0)
    cut = load_animation(data[: len(data) // 2 + 30])
    assert 1 < cut.n_frames < 4
    assert "cut off" in cut.notes[0]
    np.testing.assert_array_equal(cut.pixels[1], np.asarray(images[1]))


def test_frames_of_a_png_are_laid_over_or_replace_and_are_cleared_or_restored():
    red, half = [255, 0, 0, 255], [0, 0, 255, 128]
    chunks = [
        apng_control((2, 1)), first_data([[red, red]]),
        apng_control((1, 1), (1, 0), (1, 0), 2, 1), more_data([[half]]),
        apng_control((1, 1), (0, 0), (3, 1000), 1, 0), more_data([[half]]),
        apng_control((1, 1), (1, 0), (0, 7), 0, 0), more_data([[red]]),
    ]  # fmt: skip
    read = load_animation(apng_file((2, 1), chunks, 4, 3))
    mixed = [127, 0, 128, 255]
    assert seen(read).tolist() == [[[red, red]], [[red, mixed]], [[half, red]], [[[0] * 4, red]]]
    assert (read.durations, read.loops, read.format) == ((50, 10, 3, 0), 3, "APNG")


def test_a_picture_before_the_animation_is_left_out_and_said():
    red, blue = [[[255, 0, 0, 255]]], [[[0, 0, 255, 255]]]
    chunks = [first_data(red), apng_control((1, 1)), more_data(blue)]
    read = load_animation(apng_file((1, 1), chunks, 1))
    assert read.pixels.tolist() == [[[[0, 0, 255]]]]
    assert read.notes == ("a picture before the animation, which is none of its frames, was left out",)


def test_a_still_picture_is_one_frame():
    file = BytesIO()
    Image.fromarray(np.arange(12, dtype=np.uint8).reshape(2, 2, 3)).save(file, "PNG")
    read = load_animation(file.getvalue())
    assert (read.n_frames, read.durations, read.format) == (1, (0,), "PNG")
    np.testing.assert_array_equal(read.pixels[0], load_picture(file.getvalue()).pixels)


def test_too_many_pixels_leave_frames_out_with_a_note(monkeypatch):
    data = whole_gif()
    read = load_animation(data, max_pixels=2 * 600 + 599)
    assert read.n_frames == 2
    assert "the first 2 of 5 frames were read: together they may have 0 megapixels" in read.notes[0]
    assert read.digest != load_animation(data).digest
    with pytest.raises(QuantizeError, match="picture must have at most 0 megapixels"):
        load_animation(data, max_pixels=599)
    monkeypatch.setattr(limits, "MAX_FRAMES", 3)
    assert decode_frames(data).notes == ("the first 3 of 5 frames were read: more than 3 are not read",)


def test_videos_are_read_or_what_they_need_is_said(monkeypatch):
    pytest.importorskip("av", reason="PyAV is not installed")
    data = video(np.stack([np.full((16, 32, 3), level, np.uint8) for level in (0, 120, 240)]), "mp4", "mpeg4")
    read = load_animation(data)
    assert (read.format, read.size, read.durations) == ("MP4", (32, 16), (100, 100, 100))
    assert abs(read.pixels.mean(axis=(1, 2, 3)) - [0, 120, 240]).max() < 6
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(
        QuantizeError,
        match=r"got a video, which needs the package av: pip install 'quantize-colors\[video\]'",
    ):
        decode_frames(data)


@pytest.mark.parametrize("share", [1.0, 0.8, 0.5])
def test_a_webm_that_is_cut_off_is_said_to_be(share):
    pytest.importorskip("av", reason="PyAV is not installed")
    data = video(noise(40 * 48, 64).reshape(40, 48, 64, 3), "webm", "libvpx")
    read = load_animation(data[: round(share * len(data))])
    assert any("cut off" in note for note in read.notes) == (share < 1)
    assert (len(read.durations) < 40) == (share < 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pixels": np.zeros((2, 2, 3), np.uint8)}, "pixels must be uint8 of shape"),
        ({"pixels": [np.zeros((1, 1, 3), np.uint8), np.zeros((1, 2, 3), np.uint8)]}, "different sizes|got"),
        ({"pixels": np.zeros((0, 2, 2, 3), np.uint8)}, "at least one pixel"),
        ({"durations": [1]}, "durations must be one a frame, 2, got 1"),
        ({"durations": [1, -1]}, "durations must be whole milliseconds from 0, got -1"),
        ({"durations": 1.5}, "durations must be milliseconds, got 1.5"),
        ({"loops": -1}, "loops must be a whole number from 0, got -1"),
        ({"alpha": np.zeros((2, 2, 1), np.uint8)}, "alpha must have the shape of the frames"),
    ],
)
def test_arrays_that_are_no_animation_are_refused(given, said):
    good = {"pixels": np.zeros((2, 2, 2, 3), np.uint8), "durations": 10}
    with pytest.raises(QuantizeError, match=said):
        Animation.from_frames(**(good | given))


def test_frames_are_pictures_of_their_own():
    animation = load_animation(whole_gif(2))
    assert animation.whole.pixels.shape == (40, 30, 3)
    assert (
        len({animation.digest, animation.whole.digest, *(animation.frame(at).digest for at in (0, 1))}) == 4
    )
    with pytest.raises(QuantizeError, match="frame must be a number from 0 to 1, got 2"):
        animation.frame(2)
    assert not animation.frame(0).pixels.flags.writeable


def test_numbers_of_a_reply_are_not_believed():
    from quantize.decoding.worker_wire import BrokenReplyError, receive_frames

    for header in (b'{"size": [1, 1], "frames": 9999999}', b'{"size": [1, 1], "frames": true, "loops": []}'):
        with pytest.raises(BrokenReplyError):
            receive_frames(BytesIO(struct.pack("<I", len(header)) + header + bytes(20)))


def test_a_video_is_turned_as_its_frames_say():
    from quantize.decoding.video_frames import _made

    class Frame:
        rotation = 90

        def to_ndarray(self, format):
            return np.arange(18, dtype=np.uint8).reshape(2, 3, 3)

    frame = _made(Frame(), 40)
    assert frame.pixels.shape == (3, 2, 3)
    np.testing.assert_array_equal(frame.pixels[0, 0], [6, 7, 8])  # what was on the right is on top
    assert frame.pixels.flags.c_contiguous
