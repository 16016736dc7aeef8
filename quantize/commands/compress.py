"""The command line's ``compress PICTURES``: smaller files, by bytes, by looks, or shortest indexed PNGs."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.output import check_output, default_output, printable
from quantize.commands.streams import (
    FILE_OR_PIPE,
    check_place,
    is_pipe,
    place_output,
    read_input,
    read_place,
    shown_input,
    shown_way,
    tell,
    write_place,
)
from quantize.decoding.formats import PICTURE_FORMATS
from quantize.decoding.frames import lost_frames
from quantize.decoding.picture import Picture, load_picture, read_source
from quantize.errors import QuantizeError
from quantize.limits import MAX_BYTES
from quantize.sizing.comparing import compare_kinds, find_frontier
from quantize.sizing.explaining import describe_setting
from quantize.sizing.kinds import KINDS
from quantize.sizing.shrinking import Aim, Shrunk, shrink

_BYTES_OF_KB = 1000
_FORMATS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WebP", ".gif": "GIF", ".avif": "AVIF"}
"""What a kind's files are, by its extension: a key of ``PICTURE_FORMATS``, which knows more endings."""


def _read_output(_: click.Context, __: click.Parameter, given: str | None) -> Path | None:
    """Read where to write; nothing at all would be the current folder."""
    if given == "":
        raise QuantizeError("output must be a file or a folder, got an empty name; name one with -o")
    return None if given is None else read_place(given)


@click.command(
    "compress",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("pictures", type=FILE_OR_PIPE, nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=str), metavar="OUT", callback=_read_output,
              help="Where to write the file; of several pictures, the folder; - is standard output.  "
              "[default: PICTURE-small.png in the current folder]")  # fmt: skip
@click.option("--kb", type=float, metavar="N",
              help="At most N kB (of 1,000 bytes): what looks best in that.")  # fmt: skip
@click.option("--looks", type=float, metavar="S",
              help="At least SSIMULACRA2 S, up to 99: the shortest file that looks so near.  Without --kind "
              "a PNG-24 where 256 colours cannot.")  # fmt: skip
@click.option("--kind", metavar="KIND",
              help=f"Kind of file: {', '.join(f'{kind.key} {kind.title}' for kind in KINDS.values())}.  "
              "[default: png]")  # fmt: skip
@click.option("-k", "--colors", "n_colors", type=int, metavar="K",
              help="Colours of kinds with a palette, where neither --kb nor --looks chooses them.  "
              "[default: 256]")  # fmt: skip
@click.option("--dither/--no-dither", "dithered", default=None,
              help="Likewise, whether they are mixed.  [default: --dither]")  # fmt: skip
@click.option("--follow", type=float, metavar="STEPS",
              help="Likewise, not dithered: let pixels take their neighbour's colour where it is at most so "
              "many 8-bit steps farther off than the nearest one.")  # fmt: skip
@click.option("--quick", is_flag=True,
              help="Leave out the last packing of indexed PNGs, which takes seconds for some per cent."
              )  # fmt: skip
@click.option("--table", is_flag=True,
              help="Write nothing: print what each kind of file costs, and mark what nothing beats."
              )  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def compress_command(
    pictures: tuple[Path, ...], output: Path | None, table: bool, as_json: bool, **choices: Any
) -> None:
    """Make smaller files of PICTURES: by default the shortest indexed PNGs of 256 colours, never longer.

    A single - as PICTURES reads standard input.
    """
    if table:
        _refuse_output(output)
        _refuse_two_pipes(pictures)
        figures = [_compare(path) for path in pictures]
        click.echo(_as_json(figures) if as_json else "\n\n".join(map(_describe_table, figures)))
        return
    aim = _read_aim(**choices)
    places = _find_places(pictures, output, aim)
    begin_first_use()
    made = [_make(place, aim) for place in places]
    end_first_use()
    for one in made:
        write_place(one.path, one.data, one.place.picture)
    figures = [one.figures for one in made]
    tell(_as_json(figures) if as_json else _describe(made), *(one.path for one in made))


