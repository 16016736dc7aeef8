"""The page about one's own palette as Streamlit runs it: tables, their rows, the best of them, files."""

import csv
import io
import re

import numpy as np
import pytest
import streamlit as st
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from pages import _downloads, _table_acts
from pages._address import from_query, to_query
from pages._choices import Choices
from pages._server.link import read_link
from pages._tables import shown_table
from pages._viewer.table import Act, Row, read_act
from pages._yours import controls
from pages._yours.controls import FAMILIES
from quantize import Palette, load_picture, read_palette, write_palette
from quantize.colors.hexadecimal import hex_colors
from quantize.decoding.samples import load_sample
from quantize.palettes.best import choose_entries
from quantize.palettes.tables import find_table, read_tables
from tests.app.test_pages import assert_sound, open_app, record, texts, upload
from tests.pictures import png

PICO = find_table("pico-8").palette.hexes


class Board:
    """Stands in for the table: keeps what it was to show, and acts as it is told."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.palette: list[str] = []
        self.rest = ""
        self.next: Act | None = None

    def __call__(self, rows: list[Row], *, palette: list[str], rest: str, **_: object) -> None:
        self.rows, self.palette, self.rest = rows, palette, rest
        act, self.next = self.next, None
        if act:
            _table_acts.change_row(act)
            st.rerun()

    @property
    def codes(self) -> list[str]:
        return [row.hex for row in self.rows]

    @property
    def used(self) -> list[str]:
        return [row.hex for row in self.rows if row.used]


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Board:
    made = Board()
    monkeypatch.setattr("pages._viewer.table.table", made)
    return made


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What is offered, by the label of its button: what makes it."""
    offered: dict = {}
    monkeypatch.setattr(_downloads, "offer", lambda label, make, *_, **__: offered.update({label: make}))
    return offered


def open_table(**query: str | list[str]) -> AppTest:
    app = open_app(**{"sample": "Shapes", **query})
    app.switch_page("pages/your_palette.py").run()
    assert_sound(app)
    return app


def act(app: AppTest, board: Board, action: str, row: int, to: str | int | None = None) -> None:
    board.next = Act(action, row, board.codes[row], to)
    app.run()
    assert_sound(app)


def pixels_of(row: Row) -> int:
    return int(row.use.partition(" px")[0].replace(",", "")) if "px" in row.use else 0


def prose(app: AppTest) -> str:
    said = [*app.markdown, *app.caption, *app.error]
    return re.sub(r"\\(.)", r"\1", " ".join(text.value for text in said))


def test_a_first_visit_shows_a_table_with_its_source_and_what_it_does(board):
    app = open_table()
    assert board.codes == PICO
    assert [row.name for row in board.rows] == list(find_table("pico-8").palette.names)
    assert sum(map(pixels_of, board.rows)) == 400 * 300
    assert "Joseph White" in prose(app)
    assert record(app) == Choices(sample="shapes")  # nothing was chosen, and no other page changes


def test_every_colour_is_one_of_the_table_and_the_nearest(board):
    open_table(table="gameboy")
    picture = load_sample("shapes")
    colors, counts = picture.color_set.colors.astype(int), picture.color_set.counts
    entries = find_table("gameboy").palette.colors.astype(int)
    nearest = np.square(colors[:, None] - entries).sum(-1).argmin(1)
    assert [pixels_of(row) for row in board.rows] == np.bincount(nearest, counts, 4).astype(int).tolist()


@pytest.mark.parametrize("locked", [(), (14,)])
def test_the_best_few_are_those_of_the_engine(board, locked):
    app = open_table(sample="Coffee", lock="-".join(map(str, locked)))
    least = max(1, len(locked))
    app.select_slider(key=f"best_{least}_16").set_value(4).run()
    assert_sound(app)
    cells = load_sample("coffee").cells
    found = choose_entries(cells, find_table("pico-8").palette.colors, 4, locked=locked)
    assert [row for row, entry in enumerate(board.rows) if entry.used] == found.tolist()
    assert record(app).best == 4
    assert set(locked) <= set(found.tolist())


def test_as_many_are_locked_are_used(board):
    open_table(lock="0-3-5-7", best="2")
    assert board.used == [PICO[row] for row in (0, 3, 5, 7)]


