"""The command line's ``completion SHELL``: the script that lets a shell finish words of this program's."""

import os
from collections.abc import Mapping

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

from quantize.commands.first_use import PROGRAM
from quantize.commands.values import with_values
from quantize.errors import QuantizeError

SHELLS = ("bash", "zsh", "fish")
ASKED = f"_{PROGRAM.upper()}_COMPLETE"
"""The variable by which such a script asks for words."""


@click.command(
    "completion",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='In ~/.bashrc: eval "$(quantize completion bash)"; in ~/.zshrc: eval "$(quantize completion '
    'zsh)"; in ~/.config/fish/config.fish: quantize completion fish | source.',
)
@click.argument("shell")
def completion_command(shell: str) -> None:
    """Write the script that lets SHELL finish commands, options and their values: bash, zsh or fish."""
    found = get_completion_class(shell) if shell in SHELLS else None
    if found is None:
        raise QuantizeError(f"shell must be one of {', '.join(SHELLS)}, got {shell}")
    click.echo(found(click.Command(PROGRAM), {}, PROGRAM, ASKED).source())


def complete(main: click.Command, others: Mapping[str, click.Command]) -> int:
    """Tell a shell the words that it asks for, and return the exit code.

    Parameters
    ----------
    main : click.Command
        What runs without a subcommand.
    others : mapping
        Subcommands by their names.
    """
    words = _Words(PROGRAM, commands={name: with_values(other) for name, other in others.items()})
    words.main = with_values(main)
    return shell_complete(words, {}, PROGRAM, ASKED, os.environ[ASKED])


class _Words(click.Group):
    """Finds the command that a line is about: a subcommand by its first word, or else the main job."""

    main: click.Command
    ignore_unknown_options = True

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line's words."""
        other = self.commands.get(args[0])
        return (args[0], other, args[1:]) if other else (PROGRAM, self.main, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """List what the first word may become: an option of the main job, a subcommand or a file."""
        if incomplete.startswith("-"):
            return self.main.shell_complete(click.Context(self.main), incomplete)
        return [*super().shell_complete(ctx, incomplete), CompletionItem(incomplete, type="file")]
