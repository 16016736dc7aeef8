"""Results on the disk: whole or as before, half ones swept away, one run at a time, what is refused."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from quantize.batch.files import StoppedError, hold_folder, put_whole, sweep_parts
from quantize.errors import QuantizeError


def test_a_file_is_written_with_its_folders_and_replaced_with_its_mode(tmp_path):
    path = tmp_path / "a" / "b" / "x.png"
    put_whole(path, b"one")
    assert path.read_bytes() == b"one"
    path.chmod(0o640)
    put_whole(path, b"two")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"two", 0o640)
    assert os.listdir(path.parent) == ["x.png"]


def test_of_a_link_what_it_names_is_replaced(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    put_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("code", "kind"),
    [(errno.ENOSPC, StoppedError), (errno.EDQUOT, StoppedError), (errno.EIO, QuantizeError)],
)
def test_what_fails_half_way_leaves_what_was_there(tmp_path, monkeypatch, code, kind):
    path = tmp_path / "x.png"
    path.write_bytes(b"old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(code, os.strerror(code))))
    with pytest.raises(QuantizeError, match=os.strerror(code)) as raised:
        put_whole(path, b"new")
    assert type(raised.value) is kind
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["x.png"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_stops_all(tmp_path, monkeypatch):
    true = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, mode="r", **how: true(Path("/dev/full") if "x" in mode else path, "wb")
    )
    with pytest.raises(StoppedError, match=r"No space left on device; make room and go on with --resume"):
        put_whole(tmp_path / "x.png", b"new" * 9999)
    assert os.listdir(tmp_path) == []


def test_what_cannot_be_replaced_is_said(tmp_path):
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(QuantizeError, match="a folder is there"):
        put_whole(tmp_path / "folder.png", b"x")
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "file").chmod(0o444)
    with pytest.raises(QuantizeError, match="the file there is write-protected"):
        put_whole(tmp_path / "file", b"x")
    with pytest.raises(QuantizeError, match="could not be written: "):
        put_whole(tmp_path / "file" / "x.png", b"x")
    with pytest.raises(QuantizeError, match="could not be written: "):
        put_whole(tmp_path / ("n" * 300 + ".png"), b"x")


def test_only_half_written_files_are_swept_away(tmp_path):
    part, others = (
        ".quantize-0123456789abcdef.part",
        (".quantize-0123.part", "x.part", ".quantize-batch.jsonl"),
    )
    for name in (part, *others):
        (tmp_path / name).touch()
    sweep_parts([tmp_path, tmp_path / "none"])
    assert sorted(os.listdir(tmp_path)) == sorted(others)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_one_run_at_a_time_is_in_a_folder(tmp_path):
    with (
        hold_folder(tmp_path / "new"),
        pytest.raises(QuantizeError, match="one in which another is at work"),
        hold_folder(tmp_path / "new"),
    ):
        pass
    with hold_folder(tmp_path / "new"):
        pass


def test_a_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "deeper", Path("nul\0")):
        with pytest.raises(QuantizeError, match="output must be a folder to write to"), hold_folder(path):
            pass
