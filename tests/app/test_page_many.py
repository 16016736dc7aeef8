"""Several pictures on the pages: what becomes of the files, whatever they hold and are called."""

import io
import re
import unicodedata
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from pages import _all, _downloads, _files
from pages._names import readable
from pages._remembered import Remembered
from tests.app.test_pages import assert_sound, open_app, record, texts
from tests.callbacks import forbid_cuts
from tests.pictures import noise, png, saved, smooth

GPL = b"GIMP Palette\nName: Three\n#\n255 0 0 red\n0 255 0 green\n0 0 255 blue\n"


@pytest.fixture(autouse=True)
def no_cuts(monkeypatch):
    forbid_cuts(monkeypatch)


def give(app: AppTest, *files: tuple[str, bytes]) -> None:
    app.file_uploader(key="file").set_value([(name, data, "") for name, data in files]).run()
    assert_sound(app)


def known(app: AppTest) -> Remembered:
    return app.session_state["remembered"]


def names(app: AppTest) -> list[str]:
    return [one.name for one in known(app).visit.tray.pictures]


def shown(app: AppTest) -> str | None:
    own = known(app).visit.upload
    return own.name if own else None


def said(app: AppTest) -> str:
    return " ".join(one.value.replace("\\", "") for one in (*app.error, *app.info, *app.caption))


def click(app: AppTest, event: str, name: str) -> None:
    """What a click in the tray does; AppTest runs no component."""
    key = next(one.key for one in known(app).visit.tray.pictures if one.name == name)
    from pages import _looked_at

    visit = known(app).visit
    act = {"show": _looked_at.choose_upload, "out": _looked_at.take_out}[event]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pages._state.visit", lambda: visit)
        patch.setattr("pages._state.remembered", lambda: known(app))
        act(key)
        app.run()
    assert_sound(app)


def make_all(app: AppTest) -> zipfile.ZipFile:
    app.button(key="make_all").click().run()
    assert_sound(app)
    made = known(app).made
    return zipfile.ZipFile(io.BytesIO(_all._zip(made, known(app).visit.tray.pictures)))


def test_one_picture_needs_no_row_but_beside_a_sample():
    """From there a click leads back to it."""
    app = open_app()
    give(app, ("a.png", png(noise(20, 30))))
    assert not [one for one in app.button if one.key == "make_all"]
    assert "tray" not in [one.key for one in app.main.children.values() if hasattr(one, "key")]
    app.button_group(key="sample").set_value("cat").run()
    assert (shown(app), names(app)) == (None, ["a.png"])


def test_whoever_goes_back_from_a_sample_has_their_own_picture_again():
    app = open_app(k="7")
    give(app, ("a.png", png(noise(20, 30))), ("b.png", png(noise(9, 9))))
    app.button_group(key="sample").set_value("cat").run()
    assert shown(app) is None
    visit = known(app).visit
    visit.choices = replace(visit.choices, own=True, sample="coffee")  # as that address says
    app.run()
    assert shown(app) == "a.png"
    assert "is gone" not in said(app)


@given(st.text(max_size=60))
def test_names_are_read_as_they_are_written(name):
    read = readable(name)
    assert read
    assert read == readable(read)
    assert not any(unicodedata.category(char)[0] == "C" for char in read)
    plain = [char for char in name if unicodedata.category(char)[0] != "C" and not char.isspace()]
    assert not plain or [char for char in read if char != " "] == plain


def test_several_stand_in_a_row_and_the_first_good_one_is_shown():
    app = open_app()
    give(
        app, ("broken.png", b"\x89PNG\r\n\x1a\nx"), ("a.png", png(noise(20, 30))), ("b.png", png(noise(9, 9)))
    )
    assert (shown(app), names(app)) == ("a.png", ["a.png", "b.png"])
    assert "broken.png: PNG picture cannot be decoded" in said(app)
    give(app, ("c.png", png(smooth(5, 5))))
    assert (shown(app), names(app)) == ("c.png", ["a.png", "b.png", "c.png"])
    assert "broken" not in said(app)
    app.button_group(key="sample").set_value("cat").run()
    assert (shown(app), names(app)) == (None, ["a.png", "b.png", "c.png"])


