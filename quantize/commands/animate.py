"""The command line's ``animate IN``: an animation in K colours, as GIF, animated PNG or WebP."""

import json
import math
import time
from pathlib import Path
from typing import Any

import click

from quantize.animation.animation import Animation, load_animation
from quantize.animation.mapping import Animated, quantize_animation
from quantize.animation.writing import ANIMATION_KINDS, AnimationKind, write_animation, writing_notes
from quantize.commands.choices import choice_options, read_choices
from quantize.commands.first_use import begin_first_use, end_first_use
from quantize.commands.output import printable
from quantize.commands.streams import (
    FILE_OR_PIPE,
    check_place,
    is_pipe,
    place_output,
    read_input,
    shown_way,
    tell,
    write_place,
)
from quantize.errors import QuantizeError

_ENDINGS = {suffix: kind for kind in ANIMATION_KINDS.values() for suffix in kind.suffixes}


@click.command(
    "animate",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("animation", type=FILE_OR_PIPE, metavar="IN")
@click.option("-o", "--output", type=FILE_OR_PIPE, metavar="OUT",
              help=f"Where to write, by its ending: {', '.join(_ENDINGS)}; an older file there is replaced; "
              "- is standard output.  [default: IN-K.gif in the current folder]")  # fmt: skip
@click.option("--kind", metavar="KIND",
              help=f"Kind of file: {', '.join(ANIMATION_KINDS)}.  "
              "[default: by the ending, else gif]")  # fmt: skip
@choice_options
@click.option("--palette-each", is_flag=True,
              help="Give every frame colours of its own; what stands still may flicker then.")  # fmt: skip
@click.option("--no-still", is_flag=True,
              help="Dither every frame anew, also where nothing changes.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_context
def animate_command(
    context: click.Context, /, animation: Path, output: Path | None, kind: str | None, palette_each: bool,
    no_still: bool, as_json: bool, fixed: str | None, order: str, **choices: Any,
) -> None:  # fmt: skip
    """Reduce an animation to K colours, the same in all frames, and write it small.

    IN is a GIF, animated PNG, WebP or AVIF, or with the package av an MP4 or WebM; - reads standard input.

    With one palette, what stands still in the original stands still in the result, dithered or not.

    Pixels are opaque or transparent: --alpha soft is taken as hard.
    """
    started = time.perf_counter()
    if order != "dark":
        raise QuantizeError("order has no effect on animations: leave it out")
    settings, given = read_choices(context, fixed, order, choices)
    ending = "gif" if kind is None else ANIMATION_KINDS.find(kind).key
    output = place_output(output, animation, f"-{settings.n_colors}{ANIMATION_KINDS[ending].suffixes[0]}")
    found = _find_kind(output, kind)
    check_place(output, animation)
    if given is not None and given.path is not None:
        check_place(output, given.path, "palette")
    begin_first_use()
    loaded = load_animation(read_input(animation))
    end_first_use()
    made = quantize_animation(loaded, settings, one_palette=not palette_each, still=not no_still)
    content = write_animation(made, found.key)
    write_place(output, content, animation)
    figures = _figures(loaded, made, len(content), found, time.perf_counter() - started)
    text = json.dumps(figures, ensure_ascii=False) if as_json else _describe(animation, output, figures)
    tell(text, output)


# Files have orders of their own; the option stays for a sentence to those who give it.
for _option in animate_command.params:
    if isinstance(_option, click.Option) and _option.name == "order":
        _option.hidden = True


def _find_kind(output: Path, said: str | None) -> AnimationKind:
    """Find the kind of file that is asked for, in words or by the output's ending, which must agree."""
    asked = ANIMATION_KINDS["gif"] if said is None else ANIMATION_KINDS.find(said)
    if is_pipe(output):
        return asked
    endings = _ENDINGS if said is None else asked.suffixes
    if output.suffix.lower() not in endings:
        kind = "" if said is None else f" with kind {asked.key}"
        raise QuantizeError(f"output must end in {', '.join(endings)}{kind}, got {printable(output)}")
    return _ENDINGS[output.suffix.lower()]


def _figures(
    loaded: Animation, made: Animated, size: int, kind: AnimationKind, seconds: float
) -> dict[str, Any]:
    return {
        "width": loaded.size[0],
        "height": loaded.size[1],
        "frames": loaded.n_frames,
        "duration_ms": loaded.duration,
        "loops": loaded.loops,
        "palettes": len(made.palettes),
        "n_colors": made.n_colors,
        "n_colors_before": loaded.whole.n_colors,
        "mse": made.mse,
        "psnr_db": 10 * math.log10(3 * 255**2 / made.mse) if made.mse else None,
        "flicker": made.flicker,
        "kind": kind.key,
        "bytes_in": loaded.n_bytes,
        "bytes_out": size,
        "seconds": seconds,
        "notes": [*loaded.notes, *made.notes, *writing_notes(made, kind.key)],
    }


def _describe(animation: Path, output: Path, figures: dict[str, Any]) -> str:
    frames = "one frame" if figures["frames"] == 1 else f"{figures['frames']:,} frames"
    each = "" if figures["palettes"] == 1 else " each"
    psnr = "identical" if figures["psnr_db"] is None else f"PSNR {figures['psnr_db']:.2f} dB"
    plural = "" if figures["n_colors"] == 1 else "s"
    lines = [
        shown_way(animation, output),
        f"{figures['width']}×{figures['height']} pixels, {frames}, {figures['n_colors_before']:,} → "
        f"{figures['n_colors']:,} colour{plural}{each}",
        f"{psnr}, flicker {100 * figures['flicker']:.1f} %",
        "{bytes_in:,} → {bytes_out:,} bytes, {seconds:.2f} s".format_map(figures),
        *(f"note: {note}" for note in figures["notes"]),
    ]
    return "\n".join(lines)
