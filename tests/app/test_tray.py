"""Pictures side by side, names of files, ZIPs and what is said of them: without pages."""

import io
import random
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._given import MOST_SAID, Given
from pages._made import Line, longer_in_words, saved_in_words
from pages._names import MOST_SHOWN, safe_stem, shorten, unique
from pages._tray import MAX_PICTURES, Left, Tray, Upload
from pages._zip import name_files, write_zip

NAMES = [
    "a.png", "A.PNG", "a.png", "a (2).png", "../../etc/passwd", "..", ".", "", ".png", "a/b/c.png",
    "a\\b\\c.png", "CON", "con.png", "lpt1.x.png", "aux.", "x" * 300,
    "ж" * 300, "🎨.png", "🎨" * 100 + ".png", "a\0b.png",
    "a\nb.png", "a\u202egnp.exe", 'a<>:"|?*.png', " a .png", "a.b.c", "\ud800.png", "e\u0301.png", "é.png",
]  # fmt: skip


def upload(name: str, data: bytes = b"x") -> Upload:
    return Upload(name, data, data.hex())


@given(st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=300)), max_size=12))
def test_every_name_can_be_unpacked_everywhere_and_no_two_are_one(names):
    found = name_files(names, "-16")
    assert len(found) == len(names) == len({name.casefold() for name in found})
    for name in found:
        assert re.fullmatch(r'[^<>:"/\\|?*\x00-\x1f\x7f]+', name)
        assert len(name.encode()) < 200
        assert name.endswith(".png")
        assert name.split(".")[0].lower() not in ("con", "aux", "nul", "prn", "lpt1")
        assert name == name.strip(" .")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shot 1.png", "shot 1"), ("a/b/c.png", "c"), ("a\\b.png", "b"), ("..", "picture"), ("", "picture"),
        ("CON.png", "_CON"), ("a:b?.png", "a_b_"), ("e\u0301.png", "é"), ("🎨.webp", "🎨"), ("a\0b", "ab"),
    ],
)  # fmt: skip
def test_a_name_keeps_what_is_harmless(name, expected):
    assert safe_stem(name) == expected


def test_equal_names_are_numbered_also_where_capitals_count_for_nothing():
    assert unique(["a", "A", "b", "a", "a (2)"]) == ["a", "A (2)", "b", "a (3)", "a (2) (2)"]


@pytest.mark.parametrize("length", [0, 1, MOST_SHOWN, MOST_SHOWN + 1, 5000])
def test_a_long_name_keeps_its_ends(length):
    name = "".join(chr(97 + number % 26) for number in range(length))
    short = shorten(name)
    assert len(short) == min(length, MOST_SHOWN)
    assert (short[:20], short[-20:]) == (name[:20], name[-20:])


def test_a_zip_holds_what_was_given_and_is_the_same_each_time():
    files = [("ä🎨.png", b"1"), ("b.png", b"")]
    data = write_zip(files)
    assert data == write_zip(iter(files))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [(name, archive.read(name)) for name in archive.namelist()] == files


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (100, 40, "60 % saved"), (100, 100, "as long as before"), (100, 150, "50 % longer"),
        (1000, 999, "under 1 % saved"), (1000, 1001, "under 1 % longer"),
    ],
)  # fmt: skip
def test_what_was_saved_is_said(before, after, expected):
    assert saved_in_words(before, after) == expected


def test_a_picture_that_grew_is_never_passed_over():
    lines = [Line("a", "a", "a", 10, 5), Line("b", "b", "b", 10, 11), Line("c", "c", "c", 10, 10)]
    assert longer_in_words(lines).startswith("1 of 3 became longer")
    assert longer_in_words(lines[::2]) is None


def test_the_same_file_under_the_same_name_is_one_picture():
    tray = Tray()
    first = tray.add(upload("a.png"))
    assert tray.add(upload("a.png")) is first
    other = tray.add(upload("b.png"))
    assert tray.pictures == [first, other]
    assert tray.n_bytes == 1, "the same bytes are counted once"
    tray.add(upload("a.png", b"yy"))
    assert (len(tray.pictures), tray.n_bytes) == (3, 3)


def test_who_is_taken_out_leaves_their_neighbour():
    tray = Tray()
    a, b, c = (tray.add(upload(name)) for name in "abc")
    tray.leave(b, (1, 2, 3, 4), "")
    assert tray.take_out(b) is c
    assert tray.back_to(b) == Left(), "what was known of it is forgotten"
    assert tray.take_out(c) is a
    assert tray.take_out(a) is None


def test_a_picture_comes_back_as_it_was_left_once():
    tray = Tray()
    a = tray.add(upload("a"))
    tray.leave(a, (1, 2, 3, 4), "id")
    assert tray.back_to(a) == Left((1, 2, 3, 4), "id")
    assert tray.back_to(a) == Left()


def test_a_tray_is_bounded_in_pictures_and_in_bytes():
    tray = Tray()
    assert tray.problem(bytes(10), 10) is None
    assert "must be at most 0 MB" in tray.problem(bytes(11), 10)
    for number in range(MAX_PICTURES):
        tray.add(upload(str(number)))
    assert tray.problem(b"", 10**9) == "there are 40 pictures already, which is the most: take some out first"


@given(st.text(max_size=300), st.text(max_size=300))
def test_keys_tell_files_apart(one, other):
    assert (upload(one).key == upload(other).key) == (one == other)


def test_of_many_problems_some_are_said_and_the_rest_counted():
    given = Given()
    given.begin("a")
    given.problems = tuple(map(str, range(MOST_SAID)))
    assert given.say() == given.problems
    given.problems += ("x", "y")
    assert given.say()[MOST_SAID:] == ("2 more files were not taken",)
    given.begin("a")
    assert len(given.problems) == MOST_SAID + 2, "the rest of the same files"
    given.is_over = True
    given.begin("b")
    assert given.say() == ()


@pytest.mark.parametrize("seed", range(30))
def test_the_first_of_those_that_were_given_last_is_looked_at(seed):
    """However often a run that takes them is cut short, and others are given meanwhile."""
    rng = random.Random(seed)
    given, waiting, groups, looked_at = Given(), [], [], None
    for number in range(rng.randint(1, 6)):
        groups.append([f"{number}.{one}" for one in range(rng.randint(1, 4))])
        waiting += groups[-1]
        given.begin(waiting)
        while waiting and (rng.random() < 0.6 or number == 5):
            name = waiting.pop(0)
            given.turn_to(name)
            if not given.is_shown:
                looked_at, given.is_shown = name, True
        given.is_over = not waiting
    while waiting:
        given.begin(waiting)
        name = waiting.pop(0)
        given.turn_to(name)
        if not given.is_shown:
            looked_at, given.is_shown = name, True
    assert looked_at == groups[-1][0]
