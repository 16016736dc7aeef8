"""Lengths of files in words: an original's beside its result's, honestly."""

from pages import _cache
from pages._references import PictureRef
from quantize.decoding.frames import all_frames
from quantize.rendering.rivals import FileSize

_UNITS = ((1e6, "MB"), (1e3, "kB"), (1, "bytes"))


def original(picture: PictureRef) -> tuple[str, FileSize]:
    """What a visitor gave and its length; of a sample or a shared picture, of its pixels as a PNG.

    With its frames or pages, if there are more than the one that is shown: the length is that of all.
    """
    if picture.is_given:
        frames = all_frames(picture.notes)
        return picture.format + f" of {frames}" * bool(frames), FileSize(picture.n_bytes, estimated=False)
    return "PNG", _cache.original_png_size(picture)


def change_in_words(format: str, before: FileSize, after: FileSize) -> str:
    """What a file, as ``original`` says, and the PNG made of it are long, in one unit, that of the larger."""
    longest, shortest = max(before.n_bytes, after.n_bytes), min(before.n_bytes, after.n_bytes)
    unit, name = next(one for one in _UNITS if longest >= one[0])
    least = shortest / unit  # of which at least two digits are told
    digits = 0 if unit == 1 or least >= 10 else 1 if least >= 1 else 2 if least >= 0.1 else 3
    first = f"{_about(before)}{before.n_bytes / unit:,.{digits}f}"
    about = "" if before.estimated else _about(after)  # said once of both
    kind = "" if format == "PNG" else "PNG of the first " if " of " in format else "PNG "
    return f"{format} {first} → {kind}{about}{after.n_bytes / unit:,.{digits}f} {name}"


def size_in_words(size: FileSize) -> str:
    """A file's size, "about" where it is an estimate."""
    return _about(size) + bytes_in_words(size.n_bytes)


def _about(size: FileSize) -> str:
    return "about " if size.estimated else ""


def bytes_in_words(size: int) -> str:
    """Bytes in the unit that suits them, thousands as in file lists."""
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1e6:.1f} MB"
