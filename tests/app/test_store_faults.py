"""What was confirmed stays and nothing half is served: killed servers, full disks, crowds, failing stores."""

import errno
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pages._store import folder as _store_folder
from pages._store.store import ShareStore
from quantize import Picture, QuantizeError, load_picture
from tests.app.test_store import DAY, GONE, Clock, is_there, new_store, picture, put_each_minute, stored

ROOT = Path(__file__).parents[2]
FULL = "must have room, but its disk is full: try again later"
posix = pytest.mark.skipif(os.name == "nt", reason="needs processes that fork and signals that kill")


def child(*arguments: object, **options: object) -> subprocess.Popen:
    command = [sys.executable, "-W", "error", "-m", "tests.store_child", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **options)


def check_whole(folder: Path) -> set[str]:
    """Ids in a folder, each of which must be a whole picture."""
    store = new_store(folder, Clock(time.time()))
    ids = {path.name.removesuffix(".share") for path in folder.glob("*.share")}
    for id in ids:
        load_picture(store.get(id).data)
    return ids


@posix
def test_killed_at_any_line_leaves_the_whole_picture_or_nothing(tmp_path):
    with child("kill-at-each-line", tmp_path) as process:
        *confirmed, n_lines = process.communicate()[0].split()
    assert process.returncode == 0
    assert int(n_lines) > 50
    found = [check_whole(folder) for folder in sorted(tmp_path.iterdir(), key=lambda path: int(path.name))]
    assert {len(ids) for ids in found[:-1]} == {0, 1}  # some died before, some after
    assert set(confirmed) <= set.union(*found)
    assert found[-1] == {confirmed[-1]}


@posix
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_time_loses_nothing_confirmed(tmp_path, seed):
    with child("put", tmp_path, 10_000, 1000, 400) as process:
        confirmed = [process.stdout.readline().strip()]
        time.sleep(random.Random(seed).uniform(0, 0.3))
        process.kill()
        confirmed += process.stdout.read().split()
    ids = check_whole(tmp_path)
    assert set(confirmed) <= ids
    assert len(ids) <= len(confirmed) + 1
    leftovers = [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
    assert len(leftovers) <= 1


def test_what_a_killed_writer_left_goes_after_an_hour(tmp_path):
    clock = Clock(time.time())
    store = new_store(tmp_path, clock)
    receipt = store.put(picture())
    old, young, future = (tmp_path / f".{receipt.id}.share.{name}.part" for name in ("a", "b", "c"))
    for file, age in ((old, 3601), (young, 3500), (future, -7200)):
        file.write_bytes(b"half a picture")
        os.utime(file, (clock.now - age, clock.now - age))
    assert store.sweep() == 0
    assert {path for path in tmp_path.iterdir() if path.name.startswith(".")} == {young}
    assert is_there(store, receipt)


@posix
def test_a_crowd_of_servers_on_one_folder(tmp_path):
    limit = 0.1  # MB, of pictures of 30 KB: nearly every put has to make room
    processes = [child("put", tmp_path, 40, limit, 100) for _ in range(4)]
    confirmed = set()
    for process in processes:
        with process:
            confirmed |= set(process.communicate()[0].split())
        assert process.returncode == 0
    assert len(confirmed) == 160
    left = check_whole(tmp_path)
    assert left <= confirmed
    assert left == set(sorted(confirmed)[-len(left) :])  # the youngest
    assert len(left) == 3
    assert stored(tmp_path) == left  # nothing else


def test_a_crowd_of_threads_sweeps_at_once(tmp_path):
    clock = Clock(time.time())
    put_each_minute(new_store(tmp_path, clock), clock, 60)
    clock.now += 40 * DAY
    errors, store = [], new_store(tmp_path, clock)
    kept = store.put(picture())
    put_each_minute(new_store(tmp_path, Clock(0)), Clock(0), 20)  # long expired

    def sweep() -> None:
        try:
            new_store(tmp_path, clock).sweep()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=sweep) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert stored(tmp_path) == {kept.id}


def test_a_sweep_of_another_server_between_listing_and_deleting(tmp_path, monkeypatch):
    clock = Clock()
    store = new_store(tmp_path, clock)
    put_each_minute(store, clock, 3)
    clock.now += 40 * DAY
    entries = store._storage.objects()
    assert new_store(tmp_path, clock).sweep() == 3
    monkeypatch.setattr(store._storage, "objects", lambda: entries)
    assert store.sweep() == 3
    assert is_there(store, store.put(picture()))


