"""What shells offer while somebody types."""

import os
import shutil
import subprocess

import click
import pytest

from quantize.__main__ import SUBCOMMANDS, main
from quantize.commands.completion import ASKED, SHELLS
from quantize.commands.quantize import quantize_command
from quantize.commands.values import VALUES
from quantize.palettes.tables import read_tables


@pytest.fixture
def offered(monkeypatch, capsys):
    """Ask as bash does: the line so far, whose last word is not finished."""

    def ask(*line: str) -> list[tuple[str, str]]:
        monkeypatch.setenv(ASKED, "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(["quantize", *line]))
        monkeypatch.setenv("COMP_CWORD", str(len(line)))
        with pytest.raises(SystemExit):
            main([])
        lines = capsys.readouterr().out.splitlines()
        return [tuple(line.split(",", 1)) for line in lines]

    return ask


def long_options(command: click.Command) -> set[str]:
    shown = [option for option in command.params if not getattr(option, "hidden", False)]
    found = {name for option in shown for name in option.opts if name.startswith("--")}
    return found | {"--help"}


def test_the_first_word_is_a_command_or_a_file(offered):
    assert set(offered("")) == {*(("plain", name) for name in SUBCOMMANDS), ("file", "")}
    assert offered("pal") == [("plain", "palette"), ("plain", "palettes"), ("file", "pal")]
    assert offered("photo") == [("file", "photo")]


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_a_command_offers_its_options(offered, name):
    made = {word for kind, word in offered(name, "--") if kind == "plain"}
    assert long_options(SUBCOMMANDS[name]) <= made | {"--no-dither"}


def test_the_main_job_offers_its_own_before_and_after_the_picture(offered):
    expected = long_options(quantize_command)
    for line in (["--"], ["photo.jpg", "--"], ["-k", "4", "--"], ["photo.jpg", "-k", "4", "--"], ["-", "--"]):
        assert {word for _, word in offered(*line)} >= expected - {"--colors"}, line
    assert offered("photo.jpg", "--sp") == [("plain", "--space")]
    assert offered("-k", "4", "") == [("file", "")]


@pytest.mark.parametrize("option", VALUES)
def test_an_option_offers_what_it_takes(offered, option):
    *command, name = option.split()
    everything = {"": quantize_command, **SUBCOMMANDS}
    found = [
        key
        for key, one in everything.items()
        if any(name in param.opts and not param.is_flag for param in one.params) and command in ([], [key])
    ]
    assert found, "no command has it"
    for key in found:
        line = [key] if key else ["photo.jpg"]
        assert {word for _, word in offered(*line, name, "")} == set(VALUES[option]), key
        first = next(iter(VALUES[option]))
        assert ("plain", first) in offered(*line, name, first[:1].swapcase())


def test_a_palette_is_a_table_or_a_file(offered):
    for line in (["map", "x.png"], ["x.png"], ["lut"]):
        words = offered(*line, "--palette", "pico")
        assert words == [
            *(("plain", key) for key in read_tables() if key.startswith("pico")),
            ("file", "pico"),
        ]
        assert len(words) > 1


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_a_shell(shell, capsys):
    with pytest.raises(SystemExit) as exit_:
        main(["completion", shell])
    script = capsys.readouterr().out
    assert not exit_.value.code
    assert f"{ASKED}={shell}_complete" in script
    if found := shutil.which(shell):
        subprocess.run([found, "-n"], input=script, text=True, check=True)


def test_another_shell_is_a_line(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["completion", "tcsh"])
    assert capsys.readouterr().err == "quantize: shell must be one of bash, zsh, fish, got tcsh\n"
    assert ASKED not in os.environ
