"""One picture of many: read, quantized, packed, put in its place and noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from quantize.batch.files import StoppedError, put_whole
from quantize.batch.places import Step
from quantize.batch.record import Entry, Record, digest_of, make_key
from quantize.batch.running import work_through
from quantize.decoding.picture import Picture, picture_of, read_source
from quantize.decoding.worker import Workers
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES
from quantize.measuring.metrics import psnr_db
from quantize.pipeline import Quantized, quantize_image
from quantize.saving import encode_result
from quantize.settings import Settings

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


def read_apart(data: bytes, workers: Workers) -> Picture:
    """Decode a file in a process of its own.

    Raises
    ------
    QuantizeError
        If it cannot be read.
    """
    return picture_of(data, workers.decode(data))


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

    def convert(step: Step) -> Row:
        try:
            return _convert(step, how, record, workers, resume)
        except StoppedError:
            raise
        except QuantizeError as error:
            return Row(str(step.source), step.name, FAILED, error=str(error))
        except MemoryError:
            return Row(str(step.source), step.name, FAILED, error="there is not enough memory for it")
        except Exception as error:  # ours, and no reason to leave thousands of others undone
            said = f"an error of this program, please report it: {type(error).__name__}: {error}"
            return Row(str(step.source), step.name, FAILED, error=said)

    return work_through(steps, convert, jobs)


def _convert(step: Step, how: How, record: Record, workers: Workers, resume: bool) -> Row:
    data = read_source(step.source, MAX_BYTES)
    key = how.key(digest_of(data))
    if resume and (entry := record.find(step.name, key)) and (kept := _read_row(entry, step)):
        return kept
    picture = read_apart(data, workers)
    result = quantize_image(picture, how.settings)
    png = encode_result(picture, result, order=how.order, rgba=how.rgba)
    put_whole(step.output, png)
    row = _describe(step, picture, result, len(png))
    record.add(Entry(step.name, key, digest_of(png), _said(row)))
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
