"""Names of results: endings, trees, two of one name, what is read."""

import os
from pathlib import Path, PurePath

import pytest

from quantize.batch.inputs import Source
from quantize.batch.places import place_results
from quantize.errors import QuantizeError


def sources(*names: str) -> list[Source]:
    return [Source(Path("in", name), PurePath(name)) for name in names]


def names(*given: str, **choices) -> list[str]:
    return [step.name for step in place_results(sources(*given), Path("out"), **choices)]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_endings_of_pictures_give_way_and_others_stay():
    given = ("a.jpg", "b/c.PNG", "v1.2", "d", "e.tar.jpeg")
    assert names(*given) == ["a.png", "b/c.png", "v1.2.png", "d.png", "e.tar.png"]
    assert names("a.jpg", "d", keep_endings=True) == ["a.jpg.png", "d.png"]
    step = place_results(sources("b/c.jpg"), Path("out"))[0]
    assert (step.source, step.output) == (Path("in/b/c.jpg"), Path("out/b/c.png"))


@pytest.mark.parametrize(
    ("given", "way"),
    [
        (("a.png", "a.jpg"), r"keep endings \(--keep-endings\)"),
        (("a.png", "A.png"), "rename one, or name the folder around both"),
        (("Stra\u00dfe.png", "STRASSE.png"), "rename one"),
        (("\u00e9.png", "e\u0301.png"), "rename one"),
        (("d", "d.png"), "keep endings"),
    ],
)
def test_two_results_of_one_name_are_refused_with_a_way_out(given, way):
    with pytest.raises(QuantizeError, match=f"results must have names of their own, got .*: {way}"):
        names(*given)


def test_many_clashes_are_one_sentence():
    given = [f"{number}.{ending}" for number in range(9) for ending in ("png", "gif")]
    with pytest.raises(QuantizeError, match=r"\(and 8 more such pairs\)"):
        names(*given)


def test_keeping_endings_tells_them_apart():
    assert names("a.png", "a.jpg", keep_endings=True) == ["a.png.png", "a.jpg.png"]
    with pytest.raises(QuantizeError, match="rename one"):
        names("a.png", "A.png", keep_endings=True)


def test_one_file_given_twice_is_done_once():
    assert names("a.png", "a.png") == ["a.png"]


@pytest.mark.parametrize("kind", ["same", "link", "hard"])
def test_what_is_read_is_not_replaced(kind):
    for folder in ("in", "out"):
        Path(folder).mkdir()
    Path("in/a.png").write_bytes(b"x")
    if kind == "link":
        Path("out/a.png").symlink_to("../in/a.png")
    elif kind == "hard":
        os.link("in/a.png", "out/a.png")
    place = Path("in" if kind == "same" else "out")
    with pytest.raises(QuantizeError, match=r"results must not replace what is read, got '(in|out)/a.png'"):
        place_results(sources("a.png"), place)
    with pytest.raises(QuantizeError, match="must not replace"):
        place_results(sources("a.png"), Path("other"), others=[Path("in/a.png")])
