"""The command line's ``code PICTURE``: how to make a result again, as a program, a command or a notebook."""

from pathlib import Path
from typing import Any

import click

from quantize.commands.choices import choice_options, read_choices
from quantize.commands.output import check_output, printable, write_whole
from quantize.decoding.picture import load_picture
from quantize.selection import require_visible
from quantize.teaching.subject import Subject
from quantize.teaching.ways import WAYS, write_code


@click.command(
    "code",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Bad input ends with exit code 2 and one line that says what to do.",
)
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--as", "way", default="python", show_default=True, metavar="WAY",
              help="What to write: python, a program with this project; opencv, one with OpenCV and NumPy "
              "alone, as OpenCV's tutorial (what --preset lesson finds); command; notebook, for "
              "Jupyter.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help="Where to write it; an older file there is replaced.  [default: printed]")  # fmt: skip
@choice_options
@click.pass_context
def code_command(
    context: click.Context, /, picture: Path, way: str, output: Path | None, fixed: str | None, order: str,
    **choices: Any,
) -> None:  # fmt: skip
    """Write how to make a result of PICTURE again.

    Run in the same folder, what is written makes result.png there, of the same pixels. Choices are those of
    quantize PICTURE.
    """
    WAYS.find(way)
    settings, given = read_choices(context, fixed, order, choices)
    loaded = load_picture(picture)
    require_visible(loaded, soft=settings.alpha == "soft", hard=bool(settings.palette))
    subject = Subject.of(loaded, str(picture), settings, order)
    text = write_code(subject, way)
    if output is None:
        click.echo(text, nl=False)
        return
    check_output(output, picture)
    check_output(output, given.path if given else None, "palette")
    write_whole(output, text.encode("utf-8", "backslashreplace"), picture)
    click.echo(f"written to {printable(output)}")
