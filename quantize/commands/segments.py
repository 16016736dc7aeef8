"""The command line's ``segments PICTURE``: regions, their masks, cut-outs and areas, and a poster as SVG."""

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
import numpy as np

from quantize.colors.hexadecimal import hex_colors
from quantize.colors.spaces import SPACES
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.given import Given, read_given
from quantize.commands.output import Output, check_outputs, default_output, printable, stem_of, write_files
from quantize.commands.streams import FILE_OR_PIPE, read_input, shown_way
from quantize.decoding.picture import Picture, load_picture
from quantize.errors import QuantizeError
from quantize.pipeline import Quantized, quantize_image
from quantize.regions import files, masks
from quantize.regions.curves import NEAR
from quantize.regions.parts import CLEAR
from quantize.regions.segments import Segments, find_segments
from quantize.selection import require_visible
from quantize.settings import choose

Writer = Callable[[Picture, Segments, str], bytes]

_LABELS: Mapping[str, Writer] = MappingProxyType(
    {
        ".png": lambda picture, segments, _: files.write_labels_png(segments, picture.dpi),
        ".npz": lambda _, segments, __: files.write_labels_npz(segments),
    }
)
_ZIP: Mapping[str, Mapping[str, Writer]] = MappingProxyType(
    {
        "masks": {".zip": lambda _, segments, __: masks.write_masks(segments)},
        "cutouts": {".zip": lambda picture, segments, _: masks.write_cutouts(picture, segments)},
    }
)
_OTHERS: Mapping[str, Mapping[str, Writer]] = MappingProxyType(
    {
        "labels": _LABELS,
        **_ZIP,
        "areas": {
            ".csv": lambda _, segments, __: files.write_areas_csv(segments),
            ".json": lambda _, segments, __: files.write_areas_json(segments),
        },
        "coco": {".json": lambda _, segments, name: files.write_coco(segments, name)},
    }
)
"""What can be written besides, by option: how, by the ending of the file."""


def _option(name: str, metavar: str, help: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", name, type=click.Path(path_type=Path), metavar=metavar, help=help)


@click.command(
    "segments",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=FILE_OR_PIPE)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.svg",
              help="Where to write the poster, an SVG with one fill for each region; an older file there is "
              "replaced.  [default: PICTURE-K.svg in the current folder]")  # fmt: skip
@click.option("-k", "--colors", "n_colors", type=int, metavar="K", help="Colours, 1 to 256.  [default: 8]")
@click.option("--palette", "said", metavar="FILE|NAME|CODES",
              help="The colours, instead of -k: a built-in palette, a file or codes.")  # fmt: skip
@click.option("--space", default="BGR", show_default=True, metavar="SPACE",
              help=f"Colour space in which distance is measured: {', '.join(SPACES)}.")  # fmt: skip
@click.option("--smallest", type=int, metavar="N",
              help="Pixels of a part, at least: smaller ones are merged into the neighbour that they border "
              "most; 1 keeps all.  [default: one in 20,000 of the picture's]")  # fmt: skip
@click.option("--merge", "merged", multiple=True, metavar="A+B",
              help="Entries, numbered from dark to light, that become one region; repeatable.")  # fmt: skip
@click.option("--pixels", is_flag=True,
              help="Keep the sides of pixels in the poster, instead of fitting curves.")  # fmt: skip
@_option("labels", "OUT.png|OUT.npz", "Write the region of every pixel, as an indexed PNG or for NumPy.")
@_option("masks", "OUT.zip", "Write a mask for each region, as PNG.")
@_option("cutouts", "OUT.zip", "Write the picture where each region is, clear elsewhere, as PNG.")
@_option("areas", "OUT.csv|OUT.json", "Write pixels and percentages.")
@_option("coco", "OUT.json", "Write masks as COCO's run lengths.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def segments_command(
    picture: Path, output: Path | None, n_colors: int | None, said: str | None, space: str,
    smallest: int | None, merged: tuple[str, ...], pixels: bool, as_json: bool, **others: Path | None,
) -> None:  # fmt: skip
    """Make regions of PICTURE's colours: a poster as SVG without seams, masks, cut-outs, areas."""
    started = time.perf_counter()
    groups = [_parse_group(text) for text in merged]
    if n_colors is not None and said is not None:
        raise QuantizeError("-k has no effect with a palette: leave it out")
    given = None if said is None else read_given(said)
    settings = (
        choose(space=space, n_colors=8 if n_colors is None else n_colors)
        if given is None
        else _fixed(given, space)
    )
    output = output or default_output(picture, f"-{given.name if given else settings.n_colors}.svg")
    writers = {name: _writer_of(name, path) for name, path in others.items() if path is not None}
    if output.suffix.lower() != ".svg":
        raise QuantizeError(f"output must end in .svg, got {printable(output)}")
    check_outputs(
        {"-o": output} | {f"--{name}": path for name, path in others.items()},
        picture, given.path if given else None,
    )  # fmt: skip
    begin_first_use()
    loaded = load_picture(read_input(picture))
    end_first_use()
    require_visible(loaded, hard=True)
    result = quantize_image(loaded, settings)
    segments = find_segments(result, smallest=smallest, groups=[_check(group, result) for group in groups])
    poster = files.write_poster(segments, near=0 if pixels else NEAR, title=stem_of(picture))
    made = [Output(output, poster)]
    for name, write in writers.items():
        path = others[name]
        assert path is not None
        made.append(Output(path, write(loaded, segments, f"{stem_of(picture)}{picture.suffix}"), f"--{name}"))
    write_files(made, picture)
    figures = _figures(loaded, result, segments, len(poster), time.perf_counter() - started)
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _describe(picture, output, figures))