def test_each_keeps_its_place_and_goes_when_it_is_taken_out():
    app = open_app()
    give(app, *((name, png(noise(40, 30 + number))) for number, name in enumerate("abc")))
    visit = known(app).visit
    visit.hear(None, None, lambda record: _moved(record, (1, 2, 10, 11)))
    app.run()
    assert record(app).at == (1, 2, 10, 11)
    click(app, "show", "c")
    assert (shown(app), record(app).at) == ("c", None)
    click(app, "show", "a")
    assert (shown(app), record(app).at) == ("a", (1, 2, 10, 11))
    click(app, "out", "a")
    assert (shown(app), names(app), record(app).at) == ("b", ["b", "c"], None)
    click(app, "out", "c")
    assert (shown(app), names(app)) == ("b", ["b"])
    click(app, "out", "b")
    assert (shown(app), names(app)) == (None, [])
    assert "Coffee 600×400" in texts(app)


def _moved(record, at):
    from dataclasses import replace

    return replace(record, at=at)


HOSTILE = {
    "equal.png": png(noise(20, 30)),
    "../../equal.png": png(noise(21, 30)),
    "🎨/<b>x</b>\n.png": png(noise(22, 30)),
    "n" * 300 + ".png": png(noise(23, 30)),
    "pixel.png": png(np.zeros((1, 1, 3), np.uint8)),
    "moves.gif": saved(noise(12, 12), "GIF", save_all=True, append_images=[Image.fromarray(smooth(12, 12))]),
    "veil.png": png(np.dstack([noise(20, 20), smooth(20, 20)[..., 0]])),
    "photo.jpg": saved(smooth(60, 80), "JPEG"),
}


def test_whatever_the_files_are_the_zip_has_them_all_but_what_is_broken():
    app = open_app(k="7")
    give(
        app,
        *HOSTILE.items(),
        ("equal.png", png(noise(24, 30))),
        ("equal.png", HOSTILE["equal.png"]),  # the same once more
        ("twin.png", HOSTILE["equal.png"]),
        ("empty.png", b""),
        ("broken.png", b"\x89PNG\r\n\x1a\nx"),
        ("clear.png", png(np.zeros((6, 6, 4), np.uint8))),
        ("notes.txt", b"just words"),
    )
    assert names(app) == [*map(readable, HOSTILE), "equal.png", "twin.png"]
    for name in ("empty.png", "broken.png", "clear.png", "notes.txt"):
        assert f"{name}: " in said(app)
    with make_all(app) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert list(files) == [
        "equal-7.png", "equal-7 (2).png", "b_-7.png", "n" * 120 + "-7.png", "pixel-7.png", "moves-7.png",
        "veil-7.png", "photo-7.png", "equal-7 (3).png", "twin-7.png",
    ]  # fmt: skip
    for one, data in zip(known(app).visit.tray.pictures, files.values(), strict=True):
        with Image.open(io.BytesIO(data)) as file, Image.open(io.BytesIO(one.data)) as given:
            assert file.size == given.size
            assert file.mode == "P"
            assert len({pixel[:3] for _, pixel in file.convert("RGBA").getcolors() if pixel[3]}) <= 7
    before = sum(len(one.data) for one in known(app).visit.tray.pictures)
    after = sum(map(len, files.values()))
    lines = known(app).made.lines
    assert [(line.file, line.after) for line in lines] == [(name, len(data)) for name, data in files.items()]
    assert sum(line.before for line in lines) == before
    assert f"{abs(round(100 * (before - after) / before))} % saved" in texts(app)


