"""The palette page as Streamlit runs it: choices, pins, files both ways, and what goes wrong."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as st_
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages import _palette_acts
from pages._choices import Choices
from pages._palettes import html as _palette_html
from pages._viewer.swatches import Act, Swatch, read_act
from pages._widgets import LISTS_HELP, PINNED_HELP
from quantize import Palette, read_palette, write_palette
from quantize.colors.hexadecimal import hex_colors
from quantize.palettes.vision import LookAlike
from quantize.swatches.formats import FORMATS
from tests.app.test_pages import HOSTILE, assert_sound, open_app, record, texts, upload
from tests.pictures import noise, png
from tests.swatch_files import HOSTILE as HOSTILE_NAMES
from tests.swatch_files import random_colors

PINS = ["#c00000", "#3d6ea8"]


class Board:
    """Stands in for the swatches: keeps what it was to show, and acts as it is told."""

    def __init__(self) -> None:
        self.entries: list[Swatch] = []
        self.next: Act | None = None

    def __call__(self, entries: list[Swatch], **_: object) -> None:
        self.entries = entries
        act, self.next = self.next, None
        if act:
            _palette_acts.change_pins(replace(act, shown=tuple(self.codes)))
            st.rerun()

    @property
    def codes(self) -> list[str]:
        return [entry.hex for entry in self.entries]

    @property
    def pinned(self) -> list[str]:
        return [entry.hex for entry in self.entries if entry.pinned]


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Board:
    made = Board()
    monkeypatch.setattr("pages._viewer.swatches.swatches", made)
    return made


def open_palette(**query: str | list[str]) -> AppTest:
    app = open_app(**{"sample": "Shapes", **query})
    app.switch_page("pages/palette.py").run()
    assert_sound(app)
    return app


def act(app: AppTest, board: Board, action: str, color: str, to: str | None = None) -> None:
    board.next = Act(action, color, to)
    app.run()
    assert_sound(app)
    assert board.next is None


def give(app: AppTest, name: str, data: bytes) -> None:
    app.file_uploader(key="palette_file").set_value((name, data, "application/octet-stream")).run()
    assert_sound(app)


def prose(app: AppTest) -> str:
    """All Markdown of the page, as its reader sees it."""
    return re.sub(r"\\(.)", r"\1", " ".join(text.value for text in app.markdown))


def captions(app: AppTest) -> str:
    return " ".join(text.value for text in app.caption)


def test_first_visit_shows_six_colors_with_all_that_is_to_be_known(board):
    app = open_palette(sample="Coffee")
    assert app.slider(key="n").value == 6
    assert app.button_group(key="palette_space").value == "LAB"
    assert len(board.entries) == 6
    shares = [float(entry.share.removesuffix(" %")) for entry in board.entries]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=3)
    for entry in board.entries:
        red, green, blue = bytes.fromhex(entry.hex[1:])
        assert entry.rgb == f"rgb({red} {green} {blue})"
        assert re.fullmatch(r"oklch\([\d.]+% [\d.]+ [\d.]+\)", entry.oklch)
        assert entry.css.isalpha()
    assert "of 15 pairs" in captions(app)
    assert "Tritan (no blue cones)" in texts(app)


@pytest.mark.parametrize("n_colors", [2, 24])
def test_the_number_of_colors(board, n_colors):
    app = open_palette(sample="Coffee")
    app.slider(key="n").set_value(n_colors).run()
    assert_sound(app)
    assert len(board.entries) == n_colors


def test_more_if_asked(board):
    app = open_palette(sample="Coffee", n="10")
    app.toggle(key="many").set_value(True).run()
    assert app.slider(key="n_many").value == len(board.entries) == 10
    app.slider(key="n_many").set_value(100).run()
    assert_sound(app)
    assert len(board.entries) == 100
    assert "Shown are the first 24 colours." in captions(app)
    app.toggle(key="many").set_value(False).run()
    assert_sound(app)
    assert app.slider(key="n").value == len(board.entries) == 24


@pytest.mark.parametrize("space", ["BGR", "HSV", "Oklab"])
def test_every_space_gives_another_palette(board, space):
    app = open_palette(sample="Coffee")
    before = board.codes
    app.button_group(key="palette_space").set_value(space).run()
    assert_sound(app)
    assert len(board.codes) == 6
    assert board.codes != before


@pytest.mark.parametrize("order", ["hue", "lightness", "path"])
def test_every_order_shows_the_same_colors(board, order):
    app = open_palette(sample="Coffee", n="12")
    before = board.codes
    app.selectbox(key="order").set_value(order).run()
    assert_sound(app)
    assert board.codes != before
    assert sorted(board.codes) == sorted(before)


def test_rare_colors_can_count_more(board):
    app = open_palette(sample="Coffee")
    before = board.codes
    app.slider(key="palette_rare").set_value(1.0).run()
    assert_sound(app)
    assert board.codes != before


def test_merging_leaves_fewer_and_pinned_ones_as_they_are(board):
    app = open_palette(sample="Coffee", n="24", pin=["#bb6833", "#bb6834"])
    app.slider(key="merge").set_value(12.0).run()
    assert_sound(app)
    assert 2 < len(board.codes) < 24
    assert set(board.pinned) == {"#bb6833", "#bb6834"}
    assert app.slider(key="n").value == 24


def test_merging_may_leave_one_color(board):
    app = open_app()
    upload(app, "greys.png", png(np.array([[[100] * 3, [104] * 3]], np.uint8)))
    app.switch_page("pages/palette.py").run()
    assert board.codes == ["#646464", "#686868"]
    app.slider(key="merge").set_value(20.0).run()
    assert_sound(app)
    assert board.codes == ["#666666"]


def test_a_link_restores_the_choices(board):
    app = open_palette(n_many="30", many="true", palette_space="Oklab", order="Hue", pin=PINS, merge="1.5")
    assert app.slider(key="n_many").value == 30
    assert len(board.codes) <= 30
    assert app.button_group(key="palette_space").value == "Oklab"
    assert app.selectbox(key="order").value == "hue"
    assert set(board.pinned) == set(PINS)
    assert app.slider(key="merge").value == 1.5


@pytest.mark.parametrize("query", [{"n": "0"}, {"n": "999"}, {"palette_space": "x"}, {"order": "<b>"}])
def test_nonsense_in_a_link_is_ignored(board, query):
    open_palette(sample="Coffee", **query)
    assert len(board.entries) == 6


def test_typed_pins_are_in_the_palette_and_nonsense_is_named(board):
    app = open_palette(pin=["#C00", "greenish", "#cc0000", "3d6ea8"])
    assert board.pinned == [code for code in board.codes if code in ("#cc0000", "#3d6ea8")]
    assert len(board.pinned) == 2
    assert "pinned colour must be a colour like" in app.warning[0].value


def test_more_pins_than_colors_make_room(board):
    pins = Palette(random_colors(9)).hexes
    app = open_palette(n="4", pin=pins)
    assert app.slider(key="n").value == 9
    assert sorted(board.codes) == sorted(board.pinned) == sorted(pins)
    many = Palette(random_colors(300)).hexes
    app = open_palette(pin=many)
    assert app.slider(key="n_many").value == 256
    assert set(board.pinned) == set(many[:256])


def test_a_color_can_be_added(board):
    app = open_palette()
    app.color_picker(key="add_color").set_value("#123456").run()
    app.button(key="add").click().run()
    assert_sound(app)
    assert app.multiselect(key="pin").value == ["#123456"]
    assert app.slider(key="n").value == len(board.codes) == 7
    assert app.button(key="add").disabled
    app.color_picker(key="add_color").set_value(next(code for code in board.codes if code != "#123456")).run()
    app.button(key="add").click().run()
    assert len(board.codes) == 7
    assert len(board.pinned) == 2


def test_the_24th_color_is_not_the_last_that_can_be_added(board):
    app = open_palette(sample="Coffee", n="24")
    app.button(key="add").click().run()
    assert_sound(app)
    assert app.toggle(key="many").value
    assert app.slider(key="n_many").value == len(board.codes) == 25


def test_pin_and_unpin(board):
    app = open_palette(sample="Coffee")
    color = board.codes[2]
    act(app, board, "pin", color)
    assert board.pinned == [color]
    app.slider(key="n").set_value(3).run()
    assert board.pinned == [color]
    act(app, board, "unpin", color)
    assert board.pinned == []


@pytest.mark.parametrize("pinned", [True, False])
def test_an_edited_color_is_pinned_in_place_of_the_old_one(board, pinned):
    app = open_palette(sample="Coffee", pin=["#3d6ea8"] if pinned else [])
    act(app, board, "edit", "#3d6ea8" if pinned else board.codes[0], "#00ff80")
    assert board.pinned == ["#00ff80"]
    assert len(board.codes) == 6


def test_a_removed_color_goes_and_the_others_stay(board):
    app = open_palette(sample="Coffee")
    before = board.codes
    act(app, board, "remove", before[1])
    assert sorted(board.codes) == sorted(board.pinned) == sorted(before[:1] + before[2:])
    assert app.slider(key="n").value == 5


@pytest.mark.parametrize("key", FORMATS)
def test_an_exported_file_gives_the_same_colors_pinned(board, key):
    app = open_palette(sample="Coffee", n="7")
    before = board.codes
    data = write_palette(Palette(np.array([list(bytes.fromhex(code[1:])) for code in before], np.uint8)), key)
    give(app, f"mine{FORMATS[key].extension}", data)
    assert len(app.error) == 0
    assert sorted(board.pinned) == sorted(before)
    assert app.multiselect(key="pin").value == before
    app.slider(key="n").set_value(9).run()
    assert len(board.codes) == 9
    assert set(before) <= set(board.codes)


@pytest.mark.parametrize("key", FORMATS)
def test_every_format_can_be_chosen(board, key):
    app = open_palette()
    app.selectbox(key="format").set_value(key).run()
    assert_sound(app)


def test_the_file_that_is_offered_holds_what_is_shown(board, monkeypatch):
    offered = []

    def keep(_: str, data: Callable[[], bytes], file_name: str = "", *__: object, **___: object) -> None:
        if callable(data) and file_name.endswith("gpl"):
            offered.append((file_name, data()))

    monkeypatch.setattr("streamlit.download_button", keep)
    open_palette(sample="Coffee", order="Lightness", format="GIMP, Inkscape, Krita (.gpl)")
    name, data = offered[-1]
    assert name == "Coffee-6.gpl"
    assert read_palette(data, name).hexes == board.codes


def test_an_imported_single_color_is_the_palette(board):
    app = open_palette(sample="Coffee")
    give(app, "one.hex", b"c00000\n")
    assert board.pinned == board.codes == ["#c00000"]
    assert app.slider(key="n").value == 1


def test_palette_files_are_read_by_another_process(board, monkeypatch):
    given = []

    def read(data: bytes, name: str) -> Palette:
        given.append((data, name))
        return Palette(random_colors(3), names=("a", "b", "c"), notes=("one was passed over",))

    monkeypatch.setattr("pages._palette_files.read_palette_apart", read)
    app = open_palette()
    give(app, "any.ending", b"whatever")
    assert given == [(b"whatever", "any.ending")]
    assert board.pinned == Palette(random_colors(3)).hexes
    assert "One was passed over" in captions(app)


def test_content_decides_what_a_palette_file_is(board):
    app = open_palette()
    give(app, "brand.docx", b"$map: ('sea': #0080ff, 'ink': #102030);")
    assert set(board.pinned) == {"#0080ff", "#102030"}
    assert {entry.hex: entry.name for entry in board.entries}["#0080ff"] == "sea"


def test_what_was_converted_is_said(board):
    app = open_palette()
    give(app, "clear.css", b":root { --a: #ff000080; --b: #00ff00; }")
    assert "Transparency was dropped" in captions(app).replace("\\", "")


@pytest.mark.parametrize("key", ["ase", "gpl", "css", "scss", "json"])
def test_imported_names_are_shown_and_exported(board, monkeypatch, key):
    offered = []

    def keep(_: str, data: Callable[[], bytes], file_name: str = "", *__: object, **___: object) -> None:
        if callable(data) and file_name.endswith(FORMATS[key].extension):
            offered.append(data())

    monkeypatch.setattr("streamlit.download_button", keep)
    app = open_palette(format=f"{FORMATS[key].title} ({FORMATS[key].extension})")
    names = HOSTILE_NAMES[5:8]
    colors = random_colors(3)
    give(app, "named.ase", write_palette(Palette(colors, names=names), "ase"))
    shown = {entry.hex: entry.name for entry in board.entries}
    assert shown == dict(zip(Palette(colors).hexes, Palette(colors, names=names).names, strict=True))
    back, kept = (read_palette(data, f"x.{key}") for data in (
        offered[-1], write_palette(Palette(colors, names=names), key)
    ))  # fmt: skip
    assert back.names
    assert dict(zip(back.hexes, back.names, strict=True)) == dict(zip(kept.hexes, kept.names, strict=True))


BAD_PALETTES = {
    **{f"{name}.ase": data for name, data in HOSTILE.items()},
    "too large.hex": b"c00000\n" * 150_000,
    "cut off.ase": write_palette(Palette(random_colors(5)), "ase")[:40],
    "too many.hex": write_palette(Palette(random_colors(400)), "hex"),
}


@pytest.mark.parametrize("name", BAD_PALETTES)
def test_bad_palette_file_costs_nothing_but_a_sentence(board, name):
    app = open_palette(sample="Coffee", n="5", pin=PINS)
    before = board.codes
    give(app, name, BAD_PALETTES[name])
    assert len(app.error) == 1
    assert app.error[0].value.startswith(name.split(".")[0])
    assert board.codes == before
    assert app.multiselect(key="pin").value == PINS
    assert app.slider(key="n").value == 5
    give(app, "good.hex", b"c00000\n00ff00\n")
    assert len(app.error) == 0
    assert board.pinned == board.codes


def test_a_palette_files_name_is_shown_as_it_is(board):
    app = open_palette()
    give(app, "<img src=x>**bold**.hex", b"")
    assert app.error[0].value.startswith(r"\<img src=x\>\*\*bold\*\*\.hex\: ")


@pytest.mark.parametrize("merge", ["0.0", "20.0"])
def test_one_color(board, merge):
    app = open_app(merge=merge)
    upload(app, "plain.png", png(np.full((4, 4, 3), 7, np.uint8)))
    app.switch_page("pages/palette.py").run()
    assert_sound(app)
    assert [(entry.hex, entry.share) for entry in board.entries] == [("#070707", "100 %")]
    assert "One colour alone has no contrast." in captions(app)


def test_fully_transparent_picture_is_a_sentence():
    app = open_palette()
    upload(app, "clear.png", png(np.zeros((6, 6, 4), np.uint8)))
    assert "fully transparent" in app.error[0].value


def test_transparent_pixels_leave_room_for_256(board):
    app = open_app(many="true", n_many="256")
    pixels = np.concatenate([noise(20, 30), np.full((20, 30, 1), 255, np.uint8)], axis=2)
    pixels[0, :, 3] = 0
    upload(app, "holes.png", png(pixels))
    app.switch_page("pages/palette.py").run()
    assert_sound(app)
    assert len(board.codes) == 255


def test_k_and_space_survive_a_visit_when_they_came_with_the_address(board):
    app = open_palette(k="24", space="LAB")
    app.slider(key="n").set_value(3).run()
    app.switch_page("pages/studio.py").run()
    assert_sound(app)
    assert app.slider(key="k").value == 24
    assert app.button_group(key="space").value == "LAB"


def test_k_and_space_survive_a_visit_when_changed_by_hand(board):
    app = open_app(sample="Shapes")
    app.slider(key="k").set_value(40).run()
    app.button_group(key="space").set_value("HSV").run()
    app.switch_page("pages/palette.py").run()
    app.switch_page("pages/studio.py").run()
    assert_sound(app)
    assert app.slider(key="k").value == 40
    assert app.button_group(key="space").value == "HSV"


def test_the_palette_survives_a_visit_to_another_page(board):
    app = open_palette(sample="Coffee", pin=PINS)
    app.slider(key="n").set_value(9).run()
    before = board.codes
    app.switch_page("pages/studio.py").run()
    assert app.slider(key="k").value == 16
    app.switch_page("pages/palette.py").run()
    assert_sound(app)
    assert board.codes == before


def test_what_is_wrong_with_the_studios_choices_is_not_told_here(board):
    open_palette(sample="Coffee", k="2", keep=["#f00", "#0f0", "#00f"])
    assert len(board.entries) == 6


@pytest.mark.parametrize(
    ("ratio", "level"),
    [
        (1.0, ""),
        (2.999, ""),
        (3.0, "AA large"),
        (4.499, "AA large"),
        (4.5, "AA"),
        (7.0, "AAA"),
        (21.0, "AAA"),
    ],
)
def test_level_of_a_ratio(ratio, level):
    assert _palette_html.level_of(ratio) == level


def test_a_ratio_that_fails_does_not_look_as_if_it_passed():
    table = _palette_html.contrast_table(["#000000", "#ffffff"], np.array([[1, 4.499], [4.499, 1]]))
    assert table.count("4.4 <b>large</b>") == 2
    assert "4.5" not in table


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1, "100 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.001234, "0.12 %"),
        (1e-5, "under 0.01 %"),
        (0, "0 %"),
    ],
)
def test_share_in_words(share, words):
    assert _palette_html.share_in_words(share) == words


def test_the_closest_look_alikes_come_first_and_the_rest_is_counted():
    codes = Palette(random_colors(9)).hexes
    found = [LookAlike("deutan", 0, row, 20.0, 5.0 - row / 2) for row in range(1, 9)]
    html = _palette_html.look_alikes(codes, found)
    assert re.findall(r"→ ([\d.]+)", html) == ["1.0", "1.5", "2.0", "2.5", "3.0", "3.5"]
    assert "and 2 more" in html
    assert "No two colours" in _palette_html.look_alikes(codes, [])


def test_nothing_becomes_markup():
    bad = '"><script>'
    html = _palette_html.contrast_table([bad, bad], np.array([[1.0, 2.0], [2.0, 1.0]]))
    html += _palette_html.vision_rows([bad], {"protan": [bad]})
    html += _palette_html.look_alikes([bad, bad], [LookAlike("protan", 0, 1, 20, 2)])
    assert "<script" not in html


SAID = {"action": "pin", "color": "#c00000", "to": None, "shown": ["#c00000", "#3d6ea8"]}


@pytest.mark.parametrize(
    "value",
    [
        None,
        "pin",
        {"action": "pin", "color": "#c00000", "to": None},
        SAID | {"action": "explode"},
        SAID | {"action": ["pin"]},
        SAID | {"color": "#c00001"},
        SAID | {"color": ["#c00000"]},
        SAID | {"action": "edit"},
        SAID | {"action": "edit", "to": "red"},
        SAID | {"action": "edit", "to": "#C00000;x"},
        SAID | {"action": "name"},
        SAID | {"action": "name", "to": "x" * 5000},
        SAID | {"shown": None},
        SAID | {"shown": "#c00000"},
        SAID | {"shown": ["#c00000", "red"]},
        SAID | {"shown": ["#c00000", ["#c00000"]]},
        SAID | {"shown": ["#c00000"] * 257},
    ],
)
def test_a_browser_is_believed_only_what_makes_sense(value):
    assert read_act(value) is None


def test_what_makes_sense_is_understood():
    shown = ("#c00000", "#3d6ea8")
    assert read_act(SAID | {"to": "x"}) == Act("pin", "#c00000", None, shown)
    edit = SAID | {"action": "edit", "to": "#00ff00"}
    assert read_act(edit) == Act("edit", "#c00000", "#00ff00", shown)


codes_of = st_.lists(st_.sampled_from([f"#{n:06x}" for n in range(12)]), min_size=2, max_size=8, unique=True)


@given(shown=codes_of, data=st_.data())
def test_acts_on_each_others_heels_are_all_done(shown, data):
    """All are about the palette that was seen before the first: none may bring back what another removed."""
    acted = data.draw(st_.lists(st_.sampled_from(shown), min_size=1, max_size=len(shown) - 1, unique=True))
    actions = data.draw(
        st_.lists(st_.sampled_from(["pin", "remove"]), min_size=len(acted), max_size=len(acted))
    )
    record = Choices(n=len(shown))
    for color, action in zip(acted, actions, strict=True):
        how = {"pin": _palette_acts._pin, "remove": _palette_acts._remove}[action]
        record = how(record, Act(action, color, None, tuple(shown)))
    removed = {color for color, action in zip(acted, actions, strict=True) if action == "remove"}
    pinned = {color for color, action in zip(acted, actions, strict=True) if action == "pin"}
    assert not removed & set(record.pin)
    assert pinned - removed <= set(record.pin)
    assert record.n == len(shown) - len(removed)
    if removed:
        assert set(record.pin) == set(shown) - removed


def test_the_palette_can_be_used_on_every_page_and_taken_back(board):
    app = open_palette(sample="Coffee", k="9", keep="c00000", pin=PINS)
    give(app, "brand.hex", b"102030\n405060\n708090\n102030\n")
    assert board.codes == ["#102030", "#405060", "#708090"]
    app.button(key="use").click().run()
    assert_sound(app)
    palette = ("#102030", "#405060", "#708090", "#102030")
    assert record(app).palette == palette
    for page in ("studio", "compare_k", "compare_spaces"):
        app.switch_page(f"pages/{page}.py").run()
        assert_sound(app)
        assert "Every page uses exactly the 3 colours of one palette, no others. Space is LAB" in prose(app)
        assert app.slider(key="k").value == 3
        assert app.slider(key="k").disabled
        assert app.multiselect(key="keep").disabled
    assert record(app).settings().palette == palette
    assert app.multiselect(key="keep").value == ["#c00000"]
    assert (app.multiselect(key="keep").label, app.multiselect(key="keep").help) == (
        "Pinned",
        f"{PINNED_HELP} {LISTS_HELP['keep']}",
    )
    assert "the palette is the same in every space" in prose(app)
    app.switch_page("pages/palette.py").run()
    assert (app.multiselect(key="pin").label, app.multiselect(key="pin").help) == (
        "Pinned",
        f"{PINNED_HELP} {LISTS_HELP['pin']}",
    )
    app.button(key="use_no_more").click().run()
    assert_sound(app)
    known = record(app)
    assert (known.keep, known.k, known.space, known.palette) == (("#c00000",), 9, "BGR", ())
    assert (known.entries, known.pin) == ("dark", palette)


def test_after_a_reload_the_way_back_is_there(board):
    app = open_palette(sample="Coffee", k="7", palette="102030-405060", space="LAB", entries="file")
    assert "Every page uses exactly the 2 colours of one palette" in prose(app)
    assert app.button(key="use").label == "Use exactly these instead"
    app.button(key="use_no_more").click().run()
    assert_sound(app)
    assert (record(app).palette, record(app).k, record(app).entries) == ((), 7, "dark")


def test_a_palette_file_says_what_it_did_and_can_be_taken_back(board):
    app = open_palette(sample="Coffee", n="5", pin=PINS, order="hue", names="c00000.Brick")
    before = record(app)
    for _ in range(2):  # the same file again does the same again
        give(app, "brand.gpl", b"GIMP Palette\n9 8 7 Soil\n1 2 3 Ink\n1 2 3 Ink too\n")
        said = prose(app)
        assert "The 2 colours of brand.gpl and 1 entry that repeats one are pinned here" in said
        assert "Not pinned any more: 2 others." in said
        assert [(entry.hex, entry.name) for entry in board.entries] == [
            ("#090807", "Soil"),
            ("#010203", "Ink"),
        ]
        assert record(app).pin == ("#090807", "#010203", "#010203")
        app.button(key="undo_import").click().run()
        assert_sound(app)
        assert record(app) == before
        assert "brand" not in prose(app)


def test_what_was_changed_since_an_import_is_not_taken_back(board):
    app = open_palette(sample="Coffee")
    give(app, "brand.hex", b"102030\n405060\n")
    act(app, board, "unpin", "#102030")
    assert "brand" not in prose(app)
    assert record(app).pin == ("#405060",)


def test_names_are_edited_and_follow_their_color(board):
    app = open_palette(sample="Coffee")
    first, second, *_ = board.codes
    act(app, board, "name", first, "  Warm\n“brick” ☃, – ~1 ")
    act(app, board, "name", second, "x" * 300)
    names = {entry.hex: entry.name for entry in board.entries}
    assert names[first] == "Warm “brick” ☃, – ~1"
    assert names[second] == "x" * 60
    assert "Some names were cut or left out" in captions(app)
    act(app, board, "edit", first, "#00ff80")
    names = {entry.hex: entry.name for entry in board.entries}
    assert names["#00ff80"] == "Warm “brick” ☃, – ~1"
    assert first not in dict(record(app).names)
    again = open_palette(**{"sample": "Coffee", **app.query_params})
    assert record(again) == record(app)
    act(app, board, "name", "#00ff80", " ")
    assert "#00ff80" not in dict(record(app).names)


def test_an_edit_into_a_color_that_is_pinned_leaves_one(board):
    app = open_palette(sample="Coffee", pin=PINS)
    act(app, board, "edit", PINS[0], PINS[1])
    assert record(app).pin == (PINS[1],)


def test_the_picture_is_offered_in_the_order_that_is_shown(board, monkeypatch):
    offered = []

    def keep(label: str, data: Callable[[], bytes], *_: object, **__: object) -> None:
        if label == "Download picture":
            offered.append(data())

    monkeypatch.setattr("streamlit.download_button", keep)
    app = open_palette(
        sample="Coffee", dither="bayer-4", pin="ffffff-102030-ffffff-c07040-405060", order="file", n="4"
    )
    for order in ("file", "share", "hue"):
        if order != "file":
            app.selectbox(key="order").set_value(order).run()
        with Image.open(io.BytesIO(offered[-1])) as image:
            entries = hex_colors(np.array(image.getpalette(), np.uint8).reshape(-1, 3))
            used = {entries[number] for _, number in image.getcolors()}
        expected = ["#ffffff", "#102030", "#ffffff", "#c07040", "#405060"] if order == "file" else board.codes
        assert entries == expected
        assert used <= set(board.codes)
