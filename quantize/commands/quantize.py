"""``quantize PICTURE``: the main job, a picture in and an indexed PNG out."""

import json
import time
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from quantize.colors.hexadecimal import hex_colors
from quantize.colors.opacity import ALPHAS
from quantize.colors.spaces import SPACES
from quantize.commands.output import check_output, default_output, printable, write_whole
from quantize.decoding.picture import Picture, load_picture
from quantize.dithering.dither import DITHERS
from quantize.dithering.light import LIGHTS
from quantize.errors import QuantizeError
from quantize.limits import MAX_PALETTE_BYTES
from quantize.measuring.metrics import Metrics, measure
from quantize.methods.kmeans import EFFORTS
from quantize.methods.table import METHODS
from quantize.methods.task import STARTS
from quantize.palettes.entries import ENTRY_ORDERS
from quantize.palettes.palette import Palette, limit_entries
from quantize.pipeline import Quantized, quantize_image
from quantize.presets import PRESETS
from quantize.rendering.encode import encode_png, encode_rgba_png
from quantize.rendering.rivals import FileSize, aim_for, longer_notes
from quantize.settings import LIMITS, choose
from quantize.swatches.formats import read_palette

PROGRAM = "quantize"
"""What the command line is called."""


def _limits(name: str) -> str:
    return f"{LIMITS[name].low:g} to {LIMITS[name].high:g}"


@click.command(
    PROGRAM,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Another job: quantize palette PICTURE takes a palette from it, see quantize palette --help "
    "(a picture of that name is written ./palette). "
    "Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("-k", "--colors", "n_colors", type=int, default=16, show_default=True, metavar="K",
              help=f"Colours to keep, {_limits('n_colors')}.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT.png",
              help="Where to write the indexed PNG; an older file there is replaced.  "
              "[default: PICTURE-K.png in the current folder]")  # fmt: skip
@click.option("--preset", metavar="PRESET",
              help="Choices that belong together; others that are given go before them.  "
              + "  ".join(f"{preset.key}: {preset.does}" for preset in PRESETS.values()))  # fmt: skip
@click.option("--space", default="BGR", show_default=True, metavar="SPACE",
              help=f"Colour space in which distance is measured: {', '.join(SPACES)}.")  # fmt: skip
@click.option("--method", default="kmeans", show_default=True, metavar="METHOD",
              help=f"How the colours are found: {', '.join(METHODS)}.")  # fmt: skip
@click.option("--attempts", type=int, metavar="N",
              help=f"Runs from different starts, the best is kept; {_limits('attempts')}.")  # fmt: skip
@click.option("--max-iter", type=int, metavar="N", help=f"Most rounds of one run; {_limits('max_iter')}.")
@click.option("--epsilon", type=float, metavar="E",
              help=f"Stop when no centre moves further, in 8-bit steps; {_limits('epsilon')}.")  # fmt: skip
@click.option("--init", metavar="START", help=f"Where the centres start: {', '.join(STARTS)}.")
@click.option("--effort", metavar="EFFORT",
              help=f"How long our k-means tries to do better: {', '.join(EFFORTS)}.")  # fmt: skip
@click.option("--seed", type=int, metavar="N", help="Of the random numbers in random starts.")
@click.option(
    "--keep", multiple=True, metavar="COLOUR",
    help="A colour that must be in the palette as it is, like '#c00000'; can be given again.",
)  # fmt: skip
@click.option("--palette", "palette_file", type=click.Path(path_type=Path), metavar="FILE",
              help="A palette file: exactly its colours, no others. K is then their number, and nothing is "
              "searched.")  # fmt: skip
@click.option("--order", default="dark", show_default=True, metavar="ORDER",
              help=f"Order of the entries in the PNG: {', '.join(ENTRY_ORDERS)}. With file, those of the "
              "palette file or --keep as they are there, unused and doubled ones too.")  # fmt: skip
@click.option("--rare", type=float, default=0.0, show_default=True, metavar="R",
              help="How much rare colours count, so that small regions keep theirs; 0 to 1.")  # fmt: skip
@click.option("--dither", default="none", show_default=True, metavar="DITHER",
              help=f"How colours are mixed where none fits: {', '.join(DITHERS)}.")  # fmt: skip
@click.option("--strength", type=float, metavar="S",
              help=f"How much is dithered, {_limits('strength')}.  [default: 1]")  # fmt: skip
@click.option("--light", metavar="LIGHT",
              help=f"Which light dithering averages: {', '.join(LIGHTS)}.  [default: encoded]")  # fmt: skip
@click.option("--runs", type=float, metavar="R",
              help=f"How much runs of one colour are favoured, for smaller files; {_limits('runs')}, with "
              f"dither {', '.join(way.key for way in DITHERS.values() if way.runs)}.")  # fmt: skip
@click.option("--alpha", default="hard", show_default=True, metavar="ALPHA",
              help=f"What becomes of partly transparent pixels: {', '.join(ALPHAS)}. With soft, entries may "
              "be partly transparent; one for what is fully transparent comes on top of K.")  # fmt: skip
