"""The command line's own help as Markdown, so that the site has no second copy that grows stale."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from quantize.__main__ import SUBCOMMANDS
from quantize.commands.first_use import PROGRAM
from quantize.commands.quantize import quantize_command


def describe_all() -> str:
    """Describe every command: the one without a name first, the others as help lists them."""
    commands = {PROGRAM: quantize_command}
    commands |= {f"{PROGRAM} {name}": SUBCOMMANDS[name] for name in sorted(SUBCOMMANDS)}
    return "\n".join(_describe(name, command) for name, command in commands.items())


def _describe(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    parts = [
        f"## {name}",
        f"    python -m {name} {usage}",
        _said(command.help or ""),
        *_options(command, context),
    ]
    return "\n\n".join((*parts, _said(command.epilog or ""), ""))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    """Every option as a term, and what its help says as its definition."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record is not None:
            names, help_text = record
            yield f"`{names}`\n: {_said(help_text)}"


def _said(text: str) -> str:
    """Return help as Markdown: paragraphs joined, and no sign that means something there."""
    paragraphs = [" ".join(part.split()) for part in text.replace("\b", "").split("\n\n")]
    return "\n\n".join(re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", part) for part in paragraphs)
