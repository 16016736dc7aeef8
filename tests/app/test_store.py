"""Shared pictures come back pixel for pixel, for as long as was said, to those who have the link."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from pages._store import format as form
from pages._store.folder import Folder
from pages._store.remote import open_storage
from pages._store.sharers import mark
from pages._store.storage import StoredObject
from pages._store.store import Label, Receipt, Shared, ShareStore, open_store
from quantize import Picture, QuantizeError, load_picture
from tests.pictures import noise, saved

DAY = timedelta(days=1).total_seconds()
GONE = "has expired or was deleted"


class Clock:
    """A clock that tests set."""

    def __init__(self, now: float = 1.8e9) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def picture(side: int = 8, seed: int = 0) -> Picture:
    return Picture.from_pixels(noise(side, side, seed=seed))


def new_store(folder: object, clock: Clock | None = None, **options: object) -> ShareStore:
    settings = {"max_age": timedelta(days=30), "max_bytes": 10**9, "clock": clock or Clock()} | options
    return ShareStore(str(folder), **settings)


def stored(folder: Path) -> set[str]:
    return {path.name.removesuffix(".share") for path in folder.iterdir()}


def is_there(store: ShareStore, receipt: Receipt) -> bool:
    try:
        store.get(receipt.id)
    except QuantizeError as error:
        if GONE in str(error):
            return False
        raise
    return True


shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    shape = draw(shapes)
    pixels = draw(hnp.arrays(np.uint8, (*shape, 3)))
    alpha = draw(st.none() | hnp.arrays(np.uint8, shape, elements=st.sampled_from([0, 1, 128, 254, 255])))
    return Picture.from_pixels(pixels, alpha)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(picture=pictures(), name=st.none() | st.text())
def test_what_is_got_is_what_was_put(tmp_path, picture, name):
    store = new_store(tmp_path)
    receipt = store.put(picture, name)
    shared = store.get(receipt.id)
    loaded = load_picture(shared.data)
    assert np.array_equal(loaded.pixels, picture.pixels)
    if picture.alpha is None:
        assert loaded.alpha is None
    else:
        assert np.array_equal(loaded.alpha, picture.alpha)
    assert loaded.notes == ()
    assert (shared.id, shared.size, shared.expires) == (receipt.id, picture.size, receipt.expires)
    assert shared.name == form.clean_name(name)


def test_a_shared_picture_is_pixels_and_nothing_else(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (48.0, 8.0, 1.0)  # latitude
    upload = saved(noise(9, 9), "JPEG", exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile")
    assert upload.count(b"Secret") == 3
    path = tmp_path / "holiday.jpg"
    path.write_bytes(upload)
    store = new_store(tmp_path / "store")
    receipt = store.put(load_picture(path))
    (file,) = (tmp_path / "store").iterdir()
    for secret in (b"Secret", b"holiday", b"Exif", b"iCCP", receipt.delete_key.encode()):
        assert secret not in file.read_bytes()
    data = store.get(receipt.id).data
    assert [kind for kind, _ in chunks(data)] == [b"IHDR", b"IDAT", b"IEND"]


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    file, found = io.BytesIO(png[8:]), []
    while head := file.read(8):
        length = int.from_bytes(head[:4], "big")
        found.append((head[4:], file.read(length + 4)))
    return found


def test_a_look_tells_what_is_there_without_the_picture(tmp_path):
    clock = Clock()
    store = new_store(tmp_path, clock)
    receipt = store.put(picture(9), "a name")
    assert store.look(receipt.id) == Label(receipt.id, "a name", (9, 9), receipt.expires)
    (tmp_path / f"{receipt.id}.share").write_bytes(b"")
    with pytest.raises(QuantizeError, match="damaged there"):
        store.look(receipt.id)
    clock.now += 30 * DAY
    with pytest.raises(QuantizeError, match=GONE):
        store.look(receipt.id)


def test_expiry_is_said_and_kept(tmp_path):
    clock = Clock(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp())
    store = new_store(tmp_path, clock, max_age=timedelta(days=2))
    receipt = store.put(picture())
    assert receipt.expires == datetime(2026, 11, 24, 12, tzinfo=UTC)
    clock.now += 2 * DAY - 1
    assert is_there(store, receipt)
    clock.now += 1
    assert stored(tmp_path) == {receipt.id}
    assert not is_there(store, receipt)  # although nobody has swept
    assert store.sweep() == 1
    assert stored(tmp_path) == set()


def test_a_new_time_to_live_leaves_promises_alone(tmp_path):
    clock = Clock()
    long = new_store(tmp_path, clock, max_age=timedelta(days=30)).put(picture())
    store = new_store(tmp_path, clock, max_age=timedelta(days=1))
    short = store.put(picture())
    clock.now += 2 * DAY
    assert store.sweep() == 1
    assert is_there(store, long)
    assert not is_there(store, short)


def test_looking_sweeps_now_and_then(tmp_path):
    clock = Clock()
    new_store(tmp_path, clock, max_age=timedelta(days=1)).put(picture())
    clock.now += DAY / 2
    store = new_store(tmp_path, clock)
    receipt = store.put(picture())
    clock.now += DAY
    assert is_there(store, receipt)
    assert stored(tmp_path) == {receipt.id}


def test_looking_sweeps_once_an_hour(tmp_path, monkeypatch):
    clock = Clock()
    store = new_store(tmp_path, clock)
    receipt = store.put(picture())
    swept: list[float] = []
    entries = store._storage.objects
    monkeypatch.setattr(store._storage, "objects", lambda: swept.append(clock.now) or entries())
    start = clock.now
    for minutes in (0, 59, 60, 61, 119, 120, -400, -399):  # the clock is set back at the end
        clock.now = start + 60 * minutes
        assert is_there(store, receipt)
    assert [(at - start) / 60 for at in swept] == [60, 120, -400]


def put_each_minute(store: ShareStore, clock: Clock, count: int) -> list[Receipt]:
    receipts = []
    for number in range(count):
        receipts.append(store.put(picture(seed=number)))
        clock.now += 60
    return receipts


def test_oldest_make_room_and_no_more_than_needed(tmp_path):
    clock = Clock()
    receipts = put_each_minute(new_store(tmp_path, clock), clock, 5)
    length = max(path.stat().st_size for path in tmp_path.iterdir())
    store = new_store(tmp_path, clock, max_bytes=4 * length)
    new = store.put(picture(seed=5))
    assert stored(tmp_path) == {receipt.id for receipt in (*receipts[2:], new)}


def test_number_of_pictures_is_limited_too(tmp_path):
    clock = Clock()
    receipts = put_each_minute(new_store(tmp_path, clock, max_shares=3), clock, 5)
    assert stored(tmp_path) == {receipt.id for receipt in receipts[2:]}


def test_expired_ones_go_before_any_other_is_asked_to(tmp_path):
    clock = Clock()
    old = new_store(tmp_path, clock, max_age=timedelta(hours=1))
    put_each_minute(old, clock, 2)
    kept = put_each_minute(new_store(tmp_path, clock), clock, 2)
    clock.now += 2 * 3600
    new = new_store(tmp_path, clock, max_shares=3).put(picture())
    assert stored(tmp_path) == {receipt.id for receipt in (*kept, new)}


def test_picture_longer_than_the_store_is_refused_and_moves_nobody(tmp_path):
    clock = Clock()
    receipts = put_each_minute(new_store(tmp_path, clock), clock, 2)
    store = new_store(tmp_path, clock, max_bytes=2000)
    with pytest.raises(QuantizeError, match=r"at most 0\.0 MB as PNG, .* got 0\.2 MB: scale it down"):
        store.put(picture(200))
    assert stored(tmp_path) == {receipt.id for receipt in receipts}


def test_the_limit_is_the_length_of_what_lies_in_the_store(tmp_path):
    clock = Clock()
    receipt = new_store(tmp_path, clock).put(picture())
    length = (tmp_path / f"{receipt.id}.share").stat().st_size
    with pytest.raises(QuantizeError, match="scale it down"):
        new_store(tmp_path, clock, max_bytes=length - 1).put(picture())
    assert stored(tmp_path) == {receipt.id}
    new = new_store(tmp_path, clock, max_bytes=length).put(picture())
    assert stored(tmp_path) == {new.id}


def test_files_of_others_are_let_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ("f" * 44)).write_text("mine")
    (tmp_path / "holiday.share").write_text("mine")
    (tmp_path / "folder.share").mkdir()
    clock = Clock()
    store = new_store(tmp_path, clock, max_shares=1)
    put_each_minute(store, clock, 3)
    clock.now += 100 * DAY
    assert store.sweep() == 1
    assert stored(tmp_path) == {"notes.txt", "f" * 44, "holiday", "folder"}


def test_clock_set_back_loses_nothing(tmp_path):
    clock = Clock()
    store = new_store(tmp_path, clock)
    future = store.put(picture())
    clock.now -= 400 * DAY
    now = store.put(picture(seed=1))
    assert store.sweep() == 0
    assert is_there(store, future)
    assert is_there(store, now)
    clock.now = 0  # a board without a battery
    first = store.put(picture(seed=2))
    assert all(is_there(store, receipt) for receipt in (first, now, future))


def test_clock_set_back_keeps_what_is_confirmed_now_in_a_full_store(tmp_path):
    clock = Clock()
    store = new_store(tmp_path, clock, max_shares=2)
    put_each_minute(store, clock, 2)
    clock.now -= 400 * DAY
    assert is_there(store, store.put(picture(seed=2)))


def test_clock_set_far_forward_and_back(tmp_path):
    clock = Clock()
    store = new_store(tmp_path, clock)
    before = clock.now
    clock.now = 1e12  # beyond what a date can say
    strange = store.put(picture())
    assert strange.expires.year == 9999
    clock.now = before
    assert is_there(store, strange)
    assert is_there(store, store.put(picture(seed=1)))


def test_delete_with_the_key(tmp_path):
    store = new_store(tmp_path)
    first, second = store.put(picture()), store.put(picture(seed=1))
    for wrong in (second.delete_key, "", "0" * 32, first.delete_key.upper(), first.delete_key + "\n", None):
        with pytest.raises(QuantizeError, match="must be the one that came with its link"):
            store.delete(first.id, wrong)
    store.delete(first.id, first.delete_key)
    assert stored(tmp_path) == {second.id}
    assert not is_there(store, first)
    with pytest.raises(QuantizeError, match=GONE):
        store.delete(first.id, first.delete_key)


def test_ids_and_keys_are_new_each_time(tmp_path):
    store = new_store(tmp_path, max_age=timedelta(days=30))
    receipts = [store.put(picture()) for _ in range(50)]
    assert len({receipt.id for receipt in receipts}) == 50
    assert (
        len({receipt.id[12:] for receipt in receipts} | {receipt.delete_key for receipt in receipts}) == 100
    )
    assert len({receipt.id[:12] for receipt in receipts}) == 1  # one moment
    assert all(form.is_id(receipt.id) for receipt in receipts)


BAD_IDS = [
    "", "0" * 43, "0" * 45, "0" * 44 + "\n", "\n" + "0" * 43, "g" * 44, "A" * 44, "٠" * 44, "０" * 44,
    "../" + "0" * 41, "0" * 42 + "/x", "..\\" + "0" * 41, "0" * 43 + "\0", "f" * 44, None, 7, b"0" * 44,
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_IDS, ids=ascii)
def test_bad_ids_reach_no_path(tmp_path, bad, monkeypatch):
    store = new_store(tmp_path)
    monkeypatch.setattr(Folder, "read", lambda *_: pytest.fail("was read"))
    for use in (store.get, store.look, lambda id: store.delete(id, "0" * 32)):
        with pytest.raises(QuantizeError, match="must name 44 characters of 0–9 and a–f"):
            use(bad)


@given(text=st.text() | st.from_regex(r"[0-9a-fA-F/.\\]{43,45}\n?"))
def test_every_other_text_is_no_id(text):
    hexadecimal = len(text) == 44 and set(text) <= set("0123456789abcdef")
    assert form.is_id(text) == (hexadecimal and int(text[:12], 16) <= 253402214400000)


@given(seconds=st.floats(-1e15, 1e15))
def test_any_moment_makes_an_id(seconds):
    id = form.new_id(seconds)
    assert form.is_id(id)
    if 0 <= seconds < 2.5e11:
        assert abs(form.expiry(id) - seconds) < 0.002
    assert form.moment(form.expiry(id)).tzinfo is UTC


@given(earlier=st.integers(0, 10**11), later=st.integers(0, 10**11))
def test_ids_sort_by_expiry(earlier, later):
    if earlier < later:
        assert form.new_id(earlier) < form.new_id(later)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        (None, None),
        ("", None),
        (" \n\t\0", None),
        ("cat.jpg", "cat.jpg"),
        ("  two\nlines\tof\x00 it ", "two lines of it"),
        ("\u202egpj.exe", "gpj.exe"),  # right-to-left override
        ("\ud800x", "x"),  # half a character
        ("<b>&'\"", "<b>&'\""),
        ("é" * 300, "é" * 100),
        ("x" * 99 + " y", "x" * 99),
        ("../../etc/passwd", "../../etc/passwd"),  # text, never a path
    ],
)
def test_names_become_one_short_line(tmp_path, name, cleaned):
    store = new_store(tmp_path)
    assert store.get(store.put(picture(), name).id).name == cleaned


@given(name=st.text())
def test_cleaning_twice_changes_nothing(name):
    once = form.clean_name(name)
    assert form.clean_name(once) == once
    assert once is None or (0 < len(once) <= form.MAX_NAME and once.isprintable())


def object_of(tmp_path: Path) -> tuple[ShareStore, Receipt, Path]:
    store = new_store(tmp_path)
    receipt = store.put(picture(3), "a name")
    return store, receipt, tmp_path / f"{receipt.id}.share"


def test_every_changed_byte_is_noticed(tmp_path):
    store, receipt, file = object_of(tmp_path)
    data = file.read_bytes()
    for at in range(len(data)):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(QuantizeError, match="damaged there and cannot be shown: ask for a new link"):
            store.get(receipt.id)
    file.write_bytes(data)
    assert is_there(store, receipt)


def test_every_cut_is_noticed(tmp_path):
    store, receipt, file = object_of(tmp_path)
    data = file.read_bytes()
    for cut in [*(data[:end] for end in range(len(data))), data + b"\0", data + data]:
        file.write_bytes(cut)
        with pytest.raises(QuantizeError, match="damaged there"):
            store.get(receipt.id)


def test_an_object_under_another_name_is_refused(tmp_path):
    store, receipt, file = object_of(tmp_path)
    other = form.new_id(4e9)  # would expire later
    file.rename(tmp_path / f"{other}.share")
    with pytest.raises(QuantizeError, match="damaged there"):
        store.get(other)
    assert not is_there(store, receipt)


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"{}", b"null", b'{"key": "k", "size": 3}', b'{"key": "k", "size": ["a", 1]}', b"\xff"],
)
def test_a_header_of_another_kind_is_damage(line):
    with pytest.raises(QuantizeError, match="damaged there"):
        form.read_head(b"quantize share 1 seal\n" + line + b"\npng")


def test_delete_works_where_only_the_picture_is_damaged(tmp_path):
    store, receipt, file = object_of(tmp_path)
    data = file.read_bytes()
    file.write_bytes(data[:-5])
    store.delete(receipt.id, receipt.delete_key)
    assert stored(tmp_path) == set()


def test_the_longest_name_fits_what_is_read_of_the_head(tmp_path):
    store = new_store(tmp_path)
    receipt = store.put(picture(1), "\U0001f600" * 200)
    store.delete(receipt.id, receipt.delete_key)
    assert stored(tmp_path) == set()


def test_the_object_can_be_read_without_this_program(tmp_path):
    _, receipt, file = object_of(tmp_path)
    title, header, png = file.read_bytes().split(b"\n", 2)
    assert title.startswith(b"quantize share 1 ")
    fields = json.loads(header)
    assert fields == {"key": form.hash_key(receipt.delete_key), "name": "a name", "size": [3, 3]}
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), picture(3).pixels)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights elsewhere")
def test_other_users_of_the_machine_see_nothing(tmp_path):
    folder = tmp_path / "store"
    new_store(folder).put(picture())
    assert folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_an_address_of_a_folder_is_a_folder(tmp_path):
    store = new_store(tmp_path.as_uri())
    assert isinstance(store._storage, Folder)  # which writes whole files, as fsspec does not
    receipt = store.put(picture())
    assert is_there(new_store(tmp_path), receipt)


def test_a_store_of_fsspec(tmp_path):
    clock = Clock()
    url = f"memory://{tmp_path.name}/shares"
    store = new_store(url, clock, max_shares=2)
    first, second, third = put_each_minute(store, clock, 3)
    assert not is_there(store, first)
    assert isinstance(store.get(second.id), Shared)
    store.delete(second.id, second.delete_key)
    assert [is_there(store, receipt) for receipt in (second, third)] == [False, True]
    clock.now += 40 * DAY
    assert store.sweep() == 1


@pytest.mark.parametrize("kind", ["folder", "memory"])
def test_every_storage_works_alike(tmp_path, kind):
    place = open_storage(str(tmp_path / "new") if kind == "folder" else f"memory://{tmp_path.name}/new")
    assert place.objects() == []
    place.write("b", b"head ", b"body")
    place.write("a", b"", b"more")
    assert sorted(place.objects(), key=lambda one: one.name) == [
        StoredObject("a", 4),
        StoredObject("b", 9),
    ]
    assert (place.read("b"), place.read("b", 6), place.read("a", 6)) == (b"head body", b"head b", b"more")
    place.delete_all(["a", "gone before"])
    assert place.objects() == [StoredObject("b", 9)]
    for use in (place.read, place.delete):
        with pytest.raises(FileNotFoundError):
            use("a")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense://x", "must be a folder, an address that fsspec knows"),
        ("simplecache::s3://user:secret@bucket", "must be one address"),
    ],
)
def test_bad_addresses_are_refused_without_repeating_them(url, message):
    with pytest.raises(QuantizeError, match=message) as refusal:
        new_store(url)
    assert "secret" not in str(refusal.value)


def test_missing_package_is_named(monkeypatch):
    for kind in ("s3", "s3a"):
        monkeypatch.delitem(import_module("fsspec.registry")._registry, kind, raising=False)
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(QuantizeError, match="needs a package that is missing: pip install s3fs"):
        new_store("s3://bucket/folder")


def test_settings_of_the_host(tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTIZE_SHARE_STORE", str(tmp_path / "shares"))
    monkeypatch.setenv("QUANTIZE_SHARE_DAYS", "3")
    monkeypatch.setenv("QUANTIZE_SHARE_MB", "1")
    store = open_store()
    receipt = store.put(picture())
    assert timedelta(days=2.9) < receipt.expires - datetime.now(UTC) <= timedelta(days=3)
    assert stored(tmp_path / "shares") == {receipt.id}
    with pytest.raises(QuantizeError, match=r"at most 1\.0 MB"):
        store.put(picture(700))


def test_switched_off(monkeypatch):
    monkeypatch.setenv("QUANTIZE_SHARE_STORE", " Off ")
    assert open_store() is None


def test_without_a_setting_it_is_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("QUANTIZE_SHARE_STORE", raising=False)
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, **_: tmp_path / name)
    receipt = open_store().put(picture())
    assert stored(tmp_path / "quantize" / "shared") == {receipt.id}


def test_import_is_light():
    program = "import sys, pages._store.store; print(*sys.modules)"
    root = Path(__file__).parents[2]
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert not {"fsspec", "s3fs", "botocore", "aiohttp"} & set(loaded.stdout.split())


def fill(store: ShareStore, clock: Clock, by: str, count: int) -> list[Receipt]:
    receipts = []
    for seed in range(count):
        clock.now += 1
        receipts.append(store.put(picture(seed=seed), by=by))
    return receipts


def test_who_shares_most_loses_the_first_to_expire_of_their_own(tmp_path):
    clock = Clock()
    length = len(form.encode_lossless(picture())) + 400
    store = new_store(tmp_path, clock, max_bytes=10 * length)
    other = fill(store, clock, mark("10.0.0.2", "", "b"), 3)
    greedy = fill(store, clock, mark("10.0.0.1", "", "a"), 40)
    late = fill(store, clock, mark("10.0.0.3", "", "c"), 1)
    assert all(is_there(store, one) for one in (*other, *late))
    kept = [is_there(store, one) for one in greedy]
    assert kept == sorted(kept)
    assert 4 <= sum(kept) <= 12


@pytest.mark.parametrize("forged", ["session", "proxy"])
def test_many_names_of_one_address_count_together(tmp_path, forged):
    """Another session for each picture, or another address that a client says it came from."""
    clock = Clock()
    store = new_store(tmp_path, clock, max_shares=10)
    other = fill(store, clock, mark("10.0.0.2", "", "b"), 4)
    for number in range(30):
        names = ("", f"s{number}") if forged == "session" else (f"1.1.1.{number}", "s")
        fill(store, clock, mark("10.0.0.1", *names), 1)
    assert all(is_there(store, one) for one in other)


def test_behind_one_proxy_and_without_its_word_sessions_are_told_apart(tmp_path):
    clock = Clock()
    store = new_store(tmp_path, clock, max_shares=10)
    other = fill(store, clock, mark("10.0.0.9", "", "b"), 4)
    fill(store, clock, mark("10.0.0.9", "", "a"), 30)
    assert all(is_there(store, one) for one in other)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
        ("[2001:DB8::1]:443", "2001:db8::2", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("unknown", "", False),
    ],
)
def test_a_household_is_one_sharer_however_many_addresses_it_has(first, second, same):
    assert (mark(first, "", "a") == mark(second, "", "a")) is same
    assert (mark("10.0.0.1", first, "a") == mark("10.0.0.1", second, "a")) is same


def test_another_server_sees_who_shared_most(tmp_path):
    """Marks are in the store; two servers make different ones of the same visitor."""
    clock = Clock()
    first, second = (new_store(tmp_path, clock, max_shares=10) for _ in range(2))
    fill(first, clock, mark("10.0.0.1", "", "a"), 9)
    other = fill(second, clock, mark("10.0.0.2", "", "b"), 3)
    assert all(is_there(second, one) for one in other)
    assert b"10.0.0." not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_many_small_pictures_push_out_no_large_one(tmp_path):
    clock = Clock()
    store = new_store(tmp_path, clock, max_shares=10)
    large = store.put(picture(200), by=mark("10.0.0.2", "", "b"))
    fill(store, clock, mark("10.0.0.1", "", "a"), 30)
    assert is_there(store, large)


@pytest.mark.parametrize(
    "line", [b"[" * 3000, b'{"key":' * 500, b'{"size":[1e999,1]}', b"9" * 3000, b'"' * 9]
)
def test_a_header_of_any_nonsense_is_damaged(line):
    with pytest.raises(QuantizeError, match="damaged"):
        form.read_head(b"quantize share 1 0\n" + line + b"\n")