def test_files_that_vanish_while_they_are_listed(tmp_path, monkeypatch):
    clock = Clock()
    store = new_store(tmp_path, clock)
    put_each_minute(store, clock, 4)
    clock.now += 40 * DAY
    scandir = os.scandir

    class Vanishing:
        def __init__(self, path):
            self._files = scandir(path)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._files.close()

        def __iter__(self) -> Iterator[os.DirEntry]:
            for number, file in enumerate(sorted(self._files, key=lambda file: file.name)):
                if number == 1:
                    os.unlink(file.path)
                yield file

    monkeypatch.setattr(os, "scandir", Vanishing)
    assert store.sweep() == 2  # it lists twice, and one vanishes each time
    monkeypatch.undo()
    assert stored(tmp_path) == set()


def test_leftovers_that_another_server_deletes_first(tmp_path, monkeypatch):
    leftover = tmp_path / f".{'0' * 44}.share.a.part"
    leftover.touch()
    unlink = os.unlink

    def delete_twice(path: str) -> None:
        unlink(path)
        unlink(path)

    monkeypatch.setattr(os, "unlink", delete_twice)
    assert new_store(tmp_path, Clock(time.time() + 7200)).sweep() == 0
    assert not leftover.exists()


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("a small disk is a tmpfs, and there is no mount command here")
    if mounted.returncode:
        pytest.skip(f"a small disk is a tmpfs, which cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(store: ShareStore, clock: Clock) -> list[str]:
    """Put pictures until the disk is full."""
    ids: list[str] = []
    for seed in range(100):
        try:
            ids.append(store.put(picture(100, seed)).id)
        except QuantizeError as error:
            if FULL in str(error):
                return ids
            raise
        clock.now += 60
    return pytest.fail("the disk is larger than it should be")


def test_full_disk(small_disk):
    clock = Clock()
    store = new_store(small_disk / "shares", clock)
    ids = fill(store, clock)
    assert len(ids) > 3
    assert stored(small_disk / "shares") == set(ids)  # and nothing half
    for seed, id in enumerate(ids):
        assert np.array_equal(load_picture(store.get(id).data).pixels, picture(100, seed).pixels)
    clock.now = Clock().now + 30 * DAY  # the first expires
    assert store.sweep() == 1
    assert is_there(store, store.put(picture(100)))


def test_a_full_disk_that_is_played(tmp_path, monkeypatch):
    store = new_store(tmp_path)
    receipt = store.put(picture())
    for operation in ("fsync", "replace"):

        def fail(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path))

        monkeypatch.setattr(os, operation, fail)
        with pytest.raises(QuantizeError, match=FULL) as refusal:
            store.put(picture(50))
        assert str(tmp_path) not in str(refusal.value)
        monkeypatch.undo()
        assert stored(tmp_path) == {receipt.id}
        assert is_there(store, receipt)