def _refuse_output(output: Path | None) -> None:
    if output is not None:
        raise QuantizeError("a table writes no file: leave out -o or --table")


def _refuse_two_pipes(pictures: tuple[Path, ...]) -> None:
    if sum(map(is_pipe, pictures)) > 1:
        raise QuantizeError("standard input must be read once, got - twice: name files")


def _read_aim(
    kb: float | None, looks: float | None, kind: str | None, n_colors: int | None, dithered: bool | None,
    follow: float | None, quick: bool,
) -> Aim:  # fmt: skip
    asked = {"-k": n_colors, "--dither" if dithered else "--no-dither": dithered, "--follow": follow}
    if kb is not None and not 0.1 <= kb <= 1_000_000:
        raise QuantizeError(f"kb must be a number from 0.1 to 1,000,000, got {kb!r}")
    n_bytes = None if kb is None else int(kb * _BYTES_OF_KB)
    n_colors, steps = 256 if n_colors is None else n_colors, follow or 0.0
    mixed = not steps if dithered is None else dithered
    either = kind is None and looks is not None and n_bytes is None
    aim = Aim(kind or "png", n_bytes, looks, n_colors, mixed, steps, not quick, either)
    _refuse_idle(aim, asked)
    return aim


def _refuse_idle(aim: Aim, asked: dict[str, Any]) -> None:
    """Refuse options that would change nothing."""
    option = next((option for option, value in asked.items() if value is not None), None)
    if option is None:
        return
    if not KINDS[aim.kind].indexed:
        raise QuantizeError(
            f"{option} has no effect with kind {aim.kind}, which has no palette: leave it out"
        )
    chosen = "--kb" if aim.n_bytes is not None else "--looks" if aim.looks is not None else None
    if chosen:
        raise QuantizeError(f"{option} has no effect with {chosen}, which chooses it: leave one out")


@dataclass(frozen=True)
class _Place:
    picture: Path
    output: Path
    named: bool


@dataclass(frozen=True)
class _Made:
    place: _Place
    path: Path
    data: bytes
    figures: dict[str, Any]


def _find_places(pictures: tuple[Path, ...], output: Path | None, aim: Aim) -> list[_Place]:
    """Find where every file goes, all different, before any work is done."""
    ending = f"-small{KINDS[aim.kind].extension}"
    if len(pictures) == 1 and not _is_folder(output):
        picture = pictures[0]
        place = place_output(output, picture, ending)
        check_place(place, picture)
        return [_Place(picture, place, named=output is not None and not is_pipe(output))]
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
        places.append(_Place(picture, path, named=False))
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


def _check_ending(output: Path, aim: Aim, came: str | None = None) -> None:
    """Refuse the name of a kind that the file can be of neither when it is made nor as it ``came``."""
    kind = KINDS[aim.kind]
    formats = [_FORMATS[kind.extension], *([came] if came else [])]
    if not any(_fits_ending(output, format_) for format_ in formats):
        raise QuantizeError(
            f"output of kind {kind.key} must end in {kind.extension}, got {printable(output)}"
        )


def _make(place: _Place, aim: Aim) -> _Made:
    started = time.perf_counter()
    source = read_source(read_input(place.picture), MAX_BYTES)
    picture = load_picture(source)
    path, notes = place.output, list(picture.notes)
    if place.named:
        _check_ending(path, aim, picture.format)
    found = shrink(picture, aim, source)
    if found.written is None:
        path, notes = _place_as_it_came(place, aim, picture), []
    elif place.named:
        _check_ending(path, aim)
    seconds = time.perf_counter() - started
    return _Made(place, path, found.data, _figures(place, path, picture, found, notes, seconds))


def _place_as_it_came(place: _Place, aim: Aim, picture: Picture) -> Path:
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


