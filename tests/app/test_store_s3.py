"""Shared pictures in a bucket: a real S3 client and moto's server, over HTTP on this machine."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import numpy as np
import pytest

from pages._store import remote
from pages._store.format import new_id
from pages._store.store import ShareStore
from quantize import QuantizeError, load_picture
from tests.app.test_store import DAY, GONE, Clock, is_there, new_store, picture, put_each_minute

boto3 = pytest.importorskip("boto3", reason="s3fs, moto and boto3 are not installed: requirements-dev.txt")
moto_server = pytest.importorskip("moto.server", reason="moto is not installed: requirements-dev.txt")
pytest.importorskip("s3fs", reason="s3fs is not installed: requirements-dev.txt")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def account(monkeypatch, tmp_path) -> None:
    """Settings as a host gives them, and none of this machine's."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def bucket(endpoint, monkeypatch) -> Iterator:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    resource = boto3.resource("s3")
    bucket = resource.create_bucket(Bucket="pictures")
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()
    resource.meta.client.close()


def stored(bucket) -> set[str]:
    return {item.key.removeprefix("app/").removesuffix(".share") for item in bucket.objects.all()}


def s3_store(clock: Clock | None = None, **options: object) -> ShareStore:
    return new_store("s3://pictures/app", clock, **options)


def test_what_is_got_is_what_was_put(bucket):
    store = s3_store()
    receipt = store.put(picture(50), "a name")
    assert stored(bucket) == {receipt.id}
    shared = s3_store().get(receipt.id)  # by another server
    assert np.array_equal(load_picture(shared.data).pixels, picture(50).pixels)
    assert (shared.name, shared.size, shared.expires) == ("a name", (50, 50), receipt.expires)


def test_the_whole_bucket_can_be_the_store(bucket):
    store = new_store("s3://pictures")
    receipt = store.put(picture())
    assert is_there(store, receipt)
    assert store.sweep() == 0


def test_expired_ones_and_the_oldest_go(bucket):
    clock = Clock()
    store = s3_store(clock, max_shares=3)
    receipts = put_each_minute(store, clock, 5)
    assert stored(bucket) == {receipt.id for receipt in receipts[2:]}
    clock.now += 40 * DAY
    assert not is_there(store, receipts[4])
    assert store.sweep() == 3
    assert stored(bucket) == set()


def test_room_is_made_in_bytes(bucket):
    clock = Clock()
    put_each_minute(s3_store(clock), clock, 4)
    length = max(item.size for item in bucket.objects.all())
    newest = put_each_minute(s3_store(clock, max_bytes=2 * length), clock, 2)
    assert stored(bucket) == {receipt.id for receipt in newest}


def test_delete_with_the_key(bucket):
    store = s3_store()
    receipt = store.put(picture())
    with pytest.raises(QuantizeError, match="must be the one that came with its link"):
        store.delete(receipt.id, "0" * 32)
    s3_store().delete(receipt.id, receipt.delete_key)
    assert not is_there(store, receipt)
    with pytest.raises(QuantizeError, match=GONE):
        store.delete(receipt.id, receipt.delete_key)


def test_other_servers_work_is_seen_at_once(bucket):
    clock = Clock()
    one, two = s3_store(clock, max_shares=2), s3_store(clock, max_shares=2)
    first, second = put_each_minute(one, clock, 2)
    assert two.sweep() == 0
    third = put_each_minute(one, clock, 1)[0]
    fourth = two.put(picture(seed=9))
    assert stored(bucket) == {third.id, fourth.id}
    assert not is_there(two, first)
    assert not is_there(one, second)
    one.delete(third.id, third.delete_key)
    assert not is_there(two, third)


def test_more_than_one_page_of_a_listing(bucket, monkeypatch):
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")  # instead of a thousand
    clock = Clock()
    store = s3_store(clock)
    receipt = store.put(picture())
    for number in range(35):
        bucket.put_object(Key=f"app/{number:012x}{receipt.id[12:]}.share", Body=b"x")
    assert bucket.meta.client.list_objects_v2(Bucket="pictures")["IsTruncated"]
    assert store.sweep() == 35
    assert stored(bucket) == {receipt.id}


def test_a_picture_goes_up_in_one_request(bucket, monkeypatch):
    store = s3_store()
    monkeypatch.setattr(store._storage._system, "_abort_mpu", None)
    requests = []
    call = store._storage._system._call_s3

    async def record(method, *args, **options):
        requests.append(method if isinstance(method, str) else method.__name__)
        return await call(method, *args, **options)

    monkeypatch.setattr(store._storage._system, "_call_s3", record)
    store._storage.write("0" * 44 + ".share", b"", bytes(120 * 2**20))  # s3fs would split from 100 MB on
    assert requests == ["put_object"]


def test_a_damaged_object_is_refused(bucket):
    store = s3_store()
    receipt = store.put(picture())
    item = bucket.Object(f"app/{receipt.id}.share")
    item.put(Body=item.get()["Body"].read()[:-1])
    with pytest.raises(QuantizeError, match="damaged there"):
        store.get(receipt.id)


def refused(message: str, *uses) -> None:
    for use in uses:
        with pytest.raises(QuantizeError, match=message) as refusal:
            use()
        for secret in ("very-secret", "127.0.0.1", "pictures/", "key="):
            assert secret not in str(refusal.value)


def test_no_bucket(endpoint, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    store = s3_store()
    refused("must let this server in, but it refuses", lambda: store.put(picture()))


def test_no_credentials(endpoint, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    store = s3_store()
    id = new_id(4e9)
    refused("must let this server in, but it refuses", lambda: store.put(picture()), store.sweep)
    refused("must let this server in, but it refuses", lambda: store.delete(id, id))


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nobody_answers(monkeypatch, caplog):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed_port()}")
    store = s3_store(Clock(0))
    id = "00000000ffff" + "ab" * 16
    uses = (lambda: store.put(picture()), lambda: store.get(id), lambda: store.delete(id, id), store.sweep)
    refused("within reach, but it does not answer: try again in a few minutes", *uses)
    assert "Could not connect" in caplog.text  # for the host
    assert "ab" * 16 not in caplog.text


def test_a_visitor_does_not_wait_for_many_attempts(monkeypatch):
    attempts = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            with suppress(OSError):  # closed at the end
                while True:
                    attempts.append(server.accept()[0].close())

        thread = threading.Thread(target=hang_up)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        refused("within reach, but it does not answer", s3_store().sweep)
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert len(attempts) <= 4  # by default it would be twenty


def test_somebody_answers_nothing(monkeypatch):
    monkeypatch.setattr(remote, "_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        store = s3_store(max_age=timedelta(days=1))
        refused("within reach, but it does not answer", lambda: store.put(picture()), store.sweep)
