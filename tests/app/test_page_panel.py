"""The page about e-paper panels as Streamlit runs it: what it shows, and that its files are the command's."""

import io
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import _downloads
from pages._address import from_query, to_query
from pages._choices import Choices
from pages._inks import common_size
from pages._panels.controls import DITHERINGS
from pages._server import cards
from pages._server.link import read_link
from quantize.dithering.dither import DITHERS
from quantize.panels.fitting import FITS
from quantize.panels.showing import TURNS
from quantize.panels.table import PANELS
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.commands.test_main import run
from tests.pictures import png, saved, smooth

ENDING = re.compile(r"(-preview)?\.\w+$")


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What is offered, by the end of its name: what makes it."""
    offered: dict = {}
    monkeypatch.setattr(
        _downloads, "offer",
        lambda label, make, name, *_, **__: offered.update({ENDING.search(name)[0]: make}),
    )  # fmt: skip
    return offered


@pytest.fixture
def panes(monkeypatch: pytest.MonkeyPatch) -> list:
    """What the viewer was given last."""
    shown: list = []
    monkeypatch.setattr("pages._viewer.viewer", lambda panes, **_: shown.__setitem__(slice(None), panes))
    return shown


def open_panel(**query: str) -> AppTest:
    app = open_app(**{"sample": "Shapes", "panel_size": "90-54", **query})
    app.switch_page("pages/panel.py").run()
    assert_sound(app)
    return app


def pixels_of(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def test_a_first_visit_shows_the_usual_panel_and_says_what_was_done(panes):
    app = open_app()
    app.switch_page("pages/panel.py").run()
    assert_sound(app)
    assert to_query(record(app)) == {}
    assert pixels_of(panes[0].png).shape == pixels_of(panes[1].png).shape == (480, 800, 3)
    colors = {tuple(color) for color in np.unique(pixels_of(panes[1].png).reshape(-1, 3), axis=0).tolist()}
    assert colors <= {tuple(color) for color in PANELS["spectra6"].colors.tolist()}
    assert "800×480 pixels" in texts(app)
    assert "192,000 bytes, 4 bits a pixel" in texts(app)
    captions = " ".join(caption.value for caption in app.caption)
    assert "Lightness from" in captions
    assert "that the panel shows" in captions
    assert "SPECTRA\\_7\\_3\\_6COLOR\\_V2" in captions


def test_every_panel_is_offered_with_its_inks_and_their_numbers():
    app = open_panel()
    assert app.selectbox(key="panel_dither").options[0].startswith("Pixel search")
    assert set(DITHERINGS) == set(DITHERS)
    for key, panel in PANELS.items():
        app.selectbox(key="panel").set_value(key).run()
        assert_sound(app)
        for name, number, code in zip(panel.inks.names, panel.inks.numbers, panel.shown, strict=True):
            assert re.search(rf"{name} #{code} number {number} ", texts(app)), (key, name)


def choose_panel(app, key: str) -> tuple[int, int]:
    """The size that follows."""
    app.selectbox(key="panel").set_value(key).run()
    assert_sound(app)
    return record(app).panel_size


def test_a_common_size_or_any_other():
    app = open_panel(panel_size="800-480")
    assert app.selectbox(key="panel_common").value == "spectra6 800x480"
    app.selectbox(key="panel_common").set_value("spectra6 400x600").run()
    assert record(app).panel_size == (400, 600)
    app.number_input(key="panel_width").set_value(123).run()
    assert record(app).panel_size == (123, 600)
    assert app.selectbox(key="panel_common").value == "spectra6 123x600"
    assert choose_panel(app, "bw") == (123, 600)  # nobody's size stays
    app.selectbox(key="panel_common").set_value("bw 280x480").run()
    assert choose_panel(app, "acep") == (800, 480)  # that of another kind of panel does not


def test_the_size_follows_the_panel_unless_it_was_chosen():
    app = open_panel(panel_size="800-480")
    assert choose_panel(app, "acep-5.7") == (640, 400)
    assert choose_panel(app, "acep-7.3") == (800, 480)
    assert choose_panel(app, "bwry") == (800, 480)
    assert choose_panel(app, "bwry-4.2") == (400, 300)
    assert choose_panel(app, "bwry") == (800, 480)
    assert choose_panel(app, "spectra6") == (800, 480)
    app.selectbox(key="panel_common").set_value("spectra6 1200x1600").run()
    for key in ("spectra6-v1", "spectra6-inky", "spectra6-paperless"):
        assert choose_panel(app, key) == (1200, 1600)
    assert choose_panel(app, "bw") == (800, 480)


@pytest.mark.parametrize("key", PANELS)
def test_what_the_list_of_sizes_says_belongs_to_the_panel_and_its_title(key):
    panel = PANELS[key]
    for inches in panel.inches:
        assert inches.split()[0].rstrip("0").split(".")[0] in panel.title
    app = open_panel(panel=key, panel_size="{}-{}".format(*panel.sizes[0]))
    box = app.selectbox(key="panel_common")
    names = {f"{w} × {h}" for _, w, h in panel.inks.sizes}
    assert {option.partition(" · ")[0] for option in box.options} == names
    assert all(re.search(r" · [\d.]+″", option) for option in box.options)
    before = {
        option for other in PANELS.values() if other.inks is not panel.inks for option in sizes_of(other)
    }
    assert not before & sizes_of(panel)


def sizes_of(panel) -> set[str]:
    """Values of the list of sizes: none is that of a panel of other inks."""
    return {common_size(Choices(panel=panel.key), (w, h)) for _, w, h in panel.inks.sizes}


def test_a_size_that_is_too_much_for_a_page_is_a_sentence():
    app = open_panel(panel_size="4096-4096")
    (said,) = [warning.value for warning in app.warning]
    assert "must have at most 4 megapixels on this page" in said
    app.number_input(key="panel_height").set_value(20).run()
    assert [warning.value for warning in app.warning] == []
    assert_sound(app)


def test_inks_of_ones_own_panel(panes):
    app = open_panel()
    app.color_picker(key="ink_3").set_value("#ff2010").run()
    assert_sound(app)
    assert record(app).shown[3] == "#ff2010"
    assert [255, 32, 16] in np.unique(pixels_of(panes[1].png).reshape(-1, 3), axis=0).tolist()
    assert "your own" in " ".join(caption.value for caption in app.caption)
    again = open_panel(**{**to_query(record(app))})
    assert record(again) == record(app)
    app.button(key="inks_back").click().run()
    assert record(app).shown == ()
    app.color_picker(key="ink_1").set_value("#000000").run()
    assert "white clearly lighter than black" in app.warning[0].value
    assert_sound(app)
    app.selectbox(key="panel").set_value("bw").run()
    assert record(app).shown == ()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_downloaded_is_what_the_command_writes(files, capsys, tmp_path, monkeypatch, seed):
    rng = random.Random(seed)
    dither = rng.choice(["search", "none", "floyd-steinberg", "bayer-4"])
    tone = ["auto", "curve", "as-is"][seed % 3]
    size = rng.choice([(90, 54), (33, 70), (1, 9)])
    query = {
        "panel": list(PANELS)[(5 * seed) % len(PANELS)], "panel_fit": rng.choice(FITS), "tone": tone,
        "panel_turn": str(rng.choice(TURNS)), "panel_dither": dither, "panel_size": "{}-{}".format(*size),
        "curve": "0.6", "panel_strength": "0.75", "panel_light": "encoded",
    }  # fmt: skip
    rgba = np.dstack([np.roll(smooth(60, 80), 7 * seed, axis=1), np.full((60, 80), 255, np.uint8)])
    rgba[20:30, 30:50, 3] = (0, 120, 255)[seed % 3]
    data = saved(rgba, "PNG")
    app = open_panel(**query)
    upload(app, "mine.png", data)
    monkeypatch.chdir(tmp_path)
    Path("mine.png").write_bytes(data)
    said = ["--panel", query["panel"], "--size", "{}x{}".format(*size), "--dither", dither]
    said += ["--fit", query["panel_fit"], "--rotate", query["panel_turn"]]
    said += {"auto": [], "curve": ["--curve", "0.6"], "as-is": ["--as-is"]}[tone]
    if dither != "none":
        said += ["--strength", "0.75", "--light", "encoded"]
    for ending in (".png", ".bmp", ".bin"):
        code, out, err = run(
            capsys, "panel", "mine.png", *said, "-o", f"made{ending}", "--preview", "seen.png", "--json"
        )
        assert (code, err) == (0, "")
        assert files[ending]() == Path(f"made{ending}").read_bytes()
    assert files["-preview.png"]() == Path("seen.png").read_bytes()
    assert f"{len(files['.bin']()):,} bytes" in texts(app)
    inks = json.loads(out)["inks"]
    assert sum(ink["pixels"] for ink in inks) == size[0] * size[1]


HOSTILE = {
    "one pixel": np.full((1, 1, 3), 77, np.uint8),
    "one row": smooth(1, 700),
    "one colour": np.full((40, 30, 3), (200, 10, 20), np.uint8),
    "greys": np.arange(256, dtype=np.uint8).repeat(3).reshape(1, 256, 3).repeat(9, axis=0),
    "faint": np.full((9, 9, 4), 60, np.uint8),
    "soft": np.dstack([smooth(20, 30), np.linspace(0, 255, 30).astype(np.uint8)[None].repeat(20, axis=0)]),
    "huge": smooth(1500, 2100),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_brought(files, name):
    app = open_panel()
    pixels = HOSTILE[name]
    upload(app, "x.png", saved(pixels, "PNG") if pixels.shape[2] == 4 else png(pixels))
    assert [error.value for error in app.error] == []
    assert [warning.value for warning in app.warning] == []
    if name != "faint":
        assert len(files[".bin"]()) == 45 * 54


def test_a_hostile_address_costs_a_sentence_each():
    said = "panel=x&panel_size=0-9&panel_turn=45&panel_dither=z&tone=loud&curve=7&shown=zz&panel_fit=stretch"
    record, refused = from_query(said)
    assert record == from_query("")[0]
    assert len(refused) == 6  # the last says how many more
    app = open_panel(panel_size="4096-1", shown="ff0000-00ff00")
    assert_sound(app)
    assert len(app.warning) == 0


def test_its_link_tells_messengers_its_inks():
    link = read_link("panel=bwr", "panel")
    assert link.settings.palette == tuple(f"#{code}" for code in PANELS["bwr"].shown)
    assert link.n_colors == 3
    own = read_link("panel=bw&shown=101010-f0f0f0", "panel")
    assert own.settings.palette == ("#101010", "#f0f0f0")
    assert read_link("art_k=12", "pixel_art").n_colors == 12
    assert read_link("art_table=gameboy", "pixel_art").n_colors == 4
    assert cards.draw(read_link("sample=shapes&panel=bwr", "panel")).startswith(b"\x89PNG")