@pytest.mark.parametrize(("alpha", "made"), [("hard", 1), ("soft", 2)])
def test_a_picture_of_which_all_is_faint_is_made_with_soft_edges_and_else_a_sentence(alpha, made):
    app = open_app(k="7", alpha=alpha)
    give(app, ("a.png", png(noise(20, 30))), ("faint.png", png(np.full((6, 6, 4), 9, np.uint8))))
    with make_all(app) as archive:
        assert len(archive.namelist()) == made
    assert ("or soft edges" in said(app)) == (alpha == "hard")


def veil(height: int, width: int, faint: int, soft: int) -> np.ndarray:
    """A picture with so many faint and soft columns; the others are opaque."""
    alpha = np.full((height, width), 255, np.uint8)
    alpha[:, :faint], alpha[:, faint : faint + soft] = 60, 200
    return np.dstack([smooth(height, width), alpha])


def cut_of(app: AppTest) -> dict[str, str]:
    """What the list of all pictures says of their soft edges, by the files' names."""
    table = next(one.proto.body for one in app.get("html") if "cq-made" in one.proto.body)
    found = re.findall("<th scope=row>(.*?)</th>(.*?)(?=<th|$)", table)
    return {name: re.sub("<.*?>", "", rest.partition("cq-cut")[2]).partition(">")[2] for name, rest in found}


def test_what_became_of_soft_edges_is_in_the_list_and_with_them_the_zip_keeps_all():
    app = open_app(k="12")
    files = {
        "opaque.png": png(noise(20, 30)),
        "faint.png": png(veil(10, 100, 43, 0)),
        "both.png": png(veil(10, 1000, 3, 120)),
        "soft.png": png(veil(10, 100, 0, 7)),
        "holes.png": png(np.dstack([noise(20, 30), (smooth(20, 30)[..., 0] > 99).astype(np.uint8) * 255])),
    }
    give(app, *files.items())
    assert shown(app) == "opaque.png"
    control = app.segmented_control(key="alpha")
    assert (control.value, control.disabled) == ("hard", False)
    opacities = opacities_of(make_all(app))
    assert set().union(*opacities.values()) == {0, 255}
    would = "Soft edges would keep them"
    assert cut_of(app) == {
        "opaque-12.png": "",
        "faint-12.png": f"43 % became transparent: {would}",
        "both-12.png": f"under 1 % became transparent, 12 % became opaque: {would}",
        "soft-12.png": f"7 % became opaque: {would}",
        "holes-12.png": "",
    }
    control.set_value("soft").run()
    assert_sound(app)
    opacities = opacities_of(make_all(app))
    assert list(opacities.values()) == [{255}, {60, 255}, {60, 200, 255}, {200, 255}, {0, 255}]
    assert set(cut_of(app).values()) == {""}


def opacities_of(archive: zipfile.ZipFile) -> dict[str, set[int]]:
    with archive:
        data = {name: io.BytesIO(archive.read(name)) for name in archive.namelist()}
    found = {name: Image.open(one) for name, one in data.items()}
    assert {image.mode for image in found.values()} == {"P"}
    return {
        name: set(np.unique(np.asarray(image.convert("RGBA"))[..., 3]).tolist())
        for name, image in found.items()
    }


def test_without_soft_edges_in_any_picture_there_is_no_choice_of_them():
    app = open_app(k="7")
    give(app, ("a.png", png(noise(20, 30))), ("b.png", png(noise(21, 30))))
    assert "alpha" not in {one.key for one in app.segmented_control}
    give(app, ("veil.png", png(veil(9, 9, 2, 2))))
    click(app, "show", "a.png")
    assert "alpha" in {one.key for one in app.segmented_control}
    app.switch_page("pages/compare_k.py").run()
    assert_sound(app)
    assert "alpha" not in {one.key for one in app.segmented_control}


def test_what_was_made_counts_for_its_settings_only():
    app = open_app(k="7")
    give(app, ("a.png", png(noise(20, 30))), ("b.png", png(noise(21, 30))))
    make_all(app)
    assert "2 pictures" in texts(app)
    app.slider(key="k").set_value(9).run()
    assert "2 pictures" not in texts(app)
    assert app.button(key="make_all").label == "Make all 2 pictures"


