"""One picture of many: read, quantized, packed, put in its place and noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from quantize.batch.files import StoppedError
from quantize.batch.places import Step
from quantize.batch.record import Entry, Record, digest_of, is_valid, make_key
from quantize.batch.remote import put_place, read_place
from quantize.batch.running import work_through
from quantize.decoding.picture import Picture, picture_of
from quantize.decoding.worker import Workers
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES
from quantize.measuring.metrics import psnr_db
from quantize.pipeline import Quantized, quantize_image
from quantize.saving import encode_result
from quantize.settings import Settings
from quantize.threads import at_most_threads, thread_count

MADE, KEPT, FAILED = "made", "kept", "failed"


@dataclass(frozen=True)
class How:
    """What is done with every picture.

    Attributes
    ----------
    settings : Settings
    order : str
        A key of ``ENTRY_ORDERS``.
    rgba : bool
        Whether partial transparency is kept, in an RGBA file.
    """

    settings: Settings
    order: str = "dark"
    rgba: bool = False

    def key(self, digest: str) -> str:
        """Make the key of a result, of a file with this digest."""
        return make_key("picture", digest, asdict(self.settings), self.order, self.rgba)


@dataclass(frozen=True)
class Row:
    """What became of a picture; numbers are None where it failed.

    Attributes
    ----------
    input, output : str
        The file, and its result's name below the folder.
    status : str
        "made", "kept" from an earlier run, or "failed".
    width, height, colors_before, colors_after, bytes_in, bytes_out : int or None
    mse, psnr_db : float or None
        Squared error of a visible pixel, R + G + B; the PSNR is None if nothing changed, too.
    notes : tuple of str
        What was changed.
    error : str
        Why it failed.
    """

    input: str
    output: str
    status: str
    width: int | None = None
    height: int | None = None
    colors_before: int | None = None
    colors_after: int | None = None
    bytes_in: int | None = None
    bytes_out: int | None = None
    mse: float | None = None
    psnr_db: float | None = None
    notes: tuple[str, ...] = ()
    error: str = ""


_KEPT = frozenset(Row.__dataclass_fields__) - {"input", "output", "status"}


def read_apart(data: bytes, workers: Workers, digest: str | None = None) -> Picture:
    """Decode a file, of this SHA-256 if it is known, in a process of its own.

    Raises
    ------
    QuantizeError
        If it cannot be read.
    """
    return picture_of(data, workers.decode(data), digest)


def convert_all(
    steps: Sequence[Step], how: How, record: Record, workers: Workers, jobs: int, *, resume: bool = False
) -> Iterator[Row]:
    """Make all results, and yield what became of each, in order.

    Parameters
    ----------
    steps : sequence of Step
    how : How
    record : Record
        Of the folder of results, which is held (``hold_folder``).
    workers : Workers
        Processes that read files, best one for each of ``jobs``.
    jobs : int
        Pictures under way at once.
    resume : bool
        Whether results that are there, unchanged, and would come out the same are kept.

    Raises
    ------
    StoppedError
        If nothing more can be written. What concerns one picture is in its row.
    """

    # Pictures side by side keep the processors busy: cutting each in parts, too, would only cost.
    share = thread_count() // max(1, min(jobs, len(steps)))

    def convert(step: Step) -> Row:
        known = record.get(step.name) if resume else None
        with at_most_threads(share):
            return convert_one(step, how, known, workers, record.add)

    return work_through(steps, convert, jobs)


def convert_one(
    step: Step, how: How, known: Entry | None, workers: Workers, note: Callable[[Entry], None]
) -> Row:
    """Make one result, and return what became of it.

    Parameters
    ----------
    step : Step
    how : How
    known : Entry or None
        What was noted of an earlier result, which is kept if it would come out the same.
    workers : Workers
        Processes that read files.
    note : callable
        Is given what is to be noted of a new result.

    Raises
    ------
    StoppedError
        If nothing more can be written.
    """
    try:
        return _convert(step, how, known, workers, note)
    except StoppedError:
        raise
    except QuantizeError as error:
        return refuse_step(step, str(error))
    except MemoryError:
        return refuse_step(step, "there is not enough memory for it")
    except Exception as error:  # ours, and no reason to leave thousands of others undone
        said = f"an error of this program, please report it: {type(error).__name__}: {error}"
        return refuse_step(step, said)


def refuse_step(step: Step, error: str) -> Row:
    """Make the row of a picture of which there is no result, and why."""
    return Row(str(step.source), step.name, FAILED, error=error)


def _convert(
    step: Step, how: How, known: Entry | None, workers: Workers, note: Callable[[Entry], None]
) -> Row:
    data = read_place(step.source, MAX_BYTES)
    digest = digest_of(data)
    key = how.key(digest)
    if known and (kept := _read_row(known, step)) and is_valid(known, key, step.output):
        return kept
    picture = read_apart(data, workers, digest)
    result = quantize_image(picture, how.settings)
    png = encode_result(picture, result, order=how.order, rgba=how.rgba)
    put_place(step.output, png)
    row = _describe(step, picture, result, len(png))
    note(Entry(step.name, key, digest_of(png), _said(row)))
    return row


def _describe(step: Step, picture: Picture, result: Quantized, n_bytes: int) -> Row:
    width, height = picture.size
    mse = result.mse if result.counts.sum() else 0.0
    return Row(
        input=str(step.source),
        output=step.name,
        status=MADE,
        width=width,
        height=height,
        colors_before=picture.n_colors,
        colors_after=int((result.counts > 0).sum()),
        bytes_in=picture.n_bytes,
        bytes_out=n_bytes,
        mse=mse,
        psnr_db=psnr_db(mse) if mse else None,
        notes=(*picture.notes, *result.notes),
    )


def _said(row: Row) -> dict[str, Any]:
    """Tell what a record keeps of a row: what does not depend on names."""
    return {name: value for name, value in asdict(row).items() if name in _KEPT}


def _read_row(entry: Entry, step: Step) -> Row | None:
    """Make a row of what a record kept; None if somebody else wrote it."""
    known = {name: value for name, value in entry.row.items() if name in _KEPT}
    notes = known.pop("notes", None)
    numbers = (known.get(name) for name in ("bytes_in", "bytes_out"))
    if not (isinstance(notes, list) and all(isinstance(number, int) for number in numbers)):
        return None
    return replace(Row(str(step.source), step.name, KEPT, notes=tuple(map(str, notes))), **known)
