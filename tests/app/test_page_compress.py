"""The page about smaller files as Streamlit runs it: goals, kinds, points of the chart, several pictures."""

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import _downloads
from pages._address import from_query, to_query
from pages._choices import Choices
from pages._smaller import charts, html, results
from pages._viewer import Viewed
from quantize import QuantizeError, load_picture
from quantize.decoding.samples import load_sample
from quantize.records import Records
from quantize.sizing.comparing import Point
from quantize.sizing.kinds import KINDS
from quantize.sizing.recipe import COMPARED, Recipe
from quantize.sizing.scores import Scores
from quantize.sizing.shrinking import Aim
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.pictures import noise, png, saved


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Files that the page offers, by their labels: names, and what makes them."""
    found: dict = {}

    def offer(label, make, name, mime, **_):
        found[label] = (name, make, mime)

    monkeypatch.setattr(_downloads, "offer", offer)
    return found


def open_page(**query: str) -> AppTest:
    app = open_app(**query)
    app.switch_page("pages/compress.py").run()
    assert_sound(app)
    return app


def photo() -> bytes:
    return png(load_sample("cat").pixels[30:150, 100:260])


def test_before_there_is_a_file_the_original_stands_beside_its_place(monkeypatch):
    """On a busy server that may take minutes."""
    shown, before, find = [], [], results.find_file

    def record_panes(panes, **_):
        shown.append([pane.label for pane in panes])
        return Viewed(None)

    def find_later(*words):
        before.append(list(shown))
        return find(*words)

    for place in ("pages._viewer", "pages._coming"):
        monkeypatch.setattr(f"{place}.viewer", record_panes)
    monkeypatch.setattr(results, "find_file", find_later)
    app = open_page()
    assert before[0][-1] == ["Original", "Your file"]
    assert shown[-1][1].startswith("Indexed PNG")
    shown.clear()
    app.number_input(key="kb").set_value(50).run()
    assert shown == [["Original", shown[-1][1]]], "what was there stays"

    def fail(*_):
        raise QuantizeError("it took too long: choose another kind")

    monkeypatch.setattr(results, "find_file", fail)
    other = open_app()
    other.switch_page("pages/compress.py").run()
    assert [error.value.replace("\\", "") for error in other.error] == [
        "It took too long: choose another kind."
    ]


def test_kinds_that_would_take_long_are_refused_and_not_shown(monkeypatch, offered):
    """Encoders are single calls in the server's process, which no limit of time ends."""
    slow = Records(
        "kind", tuple(replace(one, quick_to=9_000) if one.lossy else one for one in KINDS.values())
    )
    for module in ("pages._smaller.results", "quantize.sizing.recipe"):
        monkeypatch.setattr(f"{module}.KINDS", slow)
    app = open_page(kind="webp", kb="5")
    upload(app, "cat.png", png(load_sample("cat").pixels[30:150, 100:200]))
    said = "WebP is written here of at most 0 megapixels, got 0"
    assert said in " ".join(one.value for one in app.error)
    assert "Download WEBP" not in offered
    app.selectbox(key="kind").set_value("png").run()
    assert not app.error
    assert "Download PNG" in offered
    table = next(one.proto.body for one in app.get("html") if "<table" in one.proto.body)
    assert "WebP, lossless" in table
    assert "AVIF" not in table


def words(app: AppTest) -> str:
    return " ".join([texts(app), *(one.value for one in app.markdown), *(one.value for one in app.caption)])


def test_goals_kinds_and_points(offered):
    app = open_page(kb="9")
    upload(app, "cat.png", photo())
    name, make, mime = offered["Download PNG"]
    assert (name, mime) == ("cat-small.png", "image/png")
    assert len(make()) <= 9_000
    assert f"Exactly {len(make()):,} bytes" in texts(app)
    assert "It gave up" in words(app)
    assert "are estimates" not in words(app), "small pictures are really written"

    app.number_input(key="kb").set_value(5).run()
    assert_sound(app)
    assert len(offered["Download PNG"][1]()) <= 5_000
    app.selectbox(key="kind").set_value("webp").run()
    assert_sound(app)
    name, make, mime = offered["Download WEBP"]
    assert (name, mime, make()[8:12]) == ("cat-small.webp", "image/webp", b"WEBP")
    assert len(make()) <= 5_000
    app.button_group(key="goal").set_value("looks").run()
    app.number_input(key="least").set_value(60).run()
    assert_sound(app)
    looks = float(texts(app).split("SSIMULACRA2 ")[1].split()[0])
    assert looks >= 60
    assert to_query(record(app)).items() >= {"goal": "looks", "least": "60", "kind": "webp"}.items()


def test_a_point_of_the_chart_is_shown_and_left_again(offered):
    app = open_page(point="jpeg-65", kb="9")
    assert "JPEG, quality 65" in words(app)
    assert offered["Download JPG"][1]()[:3] == b"\xff\xd8\xff"
    app.button(key="back").click().run()
    assert_sound(app)
    assert record(app).point == ""
    assert "Download PNG" in offered


def test_what_is_small_enough_is_given_back(offered):
    app = open_page(kb="400")
    data = photo()
    upload(app, "cat.png", data)
    assert offered["Download PNG"][1]() == data
    assert "little enough" in words(app)


