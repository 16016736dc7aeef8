"""``quantize app``: what it starts, and what it says where the app is not installed."""

import os
import sys
from pathlib import Path

import pytest

from quantize.__main__ import main
from quantize.commands import app as command
from tests.house import ROOT


@pytest.fixture
def started(monkeypatch):
    """Words with which the server would have been started."""
    words: list[str] = []

    def take(program: str, given: list[str]) -> None:
        words.extend(given)
        sys.exit(0)

    monkeypatch.setattr(os, "execv", take)
    monkeypatch.setattr(command.subprocess, "call", lambda given: take(given[0], given))
    return words


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        main(["app", *words])
    return exit_.value.code or 0


def test_the_app_of_this_repository_for_this_machine_alone(started):
    assert run() == 0
    assert started[:6] == [sys.executable, "-P", "-m", "streamlit", "run", str(ROOT / "app.py")]
    assert "--server.address=localhost" in started
    assert not any(word.startswith(("--server.port", "--server.headless")) for word in started)


def test_port_and_browser(started):
    assert run("--port", "8899", "--no-browser") == 0
    assert {"--server.port=8899", "--server.headless=true"} <= set(started)


@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_what_is_no_port_is_a_line(started, capsys, port):
    assert run("--port", port) == 2
    assert capsys.readouterr().err == f"quantize: port must be a whole number from 1 to 65535, got {port}\n"
    assert not started


@pytest.mark.parametrize("missing", command.NEEDED)
def test_what_is_not_installed_is_said_with_the_way_out(started, monkeypatch, capsys, missing):
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == missing else object())
    assert run() == 2
    err = capsys.readouterr().err
    assert (
        err
        == f"quantize: app must be installed too, found no {missing}: pip install 'quantize-colors[app]'\n"
    )
    assert not started


@pytest.mark.parametrize("left", ["app.py", "pages/__init__.py"])
def test_the_installed_app_goes_before_and_half_an_app_is_none(tmp_path, monkeypatch, capsys, left):
    package = tmp_path / "quantize"
    monkeypatch.setattr(command, "__file__", str(package / "commands" / "app.py"))
    for folder in (tmp_path, package / "_app"):
        (folder / "pages").mkdir(parents=True)
        (folder / left).touch()
    assert run() == 2
    assert "pip install 'quantize-colors[app]'" in capsys.readouterr().err
    for folder in (tmp_path, package / "_app"):
        for name in ("app.py", "pages/__init__.py"):
            (folder / name).touch()
        assert command.find_app() == Path(folder / "app.py")
