"""Which files are meant: trees, patterns, links, hidden files, things that are no pictures."""

import os
from pathlib import Path

import pytest

from quantize.batch.inputs import find_sources
from quantize.errors import QuantizeError

PNG = b"\x89PNG\r\n\x1a\nno more than a beginning"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*names: str, content: bytes = PNG) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)


def find(*given: str, output: str = "out", own: tuple[str, ...] = ()):
    found = find_sources(given, Path(output), frozenset(own))
    return {source.place.as_posix(): str(source.path) for source in found.sources}, found


def test_one_folder_gives_its_content_and_several_keep_their_names():
    put("a/x.png", "a/deep/er/y.png", "b/x.png")
    assert find("a")[0] == {"x.png": "a/x.png", "deep/er/y.png": "a/deep/er/y.png"}
    assert set(find("a", "b")[0]) == {"a/x.png", "a/deep/er/y.png", "b/x.png"}
    assert set(find("a/", "b/x.png")[0]) == {"a/x.png", "a/deep/er/y.png", "x.png"}
    os.chdir("a")
    assert set(find(".", "../b", output="../out")[0]) == {"a/x.png", "a/deep/er/y.png", "b/x.png"}


def test_a_pattern_keeps_the_tree_behind_its_fixed_part():
    put("a/x.png", "a/deep/y.png", "a/z.jpg")
    assert set(find("a/**/*.png")[0]) == {"x.png", "deep/y.png"}
    assert set(find("a/*.???")[0]) == {"x.png", "z.jpg"}
    put("odd [1].png")
    assert set(find("odd [1].png")[0]) == {"odd [1].png"}, "what is there is no pattern"


def test_a_pattern_without_a_file_is_a_problem_and_the_rest_goes_on():
    put("a.png")
    names, found = find("*.jpg", "a.png", "missing.png")
    assert set(names) == {"a.png"}
    assert [(str(path), reason) for path, reason in found.problems] == [
        ("*.jpg", "no file is called like this"),
        ("missing.png", "no such file or directory"),
    ]


def test_content_or_ending_make_a_picture_and_what_is_named_is_taken():
    put("a/x.png", "a/without ending")
    put("a/broken.jpg", "a/notes.txt", "a/.hidden.png", "a/.git/x.png", "a/empty", content=b"text")
    put("a/camera.CR2", content=b"II*\0" + bytes(60))
    names, found = find("a")
    assert set(names) == {"x.png", "without ending", "broken.jpg"}
    assert found.describe_skipped() == (
        "1 file of a kind that is not read, such as raw, 2 files that are no pictures, "
        "2 hidden files and folders"
    )
    assert set(find("a/notes.txt", "a/.hidden.png")[0]) == {"notes.txt", ".hidden.png"}


def test_links_are_followed_to_files_only_and_loops_end():
    put("a/x.png", "elsewhere/y.png")
    Path("a/loop").symlink_to("../a")
    Path("a/more").symlink_to("../elsewhere")
    Path("a/y.png").symlink_to("../elsewhere/y.png")
    Path("a/gone.png").symlink_to("nowhere")
    names, found = find("a")
    assert set(names) == {"x.png", "y.png", "gone.png"}  # the last will say so
    assert found.skipped == {"links to folders": 2}
    assert set(find("a/**/*.png")[0]) == {"x.png", "y.png", "gone.png"}
    assert set(find("a/more")[0]) == {"y.png"}, "a link that is named is followed"


def test_pipes_are_not_waited_for():
    put("a/x.png")
    os.mkfifo("a/pipe.png")
    assert set(find("a")[0]) == {"x.png"}
    assert find("a/x.png", "a/pipe.png")[1].problems == [
        (Path("a/pipe.png"), "it is neither a file nor a folder")
    ]


@pytest.mark.parametrize("given", ["a", "a/**/*.png", "."])
def test_results_inside_what_is_read_are_not_read_again(given):
    put("a/x.png", "a/out/x.png", "a/out/deep/y.png", "a/sub/out/z.png")
    names = {Path(path).as_posix() for path in find(given, output="a/out")[0].values()}
    assert names == {"a/x.png", "a/sub/out/z.png"}


def test_results_of_earlier_runs_are_not_read_wherever_they_lie():
    put("in/x.jpg", "x.png", "other.png")
    assert set(find("*.png", output=".", own=("x.png",))[0]) == {"other.png"}
    assert set(find("x.png", output=".", own=("x.png",))[0]) == {"x.png"}, "named ones are"


def test_the_folder_that_is_read_takes_no_results(folder):
    put("a/x.png")
    Path("link").symlink_to("a")
    for output in ("a", "a/../a", "link", str(folder / "a")):
        with pytest.raises(QuantizeError, match="output must be another folder than the one that is read"):
            find("a", output=output)


def test_nothing_at_all_is_refused():
    Path("a").mkdir()
    with pytest.raises(QuantizeError, match="inputs must hold a picture, got empty folders"):
        find("a")
    put("a/notes.txt", content=b"text")
    with pytest.raises(QuantizeError, match="got 1 file that is no picture"):
        find("a")


def test_a_folder_that_cannot_be_read_is_a_problem(monkeypatch):
    put("a/x.png", "a/shut/y.png")
    true = os.scandir

    def scandir(path):  # root may read whatever its mode says
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return true(path)

    monkeypatch.setattr("os.scandir", scandir)
    names, found = find("a")
    assert set(names) == {"x.png"}
    assert [(str(path), reason) for path, reason in found.problems] == [("a/shut", "permission denied")]
