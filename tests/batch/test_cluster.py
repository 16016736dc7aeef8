"""A cluster makes the same bytes as this machine, whoever dies, and holds little whatever the number."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from quantize.__main__ import main
from quantize.batch import cluster as cluster_module
from quantize.batch.cluster import Cluster
from quantize.batch.files import StoppedError
from quantize.batch.places import Step
from quantize.batch.record import NAME
from quantize.batch.summing import ColorSum
from quantize.batch.tree import FAN, Tree
from quantize.colors.opacity import Opacity
from quantize.decoding.picture import Picture
from tests.commands.test_batch import HALF, few_colors, put, written
from tests.commands.test_main import ROOT, run
from tests.pictures import noise, saved, smooth

distributed = pytest.importorskip("distributed", reason="Dask is not installed: requirements-dev.txt")
boto3 = pytest.importorskip("boto3", reason="s3fs, moto and boto3 are not installed: requirements-dev.txt")
moto_server = pytest.importorskip("moto.server", reason="moto is not installed: requirements-dev.txt")
pytest.importorskip("s3fs", reason="s3fs is not installed: requirements-dev.txt")

SECRET = "very-secret"


@pytest.fixture(scope="module")
def bucket(tmp_path_factory) -> Iterator:
    """A bucket of S3 on this machine; workers know of it by their environment."""
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "PYTHONPATH": str(ROOT),
        }.items():  # fmt: skip
            patch.setenv(name, value)
        resource = boto3.resource("s3")
        yield resource.create_bucket(Bucket="pictures")
        resource.meta.client.close()
    server.stop()


@pytest.fixture(scope="module")
def dask(bucket) -> Iterator:
    """Two workers with one thread each, as processes that a nanny looks after."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        yield cluster


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def pids(dask) -> list[int]:
    with distributed.Client(dask, set_as_default=False) as client:
        return list(client.run(os.getpid).values())


def batch(capsys, *words: str, dask=None) -> tuple[int, str, str]:
    more = ["--dask", dask.scheduler_address] if dask else []
    return run(capsys, "batch", *words, *more)


def fill(count: int = 30) -> None:
    for number in range(count):
        put(f"in/{number % 3}/{number:03}.png", few_colors(number))
    put("in/smooth.png", smooth(40, 50))
    put("in/clear.png", saved(noise(20, 20, 4), "PNG"))


@pytest.mark.parametrize("more", [[], ["--one-palette", "--weigh", "pictures"]])
def test_one_by_one_on_this_machine_and_on_a_cluster_it_is_the_same(capsys, dask, more):
    fill()
    put("in/bad.png", HALF)
    for name, words, there in (("one", ["--jobs", "1"], None), ("here", [], None), ("far", [], dask)):
        made = batch(
            capsys, "in", "-o", name, "-k", "6", "--report", f"{name}.json", *more, *words, dask=there
        )
        assert (made[0], made[2].count("\n")) == (1, 1)
    assert written("one") == written("here") == written("far")
    assert len(written("far")) == 32 + bool(more)
    texts = [Path(f"{name}.json").read_text() for name in ("one", "here", "far")]
    assert len(set(texts)) == 1
    out = batch(capsys, "in", "-o", "far", "-k", "6", "--resume", "--report", "r.json", *more, dask=dask)[1]
    assert "32 of them kept from before" in out
    assert Path("r.json").read_text() == texts[0].replace('"made"', '"kept"')
    assert "32 of them kept" in batch(capsys, "in", "-o", "far", "-k", "6", "--resume", *more)[1]


@pytest.mark.parametrize("more", [[], ["--one-palette"]])
def test_a_worker_that_is_killed_costs_time_only(capsys, dask, monkeypatch, more):
    fill(60)
    batch(capsys, "in", "-o", "here", "-k", "6", *more)
    victims, true = pids(dask)[:1], cluster_module.Cluster._wait

    def wait(self, future):
        if victims:
            os.kill(victims.pop(), signal.SIGKILL)
        return true(self, future)

    monkeypatch.setattr(cluster_module.Cluster, "_wait", wait)
    assert batch(capsys, "in", "-o", "far", "-k", "6", *more, dask=dask)[::2] == (0, "")
    assert not victims
    assert written("far") == written("here")


