"""Places behind URLs: which are meant, secrets refused, files whole, records in parts."""

import os
from pathlib import Path

import pytest

from quantize.batch import lines
from quantize.batch.inputs import Source, find_sources
from quantize.batch.lines import NAME
from quantize.batch.places import place_results
from quantize.batch.record import Entry, Record, digest_of
from quantize.batch.remote import Remote, as_place, list_below, look_at, put_place, read_place, remove_place
from quantize.errors import QuantizeError
from tests.commands.test_main import run
from tests.pictures import noise, png

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: requirements.txt")
ROOT = Remote("memory://box")


@pytest.fixture(autouse=True)
def empty():
    system = fsspec.filesystem("memory")
    for store in (system.store, system.pseudo_dirs):
        store.clear()
    return system


def put(*names: str) -> None:
    for name in names:
        put_place(ROOT / name, name.encode())


def found(*given: str, output: Remote | None = None) -> dict[str, str]:
    return {str(source.path): source.place.as_posix() for source in find_sources(given, output).sources}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("a/b", Path("a/b")),
        ("C:/a", Path("C:/a")),
        ("file:///a/b", Path("/a/b")),
        ("FILE:///a", Path("/a")),
        ("s3://bucket/a/", Remote("s3://bucket/a")),
        ("S3A://bucket/a b?c@d", Remote("s3://bucket/a b?c@d")),
    ],
)
def test_what_a_person_writes(said, expected):
    assert as_place(said) == expected


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ("file://a", "three slashes"),
        ("s3://", "must name a folder"),
        ("s3:///", "must name a folder"),
        ("simplecache::s3://a", "one address, got a chain"),
        ("s3://a::b", "one address, got a chain"),
        ("sftp://me:word@host/a", "must hold no secret"),
        ("https://host/a.png?X-Amz-Signature=1", "must hold no secret"),
    ],
)
def test_what_is_no_place(said, match):
    with pytest.raises(QuantizeError, match=match) as raised:
        as_place(said)
    assert "word@" not in str(raised.value)


def test_a_file_goes_and_comes_back_whole():
    put("a/b.png")
    assert read_place(ROOT / "a/b.png", 99) == b"a/b.png"
    assert look_at(ROOT / "a/b.png") == ("file", 7)
    assert look_at(ROOT / "a")[0] == "directory"
    assert look_at(ROOT / "none") == ("", None)
    remove_place(ROOT / "a/b.png")
    remove_place(ROOT / "a/b.png")
    with pytest.raises(QuantizeError, match="could not be read: there is no such file"):
        read_place(ROOT / "a/b.png", 99)


def test_too_long_and_empty_files_are_said():
    put("a.png")
    for place in (ROOT / "a.png", Remote(f"{ROOT}/a.png", 3_000_000)):
        with pytest.raises(QuantizeError, match="MB"):
            read_place(place, 3)
    with pytest.raises(QuantizeError, match="must not be empty"):
        read_place(Remote(f"{ROOT}/a.png", 0), 9)


def test_elsewhere_than_in_object_stores_a_file_is_moved_to_its_place(empty, monkeypatch):
    monkeypatch.setattr("quantize.batch.remote._WHOLE", frozenset())
    put("a/x.png")
    assert [name for name, _ in list_below(ROOT)] == ["a/x.png"]

    def fail(*words, **more):
        raise OSError("gone")

    monkeypatch.setattr(type(empty), "mv", fail)
    with pytest.raises(QuantizeError, match="could not be written: gone"):
        put_place(ROOT / "a/x.png", b"new")
    assert [name for name, _ in list_below(ROOT)] == ["a/x.png"]
    assert read_place(ROOT / "a/x.png", 99) == b"a/x.png"


def test_what_a_store_says_goes_on_without_secrets(empty, monkeypatch):
    def fail(*words, **more):
        raise RuntimeError("no way to http://me:word@host/x\nand more")

    monkeypatch.setattr(type(empty), "pipe_file", fail)
    with pytest.raises(QuantizeError, match=r"^could not be written: no way to http://host/x$"):
        put_place(ROOT / "a", b"x")


class NoCredentialsError(Exception):
    """As botocore calls it."""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError("Access Denied"), "Access Denied"),
        (FileNotFoundError("bucket"), "there is no such file, folder or bucket"),
        (NotImplementedError(), "nothing can be written there"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (NoCredentialsError("Unable to locate credentials"), "Unable to locate credentials"),
    ],
)
def test_a_run_stops_where_no_picture_could_be_written(empty, monkeypatch, tmp_path, capsys, error, said):
    tried = []

    def fail(*words, **more):
        tried.append(words)
        raise error

    for name in "abcdefgh":
        (tmp_path / f"{name}.png").write_bytes(png(noise(9, 9)))
    monkeypatch.setattr(type(empty), "pipe_file", fail)
    code, _, err = run(capsys, "batch", str(tmp_path), "-o", str(ROOT / "out"), "--jobs", "1")
    assert (code, err.count("\n")) == (1, 1), err
    assert f"stopped, results cannot be written: {said}" in err
    assert len(tried) < 4, "all eight would fail"


