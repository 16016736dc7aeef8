"""What has been done: found again if all is the same, whatever somebody or a kill did to the record."""

import pytest

from quantize.batch.converting import How
from quantize.batch.record import NAME, Entry, Record, digest_of, make_key
from quantize.errors import QuantizeError
from quantize.settings import Settings


def noted(folder, name="a/x.png", content=b"result", key="k"):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    entry = Entry(name, key, digest_of(content), {"bytes_in": 5})
    Record(folder).add(entry)
    return entry


def test_what_is_there_unchanged_is_found(tmp_path):
    entry = noted(tmp_path)
    assert Record(tmp_path).find("a/x.png", "k") == entry
    assert Record(tmp_path).names == {"a/x.png"}
    assert Record(tmp_path).find("a/x.png", "other") is None
    assert Record(tmp_path).find("y.png", "k") is None
    (tmp_path / "a/x.png").write_bytes(b"changed")
    assert Record(tmp_path).find("a/x.png", "k") is None
    (tmp_path / "a/x.png").unlink()
    assert Record(tmp_path).find("a/x.png", "k") is None


def test_the_last_line_of_a_name_counts_and_tidying_keeps_it_alone(tmp_path):
    noted(tmp_path, content=b"old", key="old")
    noted(tmp_path, "b.png")
    entry = noted(tmp_path)
    assert len((tmp_path / NAME).read_bytes().splitlines()) == 3
    Record(tmp_path).tidy()
    assert len((tmp_path / NAME).read_bytes().splitlines()) == 2
    assert Record(tmp_path).find("a/x.png", "k") == entry


@pytest.mark.parametrize(
    "line",
    [
        b'{"name": "b.png", "key": "k", "dig',
        b"\xff\x00",
        b"[" * 100_000,
        b'{"name": 5, "key": "k", "digest": "d", "row": {}}',
        b'{"name": "b", "key": "k", "digest": "d", "row": 7}',
        b"[]",
        b"7",
    ],
)
def test_lines_that_are_none_are_passed_over(tmp_path, line):
    first = noted(tmp_path)
    with (tmp_path / NAME).open("ab") as file:
        file.write(line)  # and no end of the line, as after a kill
    second = noted(tmp_path, "b.png")
    assert Record(tmp_path).find("a/x.png", "k") == first
    assert Record(tmp_path).find("b.png", "k") == second


def test_names_that_are_no_text_are_kept(tmp_path):
    noted(tmp_path, "\udcff\n\x1b.png")
    assert Record(tmp_path).find("\udcff\n\x1b.png", "k")


def test_what_cannot_be_noted_is_said(tmp_path):
    entry = noted(tmp_path)
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).mkdir()
    with pytest.raises(QuantizeError, match="could not be written: Is a directory"):
        Record(tmp_path).add(entry)
    Record(tmp_path).tidy()


def test_there_may_be_no_record(tmp_path):
    assert not Record(tmp_path / "none").names
    Record(tmp_path).tidy()
    assert not (tmp_path / NAME).exists()


def test_a_key_is_of_content_and_every_choice():
    plain = How(Settings())
    keys = {
        plain.key("d"),
        plain.key("e"),
        How(Settings(n_colors=5)).key("d"),
        How(Settings(dither="floyd-steinberg")).key("d"),
        How(Settings(), order="use").key("d"),
        How(Settings(), rgba=True).key("d"),
        make_key("picture", "d"),
    }
    assert len(keys) == 7
    assert plain.key("d") == How(Settings()).key("d")