def test_a_table_of_more_than_256_shows_the_best_256(board):
    app = open_table(table="x11")
    assert len(board.used) == 256
    assert len(board.rows) == 503
    assert not [button for button in app.button if str(button.key).startswith("sort_")]
    before = board.codes
    act(app, board, "move", 3, 1)
    act(app, board, "edit", 3, "#123456")
    assert board.codes == before


def test_rows_go_off_and_on_and_the_last_one_stays(board):
    app = open_table(table="gameboy")
    for row in range(4):
        act(app, board, "off", row)
    assert [row.on for row in board.rows] == [False, False, False, True]
    assert board.palette == board.codes[3:]
    assert board.rows[0].use == "off"
    act(app, board, "lock", 1)
    assert [row.on for row in board.rows] == [False, True, False, True]
    app.button(key="all_on").click().run()
    assert [row.on for row in board.rows] == [True] * 4
    assert board.rows[1].locked
    assert from_query("table=gameboy&off=0-1-2-3&best=2")[1] == ()
    assert len(shown_table(from_query("off=0-1-2-3&table=gameboy")[0]).on) == 4


def test_a_row_that_changes_or_moves_makes_the_table_ones_own_and_keeps_names(board):
    app = open_table(off="2", lock="4")
    act(app, board, "edit", 4, "#804020")
    assert board.codes[4] == "#804020"
    assert board.rows[4].name == "brown"
    act(app, board, "move", 4, 0)
    assert board.codes[:3] == ["#804020", *PICO[:2]]
    assert [row for row, entry in enumerate(board.rows) if entry.locked] == [0]
    assert [row for row, entry in enumerate(board.rows) if not entry.on] == [3]
    assert board.rows[3].name == "dark purple"
    assert record(app).table == "own"
    assert app.selectbox(key="table").value == "own"
    # The same from its link.
    codes, names = board.codes, [row.name for row in board.rows]
    open_table(**to_query(record(app)))
    assert (board.codes, [row.name for row in board.rows]) == (codes, names)


def test_an_act_on_what_has_changed_meanwhile_is_passed_over(board):
    app = open_table()
    board.next = Act("off", 3, "#123456")
    app.run()
    assert record(app).off == ()


@pytest.mark.parametrize("key", ["lightness", "hue", "path", "share"])
def test_sorting_keeps_every_row(board, key):
    app = open_table(sample="Coffee", off="1-3")
    before = {(row.hex, row.name, row.on) for row in board.rows}
    app.button(key=f"sort_{key}").click().run()
    assert_sound(app)
    assert {(row.hex, row.name, row.on) for row in board.rows} == before
    if key == "share":
        pixels = [pixels_of(row) for row in board.rows]
        assert pixels == sorted(pixels, reverse=True)


def test_doubled_rows_stay_and_the_first_has_the_pixels(board, files):
    app = open_table(table="own", mine="ff0000-ffffff-ff0000-000000")
    assert board.codes == ["#ff0000", "#ffffff", "#ff0000", "#000000"]
    assert board.rows[2].use == "as number 1"
    assert pixels_of(board.rows[0])
    assert sum(map(pixels_of, board.rows)) == 400 * 300
    assert_sound(app)


def test_a_palette_file_becomes_the_table_with_its_names(board):
    app = open_table(off="3", table="nes")
    palette = Palette(
        np.array([[200, 0, 0], [1, 2, 3], [250, 250, 250]], np.uint8), names=("Brick", "", "Snow")
    )
    data = write_palette(palette, "gpl")
    app.file_uploader(key="table_file").set_value(("three.gpl", data, "text/plain")).run()
    assert_sound(app)
    assert board.codes == palette.hexes
    assert [row.name for row in board.rows] == ["Brick", "", "Snow"]
    assert all(row.on for row in board.rows)
    assert "#010203.Snow" not in app.query_params
    assert "3 entries of three.gpl." in prose(app)
    # Dropped anywhere, it is the table as well, and nothing is pinned.
    upload(app, "two.hex", b"ff8800\n0088ff\n")
    assert board.codes == ["#ff8800", "#0088ff"]
    assert record(app).pin == ()


