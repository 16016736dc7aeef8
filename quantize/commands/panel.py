"""The command line's ``panel PICTURE --panel …``: a picture for an e-paper panel, and how it looks there."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from quantize.commands.given import read_given
from quantize.commands.output import Output, check_outputs, default_output, printable, write_files
from quantize.commands.streams import FILE_OR_PIPE, read_input, shown_way
from quantize.decoding.picture import Picture, load_picture
from quantize.dithering.dither import find_dither
from quantize.dithering.groups import list_in_words
from quantize.dithering.light import LIGHTS
from quantize.errors import QuantizeError
from quantize.panels.files import PANEL_FORMATS, PREVIEW_FORMATS
from quantize.panels.fitting import FITS
from quantize.panels.inks import inches_in_words
from quantize.panels.showing import DITHER, TURNS, OnPanel, show_on_panel
from quantize.panels.table import PANELS, USUAL_SIZE, find_panel
from quantize.selection import require_visible
from quantize.settings import LIMITS


def _show_panels(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    for panel in PANELS.values():
        how = "" if panel.measured else " (not measured)"
        click.echo(f"{panel.key:<19}  {panel.title}: {', '.join(panel.inks.names)}{how}. {panel.source}")
        click.echo(
            f"{'':<21}"
            + ", ".join(f"{w}x{h} ({inches_in_words(inches)})" for inches, w, h in panel.inks.sizes)
        )
    context.exit()


@click.command(
    "panel",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=FILE_OR_PIPE)
@click.option("--panel", "key", required=True, metavar="PANEL",
              help=f"What the panel shows, by name: {', '.join(PANELS)}.")  # fmt: skip
@click.option("--panels", is_flag=True, is_eager=True, expose_value=False, callback=_show_panels,
              help="List the panels with their inks, sources and common sizes, and end.")  # fmt: skip
@click.option("--size", metavar="WxH",
              help="Pixels of the panel as its driver counts.  [default: of the first that its title names, "
              "else {}x{}]".format(*USUAL_SIZE))  # fmt: skip
@click.option("--fit", default=FITS[0], show_default=True, metavar="|".join(FITS),
              help="Fill the panel and cut off what is over, or all of the picture with white margins."
              )  # fmt: skip
@click.option("--rotate", type=int, default=0, show_default=True, metavar="DEGREES",
              help=f"Turn the picture clockwise, for a panel that hangs turned: {', '.join(map(str, TURNS))}."
              )  # fmt: skip
@click.option("--shown", metavar="PALETTE",
              help="What your own panel shows, an entry for each ink in their order: codes or a palette "
              "file.")  # fmt: skip
@click.option("--as-is", "as_is", is_flag=True,
              help="Leave tones and colours; else they are brought to what the inks can mix.")  # fmt: skip
@click.option("--curve", type=float, metavar="S",
              help="S-curve of the tones, 0 to 1.  [default: chosen for the picture]")  # fmt: skip
@click.option("--dither", default=DITHER, show_default=True, metavar="DITHER",
              help=f"How inks are mixed: {list_in_words()}.")  # fmt: skip
@click.option("--strength", type=float, metavar="S",
              help="How much is dithered, 0 to 1.  [default: 1]")  # fmt: skip
@click.option("--light", metavar="LIGHT",
              help=f"Which light dithering averages: {', '.join(LIGHTS)}.  [default: linear]")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.png",
              help="File for the driver, in pure device colours; its ending says the kind: "
              f"{', '.join(f'{key} {kind.title}' for key, kind in PANEL_FORMATS.items())}.  "
              "[default: PICTURE-PANEL.png in the current folder]")  # fmt: skip
@click.option("--preview", type=click.Path(path_type=Path), metavar="SHOWN.png",
              help="Where to write the picture as it hangs, in the colours that the panel shows: "
              f"{' or '.join(PREVIEW_FORMATS)}.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def panel_command(
    picture: Path, key: str, size: str | None, shown: str | None, as_is: bool, output: Path | None,
    preview: Path | None, as_json: bool, **choices: Any,
) -> None:  # fmt: skip
    """Make a file of PICTURE for an e-paper panel: its size, its inks, numbered and packed for its driver."""
    panel = find_panel(key)
    wanted = panel.sizes[0] if size is None else _read_size(size)
    chosen = _chosen(choices)
    given = None if shown is None else read_given(shown)
    if given is not None:
        panel = panel.shown_as(given.palette.colors)
    output = output or default_output(picture, f"-{panel.key}.png")
    kind = PANEL_FORMATS.find(output.suffix.lower())
    check_outputs({"-o": output, "--preview": preview}, picture, given.path if given else None)
    seen = PREVIEW_FORMATS.find(preview.suffix.lower()) if preview else None
    loaded = load_picture(read_input(picture))
    require_visible(loaded, soft=True)
    made = show_on_panel(loaded, panel, wanted, prepare=not as_is, **chosen)
    data = kind.write(made.numbers, panel.inks)
    files = [Output(output, data)]
    if preview and seen:
        files.append(Output(preview, seen.write(panel.colors, made.indices), "--preview"))
    write_files(files, picture)
    figures = _figures(loaded, made, wanted, len(data))
    click.echo(
        json.dumps(figures, ensure_ascii=False)
        if as_json
        else _describe(picture, output, kind.title, figures)
    )


def _chosen(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Take what was given, and refuse what would have no effect."""
    given = {name: value for name, value in choices.items() if value is not None}
    if find_dither(given["dither"]).fill is None:
        for name in ("strength", "light"):
            if name in given:
                raise QuantizeError(f"{name} has no effect with dither {given['dither']}: leave it out")
    if "strength" in given:
        LIMITS["strength"].check("strength", given["strength"])
    return given


def _read_size(said: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,30})[x×X]([0-9]{1,30})", said)
    if not found:
        raise QuantizeError(f"size must be width and height like 800x480, got {printable(said)}")
    return int(found[1]), int(found[2])


def _figures(picture: Picture, made: OnPanel, size: tuple[int, int], n_bytes: int) -> dict[str, Any]:
    inks = made.panel.inks
    much = "more than 99" if made.cut > 0.99 else f"{100 * made.cut:.0f}"
    notes = [f"{much} % of the picture was cut off; --fit fit keeps all of it"]
    rows = zip(inks.names, inks.numbers, made.panel.shown, made.counts.tolist(), strict=True)
    return {
        "panel": made.panel.key,
        "title": made.panel.title,
        "width": size[0],
        "height": size[1],
        "bits": inks.bits,
        "bytes_out": n_bytes,
        "prepared": made.preparation.why if made.preparation else None,
        "inks": [
            {"name": name, "number": number, "shown": f"#{code}", "pixels": pixels}
            for name, number, code, pixels in rows
        ],
        "notes": [*picture.notes, *notes * (made.cut >= 0.005)],
    }


def _describe(picture: Path, output: Path, kind: str, figures: dict[str, Any]) -> str:
    lines = [
        shown_way(picture, output),
        "{title}, {width}×{height} pixels, {}, {bytes_out:,} ".format(kind, **figures)
        + ("byte" if figures["bytes_out"] == 1 else "bytes"),
        *([figures["prepared"]] if figures["prepared"] else []),
        *("{number}  {shown}  {pixels:>9,}  {name}".format_map(ink) for ink in figures["inks"]),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
