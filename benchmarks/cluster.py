"""``quantize batch`` on a Dask cluster of this machine: ``python -m benchmarks.cluster --images DIR``.

Pieces of the pictures of DIR, ``--count`` of them and all different, are reduced to K colours by one worker
process with one thread, then by two: read from files and written to files; and, with ``--s3``, through the S3
of moto, whose server takes processor time of its own on the same machine. Workers have loaded the engine
before the clock starts; how long that took is said, too. Then what a picture's time goes into, on one thread,
what Dask adds, and what ten million such pictures would take by these figures. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from benchmarks.batch import take_time
from benchmarks.machine import describe_machine
from quantize.batch.cluster import Cluster
from quantize.batch.connecting import LOCAL, connect
from quantize.batch.converting import How
from quantize.batch.inputs import find_sources
from quantize.batch.places import place_results
from quantize.batch.record import Record
from quantize.batch.remote import Place, Remote, put_place
from quantize.settings import Settings

MANY = 10_000_000
WARM = 40


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, required=True, help="folder of PNGs")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--side", type=int, default=256, help="pixels of a piece")
    parser.add_argument("-k", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=2, help="the best is shown")
    parser.add_argument("--s3", action="store_true", help="through moto's S3, too")
    parser.add_argument("--price", type=float, default=0.04, help="of an hour of one processor, in dollars")
    given = parser.parse_args()
    os.environ["QUANTIZE_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as work, serve_s3(given.s3) as bucket:
        folder = Path(work, "in")
        cut_pieces(given.images, folder, given.count, given.side)
        print(f"{describe_machine()}; {given.count} PNGs of {given.side} × {given.side}, K = {given.k}\n")
        roads: dict[str, tuple[Place, Place]] = {"files": (folder, Path(work, "out"))}
        if bucket:
            for path in sorted(folder.iterdir()):
                put_place(bucket / "in" / path.name, path.read_bytes())
            roads["S3 (moto)"] = (bucket / "in", bucket / "out")
        wall, worked = race(roads, given.k, given.rounds)
        tell_shares(sorted(folder.iterdir())[:200], given.k, worked / given.count)
        estimate(2 * wall / given.count, given.price)


def cut_pieces(images: Path, folder: Path, count: int, side: int) -> None:
    """Cut pieces at places that a generator of numbers chooses, the same each time."""
    pictures = [np.asarray(Image.open(path).convert("RGB")) for path in sorted(images.glob("*.png"))]
    rng = np.random.default_rng(0)
    folder.mkdir()
    for number in range(count):
        picture = pictures[number % len(pictures)]
        top, left = (int(rng.integers(0, length - side + 1)) for length in picture.shape[:2])
        piece = picture[top : top + side, left : left + side]
        Image.fromarray(piece).save(folder / f"{number:05}.png", compress_level=1)


@contextmanager
def serve_s3(wanted: bool) -> Iterator[Remote | None]:
    """Serve a bucket on this machine, and name it; nothing if none is wanted."""
    if not wanted:
        yield None
        return
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_EC2_METADATA_DISABLED": "true",
    }  # fmt: skip
    import boto3

    boto3.client("s3").create_bucket(Bucket="pictures")
    yield Remote("s3://pictures/benchmark")
    server.stop()


def race(roads: dict[str, tuple[Place, Place]], k: int, rounds: int) -> tuple[float, float]:
    """Take and print the least wall time of each road with one worker and with two.

    Returns the wall and processor seconds of two with files.
    """
    best: dict[str, dict[int, float]] = {road: {} for road in roads}
    started, worked = {}, {}
    for n_workers in (1, 2):
        began = time.perf_counter()
        with connect(LOCAL, n_workers) as client:
            cluster = Cluster(client)
            list(convert(cluster, *roads["files"], k, WARM))
            started[n_workers] = time.perf_counter() - began
            for road, (source, out) in roads.items():
                before = sum_work()
                walls = [clock(cluster, source, out, k) for _ in range(rounds)]
                best[road][n_workers] = min(walls)
                worked[road, n_workers] = (sum_work() - before) / rounds
            idle = clock_idle(client)
    print("| road | 1 worker, s | 2 workers, s | speed-up | all processors, s, with 1 and 2 |")
    print("|---|--:|--:|--:|--:|")
    for road, walls in best.items():
        works = " and ".join(f"{worked[road, n_workers]:.1f}" for n_workers in (1, 2))
        print(f"| {road} | {walls[1]:.1f} | {walls[2]:.1f} | {walls[1] / walls[2]:.2f} | {works} |")
    print(f"\nStart of the cluster with {WARM} pictures: {started[1]:.1f} and {started[2]:.1f} s. ", end="")
    print(f"A task that does nothing: {1000 * idle:.2f} ms, of which a task of ours has up to 16 pictures.\n")
    return best["files"][2], worked["files", 2]


def sum_work() -> float:
    """Sum up the processor time of this process and all that it and its like have started."""
    here = psutil.Process()
    times = [process.cpu_times() for process in (here, *here.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def convert(cluster: Cluster, source: Place, out: Place, k: int, most: int | None = None) -> Iterator[object]:
    """Make all results anew."""
    steps = place_results(find_sources([str(source)], out).sources, out)[:most]
    if isinstance(out, Path):
        out.mkdir(exist_ok=True)
    for row in cluster.convert(steps, How(Settings(n_colors=k)), Record(out), False):
        assert row.status == "made", row.error
        yield row


def clock(cluster: Cluster, source: Place, out: Place, k: int) -> float:
    """Take the time of all, the listing of files too."""
    began = time.perf_counter()
    for _ in convert(cluster, source, out, k):
        pass
    return time.perf_counter() - began


def clock_idle(client: object, count: int = 2000) -> float:
    """Take the time of a task that does nothing, many of them at once."""
    began = time.perf_counter()
    client.gather(client.map(abs, range(count), pure=False))  # type: ignore[attr-defined]
    return (time.perf_counter() - began) / count


def tell_shares(paths: list[Path], k: int, each: float) -> None:
    """Print what a picture's processor time goes into, ``each`` seconds all told."""
    parts = take_time(paths, k)
    parts["the rest: Dask, pipes, files, starts"] = max(0.0, each - sum(parts.values()))
    print("| part | ms of a processor, a picture | share |\n|---|--:|--:|")
    for part, seconds in parts.items():
        print(f"| {part} | {1000 * seconds:.1f} | {seconds / sum(parts.values()):.0%} |")


def estimate(each: float, price: float) -> None:
    """Print what ten million would take, if one keeps a worker busy for ``each`` seconds."""
    hours = MANY * each / 3600
    print(
        f"\nTen million of these: {hours:,.0f} hours of a processor, {hours * price:,.0f} dollars at "
        f"{price:g} an hour; {hours / 100:,.1f} hours on 100."
    )


if __name__ == "__main__":
    main()