@pytest.mark.parametrize("data", [b"", b"no palette at all", png(np.zeros((9, 9, 3), np.uint8))[:40]])
def test_what_is_no_palette_costs_a_sentence_and_nothing_else(board, data):
    app = open_table(table="own", mine="ff0000-ffffff", lock="1")
    before = record(app)
    app.file_uploader(key="table_file").set_value(("bad.gpl", data, "text/plain")).run()
    assert_sound(app)
    assert [error.value for error in app.error if "bad" in error.value]
    assert record(app) == before
    assert board.codes == ["#ff0000", "#ffffff"]


def test_codes_and_names_can_be_pasted_and_nonsense_costs_a_sentence(board):
    app = open_table()
    app.text_area(key="pasted").set_value("#c00000, teal\nrgb(61 110 168)").run()
    app.button(key="use_pasted").click().run()
    assert_sound(app)
    assert board.codes == ["#c00000", "#008080", "#3d6ea8"]
    assert board.rows[1].name == "teal"
    app.text_area(key="pasted").set_value("nothing of sense").run()
    app.button(key="use_pasted").click().run()
    assert len(app.error) == 1
    assert "must hold colours such as" in app.error[0].value.replace("\\", "")
    assert board.codes == ["#c00000", "#008080", "#3d6ea8"]
    app.selectbox(key="table").set_value("nes").run()
    assert len(app.error) == 0


def test_another_picture_of_the_tray_lends_its_colours(board):
    app = open_table()
    stripes = np.zeros((8, 9, 3), np.uint8)
    stripes[:, 3:6], stripes[:, 6:] = (200, 30, 40), (250, 240, 230)
    upload(app, "stripes.png", png(stripes))
    upload(app, "grey.png", png(np.full((8, 8, 3), 128, np.uint8)))
    (offered,) = [button for button in app.button if str(button.key).startswith("take-")]
    assert "stripes" in offered.label
    offered.click().run()
    assert_sound(app)
    assert board.codes == ["#000000", "#c81e28", "#faf0e6"]
    assert "grey.png" in texts(app)


def test_of_a_large_table_rows_without_a_pixel_are_folded_away(board):
    app = open_table(table="ega")
    empty = [row for row in board.rows if not pixels_of(row)]
    assert len(board.rows) > len(empty) > 0
    assert [row for row in board.rows if row.folded] == empty
    assert board.rest == f"{len(empty)} more, of which this picture has no pixel"
    number = next(number for number, row in enumerate(board.rows) if row.folded)
    for action in ("lock", "off"):  # what somebody did something with stays where it is seen
        act(app, board, action, number)
        assert not board.rows[number].folded
    app.selectbox(key="table").set_value("pico-8").run()
    assert not any(row.folded for row in board.rows)


def test_used_on_every_page_and_back(board):
    app = open_table(space="Oklab", best="5", sample="Coffee")
    five = board.used
    app.button(key="use_table").click().run()
    assert_sound(app)
    assert (list(record(app).palette), record(app).space, record(app).best) == (five, "Oklab", 5)
    assert board.codes == PICO  # the table is still there to choose from
    assert "Every page uses exactly the 5 colours" in prose(app)
    act(app, board, "off", PICO.index(five[0]))
    app.button(key="use_table").click().run()
    assert five[0] not in record(app).palette
    app.button(key="use_no_more").click().run()
    assert record(app).palette == ()
    assert_sound(app)


def test_a_palette_that_all_pages_use_is_the_one_that_is_shown(board):
    app = open_table(palette="c00000-3d6ea8-c00000", n="3")
    assert board.codes == ["#c00000", "#3d6ea8", "#c00000"]
    assert app.selectbox(key="table").value == "used"
    app.selectbox(key="table").set_value("gameboy").run()
    act(app, board, "off", 0)
    app.switch_page("pages/palette.py").run()
    app.button(key="use").click().run()
    app.switch_page("pages/your_palette.py").run()
    assert_sound(app)
    assert board.codes == list(record(app).palette)
    assert all(row.on for row in board.rows)


def test_what_no_entry_comes_near_is_counted_and_shown(board, monkeypatch):
    masks = []
    monkeypatch.setattr("pages._viewer.viewer", lambda panes, *, mask=None, **_: masks.append(mask))
    pixels = np.zeros((10, 10, 3), np.uint8)
    pixels[:3] = (0, 200, 60)
    app = open_table(table="own", mine="000000-ffffff")
    upload(app, "green.png", png(pixels))
    assert "No entry comes near **30 %** of the pixels (1 colour)" in prose(app)
    assert masks[-1] is None
    app.toggle(key="far").set_value(True).run()
    shown = load_picture(masks[-1]).pixels[..., 0]
    assert np.array_equal(shown == 255, np.arange(10)[:, None].repeat(10, 1) < 3)
    assert record(app).far
    app.selectbox(key="table").set_value("own").run()
    upload(app, "black.png", png(np.zeros((5, 5, 3), np.uint8)))
    assert "has an entry near it" in prose(app)
    assert masks[-1] is None


