"""The Python side of the viewer: what it refuses. What it shows is tested in a browser."""

import re
from pathlib import Path

import pytest

from pages import _frame
from pages._viewer import Chosen, Pane, Pick, Place, palette_bar, viewer
from pages._viewer.messages import read_part, read_pick
from pages._viewer.scene import picture_size
from pages._viewer.strip import _read_choice
from quantize.rendering.previews import encode_original
from tests.pictures import noise

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")


@pytest.mark.parametrize("count", [0, 10])
def test_the_number_of_panes_is_bounded(count: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 9 panes, got {count}"):
        viewer([Pane("one", PNG)] * count, key="v")


@pytest.mark.parametrize("data", [b"", PNG[:10], b"\xff\xd8\xff\xe0" + bytes(40)])
def test_only_lossless_pictures_are_shown(data: bytes) -> None:
    with pytest.raises(ValueError, match="must hold PNG or lossless WebP"):
        viewer([Pane("one", data)], key="v")


@pytest.mark.parametrize(("width", "height"), [(1, 1), (257, 3), (1600, 1201)])
def test_the_size_is_read_from_the_header(width: int, height: int) -> None:
    data, mime = encode_original(noise(height, width))
    assert mime == "image/webp"
    assert picture_size(data) == (width, height)
    assert picture_size(PNG) == (1, 1)


@pytest.mark.parametrize(("entry", "pane"), [(2, None), (-1, None), (0, 0), (0, 2)])
def test_only_an_entry_can_be_selected(entry: int, pane: int | None) -> None:
    panes = [Pane("one", PNG), Pane("two", PNG, palette=["#000000", "#ffffff"])]
    with pytest.raises(ValueError, match="selected must be an entry"):
        viewer(panes, key="v", selected=entry, selected_pane=pane)


@pytest.mark.parametrize("box", [(0, 0, 2, 1), (-1, 0, 1, 1), (0, 0, 1, 0), (1, 0, 1, 1), (0, 1, 1, 1)])
def test_a_place_lies_in_the_picture(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="a place must lie in the picture of 1 × 1 pixels, got"):
        viewer([Pane("one", PNG)], key="v", places=[Place("there", *box)])


GOOD = {"x": 3, "y": 0, "pane": 1, "original": "#0a0b0c", "color": None, "entry": None}


def test_a_pick_is_read() -> None:
    assert read_pick(GOOD) == Pick(3, 0, 1, "#0a0b0c", None, None)
    assert read_pick({**GOOD, "entry": 7, "color": "#ffffff"}) == Pick(3, 0, 1, "#0a0b0c", "#ffffff", 7)


WRONG = [
    *(None, "x", {}, {**GOOD, "more": 1}),
    *({**GOOD, "x": -1}, {**GOOD, "x": True}, {**GOOD, "entry": 1.5}, {**GOOD, "pane": None}),
    *({**GOOD, "color": "#fff"}, {**GOOD, "original": "red;<b>"}),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_a_pick_is_ignored(wrong: object) -> None:
    assert read_pick(wrong) is None


@pytest.mark.parametrize(("colors", "shares"), [(0, 0), (257, 257), (3, 2)])
def test_a_palette_bar_takes_a_share_with_every_color(colors: int, shares: int) -> None:
    with pytest.raises(ValueError, match=f"got {colors} colours and {shares} shares"):
        palette_bar(["#000000"] * colors, [0.1] * shares, key="bar")


NO_CHOICES = (None, 2, {}, {"entry": 3}, {"entry": -1}, {"entry": True}, {"entry": "2"})
CHOICES = [
    ({"entry": 2}, Chosen(2)),
    ({"entry": None}, Chosen(None)),
    *((wrong, None) for wrong in NO_CHOICES),
]


@pytest.mark.parametrize(("value", "choice"), CHOICES)
def test_a_choice_is_an_entry_of_the_palette_or_nothing(value: object, choice: Chosen | None) -> None:
    assert _read_choice(value, 3) == choice


def test_a_part_is_read() -> None:
    assert read_part([0, 1, 4000, 3000], (4000, 3000)) == (0, 1, 4000, 3000)


NO_PARTS = [None, {}, "0123", [0, 0, 4], [0, 0, 4, 4.0], [0, 0, True, 4], [-1, 0, 4, 4], [4, 0, 4, 4]]
NO_PARTS += [[0, 5, 4, 4], [0, 0, 8001, 4], [0, 0, 4, 6001], [0, 0, 8000, 6000]]


@pytest.mark.parametrize("wrong", NO_PARTS)
def test_a_part_outside_of_the_picture_or_too_large_is_ignored(wrong: object) -> None:
    assert read_part(wrong, (8000, 6000)) is None


def test_neither_shadows_nor_glows_are_lost_on_a_checkerboard() -> None:
    folder = Path(_frame.__file__).parent
    texts = [path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in (".css", ".js", ".py")]
    drawn = [
        found for text in texts for found in re.findall(r"repeating-conic-gradient\(([^)]*\)?[^)]*)\)", text)
    ]
    assert len(drawn) == 7
    tones = {int(tone, 16) for text in drawn for tone in re.findall(r"#(..)\1\1\b", text)}
    (style,) = [text for text in texts if "--other-check" in text and "--check: #" in text]
    assert tones == {int(tone, 16) for tone in re.findall(r"check: #(..)", style)}
    for grey in tones:
        for ground in (0, 255):
            assert abs(0.25 * (ground - grey)) > 20  # at a quarter of their opacity