def _figures(
    place: _Place, path: Path, picture: Picture, found: Shrunk, notes: list[str], seconds: float
) -> dict[str, Any]:
    recipe = found.written.recipe if found.written else None
    result = found.written.result if found.written else None
    shape = found.written.pixels.shape if found.written else picture.pixels.shape
    return {
        "picture": str(place.picture),
        "output": str(path),
        "kind": recipe.kind if recipe else None,
        "setting": describe_setting(found.written) if found.written else "as it came",
        "n_colors": len(result.palette) if result else None,
        "quality": recipe.quality if recipe else None,
        "width": shape[1],
        "height": shape[0],
        "ssimulacra2": found.looks,
        "reached": found.reached,
        "bytes_in": picture.n_bytes,
        "bytes_out": len(found.data),
        "seconds": seconds,
        "lost_frames": lost_frames(notes),
        "said": found.said,
        "notes": notes,
    }


def _describe(made: list[_Made]) -> str:
    lines = []
    for one in made:
        figures = one.figures
        setting = figures["setting"] or "nothing lost"
        lines += [
            shown_way(one.place.picture, one.path),
            f"{setting}, SSIMULACRA2 {figures['ssimulacra2']:.1f}",
            f"{figures['bytes_in']:,} → {figures['bytes_out']:,} bytes ({_change(figures)}), "
            f"{figures['seconds']:.2f} s",
            figures["said"],
            *(f"note: {note}" for note in figures["notes"]),
        ]
    whole = [one.figures for one in made if not one.figures["lost_frames"]]
    if len(made) > 1 and whole:
        before, after = (sum(figures[key] for figures in whole) for key in ("bytes_in", "bytes_out"))
        of = f" of {len(made)}, those with all their frames" if len(whole) < len(made) else ""
        pictures = "1 picture" if len(whole) == 1 else f"{len(whole)} pictures"
        lines.append(f"{pictures}{of}: {before:,} → {after:,} bytes ({_saved(before, after)})")
    return "\n".join(lines)


def _change(figures: dict[str, Any]) -> str:
    """Tell what was saved; of an animation of which one frame is left that would say nothing."""
    lost = figures["lost_frames"]
    return f"without {lost}" if lost else _saved(figures["bytes_in"], figures["bytes_out"])


def _saved(before: int, after: int) -> str:
    share = 100 * (1 - after / before)
    return f"{share:.0f} % saved" if share >= 0 else f"{-share:.0f} % more"


def _compare(path: Path) -> dict[str, Any]:
    picture = load_picture(read_input(path))
    points = compare_kinds(picture)
    best = set(find_frontier(points))
    return {
        "picture": str(path),
        "bytes_in": picture.n_bytes,
        "files": [
            {
                "kind": point.recipe.kind if point.recipe else None,
                "setting": point.recipe.name if point.recipe else "",
                "bytes": point.n_bytes,
                "estimated": point.estimated,
                "ssimulacra2": point.scores.ssimulacra2,
                "delta_e_blurred": point.scores.delta_e_blurred,
                "ssim": point.scores.ssim,
                "unbeaten": number in best,
            }
            for number, point in enumerate(points)
        ],
    }


def _describe_table(figures: dict[str, Any]) -> str:
    lines = [f"{shown_input(figures['picture'])}: {figures['bytes_in']:,} bytes"]
    for row in sorted(figures["files"], key=lambda row: row["bytes"]):
        about = "about " if row["estimated"] else ""
        lines.append(
            f"{'*' if row['unbeaten'] else ' '} {about}{row['bytes']:>11,}  {row['ssimulacra2']:>6.1f}  "
            f"{row['delta_e_blurred']:>5.2f}  {row['ssim']:.4f}  {KINDS[row['kind']].title}  {row['setting']}"
        )
    lines.insert(1, "  bytes, SSIMULACRA2, ΔE00 after a blur, SSIM, kind and setting; * nothing beats it")
    return "\n".join(lines)


def _as_json(figures: list[dict[str, Any]]) -> str:
    return json.dumps(figures if len(figures) > 1 else figures[0], ensure_ascii=False)