def test_files_have_the_order_of_the_table(board, files):
    app = open_table(table="own", mine="ffffff-c00000-000000-c00000-123456", names="c00000.Brick")
    from PIL import Image

    with Image.open(io.BytesIO(files["Download PNG"]())) as image:
        entries = np.array(image.getpalette()).reshape(-1, 3)[:5].astype(np.uint8)
        assert hex_colors(entries) == board.codes
        colors = {to_code for _, to_code in image.convert("RGB").getcolors()}
    assert {"#{:02x}{:02x}{:02x}".format(*color) for color in colors} <= set(board.codes)
    app.selectbox(key="table_format").set_value("gpl").run()
    palette = read_palette(files["Download palette"](), "x.gpl")
    assert palette.hexes == board.codes
    assert palette.names == ("", "Brick", "", "Brick", "")


@pytest.mark.parametrize("blend", ["nearest", "smooth", "lightness"])
def test_look_up_tables_of_what_is_used(board, files, blend):
    app = open_table(table="gameboy", lut="cube-17", blend=blend, off="0")
    text = files["Download LUT"]().decode()
    rows = np.array([line.split() for line in text.splitlines()[2:]], float)
    assert rows.shape == (17**3, 3)
    entries = find_table("gameboy").palette.colors[1:]
    away = np.abs(255 * rows[:, None] - entries).max(-1).min(1)
    assert (away.max() < 0.01) == (blend == "nearest")
    app.selectbox(key="lut").set_value("hald-64").run()
    assert load_picture(files["Download LUT"]()).size == (512, 512)


def test_a_chart_of_what_is_shown_and_its_counts(board, files):
    """Its numbers are those of the table's rows, though some are off; the same for a visitor again."""
    app = open_table(table="hama", chart="mini-beads", across="40", off="0-17", best="9")
    assert "40 × 30 beads, 10.4 × 7.8 cm: 1 page, and the legend." in prose(app)
    rows = list(csv.reader(io.StringIO(files["Download counts (CSV)"]().decode("utf-8-sig"))))[1:]
    assert sum(int(row[3]) for row in rows) == 40 * 30
    assert {row[2] for row in rows} <= set(board.used)
    names = find_table("hama").palette.names
    assert {f"{code} {name}" for code, name, *_ in rows} <= set(names) - {names[0], names[17]}
    made = files["Download chart (PDF)"]()
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    assert len(pages) == 2
    assert "Shapes" in pages[0]
    assert "1,200 beads in all" in pages[0]
    assert files["Download chart (PDF)"]() == made
    app.toggle(key="strays").set_value(False).run()
    app.selectbox(key="chart").set_value("bricks").run()
    assert record(app).chart == "bricks"
    assert files["Download chart (PDF)"]() != made


@pytest.mark.parametrize("seed", range(6))
def test_a_chart_of_pixel_art_is_offered_its_own_cells(board, files, seed):
    rng = np.random.default_rng(seed)
    width, height, times = rng.integers(12, 40, 3) // (1, 1, 5)
    colors = np.array([list(bytes.fromhex(code[1:])) for code in PICO], np.uint8)
    cells = colors[rng.integers(0, len(colors), (height, width))]
    app = open_table(table="pico-8")
    upload(app, "sprite.png", png(cells.repeat(times, axis=0).repeat(times, axis=1)))
    app.session_state["table_chart"] = True
    app.run()
    app.button(key="own_cells").click().run()
    assert_sound(app)
    assert record(app).across == width
    assert [button.key for button in app.button if button.key == "own_cells"] == []
    app.toggle(key="strays").set_value(True).run()
    rows = list(csv.reader(io.StringIO(files["Download counts (CSV)"]().decode("utf-8-sig"))))[1:]
    found = {row[2]: int(row[3]) for row in rows}
    assert found == {
        code: int(n) for code, n in zip(PICO, np.bincount(pico_of(cells), minlength=16), strict=True) if n
    }


