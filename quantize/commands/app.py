"""The command line's ``app``: the browser app, on this machine alone."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from quantize.errors import QuantizeError

NEEDED = ("streamlit", "plotly", "skimage", "fsspec", "platformdirs")
"""What the extra ``app`` installs, by the names of its modules."""

_PORTS = range(1, 65_536)


@click.command(
    "app",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Needs pip install 'quantize-colors[app]'. Bad input ends with exit code 2 and one line that says "
    "what to do.",
)
@click.option("--port", type=int, metavar="PORT",
              help="Where it answers, 1 to 65535.  [default: 8501, or the next that is free]")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
def app_command(port: int | None, no_browser: bool) -> None:
    """Open the app in a browser. It answers to this machine only; Ctrl+C ends it."""
    if port is not None and port not in _PORTS:
        raise QuantizeError(f"port must be a whole number from 1 to 65535, got {port}")
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise QuantizeError(
            f"app must be installed too, found no {missing[0]}: pip install 'quantize-colors[app]'"
        )
    _become(_command(find_app(), port, no_browser))


def find_app() -> Path:
    """Find the file that Streamlit runs: in the installed package, or in the repository around it.

    Raises
    ------
    QuantizeError
        If it is in neither.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_app", package.parent):
        if (folder / "app.py").is_file() and (folder / "pages" / "__init__.py").is_file():
            return folder / "app.py"
    raise QuantizeError(
        "app must be beside the engine, found none: install it again with pip install 'quantize-colors[app]'"
    )


def _command(app: Path, port: int | None, no_browser: bool) -> list[str]:
    """Return the words that start the server; -P: nothing is imported from the current folder."""
    options = [
        "--server.address=localhost",
        "--server.fileWatcherType=none",
        "--server.showEmailPrompt=false",
    ]
    options += [f"--server.port={port}"] if port is not None else []
    options += ["--server.headless=true"] if no_browser else []
    return [sys.executable, "-P", "-m", "streamlit", "run", str(app), *options]


def _become(command: list[str]) -> None:
    """Run the server in place of this process, so that a signal to one is a signal to the other."""
    if os.name == "posix":
        os.execv(command[0], command)
    sys.exit(subprocess.call(command))