def test_trees_patterns_and_what_is_left_out():
    put("in/a.png", "in/b/c.JPG", "in/b/d.txt", "in/.e.png", "in/out/f.png", "in2/g.png", "in/b/h.nef")
    out = ROOT / "in/out"
    assert found("memory://box/in", output=out) == {
        "memory://box/in/a.png": "a.png", "memory://box/in/b/c.JPG": "b/c.JPG",
    }  # fmt: skip
    assert set(found("memory://box/in/", "memory://box/in2").values()) == {
        "in/a.png", "in/b/c.JPG", "in/out/f.png", "in2/g.png",
    }  # fmt: skip
    assert found("memory://box/in/b/d.txt") == {"memory://box/in/b/d.txt": "d.txt"}, "it was named"
    assert set(found("memory://box/in/**/*.png").values()) == {"a.png", "out/f.png"}
    assert set(found("memory://box/in/*/[!d].*").values()) == {"b/c.JPG", "out/f.png"}
    assert set(found("memory://box/in/?.png").values()) == {"a.png"}
    skipped = find_sources(["memory://box/in"], out).skipped
    assert dict(skipped) == {
        "hidden files and folders": 1, "files that are no pictures": 1,
        "files of kinds that are not read, such as raw": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["../up.png", "a/../../up.png", "a\\..\\up.png", "nul\0.png"])
def test_a_name_that_leads_elsewhere_is_no_result(monkeypatch, name):
    listed = [("a.png", ROOT / "in/a.png"), (name, Remote(f"{ROOT}/in/{name}", 5))]
    monkeypatch.setattr("quantize.batch.remote_inputs.list_below", lambda folder: iter(listed))
    put("in/a.png")
    made = find_sources(["memory://box/in"], Path("out"))
    assert [source.place.as_posix() for source in made.sources] == ["a.png"]
    assert [reason for _, reason in made.problems] == ["its name would lead out of the folder of results"]


@pytest.mark.skipif(os.name == "nt", reason="a backslash leads into a folder there")
def test_a_backslash_is_a_letter_of_a_name(monkeypatch):
    listed = [("a\\b.png", Remote(f"{ROOT}/in/a\\b.png", 5))]
    monkeypatch.setattr("quantize.batch.remote_inputs.list_below", lambda folder: iter(listed))
    put("in/a\\b.png")
    made = find_sources(["memory://box/in"], Path("out"))
    assert [source.place.as_posix() for source in made.sources] == ["a\\b.png"]
    assert not made.problems


def test_a_name_from_the_root_stays_below(monkeypatch):
    listed = [("/etc/a.png", Remote(f"{ROOT}/in//etc/a.png", 5))]
    monkeypatch.setattr("quantize.batch.remote_inputs.list_below", lambda folder: iter(listed))
    put("in/a.png")
    (source,) = find_sources(["memory://box/in"], Path("out")).sources
    assert source.place.as_posix() == "etc/a.png"


def test_results_have_places_behind_urls_and_replace_nothing_that_is_read():
    sources = [Source(ROOT / "in/a.jpg", Path("b/a.jpg"))]
    (step,) = place_results([*sources, *sources], ROOT / "out")
    assert (step.name, step.output) == ("b/a.png", ROOT / "out/b/a.png")
    with pytest.raises(QuantizeError, match="must not replace what is read"):
        place_results([Source(ROOT / "in/a.png", Path("a.png"))], ROOT / "in")


def test_a_record_in_a_store_is_parts_and_then_one(monkeypatch):
    monkeypatch.setattr(lines, "_MANY", 3)

    def noted(record: Record, number: int, content: bytes = b"x") -> None:
        put_place(ROOT / f"{number}.png", content)
        record.add(Entry(f"{number}.png", "k", digest_of(content), {}))

    record = Record(ROOT)
    for number in range(8):
        noted(record, number)
    names = [name for name, _ in list_below(ROOT / NAME)]
    assert names == ["000000001.jsonl", "000000002.jsonl"]
    assert len(Record(ROOT).names) == 6, "what a run that is killed loses"
    put_place(ROOT / NAME / "notes.txt", b"x")
    again = Record(ROOT)
    noted(again, 0, b"y")
    again.tidy()
    assert [name for name, _ in list_below(ROOT / NAME)] == ["000000003.jsonl", "notes.txt"]
    last = Record(ROOT)
    assert len(last.names) == 6
    assert last.find("0.png", "k")
    assert not last.find("0.png", "other")
    last.tidy()
    assert [name for name, _ in list_below(ROOT / NAME)] == ["000000003.jsonl", "notes.txt"]
    assert not Record(ROOT / "none").names
    Record(ROOT / "none").tidy()