def pico_of(cells):
    """Numbers of the table's rows."""
    rows = {bytes.fromhex(code[1:]): number for number, code in enumerate(PICO)}
    return np.array([rows[cell.tobytes()] for cell in cells.reshape(-1, 3)])


def test_a_photo_has_no_cells_of_its_own(board, files):
    app = open_table(table="hama", sample="coffee")
    app.session_state["table_chart"] = True
    app.run()
    assert_sound(app)
    assert [button.key for button in app.button if button.key == "own_cells"] == []


def test_what_was_not_understood_is_said_beside_what_was_written(board):
    app = open_table(table="pico-8")
    app.text_area(key="pasted").set_value("red, notacolour, #12345").run()
    app.button(key="use_pasted").click().run()
    (popover,) = [one for one in app.get("popover") if "Other colours" in str(one.proto.popover.label)]
    assert "notacolour" in " ".join(caption.value for caption in popover.get("caption"))


def test_a_chart_of_too_many_pages_is_a_sentence(board, files):
    open_table(table="hama", chart="bricks", across="9")
    assert files.pop("Download chart (PDF)")
    app = open_table(table="hama", chart="bricks", across="500")
    assert "chart must have at most 400 pages of cells" in prose(app).lower()
    assert "Download chart (PDF)" not in files


def test_every_family_of_tables_has_words():
    assert FAMILIES.keys() == {table.family for table in read_tables().values()}


def test_a_hostile_address_costs_a_sentence_each(board):
    app = open_table(table="<b>", mine="zz-ff0000", off="9999999-x", best="1000", lut="exe", blend="9")
    assert_sound(app)
    assert len(app.warning)
    assert board.codes == PICO


def test_its_link_tells_messengers_its_colours():
    link = read_link("table=gameboy&off=1&space=LAB", "your_palette")
    assert link.settings.palette == tuple(
        code for row, code in enumerate(find_table("gameboy").palette.hexes) if row != 1
    )
    assert link.n_colors == 3
    assert read_link("table=x11&best=7", "your_palette").n_colors == 7
    assert len(read_link("table=x11", "your_palette").settings.palette) == 256


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        {"action": "off", "row": 0, "color": "#000001", "to": None},
        {"action": "off", "row": 2, "color": "#000000", "to": None},
        {"action": "off", "row": True, "color": "#ffffff", "to": None},
        {"action": "explode", "row": 0, "color": "#000000", "to": None},
        {"action": "edit", "row": 0, "color": "#000000", "to": "red"},
        {"action": "move", "row": 0, "color": "#000000", "to": 2},
        {"action": "move", "row": 0, "color": "#000000", "to": "1"},
    ],
)
def test_a_browser_is_believed_only_what_has_the_right_form(said):
    assert read_act(said, ["#000000", "#ffffff"]) is None


def test_a_browser_is_believed_what_has():
    said = {"action": "move", "row": 1, "color": "#ffffff", "to": 0}
    assert read_act(said, ["#000000", "#ffffff"]) == Act("move", 1, "#ffffff", 0)


@pytest.mark.parametrize("table", ["", "own", "used", "Your own, 5", "no-such-table", "pico-8"])
@pytest.mark.parametrize("mine", [(), ("#102030",)])
@pytest.mark.parametrize("palette", [(), ("#ff0000", "#00ff00")])
def test_whatever_table_is_chosen_there_are_colours(table, mine, palette):
    shown = shown_table(Choices(table=table, mine=mine, palette=palette))
    assert shown.colors
    assert shown.on


def test_what_the_control_calls_ones_own_table_does_not_depend_on_it():
    """Of three or of five colours: Streamlit's browser says the name that it last drew."""
    of_three, of_five = (
        controls._titles(Choices(mine=("#000000",) * n, palette=("#ffffff",) * n)) for n in (3, 5)
    )
    assert of_three == of_five


def test_a_row_that_gets_another_colour_is_among_the_best():
    changed = _table_acts._edit(Choices(table="nes", best=5), Act("edit", 3, "#000000", to="#123456"))
    shown = shown_table(changed)
    assert (shown.colors[3], shown.locked) == ("#123456", {3})
    unbounded = _table_acts._edit(Choices(table="nes"), Act("edit", 3, "#000000", to="#123456"))
    assert not shown_table(unbounded).locked
