"""Where smaller files go, all different and under names that fit, before any work is done."""

from dataclasses import dataclass
from pathlib import Path

from quantize.commands.output import check_output, default_output, printable
from quantize.commands.streams import check_place, is_pipe, place_output
from quantize.decoding.formats import PICTURE_FORMATS
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError
from quantize.sizing.kinds import KINDS
from quantize.sizing.shrinking import Aim

_FORMATS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WebP", ".gif": "GIF", ".avif": "AVIF"}
"""What a kind's files are, by its extension: a key of ``PICTURE_FORMATS``, which knows more endings."""


@dataclass(frozen=True)
class Place:
    """A picture to read, where its file goes, and whether a person named that."""

    picture: Path
    output: Path
    named: bool


def find_places(pictures: tuple[Path, ...], output: Path | None, aim: Aim) -> list[Place]:
    """Find where every file goes, all different, before any work is done."""
    ending = f"-small{KINDS[aim.kind].extension}"
    if len(pictures) == 1 and not _is_folder(output):
        picture = pictures[0]
        place = place_output(output, picture, ending)
        check_place(place, picture)
        return [Place(picture, place, named=output is not None and not is_pipe(output))]
    if any(map(is_pipe, pictures)):
        raise QuantizeError("pictures that go into a folder must have names, got - for one: name a file")
    if output is not None and not _is_folder(output):
        raise QuantizeError(
            f"output of several pictures must be a folder that is there, got {printable(output)}"
        )
    places, taken = [], set[Path]()
    for picture in pictures:
        path = (output or Path()) / default_output(picture, ending)
        number = 2
        while path in taken:
            path = (output or Path()) / default_output(picture, f"-small-{number}{KINDS[aim.kind].extension}")
            number += 1
        taken.add(path)
        check_output(path, picture)
        places.append(Place(picture, path, named=False))
    return places


def _is_folder(output: Path | None) -> bool:
    return output is not None and not is_pipe(output) and output.is_dir()


def _endings(format_: str) -> tuple[str, ...]:
    return PICTURE_FORMATS[format_].endings


def _fits_ending(output: Path, format_: str) -> bool:
    """Tell whether a kind of file may be called so; names without ending, and devices, say no kind."""
    if output.exists() and not output.is_file():
        return True
    return output.suffix.lower() in ("", *_endings(format_))


def check_ending(output: Path, aim: Aim, came: str | None = None) -> None:
    """Refuse the name of a kind that the file can be of neither when it is made nor as it ``came``."""
    kind = KINDS[aim.kind]
    formats = [_FORMATS[kind.extension], *([came] if came else [])]
    if not any(_fits_ending(output, format_) for format_ in formats):
        raise QuantizeError(
            f"output of kind {kind.key} must end in {kind.extension}, got {printable(output)}"
        )


def place_as_it_came(place: Place, aim: Aim, picture: Picture) -> Path:
    """Find where a file goes as it came, by what it is, whatever it is called; refuse another kind's name."""
    given, endings = place.picture.suffix, _endings(picture.format)
    ending = given if given.lower() in endings else endings[0]
    if is_pipe(place.output):
        return place.output
    if not place.named:
        return place.output.with_suffix(ending)
    if not _fits_ending(place.output, picture.format):
        raise QuantizeError(
            f"{printable(place.picture.name)} is a {picture.format} of {picture.n_bytes:,} bytes, and "
            f"{_tell_why(aim, picture)}, so it would stay as it is: name an output that ends in {ending}, or "
            "ask for less with --kb"
        )
    return place.output


def _tell_why(aim: Aim, picture: Picture) -> str:
    if aim.n_bytes is not None and picture.n_bytes <= aim.n_bytes:
        return "that is little enough"
    return f"no shorter {KINDS[aim.kind].noun} of it was found"