def test_a_client_that_is_killed_goes_on(capsys, dask):
    fill(120)
    batch(capsys, "in", "-o", "once", "-k", "6")
    words = ["batch", "in", "-o", "out", "-k", "6", "--dask", dask.scheduler_address]

    def lines() -> list[bytes]:
        return Path("out", NAME).read_bytes().splitlines() if Path("out", NAME).exists() else []

    process = subprocess.Popen([sys.executable, "-m", "quantize", *words], stderr=subprocess.DEVNULL)
    while process.poll() is None and len(lines()) < 5:
        time.sleep(0.005)
    process.kill()
    process.wait()
    left = {name: digest for name, digest in written("out").items() if not name.endswith(".part")}
    assert left.items() <= written("once").items()
    code, out, _ = batch(capsys, "in", "-o", "out", "-k", "6", "--resume", dask=dask)
    assert (code, "kept from before" in out) == (0, True)
    assert written("out") == written("once")


def test_ten_bad_files_in_a_thousand_and_few_tasks_at_once(capsys, dask, monkeypatch):
    flat = [saved(np.full((4, 4, 3), number, np.uint8), "PNG") for number in range(200)]
    for number in range(990):
        put(f"in/{number % 9}/{number:03}.png", flat[number % 200])
    for number in range(10):
        put(f"in/{number % 9}/bad{number}.png", HALF if number % 2 else b"")
    most, true = [0], cluster_module._Notes.add

    def note(*words):
        until = time.monotonic() + 5  # what the client has let go is forgotten a moment later
        while len(dask.scheduler.tasks) > 8 * 2 + 2 and time.monotonic() < until:
            time.sleep(0.01)
        most[0] = max(most[0], len(dask.scheduler.tasks))
        return true(*words)

    monkeypatch.setattr(cluster_module._Notes, "add", note)
    code, out, err = batch(capsys, "in", "-o", "out", "-k", "4", "--report", "r.csv", dask=dask)
    assert (code, len(err.splitlines()), len(written())) == (1, 10, 990)
    assert out.splitlines()[0] == "990 pictures → out, 10 failed"
    rows = list(csv.DictReader(Path("r.csv").read_text().splitlines()))
    assert [row["status"] for row in rows].count("failed") == 10
    assert 0 < most[0] <= 8 * 2 + 2, "tasks under way, and what they share"
    until = time.monotonic() + 20
    while dask.scheduler.tasks and time.monotonic() < until:
        time.sleep(0.05)
    assert not dask.scheduler.tasks


def test_an_interrupt_ends_it_with_whole_files(dask, monkeypatch):
    fill(60)
    seen = []

    def tell(row):
        seen.append(row)
        if len(seen) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("quantize.commands.batch_run.Run._add", lambda run, row: tell(row))
    with pytest.raises(SystemExit) as ended:
        main(["batch", "in", "-o", "out", "-k", "4", "--dask", dask.scheduler_address])
    assert ended.value.code == 130
    assert len(written()) >= 3
    assert not [name for name in written() if name.endswith(".part")]