def test_a_picture_that_grows_is_said():
    app = open_app(k="256")
    flat = saved(np.zeros((64, 64, 3), np.uint8), "WEBP", lossless=True)
    give(app, ("a.webp", flat), ("b.png", png(noise(40, 40))))
    make_all(app)
    assert "1 of 2 became longer than the file that was given" in said(app)
    assert "% longer" in texts(app)


def test_a_picture_that_fails_is_a_sentence_and_the_rest_is_there(monkeypatch):
    from quantize import QuantizeError

    app = open_app(k="7")
    give(app, *((f"{name}.png", png(noise(20 + number, 30))) for number, name in enumerate("abc")))
    png_of = _all._png

    def fail(picture, *rest):
        if picture.name == "b.png":
            raise QuantizeError("this took longer than 60 s")
        return png_of(picture, *rest)

    monkeypatch.setattr(_all, "_png", fail)
    with make_all(app) as archive:
        assert archive.namelist() == ["a-7.png", "c-7.png"]
    assert "b.png: This took longer than 60 s." in said(app)


def test_a_zip_that_is_full_says_so(monkeypatch):
    app = open_app(k="256")
    big = [(f"{number}.png", png(noise(800, 800 + number))) for number in range(2)]
    give(app, *big)
    monkeypatch.setenv("QUANTIZE_PICTURES_MB", "1")
    with make_all(app) as archive:
        assert archive.namelist() == ["0-256.png"]
    assert "The ZIP must be at most 1 MB" in said(app)


def test_a_run_that_is_cut_short_goes_on_where_it_was(monkeypatch):
    """Each picture is made once, and the wish stays until all are."""
    app = open_app(k="7")
    give(app, *((f"{name}.png", png(noise(20 + number, 30))) for number, name in enumerate("abcd")))
    made, png_of = [], _all._png

    def cut(picture, *rest):
        made.append(picture.name)
        if made == ["a.png", "b.png", "c.png"]:
            raise StopException
        return png_of(picture, *rest)

    monkeypatch.setattr(_all, "_png", cut)
    app.button(key="make_all").click().run()
    assert_sound(app)
    assert [line.name for line in known(app).made.lines] == ["a.png", "b.png"]
    assert [one.key for one in app.button if "all" in (one.key or "")] == ["stop_all"]
    app.run()
    assert made == ["a.png", "b.png", "c.png", "c.png", "d.png"]
    assert "4 pictures" in texts(app)


def test_who_stops_it_or_chooses_otherwise_gets_no_zip(monkeypatch):
    app = open_app(k="7")
    give(app, ("a.png", png(noise(20, 30))), ("b.png", png(noise(21, 30))))
    monkeypatch.setattr(_all, "_png", stop)
    for act in (lambda: app.button(key="stop_all").click(), lambda: app.slider(key="k").set_value(9)):
        app.button(key="make_all").click().run()
        assert known(app).wish is not None
        act().run()
        assert_sound(app)
        assert known(app).wish is None
        assert app.button(key="make_all").label == "Make all 2 pictures"


def stop(*_):
    """Ends a run, as the visitor's next change does."""
    raise StopException


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("three.gpl", GPL), ("three", GPL), ("three.png", GPL), ("x.hex", b"ff0000\n00ff00\n0000ff\n"),
        ("x.txt", b"#ff0000 #00ff00 #0000ff"),
        ("x.act", bytes([255, 0, 0, 0, 255, 0]) + bytes(759) + b"\0\0\xff"),
    ],
)  # fmt: skip
def test_a_palette_file_is_told_by_its_content_and_the_picture_stays(name, data):
    app = open_app()
    give(app, ("a.png", png(noise(20, 30))), (name, data))
    assert shown(app) == "a.png"
    assert f"{name} is a palette" in said(app)
    assert {"#ff0000", "#00ff00", "#0000ff"} <= set(record(app).pin)
    assert len(app.error) == 0
    app.button(key="use_given").click().run()
    assert_sound(app)
    assert record(app).palette == record(app).pin
    assert record(app).entries == "file"
    assert "use_given" not in {button.key for button in app.button}
    assert any("in use on every page" in one.value for one in app.sidebar.caption)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>', "an SVG, a drawing"),
        ("art.ase", b"\0\0\0\0\xe0\xa5\1\0" + bytes(200), "an Aseprite file"),
        ("huge.gpl", GPL + b"1 2 3\n" * 200_000, "Palette file must be at most 1 MB"),
        ("many.gpl", b"GIMP Palette\n#\n" + b"".join(b"%d %d 0\n" % (n // 256, n % 256) for n in range(300)),
         "must hold at most 256 different colours"),
    ],
)  # fmt: skip
def test_what_is_neither_is_said(name, data, expected):
    app = open_app()
    give(app, (name, data))
    assert expected in said(app)
    assert record(app).pin == ()
    assert "Coffee 600×400" in texts(app)


