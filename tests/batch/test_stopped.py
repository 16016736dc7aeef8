"""A disk that is full ends a run on a cluster, and nothing that was made before is forgotten."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from quantize import QuantizeError
from quantize.batch import cluster, connecting, tasks
from quantize.batch.converting import Row
from quantize.batch.files import StoppedError
from quantize.batch.places import Step
from quantize.batch.record import Entry, Record


class Client:
    """Does what it is given at once, as a cluster of two threads would."""

    status = "running"

    def __init__(self) -> None:
        self.begun = 0

    def nthreads(self) -> dict[str, int]:
        return {"one": 1, "two": 1}

    def submit(self, do, *words, pure):
        self.begun += do is tasks.convert_some
        done = do(*words)
        return SimpleNamespace(result=lambda timeout: done)

    def cancel(self, futures, force):
        pass


def steps(count: int, folder: Path) -> list[Step]:
    return [Step(folder / f"{n}.png", f"{n}.png", folder / f"{n}.png") for n in range(count)]


def done(step: Step) -> tasks.Done:
    row = Row(str(step.source), step.name, "made")
    return tasks.Done(row, Entry(step.name, "key", "digest", {}))


@pytest.mark.parametrize("full_at", [0, 3, 37, 99])
@pytest.mark.parametrize("missed", [0, 4])
def test_what_was_made_before_a_disk_was_full_is_said_and_noted(tmp_path, monkeypatch, full_at, missed):
    made: list[str] = []

    def convert_some(some, known, how, program):
        for n, step in enumerate(some):
            if int(Path(step.name).stem) == full_at:
                return tasks.Stopped("the disk is full", [done(one) for one in some[:n]])
            made.append(step.name)
        return [done(step) for step in some]

    monkeypatch.setattr(tasks, "convert_some", convert_some)
    monkeypatch.setattr(cluster, "describe_program", lambda: "this")
    record, add, refused = Record(tmp_path), Record.add, []

    def add_sometimes(self, entry):
        """While others fill the disk there is no room for a line either."""
        if len(refused) < missed and entry not in refused:
            refused.append(entry)
            raise StoppedError("no room for the record")
        add(self, entry)

    monkeypatch.setattr(Record, "add", add_sometimes)
    client, rows = Client(), list[str]()
    found = cluster.Cluster(client).convert(steps(400, tmp_path), None, record, False)
    with pytest.raises(StoppedError, match=r"the disk is full|no room"):
        rows.extend(row.output for row in found)
    assert sorted(rows) == sorted(made)
    assert {name for name in made if Record(tmp_path).get(name)} == set(made)
    assert client.begun < 100  # of 400 pictures in tasks of 16, and 16 under way


def test_a_cluster_that_does_not_come_up_is_one_sentence():
    def start(**_):
        raise RuntimeError("Nanny failed to start.")

    with pytest.raises(QuantizeError, match=r"could not be started \(RuntimeError\)"):
        connecting._start(start, 2)