@pytest.mark.skipif(os.name != "posix", reason="there are no groups of processes here")
def test_a_cluster_for_this_run_ends_with_it_and_says_nothing(bucket):
    fill(1000)  # more than can be done before the key is pressed
    words = ["batch", "in", "-o", "out", "-k", "6", "--dask", "local", "--jobs", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "quantize", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        # Whoever runs the tests in the background of a shell lets them ignore it, and their children, too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    while process.poll() is None and len(list(Path("out").rglob("*.png"))) < 3:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
    assert process.communicate(timeout=60) == (b"", b"\n"), "click ends the line of ^C"
    assert process.returncode == 130
    assert not list(Path("out").rglob("*.part"))


def test_urls_are_read_and_written_by_workers_and_here(capsys, bucket, dask):
    fill(12)
    put("in/bad.png", HALF)
    for path in Path("in").rglob("*.png"):
        bucket.upload_file(str(path), f"in/{path.relative_to('in')}")
    for key, body in {"in/notes.txt": b"x", "in/.hidden.png": b"x", "in/a/../../../up.png": b"x",
                      "in/empty.png": b""}.items():  # fmt: skip
        bucket.put_object(Key=key, Body=body)
    put("in/empty.png", b"")
    batch(capsys, "in", "-o", "here", "-k", "6", "--one-palette")
    for name, there in (("far", dask), ("near", None)):
        words = ["s3://pictures/in", "-o", f"s3://pictures/{name}", "-k", "6", "--one-palette"]
        code, out, err = batch(capsys, *words, "--report", f"{name}.json", dask=there)
        assert code == 1
        assert "up.png: its name would lead out of the folder" in err
        assert "1 hidden file or folder" in out
        stored = {
            item.key.removeprefix(f"{name}/"): hashlib.sha256(item.get()["Body"].read()).hexdigest()
            for item in bucket.objects.filter(Prefix=f"{name}/")
        }
        record = [key for key in stored if key.startswith(".quantize")]
        assert {key: digest for key, digest in stored.items() if key not in record} == written("here")
        assert len(record) == 1
        said = bucket.Object(f"{name}/{record[0]}").get()["Body"].read().decode()
        assert SECRET not in said + Path(f"{name}.json").read_text() + out + err
        assert "14 of them kept" in batch(capsys, *words, "--resume", dask=there)[1]
    assert Path("far.json").read_text() == Path("near.json").read_text()
    rows = json.loads(Path("far.json").read_text())
    assert rows[0]["input"].startswith("s3://pictures/in/")
    file = (Path.cwd() / "in" / "0").as_uri()
    assert batch(capsys, file, "-o", (Path.cwd() / "url").as_uri(), "-k", "6", dask=dask)[0] == 0
    assert len(written("url")) == 4


def test_what_cannot_be_is_one_line(capsys, bucket, dask, monkeypatch):
    put("a.png", smooth(8, 8))
    monkeypatch.setattr("quantize.batch.connecting.CONNECT_SECONDS", 0.5)
    for words, said in (
        (["a.png", "-o", "out", "--dask", "tcp://127.0.0.1:8839"], "dask must be the address of a scheduler"),
        (["a.png", "-o", "out", "--dask", "nonsense"], "dask must be the address of a scheduler"),
        (["s3://none/at-all", "-o", "out"], "there is no such file, folder or bucket"),
        (["s3://pictures/none*.png", "-o", "out"], "no file is called like this"),
        (["s3://pictures/in", "-o", "s3://pictures/in"], "a folder inside it will do"),
        (["ftp://me:secret@host/in", "-o", "out"], "a URL must hold no secret"),
        (["nonsense://x", "-o", "out"], "could not be looked at: Protocol not known"),
        (["a.png", "-o", "nonsense://x"], "could not be reached: Protocol not known"),
        (["a.png", "-o", "simplecache::s3://pictures/x"], "a URL must be one address, got a chain"),
        (["a.png", "-o", ""], "a place must have a name, got an empty one"),
        (["", "-o", "out"], "a place must have a name, got an empty one"),
    ):  # fmt: skip
        code, out, err = run(capsys, "batch", *words)
        assert (code, out, err.count("\n")) == (2, "", 1), err
        assert said in err
        assert "secret" not in err or "no secret" in err
        assert not Path("out").exists()
    here = os.getpid()
    monkeypatch.setattr("quantize.batch.connecting.describe_program", lambda: str(os.getpid() == here))
    code, _, err = batch(capsys, "a.png", "-o", "out", dask=dask)
    assert (code, err.count("\n")) == (2, 1)
    assert "install the same everywhere" in err
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'quantize-colors[batch]'" in batch(capsys, "a.png", "-o", "out", dask=dask)[2]


def test_nothing_of_dask_is_loaded_without_it():
    put("a.png", smooth(8, 8))
    program = (
        "import sys; from quantize.__main__ import main\ntry: main(['batch', 'a.png', '-o', 'out'])\n"
        "except SystemExit: print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                            env=os.environ | {"PYTHONPATH": str(ROOT)}).stdout.split()  # fmt: skip
    assert "quantize.batch.crew" in loaded
    assert not {"dask", "distributed", "fsspec", "s3fs", "tornado"} & set(loaded)


def test_without_workers_it_ends_in_a_line(capsys, dask, monkeypatch):
    fill(30)
    monkeypatch.setattr(cluster_module, "PATIENCE", 0.2)
    monkeypatch.setattr(cluster_module, "_LOOK_SECONDS", 0.2)
    true = cluster_module.Cluster._wait

    def wait(self, future):
        dask.scale(0)
        while self._client.nthreads():
            time.sleep(0.05)
        return true(self, self._client.submit(abs, -1, pure=False))

    monkeypatch.setattr(cluster_module.Cluster, "_wait", wait)
    code, _, err = batch(capsys, "in", "-o", "out", "-k", "6", dask=dask)
    dask.scale(2)
    assert (code, err.count("\n")) == (1, 1)
    assert "the cluster's last worker is gone: start it again and go on with --resume" in err


class Future:
    """What a task has come to, at once."""

    def __init__(self, made) -> None:
        self.made = made

    def result(self, timeout):
        if isinstance(self.made, Exception):
            raise self.made
        return self.made


class Client:
    """A cluster without a network: tasks are done when they are begun; one picture kills whoever has it."""

    status = "running"

    def __init__(self, deadly: str = "") -> None:
        self.deadly = deadly

    def nthreads(self):
        return {"one": 1}

    def cancel(self, futures, force):
        pass

    def submit(self, do, *words, pure):
        first = words[0]
        if isinstance(first, list) and first and isinstance(first[0], Future):
            words = ([part.made for part in first],)
        words = [word.made if isinstance(word, Future) else word for word in words]
        failed = next((word for word in words if isinstance(word, Exception)), None)
        names = [getattr(step, "name", "-") for step in words[0]] if isinstance(words[0], list) else []
        if failed or self.deadly in names:
            return Future(failed or distributed.KilledWorker("task", None, 4))
        return Future(do(*words))


def test_a_picture_that_kills_workers_is_a_line_and_the_rest_is_done():
    for number in range(40):
        put(f"{number}.png", few_colors(number))
    steps = [
        Step(Path(f"{number}.png"), f"{number}.png", Path("out", f"{number}.png")) for number in range(40)
    ]
    looked = list(Cluster(Client("7.png")).digest(steps))
    assert [one.step for one in looked] == steps
    assert [one.step.name for one in looked if "every worker that had it died" in one.error] == ["7.png"]
    total, expected = ColorSum(), ColorSum()
    looked = list(Cluster(Client("7.png")).count(steps, total))
    assert [one.step.name for one in looked if one.error] == ["7.png"]
    for number in (number for number in range(40) if number != 7):
        expected.add(Picture.from_pixels(few_colors(number)))
    np.testing.assert_array_equal(total.part().totals, expected.part().totals)
    np.testing.assert_array_equal(total.part().numbers, expected.part().numbers)


def test_another_error_of_a_task_is_not_swallowed():
    client = Client()
    client.submit = lambda *_, pure: Future(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        list(Cluster(client).digest([Step(Path("a"), "a", Path("b"))]))
    client.submit = lambda *_, pure: Future(ConnectionError())
    with pytest.raises(StoppedError, match="the cluster's scheduler is gone"):
        list(Cluster(client).digest([Step(Path("a"), "a", Path("b"))]))


@pytest.mark.parametrize("count", [0, 1, FAN - 1, FAN, FAN + 1, FAN**2 + 3, FAN**3, FAN**3 + FAN**2 + 9])
def test_sums_of_a_tree_are_those_of_all_and_few_are_held(count):
    held, most = set(), [0]

    class Number:
        def __init__(self, value: int) -> None:
            self.value = value
            held.add(self)
            most[0] = max(most[0], len(held))

    class Total:
        value = 0

        def add_part(self, part: int) -> None:
            self.value += part

    def merge(parts):
        held.difference_update(parts)
        return Number(sum(part.value for part in parts))

    def wait(part):
        held.discard(part)
        return part.value

    total = Total()
    tree = Tree(merge, wait, total)
    for number in range(count):
        tree.add(Number(number))
    tree.finish()
    assert total.value == sum(range(count))
    assert not held
    assert most[0] <= 3 * FAN


def test_a_part_is_the_sum_that_it_is_of():
    one, other = ColorSum(), ColorSum()
    for seed in range(3):
        one.add(Picture.from_pixels(noise(9, 9, seed=seed), noise(9, 9, 1, seed)[..., 0]))
    other.add_part(one.part())
    other.add_part(ColorSum().part())
    np.testing.assert_array_equal(other.part().totals, one.part().totals)
    np.testing.assert_array_equal(other.part().numbers, one.part().numbers)
    assert other.part().opacity == one.part().opacity != Opacity(0)