def _fixed(given: Given, space: str) -> Any:
    return choose(space=space, palette=given.palette.hexes)


def _parse_group(text: str) -> list[int]:
    words = text.split("+")
    if len(words) < 2 or not all(word.strip().isdecimal() and len(word) < 6 for word in words):
        raise QuantizeError(f"merge must be numbers of entries like 1+2, got {text[:60]!r}")
    return [int(word) for word in words]


def _check(group: list[int], result: Quantized) -> list[int]:
    number = len(result.palette)
    wrong = next((entry for entry in group if not 1 <= entry <= number), None)
    if wrong is not None:
        raise QuantizeError(f"merge must name entries from 1 to {number}, got {wrong}")
    return [entry - 1 for entry in group]


def _writer_of(name: str, path: Path) -> Writer:
    endings = _OTHERS[name]
    if path.suffix.lower() not in endings:
        raise QuantizeError(f"--{name} must end in {' or '.join(endings)}, got {printable(path)}")
    return endings[path.suffix.lower()]


def _figures(
    picture: Picture, result: Quantized, segments: Segments, size: int, seconds: float
) -> dict[str, Any]:
    height, width = segments.labels.shape
    return {
        "width": width,
        "height": height,
        "n_colors": len(result.palette),
        "n_regions": len(segments),
        "n_parts": int(segments.n_parts.sum()),
        "n_small_parts": _count_small(segments),
        "pixels_moved": segments.n_moved,
        "bytes_in": picture.n_bytes,
        "bytes_out": size,
        "seconds": seconds,
        "entries": hex_colors(result.palette),
        **files.describe_areas(segments),
        "notes": [*picture.notes, *result.notes, *_notes(result, segments)],
    }


def _count_small(segments: Segments) -> int:
    parts = segments.parts
    seen = np.ones(len(parts), bool) if segments.clear is None else parts.labels != CLEAR
    return int((seen & (parts.areas < segments.smallest)).sum())


def _notes(result: Quantized, segments: Segments) -> list[str]:
    codes = hex_colors(result.palette[list(segments.gone)])
    if not codes:
        return []
    said = "a colour has" if len(codes) == 1 else f"{len(codes)} colours have"
    return [f"{said} no part of {segments.smallest:,} pixels and no region: {', '.join(codes)}"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _describe_parts(figures: dict[str, Any]) -> str:
    """Say how large parts are; what has only clear ground around it cannot be merged."""
    least, small = _count(figures["smallest"], "pixel"), figures["n_small_parts"]
    if not small:
        return f" of at least {least}"
    return f", of which {small:,} with less than {least} {'has' if small == 1 else 'have'} no neighbour"


def _describe(picture: Path, output: Path, figures: dict[str, Any]) -> str:
    lines = [
        shown_way(picture, output),
        "{width}×{height} pixels, ".format_map(figures)
        + f"{_count(figures['n_regions'], 'region')} in {_count(figures['n_parts'], 'part')}"
        + _describe_parts(figures),
        *(
            "{region:>3}  {color}  {pixels:>11,}  {percent:>6.2f} %  parts: {parts:,}".format_map(region)
            + (f"  entries {'+'.join(map(str, region['entries']))}" if len(region["entries"]) > 1 else "")
            for region in figures["regions"]
        ),
        f"{_count(figures['pixels_moved'], 'pixel')} of specks "
        f"{'was' if figures['pixels_moved'] == 1 else 'were'} merged",
        "{bytes_in:,} → {bytes_out:,} bytes, {seconds:.2f} s".format_map(figures),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