def test_a_picture_given_as_a_palette_is_called_a_picture():
    app = open_app()
    app.switch_page("pages/palette.py").run()
    for name, data, kind in (
        ("a.jpg", saved(smooth(40, 40), "JPEG"), "JPEG"),
        ("b.png", png(noise(90, 90)), "PNG"),
    ):
        app.file_uploader(key="palette_file").set_value((name, data, "")).run()
        assert_sound(app)
        assert f"{name}: Palette file must hold a palette, not a {kind} picture" in said(app)
    assert record(app).pin == ()


def test_no_more_than_fits_is_taken(monkeypatch):
    monkeypatch.setattr("pages._tray.MAX_PICTURES", 3)
    app = open_app()
    give(app, *((f"{number}.png", png(noise(9, 9 + number))) for number in range(5)))
    assert len(names(app)) == 3
    assert "4.png: There are 3 pictures already" in said(app)
    monkeypatch.setenv("QUANTIZE_PICTURES_MB", "1")
    monkeypatch.setattr("pages._tray.MAX_PICTURES", 40)
    give(app, ("large.png", png(noise(700, 700))))
    assert "large.png: All pictures together must be at most 1 MB" in said(app)


def test_a_file_may_be_as_long_as_the_host_says(monkeypatch):
    monkeypatch.setenv("QUANTIZE_FILE_MB", "1")
    app = open_app()
    assert app.file_uploader(key="file").proto.max_upload_size_mb == 1
    give(app, ("large.png", png(noise(700, 700))))
    assert "large.png: Picture must be at most 1 MB, not 1.5 MB" in said(app)


def test_files_are_taken_one_by_one_and_a_cut_run_leaves_the_rest_to_the_next(monkeypatch):
    taken, take = [], _files._take

    def cut(file, *more):
        taken.append(file.name)
        if taken == ["x.png", "0.png", "1.png"]:
            raise StopException
        take(file, *more)

    app = open_app()
    monkeypatch.setattr(_files, "_take", cut)
    files = [("x.png", b"x"), *((f"{n}.png", png(noise(9, 9 + n))) for n in range(3))]
    give(app, *files)
    assert names(app) == ["0.png"]
    app.run()
    assert_sound(app)
    assert taken == ["x.png", "0.png", "1.png", "1.png", "2.png"]
    assert (shown(app), names(app)) == ("0.png", ["0.png", "1.png", "2.png"])
    assert "x.png: Picture must be" in said(app)


def test_the_button_gives_a_zip(monkeypatch):
    found = {}
    monkeypatch.setattr(
        _downloads, "offer", lambda label, make, name, mime, **_: found.update({label: (make, name, mime)})
    )
    app = open_app(k="7")
    give(app, ("a.png", png(noise(20, 30))), ("b.png", png(noise(21, 30))))
    app.button(key="make_all").click().run()
    make, name, mime = found["Download ZIP"]
    assert (name, mime) == ("pictures-7.zip", "application/zip")
    assert zipfile.ZipFile(io.BytesIO(make())).namelist() == ["a-7.png", "b-7.png"]