@click.option("--looks", is_flag=True, help="Measure how alike both look, too: SSIMULACRA2, and ΔE00 after a "
              "blur as an eye's.")  # fmt: skip
@click.option(
    "--rgba", is_flag=True, help="Keep all partial transparency: write an RGBA PNG, which is longer."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.version_option(package_name=None, version="0.1.0", prog_name=PROGRAM)
@click.pass_context
def quantize_command(
    context: click.Context, picture: Path, output: Path | None, palette_file: Path | None, order: str,
    looks: bool, rgba: bool, as_json: bool, **choices: Any,
) -> None:  # fmt: skip
    """Reduce PICTURE to K colours and write an indexed PNG.

    Choices that are left out are the method's own. The same picture and choices give the same file.
    """
    started = time.perf_counter()
    ENTRY_ORDERS.find(order)  # before the work is done
    given = None if palette_file is None else _fixed(palette_file, context)
    if choices["preset"] is not None:  # it goes before what nobody gave
        choices = {name: value for name, value in choices.items() if _is_given(context, name)}
    settings = choose(**choices, palette=given.hexes if given else ())
    if rgba and settings.alpha != "hard":
        raise QuantizeError("rgba must go with alpha hard, got soft: an indexed file has soft edges then")
    loaded = load_picture(picture)
    output = output or default_output(picture, f"-{settings.n_colors}.png")
    check_output(output, picture)
    if palette_file is not None:
        check_output(output, palette_file, "palette")
    result = quantize_image(loaded, settings)
    notes = (*(given.notes if given else ()), *result.notes)
    written = result.in_order(order)
    if rgba and result.alpha is not None:
        notes = tuple(note for note in notes if note not in loaded.opacity.notes)  # it keeps them
        png = encode_rgba_png(result.palette, result.indices, result.alpha, dpi=loaded.dpi)
    else:
        png = encode_png(
            written.entries, written.indices, written.alpha, optimize=True, dpi=loaded.dpi,
            aim=aim_for(loaded, result.sse),
        )  # fmt: skip
    write_whole(output, png, picture)
    metrics = measure(loaded, result, looks=looks)
    size = FileSize(len(png), estimated=False)
    notes = (*loaded.notes, *notes, *longer_notes(loaded, result.sse, len(written.palette), size))
    figures = _figures(loaded, written, metrics, len(png), time.perf_counter() - started, notes)
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _describe(picture, output, figures))


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is not ParameterSource.DEFAULT


def _fixed(path: Path, context: click.Context) -> Palette:
    """Read the palette file whose colours are all there shall be.

    Raises
    ------
    QuantizeError
        If it cannot be read or is no palette, has too many colours, or the number of colours is given, too.
    """
    if _is_given(context, "n_colors"):
        raise QuantizeError("-k has no effect with --palette: leave it out")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_PALETTE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise QuantizeError(f"could not read {printable(path)}: {reason}") from None
    return limit_entries(read_palette(data, path.name))


def _figures(
    picture: Picture,
    result: Quantized,
    metrics: Metrics,
    size: int,
    seconds: float,
    notes: tuple[str, ...],
) -> dict[str, Any]:
    height, width = picture.pixels.shape[:2]
    return {
        "width": width,
        "height": height,
        "n_colors": metrics.colors_after,
        "n_colors_before": metrics.colors_before,
        "mse": metrics.mse,
        "psnr_db": metrics.psnr_db if metrics.mse else None,  # JSON has no infinity
        "delta_e_00": metrics.delta_e_00,
        "delta_e_00_p95": metrics.delta_e_00_p95,
        **({} if metrics.ssimulacra2 is None else _looks(metrics)),
        "bytes_in": picture.n_bytes,
        "bytes_out": size,
        "seconds": seconds,
        "space": result.settings.space,
        "method": None if result.settings.palette else result.settings.method,
        "dither": result.settings.dither,
        "iterations": result.iterations,
        "alpha": result.settings.alpha,
        "palette": hex_colors(result.entries),
        "notes": notes,
    }


def _looks(metrics: Metrics) -> dict[str, float | None]:
    return {"delta_e_blurred": metrics.delta_e_blurred, "ssimulacra2": metrics.ssimulacra2}


def _describe(picture: Path, output: Path, figures: dict[str, Any]) -> str:
    psnr = "identical" if figures["psnr_db"] is None else f"PSNR {figures['psnr_db']:.2f} dB"
    plural = "" if figures["n_colors"] == 1 else "s"
    lines = [
        f"{printable(picture)} → {printable(output)}",
        "{width}×{height} pixels, {n_colors_before:,} → {n_colors:,} colour".format_map(figures) + plural,
        psnr + ", ΔE00 {delta_e_00:.2f} (95 % of pixels up to {delta_e_00_p95:.2f})".format_map(figures),
        *(
            [
                "SSIMULACRA2 {ssimulacra2:.1f} of 100, ΔE00 after a blur {delta_e_blurred:.2f}".format_map(
                    figures
                )
            ]
            if "ssimulacra2" in figures
            else []
        ),
        "{bytes_in:,} → {bytes_out:,} bytes, {seconds:.2f} s".format_map(figures),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
