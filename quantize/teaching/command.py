"""The command that makes a result again."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from typing import Any

from quantize.settings import Settings, choose
from quantize.teaching.choices import list_choices
from quantize.teaching.subject import RESULT, Subject

PROGRAM = "python -m quantize"
_OPTIONS = {"n_colors": "-k", "max_iter": "--max-iter"}
_BARE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
# What a POSIX shell reads in double quotes, which Windows' shells need.
_READ = re.compile(r'["$`\\!%]')


def write_command(subject: Subject) -> str:
    """Write a command, a line each where there are several, that writes ``result.png`` beside the picture."""
    if subject.varied is None:
        return _line(subject, list_choices(subject.settings), RESULT)
    name, lines = subject.varied.name, []
    for value in subject.varied.values:
        choices = list_choices(choose(subject.settings, **{name: value}))
        lines.append(_line(subject, choices, subject.result_for(str(value))))
    return "".join(lines)


def write_job(name: str, job: str, options: Mapping[str, Any], output: str) -> str:
    """Write the command of another job than the main one.

    Parameters
    ----------
    name : str
        Of the picture's file.
    job : str
        The subcommand.
    options : mapping
        Values of options, by the names that these have: True for one that stands alone, a tuple for one that
        comes several times; None and False leave it out.
    output : str
        Name of the file that it writes.
    """
    words = [PROGRAM, job, _file(name)]
    for option, given in options.items():
        for value in given if isinstance(given, tuple) else (given,):
            if value is True:
                words.append(option)
            elif value is not None and value is not False:
                words += [option, quote(f"{value}")]
    return " ".join([*words, "-o", output]) + "\n"


def name_options(settings: Settings) -> dict[str, Any]:
    """Name what makes settings as options of ``write_job``, as few as say the same."""
    found: dict[str, Any] = {}
    for name, value in list_choices(settings).items():
        option, *_ = _option(name, value)
        found[option] = tuple(value) if name == "keep" else ",".join(value) if name == "palette" else value
    return found


def _line(subject: Subject, choices: dict[str, Any], output: str) -> str:
    words = [PROGRAM, _file(subject.name)]
    for name, value in choices.items():
        words += _option(name, value)
    if subject.order != "dark":
        words += ["--order", subject.order]
    return " ".join([*words, "-o", output]) + "\n"


def _option(name: str, value: Any) -> list[str]:
    option = _OPTIONS.get(name, f"--{name}")
    if name == "keep":
        return [word for color in value for word in (option, quote(color))]
    return [option, quote(",".join(value) if name == "palette" else f"{value}")]


def _file(name: str) -> str:
    """Write a file's name so that it is no option and no other command."""
    taken = name.startswith("-") or not re.search(r"[./]", name)
    return quote(f"./{name}" if taken else name)


def quote(word: str) -> str:
    """Write a word for shells: as all read it, where that can be, else as those of Linux and macOS do."""
    if _BARE.fullmatch(word):
        return word
    if any("\udc80" <= letter <= "\udcff" for letter in word):  # bytes that are no UTF-8
        return "$'" + "".join(map(_escape, os.fsencode(word))) + "'"
    return shlex.quote(word) if _READ.search(word) or not word.isprintable() else f'"{word}"'


def _escape(byte: int) -> str:
    """Write a byte between bash's $' and '."""
    letter = chr(byte)
    return letter if letter.isascii() and letter.isprintable() and letter not in "'\\" else f"\\x{byte:02x}"
