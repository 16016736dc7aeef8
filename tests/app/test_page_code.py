"""The button Code on every page: what it shows makes the very pixels that the page shows."""

import io
import json
import os
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import SCREENS, _cache, _downloads
from quantize.__main__ import main
from quantize.decoding.samples import load_sample
from quantize.teaching.points import find_points
from quantize.teaching.starts import choose_start
from quantize.teaching.trace import trace_run
from tests.app.test_pages import assert_sound, open_app, upload
from tests.pictures import noise, png, smooth

PAGES = [screen.file for screen in SCREENS]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, object]]:
    """What is offered for download: key of the button → name and maker of the file."""
    offered: dict[str, tuple[str, object]] = {}

    def offer(label, make, name, mime, *, key=None, **_):
        offered[key or label] = name, make

    def offer_made(label, data, name, mime, *, key):
        offered[key] = name, lambda: data

    monkeypatch.setattr(_downloads, "offer", offer)
    monkeypatch.setattr(_downloads, "offer_made", offer_made)
    return offered


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list:
    """References to the results that a page shows."""
    found, draw = [], _cache.result_preview
    monkeypatch.setattr(_cache, "result_preview", lambda result: found.append(result) or draw(result))
    return found


def open_code(page: str, **query: str) -> AppTest:
    app = open_app(**query)
    if page != "studio":
        app.switch_page(f"pages/{page}.py")
        app.run()
    app.button(key="code").click().run()
    assert_sound(app)
    return app


def run_in(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    exec(compile(code, "code.py", "exec"), {})


def pixels_of(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.array(image.convert("RGBA"))


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("studio", {"preset": "looks", "k": "7", "keep": "#ff0000"}),
        ("studio", {"k": "300", "space": "HSV", "entries": "use", "dither": "bayer-4"}),
        ("studio", {"palette": "fff-000-fff-f00", "entries": "file"}),
        ("palette", {"n": "5", "merge": "9", "pin": "00ff00"}),
        ("palette", {"n": "6", "order": "hue"}),
        ("your_palette", {"table": "pico-8", "dither": "floyd-steinberg", "off": "3"}),
        ("your_palette", {"table": "hama", "best": "6", "space": "LAB"}),
    ],
)
def test_the_code_makes_what_the_page_shows(page, query, files, shown, tmp_path, monkeypatch):
    app = open_code(page, sample="shapes", **query)
    (tmp_path / files["code_picture"][0]).write_bytes(files["code_picture"][1]())
    run_in(tmp_path, app.code[0].value, monkeypatch)
    made = (tmp_path / "result.png").read_bytes()
    assert (pixels_of(made) == pixels_of(_cache.download(shown[-1]))).all()
    if page != "palette":  # whose orders are its own
        button = "export_mapped" if page == "your_palette" else "Download PNG"
        assert made == files[button][1]()


@pytest.mark.parametrize(("page", "names"), [("compare_k", ["3", "9"]), ("compare_spaces", ["BGR", "Oklab"])])
def test_of_several_results_the_code_makes_each(page, names, files, tmp_path, monkeypatch):
    query = {"ks": "3-9"} if page == "compare_k" else {"spaces": "BGR-Oklab"}
    app = open_code(page, sample="shapes", k="9", **query)
    (tmp_path / "shapes.png").write_bytes(files["code_picture"][1]())
    run_in(tmp_path, app.code[0].value, monkeypatch)
    assert {path.name for path in tmp_path.glob("result-*")} == {f"result-{name}.png" for name in names}


def test_an_upload_s_own_name_stands_in_the_code_whatever_it_is(files, tmp_path, monkeypatch):
    name = 'my "best" photo\'s $1.png'
    app = open_app()
    upload(app, name, png(smooth(30, 40)))
    app.button(key="code").click().run()
    assert_sound(app)
    assert "code_picture" not in files  # they have it
    (tmp_path / name).write_bytes(png(smooth(30, 40)))
    run_in(tmp_path, app.code[0].value, monkeypatch)
    made = (tmp_path / "result.png").read_bytes()
    os.remove(tmp_path / "result.png")
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(app.code[1].value)[3:])
    assert not ended.value.code
    assert (tmp_path / "result.png").read_bytes() == made == files["Download PNG"][1]()


def test_opencv_s_code_is_there_where_it_can_be_and_else_a_sentence_says_why_not(files):
    app = open_code("studio", sample="shapes", k="3", preset="lesson", method="opencv")
    assert len(app.code) == 3
    assert "cv2.kmeans" in app.code[1].value
    app = open_code("studio", sample="shapes", k="3")
    assert len(app.code) == 2
    assert any("choose the preset Lesson" in caption.value for caption in app.caption)