def test_a_file_as_it_came_has_its_own_ending_and_its_command_names_no_kind():
    made = results.Found(b"", None, 100.0, "", "", "JPEG", b"", (1, 1))
    assert [results.extension_of(made, name)[0] for name in ("a.jpeg", "a.png", "a")] == [
        ".jpeg",
        ".jpg",
        ".jpg",
    ]
    aim = Aim("webp", n_bytes=5_000)
    assert "--kind" not in results.name_options(aim, made)
    assert results.name_options(aim, replace(made, recipe=Recipe("webp", quality=5)))["--kind"] == "webp"


def test_looks_that_a_kind_misses_are_said(offered):
    app = open_page(goal="looks", least="95")
    upload(app, "noise.png", png(noise(30, 40)))
    assert "95 was not reached: indexed PNG comes to " in words(app)
    assert " PNG-24 or lossless WebP would." in words(app)


def test_several_pictures_become_one_zip(offered):
    app = open_page(kb="4")
    app.file_uploader(key="file").set_value(
        [("a.png", photo(), "image/png"), ("a.jpg", saved(noise(20, 20), "JPEG"), "image/jpeg")]
    ).run()
    assert_sound(app)
    app.button(key="shrink_all").click().run()
    assert_sound(app)
    name, make, _ = offered["Download ZIP"]
    with zipfile.ZipFile(io.BytesIO(make())) as file:
        files = {one: file.read(one) for one in file.namelist()}
    assert name == "smaller.zip"
    assert sorted(files) == ["a-small (2).jpg", "a-small.png"]
    assert all(len(data) <= 4_000 for data in files.values())
    assert files["a-small (2).jpg"] == saved(noise(20, 20), "JPEG")
    load_picture(files["a-small.png"])
    assert "2 pictures" in texts(app)
    assert "the file as it was" in texts(app)


def test_addresses_come_back_and_nonsense_is_said():
    chosen = Choices(goal="looks", kb=7, least=33, kind="avif", squeeze=True, point="png-64-dithered")
    query = "&".join(f"{name}={value}" for name, value in to_query(chosen).items())
    assert from_query(query) == (chosen, ())
    found, news = from_query("kb=0&kind=bmp&point=png-63&goal=fast&least=96&squeeze=2")
    assert found == Choices()
    assert len(news) == 6
    assert len(COMPARED) == len({one.code for one in COMPARED.values()})


def test_a_picture_of_nothing_and_one_pixel():
    app = open_page()
    upload(app, "dot.png", png(np.full((1, 1, 3), 77, np.uint8)))
    upload(app, "clear.png", png(np.zeros((9, 9, 4), np.uint8)))


PNG_8 = Recipe("png", 8)


def point(n_bytes: int, looks: float, recipe: Recipe | None = PNG_8) -> Point:
    return Point(recipe, n_bytes, Scores(looks, 1.0, 0.5))


def test_the_chart_marks_what_nothing_beats():
    points = [
        point(100, 20),
        point(200, 10),
        point(400, 90, Recipe("jpeg", quality=65)),
        point(900, 100, None),
    ]
    figure = charts.draw_files(points, points[1])
    assert list(figure.data[0].x) == [100, 400, 900]
    places = sorted(
        at for trace in figure.data for at in (trace.customdata if trace.customdata is not None else ())
    )
    assert places == [0, 1, 2, 3]
    low, high = figure.layout.xaxis.range
    assert 10**low < 100 < 900 < 10**high
    ticks = figure.layout.xaxis.tickvals
    assert ticks[0] >= 10**low
    assert ticks[-1] <= 10**high
    assert len(charts.draw_files([point(5, -90)], None).data) >= 1
    table = html.files_table(points)
    assert table.index("<td>100<") < table.index("<td>400<")
    assert table.count("<b>") == 3


def looks_of(app):
    return float(re.search(r"SSIMULACRA2 (\S+)", words(app))[1].replace("\N{MINUS SIGN}", "-"))


def test_a_kind_that_looks_clearly_nearer_in_so_many_bytes_is_offered_and_does(offered):
    app = open_page(kb="20", sample="coffee")
    said = re.search(r"In 20 kB \*\*(\w+)\*\* looks nearer: SSIMULACRA2 about (\d+)", words(app))
    kind, about = said.groups()
    before = looks_of(app)
    app.button(key="show_better").click().run()
    assert_sound(app)
    assert (record(app).kind, record(app).point) == (kind.lower(), "")
    assert looks_of(app) > before + 5
    assert looks_of(app) > float(about) - 5
    assert len(offered[f"Download {kind}"][1]()) <= 20_000
    assert not [one for one in app.button if one.key == "show_better"]


def test_a_file_of_the_chart_that_looks_clearly_nearer_is_named_and_one_click_away(offered):
    app = open_page(goal="looks", least="40", sample="coffee")
    assert "In no more bytes" in words(app)
    app.button(key="show_better").click().run()
    assert_sound(app)
    assert record(app).point != ""
    assert looks_of(app) > 45


def test_an_animation_in_the_zip_saves_nothing():
    frames = [Image.fromarray(noise(40, 50, seed=seed)) for seed in range(3)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    app = open_page(kb="2")
    app.file_uploader(key="file").set_value(
        [("a.png", photo(), "image/png"), ("moving.gif", file.getvalue(), "image/gif")]
    ).run()
    app.button(key="shrink_all").click().run()
    assert_sound(app)
    assert "without frames 2 to 3 of 3" in texts(app)
    assert "not all of their frames" in texts(app)
