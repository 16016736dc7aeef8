"""The page about animations as Streamlit runs it: what the reel gets, figures, files, what is still."""

import io
import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import _downloads
from pages._animation import results
from pages._sizes import bytes_in_words
from pages._viewer import reel
from quantize import Animation, load_animation, quantize_animation
from quantize.__main__ import main
from quantize.animation.lossless import encode_frames
from quantize.decoding.samples import MOVING
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.pictures import noise, png


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What the reel was given last, of original and result."""
    given: dict = {}
    monkeypatch.setattr(reel, "_bring", lambda key, sheets, said: given.update({key: (sheets, said)}))
    return given


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What is offered, by the label of its button: what makes it."""
    offered: dict = {}
    monkeypatch.setattr(_downloads, "offer", lambda label, make, *_, **__: offered.update({label: make}))
    return offered


def open_page(**query: str) -> AppTest:
    app = open_app(**query)
    app.switch_page("pages/animation.py").run()
    assert_sound(app)
    return app


def frames_of(sheets: reel.Sheets, n_frames: int) -> np.ndarray:
    """Cut sheets into frames, uint8 (n, h, w, 4): the slow way."""
    width, height = sheets.shown
    found = []
    for number in range(n_frames):
        row, column = divmod(number % sheets.each, sheets.columns)
        with Image.open(io.BytesIO(sheets.files[number // sheets.each])) as sheet:
            whole = np.asarray(sheet.convert("RGBA"))
        found.append(whole[row * height : (row + 1) * height, column * width : (column + 1) * width])
    return np.stack(found)


def seen(rgba: np.ndarray) -> np.ndarray:
    """The same without colours that nobody sees."""
    return np.where(rgba[..., 3:] < 128, 0, rgba)


def rgba_of(animation: Animation) -> np.ndarray:
    alpha = np.full(animation.pixels.shape[:3], 255, np.uint8) if animation.alpha is None else animation.alpha
    return np.concatenate([animation.pixels, alpha[..., None]], axis=3)


def gif(n_frames: int, size: tuple[int, int] = (24, 18), durations: int | list[int] = 40) -> bytes:
    frames = [Image.fromarray(noise(size[1], size[0], seed=seed)) for seed in range(n_frames)]
    file = io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:], duration=durations, loop=0)
    return file.getvalue()


@pytest.mark.parametrize("sample", MOVING)
@pytest.mark.parametrize("each_frame", ["true", "false"])
def test_the_reel_gets_every_frame_exactly(shown, sample, each_frame):
    open_page(sample=sample, k="7", dither="floyd-steinberg", each_frame=each_frame)
    original = load_animation(MOVING[sample].read())
    made = quantize_animation(
        original, n_colors=7, dither="floyd-steinberg", one_palette=each_frame == "false"
    )
    sheets, said = shown["reel-original"]
    assert said["durations"] == list(original.durations)
    assert (frames_of(sheets, original.n_frames) == rgba_of(original)).all()
    sheets, result = shown["reel-result"]
    expected = np.stack([made.frame(number) for number in range(made.n_frames)])
    assert (seen(frames_of(sheets, made.n_frames)) == expected).all()
    assert said["film"] == result["film"]


def test_choices_are_in_the_address_and_change_the_result(shown):
    app = open_page(sample="ball", k="5", dither="floyd-steinberg")
    before = shown["reel-result"][0].files
    assert "Flicker none" in texts(app)
    app.toggle(key="still").set_value(False).run()
    assert (record(app).still, app.query_params["still"]) == (False, "false")
    assert shown["reel-result"][0].files != before
    assert "Flicker none" not in texts(app)
    app.button_group(key="each_frame").set_value(True).run()
    assert app.query_params["each_frame"] == "true"
    assert not [one for one in app.toggle if one.key == "still"]  # it could not
    cold = open_page(**dict(app.query_params))
    assert record(cold) == record(app)


def test_without_dithering_nothing_can_be_held_still():
    assert open_page(sample="sprite").toggle(key="still").disabled


def test_files_are_those_of_the_engine_and_their_lengths_are_said(files):
    app = open_app(sample="sprite", k="4")
    files.clear()
    app.switch_page("pages/animation.py").run()
    made = {label: make() for label, make in files.items()}
    assert set(made) == {"Download GIF", "Download APNG", "Download WebP"}
    expected = quantize_animation(load_animation(MOVING["sprite"].read()), n_colors=4)
    for data in made.values():
        found = load_animation(data)
        assert found.durations == expected.durations
        assert (seen(rgba_of(found)) == np.stack([expected.frame(n) for n in range(expected.n_frames)])).all()
    for kind in ("GIF", "APNG", "WebP"):
        assert f"{kind} {bytes_in_words(len(made[f'Download {kind}']))}" in texts(app)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"each_frame": "true"},
        {"dither": "floyd-steinberg", "still": "false", "keep": ["ff0000", "00ff00"]},
        {"palette": ["102030", "58b962", "ffffff"], "each_frame": "true"},
    ],
)
def test_the_command_that_is_shown_makes_the_same_file(query, files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = open_app(sample="sprite", k="4", space="LAB", **query)
    app.switch_page("pages/animation.py").run()
    wanted = files["Download GIF"]()
    app.button(key="code").click().run()
    words = shlex.split(app.code[0].value)
    assert words[:4] == ["python", "-m", "quantize", "animate"]
    Path(words[4]).write_bytes(files[f"Download {words[4]}"]())
    with pytest.raises(SystemExit) as ended:
        main(words[3:])
    assert not ended.value.code
    assert Path(words[-1]).read_bytes() == wanted


def test_a_still_picture_says_so_and_samples_are_one_click_away(shown):
    app = open_page(sample="cat")
    assert sum("has one frame" in one.value for one in app.markdown) == 1
    assert shown == {}
    app.button_group(key="moving").set_value("sprite").run()
    assert_sound(app)
    assert record(app).sample == "sprite"
    assert "reel-result" in shown
    assert not any("has one frame" in one.value for one in app.markdown)


def test_an_upload_plays_and_other_pages_lead_here(shown):
    app = open_app(k="4")
    upload(app, "noise.png", gif(3, durations=[0, 50, 700]))
    links = [link.label for link in app.sidebar.get("page_link")]
    assert "Play all frames" in links
    app.switch_page("pages/animation.py").run()
    assert_sound(app)
    assert "Play all frames" not in [link.label for link in app.sidebar.get("page_link")]
    assert shown["reel-original"][1]["durations"] == [0, 50, 700]
    assert "Frames 3" in texts(app)
    assert "Length 0.75 s, endless loop" in texts(app)
    said = [one.value for one in app.caption]
    assert "GIF: browsers show frames of less than 20 ms for 100 ms." in said
    upload(app, "still.png", png(noise(9, 9)))
    assert sum("has one frame" in one.value for one in app.markdown) == 1


def test_an_animation_may_begin_with_nothing(shown):
    alpha = np.full((3, 8, 9), 255, np.uint8)
    alpha[0] = 0
    pixels = np.stack([noise(8, 9, seed=seed) for seed in range(3)])
    app = open_app(k="4")
    upload(app, "fade in.png", encode_frames(Animation.from_frames(pixels, 40, 0, alpha)))
    assert not app.error
    app.switch_page("pages/animation.py").run()
    assert_sound(app)
    assert "Frames 3" in texts(app)
    assert not frames_of(shown["reel-result"][0], 3)[0, ..., 3].any()
    upload(app, "nothing.png", encode_frames(Animation.from_frames(pixels, 40, 0, alpha * 0)))
    assert "transparent" in " ".join(one.value for one in app.error)


def test_what_cannot_be_played_is_one_sentence_and_nothing_is_lost(monkeypatch):
    from pages._cache import pictures
    from quantize import QuantizeError

    def refuse(*_, **__):
        raise QuantizeError("animation must be whole, got half of it: save it again")

    monkeypatch.setattr(pictures, "load_animation", refuse)
    app = open_app(k="4")
    upload(app, "noise.png", gif(2, size=(31, 7)))
    app.switch_page("pages/animation.py").run()
    assert_sound(app)
    assert [error.value for error in app.error] == [
        "Animation must be whole, not half of it\\. Save it again\\."
    ]
    assert record(app).own


def test_a_frame_that_is_rested_at_is_in_the_address_until_another_picture_comes():
    app = open_page(sample="sprite", film_frame="4")
    assert record(app).film_frame == 4
    app.button_group(key="sample").set_value("cat").run()
    assert record(app).film_frame == 0


@pytest.mark.parametrize(("frame", "said"), [(0, False), (9, False), (10, True), (99_999, True)])
def test_a_frame_that_is_not_there_is_said(frame, said):
    app = open_page(sample="sprite", film_frame=str(frame))
    sentence = "The address names a frame that is not there: the last of 10 is shown."
    assert (sentence in [caption.value for caption in app.caption]) == said


@pytest.mark.parametrize("value", [None, 3, {}, {"frame": 3}, {"frame": "3", "film": "a"},
                                   {"frame": -1, "film": "a"}, {"frame": True, "film": "a"},
                                   {"frame": 3, "film": "b"}, {"frame": 10**6, "film": "a"}])  # fmt: skip
def test_a_browser_is_believed_only_a_frame_of_its_film(value):
    assert reel.read_frame(value, "a") is None
    assert reel.read_frame({"frame": 3, "film": "a"}, "a") == 3


@pytest.mark.parametrize(
    ("n_frames", "size"),
    [(1, (1, 1)), (300, (2, 2)), (10, (960, 540)), (7, (5000, 3)), (7, (3, 5000)), (99, (640, 480))],
)
def test_sheets_hold_all_frames_within_their_bounds(n_frames, size):
    columns, rows = reel.lay_out(n_frames, size, 4096, 4_200_000)
    assert min(columns, rows) >= 1
    if columns * rows > 1:
        assert max(columns * size[0], rows * size[1]) <= 4096 or 1 in (columns, rows)
        assert columns * rows * size[0] * size[1] <= 4_200_000


@pytest.mark.parametrize(
    ("n_frames", "size", "step"),
    [(1, (10, 10), 1), (10, (1920, 1080), 2), (100, (640, 360), 1), (400, (640, 360), 2), (2, (6000, 10), 4)],
)
def test_large_ones_are_thinned_to_what_a_browser_can_hold(n_frames, size, step):
    assert results.find_step(n_frames, size) == step


def test_the_same_pixels_are_thinned_in_original_and_result(shown, monkeypatch):
    monkeypatch.setattr(results, "MOST_SHOWN", 1600)
    app = open_app(k="4")
    data = gif(5, size=(41, 29))
    upload(app, "noise.png", data)
    app.switch_page("pages/animation.py").run()
    assert_sound(app)
    original = load_animation(data)
    made = quantize_animation(original, n_colors=4)
    sheets = shown["reel-original"][0]
    step = results.find_step(5, (41, 29))
    assert step == 2
    assert (frames_of(sheets, 5) == rgba_of(original)[:, 1::2, 1::2]).all()
    expected = np.stack([made.frame(number) for number in range(5)])[:, 1::2, 1::2]
    assert (frames_of(shown["reel-result"][0], 5) == expected).all()