@posix
def test_a_file_that_cannot_grow(tmp_path):
    """The kernel stops the write half way, as it does on a full disk."""
    limit = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (20_000, 20_000))"
    program = f"""{limit}
import sys
from tests.app.test_store import new_store, picture
from quantize import QuantizeError
store = new_store(sys.argv[1])
print(store.put(picture(20)).id)
try:
    store.put(picture(200))
except QuantizeError as error:
    print(error)
"""
    command = [sys.executable, "-B", "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    id, message = done.stdout.splitlines()
    assert FULL in message
    assert stored(tmp_path) == {id}


def test_no_room_can_be_made(tmp_path, monkeypatch):
    """What is not confirmed does not stay when older ones cannot be deleted."""
    clock = Clock()
    store = new_store(tmp_path, clock, max_shares=2)
    receipts = put_each_minute(store, clock, 2)

    def refuse(_: object) -> None:
        raise QuantizeError("no")

    monkeypatch.setattr(store._storage, "delete_all", refuse)
    with pytest.raises(QuantizeError, match="no"):
        store.put(picture())
    assert stored(tmp_path) == {receipt.id for receipt in receipts}


def raising(error: BaseException):
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("function", ["os.open", "os.scandir", "pathlib.Path.mkdir"])
def test_a_folder_that_lets_nobody_in(tmp_path, monkeypatch, function):
    folder = tmp_path / "secret-place"
    store = new_store(folder)
    monkeypatch.setattr(function, raising(PermissionError(errno.EACCES, "Permission denied", str(folder))))
    with pytest.raises(QuantizeError, match="but it refuses: tell whoever runs this server") as refusal:
        store.put(picture())
    assert "secret-place" not in str(refusal.value)
    monkeypatch.undo()
    assert not folder.exists() or stored(folder) == set()


def test_a_store_inside_a_file(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    store = new_store(tmp_path / "file" / "shares")
    with pytest.raises(QuantizeError, match="must be within reach, but it does not answer"):
        store.put(picture())


def test_looking_does_not_fail_with_the_sweep(tmp_path, monkeypatch, caplog):
    receipt = new_store(tmp_path).put(picture())
    monkeypatch.setattr(os, "scandir", raising(OSError(errno.EIO, "Input/output error")))
    assert is_there(new_store(tmp_path), receipt)
    assert "list failed, OSError" in caplog.text


@posix
@pytest.mark.parametrize(
    ("code", "accepted"), [(errno.EINVAL, True), (errno.EACCES, True), (errno.EIO, False)]
)
def test_folders_that_cannot_be_flushed(tmp_path, monkeypatch, code, accepted):
    """Some mounted file systems cannot; a disk that fails is another matter."""
    fsync = os.fsync

    def flush(descriptor: int) -> None:
        if os.path.isdir(f"/dev/fd/{descriptor}"):
            raise OSError(code, "no")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", flush)
    store = new_store(tmp_path)
    if accepted:
        assert is_there(store, store.put(picture()))
    else:
        with pytest.raises(QuantizeError, match="does not answer"):
            store.put(picture())
        assert stored(tmp_path) == set()


def test_everything_is_flushed_before_it_is_confirmed(tmp_path, monkeypatch):
    """File before its name, name before the receipt; and the folder's own name once it is made."""
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def flush(descriptor: int) -> None:
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        steps.append("flush " + (os.path.relpath(path, tmp_path) if os.path.isdir(path) else "file"))
        fsync(descriptor)

    def rename(old: Path, new: Path) -> None:
        steps.append("rename")
        replace(old, new)

    if not os.path.exists("/proc/self/fd"):
        pytest.skip("needs /proc to tell which file is flushed")
    monkeypatch.setattr(_store_folder.os, "fsync", flush)
    monkeypatch.setattr(_store_folder.os, "replace", rename)
    store = new_store(tmp_path / "a" / "b")
    store.put(picture())
    assert steps == ["flush .", "flush a", "flush file", "rename", f"flush {os.path.join('a', 'b')}"]


class Failing:
    """A file system of fsspec, in memory, all of whose calls fail once it is told to."""

    def __init__(self, system: object) -> None:
        self._system = system
        self.error: Exception | None = None

    def __getattr__(self, name: str) -> object:
        if self.error and name in ("pipe_file", "cat_file", "rm_file", "ls"):
            return raising(self.error)
        return getattr(self._system, name)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "disk"), FULL),
        (PermissionError("s3://user:secret@host"), "but it refuses"),
        (TimeoutError(), "does not answer"),
        (RuntimeError("anything: secret"), "does not answer"),
    ],
)
def test_every_failure_elsewhere_is_one_sentence(tmp_path, error, message):
    store = new_store(f"memory://{tmp_path.name}")
    system = store._storage._system = Failing(store._storage._system)
    receipt = store.put(picture())
    system.error = error
    uses = (
        lambda: store.put(picture()),
        lambda: store.get(receipt.id),
        lambda: store.delete(receipt.id, receipt.delete_key),
        store.sweep,
    )
    for use in uses:
        with pytest.raises(QuantizeError, match=message) as refusal:
            use()
        assert "secret" not in str(refusal.value)
    system.error = None
    assert is_there(store, receipt)
    assert store.sweep() == 0


def test_a_remote_folder_that_is_missing_is_empty(tmp_path):
    store = new_store(f"memory://{tmp_path.name}/none")
    assert store.sweep() == 0
    with pytest.raises(QuantizeError, match=GONE):
        store.get("0000ffffffff" + "0" * 32)


def test_put_leaves_the_picture_alone(tmp_path):
    original = Picture.from_pixels(picture().pixels, picture().pixels[..., 0].copy())
    before = original.pixels.copy(), original.alpha.copy()
    new_store(tmp_path).put(original)
    assert np.array_equal(original.pixels, before[0])
    assert np.array_equal(original.alpha, before[1])
