"""The page about pixel art as Streamlit runs it: grid or none, tiles, and its files are the commands'."""

import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import _downloads
from pages._address import from_query, to_query
from pages._address_parts import SCALES
from quantize.palettes.tables import find_table
from quantize.tiles.machines import MACHINES
from tests.app.test_page_panel import HOSTILE
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.commands.test_main import run
from tests.pictures import noise, png, saved, smooth
from tests.pixelart.made import draw_art


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What is offered, by the label of its button: what makes it."""
    offered: dict = {}
    monkeypatch.setattr(_downloads, "offer", lambda label, make, *_, **__: offered.update({label: make}))
    return offered


@pytest.fixture
def panes(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What the viewer was given last."""
    shown: dict = {}
    monkeypatch.setattr(
        "pages._viewer.viewer", lambda panes, **others: shown.update({"panes": panes, **others})
    )
    return shown


def open_art(**query: str) -> AppTest:
    app = open_app(**{"sample": "pixels", **query})
    app.switch_page("pages/pixel_art.py").run()
    assert_sound(app)
    return app


def said(app: AppTest) -> str:
    return " ".join(text.value for text in (*app.markdown, *app.caption)).replace("\\", "")


def pixels_of(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def test_the_sample_comes_back_at_its_true_size_and_is_shown_where_it_lies(files, panes):
    app = open_art(art_k="24")
    assert "Cells 72 × 48 Each 8.5 × 8.5 pixels" in texts(app)
    small, shown = pixels_of(files["Download PNG"]()), pixels_of(panes["panes"][1].png)
    assert small.shape == (48, 72, 4)
    assert len(np.unique(small.reshape(-1, 4), axis=0)) == 24
    assert shown.shape == (408, 612, 4)
    middles = np.ix_(((np.arange(48) + 0.5) * 8.5).astype(int), ((np.arange(72) + 0.5) * 8.5).astype(int))
    np.testing.assert_array_equal(shown[middles], small)
    np.testing.assert_array_equal(pixels_of(panes["crop"](10, 20, 110, 70, 1)), shown[20:70, 10:110])
    app.selectbox(key="scale").set_value(4).run()
    np.testing.assert_array_equal(
        pixels_of(files["Download PNG"]()), small.repeat(4, axis=0).repeat(4, axis=1)
    )
    assert_sound(app)


def test_where_there_is_no_grid_a_sentence_says_what_to_do_and_a_sample_shows_it(panes):
    app = open_art(sample="coffee", cell="")
    assert "No grid was found" in said(app)
    assert len(panes["panes"]) == 1
    app.text_input(key="cell").set_value("20").run()
    assert_sound(app)
    assert record(app).cell == "20x20"
    assert "Cells 30 × 20" in texts(app)
    app.text_input(key="cell").set_value("9000x2").run()
    assert "Cell must be from 1 pixel to the picture's 600" in said(app)
    app.text_input(key="cell").set_value("wide").run()
    assert "cell must be pixels of a cell" in app.warning[0].value
    assert record(app).cell == ""
    upload(app, "photo.png", png(noise(300, 200)))
    app.button(key="try_pixels").click().run()
    assert_sound(app)
    assert record(app).sample == "pixels"
    assert "Cells 72 × 48" in texts(app)
    assert "try_pixels" not in [button.key for button in app.button]


def test_a_table_or_the_palette_in_use_takes_the_place_of_k(files):
    app = open_art(art_table="pico-8")
    assert app.number_input(key="art_k").disabled
    colors = np.unique(pixels_of(files["Download PNG"]())[..., :3].reshape(-1, 3), axis=0)
    table = find_table("pico-8").palette.colors.tolist()
    assert all(color in table for color in colors.tolist())
    app = open_art(art_table="used", palette="000000-ffffff")
    assert app.selectbox(key="art_table").value == "used"
    assert "→ 2" in texts(app)
    app = open_art(art_table="used")  # there is none
    assert app.selectbox(key="art_table").value == ""
    assert "→ 256" in texts(app)


def test_by_hand_goes_on_from_the_machine_and_comes_back_by_its_link():
    app = open_art(art="tiles", machine="nes", sample="Shapes")
    app.selectbox(key="machine").set_value("own").run()
    assert_sound(app)
    found = record(app)
    assert (found.tile, found.tile_palettes, found.tile_k, found.tile_shared) == ((16, 16), 4, 4, True)
    assert found.tile_table == "nes"
    assert app.number_input(key="tile_levels").disabled
    app.number_input(key="tile_width").set_value(8).run()
    app.number_input(key="tile_palettes").set_value(200).run()
    assert "Palettes × colours must be at most 256" in app.warning[0].value
    app.number_input(key="tile_palettes").set_value(2).run()
    assert len(app.warning) == 0
    assert "Tiles 50 × 19 of 8×16 pixels Palettes 2 of 4" in texts(app)
    again = open_art(**to_query(record(app)))
    assert record(again) == record(app)
    assert texts(again) == texts(app)


def test_palettes_are_shown_and_only_the_commonest_of_very_many():
    app = open_art(art="tiles", machine="gbc", sample="Shapes")
    html = " ".join(element.proto.body for element in app.get("html"))
    assert html.count('class="cq-set"') == 8
    app.selectbox(key="machine").set_value("c64").run()
    assert_sound(app)
    html = " ".join(element.proto.body for element in app.get("html"))
    assert html.count('class="cq-set"') <= 64


@pytest.mark.parametrize("seed", range(6))
def test_pixel_art_is_what_the_command_writes(files, capsys, tmp_path, monkeypatch, seed):
    rng = random.Random(seed)
    art = draw_art(24, 18, seed=seed)
    pixels = np.dstack([art, np.full(art.shape[:2], 255, np.uint8)]).repeat(6, axis=0).repeat(6, axis=1)
    if seed % 2:
        pixels[:24, :36, 3] = 0
    data, scale = saved(pixels, "PNG"), rng.choice(SCALES[:4])
    cell, table = rng.choice(["", "6x6", "4.5x6"]), rng.choice(["", "pico-8", "gameboy"])
    query = {"cell": cell, "art_table": table, "art_k": "7", "scale": str(scale), "space": "LAB"}
    query["art_pick"] = rng.choice(["mode", "median"])
    app = open_art(**query)
    upload(app, "mine.png", data)
    monkeypatch.chdir(tmp_path)
    Path("mine.png").write_bytes(data)
    more = ["--palette", table] if table else ["-k", "7"]
    more += ["--cell", cell] if cell else []
    code, _, err = run(
        capsys, "pixelart", "mine.png", "-o", "made.png", "--scale", scale, "--space", "LAB",
        "--pick", query["art_pick"], *more,
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert files["Download PNG"]() == Path("made.png").read_bytes()


@pytest.mark.parametrize("seed", range(6))
def test_tiles_are_what_the_command_writes(files, capsys, tmp_path, monkeypatch, seed):
    rng = random.Random(seed)
    pixels = np.dstack([np.roll(smooth(50, 70), 7 * seed, axis=1), np.full((50, 70), 255, np.uint8)])
    if seed % 2:
        pixels[8:30, 8:20, 3] = 0
    data = saved(pixels, "PNG")
    machine = ["own", *MACHINES][seed * 2 % (len(MACHINES) + 1)]
    table = rng.choice(["", "pico-8"])
    query = {
        "machine": machine, "tile": "5-9", "tile_palettes": "3", "tile_k": "5", "tile_table": table,
        "tile_shared": "true", "tile_levels": "32", "space": "Oklab",
    }  # fmt: skip
    app = open_art(art="tiles", **query)
    upload(app, "mine.png", data)
    monkeypatch.chdir(tmp_path)
    Path("mine.png").write_bytes(data)
    by_hand = ["--tile", "5x9", "--palettes", "3", "-k", "5", "--shared"]
    by_hand += ["--palette", table] if table else ["--levels", "32"]
    code, out, err = run(
        capsys, "tiles", "mine.png", "-o", "a.png", "--map", "a.json", "--pal", "a.pal", "--json",
        "--space", "Oklab", *(by_hand if machine == "own" else ["--machine", machine]),
    )  # fmt: skip
    assert (code, err) == (0, "")
    for label, name in (("PNG", "a.png"), ("map", "a.json"), ("palette", "a.pal")):
        assert files[f"Download {label}"]() == Path(name).read_bytes()
    assert f"MSE {json.loads(out)['mse']:,.1f}" in texts(app)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("art", ["size", "tiles"])
def test_whatever_is_brought(name, art, panes):
    app = open_art(art=art, machine="snes-4")
    pixels = HOSTILE[name]
    upload(app, "x.png", saved(pixels, "PNG") if pixels.shape[2] == 4 else png(pixels))
    assert [error.value for error in app.error] == []
    assert [warning.value for warning in app.warning] == []
    assert panes["panes"]


def test_a_hostile_address_costs_a_sentence_each():
    record, refused = from_query(
        "art=x&cell=-1&art_k=0&art_table=crayola-999&art_pick=mean&scale=7&machine=psx&tile=0-0&tile_levels=1"
    )
    assert record == from_query("")[0]
    assert len(refused) == 6


def test_too_many_tiles_with_palettes_of_their_own_are_a_sentence(monkeypatch):
    monkeypatch.setattr("pages._pixels.tiled.MOST_OWN", 1_000)
    app = open_art(art="tiles", machine="c64-hires", sample="Shapes")
    assert "Tiles must be at most 1,000 on this page" in app.warning[0].value.replace("\\", "")
    assert_sound(app)