def test_the_notebook_is_offered_as_a_file(files):
    open_code("studio", sample="shapes")
    name, make = files["code_notebook"]
    assert name == "shapes.ipynb"
    assert json.loads(make())["nbformat"] == 4


def is_same(made: bytes, offered: bytes) -> bool:
    """Whether files are equal, but for the name of a drawing's picture."""
    return re.sub(rb"<title>.*?</title>", b"", made) == re.sub(rb"<title>.*?</title>", b"", offered)


JOBS = [
    ("panel", {"panel": "bwr", "panel_turn": "90", "tone": "curve", "curve": "0.6"}, "export.png"),
    ("panel", {"panel_size": "64-40", "tone": "as-is", "panel_dither": "floyd-steinberg"}, "export.png"),
    ("pixel_art", {"cell": "8x8", "art_k": "9", "scale": "3", "space": "LAB"}, "export_art"),
    ("pixel_art", {"cell": "8x8", "art_table": "pico-8", "art_pick": "median"}, "export_art"),
    ("pixel_art", {"cell": "9x7", "art_table": "used", "palette": "fff-000-f00"}, "export_art"),
    ("pixel_art", {"art": "tiles", "machine": "nes"}, "export_tiles_png"),
    (
        "pixel_art",
        {"art": "tiles", "machine": "own", "tile": "5-9", "tile_shared": "true"},
        "export_tiles_png",
    ),
    ("segments", {"k": "7", "smallest": "50", "method": "wu", "space": "LAB"}, "export_poster"),
    ("segments", {"k": "5", "smooth": "false", "palette": "fff-000-f00-00f"}, "export_poster"),
    ("numbers", {"k": "5", "brush": "6", "protect": "f00", "numerals": "stroke"}, "export_numbers_pdf"),
    ("numbers", {"palette": "fff-000-f00-00f", "paper": "letter", "outline": "color"}, "export_numbers_pdf"),
    ("compress", {"kb": "3"}, "export_small"),
    ("compress", {"goal": "looks", "least": "60", "kind": "webp"}, "export_small"),
]


@pytest.mark.parametrize(("page", "query", "button"), JOBS)
def test_the_command_writes_the_file_that_the_page_offers(page, query, button, files, tmp_path, monkeypatch):
    app = open_code(page, sample="shapes", **query)
    monkeypatch.chdir(tmp_path)
    Path("shapes.png").write_bytes(files["code_picture"][1]())
    words = shlex.split(app.code[0].value)
    with pytest.raises(SystemExit) as ended:
        main(words[3:])
    assert not ended.value.code, words
    assert is_same(Path(words[-1]).read_bytes(), files[button][1]()), words


@pytest.mark.parametrize(
    "query", [{"clusters": "5", "start": "k-means++", "draw": "3"}, {"centers": "f00-0f0"}]
)
def test_the_programs_of_a_run_end_where_the_page_s_run_ends(query, files, tmp_path, monkeypatch, capsys):
    points = find_points(load_sample("shapes"))
    first = choose_start(points, 5, "k-means++", 3)
    if "centers" in query:
        first = np.array([[255.0, 0, 0], [0, 255, 0]])
    end = trace_run(points.colors, points.counts, first, max_iter=40)
    app = open_code("inside_kmeans", sample="shapes", **query)
    assert [tab.label for tab in app.tabs] == ["OpenCV", "NumPy", "This project"]
    (tmp_path / "shapes.png").write_bytes(files["code_picture"][1]())
    for code in app.code:
        assert "cv2.kmeans" not in code.value or "cv2.KMEANS_USE_INITIAL_LABELS" in code.value
        run_in(tmp_path, code.value, monkeypatch)
        said = capsys.readouterr().out
        assert f"Error {end.sse / points.n_pixels:,.1f}" in said
        assert (tmp_path / "result.png").exists()
        (tmp_path / "result.png").unlink()
    assert json.loads(files["code_numpy_notebook"][1]())["nbformat"] == 4


HOSTILE = [noise(1, 1), np.full((9, 9, 3), 7, np.uint8), noise(8, 8, 4)]


@pytest.mark.parametrize(("number", "page"), list(enumerate(PAGES)))
def test_every_page_has_code_also_of_pictures_that_are_no_photos(number, page, files):
    app = open_app()
    upload(app, "x.png", png(HOSTILE[number % len(HOSTILE)]))
    if page != "studio":
        app.switch_page(f"pages/{page}.py")
        app.run()
    assert_sound(app)
    app.button(key="code").click().run()
    assert_sound(app)
    assert app.code
